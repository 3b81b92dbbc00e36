"""What somebody asked Discover for, as it stands in the page's address.

An address is read kindly: a value that we do not know is left out, as if nobody had set it, because links get cut and
mistyped in chats. It is written strictly: only what differs from the plain page, always in the same order, so that the
same question has one address and caches share its answer.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple, Self
from urllib.parse import quote_plus

from werkzeug.datastructures import MultiDict

from backend.activities import windows
from backend.activities.queries import Ask
from backend.activities.vocabulary import Category
from backend.activities.windows import When
from backend.core import clock
from backend.geo import queries as geo
from backend.geo.grid import LONDON
from mobile_app import view
from mobile_app.arguments import many, one, words

METRES = {within: within * view.METRES_A_MINUTE for within in (15, 30, 60)}
MINUTES = [str(within) for within in METRES]
USUAL_WITHIN = 30
WHENS = {
    "now": "On now",
    "after-school": "Straight after school",
    "tonight": "Tonight",
    "weekend": "This weekend",
    "holiday": "This holiday",
}
AGES = {"11-12": "11–12", "13-15": "13–15", "16-18": "16–18", "19-24": "19+"}
ALL_OF_LONDON = "london"
ORDERS = {"soonest": "Soonest first", "nearest": "Nearest first"}
AHEAD = 14  # Days.
HOLIDAYS_AHEAD = 84
LATE = timedelta(minutes=30)  # How late one can be and still go in.
LONGEST_TEXT = 80
NUMBER = re.compile(r"[0-9]{1,9}", re.ASCII)


@functools.lru_cache(maxsize=4096)
def _slug(place: geo.Place) -> str:
    """A place's name for an address, remembered: a page of Discover writes it fifty times."""
    return place.slug


GAP = "\N{SYMBOL FOR SUBSTITUTE}"  # Stands in no address.


