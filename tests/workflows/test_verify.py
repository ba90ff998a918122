"""Each fault of a definition is found, where it is, in words; and a sound one has none."""

import re
from typing import Any

import pytest

from tests.workflows.toys import changed, extra_guard, lamp, raw
from workflows.clockwalk import walk
from workflows.fault import SENTENCES, fault
from workflows.schema import Definition
from workflows.verify import verify

EXTRA = {"label": {"ko": "덤", "en": "Extra"}, "source": "설명서", "who": ["owner"]}
FINAL = {"notify": ["applicant"], "final_act": True, "escape": True}


def transition(data: dict, code: str) -> dict:
    return next(t for t in data["transitions"] if t["code"] == code)


def put(code: str, **parts: Any) -> Any:
    """Changes a transition."""
    return lambda data: transition(data, code).update({key.rstrip("_"): value for key, value in parts.items()})


def put_in(part: str, name: str, **parts: Any) -> Any:
    """Changes a state or a clock."""
    return lambda data: data[part][name].update(parts)


def more(**parts: Any) -> Any:
    """Adds a transition."""
    return lambda data: data["transitions"].append({**EXTRA, **{k.rstrip("_"): v for k, v in parts.items()}})


def both(*changes: Any) -> Any:
    return lambda data: [change(data) for change in changes]


def paused(**parts: Any) -> Any:
    """A lamp that is shaded (its clocks stand still) and comes back."""
    shaded = {
        "label": {"ko": "가림", "en": "Shaded"},
        "phase": "night",
        "turn": "owner",
        "next": {"ko": "엽니다.", "en": "Open."},
    }
    return both(
        lambda data: data["states"].update(SHADED=shaded),
        more(code="T5", trigger="shade", from_=["LIT"], to="SHADED", pauses=True),
        more(code="T6", trigger="unshade", from_=["SHADED"], to="LIT", **{"resumes": True, **parts}),
        put_in("clocks", "burning", trigger=None),
    )


