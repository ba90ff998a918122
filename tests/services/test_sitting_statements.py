"""How many statements the acts of a sitting take."""

from flask import Flask

from app.services.close_ballot import close_ballot
from app.services.dissent import dissent
from app.services.open_item import open_item
from app.services.paper_ballots import confirm_paper, enter_paper
from app.services.put_motion import put_motion
from app.services.void_vote import void_vote
from tests.committee_steps import members, seated, tabled, vote
from tests.world import World, counted_statements

MOST = {"open": 30, "close": 36}
"""Acts that read the whole roster; every other act stays within twenty."""


def test_acts_around_a_vote_stay_within_their_statements(lite: Flask) -> None:
    world = World(lite)
    case, number = tabled(world)
    seated(world, case, number, members(1, 13))
    who = {name: world.viewer(name) for name in ("member01", "member02", "clerk", "officer")}
    two = world.ids["member02"]
    taken = {}

    def count(name, step) -> None:
        with counted_statements() as seen:
            step()
        taken[name] = len(seen)

    count("amend", lambda: put_motion(who["clerk"], case.number, "approve", "수정", 1_000, amends=True, once="a"))
    put_motion(who["clerk"], case.number, "approve", "승인", 1_000)
    count("open", lambda: open_item(who["member01"], case.number))
    count("enter", lambda: enter_paper(who["clerk"], case.number, two, "yes"))
    count("confirm", lambda: confirm_paper(who["officer"], case.number, two, "yes"))
    vote(world, case, yes=["member01", *members(3, 13)])
    count("close", lambda: close_ballot(who["member01"], case.number))
    count("dissent", lambda: dissent(who["member02"], case.number, "다른 의견", "b"))
    count("void", lambda: void_vote(who["member01"], case.number, "other", "사유", once="c"))
    assert {name: n for name, n in taken.items() if n > MOST.get(name, 20)} == {}, taken