class Asked(NamedTuple):
    """One question. `cell` is the square of the asker's ends, None for all of London, and `place` its name.

    `exact` says that the asker named the place, and it is not only the one nearest to a square; `london` that they said
    "all of London", so that a phone does not put its own ends there. `day` is a date, None for today; `within` is in
    minutes' walk.
    """

    place: geo.Place | None = None
    cell: int | None = None
    exact: bool = False
    london: bool = False
    day: date | None = None
    any_day: bool = False
    when: str = ""
    within: int = USUAL_WITHIN
    free: bool = True
    category: str = ""
    age: str = ""
    join: str = ""
    access: tuple[str, ...] = ()
    tag: tuple[str, ...] = ()
    q: str = ""
    order: str = "soonest"

    @property
    def near(self) -> bool:
        """Whether the question is about somewhere, and not about all of London."""
        return self.cell is not None

    @property
    def name(self) -> str:
        """What to call where it is; empty for all of London."""
        return self.place.name if self.place else ""

    @property
    def where(self) -> str:
        """Where it is, as the address says it: "place=peckham", "cell=1234". Empty for all of London.

        A whole postcode is a handful of front doors, so it is written as its square.
        """
        if self.place and self.exact:
            return f"place={_slug(self.place)}"
        if self.near:
            return f"cell={self.cell}"
        return f"place={ALL_OF_LONDON}" if self.london else ""

    def but(self, **changes: Any) -> Self:
        """The same question with some parts changed."""
        return self._replace(**changes)

    def address(self, path: str = "/", **more: str) -> str:
        """The page's address for this question."""
        return self._join([*self._pairs(), *more.items()], path)

    @staticmethod
    def _join(pairs: Iterable[tuple[str, str]], path: str) -> str:
        # Values come from lists of ours, save the words that were typed.
        said = [f"{name}={quote_plus(value) if name == 'q' else value}" for name, value in pairs if value]
        return f"{path}?{'&'.join(said)}" if said else path

    def addresses(self, name: str, values: Iterable[str], path: str = "/") -> Iterator[str]:
        """The address with each of these values in the place of `name`; for a page of links that differ in one."""
        pairs = [(one, value if one != name else GAP) for one, value in self._pairs()]
        before, after = self._join(pairs, path).split(GAP)
        plain = self._join([pair for pair in pairs if pair[0] != name], path)
        for value in values:
            yield f"{before}{value}{after}" if value else plain

    def pairs(self) -> list[tuple[str, str]]:
        """The question as the address's names and values, without what a plain page has anyway."""
        return [(name, value) for name, value in self._pairs() if value]

    def _pairs(self) -> list[tuple[str, str]]:
        """Every name that stands for one value, in order, with an empty value where the plain page has it anyway."""
        name, _, value = self.where.partition("=")
        single = [
            (name, value),
            ("day", self.any_word if self.any_day else self.day_word(self.day)),
            ("when", self.when),
            ("within", "" if self.within == USUAL_WITHIN else str(self.within)),
            ("free", "" if self.free else "0"),
            ("category", self.category),
            ("age", self.age),
            ("join", self.join),
        ]
        many = [("access", one) for one in self.access] + [("tag", one) for one in self.tag]
        last = [("q", self.q), ("order", "" if self.order == "soonest" else self.order)]
        return [*single, *many, *last]

    @property
    def _usually_any(self) -> bool:
        """Words are looked for on any day unless one is named; without words the page is about today."""
        return bool(self.q and not self.when)

    @property
    def any_word(self) -> str:
        """How the address says any day."""
        return "" if self._usually_any else "any"

    def day_word(self, day: date | None, today: date | None = None) -> str:
        """How the address says a day; None is today."""
        if day is None or day == today:
            return "today" if self._usually_any else ""
        return day.isoformat()

    def chosen(self) -> int:
        """How many filters of the sheet are on, for the chip that opens it."""
        single = [self.when, self.age, self.join, self.category, self.within != USUAL_WITHIN, self.order != "soonest"]
        return sum(bool(one) for one in single) + len(self.access) + len(self.tag)

    def on(self, now: datetime) -> date | None:
        """The one day the question is about, or None when it is about several."""
        if self.when in {"now", "tonight"}:
            return clock.today(now)
        several = self.any_day or self.when in {"weekend", "holiday"}
        return None if several else self.day or clock.today(now)

    def window(self, now: datetime) -> tuple[datetime, datetime]:
        """From when until when. It begins with the day, so that what is on now is in it, too."""
        if self.when and self.when != "after-school":
            window = windows.of(When(self.when), now=now, borough=self.place.borough if self.place else None)
        else:
            day = self.on(now)
            window = windows.on(day) if day else windows.ahead(now, AHEAD)
        return window.from_, window.before

    def fresh_from(self, now: datetime) -> datetime | None:
        """When a list of today begins: half an hour ago, in steps of ten minutes.

        What began before that, such as a library's long day, comes after what one can still be in time for. None where
        that makes no difference, or the question is not about today in order of time.
        """
        if self.when or self.any_day or self.on(now) != clock.today(now) or self.order == "nearest":
            return None
        step = int(LATE.total_seconds()) // 3
        fresh = clock.from_epoch((clock.epoch(now - LATE) // step) * step)
        return fresh if fresh > clock.midnight(clock.today(now)) else None

    def ask(self, now: datetime) -> Ask:
        """The question as the backend takes it."""
        return self._ask(*self.window(now))

    def ask_ahead(self, now: datetime) -> Ask:
        """The same for every day that has a chip, to count what each holds."""
        window = windows.ahead(now, AHEAD)
        return self._ask(window.from_, window.before)

    def _ask(self, from_: datetime, before: datetime) -> Ask:
        first, _, last = self.age.partition("-")
        return Ask(
            from_=from_,
            before=before,
            cell=self.cell,
            radius=METRES[self.within],
            order="nearest" if self.order == "nearest" and self.near else "soonest",
            category=Category(self.category) if self.category else None,
            ages=(int(first), int(last)) if self.age else None,
            free=self.free,
            after_school=self.when == "after-school",
            holiday=self.when == "holiday",
            join=(self.join,) if self.join else (),
            access=self.access,
            tags=self.tag,
            text=self.q,
        )


def read(args: MultiDict[str, str], now: datetime) -> Asked:
    """The question in an address. Raises backend.geo.queries.UnknownPlace when it names a place we cannot find."""
    london = args.get("place", "").strip().lower() == ALL_OF_LONDON
    place, cell, exact = (None, None, False) if london else _where(args)
    text = words(args, "q", LONGEST_TEXT)
    when = one(args, "when", WHENS)
    day, any_day = _day(args.get("day", ""), clock.today(now))
    if text and not when and not args.get("day"):
        any_day = True
    return Asked(
        place=place,
        cell=cell,
        exact=exact,
        london=london,
        day=day,
        any_day=any_day,
        when=when,
        within=int(one(args, "within", MINUTES) or USUAL_WITHIN),
        free=args.get("free") != "0",
        category=one(args, "category", view.KINDS),
        age=one(args, "age", AGES),
        join=one(args, "join", view.JOINS),
        access=many(args, "access", view.ACCESS),
        tag=many(args, "tag", view.TAGS),
        q=text,
        order=one(args, "order", ORDERS) or "soonest",
    )


def worth_tidying(asked: Asked, args: MultiDict[str, str]) -> bool:
    """Whether the address should be another: a whole postcode stands in it, or a form sent its empty fields."""
    postcode = asked.place is not None and not asked.exact and "place" in args
    return postcode or "" in args.values()


def near_place(place: geo.Place) -> Asked:
    """The plain question about a place."""
    return Asked(place=place, cell=place.cell, exact=place.kind != "postcode")


def _where(args: MultiDict[str, str]) -> tuple[geo.Place | None, int | None, bool]:
    named, cell = args.get("place", "").strip(), args.get("cell", "")
    if named:
        place = geo.find(named)
        return place, place.cell, place.kind != "postcode"
    if not NUMBER.fullmatch(cell):
        return None, None, False
    near = _near(int(cell))
    if near is None:
        raise geo.UnknownPlace("", outside=True)
    return near, int(cell), False


@functools.lru_cache(maxsize=4096)
def _near(cell: int) -> geo.Place | None:
    """What a square is near; None for one outside London."""
    middle = LONDON.centre(cell)
    return geo.place_near(*middle) if geo.borough_at(*middle) else None


def _day(text: str, today: date) -> tuple[date | None, bool]:
    """A day that has gone is read as today: the link is old, and the person wants what is on."""
    if text == "any":
        return None, True
    if text == "tomorrow":
        return today + timedelta(1), False
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None, False
    return (day, False) if today < day <= today + timedelta(HOLIDAYS_AHEAD) else (None, False)
