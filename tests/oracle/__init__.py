"""An oracle: recipes computed slowly and plainly, to judge every engine.

It knows nothing of multisat, by intention: NumPy and the standard library, its own calendar, class codes,
formulas and files in memory. ``compute(recipe, archive, ask)`` gives what is right, ``compare`` holds a
dataset against it.
"""

from tests.oracle.archive import Archive, Ask, Overpass, Pixels, StoredBand, StoredScene
from tests.oracle.comparing import compare
from tests.oracle.computing import Right, compute

__all__ = [
    "Archive",
    "Ask",
    "Overpass",
    "Pixels",
    "Right",
    "StoredBand",
    "StoredScene",
    "compare",
    "compute",
]
