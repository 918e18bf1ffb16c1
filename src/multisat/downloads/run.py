"""Many files at a time, stopped cleanly."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import closing, suppress
from pathlib import Path
from queue import Empty, SimpleQueue

from multisat.contracts import Deadline
from multisat.downloads.items import keep_items
from multisat.downloads.locking import Stopped
from multisat.downloads.meter import Meter
from multisat.downloads.opening import Opener
from multisat.downloads.outcome import Download, Downloads, Progress
from multisat.downloads.plan import Job, canonical, places, plan
from multisat.downloads.source import AccessTo
from multisat.downloads.transfer import Transfer
from multisat.errors import UsageError
from multisat.model import Scene

_TICK = 0.25
_PATIENCE = 3.0


def download_scenes(
    scenes: Sequence[Scene],
    folder: str | Path,
    bands: str | Sequence[str] | None = None,
    *,
    access: AccessTo,
    workers: int = 4,
    progress: Callable[[Progress], None] | None = None,
    overwrite: bool = False,
) -> Downloads:
    """Download whole files of scenes into ``folder/SCENE/FILE``, with ``item.json``, a STAC item, beside.

    Args:
        scenes: Scenes of any archives.
        folder: Where the files go; made if need be.
        bands: Canonical names, quality layers included; None is every file that has one.
        access: Tells how to open an asset of a provider now.
        workers: Files at a time.
        progress: Called from this thread, some times a second, with how far it is.
        overwrite: Download files anew that are there already.

    Returns:
        One outcome per file; a file that fails does not stop the others.

    Raises:
        UsageError: A band, the folder or the number of workers is out of the question.
        NothingFound: No scene has any of the bands.
    """
    if workers < 1:
        raise UsageError(f"{workers} workers cannot work", hint="give 1 or more")
    started = time.monotonic()
    root = Path(folder)
    wanted = canonical([bands] if isinstance(bands, str) else bands)
    homes = places(scenes, wanted, root)
    planned = plan(homes, wanted)
    _make(root)
    jobs = [one for one in planned if isinstance(one, Job)]
    ended = iter(_all(jobs, access, workers=workers, progress=progress, overwrite=overwrite))
    outcomes = tuple(next(ended) if isinstance(one, Job) else one for one in planned)
    _tell(keep_items(homes, outcomes))
    return Downloads(outcomes=outcomes, seconds=time.monotonic() - started)


def _tell(problems: Sequence[str]) -> None:
    from multisat.cube.warnings import tell

    for problem in problems:
        tell(problem)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"cannot make {folder}: {error.strerror}", hint="choose another folder") from error


def _all(
    jobs: Sequence[Job],
    access: AccessTo,
    *,
    workers: int,
    progress: Callable[[Progress], None] | None,
    overwrite: bool,
) -> list[Download]:
    meter, deadline, opener = Meter(jobs), Deadline(), Opener()

    def one(index: int) -> Download:
        return Transfer(
            jobs[index],
            opener=opener,
            access=access,
            deadline=deadline,
            gauge=meter.gauges[index],
            overwrite=overwrite,
        ).run()

    outcomes: dict[int, Download] = {}
    try:
        with closing(_in_threads(one, len(jobs), workers, deadline)) as working:
            for ended in working:
                if ended is not None:
                    index, outcomes[index] = ended
                    meter.ended(index)
                if progress is not None:
                    progress(meter.progress())
    finally:
        opener.close()
    return [outcomes[index] for index in range(len(jobs))]


def _in_threads(
    work: Callable[[int], Download], count: int, workers: int, deadline: Deadline
) -> Generator[tuple[int, Download] | None, None, None]:
    """Yield number and outcome of each piece as it ends, and None from time to time.

    If the reader goes away or is interrupted, the work is called off. The threads are daemons, so
    that a server that hangs does not hold up the end of the program.
    """
    todo: SimpleQueue[int] = SimpleQueue()
    done: SimpleQueue[tuple[int, Download]] = SimpleQueue()
    for index in range(count):
        todo.put(index)

    def worker() -> None:
        with suppress(Empty, Stopped):
            while not deadline.passed:
                index = todo.get_nowait()
                done.put((index, work(index)))

    threads = [threading.Thread(target=worker, daemon=True) for _ in range(min(workers, count))]
    for thread in threads:
        thread.start()
    try:
        left = count
        while left:
            try:
                ended = done.get(timeout=_TICK)
            except Empty:
                yield None
                continue
            left -= 1
            yield ended
    finally:
        deadline.cancel()
        patience = Deadline(_PATIENCE)
        for thread in threads:
            thread.join(patience.remaining())
