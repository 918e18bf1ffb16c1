"""A composite computed by the service, and brought home."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from multisat.engine.composing import Arrays
from multisat.engine.plan import Plan
from multisat.engine.series import Series
from multisat.steps import Steps
from multisat_sentinel_hub.bodies import of_scenes, process_body
from multisat_sentinel_hub.keeping import Kept
from multisat_sentinel_hub.looks import Overpass
from multisat_sentinel_hub.pieces import Piece, parts, runs
from multisat_sentinel_hub.script import composite_script
from multisat_sentinel_hub.sources import Sources


def outputs(steps: Steps, periods: int) -> dict[str, tuple[int, str]]:
    """Return the outputs of a composite: a band a period."""
    values = {f"v{k}": (periods, "float32") for k in range(len(steps.variables))}
    return {**values, "count": (periods, "uint16")}


def composite_pieces(made: Plan, series: Series, *, together: bool = False) -> list[Piece]:
    """Return the requests that compute the periods of a series; periods without a scene need none.

    Args:
        made: What is computed.
        series: Its time steps.
        together: Whether all periods are to be in one request, however many they are.
    """
    sources = Sources.of(made.steps, [scene for group in series.groups for scene in group])
    each = 4 * len(made.steps.variables) + 2
    counts = [sum(len(series.groups[step]) for step in run) for run in series.runs]
    whole = tuple(period for period, count in enumerate(counts) if count)
    tiles = parts(made.whole, each * (len(whole) if together else 1))
    largest = each * max(part.size for part in tiles)
    found = []
    for run in [whole] if together else runs(counts, largest):
        overpasses = [
            Overpass(scenes=series.groups[step], period=place)
            for place, period in enumerate(run)
            for step in series.runs[period]
        ]
        script = composite_script(made.steps, overpasses, sources, len(run))
        scenes = [scene for one in overpasses for scene in one.scenes]
        shape, data = outputs(made.steps, len(run)), of_scenes(scenes)
        found += [
            Piece(
                part=part,
                steps=run,
                body=process_body(script, part, data, list(shape)),
                outputs=shape,
                bands=sources.keys,
                scenes=len(scenes),
            )
            for part in tiles
        ]
    return found


def composite_layers(made: Plan, series: Series, pieces: Sequence[Piece], folder: Kept) -> Arrays:
    """Return the periods of a series, as the engine of this machine composes them.

    Args:
        made: What was computed.
        series: Its time steps.
        pieces: Its requests; all are in the folder.
        folder: Where answers are kept.
    """
    shape = (series.length, *made.whole.shape)
    names = {f"v{k}": name for k, name in enumerate(made.steps.variables)}
    empty = 0.0 if made.steps.composed is not None and made.steps.composed.reducer == "count" else np.nan
    found: Arrays = {name: np.full(shape, empty, dtype=np.float32) for name in names.values()}
    found["count"] = np.zeros(shape, dtype=np.uint16)
    for piece in pieces:
        part = piece.part
        rows = slice(part.row, part.row + part.height)
        columns = slice(part.column, part.column + part.width)
        for output, values in folder.get(piece).items():
            into = found[names.get(output, output)]
            for band, period in enumerate(piece.steps):
                into[period, rows, columns] = values[band]
    return found
