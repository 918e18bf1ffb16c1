"""Overviews are read only where they are samples, and then the error stays within the stated bound."""

import numpy as np
import pytest
import shapely

from multisat.raster import AnyReader
from multisat.screening.bounds import bound, needed

HLS = {"provider": "nasa-cmr", "native_id": "HLSS30_2.0", "collection": "hls-s30"}
HLS |= {"layer": "fmask", "nodata": 255, "size": 30}
SIDE = 1000
SHAPE = shapely.Point(600000 + 15 * SIDE, 5340000 - 15 * SIDE).buffer(13 * SIDE, quad_segs=3)
WORDS = ("clear", "cloud", "shadow", "water", "covered")


def sky(hills, seed, *, smooth=12):
    """Fmask over rolling clouds, their shadows and some lakes, with a corner of fill."""
    level = hills(seed, (SIDE, SIDE), smooth)
    codes = np.zeros((SIDE, SIDE), dtype="uint8")
    codes[np.roll(level, (30, 40), (0, 1)) > 1.2] = 1 << 3
    codes[hills(seed + 1000, (SIDE, SIDE), 4) > 2] |= 1 << 5
    codes[level > 0.9] = 1 << 1
    codes[:200, :300] = 255
    return codes


def test_a_small_polygon_is_read_in_full_resolution(scene_of, screened, hills):
    scene = scene_of("one", sky(hills, 1), overviews="NEAREST", **HLS)
    (row,) = screened([scene], shapely.box(606000, 5316000, 606000 + 500 * 30, 5316000 + 500 * 30))
    assert (row.level, row.resolution, row.bound) == (0, 30.0, 0.0)


@pytest.mark.parametrize(("tolerance", "level"), [(0.3, 1), (0.6, 2), (1.1, 3)])
def test_the_coarsest_level_that_keeps_the_tolerance(scene_of, screened, hills, tolerance, level):
    scene = scene_of("one", sky(hills, 1), overviews="NEAREST", **HLS)
    (row,) = screened([scene], SHAPE, tolerance=tolerance)
    assert (row.level, row.resolution) == (level, pytest.approx(30 * 2**level, rel=0.01))
    assert 0 < row.bound <= tolerance


def test_exact_reads_no_overview(scene_of, screened, hills):
    scene = scene_of("one", sky(hills, 1), overviews="NEAREST", **HLS)
    (row,) = screened([scene], SHAPE, exact=True)
    assert (row.level, row.bound) == (0, 0.0)


@pytest.mark.parametrize("smooth", [2, 10])
def test_the_error_stays_within_the_bound(scene_of, screened, hills, smooth):
    """Of some hundred shares at 95 % at most one in twenty may lie outside; of these maps none does."""
    errors = []
    for seed in range(4):
        scene = scene_of(f"sky{seed}", sky(hills, seed, smooth=smooth), overviews="NEAREST", **HLS)
        (exact,), (rough,) = (
            screened([scene], SHAPE, **how) for how in ({"exact": True}, {"tolerance": 1.5})
        )
        assert rough.level == 3
        errors += [abs(exact.shares[word] - rough.shares[word]) / rough.bound for word in WORDS]
    assert max(errors) > 0
    assert np.mean(np.array(errors) > 1) <= 0.05


@pytest.mark.parametrize("method", ["MODE", "AVERAGE"])
def test_overviews_that_are_no_samples_are_left_alone(scene_of, screened, hills, method):
    """As those of the scene classes at Earth Search, which are majorities."""
    codes = np.where(sky(hills, 3, smooth=2) & 2, 9, 4).astype("uint8")
    scene = scene_of(
        "one", codes, overviews=method, provider="earth-search", native_id="sentinel-2-l2a", size=30
    )
    (row,) = screened([scene], SHAPE)
    (exact,) = screened([scene], SHAPE, exact=True)
    assert (row.level, row.bound) == (0, 0.0)
    assert row.shares == exact.shares


def test_a_large_polygon_is_read_piece_by_piece(scene_of, screened, hills, oracle, frame_of):
    """It is cut for memory; the cuts are not seen in the shares."""
    codes = np.tile(np.where(hills(5, (900, 900), 5) > 0.5, 9, 4).astype("uint8"), (3, 3))
    scene = scene_of("large", codes, size=20)
    shape = shapely.box(600100.5, 5340000 - 2650 * 20, 600000 + 2600 * 20.1, 5339900)
    (row,) = screened([scene], shape)
    assert row.bound == 0.0
    weights = np.outer(
        covered(5340000 - np.array(shape.bounds)[[3, 1]], 2700),
        covered(np.array(shape.bounds)[[0, 2]] - 600000, 2700),
    )
    assert row.shares["cloud"] == pytest.approx(
        100 * (weights * (codes == 9)).sum() / weights.sum(), abs=1e-3
    )


def covered(span, count):
    """The share of each pixel of 20 m along one axis that a span in metres covers."""
    edges = np.arange(count + 1) * 20.0
    return np.clip(np.minimum(edges[1:], span[1]) - np.maximum(edges[:-1], span[0]), 0, None) / 20


def test_the_bound_against_published_numbers():
    """Wilson's interval for 10 of 100 is 5.52 % to 17.44 %, for none of 100 up to 3.70 %."""
    assert bound(0.1, 100) == pytest.approx(0.1744 - 0.1, abs=1e-4)
    assert bound(0.0, 100) == pytest.approx(0.0370, abs=1e-4)
    assert bound(1.0, 100) == pytest.approx(bound(0.0, 100))
    assert bound(0.5, needed(0.01)) == pytest.approx(0.01, abs=1e-6)
    assert bound(0.3, 0) == 1.0


def test_readers_close(scene_of, screened, hills):
    """The reader that was asked for is the one that reads, and it is closed."""
    closed = []

    class Reader(AnyReader):
        def close(self):
            closed.append(True)
            super().close()

    screened([scene_of("one", sky(hills, 1), **HLS)], SHAPE, reader=Reader)
    assert closed == [True]
