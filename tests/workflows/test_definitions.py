"""What holds of every published definition: its words, its papers, and that a case gets from draft to end."""

import re
from hashlib import sha256

import pytest

from workflows import schema
from workflows.engine import Actor, Refused, fire, offers
from workflows.facts import FACTS
from workflows.guards import GUARDS
from workflows.modelcheck import check
from workflows.verify import verify

PUBLISHED = schema.all_published()
every = pytest.mark.parametrize("definition", PUBLISHED, ids=lambda d: f"{d.id}-v{d.version}")
ALLOWED_LATIN = {"K", "City", "Network", "PSAT", "FAQ", "LOI"}

# What the world looks like when everything is in order; what a step needs otherwise is named beside it.
HAPPY = {
    "window": "open", "eligibility_open": 0, "eligibility_failed": 0, "sections_missing": (), "files_unrecognised": 0,
    "declarations_open": 0, "live_same_city": 0, "rank_missing": False, "public_partners": 1, "letters_of_intent": 1,
    "labour_krw": 40_000_000, "subsidy_krw": 100_000_000, "lead_is_korean_company": True, "officer_assigned": True,
    "actor_is_applicant": False, "in_items": 2, "in_days_ahead": 7, "in_items_open": 0, "extensions_used": 0,
    "in_reason": "사유", "supplement_late": False, "supplement_round": 1, "in_ground": "", "checklist_open": 0,
    "checklist_failed": 0, "opinions_late": 0, "opinions_open": 0, "consultant_assigned": True,
    "consultant_conflict": "none", "in_goals": "목표", "decline_proposed_by": None, "advice_total": 2, "advice_open": 0,
    "feasibility_written": True, "task_scope_written": True, "in_consent": True, "challenges_open": 0, "in_challenged_before": False, "panel_clear": 5, "panel_minimum": 5,
    "adviser_on_panel": False, "reciprocal_evaluators": 0, "in_person_is_adviser": False, "my_declaration": "none",
    "in_reasons_missing": 0, "duties_open": 0, "duties_total": 5,
    "my_duty": "accepted", "my_sheets": 0, "in_pool": 7, "in_seats": 5, "in_seed_source": "lottery", "pool_waits": "ready",
    "in_seed": "seed", "corrections_open": 1, "my_rapporteur": True, "consensus": "waits", "in_remarks_missing": 0,
    "in_answer": "agree",
    "in_sitting": 1, "below_cutoff": False,
    "in_not_recommended": False, "agenda_sent_days": 7, "agenda_needed_days": 7, "urgency_reason": False,
    "roll_called": True, "declarations_missing": 0, "quorum_present": 13, "quorum_needed": 13, "motion_put": True,
    "my_attendance": True, "my_ballot": False, "in_choice_made": True, "ballots_cast": 13, "resolution_outcome": "approve",
    "my_entitlement": "", "in_voter": "", "secret_vote": False, "in_second_person": True, "sitting_form": "in_person",
    "papers_window": "none", "papers_missing": 0, "called_in": False, "may_call_in": True, "motion_kind": "main",
    "in_resolves": "case", "in_void_code": "other", "in_text": "내용", "my_vote_counted": True, "sitting_running": True,
    "in_outcome": "approve", "in_amount_krw": 480_000_000, "cap_krw": 500_000_000, "envelope_left_krw": 1_500_000_000,
    "awards_left": 3, "in_reserve_rank_taken": False, "reserve_ahead": 0, "announcement_set": True,
    "announcement_come": True, "in_minutes_ahead": 60, "letter_previewed": True, "objection_running": False,
    "objections_pending": 0, "objection_filed": False, "approved": True, "result_recorded": True, "next_cycle": 1,
    "cut_off_passed": False, "hearing": 1, "objection_upheld": False, "objection_extended": False,
    "objection_answer_late": False, "in_extension_days": 10, "conditions_unsettled": 0, "conditions_evidenced": 0,
    "changes_asked": 0, "in_condition": "open", "in_condition_late": False, "in_change_asked": False,
}  # fmt: skip

START = [("submit", "signatory", "RECEIVED"), ("begin_screening", "officer", "SCREENING"),
         ("request_supplement", "officer", "SUPPLEMENT"), ("answer_supplement", "signatory", "SCREENING"),
         ("find_eligible", "officer", "ELIGIBLE")]  # fmt: skip
CONSULTING = [
    ("begin_consulting", "officer", "CONSULTING"),
    ("complete_consulting", "consultant", "CONSULTED"),
]
REST = [("open_evaluation", "officer", "EVALUATING"), ("close_evaluation", "officer", "RANKED"), ("table", "clerk", "TABLED"),
        ("open_item", "chair", "DELIBERATING"), ("close_ballot", "chair", "RESOLVED"), ("approve", "minister", "DECIDED"),
        ("announce", "officer", "ANNOUNCED"), ("close", "officer", "CLOSED")]  # fmt: skip
WALKS = {"kcity-planning": [*START, *CONSULTING, *REST], "kcity-demonstration": [*START, *REST]}


