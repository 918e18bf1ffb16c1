"""Recipes nobody thought of: a strategy of hypothesis."""

from hypothesis import strategies as st

from multisat.steps import Steps, gaussian
from multisat.steps.composite import REDUCERS, SELECTIONS
from multisat.vocab.masks import PRESETS

BANDS = ("blue", "green", "red", "nir", "swir16")
WORDS = ("cloud", "shadow", "cirrus", "snow", "water", "saturated")
CALENDAR = ("dekad", "month", "quarter", "season", "year")
DATES = ("2023-01-01", "2023-04-01", "2023-10-01", "2024-01-01")
EXPRESSIONS = (
    "nir / red",
    "(nir-red)/(nir+red)",
    "nd(nir, swir16)",
    "-blue ** 2 + 1e-1",
    "max(red, green, .5)",
)


def _masks():
    classes = st.one_of(st.sampled_from(sorted(PRESETS)), st.sets(st.sampled_from(WORDS), min_size=1))
    metres = st.sampled_from((0, 20, 37.5))
    kernel = st.builds(
        gaussian,
        st.integers(1, 15).map(lambda n: 2 * n + 1),
        st.floats(0.1, 9),
        st.floats(0, 1, exclude_max=True),
    )
    margins = st.builds(lambda opening, dilate: {"opening": opening, "dilate": dilate}, metres, metres)
    spread = st.one_of(margins, st.builds(lambda k: {"kernel": k}, kernel))
    return st.tuples(classes, spread)


def _composites(periods):
    plain = st.sampled_from([name for name in (*REDUCERS, *SELECTIONS) if name != "quantile"])
    how = st.one_of(
        st.builds(lambda name: {"reducer": name}, plain),
        st.builds(lambda q: {"reducer": "quantile", "q": q}, st.floats(0, 1)),
    )
    return st.tuples(periods, how)


@st.composite
def recipes(draw, kind=Steps):
    """Draw steps that have something to compute."""
    made = kind()
    kept = draw(st.lists(st.sampled_from(BANDS), max_size=3))
    made = made.bands(*kept) if kept else made
    if draw(st.booleans()):
        classes, spread = draw(_masks())
        made = made.mask(classes, **spread)
    for number, text in enumerate(draw(st.lists(st.sampled_from(EXPRESSIONS), max_size=2))):
        made = made.index(text, name=f"made{number}")
    if draw(st.booleans()) or not made.variables:
        made = made.index(draw(st.sampled_from(("NDVI", "EVI", "NDWI"))))
    if draw(st.booleans()):
        made = _later(draw, made)
    made = made.clip() if draw(st.booleans()) else made
    names = draw(st.lists(st.sampled_from(("mean", "median", "std", "q2.5", "q10", "valid")), max_size=3))
    return made.zonal(*names) if names else made


def _later(draw, made):
    period, how = draw(_composites(st.sampled_from((*CALENDAR, "day", "16d", DATES, None))))
    made = made.composite(period, **how)
    smooth = draw(st.sampled_from(("", "line", "limit", "whittaker")))
    if smooth in {"line", "limit"}:
        made = made.interpolate(limit=32 if smooth == "limit" else None)
    elif smooth and isinstance(period, str):
        made = made.smooth(smoothness=draw(st.sampled_from((1, 10.5))))
    if period in CALENDAR and draw(st.booleans()):
        kind = draw(st.sampled_from(("difference", "ratio", "standardised")))
        made = made.anomaly(draw(st.sampled_from(("2018/2022", "2020-03-05/2021"))), kind)
    return made
