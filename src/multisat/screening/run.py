"""Scenes and areas to rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from multisat.cube.eager import IN_HAND
from multisat.cube.load import default_reader
from multisat.cube.opening import AccessTo, Opener
from multisat.cube.telling import check_words, untold
from multisat.cube.warnings import tell
from multisat.errors import UsageError
from multisat.model import AOIs, Outcome, Scene
from multisat.raster import Budget, Reader, run, together
from multisat.screening.overpass import Pass, Plan, screen_pass
from multisat.screening.passes import passes_of, polygons
from multisat.screening.result import Screening
from multisat.screening.screened import Screened
from multisat.screening.weights import Weights
from multisat.vocab.masks import mask_words

_FILES = 120
"""Files that are open at a time: enough to hide the way to the server."""
_PERCENT = 100.0

Progress = Callable[[int, int], None]


def screen(
    scenes: Sequence[Scene],
    areas: AOIs,
    *,
    access: AccessTo,
    mask: str | Sequence[str] = "clear",
    exact: bool = False,
    tolerance: float = 1.0,
    errors: Literal["skip", "raise"] = "skip",
    outcomes: Sequence[Outcome] = (),
    reader: Callable[[], Reader] | None = None,
    progress: Progress | None = None,
) -> Screening:
    """Read the quality layer of every overpass over every area; no band is read.

    Args:
        scenes: Scenes of any archives and sensors.
        areas: Polygons.
        access: Tells how to open an asset of a provider now.
        mask: What is not clear: ``"clear"`` (strict), ``"loose"``, or class words.
        exact: Never read an overview.
        tolerance: Bound in percent of an area that overviews must keep; see ``bounds``.
        errors: ``"skip"`` lists scenes that cannot be read and goes on.
        outcomes: What the archives answered, to keep with the result.
        reader: Makes what opens files; None takes the engine, and GDAL for what it cannot read.
        progress: Called with scenes done and scenes in all.

    Returns:
        A row per area and overpass, by area, then time.

    Raises:
        UsageError: An area is no polygon, or a word or number is out of the question.
        NothingFound: No scene touches an area, or none has a quality layer.
        AssetUnreadable: A quality layer cannot be read, with ``errors="raise"``.
    """
    if errors not in ("skip", "raise"):
        raise UsageError(f"errors cannot be {errors!r}", hint='use "skip" or "raise"')
    if not 0 < tolerance < _PERCENT:
        raise UsageError(f"a tolerance of {tolerance:g} % is none", hint="give percent of an area, such as 1")
    named, words = polygons(areas), mask_words(mask)
    passes = passes_of(scenes, named)
    touching = [scene for one in passes for scene in one.scenes]
    check_words(touching, mask)
    for text in untold(touching, mask):
        tell(text)
    plan = Plan(
        areas=named,
        weights=Weights(named),
        mask=words,
        tolerance=0.0 if exact else tolerance / _PERCENT,
        errors=errors,
        memory=Budget(IN_HAND),
    )
    rows = run(_all(passes, plan, Opener((reader or default_reader)(), access), progress))
    return Screening.of(rows, areas=named, mask=words, outcomes=tuple(outcomes), access=access)


async def _all(
    passes: Sequence[Pass], plan: Plan, opener: Opener, progress: Progress | None
) -> list[Screened]:
    """Screen all overpasses, a bounded number at a time."""
    files, done, total = Budget(_FILES), 0, sum(len(one.scenes) for one in passes)

    async def work(one: Pass) -> list[Screened]:
        nonlocal done
        async with files.take(len(one.scenes)):
            rows = await screen_pass(one, plan, opener)
        done += len(one.scenes)
        if progress is not None:
            progress(done, total)
        return rows

    with opener:
        return [row for rows in await together(map(work, passes)) for row in rows]
