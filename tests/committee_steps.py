"""Steps of the middle of a case for tests: a panel that scores, a sitting that votes, a Minister who decides."""

from collections.abc import Sequence
from datetime import timedelta

from app import clock
from app.extensions import db
from app.models import Case
from app.queries.cases import case_for
from app.services.answer_duty import accept
from app.services.call_roll import call_roll
from app.services.cast_ballot import cast_ballot
from app.services.close_ballot import close_ballot
from app.services.close_evaluation import close_evaluation
from app.services.decide import approve
from app.services.declare_interest import declare
from app.services.invite_evaluator import invite
from app.services.open_evaluation import open_evaluation
from app.services.open_item import open_item
from app.services.plan_sitting import plan_sitting
from app.services.put_motion import put_motion
from app.services.send_agenda import send_agenda
from app.services.submit_scores import submit_sheet
from app.services.table_case import table_case
from tests.world import World

SHEET = {
    "importance": ("24", "국가 계획"),
    "viability": ("21.5", "재원 확보"),
    "feasibility": ("33", "준비됨"),
}
PANEL = [f"evaluator{n}" for n in range(1, 6)]


def members(first: int, last: int) -> list[str]:
    """member01 .. member24 by number."""
    return [f"member{n:02}" for n in range(first, last + 1)]


def form_panel(world: World, case: Case, people: Sequence[str] = PANEL) -> None:
    """Invited, and each has accepted and declared no conflict."""
    for name in people:
        invite(world.viewer("officer"), case.number, world.ids[name])
        accept(world.viewer(name), case.number)
        declare(world.viewer(name), case.number, "evaluator", "none")


def in_evaluation(world: World, **columns: object) -> Case:
    """A case whose round is open with five evaluators."""
    case = world.case_in("CONSULTED", **columns)
    form_panel(world, case)
    open_evaluation(world.viewer("officer"), case.number)
    return case


def score_all(world: World, case: Case, sheet: dict[str, tuple[str, str]] = SHEET, stage: str = "evaluation") -> None:
    """Every evaluator of the panel submits the same sheet."""
    for name in PANEL:
        submit_sheet(world.viewer(name), case.number, stage, sheet)


def ranked(world: World, **columns: object) -> Case:
    """A case whose evaluation is closed."""
    case = in_evaluation(world, **columns)
    score_all(world, case)
    close_evaluation(world.viewer("officer"), case.number)
    return case


def plan(world: World, days: int = 20) -> int:
    """A sitting in `days` days, chaired by member01; its number."""
    when = clock.now() + timedelta(days=days)
    return plan_sitting(world.viewer("clerk"), "kcity", when, "대회의실", world.ids["member01"])


def tabled(world: World, case: Case | None = None, days: int = 20) -> tuple[Case, int]:
    """A case on the agenda of a sitting whose agenda has been sent; the sitting's number."""
    case = case or ranked(world)
    number = plan(world, days)
    table_case(world.viewer("clerk"), case.number, number)
    send_agenda(world.viewer("clerk"), number, "" if days > 8 else "긴급")
    return case, number


def seated(world: World, case: Case, number: int, present: Sequence[str], recused: Sequence[str] = ()) -> None:
    """The roll is called, all have declared, and a motion to approve 480 million is put."""
    call_roll(world.viewer("clerk"), number, [world.ids[name] for name in present])
    for name in present:
        answer = "conflict" if name in recused else "none"
        declare(world.viewer(name), case.number, "member", answer, "자문" if name in recused else "")
    put_motion(world.viewer("clerk"), case.number, "approve", "원안대로 승인한다.", 480_000_000)


def voting(
    world: World, present: Sequence[str], recused: Sequence[str] = (), case: Case | None = None
) -> tuple[Case, int]:
    """An item open for voting."""
    case, number = tabled(world, case)
    seated(world, case, number, present, recused)
    open_item(world.viewer("member01"), case.number)
    return case, number


def vote(
    world: World, case: Case, yes: Sequence[str] = (), no: Sequence[str] = (), abstain: Sequence[str] = ()
) -> None:
    """Cast the ballots."""
    for choice, people in (("yes", yes), ("no", no), ("abstain", abstain)):
        for name in people:
            cast_ballot(world.viewer(name), case.number, choice)


def resolved(world: World, case: Case | None = None) -> Case:
    """A case that thirteen members have resolved to approve."""
    case, _ = voting(world, members(1, 13), case=case)
    vote(world, case, yes=members(1, 13))
    close_ballot(world.viewer("member01"), case.number)
    return case


def decided(world: World, amount: int = 480_000_000) -> Case:
    """A case the Minister has approved."""
    case = resolved(world)
    approve(world.viewer("minister"), case.number, amount, "의결과 같음")
    return case


def fresh(world: World, case: Case, who: str = "officer") -> Case:
    """The case as it is now, read anew."""
    db.session.rollback()
    return case_for(world.viewer(who), case.number)
