"""What many looks become, as JavaScript; the numbers are those of ``multisat.reducing``."""

from __future__ import annotations

from multisat.steps import Composite, Steps

_QUANTILE = """\
function reduce(values) {
  const a = Float64Array.from(values).sort(), place = QUANTILE * (a.length - 1);
  const low = Math.floor(place), share = place - low;
  return a[low] * (1 - share) + a[Math.ceil(place)] * share;
}
"""
_MEAN = """\
function mean(a) { let sum = 0; for (const v of a) sum += v; return sum / a.length; }
"""
_STD = """\
function reduce(a) {
  const middle = mean(a);
  let sum = 0;
  for (const v of a) sum += (v - middle) * (v - middle);
  return Math.sqrt(sum / a.length);
}
"""
_EACH = {
    "mean": _MEAN + "function reduce(a) { return mean(a); }\n",
    "std": _MEAN + _STD,
    "min": "function reduce(a) { return Math.min.apply(null, a); }\n",
    "max": "function reduce(a) { return Math.max.apply(null, a); }\n",
    "first": "function reduce(a) { return a[0]; }\n",
    "last": "function reduce(a) { return a[a.length - 1]; }\n",
    "count": "function reduce(a) { return a.length; }\n",
}
_BY_VARIABLE = """\
function period(looks) {
  // Each variable on its own; looks without it do not count.
  return VARIABLES.map((_, k) => {
    const seen = [];
    for (const look of looks) if (!isNaN(look.values[k])) seen.push(look.values[k]);
    return seen.length || REDUCER === "count" ? Math.fround(reduce(seen)) + 0 : NaN;
  });
}
"""
_BY_LOOK = """\
function period(looks) {
  // All variables from one look: the first of those that are equally good.
  const best = choose(looks);
  return VARIABLES.map((_, k) => (best === null ? NaN : best.values[k]));
}
"""
_HIGHEST = """\
function choose(looks) {
  let best = null, top = -Infinity;
  for (const look of looks) {
    const score = SIGN * look.score;
    if (score > top && score < Infinity && look.values.some(isFinite)) { best = look; top = score; }
  }
  return best;
}
"""
_CLEAREST = """\
function choose(looks) {
  let best = null;
  for (const look of looks) {
    if (look.values.some(isFinite) && (best === null || look.rank < best.rank)) best = look;
  }
  return best;
}
"""
_MEDOID = """\
function choose(looks) {
  const whole = looks.filter((look) => look.values.every(isFinite));
  let best = null, least = Infinity;
  for (const look of whole) {
    let sum = 0;
    for (const other of whole) {
      let square = 0;
      for (const k of SORTED) { const off = other.values[k] - look.values[k]; square += off * off; }
      sum += Math.sqrt(square);
    }
    if (sum < least) { best = look; least = sum; }
  }
  return best;
}
"""
_SELECTIONS = {
    "greenest": _HIGHEST.replace("SIGN", "1"),
    "lowest_cloud": _HIGHEST.replace("SIGN", "-1"),
    "clearest_scene": _CLEAREST,
    "medoid": _MEDOID,
}


def reducing(composite: Composite, steps: Steps) -> str:
    """Return the function ``period(looks)``, which gives a number for each variable.

    A look has ``values`` in single precision, ``score`` and ``rank``; looks are in order of time.

    Args:
        composite: How looks become one.
        steps: The recipe, for the order of its variables.
    """
    if composite.reducer in _SELECTIONS:
        order = sorted(range(len(steps.variables)), key=lambda k: steps.variables[k])
        return _SELECTIONS[composite.reducer].replace("SORTED", str(order)) + _BY_LOOK
    each = _EACH.get(composite.reducer)
    if each is None:
        each = _QUANTILE.replace("QUANTILE", repr(0.5 if composite.q is None else composite.q))
    return f'const REDUCER = "{composite.reducer}";\n{each}{_BY_VARIABLE}'
