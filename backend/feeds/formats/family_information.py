"""A council's family information directory: one JSON array of providers with sessions, ages and costs.

Weekly `sessions` become schedules. What a provider says about times in free text is never turned into a session: the
listing then has none, keeps the provider's own words, and the app says "ring to check".
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from typing import Any

from backend.activities.actions import Offer, Times
from backend.activities.vocabulary import Applies, Category, Cost
from backend.feeds import clean, values
from backend.feeds.draft import Draft, Group, Left, Listing, Reading, Record, Refused
from backend.feeds.formats import kinds

OPENING = {
    "": Applies.ALWAYS,
    "all year": Applies.ALWAYS,
    "all year round": Applies.ALWAYS,
    "both": Applies.ALWAYS,
    "term time and school holidays": Applies.ALWAYS,
    "term time": Applies.TERM_TIME,
    "term time only": Applies.TERM_TIME,
    "school holidays": Applies.HOLIDAYS,
    "school holidays only": Applies.HOLIDAYS,
    "holidays only": Applies.HOLIDAYS,
}

# What the directory calls its facilities, and the feature that says the same.
FACILITIES = {
    "accessible toilets": "accessible_toilet",
    "disabled toilets": "accessible_toilet",
    "wheelchair accessible toilet": "accessible_toilet",
    "wheelchair accessible venue": "step_free",
    "wheelchair friendly": "step_free",
    "induction loop": "hearing_loop",
    "changing room with changing bench and hoist": "changing_place",
    "parking": "parking",
    "car parking": "parking",
    "disabled parking": "parking",
    "suitable for children and young people with s.e.n.": "send_friendly",
    "refreshments": "food_there",
}

# Prices that are per session here, and those that are told in words only.
PER_SESSION = {"per_session_gbp": "a session", "per_day_gbp": "a day"}
PRICES = PER_SESSION | {"per_hour_gbp": "an hour", "per_week_gbp": "a week", "per_term_gbp": "a term"}

# All looked for in small letters.
TURN_UP = re.compile(r"\bdrop[ -]?in\b|\bturn up\b")
NO_BOOKING = re.compile(
    r"\bno (?:need to )?(?:pre-? ?)?book(?:ing)?\b|\bbooking (?:is )?not (?:required|needed|necessary)\b"
)
BOOK = re.compile(r"\b(?:must|please|need to|to|advance) book\b|\bbook(?:ing)? (?:in advance|essential|required|is )")
GIRLS = re.compile(r"\bgirls?\b")
BOYS = re.compile(r"\bboys?\b")
SEND = re.compile(r"\b(?:special needs|special educational needs|disabilit|inclusive|autis)")

# A sentence that speaks of times: a weekday, a clock time, or opening.
SPEAKS_OF_TIME = re.compile(
    r"\b(?:mon|tues?|wed(?:nes)?|thurs?|fri|sat(?:ur)?|sun)(?:day)?s?\b|\b\d{1,2}(?:[:.]\d{2})? ?(?:am|pm)\b"
    r"|\b\d{1,2}:\d{2}\b|\bopen(?:ing)?\b|\bnoon\b",
    re.IGNORECASE,
)
SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?](?!\s|$)[^.!?\n]*)*[.!?]?")
TIMES_NOTE = 400  # Letters.

# First parts of an address that say which door or which road, and not what the building is called.
NO_BUILDING = re.compile(
    r"^(?:units?|flat|suite|room|block|studio|(?:ground|first|second|third|\w+th) floor|corner|land|rear|near|off)\b"
    r"|\b(?:road|street|lane|avenue|walk|way|hill|close|gardens|square|terrace|place|row|mews|drive|conveniences)$"
    r"|^(?:cafe|hall|leisure centre|sports hall|community hall|children's centre)$"
)


class FamilyInformation:
    """The layout of Lambeth's directory of July 2022, as other councils' exports of the same system have it."""

    name = "family-information"
    kind = "json"
    label = "Family Information Directory"
    signature = frozenset({"id", "name", "type", "sessions"})

    def __init__(self) -> None:
        self._boroughs: Counter[str] = Counter()

    def survey(self, record: Record) -> None:
        """Count boroughs: the directory is the one of the borough that most of its providers are in."""
        borough = record.get("borough")
        if isinstance(borough, str) and borough.isprintable() and 0 < len(borough) <= 40:
            self._boroughs[borough] += 1

    def whose(self) -> str:
        """Such as "Lambeth Family Information Directory"."""
        most = min(self._boroughs, key=lambda name: (-self._boroughs[name], name), default=None)
        return f"{most} {self.label}" if most else self.label

    def read(self, record: Record, reading: Reading) -> Draft | Left:
        """What a provider's record says. Raises Refused."""
        source_id = clean.identity(record.get("id"))
        title = clean.line(record.get("name"), "name", reading, longest=160)
        if not title:
            raise Refused("name", "is missing")
        about = _about(record, reading)
        ages = values.ages(record.get("min_age"), record.get("max_age"))
        category = _category(record, title, about, ages[1])
        if not isinstance(category, Category):
            return Left(source_id, category, f"{title} ({values.told(record.get('type'))})")
        confirmed = values.confirmed(values.day(record.get("last_modified"), "last_modified"), "last_modified", reading)
        times = _times(record, confirmed, reading)
        address = clean.line(record.get("address"), "address", reading, longest=300)
        approximate = _approximate(record.get("location_precision"))
        spot = values.spot(
            record.get("lat"), record.get("lng"), record.get("postcode"), address, approximate=approximate
        )
        website = clean.website(record.get("website"), "website", reading)
        telephone = clean.telephone(record.get("telephone"), "telephone", reading)
        note = times_note(about) if not times or times[0].last_on else ""
        offer = Offer(
            title=title,
            category=category,
            about=about,
            features=_features(record, title, about, times),
            age_min=ages[0],
            age_max=ages[1],
            **_cost(record.get("cost"), reading),
            times_note=note,
            telephone=telephone,
            website=website,
        )
        group = Group(title, spot.borough, website, telephone)
        return Draft(source_id, _place(address, title), address, spot, Listing(group, offer, times, confirmed))


