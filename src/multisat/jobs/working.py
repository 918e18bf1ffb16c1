"""Units one after another through a pool; what becomes of each is noted as it ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Future, wait
from dataclasses import dataclass, field

from multisat.contracts import Cost
from multisat.errors import MultisatError
from multisat.jobs.computing import Done, compute
from multisat.jobs.folder import Unwritable
from multisat.jobs.ledger import Ledger
from multisat.jobs.pools import Pool
from multisat.jobs.units import Unit
from multisat.raster.redact import redact

_AHEAD = 2
"""Units handed out for each worker: one at work, one that waits for it."""


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far a job is.

    Attributes:
        done: Units that ended, well or not, now or before.
        total: Units in all.
        failed: Of them, those that failed.
        bytes: Downloaded for them, estimated.
    """

    done: int
    total: int
    failed: int
    bytes: int


@dataclass(kw_only=True)
class Work:
    """What is handed out and what came back.

    Attributes:
        ledger: Where it is noted.
        total: Units in all.
        show: Called after each unit.
        failed: Unit to its error.
        skipped: Scenes that were left out.
        ended: Units that ended.
        bytes: Planned for them.
    """

    ledger: Ledger
    total: int
    show: Callable[[Progress], None]
    failed: dict[str, str] = field(default_factory=dict)
    skipped: list[str] = field(default_factory=list)
    ended: int = 0
    bytes: int = 0

    def through(self, pool: Pool, units: Iterator[Unit]) -> None:
        """Compute units; few wait at a time, so that memory does not grow with their number.

        When it is interrupted, no new unit begins, and those at work are noted when they end.

        Raises:
            Unwritable: The folder takes no more files.
            MultisatError: A worker process ended.
        """
        out: dict[Future[Done], tuple[str, Cost]] = {}
        try:
            for unit in units:
                out[pool.executor.submit(compute, unit)] = unit.key, unit.cost
                if len(out) >= _AHEAD * pool.width:
                    self._settle(out)
            while out:
                self._settle(out)
        except BaseException as error:
            for future in out:
                future.cancel()
            if isinstance(error, KeyboardInterrupt):
                while out:
                    self._settle(out)
            raise

    def _settle(self, out: dict[Future[Done], tuple[str, Cost]]) -> None:
        for future in wait(out, return_when=FIRST_COMPLETED).done:
            key, cost = out.pop(future)
            self._note(future, key, cost)

    def _note(self, future: Future[Done], key: str, cost: Cost) -> None:
        try:
            done = future.result()
        except CancelledError:
            return
        except (Unwritable, KeyboardInterrupt):
            raise
        except BrokenExecutor as error:
            raise MultisatError(
                f"a worker process ended at work ({error})",
                hint="what is finished is kept: give the same command again, with a smaller --tile or "
                "fewer --workers if memory ran out",
            ) from None
        except Exception as error:  # noqa: BLE001 - a unit that fails stops no other
            self.failed[key] = _said(error)
            self.ledger.failed(key, self.failed[key], cost)
        else:
            self.ledger.done(done, cost)
            self.skipped += done.skipped
        self.ended += 1
        self.bytes += cost.bytes
        self.show(Progress(done=self.ended, total=self.total, failed=len(self.failed), bytes=self.bytes))


def _said(error: Exception) -> str:
    text = str(error) if isinstance(error, MultisatError) else f"{type(error).__name__}: {error}"
    return redact(text)
