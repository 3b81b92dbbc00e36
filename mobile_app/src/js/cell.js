// The square of the coarse grid that a point lies in: the same sum as backend/geo/grid.py, which a test compares.
// It is done on the phone, so that the point itself never leaves it.

const SOUTH = 5_120_000;
const WEST = -62_000;
const LAT_STEP = 450;
const LNG_STEP = 720;
const COLUMNS = 4096;

/** The cell of a point in degrees; null for one that the grid does not cover. */
export function cellOf(latitude, longitude) {
  const row = Math.floor((Math.round(latitude * 1e5) - SOUTH) / LAT_STEP);
  const column = Math.floor((Math.round(longitude * 1e5) - WEST) / LNG_STEP);
  return row < 0 || column < 0 || column >= COLUMNS ? null : row * COLUMNS + column;
}
