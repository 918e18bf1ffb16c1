"""From errors to one line on standard error and an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any

import click

from multisat.errors import MultisatError


def guarded(work: Callable[[], Any], *, debug: bool) -> Any:  # noqa: ANN401 - whatever the command gives
    """Run a command; say what went wrong in one line and end with the error's exit code.

    Args:
        work: The command.
        debug: Whether to let tracebacks through.
    """
    try:
        return work()
    except MultisatError as error:
        if debug:
            raise
        _say(str(error))
        sys.exit(error.exit_code)
    except (click.exceptions.Exit, click.Abort, click.ClickException):
        raise
    except BrokenPipeError:
        # The reader of our output has gone; keep Python from complaining again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as error:
        if debug:
            raise
        _say(f"{type(error).__name__}: {error} (this is a bug; run again with --debug and report it)")
        sys.exit(MultisatError.exit_code)


def _say(text: str) -> None:
    click.secho("error: ", fg="red", err=True, nl=False)
    click.echo(text, err=True)
