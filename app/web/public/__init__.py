"""The public face: what everybody may read without an account."""

from flask import Blueprint

blueprint = Blueprint("public", __name__)

from app.web.public import minutes, projects, routes, verify, workflows  # noqa: E402, F401  (binds the views)
