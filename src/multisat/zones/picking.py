"""Some areas of many."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from multisat.errors import UsageError
from multisat.model import AOI, AOIs


def ids_of(zones: AOIs) -> tuple[str, ...]:
    """Return the id of each area: its name, or its number from 1.

    Raises:
        UsageError: The number of an area without a name is the name of another.
    """
    found = tuple(str(zone.name or number) for number, zone in enumerate(zones, 1))
    if len(set(found)) < len(found):
        raise UsageError("an area's number is the name of another", hint="name all areas, or none")
    return found


def pick(
    zones: object, only: str | int | Iterable[str | int] | None = None, start: int | None = None
) -> AOIs:
    """Return some areas, in their order, each under its id.

    Args:
        zones: What ``AOIs.of`` takes.
        only: Ids to keep; None keeps all. An area without a name has its number from 1 as id.
        start: Number of the first area to keep, from 1, counted among all areas; None is the first.

    Raises:
        UsageError: An id is unknown, there are not so many areas, or none is left.
    """
    areas = AOIs.of(zones)
    named = dict(zip(ids_of(areas), areas, strict=True))
    ids = list(named)[_first(start, len(named)) :]
    if only is not None:
        wanted = {str(one) for one in ([only] if isinstance(only, str | int) else only)}
        _check_known(wanted, list(named))
        ids = [one for one in ids if one in wanted]
    if not ids:
        raise UsageError(
            "no area is left" if start is None else f"no area is left from number {start} on",
            hint="name some with only=, or leave out start=",
        )
    return AOIs(tuple(_called(named[one], one) for one in ids))


def _first(start: int | None, number: int) -> int:
    if start is None:
        return 0
    if not 1 <= start <= number:
        raise UsageError(
            f"there is no area number {start}", hint=f"areas are counted from 1; there are {number}"
        )
    return start - 1


def _check_known(wanted: set[str], known: list[str]) -> None:
    missing = sorted(wanted - set(known))
    if missing:
        near = [name for one in missing for name in get_close_matches(one, known, n=3)] or known[:10]
        raise UsageError(
            f"no area has the id {', '.join(missing)}",
            hint=f"there are {len(known)}, such as {', '.join(near)}",
        )


def _called(zone: AOI, name: str) -> AOI:
    return zone if zone.name == name else zone.renamed(name)
