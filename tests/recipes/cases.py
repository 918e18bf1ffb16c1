"""The generated recipes: every mask, index, period, reducer and sensor, deterministic."""

from dataclasses import dataclass
from datetime import datetime
from itertools import cycle
from random import Random

from tests.oracle import Ask, Pixels

COUNT = 600

FINE = Pixels(x=600130, y=5339850, size=10, rows=12, columns=9)
WIDE = Pixels(x=600030, y=5340000, size=30, rows=12, columns=9)
"""Pixels of results; files go on around them."""
_OUTLINE = ((0.3, 0.2), (8.7, 1.3), (7.6, 6.4), (8.8, 11.7), (4.6, 9.2), (0.4, 11.6), (1.7, 5.3))
_HOLE = ((3.2, 3.3), (5.7, 3.4), (5.6, 5.8), (3.1, 5.6))
"""Columns and rows of the corners of the area; none lies on a pixel's centre."""

SENSORS = {
    "s2": ("sentinel-2-l2a",),
    "landsat": ("landsat-c2-l2",),
    "hls": ("hls-l30", "hls-s30"),
    "s1": ("sentinel-1-rtc",),
    "s2+landsat": ("sentinel-2-l2a", "landsat-c2-l2"),
}
GRIDS = {"landsat": WIDE, "hls": WIDE}

MASKS = (
    {"classes": "clear"},
    None,
    {"classes": "loose"},
    {"classes": ["cloud"]},
    {"classes": ["cloud", "shadow"], "dilate": 30},
    {"classes": "clear", "dilate": 45},
    {"classes": "clear", "opening": 30},
    {"classes": ["cloud"], "opening": 20, "dilate": 50},
    {"classes": ["water", "snow"]},
    {"classes": ["cloud", "shadow"], "kernel": {"size": 11, "sigma": 1.6, "threshold": 0.1}},
    {"classes": "clear", "kernel": {"size": 5, "sigma": 1.0, "threshold": 0.25}},
    {"classes": ["cloud"], "kernel": {"size": 3, "sigma": 0.7, "threshold": 0.0}},
)
OPTICAL = (
    "NDVI",
    {"name": "ratio", "expression": "nir / red"},
    "EVI",
    {"bands": ["red", "nir"]},
    "NDWI",
    {"name": "inverse", "expression": "1 / (nir - red)"},
    "NBR",
    {"name": "root", "expression": "sqrt(nir - red) ** 3"},
    {"name": "SAVI", "constants": {"L": 0.5}},
    {"bands": ["swir16"]},
    "NDMI",
    {"name": "least", "expression": "min(red, nir, swir22) - max(green, -blue)"},
    "OSAVI",
    {"name": "odd", "expression": "-red ** 2 + 2 ** -nir * 1e1 - .5"},
    "GNDVI",
    {"name": "nothing", "expression": "blue ** 0 + red * 0"},
    "MNDWI",
    {"name": "logs", "expression": "log(red) - log10(abs(nir)) / exp(-blue)"},
    "EVI2",
    {"name": "nested", "expression": "nd(nir, red) - (green - (blue - (red - nir))) / 3 / 2"},
    "MSAVI",
    "NDSI",
    "BI",
)
RADAR = (
    {"name": "ratio", "expression": "vh / vv"},
    {"bands": ["vv"]},
    {"name": "decibels", "expression": "10 * log10(vv)"},
    {"bands": ["vv", "vh"]},
    {"name": "rvi", "expression": "4 * vh / (vv + vh)"},
)
PERIODS = ("month", None, "16d", "quarter", "dekad", "season", "year", "edges", "day", "5d", "steps")
REDUCERS = (
    "median", "greenest", "mean", "medoid", "min", "clearest_scene", "max", "first", "last", "quantile", "count",
    "std", "lowest_cloud",
)  # fmt: skip
QUANTILES = (0.9, 0.25, 0.5, 0.0, 1.0, 0.1)
RANGES = (
    ("2021-05-01", "2021-06-01"),
    ("2021-04-20", "2021-06-12"),
    ("2021-05-04T18:30:00", "2021-05-21T00:00:00.050"),  # cuts a period, and between two sensors
    ("2021-07-20", "2021-09-10"),
    ("2021-08-01", "2021-08-20"),  # a single look
    ("2021-05-06", "2021-05-10"),  # all cloud
    ("2021-03-01", "2021-10-01"),
)
LONG = (RANGES[1], RANGES[-1])
"""Those of which a short baseline has some periods, too."""
EDGES = ["2021-03-01", "2021-05-01", "2021-05-11", "2021-06-01", "2021-10-01"]
BASELINES = ("2018-01-01T00:00:00Z/2021-01-01T00:00:00Z", "2019-05-06T00:00:00Z/2020-06-01T00:00:00Z")


