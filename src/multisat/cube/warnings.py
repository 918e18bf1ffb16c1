"""Things a reader of pixels must know that are no errors."""

from __future__ import annotations


class MultisatWarning(UserWarning):
    """A file was skipped, a band is missing, a mask cannot tell a class."""
