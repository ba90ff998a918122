"""Where a condition stands after its steps, and which steps cannot follow."""

from datetime import date
from itertools import product

import pytest

from workflows.conditions import ACTS, LABELS, SETTLED, TONES, OutOfOrder, Standing, Step, after, standing

DUE, LATER = date(2027, 6, 30), date(2027, 9, 30)


def stands(*acts: str | Step) -> Standing:
    return standing(DUE, [act if isinstance(act, Step) else Step(act) for act in acts])


def test_proof_waits_is_sent_back_and_is_accepted():
    assert stands() == Standing("open", DUE)
    assert stands("evidence").state == "evidenced"
    assert stands("evidence", "send_back") == Standing("open", DUE)
    assert stands("evidence", Step("send_back", LATER)).due == LATER
    assert stands("evidence", "send_back", "evidence", "accept") == Standing("accepted", DUE)


def test_a_change_moves_the_date_only_when_it_is_granted():
    asked = stands(Step("ask_change", LATER))
    assert asked == Standing("open", DUE, change_asked=True)
    assert after(asked, Step("grant_change", LATER)) == Standing("open", LATER)
    assert after(asked, Step("refuse_change")) == Standing("open", DUE)
    assert stands(Step("ask_change", LATER), "evidence", "grant_change").state == "evidenced"


def test_breach_and_carrying_over_settle_it_from_either_state():
    for before in ((), ("evidence",)):
        assert stands(*before, "breach").state == "breached"
        assert stands(*before, "carry").state == "carried"


def test_late_is_what_is_past_its_date_and_not_settled():
    assert not stands().late(DUE) and stands().late(LATER)
    assert stands("evidence").late(LATER) and not stands("evidence", "accept").late(LATER)
    assert not standing(None, []).late(LATER)


LEGAL = {
    ("open", False): {"evidence", "ask_change", "breach", "carry"},
    ("open", True): {"evidence", "grant_change", "refuse_change", "breach", "carry"},
    ("evidenced", False): {"accept", "send_back", "breach", "carry"},
    ("evidenced", True): {"accept", "send_back", "grant_change", "refuse_change", "breach", "carry"},
}


@pytest.mark.parametrize(("state", "asked", "act"), list(product(LABELS, (False, True), ACTS)))
def test_every_step_from_every_state_either_follows_or_is_refused(state, asked, act):
    now = Standing(state, DUE, asked)
    if act in LEGAL.get((state, asked), set()):
        assert after(now, Step(act)).state in LABELS
    else:
        with pytest.raises(OutOfOrder):
            after(now, Step(act))


def test_what_is_settled_waits_for_nothing_and_every_state_has_its_words_and_tone():
    for end in ("accept", "breach", "carry"):
        done = stands(Step("ask_change", LATER), "evidence", end)
        assert done.settled and not done.change_asked
    assert set(LABELS) == set(TONES) >= SETTLED
