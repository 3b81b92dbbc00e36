"""Settings: read once from the environment, checked, frozen. Unset means production.

Every wrong value is named in one line, and all of them at once, so that a deployment is mended in one go.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

MODES = ("production", "demo", "test")
WORKERS = ("in-process", "separate")
PUBLIC = re.compile(r"https://[a-z0-9-]+(\.[a-z0-9-]+)+(:[0-9]{1,5})?/?", re.IGNORECASE)
DATABASES = ("sqlite", "postgresql", "postgresql+psycopg")


class SettingsError(Exception):
    """One or more settings cannot be used; the text has a line for each."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What this process was told. Paths are absolute; sizes are bytes; times are seconds."""

    mode: str
    port: int
    data_dir: Path
    database_url: str
    redis_url: str | None
    base_url: str
    secret_key: str
    trusted_hosts: tuple[str, ...]
    web_concurrency: int
    worker_in_process: bool

    @property
    def production(self) -> bool:
        return self.mode == "production"

    @property
    def sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")


class _Reader:
    """Reads values and gathers what is wrong with them."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.problems: list[str] = []

    def text(self, name: str, default: str = "") -> str:
        return self.environ.get(name, "").strip() or default

    def number(self, name: str, default: int, low: int, high: int) -> int:
        raw = self.text(name, str(default))
        if not (raw.isascii() and raw.isdigit() and low <= int(raw) <= high):
            self.problems.append(f"{name}={raw!r}: give a whole number from {low} to {high}.")
            return default
        return int(raw)

    def choice(self, name: str, default: str, allowed: tuple[str, ...]) -> str:
        raw = self.text(name, default)
        if raw not in allowed:
            self.problems.append(f"{name}={raw!r}: give one of {', '.join(allowed)}.")
            return default
        return raw

    def url(self, name: str, default: str, schemes: tuple[str, ...]) -> str:
        """A URL, or the default when it cannot be used. It may hold a password, so its value is never repeated."""
        raw = self.text(name, default)
        if raw and _scheme(raw) not in schemes:
            self.problems.append(f"{name}: give a URL that starts with {' or '.join(s + '://' for s in schemes)}.")
            return default
        return raw


def load(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings. Raises SettingsError naming every value that cannot be used."""
    read = _Reader(environ)
    mode = read.choice("MODE", "production", MODES)
    port = read.number("PORT", 8000, 1, 65535)
    data_dir = Path(read.text("DATA_DIR", "instance")).expanduser().absolute()
    _writable(data_dir, read.problems)
    # Heroku and others still hand out postgres://, which means the same thing.
    database = read.url("DATABASE_URL", f"sqlite:///{data_dir}/goodends.db", (*DATABASES, "postgres"))
    redis = read.url("REDIS_URL", "", ("redis", "rediss", "unix"))
    base_url = read.url("BASE_URL", "" if mode == "production" else f"http://127.0.0.1:{port}", ("https", "http"))
    _check_production(read, mode, base_url)
    settings = Settings(
        mode=mode,
        port=port,
        data_dir=data_dir,
        database_url=_psycopg(database),
        redis_url=redis or None,
        base_url=base_url.rstrip("/"),
        secret_key=_secret(read, mode, data_dir),
        trusted_hosts=_hosts(read, mode, base_url),
        web_concurrency=read.number("WEB_CONCURRENCY", 2, 1, 64),
        worker_in_process=read.choice("WORKER", "separate" if mode == "production" else "in-process", WORKERS)
        == "in-process",
    )
    if read.problems:
        raise SettingsError("\n".join(read.problems))
    return settings


def _scheme(url: str) -> str:
    """The scheme of a URL that can be read and says where; else nothing."""
    try:
        parts = urlsplit(url)
        # Reading the port raises for one that is no number; SQLite and sockets have a path and no host.
        named = bool(parts.hostname) or parts.path.startswith("/") or (parts.port or 0) > 0
    except ValueError:
        return ""
    return parts.scheme if named else ""


def _psycopg(url: str) -> str:
    """Name the driver: plain postgresql:// would look for psycopg2."""
    for plain in ("postgres://", "postgresql://"):
        if url.startswith(plain):
            return "postgresql+psycopg://" + url.removeprefix(plain)
    return url


def _writable(folder: Path, problems: list[str]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        problems.append(f"DATA_DIR={str(folder)!r}: cannot be made ({error.strerror}).")
        return
    if not os.access(folder, os.W_OK):
        problems.append(f"DATA_DIR={str(folder)!r}: cannot be written to.")


def _check_production(read: _Reader, mode: str, base_url: str) -> None:
    if mode != "production":
        return
    if not read.text("BASE_URL"):
        read.problems.append("BASE_URL is not set: give the public address, such as https://goodends.example.")
    elif base_url and not PUBLIC.fullmatch(base_url):
        read.problems.append("BASE_URL: production needs https:// and a host, and nothing after it but a port.")


def _secret(read: _Reader, mode: str, data_dir: Path) -> str:
    given = read.text("SECRET_KEY")
    if given and len(given) < 32:
        read.problems.append("SECRET_KEY is too short: give at least 32 characters.")
    if given or mode == "test":
        return given or "test-" * 8
    if mode == "production":
        read.problems.append("SECRET_KEY is not set: give at least 32 random characters.")
        return ""
    return _kept(data_dir / "secret_key", lambda: secrets.token_urlsafe(48))


def _kept(path: Path, make: Callable[[], str]) -> str:
    """A value made once and kept beside the database, readable by its owner alone."""
    try:
        kept = path.read_text(encoding="ascii") if path.exists() else ""
        if len(kept) >= 32:
            return kept
        # Written whole under another name first: a start that is cut short leaves no half of a key behind.
        fresh = path.with_suffix(f".{os.getpid()}")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as new:
            new.write(make())
        fresh.replace(path)
        return path.read_text(encoding="ascii")
    except OSError:
        return make()


def _hosts(read: _Reader, mode: str, base_url: str) -> tuple[str, ...]:
    """The Host headers we answer to: BASE_URL's, those in TRUSTED_HOSTS, and this machine's own outside production."""
    named = [host.strip() for host in read.text("TRUSTED_HOSTS").split(",") if host.strip()]
    own = urlsplit(base_url).hostname
    local = [] if mode == "production" else ["127.0.0.1", "localhost"]
    return tuple(dict.fromkeys([*([own] if own else []), *named, *local]))
