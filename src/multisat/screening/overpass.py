"""One overpass over all the areas that it touches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from multisat.cube.opening import Opener
from multisat.cube.scene_pixels import quality_layer
from multisat.model import AOIs, Scene
from multisat.raster import Budget, together
from multisat.screening.counting import Counting
from multisat.screening.quality import QualityFile
from multisat.screening.screened import SHARES, Screened
from multisat.screening.tally import Reading, Tally
from multisat.screening.weights import Weights
from multisat.vocab.masks import QUALITY_LAYERS


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What holds for all overpasses.

    Attributes:
        areas: The areas, each with a name.
        weights: Shares of pixels inside of them.
        mask: Class words that are not clear.
        tolerance: Bound that overviews must keep, as a share of 1; 0 reads no overview.
        errors: Whether a scene that cannot be read ends all.
        memory: Bytes for pixels in hand.
    """

    areas: AOIs
    weights: Weights
    mask: tuple[str, ...]
    tolerance: float
    errors: Literal["skip", "raise"]
    memory: Budget


@dataclass(frozen=True, kw_only=True)
class Pass:
    """The scenes of one overpass and how much of each area each of them covers.

    Attributes:
        scenes: In the order in which they fill pixels.
        touched: Number of an area to the numbers of the scenes that touch it, and the share of it
            that each one's footprint covers.
    """

    scenes: tuple[Scene, ...]
    touched: Mapping[int, Mapping[int, float]]


async def screen_pass(one: Pass, plan: Plan, opener: Opener) -> list[Screened]:
    """Return a row for each area; every quality layer is opened once.

    Raises:
        MultisatError: A quality layer cannot be read, with ``errors="raise"``.
    """
    layer = quality_layer(one.scenes[0])
    assert layer is not None  # noqa: S101 - scenes without one are left out before
    async with AsyncExitStack() as stack:
        files = [QualityFile(scene, opener, stack) for scene in one.scenes]
        await together(file.copy() for file in files)
        counting = Counting(
            files=files,
            touched=one.touched,
            weights=plan.weights,
            reading=_reading(layer.band, plan.mask),
            tolerance=plan.tolerance,
            memory=plan.memory,
        )
        await counting.all()
    lost = next((file.error for file in files if file.lost and file.error is not None), None)
    if lost is not None and plan.errors == "raise":
        raise lost
    return [
        _row(str(plan.areas[index].name), [files[number] for number in sorted(numbers)], counting, index)
        for index, numbers in one.touched.items()
    ]


@cache
def _reading(band: str, mask: tuple[str, ...]) -> Reading:
    return Reading(QUALITY_LAYERS[band], mask)


def _row(name: str, files: Sequence[QualityFile], counting: Counting, index: int) -> Screened:
    """Return what was counted of an area, or why nothing was."""
    lost = [failure for file in files if file.lost for failure in file.failures]
    row = Screened(
        aoi=name,
        time=min(file.scene.datetime for file in files),
        scenes=tuple(file.scene for file in files),
        error="; ".join(lost) or None,
    )
    if all(file.lost for file in files):
        return row
    other = [file for file in files if file.failures and not file.lost]
    replaced = [f"{f.read.provider} {f.read.id} was read instead: {'; '.join(f.failures)}" for f in other]
    tally = counting.tallies[index]
    return replace(
        row,
        read=tuple(file.read for file in files if not file.lost),
        shares=_shares(tally, counting.reading),
        level=tally.level,
        resolution=tally.resolution,
        bound=tally.bound,
        note="; ".join(replaced) or None,
    )


def _shares(tally: Tally, reading: Reading) -> dict[str, float | None]:
    told = ("clear", "covered", *reading.words)
    shares = {name: tally.percent(name) if name in told else None for name in SHARES}
    covered = tally.percent("covered")
    return {**shares, "nodata": round(100 - covered, 4)}
