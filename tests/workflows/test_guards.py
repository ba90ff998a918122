"""Every rule both ways: what meets it, what it refuses, and with which reason."""

import re

import pytest

from workflows.engine import Actor, Seen
from workflows.facts import FACTS
from workflows.guards import GUARDS
from workflows.modelcheck import samples

ME = Actor(1, frozenset())

# guard, parameters, facts that meet it, then (reason, facts that break it) ...
RULES = [
    ("window_open", {}, {"window": "open"}, ("window_not_yet", {"window": "not_yet"}), ("window_closed", {"window": "closed"})),
    ("eligible_by_own_answers", {}, {"eligibility_open": 0, "eligibility_failed": 0}, ("not_eligible", {"eligibility_failed": 1}), ("eligibility_open", {"eligibility_open": 1})),
    ("sections_complete", {}, {"sections_missing": ()}, ("sections_missing", {"sections_missing": ("need",)}), ("sections_missing", {"sections_missing": ("need", "plan")})),
    ("files_recognised", {}, {"files_unrecognised": 0}, ("files_unrecognised", {"files_unrecognised": 1})),
    ("declarations_made", {}, {"declarations_open": 0}, ("declarations_open", {"declarations_open": 1}), ("declarations_open", {"declarations_open": 2})),
    ("one_live_project", {"limit": 1}, {"live_same_city": 0}, ("too_many_live", {"live_same_city": 1})),
    ("one_live_project", {"limit": 2}, {"live_same_city": 1}, ("too_many_live", {"live_same_city": 2})),
    ("priority_ranked", {}, {"rank_missing": False}, ("rank_missing", {"rank_missing": True})),
    ("public_partner_named", {}, {"public_partners": 1}, ("no_public_partner", {"public_partners": 0})),
    ("letter_of_intent_attached", {}, {"letters_of_intent": 1}, ("no_letter_of_intent", {"letters_of_intent": 0})),
    ("labour_within_share", {"percent": 40}, {"labour_krw": 40_000_000, "subsidy_krw": 100_000_000}, ("labour_over_share", {"labour_krw": 40_000_001})),
    ("korean_company_leads", {}, {"lead_is_korean_company": True}, ("not_a_korean_company", {"lead_is_korean_company": False})),
    ("officer_assigned", {}, {"officer_assigned": True}, ("no_officer", {"officer_assigned": False})),
    ("not_own_organisation", {}, {"actor_is_applicant": False}, ("own_organisation", {"actor_is_applicant": True})),
    ("supplement_items_listed", {}, {"in_items": 2}, ("no_items", {"in_items": 0})),
    ("supplement_date_reasonable", {"least": 3}, {"in_days_ahead": 3}, ("date_too_near", {"in_days_ahead": 2})),
    ("supplement_date_reasonable", {"least": 1}, {"in_days_ahead": 1}, ("date_too_near", {"in_days_ahead": 0})),
    ("supplement_date_within", {"most": 10}, {"in_days_ahead": 10}, ("date_out_of_range", {"in_days_ahead": 11}), ("date_out_of_range", {"in_days_ahead": 0})),
    ("every_item_answered", {}, {"in_items_open": 0}, ("items_open", {"in_items_open": 1}), ("items_open", {"in_items_open": 2})),
    ("extensions_left", {"most": 2}, {"extensions_used": 1}, ("no_extension_left", {"extensions_used": 2})),
    ("reason_given", {}, {"in_reason": "late"}, ("no_reason", {"in_reason": " \n"})),
    ("supplement_overdue", {}, {"supplement_late": True}, ("not_overdue", {"supplement_late": False})),
    ("first_demand_only", {}, {"supplement_round": 1}, ("already_second", {"supplement_round": 2})),
    ("both_demands_missed", {}, {"supplement_round": 2, "supplement_late": True}, ("demands_running", {"supplement_round": 1}), ("demands_running", {"supplement_late": False})),
    ("ground_named", {}, {"in_ground": "works"}, ("no_ground", {"in_ground": ""})),
    ("checklist_complete", {}, {"checklist_open": 0}, ("checklist_open", {"checklist_open": 1}), ("checklist_open", {"checklist_open": 2})),
    ("checklist_met", {}, {"checklist_failed": 0}, ("checklist_failed", {"checklist_failed": 1}), ("checklist_failed", {"checklist_failed": 2})),
    ("opinion_overdue", {}, {"opinions_late": 1}, ("no_opinion_overdue", {"opinions_late": 0})),
    ("opinions_settled", {}, {"opinions_open": 0}, ("opinions_open", {"opinions_open": 1}), ("opinions_open", {"opinions_open": 2})),
    ("consultant_assigned", {}, {"consultant_assigned": True}, ("no_consultant", {"consultant_assigned": False})),
    ("consultant_clear", {}, {"consultant_conflict": "none"}, ("consultant_conflicted", {"consultant_conflict": "conflict"}), ("consultant_undeclared", {"consultant_conflict": "undeclared"})),
    ("goals_written", {}, {"in_goals": "scope"}, ("no_goals", {"in_goals": " "})),
    ("decline_not_proposed", {}, {"decline_proposed_by": None}, ("already_proposed", {"decline_proposed_by": 2})),
    ("second_officer", {}, {"decline_proposed_by": 2}, ("not_proposed", {"decline_proposed_by": None}), ("same_officer", {"decline_proposed_by": 1})),
    ("advice_judged", {}, {"advice_total": 2, "advice_open": 0}, ("no_advice", {"advice_total": 0}), ("advice_open", {"advice_open": 1}), ("advice_open", {"advice_open": 2})),
    ("feasibility_written", {}, {"feasibility_written": True}, ("no_feasibility", {"feasibility_written": False})),
    ("task_scope_written", {}, {"task_scope_written": True}, ("no_task_scope", {"task_scope_written": False})),
    ("applicant_consents", {}, {"in_consent": True}, ("no_consent", {"in_consent": False})),
    ("not_challenged_before", {}, {"in_challenged_before": False}, ("challenged_before", {"in_challenged_before": True})),
    ("challenge_pending", {}, {"challenges_open": 1}, ("no_challenge", {"challenges_open": 0})),
    ("challenges_decided", {}, {"challenges_open": 0}, ("challenges_open", {"challenges_open": 1}), ("challenges_open", {"challenges_open": 2})),
    ("exclusion_ground_named", {}, {"in_ground": "act_officer"}, ("no_exclusion_ground", {"in_ground": " "})),
    ("panel_large_enough", {}, {"panel_clear": 5, "panel_minimum": 5}, ("panel_too_small", {"panel_clear": 4}), ("panel_too_small", {"panel_clear": 1})),
    ("adviser_not_on_panel", {}, {"adviser_on_panel": False}, ("adviser_on_panel", {"adviser_on_panel": True})),
    ("no_reciprocal_evaluator", {}, {"reciprocal_evaluators": 0}, ("reciprocal_evaluator", {"reciprocal_evaluators": 1})),
    ("not_the_adviser", {}, {"in_person_is_adviser": False}, ("is_the_adviser", {"in_person_is_adviser": True})),
    ("declared_no_conflict", {}, {"my_declaration": "none"}, ("not_cleared", {"my_declaration": "conflict"}), ("not_cleared", {"my_declaration": "undeclared"})),
    ("every_criterion_reasoned", {}, {"in_reasons_missing": 0}, ("reasons_missing", {"in_reasons_missing": 1}), ("reasons_missing", {"in_reasons_missing": 2})),
    ("duties_settled", {}, {"duties_open": 0, "duties_total": 5}, ("duties_open", {"duties_open": 2})),
    ("invitation_open", {}, {"my_duty": "invited"}, ("no_open_invitation", {"my_duty": "none"}), ("no_open_invitation", {"my_duty": "accepted"})),
    ("duty_accepted", {}, {"my_duty": "accepted"}, ("duty_not_accepted", {"my_duty": "invited"})),
    ("nothing_scored", {}, {"my_sheets": 0}, ("has_scored", {"my_sheets": 1})),
    ("pool_large_enough", {}, {"in_pool": 7, "in_seats": 5}, ("pool_too_small", {"in_pool": 4}), ("pool_too_small", {"in_seats": 0})),
    ("seed_announced", {}, {"in_seed_source": "lottery"}, ("no_seed_source", {"in_seed_source": " "})),
    ("pool_frozen", {}, {"pool_waits": "ready"}, ("no_pool", {"pool_waits": "none"}), ("seed_day_not_come", {"pool_waits": "early"})),
    ("seed_given", {}, {"in_seed": "1 2 3"}, ("no_seed", {"in_seed": " "})),
    ("own_sheet_counted", {}, {"my_sheets": 1}, ("no_sheet", {"my_sheets": 0})),
    ("corrections_wait", {}, {"corrections_open": 1}, ("nothing_changed", {"corrections_open": 0})),
    ("is_rapporteur", {}, {"my_rapporteur": True}, ("not_the_rapporteur", {"my_rapporteur": False})),
    ("report_waits", {}, {"consensus": "waits"}, ("no_report", {"consensus": "none"}), ("own_report", {"consensus": "mine"}), ("already_answered", {"consensus": "answered"})),
    ("every_criterion_remarked", {}, {"in_remarks_missing": 0}, ("remarks_missing", {"in_remarks_missing": 1}), ("remarks_missing", {"in_remarks_missing": 2})),
    ("dissent_reasoned", {}, {"in_answer": "dissent", "in_reason": "why"}, ("no_dissent_words", {"in_reason": " "}), ("no_answer", {"in_answer": ""})),
    ("dissent_reasoned", {}, {"in_answer": "agree", "in_reason": ""}, ("no_answer", {"in_answer": "perhaps"})),
    ("sitting_chosen", {}, {"in_sitting": 1}, ("no_sitting", {"in_sitting": None})),
    ("below_cutoff_marked", {}, {"below_cutoff": False, "in_not_recommended": False}, ("below_cutoff", {"below_cutoff": True})),
    ("below_cutoff_marked", {}, {"below_cutoff": True, "in_not_recommended": True}, ("below_cutoff", {"in_not_recommended": False})),
    ("agenda_in_time", {}, {"agenda_sent_days": 7, "agenda_needed_days": 7, "urgency_reason": False}, ("agenda_late", {"agenda_sent_days": 6}), ("agenda_late", {"agenda_sent_days": None})),
    ("agenda_in_time", {}, {"agenda_sent_days": None, "agenda_needed_days": 7, "urgency_reason": True}, ("agenda_late", {"urgency_reason": False})),
    ("roll_called", {}, {"roll_called": True}, ("no_roll_call", {"roll_called": False})),
    ("declarations_in", {}, {"declarations_missing": 0}, ("undeclared_members", {"declarations_missing": 1}), ("undeclared_members", {"declarations_missing": 2})),
    ("quorum_present", {}, {"quorum_present": 13, "quorum_needed": 13}, ("no_quorum", {"quorum_present": 12})),
    ("motion_put", {}, {"motion_put": True}, ("no_motion", {"motion_put": False})),
    ("present_at_item", {}, {"my_attendance": True}, ("not_present", {"my_attendance": False})),
    ("not_recused", {}, {"my_declaration": "none"}, ("recused", {"my_declaration": "conflict"}), ("recused", {"my_declaration": "undeclared"})),
    ("not_voted_yet", {}, {"my_ballot": False}, ("already_voted", {"my_ballot": True})),
    ("choice_made", {}, {"in_choice_made": True}, ("no_choice", {"in_choice_made": False})),
    ("on_the_roster", {}, {"my_entitlement": ""}, ("not_on_roster", {"my_entitlement": "absent"}), ("recused", {"my_entitlement": "recused"}), ("chair_does_not_vote", {"my_entitlement": "chair"})),
    ("paper_of_a_voter", {}, {"in_voter": ""}, ("not_on_roster", {"in_voter": "absent"}), ("already_voted", {"in_voter": "voted"}), ("paper_entered", {"in_voter": "entered"}), ("recused", {"in_voter": "recused"})),
    ("vote_by_name", {}, {"secret_vote": False}, ("secret_vote", {"secret_vote": True})),
    ("second_person", {}, {"in_second_person": True}, ("second_person", {"in_second_person": False})),
    ("not_called_in", {}, {"called_in": False}, ("called_in", {"called_in": True})),
    ("window_begun", {}, {"papers_window": "running"}, ("window_not_begun", {"papers_window": "before"})),
    ("window_over", {}, {"papers_window": "over", "papers_missing": 1}, ("window_running", {"papers_window": "running"})),
    ("window_over", {}, {"papers_window": "running", "papers_missing": 0}, ("window_running", {"papers_missing": 1}), ("window_running", {"papers_missing": 2})),
    ("may_be_called_in", {}, {"sitting_form": "written", "called_in": False, "may_call_in": True}, ("not_written", {"sitting_form": "video"}), ("called_in", {"called_in": True}), ("no_call_in", {"may_call_in": False})),
    ("main_motion_put", {}, {"motion_kind": "main"}, ("nothing_to_amend", {"motion_kind": "amendment"}), ("nothing_to_amend", {"motion_kind": "none"})),
    ("resolves_the_case", {}, {"in_resolves": "case"}, ("resolves_nothing", {"in_resolves": "amended"})),
    ("resolves_only_the_round", {}, {"in_resolves": "not_carried"}, ("resolves_the_case", {"in_resolves": "case"})),
    ("void_reasoned", {}, {"in_void_code": "other", "in_text": "why"}, ("no_reason", {"in_void_code": ""}), ("no_reason", {"in_text": ""})),
    ("within_the_sitting", {}, {"sitting_running": True}, ("sitting_over", {"sitting_running": False})),
    ("voted_in_round", {}, {"my_vote_counted": True}, ("did_not_vote", {"my_vote_counted": False})),
    ("statement_written", {}, {"in_text": "why"}, ("no_statement", {"in_text": ""})),
    ("ballots_cast", {}, {"ballots_cast": 13}, ("no_ballots", {"ballots_cast": 0})),
    ("verdict_valid", {}, {"quorum_present": 13, "quorum_needed": 13}, ("verdict_void", {"quorum_present": 12})),
    ("departure_reasoned", {}, {"resolution_outcome": "approve", "in_outcome": "approve", "in_reason": ""}, ("departure", {"in_outcome": "reject"})),
    ("departure_reasoned", {}, {"resolution_outcome": "approve", "in_outcome": "reject", "in_reason": "law"}, ("departure", {"in_reason": " "})),
    ("amount_within_cap", {}, {"in_amount_krw": 500_000_000, "cap_krw": 500_000_000}, ("over_cap", {"in_amount_krw": 500_000_001}), ("no_amount", {"in_amount_krw": 0})),
    ("amount_within_cap", {}, {"in_amount_krw": 900_000_000, "cap_krw": None}, ("no_amount", {"in_amount_krw": -1})),
    ("amount_within_envelope", {}, {"in_amount_krw": 5, "envelope_left_krw": 5}, ("over_envelope", {"in_amount_krw": 6})),
    ("awards_left", {}, {"awards_left": 1}, ("no_award_left", {"awards_left": 0})),
    ("awards_left", {}, {"awards_left": None}, ("no_award_left", {"awards_left": 0})),
    ("reserve_rank_free", {}, {"in_reserve_rank_taken": False}, ("rank_taken", {"in_reserve_rank_taken": True})),
    ("reserve_turn", {}, {"reserve_ahead": 0}, ("not_next", {"reserve_ahead": 1})),
    ("announcement_set", {}, {"announcement_set": True}, ("no_announcement", {"announcement_set": False})),
    ("announcement_time_come", {}, {"announcement_come": True}, ("too_early", {"announcement_come": False})),
    ("announcement_in_future", {}, {"in_minutes_ahead": 0}, ("in_the_past", {"in_minutes_ahead": -1})),
    ("letters_previewed", {}, {"letter_previewed": True}, ("letter_unread", {"letter_previewed": False})),
    ("objection_over", {}, {"objection_running": False, "objections_pending": 0}, ("objection_pending", {"objections_pending": 1}), ("objection_running", {"objection_running": True})),
    ("may_object", {}, {"hearing": 1, "objection_running": True, "objection_filed": False}, ("already_objected", {"objection_filed": True}), ("objection_closed", {"objection_running": False}), ("already_reconsidered", {"hearing": 2})),
    ("conditions_unsettled", {}, {"conditions_unsettled": 1}, ("no_condition", {"conditions_unsettled": 0})),
    ("evidence_waits", {}, {"conditions_evidenced": 1}, ("no_evidence", {"conditions_evidenced": 0})),
    ("change_waits", {}, {"changes_asked": 1}, ("no_change_asked", {"changes_asked": 0})),
    ("condition_open", {}, {"in_condition": "open"}, ("evidence_in_review", {"in_condition": "evidenced"}), ("condition_settled", {"in_condition": "accepted"}), ("condition_settled", {"in_condition": "breached"}), ("condition_settled", {"in_condition": "carried"})),
    ("condition_evidenced", {}, {"in_condition": "evidenced"}, ("no_evidence_yet", {"in_condition": "open"}), ("no_evidence_yet", {"in_condition": "accepted"})),
    ("condition_not_settled", {}, {"in_condition": "evidenced"}, ("condition_settled", {"in_condition": "accepted"}), ("condition_settled", {"in_condition": "carried"})),
    ("condition_late", {}, {"in_condition_late": True}, ("condition_not_due", {"in_condition_late": False})),
    ("change_not_asked", {}, {"in_change_asked": False}, ("change_pending", {"in_change_asked": True})),
    ("change_asked", {}, {"in_change_asked": True}, ("no_change_asked", {"in_change_asked": False})),
    ("conditions_settled", {}, {"conditions_unsettled": 0}, ("conditions_open", {"conditions_unsettled": 1}), ("conditions_open", {"conditions_unsettled": 2})),
    ("answer_not_extended", {}, {"objection_extended": False}, ("already_extended", {"objection_extended": True})),
    ("answer_in_time", {}, {"objection_answer_late": False}, ("answer_overdue", {"objection_answer_late": True})),
    ("extension_within", {"most": 10}, {"in_extension_days": 10}, ("extension_too_long", {"in_extension_days": 11}), ("extension_too_long", {"in_extension_days": 0})),
    ("objection_upheld", {}, {"objection_upheld": True}, ("not_upheld", {"objection_upheld": False})),
    ("first_hearing", {}, {"hearing": 1}, ("already_reconsidered", {"hearing": 2})),
    ("not_in_reconsideration", {}, {"hearing": 1}, ("in_reconsideration", {"hearing": 2})),
    ("upheld_reconsidered", {}, {"objection_upheld": True, "hearing": 2}, ("reconsideration_due", {"hearing": 1})),
    ("upheld_reconsidered", {}, {"objection_upheld": False, "hearing": 1}, ("reconsideration_due", {"objection_upheld": True})),
    ("objection_pending", {}, {"objections_pending": 1}, ("no_objection", {"objections_pending": 0})),
    ("result_recorded", {}, {"approved": False, "result_recorded": False}, ("no_result", {"approved": True})),
    ("result_recorded", {}, {"approved": True, "result_recorded": True}, ("no_result", {"result_recorded": False})),
    ("next_cycle_exists", {}, {"next_cycle": 1}, ("no_next_cycle", {"next_cycle": None})),
    ("cut_off_passed", {}, {"cut_off_passed": True}, ("cut_off_ahead", {"cut_off_passed": False})),
]  # fmt: skip

