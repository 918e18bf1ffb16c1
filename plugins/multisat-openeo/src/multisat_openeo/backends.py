"""What is known of back-ends before they are asked.

Checked 2025-03 (the quotas page of Copernicus Data Space) and 2026-08 (its catalogue); limits move.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from multisat.auth.hosts import host_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Habits:
    """The habits of a back-end.

    Attributes:
        catalogue: Root of its STAC catalogue, or None if scenes cannot be searched.
        jobs: Batch jobs that may run at a time.
        requests_a_minute: Requests that compute: synchronous ones, and jobs that are made or started.
        credits_a_month: Of a free account; 0 if that is not known.
        credits_a_gigapixel: Credits for a thousand million numbers that are read, which is one number
            of one band at one time. Nobody publishes such a number: it is our guess, good to a factor
            of three or so, from credits that users report for jobs.
        synchronous: Numbers that are read in one synchronous request at the most; more is a batch job.
    """

    catalogue: str | None = None
    jobs: int = 2
    requests_a_minute: int = 12
    credits_a_month: int = 0
    credits_a_gigapixel: float = 4.0
    synchronous: float = 5e8


COPERNICUS = Habits(catalogue="https://stac.dataspace.copernicus.eu/v1", credits_a_month=10_000)
BACKENDS: Mapping[str, Habits] = {
    "openeo.dataspace.copernicus.eu": COPERNICUS,
    "openeofed.dataspace.copernicus.eu": COPERNICUS,
}


def habits_at(url: str) -> Habits:
    """Return what is known of the back-end at an address."""
    return BACKENDS.get(host_of(url), Habits())
