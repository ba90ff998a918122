"""What an uploaded file is, by its content; its name must then agree.

Never unpacks, decodes or runs what it looks at.
"""

from dataclasses import dataclass
from pathlib import Path

from app.recognise import ole
from app.recognise.archive import check_archive
from app.recognise.hwp import check_hwp
from app.recognise.images import PNG, check_jpeg, check_png
from app.recognise.names import clean_name
from app.recognise.pdf import check_pdf, refuse_two_in_one
from app.recognise.refusal import Unrecognised, refuse

__all__ = ["ENDINGS", "MEDIA_TYPES", "Recognised", "Unrecognised", "clean_name", "recognise"]

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "hwp": "application/x-hwp",
    "hwpx": "application/hwp+zip",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "png": "image/png",
    "jpeg": "image/jpeg",
}
# How a name may end -> the kind its content must then be.
ENDINGS = {kind: kind for kind in MEDIA_TYPES} | {"jpg": "jpeg"}
CHECKS = (
    (b"%PDF-", check_pdf),
    (ole.MAGIC, check_hwp),
    (b"PK\x03\x04", check_archive),
    (PNG, check_png),
    (b"\xff\xd8\xff", check_jpeg),
)


@dataclass(frozen=True, slots=True)
class Recognised:
    """A file that is taken: kind, media type, ending (no dot, lower case) and the cleaned name to show."""

    kind: str
    media_type: str
    extension: str
    name: str


def recognise(path: Path, filename: str) -> Recognised:
    """What the file at `path` is.

    Raises Unrecognised with a reason when it is not one of ours or not what it says.
    """
    name = clean_name(filename)
    ending = name.rpartition(".")[2].lower()
    kind = _kind(path)
    if kind is None or ending not in ENDINGS:
        raise refuse(
            "kind",
            "받을 수 있는 형식이 아닙니다. PDF, HWP, HWPX, DOCX, XLSX, PPTX, PNG, JPEG 파일을 올려 주십시오.",
            "This is not a format we accept. Upload a PDF, HWP, HWPX, DOCX, XLSX, PPTX, PNG or JPEG file.",
        )
    if ENDINGS[ending] != kind:
        raise refuse(
            "ending",
            f"파일 이름은 .{ending}인데 내용은 {kind.upper()}입니다. 확장자를 바로잡아 다시 올려 주십시오.",
            f"The name ends in .{ending} but the content is {kind.upper()}. Correct the ending and upload it again.",
        )
    return Recognised(kind, MEDIA_TYPES[kind], ending, name)


def _kind(path: Path) -> str | None:
    with path.open("rb") as source:
        head = source.read(8)
    for magic, check in CHECKS:
        if head.startswith(magic):
            kind = check(path)
            if check is not check_archive:
                refuse_two_in_one(path)
            return kind
    return None
