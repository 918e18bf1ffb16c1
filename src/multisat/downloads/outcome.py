"""What became of each file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

_MB = 1e6


class FileStatus(StrEnum):
    """How the download of one file ended."""

    DONE = "done"
    THERE = "there"
    FAILED = "failed"
    ABSENT = "absent"


@dataclass(frozen=True, kw_only=True, slots=True)
class Download:
    """What became of one file.

    Attributes:
        provider: Provider name.
        item: Id of the scene at that provider.
        asset: The archive's own name for the file; empty if the scene has no such band.
        band: Canonical band.
        status: ``done``, ``there`` (it was there already), ``failed``, or ``absent`` (the scene has
            no such band).
        path: Where the file is, or would be; None if it has no place.
        size: Bytes of the file in the folder; 0 if it is not whole.
        bytes: Bytes received now, in all tries together.
        seconds: Wall time.
        checked: Kind of checksum that was compared, such as ``"sha2-256"``; None if there was none.
        error: Why it failed and the next thing to do, or None. It holds no credential.
        note: What a reader should know, or None.
    """

    provider: str
    item: str
    asset: str = ""
    band: str
    status: FileStatus
    path: Path | None = None
    size: int = 0
    bytes: int = 0
    seconds: float = 0.0
    checked: str | None = None
    error: str | None = None
    note: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the outcome as JSON values."""
        return {
            "provider": self.provider,
            "item": self.item,
            "asset": self.asset,
            "band": self.band,
            "status": self.status.value,
            "path": None if self.path is None else str(self.path),
            "size": self.size,
            "bytes": self.bytes,
            "seconds": round(self.seconds, 3),
            "checked": self.checked,
            "error": self.error,
            "note": self.note,
        }


@dataclass(frozen=True, kw_only=True)
class Downloads(Sequence[Download]):
    """One outcome per scene and band, in the order of the scenes.

    Attributes:
        outcomes: What became of each file.
        seconds: Wall time of all.
    """

    outcomes: tuple[Download, ...]
    seconds: float = 0.0

    @property
    def failed(self) -> Downloads:
        """The files that could not be downloaded."""
        return self._those(FileStatus.FAILED)

    @property
    def bytes(self) -> int:
        """Bytes received now."""
        return sum(one.bytes for one in self.outcomes)

    @property
    def paths(self) -> tuple[Path, ...]:
        """The files that are whole, whether they came now or were there already."""
        whole = (FileStatus.DONE, FileStatus.THERE)
        return tuple(one.path for one in self.outcomes if one.path is not None and one.status in whole)

    def __len__(self) -> int:
        return len(self.outcomes)

    def __getitem__(self, index: Any) -> Any:  # noqa: ANN401 - an index or a slice
        """Return an outcome by position, or a slice of them."""
        if isinstance(index, slice):
            return replace(self, outcomes=self.outcomes[index])
        return self.outcomes[index]

    def __repr__(self) -> str:
        return f"<Downloads {self.summary()}>"

    def __str__(self) -> str:
        """Return one line per file, then what they come to."""
        return "\n".join([*map(_line, self.outcomes), self.summary()])

    def summary(self) -> str:
        """Return what they come to, in one line."""
        count = Counter(one.status for one in self.outcomes)
        words = {"downloaded": FileStatus.DONE, "there already": FileStatus.THERE}
        words |= {"failed": FileStatus.FAILED, "not in the scene": FileStatus.ABSENT}
        told = [f"{count[status]} {word}" for word, status in words.items() if count[status]]
        scenes = len({(one.provider, one.item) for one in self.outcomes})
        return (
            f"{len(self)} files of {scenes} scenes: {', '.join(told) or 'nothing to do'}; "
            f"{self.bytes / _MB:.1f} MB in {self.seconds:.1f} s"
        )

    def _those(self, status: FileStatus) -> Downloads:
        return replace(self, outcomes=tuple(one for one in self.outcomes if one.status is status))


def _line(one: Download) -> str:
    where = one.error or (str(one.path) if one.path else "")
    text = f"{one.status.value:<7}{one.size / _MB:>9.1f} MB  {one.provider}  {one.item}  {one.band}  {where}"
    return f"{text} ({one.note})" if one.note else text.rstrip()


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """How far a download is.

    Attributes:
        done: Files that have ended, well or not.
        total: Files in all.
        scenes_done: Scenes all of whose files have ended.
        scenes_total: Scenes in all.
        bytes: Bytes of the files that are on the disk.
        bytes_total: Bytes in all, or None as long as the size of some file is not known.
    """

    done: int
    total: int
    scenes_done: int
    scenes_total: int
    bytes: int
    bytes_total: int | None