FAULTS: list[tuple[str, str, Any]] = [
    ("unknown_state", "initial", lambda d: d.update(initial="ON")),
    ("unknown_state", "T1", put("T1", to="ON")),
    ("unknown_state", "T1", put("T1", from_=["OFF", "ON"])),
    ("unknown_state", "OFF", put_in("states", "OFF", veil="ON")),
    ("unknown_phase", "OFF", put_in("states", "OFF", phase="dusk")),
    ("unknown_role", "OFF", put_in("states", "OFF", turn="thief")),
    ("unknown_role", "T1", put("T1", who=["thief"])),
    ("unknown_role", "burning", put_in("clocks", "burning", holder="thief")),
    ("unknown_clock", "T1", put("T1", starts=["glowing"])),
    ("unknown_clock", "T2", put("T2", stops=["glowing"])),
    ("unknown_group", "T1", put("T1", notify=["neighbours"])),
    ("unknown_trigger", "burning", put_in("clocks", "burning", trigger="explode")),
    ("unknown_guard", "T1", put("T1", guards=["reason_givn"])),
    ("unknown_fact", "assume", lambda d: d.update(assume={"weather": ["sun"]})),
    ("parameter_missing", "T1", put("T1", guards=["one_live_project"])),
    ("parameter_unknown", "T1", put("T1", guards=[{"reason_given": {"limit": 1}}])),
    ("parameter_not_whole", "T1", put("T1", guards=[{"one_live_project": {"limit": "1"}}])),
    ("parameter_not_whole", "T1", put("T1", guards=[{"one_live_project": {"limit": True}}])),
    ("code_twice", "T1", more(code="T1", trigger="extra", from_=["OFF"])),
    ("phase_twice", "day", lambda d: d["phases"].append(d["phases"][0])),
    ("guard_twice", "T1", put("T1", guards=["reason_given", "reason_given"])),
    ("ambiguous", "OFF", more(code="T5", trigger="light", from_=["OFF"], to="KEPT")),
    ("label_language", "toy-lamp", lambda d: d["label"].update(ko="Lamp", en="등")),
    ("label_language", "OFF", lambda d: d["states"]["OFF"]["next"].update(en=" ")),
    ("label_language", "T1", lambda d: transition(d, "T1")["label"].update(en="켜기")),
    ("label_language", "day", lambda d: d["phases"][0]["label"].update(ko="Day")),
    ("label_language", "owner", lambda d: d["roles"]["owner"].update(ko="owner")),
    ("label_language", "burning", lambda d: d["clocks"]["burning"]["lapse"].update(ko="late")),
    ("no_source", "T1", put("T1", source=" ")),
    ("no_source", "toy-lamp", lambda d: d.update(source="")),
    ("no_source", "burning", put_in("clocks", "burning", article=" ")),
    ("unreachable", "LIT", put("T1", to=None, starts=[])),
    ("no_end", "LIT", both(put("T2", to=None), put("T3", from_=["OFF"]))),
    ("idle_role", "ghost", lambda d: d["roles"].update(ghost={"ko": "유령", "en": "ghost"})),
    ("empty_phase", "dusk", lambda d: d["phases"].append({"key": "dusk", "label": {"ko": "저녁", "en": "Dusk"}})),
    ("need_missing", "T1", put("T1", guards=["officer_assigned"])),
    ("end_goes_on", "KEPT", more(code="T5", trigger="look_again", from_=["KEPT"])),
    ("end_goes_on", "KEPT", more(code="T5", trigger="reopen", from_=["KEPT"], to="LIT")),
    ("end_goes_on", "KEPT", put_in("states", "KEPT", turn="owner")),
    ("nobodys_turn", "OFF", put_in("states", "OFF", turn=None)),
    ("owner_powerless", "OFF", put_in("states", "OFF", turn="guest")),
    ("act_escapes", "T4", put("T4", escape=True)),
    ("escape_goes_on", "T1", put("T1", escape=True)),
    ("end_unmarked", "T3", put("T3", escape=False)),
    ("end_unmarked", "T2", put("T2", escape=True)),
    ("end_unwarned", "T2", put("T2", final_act=False)),
    ("end_unserved", "T2", put("T2", notify=[])),
    ("undecided", "T3", put_in("states", "OFF", decided=True)),
    ("outcome_shows", "T2", put_in("states", "KEPT", veil="LIT")),
    ("outcome_shows", "T2", put("T2", shown="after")),
    ("veiled_veil", "OFF", both(put_in("states", "OFF", veil="LIT"), put_in("states", "LIT", veil="KEPT"))),
    ("never_started", "burning", put("T1", starts=[])),
    ("never_stopped", "burning", both(put("T2", stops=[]), put("T3", stops=[]))),
    ("outlasts_and_acts", "burning", put_in("clocks", "burning", outlasts=True)),
    ("clock_cannot_act", "burning", put_in("clocks", "burning", trigger="light")),
    ("stops_nothing", "T1", put("T1", stops=["burning"])),
    ("starts_twice", "T5", more(code="T5", trigger="relight", from_=["LIT"], to="LIT", starts=["burning"])),
    ("clock_by_way", "LIT", more(code="T5", trigger="dark", from_=["OFF"], to="LIT")),
    ("clock_after_end", "KEPT", put("T2", stops=[])),
    ("pause_idle", "T1", put("T1", pauses=True)),
    ("resume_idle", "T2", put("T2", resumes=True)),
    ("pause_and_resume", "T6", paused(pauses=True)),
    ("pause_by_way", "LIT", paused(resumes=False)),
    ("never_resumed", "SHADED", both(paused(), lambda d: d["transitions"].pop(), more(code="T6", trigger="smash", from_=["SHADED"], to="BROKEN", stops=["burning"], **FINAL))),
]  # fmt: skip

BY_MODEL_CHECK = {"never_met", "limit_untried", "assumption_impossible", "starved", "no_decision"}


def test_a_sound_definition_has_no_fault():
    assert verify(lamp()) == []
    assert verify(changed(paused())) == []


