"""Maps drawn from our own data: the 33 outlines, the river, and windows on the streets around a point."""

import gzip
import hashlib
import json
import re
import time
from collections import Counter
from itertools import pairwise
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.geo import columns, outlines, paths, places, postcodes, queries, shapes

CODES = [f"E09{number:06}" for number in range(1, 34)]


@pytest.fixture(autouse=True, scope="module")
def _everything_is_read():
    """The files are read once per process, so that no test's time is that of the first reading."""
    queries.find("peckham")
    shapes.shapes()


def test_the_data_files_are_those_the_tool_recorded_and_stay_small():
    manifest = json.loads((places.DATA / "manifest.json").read_text())
    for name, recorded in manifest["sha256"].items():
        assert hashlib.sha256((places.DATA / name).read_bytes()).hexdigest() == recorded, name
    assert manifest["postcodes"] == len(postcodes.table().lat) == 180_754
    assert manifest["wards"] == len(places.ward_table()) == 704
    assert sum(file.stat().st_size for file in places.DATA.iterdir()) < 1_000_000


@given(st.lists(st.integers(-9_000_000, 9_000_000), max_size=50), st.lists(st.integers(0, 700), max_size=50))
def test_columns_come_back_as_they_went_in(tmp_path_factory, first, second):
    file = tmp_path_factory.getbasetemp() / "columns.pack"
    file.write_bytes(columns.pack({"name": "é"}, {"b": first, "a": second}))

    header, found = columns.unpack(file)

    assert header == {"name": "é"}
    assert (list(found["b"]), list(found["a"])) == (first, second)


def walk(path):
    """The corners of a path of our own: M, steps after l, z."""
    corners = []
    for command, numbers in re.findall(r"([Mlz])([^Mlz]*)", path):
        values = [int(number) for number in re.findall(r"-?\d+", numbers)]
        for x, y in zip(values[::2], values[1::2], strict=True):
            corners.append((x, y) if command == "M" else (corners[-1][0] + x, corners[-1][1] + y))
    return corners


def test_london_has_33_closed_outlines_in_six_and_a_half_kilobytes():
    drawn = outlines.london_map()
    assert sorted(drawn.boroughs) == sorted(drawn.labels) == CODES
    assert sum(len(path) for path in drawn.boroughs.values()) < 6_600
    for path in drawn.boroughs.values():
        assert path.endswith("z")
        assert path.count("M") == 1
        for x, y in walk(path):
            assert 0 < x < drawn.width
            assert 0 < y < drawn.height


def test_neighbours_share_their_border_to_the_unit():
    sides = Counter()
    for path in outlines.london_map().boroughs.values():
        corners = walk(path)
        for a, b in pairwise([*corners, corners[0]]):
            sides[min(a, b), max(a, b)] += 1
    # Each side belongs to two boroughs, or to one at London's own edge; none is drawn three times.
    assert set(sides.values()) == {1, 2}
    edge = Counter(corner for side, count in sides.items() if count == 1 for corner in side)
    assert set(edge.values()) == {2}, "London's edge is one closed line"


def test_labels_stand_inside_their_boroughs():
    for borough in queries.boroughs():
        assert shapes.borough_around(borough.lat, borough.lng) == borough.code
        x, y = outlines.london_map().project(borough.lat, borough.lng)
        assert (x, y) == outlines.london_map().labels[borough.code]


def test_nearly_all_postcodes_lie_in_the_outline_of_their_borough():
    table, wards = postcodes.table(), places.ward_table()
    rows = range(0, len(table.lat), 61)
    right = sum(shapes.borough_around(table.lat[row], table.lng[row]) == wards[table.ward[row]].borough for row in rows)
    assert right / len(rows) > 0.99


def test_outlines_are_closed_and_no_point_lies_in_two():
    for rings in shapes.borough_rings().values():
        assert len(rings) == 1
        assert rings[0][0] == rings[0][-1]
    for lat in range(5_130_000, 5_168_000, 3_137):
        for lng in range(-50_000, 32_000, 3_331):
            inside = [
                code for code, rings in shapes.borough_rings().items()
                if sum(shapes._crossings(ring, lat, lng) for ring in rings) % 2
            ]  # fmt: skip
            assert len(inside) <= 1
            assert inside == [code for code in [shapes.borough_around(lat, lng)] if code]


@pytest.mark.parametrize(
    ("name", "lat", "lng", "wet"),
    [
        ("Tower Bridge", 5_150_550, -7_540, True),
        ("the top of the Greenwich peninsula", 5_150_300, 320, False),
        ("north of the peninsula", 5_150_680, 300, True),
        ("Mudchute, in the loop", 5_149_200, -1_150, False),
        ("Limehouse Reach, west of the loop", 5_150_150, -3_000, True),
        ("Blackwall Reach, east of the loop", 5_149_750, -200, True),
        ("the Thames Barrier", 5_149_700, 3_670, True),
        ("Hammersmith Bridge", 5_148_820, -23_030, True),
        ("Barnes, in its bend", 5_147_500, -24_500, False),
        ("Teddington Lock", 5_143_050, -32_220, True),
        ("Kew Gardens", 5_147_700, -29_500, False),
    ],
)
def test_the_thames_runs_where_it_runs(name, lat, lng, wet):
    inside = sum(shapes._crossings(ring, lat, lng) for ring in shapes.shapes().river) % 2
    assert bool(inside) == wet, name


