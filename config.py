"""Settings, one class per environment, read from the process environment.

KCITY_ENV       demo | development | testing | production (default: demo)
SECRET_KEY      signs cookies and tokens; required in production, where it has no default
DATABASE_URL    default: SQLite under KCITY_DATA_DIR
KCITY_DATA_DIR  where the embedded database and the documents live (default: ./var)
KCITY_BASE_URL  address put into mails (required in production)
KCITY_HOSTS     comma separated host names that may be asked for (required in production)
KCITY_SMTP      host:port of the mail server; empty: mails stay in the delivery table, marked as not sent
KCITY_MAIL_FROM sender address
KCITY_SECOND_FACTOR roles that must sign in with a second factor (production: officer,clerk,minister,admin)
"""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent


def _need(name: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise RuntimeError(f"{name} must be set in production: see config.py")
    return value


class Config:
    """What every environment shares."""

    ENV = "development"
    TESTING = False
    DEMO = False
    HTTPS = False
    NOTICE = True

    MAX_CONTENT_LENGTH = 52 * 1024 * 1024
    MAX_FORM_MEMORY_SIZE = 2 * 1024 * 1024
    MAX_FORM_PARTS = 2000
    UPLOAD_LIMIT = 50 * 1024 * 1024
    FILES_PER_CASE_LIMIT = 500 * 1024 * 1024
    PAGE_SIZE = 25

    SESSION_IDLE_MINUTES = 60
    SESSION_HOURS = 12
    TOKEN_MINUTES = 60
    PROOF_MINUTES = 10
    """How long a typed password counts as proof for what weighs most (deciding, roles, signing, disabling)."""
    SECOND_FACTOR_ROLES: frozenset[str] = frozenset()
    """Who must have a second factor to work (KCITY_SECOND_FACTOR, comma separated; off in the demo)."""
    WTF_CSRF_TIME_LIMIT = None
    WTF_I18N_ENABLED = False
    SESSION_COOKIE_HTTPONLY = True
    SESSION_COOKIE_SAMESITE = "Lax"
    WRITERS = 6
    """How many requests may wait to write at once; below the thread count so that readers never starve."""
    WRITE_PATIENCE = 10.0
    """Seconds a writer waits for its turn before the answer is 503 with Retry-After."""

    def __init__(self) -> None:
        self.DATA_DIR = Path(os.environ.get("KCITY_DATA_DIR", ROOT / "var"))
        self.SECRET_KEY = os.environ.get("SECRET_KEY", "")
        default = f"sqlite:///{self.DATA_DIR / 'kcity.sqlite'}"
        url = os.environ.get("DATABASE_URL", default)
        self.SQLALCHEMY_DATABASE_URI = url.replace("postgresql://", "postgresql+psycopg://", 1)
        self.SQLALCHEMY_ENGINE_OPTIONS = {"pool_pre_ping": not url.startswith("sqlite")}
        self.BASE_URL = os.environ.get("KCITY_BASE_URL", "http://127.0.0.1:8000")
        hosts = os.environ.get("KCITY_HOSTS", "127.0.0.1,localhost")
        self.HOSTS = frozenset(host.strip() for host in hosts.split(",") if host.strip())
        self.SMTP = os.environ.get("KCITY_SMTP", "")
        self.MAIL_FROM = os.environ.get("KCITY_MAIL_FROM", "no-reply@kcity.test")
        self.SESSION_COOKIE_SECURE = self.HTTPS
        self.SESSION_COOKIE_NAME = "__Host-kcity" if self.HTTPS else "kcity_http"
        if not self.SECRET_KEY:
            self.SECRET_KEY = self.local_key()

    def local_key(self) -> str:
        """A key of this installation's own, made at first use and kept under the data folder."""
        path = self.DATA_DIR / "secret-key"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            path.write_text(os.urandom(32).hex())
        return path.read_text()


class Demo(Config):
    """The system anyone may look at: demo accounts, http on loopback."""

    ENV = "demo"
    DEMO = True


class Development(Config):
    """A developer's machine."""


class Testing(Config):
    """The test suite."""

    ENV = "testing"
    TESTING = True
    WTF_CSRF_CHECK_DEFAULT = True

    def local_key(self) -> str:
        """Tests never touch the disk for a key."""
        return "testing-only-" + "k" * 32


class Production(Config):
    """A ministry's installation: https, and no defaults for what must be secret."""

    ENV = "production"
    HTTPS = True
    NOTICE = False

    def __init__(self) -> None:
        for name in ("SECRET_KEY", "KCITY_BASE_URL", "KCITY_HOSTS", "DATABASE_URL"):
            _need(name)
        asked = os.environ.get("KCITY_SECOND_FACTOR", "officer,clerk,minister,admin")
        self.SECOND_FACTOR_ROLES = frozenset(role.strip() for role in asked.split(",") if role.strip())
        if len(_need("SECRET_KEY")) < 32:
            raise RuntimeError("SECRET_KEY must have at least 32 characters")
        super().__init__()


CLASSES: dict[str, type[Config]] = {
    "demo": Demo,
    "development": Development,
    "testing": Testing,
    "production": Production,
}


def current() -> Config:
    """The settings of this process."""
    name = os.environ.get("KCITY_ENV", "demo")
    if name not in CLASSES:
        raise RuntimeError(f"KCITY_ENV is {name!r}; it must be one of {', '.join(CLASSES)}")
    return CLASSES[name]()
