"""`make run`: one command from an empty folder to Good Ends with something on.

Migrates the database, loads the demo data once, says where to look, and hands over to gunicorn with a worker inside it.
"""

from __future__ import annotations

import os
import socket
import sys

from flask_migrate import upgrade

from backend.core.settings import Settings


def main() -> None:
    """Prepare and serve. Never comes back."""
    os.environ.setdefault("MODE", "demo")
    # Each Flask command would read .env files of its own; settings come from the environment alone.
    os.environ.setdefault("FLASK_SKIP_DOTENV", "1")
    from wsgi import create_app  # noqa: PLC0415  -- only now is MODE set, which importing it may read.

    app = create_app()
    settings: Settings = app.config["SETTINGS"]
    _check_free(settings.port)
    with app.app_context():
        upgrade()
        if settings.mode == "demo":
            _load_demo()
    _greet(settings)
    command = [sys.executable, "-m", "gunicorn", "wsgi:create_app()"]
    os.execv(sys.executable, command)  # noqa: S606  -- no shell is wanted: Ctrl-C must reach gunicorn itself.


def _load_demo() -> None:
    from backend.core import clock, worker  # noqa: PLC0415
    from backend.demo import actions  # noqa: PLC0415

    found = actions.load(now=clock.now())
    if found.fresh:
        print(f"Loaded {found.groups} invented groups with {found.activities} activities.", flush=True)
        worker.run()


def _check_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise SystemExit(
                f"Port {port} is taken. Stop what uses it, or choose another: make run PORT=8001"
            ) from None


def _greet(settings: Settings) -> None:
    where = f"http://127.0.0.1:{settings.port}"
    print(
        f"""
  good ends is on.

  What's on     {where}/?place=peckham
  The API       {where}/api/v1/docs
  Ready?        {where}/ready

  Looking round needs no account, and there is nobody to sign in as yet: the console is still to come.
  Data is in {settings.data_dir}. Ctrl-C ends it.
""",
        flush=True,
    )


if __name__ == "__main__":
    main()
