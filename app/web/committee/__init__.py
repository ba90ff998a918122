"""The committee face."""

from flask import Blueprint

blueprint = Blueprint("committee", __name__)

from app.web.committee import routes  # noqa: E402, F401  (binds the views)
