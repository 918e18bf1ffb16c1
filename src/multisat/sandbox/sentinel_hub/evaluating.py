"""One evaluation of a script over a grid: scenes in, arrays out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from multisat.sandbox.sentinel_hub.engine import Evalscript, Pixels
from multisat.sandbox.sentinel_hub.grids import PixelGrid
from multisat.sandbox.sentinel_hub.holdings import ORBIT, SIMPLE, Holding
from multisat.sandbox.sentinel_hub.mosaic import Wanted, by_day, chosen, described, orbit, sample
from multisat.sandbox.sentinel_hub.refusing import RENDERER, Refused
from multisat.sandbox.sentinel_hub.scenes import SourceScene
from multisat.sandbox.sentinel_hub.setting_up import Output, Setup, setup_of

_METADATA = {"serviceVersion": "synthetic", "normalizationFactor": 0.0001}
_PLACE = "__idx"
"""What tells which scene a description belongs to; scripts must leave it alone."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is to be evaluated.

    Attributes:
        script: The evalscript.
        grid: Where.
        holding: Of which collection.
        scenes: All its scenes.
        wanted: Which of them, and how.
        sample_type: Sample type of outputs that name none.
    """

    script: str
    grid: PixelGrid
    holding: Holding
    scenes: Sequence[SourceScene]
    wanted: Wanted
    sample_type: str = "AUTO"


@dataclass(frozen=True, kw_only=True)
class Evaluated:
    """What came of it.

    Attributes:
        setup: What the script asked for, with the bands that ``updateOutput`` chose.
        arrays: Output id to values as the script gave them, shape (bands, rows, columns).
        user_data: What the script left in ``outputMetadata.userData``, or None.
        samples: Samples per pixel.
        scenes: Scenes that counted before ``preProcessScenes``.
    """

    setup: Setup
    arrays: Mapping[str, NDArray[np.float64]]
    user_data: Any
    samples: int
    scenes: int


def evaluate(question: Question) -> Evaluated:
    """Run a script over a grid.

    Raises:
        Refused: The script is not valid, fails, or takes too long or too much.
    """
    with Evalscript(question.script) as script:
        setup = setup_of(script.setup(), question.holding, sample_type=question.sample_type)
        found = chosen(question.scenes, question.wanted, question.grid)
        groups, descriptions = _grouped(script, setup.mosaicking, found, question.wanted)
        dates = [one.get("dateFrom") or one.get("date") for one in next(iter(descriptions.values()), [])]
        setup = replace(setup, outputs=_sized(script, setup.outputs, dates))
        grid = question.grid
        stack = [sample(group, setup.units, grid, question.wanted) for group in groups]
        pixels = Pixels(
            bands=list(setup.units),
            samples=_flat(stack, len(setup.units), grid.size),
            single=setup.mosaicking == SIMPLE,
            scenes=descriptions,
            outputs={name: len(output.bands) for name, output in setup.outputs.items()},
            metadata=_METADATA,
        )
        arrays, user_data = script.run(pixels)
    shaped = {name: array.reshape(-1, grid.height, grid.width) for name, array in arrays.items()}
    return Evaluated(
        setup=setup, arrays=shaped, user_data=user_data, samples=max(1, len(groups)), scenes=len(found)
    )


def _grouped(
    script: Evalscript, mosaicking: str, found: Sequence[SourceScene], wanted: Wanted
) -> tuple[list[list[SourceScene]], dict[str, list[dict[str, Any]]]]:
    """Return the scenes of each sample, and what describes the samples."""
    if mosaicking == SIMPLE:
        return [list(found)], {}
    if mosaicking == ORBIT:
        days = by_day(found, newest_first=wanted.order != "leastRecent")
        groups, listed = list(days.values()), [orbit(day) for day in days]
        times = {"from": wanted.start, "to": wanted.end}
        more = {name: when.isoformat() for name, when in times.items() if when}
    else:
        groups, listed, more = [[one] for one in found], [described(one) for one in found], {}
    name = "orbits" if mosaicking == ORBIT else "tiles"
    numbered = [{**one, _PLACE: k} for k, one in enumerate(listed)]
    kept = _kept(script.pre_process({**more, "scenes": {name: numbered}}), name, len(groups))
    chosen_groups = [groups[one[_PLACE]] for one in kept]
    if mosaicking == ORBIT:
        kept = [
            {**one, "tiles": [described(scene) for scene in group]}
            for one, group in zip(kept, chosen_groups, strict=True)
        ]
    return chosen_groups, {name: kept}


def _kept(returned: Any, name: str, count: int) -> list[dict[str, Any]]:  # noqa: ANN401 - what a script gives
    try:
        kept = list(returned["scenes"][name])
        sound = all(0 <= one[_PLACE] < count for one in kept)
    except (KeyError, TypeError):
        sound = False
    if not sound:
        raise Refused("preProcessScenes must return the collections it was given.", RENDERER)
    return kept


def _sized(script: Evalscript, outputs: Mapping[str, Output], dates: Sequence[Any]) -> dict[str, Output]:
    counts = script.update_output({name: len(one.bands) for name, one in outputs.items()}, dates)
    return {
        name: one if len(one.bands) == counts[name] else replace(one, bands=_numbered(counts[name]))
        for name, one in outputs.items()
    }


def _numbered(count: int) -> tuple[str, ...]:
    return tuple(f"B{k}" for k in range(count))


def _flat(stack: Sequence[NDArray[np.float32]], bands: int, pixels: int) -> NDArray[np.float32]:
    if not stack:
        return np.empty((0, bands, pixels), dtype=np.float32)
    return np.stack(stack).reshape(len(stack), bands, pixels)
