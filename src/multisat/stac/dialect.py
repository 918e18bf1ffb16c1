"""How one STAC service wants to be asked, as data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

FilterLanguage = Literal["query", "cql2-json", "none"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Dialect:
    """The habits of one STAC service.

    Attributes:
        page_size: Items asked for per page.
        smallest_page: Page size below which a failing page is not made smaller.
        filters: Language of property filters. With ``"none"``, and for everything a language
            cannot say, filtering is done here.
        most_vertices: Longest polygon sent; a longer one is replaced by one that contains it.
        one_part: Whether each part of an area is asked for on its own.
        sorts: Whether a sort order can be asked for.
    """

    page_size: int = 100
    smallest_page: int = 10
    filters: FilterLanguage = "none"
    most_vertices: int = 500
    one_part: bool = False
    sorts: frozenset[str] = field(default=frozenset({"datetime"}))
