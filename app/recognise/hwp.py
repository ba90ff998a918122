"""HWP 5 (한글): an OLE compound file whose stream `FileHeader` says so.

Source: Hancom, HWP 5.0 format, 3.2.1.
"""

import struct
from pathlib import Path

from app.recognise import ole
from app.recognise.refusal import damaged, refuse

SIGNATURE = b"HWP Document File".ljust(32, b"\0")
LOCKED = 0b10  # bit 1 of the properties: protected by a password


def check_hwp(path: Path) -> str:
    """Return "hwp"; Unrecognised for an old Office file, a password, or another compound file."""
    try:
        with path.open("rb") as source:
            compound = ole.CompoundFile(source)
            names = compound.names()
            _refuse_others(names)
            head = compound.start_of("FileHeader", 40)
    except ole.Broken as broken:
        raise damaged("HWP") from broken
    if not head.startswith(SIGNATURE) or not names & {"BodyText", "ViewText"}:
        raise damaged("HWP")
    if struct.unpack_from("<I", head, 36)[0] & LOCKED:
        raise locked()
    return "hwp"


def _refuse_others(names: set[str]) -> None:
    if "EncryptedPackage" in names:
        raise locked()
    if names & {"WordDocument", "Workbook", "Book", "PowerPoint Document"}:
        raise refuse(
            "old_office",
            "옛 형식(DOC, XLS, PPT)은 받지 않습니다. DOCX, XLSX, PPTX 또는 PDF로 저장하여 올려 주십시오.",
            "The old formats DOC, XLS and PPT are not accepted. Save the file as DOCX, XLSX, PPTX or PDF.",
        )


def locked() -> Exception:
    """A password keeps the readers of the case out."""
    return refuse(
        "locked",
        "암호가 걸린 파일입니다. 암호를 풀고 다시 올려 주십시오.",
        "The file is protected by a password. Remove the password and upload it again.",
    )
