"""Which statistics of which variables."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from multisat.errors import UsageError
from multisat.vocab.bands import BANDS

MOMENTS = ("mean", "sum", "min", "max", "std", "count", "valid")
"""Added up from pieces."""
STATISTICS = (*MOMENTS, "median", "share")
"""All there are, beside quantiles such as ``"q10"``."""
_QUANTILE = re.compile(r"^q(\d{1,2}(?:\.\d+)?|100)$", re.ASCII)
_OF_CODES = {"share", "count", "valid"}
"""The statistics that codes have: they cannot be averaged or ordered."""

Classes = Mapping[str, Mapping[str, Sequence[int]] | None]
"""Variable to the codes of each class name, or None for every code by its number."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """The statistics of one variable.

    Attributes:
        variable: Its name.
        moments: Of ``MOMENTS``, or ``cover``, which is that of ``mask``.
        quantiles: Name (``"median"``, ``"q10"``) to the quantile from 0 to 1.
        share: Whether the shares of classes are wanted.
        classes: Class name to codes; None takes the words of a quality layer, or every code.
        by_code: Whether every code is taken although there are words.
    """

    variable: str
    moments: tuple[str, ...] = ()
    quantiles: Mapping[str, float] = field(default_factory=dict)
    share: bool = False
    classes: Mapping[str, Sequence[int]] | None = None
    by_code: bool = False


_MASK = (Wanted(variable="mask", moments=("cover", "valid")),)
"""For the share of cloud."""


def wanted(
    variables: Collection[str],
    stats: Sequence[str] | Mapping[str, Sequence[str]] = ("mean",),
    *,
    classes: Classes | None = None,
) -> tuple[Wanted, ...]:
    """Return what to work out.

    Args:
        variables: Names of the cube's variables; ``mask`` is always read for the share of cloud.
        stats: ``"mean"``, ``"sum"`` (in pixels: value times share), ``"min"``, ``"max"``, ``"std"`` (of the
            population), ``"median"``, ``"q10"`` (any percent from 0 to 100, also ``"q2.5"``), ``"count"``
            (pixels with a value, by share), ``"valid"`` (share of the whole area that has a value) and
            ``"share"`` (of each class in what has a value). A list is for all variables: layers of codes
            take ``share``, ``count`` and ``valid`` of it, the others all but ``share``. Or variable to list.
        classes: Layers of codes and the names of their classes, such as
            ``{"landcover": {"forest": [1, 2]}}``; None as names takes every code by its number, which is
            also what unnamed whole numbers of a class layer get. ``scl``, ``qa_pixel`` and ``fmask`` are
            known and by default told in words: ``cloud``, ``shadow``, ``water`` and so on.

    Raises:
        UsageError: A statistic is unknown, or out of place for a variable.
    """
    names, named = [n for n in variables if n != "mask"], dict(classes or {})
    asked = {k: _list(v) for k, v in stats.items()} if isinstance(stats, Mapping) else None
    common = [] if isinstance(stats, Mapping) else _list(stats)
    _check_variables(names, [*named, *(asked or {})])
    if asked is None:
        asked = {n: [s for s in common if _fits(s, _codes(n, named))] for n in names}
        _check_used(common, asked)
    for name, listed in asked.items():
        _check_fit(name, listed, _codes(name, named))
    found = [_one(name, listed, named) for name, listed in asked.items() if listed]
    return (*_MASK[: "mask" in variables], *found)


def _list(stats: Sequence[str]) -> list[str]:
    listed = list(dict.fromkeys([stats] if isinstance(stats, str) else stats))
    for name in listed:
        if name not in STATISTICS and not _QUANTILE.fullmatch(str(name)):
            raise UsageError(
                f"no statistic is called {name!r}", hint=f"use {', '.join(STATISTICS)}, or q10 for a quantile"
            )
    if not listed:
        raise UsageError("no statistic is named", hint='name some, such as ["mean", "count"]')
    return listed


def _codes(name: str, named: Classes) -> bool:
    return name in named or (name in BANDS and BANDS[name].kind == "quality")


def _fits(stat: str, codes: bool) -> bool:
    return stat in _OF_CODES if codes else stat != "share"


def _check_variables(names: Sequence[str], given: Iterable[str]) -> None:
    missing = sorted(set(given) - set(names))
    if missing:
        raise UsageError(f"there is no variable {', '.join(missing)}", hint=f"there are {', '.join(names)}")


def _check_used(common: Sequence[str], asked: Mapping[str, Sequence[str]]) -> None:
    used = {stat for listed in asked.values() for stat in listed}
    lost = [stat for stat in common if stat not in used]
    if lost:
        raise UsageError(
            f"no variable has {', '.join(lost)}", hint="share is for classes; name them with classes="
        )


def _check_fit(name: str, listed: Sequence[str], codes: bool) -> None:
    odd = [stat for stat in listed if not _fits(stat, codes)]
    if odd and codes:
        raise UsageError(f"{name} holds codes, which have no {', '.join(odd)}", hint="use share or count")
    if odd:
        raise UsageError(f"{name} is no layer of classes", hint=f'name it with classes={{"{name}": None}}')


def _one(name: str, listed: Sequence[str], named: Classes) -> Wanted:
    return Wanted(
        variable=name,
        moments=tuple(s for s in listed if s in MOMENTS),
        quantiles={s: _quantile(s) for s in listed if s == "median" or _QUANTILE.fullmatch(s)},
        share="share" in listed,
        classes=named.get(name),
        by_code=name in named and named[name] is None,
    )


def _quantile(stat: str) -> float:
    return 0.5 if stat == "median" else float(stat[1:]) / 100
