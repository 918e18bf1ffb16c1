"""Each word of a recipe, the one order of words, and what is refused with the next step."""

from itertools import combinations, permutations

import pytest

from multisat.errors import MultisatError, UsageError
from multisat.model import TimeRange
from multisat.steps import Anomaly, Composite, Formula, Mask, Smooth, Steps, Zonal, gaussian

FULL = (
    Steps()
    .bands("red", "nir")
    .mask("clear", opening=40, dilate=60)
    .index("NDVI")
    .index("nir / red", name="ratio")
    .composite("month", "quantile", q=0.9)
    .interpolate(limit=64)
    .anomaly("2018/2022", "standardised")
    .clip()
    .zonal("mean", "q10")
)
WORDS = {
    "bands": lambda steps: steps.bands("red"),
    "mask": lambda steps: steps.mask("cloud"),
    "index": lambda steps: steps.index("EVI"),
    "composite": lambda steps: steps.composite("month"),
    "smooth": lambda steps: steps.interpolate(),
    "anomaly": lambda steps: steps.anomaly("2018/2022"),
    "clip": lambda steps: steps.clip(),
    "zonal": lambda steps: steps.zonal(),
}


def test_every_word_is_kept_as_a_value():
    assert FULL.kept == ("red", "nir")
    assert isinstance(FULL.masked, Mask)
    assert (FULL.masked.opening, FULL.masked.dilate) == (40.0, 60.0)
    assert FULL.formulas == (
        Formula(name="NDVI", expression="(nir - red) / (nir + red)"),
        Formula(name="ratio", expression="nir / red"),
    )
    assert FULL.composed == Composite(period="month", reducer="quantile", q=0.9)
    assert FULL.smoothed == Smooth(method="linear", limit=64)
    assert FULL.compared == Anomaly(baseline=TimeRange.of("2018/2022"), kind="standardised")
    assert FULL.clipped is True
    assert FULL.zoned == Zonal(statistics=("mean", "q10"))
    assert FULL.variables == ("red", "nir", "NDVI", "ratio")
    assert FULL.needs == ("red", "nir")


FIRST = {"bands", "mask", "index"}


@pytest.mark.parametrize(
    ("early", "late"),
    [(a, b) for a, b in combinations(WORDS, 2) if (a, b) != ("composite", "anomaly") and not {a, b} <= FIRST],
)
def test_a_word_after_a_later_one_is_refused_by_both_names(early, late):
    steps = Steps(composed=Composite(period="month", reducer="median")) if late == "anomaly" else Steps()
    first = "composite" if late == "anomaly" and early != "smooth" else late
    with pytest.raises(UsageError, match=f"{early} comes before {first}") as error:
        WORDS[early](WORDS[late](steps))
    assert f"order: {', '.join(WORDS)}" in str(error.value)


def test_bands_mask_and_index_come_in_any_order():
    made = [WORDS[c](WORDS[b](WORDS[a](Steps()))) for a, b, c in permutations(("bands", "mask", "index"))]
    assert len(made) == 6
    assert len(set(made)) == 1


@pytest.mark.parametrize("word", [word for word in WORDS if word not in {"index", "anomaly"}])
def test_a_word_said_twice_is_refused(word):
    with pytest.raises(UsageError, match=f"{word} is there twice"):
        WORDS[word](WORDS[word](Steps()))


def test_variables_have_names_of_their_own():
    with pytest.raises(UsageError, match="two variables NDVI"):
        Steps().index("NDVI").index("nir / red", name="NDVI")
    again = Steps().index("NDVI").index("NDVI", name="again")
    assert [one.name for one in again.formulas] == ["NDVI", "again"]
    assert Steps().bands("red", "red").kept == ("red",)


def test_the_usual_is_what_the_page_says():
    steps = Steps().mask().index("NDVI").composite().zonal()
    assert steps.masked == Mask.of("clear")
    assert steps.composed == Composite(period=None, reducer="median")
    assert steps.zoned == Zonal(statistics=("mean", "count", "valid"))


def test_selections_need_bands_of_their_own():
    greenest = Steps().bands("swir16").composite("month", "greenest")
    assert greenest.needs == ("swir16", "red", "nir")
    assert greenest.variables == ("swir16",)
    assert Steps().bands("red").composite("month", "lowest_cloud").needs == ("red", "cloud_probability")


def test_constants_of_an_index_are_written_into_the_expression():
    usual, other = Steps().index("SAVI"), Steps().index("SAVI", L=0.25)
    assert usual.formulas[0].name == other.formulas[0].name == "SAVI"
    assert "0.25" in other.formulas[0].expression
    assert usual != other


