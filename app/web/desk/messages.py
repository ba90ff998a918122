"""The conversation between applicant and secretariat, on the record."""

from flask import redirect, render_template

from app.authz import on_case, viewer
from app.errors import NotFound
from app.queries.messages import messages_of
from app.services.write_message import write_message
from app.web.desk import blueprint, forms
from app.web.desk.common import View, carried, page_for


@blueprint.route("/cases/<number>/messages", methods=["GET", "POST"])
@on_case()
def messages(number: str) -> View:
    """All messages, newest last, and a place to write one."""
    form = forms.Write()
    if (
        form.is_submitted()
        and form.validate_on_submit()
        and carried(
            form,
            lambda: write_message(viewer(), number, form.text.data.strip(), once=form.once.data),
            "메시지를 보냈습니다.",
            "The message is sent.",
        )
    ):
        return redirect(f"/cases/{number}/messages#last", 303)
    page = page_for(number)
    if not (page.standing.inside or page.standing.applicant):
        raise NotFound
    offer = next((o for o in page.offers if o.trigger == "write_message"), None)
    may = offer is not None and offer.allowed
    shown = {"page": page, "form": form, "lines": messages_of(page.case), "may": may}
    return render_template("desk/messages.html", **shown), 422 if form.is_submitted() else 200
