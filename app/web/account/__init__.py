"""The account face."""

from flask import Blueprint

blueprint = Blueprint("account", __name__)

from app.web.account import routes  # noqa: E402, F401  (binds the views)
