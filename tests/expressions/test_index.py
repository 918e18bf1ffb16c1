"""Published indices by the names users write."""

from __future__ import annotations

import dataclasses
import subprocess
import sys

import numpy as np
import pytest

from multisat.errors import UsageError
from multisat.expressions import evaluate, index, indices, names, parse, text
from multisat.vocab.bands import BANDS
from multisat.vocab.collections import COLLECTIONS


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("NDVI", "(nir - red) / (nir + red)"),
        ("NDWI", "(green - nir) / (green + nir)"),
        ("NBR", "(nir - swir22) / (nir + swir22)"),
        ("SeLI", "(nir08 - rededge1) / (nir08 + rededge1)"),
        ("EVI", "2.5 * (nir - red) / (nir + 6 * red - 7.5 * blue + 1)"),
        ("DpRVIVV", "4 * vh / (vv + vh)"),
        ("VI6T", "(nir - lwir11 / 10000) / (nir + lwir11 / 10000)"),
        ("NBLIOLI", "(red - lwir11) / (red + lwir11)"),
        ("kRVI", "1 / exp(-(nir - red) ** 2 / (2 * (0.5 * (nir + red)) ** 2))"),
    ],
)
def test_formulas_speak_of_canonical_bands(name, written):
    assert text(index(name).expression) == written


def test_an_index_says_where_it_comes_from():
    found = index("EVI")
    assert (found.name, found.domain) == ("EVI", "vegetation")
    assert found.title == "Enhanced Vegetation Index"
    assert found.bands == ("nir", "red", "blue")
    assert found.constants == {"g": 2.5, "C1": 6.0, "C2": 7.5, "L": 1.0}
    assert found.reference.startswith("https://")
    assert len({found, index("EVI"), index("NDVI")}) == 2
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.name = "mine"


def test_constants_can_be_given():
    given = index("SAVI", constants={"L": 0.25})
    assert text(given.expression) == "(1 + 0.25) * (nir - red) / (nir + red + 0.25)"
    assert given.constants == {"L": 0.25}
    assert index("SAVI").constants == {"L": 1.0}
    negative = index("SAVI", constants={"L": -0.5})
    assert parse(text(negative.expression)) == negative.expression
    assert evaluate(negative.expression, {"nir": 0.5, "red": 0.25}) == 0.5


def test_an_index_with_its_own_default_takes_it():
    """The catalogue's general epsilon is 1; for these two its description says 1e-10."""
    assert index("WCI1").constants == index("WCI2").constants == {"epsilon": 1e-10}
    assert index("EBI").constants == {"epsilon": 1.0}


def test_the_kernel_ndvi_is_what_its_authors_say():
    """Camps-Valls et al. 2021: with sigma = 0.5 (nir + red), kNDVI = tanh(NDVI²)."""
    nir, red = np.random.default_rng(4).uniform(0.01, 0.6, (2, 500))
    found = evaluate(index("kNDVI").expression, {"nir": nir, "red": red})
    np.testing.assert_allclose(found, np.tanh(((nir - red) / (nir + red)) ** 2), rtol=1e-6)
    fixed = index("kNDVI", constants={"sigma": 0.15})
    assert fixed.constants == {"sigma": 0.15}
    found = evaluate(fixed.expression, {"nir": nir, "red": red})
    np.testing.assert_allclose(found, np.tanh((nir - red) ** 2 / (4 * 0.15**2)), rtol=1e-6)


def test_case_matters_only_where_it_must():
    assert index("ndvi") == index("NDVI")
    assert index("KNDVI").name == "kNDVI"
    assert (index("BAI").domain, index("BaI").domain) == ("burn", "soil")
    with pytest.raises(UsageError, match=r"bai may be BAI .* and BaI"):
        index("bai")


