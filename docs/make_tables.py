"""Write the tables of the docs and the README from the vocabulary and the installed providers.

uv run python docs/make_tables.py          # rewrite
uv run python docs/make_tables.py --check  # fail if a page is stale
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from marked import make

from multisat.plugins import registry
from multisat.vocab.archives import EARTH_SEARCH, NASA_CMR, PLANETARY_COMPUTER
from multisat.vocab.bands import BANDS
from multisat.vocab.collections import COLLECTIONS
from multisat.vocab.masks import PRESETS, QUALITY_LAYERS, WORDS, QualityLayer
from multisat.vocab.scaling_rules import SCALINGS, Rule

ROOT = Path(__file__).resolve().parents[1]
PAGES = ("README.md", "docs/vocabulary.md", "docs/providers.md")
_BUILT_IN = ("earth-search", "nasa-cmr", "planetary-computer", "openeo", "sentinel-hub", "local")
_ARCHIVES = {"earth-search": EARTH_SEARCH, "planetary-computer": PLANETARY_COMPUTER, "nasa-cmr": NASA_CMR}


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def providers() -> str:
    """Return what each built-in provider holds and asks for."""
    rows = []
    for name in _BUILT_IN:
        made = registry().provider(name)
        able = made.capabilities
        rows.append(
            (f"`{name}`", made.title, ", ".join(able.collections), able.login, made.capabilities.summary)
        )
    return table(("name", "archive", "collections", "login", "can"), rows)


def collections() -> str:
    """Return the canonical collections."""
    rows = (
        (f"`{c.name}`", c.title, f"{c.gsd:g}", c.since, f"`{c.quality}`" if c.quality else "none")
        for c in COLLECTIONS.values()
    )
    return table(("collection", "what", "finest pixel (m)", "since", "quality layer"), rows)


def bands() -> str:
    """Return the canonical bands and where they are found."""
    rows = []
    for band in BANDS.values():
        homes = [c.name for c in COLLECTIONS.values() if band.name in c.bands]
        rows.append((f"`{band.name}`", band.title, band.kind, band.unit or "codes", ", ".join(homes)))
    return table(("band", "what", "kind", "unit", "collections"), rows)


def asset_keys() -> str:
    """Return the asset key of every band at every archive."""
    rows = [
        (
            f"`{name}`",
            f"`{h.native_id}`",
            f"`{h.collection}`",
            ", ".join(f"{b}: `{k}`" for k, b in h.assets.items()),
            h.checked,
        )
        for name, holdings in _ARCHIVES.items()
        for h in holdings
    ]
    return table(("archive", "its collection", "canonical", "band: asset key", "checked"), rows)


def scaling() -> str:
    """Return the scaling table with its reasons."""
    rows = [
        (f"`{name}`", _bands(rule), _when(rule), f"{rule.scale:g}", rule.offset, _nodata(rule), rule.why)
        for name, rules in SCALINGS.items()
        for rule in rules
    ]
    return table(("rules", "bands", "when", "scale", "offset", "no data", "why"), rows)


def _bands(rule: Rule) -> str:
    names = sorted(rule.bands, key=list(BANDS).index)
    optical = [b.name for b in BANDS.values() if b.kind == "optical"]
    return "optical" if names == optical else ", ".join(names) or "all others"


def _when(rule: Rule) -> str:
    said = [f"{key} is {value}" for key, value in rule.when.items()]
    if rule.baseline_below is not None:
        said.append(f"baseline < {rule.baseline_below:05.2f}")
    if rule.baseline_from is not None:
        said.append(f"baseline ≥ {rule.baseline_from:05.2f}")
    return ", ".join(said) or "always"


def _nodata(rule: Rule) -> str:
    return "none" if rule.nodata is None else f"{rule.nodata:g}"


def masks() -> str:
    """Return what each class word means in each quality layer."""
    head = ("word", *(f"`{name}`" for name in QUALITY_LAYERS), *(f'"{name}"' for name in PRESETS))
    rows = [
        (
            f"`{word}`",
            *(_meaning(layer, word) for layer in QUALITY_LAYERS.values()),
            *("masked" if word in words else "kept" for words in PRESETS.values()),
        )
        for word in WORDS
    ]
    return table(head, rows)


def _meaning(layer: QualityLayer, word: str) -> str:
    if word == "nodata":
        return str(layer.fill)
    if word in layer.bits:
        return f"bit {layer.bits[word]}"
    return ", ".join(map(str, layer.values[word])) if word in layer.values else "cannot tell"


TABLES: dict[str, Callable[[], str]] = {
    "providers": providers,
    "collections": collections,
    "bands": bands,
    "asset-keys": asset_keys,
    "scaling": scaling,
    "masks": masks,
}


if __name__ == "__main__":
    sys.exit(make([ROOT / page for page in PAGES], TABLES))
