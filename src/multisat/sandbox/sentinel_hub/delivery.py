"""Where the files of a batch process job go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from multisat.sandbox.sentinel_hub.bucket import key_in
from multisat.sandbox.sentinel_hub.features import Feature
from multisat.sandbox.sentinel_hub.refusing import Refused

_DEFAULT = "<requestId>/<tileName>/<outputId>.<format>"


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """Where the files of a job go.

    Attributes:
        root: Key of the folder.
        template: Key of a file, with placeholders.
        overwrite: Whether files that exist are replaced.
        skip: Whether features all of whose files exist are left out.
    """

    root: str
    template: str
    overwrite: bool
    skip: bool

    def key(self, job: str, feature: Feature, name: str) -> str:
        """Return the key of a file.

        Args:
            job: Id of the job.
            feature: Which feature.
            name: File name such as ``"default.tif"``.
        """
        stem, _, ending = name.rpartition(".")
        values = {
            "<requestId>": job,
            "<tileName>": feature.name,
            "<tileId>": str(feature.number),
            "<outputId>": stem,
            "<format>": ending,
        }
        key = self.template
        for placeholder, value in values.items():
            key = key.replace(placeholder, value)
        return key

    def about(self, name: str) -> str:
        """Return the key of a file about the whole job."""
        return f"{self.root}/{name}".lstrip("/")


def delivery_of(output: Mapping[str, Any]) -> Delivery:
    """Return where a request's ``output`` wants its files.

    Raises:
        Refused: The bucket cannot be opened, or files of different features would have one name.
    """
    key = key_in(output["delivery"])
    if "<" not in key:
        template = f"{key}/{_DEFAULT}".lstrip("/")
    elif "<tileName>" in key or "<tileId>" in key:
        template, key = key, key.partition("<")[0].rpartition("/")[0]
    else:
        raise Refused("Invalid request: the delivery template needs <tileName> or <tileId>.")
    return Delivery(
        root=key,
        template=template,
        overwrite=bool(output.get("overwrite")),
        skip=bool(output.get("skipExisting")),
    )
