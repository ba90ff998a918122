"""The committee's rule: every dated version with what it rests on, and a form for a new one with its preview."""

from datetime import date
from typing import Any

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import (
    BooleanField,
    DateField,
    Field,
    HiddenField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange

from app import clock
from app.authz import roles, viewer
from app.errors import Invalid, NotFound
from app.models import CommitteeRule
from app.queries import programmes
from app.queries.committee_rules import programmes_of, rule_in_force, versions
from app.services.enter_committee_rule import enter_committee_rule
from app.web.account.entry import Page
from app.web.account.forms import blame
from app.web.admin import blueprint
from app.web.base_form import HouseForm
from workflows.bad_input import BadInput
from workflows.committee_rules import REASONS, SETTING, rule_of
from workflows.committee_words import MEANING, NAMES, basis_words, preview, sentences
from workflows.text import Text

SEATS = 24


def _select(key: str) -> Any:
    """A choice among the values of `key`, each in words."""
    pairs = [
        SelectChoice(str(value).lower() if isinstance(value, bool) else value, words)
        for value, words in MEANING[key].items()
    ]
    return SelectField(NAMES[key], choices=pairs, validators=[InputRequired()])


class RuleForm(HouseForm):
    """A new version of the rule. One field a key, and one for the article it rests on (empty: a setting)."""

    in_force_on = DateField(Text("시행일", "In force from"), validators=[InputRequired()])
    quorum = _select("quorum")
    recused_count_for_quorum = _select("recused_count_for_quorum")
    base = _select("base")
    threshold = _select("threshold")
    tie = _select("tie")
    chair_votes = _select("chair_votes")
    proxy = _select("proxy")
    secrecy = _select("secrecy")
    late_arrivals = _select("late_arrivals")
    dissent = _select("dissent")
    written_allowed = BooleanField(Text("서면심의를 할 수 있다", "Deliberation in writing is allowed"))
    written_reasons = SelectMultipleField(
        Text("서면심의 사유", "Grounds for it"), choices=[SelectChoice(code, words) for code, words in REASONS.items()]
    )
    written_days = IntegerField(
        Text("서면 의견을 받는 최소 기간", "Replies in writing are accepted for at least"),
        validators=[NumberRange(1, 60)],
    )
    written_call_in = BooleanField(
        Text("위원이 안건을 회의에 부칠 수 있다", "Any member may call the item into a meeting")
    )
    step = HiddenField()
    reason = TextAreaField(Text("개정 사유", "Why it is changed"), validators=[Length(max=1000)])


for _key in NAMES:
    setattr(
        RuleForm,
        f"basis_{_key}",
        StringField(Text("근거 조문", "Article of law"), validators=[Length(max=300)]),
    )


@blueprint.get("/admin/committee-rules")
@roles("admin")
def committee_rules() -> str:
    """Every version, the newest first."""
    who = viewer()
    mine = programmes_of(who)
    found = [(row, versions(who, row.key)) for row in programmes.known() if row.key in mine]
    return render_template(
        "admin/committee_rules.html",
        found=found,
        told={row.row.id: _told(row.row) for _, rows in found for row in rows},
        preview={
            row.row.id: preview(rule_of(row.row.rule), SEATS) for _, rows in found for row in rows if row.in_force
        },
        seats=SEATS,
    )


def _told(row: CommitteeRule) -> list[tuple[Text, Text, Text, bool]]:
    """(name, meaning, what it rests on, whether that is a setting) of each key."""
    return [(name, means, *basis_words(row.basis[key])) for key, name, means in sentences(rule_of(row.rule))]


@blueprint.route("/admin/committee-rules/<programme>/new", methods=["GET", "POST"])
@roles("admin")
def new_committee_rule(programme: str) -> Page | Response:
    """A new version: shown in words first, then entered."""
    who = viewer()
    if programme not in programmes_of(who):
        raise NotFound
    current = rule_in_force(programme, clock.today())
    form = RuleForm(data=_typed(current) if current else {"in_force_on": clock.today()})
    shown: list[Text] = []
    if form.validate_on_submit():
        rule = _rule(form)
        try:
            if form.step.data != "enter":
                shown = preview(rule_of(rule), SEATS)
            else:
                day: date = form.in_force_on.data
                number = enter_committee_rule(who, programme, day, rule, _basis(form, current), form.reason.data or "")
                flash((f"제{number}판을 등록하였습니다.", f"Version {number} is entered."), "success")
                return redirect(url_for("admin.committee_rules"), 303)
        except Invalid as fault:
            blame(form, fault)
        except BadInput as fault:
            form.form_errors.append(fault.text)
    named = next(row for row in programmes.known() if row.key == programme)
    page = render_template(
        "admin/committee_rule.html", form=form, programme=named, shown=shown, keys=_fields(form), seats=SEATS
    )
    return (page, 422) if form.errors else page


def _fields(form: RuleForm) -> list[tuple[list[Field], Field]]:
    """For each key its fields and the one of its basis."""
    written = [form.written_allowed, form.written_reasons, form.written_days, form.written_call_in]
    return [(written if key == "written" else [form[key]], form[f"basis_{key}"]) for key in NAMES]


def _rule(form: RuleForm) -> dict[str, Any]:
    rule: dict[str, Any] = {key: form[key].data for key in NAMES if key != "written"}
    for key in ("recused_count_for_quorum", "chair_votes"):
        rule[key] = rule[key] == "true"
    rule["written"] = {
        "allowed": bool(form.written_allowed.data),
        "reasons": list(form.written_reasons.data or []),
        "window_days_min": form.written_days.data,
        "call_in": bool(form.written_call_in.data),
    }
    return rule


def _typed(row: CommitteeRule) -> dict[str, Any]:
    rule = dict(row.rule)
    written = rule.pop("written")
    values = {key: str(value).lower() if isinstance(value, bool) else value for key, value in rule.items()}
    basis = {f"basis_{key}": "" if one["article"] == SETTING else one["article"] for key, one in row.basis.items()}
    return (
        values
        | basis
        | {
            "in_force_on": clock.today(),
            "written_allowed": written["allowed"],
            "written_reasons": written["reasons"],
            "written_days": written["window_days_min"],
            "written_call_in": written["call_in"],
        }
    )


def _basis(form: RuleForm, current: CommitteeRule | None) -> dict[str, dict[str, str]]:
    """The articles as typed. The note of a key stays with it while neither its value nor its article changed."""
    old = current.basis if current else {}
    before = _typed(current) if current else {}
    out = {}
    for key in NAMES:
        article = (form[f"basis_{key}"].data or "").strip()
        same = article == before.get(f"basis_{key}") and (key == "written" or form[key].data == before.get(key))
        note = old.get(key, {}) if same else {}
        out[key] = {"article": article or SETTING, "ko": note.get("ko", ""), "en": note.get("en", "")}
    return out
