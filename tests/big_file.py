"""A file as large as one likes, in the layout of a family information directory, for measuring imports."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from backend.geo import postcodes
from backend.geo.places import borough_table, ward_table

TYPES = (
    "Youth Club",
    "After School Club",
    "Activity",
    "Adventure Playground",
    "Holiday Provision",
    "Leisure",
    "Homework Club",
)
THINGS = (
    "Boxing",
    "Beats and Bars",
    "Cooking",
    "Chess",
    "Street Dance",
    "Football",
    "Film Making",
    "Garden Club",
    "Coding",
)
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
WORDS = (
    "Come along and try something new with people your age. Everyone starts somewhere, and nobody is turned away."
    " We have kit to borrow, warm food afterwards, and somebody to talk to if you would like that."
)


def synthetic(path: Path, rows: int, *, seed: int = 1) -> None:
    """Write `rows` providers to `path`, always the same ones for the same seed: about 1.2 KB each, all over London."""
    with path.open("w", encoding="utf-8") as file:
        file.write("[\n")
        for number, record in enumerate(_records(rows, seed)):
            file.write((",\n " if number else " ") + json.dumps(record, ensure_ascii=False))
        file.write("\n]\n")


def _records(rows: int, seed: int) -> Iterator[dict[str, Any]]:
    dice = random.Random(seed)
    table = postcodes.table()
    sectors = list(table.sectors.items())
    for number in range(rows):
        sector, run = dice.choice(sectors)
        row = dice.choice(run)
        name = list(table.names(sector))[row - run.start]
        ward = ward_table()[table.ward[row]]
        yield _record(number, dice, name, (table.lat[row], table.lng[row]), borough_table()[ward.borough].name)


def _record(number: int, dice: random.Random, postcode: str, at: tuple[int, int], borough: str) -> dict[str, Any]:
    start = dice.randint(8, 18)
    low = dice.choice((5, 8, 11, 13))
    return {
        "id": f"made-up-{number}",
        "name": f"{dice.choice(THINGS)} at number {number}",
        "type": dice.choice(TYPES),
        "description": f"{WORDS}\n\n{WORDS} We are on the corner of road {number}. {WORDS}",
        "note": "Bring water and a friend.",
        "categories": [
            "Young People > Activities and things to do > Sports",
            "Families > Activities and things to do > Sports",
        ],
        "age_groups": [f"{low}-{low + 6}"],
        "min_age": low,
        "max_age": low + dice.choice((3, 6, 12)),
        "cost": dice.choice(
            ({"is_free": True}, {"is_free": False}, {"is_free": False, "per_session_gbp": dice.randint(1, 40) / 4})
        ),
        "opening": dice.choice(("Term Time", "All Year", "School Holidays Only")),
        "sessions": [
            {"day": day, "start": f"{start:02}:00", "end": f"{start + 2:02}:30"}
            for day in dice.sample(DAYS, dice.randint(1, 5))
        ],
        "available_from": "2020-09-01",
        "available_to": None,
        "last_modified": f"2026-0{dice.randint(1, 9)}-1{dice.randint(0, 9)}",
        "facilities": ["Accessible toilets", "Garden"],
        "areas_covered": [],
        "address": f"Hall {number}, {number % 200} Long Road, London",
        "postcode": postcode,
        "lat": at[0] / 100_000,
        "lng": at[1] / 100_000,
        "location_precision": "postcode",
        "telephone": f"020 7946 0{number % 1000:03}",
        "website": f"https://club{number}.example/",
        "borough": borough,
    }
