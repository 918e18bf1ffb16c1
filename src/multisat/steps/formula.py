"""One variable computed from bands."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from multisat.errors import UsageError
from multisat.expressions import evaluate, index, names, parse, text
from multisat.vocab.bands import BANDS, band

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")
_RESERVED = {"mask", "count", "time", "x", "y", "spatial_ref", "band"}


@dataclass(frozen=True, kw_only=True)
class Formula:
    """A variable and how it is computed in each time step, in float64, from bands in physical units.

    Attributes:
        name: Of the variable.
        expression: Canonical text; names in it are canonical bands. A saved recipe keeps it, so that it
            means the same when a catalogue of indices changes.

    Raises:
        UsageError: The expression cannot be read, has a band of class codes, or the name is taken.
    """

    name: str
    expression: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "expression", text(parse(self.expression)))
        if not _NAME.fullmatch(self.name) or self.name.lower() in _RESERVED or self.name in BANDS:
            raise UsageError(
                f"a variable cannot be called {self.name!r}",
                hint="use letters, digits and _, no band's name, and none of "
                f"{', '.join(sorted(_RESERVED))}: name='ratio'",
            )
        for one in self.bands:
            if band(one).kind == "quality":
                raise UsageError(f"{one} holds class codes, which no formula takes", hint="use mask()")

    @classmethod
    def of(
        cls, given: str, *, name: str | None = None, constants: Mapping[str, float] | None = None
    ) -> Formula:
        """Make a formula from the name of an index, or from an expression over bands.

        Args:
            given: Name of an index such as ``"NDVI"``, or an expression over canonical bands.
            name: What the variable is called; None is the index's own name.
            constants: Numbers for the index's letters, such as ``{"L": 0.5}``; the others are as published.

        Raises:
            UsageError: It is neither, or an expression without ``name``.
        """
        if _NAME.fullmatch(given) and given not in BANDS:
            known = index(given, constants=constants)
            return cls(name=name or known.name, expression=text(known.expression))
        if constants:
            raise UsageError(
                "constants belong to an index by name", hint="write the numbers into the expression"
            )
        if name is None:
            raise UsageError(
                f"{given!r} has no name", hint=f'call it something: index({given!r}, name="ratio")'
            )
        return cls(name=name, expression=given)

    @property
    def bands(self) -> tuple[str, ...]:
        """The canonical bands it needs."""
        return names(parse(self.expression))

    def __call__(self, values: Mapping[str, Any]) -> Any:  # noqa: ANN401 - an array of any shape
        """Return the variable: float32, NaN where it is not finite.

        Args:
            values: Band to array, all of one shape.
        """
        return evaluate(parse(self.expression), values)

    def to_dict(self) -> dict[str, Any]:
        """Return JSON values."""
        return dict(vars(self))

    @classmethod
    def from_dict(cls, data: dict[str, Any] | str) -> Formula:
        """Make a formula from ``to_dict``, or from the name of an index.

        Args:
            data: What ``to_dict`` gave, or the name of an index.

        Raises:
            UsageError: It is no index, or the expression cannot be read.
        """
        if isinstance(data, str):
            return cls.of(data)
        if "expression" in data:
            return cls(**data)
        return cls.of(data["name"], constants=data.get("constants"))

    def __str__(self) -> str:
        return f"{self.name} = {self.expression}"
