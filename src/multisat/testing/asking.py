"""What a check needs to be asked at all: abilities that a provider declares."""

from __future__ import annotations

from collections.abc import Callable

from multisat.contracts import Capabilities
from multisat.testing.trial import Trial

Check = Callable[[Trial], None]
"""Asks a provider on trial one thing: returns if it is well, raises ``Unmet`` or ``Skipped`` if not."""

_NEEDS, _SCENES = "multisat_needs", "multisat_scenes"


def needs(*abilities: str, scenes: bool = True) -> Callable[[Check], Check]:
    """Mark a check as one for providers that declare abilities.

    Args:
        abilities: Attributes of ``Capabilities``; ``login`` is declared unless it is ``"none"``.
        scenes: Whether there is nothing to check unless the target has scenes.
    """

    def mark(check: Check) -> Check:
        setattr(check, _NEEDS, abilities)
        setattr(check, _SCENES, scenes)
        return check

    return mark


def needs_scenes(check: Check) -> bool:
    """Whether there is nothing to check unless the target has scenes."""
    return bool(getattr(check, _SCENES, False))


def undeclared(check: Check, able: Capabilities) -> str | None:
    """Return the first ability a check needs and a provider does not declare, or None."""
    return next((name for name in getattr(check, _NEEDS, ()) if not declares(able, name)), None)


def declares(able: Capabilities, name: str) -> bool:
    """Whether a provider declares an ability."""
    value = getattr(able, name)
    return value != "none" if name == "login" else bool(value)
