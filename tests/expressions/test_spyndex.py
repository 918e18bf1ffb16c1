"""The catalogue's own package judges our grammar, our letters and our numbers."""

from __future__ import annotations

import json
from importlib.resources import files

import numpy as np
import pytest
import spyndex

from multisat.expressions import evaluate, index, indices, parse, text
from multisat.expressions.catalogue import defaults, entries
from multisat.expressions.letters import BANDS_OF_LETTERS, DEFAULTS_OF_INDICES, KERNELS
from multisat.vocab.bands import BANDS
from multisat.vocab.collections import COLLECTIONS

S2, LANDSAT, S1 = (COLLECTIONS[name].bands for name in ("sentinel-2-l2a", "landsat-c2-l2", "sentinel-1-rtc"))
ALL = sorted({*indices(S2), *indices(LANDSAT), *indices(S1)})
ON_REQUEST = {
    "CRSWIR": ("lambdaN2", "lambdaS1", "lambdaS2"),
    "DVIplus": ("lambdaG", "lambdaN", "lambdaR"),
    "FAI": ("lambdaN", "lambdaR", "lambdaS1"),
    "FDI": ("lambdaN", "lambdaR", "lambdaS1"),
    "NDGI": ("lambdaG", "lambdaN", "lambdaR"),
    "NIRvH2": ("lambdaN", "lambdaR"),
    "NIRvP": ("PAR",),
}
"""Indices with constants that have no default."""
RANGES = {"optical": (0.01, 0.6), "thermal": (270, 320), "sar": (0.001, 0.5)}


def pixels(seed):
    rng = np.random.default_rng(seed)
    return {
        name: rng.uniform(*RANGES[b.kind], 400).astype(np.float32)
        for name, b in BANDS.items()
        if b.kind in RANGES
    }


def theirs(name, values, given):
    constants = {n: c.default for n, c in spyndex.constants.items()}
    constants |= dict(DEFAULTS_OF_INDICES.get(name, {})) | given
    letters = {letter: values[band].astype(float) for letter, band in BANDS_OF_LETTERS.items()}
    params = constants | letters
    params |= {k: kernel(params[k[1]], params[k[2]]) for k in KERNELS}
    with np.errstate(all="ignore"):
        found = np.asarray(spyndex.computeIndex(name, params), dtype=float)
    return np.where(np.isfinite(found), found, np.nan)


def kernel(a, b):
    return spyndex.computeKernel("RBF", {"a": a, "b": b, "sigma": 0.5 * (a + b)})


def test_so_many_indices_can_be_computed():
    assert (len(indices(S2)), len(indices(LANDSAT)), len(indices(S1))) == (238, 209, 13)
    assert (len(ALL), len(indices()), len(entries())) == (271, 271, 280)


@pytest.mark.parametrize("name", [*ALL, *ON_REQUEST])
def test_an_index_agrees_with_spyndex(name):
    given = {constant: 500.0 + 100 * i for i, constant in enumerate(ON_REQUEST.get(name, ()))}
    values = pixels(len(name))
    found = evaluate(index(name, constants=given).expression, values)
    assert np.isfinite(found).mean() > 0.25
    np.testing.assert_allclose(found, theirs(name, values, given), rtol=1e-6, atol=1e-9)


def test_the_list_is_whole():
    """Each index of the catalogue is computed, asks for a constant, or needs a band nobody has."""
    unknown = {"CCI": "G1", "NDSIWV": "Y"}
    assert {*indices(), *ON_REQUEST, *unknown} == set(spyndex.indices) == set(entries())
    assert set(ALL) == set(indices())
    for name, letter in unknown.items():
        assert letter in spyndex.indices[name].bands


@pytest.mark.parametrize("name", sorted(entries()))
def test_a_formula_reads_as_python_reads_it(name):
    """Also with the parentheses that we leave out."""
    formula = spyndex.indices[name].formula
    params = {p: 0.3 + 0.05 * i for i, p in enumerate(spyndex.indices[name].bands)}
    found = evaluate(parse(text(parse(formula))), params)
    expected = eval(formula, {}, params)
    if isinstance(expected, complex):  # the root of a negative number
        assert np.isnan(found)
    else:
        assert found == pytest.approx(expected, rel=1e-6)


def test_letters_mean_bands_of_these_wavelengths():
    for letter, name in BANDS_OF_LETTERS.items():
        if BANDS[name].kind == "sar":
            assert letter.lower() == name
            continue
        theirs = spyndex.bands[letter]
        assert theirs.min_wavelength <= BANDS[name].wavelength_um * 1000 <= theirs.max_wavelength


def test_constants_are_the_catalogues():
    assert defaults() == {name: c.default for name, c in spyndex.constants.items()}


def test_the_catalogues_sample_is_in_our_units():
    """Its Landsat 8 sample: reflectance as a fraction, temperature in kelvin."""
    sample = json.loads((files("spyndex") / "data" / "spectral.json").read_text())
    nir, thermal = sample["SR_B5"].values(), sample["ST_B10"].values()
    assert 0 < min(nir) < max(nir) < 1
    assert 270 < min(thermal) < max(thermal) < 320
