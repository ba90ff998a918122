"""The desk face."""

from flask import Blueprint

blueprint = Blueprint("desk", __name__)

from app.web.desk import routes  # noqa: E402, F401  (binds the views)
