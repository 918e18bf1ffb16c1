"""What a plan says it costs, against what servers counted; and the cap, held before anything is read."""

import re

import numpy as np
import pytest
import rasterio
import requests
from pyproj import Transformer
from rasterio.transform import from_origin

import multisat as ms
from multisat.contracts import Access
from multisat.engine import run
from multisat.model import AOI, Acquisition, FileAsset, Grid, Request, Scene
from multisat.recipe import Cap, Cost
from multisat.recipe.cost import local_cost
from multisat.steps import Steps, Task

PC = {"on": "planetary-computer"}
NDVI = ms.Recipe().mask("clear").index("NDVI").composite("month")
COST = Cost(scenes=3, files=9, requests=27, bytes=2_500_000, seconds=4.0, units=(("credits", 12.5),))


@pytest.mark.parametrize(
    ("text", "limit", "of"),
    [
        ("2GB", 2e9, "bytes"),
        ("1.5 MiB", 1.5 * 2**20, "bytes"),
        ("10min", 600, "seconds"),
        ("500requests", 500, "requests"),
        ("1 request", 1, "requests"),
        ("50credits", 50, "credits"),
        ("3 processing units", 3, "processing units"),
    ],
)
def test_a_cap_is_a_number_with_a_unit(text, limit, of):
    assert Cap.of_text(text) == Cap(limit=limit, of=of, text=text)


@pytest.mark.parametrize("text", ["", "2", "GB", "-1GB", "1,5GB", "lots"])
def test_what_is_no_cap_is_refused(text):
    with pytest.raises(ms.UsageError, match="cannot read the cap") as error:
        Cap.of_text(text)
    assert "2GB" in error.value.hint


@pytest.mark.parametrize("text", ["2.5MB", "27requests", "4s", "12.5credits"])
def test_a_cost_as_high_as_the_cap_passes(text):
    Cap.of_text(text).check(COST)


@pytest.mark.parametrize("text", ["2.4MB", "26requests", "3.9s", "12credits"])
def test_a_cost_above_the_cap_is_refused_by_both_numbers(text):
    with pytest.raises(ms.UsageError, match=f"more than the cap of {re.escape(text)}") as error:
        Cap.of_text(text).check(COST)
    assert "27 requests for 9 files of 3 scenes, 2.5 MB, 4 s, 12.5 credits" in str(error.value)


def test_a_unit_that_nothing_costs_is_refused_with_those_that_are():
    with pytest.raises(ms.UsageError, match="nothing here costs apples") as error:
        Cap.of_text("3apples").check(COST)
    assert error.value.hint == "cap one of bytes, requests, seconds, credits"


def test_the_cap_is_held_before_any_file_is_read(field, reached):
    with reached() as seen, pytest.raises(ms.UsageError, match="more than the cap of 10KB"):
        NDVI.run(field, "2023", cap="10KB", **PC)
    assert seen.files == []
    plan = NDVI.plan(field, "2023-05", **PC)
    with reached() as seen:
        plan.run(cap=f"{plan.cost().requests}requests")
    assert seen.files


CASES = {
    "one field, one band": (ms.Recipe().bands("red").composite(None), {}),
    "masked index": (NDVI, {}),
    "coarse pixels": (NDVI, {"resolution": 60}),
    "six bands": (ms.Recipe().bands("blue", "green", "red", "nir", "swir16", "swir22").composite(None), {}),
}


@pytest.mark.parametrize("case", CASES)
def test_requests_are_told_to_a_factor_of_two(field, reached, case):
    recipe, grid = CASES[case]
    plan = recipe.plan(field, "2023-05/2023-07", **PC, **grid)
    cost = plan.cost()
    with reached() as seen:
        plan.run()
    assert cost.scenes == len(plan.task.scenes)
    files = len({one.path for one in seen.files})
    assert 0.9 * cost.files <= files <= cost.files  # bands of a scene that is all masked are not opened
    assert len(seen.files) / 2 <= cost.requests <= 2 * len(seen.files)
    assert cost.seconds > 0


