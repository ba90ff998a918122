"""The extension objects, created once and bound in the factory."""

from flask_login import LoginManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf.csrf import CSRFProtect

from app.base import Base, canonical

db = SQLAlchemy(metadata=Base.metadata, engine_options={"json_serializer": canonical})
"""JSON is stored as it is hashed, so that a changed byte of it shows (app/audit)."""
migrate = Migrate()
login = LoginManager()
csrf = CSRFProtect()
