"""One contender in one fresh process; prints one line of JSON.

python -m benchmarks.zonal.measure NAME --zones 7605 --months 12 --keep FILE
"""

from __future__ import annotations

import argparse
import json
import resource
import warnings
from pathlib import Path

import numpy as np

from . import scene
from .contenders import CONTENDERS, Clock


def main() -> None:
    """Measure what the command line says."""
    options = parse()
    warnings.simplefilter("ignore")
    shapes, clock = scene.polygons(options.zones), Clock()
    try:
        found = CONTENDERS[options.name](shapes, options.months, options.stats, options.block, clock)
    except ImportError as error:
        print(json.dumps({"missing": error.name}), flush=True)
        return
    np.savez(options.keep, **found)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    spent = {"seconds": clock.seconds, "cpu": clock.cpu}
    print(json.dumps({**spent, "months": options.months, "peak_mb": peak}), flush=True)


def parse() -> argparse.Namespace:
    """Return the options."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=CONTENDERS)
    parser.add_argument("--zones", type=int, required=True)
    parser.add_argument("--months", type=int, required=True)
    parser.add_argument("--stats", type=lambda text: text.split(","), required=True)
    parser.add_argument("--block", type=int, default=1024, help="pixels of a block's side")
    parser.add_argument("--keep", type=Path, required=True, help="file for the numbers")
    return parser.parse_args()


if __name__ == "__main__":
    main()
