"""A forger who has a key and makes every hash agree: the arithmetic and the rules still tell."""

import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from app.services.signing_keys import signer
from tests.dossier.conftest import Sample
from tests.dossier.forger import Forger, fingerprint, listed, members, refusal, verifier, written, zipped


def _flip(choice: str) -> str:
    return "no" if choice == "yes" else "yes"


def opened_otherwise(forger: Forger) -> None:
    row = forger.rows("opened_ballot")[0]
    forger.change("opened_ballot", choice=_flip(row["choice"]))


def opened_otherwise_with_a_fitting_commitment(forger: Forger) -> None:
    row = forger.rows("opened_ballot")[0]
    choice = _flip(row["choice"])
    content = {"choice": choice, "item": row["item_id"], "round": row["round"], "salt": row["salt"]}
    committed = fingerprint({**content, "voter": row["user_id"]})
    at = next(i for i, one in enumerate(forger.rows("ballot")) if one["commitment"] == row["commitment"])
    forger.change("ballot", at, commitment=committed)
    forger.change("opened_ballot", choice=choice, commitment=committed)


def a_ballot_left_out(forger: Forger) -> None:
    forger.drop("opened_ballot")


def counted_otherwise(forger: Forger) -> None:
    counts = forger.rows("resolution")[0]["counts"]
    forger.change("resolution", counts={**counts, "yes": counts["yes"] + 1, "no": counts["no"] - 1})


def more_present(forger: Forger) -> None:
    counts = forger.rows("resolution")[0]["counts"]
    forger.change("resolution", counts={**counts, "present": counts["present"] + 1})


def another_majority(forger: Forger) -> None:
    told = forger.rows("resolution")[0]["verdict"]
    forger.change("resolution", verdict={**told, "needed": told["needed"] - 1})


def no_quorum_needed(forger: Forger) -> None:
    told = forger.rows("resolution")[0]["verdict"]
    forger.change("resolution", verdict={**told, "quorum_needed": 1})


def resolved_otherwise(forger: Forger) -> None:
    forger.change("resolution", outcome="reject")


def another_amount_resolved(forger: Forger) -> None:
    forger.change("resolution", amount_krw=forger.rows("resolution")[0]["amount_krw"] + 1)


def a_conflicted_member_counted(forger: Forger) -> None:
    voter = forger.rows("opened_ballot")[0]["user_id"]
    rows = forger.rows("declaration")
    at = next(i for i, row in enumerate(rows) if (row["user_id"], row["capacity"]) == (voter, "member"))
    forger.change("declaration", at, answer="conflict")


def a_member_off_the_roster(forger: Forger) -> None:
    voter = forger.rows("opened_ballot")[0]["user_id"]
    at = next(i for i, row in enumerate(forger.rows("roster_entry")) if row["user_id"] == voter)
    forger.drop("roster_entry", at)


def a_score_changed(forger: Forger) -> None:
    scores = forger.rows("score_sheet")[0]["scores"]
    key = sorted(scores)[0]
    scores[key]["score"] = str(float(scores[key]["score"]) + 1)
    forger.change("score_sheet", scores=scores)


def another_total(forger: Forger) -> None:
    forger.change("ranking", total="99.0000")


def another_exact_score(forger: Forger) -> None:
    result = forger.rows("ranking")[0]["result"]
    key = sorted(result["exact"])[0]
    forger.change("ranking", result={**result, "exact": {**result["exact"], key: "99"}})


def another_cut_off(forger: Forger) -> None:
    forger.change("ranking", below_cutoff=not forger.rows("ranking")[0]["below_cutoff"])


def a_conflicted_evaluator_counted(forger: Forger) -> None:
    who = forger.rows("ranking")[0]["sheets"][0]["user"]
    rows = forger.rows("declaration")
    at = next(i for i, row in enumerate(rows) if (row["user_id"], row["capacity"]) == (who, "evaluator"))
    forger.change("declaration", at, answer="conflict")


def more_money_decided(forger: Forger) -> None:
    forger.change("decision", amount_krw=forger.rows("decision")[0]["amount_krw"] + 1)


def more_money_reserved(forger: Forger) -> None:
    forger.change("allocation", amount_krw=forger.rows("allocation")[0]["amount_krw"] + 1)


def a_lower_cap(forger: Forger) -> None:
    forger.change("allocation", cap_krw=forger.rows("allocation")[0]["amount_krw"] - 1)


