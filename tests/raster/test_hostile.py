"""Files that lie: the engine names what is wrong, and takes neither much memory nor time for it."""

import contextlib
import struct
import zlib

import imagecodecs
import numpy as np
import pytest
from rasterio.errors import RasterioError
from rasterio.io import MemoryFile

from multisat.contracts import Access
from multisat.errors import AssetUnreadable
from multisat.raster import AnyReader, CogReader, Limits, Window, run
from multisat.raster.cog import NotForEngine

pytestmark = pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")

MUCH = 60 * 2**20
"""Bytes; what these files promise is more, and what one takes is less than a tenth of it."""
CORNER = Window(row=0, column=0, height=20, width=20)
FAR = 2**31 - 1


@pytest.fixture(autouse=True)
def _warm(served, craft, read):
    """Read a sound file by both readers: what is loaded once for all files is not what a file costs."""
    href = served.add("warm.tif", craft.one())
    read.engine(href, CORNER)
    read.gdal(href, CORNER)
    served.asked.clear()


def refused(served, peak, take, data, **how):
    """Say that a file is refused, as cheaply as it should be; returns why."""
    href = served.add("a.tif", data)
    with peak() as cost, pytest.raises(AssetUnreadable) as caught:
        take(href, CORNER, **how)
    assert cost.extra < MUCH
    return str(caught.value)


def engine_refuses(read, served, data, window=CORNER):
    """Return the error of the engine itself, without GDAL's help."""
    with pytest.raises((AssetUnreadable, NotForEngine)) as caught:
        read.engine(served.add("a.tif", data), window)
    return caught.value


def test_the_sound_file_all_others_are_made_from(served, craft, take):
    info, pixels = take(served.add("a.tif", craft.one()))
    assert info.reader == "cog"
    np.testing.assert_array_equal(pixels.values, np.tile(craft.tile, (2, 2))[:100, :90])


IMPOSSIBLE = {
    "sides of 2^31 - 1": {"t256": ("u4", FAR), "t257": ("u4", FAR)},
    "sides of 2^32 - 1": {"t256": ("u4", 2**32 - 1), "t257": ("u4", 2**32 - 1)},
    "sides of 0": {"t256": ("u4", 0), "t257": ("u4", 0)},
    "no sides": {"t256": None, "t257": None},
    "sides below 0": {"t256": ("i4", -90), "t257": ("i4", -100)},
    "sides that are no number": {"t256": ("f8", float("nan")), "t257": ("f8", float("inf"))},
    "a side that is text": {"t256": ("a", "ninety")},
    "tiles of 0": {"t322": ("u4", 0), "t323": ("u4", 0)},
    "tiles of 2^31 - 1": {"t322": ("u4", FAR), "t323": ("u4", FAR)},
    "tiles of 65536": {"t322": ("u4", 65536), "t323": ("u4", 65536)},
    "positions outside of the file": {"t324": ("u4", [2**32 - 1] * 4)},
    "positions before the file": {"t324": ("i4", [-4096] * 4)},
    "positions that are no number": {"t324": ("f8", [float("nan")] * 4)},
    "lengths outside of the file": {"t325": ("u4", [2**32 - 1] * 4)},
    "lengths below 0": {"t325": ("i4", [-1] * 4)},
    "lengths that are no number": {"t325": ("f8", [float("nan")] * 4)},
    "no positions": {"t324": None},
    "no lengths and no positions": {"t324": None, "t325": None},
    "a scale that is no number": {"t33550": ("f8", [float("nan"), 10, 0])},
    "a scale without end": {"t33550": ("f8", [float("inf"), float("inf"), 0])},
    "a place that is no number": {"t33922": ("f8", [0, 0, 0, float("nan"), float("-inf"), 0])},
    "a scale of 0": {"t33550": ("f8", [0, 0, 0])},
    "no place": {"t33550": None, "t33922": None},
    "numbers of 0 bits": {"t258": ("u2", 0)},
    "numbers of 65535 bits": {"t258": ("u2", 65535)},
    "an unknown codec": {"t259": ("u2", 64999)},
}


