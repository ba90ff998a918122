"""A second person reads frozen minutes: they go on to be signed, or back to the clerk with a reason."""

from app import clock
from app.authz import Viewer
from app.db import unit_of_work
from app.errors import Invalid, NotFound
from app.extensions import db
from app.models import MinutesReview
from app.queries.minutes import state_of
from app.queries.people import holders
from app.queries.sittings import sitting_for
from app.services.note_act import note_act
from app.services.tell_of_sitting import tell_of_sitting
from workflows.engine import Refused
from workflows.text import Text, because

REVIEWERS = ("officer", "clerk")


def review_minutes(who: Viewer, number: int, passed: bool, reason: str = "") -> None:
    """Find the version right, or send it back.

    Raises:
        NotFound: neither of the secretariat nor a clerk.
        Refused: nothing waits for a review, or this person wrote it.
        Invalid("reason"): sent back without saying why.
    """
    with unit_of_work():
        sitting = sitting_for(who, number, lock=True)
        if not any(who.has(role, sitting.programme) for role in REVIEWERS):
            raise NotFound
        state = state_of(sitting)
        if state.status != "submitted" or state.version is None:
            raise Refused(because("no_review", "검토를 기다리는 회의록이 없습니다.", "No minutes wait for a review."))
        if state.version.made_by == who.id:
            raise Refused(
                because(
                    "own_minutes",
                    "작성한 사람은 검토할 수 없습니다. 다른 담당자가 검토합니다.",
                    "Whoever wrote them cannot review them; another person does.",
                )
            )
        if not passed and not reason.strip():
            raise Invalid("reason", Text("반려 사유를 적어 주십시오.", "Say why they are sent back."))
        now = clock.now()
        review = MinutesReview(
            sitting_id=sitting.id,
            minutes_id=state.version.id,
            passed=passed,
            reason=reason.strip(),
            reviewed_by=who.id,
            reviewed_at=now,
        )
        db.session.add(review)
        db.session.flush()
        if passed:
            people = {sitting.chair_id, *holders("clerk", sitting.programme)}
            subject = Text("회의록 서명 요청", "Minutes to sign")
            body = Text("검토를 마친 회의록에 서명하여 주시기 바랍니다.", "The minutes are reviewed; please sign them.")
        else:
            people = {state.version.made_by}
            subject, body = Text("회의록 반려", "Minutes sent back"), Text(review.reason, review.reason)
        tell_of_sitting(sitting, people, subject, body, f"/sittings/{number}/minutes", who)
        data = {"version": state.version.number, "passed": passed, "reason": review.reason}
        note_act(sitting, "review_minutes", who, data, rows=[review], at=now)
