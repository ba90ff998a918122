"""The clerk's agenda: what is ready, tabled in one go, and the order that needs the fewest comings and goings."""

from flask import flash, redirect, render_template
from werkzeug.wrappers import Response
from wtforms import IntegerField, SelectMultipleField

from app.authz import roles, viewer
from app.i18n import Label
from app.queries import sittings
from app.queries.agenda import ready_cases
from app.queries.evaluation import shown
from app.services.plan_times import plan_times
from app.services.table_cases import order_by_recusals, table_cases
from app.web.base_form import HouseForm
from app.web.committee import blueprint
from app.web.committee.forms import choices
from app.web.committee.pages import Answer, carried_out
from workflows.text import Text


class ItemsForm(HouseForm):
    """Which ready cases come on the agenda."""

    numbers = SelectMultipleField(Label("상정할 안건", "Items to table"), validate_choice=False)


@blueprint.route("/sittings/<int:number>/items", methods=["GET", "POST"])
@roles("clerk")
def agenda_items(number: int) -> Answer:
    """Choose among the evaluated cases that stand on no agenda."""
    who = viewer()
    sitting = sittings.sitting_for(who, number, only="clerk")
    ready = ready_cases(who, sitting.programme)
    form = ItemsForm()
    form.numbers.choices = choices(*((row.case.number, row.case.number) for row in ready))
    done: list[int] = []
    if form.validate_on_submit() and carried_out(
        form, lambda: done.append(table_cases(who, number, form.numbers.data or []))
    ):
        flash((f"안건 {done[0]}건을 상정하였습니다.", f"{done[0]} tabled."), "success")
        return redirect(f"/sittings/{number}#agenda", 303)
    page = render_template("committee/agenda_items.html", sitting=sitting, ready=ready, form=form, shown=shown)
    return page, 422 if form.errors else 200


@blueprint.route("/sittings/<int:number>/times", methods=["GET", "POST"])
@roles("clerk")
def agenda_times(number: int) -> Answer:
    """How long each item should take."""
    who = viewer()
    sitting = sittings.sitting_for(who, number, only="clerk")
    items = sittings.agenda_of(who, sitting)
    label = Label("예정 시간", "Planned time")
    fields = {f"minutes_{row.item.id}": IntegerField(label, default=row.item.minutes) for row in items}
    form = type("TimesForm", (HouseForm,), fields)()
    if form.validate_on_submit() and carried_out(
        form,
        lambda: plan_times(who, number, {row.item.id: form[f"minutes_{row.item.id}"].data for row in items}),
    ):
        flash(("안건별 예정 시간을 저장하였습니다.", "The planned times are saved."), "success")
        return redirect(f"/sittings/{number}#agenda", 303)
    page = render_template("committee/agenda_times.html", sitting=sitting, items=items, form=form)
    return page, 422 if form.errors else 200


@blueprint.post("/sittings/<int:number>/order")
@roles("clerk")
def agenda_order(number: int) -> Response:
    """Bring items with the same recusals together."""
    if HouseForm().validate_on_submit():
        order = order_by_recusals(viewer(), number)
        moved = Text("안건 순서를 바꾸었습니다.", "The items are reordered.")
        flash(tuple(moved) if order.better else tuple(order.words), "success" if order.better else "info")
    return redirect(f"/sittings/{number}#agenda", 303)
