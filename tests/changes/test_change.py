"""Radar before and after a synthetic storm, against the power that is known."""

from datetime import date

import numpy as np
import pytest
import shapely

import multisat as ms
from multisat.changes import change as compare
from multisat.cube import MultisatWarning
from multisat.federate.loading import open_asset
from multisat.model import AOI
from multisat.sandbox import Fault, truth

STORM = "2023-06-28"
BEFORE = [date(2023, 6, day) for day in (4, 10, 22)]
AFTER = [date(2023, 7, day) for day in (4, 10, 16)]


@pytest.fixture(scope="module")
def storm(box):
    return ms.change(box.places["munich"], STORM, days=24)


def looks(cube, side):
    return [one[:10] for one in cube.attrs[f"looks_{side}"].split(", ")]


def test_the_change_is_the_known_one_in_decibels(storm, power, felled):
    for band in ("vv", "vh"):
        before, after = power(band, storm, BEFORE), power(band, storm, AFTER)
        np.testing.assert_allclose(storm[f"{band}_before"], before, rtol=1e-6)
        np.testing.assert_allclose(storm[f"{band}_after"], after, rtol=1e-6)
        assert np.abs(storm[f"{band}_change"].values - 10 * np.log10(after / before)).max() < 1e-5
    lost = storm["vv_change"].values[felled(storm)]
    assert felled(storm).sum() > 1000
    assert np.abs(lost - 10 * np.log10(truth.STORM_FACTOR["vv"])).max() < 0.5  # plants grow, too
    assert np.abs(storm["vv_change"].values[~felled(storm)]).max() < 0.5


def test_every_look_is_of_one_orbit_and_both_satellites_of_it_count(storm):
    assert storm.attrs["relative_orbit"] == 119
    assert looks(storm, "before") == [str(day) for day in BEFORE]
    assert looks(storm, "after") == [str(day) for day in AFTER]
    assert storm.attrs["platforms_before"] == storm.attrs["platforms_after"] == "sentinel-1a, sentinel-1c"
    assert set(np.unique(storm["count_before"])) == set(np.unique(storm["count_after"])) == {3}


def test_the_day_of_the_event_is_on_neither_side(box):
    """A scene was taken on that day; with it, a side would have one look more."""
    found = ms.search(box.places["munich"], STORM, collections="sentinel-1-rtc")
    assert [scene.relative_orbit for scene in found] == [119]
    longer = ms.change(box.places["munich"], "2023-06-22/2023-07-04", days=24, bands="vv")
    assert looks(longer, "before") == ["2023-06-04", "2023-06-10"]
    assert looks(longer, "after") == ["2023-07-10", "2023-07-16"]


def test_another_orbit_is_taken_if_asked_for_and_is_as_right(box, power):
    other = ms.change(box.places["munich"], STORM, days=24, bands="vv", orbit=44)
    assert other.attrs["relative_orbit"] == 44
    days = [[date(2023, 6, 8), date(2023, 6, 20)], [date(2023, 7, 2), date(2023, 7, 14)]]
    before, after = (power("vv", other, side, orbit=44) for side in days)
    np.testing.assert_allclose(other["vv_before"], before, rtol=1e-6)
    assert np.abs(other["vv_change"].values - 10 * np.log10(after / before)).max() < 1e-5
    with pytest.raises(ms.UsageError, match="orbit 66 has no look on both sides") as error:
        ms.change(box.places["munich"], STORM, days=24, orbit=66)
    assert error.value.hint == "orbits with both: 44, 119"


def test_an_orbit_with_looks_on_both_sides_is_taken_over_one_with_more_on_a_side(box):
    """Within three days there is one look before the storm, of orbit 44, and two after, of both orbits."""
    near = ms.change(box.places["munich"], "2023-06-21/2023-06-30", days=4, bands="vv")
    assert near.attrs["relative_orbit"] == 44
    assert (looks(near, "before"), looks(near, "after")) == (["2023-06-20"], ["2023-07-02"])


