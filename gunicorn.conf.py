"""How gunicorn serves Good Ends. Settings come from the environment; see backend/core/settings.py."""

from __future__ import annotations

from typing import Any

from backend.core.settings import SettingsError, load
from backend.geo import queries as geo

try:
    settings = load()
except SettingsError as error:
    raise SystemExit(f"Good Ends cannot start:\n{error}") from None

bind = f"0.0.0.0:{settings.port}" if settings.production else f"127.0.0.1:{settings.port}"
workers = settings.web_concurrency
worker_class = "gthread"
threads = 8
timeout = 30
graceful_timeout = 20
# Workers are replaced now and then, so that no slow leak lives for ever; the jitter keeps them from going together.
max_requests = 20_000
max_requests_jitter = 2_000
control_socket_disable = True
loglevel = "info" if settings.production else "warning"
accesslog = None
worker_tmp_dir = "/dev/shm"


def post_fork(_server: Any, worker: Any) -> None:
    """Keep addresses of people out of the log: gunicorn names them when a request cannot be read."""
    worker.log.error_log.addFilter(lambda record: "from ip=" not in record.getMessage())


def post_worker_init(worker: Any) -> None:
    """Read the postcodes before a request has to; let one web worker do the later work unless told otherwise."""
    geo.find("peckham")
    if settings.worker_in_process:
        worker.wsgi.extensions["worker"].start_when_free()


def worker_exit(_server: Any, worker: Any) -> None:
    """Let the running job end before the process does."""
    if settings.worker_in_process and getattr(worker, "wsgi", None) is not None:
        worker.wsgi.extensions["worker"].stop()
