"""Which tile of the service is which scene, and what its numbers mean; as tables for a script."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from multisat.cube.assemble import cloud_cover
from multisat.model import Scene
from multisat_sentinel_hub.sources import Sources, asset, quality

ARRANGING = """\
const BY_NAME = /S2[A-D]_MSIL/, BY_TILE = /tiles\\//;
const SAME_INSTANT = 2000; // milliseconds, since services round the time
function sceneOf(tile) {
  // Which scene a tile is: by product name, else by time and MGRS tile; -1 is none that was planned.
  const path = String(tile.dataPath), time = new Date(tile.date).getTime();
  const same = (scene) => Math.abs(scene.time - time) <= SAME_INSTANT;
  const there = (scene) => !BY_TILE.test(path) || path.includes(scene.tile);
  return SCENES.findIndex((scene) =>
    path.includes(scene.name) || (!BY_NAME.test(path) && same(scene) && there(scene)));
}
function preProcessScenes(collections) {
  // What was not planned is not read, and not paid for.
  const tiles = collections.scenes.tiles;
  collections.scenes.tiles = tiles.filter((tile) => tile.dataPath === undefined || sceneOf(tile) >= 0);
  return collections;
}
let arranged = null;
function arrange(scenes, count) {
  const found = [];
  for (let i = 0; i < count; i++) {
    const k = sceneOf(scenes.tiles[i]);
    if (k >= 0) found.push([k, i]);
  }
  found.sort((a, b) => a[0] - b[0]);
  return { scenes, count, found };
}
function arrangedOf(samples, scenes) {
  if (arranged === null || arranged.scenes !== scenes || arranged.count !== samples.length) {
    arranged = arrange(scenes, samples.length);
  }
  return arranged.found;
}
"""
"""Gives pairs of the position of a scene in ``SCENES`` and its sample, in the order of scenes."""

LOOKING = """\
function number(sample, rule) {
  // Stored numbers become physical ones, rounded once.
  const v = sample[rule[0]];
  return v === rule[3] || isNaN(v) ? NaN : Math.fround(v * rule[1] + rule[2]);
}
function looksOf(samples, scenes) {
  // Scenes of one overpass are one look: each is masked, then the first number in a fixed order wins.
  const looks = [];
  let bands = null, last = -1;
  for (const [k, i] of arrangedOf(samples, scenes)) {
    const scene = SCENES[k], sample = samples[i];
    if (scene.look !== last) {
      bands = new Array(WANTED.length).fill(NaN);
      looks.push({ bands, look: scene.look });
      last = scene.look;
    }
    if (sample.dataMask !== 1 || masked(sample, scene)) continue;
    const rules = NUMBERS[scene.numbers];
    for (let b = 0; b < bands.length; b++) {
      if (rules[b] !== null && isNaN(bands[b])) bands[b] = number(sample, rules[b]);
    }
  }
  return looks;
}
"""
"""Gives the looks of a pixel in order of time, each with its bands in physical units."""


@dataclass(frozen=True, kw_only=True)
class Overpass:
    """One time step.

    Attributes:
        scenes: In the order in which they fill pixels.
        period: Position of its period, or 0.
    """

    scenes: tuple[Scene, ...]
    period: int = 0


def tables(overpasses: Sequence[Overpass], sources: Sources) -> str:
    """Return the constants that ``LOOKING`` reads.

    Args:
        overpasses: In order of time.
        sources: What is read of each scene.
    """
    rules: list[list[Any]] = []
    scenes = []
    for look, one in enumerate(overpasses):
        for scene in one.scenes:
            rule = _rules(scene, sources)
            if rule not in rules:
                rules.append(rule)
            scenes.append(
                {
                    "name": scene.id.removesuffix(".SAFE"),
                    "time": round(scene.datetime.timestamp() * 1000),
                    "tile": _folder(scene.tile),
                    "look": look,
                    "numbers": rules.index(rule),
                    "told": quality(scene, sources.layer) is not None,
                }
            )
    cover = [cloud_cover(one.scenes) for one in overpasses]
    lines = ",\n  ".join(map(json.dumps, scenes))
    return (
        f"const SCENES = [\n  {lines}\n];\n"
        f"const PERIODS = {json.dumps([one.period for one in overpasses])};\n"
        f"const RANKS = [{', '.join('Infinity' if math.isnan(one) else repr(one) for one in cover)}];\n"
        f"const WANTED = {json.dumps(sources.wanted)};\n"
        f"// band, scale, offset, no data\nconst NUMBERS = {json.dumps(rules)};\n"
    )


def masking(sources: Sources, words: Sequence[str]) -> str:
    """Return the function ``masked(sample, scene)``.

    Args:
        sources: With the quality layer.
        words: Class words that do not count.
    """
    layer = sources.layer
    if layer is None:
        return "function masked(sample, scene) { return false; }\n"
    codes = sorted({code for word in words for code in layer.values.get(word, ())})
    bits = sum(1 << bit for bit in {layer.bits[word] for word in words if word in layer.bits})
    return (
        "function masked(sample, scene) {\n"
        "  if (!scene.told) return false;\n"
        f"  const v = sample[QUALITY];\n"
        f"  return v === {layer.fill} || {json.dumps(codes)}.includes(v) || (v & {bits}) !== 0;\n"
        "}\n"
    )


def _rules(scene: Scene, sources: Sources) -> list[Any]:
    found = [asset(scene, band) for band in sources.wanted]
    return [None if one is None else [one.key, one.scale, one.offset, _plain(one.nodata)] for one in found]


def _folder(tile: str | None) -> str:
    """Return how the addresses of the commercial service name an MGRS tile: ``/32/U/PU/``."""
    return f"/{int(tile[:2])}/{tile[2]}/{tile[3:]}/" if tile and tile[:2].isdecimal() else "/"


def _plain(nodata: float | None) -> float | None:
    return None if nodata is None or math.isnan(nodata) else float(nodata)
