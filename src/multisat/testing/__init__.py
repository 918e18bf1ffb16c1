"""The conformance kit: whether a provider does what the contract says.

    from multisat.testing import provider_suite

    test_conformance = provider_suite("my-archive")

Every check is a function called ``check_...`` in ``searching``, ``filtering``, ``paging``, ``scenes``,
``assets``, ``loading``, ``pushing_down``, ``failing`` or ``login``. What is asked follows from the
provider's ``Capabilities``.
"""

from __future__ import annotations

from multisat.testing.running import CHECKS, Verdict, judge
from multisat.testing.standins import as_catalogue, stand_in
from multisat.testing.suite import provider_suite
from multisat.testing.target import Breaking, Target
from multisat.testing.trial import Skipped, Trial, Unmet

__all__ = [
    "CHECKS",
    "Breaking",
    "Skipped",
    "Target",
    "Trial",
    "Unmet",
    "Verdict",
    "as_catalogue",
    "judge",
    "provider_suite",
    "stand_in",
]
