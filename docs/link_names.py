"""A hook of mkdocs: names that docstrings mention, such as ``AOI.of``, lead to where they are shown."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

_SHOWN = re.compile(r"^::: ([\w.]+)$", re.MULTILINE)
_MENTIONED = re.compile(
    r"<(autoref|a|pre|h\d)\b.*?</\1>|<code>(multisat\.[\w.]+|[A-Z]\w+(?:\.\w+)?)</code>", re.DOTALL
)
"""What is left as it is, or a name."""


@cache
def names() -> dict[str, str]:
    """Return what docstrings may call a name that is shown: in full, or a class by its last part."""
    pages = (Path(__file__).parent / "reference").glob("*.md")
    shown = [name for page in pages for name in _SHOWN.findall(page.read_text(encoding="utf-8"))]
    short = Counter(name.rpartition(".")[2] for name in shown)
    found = {name.rpartition(".")[2]: name for name in shown if short[name.rpartition(".")[2]] == 1}
    # A function that has the name of its module is imported from the package above.
    twins = {name.rpartition(".")[0]: name for name in shown if len(set(name.split(".")[-2:])) == 1}
    return found | twins | {name: name for name in shown}


def on_page_content(html: str, *, page: Any, **_: Any) -> str:  # noqa: ANN401 - mkdocs' own
    """Mark what is mentioned on a page of the reference; mkdocs-autorefs makes links of it."""
    return _MENTIONED.sub(_marked, html) if page.file.src_uri.startswith("reference/") else html


def _marked(found: re.Match[str]) -> str:
    name = found[2] or ""
    home, _, member = name.rpartition(".")
    known = names().get(name) or (home in names() and f"{names()[home]}.{member}")
    return f'<autoref optional identifier="{known}">{found[0]}</autoref>' if known else found[0]
