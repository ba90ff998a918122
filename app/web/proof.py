"""`proven`: a view whose POST asks for the password again, unless it was typed within the last minutes.

What was sent is kept in the page that asks and sent on with the password, so that nothing is typed twice.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import render_template, request
from werkzeug.datastructures import ImmutableMultiDict

from app.authz import viewer
from app.errors import Invalid
from app.i18n import tr
from app.queries.safety import recently_proved
from app.services.prove import prove

View = TypeVar("View", bound=Callable[..., Any])
FIELD = "proof_password"


def proven(view: View) -> View:
    """Put directly above the view, below its marks."""

    @wraps(view)
    def asked(*args: Any, **values: Any) -> Any:
        if request.method != "POST":
            return view(*args, **values)
        fault = ""
        if FIELD in request.form:
            try:
                prove(viewer(), request.form[FIELD])
            except Invalid as wrong:
                fault = tr(wrong.text)
            else:
                request.__dict__["form"] = ImmutableMultiDict(_kept())
                return view(*args, **values)
        elif recently_proved(viewer()):
            return view(*args, **values)
        return render_template("account/prove.html", kept=_kept(), fault=fault, field=FIELD), 422 if fault else 200

    return cast(View, asked)


def _kept() -> list[tuple[str, str]]:
    """What was sent, but for the token and the password."""
    return [pair for pair in request.form.items(multi=True) if pair[0] not in (FIELD, "csrf_token")]
