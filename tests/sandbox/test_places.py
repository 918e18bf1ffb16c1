"""Areas and the storm of the synthetic world."""

from datetime import date, timedelta

import numpy as np
import pytest
import shapely
from pyproj import Transformer
from shapely.geometry import shape

from multisat.sandbox import truth
from multisat.sandbox.archive.catalogue import scenes
from multisat.sandbox.places import CITY, FIELDS, FORESTS, PARKS, TILES
from multisat.vocab.products import sentinel1


def windows():
    """The outline of each tile's window, in degrees."""
    for tile in TILES.values():
        frame = tile.frame(10)
        edge = shapely.box(
            frame.x, frame.y - frame.rows * 10, frame.x + frame.columns * 10, frame.y
        ).segmentize(100)
        to = Transformer.from_crs(frame.crs, 4326, always_xy=True)
        yield shapely.transform(edge, lambda p, to=to: np.column_stack(to.transform(p[:, 0], p[:, 1])))


@pytest.mark.parametrize(
    ("areas", "number"), [(FORESTS, 20), (PARKS, 9), (CITY, 1)], ids=["forests", "parks", "city"]
)
def test_areas_are_apart_and_inside_of_scenes(areas, number):
    shapes = [shape(one["geometry"]) for one in areas["features"]]
    assert len(shapes) == number
    assert all(one.is_valid for one in shapes)
    assert not any(one.intersects(other) for place, one in enumerate(shapes) for other in shapes[:place])
    held = list(windows())
    assert all(any(window.contains(one) for window in held) for one in shapes)
    names = [next(iter(one["properties"].values())) for one in areas["features"]]
    assert len(set(names)) == number
    assert 283 in names or number != 20


def test_the_storm_fells_trees_inside_of_the_field_from_the_next_day_on():
    field, box = shape(FIELDS["munich"]), shapely.box(*truth.STORM_BOX)
    assert field.contains(box)
    lon, lat = np.array([box.centroid.x, 11.50]), np.array([box.centroid.y, 48.313])
    for band, factor in truth.STORM_FACTOR.items():
        before = truth.ground(band, lon, lat, truth.STORM_DAY)
        after = truth.ground(band, lon, lat, truth.STORM_DAY + timedelta(days=1))
        ratio = after / before
        assert ratio[0] == pytest.approx(factor, rel=0.01)  # plants grow by a day, too
        assert ratio[1] == pytest.approx(1, rel=0.01)
    day = date(2023, 7, 4)
    assert not truth.is_felled(lon, lat, truth.STORM_DAY).any()
    assert truth.is_felled(lon, lat, day).tolist() == [True, False]


def test_names_of_radar_scenes_agree_with_their_orbits():
    found = [one for one in scenes() if one.collection == "sentinel-1-rtc"]
    assert {one.item["properties"]["sat:relative_orbit"] for one in found} == {44, 119}
    assert len({one.id for one in found}) == len(found)
    for one in found:
        name, told = sentinel1(one.id), one.item["properties"]
        assert name.relative_orbit in {None, told["sat:relative_orbit"]}
        assert f"{name.start:%Y-%m-%dT%H:%M:%S}" in told["start_datetime"]
        assert told["multisat:synthetic"]
