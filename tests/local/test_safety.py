"""What an item says leads nowhere that it should not: not out of the folders, and no login to a stranger."""

import pytest

import multisat as ms
from multisat.downloads import download_scenes
from multisat.errors import AssetUnreadable, MultisatError, UsageError
from multisat.federate.loading import open_asset

MUNICH = (11.495, 48.312, 11.52, 48.33)


@pytest.mark.parametrize(
    "href",
    [
        "../../secret.tif",
        "file:///etc/hostname",
        "/etc/hostname",
        "a/../../../secret.tif",
        "/vsizip//etc/x.zip/a.tif",
    ],
)
def test_no_path_leads_out_of_the_folders(ask, local, item, put, raster, folder, href):
    raster(folder.parent / "secret.tif", 1)
    put("a/one.json", item(assets={"red": {"href": href}}))
    (scene,) = ask().scenes
    with pytest.raises(AssetUnreadable, match="is in none of the folders that may be read"):
        local.access(scene.assets["red"])


def test_no_link_leads_out_of_the_folders(ask, local, item, put, raster, folder):
    secret = raster(folder.parent / "secret.tif", 1)
    (folder / "red.tif").symlink_to(secret)
    put("one.json", item())
    (scene,) = ask().scenes
    with pytest.raises(AssetUnreadable, match="MULTISAT_LOCAL"):
        local.access(scene.assets["red"])


def test_a_saved_item_opens_nothing_elsewhere_either(local, item):
    scene = local.scene(item(assets={"red": {"href": "/etc/hostname"}}))
    with pytest.raises(AssetUnreadable, match="in none of the folders"):
        local.access(scene.assets["red"])


def test_what_escapes_is_neither_loaded_nor_copied(ask, item, put, raster, folder, tmp_path):
    raster(folder.parent / "secret.tif", 1)
    put("one.json", item(assets={"red": {"href": "../secret.tif"}}))
    scenes = ask().scenes
    with pytest.raises(MultisatError):
        ms.load(scenes, ["red"], aoi=MUNICH)
    (lost,) = ms.download(scenes, tmp_path / "out", ["red"])
    assert lost.status == "failed"
    assert "in none of the folders" in lost.error
    assert not list((tmp_path / "out").rglob("*.tif"))


@pytest.mark.parametrize(
    "href", ["ftp://example.com/red.tif", "vrt://x", "/vsicurl/http://127.0.0.1:9/red.tif"]
)
def test_other_schemes_are_refused(ask, local, item, put, href):
    put("one.json", item(assets={"red": {"href": href}}))
    (scene,) = ask().scenes
    with pytest.raises(AssetUnreadable, match="at no address that is read"):
        local.access(scene.assets["red"])


def test_a_file_of_an_archive_that_is_not_installed_is_said_to_be_so(ask, local, item, put):
    said = item()["properties"] | {"multisat:provider": "gone"}
    put("one.json", item(properties=said, assets={"red": {"href": "https://example.com/red.tif"}}))
    (scene,) = ask().scenes
    with pytest.raises(UsageError, match="no provider is called 'gone'"):
        local.access(scene.assets["red"])


def test_an_item_cannot_name_this_provider_as_its_archive(ask, local, item, put):
    said = item()["properties"] | {"multisat:provider": "local", "multisat:from": "local"}
    put("one.json", item(properties=said, assets={"red": {"href": "https://example.com/red.tif"}}))
    (scene,) = ask().scenes
    assert local.access(scene.assets["red"]).href == "https://example.com/red.tif"


def test_a_login_goes_to_the_hosts_of_its_archive_only(ask, local, item, put, monkeypatch):
    monkeypatch.setenv("EARTHDATA_TOKEN", "synthetic-token")
    said = {"datetime": "2023-05-04T10:10:31Z", "multisat:provider": "nasa-cmr"}
    assets = {"B04": {"href": "https://stranger.example.com/B04.tif"}}
    put(
        "one.json",
        item("HLS.L30.T32UPU.2023124T100000.v2.0", collection="HLSL30_2.0", properties=said, assets=assets),
    )
    (scene,) = ask().scenes
    asset = scene.assets["red"]
    assert asset.key == "nasa-cmr/B04"
    try:
        access = local.access(asset)
    except MultisatError:
        return
    assert "synthetic-token" not in str((access.href, dict(access.headers), dict(access.gdal)))


def test_paths_of_catalogues_on_the_network_are_not_copied(ask, item, put, raster, folder, tmp_path):
    from dataclasses import replace

    raster(folder / "red.tif", 1)
    put("one.json", item())
    (scene,) = ask().scenes
    liar = replace(scene, provider="earth-search")
    (lost,) = download_scenes([liar], tmp_path / "out", ["red"], access=open_asset)
    assert lost.status == "failed"
    assert not list((tmp_path / "out").rglob("*.tif"))


def test_a_file_that_is_gone_is_said_to_be(ask, item, put, folder):
    put("one.json", item())
    with pytest.raises(AssetUnreadable, match="one"):
        ms.load(ask().scenes, ["red"], aoi=MUNICH, errors="raise")
