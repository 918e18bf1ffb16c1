"""One provider on trial: what checks ask it, and how they say what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from multisat.contracts import Access, Deadline, Provider, Search
from multisat.model import AOI, Asset, Request, Scene, TimeRange
from multisat.testing.target import Target
from multisat.vocab.bands import BANDS
from multisat.vocab.collections import COLLECTIONS

if TYPE_CHECKING:
    import xarray

_MEASURED = {"optical", "thermal", "sar", "elevation"}


T = TypeVar("T")


class Unmet(AssertionError):
    """The provider does not do what the contract says; the message says what it did."""


class Skipped(Exception):
    """A check has nothing to ask; the message says why."""


def expect(condition: object, message: str) -> None:
    """Raise ``Unmet`` with a message if a condition does not hold."""
    if not condition:
        raise Unmet(message)


def given(value: T | None, reason: str) -> T:
    """Return a value, or skip the check with a reason if it is None or empty."""
    if value is None or value == ():
        raise Skipped(reason)
    return value


@dataclass(frozen=True, kw_only=True)
class Trial:
    """A provider, and what it is tried on. Answers that several checks look at are asked for once.

    Attributes:
        make: Makes the provider; called again where a check wants a fresh one.
        target: What it is tried on.
        kept: What checks of one module keep for one another.
    """

    make: Callable[[], Provider]
    target: Target
    kept: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def provider(self) -> Provider:
        """The provider that most checks share."""
        return self.make()

    @property
    def aoi(self) -> AOI:
        """Where scenes are."""
        return AOI.of(self.target.aoi)

    @cached_property
    def collections(self) -> tuple[str, ...]:
        """What is asked for."""
        held = self.provider.capabilities.collections
        dated = tuple(n for n in held if n not in COLLECTIONS or not COLLECTIONS[n].static)
        return self.target.collections or dated or held

    def request(self, *, aoi: object = None, time: object = None, **changes: Any) -> Request:  # noqa: ANN401
        """Return the question to the target, with changes.

        Args:
            aoi: Another area; what ``AOI.of`` takes. None is the target's.
            time: Another time range, UTC, half open; None is the target's.
            changes: Other arguments of ``Request.of``.
        """
        where = self.target.aoi if aoi is None else aoi
        when = self.target.time if time is None else time
        return Request.of(where, when, **{"collections": self.collections, **changes})

    def search(self, request: Request | None = None, *, resume: str | None = None) -> Search:
        """Return a search that has asked nothing yet.

        Args:
            request: The question; None asks for all at the target.
            resume: Token of an earlier search of the same request.
        """
        limit = Deadline(self.target.deadline)
        return self.provider.search(request or self.request(), resume=resume, deadline=limit)

    def ask(self, **changes: Any) -> list[Scene]:  # noqa: ANN401 - those of a request
        """Return the scenes of a changed question.

        Args:
            changes: Arguments of ``request``.
        """
        return list(self.search(self.request(**changes)))

    @property
    def found(self) -> list[Scene]:
        """All scenes at the target, as they come; they are asked for once, also if that fails."""
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer

    @cached_property
    def _answer(self) -> list[Scene] | Exception:
        try:
            return self.ask()
        except Exception as error:  # noqa: BLE001 - raised where it is asked for
            return error

    @cached_property
    def scenes(self) -> list[Scene]:
        """The scenes that touch the area, once each; other checks judge those that should not be there."""
        if isinstance(self._answer, Exception):
            raise Skipped("the search failed")
        touching = {s.uid: s for s in self._answer if s.geometry.intersects(self.aoi.lonlat)}
        return list(given(tuple(touching.values()), "no scene was found at the target"))

    @property
    def dated(self) -> list[Scene]:
        """The scenes of collections with dates."""
        found = tuple(s for s in self.scenes if not (s.collection in COLLECTIONS and _static(s)))
        return list(given(found, "the collections have no dates"))

    @cached_property
    def picture(self) -> tuple[Scene, str]:
        """The clearest scene with a measured band, with a quality layer if any has one; and that band."""
        found = [(scene, band) for scene in self.scenes if (band := _measured(scene))]
        found.sort(key=lambda one: (not _quality(one[0]), _cloudy(one[0]), one[0].uid))
        return given(tuple(found), "no scene has a band of the vocabulary")[0]

    @cached_property
    def quality(self) -> str | None:
        """The quality layer of the scene that is read, if it has one."""
        return _quality(self.picture[0])

    @cached_property
    def cube(self) -> xarray.Dataset:
        """One band of one scene over the area (time, y, x)."""
        return self.load()

    def load(self, scenes: Sequence[Scene] = (), bands: Sequence[str] = (), **options: Any) -> xarray.Dataset:  # noqa: ANN401
        """Read bands of scenes over the area.

        Args:
            scenes: None is that of ``picture``.
            bands: Canonical names; none is that of ``picture``.
            options: Those of ``multisat.cube.load``.

        Returns:
            Variables (time, y, x).
        """
        from multisat.cube import load

        scene, band = self.picture
        asked = {"aoi": self.aoi, "errors": "raise", "access": self.access, **options}
        return load(list(scenes) or [scene], list(bands) or [band], **asked)

    def access(self, _: str, asset: Asset) -> Access:
        """Return how the provider opens an asset.

        Args:
            asset: One of a scene's ``assets``.
        """
        return self.provider.access(asset)


def moment(scene: Scene) -> TimeRange:
    """Return the microsecond of a scene."""
    return TimeRange(start=scene.datetime, end=scene.datetime + timedelta(microseconds=1))


def _static(scene: Scene) -> bool:
    return COLLECTIONS[scene.collection].static


def _measured(scene: Scene) -> str | None:
    bands = [b for b in scene.assets if b in BANDS and BANDS[b].kind in _MEASURED]
    return "red" if "red" in bands else next(iter(bands), None)


def _cloudy(scene: Scene) -> float:
    return 100.0 if scene.cloud_cover is None else scene.cloud_cover


def _quality(scene: Scene) -> str | None:
    known = COLLECTIONS.get(scene.collection)
    return known.quality if known is not None and known.quality in scene.assets else None
