"""The grid: the integer arithmetic that phones, Python and both databases must agree on."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from backend.geo.grid import KX, KY, LONDON, cell_of, distance, metres, squared

lats = st.integers(5_128_000, 5_170_000)
lngs = st.integers(-52_000, 34_000)
radii = st.integers(1, 8_000)


@given(lats, lngs)
def test_a_cells_middle_lies_in_the_cell(lat: int, lng: int) -> None:
    assert cell_of(*LONDON.centre(cell_of(lat, lng))) == cell_of(lat, lng)


@given(lats, lngs, lats, lngs, radii)
def test_every_point_in_reach_lies_in_a_cell_that_the_circle_touches(
    lat: int, lng: int, other_lat: int, other_lng: int, radius: int
) -> None:
    if distance(lat, lng, other_lat, other_lng) <= squared(radius):
        assert cell_of(other_lat, other_lng) in LONDON.within(lat, lng, radius)


@given(lats, lngs, lats, lngs, st.integers(0, 12))
def test_nothing_outside_the_rings_is_nearer_than_their_clearance_and_nothing_inside_beyond_their_reach(
    lat: int, lng: int, other_lat: int, other_lng: int, step: int
) -> None:
    inside = {cell for n in range(step + 1) for cell in LONDON.ring(cell_of(lat, lng), n)}
    away = distance(lat, lng, other_lat, other_lng)
    if cell_of(other_lat, other_lng) in inside:
        assert away <= LONDON.reach(step)
    else:
        assert away >= LONDON.clearance(step)


@given(lats, lngs, st.integers(1, 6))
def test_rings_never_share_a_cell(lat: int, lng: int, step: int) -> None:
    cells = [cell for n in range(step + 1) for cell in LONDON.ring(cell_of(lat, lng), n)]
    assert len(cells) == len(set(cells)) == (2 * step + 1) ** 2


def test_the_whole_number_distance_is_right_to_one_part_in_a_thousand() -> None:
    # One degree of latitude at 51.5° is 111.258 km, of longitude 69.440 km (WGS84).
    assert abs(metres(distance(5_100_000, 0, 5_200_000, 0)) - 111_258) < 111
    assert abs(metres(distance(5_150_000, 0, 5_150_000, 100_000)) - 69_440) < 69
    assert KY > KX


def test_a_cell_is_about_half_a_kilometre_square() -> None:
    lat, lng = LONDON.centre(cell_of(5_147_000, -6_900))
    assert 490 <= metres(distance(lat, lng, lat + LONDON.lat_step, lng)) <= 510
    assert 490 <= metres(distance(lat, lng, lat, lng + LONDON.lng_step)) <= 510
