"""The house's own rules, held by tests."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select

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
    return [
        ROOT / name
        for name in listed
        if name.endswith(".py") and (ROOT / name).exists() and "/migrations/versions/" not in name
    ]


def inventory() -> dict[str, tuple[str, str]]:
    """What docs/data-inventory.md says: table → (columns about people, how long)."""
    rows = re.findall(
        r"^\| (\w+) \| (.*?) \| .*? \| (.*?) \| .*? \|$", (ROOT / "docs/data-inventory.md").read_text(), re.MULTILINE
    )
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


# Who may use each route: the matrix. Signing in comes with the console; until then everything is public reading, and
# the two that are posted only keep what was typed (a postcode) out of addresses and logs: they write nothing.
ANYONE_READS = {
    "health": "health ready",
    "mobile_api": "activity areas boroughs categories counts one_area one_organisation sessions",
    "mobile_api_pages": "docs every_problem file openapi problem",
    "mobile_app": "about activity activity_calendar base beside cards discover ends every_filter how_we_check manifest "
    "map_page offline organisation picture robots saved session_calendar static support worker",
}
ANYONE_POSTS_BUT_NOTHING_IS_WRITTEN = {"mobile_app.choose", "mobile_app.suggestions"}


def test_every_route_stands_in_the_matrix_with_what_it_may_do(site: Flask) -> None:
    reads = {f"{door}.{name}" for door, names in ANYONE_READS.items() for name in names.split()}
    found = {rule.endpoint: rule.methods - {"HEAD", "OPTIONS"} for rule in site.url_map.iter_rules()}
    assert set(found) == reads | ANYONE_POSTS_BUT_NOTHING_IS_WRITTEN
    assert all(found[endpoint] == {"GET"} for endpoint in reads)
    assert all(found[endpoint] <= {"GET", "POST"} for endpoint in ANYONE_POSTS_BUT_NOTHING_IS_WRITTEN)


def test_what_may_be_posted_writes_nothing(app: Flask) -> None:
    from backend.core.db import reading

    def rows() -> dict[str, int]:
        with reading() as connection:
            return {
                table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
                for table in Base.metadata.sorted_tables
            }

    before = rows()
    client = app.test_client()
    for path in ("/ends", "/ends/suggestions"):
        client.post(path, data={"q": "SE15 4ST", "place": "peckham"})
    assert rows() == before


def test_no_file_is_longer_than_300_lines_and_no_function_than_40() -> None:
    long_files = {str(p.relative_to(ROOT)): n for p in sources() if (n := len(p.read_text().splitlines())) > 300}
    long_functions = [
        f"{path.relative_to(ROOT)}:{node.name}"
        for path in sources()
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
