"""The demo's words: short, plain and whole. DESIGN §14 asks for a reading age of nine to eleven."""

from __future__ import annotations

import re

import pytest

from backend.demo import content
from tests.backend.test_demo import everything

# A reader of nine to eleven: DESIGN asks for it, and Flesch and Kincaid's grade 6 is its upper edge.
HARDEST = 6.0


def syllables(word: str) -> int:
    """A count by ear: groups of vowels, a silent e at the end not counted."""
    plain = re.sub(r"[^a-z]", "", word.lower())
    groups = len(re.findall(r"[aeiouy]+", plain))
    silent = (plain.endswith("e") and not plain.endswith(("le", "ee"))) or re.search(r"[^td]ed$", plain)
    return max(1, groups - bool(silent))


def grade(words: str) -> float:
    """Flesch and Kincaid's grade level (1975): 0.39 words a sentence + 11.8 syllables a word - 15.59."""
    sentences = [part for part in re.split(r"[.!?:]+", words) if re.search(r"\w", part)]
    found = re.findall(r"[A-Za-z’0-9-]+", words)
    return 0.39 * len(found) / len(sentences) + 11.8 * sum(map(syllables, found)) / len(found) - 15.59


def test_every_telling_of_every_idea_is_in_plain_words():
    for one in content.by_title().values():
        for telling in one.about:
            assert len(telling.split()) >= 8, telling
            assert grade(telling) <= HARDEST, (telling, grade(telling))
    for group in content.groups():
        assert grade(group.about) <= HARDEST, (group.name, grade(group.about))


def test_descriptions_are_in_plain_words():
    for _, activity in everything():
        about = activity.offer.about
        assert len(about.split()) >= 8, activity.key
        assert grade(about) <= HARDEST, (activity.key, grade(about))


def test_the_average_description_is_for_a_reader_of_nine():
    grades = [grade(activity.offer.about) for _, activity in everything()]
    assert sum(grades) / len(grades) < 3


@pytest.mark.parametrize(
    ("words", "lowest", "highest"),
    [
        ("The cat sat on the mat.", -2, 0),
        ("Participants will be facilitated in developing their interpersonal communication competencies.", 20, 40),
    ],
)
def test_the_grade_tells_easy_words_from_hard_ones(words: str, lowest: float, highest: float):
    assert lowest < grade(words) < highest


def test_no_emoji_no_straight_quotes_and_no_holes_in_any_words():
    for path in content.FOLDER.glob("*.toml"):
        text_ = path.read_text(encoding="utf-8")
        assert not re.search("[\U0001f000-\U0001faff☀-➿]", text_), path.name
    for group, activity in everything():
        said = [group.name, group.about, activity.offer.title, activity.offer.about, *activity.offer.at_the_door]
        assert not any(re.search(r"[{}']|  |\.\.", words) for words in said), activity.key
        assert len(activity.offer.at_the_door) == 3
        assert activity.offer.ask_for
        assert activity.offer.ask_for_note
        assert activity.offer.bring
