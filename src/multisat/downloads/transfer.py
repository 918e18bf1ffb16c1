"""One file from a server to the folder."""

from __future__ import annotations

import time
from http import HTTPStatus
from pathlib import Path
from typing import Any

from multisat.contracts import Deadline
from multisat.downloads import checksum, problems
from multisat.downloads.copying import copy_file, is_own_file
from multisat.downloads.filling import Filler
from multisat.downloads.locking import Stopped, alone
from multisat.downloads.meter import Gauge
from multisat.downloads.opening import Opener, scheme
from multisat.downloads.outcome import Download, FileStatus
from multisat.downloads.parts import Part, Version
from multisat.downloads.plan import Job
from multisat.downloads.source import AccessTo, Source
from multisat.errors import AssetUnreadable, MultisatError

_Ended = tuple[FileStatus, dict[str, Any]]


class Transfer:
    """The download of one file.

    Args:
        job: The file.
        opener: Opens addresses.
        access: Tells how to open an asset of a provider now; it is asked before each try.
        deadline: Calls the work off.
        gauge: Counts its bytes.
        overwrite: Whether a file that is there is downloaded anew.
    """

    def __init__(
        self,
        job: Job,
        *,
        opener: Opener,
        access: AccessTo,
        deadline: Deadline,
        gauge: Gauge,
        overwrite: bool = False,
    ) -> None:
        self._job, self._deadline, self._gauge, self._overwrite = job, deadline, gauge, overwrite
        self._part = Part(job.path)
        self._opener, self._ask = opener, access

    def run(self) -> Download:
        """Return what became of the file.

        Raises:
            Stopped: The work was called off; what is there can be gone on with.
        """
        started = time.monotonic()
        status, told = self._ended()
        seconds = time.monotonic() - started
        return self._job.outcome(status, bytes=self._gauge.received, seconds=seconds, **told)

    def _ended(self) -> _Ended:
        try:
            return self._get()
        except Stopped:
            raise
        except MultisatError as error:
            return FileStatus.FAILED, {"error": str(error)}
        except OSError as error:
            return FileStatus.FAILED, {"error": str(problems.not_written(error))}
        except Exception as error:  # noqa: BLE001 - one file must not stop the others
            return FileStatus.FAILED, {"error": f"{type(error).__name__} (this is a bug; report it)"}

    def _get(self) -> _Ended:
        if is_own_file(self._job.provider, self._job.asset.href):
            return self._copy()
        source = Source(self._job, opener=self._opener, access=self._ask, deadline=self._deadline)
        if scheme(self._job.asset.href) not in {"http", "https"}:
            source.repeat(source.access)
        self._job.path.parent.mkdir(parents=True, exist_ok=True)
        with alone(self._job.path, self._deadline):
            if not self._overwrite and self._is_there(source):
                return FileStatus.THERE, {"size": self._job.path.stat().st_size}
            return self._download(source)

    def _copy(self) -> _Ended:
        file = Path(self._ask(self._job.provider, self._job.asset).href)
        self._job.path.parent.mkdir(parents=True, exist_ok=True)
        with alone(self._job.path, self._deadline):
            copied = copy_file(file, self._part, overwrite=self._overwrite)
            size = self._gauge.have = self._job.path.stat().st_size
            return FileStatus.DONE if copied else FileStatus.THERE, {"size": size}

    def _is_there(self, source: Source) -> bool:
        """Whether the whole file is there: of the size the catalogue says, or else the server."""
        if not self._job.path.is_file():
            return False
        size = self._gauge.have = self._job.path.stat().st_size
        if self._job.size is not None:
            return size == self._job.size
        return size == source.repeat(lambda: _size_there(source))

    def _download(self, source: Source) -> _Ended:
        filler = Filler(self._part, source, self._gauge, size=self._job.size)
        source.repeat(filler.fill)
        size = self._part.size
        filler.check_size(size)
        try:
            checked = checksum.check(self._part.path, self._job.checksum)
        except AssetUnreadable:
            self._part.drop()
            raise
        self._part.finish()
        return FileStatus.DONE, {"size": size, "checked": checked.kind, "note": checked.note}


def _size_there(source: Source) -> int | None:
    with source.opened({"Range": "bytes=0-0"}) as answer:
        if answer.status_code != HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            problems.check_status(answer, source.host, source.provider)
        return Version.of(answer).total
