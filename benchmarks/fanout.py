"""Fan-out with one archive that hangs: how long the others' answer takes.

    uv run python benchmarks/fanout.py

Three archives of the sandbox, the third of which never answers, under a deadline of 5 s.
"""

from __future__ import annotations

import os
import time

import multisat as ms
from multisat.sandbox import Fault, Sandbox

DEADLINE = 5.0


def main() -> None:
    """Print each outcome and the wall time."""
    with Sandbox() as box:
        os.environ.update(box.environment)
        ms.search(box.places["munich"], "2023-05")  # imports are not measured
        box.inject(Fault(provider="nasa-cmr", kind="hang"))
        begin = time.perf_counter()
        found = ms.search(box.places["munich"], "2023-05/2023-09", deadline=DEADLINE)
        wall = time.perf_counter() - begin
    for o in found.outcomes:
        whole = "complete" if o.complete else "incomplete"
        print(f"{o.provider:20} {o.status.value:10} {o.scenes:4} scenes {o.seconds:6.2f} s, {whole}")
    print(f"answer after {wall:.2f} s with a deadline of {DEADLINE:g} s")


if __name__ == "__main__":
    main()