def test_the_river_crosses_the_map_of_london_from_hampton_to_the_dartford_edge():
    drawn = outlines.london_map()
    course = walk(drawn.river)
    assert len(drawn.river) < 600
    assert course[0][0] < drawn.project(5_141_000, -35_000)[0]
    assert course[-1][0] > drawn.project(5_148_000, 20_000)[0]


def peckham():
    return outlines.window(5_147_150, -6_900, 5_500, 7_560)


def test_a_window_shows_what_is_around_its_point():
    seen = peckham()
    assert (seen.width, seen.height) == (640, 880)
    assert abs(seen.project(5_147_150, -6_900)[0] - 320) <= 1
    assert abs(seen.project(5_147_150, -6_900)[1] - 440) <= 1
    names = {label.name: label.rank for label in seen.labels}
    assert {"Peckham", "Camberwell", "New Cross", "Nunhead", "Rotherhithe"} <= set(names)
    assert "Croydon" not in names
    assert {"A2", "A202", "A205"} <= {road.name for road in seen.roads}
    assert len(seen.parks) >= 8
    assert seen.river
    assert seen.borders


def test_labels_come_in_the_order_in_which_they_matter():
    ranks = [label.rank for label in peckham().labels]
    assert ranks == sorted(ranks)


def test_a_window_far_from_the_river_has_none_and_one_outside_london_is_empty():
    assert outlines.window(5_137_400, -9_900, 5_500, 7_560).river == []
    nowhere = outlines.window(5_300_000, -200_000, 5_000, 5_000)
    assert [nowhere.borders, nowhere.river, nowhere.parks, nowhere.roads, nowhere.labels] == [[], [], [], [], []]


@pytest.mark.parametrize("place", ["Peckham", "Hackney", "Richmond", "Woolwich", "Heathrow", "Soho", "Canary Wharf"])
def test_a_local_map_is_well_under_ten_kilobytes_compressed(place):
    at = queries.find(place)
    seen = outlines.window(at.lat, at.lng, 5_500, 7_560)
    drawing = "".join(
        [
            *map(paths.line, seen.borders),
            *map(paths.closed_curve, seen.river + seen.parks),
            *(paths.curve(road.points) for road in seen.roads),
            *(f'<text x="{label.x}" y="{label.y}">{label.name}</text>' for label in seen.labels),
        ]
    )
    assert len(gzip.compress(drawing.encode())) < 5_000


def test_nothing_in_a_window_lies_far_outside_it():
    for lat, lng in [(5_147_150, -6_900), (5_149_500, 500), (5_146_000, -30_500)]:
        seen = outlines.window(lat, lng, 4_000, 4_000)
        for line in seen.river:
            for x, y in line:
                assert -100 < x < 740
                assert -100 < y < 740


@given(
    st.integers(5_100_000, 5_190_000),
    st.integers(-70_000, 50_000),
    st.integers(300, 60_000),
    st.integers(300, 60_000),
)
def test_any_window_can_be_drawn(lat, lng, width_m, height_m):
    seen = outlines.window(lat, lng, width_m, height_m, 390)
    assert all(0 <= label.x <= 390 and 0 <= label.y <= seen.height for label in seen.labels)
    for line in seen.borders + seen.river + seen.parks:
        assert "nan" not in paths.closed_curve(line)
        paths.line(line)


def test_a_window_is_ready_in_a_few_hundredths_of_a_second():
    times = []
    for step in range(9):
        start = time.perf_counter()
        outlines.window(5_147_150 + step, -6_900, 5_500, 7_560)
        times.append(time.perf_counter() - start)
    assert median(times) < 0.05


def test_paths_are_written_short_and_skip_what_does_not_move():
    assert paths.line([(0, 0), (5, -3), (5.2, -3.1), (10, 4)]) == "M0 0l5-3 5 7"
    assert paths.line([(1, 1), (1, 1)]) == ""
    assert paths.area([(0, 0), (4, 0), (4, 4), (0, 0)]) == "M0 0l4 0 0 4z"
    assert paths.area([(0, 0), (4, 0)]) == ""
    assert paths.curve([(0, 0), (6, 0), (12, 0)]) == "M0 0c1 0 4 0 6 0 2 0 5 0 6 0"
    assert paths.closed_curve([(0, 0), (6, 0), (6, 6), (0, 6)]).endswith("z")


def test_the_map_carries_the_credit_that_its_licence_asks_for():
    assert "Contains OS data © Crown copyright and database right 2025" in outlines.CREDIT
    assert outlines.CREDIT == queries.CREDIT