def _approximate(precision: object) -> bool:
    if precision is not None and not isinstance(precision, str):
        raise Refused("location_precision", "is not text")
    return precision not in {"postcode", "address", "exact", None}


def _about(record: Record, reading: Reading) -> str:
    parts = [clean.prose(record.get(name), name, reading) for name in ("description", "note")]
    return "\n\n".join(part for part in parts if part)


def _category(record: Record, title: str, about: str, oldest: int) -> Category | str:
    type_ = record.get("type")
    if not isinstance(type_, str) or not type_.strip():
        raise Refused("type", "is missing")
    kind = kinds.KINDS.get(kinds.fold(type_))
    if kind is None:
        named = kinds.WORD.search(type_.lower())
        if named is None:
            raise Refused("type", f"“{values.told(type_)}” is not a kind that we know")
        kind = kinds.Kind("title", Category(str(named.lastgroup)))
    categories = [path for path in _list(record, "categories") if isinstance(path, str)]
    return kinds.judge(kind, title=title, about=about, categories=categories, oldest=oldest)


def _list(record: Record, field: str) -> list[Any]:
    found = record.get(field)
    if found is None:
        return []
    if not isinstance(found, list):
        raise Refused(field, "is not a list")
    return found


def _times(record: Record, confirmed: date, reading: Reading) -> tuple[Times, ...]:
    """The weekly schedules. A faulty session is left out by itself, and that is noted."""
    sessions = _list(record, "sessions")
    if not sessions:
        return ()
    try:
        opens, closes = (values.day(record.get(name), name) for name in ("available_from", "available_to"))
    except Refused as fault:
        # Without their bounds the sessions would run for ever, which nobody said.
        reading.note(fault.field, f"{fault.message}, so the sessions were left out")
        return ()
    opening = record.get("opening")
    applies = OPENING.get(kinds.fold(opening) if isinstance(opening, str) else "")
    if applies is None or (opening is not None and not isinstance(opening, str)):
        reading.note("opening", f"“{values.told(opening)}” is not known, so the sessions were left out")
        return ()
    if opens and closes and closes < opens:
        reading.note("available_to", f"{closes} is before available_from {opens}, so the sessions were left out")
        return ()
    if closes and closes < reading.today:
        reading.note("available_to", f"the times ended on {values.ordinal(closes)}, so there are no sessions")
    stretches = []
    for number, session in enumerate(sessions, 1):
        given = session if isinstance(session, dict) else {}
        try:
            stretches.append(values.stretch(given.get("day"), given.get("start"), given.get("end")))
        except Refused as fault:
            reading.note(f"sessions, number {number}, {fault.field}", f"{fault.message}; that session was left out")
    # Older than the last confirmation says nothing more, and a rule that starts late is quicker to follow.
    first = values.later(confirmed, opens) if not closes else opens or confirmed
    return values.weekly(stretches, first_on=first, last_on=closes, applies=applies)


