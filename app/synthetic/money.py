"""What synthetic ministers decide, and the money: never over the cap, never over what an envelope holds.

An envelope that is already there keeps its amount, and only what is left of it is given out. A cycle without one
(its amount was never published) gets one here, so that money of every year can be tried; it is as invented as the
cases that it pays for.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from app import clock
from app.documents.letter import CriterionReason, LetterData, Officer, Signatory
from app.models import Allocation, Decision, Letter
from app.queries.letters import as_content
from app.synthetic.store import Store
from workflows import words
from workflows.text import Text

if TYPE_CHECKING:
    from app.synthetic.story import Story

KIND = "decision"
WHY = Text("합성 사유입니다.", "This reason is synthetic.")


def room(store: Store, cycle: dict[str, Any], amount: int) -> dict[str, Any] | None:
    """The facts of the money if the envelope holds `amount`, else None."""
    envelope = store.envelopes.get(cycle["id"])
    if envelope is None or (cycle["cap_krw"] is not None and amount > cycle["cap_krw"]):
        return None
    left = envelope["amount_krw"] - envelope["committed_krw"]
    planned = envelope["planned_awards"]
    awards = None if planned is None else planned - envelope["awards"]
    if amount > left or awards == 0:
        return None
    return {"cap_krw": cycle["cap_krw"], "envelope_left_krw": left, "awards_left": awards}


def decide(story: "Story", at: datetime) -> None:
    """Approve what the committee approved and the envelope holds; reject the rest, with the reason."""
    amount = story.resolution["amount_krw"]
    money = room(story.store, story.round["cycle"], amount) if amount else None
    case, on = story.case, clock.day_of(at)
    resolved = "reject" if story.resolution["outcome"] == "reject" else "approve"
    outcome = "approve" if money else "reject"
    reason = "" if money else f"{WHY.ko} {WHY.en}"
    decision = story.store.add(
        Decision, case_id=case["id"], resolution_id=story.resolution["id"], outcome=outcome,
        amount_krw=amount if money else None, reason=reason, departs=resolved != outcome, decided_on=on,
        decided_at=at, decided_by=story.cast.minister,
    )  # fmt: skip
    rows: list[tuple[type[Any], dict[str, Any]]] = [(Decision, decision)]
    sets: dict[str, Any] = {"outcome": outcome, "decided_on": on}
    special: dict[str, Any] = {"resolution_outcome": resolved, "in_outcome": outcome}
    if money:
        rows.append((Allocation, _reserve(story, amount, at)))
        sets["awarded_krw"] = amount
        special |= {**money, "in_amount_krw": amount}
    data = {"outcome": outcome, "amount_krw": amount if money else None, "reason": reason}
    story.life.do(at, outcome, "minister", story.cast.minister, special=special, data=data, sets=sets, rows=rows)


def _reserve(story: "Story", amount: int, at: datetime) -> dict[str, Any]:
    cycle = story.round["cycle"]
    envelope = story.store.envelopes[cycle["id"]]
    envelope["committed_krw"] += amount
    envelope["awards"] += 1
    return story.store.add(
        Allocation, case_id=story.case["id"], cycle_id=cycle["id"], amount_krw=amount, cap_krw=cycle["cap_krw"],
        reserved_at=at,
    )  # fmt: skip


def put_on_reserve(story: "Story", at: datetime, rank: int) -> None:
    """K22: a place on the reserve list."""
    story.life.do(
        at, "reserve", "minister", story.cast.minister, data={"reason": WHY.ko, "rank": rank},
        sets={"reserve_rank": rank},
    )  # fmt: skip


def set_announcement(story: "Story", at: datetime) -> None:
    """A13."""
    when = at + timedelta(days=2)
    story.by_officer(
        at, "set_announcement", data={"announce_at": when.isoformat()}, sets={"announce_at": when},
        special={"in_minutes_ahead": 2880},
    )  # fmt: skip


def preview(story: "Story", at: datetime) -> None:
    """A14: the letter is drawn up and read."""
    on = clock.day_of(at)
    number = f"SYN-L-{story.case['id']}"
    story.content = _content(story, on, number)
    story.letter = story.store.add(
        Letter, case_id=story.case["id"], kind=KIND, number=number, content=story.content,
        issued_on=on, previewed_by=story.officer, served_at=None, opened_at=None,
    )  # fmt: skip
    story.by_officer(at, "preview_letter")


def announce(story: "Story", at: datetime) -> None:
    """K24, by the system at the set time: the letter is dated and served."""
    on = clock.day_of(at)
    content = {**story.content, "dated": on.isoformat()}
    story.letter.update(content=content, issued_on=on, served_at=at)
    rows = [(Letter, story.letter)]
    story.life.do(at, "announce", "system", None, sets={"announced_at": at}, rows=rows)


def _content(story: "Story", on: Any, number: str) -> dict[str, Any]:
    case = story.case
    approved = case["outcome"] == "approve"
    title = case["title_ko"] or case["title_en"]
    data = LetterData(
        outcome="approved" if approved else "rejected",
        issuer=Text("합성 사무국", "Synthetic secretariat"),
        number=number,
        dated=on,
        addressee=Text("합성 신청기관", "Synthetic applicant"),
        case_number=case["number"],
        case_title=title,
        cycle=Text(f"{story.round['year']}년 회차", f"Cycle {story.round['year']}"),
        subject=Text("심의 결과 통지", "Notice of the decision"),
        decision=Text("승인합니다.", "It is approved.")
        if approved
        else Text("승인하지 않습니다.", "It is not approved."),
        signatory=Signatory(Text("장관", "Minister"), Text("합성", "Synthetic")),
        officer=Officer(
            Text("합성 사무국", "Synthetic secretariat"),
            Text("담당자", "Officer"),
            "044-000-0000",
            "officer@synthetic.test",
        ),
        verification="SYNTH-ETIC0-00000-00000",
        amount=words.money(case["awarded_krw"]) if approved else None,
        reasons=(CriterionReason(Text("종합", "Overall"), WHY),),
    )
    return as_content(data)
