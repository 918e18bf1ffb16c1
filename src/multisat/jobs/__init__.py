"""Jobs: work that outgrows one call or one machine, in units that are never done twice."""

from __future__ import annotations

from multisat.jobs.again import Replayed, Standing, replay, retry, standing
from multisat.jobs.folder import Unwritable
from multisat.jobs.how import How
from multisat.jobs.run import Report, run_job
from multisat.jobs.working import Progress

__all__ = [
    "How",
    "Progress",
    "Replayed",
    "Report",
    "Standing",
    "Unwritable",
    "replay",
    "retry",
    "run_job",
    "standing",
]
