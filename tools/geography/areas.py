"""Writes `areas.json`: the wards with their points, and each borough's label point and neighbours."""

from __future__ import annotations

import json

import numpy as np

from tools.geography.source import Release


def ward_codes(release: Release) -> list[str]:
    """The codes of London's wards in order; the postcode file counts wards by their place in this list."""
    return sorted({ward for ward, here in zip(release.wards, release.london(), strict=True) if here})


def write(release: Release, labels: dict[str, tuple[int, int]], neighbours: dict[str, list[str]]) -> bytes:
    """One line per ward and borough, so that a new release shows as a readable difference."""
    rows = np.flatnonzero(release.london())
    members: dict[str, list[int]] = {}
    for row in rows:
        members.setdefault(release.wards[row], []).append(int(row))
    wards: list[list[object]] = [
        [code, _plain(release.names[code]), release.districts[here[0]], *_middle(release, here)]
        for code, here in sorted(members.items())
    ]
    boroughs: list[list[object]] = [[code, *labels[code], neighbours[code]] for code in sorted(labels)]
    lines = [f' "boroughs": [\n{_rows(boroughs)}\n ]', f' "wards": [\n{_rows(wards)}\n ]']
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode()


def _rows(rows: list[list[object]]) -> str:
    return ",\n".join("  " + json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows)


def _middle(release: Release, rows: list[int]) -> tuple[int, int]:
    return round(float(release.lat[rows].mean())), round(float(release.lng[rows].mean()))


def _plain(name: str) -> str:
    return name.removesuffix(" Ward").replace("St. ", "St ")
