"""A test backend of openEO on loopback: the web front that the Copernicus Data Space runs, over synthetic pixels.

``with Backend() as backend:`` starts one, ``shared()`` one for all tests of a process; ``backend.url`` is its address. It lives in an environment of its
own (``requirements.txt``), which is made once and kept; ``Unavailable`` says why it cannot be had.
"""

from tests.openeo_backend.environment import Unavailable, python
from tests.openeo_backend.server import PASSWORD, USER, Backend, issuer_of, shared

__all__ = ["PASSWORD", "USER", "Backend", "Unavailable", "issuer_of", "python", "shared"]
