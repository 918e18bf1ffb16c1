"""Both readers give the pixels that are in the file: every codec, type, predictor and tile."""

import numpy as np
import pytest
import rasterio
from rasterio.errors import RasterioIOError
from rasterio.io import MemoryFile

SHAPE = (700, 610)
WHOLE = ["u1", "u2", "i2", "u4", "i4", "i1", "u8", "i8"]
FLOATS = ["f4", "f8"]


def cases():
    for codec in ("NONE", "DEFLATE", "LZW", "ZSTD"):
        for dtype in WHOLE + FLOATS:
            predictors = [1] if codec == "NONE" else [1, 2] if dtype in WHOLE else [1, 2, 3]
            for predictor in predictors:
                if dtype in ("u8", "i8") and predictor == 2 and codec != "DEFLATE":
                    continue
                yield codec, dtype, predictor, 256
    for tile in (512, 1024):
        for codec in ("DEFLATE", "ZSTD"):
            yield codec, "u2", 2, tile
            yield codec, "f4", 3, tile
    for codec in ("LERC", "LERC_DEFLATE", "LERC_ZSTD"):
        for dtype in ("u1", "i2", "u2", "i4", "f4", "f8"):
            yield codec, dtype, 1, 256


@pytest.mark.parametrize(("codec", "dtype", "predictor", "tile"), list(cases()))
def test_the_engine_reads_what_gdal_reads(served, write, read, codec, dtype, predictor, tile):
    values = read.noise(dtype, SHAPE)
    options = {"compress": codec} if codec != "NONE" else {}
    if predictor > 1:
        options["predictor"] = predictor
    try:
        data = write(values, blockxsize=tile, blockysize=tile, nodata=0, **options)
    except RasterioIOError as error:
        pytest.skip(f"this GDAL does not write it: {error}")
    href = served.add("a.tif", data)
    with MemoryFile(data) as memory, memory.open() as truth:
        for window in read.windows(SHAPE):
            info, found = read.engine(href, window)
            assert (info.reader, info.dtype) == ("cog", truth.dtypes[0])
            expected = truth.read(1, window=read.gdal_window(window))
            np.testing.assert_array_equal(found.values, expected)
            assert found.values.dtype == expected.dtype


@pytest.mark.parametrize("bits", [1, 2, 4, 7, 9, 10, 11, 12, 13, 14, 15])
@pytest.mark.parametrize("codec", ["NONE", "DEFLATE", "ZSTD"])
def test_numbers_of_few_bits(served, write, read, bits, codec):
    values = (read.noise("u2", SHAPE) % 2**bits).astype("u1" if bits < 8 else "u2")
    options = {"compress": codec} if codec != "NONE" else {}
    href = served.add("a.tif", write(values, nbits=bits, **options))
    for window in read.windows(SHAPE):
        place = np.s_[window.row : window.row + window.height, window.column : window.column + window.width]
        np.testing.assert_array_equal(read.engine(href, window)[1].values, values[place])


@pytest.mark.parametrize("dtype", ["u2", "i4", "f4"])
@pytest.mark.parametrize(("codec", "predictor"), [("DEFLATE", 1), ("DEFLATE", 2), ("LZW", 2), ("ZSTD", 1)])
def test_the_other_byte_order(served, write, read, dtype, codec, predictor):
    values = read.noise(dtype, SHAPE)
    if dtype == "f4" and predictor == 2:
        predictor = 3
    data = write(values, endianness="BIG", compress=codec, predictor=predictor)
    with MemoryFile(data) as memory, memory.open() as truth:
        if not np.array_equal(truth.read(1), values):
            pytest.skip("this GDAL does not write it as it reads it")
    href = served.add("a.tif", data)
    np.testing.assert_array_equal(read.engine(href)[1].values, values)


def test_big_tiff(served, write, read):
    values = read.noise("u2", SHAPE)
    href = served.add("a.tif", write(values, bigtiff="YES", compress="DEFLATE"))
    np.testing.assert_array_equal(read.engine(href)[1].values, values)


@pytest.mark.parametrize("nodata", [None, 0, 7])
def test_tiles_that_are_left_out(served, write, read, nodata):
    values = np.full(SHAPE, nodata or 0, "u2")
    values[300:310, 300:310] = 9
    data = write(values, sparse_ok="TRUE", compress="DEFLATE", nodata=nodata)
    with MemoryFile(data) as memory, memory.open() as truth:
        np.testing.assert_array_equal(read.engine(served.add("a.tif", data))[1].values, truth.read(1))


@pytest.mark.parametrize("method", ["nearest", "average"])
def test_overviews(served, write, read, method):
    values = read.noise("u2", (2000, 1777))
    data = write(
        values, cog=True, compress="DEFLATE", predictor="YES", blocksize=256, overview_resampling=method
    )
    href = served.add("a.tif", data)
    path = read.folder / "made.tif"
    with rasterio.open(path) as whole:
        levels = len(whole.overviews(1)) + 1
    assert levels > 2
    for level in range(levels):
        options = {} if level == 0 else {"overview_level": level - 1}
        with rasterio.open(path, **options) as truth:
            info, found = read.engine(href, None, level)
            assert info.levels[level].shape == truth.shape
            np.testing.assert_allclose(info.levels[level].transform, tuple(truth.transform)[:6])
            np.testing.assert_array_equal(found.values, truth.read(1))
            other, again = read.gdal(str(path), read.whole(truth.shape), level)
            assert other.levels == info.levels
            np.testing.assert_array_equal(again.values, found.values)


def test_masks_of_the_file(served, write, read):
    values = read.noise("u1", (1100, 900))
    mask = np.zeros(values.shape, "u1")
    mask[100:600, 50:870] = 255
    data = write(
        values, cog=True, compress="DEFLATE", blocksize=256, mask=mask, overview_resampling="nearest"
    )
    href = served.add("a.tif", data)
    path = read.folder / "made.tif"
    for level in (0, 1):
        with rasterio.open(path, **({} if level == 0 else {"overview_level": level - 1})) as truth:
            _info, found = read.engine(href, None, level)
            np.testing.assert_array_equal(found.measured, truth.read_masks(1) > 0)
            _other, again = read.gdal(str(path), read.whole(truth.shape), level)
            np.testing.assert_array_equal(again.measured, found.measured)
    np.testing.assert_array_equal(read.engine(href)[1].measured, mask > 0)


def test_numbers_without_data_in_lerc_are_nan(served, write, read):
    values = read.noise("f4", SHAPE)
    values[100:300, 100:400] = np.nan
    data = write(values, compress="LERC_ZSTD", nodata=np.nan)
    with MemoryFile(data) as memory, memory.open() as truth:
        np.testing.assert_array_equal(read.engine(served.add("a.tif", data))[1].values, truth.read(1))