@pytest.mark.parametrize(("code", "where", "change"), FAULTS, ids=lambda v: v if isinstance(v, str) else "")
def test_the_fault_is_found_where_it_is(code, where, change):
    assert (code, where) in [(found.code, found.where) for found in verify(changed(change))]


def test_every_sentence_is_shown_by_some_test():
    assert {code for code, _, _ in FAULTS} | BY_MODEL_CHECK == set(SENTENCES)


@pytest.mark.parametrize("code", SENTENCES)
def test_every_sentence_stands_in_both_languages_and_is_filled(code):
    words = SENTENCES[code]
    said = dict.fromkeys(re.findall(r"{(\w+)", words.ko + words.en), "가나")
    text = fault(code, "X", **said).text
    assert re.search("[가-힣]", text.ko) and not re.search(r"[A-Za-z{}]", text.ko)
    assert not re.search(r"[가-힣{}]", text.en.replace("가나", ""))


def test_korean_particles_fit_the_name():
    assert fault("unknown_role", "X", name="도둑").text.ko == "‘도둑’이라는 역할은 없습니다."
    assert fault("unknown_role", "X", name="간사").text.ko == "‘간사’라는 역할은 없습니다."


def test_unknown_names_are_told_before_the_graph_is_walked():
    found = verify(changed(both(put("T1", to="ON"), put_in("states", "OFF", turn=None))))
    assert {f.code for f in found} == {"unknown_state"}


def test_a_guard_that_reads_an_undescribed_fact_is_refused():
    def sniffs(facts: Any, actor: Any) -> None:
        return None

    with extra_guard(sniffs, "smell"):
        found = verify(changed(put("T1", guards=["sniffs"])))
    assert [(f.code, f.where) for f in found] == [("unknown_fact", "T1")]


def test_what_a_condition_needs_may_be_done_before_it_is_asked():
    change = both(put("T2", guards=["officer_assigned"]), more(code="T5", trigger="assign_officer", from_=["OFF"]))
    assert verify(changed(change)) == []


def test_an_owner_may_also_be_one_who_does_what_a_condition_needs():
    change = both(
        put("T2", guards=["officer_assigned"], who=["guest"]),
        more(code="T5", trigger="assign_officer", from_=["LIT"]),
    )
    assert verify(changed(change)) == []
    without = changed(put("T2", who=["guest"]))
    assert [(f.code, f.where) for f in verify(without)] == [("owner_powerless", "LIT")]


def test_a_decided_case_may_be_taken_back_but_not_go_on_undecided():
    reopened = both(
        put_in("states", "LIT", decided=True), put("T3", from_=["OFF"], stops=[]),
        more(code="T5", trigger="take_back", from_=["LIT"], to="OFF", stops=["burning"]),
    )  # fmt: skip
    assert verify(changed(reopened)) == []


def test_a_clock_that_outlasts_the_case_may_run_after_its_end():
    change = both(
        put("T2", starts=["regret"]), put("T4", stops=["burning"]), put("T2", starts=["regret"], stops=["burning"]),
        lambda d: d["clocks"].update(regret={**d["clocks"]["burning"], "trigger": None, "outlasts": True}),
    )  # fmt: skip
    assert "clock_after_end" not in {f.code for f in verify(changed(change))}


def test_clocks_that_acts_start_may_or_may_not_run():
    change = both(
        put_in("clocks", "burning", trigger=None),
        put("T1", starts=[]),
        more(code="T5", trigger="wind", from_=["LIT"], starts=["burning"]),
    )
    assert verify(changed(change)) == []
    assert walk(changed(change)).running["burning"]["LIT"] == {True, False}


def test_the_walk_knows_which_clocks_run_where():
    found = walk(lamp())
    assert found.running["burning"] == {"OFF": {False}, "LIT": {True}, "KEPT": {False}, "BROKEN": {False}}
    assert (found.clocks_in("LIT"), found.clocks_in("OFF")) == ({"burning"}, set())
    assert found.states_with("burning") == {"LIT"}
    assert found.paused["LIT"] == {False}


def test_the_toy_is_not_changed_by_tests():
    assert Definition.model_validate(raw()) == lamp()
