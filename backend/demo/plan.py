"""The whole demo as plain values: which group runs what, where, when, and in whose words. Nothing is written here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from backend.activities.actions import Offer, Times
from backend.activities.models import JOIN, Category, Cost
from backend.core.slugs import slug
from backend.demo import content, spots, timetable
from backend.demo.content import Borough, Group, Idea, Spot
from backend.demo.dice import Dice
from backend.geo import queries

# Kinds of idea that are at home outdoors: they meet at the borough's open space as often as at the group's own.
OUTSIDE = {Category.OUTDOORS: 0.8, Category.SPORT: 0.3, Category.FAMILY: 0.15}
VISITING = 0.15  # The share of other activities that borrow the borough's indoor place.
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
        ideas = [*group.own, *self._choose(group, 4 + dice.between(0, 1) if group.more is None else group.more)]
        planned: dict[str, PlannedActivity] = {}
        for one in ideas:
            activity = self._activity(group, one, home=home, shared=shared, borough=borough.code, telephone=telephone)
            planned.setdefault(activity.key, activity)
        return PlannedGroup(
            key=slug(group.name), name=group.name, about=group.about, since=group.since, borough=borough.code,
            telephone=telephone, activities=tuple(planned.values()),
        )  # fmt: skip

    def _choose(self, group: Group, count: int) -> Iterator[Idea]:
        """Ideas of the group's kinds, those used least so far first, and none twice in a borough."""
        here = self._here.setdefault(group.borough, set())
        dice = Dice("ideas", group.name)
        # The first kind of a group comes up twice as often as the others.
        kinds = [kind for turn in range(count) for kind in ((group.kinds[0], *group.kinds[1:]) if turn else group.kinds)]
        for kind in kinds[:count]:
            free = [one for one in content.ideas()[kind] if one not in here]
            least = min((self._used[one] for one in free), default=0)
            options = [one for one in free if self._used[one] == least]
            if options:
                chosen = dice.pick(options)
                here.add(chosen)
                yield chosen

    def _venue(self, spot: Spot, *, borough: str) -> PlannedVenue:
        key = f"{borough}/{slug(spot.name)}"
        if key not in self.venues:
            dice = Dice("venue", key)
            level = dice.chance(0.78)
            access = ["step_free"] if level else []
            access += [
                name
                for name, share in (
                    ("accessible_toilet", 0.75 if level else 0.1), ("hearing_loop", 0.25), ("quiet_space", 0.35),
                    ("parking", 0.2), ("changing_place", 0.06 if level else 0),
                )
                if dice.chance(share)
            ]  # fmt: skip
            point = spots.point(spot, borough=borough)
            self.venues[key] = PlannedVenue(
                key=key, name=spot.name, address=f"{spot.street}, {spot.place}", point=point, access=tuple(access),
                access_note=dice.pick(content.words()["level" if level else "steps"]),
            )  # fmt: skip
        return self.venues[key]

    def _where(self, group: Group, one: Idea, home: PlannedVenue, shared: Borough, borough: str) -> PlannedVenue:
        dice = Dice("where", group.name, one.titles[0])
        if one.venue:
            return self.venues[f"{borough}/{slug(one.venue)}"]
        if one in group.own:
            return home
        if dice.chance(OUTSIDE.get(one.category, 0)) and "holidays" not in one.when:
            return self._venue(shared.outdoors, borough=borough)
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
        if one.days:
            yield timetable.fixed(one.days, one.starts, minutes=one.minutes, capacity=capacity, today=self.today)
            return
        names = [dice.pick(one.when)]
        if names[0] in REGULAR and dice.chance(TWICE):
            names.append(dice.pick(sorted(REGULAR - set(names))) if len(one.when) == 1 else dice.pick(one.when))
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
        first = one.ask_for or first
        door = one.at_the_door or (dice.pick(words["arrive"]), dice.pick(words["hello"]), dice.pick(words[one.category]))
        about = one.about[use % len(one.about)]
        if one not in group.own and dice.chance(0.55):
            about = f"{about} {dice.pick(words['closers'])}"
        spoken = group.languages or shared.languages
        languages = one.languages or ((dice.pick(spoken),) if spoken and dice.chance(SPEAKING) else ())
        cost, cost_min, cost_max = money(dice.pick(one.cost))
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
            languages=languages,
            ask_for=first,
            ask_for_note=one.ask_for_note or dice.pick(words["spotted"]),
            at_the_door=tuple(step.format(name=first, other=second) for step in door),
            bring=one.bring or dice.pick(words["bring"]),
        )


def money(text: str) -> tuple[Cost, int, int]:
    """A price in the content's words as kind, lowest and highest, in pence: "£1-£3" → range, 100, 300."""
    if text == "free":
        return Cost.FREE, 0, 0
    if text == "donation":
        return Cost.DONATION, 0, 0
    amounts = [round(float(part.strip().lstrip("£")) * 100) for part in text.split("-")]
    return (Cost.RANGE if len(amounts) > 1 else Cost.FIXED), amounts[0], amounts[-1]
