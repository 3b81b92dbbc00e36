"""The whole demo as plain values: which group runs what, where and when. Nothing is written here."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import cycle

from backend.activities.actions import Offer, Times
from backend.activities.vocabulary import Category
from backend.core.slugs import slug
from backend.demo import content, offers, spots, timetable
from backend.demo.content import Borough, Group, Idea, Spot
from backend.demo.dice import Dice
from backend.demo.offers import Setting
from backend.demo.spots import PlannedVenue
from backend.geo import queries

EACH = (7, 9)  # Activities a group.
SPORT_MORE = 2  # Sports clubs run more: the same game for several ages.
VISITING = 0.15  # The share of indoor activities, sport aside, that borrow the borough's indoor place.
TWICE = 0.12  # The share of weekly activities that are on at the weekend as well as in the week.
WEEKEND = ("saturday", "saturday-afternoon", "sunday")
REGULAR = {"after-school", "early-evening", *WEEKEND}
NAMES_A_DAY = re.compile(r"(mon|tues|wednes|thurs|fri|satur|sun)day|breakfast|night", re.IGNORECASE)
PLACES_TO_BOOK = (8, 10, 12, 12, 14, 16, 20, 24, 30)
CONFIRMED = (1, 55)  # Days ago that a group last said its listing is right.


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
        self._codes = {one.name: one.code for one in queries.boroughs()}
        self.groups = [self._group(number, group) for number, group in enumerate(content.groups())]

    def _group(self, number: int, group: Group) -> PlannedGroup:
        # Ofcom keeps 020 7946 0000 to 0999 free for drama, so nobody is rung by mistake.
        telephone = f"020 7946 0{number:03d}"
        planned: dict[str, PlannedActivity] = {}
        for one in self._ideas(group):
            activity = self._activity(group, one, telephone=telephone)
            planned.setdefault(activity.key, activity)
        return PlannedGroup(
            key=slug(group.name), name=group.name, about=group.about, since=group.since,
            borough=self._codes[group.borough], telephone=telephone, activities=tuple(planned.values()),
        )  # fmt: skip

    def _ideas(self, group: Group) -> Iterator[Idea]:
        """The group's own ideas and those it runs for certain, then others of its kinds, used least so far.

        Its first kind comes up twice as often as all the others together. No idea is drawn twice in a borough.
        """
        here = self._here.setdefault(group.borough, set())
        dice = Dice("ideas", group.name)
        certain = [*group.own, *(content.by_title()[title] for title in group.runs)]
        here.update(certain)
        yield from certain
        count = dice.between(*EACH) - len(certain) if group.more is None else group.more
        count += SPORT_MORE if group.kinds[0] is Category.SPORT else 0
        others = cycle(group.kinds[1:])
        for turn in range(count):
            kind = next(others) if turn % 3 == 0 else group.kinds[0]
            free = [one for one in content.ideas()[kind] if one not in here and one.needs in {"", *group.has}]
            least = min((self._used[one] for one in free), default=0)
            chosen = dice.pick([one for one in free if self._used[one] == least])
            here.add(chosen)
            yield chosen

    def _venue(self, spot: Spot, *, borough: str) -> PlannedVenue:
        venue = spots.venue(spot, borough=borough)
        return self.venues.setdefault(venue.key, venue)

    def _where(self, group: Group, one: Idea, shared: Borough) -> PlannedVenue:
        """The group's own place, unless it has a roof that is not needed or lacks one that is."""
        spot = group.venue
        visits = one.category is not Category.SPORT and Dice("where", group.name, one.titles[0]).chance(VISITING)
        if one not in group.own and not one.needs:
            if one.outside and not spot.outside:
                spot = shared.outdoors
            elif not one.outside and (spot.outside or visits):
                spot = shared.indoors
        return self._venue(spot, borough=self._codes[group.borough])

    def _activity(self, group: Group, one: Idea, *, telephone: str) -> PlannedActivity:
        shared = content.boroughs()[group.borough]
        dice = Dice("activity", group.name, one.titles[0])
        venue = self._where(group, one, shared)
        setting = Setting(group, one, venue, self._used[one], group.languages or shared.languages)
        self._used[one] += 1
        offer = offers.offer(setting, telephone=telephone, dice=dice)
        return PlannedActivity(
            key=f"{slug(group.name)}/{slug(offer.title)}",
            offer=offer,
            venue=venue.key,
            times=tuple(self._times(one, offer, dice)),
            confirmed_days_ago=dice.between(*CONFIRMED),
            confirmed_by=f"{offer.ask_for} at {group.name}",
        )

    def _times(self, one: Idea, offer: Offer, dice: Dice) -> Iterator[Times]:
        capacity = dice.pick(PLACES_TO_BOOK) if "book" in offer.features else None
        on = one.on or timetable.weekdays_after(self.today, one.days)
        if on:
            yield timetable.fixed(on, one.starts, minutes=one.minutes, capacity=capacity, today=self.today)
            return
        names = [dice.pick(one.when)]
        # Words such as "Saturday" or "night" hold an activity to the times it was written for.
        loose = names[0] in REGULAR and not NAMES_A_DAY.search(f"{offer.title} {offer.about}")
        if loose and dice.chance(TWICE):
            names.append("early-evening" if names[0] in WEEKEND else dice.pick(WEEKEND))
        for name in dict.fromkeys(names):
            yield timetable.times(
                name, minutes=one.minutes, age_max=offer.age_max, capacity=capacity, dice=dice, today=self.today
            )
