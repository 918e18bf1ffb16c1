"""Every canonical collection has a credit."""

import pytest

from multisat.vocab.attribution import ATTRIBUTIONS, credit
from multisat.vocab.collections import COLLECTIONS


def test_every_collection_has_one_and_no_other():
    assert set(ATTRIBUTIONS) == set(COLLECTIONS)


@pytest.mark.parametrize("name", sorted(COLLECTIONS))
def test_a_credit_has_words_and_terms(name):
    text = credit(name, [2023])
    assert "{" not in text
    assert "Terms: https://" in text
    assert all(doi.startswith("10.") for doi in ATTRIBUTIONS[name].cite)


def test_years_are_a_span():
    assert "Sentinel data 2023." in credit("sentinel-2-l2a", [2023, 2023])
    assert "Sentinel data 2021-2023." in credit("sentinel-2-l2a", [2023, 2021])
    assert "look at the archive" in credit("naip", [2023])