CASES = [(name, params, good, *broken) for name, params, good, *rest in RULES for broken in rest]


@pytest.mark.parametrize(("name", "params", "good", "reason", "bad"), CASES, ids=[f"{c[0]}-{c[3]}" for c in CASES])
def test_the_rule_lets_pass_and_refuses_with_its_reason(name, params, good, reason, bad):
    assert GUARDS[name].check(good, ME, **params) is None
    found = GUARDS[name].check({**good, **bad}, ME, **params)
    assert found.code == reason
    assert re.search("[가-힣]", found.text.ko) and found.text.ko.endswith(".")
    assert not re.search("[가-힣]", found.text.en) and found.text.en.endswith(".")
    assert not re.search("[A-Za-z]", found.text.ko.replace("(LOI)", "")), "English inside Korean"


def test_every_rule_is_in_the_table():
    assert {name for name, *_ in RULES} == set(GUARDS)


@pytest.mark.parametrize("name", GUARDS)
def test_a_rule_reads_only_what_it_says_it_reads_and_the_samples_try_it_both_ways(name):
    """Otherwise the model check would try the wrong facts."""
    rule = GUARDS[name]
    params = next(params for known, params, *_ in RULES if known == name)
    read, answers = set(), set()
    for facts in _worlds(rule.reads):
        seen = Seen(facts)
        answers.add(rule.check(seen, ME, **params) is None)
        read |= set(seen.used)
    assert read == set(rule.reads)
    assert answers == {True, False}


def _worlds(names):
    worlds = [{}]
    for name in names:
        worlds = [{**world, name: value} for world in worlds for value in samples({})[name]]
    return worlds


def test_what_is_typed_is_judged_only_when_it_has_been_typed():
    for name, rule in GUARDS.items():
        typed = any(fact.startswith("in_") for fact in rule.reads)
        assert rule.on_input is typed, name
        assert rule.check.__doc__, name


def test_every_fact_is_read_by_some_rule():
    assert {fact for rule in GUARDS.values() for fact in rule.reads} == set(FACTS)