def test_scenes_of_two_orbits_are_refused_however_they_come(box):
    """Mixed, they would show a change of up to 1.5 dB where nothing changed."""
    area = box.places["munich"]
    sides = [
        ms.search(area, time, collections="sentinel-1-rtc") for time in ("2023-06-01/2023-06-27", "2023-07")
    ]
    times = [ms.TimeRange.of(text) for text in ("2023-06-01/2023-06-27", "2023-07")]
    assert {s.relative_orbit for s in sides[0]} == {44, 119}
    with pytest.raises(ms.UsageError, match="orbits 119, 44 cannot be compared"):
        compare(AOI.of(area), tuple(zip(sides, times, strict=True)), access=open_asset)


def test_no_orbit_on_both_sides_is_nothing_found(box):
    with pytest.raises(ms.NothingFound, match="no relative orbit has a look both before") as error:
        ms.change(box.places["munich"], "2023-06-05/2023-06-07", days=2)
    assert error.value.hint == "take more days on both sides"
    with pytest.raises(ms.NothingFound, match="no scene of sentinel-1-rtc in 2021"):
        ms.change(box.places["munich"], "2021-06-09")


@pytest.mark.parametrize("event", ["2023-06-28/..", "../2023-06-28"])
def test_an_event_has_two_ends(box, event):
    with pytest.raises(ms.UsageError, match="an event has a beginning and an end"):
        ms.change(box.places["munich"], event)


@pytest.mark.parametrize("bands", ["red", ["vv", "red"], []])
def test_only_radar_is_compared(box, bands):
    with pytest.raises(ms.UsageError, match="no radar band"):
        ms.change(box.places["munich"], STORM, days=24, bands=bands)


def test_clipping_keeps_the_inside_only(box):
    triangle = shapely.Polygon([(11.50, 48.315), (11.515, 48.315), (11.50, 48.328)])
    whole, cut = (ms.change(triangle, STORM, days=24, bands="vv", clip=clip) for clip in (False, True))
    x, y = np.meshgrid(cut.x, cut.y)
    inside = shapely.contains_xy(AOI.of(triangle).to_crs(str(cut.rio.crs)), x, y)
    assert 0.4 < inside.mean() < 0.6
    np.testing.assert_array_equal(np.isfinite(cut["vv_change"]), inside)
    np.testing.assert_array_equal(cut["count_after"], np.where(inside, 3, 0))
    np.testing.assert_array_equal(cut["vv_change"].values[inside], whole["vv_change"].values[inside])
    assert whole["vv_change"].notnull().all()


def test_both_sides_are_on_the_grid_that_is_asked_for(box, power):
    coarse = ms.change(box.places["munich"], STORM, days=24, bands="vv", crs="EPSG:3035", resolution=40)
    assert (coarse.rio.crs.to_epsg(), coarse.rio.resolution()) == (3035, (40, -40))
    same = ms.change(box.places["munich"], STORM, days=24, bands="vh", grid=coarse)
    assert same.multisat.geobox == coarse.multisat.geobox


def test_a_file_that_is_gone_costs_its_look_and_is_listed(box, inject):
    inject(Fault(provider="files", kind="404", match="S1A_IW_GRDH_1SDV_20230704"))
    with pytest.warns(MultisatWarning, match="left out"):
        cube = ms.change(box.places["munich"], STORM, days=24, bands="vv")
    assert len(cube.attrs["skipped_after"]) == 1
    assert cube.attrs["skipped_before"] == []
    assert set(np.unique(cube["count_after"])) == {2}
    with pytest.raises(ms.AssetUnreadable):
        ms.change(box.places["munich"], STORM, days=24, bands="vv", errors="raise")


def test_an_archive_that_fails_is_no_empty_list(box, inject):
    inject(Fault(provider="planetary-computer", kind="403"))
    with pytest.raises(ms.ProviderRefused):
        ms.change(box.places["munich"], STORM, days=24)


def test_what_there_is_says_what_it_is(storm):
    assert list(storm.data_vars) == [
        "vv_before", "vv_after", "vh_before", "vh_after", "vv_change", "vh_change", "count_before", "count_after",
    ]  # fmt: skip
    assert storm["vv_change"].attrs["units"] == "dB"
    assert storm["vv_before"].attrs["units"] == "1"
    assert storm["vv_change"].attrs["dates"] == (
        "2023-06-04 to 2023-06-22 against 2023-07-04 to 2023-07-16, orbit 119"
    )
    assert storm["vv_change"].dtype == "float32"
    assert storm["count_before"].dtype == "uint16"
