"""Recipes that run: steps bound to an area, a time and an archive."""

from __future__ import annotations

from multisat.contracts import Cost
from multisat.recipe.cap import Cap
from multisat.recipe.plan import Plan
from multisat.recipe.recipe import Recipe
from multisat.recipe.submitted import Submitted

__all__ = ["Cap", "Cost", "Plan", "Recipe", "Submitted"]
