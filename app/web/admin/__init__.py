"""The admin face."""

from flask import Blueprint

blueprint = Blueprint("admin", __name__)

from app.web.admin import routes  # noqa: E402, F401  (binds the views)
