"""The name a file is shown and downloaded under. Never used as a path: the store goes by hash."""

import re
import unicodedata

from app.recognise.refusal import refuse

MOST_BYTES = 200
CONTROL = frozenset({"Cc", "Cs", "Zl", "Zp"})
# Endings that systems run or render; hidden before a harmless ending they deceive ("plan.exe.pdf").
ACTIVE = frozenset(
    "apk app bat chm cmd cpl dll dmg docm dotm exe hta htm html iso jar js jse lnk mht mhtml msi php pif "
    "potm ppsm pptm ps1 py reg scr sh svg swf vbe vbs wsf wsh xhtml xlsm xltm xml zip".split()
)
DOCUMENTS = frozenset("pdf hwp hwpx docx xlsx pptx png jpg jpeg".split())
# U+061C, U+200E/F, U+202A-E, U+2066-9: they change the direction in which a name reads (Unicode TR 36, 3.2).
DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)", re.IGNORECASE)


def clean_name(filename: str) -> str:
    """The name to keep: NFC, no folders, nothing invisible, at most 200 bytes of UTF-8, its ending untouched.

    A stem that is too long is cut between characters and the cut is marked with an ellipsis.
    Raises Unrecognised for control characters, direction overrides, a second misleading ending, or no name.
    """
    if DIRECTION.search(filename) or any(unicodedata.category(c) in CONTROL for c in filename):
        raise refuse(
            "name_hidden_characters",
            "파일 이름에 보이지 않는 제어 문자나 글자 방향을 바꾸는 문자가 있습니다. 이름을 바꾸어 다시 올려 주십시오.",
            "The file name holds control characters or ones that change its direction. Rename the file and try again.",
        )
    name = _plain(filename)
    stem, dot, ending = name.rpartition(".")
    if not (stem and dot and ending):
        raise refuse(
            "name_without_ending",
            "파일 이름에 확장자가 없습니다. 예: 제안서.pdf",
            "The file name has no ending. Example: proposal.pdf",
        )
    _refuse_second_ending(stem, ending)
    return _fit("_" + stem if RESERVED.match(name) else stem, "." + ending)


def _plain(filename: str) -> str:
    """The last part of a path, composed, without characters that file systems refuse."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", filename))[-1]
    visible = "".join(c for c in last if unicodedata.category(c) not in {"Cf", "Co", "Cn"})
    spaced = re.sub(r"\s+", " ", re.sub(r'[<>:"|?*]', "_", visible))
    return re.sub(r"\s+\.", ".", spaced).strip(" .")


def _refuse_second_ending(stem: str, ending: str) -> None:
    inner = {part.strip().lower() for part in stem.split(".")[1:]} - {ending.lower()}
    if inner & (ACTIVE | DOCUMENTS):
        raise refuse(
            "name_two_endings",
            "파일 이름에 확장자가 두 개 있습니다. 실제 형식의 확장자 하나만 남겨 주십시오.",
            "The file name has two endings. Keep only the one of its real format.",
        )


def _fit(stem: str, ending: str) -> str:
    room = MOST_BYTES - len(ending.encode())
    if len(stem.encode()) <= room:
        return stem + ending
    if room < len("가…".encode()):
        raise refuse(
            "name_ending_too_long",
            "파일 확장자가 너무 깁니다. 파일 이름을 확인해 주십시오.",
            "The ending of the file name is too long. Check the file name.",
        )
    kept = stem.encode()[: room - len("…".encode())].decode(errors="ignore")
    while unicodedata.combining(stem[len(kept)]) and kept:
        kept = kept[:-1]
    return kept.rstrip(" .") + "…" + ending
