"""The WSGI entry point: the application behind one trusted proxy when it is served over https."""

import gc

from werkzeug.middleware.proxy_fix import ProxyFix

from app import create_app

app = create_app()
if app.config["HTTPS"]:
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=0)  # type: ignore[method-assign]
gc.collect()
gc.freeze()  # what lives as long as the process need not be looked through again and again,
gc.set_threshold(10_000, 20, 20)  # nor what a request makes and drops, several times within it
