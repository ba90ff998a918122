"""The cases face."""

from flask import Blueprint

blueprint = Blueprint("cases", __name__)

from app.web.cases import routes  # noqa: E402, F401  (binds the views)
