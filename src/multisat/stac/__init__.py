"""What every provider that speaks STAC shares."""

from __future__ import annotations

from multisat.stac.dialect import Dialect
from multisat.stac.provider import StacProvider

__all__ = ["Dialect", "StacProvider"]
