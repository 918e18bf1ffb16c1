"""Radar before and after an event, seen from one and the same orbit."""

from __future__ import annotations

from multisat.changes.change import change, check_radar
from multisat.changes.sides import Side, around, common_orbit, same_orbit

__all__ = ["Side", "around", "change", "check_radar", "common_orbit", "same_orbit"]
