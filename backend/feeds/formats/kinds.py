"""What the kinds of a family information directory are here: an activity of some category, support, or neither.

The directory holds everything that a family may need: football, stay-and-play, speech therapy, schools.
Only things to go to and do are activities. Support has an area of its own; schools and childcare are neither.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

from backend.activities.vocabulary import Category

SUPPORT = "left for support"
NEITHER = "not an activity"
# Two lists of the same libraries would show each of them twice, with hours that differ by the age of the lists.
LIBRARIES = "left for the libraries' own list"


class Kind(NamedTuple):
    """What a `type` means. `by` says which words may choose the category: "type", "title", or "all" of them.

    `usually` is the category when the words say nothing; without one, a row is an activity only if words say so.
    """

    by: str
    usually: Category | None = None
    left: str | None = None


def _left(why: str, *names: str) -> dict[str, Kind]:
    return {name: Kind("type", left=why) for name in names}


# The 48 types of Lambeth's directory, and a few that other boroughs' directories use, by their folded names.
KINDS: dict[str, Kind] = {
    "organisation": Kind("all"),
    "activity": Kind("all"),
    "community group": Kind("all"),
    "other education": Kind("all"),
    "after school club": Kind("title", Category.FOOD),
    "holiday provision": Kind("title", Category.FOOD),
    "holiday playscheme": Kind("title", Category.FOOD),
    "holiday activities": Kind("title", Category.FOOD),
    "out of school activity": Kind("title", Category.FOOD),
    "youth club": Kind("title", Category.FOOD),
    "youth projects": Kind("all", Category.TALK),
    "breakfast club": Kind("type", Category.FOOD),
    "adventure playground": Kind("type", Category.OUTDOORS),
    "parks and playgrounds": Kind("type", Category.OUTDOORS),
    "leisure": Kind("type", Category.SPORT),
    "sports clubs and leisure activities": Kind("type", Category.SPORT),
    "homework club": Kind("type", Category.WORK),
    "out of school tuition": Kind("type", Category.WORK),
    "training and employment": Kind("type", Category.WORK),
    "children's centre activities": Kind("type", Category.FAMILY),
    "children's centre stay and play": Kind("type", Category.FAMILY),
    "stay and play one o'clock club": Kind("type", Category.FAMILY),
    "parent and toddler groups": Kind("type", Category.FAMILY),
    **_left(
        SUPPORT,
        "support & advice", "charity", "parenting support", "health service", "speech and language therapy",
        "diet and nutrition", "food bank", "breastfeeding support", "family contact centres", "young parent support",
        "targeted youth support", "early years send advice and support", "children's centre",
        "children's centre adult learning", "children's centre employment support", "children's centre esol",
        "children's centre financial advice", "children's centre health visiting", "children's centre young parents",
    ),
    **_left(LIBRARIES, "library"),
    **_left(
        NEITHER,
        "resource base", "special schools", "independent school", "alternative education", "college",
        "childminder", "day nursery", "nursery", "nursery school", "pre-school", "nanny", "crèche", "primary school",
        "secondary school",
    ),
}  # fmt: skip

# Leaves of the directory's own tree "Activities and things to do". Those that say nothing of a category are None.
TO_DO = "activities and things to do"
LEAVES: dict[str, Category | None] = {
    "sports": Category.SPORT,
    "music, dance and drama": Category.MUSIC,
    "creative arts and multimedia": Category.ART,
    "parks and playgrounds": Category.OUTDOORS,
    "adventure play": Category.OUTDOORS,
    "libraries": Category.WORK,
    "youth clubs": Category.FOOD,
    "parent and toddler groups": Category.FAMILY,
    "holiday activities": None,
}

# Beginnings of words. "art" and other short ones stand whole, or every "party" would be art.
WORDS: dict[Category, str] = {
    Category.SPORT: r"football|boxing|basketball|netball|tennis|swim|rowing|rugby|cricket|athletic|martial|karate|judo"
    r"|gym\b|gymnast|fitness|yoga|hockey|cycling|bikes?\b|skat(?:e|ing)|sport|running|climbing|badminton|trampolin"
    r"|kicks\b",
    Category.MUSIC: r"music|danc(?:e|ing)|choir|singing|drama|theatre|stage school|djing?\b|guitar|drum|ballet"
    r"|performing|acting\b|orchestra|piano",
    Category.ART: r"arts?\b|arty\b|craft|drawing|painting|film|animat|photograph|sewing|sewn|textile|pottery|fashion"
    r"|creativ|museum",
    Category.FOOD: r"cook|kitchen|baking|supper|lunch club|caf[eé]\b|community shop",
    Category.WORK: r"homework|employ|career|life ?skills|enterprise|tuition|tutor|revision|maths|apprentice"
    r"|vocational|leadership|young leaders",
    Category.OUTDOORS: r"parks?\b|garden|farm\b|nature|adventure|playground|allotment|camps?\b|forest|outdoor"
    r"|botanical",
    Category.GAMES: r"gaming|board games|chess|coding|robot|computer|lego|minecraft",
    Category.TALK: r"mentor|youth council|debat|youth voice|advocate voice",
    Category.FAMILY: r"stay and play|play and stay|toddler|bab(?:y|ies)\b|parents? and|rhyme|story ?time|one o.clock",
}
# Looked for in small letters: without regard to case the search would take four times as long.
WORD = re.compile(r"\b(?:" + "|".join(f"(?P<{category}>{words})" for category, words in WORDS.items()) + ")")

# A title with one of these is support, whatever the directory filed it under.
HELP = re.compile(
    r"\b(?:sexual health|advice|advisory|helpline|childline|foster|adoption|hospital|counsel|therap|bereave"
    r"|crisis|benefits|food ?bank|register\b|grants?\b|mediation|mental health|substance|send\b|s\.e\.n\.d|pregnancy)"
)

YOUNG = 10  # Years. Where nobody older is meant, children come with a parent: that is "Family".
PRIMARY = 12  # Years. The same, for clubs that say nothing of what is done there.


def fold(name: str) -> str:
    """A type's name as KINDS has it."""
    return " ".join(name.replace("’", "'").lower().split())


def judge(kind: Kind, *, title: str, about: str, categories: list[str], oldest: int) -> Category | str:
    """The category of a row, or why it is left out."""
    if kind.left:
        return kind.left
    found = kind.usually if kind.by == "type" else _by_words(kind, title, about, categories)
    if isinstance(found, str) and not isinstance(found, Category):
        return found
    if oldest <= YOUNG or (found is None and oldest <= PRIMARY):
        return Category.FAMILY
    return found or kind.usually or SUPPORT


def _by_words(kind: Kind, title: str, about: str, categories: list[str]) -> Category | str | None:
    if kind.by == "all" and HELP.search(title.lower()):
        return SUPPORT
    named = WORD.search(title.lower())
    if named:
        return Category(str(named.lastgroup))
    if kind.by != "all":
        return None
    leaves = _leaves(categories)
    for leaf in leaves:
        category = LEAVES.get(leaf)
        if category:
            return category
    counted = Counter(match.lastgroup for match in WORD.finditer(about.lower())) if leaves else Counter[str | None]()
    if counted:
        return Category(str(counted.most_common(1)[0][0]))
    return None if leaves or kind.usually else SUPPORT


def _leaves(categories: list[str]) -> list[str]:
    """The leaves below "Activities and things to do", in the file's order."""
    parts = [[part.strip().lower() for part in path.split(">")] for path in categories]
    return [path[-1] for path in parts if TO_DO in path[:-1]]
