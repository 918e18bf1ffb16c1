"""What happened to scenes while blocks were read, each said once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from multisat.cube.reporting import readers
from multisat.cube.scene_pixels import Lost
from multisat.cube.steps import Step
from multisat.cube.warnings import tell
from multisat.errors import AssetUnreadable
from multisat.model import Asset, Scene

Errors = Literal["skip", "raise"]


@dataclass(kw_only=True)
class Record:
    """What happened to scenes; filled as blocks are read.

    Attributes:
        errors: ``"raise"`` ends the work with the first scene that is lost.
        lost: Scenes of which some block could not be read.
        replaced: A sentence for each scene of which another copy was read.
        files: Band and address to what read the file.
        assets: Band to the files it was read from.
        scenes: Position of a time step to the scenes that were read.
    """

    errors: Errors
    lost: dict[tuple[str, str, str], Lost] = field(default_factory=dict)
    replaced: dict[str, None] = field(default_factory=dict)
    files: dict[tuple[str, str], str] = field(default_factory=dict)
    assets: dict[str, dict[str, Asset]] = field(default_factory=lambda: defaultdict(dict))
    scenes: dict[int, dict[Scene, None]] = field(default_factory=lambda: defaultdict(dict))

    def add(self, steps: Sequence[Step], positions: range | None) -> None:
        """Take in the steps of a batch.

        Args:
            steps: What is known of each.
            positions: Where they are in the series; None for those of a baseline.

        Raises:
            AssetUnreadable: A scene was lost, with ``errors="raise"``.
        """
        for number, step in enumerate(steps):
            self._lost(step.lost)
            self.replaced.update(dict.fromkeys(step.replaced))
            for band, assets in step.assets.items():
                self.assets[band].update({one.href: one for one in assets})
                names = zip(assets, step.readers[band], strict=True)
                self.files.update({(band, one.href): reader for one, reader in names})
            if positions is not None:
                self.scenes[positions[number]].update(dict.fromkeys(step.scenes))

    def _lost(self, lost: Iterable[Lost]) -> None:
        for one in lost:
            if self.errors == "raise":
                raise one.error
            if one.scene.uid not in self.lost:
                self.lost[one.scene.uid] = one
                tell(f"left out {'; '.join(one.failures)}")

    def refuse_nothing(self) -> None:
        """Raise if no scene could be read at all.

        Raises:
            AssetUnreadable: None could.
        """
        if self.lost and not any(self.assets.values()):
            first = next(iter(self.lost.values())).error
            raise AssetUnreadable(
                f"none of {len(self.lost)} scenes could be read; the first: {first}"
            ) from first

    def outcome(self) -> dict[str, Any]:
        """Return what happened, as attributes."""
        return {
            "skipped": ["; ".join(one.failures) for one in self.lost.values()],
            "replaced": list(self.replaced),
            "reader": self.read_by(self.assets),
        }

    @property
    def files_of(self) -> dict[str, list[Asset]]:
        """Band to the files it was read from."""
        return {band: list(files.values()) for band, files in self.assets.items()}

    def read_by(self, bands: Iterable[str]) -> str:
        """Return how many files of some bands each reader read."""
        wanted = set(bands)
        return readers(reader for (band, _), reader in self.files.items() if band in wanted)
