"""The steps of a recipe."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, Self

from multisat.errors import UsageError
from multisat.steps.anomaly import Anomaly, Kind
from multisat.steps.composite import Composite
from multisat.steps.formula import Formula
from multisat.steps.mask import Gaussian, Mask
from multisat.steps.smooth import Smooth
from multisat.steps.zonal import Zonal
from multisat.vocab.bands import band

VERSION = 1
"""Of the JSON form."""
_ORDER = ("kept", "masked", "formulas", "composed", "smoothed", "compared", "clipped", "zoned")
_ANY = ("kept", "masked", "formulas")
"""These come first, in any order among themselves: it does not change what they mean."""
_CALENDAR = ("dekad", "month", "quarter", "season", "year")
_WORDS = ("bands", "mask", "index", "composite", "smooth", "anomaly", "clip", "zonal")


@dataclass(frozen=True, kw_only=True)
class Steps:
    """What to compute, in the one order in which it means something. Immutable: each word gives a new one.

    Words are said in that order, only ``bands``, ``mask`` and ``index`` in any order before the others. In
    every time step pixels are masked, then formulas are computed; then time steps are composed,
    smoothed, compared with a baseline; then pixels outside the area are dropped, or features summed up.

    Attributes:
        kept: Bands that stay in the result.
        masked: Pixels that do not count, or None.
        formulas: Variables computed from bands.
        composed: Periods and how looks become one, or None to keep time steps.
        smoothed: Filling along time, or None.
        compared: Anomaly, or None.
        clipped: Whether pixels whose centre is outside the area become NaN.
        zoned: Statistics per feature, or None.

    Raises:
        UsageError: Steps contradict each other: one name for two variables, an anomaly without periods.
    """

    kept: tuple[str, ...] = ()
    masked: Mask | None = None
    formulas: tuple[Formula, ...] = ()
    composed: Composite | None = None
    smoothed: Smooth | None = None
    compared: Anomaly | None = None
    clipped: bool = False
    zoned: Zonal | None = None

    def __post_init__(self) -> None:
        self._check_names()
        period = self.composed.period if self.composed else None
        if self.smoothed and self.smoothed.method == "whittaker" and not isinstance(period, str):
            raise UsageError("time steps are not equally spaced", hint='composite("month") first')
        if self.compared and period not in _CALENDAR:
            raise UsageError("an anomaly compares calendar periods", hint='composite("month") first')

    def bands(self, *names: str) -> Self:
        """Keep bands in the result, by canonical name.

        Args:
            names: Canonical band names; quality layers are for ``mask``.

        Raises:
            UsageError: A band is unknown, or holds class codes.
        """
        return self._with("kept", tuple(dict.fromkeys(band(name).name for name in names)))

    def mask(
        self,
        classes: str | Iterable[str] = "clear",
        *,
        opening: float = 0,
        dilate: float = 0,
        kernel: Gaussian | None = None,
    ) -> Self:
        """Leave out pixels of classes in every time step: they become NaN; see ``Mask``.

        Args:
            classes: ``"clear"`` (strict), ``"loose"``, or class words such as ``"cloud"``.
            opening: Metres: what no disc of this radius inside a masked patch reaches is not masked.
            dilate: Metres: pixels up to so far from a masked one are masked, too.
            kernel: Instead of distances, a Gaussian on the pixels of the result; see ``gaussian``.

        Raises:
            UsageError: A class is unknown or a number is out of the question.
        """
        return self._with("masked", Mask.of(classes, opening=opening, dilate=dilate, kernel=kernel))

    def index(self, given: str, *, name: str | None = None, **constants: float) -> Self:
        """Add a variable: an index by its name, or an expression over bands with a name; see ``Formula``.

        Args:
            given: Name of a published index such as ``"NDVI"``, or an expression over canonical bands.
            name: What the variable is called; an expression needs it.
            constants: Numbers for the index's letters, such as ``L=0.5``; the others are as published.

        Raises:
            UsageError: It is no index, or the expression cannot be read or has no name.
        """
        made = Formula.of(given, name=name, constants=constants or None)
        return self._with("formulas", (*self.formulas, made), again=True)

    def composite(
        self, period: str | tuple[str, ...] | None = None, reducer: str = "median", *, q: float | None = None
    ) -> Self:
        """Make one value per period of many looks; see ``Composite``.

        Args:
            period: Calendar period such as ``"month"``, days such as ``"16d"``, dates that part the range, or
                None for one value over all of it; UTC.
            reducer: How looks become one, such as ``"median"``, ``"quantile"``, ``"greenest"``, ``"medoid"``.
            q: Quantile, 0 to 1; only with ``"quantile"``.

        Raises:
            UsageError: A period or reducer is unknown, or ``q`` is missing or out of place.
        """
        return self._with("composed", Composite(period=period, reducer=reducer, q=q))

    def interpolate(self, method: Literal["linear"] = "linear", *, limit: float | None = None) -> Self:
        """Fill gaps along time; see ``Smooth``.

        Args:
            method: ``"linear"``: along a straight line between the looks on both sides.
            limit: Days of the longest gap that is filled; None fills all.

        Raises:
            UsageError: The method is unknown, or the limit is not positive.
        """
        return self._with("smoothed", Smooth(method=method, limit=limit))

    def smooth(self, method: Literal["whittaker"] = "whittaker", *, smoothness: float = 10.0) -> Self:
        """Smooth along time; see ``Smooth``. Needs ``composite`` with a period before.

        Args:
            method: ``"whittaker"`` (Eilers 2003, doi:10.1021/ac034173t).
            smoothness: Weight of the differences: the larger, the smoother.

        Raises:
            UsageError: There is no composite with a period before it, or the number is out of the question.
        """
        return self._with("smoothed", Smooth(method=method, smoothness=float(smoothness)))

    def anomaly(self, baseline: object, kind: Kind = "difference") -> Self:
        """Compare with a baseline; see ``Anomaly``. Needs ``composite`` with a calendar period before.

        Args:
            baseline: Time range to compare with, UTC, half open; what ``TimeRange.of`` takes.
            kind: ``"difference"`` (in the variable's unit), ``"ratio"`` or ``"standardised"``.

        Raises:
            UsageError: There is no composite with a calendar period before it, or the kind is unknown.
            TimeRangeError: The baseline is no time range.
        """
        return self._with("compared", Anomaly(baseline=baseline, kind=kind))  # type: ignore[arg-type]

    def clip(self) -> Self:
        """Drop pixels whose centre is outside the area."""
        return self._with("clipped", True)

    def zonal(self, *statistics: str) -> Self:
        """Give a row per feature and period instead of pixels; see ``Zonal``.

        Args:
            statistics: ``mean``, ``median``, ``min``, ``max``, ``std``, ``sum``, ``count`` (pixels),
                ``valid`` (share of the feature with a value), or quantiles such as ``q10``; none is mean,
                count and valid.

        Raises:
            UsageError: A statistic is unknown.
        """
        return self._with("zoned", Zonal(statistics=statistics or ("mean", "count", "valid")))

    @property
    def variables(self) -> tuple[str, ...]:
        """Names of the variables of the result, without ``count``."""
        return (*self.kept, *(one.name for one in self.formulas))

    @property
    def needs(self) -> tuple[str, ...]:
        """Every band that is read, quality layers left out."""
        more = self.composed.needs if self.composed else ()
        return tuple(dict.fromkeys((*self.kept, *(b for one in self.formulas for b in one.bands), *more)))

    def check(self) -> Self:
        """Return the steps.

        Raises:
            UsageError: There is nothing to compute.
        """
        if not self.variables:
            raise UsageError("nothing is computed", hint='add index("NDVI") or bands("red", "nir")')
        return self

    def _check_names(self) -> None:
        for name in self.kept:
            if band(name).kind == "quality":
                raise UsageError(f"{name} holds class codes", hint="use mask(), or load() for the layer")
        twice = [name for name in self.variables if self.variables.count(name) > 1]
        if twice:
            raise UsageError(f"there are two variables {twice[0]}", hint="give one another name=")

    def _with(self, field: str, value: Any, *, again: bool = False) -> Self:  # noqa: ANN401 - a field
        place = _ORDER.index(field)
        first = len(_ANY) if field in _ANY else place + 1
        later = [_WORDS[i] for i in range(first, len(_ORDER)) if getattr(self, _ORDER[i])]
        if later:
            raise UsageError(f"{_WORDS[place]} comes before {later[0]}", hint=f"order: {', '.join(_WORDS)}")
        if getattr(self, field) and not again:
            raise UsageError(f"{_WORDS[place]} is there twice", hint="say it once")
        changed: dict[str, Any] = {field: value}
        return replace(self, **changed)

    def to_dict(self) -> dict[str, Any]:
        """Return the steps as JSON values, in their order."""
        found: dict[str, Any] = {"multisat_recipe": VERSION}
        for field, word in zip(_ORDER, _WORDS, strict=True):
            value = getattr(self, field)
            if value:
                found[word] = _plain(value)
        return found

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Make steps from ``to_dict``.

        Args:
            data: What ``to_dict`` gave.

        Raises:
            UsageError: A word is unknown or its value is none of that word.
        """
        version = data.get("multisat_recipe", VERSION)
        unknown = sorted(set(data) - {"multisat_recipe", *_WORDS})
        if version != VERSION or unknown:
            raise UsageError(
                f"the recipe has {', '.join(unknown)}" if unknown else f"a recipe of version {version}",
                hint=f"words are {', '.join(_WORDS)}; the version is {VERSION}",
            )
        try:
            given = {f: _READERS[w](data[w]) for f, w in zip(_ORDER, _WORDS, strict=True) if w in data}
            return cls(**given).check()
        except UsageError:
            raise
        except (TypeError, KeyError, AttributeError, ValueError) as error:
            raise UsageError(f"the recipe cannot be read: {error}", hint="write it with to_dict()") from None

    def save(self, path: str | Path) -> None:
        """Write the steps as JSON.

        Args:
            path: File to write; what is there is replaced.
        """
        Path(path).write_text(json.dumps(self.to_dict(), indent=2) + "\n", encoding="utf-8")

    @classmethod
    def open(cls, path: str | Path) -> Self:
        """Read steps from JSON.

        Args:
            path: File written by ``save``.

        Raises:
            UsageError: There is no such file, or it is no recipe.
        """
        try:
            data = json.loads(Path(path).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise UsageError(f"cannot read the recipe {path}: {error}", hint="name a JSON file") from None
        if not isinstance(data, dict):
            raise UsageError(f"{path} is no recipe", hint="it is a JSON object")
        return cls.from_dict(data)

    def __str__(self) -> str:
        """Return the steps as words, one a line."""
        said = [f"bands {', '.join(self.kept)}"] if self.kept else []
        said += [str(one) for one in (self.masked, *self.formulas, self.composed, self.smoothed) if one]
        said += [str(self.compared)] if self.compared else []
        said += ["pixels outside the area are dropped"] if self.clipped else []
        return "\n".join([*said, *([str(self.zoned)] if self.zoned else [])])


def _plain(value: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, tuple):
        return [one if isinstance(one, str) else one.to_dict() for one in value]
    return value if isinstance(value, bool) else value.to_dict()


def _listed(data: Any) -> list[Any]:  # noqa: ANN401 - JSON
    if not isinstance(data, list):
        raise TypeError(f"{data!r} is no list")
    return data


def _flag(data: Any) -> bool:  # noqa: ANN401 - JSON
    if not isinstance(data, bool):
        raise TypeError(f"clip is {data!r}, not true")
    return data


_READERS: Mapping[str, Any] = {
    "bands": lambda data: tuple(dict.fromkeys(band(name).name for name in _listed(data))),
    "mask": Mask.from_dict,
    "index": lambda data: tuple(Formula.from_dict(one) for one in _listed(data)),
    "composite": Composite.from_dict,
    "smooth": lambda data: Smooth(**data),
    "anomaly": lambda data: Anomaly(**data),
    "clip": _flag,
    "zonal": lambda data: Zonal(statistics=tuple(_listed(data["statistics"]))),
}
