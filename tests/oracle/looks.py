"""Bands of one overpass on the grid: masked, fused, physical."""

import numpy as np
from tests.oracle.masks import masked

STAND_INS = {"nir": ("nir", "nir08"), "nir08": ("nir08", "nir")}
"""Bands that answer to a name, best first; the near infrared of HLS is B8A, to pair its two sensors."""
HLS = {"nir": ("nir08", "nir")}


def band_of(scene, name):
    """Return the stored band that answers to a name, or None."""
    order = HLS.get(name) if scene.collection == "hls-s30" else None
    for one in order or STAND_INS.get(name, (name,)):
        if one in scene.bands:
            return scene.bands[one]
    return None


def look(overpass, names, pixels, mask):
    """Return each band, float32 of shape (rows, columns): of several scenes the first valid number."""
    hidden = [masked(scene, pixels, mask) for scene in overpass.scenes]
    found = {}
    for name in names:
        found[name] = np.full((pixels.rows, pixels.columns), np.nan, np.float32)
        for scene, gone in zip(overpass.scenes, hidden, strict=True):
            band = band_of(scene, name)
            if band is not None:
                new = np.isnan(found[name]) & ~gone
                found[name][new] = band.physical(pixels)[new]
    return found