@dataclass(frozen=True, kw_only=True)
class Case:
    """A recipe in its JSON form, of which sensors, and when."""

    number: int
    sensor: str
    recipe: dict
    start: datetime
    end: datetime

    def __str__(self):
        composite = self.recipe.get("composite", {"period": "steps", "reducer": "kept"})
        period = "edges" if composite["period"] == EDGES else composite["period"] or "whole"
        return f"{self.number}-{self.sensor}-{period}-{composite['reducer']}"

    @property
    def collections(self):
        """Collections that are searched."""
        return SENSORS[self.sensor]

    @property
    def ask(self):
        """The same for the oracle."""
        pixels = GRIDS.get(self.sensor, FINE)
        return Ask(pixels=pixels, start=self.start, end=self.end, rings=rings(pixels))

    @property
    def steps(self):
        """The recipe as a value."""
        from multisat.steps import Steps

        return Steps.from_dict(self.recipe)


def rings(pixels):
    """Return the area over a grid: its outline and its hole, in metres."""
    return tuple(
        tuple((pixels.x + column * pixels.size, pixels.y - row * pixels.size) for column, row in ring)
        for ring in (_OUTLINE, _HOLE)
    )


def generated(count=COUNT):
    """Return the cases. Sensors, reducers, periods and masks meet each other in turn; the rest is drawn."""
    turns = zip(range(count), cycle(SENSORS), cycle(REDUCERS), cycle(PERIODS), cycle(MASKS), strict=False)
    return [_case(*turn) for turn in turns]


def _case(number, sensor, reducer, period, mask):
    rng = Random(number)
    recipe = _variables(rng, RADAR if sensor == "s1" else OPTICAL)
    if mask and sensor != "s1":
        recipe["mask"] = mask
    start, end = RANGES[rng.choice((0, 0, 1, 1, 2, 3, 4, 5, 6))]
    if period == "day" and start == "2021-03-01":
        start, end = RANGES[0]
    if period != "steps":
        recipe |= _composite(rng, sensor, reducer, period)
        recipe |= _after(rng, period, BASELINES if (start, end) in LONG else BASELINES[:1])
    elif rng.random() < 0.3:
        recipe["smooth"] = {"method": "linear", "limit": 10}
    if rng.random() < 0.2:
        recipe["clip"] = True
    return Case(number=number, sensor=sensor, recipe=recipe, start=_utc(start), end=_utc(end))


def _utc(text):
    return datetime.fromisoformat(f"{text}+00:00" if "T" in text else f"{text}T00:00:00+00:00")


def _variables(rng, pool):
    """Return one to three variables: bands to keep and formulas."""
    found = rng.sample(pool, rng.choice((1, 1, 1, 2, 3)))
    bands = [band for one in found if isinstance(one, dict) for band in one.get("bands", ())]
    formulas = [one for one in found if isinstance(one, str) or "bands" not in one]
    recipe = {"bands": list(dict.fromkeys(bands))} if bands else {}
    return recipe | ({"index": formulas} if formulas else {})


def _composite(rng, sensor, reducer, period):
    choices = {"s1": ("greenest", "lowest_cloud"), "landsat": ("lowest_cloud",), "hls": ("lowest_cloud",)}
    if reducer in choices.get(sensor, ()):
        reducer = "clearest_scene"
    found = {"period": EDGES if period == "edges" else period, "reducer": reducer}
    return {"composite": found | ({"q": rng.choice(QUANTILES)} if reducer == "quantile" else {})}


def _after(rng, period, baselines):
    """Return what comes after a composite, in four of ten."""
    calendar = period in ("dekad", "month", "quarter", "season", "year")
    draw = rng.random()
    if draw < 0.1:
        return {
            "smooth": {"method": "linear"} | rng.choice(({}, {"limit": 31}, {"limit": 20.0}, {"limit": 61}))
        }
    if draw < 0.2 and period not in (None, "edges"):
        return {"smooth": {"method": "whittaker", "smoothness": rng.choice((0.1, 1.0, 10.0, 1000.0))}}
    if draw < 0.4 and calendar:
        kind = rng.choice(("difference", "ratio", "standardised"))
        return {"anomaly": {"baseline": rng.choice(baselines), "kind": kind}}
    return {}
