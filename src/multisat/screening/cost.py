"""What a screening would cost, before anything of it is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import shapely

from multisat.cube.scene_pixels import quality_layer
from multisat.model import AOIs, Scene
from multisat.screening.passes import passes_of, polygons
from multisat.screening.pieces import pieces, windows
from multisat.screening.weights import Weights

_HEADER = 16384
"""Bytes of the request for a header that is not remembered."""
_TILE = 512
"""Pixels: the side of the tiles of most quality layers; whole tiles are fetched."""
_PACKED = 0.1
"""Bytes of a packed pixel of a quality layer, about."""
_GUESS = 1, 4
"""Requests and tiles of a file whose grid the archive does not tell."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Cost:
    """What a screening would cost.

    Attributes:
        scenes: Scenes whose quality layer would be read.
        rows: Looks at areas.
        requests: About how many, if no header is remembered and no overview is read.
        bytes: About how many.
    """

    scenes: int
    rows: int
    requests: int
    bytes: int

    def __str__(self) -> str:
        """Return it in one line."""
        return (
            f"{self.rows} looks in {self.scenes} scenes: "
            f"about {self.requests} requests and {self.bytes / 1e6:.1f} MB"
        )


def cost(scenes: Sequence[Scene], areas: AOIs) -> Cost:
    """Return about what ``screen`` would cost, from what the archives tell of their files.

    Args:
        scenes: Scenes of any archives.
        areas: Polygons.

    Raises:
        UsageError: An area is no polygon.
        NothingFound: No scene touches an area.
    """
    named = polygons(areas)
    passes, weights = passes_of(scenes, named), Weights(named)
    tiles = [
        _tiles(scene, [index for index, scenes in one.touched.items() if number in scenes], weights)
        for one in passes
        for number, scene in enumerate(one.scenes)
    ]
    return Cost(
        scenes=len(tiles),
        rows=sum(len(one.touched) for one in passes),
        requests=sum(1 + requests for requests, _ in tiles),
        bytes=sum(_HEADER + int(count * _TILE**2 * _PACKED) for _, count in tiles),
    )


def _tiles(scene: Scene, areas: Sequence[int], weights: Weights) -> tuple[int, int]:
    """Return the requests and the tiles that areas need of a scene's quality layer."""
    layer = quality_layer(scene)
    grid = scene.assets[layer.band].grid if layer is not None else None
    if grid is None:
        return _GUESS
    rows, columns = grid.shape
    reach = shapely.box(0, -rows, columns, 0)
    parts = [(index, one) for index in areas for one in windows(weights.outline(index, grid), reach)]
    boxes = [piece.window for piece in pieces(parts)]
    downs = [_span(box.row, box.height) for box in boxes]
    acrosses = [_span(box.column, box.width) for box in boxes]
    return sum(downs), sum(down * across for down, across in zip(downs, acrosses, strict=True))


def _span(first: int, length: int) -> int:
    """Return how many tiles a range of pixels touches."""
    return (first + length - 1) // _TILE - first // _TILE + 1
