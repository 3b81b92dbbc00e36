"""How names are compared: folded to plain letters for finding, and by likeness for "did you mean".

Whatever a person types or pastes comes through here first, so it is cut short before anything else is done.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

LONGEST = 100  # Letters looked at. The longest name, a ward's, has 43; a pasted address has about 80.
SMALL_WORDS = {"and", "the"}  # Left out when comparing: "Elephant & Castle", "the Oval".
DROPPED = dict.fromkeys(map(ord, "'’‘`\u00b4\u02bc."))  # Apostrophes of all sorts (also acute and modifier), and dots.
CANDIDATES = 30  # Names that are compared letter by letter, out of those that share the most threes of letters.


def words(text: str) -> list[str]:
    """The words of a name in plain small letters: "Saint Paul’s & Élan" → ["st", "pauls", "and", "elan"]."""
    plain = unicodedata.normalize("NFKD", text[:LONGEST].translate(DROPPED).replace("&", " and "))
    kept = "".join(letter if letter.isalnum() else " " for letter in plain if not unicodedata.combining(letter))
    found = kept.casefold()[: LONGEST * 2].encode("ascii", "ignore").decode().split()
    return ["st" if word == "saint" else word for word in found]


def key(parts: Iterable[str]) -> str:
    """What names are looked up by: the words run together, without the small ones."""
    kept = list(parts)
    return "".join(word for word in kept if word not in SMALL_WORDS) or "".join(kept)


def shown(text: str) -> str:
    """What was typed, fit to print back: no control or direction marks, and not long."""
    clean = "".join(letter if letter.isprintable() else " " for letter in text[:LONGEST])
    clean = " ".join(clean.split())
    return clean if len(clean) <= 40 else clean[:39].rstrip() + "…"


def distance(first: str, second: str) -> int:
    """Edits between two words: letters added, dropped, changed, or two neighbours swapped."""
    older: list[int] = []
    before = list(range(len(second) + 1))
    for i, letter in enumerate(first, 1):
        row = [i]
        for j, other in enumerate(second, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == second[j - 2] and first[i - 2] == other:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        older, before = before, row
    return before[-1]


@dataclass(frozen=True, slots=True)
class Likeness:
    """An index from threes of letters to the keys that hold them."""

    threes: dict[str, list[str]]

    @classmethod
    def of(cls, keys: Iterable[str]) -> Likeness:
        """The index over `keys`."""
        threes: dict[str, list[str]] = {}
        for one in dict.fromkeys(keys):
            for three in _threes(one):
                threes.setdefault(three, []).append(one)
        return cls(threes)

    def nearest(self, wanted: str) -> list[tuple[int, str]]:
        """Keys spelled like `wanted` as (edits, key), fewest edits first; none that differ by over a third."""
        wanted = wanted[:LONGEST]
        shared: Counter[str] = Counter()
        for three in _threes(wanted):
            shared.update(self.threes.get(three, ()))
        scored = sorted(shared, key=lambda one: (-2 * shared[one] / (len(one) + len(wanted) + 4), one))
        limit = max(1, len(wanted) // 3)
        near = [one for one in scored[:CANDIDATES] if abs(len(one) - len(wanted)) <= limit]
        return sorted((edits, one) for one in near if (edits := distance(wanted, one)) <= limit)


def _threes(word: str) -> set[str]:
    padded = f"^^{word}$"
    return {padded[i : i + 3] for i in range(len(padded) - 2)}
