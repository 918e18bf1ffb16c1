"""Which tile of the service is which scene, however it names its products."""

import json

import pytest
from py_mini_racer import MiniRacer
from tests.recipes.archive import build
from tests.recipes.stored import Stored

from multisat.steps import Steps
from multisat_sentinel_hub.looks import ARRANGING, Overpass, tables
from multisat_sentinel_hub.sources import Sources


@pytest.fixture
def scenes():
    """Three scenes of one platform, one after another."""
    stored = Stored()
    passes = [one for one in build("sentinel-2-l2a").overpasses if len(one.scenes) == 1]
    return [stored.scene(one.scenes[0]) for one in passes[:3]]


@pytest.fixture
def arranged(scenes):
    """Return pairs of scene and sample for tiles that the service describes."""
    context = MiniRacer()
    sources = Sources.of(Steps().bands("red"), scenes)
    context.eval(tables([Overpass(scenes=(one,)) for one in scenes], sources) + ARRANGING)

    def call(*tiles):
        return json.loads(
            context.eval(f"JSON.stringify(arrange({json.dumps({'tiles': tiles})}, {len(tiles)}).found)")
        )

    return call


def tile(scene, path, later=0):
    when = scene.datetime.timestamp() + later
    return {"date": int(when * 1000), "dataPath": path}


def test_products_are_known_by_name_in_any_order(arranged, scenes):
    paths = [f"s3://EODATA/Sentinel-2/MSI/L2A/2021/05/01/{one.id}.SAFE/" for one in scenes]
    tiles = [tile(scene, path, later=999) for scene, path in zip(scenes, paths, strict=True)]
    assert arranged(tiles[2], tiles[0]) == [[0, 1], [2, 0]]


def test_products_without_a_name_are_known_by_time_and_place(arranged, scenes):
    here, beside = (
        "s3://sentinel-s2-l2a/tiles/32/U/PU/2021/5/1/0",
        "s3://sentinel-s2-l2a/tiles/32/U/QU/2021/5/1/0",
    )
    assert arranged(tile(scenes[1], here, later=1)) == [[1, 0]]
    assert arranged(tile(scenes[1], beside, later=1)) == []
    assert arranged(tile(scenes[1], here, later=60)) == []


def test_what_was_not_planned_does_not_count(arranged, scenes):
    other = "s3://EODATA/S2A_MSIL2A_20180506T101031_N0400_R022_T32UPU_20180506T221031.SAFE"
    assert arranged(tile(scenes[0], other)) == []
