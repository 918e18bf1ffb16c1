"""Bands of overpasses as GeoTIFFs, each clipped to its polygon."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import rasterio
from rasterio.errors import RasterioIOError

from multisat.cube import load
from multisat.downloads import FileStatus
from multisat.downloads.names import distinct, safe_name
from multisat.errors import AssetUnreadable, MultisatError, UsageError
from multisat.screening.fetched import Fetched
from multisat.screening.screened import Screened
from multisat.vocab.bands import band as known_band
from multisat.vocab.masks import mask_words
from multisat.writing import clip, write_cog
from multisat.writing.packing import Packed
from multisat.writing.whole import local

if TYPE_CHECKING:
    from multisat.screening.result import Screening

_MOST = 8
"""Files at a time; each of them reads its bands side by side."""


def fetch(
    found: Screening,
    bands: str | Sequence[str],
    folder: str | Path,
    *,
    mask: str | Sequence[str] | None = None,
    dtype: Packed | None = None,
    all_touched: bool = False,
    workers: int = 4,
    progress: Callable[[int, int], None] | None = None,
) -> list[Fetched]:
    """Write every row as a GeoTIFF on its native grid, clipped to its polygon.

    A file that is there with the same bands is not read again. What fails is listed and does not
    stop the others; an overpass of which a scene cannot be read fails as a whole.

    Args:
        found: The rows.
        bands: Canonical band names.
        folder: Where ``AOI_DATE_ITEM.tif`` go, with a STAC item beside each; made if need be.
        mask: What becomes NaN; see ``multisat.load``. None masks nothing.
        dtype: See ``multisat.write_cog``; None is float32 in physical units, NaN where there is no data.
        all_touched: Keep pixels that the polygon touches, not only those with their centre inside.
        workers: Files at a time.
        progress: Called with files done and files in all.

    Returns:
        What became of each file, in the order of the rows.

    Raises:
        UsageError: A band, mask or number of workers is out of the question.
    """
    if not 1 <= workers <= _MOST:
        raise UsageError(f"{workers} workers cannot fetch", hint=f"use 1 to {_MOST}")
    names = [known_band(name).name for name in ([bands] if isinstance(bands, str) else bands)]
    if mask is not None:
        mask_words(mask)
    job = _Job(
        found=found, bands=names, folder=local(folder), mask=mask, dtype=dtype, all_touched=all_touched
    )
    outcomes: list[Fetched] = []
    with ThreadPoolExecutor(workers, thread_name_prefix="multisat-fetch") as pool:
        try:
            for outcome in pool.map(job.one, found.rows, job.paths()):
                outcomes.append(outcome)
                if progress is not None:
                    progress(len(outcomes), len(found.rows))
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return outcomes


@dataclass(frozen=True, kw_only=True)
class _Job:
    """What is fetched, and how."""

    found: Screening
    bands: list[str]
    folder: Path
    mask: str | Sequence[str] | None
    dtype: Packed | None
    all_touched: bool

    def paths(self) -> list[Path]:
        """Return where the files go: the same place in every call with the same areas."""
        names = distinct((area.name, str(area.name)) for area in self.found.areas)
        return [
            self.folder / f"{names[row.aoi]}_{row.time:%Y%m%d}_{safe_name(row.scenes[0].id)}.tif"
            for row in self.found.rows
        ]

    def one(self, row: Screened, path: Path) -> Fetched:
        """Write the file of a row, unless it is there."""
        try:
            status = FileStatus.THERE if self._is_there(path) else self._write(row, path)
            error = None
        except (MultisatError, OSError) as failed:
            status, error = FileStatus.FAILED, str(failed)
        return Fetched(aoi=row.aoi, time=row.time, items=row.items, status=status, path=path, error=error)

    def _is_there(self, path: Path) -> bool:
        if not path.exists():
            return False
        try:
            with rasterio.open(path) as file:
                held = [str(name) for name in file.descriptions]
        except RasterioIOError:
            held = []
        if held != self.bands:
            what = f"holds {', '.join(held)}" if held else "is no raster"
            raise UsageError(f"{path} is there and {what}", hint="choose another folder, or move it away")
        return True

    def _write(self, row: Screened, path: Path) -> FileStatus:
        area = self.found.areas[row.aoi]
        cube = load(row.scenes, self.bands, access=self.found.access, aoi=area, mask=self.mask)
        if cube.attrs["skipped"]:
            raise AssetUnreadable("; ".join(cube.attrs["skipped"]), hint="fetch again later")
        part = clip(cube[self.bands].squeeze("time"), area, all_touched=self.all_touched)
        write_cog(part, path, dtype=self.dtype)
        return FileStatus.DONE