def _features(record: Record, title: str, about: str, times: tuple[Times, ...]) -> tuple[str, ...]:
    title, about = title.lower(), about.lower()
    found = {_join(title, about)}
    # Times that end, and times that nobody gave, need a call first.
    if not times or any(when.last_on for when in times):
        found.add("ring")
    for facility in _list(record, "facilities"):
        if isinstance(facility, str) and (feature := FACILITIES.get(facility.strip().lower())):
            found.add(feature)
    if GIRLS.search(title) and not BOYS.search(title):
        found.add("girls_only")
    if SEND.search(title):
        found.add("send_friendly")
    return tuple(sorted(found))


def _join(title: str, about: str) -> str:
    """How to join, when the words are plain about it; else to ring. Small letters only."""
    # The plain look first: most texts have none of these words, and the patterns are slow to say so.
    drop_in = any(word in about or word in title for word in ("drop", "turn up"))
    turn_up = drop_in and bool(TURN_UP.search(f"{title}\n{about}"))
    book = False
    if "book" in about:
        if NO_BOOKING.search(about):
            return "turn_up"
        book = bool(BOOK.search(about))
    return "turn_up" if turn_up and not book else "book" if book and not turn_up else "ring"


def _cost(cost: object, reading: Reading) -> dict[str, Any]:
    """The offer's cost fields. Only a plain `true` is free; what is not said is unknown, never free."""
    given = cost if isinstance(cost, dict) else {}
    if cost is not None and not isinstance(cost, dict):
        reading.note("cost", "is not in a form we know, so it shows as “ask about cost”")
    amounts: dict[str, int] = {}
    for name in (name for name in PRICES if given.get(name) is not None):
        try:
            pence = values.pence(given.get(name), f"cost, {name}")
        except Refused as fault:
            reading.note(fault.field, f"{fault.message}, so the cost shows as “ask about cost”")
            return {"cost": Cost.UNKNOWN}
        if pence:
            amounts[name] = pence
    words = ", ".join(f"{_pounds(amounts[name])} {said}" for name, said in PRICES.items() if name in amounts)
    per_session = [amounts[name] for name in PER_SESSION if name in amounts]
    if per_session:
        low, high = min(per_session), max(per_session)
        kind = Cost.FIXED if low == high else Cost.RANGE
        return {"cost": kind, "cost_min": low, "cost_max": high, "cost_note": words}
    if given.get("is_free") is True and not amounts:
        return {"cost": Cost.FREE}
    return {"cost": Cost.UNKNOWN, "cost_note": words}


def _pounds(pence: int) -> str:
    return f"£{pence // 100}" if pence % 100 == 0 else f"£{pence // 100}.{pence % 100:02}"


def _place(address: str, title: str) -> str:
    """The venue's name: the first part of the address when that names a building, else the listing's own."""
    first, _, rest = address.partition(",")
    named = rest and 3 < len(first) <= 160 and not first[0].isdigit() and not NO_BUILDING.search(first.lower())
    return first.strip() if named else title


def times_note(about: str) -> str:
    """The provider's own sentences about times, at most 400 letters of them."""
    kept: list[str] = []
    for sentence in (match.group().strip() for match in SENTENCE.finditer(about)):
        if sentence and SPEAKS_OF_TIME.search(sentence):
            if sum(map(len, kept)) + len(kept) + len(sentence) > TIMES_NOTE:
                break
            kept.append(sentence)
    return " ".join(kept)
