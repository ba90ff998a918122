"""The public face."""

from flask import Blueprint

blueprint = Blueprint("public", __name__)

from app.web.public import routes  # noqa: E402, F401  (binds the views)
