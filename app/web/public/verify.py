"""For who doubts: is this letter genuine, which keys sign, what were the daily roots, and the verifier itself."""

from datetime import date
from pathlib import Path

from flask import Response, current_app, jsonify, render_template, request
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from app.authz import public
from app.errors import NotFound
from app.files import content_disposition
from app.i18n import Label
from app.queries import roots as query
from app.services.verify_letter import verify_letter
from app.web.base_form import HouseForm
from app.web.public import blueprint

PAGE = 30
MOST = 1000
"""Roots in one answer to a program."""


class CodeForm(HouseForm):
    """The code as it is printed; hyphens, spaces and small letters do not matter."""

    code = StringField(Label("문서 확인번호", "Verification code"), validators=[InputRequired(), Length(max=100)])


@blueprint.route("/verify", methods=["GET", "POST"])
@public()
def verify() -> str | tuple[str, int]:
    """Type the code of a letter and learn whether it was issued."""
    form = CodeForm()
    if not form.validate_on_submit():
        page = render_template("public/verify.html", form=form, asked=False, found=None)
        return (page, 422) if request.method == "POST" else page
    found = verify_letter(form.code.data or "", request.remote_addr or "")
    page = render_template("public/verify.html", form=form, asked=True, found=found)
    return page if found else (page, 404)


@blueprint.get("/verify/keys")
@public()
def signing_keys() -> str:
    """The public keys that sign dossiers and daily roots."""
    return render_template("public/keys.html", keys=query.signing_keys())


@blueprint.get("/verify/keys.json")
@public()
def signing_keys_as_json() -> Response:
    """The same for programs: what --key of the verifier takes."""
    rows = query.signing_keys()
    return jsonify(
        algorithm="Ed25519",
        keys=[{"key": r.key_id, "public_key": r.public_key, "made_at": r.made_at.isoformat()} for r in rows],
    )


@blueprint.get("/verify/verify-dossier")
@public()
def verifier() -> Response:
    """The script that checks dossiers, to keep and to run elsewhere."""
    text = (Path(current_app.root_path).parent / "bin" / "verify-dossier").read_bytes()
    response = Response(text, mimetype="text/x-python")
    response.headers["Content-Disposition"] = content_disposition("verify-dossier")
    return response


@blueprint.get("/roots")
@public("before")
def daily_roots() -> str:
    """The daily roots, newest first."""
    rows = query.roots(_before(), PAGE + 1)
    older = rows[PAGE - 1].day if len(rows) > PAGE else None
    return render_template("public/roots.html", roots=rows[:PAGE], older=older, before=_before())


@blueprint.get("/roots.json")
@public("before")
def daily_roots_as_json() -> Response:
    """The same for programs, at most a thousand in one answer; `before` (a day) gives those before it."""
    rows = query.roots(_before(), MOST)
    return jsonify(
        roots=[
            {
                "day": root.day.isoformat(),
                "chains": root.chains,
                "root": root.root,
                "made_at": root.made_at.isoformat(timespec="microseconds"),
                "prev": root.prev_hash,
                "hash": root.hash,
                "key": root.key_id,
                "signature": root.signature,
            }
            for root in rows
        ]
    )


def _before() -> date | None:
    text = request.args.get("before")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as fault:
        raise NotFound from fault