@pytest.mark.parametrize("changes", IMPOSSIBLE.values(), ids=IMPOSSIBLE.keys())
def test_what_cannot_be(served, craft, read, take, peak, changes):
    engine_refuses(read, served, craft.one(**changes))
    assert refused(served, peak, take, craft.one(**changes))


@pytest.mark.parametrize("number", [1, 3, 5, 4000])
def test_another_number_of_tiles_than_there_are_places(served, craft, read, number):
    places, lengths = ("u4", [4096] * number), ("u4", [len(craft.packed)] * number)
    engine_refuses(read, served, craft.one(t324=places))
    engine_refuses(read, served, craft.one(t325=lengths))
    engine_refuses(read, served, craft.one(t324=places, t325=lengths))


GIGA = 2**30


@pytest.mark.parametrize(("code", "codec"), [(8, "deflate"), (32946, "deflate"), (5, "lzw"), (50000, "zstd")])
def test_a_tile_that_unpacks_to_a_gigabyte(served, craft, read, take, peak, code, codec):
    tile = {
        "deflate": lambda: craft.zeros(GIGA),
        "zstd": lambda: imagecodecs.zstd_encode(bytes(GIGA)),
        "lzw": lambda: imagecodecs.lzw_encode(bytes(GIGA // 16)),
    }[codec]()
    one_tile = {"t322": ("u4", 256), "t323": ("u4", 256), "t324": ("u4", 4096), "t325": ("u4", len(tile))}
    href = served.add("a.tif", craft.one(tile, **one_tile, t259=("u2", code)))
    for window in (CORNER, Window(row=0, column=0, height=100, width=90)):
        with peak() as cost, contextlib.suppress(AssetUnreadable):
            assert not take(href, window)[1].values.any()
        assert cost.extra < MUCH


def test_the_beginning_of_a_tile_that_unpacks_to_a_gigabyte(served, craft, take, peak):
    """Its first rows are all that is unpacked, and they are right."""
    packer = zlib.compressobj(1)
    start = np.random.default_rng(1).integers(0, 60000, (64, 64)).astype("<u2").tobytes()
    tile = packer.compress(start * 8) + packer.flush(zlib.Z_SYNC_FLUSH) + craft.zeros(GIGA)[2:]
    sides = {"t322": ("u4", 512), "t323": ("u4", 512)}
    changes = {
        **sides,
        "t256": ("u4", 512),
        "t257": ("u4", 512),
        "t324": ("u4", 4096),
        "t325": ("u4", len(tile)),
    }
    href = served.add("a.tif", craft.one(tile, **changes))
    with peak() as cost:
        _, pixels = take(href, Window(row=0, column=0, height=10, width=512))
    np.testing.assert_array_equal(pixels.values.ravel(), np.frombuffer(start * 8, "<u2")[: 10 * 512])
    assert cost.extra < MUCH
    with peak() as cost, pytest.raises(AssetUnreadable):
        take(href, Window(row=0, column=0, height=512, width=512))
    assert cost.extra < MUCH


def lerc(**changes):
    """Return a LERC 2 tile of 64 x 64 numbers whose header says something else; its checksum fits."""
    packed = bytearray(imagecodecs.lerc_encode(np.full((64, 64), 7, "u2"), version=4))
    places = {"rows": 14, "columns": 18, "depth": 22, "kind": 38}
    for name, value in changes.items():
        struct.pack_into("<i", packed, places[name], value)
    struct.pack_into("<I", packed, 10, fletcher(bytes(packed[14:])))
    return bytes(packed)


def fletcher(data):
    """Return the checksum of LERC."""
    low = high = 0xFFFF
    for first, second in zip(data[::2], data[1::2], strict=False):
        low += first << 8
        low += second
        high += low
    if len(data) % 2:
        low += data[-1] << 8
        high += low
    fold = lambda n: (n & 0xFFFF) + (n >> 16)  # noqa: E731
    while low > 0xFFFF or high > 0xFFFF:
        low, high = fold(low), fold(high)
    return (high << 16) | low


LERC = {"t259": ("u2", 34887), "t50674": ("u4", [4, 0])}


def test_lerc_tiles_made_here_are_sound(served, craft, read):
    assert (read.engine(served.add("a.tif", craft.one(lerc(), **LERC)))[1].values == 7).all()


@pytest.mark.parametrize("outer", [0, 1, 2])
@pytest.mark.parametrize(
    "lie",
    [
        {"rows": FAR, "columns": FAR},
        {"rows": 40000, "columns": 40000},
        {"depth": 100_000},
        {"depth": FAR},
        {"rows": -1},
        {"kind": 77},
    ],
    ids=str,
)
def test_a_lerc_tile_that_announces_much(served, craft, read, take, peak, lie, outer):
    tile = lerc(**lie)
    tile = zlib.compress(tile) if outer == 1 else imagecodecs.zstd_encode(tile) if outer == 2 else tile
    data = craft.one(tile, **{**LERC, "t50674": ("u4", [4, outer])})
    engine_refuses(read, served, data)
    refused(served, peak, take, data)


@pytest.mark.parametrize("outer", [1, 2])
def test_a_packed_lerc_tile_that_unpacks_to_a_gigabyte(served, craft, take, peak, outer):
    tile = craft.zeros(GIGA) if outer == 1 else imagecodecs.zstd_encode(bytes(GIGA))
    changes = {**LERC, "t50674": ("u4", [4, outer]), "t325": ("u4", [min(len(tile), 80_000)] * 4)}
    refused(served, peak, take, craft.one(tile, **changes))


def test_directories_in_circles(served, craft, read, take, peak):
    data = craft.file([craft.sound()], craft.packed, after=8)
    engine_refuses(read, served, data)
    two = craft.file([craft.sound(), craft.sound(t254=("u4", 1))], craft.packed, after=8)
    assert "circles" in str(engine_refuses(read, served, two))
    refused(served, peak, take, two)


def test_ten_thousand_directories(served, craft, read, take, peak):
    small = {254: ("u4", 1), 256: ("u4", 1), 257: ("u4", 1)}
    data = craft.file([craft.sound(), *[small] * 10_000], craft.packed, at=2**20)
    engine_refuses(read, served, data)
    assert refused(served, peak, take, data)


@pytest.mark.parametrize("count", [0, 1025, 65535])
@pytest.mark.parametrize("length", [2**14, 2**21])
def test_a_directory_of_many_tags(served, craft, read, take, peak, count, length):
    data = bytearray(craft.one().ljust(length, b"\0"))
    struct.pack_into("<H", data, 8, count)
    engine_refuses(read, served, bytes(data))
    refused(served, peak, take, bytes(data))


def test_a_big_tiff_of_many_tags(served, craft, read, take, peak):
    data = bytearray(craft.file([craft.sound()], craft.packed, big=True))
    struct.pack_into("<Q", data, 16, 2**63)
    engine_refuses(read, served, bytes(data))
    refused(served, peak, take, bytes(data))


@pytest.mark.parametrize("place", [2**31, 2**32 - 1, 2**63, 2**64 - 1])
@pytest.mark.parametrize("tag", [324, 33550, 34735])
def test_tags_that_point_outside(served, craft, read, take, peak, tag, place):
    big = place >= 2**32
    data = bytearray(craft.file([craft.sound()], craft.packed, big=big))
    code = struct.pack("<H", tag)
    step, first = (20, 24) if big else (12, 10)
    entry = next(at for at in range(first, 4000, step) if data[at : at + 2] == code)
    struct.pack_into("<Q" if big else "<I", data, entry + step - (8 if big else 4), place)
    engine_refuses(read, served, bytes(data))
    if tag != 34735:
        refused(served, peak, take, bytes(data))


@pytest.mark.parametrize("count", [2**31, 2**62, 2**64 - 1])
def test_tags_of_many_values(served, craft, read, take, peak, count):
    data = bytearray(craft.file([craft.sound()], craft.packed, big=True))
    entry = next(at for at in range(24, 4000, 20) if data[at : at + 2] == struct.pack("<H", 324))
    struct.pack_into("<Q", data, entry + 4, count)
    engine_refuses(read, served, bytes(data))
    refused(served, peak, take, bytes(data))


@pytest.mark.parametrize("first", [0, 1, 7, 4000, 2**31, 2**32 - 1])
def test_a_first_directory_that_is_nowhere(served, craft, take, peak, first):
    refused(served, peak, take, b"II" + struct.pack("<HI", 42, first) + craft.one()[8:])


def test_a_file_of_masks_only(served, craft, read, take):
    data = craft.one(t254=("u4", 4))
    engine_refuses(read, served, data)
    with contextlib.suppress(AssetUnreadable):
        take(served.add("a.tif", data), CORNER)


def test_a_header_that_is_longer_than_the_limit(served, craft, take, peak, read):
    """The engine fetches no more of it than it may, and leaves the file to GDAL."""
    data = craft.file(
        [craft.sound(t65000=("u1", np.zeros(3 * 2**20, "u1")), t324=("u4", [2**22] * 4))],
        craft.packed,
        at=2**22,
    )
    href = served.add("a.tif", data)
    reader = CogReader(Limits(header=2**20))
    with pytest.raises(NotForEngine):
        take(href, CORNER, reader=reader)
    assert [asked[2] for asked in served.asked] == ["bytes=0-16383"]
    info, pixels = take(href, CORNER, reader=AnyReader(reader))
    assert info.reader == "gdal"
    np.testing.assert_array_equal(pixels.values, craft.tile[:20, :20])
    np.testing.assert_array_equal(read.engine(href, CORNER)[1].values, craft.tile[:20, :20])


@pytest.mark.parametrize(
    "text", ["garbage", "", " ", "1e999", "0x10", "nan nan", b"\xff\xfe\x00\x01", "9" * 400, "--1"]
)
def test_no_data_texts_that_are_no_number(served, craft, take, text):
    info, pixels = take(served.add("a.tif", craft.one(t42113=("a", text))))
    assert info.reader == "cog"
    np.testing.assert_array_equal(pixels.values[:64, :64], craft.tile)


BAD_OVERVIEWS = {
    "of no pixels": {"t256": ("u4", 0), "t257": ("u4", 0)},
    "of more pixels than the image": {"t256": ("u4", 9000), "t257": ("u4", 9000)},
    "of other numbers": {"t258": ("u2", 8)},
    "in strips": {"t322": None, "t323": None, "t278": ("u4", 64), "t273": ("u4", 4096), "t279": ("u4", 100)},
    "in tiles of 0": {"t322": ("u4", 0)},
    "in huge tiles": {"t322": ("u4", 2**20), "t323": ("u4", 2**20)},
    "of another codec": {"t259": ("u2", 7)},
    "outside of the file": {"t324": ("u4", 2**31)},
    "of three bands": {"t277": ("u2", 3), "t258": ("u2", [16, 16, 16]), "t339": ("u2", [1, 1, 1])},
}


@pytest.mark.parametrize("changes", BAD_OVERVIEWS.values(), ids=BAD_OVERVIEWS.keys())
def test_an_overview_that_cannot_be(served, craft, take, peak, changes):
    """The image is read, or the file is refused; where an overview is told of, it is the same with it."""
    half = {
        "t254": ("u4", 1),
        "t256": ("u4", 45),
        "t257": ("u4", 50),
        "t324": ("u4", 4096),
        "t325": ("u4", len(craft.packed)),
    }
    data = craft.file([craft.sound(), craft.sound(**{**half, **changes})], craft.packed)
    href = served.add("a.tif", data)
    for level in (0, 1):
        with peak() as cost, contextlib.suppress(AssetUnreadable, IndexError):
            info, pixels = take(href, CORNER, level)
            assert pixels.values.shape == (20, 20)
            assert pixels.values.dtype == info.dtype
            if level == 0:
                np.testing.assert_array_equal(pixels.values, craft.tile[:20, :20])
        assert cost.extra < MUCH


def small_cog(write, read, *, mask=True, **options):
    """Return a valid file with overviews, a mask and a header of about 2 KB."""
    values = read.noise("u2", (600, 500))
    cover = np.zeros(values.shape, "u1")
    cover[50:400, 60:450] = 255
    options = {"compress": "DEFLATE", "predictor": "YES", "blocksize": 128, **options}
    return values, write(
        values, cog=True, mask=cover if mask else None, nodata=None if mask else 7, **options
    )


def header_length(data):
    """Return where the first tile begins."""
    with MemoryFile(data) as file, file.open() as source:
        blocks = [
            source.get_tag_item(f"BLOCK_OFFSET_{x}_{y}", "TIFF", 1, o)
            for x in range(4)
            for y in range(5)
            for o in (None, 0)
        ]
    return min(int(one) for one in blocks if one)


def test_a_header_cut_anywhere(served, write, read, take, peak):
    _, data = small_cog(write, read)
    length = header_length(data)
    for cut in [*range(0, length, length // 10), *range(1, 20)]:
        refused(served, peak, take, data[:cut])


def test_a_file_cut_within_its_tiles(served, write, read):
    values, data = small_cog(write, read)
    for tenth in range(3, 10):
        engine_refuses(read, served, data[: len(data) * tenth // 10], read.whole(values.shape))


async def read_all(served, cases, reader):
    """Read each case; returns info and pixels, or None where the file is refused by name."""
    found = []
    for number, data in enumerate(cases):
        href = served.add(f"{number}.tif", data)
        try:
            async with reader.open(Access(href=href), href) as raster:
                rows, columns = raster.info.grid.shape
                window = Window(row=0, column=0, height=min(rows, 600), width=min(columns, 500))
                pixels = await raster.read(window)
                assert pixels.values.shape == (window.height, window.width)
                assert pixels.values.dtype == raster.info.dtype
                found.append((raster.info, pixels.values))
        except AssetUnreadable:
            found.append(None)
        del served.files[f"/{number}.tif"]
    return found


def gdal_reads(data):
    """Return the pixels GDAL reads from the same bytes in memory, or None."""
    try:
        with MemoryFile(data) as file, file.open() as source:
            rows, columns = source.shape
            return source.read(1, window=((0, min(rows, 600)), (0, min(columns, 500))))
    except RasterioError:
        return None


def mutated(data, length, seeds):
    """Yield the data with up to four bytes of its beginning changed."""
    for seed in seeds:
        rng = np.random.default_rng(seed)
        changed = bytearray(data)
        for _ in range(rng.integers(1, 5)):
            changed[rng.integers(0, length)] = rng.integers(0, 256)
        yield bytes(changed)


VARIANTS = {
    "masks": {},
    "big": {"bigtiff": "YES"},
    "zstd": {"mask": False, "compress": "ZSTD"},
    "lerc": {"mask": False, "compress": "LERC", "predictor": "NO"},
    "lzw": {"mask": False, "compress": "LZW"},
}


@pytest.mark.parametrize("options", VARIANTS.values(), ids=VARIANTS.keys())
def test_changed_bytes_in_a_header(served, write, read, peak, options):
    """Whatever they say, it is an error with a name, or the pixels GDAL reads from the same bytes."""
    _, data = small_cog(write, read, **options)
    cases = list(mutated(data, header_length(data), range(120)))
    with peak() as cost:
        found = run(read_all(served, cases, AnyReader(CogReader())))
    assert cost.extra < 5 * MUCH
    truths = [gdal_reads(case) if one else None for one, case in zip(found, cases, strict=True)]
    both = [(one, truth) for one, truth in zip(found, truths, strict=True) if one and truth is not None]
    assert len(both) > 20
    for (info, values), truth in both:
        assert info.grid.shape[0] >= truth.shape[0]
        np.testing.assert_array_equal(values, truth)


@pytest.mark.parametrize("options", VARIANTS.values(), ids=VARIANTS.keys())
def test_changed_bytes_in_tiles(served, write, read, peak, options):
    """Pixels of the right shape, or an error with a name; most codecs cannot tell that they are wrong."""
    _, data = small_cog(write, read, **options)
    start = header_length(data)
    cases = [data[:start] + case for case in mutated(data[start:], len(data) - start, range(60))]
    with peak() as cost:
        found = run(read_all(served, cases, CogReader()))
    assert cost.extra < 5 * MUCH
    assert {one[0].grid.shape for one in found if one} <= {(600, 500)}
