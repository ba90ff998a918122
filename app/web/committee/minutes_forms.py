"""Forms of the minutes: the clerk's words for each item, a review, a correction, a ruling for each part."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from wtforms import DateField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.i18n import Label
from app.web.base_form import HouseForm
from app.web.committee.forms import choices
from workflows.disclosure import GROUNDS, RULES, Choice
from workflows.minutes import Part

LONGEST = 20_000
FIELDS = ("rule", "ground", "until", "reason")


class DraftForm(HouseForm):
    """Who sat in; the gists are added for each item."""

    revision = HiddenField()
    observers_ko = TextAreaField(Label("배석자", "Also present (Korean)"), validators=[Length(max=2000)])
    observers_en = TextAreaField(Label("배석자 (영문)", "Also present (English)"), validators=[Length(max=2000)])


def draft_form(items: Iterable[int], stored: Mapping[str, Any] | None = None) -> Any:
    """A DraftForm with two fields for each item (ids)."""
    fields = {}
    for item_id in items:
        for lang, label in (("ko", Label("발언 요지", "Gist (Korean)")), ("en", Label("영문", "Gist (English)"))):
            fields[f"gist_{item_id}_{lang}"] = TextAreaField(label, validators=[Length(max=LONGEST)])
    made = type("GistForm", (DraftForm,), fields)
    return made(data=dict(stored or {}))


class ReviewForm(HouseForm):
    """Right, or back."""

    verdict = RadioField(
        Label("검토 결과", "Result of the review"),
        choices=choices(
            ("pass", Label("이상 없음", "Found right")),
            ("return", Label("반려", "Send back")),
        ),
        validators=[InputRequired(Label("하나를 선택해 주십시오.", "Choose one."))],
    )
    reason = TextAreaField(Label("반려 사유", "Reason, if sent back"), validators=[Length(max=2000)])


class SignForm(HouseForm):
    """What is signed: 0 for the minutes, or the number of a correction."""

    correction = HiddenField(default="0")


class CorrectionForm(HouseForm):
    """What is wrong, what is right, why."""

    part = SelectField(Label("정정할 부분", "Part"), validate_choice=False)
    text_ko = TextAreaField(Label("정정할 내용", "Correction (Korean)"), validators=[Length(max=4000)])
    text_en = TextAreaField(Label("정정할 내용 (영문)", "Correction (English)"), validators=[Length(max=4000)])
    reason = TextAreaField(Label("정정 사유", "Reason"), validators=[Length(max=2000)])


def publication_form(parts: Sequence[Part], ruled: Mapping[str, Choice]) -> Any:
    """One ruling a part, as ruled last."""
    fields: dict[str, Any] = {}
    data: dict[str, Any] = {}
    rules = choices(*((key, Label(*words)) for key, words in RULES.items()))
    grounds = choices(("", Label("해당 없음", "None")), *((key, Label(*words)) for key, words in GROUNDS.items()))
    for part in parts:
        choice = ruled[part.key]
        fields[f"{part.key}.rule"] = SelectField(Label("공개 방법", "Disclosure"), choices=rules, validate_choice=False)
        fields[f"{part.key}.ground"] = SelectField(
            Label("근거 (정보공개법 제9조제1항)", "Ground (Art. 9(1))"), choices=grounds, validate_choice=False
        )
        fields[f"{part.key}.until"] = DateField(Label("비공개 종료일", "Closed until"), validators=[Optional()])
        fields[f"{part.key}.reason"] = StringField(Label("사유", "Reason"), validators=[Length(max=500)])
        data |= {f"{part.key}.{name}": getattr(choice, name) for name in FIELDS}
    return type("PublicationForm", (HouseForm,), fields)(data=data)


def ruled_in(form: Any, parts: Sequence[Part]) -> dict[str, Choice]:
    """part -> the ruling as typed."""
    found = {}
    for part in parts:
        rule, ground, until, reason = (form[f"{part.key}.{name}"].data for name in FIELDS)
        found[part.key] = Choice(rule or "", ground or "", until, reason or "")
    return found
