"""From a recipe to one evalscript."""

from __future__ import annotations

import json
from collections.abc import Sequence

from multisat.expressions import parse
from multisat.steps import Composite, Formula, Steps
from multisat_sentinel_hub.javascript import HELPERS, javascript
from multisat_sentinel_hub.looks import ARRANGING, LOOKING, Overpass, masking, tables
from multisat_sentinel_hub.reducers import reducing
from multisat_sentinel_hub.sources import Sources, quality

_COMPOSED = """\
function composed(samples, scenes) {
  const periods = Array.from({ length: COUNT }, () => []);
  for (const look of looksOf(samples, scenes)) {
    const values = variables(...look.bands);
    const seen = { values, score: score(...look.bands), rank: RANKS[look.look] };
    periods[PERIODS[look.look]].push(seen);
  }
  const found = periods.map(period), result = {};
  VARIABLES.forEach((name, k) => { result["v" + k] = found.map((one) => one[k]); });
  result.count = periods.map((looks) => looks.filter((look) => !look.values.every(isNaN)).length);
  return result;
}
"""
_PIXELS = "function evaluatePixel(samples, scenes) { return composed(samples, scenes); }\n"
_COUNTED = """\
function evaluatePixel(samples, scenes) {
  const found = composed(samples, scenes), result = { dataMask: [] };
  VARIABLES.forEach((name, k) => {
    const v = found["v" + k][0];
    result["v" + k] = [isNaN(v) ? 0 : v];
    result.dataMask.push(isNaN(v) ? 0 : 1);
  });
  return result;
}
"""
_SCORES = {"greenest": Formula.of("NDVI").expression, "lowest_cloud": "cloud_probability"}


def composite_script(steps: Steps, overpasses: Sequence[Overpass], sources: Sources, count: int) -> str:
    """Return an evalscript with an output ``v0``, ``v1``, ... a variable, and ``count``; a band a period.

    Tiles are mosaicked here (``TILE``), scene by scene, since the service would take a pixel from the
    first tile even if that one is masked there. Only scenes in its table count.

    Args:
        steps: The recipe.
        overpasses: What becomes a look, in order of time.
        sources: What is read of each scene.
        count: Periods.
    """
    values = [_output(f"v{k}", count) for k in range(len(steps.variables))]
    outputs: list[dict[str, object]] = [*values, {"id": "count", "bands": count, "sampleType": "UINT16"}]
    return _script(steps, overpasses, sources, outputs, _PIXELS)


def statistics_script(steps: Steps, overpasses: Sequence[Overpass], sources: Sources) -> str:
    """Return an evalscript for the Statistical API: of one period, with what each variable counts."""
    values = [_output(f"v{k}", 1) for k in range(len(steps.variables))]
    outputs: list[dict[str, object]] = [
        *values,
        {"id": "dataMask", "bands": [str(one["id"]) for one in values]},
    ]
    return _script(steps, overpasses, sources, outputs, _COUNTED)


def _output(name: str, bands: int) -> dict[str, object]:
    return {"id": name, "bands": bands, "sampleType": "FLOAT32"}


def _script(
    steps: Steps,
    overpasses: Sequence[Overpass],
    sources: Sources,
    outputs: Sequence[dict[str, object]],
    ending: str,
) -> str:
    composed = steps.composed or Composite(period=None, reducer="first")
    words = steps.masked.words if steps.masked is not None else ()
    return "\n".join(
        (
            _head(steps),
            setup(sources, outputs),
            f"const COUNT = {outputs[0]['bands']};\nconst VARIABLES = {json.dumps(steps.variables)};",
            _quality(overpasses, sources) + tables(overpasses, sources) + masking(sources, words),
            HELPERS + _variables(steps, sources, composed) + ARRANGING + LOOKING,
            reducing(composed, steps) + _COMPOSED + ending,
        )
    )


def setup(sources: Sources, outputs: Sequence[dict[str, object]]) -> str:
    """Return the function ``setup()``."""
    told = {"input": [sources.input], "output": list(outputs), "mosaicking": "TILE"}
    return f"function setup() {{\n  return {json.dumps(told)};\n}}"


def _head(steps: Steps) -> str:
    said = "\n".join(f"// {line}" for line in str(steps).splitlines())
    return f"//VERSION=3\n{said}"


def _quality(overpasses: Sequence[Overpass], sources: Sources) -> str:
    layers = (quality(scene, sources.layer) for one in overpasses for scene in one.scenes)
    key = next((one.key for one in layers if one is not None), "")
    return f"const QUALITY = {json.dumps(key)};\n"


def _variables(steps: Steps, sources: Sources, composed: Composite) -> str:
    """Return the functions that compute the variables of a look, and what it is chosen by."""
    names = ", ".join(sources.wanted)
    formulas = [f"single({javascript(parse(one.expression))})" for one in steps.formulas]
    values = ", ".join((*steps.kept, *formulas))
    chosen = _SCORES.get(composed.reducer, "0")
    return (
        f"function variables({names}) {{ return [{values}]; }}\n"
        f"function score({names}) {{ return single({javascript(parse(chosen))}); }}\n"
    )
