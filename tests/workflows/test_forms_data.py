"""The forms as published, and what a faulty form is refused for."""

from copy import deepcopy
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from workflows.form_schema import FORMS, FormDefinition, load_form

FORM_IDS = ("kcity-planning", "kcity-demonstration")
DECLARATIONS = ("no_duplicate_funding", "no_construction", "no_debts_or_sanctions", "accurate")


@pytest.mark.parametrize("form_id", FORM_IDS)
def test_a_form_says_its_own_name_and_version(form_id: str) -> None:
    form = load_form(form_id, 1)
    assert (form.id, form.version) == (form_id, 1)
    assert load_form(form_id, 1) is form


def test_a_form_that_does_not_exist_is_not_made_up() -> None:
    with pytest.raises(FileNotFoundError):
        load_form("kcity-planning", 99)


@pytest.mark.parametrize("form_id", FORM_IDS)
def test_a_page_asks_about_one_matter_and_stays_small(form_id: str) -> None:
    assert [section.key for section in load_form(form_id, 1).sections if len(section.fields) > 8] == []


@pytest.mark.parametrize("form_id", FORM_IDS)
def test_all_four_declarations_are_asked(form_id: str) -> None:
    form = load_form(form_id, 1)
    assert [form.field(key).kind for key in DECLARATIONS] == ["declaration"] * 4
    assert [field.key for field in form.section("declarations").fields] == list(DECLARATIONS)


@pytest.mark.parametrize("form_id", FORM_IDS)
def test_nothing_is_asked_twice_in_the_same_words(form_id: str) -> None:
    labels = [field.label.ko for field in load_form(form_id, 1).fields if field.key not in ("other_files",)]
    assert len(labels) == len(set(labels))


@pytest.mark.parametrize("form_id", FORM_IDS)
def test_every_korean_word_is_korean_and_every_english_word_is_not(form_id: str) -> None:
    def hangul(words: str) -> bool:
        return any("가" <= letter <= "힣" for letter in words)

    for section in load_form(form_id, 1).sections:
        for words in (section.title, section.intro, *(f.label for f in section.fields)):
            assert hangul(words.ko) and not hangul(words.en), words


def test_the_official_letter_is_mandatory_for_planning() -> None:
    letter = load_form("kcity-planning", 1).field("official_letter")
    assert letter.required and letter.at_least == 1 and "pdf" in letter.accept


def test_the_priority_rank_is_asked_only_where_several_come_from_one_country() -> None:
    rank = load_form("kcity-planning", 1).field("national_priority_rank")
    assert rank.only_if is not None
    assert (rank.only_if.field, rank.only_if.values) == ("several_from_country", ("yes",))
    assert rank.required


def test_a_demonstration_needs_a_partner_institution_and_its_letter() -> None:
    form = load_form("kcity-demonstration", 1)
    partners = form.field("partner_institutions")
    kinds = next(column for column in partners.columns if column.key == "type").values
    assert partners.required and partners.min == 1
    assert kinds == set("central_government local_government public_institution university private_company".split())
    assert form.field("letter_of_intent").at_least == 1


def test_yes_and_no_are_words_and_not_yaml_booleans() -> None:
    for form_id in FORM_IDS:
        assert {question.ok for question in load_form(form_id, 1).eligibility} == {"yes"}
    assert load_form("kcity-planning", 1).field("has_other_funders").values == {"yes", "no"}


def _form() -> dict[str, Any]:
    return deepcopy(yaml.safe_load((FORMS / "kcity-planning" / "v1.yaml").read_text(encoding="utf-8")))


def _field(form: dict[str, Any], key: str) -> dict[str, Any]:
    return next(field for section in form["sections"] for field in section["fields"] if field["key"] == key)


LABEL = {"ko": "가", "en": "a"}
CHOICE = {"value": "a", "label": LABEL}
DATE = {"key": "a", "kind": "date", "label": LABEL, "required": True}
FAULTS: dict[str, tuple[str, dict[str, Any]]] = {
    "a key nobody knows": ("title_en", {"placeholder": "x"}),
    "only one language": ("title_en", {"label": {"ko": "사업명", "en": " "}}),
    "a choice without choices": ("stage", {"choices": []}),
    "choices where nothing is chosen": ("title_en", {"choices": [CHOICE]}),
    "the same choice twice": ("stage", {"choices": [CHOICE] * 2}),
    "text without a limit": ("title_en", {"max": None}),
    "rows without columns": ("partners", {"columns": []}),
    "columns without rows": ("title_en", {"columns": [DATE]}),
    "rows within rows": ("partners", {"columns": [DATE | {"kind": "declaration"}]}),
    "files of no kind": ("official_letter", {"accept": []}),
    "a required attachment that may be missing": ("official_letter", {"at_least": 0}),
    "a declaration that may be left out": ("accurate", {"required": False}),
    "a condition on a later field": ("title_ko", {"only_if": {"field": "stage", "in": ["idea"]}}),
    "a condition on a value that cannot be given": (
        "national_priority_rank",
        {"only_if": {"field": "several_from_country", "in": ["perhaps"]}},
    ),
    "a key used twice": ("title_ko", {"key": "title_en"}),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_form_does_not_load(fault: str) -> None:
    key, change = FAULTS[fault]
    form = _form()
    FormDefinition.model_validate(form)
    _field(form, key).update(change)
    with pytest.raises(ValidationError):
        FormDefinition.model_validate(form)
