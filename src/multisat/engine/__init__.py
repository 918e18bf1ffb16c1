"""The engine on this machine: a task block by block, from files to the variables of a recipe."""

from __future__ import annotations

from multisat.engine.assembling import assembled
from multisat.engine.run import blocks, parts, run

__all__ = ["assembled", "blocks", "parts", "run"]
