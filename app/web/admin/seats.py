"""The committee's seats: who sits on it, on which side, and who presides."""

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response
from wtforms import BooleanField, EmailField, RadioField, SelectField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, InputRequired

from app.authz import roles, viewer
from app.errors import Invalid
from app.queries import programmes
from app.services.seats import leave_seat, take_seat
from app.web.account.entry import Page, form_page
from app.web.account.forms import blame
from app.web.admin import blueprint
from app.web.base_form import HouseForm
from workflows.text import Text

SIDE_WORDS = {
    "government": Text("정부위원", "Government member"),
    "private": Text("민간위원", "Private member"),
}


class SeatForm(HouseForm):
    """Who takes a seat."""

    programme = SelectField(Text("사업", "Programme"))
    email = EmailField(Text("전자우편 주소", "E-mail address"), validators=[DataRequired()])
    side = RadioField(
        Text("구분", "Side"),
        choices=[SelectChoice(key, words) for key, words in SIDE_WORDS.items()],
        validators=[InputRequired()],
    )
    chair = BooleanField(Text("공동위원장", "Co-chair"))


@blueprint.route("/admin/seats", methods=["GET", "POST"])
@roles("admin")
def seats() -> Page | Response:
    """The seats as they are now, and a form to seat somebody."""
    form = SeatForm()
    form.programme.choices = [SelectChoice(row.key, Text(row.name_ko, row.name_en)) for row in programmes.known()]
    if form.validate_on_submit():
        try:
            take_seat(viewer(), form.programme.data, form.email.data, form.side.data, form.chair.data)
            flash(("위원으로 위촉하였습니다.", "The seat is taken."), "success")
            return redirect(url_for("admin.seats"), 303)
        except Invalid as fault:
            blame(form, fault)
    return form_page("admin/seats.html", form, seats=programmes.seats(viewer()), side_words=SIDE_WORDS)


@blueprint.post("/admin/seats/<int:seat_id>/end")
@roles("admin")
def end_seat(seat_id: int) -> Response:
    """End a seat."""
    leave_seat(viewer(), seat_id)
    flash(("위촉을 끝냈습니다.", "The seat has ended."), "success")
    return redirect(url_for("admin.seats"), 303)
