"""``python -m multisat``."""

from __future__ import annotations

from multisat.cli import main

if __name__ == "__main__":
    main()
