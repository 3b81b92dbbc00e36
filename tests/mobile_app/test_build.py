"""What the build may weigh, and that it holds what pages ask for."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest

from mobile_app import assets, view

SOURCE = Path("mobile_app/src")
TEMPLATES = Path("mobile_app/templates")
KB = 1000


def compressed(url: str) -> int:
    path = assets.STATIC / url.removeprefix(assets.URL)
    return len(path.read_bytes()) if path.suffix == ".woff2" else len(gzip.compress(path.read_bytes(), 9))


def test_the_style_sheet_stays_under_13_kb():
    assert compressed(assets.asset("css/app.css")) <= 13 * KB


def test_the_scripts_of_discover_stay_under_22_kb():
    assert sum(compressed(assets.asset(f"js/{name}.js")) for name in ("app", "discover")) <= 22 * KB


def test_a_first_load_of_discover_stays_under_60_kb(client, at):
    from tests import make

    for number in range(20):
        make.activity(title=f"Something good, number {number}")
    make.work()
    html = client.get("/?place=peckham&free=0").text
    assert html.count("<article") == 20

    files = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', html))
    files = {file for file in files if "touch" not in file and "512" not in file}
    whole = len(gzip.compress(html.encode(), 6)) + sum(compressed(file) for file in files)

    assert whole <= 60 * KB


def test_every_icon_that_templates_name_is_in_the_build():
    named = set()
    for template in TEMPLATES.rglob("*.html"):
        named |= set(re.findall(r'icon\("([\w-]+)"', template.read_text()))
    named |= {kind.icon for kind in view.KINDS.values()}

    assert named <= set(assets.built().icons)


def test_every_category_has_a_pattern():
    assert set(view.KINDS) == set(assets.built().moquette)


def test_no_template_has_what_the_content_policy_refuses():
    for template in TEMPLATES.rglob("*.html"):
        html = template.read_text()
        assert " style=" not in html, template
        assert "hx-on" not in html, template
        assert not re.search(r'<script(?![^>]*(src=|type="application/ld\+json"))', html), template


def test_the_lock_file_names_no_registry():
    lock = json.loads(Path("package-lock.json").read_text())
    assert all("resolved" not in package for package in lock["packages"].values())
    assert all("integrity" in package for name, package in lock["packages"].items() if name)


def test_what_was_not_built_says_how(monkeypatch, tmp_path):
    monkeypatch.setattr(assets, "STATIC", tmp_path)
    assets.built.cache_clear()
    with pytest.raises(assets.NotBuilt, match="npm run build"):
        assets.built()
    assets.built.cache_clear()
