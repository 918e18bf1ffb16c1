"""What a plugin author implements: ``Provider``, ``Search``, and the values they exchange."""

from __future__ import annotations

from multisat.contracts.access import Access
from multisat.contracts.capabilities import Capabilities, CredentialStatus
from multisat.contracts.cost import Cost
from multisat.contracts.deadline import Deadline
from multisat.contracts.job import JobState, JobStatus, RemoteJob
from multisat.contracts.proof import Proof
from multisat.contracts.provider import Provider
from multisat.contracts.remote import RemoteEngine, Verdict
from multisat.contracts.search import Page, Search
from multisat.model import Asset

__all__ = [
    "Access",
    "Asset",
    "Capabilities",
    "Cost",
    "CredentialStatus",
    "Deadline",
    "JobState",
    "JobStatus",
    "Page",
    "Proof",
    "Provider",
    "RemoteEngine",
    "RemoteJob",
    "Search",
    "Verdict",
]
