"""The engine on toy definitions: who may, what stands in the way, and the traps of a shared machine."""

import threading
from collections.abc import Mapping
from typing import Any

import pytest
from transitions import Machine

from tests.workflows.toys import extra_guard, lamp
from workflows import engine
from workflows.engine import Actor, Refused, Seen, fire, offers
from workflows.text import because

OWNER = Actor(1, frozenset({"owner"}))
GUEST = Actor(2, frozenset({"guest"}))
NOBODY = Actor(None, frozenset())
GOOD = {"in_reason": "dark", "roll_called": True}


def refused(state: str, trigger: str, facts: Mapping[str, Any], actor: Actor) -> str:
    with pytest.raises(Refused) as error:
        fire(lamp(), state, trigger, facts, actor)
    return error.value.reason.code


def test_a_trigger_leads_where_the_definition_says():
    outcome = fire(lamp(), "OFF", "light", GOOD, OWNER)
    assert (outcome.from_state, outcome.to_state, outcome.transition.code) == ("OFF", "LIT", "T1")


def test_an_act_leaves_the_state_as_it_is():
    assert fire(lamp(), "LIT", "look", {}, GUEST).to_state == "LIT"
    assert fire(lamp(), "OFF", "look", {}, GUEST).to_state == "OFF"


def test_a_role_without_the_task_is_refused_before_any_fact_is_read():
    assert refused("OFF", "light", {}, GUEST) == "not_your_role"
    assert refused("OFF", "light", {}, NOBODY) == "not_your_role"


def test_a_guard_refuses_with_its_own_reason_in_both_languages():
    with pytest.raises(Refused) as error:
        fire(lamp(), "LIT", "keep", {"roll_called": False}, OWNER)
    assert error.value.reason.code == "no_roll_call"
    assert str(error.value) == error.value.reason.text.en == "Call the roll first."
    assert error.value.reason.text.ko == "출석 확인을 먼저 해 주십시오."


def test_what_is_not_drawn_from_a_state_is_refused_with_the_name_of_the_state():
    assert refused("OFF", "keep", GOOD, OWNER) == "not_from_this_state"
    with pytest.raises(Refused, match="“Off”"):
        fire(lamp(), "OFF", "keep", GOOD, OWNER)


def test_an_end_offers_nothing():
    assert offers(lamp(), "KEPT", GOOD, OWNER) == []
    assert refused("KEPT", "light", GOOD, OWNER) == "not_from_this_state"


def test_offers_name_what_is_mine_what_is_open_and_why_not():
    found = {offer.trigger: offer for offer in offers(lamp(), "LIT", {"roll_called": False}, OWNER)}
    assert set(found) == {"keep", "break", "look"}
    assert (found["look"].allowed, found["look"].mine) == (True, True)
    assert (found["keep"].allowed, found["keep"].reason.code) == (False, "no_roll_call")
    assert (found["break"].mine, found["break"].reason.code) == (False, "not_your_role")
    assert found["keep"].label.ko == "보관"


def test_what_is_still_to_be_typed_does_not_hide_the_button():
    (light,) = [offer for offer in offers(lamp(), "OFF", {}, OWNER) if offer.trigger == "light"]
    assert light.allowed
    assert refused("OFF", "light", {"in_reason": "  "}, OWNER) == "no_reason"


def test_the_event_holds_the_facts_its_guards_saw_and_no_others():
    outcome = fire(lamp(), "LIT", "keep", {**GOOD, "unrelated": 7}, OWNER)
    assert outcome.facts == {"roll_called": True}


def test_seen_facts_behave_like_the_facts_themselves():
    seen = Seen({"a": 1, "b": 2})
    assert (dict(seen), len(seen), list(seen)) == ({"a": 1, "b": 2}, 2, ["a", "b"])
    seen = Seen({"a": 1, "b": 2})
    assert seen.get("a") == 1
    assert seen.used == {"a": 1}
    with pytest.raises(KeyError):
        seen["c"]


# The traps of the library ---------------------------------------------------------------------------------


def test_no_trigger_opens_a_state_past_its_guards():
    machine = engine.machine(lamp())
    assert set(machine.events) == {"light", "keep", "break", "look"}


def test_the_machine_keeps_no_model_and_no_queue():
    machine = engine.machine(lamp())
    fire(lamp(), "OFF", "light", GOOD, OWNER)
    assert machine.models == []
    assert machine.has_queue is False


def test_one_machine_serves_all_calls_of_a_version():
    assert engine.machine(lamp()) is engine.machine(lamp())
    assert engine.machine(lamp()) is not engine.machine(lamp(version=2))


def test_nothing_can_swallow_the_error_of_a_guard():
    assert engine.machine(lamp()).on_exception == []

    def explodes(facts: Any, actor: Any) -> None:
        raise ZeroDivisionError

    with extra_guard(explodes, "roll_called"):
        definition = _with_guard("explodes")
        with pytest.raises(ZeroDivisionError):
            fire(definition, "LIT", "keep", GOOD, OWNER)


def test_a_guard_that_answers_false_without_a_reason_cannot_exist():
    """The library takes False as a silent no; ours knows only None and a reason."""

    def grumpy(facts: Any, actor: Any) -> Any:
        return because("grumpy", "싫습니다.", "No.")

    with extra_guard(grumpy, "roll_called"), pytest.raises(Refused, match="No"):
        fire(_with_guard("grumpy"), "LIT", "keep", GOOD, OWNER)


def test_a_guard_is_looked_up_by_name_and_never_imported():
    with pytest.raises(KeyError, match="getcwd"):
        fire(_with_guard("getcwd"), "LIT", "keep", GOOD, OWNER)


def test_the_library_itself_would_have_called_a_dotted_name():
    """Why names come from a registry: this is what a YAML callback does without one."""
    machine = Machine(model=None, states=["A", "B"], initial="A", auto_transitions=False)
    machine.add_transition("go", "A", "B", conditions=["gc.isenabled"])
    token = type("Token", (), {"state": "A"})()
    machine.events["go"].trigger(token)
    assert token.state == "B"


def test_a_row_never_enters_the_machine_so_its_state_is_not_overwritten():
    class Row:
        state = "LIT"

    row = Row()
    fire(lamp(), "OFF", "light", GOOD, OWNER)
    assert row.state == "LIT"
    assert not hasattr(row, "light")


def test_a_refused_call_leaves_the_machine_usable():
    for _ in range(3):
        assert refused("OFF", "light", {"in_reason": ""}, OWNER) == "no_reason"
    assert fire(lamp(), "OFF", "light", GOOD, OWNER).to_state == "LIT"


def test_eight_threads_on_one_machine_never_mix():
    definition, wrong, start = lamp(), [], threading.Barrier(8)

    def work(number: int) -> None:
        start.wait()
        for turn in range(150):
            trigger, state, to = (("light", "OFF", "LIT"), ("keep", "LIT", "KEPT"))[(number + turn) % 2]
            facts = {"in_reason": f"{number}-{turn}", "roll_called": (number, turn)}
            outcome = fire(definition, state, trigger, facts, OWNER)
            seen = {"in_reason": facts["in_reason"]} if trigger == "light" else {"roll_called": (number, turn)}
            if (outcome.to_state, outcome.facts) != (to, seen):
                wrong.append((number, turn, outcome))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def _with_guard(name: str) -> Any:
    transitions = [dict(t) for t in lamp().model_dump(by_alias=True)["transitions"]]
    transitions[1]["guards"] = [{"name": name, "params": {}}]
    return lamp(transitions=transitions)
