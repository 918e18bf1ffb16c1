"""A new plugin from the template: a package with its test."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

from multisat.errors import UsageError
from multisat.plugins import ProviderSpec
from multisat.writing.whole import whole_file

_PLACES: Mapping[str, str] = {
    "pyproject.toml": "pyproject.toml",
    "README.md": "README.md",
    "init.py": "src/multisat_example/__init__.py",
    "provider.py": "src/multisat_example/provider.py",
    "test_conformance.py": "tests/test_conformance.py",
}
"""File of the template to path in the package."""


def write_plugin(name: str, folder: Path) -> list[Path]:
    """Write a package for an archive of one's own: a STAC provider with its test.

    Args:
        name: Provider name, lower case with hyphens.
        folder: Where ``multisat-NAME`` is made.

    Returns:
        What was written, the package's folder first.

    Raises:
        PluginError: It is no provider name.
        UsageError: The folder of the package is there already.
    """
    ProviderSpec(name=name, factory="a:b")
    root = folder / f"multisat-{name}"
    if root.exists():
        raise UsageError(f"{root} is there already", hint="take another name or folder")
    written = [root]
    for source, place in _PLACES.items():
        text = (files("multisat.testing") / "template" / f"{source}.txt").read_text(encoding="utf-8")
        with whole_file(root / named(place, name)) as path:
            path.write_text(named(text, name), encoding="utf-8")
        written.append(root / named(place, name))
    return written


def named(text: str, name: str) -> str:
    """Return text of the template with the name of a plugin in the place of ``example``."""
    words = name.split("-")
    return (
        text.replace("stac.example.com", "\0")
        .replace("multisat_example", f"multisat_{'_'.join(words)}")
        .replace("MULTISAT_EXAMPLE", f"MULTISAT_{'_'.join(words).upper()}")
        .replace("Example archive", f"{' '.join(words).capitalize()} archive")
        .replace("Example", "".join(word.capitalize() for word in words))
        .replace("example", name)
        .replace("\0", "stac.example.com")
    )
