"""기피: the applicant challenges a member of the committee or a person of the pool; the committee decides without him.

Whether the person is on the panel of this very case is not said: anyone of the published list and the pool can be
named. A challenge that is upheld shuts the case to the person (정보통신융합법 시행령 제8조의3제2항, 준용).
"""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from app import clock
from app.authz import Viewer
from app.base import Sealed
from app.errors import Invalid
from app.extensions import db
from app.models import Case, Challenge, ChallengeRuling, Once, Seat
from app.queries.challenges import committee_rule, may_be_challenged, seats_filled
from app.queries.interests import parts_of, programme_of, rules_for
from app.services.act import act_once
from app.services.ask_anew import names
from app.services.interest_alarm import warn
from app.services.tell import tell
from workflows import verdict
from workflows.bad_input import BadInput
from workflows.engine import Refused
from workflows.text import Text, because

SUBJECT = Text("기피신청 접수", "You have been challenged")
BODY = Text(
    "신청기관이 위원님에 대하여 기피를 신청하였습니다. 위원회가 의결로 정하며 위원님은 그 의결에 참여하실 수 없습니다.",
    "The applicant has challenged you. The committee decides by vote, and you take no part in that vote.",
)


def challenge(who: Viewer, number: str, person: int, reason: str, evidence: str = "", once: str = "") -> None:
    """File a challenge of `person` with its reason and evidence. Raises as `act`; Invalid("person") for who cannot be
    challenged."""
    before = _before(who, number, person, once)

    def change(case: Case, now: datetime) -> list[Sealed]:
        if person not in {one for one, _, _ in may_be_challenged(programme_of(case))}:
            raise Invalid("person", Text("기피할 사람을 목록에서 선택해 주십시오.", "Choose a person from the list."))
        row = Challenge(
            case_id=case.id,
            user_id=person,
            reason=reason.strip(),
            evidence=evidence.strip(),
            rule_set=rules_for(case, clock.day_of(now)).name,
            filed_by=who.id,
            filed_at=now,
        )
        db.session.add(row)
        db.session.flush()
        return [row]

    data: dict[str, Any] = {"people": names([person]), "reason": reason.strip()}
    inputs = {"in_reason": reason, "in_challenged_before": before}
    act_once(
        who, number, "challenge", once=once, inputs=inputs, data=data, change=change,
        after=lambda case: _tell(case, person, who),
    )  # fmt: skip


def _before(who: Viewer, number: str, person: int, once: str) -> bool:
    """Whether the person was challenged on the case by another form than this one sent twice."""
    again = sa.select(Challenge.id).join(Case, Case.id == Challenge.case_id)
    sent = sa.exists().where(Once.user_id == who.id, Once.key == once) if once else sa.false()
    return db.session.scalar(again.where(Case.number == number, Challenge.user_id == person, ~sent)) is not None


def _tell(case: Case, person: int, who: Viewer) -> None:
    """The member hears of it where he may know of the case at all."""
    if person in {part.user_id for part in parts_of(case)}:
        tell(case, {person}, SUBJECT, BODY, f"/cases/{case.number}", who)


def decide_challenge(
    who: Viewer,
    number: str,
    challenge_id: int,
    *,
    present: int,
    yes: int,
    no: int,
    abstain: int,
    reason: str,
    decided_on: date | None = None,
    revision: int | None = None,
    once: str = "",
) -> None:
    """Record what the committee decided: `present` counts the members there, without the one challenged.

    The rule in force counts: no quorum decides nothing (Refused), a tie dismisses. Raises as `act`; Invalid names a
    count that cannot be.
    """
    day = decided_on or clock.today()
    if day > clock.today():
        raise Invalid("decided_on", Text("의결한 날은 오늘 이후일 수 없습니다.", "It cannot lie in the future."))
    told: dict[str, Any] = {"reason": reason.strip()}

    def change(case: Case, now: datetime) -> list[Sealed]:
        found = db.session.scalar(
            sa.select(Challenge).where(Challenge.id == challenge_id, Challenge.case_id == case.id)
        )
        if found is None or db.session.scalar(
            sa.select(ChallengeRuling.id).where(ChallengeRuling.challenge_id == challenge_id)
        ):
            raise Invalid("challenge", Text("결정할 기피신청을 선택해 주십시오.", "Choose the challenge to decide."))
        if day < clock.day_of(found.filed_at):
            words = Text("기피신청을 접수한 날보다 앞설 수 없습니다.", "It cannot lie before the challenge was filed.")
            raise Invalid("decided_on", words)
        counts = _counts(case, found.user_id, present, yes, no, abstain)
        rule = committee_rule(programme_of(case), day)
        result = _decided(counts, rule)
        row = ChallengeRuling(
            case_id=case.id,
            challenge_id=found.id,
            upheld=result.passed,
            counts=asdict(counts),
            rule=asdict(rule),
            verdict={"needed": result.needed, "passed": result.passed,
                     "words": {"ko": result.words.ko, "en": result.words.en}},
            reason=reason.strip(),
            decided_on=day,
            recorded_by=who.id,
            recorded_at=now,
        )  # fmt: skip
        db.session.add(row)
        db.session.flush()
        told.update(people=names([found.user_id]), upheld=result.passed)
        return [row]

    def after(case: Case) -> None:
        warn(case, who)

    inputs = {"in_reason": reason}
    act_once(
        who, number, "decide_challenge", once=once, inputs=inputs, revision=revision, data=told, change=change,
        after=after,
    )  # fmt: skip


def _counts(case: Case, person: int, present: int, yes: int, no: int, abstain: int) -> verdict.Counts:
    """Heads without the member challenged: he leaves the room for this vote and is counted nowhere but as a seat."""
    programme = programme_of(case)
    seats = seats_filled(programme)
    member = db.session.scalar(
        sa.select(Seat.id).where(Seat.programme == programme, Seat.user_id == person, Seat.ended_at.is_(None))
    )
    most = seats - (1 if member else 0)
    if present > most:
        words = Text(
            f"대상 위원을 뺀 위원은 {most}명입니다.", f"Without the member challenged there are {most} members."
        )
        raise Invalid("present", words)
    return verdict.Counts(seats, present, 0, yes, no, abstain, max(present - yes - no - abstain, 0))


def _decided(counts: verdict.Counts, rule: verdict.VotingRule) -> verdict.Verdict:
    try:
        found = verdict.decide(counts, rule)
    except BadInput as fault:
        raise Invalid(fault.field, fault.text) from fault
    if found.void:
        raise Refused(
            because(
                "verdict_void",
                f"{found.words.ko} 기피신청은 의사정족수를 갖추어 다시 의결하여야 합니다.",
                f"{found.words.en} The challenge has to be decided again with a quorum.",
            )
        )
    return found
