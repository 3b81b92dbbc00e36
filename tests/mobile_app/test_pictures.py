"""The pictures of links: drawn, small, kept, and never in the way."""

from __future__ import annotations

import io
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from backend.activities import actions
from mobile_app import drawing, pictures, view
from mobile_app.drawing import Card
from tests import make
from tests.conftest import NOW
from tools import drawings

LARGEST = 60_000  # Bytes: what a chat fetches without a thought.


@pytest.fixture
def boxing(app, at):
    make.calendar()
    activity = make.activity(title="Boxing for beginners")
    make.work()
    return activity


def open_(data: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


def folder(app):
    return app.config["SETTINGS"].data_dir / "pictures"


def test_a_picture_has_the_size_that_chats_expect_and_the_kinds_pattern_on_top(client, boxing):
    answer = client.get(f"/activities/{boxing}/picture.png")
    picture = open_(answer.data).convert("RGB")

    assert answer.content_type == "image/png"
    assert picture.size == (1200, 630)
    assert len(answer.data) <= LARGEST
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    colours = {picture.getpixel((x, 10)) for x in range(0, 1200, 10)}
    coral = (0xFF, 0x74, 0x52)
    assert any(all(abs(a - b) < 12 for a, b in zip(one, coral, strict=True)) for one in colours)


@pytest.mark.parametrize("kind", [*view.KINDS, "unheard-of"])
def test_every_kind_has_its_own_picture(kind):
    data = drawing.draw(Card(kind, "Same title"))

    others = [drawing.draw(Card(other, "Same title")) for other in view.KINDS if other != kind]
    assert data not in others[1:] or kind == "unheard-of"


@pytest.mark.parametrize(
    "title",
    [
        "",
        " ",
        "🎉🎉🎉",
        "مرحبا بكم في النادي",
        "W" * 160,
        "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch " * 2,
        "Çağlar, Łukasz & Nguyễn",
        "e\u0301" * 80,
        "\u202eright to left\u0000\ud800",
        "\n".join("abc"),
    ],
)
def test_no_title_breaks_the_drawing_or_makes_it_large(title):
    lines = ("Every Tuesday, Wednesday and Thursday in the school holidays, 5–7pm, until 12 December", "x" * 300)
    data = drawing.draw(Card("art", title, (("Pay what you can", "sun"),) * 9, lines))

    assert open_(data).size == (1200, 630)
    assert len(data) <= LARGEST


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=160))
def test_any_text_at_all_can_be_drawn(title):
    assert open_(drawing.draw(Card("music", title, (), (title,)))).size == (1200, 630)


def test_letters_outside_basic_latin_are_drawn_and_emoji_are_left_out():
    plain = drawing.draw(Card("music", "Nguyễn"))

    assert drawing.draw(Card("music", "Nguyễn 🎉")) == plain
    assert drawing.draw(Card("music", "Nguyn")) != plain


def test_a_title_that_cannot_be_drawn_gives_way_to_the_name_of_its_kind():
    assert drawing.draw(Card("food", "你好世界")) == drawing.draw(Card("food", "Food and hanging out"))


def test_drawing_is_quick():
    drawing.draw(Card("sport", "Warm the fonts"))
    best = min(_seconds(number) for number in range(4))

    assert best <= 0.15


def _seconds(number: int) -> float:
    start = time.process_time()
    drawing.draw(Card("sport", f"Boxing for beginners {number}", (("Free", "free"),), ("Every Tuesday", "A hall")))
    return time.process_time() - start


def test_a_picture_is_drawn_once_and_kept_until_the_activity_says_something_else(app, client, boxing, monkeypatch):
    first = client.get(f"/activities/{boxing}/picture.png")
    monkeypatch.setattr(drawing, "draw", lambda card: pytest.fail("drawn again"))
    again = client.get(f"/activities/{boxing}/picture.png")
    monkeypatch.undo()
    assert again.data == first.data

    actions.change_offer(activity_id=boxing, offer=make.offer(title="Boxing for everybody"), now=NOW)
    make.work()
    other = client.get(f"/activities/{boxing}/picture.png")

    assert other.data != first.data
    assert other.headers["ETag"] != first.headers["ETag"]
    assert len(list(folder(app).glob(f"{boxing}-*.png"))) == 1, "the old one is gone"


def test_who_has_it_already_is_not_sent_it_again_and_a_versions_address_never_changes(client, boxing):
    answer = client.get(f"/activities/{boxing}/picture.png")
    version = answer.headers["ETag"].strip('"')

    assert client.get(f"/activities/{boxing}/picture.png", headers={"If-None-Match": f'"{version}"'}).status_code == 304
    assert "immutable" in client.get(f"/activities/{boxing}/picture.png?v={version}").headers["Cache-Control"]
    assert "immutable" not in client.get(f"/activities/{boxing}/picture.png?v=old").headers["Cache-Control"]


def test_the_disk_keeps_only_so_many(app, client, boxing, monkeypatch):
    monkeypatch.setattr(pictures, "KEPT", 3)
    for number in range(6):
        pictures._kept(1000 + number, Card("sport", f"Number {number}"))

    assert len(list(folder(app).iterdir())) == 3


def test_a_disk_that_refuses_costs_only_time(app, client, boxing, monkeypatch):
    monkeypatch.setattr(pictures, "_keep", lambda path, data: (_ for _ in ()).throw(OSError("full")))

    assert client.get(f"/activities/{boxing}/picture.png").status_code == 200


@pytest.mark.parametrize(
    ("picture", "sources"),
    [
        (drawings.MOQUETTE.with_suffix(".png"), (drawings.MOQUETTE,)),
        (drawings.APP / "src/art/wordmark.png", (drawings.WORDMARK,)),
        (drawings.APP / "src/public/icons/share.png", (drawings.SCENES, drawings.WORDMARK, drawings.FONT)),
    ],
)
def test_the_drawn_tiles_are_of_the_drawings_as_they_are_now(picture, sources):
    """When this fails, run `.venv/bin/python -m tools.drawings`."""
    with Image.open(picture) as tile:
        assert tile.info["made-from"] == drawings.digest(*sources)


def test_the_front_page_has_a_picture_too(client, app, at):
    assert "/static/icons/share.png" in client.get("/").text
    with client.get("/static/icons/share.png") as answer:
        assert open_(answer.data).size == (1200, 630)
