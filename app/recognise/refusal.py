"""Why a file was not taken, in a sentence its owner can act on."""

from workflows.text import Reason, because


class Unrecognised(ValueError):
    """The file is not taken. `reason.code` is stable, `reason.text` says why and what to do."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.text.en)
        self.reason = reason


def refuse(code: str, ko: str, en: str) -> Unrecognised:
    """An Unrecognised to raise, in one line."""
    return Unrecognised(because(code, ko, en))


def damaged(what: str) -> Unrecognised:
    """The file begins as a `what` (PDF, PNG, ...) but does not hold together as one."""
    return refuse(
        "damaged",
        f"{what} 파일이 손상되었거나 끝까지 올라오지 않았습니다. 파일을 열어 확인한 뒤 다시 올려 주십시오.",
        f"This {what} file is damaged or incomplete. Open it to check, then upload it again.",
    )
