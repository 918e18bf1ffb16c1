"""What to compute, as values: steps, their order, their JSON. Nothing is read or computed here."""

from __future__ import annotations

from multisat.steps.anomaly import Anomaly
from multisat.steps.composite import Composite
from multisat.steps.formula import Formula
from multisat.steps.mask import Gaussian, Mask, gaussian
from multisat.steps.smooth import Smooth
from multisat.steps.steps import Steps
from multisat.steps.task import Task
from multisat.steps.zonal import Zonal

__all__ = [
    "Anomaly",
    "Composite",
    "Formula",
    "Gaussian",
    "Mask",
    "Smooth",
    "Steps",
    "Task",
    "Zonal",
    "gaussian",
]
