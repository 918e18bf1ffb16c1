"""Warnings of multisat, so that they can be silenced or made errors as one."""

from __future__ import annotations

import inspect
import warnings


class MultisatWarning(UserWarning):
    """Something was left out, replaced or unclear; the result says what."""


def tell(text: str) -> None:
    """Warn whoever called the library, at the line that did."""
    frame, depth = inspect.currentframe(), 1
    while frame is not None and frame.f_globals.get("__name__", "").split(".")[0] == "multisat":
        frame, depth = frame.f_back, depth + 1
    warnings.warn(text, MultisatWarning, stacklevel=max(1, depth - 1) + 1)
