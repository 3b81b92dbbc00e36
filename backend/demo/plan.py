"""The whole demo as plain values: which group runs what, where, when, and in whose words. Nothing is written here."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import cycle

from backend.activities.actions import Offer, Times
from backend.activities.models import JOIN, Category, Cost
from backend.core.slugs import slug
from backend.demo import content, spots, timetable
from backend.demo.content import Borough, Group, Idea, Spot
from backend.demo.dice import Dice
from backend.geo import queries

OUTSIDE = 0.75  # The share of open-air activities that meet at the borough's open space; the rest at the group's own.
VISITING = 0.15  # The share of other activities that borrow the borough's indoor place.
PAYING = 0.22  # The share of free ideas that a group has to take a little money for, where that hurts nobody.
MAY_COST = {Category.SPORT, Category.MUSIC, Category.ART, Category.GAMES, Category.OUTDOORS, Category.FAMILY}
SMALL_PRICES = ("£1", "£2", "£2", "£3", "£1-£3", "£2-£5", "donation", "donation")
SAYS_FREE = re.compile(r"\b(free|on us|paid for|no bill|no cash|nobody pays)\b", re.IGNORECASE)
NAMES_A_DAY = re.compile(r"(mon|tues|wednes|thurs|fri|satur|sun)day|breakfast|night", re.IGNORECASE)
TWICE = 0.12  # The share of weekly activities that are also on at another time of the week.
SPEAKING = 0.3  # The share of activities where somebody speaks a second language of the area.
REGULAR = {"after-school", "early-evening", "evening", "saturday", "saturday-afternoon", "sunday"}
PLACES_TO_BOOK = (8, 10, 12, 12, 14, 16, 20, 24, 30)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedVenue:
    """A venue. `key` names it within the demo; coordinates are 1e-5 degree."""

    key: str
    name: str
    address: str
    point: spots.Point
    access: tuple[str, ...]
    access_note: str
    outside: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedActivity:
    """An activity with its times, and how many days ago the group last said that it is right."""

    key: str
    offer: Offer
    venue: str
    times: tuple[Times, ...]
    confirmed_days_ago: int
    confirmed_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedGroup:
    """A group with its activities. `borough` is a GSS code."""

    key: str
    name: str
    about: str
    since: int
    borough: str
    telephone: str
    activities: tuple[PlannedActivity, ...]


class Plan:
    """The demo of one day: `venues` by key and `groups` in order."""

    def __init__(self, *, today: date) -> None:
        self.today = today
        self.venues: dict[str, PlannedVenue] = {}
        self._used: Counter[Idea] = Counter()
        self._here: dict[str, set[Idea]] = {}
        self.groups = [self._group(number, group) for number, group in enumerate(content.groups())]

    def _group(self, number: int, group: Group) -> PlannedGroup:
        borough = next(one for one in queries.boroughs() if one.name == group.borough)
        shared = content.boroughs()[group.borough]
        home = self._venue(group.venue, borough=borough.code)
        dice = Dice("group", group.name)
        telephone = f"020 7946 0{number:03d}"
        planned: dict[str, PlannedActivity] = {}
        for one in self._ideas(group):
            activity = self._activity(group, one, home=home, shared=shared, borough=borough.code, telephone=telephone)
            planned.setdefault(activity.key, activity)
        return PlannedGroup(
            key=slug(group.name), name=group.name, about=group.about, since=group.since, borough=borough.code,
            telephone=telephone, activities=tuple(planned.values()),
        )  # fmt: skip

    def _ideas(self, group: Group) -> Iterator[Idea]:
        """The group's own ideas and those it runs for certain, then others of its kinds, used least so far.

        Its first kind comes up as often as all the others together. No idea is drawn twice in a borough.
        """
        here = self._here.setdefault(group.borough, set())
        dice = Dice("ideas", group.name)
        certain = [*group.own, *(content.by_title()[title] for title in group.runs)]
        here.update(certain)
        yield from certain
        count = 4 + dice.between(0, 1) - len(certain) if group.more is None else group.more
        others = cycle(group.kinds[1:])
        for turn in range(count):
            kind = next(others) if turn % 2 == 0 else group.kinds[0]
            free = [one for one in content.ideas()[kind] if one not in here and one.needs in {"", *group.has}]
            least = min((self._used[one] for one in free), default=0)
            chosen = dice.pick([one for one in free if self._used[one] == least])
            here.add(chosen)
            yield chosen

    def _venue(self, spot: Spot, *, borough: str, outside: bool = False) -> PlannedVenue:
        key = f"{borough}/{slug(spot.name)}"
        if key not in self.venues:
            dice = Dice("venue", key)
            level = outside or dice.chance(0.75)
            note = "paths" if outside else "level" if level else "steps"
            self.venues[key] = PlannedVenue(
                key=key, name=spot.name, address=f"{spot.street}, {spot.place}", outside=outside,
                point=spots.point(spot, borough=borough), access=_access(dice, level=level, outside=outside),
                access_note=dice.pick(content.words()[note]),
            )  # fmt: skip
        return self.venues[key]

    def _where(self, group: Group, one: Idea, home: PlannedVenue, shared: Borough, borough: str) -> PlannedVenue:
        dice = Dice("where", group.name, one.titles[0])
        if one in group.own or one.needs:
            return home
        if one.outside:
            return self._venue(shared.outdoors, borough=borough, outside=True) if dice.chance(OUTSIDE) else home
        return self._venue(shared.indoors, borough=borough) if dice.chance(VISITING) else home

    def _activity(
        self, group: Group, one: Idea, *, home: PlannedVenue, shared: Borough, borough: str, telephone: str
    ) -> PlannedActivity:
        use = self._used[one]
        self._used[one] += 1
        dice = Dice("activity", group.name, one.titles[0])
        venue = self._where(group, one, home, shared, borough)
        place = group.venue.place
        title = one.titles[use % len(one.titles)].replace("{place}", place)
        join = [name for name in one.with_ if name in JOIN] or [dice.pick(("turn_up", "turn_up", "book", "book", "ring"))]
        offer = self._offer(group, one, dice=dice, venue=venue, use=use, join=tuple(join), shared=shared)
        offer = replace(offer, title=title, telephone=telephone)
        capacity = dice.pick(PLACES_TO_BOOK) if "book" in join else None
        return PlannedActivity(
            key=f"{slug(group.name)}/{slug(title)}",
            offer=offer,
            venue=venue.key,
            times=tuple(self._times(one, offer, capacity, dice)),
            confirmed_days_ago=dice.between(1, 55),
            confirmed_by=f"{offer.ask_for} at {group.name}",
        )

    def _times(self, one: Idea, offer: Offer, capacity: int | None, dice: Dice) -> Iterator[Times]:
        on = one.on or timetable.weekdays_after(self.today, one.days)
        if on:
            yield timetable.fixed(on, one.starts, minutes=one.minutes, capacity=capacity, today=self.today)
            return
        names = [dice.pick(one.when)]
        if names[0] in REGULAR and dice.chance(TWICE) and not NAMES_A_DAY.search(f"{offer.title} {offer.about}"):
            names.append(dice.pick(one.when if len(one.when) > 1 else sorted(REGULAR - {"evening"})))
        for name in dict.fromkeys(names):
            yield timetable.times(
                name, minutes=one.minutes, age_max=offer.age_max, capacity=capacity, dice=dice, today=self.today
            )

    def _offer(
        self, group: Group, one: Idea, *, dice: Dice, venue: PlannedVenue, use: int, join: tuple[str, ...], shared: Borough
    ) -> Offer:
        words = content.words()
        low, _, high = dice.pick(one.ages).partition("-")
        first, second = dice.some(words["names"], 2)
        about = one.about[use % len(one.about)]
        if one not in group.own and dice.chance(0.55):
            about = f"{about} {dice.pick(words['closers_food' if 'food_there' in one.with_ else 'closers'])}"
        spoken = group.languages or shared.languages
        cost, cost_min, cost_max = money(_price(one, group, about, dice))
        return Offer(
            title=one.titles[0],
            category=one.category,
            about=about.replace("{place}", group.venue.place),
            features=tuple(dict.fromkeys((*join, *venue.access, *(name for name in one.with_ if name not in JOIN)))),
            age_min=int(low),
            age_max=int(high),
            cost=cost,
            cost_min=cost_min,
            cost_max=cost_max,
            cost_note="" if cost == Cost.FREE else dice.pick(words["money"]),
            languages=one.languages or ((dice.pick(spoken),) if dice.chance(SPEAKING) else ()),
            ask_for=one.ask_for or first,
            ask_for_note=one.ask_for_note or dice.pick(words["spotted"]),
            at_the_door=one.at_the_door or _door(one, venue, dice, name=one.ask_for or first, other=second),
            bring=one.bring or dice.pick(words["bring"]),
        )


def _access(dice: Dice, *, level: bool, outside: bool) -> tuple[str, ...]:
    """What a venue has, the shares being a guess at London's halls."""
    shares = {"accessible_toilet": 0.75 if level else 0.1, "parking": 0.2}
    if not outside:
        shares |= {"hearing_loop": 0.25, "quiet_space": 0.35, "changing_place": 0.06 if level else 0.0}
    return (*(("step_free",) if level else ()), *(name for name, share in shares.items() if dice.chance(share)))