def test_lock_and_files_are_the_same_set_with_the_same_bytes():
    files = {
        (path.parent.name, int(path.stem[1:])): sha256(path.read_bytes()).hexdigest()
        for path in schema.DEFINITIONS.glob("*/v*.yaml")
    }
    assert files == schema.locked()


@every
def test_the_check_finds_no_fault(definition):
    assert verify(definition) == []
    assert check(definition) == []


@every
def test_a_case_walks_from_draft_to_closed(definition):
    state = "DRAFT"
    for trigger, role, to in WALKS[definition.id]:
        actor = Actor(1, frozenset({role}))
        (offer,) = [o for o in offers(definition, state, HAPPY, actor) if o.trigger == trigger]
        assert offer.allowed and offer.mine, (trigger, offer.reason)
        outcome = fire(definition, state, trigger, HAPPY, actor)
        assert outcome.to_state == to
        state = to
    assert definition.states[state].final


@every
def test_500000001_won_is_refused_and_a_rejection_is_possible(definition):
    minister = Actor(1, frozenset({"minister"}))
    over = {**HAPPY, "in_amount_krw": 500_000_001}
    reason = _refusal(definition, "RESOLVED", "approve", over, minister)
    assert (reason.code, "1 over the cap" in reason.text.en) == ("over_cap", True)
    reject = {**HAPPY, "in_outcome": "reject"}
    assert fire(definition, "RESOLVED", "reject", reject, minister).to_state == "DECIDED"


@every
def test_twelve_present_is_no_quorum_in_a_committee_of_24(definition):
    chair = Actor(1, frozenset({"chair"}))
    reason = _refusal(definition, "TABLED", "open_item", {**HAPPY, "quorum_present": 12}, chair)
    assert reason.text.en == "No quorum: 12 present, 13 needed."


@every
def test_a_delegate_may_not_submit_or_withdraw(definition):
    delegate = Actor(1, frozenset({"delegate"}))
    for trigger in ("submit", "withdraw"):
        assert _refusal(definition, "DRAFT", trigger, HAPPY, delegate).code == "not_your_role"


def _refusal(definition, state, trigger, facts, actor):
    with pytest.raises(Refused) as error:
        fire(definition, state, trigger, facts, actor)
    return error.value.reason


@every
def test_no_english_inside_korean_words(definition):
    for words in _words(definition):
        assert set(re.findall("[A-Za-z]+", words.ko)) <= ALLOWED_LATIN, words.ko
        assert not re.search("[가-힣]", words.en), words.en


@every
def test_sentences_end_and_button_words_do_not(definition):
    for state in definition.states.values():
        assert state.next.ko.endswith(".") and state.next.en.endswith(".")
    for clock in definition.clocks.values():
        assert clock.lapse.ko.endswith(".") and clock.lapse.en.endswith(".")
    for transition in definition.transitions:
        assert not transition.label.ko.endswith((".", "다", "요")), transition.label.ko
        assert not transition.label.en.endswith("."), transition.label.en


@every
def test_no_two_ways_out_of_a_state_carry_the_same_words(definition):
    for name in definition.states:
        for lang in ("ko", "en"):
            labels = [t.label.text.pick(lang) for t in definition.leaving(name)]
            assert len(set(labels)) == len(labels), (name, labels)
    for lang in ("ko", "en"):
        labels = [state.label.text.pick(lang) for state in definition.states.values()]
        assert len(set(labels)) == len(labels)


@every
def test_what_is_hidden_until_announced_is_shown_as_awaiting_the_decision(definition):
    veiled = {name: state.veil for name, state in definition.states.items() if state.veil}
    assert veiled == {"DECIDED": "RESOLVED", "RESERVED": "RESOLVED"}
    after = {t.trigger for t in definition.transitions if t.shown == "after"}
    assert after == {"close_ballot", "approve", "reject", "reserve", "approve_reserved"}


@every
def test_money_is_gated_on_every_way_to_an_award(definition):
    for trigger in ("approve", "approve_reserved"):
        (award,) = [t for t in definition.transitions if t.trigger == trigger]
        gates = {"amount_within_cap", "amount_within_envelope", "awards_left"}
        assert gates <= {use.name for use in award.guards}


@every
def test_objections_can_be_filed_wherever_their_clock_runs_outside_an_end(definition):
    assert definition.find("ANNOUNCED", "file_objection").who == ("signatory",)
    starters = {t.trigger for t in definition.transitions if "objection" in t.starts}
    assert {"return_unanswered", "return_ineligible", "announce"} <= starters


def test_every_rule_is_used_by_some_definition():
    used = {use.name for d in PUBLISHED for t in d.transitions for use in t.guards}
    assert used == set(GUARDS)


def test_the_happy_facts_are_complete():
    assert set(HAPPY) == set(FACTS)


def _words(definition):
    yield definition.label
    yield from definition.roles.values()
    yield from (phase.label for phase in definition.phases)
    for state in definition.states.values():
        yield from (state.label, state.next)
    yield from (transition.label for transition in definition.transitions)
    for clock in definition.clocks.values():
        yield from (clock.label, clock.lapse)
