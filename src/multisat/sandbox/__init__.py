"""Stand-ins of the archives on this machine, over a small synthetic world with known truth.

The sandbox knows nothing of the rest of multisat, so that it can judge it. Every scene carries
``multisat:synthetic`` in its properties.
"""

from __future__ import annotations

from multisat.sandbox.box import Sandbox
from multisat.sandbox.faults import Fault

__all__ = ["Fault", "Sandbox"]
