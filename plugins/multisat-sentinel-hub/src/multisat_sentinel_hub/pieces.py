"""A task cut into requests: parts of the grid times periods, small enough for the service."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import isqrt
from typing import Any

from multisat.cube.block import Block

MOST_PIXELS = 2500
"""Along a side of one answer (Process API, 2025)."""
MOST_BYTES = 64 * 2**20
"""Of one answer, unpacked."""
MOST_SCENES = 100
"""Of one request, if it is of several periods; each scene is a sample of every pixel."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Piece:
    """One request.

    Attributes:
        part: Its pixels.
        steps: Positions along time of its bands.
        body: What is sent.
        outputs: Identifier to the number of its bands and their NumPy type.
        bands: Those that are read.
        scenes: Samples of every pixel.
    """

    part: Block
    steps: tuple[int, ...]
    body: dict[str, Any] = field(repr=False)
    outputs: dict[str, tuple[int, str]]
    bands: tuple[str, ...]
    scenes: int

    @cached_property
    def key(self) -> str:
        """What is equal for equal requests."""
        text = json.dumps(self.body, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    @property
    def pixels(self) -> int:
        """Pixels of one of its bands."""
        return self.part.size


def parts(whole: Block, bytes_a_pixel: int) -> list[Block]:
    """Return tiles of a grid, counted from its corner, that one answer can hold each.

    Args:
        whole: The grid.
        bytes_a_pixel: Of the smallest piece of it.
    """
    return whole.tiles(max(1, min(MOST_PIXELS, isqrt(MOST_BYTES // max(1, bytes_a_pixel)))))


def runs(counts: Sequence[int], bytes_a_period: int) -> list[tuple[int, ...]]:
    """Return the periods that have scenes, in runs that one request can be of each.

    Args:
        counts: Scenes of each period.
        bytes_a_period: Of the pixels of a part.
    """
    found: list[tuple[int, ...]] = []
    run: tuple[int, ...] = ()
    for period, count in enumerate(counts):
        scenes = sum(counts[one] for one in run) + count
        if run and ((len(run) + 1) * bytes_a_period > MOST_BYTES or scenes > MOST_SCENES):
            found.append(run)
            run = ()
        run = (*run, period) if count else run
    return [*found, run] if run else found
