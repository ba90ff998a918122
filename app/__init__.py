"""The application factory."""

from flask import Flask

from config import Config, current


def create_app(config: Config | None = None) -> Flask:
    """An application with the settings of this process, or with `config`."""
    import app.db
    import app.models  # noqa: F401
    from app import api, authz, cli, errors, extensions, i18n, log, security, startup, web

    application = Flask(__name__, template_folder="../templates")
    application.config.from_object(config or current())
    application.config["DATA_DIR"].mkdir(parents=True, exist_ok=True)
    extensions.db.init_app(application)
    extensions.migrate.init_app(application, extensions.db, directory="migrations", render_as_batch=True)
    extensions.login.init_app(application)
    extensions.csrf.init_app(application)
    log.register(application)
    security.register(application)
    i18n.register(application)
    errors.register(application)
    authz.register(application)
    web.register(application)
    application.register_blueprint(api.blueprint)
    cli.register(application)
    startup.check(application)
    return application
