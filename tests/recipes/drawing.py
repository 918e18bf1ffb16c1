"""Recipes and ranges that nobody thought of: strategies of hypothesis."""

from datetime import UTC, datetime, timedelta

from hypothesis import assume
from hypothesis import strategies as st
from tests.oracle import Archive
from tests.oracle.formulas import name_of
from tests.recipes import cases
from tests.recipes.archive import build

_OPTICAL = ("blue", "green", "red", "nir", "swir16")
_NUMBERS = ("2", "0.5", "1e1", ".25", "3.", "100")
_FIRST, _LAST = datetime(2021, 2, 20, tzinfo=UTC), datetime(2021, 10, 5, tzinfo=UTC)


def _joined(parts):
    two = st.tuples(parts, parts)
    return st.one_of(
        st.builds(lambda op, ab: f"{ab[0]} {op} {ab[1]}", st.sampled_from("+-*/"), two),
        st.builds(lambda op, ab: f"({ab[0]} {op} {ab[1]})", st.sampled_from("+-*/"), two),
        st.builds(lambda name, ab: f"{name}({ab[0]}, {ab[1]})", st.sampled_from(("min", "max", "nd")), two),
        st.builds(
            lambda name, a: f"{name}({a})", st.sampled_from(("abs", "sqrt", "exp", "log", "log10")), parts
        ),
        st.builds(
            lambda a, power: f"({a}) ** {power}", parts, st.sampled_from(("2", "-1", "0.5", "0", "(1 / 3)"))
        ),
        st.builds(lambda a: f"-{a}", parts),
    )


def expressions(bands):
    """Draw texts of formulas over bands; each names one at least."""
    leaves = st.sampled_from((*bands, *bands, *_NUMBERS))
    texts = st.recursive(leaves, _joined, max_leaves=6)
    return st.builds(lambda band, text: f"{band} * 0.5 - ({text})", st.sampled_from(bands), texts)


def _variables(sensor):
    pool = cases.RADAR if sensor == "s1" else cases.OPTICAL
    bands = ("vv", "vh") if sensor == "s1" else _OPTICAL
    made = st.builds(lambda text: {"name": "drawn", "expression": text}, expressions(bands))
    known = st.sampled_from([one for one in pool if isinstance(one, str) or "expression" in one])
    names = st.lists(st.one_of(made, known), min_size=1, max_size=2, unique_by=name_of)
    kept = st.lists(st.sampled_from(bands), max_size=2, unique=True)
    return st.builds(lambda index, kept: {"index": index} | ({"bands": kept} if kept else {}), names, kept)


_REDUCERS = {
    "s2": cases.REDUCERS,
    "s1": [r for r in cases.REDUCERS if r not in ("greenest", "lowest_cloud")],
}


@st.composite
def cases_and_overpasses(draw):
    """Draw a case, and the names of the overpasses that are there: of those in its range at least one."""
    sensor = draw(st.sampled_from(list(cases.SENSORS)))
    whole = build(*cases.SENSORS[sensor])
    days = (_LAST - _FIRST).days
    start = _FIRST + timedelta(days=draw(st.integers(0, days - 1)), hours=draw(st.sampled_from((0, 0, 11))))
    end = start + timedelta(days=draw(st.integers(1, days)))
    recipe = draw(_variables(sensor))
    if sensor != "s1" and draw(st.booleans()):
        recipe["mask"] = draw(st.sampled_from([one for one in cases.MASKS if one]))
    reducers = _REDUCERS.get(sensor, [r for r in cases.REDUCERS if r != "lowest_cloud"])
    reducer = draw(st.sampled_from(reducers))
    period = draw(st.sampled_from(("month", "dekad", "season", "year", "20d", None)))
    recipe["composite"] = {"period": period, "reducer": reducer}
    if reducer == "quantile":
        recipe["composite"]["q"] = draw(st.sampled_from((0.0, 0.05, 1 / 3, 0.5, 0.99, 1.0)))
    if draw(st.booleans()):
        recipe["clip"] = True
    case = cases.Case(number=0, sensor=sensor, recipe=recipe, start=start, end=end)
    inside = [_name(one) for one in whole.between(start, end)]
    around = [_name(one) for one in whole.overpasses if _name(one) not in inside]
    assume(inside)
    kept = draw(st.lists(st.sampled_from(inside), min_size=1, max_size=7, unique=True))
    return case, kept + draw(
        st.lists(st.sampled_from(around), max_size=4, unique=True) if around else st.just([])
    )


def part(case, names):
    """Return the part of the archive that has overpasses of these names only."""
    passes = build(*case.collections).overpasses
    return Archive(overpasses=tuple(one for one in passes if _name(one) in names))


def _name(overpass):
    return overpass.scenes[0].name
