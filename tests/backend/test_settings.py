"""Settings: strict, all problems at once, and production unless told otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend.core.settings import SettingsError, load

PRODUCTION = {"BASE_URL": "https://goodends.example", "SECRET_KEY": "x" * 40}


def test_nothing_set_means_production_and_names_what_it_needs(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        load({"DATA_DIR": str(tmp_path)})
    lines = str(caught.value).splitlines()
    assert any(line.startswith("BASE_URL is not set") for line in lines)
    assert any(line.startswith("SECRET_KEY is not set") for line in lines)


def test_a_full_set_of_production_settings_is_taken(tmp_path: Path) -> None:
    settings = load(PRODUCTION | {"DATA_DIR": str(tmp_path), "DATABASE_URL": "postgres://u:p@db/ends"})
    assert settings.production
    assert settings.database_url == "postgresql+psycopg://u:p@db/ends"
    assert not settings.worker_in_process
    assert settings.trusted_hosts == ("goodends.example",)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "٨٠٠٠"),
        ("MODE", "prod"),
        ("DATABASE_URL", "mysql://u@h/d"),
        ("REDIS_URL", "http://cache"),
        ("BASE_URL", "goodends.example"),
        ("BASE_URL", "http://goodends.example"),
        ("SECRET_KEY", "short"),
        ("WORKER", "yes"),
        ("WEB_CONCURRENCY", "-1"),
    ],
)
def test_a_wrong_value_is_named_in_one_line(name: str, value: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        load(PRODUCTION | {"DATA_DIR": str(tmp_path), name: value})
    assert [line for line in str(caught.value).splitlines() if line.startswith(name)]


def test_a_url_with_a_password_is_never_repeated(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        load(PRODUCTION | {"DATA_DIR": str(tmp_path), "DATABASE_URL": "mysql://ends:hunter2@db/ends"})
    assert "hunter2" not in str(caught.value)


def test_a_data_folder_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="DATA_DIR"):
        load(PRODUCTION | {"DATA_DIR": str(tmp_path / "file")})


def test_the_demo_keeps_one_secret_key_between_starts_readable_by_its_owner_alone(tmp_path: Path) -> None:
    first = load({"MODE": "demo", "DATA_DIR": str(tmp_path)})
    again = load({"MODE": "demo", "DATA_DIR": str(tmp_path)})
    assert first.secret_key == again.secret_key
    assert len(first.secret_key) >= 32
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BASE_URL", "https://"),
        ("BASE_URL", "https:///x"),
        ("BASE_URL", "https://["),
        ("BASE_URL", "https://user:pw@goodends.example"),  # pragma: allowlist secret
        ("BASE_URL", "https://goodends.example?x=1"),
        ("BASE_URL", "https://goodends.example evil"),
        ("DATABASE_URL", "postgresql://["),
        ("DATABASE_URL", "sqlite://"),
        ("REDIS_URL", "redis://:x@["),
    ],
)
def test_a_url_that_cannot_be_read_or_names_no_place_is_one_clear_line(name: str, value: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        load(PRODUCTION | {"DATA_DIR": str(tmp_path), name: value})
    assert [line for line in str(caught.value).splitlines() if line.startswith(name)]
    assert "pw" not in str(caught.value)


def test_a_key_file_that_was_cut_short_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_text("")
    assert len(load({"MODE": "demo", "DATA_DIR": str(tmp_path)}).secret_key) >= 32
