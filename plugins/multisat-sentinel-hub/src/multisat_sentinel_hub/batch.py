"""Batch jobs for pixels: the Batch Process API, version 2, over our own tiles, into the user's bucket."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from multisat.errors import ProviderRefused, UnsupportedOperation
from multisat.steps import Task
from multisat_sentinel_hub.answers import unpacked_files
from multisat_sentinel_hub.bucket import find_bucket
from multisat_sentinel_hub.cost import batch_units, units
from multisat_sentinel_hub.deployments import NAME, Deployment
from multisat_sentinel_hub.geopackages import packed, sizes
from multisat_sentinel_hub.jobs import created, spent
from multisat_sentinel_hub.keeping import Kept
from multisat_sentinel_hub.pieces import Piece
from multisat_sentinel_hub.stages import StagedJob
from multisat_sentinel_hub.ways import Composed, together

if TYPE_CHECKING:
    import geopandas
    import xarray


class BatchJob(StagedJob):
    """A job of the Batch Process API."""

    path = "/api/v2/batch/process"

    def estimate(self, task: Task) -> float:
        """Return the processing units that it is to cost, by the pixels that its analysis found.

        Args:
            task: The task that was submitted.
        """
        found = self._analysed()
        pieces = {_name(piece): piece for piece in _work(task).pieces}
        pixels = {name: found.get(name, piece.pixels) for name, piece in pieces.items()}
        return batch_units(
            (pixels[name], units(piece) * pixels[name] / piece.pixels) for name, piece in pieces.items()
        )

    def result(self, task: Task) -> xarray.Dataset | geopandas.GeoDataFrame:
        """Download the result of a finished job; see ``RemoteJob.result``."""
        status, bucket, work = self.finished(), find_bucket(self.place), _work(task)
        with tempfile.TemporaryDirectory(prefix="multisat-") as folder:
            kept = Kept(Path(folder))
            for piece in work.pieces:
                files = {name: bucket.get(_key(self.number, piece, name)) for name in piece.outputs}
                kept.put(piece, unpacked_files(files, piece))
            return work.finished(kept, spent=spent(status))

    def _analysed(self) -> dict[str, int]:
        try:
            return sizes(find_bucket(self.place).get(f"featureManifest-{self.number}.gpkg"))
        except ProviderRefused:
            return {}


def submit(task: Task, place: Deployment, title: str) -> BatchJob:
    """Have a task analysed and estimated, and start it as a job.

    Raises:
        UnsupportedOperation: It takes several scripts, no bucket is set, or the account has no batch.
        CredentialsError: A login is missing, or was refused.
        ProviderError: The service did not take it.
    """
    work, bucket = _work(task), find_bucket(place)
    features = f"areas/{uuid4().hex}.gpkg"
    bucket.put(features, packed({_name(piece): piece.part for piece in work.pieces}))
    asked = work.pieces[0].body
    body = {
        "processRequest": {
            "input": {"data": asked["input"]["data"]},
            "output": {"responses": asked["output"]["responses"]},
            "evalscript": asked["evalscript"],
        },
        "input": {"type": "geopackage", "features": bucket.told(features)},
        "output": {"type": "raster", "delivery": bucket.told("")},
        "description": title or "multisat",
    }
    job = BatchJob(place, created(place, BatchJob.path, body, "batch jobs"))
    job.analyse()
    job.expected = job.estimate(task)
    job.look()
    return job


def planned_units(task: Task) -> float:
    """Return the processing units of a task as a batch job, before it is analysed."""
    return batch_units((piece.pixels, units(piece)) for piece in _work(task).pieces)


def _work(task: Task) -> Composed:
    work = together(task)
    if work is None:
        raise UnsupportedOperation(
            "a batch job has one script, and this takes several: masks are grown here, or it has a baseline",
            provider=NAME,
            hint="run it at once",
        )
    return work


def _name(piece: Piece) -> str:
    return f"r{piece.part.row}c{piece.part.column}"


def _key(number: str, piece: Piece, output: str) -> str:
    return f"{number}/{_name(piece)}/{output}.tif"
