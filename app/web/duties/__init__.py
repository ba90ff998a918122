"""The duties face: everything that waits for the person signed in, and the notices sent to him."""

from flask import Blueprint

blueprint = Blueprint("duties", __name__)

from app.web.duties import routes  # noqa: E402, F401  (binds the views)