REFUSED = {
    "no such band": (lambda s: s.bands("rot"), "no band is called 'rot'"),
    "class codes as a band": (lambda s: s.bands("scl"), "scl holds class codes"),
    "class codes in a formula": (lambda s: s.index("scl / red", name="ratio"), "scl holds class codes"),
    "no such class": (lambda s: s.mask("fog"), "no mask or class"),
    "negative margin": (lambda s: s.mask("cloud", dilate=-1), "distance is negative"),
    "kernel and margin": (
        lambda s: s.mask("cloud", dilate=10, kernel=gaussian(11, 1.6, 0.1)),
        "a kernel and a distance",
    ),
    "even kernel": (lambda s: gaussian(10, 1.6, 0.1), "a kernel of 10 pixels"),
    "wide kernel": (lambda s: gaussian(257, 1.6, 0.1), "a kernel of 257 pixels"),
    "flat kernel": (lambda s: gaussian(11, 0, 0.1), "sigma is 0"),
    "no threshold": (lambda s: gaussian(11, 1.6, 1), "the threshold is 1"),
    "no such index": (lambda s: s.index("NDVY"), "NDVY"),
    "nameless expression": (lambda s: s.index("nir / red"), "has no name"),
    "name of a band": (lambda s: s.index("nir / red", name="green"), "cannot be called 'green'"),
    "name of a layer": (lambda s: s.index("nir / red", name="count"), "cannot be called 'count'"),
    "bad name": (lambda s: s.index("nir / red", name="a b"), "cannot be called 'a b'"),
    "constants of an expression": (lambda s: s.index("nir / red", name="ratio", L=1), "constants belong to"),
    "no such reducer": (lambda s: s.composite("month", "average"), "no reducer is called 'average'"),
    "no such period": (lambda s: s.composite("fortnight"), "cannot divide time by 'fortnight'"),
    "q alone": (lambda s: s.composite("month", q=0.5), "q= and quantile belong together"),
    "quantile alone": (lambda s: s.composite("month", "quantile"), "q= and quantile belong together"),
    "q above 1": (lambda s: s.composite("month", "quantile", q=90), "the quantile is 90"),
    "smooth time steps": (lambda s: s.smooth(), "not equally spaced"),
    "smooth one period": (lambda s: s.composite(None).smooth(), "not equally spaced"),
    "no such smoothing": (lambda s: s.smooth("spline"), "cannot smooth by 'spline'"),
    "no gap": (lambda s: s.interpolate(limit=0), "limit is 0"),
    "no smoothness": (lambda s: s.composite("month").smooth(smoothness=-1), "smoothness is -1"),
    "anomaly of time steps": (lambda s: s.anomaly("2018/2022"), "compares calendar periods"),
    "anomaly of days": (lambda s: s.composite("16d").anomaly("2018/2022"), "compares calendar periods"),
    "open baseline": (lambda s: s.composite("month").anomaly("2018/.."), "a baseline has two ends"),
    "no such anomaly": (lambda s: s.composite("month").anomaly("2018/2022", "log"), "no anomaly is called"),
    "no such statistic": (lambda s: s.zonal("average"), "no statistic is called 'average'"),
    "no such quantile": (lambda s: s.zonal("q101"), "no statistic is called 'q101'"),
    "nothing": (lambda s: s.mask().check(), "nothing is computed"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_has_no_meaning_is_refused_with_the_next_step(case):
    word, said = REFUSED[case]
    with pytest.raises(UsageError, match=said.replace("(", r"\(")) as error:
        word(Steps())
    assert isinstance(error.value, MultisatError)
    assert error.value.hint


def test_the_words_say_what_they_do():
    lines = str(FULL).splitlines()
    assert lines[0] == "bands red, nir"
    assert "cloud" in lines[1]
    assert "opening 40 m, dilate 60 m" in lines[1]
    assert lines[2] == "NDVI = (nir - red) / (nir + red)"
    assert lines[4] == "0.9 quantile of the clear looks of each month (UTC), with their count"
    assert lines[5] == "gaps up to 64 days filled along a straight line in time"
    assert lines[6] == "standardised to the same calendar period of 2018-01-01 until 2023-01-01"
    assert lines[7] == "pixels outside the area are dropped"
    assert "mean, q10 over each feature" in lines[8]
    assert "Gaussian of 11 pixels (sigma 1.6, over 0.1)" in str(Steps().mask(kernel=gaussian(11, 1.6, 0.1)))
