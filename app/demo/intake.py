"""How a proposal of the demo was written: draft, sections over some days, sample papers, submission."""

from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any
from zlib import crc32

from app import clock
from app.demo.diary import AS_OF, Diary
from app.demo.stage import Stage, applicant_name, delegate_of, signatory_of
from app.documents.sample import SampleData, sample_map, sample_pdf
from app.services.attach import attach
from app.services.save_section import save_section
from app.services.start_draft import start_draft
from app.services.submit import submit
from workflows.text import Text

SIGNED = ("declarations",)
"""Sections that the signatory fills in himself where somebody else drafts."""


def write_proposal(stage: Stage, case: dict[str, Any], diary: Diary) -> None:
    """From the first word to the receipt (or to where the draft stands)."""
    slug, signatory = case["slug"], signatory_of(case["organisation"])
    drafter = delegate_of(case["organisation"]) or signatory
    received = case["received_at"]
    at_once = received is not None and received.startswith(case["started_on"])
    started = clock.from_seoul(f"{case['started_on']}T{'00:20' if at_once else '09:40'}")
    diary.at(started, lambda: _begin(stage, case, drafter))
    end = datetime.fromisoformat(received) if received else clock.from_seoul(f"{AS_OF}T17:10")
    work = [*case["answers"], *case["attachments"]]
    for place, item in enumerate(work, start=1):
        moment = started + (end - started) * place / (len(work) + 1)
        if isinstance(item, str):
            writer = signatory if item in SIGNED else drafter
            diary.at(moment, _saving(stage, slug, writer, item, case["answers"][item]))
        else:
            diary.at(moment, _attaching(stage, case, drafter, item))
    if received:
        diary.at(end, lambda: _submit(stage, slug, signatory))


def _begin(stage: Stage, case: dict[str, Any], drafter: str) -> None:
    organisation = stage.people.organisations[case["organisation"]]
    slug = case["slug"]
    stage.numbers[slug] = start_draft(
        stage.who(drafter), case["type"], organisation, case["eligibility"], f"demo-{slug}"[:40]
    )


def _saving(stage: Stage, slug: str, writer: str, key: str, answers: dict[str, Any]) -> Any:
    return lambda: save_section(stage.who(writer), stage.numbers[slug], key, answers, 0)


def _attaching(stage: Stage, case: dict[str, Any], writer: str, file: dict[str, Any]) -> Any:
    def run() -> None:
        content = sample_file(case, file)
        attach(stage.who(writer), stage.numbers[case["slug"]], file["slot"], BytesIO(content), file["name"])

    return run


def _submit(stage: Stage, slug: str, signatory: str) -> None:
    stage.numbers[slug] = submit(stage.who(signatory), stage.numbers[slug])


def sample_file(case: dict[str, Any], file: dict[str, Any]) -> bytes:
    """A small valid file that says that it is a sample."""
    if file["name"].endswith(".png"):
        return sample_map(crc32(case["slug"].encode()))
    korean = case["type"] == "kcity-demonstration" and file["slot"] != "letter_of_intent"
    data = SampleData(Text(**file["title"]), Text(**case["title"]), Text(**applicant_name(case)))
    dated = date.fromisoformat(case["started_on"]) + timedelta(days=3)
    return sample_pdf(data, dated, "ko" if korean else "en")
