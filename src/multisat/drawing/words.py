"""Words for people."""

from __future__ import annotations


def counted(number: int, noun: str) -> str:
    """Return a number of things, such as ``"1 look"`` and ``"3 looks"``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
