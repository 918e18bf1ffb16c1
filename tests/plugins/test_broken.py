"""A broken plugin is reported by name, with its traceback kept, and harms no other."""

import pytest

BUILT_IN = {"earth-search", "planetary-computer", "nasa-cmr"}
PROVIDER = "from multisat.stac import StacProvider\nclass Made(StacProvider):\n    name = 'mine'\n    default_url = 'http://127.0.0.1:1'\n    holdings = ()\n"

BROKEN = {
    "raises at import": ("raise RuntimeError('kaput at import')", "kaput at import"),
    "exits at import": ("import sys; sys.exit('gone')", "gone"),
    "misspells the hook": (
        "from multisat.plugins import hookimpl\n@hookimpl\ndef multisat_provider():\n    return []\n",
        "multisat_provider",
    ),
    "forgets the mark": ("def multisat_providers():\n    return []\n", "multisat_providers"),
    "implements nothing": ("x = 1", "implements no hook"),
    "raises in the hook": (
        "from multisat.plugins import hookimpl\n@hookimpl\ndef multisat_providers():\n    raise KeyError('kaput in hook')\n",
        "kaput in hook",
    ),
    "gives a string": (
        "from multisat.plugins import hookimpl\n@hookimpl\ndef multisat_providers():\n    yield 'mine'\n",
        "'mine'",
    ),
    "gives a bad name": (
        "from multisat.plugins import hookimpl, ProviderSpec\n@hookimpl\ndef multisat_providers():\n    yield ProviderSpec(name='My Archive', factory='a:b')\n",
        "My Archive",
    ),
}


def test_all_kinds_at_once_are_reported_and_the_rest_go_on(install, listed, multisat, good):
    for number, (source, _) in enumerate(BROKEN.values()):
        install(f"broken-{number}", source)
    install("fine-one", good("fine-one", "mine"), provider=PROVIDER)
    rows = listed()
    assert set(rows) >= BUILT_IN | {"mine"}
    assert not any(rows[name]["error"] for name in BUILT_IN | {"mine"})
    for number, (_, said) in enumerate(BROKEN.values()):
        row = rows[f"broken-{number}-entry"]
        assert said in row["error"]
        assert (row["distribution"], row["version"]) == (f"broken-{number}", "1.2.3")
    shown = multisat("providers", "show", "broken-0").stdout
    assert "Traceback" in shown
    assert "kaput at import" in shown


def test_a_taken_name_is_an_error_naming_both(install, listed, multisat, good):
    install("first-one", good("first-one", "mine"), provider=PROVIDER)
    install("second-one", good("second-one", "mine"), provider=PROVIDER)
    install("thief", good("thief", "earth-search"), provider=PROVIDER)
    rows = listed()
    assert "first-one" in rows["mine"]["error"]
    assert "second-one" in rows["mine"]["error"]
    assert "multisat-earth-search" in rows["earth-search"]["error"]
    assert "thief" in rows["earth-search"]["error"]
    assert rows["nasa-cmr"]["error"] is None
    asked = multisat("search", "11,48,12,49", "2023", "-p", "mine")
    assert asked.returncode == 1
    assert "first-one and second-one" in asked.stderr


@pytest.mark.parametrize(
    ("factory", "said"),
    [
        ("nowhere.provider:Made", "nowhere"),
        ("fine_one.provider:Gone", "Gone"),
        ("builtins:dict", "is no Provider"),
    ],
)
def test_a_class_that_cannot_be_made_is_named(install, listed, factory, said):
    source = f"from multisat.plugins import *\nfrom multisat.plugins import ProviderSpec, hookimpl\n@hookimpl\ndef multisat_providers():\n    yield ProviderSpec(name='mine', factory={factory!r})\n"
    install("fine-one", source, provider=PROVIDER)
    rows = listed()
    assert said in rows["mine"]["error"]
    assert rows["earth-search"]["error"] is None


def test_plugins_are_switched_off_by_entry_or_distribution(install, listed, good):
    install("fine-one", good("fine-one", "mine"), provider=PROVIDER)
    rows = listed(MULTISAT_DISABLE_PLUGINS="fine-one, nasa-cmr")
    assert rows["fine-one-entry"]["error"] == "disabled"
    assert "mine" not in rows
    assert rows["nasa-cmr"]["error"] == "disabled"


def test_strict_makes_a_broken_plugin_an_error(install, multisat):
    install("broken-one", BROKEN["raises at import"][0])
    done = multisat("providers", MULTISAT_STRICT_PLUGINS="1")
    assert done.returncode == 1
    assert "broken-one" in done.stderr
    assert "kaput at import" in done.stderr
