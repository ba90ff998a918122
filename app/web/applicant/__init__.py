"""The applicant face."""

from flask import Blueprint

blueprint = Blueprint("applicant", __name__)

from app.web.applicant import routes  # noqa: E402, F401  (binds the views)
