"""Stored numbers of each scene from the service, for what is masked and composed on this machine."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import numpy as np

from multisat.contracts import Access
from multisat.cube.block import Block
from multisat.cube.masking import metres_per_pixel
from multisat.engine.plan import Plan
from multisat.errors import AssetUnreadable
from multisat.model import Grid, Scene
from multisat.raster import Pixels, RasterInfo, Window
from multisat_sentinel_hub.bodies import of_scenes, process_body
from multisat_sentinel_hub.keeping import Kept
from multisat_sentinel_hub.looks import ARRANGING, Overpass, tables
from multisat_sentinel_hub.pieces import Piece, parts
from multisat_sentinel_hub.script import setup
from multisat_sentinel_hub.sources import Sources, asset, quality

READER = "sentinel-hub process"
_SAMPLES = {"uint8": "UINT8", "uint16": "UINT16", "int16": "INT16", "float32": "FLOAT32"}
_EVALUATE = """\
function evaluatePixel(samples, scenes) {
  const result = {};
  SCENES.forEach((_, k) => { result["s" + k] = new Array(KEYS.length + 1).fill(0); });
  for (const [k, i] of arrangedOf(samples, scenes)) {
    if (samples[i].dataMask === 1) result["s" + k] = [...KEYS.map((key) => samples[i][key]), 1];
  }
  return result;
}
"""


def region(made: Plan) -> Block:
    """Return the grid and as much around it as can change what is masked."""
    wish = made.wish
    around = wish.kernel.size // 2 if wish.kernel is not None else 0
    around += math.ceil((2 * wish.opening + wish.dilate) / metres_per_pixel(made.target))
    return Block.all_of(made.whole.grown(around).geobox)


def stack_pieces(made: Plan, group: Sequence[Scene]) -> list[Piece]:
    """Return a request for each part of the region: stored numbers of an overpass, and where there are any.

    Its scenes are asked for together, since the service counts all of them as samples anyway.
    """
    sources = Sources.of(made.steps, group)
    kind, count = _kind(group, sources), len(sources.keys) + 1
    outputs = {_output(k): (count, kind) for k in range(len(group))}
    script = _script(group, sources, outputs)
    return [
        Piece(
            part=part,
            steps=(0,),
            body=process_body(script, part, of_scenes(group), list(outputs)),
            outputs=outputs,
            bands=sources.keys,
            scenes=len(group),
        )
        for part in parts(region(made), len(group) * count * np.dtype(kind).itemsize)
    ]


def _output(number: int) -> str:
    return f"s{number}"


def _kind(group: Sequence[Scene], sources: Sources) -> str:
    """Return the narrowest type the service has that holds all bands of some scenes."""
    assets = [
        one
        for scene in group
        for one in (*(asset(scene, band) for band in sources.wanted), quality(scene, sources.layer))
    ]
    kinds = [np.dtype(one.dtype or "float32") for one in assets if one is not None]
    narrowest = np.result_type(np.uint8, *kinds).name
    return narrowest if narrowest in _SAMPLES else "float32"


def _script(group: Sequence[Scene], sources: Sources, outputs: Mapping[str, tuple[int, str]]) -> str:
    declared: list[dict[str, object]] = [
        {"id": name, "bands": count, "sampleType": _SAMPLES[kind]} for name, (count, kind) in outputs.items()
    ]
    known = tables([Overpass(scenes=tuple(group))], sources)
    keys = f"const KEYS = {list(sources.keys)};\n"
    return "\n".join(("//VERSION=3", setup(sources, declared), keys + known + ARRANGING + _EVALUATE))


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a band of a scene is in the answers.

    Attributes:
        pieces: The requests of its overpass.
        output: Their output that is its scene.
        band: Position in that.
    """

    pieces: Sequence[Piece]
    output: str
    band: int


@dataclass(frozen=True, kw_only=True)
class StackReader:
    """Opens bands of scenes that are in a folder of answers; see ``multisat.raster.Reader``.

    Attributes:
        places: Address of a band to where it is.
        grid: Of the region.
        folder: Where answers are kept.
    """

    places: Mapping[str, Place]
    grid: Grid
    folder: Kept

    @classmethod
    def of(
        cls,
        made: Plan,
        groups: Sequence[Sequence[Scene]],
        pieces: Sequence[Sequence[Piece]],
        folder: Kept,
    ) -> StackReader:
        """Make a reader of the pieces that ``stack_pieces`` gave for each of some overpasses."""
        found = {
            one.href: Place(pieces=own, output=_output(k), band=own[0].bands.index(one.key))
            for group, own in zip(groups, pieces, strict=True)
            for k, scene in enumerate(group)
            for one in scene.assets.values()
            if one.key in own[0].bands
        }
        return cls(places=found, grid=Grid.from_geobox(region(made).whole), folder=folder)

    @asynccontextmanager
    async def open(self, access: Access, name: str) -> AsyncIterator[StackRaster]:
        """Open a band."""
        if access.href not in self.places:
            raise AssetUnreadable("it was not asked for", hint="run the task as it was planned", asset=name)
        yield StackRaster(reader=self, place=self.places[access.href])

    def close(self) -> None:
        """End the load; there is nothing to do."""


@dataclass(frozen=True, kw_only=True)
class StackRaster:
    """One band of a scene on the region; see ``multisat.raster.Raster``."""

    reader: StackReader
    place: Place

    @property
    def info(self) -> RasterInfo:
        """What is known of it; no data is told by ``measured``."""
        _, kind = self.place.pieces[0].outputs[self.place.output]
        return RasterInfo(levels=(self.reader.grid,), dtype=kind, nodata=None, reader=READER)

    async def read(self, window: Window, level: int = 0) -> Pixels:  # noqa: ARG002 - there is one level
        """Return the pixels of a window."""
        block = Block(
            whole=self.place.pieces[0].part.whole,
            row=window.row,
            column=window.column,
            height=window.height,
            width=window.width,
        )
        values = np.zeros((2, *block.shape), dtype=self.info.dtype)
        for piece in self.place.pieces:
            if _overlap(block, piece.part):
                held = self.reader.folder.get(piece)[self.place.output]
                block.put(values, piece.part, held[[self.place.band, -1]])
        return Pixels(values=values[0], measured=values[1] != 0)


def _overlap(one: Block, other: Block) -> bool:
    down = min(one.row + one.height, other.row + other.height) - max(one.row, other.row)
    across = min(one.column + one.width, other.column + other.width) - max(one.column, other.column)
    return down > 0 and across > 0
