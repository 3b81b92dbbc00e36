"""What stands around the pages, and stands when the rest does not."""

from __future__ import annotations

import json
import re

import pytest

from backend.core.errors import Unavailable
from mobile_app import assets


@pytest.mark.parametrize("path", ["/support", "/offline", "/saved", "/about", "/how-we-check"])
def test_pages_that_help_stand_without_a_database(alone, path):
    assert alone.get(path).status_code == 200


def test_support_reaches_a_person_and_leaves_no_trace(alone):
    answer = alone.get("/support")

    for way in ("tel:999", "tel:08001111", "tel:116123", "tel:111", "sms:85258?body=SHOUT"):
        assert f'href="{way}"' in answer.text
    assert "<title>Good Ends</title>" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "data-exit" in answer.text
    # Help comes before words: 999 and three helplines stand above everything else.
    assert answer.text.index("tel:999") < answer.text.index("tel:08001111") < answer.text.index("<details")


def test_no_page_has_inline_style_or_script_or_another_host(alone):
    for path in ("/support", "/offline", "/saved", "/about", "/how-we-check"):
        html = alone.get(path).text
        assert " style=" not in html
        assert not re.search(r"\son\w+=", html)
        assert not re.search(r"<script(?![^>]*\ssrc=)", html)
        for url in re.findall(r'(?:src|href|action)="(https?:[^"]+)"', html):
            assert url.startswith(("http://localhost", "https://www.bbc.co.uk/weather")), url


def test_the_app_can_be_installed(alone):
    answer = alone.get("/manifest.webmanifest")
    manifest = json.loads(answer.text)

    assert answer.mimetype == "application/manifest+json"
    assert (manifest["name"], manifest["display"], manifest["start_url"]) == ("Good Ends", "standalone", "/")
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}
    for icon in manifest["icons"]:
        assert alone.get(icon["src"]).data.startswith(b"\x89PNG")


def test_the_service_worker_keeps_files_and_pages_that_are_there(alone):
    answer = alone.get("/sw.js")
    kept = json.loads(answer.text.removeprefix("const KEPT = ").partition(";\n")[0])

    assert answer.headers["Service-Worker-Allowed"] == "/"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert {"/offline", "/saved", "/support"} <= set(kept["files"])
    for path in kept["files"]:
        assert alone.get(path).status_code == 200, path


def test_built_files_are_kept_for_ever_and_sent_small(alone):
    url = assets.asset("css/app.css")
    plain = alone.get(url, headers={"Accept-Encoding": "identity"})
    small = alone.get(url, headers={"Accept-Encoding": "gzip, br"})

    assert "immutable" in plain.headers["Cache-Control"]
    assert (small.headers["Content-Encoding"], small.mimetype) == ("br", "text/css")
    assert "Accept-Encoding" in small.headers["Vary"]
    assert len(small.data) < len(plain.data) / 4
    assert alone.get(url, headers={"Accept-Encoding": "br;q=0, gzip"}).headers["Content-Encoding"] == "gzip"


def test_a_phone_that_saves_data_is_not_told_to_fetch_the_font(alone):
    usual = alone.get("/about")
    saving = alone.get("/about", headers={"Save-Data": "on"})

    assert "gabarito-800" in usual.text
    assert "gabarito-800" not in saving.text
    assert '<html lang="en-GB" class="plain">' in saving.text
    assert "Save-Data" in usual.headers["Vary"]


def test_a_page_carries_the_drawings_it_uses_and_no_others(alone):
    for path in ("/support", "/saved", "/about"):
        html = alone.get(path).text
        used = set(re.findall(r'href="#i-([\w-]+)"', html))
        carried = set(re.findall(r'id="i-([\w-]+)"', html))
        assert used <= carried
        if path == "/about":
            assert used == carried
            assert "<pattern" not in html


def test_no_page_sets_a_cookie(alone):
    for path in ("/support", "/saved", "/about", "/offline"):
        assert "Set-Cookie" not in alone.get(path).headers


def test_an_address_that_is_not_there_answers_in_plain_words(alone):
    answer = alone.get("/nope")

    assert answer.status_code == 404
    assert "This stop’s not in service" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_method_that_is_not_there_says_which_are(alone):
    answer = alone.post("/about")

    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize(("fault", "status"), [(RuntimeError("secret"), 500), (Unavailable(), 503)])
def test_a_fault_of_ours_is_said_in_words_and_tells_no_secret(alone, monkeypatch, fault, status):
    def broken():
        raise fault

    monkeypatch.setitem(alone.application.view_functions, "mobile_app.about", broken)
    answer = alone.get("/about")

    assert answer.status_code == status
    assert "secret" not in answer.text
    assert "Childline" in answer.text
    assert answer.headers.get("Retry-After") == (str(Unavailable.retry_after) if status == 503 else None)
