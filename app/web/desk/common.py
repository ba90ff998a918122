"""What the pages of an act share: may this person do it now, and if not why; doing it, and showing a refusal."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from flask import flash, redirect, render_template, request
from werkzeug.wrappers import Response
from wtforms import HiddenField

from app.authz import viewer
from app.errors import Invalid, NotFound, Stale
from app.i18n import t
from app.models import Case
from app.queries.case_page import CasePage, case_page
from app.queries.cases import case_for
from app.web.base_form import HouseForm
from workflows.engine import Refused
from workflows.schema import Transition
from workflows.text import Reason, because

View = Response | str | tuple[str, int]


class ActForm(HouseForm):
    """A form made from one state of a case: an older page is told so."""

    revision = HiddenField()

    @property
    def seen(self) -> int:
        """The `seq` the page was made from; -1 for nonsense, which is stale."""
        text = self.revision.data or ""
        return int(text) if text.isdigit() and len(text) < 12 else -1


class Stand:
    """One act on one case for this viewer. Gathered only when it is shown: an act carried out needs none of it."""

    def __init__(self, number: str, trigger: str) -> None:
        self.number = number
        self.trigger = trigger

    @cached_property
    def case(self) -> Case:
        """The case; NotFound if this viewer may not know of it."""
        return case_for(viewer(), self.number)

    @property
    def seq(self) -> str:
        """What a new form carries as its revision; a form that comes back carries its own."""
        return "" if request.method == "POST" else str(self.case.seq)

    @cached_property
    def page(self) -> CasePage:
        """The case as this viewer sees it."""
        return case_page(viewer(), self.case)

    @cached_property
    def transition(self) -> Transition:
        """The act as the definition has it.

        Raises:
            NotFound: it is never this viewer's on this case.
        """
        found = [t for t in self.page.definition.transitions if t.trigger == self.trigger]
        if not found or not self.page.standing.roles & set(found[0].who):
            raise NotFound
        return found[0]

    @cached_property
    def blocked(self) -> Reason | None:
        """Why it is not possible now, or None."""
        offer = next((o for o in self.page.offers if o.trigger == self.transition.trigger), None)
        if offer is not None:
            return offer.reason
        label = self.page.state.label
        return because(
            "not_from_this_state",
            f"‘{label.ko}’ 단계에서는 처리할 수 없습니다.",
            f"This cannot be done while the case is “{label.en}”.",
        )


def page_for(number: str) -> CasePage:
    """The case as this viewer sees it, if he reads its papers.

    Raises:
        NotFound: he does not, or it is a draft.
    """
    who = viewer()
    page = case_page(who, case_for(who, number))
    if not page.standing.papers or page.case.state == "DRAFT":
        raise NotFound
    return page


def carried(form: HouseForm, do: Callable[[], Any], ko: str, en: str) -> bool:
    """Do it and say so; a refusal or a bad field goes into the form with all that was typed.

    Raises:
        NotFound: it is never this person's act.
        Stale: with what was typed, so that the 409 page shows it.
    """
    try:
        do()
    except Refused as no:
        if no.reason.code == "not_your_role":
            raise NotFound from no
        form.form_errors.append(no.reason)
    except Invalid as bad:
        field = form._fields.get(bad.field)
        if field is None:
            form.form_errors.append(bad.text)
        else:
            field.errors = [*field.errors, bad.text]
    except Stale as old:
        raise Stale(yours=_typed(form), theirs=old.theirs) from old
    else:
        flash((ko, en), "success")
        return True
    return False


def _typed(form: Any) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for field in form:
        if field.type == "FieldList":
            texts = [text for entry in field.entries for text in _typed(entry.form).values()]
            out[str(field.label.text)] = "\n\n".join(texts)
        elif field.type in ("TextAreaField", "StringField", "DateField") and field.data:
            out[str(field.label.text)] = str(field.data)
    return out


def act_view(
    on: Stand,
    form: ActForm,
    do: Callable[[], Any],
    *,
    done: tuple[str, str],
    template: str = "desk/act.html",
    back: str = "",
    prepare: Callable[[], dict[str, Any]] | None = None,
    **more: Any,
) -> View:
    """The life of one act's page: blocked with its reason, shown, refused with what was typed, or done.

    `prepare` gathers what only the shown page needs (choices, lists); an act carried out does without it.
    """
    back = back or f"/cases/{on.number}"
    status = 200
    if form.is_submitted():  # also when blocked: a repeated POST of what was done leads where the first one led
        if form.validate_on_submit() and carried(form, do, *done):
            return redirect(back, 303)
        status = 422
    _ = on.blocked  # whose act it never is, is told nothing
    more |= prepare() if prepare else {}
    shown = {"page": on.page, "on": on, "form": form, "back": back, "limits": limits(form), **more}
    return render_template(template, **shown), status


def limits(form: Any) -> dict[str, int]:
    """How many characters each field takes, as its own validators say."""
    found = {f.short_name: v.max for f in form for v in f.validators if getattr(v, "max", 0) > 0}
    return {name: limit for name, limit in found.items() if limit}


def choose(ko: str = "선택하십시오", en: str = "Choose") -> tuple[str, str]:
    """The empty first choice: nothing is preselected."""
    return "", f"– {t(ko, en)} –"
