"""Running asynchronous work from ordinary code: in scripts, in notebooks, and on workers."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Iterable
from concurrent.futures import Future
from typing import Any, TypeVar

T = TypeVar("T")


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end on an event loop of its own thread, and return its result.

    An interrupt of the caller cancels the work and waits until it has stopped.
    """
    done: Future[T] = Future()
    loop = asyncio.new_event_loop()
    task = loop.create_task(work)
    thread = threading.Thread(target=_serve, args=(loop, task, done), name="multisat-loop", daemon=True)
    thread.start()
    try:
        return done.result()
    except BaseException:
        if not done.done():
            loop.call_soon_threadsafe(task.cancel)
        raise
    finally:
        thread.join()


def _serve(loop: asyncio.AbstractEventLoop, task: asyncio.Task[T], done: Future[T]) -> None:
    with asyncio.Runner(loop_factory=lambda: loop):
        try:
            result = loop.run_until_complete(task)
        except BaseException as error:  # noqa: BLE001 - carried to the caller, whatever it is
            done.set_exception(error)
        else:
            done.set_result(result)


async def together(works: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """Run coroutines side by side and return their results in order.

    The first one that fails ends the others, and its error is raised as it is.
    """
    first: BaseException | None = None
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(work) for work in works]
    except BaseExceptionGroup as failed:
        first = failed.exceptions[0]
    if first is not None:
        # Not within the block above: an error whose context holds itself cannot be sent by workers.
        raise first
    return [task.result() for task in tasks]
