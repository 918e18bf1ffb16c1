"""Parts of pages that are made of the code, between ``<!-- made: NAME -->`` and ``<!-- end made -->``."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

_PART = re.compile(r"<!-- made: ([\w-]+) -->\n.*?<!-- end made -->", re.DOTALL)


def make(pages: Iterable[Path], makers: Mapping[str, Callable[[], str]]) -> int:
    """Rewrite the marked parts of pages, or with ``--check`` say which pages are stale.

    Args:
        pages: The files.
        makers: Name of a part to what makes it.

    Returns:
        What the program ends with: 1 if a page is stale.
    """

    def fill(found: re.Match[str]) -> str:
        return f"<!-- made: {found[1]} -->\n\n{makers[found[1]]()}\n\n<!-- end made -->"

    check, stale = "--check" in sys.argv, []
    for path in pages:
        text = path.read_text(encoding="utf-8")
        fresh = _PART.sub(fill, text)
        if fresh != text:
            stale.append(path.name)
            if not check:
                path.write_text(fresh, encoding="utf-8")
    if stale:
        said = f"stale, run docs/{Path(sys.argv[0]).name}" if check else "rewritten"
        print(f"{said}: {', '.join(stale)}")
    return int(bool(stale) and check)
