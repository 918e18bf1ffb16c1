"""Evalscripts run in V8 over plain arrays."""

import numpy as np

from multisat.sandbox.sentinel_hub.engine import Evalscript, Pixels

_TYPES = {"UINT8": np.uint8, "UINT16": np.uint16, "INT16": np.int16, "FLOAT32": np.float32}


def run_script(text, sample_of, tiles, shape):
    """Return each output, of shape (band, y, x) and its sample type.

    ``sample_of(tile, band)`` gives numbers of that shape, ``tiles`` are pairs of a tile and what describes it.
    """
    with Evalscript(text) as script:
        asked = script.setup()
        assert asked["mosaicking"] == "TILE"
        (source,) = asked["input"]
        bands = source["bands"]
        stack = [[np.ravel(sample_of(tile, band)) for band in bands] for tile, _ in tiles]
        pixels = Pixels(
            bands=bands,
            samples=np.array(stack, dtype=np.float32).reshape(len(stack), len(bands), np.prod(shape)),
            single=False,
            scenes={"tiles": [described for _, described in tiles]},
            outputs={one["id"]: one["bands"] for one in asked["output"]},
            metadata={},
        )
        found, _ = script.run(pixels)
    types = {one["id"]: _TYPES[one["sampleType"]] for one in asked["output"]}
    return {name: values.reshape(-1, *shape).astype(types[name]) for name, values in found.items()}
