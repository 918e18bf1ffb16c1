"""Published indices by name, as expressions over canonical bands."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from multisat.errors import UsageError
from multisat.expressions.catalogue import Entry, defaults, entries
from multisat.expressions.kernels import kernel
from multisat.expressions.letters import BANDS_OF_LETTERS, DEFAULTS_OF_INDICES, KERNELS
from multisat.expressions.nodes import Expression, Name, names, number, substitute
from multisat.expressions.parsing import parse
from multisat.expressions.printing import text
from multisat.vocab.bands import BANDS, band, resolve


@dataclass(frozen=True, kw_only=True, slots=True)
class Index:
    """A published index.

    Attributes:
        name: Short name, such as ``"NDVI"``.
        title: Long name.
        expression: What to compute; its names are canonical bands, constants are numbers in it.
        bands: These bands, in order of appearance.
        constants: The constants and the values that were taken.
        reference: Link to the paper.
        domain: ``vegetation``, ``water``, ``burn``, ``snow``, ``urban``, ``soil``, ``clouds``, ``radar``
            or ``kernel``.
    """

    name: str
    title: str
    expression: Expression
    bands: tuple[str, ...]
    constants: Mapping[str, float] = field(default_factory=dict, hash=False)
    reference: str
    domain: str


def index(name: str, *, constants: Mapping[str, float] | None = None) -> Index:
    """Return a published index of spyndex's catalogue over canonical bands.

    Values are expected in physical units: reflectance as a fraction, temperature in kelvin, backscatter in
    linear power. The catalogue states no units: its sample data are fractions and kelvin, and its sums and
    ratios of backscatter are taken as meant for linear power. Uncalibrated Sentinel-1 GRD is amplitude, for
    which they are not meant.

    Kernel indices use ``kernel``; its ``sigma`` is a constant too.

    Args:
        name: Short name; upper and lower case matter only where names differ in nothing else.
        constants: Values instead of the catalogue's defaults, such as ``{"L": 0.5}`` for SAVI, whose
            default there is 1.

    Raises:
        UsageError: No index has that name, it has no such constant, a constant has no default and no
            value, or the index needs a band that no collection has.
    """
    entry = _find(name)
    used = _constants(entry, constants or {})
    parts: dict[str, Expression] = {letter: Name(name=b) for letter, b in BANDS_OF_LETTERS.items()}
    parts |= {constant: number(value) for constant, value in used.items()}
    parts |= {
        k: kernel(parts[KERNELS[k][0]], parts[KERNELS[k][1]], sigma=used.get("sigma"))
        for k in _kernels(entry)
    }
    # written and read again, so that the limits of a parsed expression hold for it
    expression = parse(text(substitute(parse(entry.formula), parts)))
    return Index(
        name=entry.name,
        title=entry.title,
        expression=expression,
        bands=names(expression),
        constants=used,
        reference=entry.reference,
        domain=entry.domain,
    )


def indices(bands: Iterable[str] | None = None) -> tuple[str, ...]:
    """Return the names of the indices that ``index`` gives without more constants, in alphabetical order.

    Args:
        bands: Canonical bands at hand; only indices that they suffice for are returned. Where a sensor
            has one near infrared band, it stands for ``nir`` and ``nir08``. None: any band.

    Raises:
        UsageError: A band is not in the vocabulary.
    """
    have = BANDS.keys() if bands is None else {band(name).name for name in bands}
    return tuple(sorted(name for name, entry in entries().items() if _computable(entry, have)))


def _computable(entry: Entry, have: Iterable[str]) -> bool:
    known = {name for name, value in _defaults(entry).items() if value is not None}
    return all(
        resolve(BANDS_OF_LETTERS[one], have) if one in BANDS_OF_LETTERS else one in known
        for one in _inputs(entry)
    )


def _find(name: str) -> Entry:
    if not isinstance(name, str):
        raise UsageError(f"an index has a name, not {type(name).__name__}", hint='such as "NDVI"')
    if name in entries():
        return entries()[name]
    alike = [entry for entry in entries().values() if entry.name.casefold() == name.casefold()]
    if len(alike) == 1:
        return alike[0]
    if alike:
        both = " and ".join(f"{entry.name} ({entry.title})" for entry in alike)
        raise UsageError(f"{name} may be {both}", hint="write upper and lower case as they are")
    lower = {known.casefold(): known for known in entries()}
    close = [lower[found] for found in get_close_matches(name[:40].casefold(), lower)]
    hint = f"did you mean {' or '.join(close)}?" if close else "indices() lists the names"
    raise UsageError(f"no index is called {name[:40]!r}", hint=hint)


def _kernels(entry: Entry) -> tuple[str, ...]:
    return tuple(p for p in entry.parameters if p in KERNELS)


def _inputs(entry: Entry) -> tuple[str, ...]:
    """Letters of bands and constants, kernels opened."""
    return tuple(dict.fromkeys(one for p in entry.parameters for one in KERNELS.get(p, (p,))))


def _defaults(entry: Entry) -> dict[str, float | None]:
    """The constants of an index with the values they have if nobody says otherwise."""
    own = {one: defaults()[one] for one in _inputs(entry) if one in defaults()}
    return {**own, **DEFAULTS_OF_INDICES.get(entry.name, {})}


def _constants(entry: Entry, given: Mapping[str, float]) -> dict[str, float]:
    usual = _defaults(entry)
    if foreign := [one for one in _inputs(entry) if one not in usual and one not in BANDS_OF_LETTERS]:
        raise UsageError(
            f"{entry.name} needs {', '.join(foreign)}, a band that no collection has",
            hint="indices() lists what can be computed",
        )
    known = (*usual, "sigma") if _kernels(entry) else tuple(usual)
    if unknown := [name for name in given if name not in known]:
        raise UsageError(
            f"{entry.name} has no constant called {unknown[0]!r}",
            hint=f"its constants are: {', '.join(known)}" if known else "it has none",
        )
    used = usual | {name: _finite(name, value) for name, value in given.items()}
    if open_ := [name for name, value in used.items() if value is None]:
        raise UsageError(f"{entry.name} needs a value for {', '.join(open_)}", hint=_example(open_))
    return {name: value for name, value in used.items() if value is not None}


def _finite(name: str, value: object) -> float:
    try:
        found = float(value)  # type: ignore[arg-type] # whatever is given is tried
    except (TypeError, ValueError, OverflowError):
        found = math.nan
    if isinstance(value, bool | str) or not math.isfinite(found):
        raise UsageError(f"the constant {name} is no finite number", hint=f'such as {{"{name}": 0.5}}')
    return found


def _example(missing: list[str]) -> str:
    """Say how to give wavelengths (in nm), with those of Sentinel-2, or another constant."""
    waves = {name: BANDS_OF_LETTERS.get(name.removeprefix("lambda"), "") for name in missing}
    lengths = {name: round((BANDS[b].wavelength_um or 0) * 1000) for name, b in waves.items() if b}
    if len(lengths) < len(missing):
        return f"give constants with {', '.join(missing)}"
    return f"give the sensor's wavelengths in nm; on Sentinel-2: constants={lengths}"
