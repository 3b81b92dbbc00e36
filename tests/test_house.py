"""The house's own rules, held by tests."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

from flask import Flask

from backend.core.db import Base

ROOT = Path(__file__).parents[1]
ROOMS = ("backend", "mobile_api", "mobile_app", "web", "wsgi.py", "gunicorn.conf.py", "tools", "bench")


def sources() -> list[Path]:
    """Python files that are ours, tracked or about to be."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *ROOMS],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    return [ROOT / name for name in listed if name.endswith(".py") and (ROOT / name).exists()]


def inventory() -> dict[str, tuple[str, str]]:
    """What docs/data-inventory.md says: table → (columns about people, how long)."""
    rows = re.findall(r"^\| (\w+) \| (.*?) \| .*? \| (.*?) \| .*? \|$", (ROOT / "docs/data-inventory.md").read_text(), re.M)
    return {table: (people, kept) for table, people, kept in rows if table != "table"}


def test_every_table_is_in_the_data_inventory_with_a_time_after_which_it_goes() -> None:
    told = inventory()
    assert set(Base.metadata.tables) | {"alembic_version"} == set(told)
    assert all(kept.strip() for _, kept in told.values())


def test_every_column_that_sounds_like_a_person_is_in_the_data_inventory() -> None:
    personal = re.compile(r"phone|email|mail|person|_by$|ask_for|first_name|birth|age$|token|secret|ip$")
    told = inventory()
    missing = [
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if personal.search(column.name) and column.name not in told[table.name][0]
    ]
    assert missing == []


def test_the_data_inventory_names_only_columns_that_exist() -> None:
    for table, (people, _) in inventory().items():
        if table in Base.metadata.tables and people != "–":
            assert set(people.split(", ")) <= set(Base.metadata.tables[table].columns.keys()), table


# Who may use each route. Signing in comes with the console; until then all of it is public reading.
ANYONE = {
    "health.health",
    "health.ready",
}
PUBLIC_DOORS = ("mobile_app.", "mobile_api", "api")


def test_every_route_says_who_may_use_it_and_public_ones_only_read(site: Flask) -> None:
    for rule in site.url_map.iter_rules():
        view = site.view_functions[rule.endpoint]
        assert rule.endpoint in ANYONE or rule.endpoint.startswith(PUBLIC_DOORS), f"{rule.endpoint} is in no matrix"
        assert rule.methods <= {"GET", "HEAD", "OPTIONS"}, f"{rule.endpoint} writes, so it needs a rule of its own"
        if rule.endpoint != "mobile_app.static":
            assert "Anyone may" in (view.__doc__ or ""), f"{rule.endpoint} does not say who may use it"


def test_no_file_is_longer_than_300_lines_and_no_function_than_40() -> None:
    long_files = {str(p.relative_to(ROOT)): n for p in sources() if (n := len(p.read_text().splitlines())) > 300}
    long_functions = [
        f"{path.relative_to(ROOT)}:{node.name}"
        for path in sources()
        if "migrations" not in path.parts
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno + 1 > 40
    ]
    assert long_files == {}
    assert long_functions == []


def test_nothing_of_this_machine_or_of_a_registry_is_in_the_project() -> None:
    marks = re.compile(r"index-url|registry\.npmjs|pythonhosted|/root/|pypi\.org")
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    found = [
        name
        for name in tracked
        if name not in {"tests/test_house.py", "Makefile"}
        and (ROOT / name).is_file()
        and marks.search((ROOT / name).read_text(errors="ignore"))
    ]
    assert found == []