def _price(one: Idea, group: Group, about: str, dice: Dice) -> str:
    """What it costs here: one of the idea's own prices, or a small one where a group needs it and nothing says free."""
    price = dice.pick(one.cost)
    asks = one.category in MAY_COST and one not in group.own and not SAYS_FREE.search(about)
    sheltered = {"quiet_space", "mentors", "refugees_welcome", "young_carers"} & set(one.with_)
    if price == "free" and asks and not sheltered and dice.chance(PAYING):
        return dice.pick(SMALL_PRICES)
    return price


def _door(one: Idea, venue: PlannedVenue, dice: Dice, *, name: str, other: str) -> tuple[str, ...]:
    """Three steps at the door. The first is the venue's, the same for all who meet there."""
    words, where = content.words(), "_outside" if venue.outside else ""
    steps = (
        Dice("door", venue.key).pick(words[f"arrive{where}"]),
        dice.pick(words[f"hello{where}"]),
        dice.pick(words["grown" if one.category == Category.FAMILY and one.ages == ("18-99",) else one.category]),
    )
    return tuple(step.format(name=name, other=other) for step in steps)


def money(text: str) -> tuple[Cost, int, int]:
    """A price in the content's words as kind, lowest and highest, in pence: "£1-£3" → range, 100, 300."""
    if text == "free":
        return Cost.FREE, 0, 0
    if text == "donation":
        return Cost.DONATION, 0, 0
    amounts = [round(float(part.strip().lstrip("£")) * 100) for part in text.split("-")]
    return (Cost.RANGE if len(amounts) > 1 else Cost.FIXED), amounts[0], amounts[-1]
