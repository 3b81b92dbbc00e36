"""What an activity says of itself: an idea, told by one group at one place."""

from __future__ import annotations

import re
from dataclasses import dataclass

from backend.activities.actions import Offer
from backend.activities.vocabulary import JOIN, Category, Cost
from backend.demo import content
from backend.demo.content import Group, Idea
from backend.demo.dice import Dice
from backend.demo.spots import PlannedVenue

SPEAKING = 0.3  # The share of activities where somebody speaks a second language of the area.
CLOSING = 0.55  # The share whose description ends with a line from the lists.
WAYS_TO_JOIN = ("turn_up", "turn_up", "book", "book", "ring")

# Some groups have to take a little money for what others run free; never where that could keep somebody out of help.
PAYING = 0.32
MAY_COST = {Category.SPORT, Category.MUSIC, Category.ART, Category.GAMES, Category.OUTDOORS, Category.FAMILY}
SMALL_PRICES = ("£1", "£2", "£2", "£3", "£1-£3", "£2-£5", "donation", "donation")
SHELTERED = {"quiet_space", "mentors", "refugees_welcome", "young_carers"}
SAYS_FREE = re.compile(r"\b(free|on us|paid for|no bill|no cash|nobody pays)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Setting:
    """One idea as one group runs it. `use` counts its earlier uses; `spoken` are the area's languages."""

    group: Group
    idea: Idea
    venue: PlannedVenue
    use: int
    spoken: tuple[str, ...]

    @property
    def own(self) -> bool:
        """Whether the idea is spelt out for this group, so that nothing is to be added."""
        return self.idea in self.group.own


def offer(of: Setting, *, telephone: str, dice: Dice) -> Offer:
    """The offer, the same for the same throws of the dice."""
    one, place = of.idea, of.group.venue.place
    low, _, high = dice.pick(one.ages).partition("-")
    first, second = dice.some(content.words()["names"], 2)
    name = one.ask_for or first
    about = _about(of, dice)
    cost, cost_min, cost_max = money(_price(of, about, dice))
    return Offer(
        title=one.titles[of.use % len(one.titles)].replace("{place}", place),
        category=one.category,
        about=about.replace("{place}", place),
        features=_features(of, dice),
        age_min=int(low),
        age_max=int(high),
        cost=cost,
        cost_min=cost_min,
        cost_max=cost_max,
        cost_note="" if cost == Cost.FREE else dice.pick(content.words()["money"]),
        languages=one.languages or ((dice.pick(of.spoken),) if dice.chance(SPEAKING) else ()),
        ask_for=name,
        ask_for_note=one.ask_for_note or dice.pick(content.words()["spotted"]),
        at_the_door=one.at_the_door or _door(of, dice, name=name, other=second),
        bring=one.bring or dice.pick(content.words()["bring"]),
        telephone=telephone,
    )


def money(text: str) -> tuple[Cost, int, int]:
    """A price in the content's words as kind, lowest and highest, in pence: "£1-£3" → range, 100, 300."""
    if text == "free":
        return Cost.FREE, 0, 0
    if text == "donation":
        return Cost.DONATION, 0, 0
    amounts = [round(float(part.strip().lstrip("£")) * 100) for part in text.split("-")]
    return (Cost.RANGE if len(amounts) > 1 else Cost.FIXED), amounts[0], amounts[-1]


def _about(of: Setting, dice: Dice) -> str:
    told = of.idea.about[of.use % len(of.idea.about)]
    if of.own or not dice.chance(CLOSING):
        return told
    closers = "closers_food" if of.idea.category == Category.FOOD else "closers"
    return f"{told} {dice.pick(content.words()[closers])}"


def _features(of: Setting, dice: Dice) -> tuple[str, ...]:
    """How to join, what the venue has, and what the idea says."""
    join = [name for name in of.idea.with_ if name in JOIN] or [dice.pick(WAYS_TO_JOIN)]
    return tuple(dict.fromkeys((*join, *of.venue.access, *of.idea.with_)))


def _price(of: Setting, about: str, dice: Dice) -> str:
    """One of the idea's own prices, or a small one where a group needs it and nothing says that it is free."""
    price = dice.pick(of.idea.cost)
    asks = of.idea.category in MAY_COST and not of.own and not SAYS_FREE.search(about)
    if price == "free" and asks and not SHELTERED & set(of.idea.with_) and dice.chance(PAYING):
        return dice.pick(SMALL_PRICES)
    return price


def _door(of: Setting, dice: Dice, *, name: str, other: str) -> tuple[str, ...]:
    """Three steps at the door. The first is the venue's, the same for all who meet there."""
    words, where = content.words(), "_outside" if of.venue.outside else ""
    grown = of.idea.category == Category.FAMILY and of.idea.ages == ("18-99",)
    steps = (
        Dice("door", of.venue.key).pick(words[f"arrive{where}"]),
        dice.pick(words[f"hello{where}"]),
        dice.pick(words["grown" if grown else of.idea.category]),
    )
    return tuple(step.format(name=name, other=other) for step in steps)
