"""No signature and no token reaches a message, a log or a traceback."""

import logging
import traceback

import pytest

from multisat.contracts import Access
from multisat.errors import AssetUnreadable
from multisat.raster import AnyReader, CogReader, GdalReader, redact, run

SECRETS = ("SECRETSIG", "SECRETTOKEN", "SECRETWORD")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("HTTP 403 for https://h/a.tif?sig=SECRETSIG&se=2", "HTTP 403 for https://h/a.tif"),
        ("'/vsicurl/https://me:SECRETWORD@h/a.tif' not found", "'/vsicurl/https://h/a.tif' not found"),
        ("Authorization: Bearer SECRETTOKEN", "Authorization: Bearer …"),
        ("s3://bucket/key?X-Amz-Security-Token=SECRETTOKEN x", "s3://bucket/key x"),
        ("https://h/a.tif#SECRETSIG", "https://h/a.tif"),
        ("nothing to hide: 10 % of 3?", "nothing to hide: 10 % of 3?"),
    ],
)
def test_redact(text, left):
    assert redact(text) == left


def describe(reader, access):
    async def work():
        async with reader.open(access, "a.tif") as raster:
            return raster.info

    return run(work())


@pytest.mark.parametrize("reader", [AnyReader, CogReader, GdalReader])
@pytest.mark.parametrize("status", [404, 403, 200])
def test_reading_tells_no_secret(serve, answer_with, caplog, status, reader):
    seen = []

    def answer(handler):
        seen.append(handler.headers.get("Authorization"))
        answer_with(handler, status, b"<html>please log in</html>")

    access = Access(
        href=f"{serve(answer)}/a.tif?sig=SECRETSIG", headers={"Authorization": "Bearer SECRETTOKEN"}, gdal={}
    )
    caplog.set_level(logging.DEBUG)
    with pytest.raises(AssetUnreadable) as caught:
        describe(reader(), access)
    told = "\n".join(
        [
            caplog.text,
            str(caught.value),
            repr(caught.value),
            repr(access),
            *traceback.format_exception(caught.value),
        ]
    )
    assert "Bearer SECRETTOKEN" in seen
    assert not any(secret in told for secret in SECRETS)


@pytest.mark.parametrize("reader", [AnyReader, CogReader, GdalReader])
def test_headers_of_one_read_do_not_reach_the_next(serve, answer_with, reader):
    seen = []

    def answer(handler):
        seen.append(handler.headers.get("Authorization"))
        answer_with(handler, 404)

    url = serve(answer)
    for headers in ({"Authorization": "Bearer SECRETTOKEN"}, {}):
        with pytest.raises(AssetUnreadable):
            describe(reader(), Access(href=f"{url}/a.tif", headers=headers))
        seen.append("next")
    assert "Bearer SECRETTOKEN" in seen[: seen.index("next")]
    assert set(seen[seen.index("next") :]) <= {None, "next"}
