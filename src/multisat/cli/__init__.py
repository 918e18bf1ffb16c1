"""The ``multisat`` command. Data goes to standard output, everything else to standard error.

Exit codes: 0 done, 1 bug, 2 usage, 3 credentials, 4 nothing found, 5 done in part, 6 provider failed.
"""

from __future__ import annotations

from multisat.cli.main import main

__all__ = ["main"]
