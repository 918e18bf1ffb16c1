"""Units as values: what they hold, and how cells are grouped into them."""

import datetime as dt
import pickle
from dataclasses import replace

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import multisat as ms
from multisat.engine.plan import plan as ready
from multisat.jobs.cells import cells
from multisat.jobs.computing import compute
from multisat.jobs.folder import Folder
from multisat.jobs.how import How
from multisat.jobs.mesh import Mesh, around, joined
from multisat.jobs.places import features
from multisat.jobs.reach import Reach
from multisat.jobs.spans import Span, spans
from multisat.jobs.units import Maker, bundles
from multisat.model import Grid

PIXELS = st.floats(-1e6, 1e6, allow_subnormal=False)


@given(PIXELS, PIXELS, st.floats(0, 5000), st.floats(0, 5000))
def test_a_window_holds_its_box_in_whole_tiles(left, top, wide, high):
    row, column, bottom, right = around(left, top, left + wide, top + high)
    assert all(edge % 256 == 0 for edge in (row, column, bottom, right))
    assert row <= top <= top + high <= bottom
    assert column <= left <= left + wide <= right
    both = joined((row, column, bottom, right), (0, 0, 256, 256))
    assert both == (min(row, 0), min(column, 0), max(bottom, 256), max(right, 256))


@given(st.integers(-3000, 3000), st.integers(-3000, 3000), st.sampled_from([10.0, 20.0, 30.0, 0.00027]))
@settings(max_examples=50)
def test_a_mesh_does_not_depend_on_which_part_of_it_is_seen(row, column, size):
    """Half a pixel off the origin, as Landsat's grids are."""
    first = Grid(crs="EPSG:32632", transform=(size, 0, size / 2, 0, -size, -size / 2), shape=(5, 5))
    moved = replace(first, transform=(size, 0, size / 2 + column * size, 0, -size, -size / 2 - row * size))
    assert Mesh.of(moved) == Mesh.of(first)
    window = Mesh.of(first).grid((row, column, row + 5, column + 5))
    assert window.transform == pytest.approx(moved.transform, abs=1e-6 * size)


@pytest.fixture(scope="module")
def task(box, planned, ndvi, fields):
    return planned(ndvi, fields).task


def maker(task, folder):
    made = ready(task, retry=True)
    reach, slim = Reach(made), made.slim()
    found = list(cells(task, made, list(features(task, 256)), spans(made), reach))
    return found, Maker(task=task, plan=slim, parts=spans(slim), reach=reach, folder=folder, how=How())


def test_every_cell_is_in_one_unit(task, tmp_path):
    found, _ = maker(task, tmp_path)
    some = bundles(found, 3)
    keys = [key for bundle in some for row in bundle.cells for key in row]
    assert sorted(keys) == sorted(cell.key for cell in found)
    assert len(set(keys)) == len(keys) == 12 * 2
    assert max(len(bundle.places) for bundle in some) <= 3
    lacking = [cell for cell in found if not (cell.place.number == 0 and cell.span == 0)]
    assert {bundle.spans for bundle in bundles(lacking, 100)} == {(0, 1), (1,)}


def test_a_unit_can_be_sent_and_holds_no_secret(task, tmp_path, monkeypatch):
    monkeypatch.setenv("PC_SDK_SUBSCRIPTION_KEY", "very-secret-key")
    found, making = maker(task, tmp_path)
    unit = making.unit(bundles(found, 100)[0])
    sent = pickle.dumps(unit)
    assert b"very-secret-key" not in sent
    hrefs = [asset.href for scene in unit.plan.scenes for asset in scene.assets.values()]
    assert hrefs
    assert not [href for href in hrefs if "?" in href]
    assert all(scene.item == {} for scene in unit.plan.scenes)
    Folder(path=tmp_path).part("x").parent.mkdir(parents=True)
    record = Folder(path=tmp_path).part(unit.key)
    assert compute(unit).key == unit.key
    first = orjson.loads(record.read_bytes())["cells"]
    compute(pickle.loads(sent))
    assert orjson.loads(record.read_bytes())["cells"] == first
    assert sorted(first) == sorted(key for row in unit.result.cells for key in row)


def test_medians_that_do_not_fit_into_memory_are_refused(task, tmp_path):
    found, making = maker(task, tmp_path)
    unit = making.unit(bundles(found, 100)[0])
    with pytest.raises(ms.UsageError, match=r"medians and quantiles of \d+ features hold .* GiB"):
        compute(replace(unit, result=replace(unit.result, room=1e-9)))


def test_a_key_says_what_decides_a_number(task, tmp_path):
    found, _ = maker(task, tmp_path)
    reprocessed = (task.scenes[0].with_baseline("99.99"), *task.scenes[1:])
    changed, _ = maker(replace(task, scenes=reprocessed), tmp_path)
    differing = {a.span for a, b in zip(found, changed, strict=True) if a.key != b.key}
    assert differing == {0}
    other = replace(task, steps=ms.Recipe().index("EVI").composite("month").zonal("mean"))
    assert not {cell.key for cell in found} & {cell.key for cell in maker(other, tmp_path)[0]}


def test_an_overpass_stays_in_its_period_without_its_first_scenes(task):
    """A pass over midnight at the end of a month: the scene over the place was taken in the next one."""
    made = ready(task, retry=True)
    span = spans(made)[0]
    (last,) = span.groups[-1][:1]
    late = replace(last, id="late", datetime=dt.datetime(2023, 6, 1, 0, 1, tzinfo=dt.UTC))
    early = replace(last, id="early", datetime=dt.datetime(2023, 5, 31, 23, 59, tzinfo=dt.UTC))
    both = Span(names=span.names, groups=((early, late),), periods=span.periods)
    reach = Reach(made)
    assert reach.cut(both, frozenset({late.uid})) == ((early, late),)
    assert reach.cut(both, frozenset({early.uid})) == ((early,),)
    assert reach.cut(both, frozenset()) == ()


def test_what_is_smoothed_is_one_span(task):
    smooth = ms.Recipe().index("NDVI").composite("month").smooth("whittaker").zonal("mean")
    assert [len(one.names) for one in spans(ready(task, retry=True))] == [1, 1]
    (whole,) = spans(ready(replace(task, steps=smooth), retry=True))
    assert whole.names == ("20230501", "20230601")


WRONG = {
    "tile": ({"tile": 300}, "a tile cannot be 300 pixels"),
    "workers": ({"workers": 0}, "nothing can be done"),
    "store": ({"store": "jpeg"}, "nothing is stored as 'jpeg'"),
}


@pytest.mark.parametrize("case", WRONG)
def test_how_says_what_it_takes(case):
    options, told = WRONG[case]
    with pytest.raises(ms.UsageError, match=told):
        How(**options)
