"""Checks of scenes: names, times, footprints, identities, and that a file of them can be read again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from multisat.errors import InvalidAnswer
from multisat.testing.asking import needs
from multisat.testing.trial import Trial, Unmet, expect

_NO_ITEMS: tuple[Mapping[str, Any], ...] = (
    {},
    {"id": "no-such-item", "type": "Feature", "properties": {}, "geometry": None},
)


@needs("search")
def check_scenes_name_their_provider(trial: Trial) -> None:
    """A scene says which provider opens it."""
    names = {s.provider for s in trial.scenes}
    expect(names == {trial.provider.name}, f"scenes of {trial.provider.name} are said to be of {names}")


@needs("search")
def check_scenes_are_of_declared_collections(trial: Trial) -> None:
    """Every scene is of a collection the provider declares."""
    odd = {s.collection for s in trial.scenes} - set(trial.provider.capabilities.collections)
    expect(not odd, f"scenes of {sorted(odd)} came, which are not declared")


@needs("search")
def check_times_are_utc(trial: Trial) -> None:
    """Times have a time zone, and it is UTC."""
    odd = [s.id for s in trial.scenes if s.datetime.utcoffset() != timedelta(0)]
    expect(not odd, f"the times of {odd[:3]} are not UTC")


@needs("search")
def check_footprints_are_on_earth(trial: Trial) -> None:
    """Footprints are areas in degrees: longitude from -180 to 180 before latitude from -90 to 90."""
    for scene in trial.scenes:
        west, south, east, north = scene.geometry.bounds
        inside = -180 <= west <= east <= 180 and -90 <= south <= north <= 90  # noqa: PLR2004 - degrees
        expect(inside and scene.geometry.area > 0, f"the footprint of {scene.id} is {scene.geometry.bounds}")


@needs("search")
def check_cloud_cover_is_percent_or_unknown(trial: Trial) -> None:
    """Cloud cover is 0 to 100, or None where the archive does not say."""
    known = {s.id: s.cloud_cover for s in trial.scenes if s.cloud_cover is not None}
    odd = {name: value for name, value in known.items() if not 0 <= value <= 100}  # noqa: PLR2004 - percent
    expect(not odd, f"cloud cover is no percentage: {dict(list(odd.items())[:3])}")


@needs("search")
def check_acquisitions_tell_scenes_apart(trial: Trial) -> None:
    """Scenes of different days, places or collections are different acquisitions."""
    seen: dict[str, tuple[object, ...]] = {}
    for scene in trial.scenes:
        key, what = str(scene.acquisition), (scene.collection, scene.datetime.date(), scene.tile)
        expect(seen.setdefault(key, what) == what, f"{key} is {seen[key]} as well as {what}")


@needs("search")
def check_scenes_are_read_again_from_json(trial: Trial) -> None:
    """A scene that was saved as JSON is read again as it was."""
    for scene in trial.scenes:
        again = trial.provider.scene(json.loads(json.dumps(scene.to_item())))
        for name in ("uid", "datetime", "collection", "cloud_cover", "acquisition", "bands"):
            was, now = getattr(scene, name), getattr(again, name)
            expect(was == now, f"{name} of {scene.id} was {was!r} and is {now!r} after JSON")


@needs("search")
def check_what_is_no_item_is_refused(trial: Trial) -> None:
    """An item that lacks what every item has is InvalidAnswer."""
    for item in _NO_ITEMS:
        try:
            trial.provider.scene(item)
        except InvalidAnswer:
            continue
        except Exception as error:
            raise Unmet(f"{item} was {error!r}, not InvalidAnswer") from error
        raise Unmet(f"{item} was taken for a scene")