@pytest.mark.parametrize(
    ("name", "constants", "words"),
    [
        ("NDVII", None, "did you mean NDVI"),
        ("nbr3", None, "did you mean NBR"),
        ("zzzzzz", None, r"indices\(\) lists"),
        ("nir - red", None, "no index is called"),
        ("x" * 100_000, None, "no index is called 'x{40}'"),
        (None, None, "has a name, not NoneType"),
        ("SAVI", {"l": 0.5}, "no constant called 'l'.*are: L"),
        ("NDVI", {"L": 0.5}, "no constant called 'L'.*none"),
        ("NDVI", {"sigma": 0.5}, "no constant called 'sigma'"),
        ("kNDVI", {"p": 2}, "no constant called 'p'.*are: sigma"),
        ("SAVI", {"L": "0.5"}, "L is no finite number"),
        ("SAVI", {"L": True}, "L is no finite number"),
        ("SAVI", {"L": None}, "L is no finite number"),
        ("SAVI", {"L": float("nan")}, "L is no finite number"),
        ("SAVI", {"L": 10**400}, "L is no finite number"),
        ("GDVI", {"nexp": 1e9}, "exponent is too large"),
        ("FAI", None, "lambdaN, lambdaR, lambdaS1.*'lambdaN': 842, 'lambdaR': 665, 'lambdaS1': 1610"),
        ("FAI", {"lambdaN": 842, "lambdaR": 665}, "a value for lambdaS1"),
        ("NIRvP", None, "a value for PAR"),
        ("CCI", None, "needs G1, a band that no collection has"),
        ("NDSIWV", None, "needs Y, a band"),
    ],
)
def test_what_cannot_be_had_is_named_with_the_next_step(name, constants, words):
    with pytest.raises(UsageError, match=words) as caught:
        index(name, constants=constants)
    assert caught.value.hint


def test_wavelengths_are_given_for_the_sensor():
    found = index("FAI", constants={"lambdaN": 865, "lambdaR": 655, "lambdaS1": 1609})
    assert found.bands == ("nir", "red", "swir16")
    assert evaluate(found.expression, {"nir": 0.3, "red": 0.1, "swir16": 0.2}) == np.float32(
        0.3 - (0.1 + 0.1 * 210 / 954)
    )


def test_every_listed_index_is_there_and_needs_nothing_more():
    listed = indices()
    assert listed == tuple(sorted(listed))
    for name in listed:
        found = index(name)
        assert found.bands
        assert set(found.bands) <= BANDS.keys()
        assert found.bands == names(found.expression)
        assert parse(text(found.expression)) == found.expression


def test_a_list_by_bands_holds_what_they_suffice_for():
    assert indices(["vv", "vh"]) == (
        "DPDD",
        "DpRVIVV",
        "NDPolI",
        "VDDPI",
        "VHVVD",
        "VHVVP",
        "VHVVR",
        "VVVHD",
        "VVVHR",
        "VVVHS",
    )
    assert indices([]) == ()
    s2 = COLLECTIONS["sentinel-2-l2a"].bands
    assert indices(s2) == tuple(name for name in indices() if set(index(name).bands) <= set(s2))


def test_one_near_infrared_band_stands_for_both():
    landsat = COLLECTIONS["landsat-c2-l2"].bands
    assert "nir" not in landsat
    assert {"NDVI", "EVI", "NBR", "NDMI", "VI6T"} <= set(indices(landsat))
    assert "NDREI" not in indices(landsat)
    together = [name for name in indices() if {"nir", "nir08"} <= set(index(name).bands)]
    assert together == [], "an index of both would be wrong where one stands for the other"


def test_a_band_that_does_not_exist_is_named():
    with pytest.raises(UsageError, match="no band is called 'nirr'"):
        indices(["nirr"])


def test_reading_the_catalogue_runs_none_of_its_code():
    code = (
        "import sys; from multisat.expressions import index; index('NDVI'); "
        "print(sorted({m.split('.')[0] for m in sys.modules} & {'spyndex', 'requests', 'box', 'xarray'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_without_the_catalogue_the_message_says_what_to_install():
    code = (
        "import sys; from multisat.expressions import index, parse; parse('nir'); "
        "sys.path[:] = [p for p in sys.path if 'site-packages' not in p]; index('NDVI')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "the catalogue of indices is not installed (pip install spyndex)" in done.stderr
