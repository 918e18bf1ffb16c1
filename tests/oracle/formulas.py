"""Variables computed from bands: Python's own reading of an expression, over float64 arrays.

The formulas of indices are written down here once more, from the papers that made them.
"""

import ast
from functools import reduce

import numpy as np

INDICES = {
    "NDVI": lambda b: (b["nir"] - b["red"]) / (b["nir"] + b["red"]),
    "GNDVI": lambda b: (b["nir"] - b["green"]) / (b["nir"] + b["green"]),
    "EVI": lambda b: 2.5 * (b["nir"] - b["red"]) / (b["nir"] + 6 * b["red"] - 7.5 * b["blue"] + 1),
    "EVI2": lambda b: 2.5 * (b["nir"] - b["red"]) / (b["nir"] + 2.4 * b["red"] + 1),
    "SAVI": lambda b: (1 + 0.5) * (b["nir"] - b["red"]) / (b["nir"] + b["red"] + 0.5),  # L = 0.5
    "OSAVI": lambda b: (b["nir"] - b["red"]) / (b["nir"] + b["red"] + 0.16),
    "MSAVI": lambda b: (
        0.5 * (2 * b["nir"] + 1 - np.sqrt((2 * b["nir"] + 1) ** 2 - 8 * (b["nir"] - b["red"])))
    ),
    "NDWI": lambda b: (b["green"] - b["nir"]) / (b["green"] + b["nir"]),
    "MNDWI": lambda b: (b["green"] - b["swir16"]) / (b["green"] + b["swir16"]),
    "NDMI": lambda b: (b["nir"] - b["swir16"]) / (b["nir"] + b["swir16"]),
    "NBR": lambda b: (b["nir"] - b["swir22"]) / (b["nir"] + b["swir22"]),
    "NDSI": lambda b: (b["green"] - b["swir16"]) / (b["green"] + b["swir16"]),
    "BI": lambda b: (
        ((b["swir16"] + b["red"]) - (b["nir"] + b["blue"]))
        / ((b["swir16"] + b["red"]) + (b["nir"] + b["blue"]))
    ),
}
FUNCTIONS = {
    "abs": np.abs,
    "sqrt": np.sqrt,
    "exp": np.exp,
    "log": np.log,
    "log10": np.log10,
    "min": lambda *values: reduce(np.minimum, values),
    "max": lambda *values: reduce(np.maximum, values),
    "nd": lambda a, b: (a - b) / (a + b),
    "float64": np.float64,
    "power": lambda a, b: np.where(np.isnan(a) | np.isnan(b), np.nan, a**b),
}


def formula(given):
    """Return a function of a dict of floats, and the bands it takes.

    ``given`` is as in a recipe: ``"NDVI"``, ``{"name": "NDVI"}`` or ``{"name": ..., "expression": ...}``.
    """
    if isinstance(given, str) or "expression" not in given:
        return INDICES[name_of(given)], _taken(INDICES[name_of(given)])
    tree = _Doubles().visit(ast.parse(given["expression"], mode="eval"))
    code = compile(ast.fix_missing_locations(tree), "<recipe>", "eval")
    bands = tuple(name for name in code.co_names if name not in FUNCTIONS)
    return lambda b: eval(code, {"__builtins__": {}}, {**FUNCTIONS, **b}), bands


def name_of(given):
    """Return the name of the variable."""
    return given if isinstance(given, str) else given["name"]


def computed(given, values):
    """Return float32 of the shape of the bands: NaN where a band is NaN or the result is not finite."""
    function, bands = formula(given)
    numbers = {band: values[band].astype(np.float64) for band in bands}
    with np.errstate(all="ignore"):
        found = np.asarray(function(numbers)).astype(np.float32)
    for band in bands:
        found[np.isnan(values[band])] = np.nan
    found[~np.isfinite(found)] = np.nan
    return found


class _Doubles(ast.NodeTransformer):
    """Makes numbers in the text doubles of IEEE 754, which divide by 0 and have no imaginary part.

    What is no number is none to the power of 0 either, nor is 1 to the power of it, other than in IEEE 754.
    """

    def visit_Constant(self, node):
        return ast.Call(func=ast.Name("float64", ast.Load()), args=[node], keywords=[])

    def visit_BinOp(self, node):
        self.generic_visit(node)
        if not isinstance(node.op, ast.Pow):
            return node
        return ast.Call(func=ast.Name("power", ast.Load()), args=[node.left, node.right], keywords=[])


class _Asked(dict):
    """Remembers which bands a formula takes."""

    def __missing__(self, name):
        self[name] = 0.25
        return 0.25


def _taken(function):
    asked = _Asked()
    function(asked)
    return tuple(asked)
