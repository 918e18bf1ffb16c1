"""The reference flow by the unmodified client: equal to plain NumPy over the sandbox's truth."""

from datetime import datetime

import numpy as np
import pytest
import scipy.ndimage
import xarray as xr

from multisat.sandbox.archive.catalogue import scenes
from multisat.sandbox.places import TILES

pytestmark = pytest.mark.xdist_group("openeo-backend")

SIZE, ROWS, COLUMNS = 10, 60, 70
WEST, NORTH = 685000, 5355000
AREA = {
    "west": WEST,
    "south": NORTH - ROWS * SIZE,
    "east": WEST + COLUMNS * SIZE,
    "north": NORTH,
    "crs": "EPSG:32632",
}
TIME = ["2023-05-01", "2023-10-01"]
MARGIN = 5


def weights():
    side = np.exp(-0.5 * ((np.arange(11) - 5) / 1.6) ** 2)
    return np.outer(side, side) / side.sum() ** 2


def graph(connection, area=AREA):
    data = connection.load_collection(
        "SENTINEL2_L2A",
        spatial_extent=area,
        temporal_extent=TIME,
        bands=["B04", "B08", "SCL"],
        properties={"eo:cloud_cover": lambda value: value <= 20},
    )
    scl = data.band("SCL")
    hidden = ((scl == 8) | (scl == 9)).apply_kernel(kernel=weights()) > 0.1
    clear = data.filter_bands(["B04", "B08"]).mask(hidden)
    return clear.ndvi(nir="B08", red="B04").aggregate_temporal_period("month", "mean")


def truth():
    """Return the monthly mean NDVI, computed without anything of the backend."""
    looks = {}
    for entry in scenes():
        told = entry.item["properties"]
        day, cloud = datetime.fromisoformat(told["datetime"]).date(), told.get("eo:cloud_cover")
        usable = (
            entry.collection == "sentinel-2-l2a"
            and entry.place == "munich"
            and "red" in {*entry.files, "red"}
        )
        if usable and cloud is not None and cloud <= 20 and TIME[0] <= str(day) < TIME[1]:
            looks.setdefault(day, {}).setdefault(entry.provider, []).append(entry)
    months = {}
    for day, by_provider in sorted(looks.items()):
        entries = by_provider.get("planetary-computer") or by_provider["earth-search"][-1:]
        values = ndvi(entries)
        months.setdefault(f"{day:%Y-%m}-01", []).append(values)
    first = dict.fromkeys([f"2023-{m:02}-01" for m in range(5, 10)])
    with np.errstate(all="ignore"):
        means = [mean(months.get(one, [])) for one in first]
    return list(first), np.stack(means)


def mean(arrays):
    stack = np.stack(arrays) if arrays else np.full((1, ROWS, COLUMNS), np.nan)
    count = (~np.isnan(stack)).sum(0)
    return np.where(count > 0, np.nansum(stack, 0) / np.maximum(count, 1), np.nan)


def ndvi(entries):
    red, nir = (mosaic(entries, *names) for names in (("B04", "red"), ("B08", "nir")))
    cloud = np.isin(mosaic(entries, "SCL", "scl", margin=MARGIN), [8, 9]).astype(float)
    spread = scipy.ndimage.correlate(cloud, weights(), mode="constant")[MARGIN:-MARGIN, MARGIN:-MARGIN]
    return np.where(spread > 0.1, np.nan, (nir - red) / (nir + red))


def mosaic(entries, *names, margin=0):
    """Return reflectance or classes of the area and some pixels more, the first valid of the entries."""
    found = None
    for entry in entries:
        file = next((entry.files[name] for name in names if name in entry.files), None)
        if file is None:
            return np.full((ROWS + 2 * margin, COLUMNS + 2 * margin), np.nan)
        stored = file.stored()
        values = stored * (file.scale if file.band else 1) + file.offset
        values[stored == file.nodata] = np.nan
        scale = int(file.frame.size) // SIZE
        fine = np.kron(values, np.ones((scale, scale)))
        top, left = (
            round((file.frame.y - NORTH) / SIZE) - margin,
            round((WEST - file.frame.x) / SIZE) - margin,
        )
        part = fine[top : top + ROWS + 2 * margin, left : left + COLUMNS + 2 * margin]
        found = part if found is None else np.where(np.isnan(found), part, found)
    return found


def check(dataset):
    months, right = truth()
    found = dataset["var"]
    assert [str(one)[:10] for one in found.t.values] == months
    np.testing.assert_array_equal(found.x, WEST + SIZE * (np.arange(COLUMNS) + 0.5))
    np.testing.assert_array_equal(found.y, NORTH - SIZE * (np.arange(ROWS) + 0.5))
    np.testing.assert_allclose(found.transpose("t", "y", "x"), right, rtol=0, atol=1e-6, equal_nan=True)
    assert np.isfinite(right).any()
    assert np.isnan(right[0:3]).any()


def test_the_sandbox_has_what_the_flow_needs():
    tile = TILES["munich"].frame(10)
    assert tile.x + MARGIN * SIZE <= WEST
    assert tile.y - MARGIN * SIZE >= NORTH


def test_a_request_gives_the_truth(connection, tmp_path):
    graph(connection).download(tmp_path / "flow.nc", format="netCDF")
    with xr.open_dataset(tmp_path / "flow.nc", decode_coords="all") as found:
        assert found["var"].dtype == np.float32
        check(found)


def test_a_batch_job_gives_the_truth(connection, tmp_path):
    job = graph(connection).execute_batch(
        tmp_path / "flow.nc",
        out_format="netCDF",
        print=lambda *_: None,
        max_poll_interval=0.2,
        connection_retry_interval=1,
    )
    assert job.status() == "finished"
    with xr.open_dataset(tmp_path / "flow.nc", decode_coords="all") as found:
        check(found)


@pytest.mark.slow
def test_the_second_judge_agrees(backend, connection):
    """openeo-processes-dask reads no margin for kernels, so that only pixels far from the edge are compared."""
    found = backend.judge(graph(connection).flat_graph())["var"]
    months, right = truth()
    labels = [str(one)[:7] for one in found.t.values]
    inner = (slice(MARGIN, -MARGIN), slice(MARGIN, -MARGIN))
    for label, month in zip(labels, found.transpose("t", "y", "x").values, strict=True):
        place = [one[:7] for one in months].index(label)
        np.testing.assert_allclose(month[inner], right[place][inner], rtol=0, atol=1e-6, equal_nan=True)
    assert len(labels) >= 4
