"""Every public name says what it takes, in which units, axis order, CRS and time zone, and what it raises."""

import re

from tests.docs.public import calls, kinds, raised, section

WORDS = (
    ("aoi", r"\.of``|``(ms\.)?search``|west, south, east, north|[Ww]here|[Nn]ame of|[Aa]rea"),
    ("areas|features", r"\.of``|[Aa]reas|[Pp]olygons|features"),
    ("area_m2", "square metres"),
    ("bbox(es)?", "[Ww]est, south, east, north"),
    ("bounds", "left, bottom, right, top"),
    ("centroid", "[Ll]ongitude and latitude"),
    ("chunks", "along"),
    ("(max_|scene_|max_scene_)?cloud(_cover)?|min_covered|tolerance|bound|shares", "[Pp]ercent"),
    (r"max_\w*cloud|min_covered", "inclusive"),
    ("crs", "CRS|EPSG"),
    ("dates|time|datetime|start|end|sensing|datatake|generated|created|instant|event", "UTC|counted"),
    ("days", "[Dd]ays"),
    ("deadline|timeout|patience", "[Ss]econds|time limit"),
    ("geometry|footprint|lonlat|outline", r"longitude|x \(or longitude\) first"),
    ("gsd", "metres"),
    ("max_memory", "GiB"),
    ("offset", "unit"),
    ("opening|dilate|sigma", "[Mm]etres|[Pp]ixels"),
    ("progress", "[Cc]alled|0 to 1"),
    ("resolution", "units of the (scene's )?CRS"),
    ("shape", r"[Rr]ows, columns|\(y, x\)"),
    ("transform", "upper left"),
    ("values", r"\(y, x\)|shape"),
    ("workers", "at a time"),
)
"""Parameter, attribute or property, and what must be said of it."""
UNITS = r"metre|second|percent|GiB|\bs\b|byte|pixel|units?\b|degrees|\bdays|\bdB\b|0 to 1|number|factor|stored value|no-data value"
"""What a number that is no count may be in; a factor or a stored value has no unit."""
NO_UNIT = ("seconds", "smoothness")
"""Names that say it, and a weight."""
RETURNED = (
    (r"\bDataset\b|\bDataArray\b", r"\((time, )?y, x\)"),
    ("DataFrame", r"\brow\b"),
)
"""What is returned, and what must be said of its axes."""


def test_every_public_name_has_a_docstring():
    assert [one.name for one in (*calls(), *kinds()) if not one.doc.split("\n\n")[0].endswith(".")] == []


def test_every_argument_is_documented_and_no_other():
    told = {one.name: (sorted(section(one.doc, "Args")), sorted(one.arguments)) for one in calls()}
    assert {name: pair for name, pair in told.items() if pair[0] != pair[1]} == {}


def test_every_argument_of_a_constructor_is_documented():
    found = {one.name: [name for name in one.arguments if name not in dict(told(one))] for one in kinds()}
    assert {name: lacking for name, lacking in found.items() if lacking} == {}


def test_every_attribute_is_documented_and_no_other():
    told = {one.name: (section(one.doc, "Attributes"), one) for one in kinds()}
    lacking = {name: [n for n in one.attributes if not said.get(n)] for name, (said, one) in told.items()}
    unknown = {name: [n for n in said if n not in one.known] for name, (said, one) in told.items()}
    assert {name: names for name, names in lacking.items() if names} == {}
    assert {name: names for name, names in unknown.items() if names} == {}


def test_units_axes_crs_and_time_zone_are_said():
    wrong = {
        (one.name, name): text
        for one in (*calls(), *kinds())
        for name, text in told(one)
        if lacks(name, text)
    }
    assert wrong == {}


def test_every_number_says_what_it_is_in():
    numbers = {
        (one.name, name): text
        for one in (*calls(), *kinds())
        for name, text in told(one)
        if "float" in one.types.get(name, "") and name not in NO_UNIT
    }
    assert len(numbers) > 40
    assert {key: text for key, text in numbers.items() if not re.search(UNITS, text, re.IGNORECASE)} == {}


def test_the_axes_of_what_is_returned_are_said():
    wanted = [(one, said) for one in calls() for kind, said in RETURNED if re.search(kind, one.given_back)]
    assert len(wanted) > 20
    assert [one.name for one, said in wanted if not re.search(said, one.doc)] == []


def test_what_bodies_raise_is_said():
    found = {one.name: (raised(one.function), one.doc) for one in calls()}
    found |= {
        one.name: ([error for made in one.constructor for error in raised(made)], one.doc) for one in kinds()
    }
    assert sum(bool(errors) for errors, _ in found.values()) > 40
    assert {name: lost for name, (errors, doc) in found.items() if (lost := unsaid(errors, doc))} == {}


def told(one):
    """What is said of each argument and attribute, and of a property itself."""
    found = {**section(one.doc, "Args"), **section(one.doc, "Attributes")}
    if getattr(one, "value", False):
        found[one.name.rpartition(".")[2]] = one.doc
    return found.items()


def lacks(name, text):
    """What should be said of a name, and is not."""
    return [said for which, said in WORDS if re.fullmatch(which, name) and not re.search(said, text)]


def unsaid(found, doc):
    """The errors of which neither themselves nor a parent is named under Raises."""
    said = set(section(doc, "Raises"))
    return [one.__name__ for one in found if not said & {base.__name__ for base in one.__mro__}]


def test_the_checks_see_what_is_missing():
    """The reading of docstrings itself: sections end, arguments with stars count, parents count."""
    doc = "Do it.\n\nArgs:\n    aoi: Where,\n        exactly.\n    **rest: More.\n\nRaises:\n    ValueError: Never."
    assert section(doc, "Args") == {"aoi": "Where, exactly.", "rest": "More."}
    assert section(doc, "Raises") == {"ValueError": "Never."}
    assert section("Do it.", "Args") == {}
    assert unsaid([UnicodeError], doc) == []
    assert unsaid([TypeError], doc) == ["TypeError"]
    assert raised(_raises) == [TypeError]
    assert lacks("resolution", "Pixel size.")
    assert lacks("max_cloud", "Highest cloud in percent.") == ["inclusive"]
    assert not lacks("deadline", "Seconds for all.")
    assert len(calls()) > 200
    assert len(kinds()) > 80


def _raises(given):
    def inner():
        raise KeyError(given)

    if given:
        raise TypeError("such")
    return inner
