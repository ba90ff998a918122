"""Papers of the house for the reader: in which file, in which language, under which name."""

import re

from flask import Flask
from flask import Response as FlaskResponse

from app.documents.hwpx import paper_hwpx
from app.documents.paper_model import Paper, worded
from app.documents.paper_pdf import paper_pdf
from app.documents.xlsx import paper_xlsx
from app.errors import NotFound
from app.files import content_disposition
from app.i18n import lang

KINDS = {
    "pdf": ("application/pdf", paper_pdf),
    "hwpx": ("application/hwp+zip", paper_hwpx),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", paper_xlsx),
}


def download(paper: Paper, kind: str) -> FlaskResponse:
    """`paper` as a file of `kind` (pdf, hwpx or xlsx) in the reader's language. Raises NotFound for another kind."""
    if kind not in KINDS:
        raise NotFound
    mimetype, write = KINDS[kind]
    chosen = "en" if lang() == "en" else "ko"
    response = FlaskResponse(write(paper, chosen), mimetype=mimetype)
    name = re.sub(r"[^A-Za-z0-9-]", "-", paper.number).strip("-") or "paper"
    response.headers["Content-Disposition"] = content_disposition(f"{name}-{chosen}.{kind}")
    return response


def register(app: Flask) -> None:
    """What templates/macros/paper.html needs."""
    app.jinja_env.globals.update(worded=worded)
