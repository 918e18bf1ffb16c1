"""What a run asks of archives and services."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What a plan costs. An estimate: good to a factor of two or so, since nothing is opened for it.

    Attributes:
        scenes: Scenes that are read.
        files: Files that are opened; 0 where a service reads them.
        requests: HTTP requests; fewer if headers are remembered from before.
        bytes: Bytes that are downloaded.
        seconds: On a line of 20 MB/s with 0.1 s a round trip.
        units: Of the service that does the work, such as ``(("processing units", 12.5),)``.
    """

    scenes: int
    files: int
    requests: int
    bytes: int
    seconds: float
    units: tuple[tuple[str, float], ...] = ()

    def __str__(self) -> str:
        said = (
            f"about {self.requests:,} requests for {self.files:,} files of {self.scenes:,} scenes, "
            f"{self.bytes / 1e6:,.1f} MB, {self.seconds:,.0f} s"
        )
        return said + "".join(f", {number:,.1f} {unit}" for unit, number in self.units)