def test_bytes_are_never_told_too_low_where_files_pack_well(field, box, reached):
    """Synthetic scenes pack to a hundredth; the estimate is for real ones and stands above."""
    plan = NDVI.plan(field, "2023-05", **PC)
    with reached() as seen:
        plan.run()
    assert 0 < sum(_length(box.url, one) for one in seen.files) <= plan.cost().bytes


def _length(url, request):
    """Bytes that a request for a range got: of a file that ends before, fewer than it wanted."""
    first, last = map(int, re.fullmatch(r"bytes=(\d+)-(\d+)", request.headers["range"]).groups())
    told = requests.get(url + request.path, headers={"Range": "bytes=0-0"}, timeout=10)
    size = int(told.headers["Content-Range"].rpartition("/")[2])
    return min(last + 1, size) - first


@pytest.mark.parametrize(("rows", "columns"), [(40, 50), (300, 200), (1500, 900)])
def test_bytes_of_files_that_pack_as_real_ones_do_are_told_to_a_factor_of_two(tmp_path, serve, rows, columns):
    """Noise of ten bits packs to about 0.65 of its size; the server counts what it sends."""
    path = tmp_path / "red.tif"
    values = np.random.default_rng(1).integers(1, 1024, (2000, 2000)).astype("uint16")
    where = {"crs": 32632, "transform": from_origin(600000, 5340000, 10, 10)}
    layout = {"tiled": True, "blockxsize": 512, "blockysize": 512, "compress": "DEFLATE", "predictor": 2}
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        height=2000,
        width=2000,
        count=1,
        dtype="uint16",
        nodata=0,
        **layout,
        **where,
    ) as file:
        file.write(values, 1)
    data, sent = path.read_bytes(), []

    def answer(handler):
        first, last = map(int, re.fullmatch(r"bytes=(\d+)-(\d+)", handler.headers["Range"]).groups())
        part = data[first : last + 1]
        sent.append(len(part))
        handler.send_response(206)
        handler.send_header("Content-Length", str(len(part)))
        handler.send_header("Content-Range", f"bytes {first}-{first + len(part) - 1}/{len(data)}")
        handler.end_headers()
        handler.wfile.write(part)

    task = _task(f"{serve(answer)}/red.tif", rows, columns)
    cost = local_cost(task)
    assert run(task, access=lambda _provider, asset: Access(href=asset.href))["red"].notnull().all()
    assert sum(sent) / 2 <= cost.bytes <= 2 * sum(sent)
    assert len(sent) / 2 <= cost.requests <= 2 * len(sent)


def _task(href, rows, columns):
    """Steps over a part of one file of 2000 x 2000 pixels, away from its corner."""
    whole = Grid(crs="EPSG:32632", transform=(10, 0, 600000, 0, -10, 5340000), shape=(2000, 2000))
    part = Grid(crs="EPSG:32632", transform=(10, 0, 603000, 0, -10, 5337500), shape=(rows, columns))
    asset = FileAsset(
        key="red",
        band="red",
        href=href,
        nodata=0,
        scale=0.0001,
        offset=0.0,
        why="a test",
        grid=whole,
        dtype="uint16",
    )
    left, bottom, right, top = whole.bounds
    to = Transformer.from_crs(32632, 4326, always_xy=True)
    ring = [
        to.transform(x, y)
        for x, y in ((left, bottom), (right, bottom), (right, top), (left, top), (left, bottom))
    ]
    scene = Scene(
        provider="disk",
        collection="sentinel-2-l2a",
        native_id="sentinel-2-l2a",
        id="one",
        datetime=ms.TimeRange.of("2023-05-04").start,
        footprint={"type": "Polygon", "coordinates": [ring]},
        platform="sentinel-2a",
        assets={"red": asset},
        acquisition=Acquisition(
            collection="sentinel-2-l2a", platform="sentinel-2a", tile="32UPU", name="one"
        ),
        item={},
    )
    return Task(
        steps=Steps().bands("red").composite(None),
        request=Request.of(AOI.of(scene.footprint), "2023-05"),
        scenes=(scene,),
        grid=part,
    )
