"""The interests face: the desk of a case, the register, challenges, and what a person keeps of himself."""

from flask import Blueprint

blueprint = Blueprint("interests", __name__)

from app.web.interests import challenges, desk, own, register  # noqa: E402, F401  (binds the views)
