"""What is asked of servers, counted there; and what happens when they fail."""

from pathlib import Path

import numpy as np
import pytest
import shapely

import multisat as ms
from multisat.sandbox import Fault
from multisat.screening import cost

ES = {"collections": "sentinel-2-l2a", "providers": "earth-search"}
QUALITY = {"scl.tif", "SCL.tif", "qa_pixel.tif"}


def parks(count=9):
    """Small polygons near each other, as parks of a city."""
    return ms.AOIs(
        tuple(
            ms.AOI(
                geometry=shapely.Point(11.49 + 0.01 * (n % 3), 48.31 + 0.007 * (n // 3)).buffer(0.003),
                name=f"park {n}",
            )
            for n in range(count)
        )
    )


@pytest.fixture(scope="module")
def found(box):
    return ms.search(box.places["munich"], "2023", **ES)


def test_two_requests_a_scene_and_no_band(found, paths):
    """The header and the pixels, for nine polygons together."""
    with paths() as seen:
        rows = ms.screen(parks(), scenes=found)
    assert len(rows) == 9 * (len(found) - 1)  # two scenes are halves of one overpass
    assert (seen.requests, seen.names) == (2 * len(found), {"scl.tif"})


def test_no_band_of_any_sensor(box, paths):
    with paths() as seen:
        ms.screen(parks(2), "2023-05")
    assert {name for name in seen.names if "Fmask" not in name} <= QUALITY
    assert any("Fmask" in name for name in seen.names)


def test_headers_that_are_remembered_are_not_asked_for(found, paths, tmp_path, monkeypatch):
    monkeypatch.setenv("MULTISAT_CACHE", str(tmp_path))
    first = ms.screen(parks(), scenes=found)
    with paths() as seen:
        again = ms.screen(parks(), scenes=found)
    assert seen.requests == len(found)
    assert again.rows == first.rows


def test_the_cost_that_is_told(found, paths):
    told = cost(found.scenes, parks())
    with paths() as seen:
        rows = ms.screen(parks(), scenes=found)
    assert (told.requests, told.rows, told.scenes) == (seen.requests, len(rows), len(found))
    assert told.bytes >= 16384 * len(found)


def test_a_scene_above_the_limit_is_not_read(paths, stars):
    with paths() as seen:
        rows = ms.screen(stars["munich"], "2023-05-14/2023-06-13", max_scene_cloud=20, **ES)
    assert seen.requests == 2 * len(rows) > 0
    assert all(row.scene_cloud <= 20 for row in rows)


def test_a_dead_layer_is_listed_and_the_rest_goes_on(box, found, stars):
    whole = ms.screen(stars["munich"], scenes=found)
    dead = found[3].id
    box.inject(Fault(provider="files", kind="404", match=f"{dead}/scl"))
    rows = ms.screen(stars["munich"], scenes=[one.copies[0] for one in found])
    assert [row.scenes[0].id for row in rows.failed] == [dead]
    assert "it is gone (404)" in rows.failed[0].error
    assert dead in rows.failed[0].error
    assert (rows.failed[0].status, rows.complete) == ("failed", False)
    assert set(rows.failed[0].shares.values()) == {None}
    assert [row.to_dict() for row in rows] == [row.to_dict() for row in whole if row.items != (dead,)]
    with pytest.raises(ms.AssetUnreadable, match="it is gone"):
        ms.screen(stars["munich"], scenes=[one.copies[0] for one in found], errors="raise")


def test_an_alternate_is_read_instead(box, stars):
    found = ms.search(stars["munich"], "2023-05-14", collections="sentinel-2-l2a")
    first = found[0]
    box.inject(Fault(provider="files", kind="404", match=f"{first.id}/"))
    (row,) = ms.screen(stars["munich"], scenes=found)
    assert row.read[0].uid != first.uid
    assert row.status == "ok"
    assert "was read instead" in row.note
    box.clear_faults()
    (well,) = ms.screen(stars["munich"], scenes=found)
    assert row.shares == well.shares


def test_a_cut_body_after_a_good_header(box, tmp_path, monkeypatch, stars):
    """The header is remembered, so the fault meets the pixels."""
    monkeypatch.setenv("MULTISAT_CACHE", str(tmp_path))
    found = ms.search(stars["munich"], "2023-05-14", **ES)
    alone = [found[0].copies[0]]
    ms.screen(stars["munich"], scenes=alone)
    box.inject(Fault(provider="files", kind="404", match="scl.tif"))
    rows = ms.screen(stars["munich"], scenes=alone)
    assert (len(rows), len(rows.failed)) == (0, 1)


def test_one_tile_of_two_is_a_part(scene_of, screened):
    values = np.full((60, 60), 4, dtype="uint8")
    west, east = scene_of("west", values), scene_of("east", values, x=600000 + 1200, minute=1)
    broken = Path(east.assets["scl"].href)
    broken.write_bytes(broken.read_bytes()[:200])
    (row,) = screened([west, east], shapely.box(600600, 5339000, 601800, 5339900))
    assert (row.status, row.shares["clear"], row.shares["nodata"]) == ("part", 50.0, 50.0)
    assert "east" in row.error
    assert row.items == ("west",)


def test_what_makes_no_sense_is_refused(found, stars):
    for options, said in [
        ({"tolerance": 0}, "tolerance"),
        ({"tolerance": 100}, "tolerance"),
        ({"errors": "ignore"}, "errors cannot be"),
        ({"mask": "fog"}, "fog"),
        ({"max_cloud": 101}, "max_cloud cannot be 101"),
    ]:
        with pytest.raises(ms.UsageError, match=said):
            ms.screen(stars["munich"], scenes=found, **options)


def test_nothing_there(box):
    with pytest.raises(ms.NothingFound):
        ms.screen([10, 0, 10.1, 0.1], "2023-05", **ES)


def test_progress_counts_scenes(found, stars):
    told = []
    ms.screen(stars["munich"], scenes=found, progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (len(found), len(found))
    assert sorted(told) == told
