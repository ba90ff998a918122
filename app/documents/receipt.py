"""The receipt of a submission (접수증): what was received, when, into which cycle, and what it hashes to."""

from dataclasses import dataclass
from datetime import date

from app.documents.paper import SAMPLE_NOTICE, Lang, render
from workflows.text import Text

RECEIPT_WORDS: dict[str, Text] = {
    "heading": Text("접수증", "Receipt"),
    "intro": Text("아래와 같이 제안서를 접수하였습니다.", "The proposal described below has been received."),
    "number": Text("접수번호", "Receipt number"),
    "title": Text("사업명", "Project title"),
    "applicant": Text("신청기관", "Applicant"),
    "submitted_by": Text("제출자", "Submitted by"),
    "received_at": Text("접수일시", "Received at"),
    "cycle": Text("대상 회차", "Target cycle"),
    "contents": Text("제출 내용", "What was submitted"),
    "sections_count": Text("작성 항목 수", "Sections"),
    "attachments_count": Text("첨부파일 수", "Attachments"),
    "attachments": Text("첨부파일", "Attachments"),
    "no_attachments": Text("첨부파일이 없습니다.", "No files were attached."),
    "file": Text("파일명과 SHA-256", "File name and SHA-256"),
    "size": Text("크기", "Size"),
    "bytes": Text("바이트", "bytes"),
    "fingerprint": Text("제출본 지문 (SHA-256)", "Fingerprint of the submission (SHA-256)"),
    "fingerprint_note": Text(
        "제출 내용이 한 글자라도 바뀌면 지문이 달라집니다. 보관해 두시면 제출본이 그대로인지 확인할 수 있습니다.",
        "The fingerprint changes if a single character of the submission changes. Keep it to check that it has not.",
    ),
    "next_steps": Text("다음 절차", "What happens next"),
}


@dataclass(frozen=True, slots=True)
class Attachment:
    """One file received: its name as shown, its size in bytes, its SHA-256 in hex."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class ReceiptData:
    """What a receipt says.

    `received_on` is the day in Asia/Seoul; `received_at_kst_text` the moment, with its zone.
    """

    number: str
    title: str
    applicant: str
    submitted_by: str
    received_on: date
    received_at_kst_text: str
    cycle: Text
    fingerprint_sha256: str
    sections_count: int
    attachments: tuple[Attachment, ...]
    next_steps: Text
    notice: Text | None = SAMPLE_NOTICE


def receipt_pdf(data: ReceiptData, lang: Lang) -> bytes:
    """The receipt as PDF/UA-1, the same bytes for the same data. Raises paper.NotPrintable."""
    title = Text(f"접수증 {data.number}", f"Receipt {data.number}")
    return render("receipt.typ", data, RECEIPT_WORDS, title=title, dated=data.received_on, lang=lang)