def more_money_on_the_case(forger: Forger) -> None:
    forger.change("case", awarded_krw=forger.rows("case")[0]["awarded_krw"] + 1)


def a_smaller_envelope(forger: Forger) -> None:
    envelope = forger.read("money/envelope.json")
    forger.write("money/envelope.json", {**envelope, "amount_krw": envelope["committed_krw"] - 1})


def an_envelope_that_does_not_add_up(forger: Forger) -> None:
    envelope = forger.read("money/envelope.json")
    forger.write("money/envelope.json", {**envelope, "committed_krw": envelope["committed_krw"] - 1})


def another_condition(forger: Forger) -> None:
    forger.change("condition", text="Nothing need be done.")


def a_condition_left_out(forger: Forger) -> None:
    forger.drop("condition")


def a_departure_unsaid(forger: Forger) -> None:
    forger.change("decision", departs=True)


def another_letter(forger: Forger) -> None:
    content = forger.rows("letter")[0]["content"]
    forger.change("letter", content={**content, "decision": {"ko": "거부한다.", "en": "It is refused."}})


def another_text_of_the_letter(forger: Forger) -> None:
    name = "letters/decision.en.txt"
    forger.files[name] = forger.files[name].replace(b"KRW", b"USD")


def another_application(forger: Forger) -> None:
    forger.change("version", answers={**forger.rows("version")[0]["answers"], "city": "Elsewhere"})


def a_step_left_out(forger: Forger) -> None:
    events = forger.read("events.json")
    at = next(i for i, event in enumerate(events) if event["trigger"] == "open_item")
    gone = events.pop(at)
    for later in events[at:]:
        later["seq"] -= 1
    events[at]["seals"] = {**gone["seals"], **events[at]["seals"]}
    forger.write("events.json", events)


def a_step_by_somebody_else(forger: Forger) -> None:
    forger.edit_events(lambda event: event.update(roles=["applicant"]) if event["trigger"] == "approve" else None)


def another_state(forger: Forger) -> None:
    forger.change("case", state="RETURNED")


def another_procedure(forger: Forger) -> None:
    forger.files["rules/procedure.yaml"] += b"\n"


def another_sitting(forger: Forger) -> None:
    sittings = forger.read("committee/sittings.json")
    sittings[0]["row"]["seats"] -= 1
    forger.write("committee/sittings.json", sittings)


def a_voter_without_a_vote(forger: Forger) -> None:
    voter = forger.rows("opened_ballot")[0]["user_id"]
    at = next(i for i, row in enumerate(forger.rows("roster_entry")) if row["user_id"] == voter and row["entitled"])
    forger.change("roster_entry", at, entitled=False)


def another_rule_for_the_vote(forger: Forger) -> None:
    rule = forger.rows("resolution")[0]["rule"]
    forger.change("resolution", rule={**rule, "recused_count_for_quorum": not rule["recused_count_for_quorum"]})


def a_vote_put_aside_as_late(forger: Forger) -> None:
    at, gone = next((i, row) for i, row in enumerate(forger.rows("opened_ballot")) if row["choice"] == "abstain")
    ballot = next(i for i, row in enumerate(forger.rows("ballot")) if row["commitment"] == gone["commitment"])
    forger.change("opened_ballot", at, counted=False)
    forger.change("ballot", ballot, late=True)
    counts = forger.rows("resolution")[0]["counts"]
    told = {"abstain": counts["abstain"] - 1, "not_voting": counts["not_voting"] + 1}
    forger.change("resolution", counts={**counts, **told})


def a_paper_that_one_person_typed_twice(forger: Forger) -> None:
    forger.change("ballot", channel="paper", entered_by=7, confirmed_by=7)


def a_decision_on_a_void_vote(forger: Forger) -> None:
    made = forger.rows("decision")[0]["resolution_id"]
    vote = forger.rows("resolution")[0]
    row = {"case_id": vote["case_id"], "item_id": vote["item_id"], "round": vote["round"], "resolution_id": made,
           "code": "other", "reason": "-", "voided_by": 7, "voided_at": vote["resolved_at"]}  # fmt: skip
    forger.add("voided_vote", row)


