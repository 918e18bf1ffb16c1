"""How recorded files are opened: plainly, from an open bucket, or only if the cost is allowed."""

from __future__ import annotations

import pytest

import multisat as ms
from multisat.errors import CredentialsError

pytestmark = pytest.mark.fixtures

COLORADO = "earth-search/search-landsat-c2-l2+sentinel-2-l2a-1.json"
S1_PAGE = "earth-search/search-sentinel-1-grd+sentinel-2-c1-l2a+sentinel-2-l1c+sentinel-2-l-1.json"
DEM = "earth-search/search-cop-dem-glo-30-2.json"
PAID = [
    (COLORADO, "LC08_L2SP_033032_20231008_02_T1", "us-west-2"),
    (S1_PAGE, "S1A_IW_GRDH_1SSH_20250731T135702_20250731T135722_060328_077F7E", "eu-central-1"),
]


def files(one):
    archive = ms.provider("earth-search")
    return archive, list(archive.scene(one).assets.values())


@pytest.mark.parametrize(
    ("path", "name"), [(COLORADO, "S2A_13TDE_20231008_0_L2A"), (S1_PAGE, "S2B_T20EPT_20250731T131905_L2A")]
)
def test_open_files_are_read_as_they_are(item, path, name):
    archive, assets = files(item(path, name))
    assert len(assets) >= 15
    for asset in assets:
        way = archive.access(asset)
        assert (way.href, dict(way.headers), dict(way.gdal)) == (asset.href, {}, {})


def test_an_open_bucket_needs_its_region_and_no_login(item):
    archive, assets = files(item(DEM))
    (way,) = (archive.access(asset) for asset in assets)
    assert way.href.startswith("s3://copernicus-dem-30m/")
    assert way.gdal["AWS_REGION"] == "eu-central-1"
    assert "AWS_REQUEST_PAYER" not in way.gdal


@pytest.mark.filterwarnings("ignore:.*costs you money:multisat.errors.CredentialsWarning")
@pytest.mark.parametrize(("path", "name", "region"), PAID)
def test_files_whose_reader_pays_are_refused_unless_allowed(item, monkeypatch, path, name, region):
    archive, assets = files(item(path, name))
    monkeypatch.delenv("MULTISAT_EARTH_SEARCH_REQUESTER_PAYS", raising=False)
    for asset in assets:
        with pytest.raises(CredentialsError, match="another provider"):
            archive.access(asset)
    monkeypatch.setenv("MULTISAT_EARTH_SEARCH_REQUESTER_PAYS", "yes")
    for asset in assets:
        assert archive.access(asset).gdal == {
            "AWS_REQUEST_PAYER": "requester",
            "AWS_NO_SIGN_REQUEST": "NO",
            "AWS_REGION": region,
        }


def test_the_archive_itself_says_which_files_cost_money(item):
    recorded = item(COLORADO, "LC08_L2SP_033032_20231008_02_T1")["assets"]
    _, assets = files(item(COLORADO, "LC08_L2SP_033032_20231008_02_T1"))
    assert {recorded[asset.key]["storage:requester_pays"] for asset in assets} == {True}
