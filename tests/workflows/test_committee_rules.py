"""A committee's rule as data: whole, at one with itself, in words in both languages; and the tie."""

import re
from itertools import product

import pytest
from pydantic import ValidationError

from workflows.bad_input import BadInput
from workflows.committee_rules import KEYS, SETTING, CommitteeRule, rule_of, settle, shipped_for
from workflows.committee_words import MEANING, NAMES, basis_words, preview, sentences
from workflows.verdict import NATIONAL_COMMITTEE, Counts, decide

SHIPPED = shipped_for("kcity")
assert SHIPPED is not None
RULE = SHIPPED.rule


def changed(**keys: object) -> CommitteeRule:
    return CommitteeRule.model_validate(RULE.model_dump() | keys)


def counts(yes: int, no: int, abstain: int = 0, recused: int = 0) -> Counts:
    return Counts(24, yes + no + abstain + recused, recused, yes, no, abstain, 0)


def test_what_is_shipped_is_the_national_committees_with_a_basis_for_every_key() -> None:
    assert RULE.voting == NATIONAL_COMMITTEE
    assert shipped_for("another") is None and tuple(SHIPPED.basis) == KEYS
    law = {key for key, basis in SHIPPED.basis.items() if basis.article != SETTING}
    assert law == {"quorum", "threshold", "written"}
    for basis in SHIPPED.basis.values():
        words, setting = basis_words(basis.model_dump())
        assert setting is (basis.article == SETTING)
        assert words.ko.startswith(basis.ko if setting else basis.article) and words.en.endswith(basis.en)


@pytest.mark.parametrize("key", KEYS)
def test_every_value_of_every_key_has_its_sentence(key: str) -> None:
    assert NAMES[key].ko and NAMES[key].en
    for words in MEANING.get(key, {}).values():
        assert words.ko.endswith(".") and words.en.endswith(".")
        assert not re.search("[A-Za-z]", words.ko) and not re.search("[가-힣]", words.en)


def test_the_sentences_of_a_rule_stand_in_its_order() -> None:
    assert tuple(key for key, _, _ in sentences(RULE)) == KEYS
    last = sentences(changed(written={"allowed": False, "reasons": [], "window_days_min": 1, "call_in": False}))[-1]
    assert last[2].ko == "서면으로 심의하지 않는다."


def test_the_preview_for_24_members() -> None:
    told = [text.ko for text in preview(RULE, 24)]
    assert told[0] == "위원 24명 가운데 13명이 출석하여야 개의한다."
    assert "13명이 출석하면 7명" in told[1] and "24명이 모두 출석하면 13명" in told[2] and "11명" in told[3]
    assert told[4].endswith("부결된다.")
    assert preview(changed(tie="chair_casts"), 24)[4].ko.endswith("위원장이 결정한다.")
    assert "16명" in preview(changed(threshold="two_thirds"), 24)[2].ko
    assert preview(changed(quorum="none"), 24)[0].ko == "개의에 필요한 인원이 없다."


def test_every_rule_there_can_be_has_a_preview() -> None:
    keys = list(MEANING)
    for values in product(*(MEANING[key] for key in keys)):
        try:
            rule = changed(**dict(zip(keys, values, strict=True)))
        except ValidationError:
            continue
        assert len(preview(rule, 25)) == 5 and len(sentences(rule)) == len(KEYS)


def test_what_is_at_odds_is_refused_by_name() -> None:
    for wrong in (
        {"tie": "chair_casts", "chair_votes": False},
        {"written": {"allowed": True, "reasons": [], "window_days_min": 5, "call_in": True}},
        {"written": {"allowed": True, "reasons": ["minor"], "window_days_min": 0, "call_in": True}},
        {"quorum": "whoever_comes"},
        {"one_more": 1},
    ):
        with pytest.raises(BadInput):
            rule_of(RULE.model_dump(mode="json") | wrong)
    with pytest.raises(BadInput):
        rule_of({})


def test_a_tie_fails_or_is_the_chairs() -> None:
    tied = counts(7, 7)
    failed = settle(tied, RULE, "yes")
    assert (failed.tie, failed.casting, failed.passed) == (True, None, False)
    casting = changed(tie="chair_casts")
    for choice, passed in (("yes", True), ("no", False)):
        found = settle(tied, casting, choice)
        assert (found.tie, found.casting, found.passed) == (True, choice, passed)
        assert "위원장" in found.words.ko and "casting vote" in found.words.en
    for choice in ("abstain", None):
        assert settle(tied, casting, choice).passed is False and settle(tied, casting, choice).casting is None


def test_the_chair_breaks_only_a_real_tie() -> None:
    casting = changed(tie="chair_casts")
    with_abstentions = settle(counts(7, 7, abstain=2), casting, "yes")
    assert (with_abstentions.passed, with_abstentions.casting) == (False, None)
    assert settle(counts(8, 7), casting, "no").passed is True
    assert settle(counts(0, 0, abstain=14), casting, "yes").tie is False
    nobody = settle(Counts(24, 12, 0, 6, 6, 0, 0), casting, "yes")
    assert nobody.verdict.void and not nobody.tie and not nobody.passed


def test_without_a_tie_the_verdict_is_the_verdict() -> None:
    for yes in range(14):
        given = counts(yes, 13 - yes)
        assert settle(given, RULE).passed is decide(given).passed
        assert settle(given, RULE).words == decide(given).words