def a_sheet_left_out(forger: Forger) -> None:
    ranking = forger.rows("ranking")[0]
    sheets = {row["id"]: row["row"]["scores"] for row in forger.read("record/score_sheet.json")}
    kept = ranking["sheets"][1:]
    parts = {line["stage"]: part for line in kept for part in ranking["rule"]["parts"] if part["key"] == line["stage"]}
    arithmetic = verifier()
    exact = dict(ranking["result"]["exact"])
    for key, part in parts.items():
        exact[key] = str(
            arithmetic.aggregate(part, [arithmetic.total_of(sheets[o["id"]]) for o in kept if o["stage"] == key])
        )
    total = arithmetic.four_places(sum(map(Fraction, exact.values())))
    forger.change("ranking", sheets=kept, result={**ranking["result"], "exact": exact}, total=total)
    for at, placing in enumerate(forger.rows("placing") if "record/placing.json" in forger.files else ()):
        mine = [{**one, "total": total} if one["number"] == forger.read("manifest.json")["case"] else one
                for one in placing["entries"]]  # fmt: skip
        forger.change("placing", at, entries=mine)


def the_first_panel_again(forger: Forger) -> None:
    forger.add("ranking", {**forger.rows("ranking")[0], "hearing": 2})


def a_strange_document(forger: Forger) -> None:
    forger.files[f"documents/{'0' * 64}"] = b"x"


LIES: list[Callable[[Forger], None]] = [
    opened_otherwise, opened_otherwise_with_a_fitting_commitment, a_ballot_left_out, counted_otherwise, more_present,
    another_majority, no_quorum_needed, resolved_otherwise, another_amount_resolved, a_conflicted_member_counted,
    a_member_off_the_roster, a_score_changed, another_total, another_exact_score, another_cut_off,
    a_conflicted_evaluator_counted, more_money_decided, more_money_reserved, a_lower_cap, more_money_on_the_case,
    a_smaller_envelope, an_envelope_that_does_not_add_up, another_condition, a_condition_left_out, a_departure_unsaid,
    another_letter, another_text_of_the_letter, another_application, a_step_left_out, a_step_by_somebody_else,
    another_state, another_procedure, another_sitting, a_voter_without_a_vote, another_rule_for_the_vote, a_vote_put_aside_as_late,
    a_paper_that_one_person_typed_twice, a_decision_on_a_void_vote, a_sheet_left_out, the_first_panel_again,
    a_strange_document,
]  # fmt: skip


@pytest.mark.parametrize("lie", LIES, ids=lambda lie: lie.__name__)
def test_a_lie_in_the_record_is_found_though_every_hash_agrees(
    lie: Callable[[Forger], None], sample: Sample, tmp_path: Path
) -> None:
    forger = Forger(sample.raw)
    lie(forger)
    found = refusal(tmp_path / "d.zip", forger.raw())
    assert found is not None and "makes no sense" not in found, found


def test_a_row_that_no_step_vouches_for_or_that_is_missing_is_found(sample: Sample, tmp_path: Path) -> None:
    forger = Forger(sample.raw)
    entries = forger.read("record/declaration.json")
    forger.write("record/declaration.json", [*entries, {**entries[0], "id": 999_999}])
    assert "no step vouches" in str(refusal(tmp_path / "d.zip", forger.raw()))
    forger = Forger(sample.raw)
    del forger.files["record/condition.json"]
    assert "condition" in str(refusal(tmp_path / "d.zip", forger.raw()))


def test_a_daily_root_that_is_not_of_this_case_is_found(sample: Sample, tmp_path: Path) -> None:
    """With the right key and everything else honest, as only the installation itself could."""
    with sample.app.app_context():
        signs = signer()

        def signed(change: Callable[[Any], None]) -> str | None:
            files = dict(members(sample.raw))
            proofs = json.loads(files["roots.json"])
            change(proofs)
            files = listed({**files, "roots.json": written(proofs)})
            signature = {**json.loads(files["signature.json"]), "signature": signs.sign(files["manifest.json"])}
            return refusal(
                tmp_path / "d.zip", zipped([*list(files.items())[:-1], ("signature.json", written(signature))])
            )

        assert signed(lambda proofs: None) is None
        assert "not the one on record" in str(signed(lambda p: p[0]["leaf"].update(seq=1)))
        assert "does not lead" in str(signed(lambda p: p[0]["path"].reverse()))
        assert signed(lambda p: p[0].update(position=p[0]["position"] + 1)) is not None
        assert "was changed" in str(signed(lambda p: p[0]["root"].update(day="2020-01-01")))
        assert "another case" in str(signed(lambda p: p[0]["leaf"].update(chain="case:KCN-1999-0001")))
        assert "signature of the daily root" in str(signed(lambda p: p[0]["root"].update(signature="0" * 128)))
