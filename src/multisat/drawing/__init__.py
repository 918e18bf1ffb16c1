"""HTML and SVG for notebooks and reports: no scripts, nothing from elsewhere, every text escaped."""

from multisat.drawing.html import Html, card, element, facts, joined, table
from multisat.drawing.maps import COLOURS, Outline, in_one_frame, map_of
from multisat.drawing.words import counted

__all__ = [
    "COLOURS",
    "Html",
    "Outline",
    "card",
    "counted",
    "element",
    "facts",
    "in_one_frame",
    "joined",
    "map_of",
    "table",
]
