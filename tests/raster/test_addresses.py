"""The very file is asked for, however it is named: by odd names, in buckets, and by no other file."""

import urllib.parse

import numpy as np
import pytest

from multisat.contracts import Access
from multisat.errors import AssetUnreadable
from multisat.raster import CogReader, GdalReader, Limits, Window
from multisat.raster.cog.stores import locate

SECRET = "SECRETSIG"
INSIDE = Window(row=10, column=10, height=30, width=40)


NAMES = [
    "a b.tif",
    "größe ü.tif",
    "100%.tif",
    "a+b.tif",
    "a%20b.tif",
    "x=1&y=2,(3).tif",
    "deep/er/a:b@c.tif",
    "日本/図.tif",
    "a#b.tif",
    "~a'b!.tif",
]


@pytest.mark.parametrize("reader", ["engine", "any"])
@pytest.mark.parametrize("name", NAMES)
def test_names_that_need_care(served, serve, values, data, read, take, name, reader):
    """The server is asked for the very file, however its name is written."""
    served.add(name, data)

    def decoded(handler):
        handler.path = urllib.parse.unquote(handler.path)
        served.answer(handler)

    url = serve(decoded)
    for safe in ("/", "/,()=&+:@!~'"):
        href = f"{url}/{urllib.parse.quote(name, safe=safe)}"
        info, pixels = read.engine(href, INSIDE) if reader == "engine" else take(href, INSIDE)
        assert info.reader == "cog"
        np.testing.assert_array_equal(pixels.values, read.part(values))


def test_slashes_that_are_part_of_a_name(served, values, data, write, read, take):
    """``deep//a.tif`` and ``deep/a.tif`` are two files."""
    served.add("deep/a.tif", write(values // 2, compress="DEFLATE"))
    _, pixels = take(served.add("deep//a.tif", data), INSIDE)
    np.testing.assert_array_equal(pixels.values, read.part(values))


def test_slashes_at_the_start_of_a_name(serve, take):
    """``//a.tif`` is never asked for as ``/a.tif``, which is another file."""
    lines = []

    def answer(handler):
        lines.append(handler.requestline)
        handler.send_error(404)

    with pytest.raises(AssetUnreadable):
        take(f"{serve(answer)}//a.tif", INSIDE)
    assert lines
    assert all(" //a.tif " in line for line in lines)


class TestBuckets:
    def access(self, served, **more):
        host = served.url.removeprefix("http://")
        gdal = {
            "AWS_S3_ENDPOINT": host,
            "AWS_HTTPS": "NO",
            "AWS_VIRTUAL_HOSTING": "FALSE",
            "AWS_REGION": "us-west-2",
            **more,
        }
        return Access(href="s3://bucket/deep/key one.tif", gdal=gdal)

    @pytest.fixture
    def stored(self, served, data):
        for name in ("bucket/deep/key%20one.tif", "bucket/deep/key one.tif"):
            served.add(name, data)

    @pytest.mark.parametrize("reader", [CogReader, GdalReader])
    def test_without_a_login(self, served, stored, values, read, take, reader):
        _, pixels = take(self.access(served, AWS_NO_SIGN_REQUEST="YES"), INSIDE, reader=reader())
        np.testing.assert_array_equal(pixels.values, read.part(values))
        assert "authorization" not in str(served.asked).lower()
        assert "x-amz-request-payer" not in str(served.asked).lower()

    @pytest.mark.parametrize("payer", [False, True])
    def test_with_keys(self, served, stored, values, read, take, payer):
        keys = {
            "AWS_ACCESS_KEY_ID": "KEYID",
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_SESSION_TOKEN": "TOKEN",
            "AWS_NO_SIGN_REQUEST": "NO",
        }
        more = {"AWS_REQUEST_PAYER": "requester"} if payer else {}
        _, pixels = take(self.access(served, **keys, **more), INSIDE, reader=CogReader())
        np.testing.assert_array_equal(pixels.values, read.part(values))
        headers = {name.lower(): value for name, value in served.asked[0][3].items()}
        assert "KEYID" in headers["authorization"]
        assert "us-west-2" in headers["authorization"]
        assert headers["x-amz-security-token"] == "TOKEN"
        assert headers.get("x-amz-request-payer") == ("requester" if payer else None)
        assert SECRET not in str(served.asked)

    def test_nothing_is_taken_from_the_environment(self, served, stored, values, read, take, monkeypatch):
        for name, value in {
            "AWS_ACCESS_KEY_ID": "ENVKEY",
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_SESSION_TOKEN": "ENVTOKEN",
            "AWS_ENDPOINT": "http://127.0.0.1:1",
            "AWS_REQUEST_PAYER": "true",
            "AWS_REGION": "eu-west-9",
        }.items():
            monkeypatch.setenv(name, value)
        _, pixels = take(self.access(served, AWS_NO_SIGN_REQUEST="YES"), INSIDE, reader=CogReader())
        np.testing.assert_array_equal(pixels.values, read.part(values))
        assert "env" not in str([asked[3] for asked in served.asked]).lower()

    def test_a_name_of_the_bucket_in_the_host(self, served):
        access = self.access(served, AWS_VIRTUAL_HOSTING="TRUE", AWS_S3_ENDPOINT="x.example:99")
        store, path = locate(access, Limits())
        assert (store.config["endpoint"], path) == ("http://bucket.x.example:99", "deep/key one.tif")

    def test_what_is_gone(self, served, take):
        with pytest.raises(AssetUnreadable, match="404"):
            take(self.access(served, AWS_NO_SIGN_REQUEST="YES"), INSIDE, reader=CogReader())


def test_a_file_that_names_other_files_is_refused(served, data, take, tmp_path):
    """A server must not choose what else is opened: here a file of this machine."""
    secret = tmp_path / "secret.tif"
    secret.write_bytes(data)
    href = served.add(
        "a.tif",
        f"""<VRTDataset rasterXSize="64" rasterYSize="64"><SRS>EPSG:32632</SRS>
        <GeoTransform>600000, 10, 0, 5340000, 0, -10</GeoTransform>
        <VRTRasterBand dataType="UInt16" band="1"><SimpleSource><SourceFilename>{secret}</SourceFilename>
        <SourceBand>1</SourceBand></SimpleSource></VRTRasterBand></VRTDataset>""".encode(),
    )
    with pytest.raises(AssetUnreadable, match=r"VRT|no raster"):
        take(href, Window(row=0, column=0, height=8, width=8))
