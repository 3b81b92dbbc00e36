"""What an import tells the operator: each row that was not used and why, then the sums."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from backend.feeds.reading import Entry

OUTCOMES = ("new", "changed", "unchanged", "refused")


class Line(NamedTuple):
    """One row of the file, the field that it is about, and what is said of it."""

    number: int
    line: int
    source_id: str
    field: str
    reason: str

    def __str__(self) -> str:
        where = f"record {self.number}, line {self.line}"
        named = f" ({self.source_id})" if self.source_id else ""
        return f"{where}{named}: " + (f"{self.field}: {self.reason}" if self.field else self.reason)


@dataclass(slots=True)
class Report:
    """The outcome of one import, or of a trial run of one: both say the same."""

    counts: Counter[str] = field(default_factory=Counter)
    refused: list[Line] = field(default_factory=list)
    notes: list[Line] = field(default_factory=list)
    kept: list[Line] = field(default_factory=list)
    left: dict[str, list[Line]] = field(default_factory=dict)
    taken_out: Counter[str] = field(default_factory=Counter)
    vanished: list[str] = field(default_factory=list)

    def refuse(self, entry: Entry, source_id: str, field_name: str, reason: str) -> None:
        """Say that a row cannot be used."""
        self.counts["refused"] += 1
        self.refused.append(Line(entry.number, entry.line, source_id, field_name, reason))

    def leave(self, entry: Entry, source_id: str, why: str, detail: str) -> None:
        """Say that a row was left out on purpose."""
        self.counts[why] += 1
        self.left.setdefault(why, []).append(Line(entry.number, entry.line, source_id, "", detail))

    @property
    def usable(self) -> bool:
        """Whether anything at all of the file could be used or understood."""
        return any(number for name, number in self.counts.items() if name != "refused")

    def sums(self) -> dict[str, Any]:
        """The numbers, as the run keeps them."""
        return {
            **{name: self.counts[name] for name in OUTCOMES},
            **{name: number for name, number in sorted(self.counts.items()) if name not in OUTCOMES},
            "vanished": len(self.vanished),
            "taken out": dict(sorted(self.taken_out.items())),
        }

    def lines(self) -> Iterator[str]:
        """The whole report, line by line."""
        yield from _part("Not used", self.refused)
        yield from _part("Used, but not whole", self.notes)
        yield from _part("Kept as it is here", self.kept)
        for why, lines in sorted(self.left.items()):
            yield from _part(why.capitalize(), lines)
        yield from _part("Here from an earlier import, and not used in this file; still listed", self.vanished)
        yield "Summary"
        yield "  " + ", ".join(f"{self.counts[name]} {name}" for name in OUTCOMES)
        for name, number in sorted(self.counts.items()):
            if name not in OUTCOMES and number:
                yield f"  {number} {name}"
        if self.vanished:
            yield f"  {len(self.vanished)} still listed from an earlier import"
        for name, number in sorted(self.taken_out.items()):
            yield f"  taken out of texts: {number} × {name}"


def _part(heading: str, lines: list[Line] | list[str]) -> Iterator[str]:
    if lines:
        yield f"{heading} ({len(lines)})"
        for line in lines:
            yield f"  {line}"
