"""What an evalscript's ``setup()`` asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from multisat.sandbox.sentinel_hub.holdings import DN, MASK, SIMPLE, Holding
from multisat.sandbox.sentinel_hub.refusing import RENDERER, Refused

SAMPLE_TYPES = ("AUTO", "INT8", "UINT8", "INT16", "UINT16", "FLOAT32")


@dataclass(frozen=True, kw_only=True)
class Output:
    """One output of a script.

    Attributes:
        id: Its name.
        bands: Names of its bands; ``B0`` and so on if the script only counts them.
        sample_type: One of ``SAMPLE_TYPES``.
        nodata: What the file says is no data, or None.
    """

    id: str
    bands: tuple[str, ...]
    sample_type: str
    nodata: float | None = None


@dataclass(frozen=True, kw_only=True)
class Setup:
    """What a script wants and gives.

    Attributes:
        units: Input band to unit.
        outputs: Outputs by id.
        mosaicking: ``"SIMPLE"``, ``"ORBIT"`` or ``"TILE"``.
    """

    units: Mapping[str, str]
    outputs: Mapping[str, Output]
    mosaicking: str

    @property
    def counted_bands(self) -> int:
        """Bands that are paid for: ``dataMask`` only if it is alone."""
        return max(1, len(set(self.units) - {MASK}))


def setup_of(found: Any, holding: Holding, *, sample_type: str = "AUTO") -> Setup:  # noqa: ANN401 - what a script gives
    """Return a script's setup, checked against a collection.

    Args:
        found: What ``setup()`` gave.
        holding: The collection.
        sample_type: Sample type of an output that names none.

    Raises:
        Refused: A band, unit, sample type or way of mosaicking does not exist.
    """
    if not isinstance(found, dict) or "input" not in found or "output" not in found:
        raise Refused("Invalid script! setup() must return an object with input and output.", RENDERER)
    mosaicking = found.get("mosaicking", SIMPLE)
    if mosaicking not in holding.mosaicking:
        raise Refused(
            f"Mosaicking '{mosaicking}' is not supported by collection '{holding.title}'.", RENDERER
        )
    declared = found["output"] if isinstance(found["output"], list) else [found["output"]]
    outputs = [_output(one, sample_type) for one in declared]
    if len({one.id for one in outputs}) != len(outputs):
        raise Refused("Invalid script! Output ids must be unique.", RENDERER)
    units = dict(_unit(band, unit, holding) for band, unit in _bands(found["input"]))
    return Setup(units=units, outputs={one.id: one for one in outputs}, mosaicking=mosaicking)


def _bands(given: Any) -> list[tuple[str, str | None]]:  # noqa: ANN401 - what a script gives
    """Return each input band with its unit or None."""
    parts: Sequence[Any] = given if isinstance(given, list) else [given]
    if parts and all(isinstance(part, str) for part in parts):
        parts = [{"bands": parts}]
    if len(parts) != 1 or not isinstance(parts[0], dict) or not parts[0].get("bands"):
        raise Refused("Invalid script! input must be band names or one object with bands.", RENDERER)
    bands, units = parts[0]["bands"], parts[0].get("units")
    listed = [units] * len(bands) if units is None or isinstance(units, str) else units
    if len(listed) != len(bands):
        raise Refused("Invalid script! There must be as many units as bands.", RENDERER)
    return list(zip(bands, listed, strict=True))


def _unit(band: str, unit: str | None, holding: Holding) -> tuple[str, str]:
    known = (DN,) if band == MASK else holding.bands.get(band)
    if known is None:
        raise Refused(f"Invalid script! Band '{band}' not found in collection '{holding.title}'!", RENDERER)
    wanted = known[0] if unit is None else unit.upper()
    if wanted not in known:
        message = f"Band '{band}' of collection '{holding.title}' requested in unsupported units '{unit}'!"
        raise Refused(f"Invalid script! {message} Supported units for this band: {list(known)}.", RENDERER)
    return band, wanted


def _output(given: Any, sample_type: str) -> Output:  # noqa: ANN401 - what a script gives
    if not isinstance(given, dict) or "bands" not in given:
        raise Refused("Invalid script! Each output must be an object with bands.", RENDERER)
    bands, kind = given["bands"], given.get("sampleType", sample_type)
    names = tuple(bands) if isinstance(bands, list) else tuple(f"B{k}" for k in range(int(bands)))
    if kind not in SAMPLE_TYPES:
        raise Refused(f"Invalid script! Unknown sampleType '{kind}'.", RENDERER)
    nodata = given.get("nodataValue")
    return Output(
        id=given.get("id", "default"),
        bands=names,
        sample_type=kind,
        nodata=None if nodata is None else float(nodata),
    )
