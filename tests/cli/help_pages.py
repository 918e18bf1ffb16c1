"""Help pages as a user sees them, their examples, and running a line of them as a shell would."""

import os
import re
import shlex
import subprocess
import sys
import warnings
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import click
from click.testing import CliRunner

from multisat.cli import main

FILES = {"-o", "--out", "--save", "--plot", "--preview"}
"""Options that name what is written."""
JOB = re.compile(r"\b(?:async|j)-[0-9a-f]{8,}\b")
"""The id of a batch job on a page, where a service gives another one."""


@dataclass(frozen=True, kw_only=True)
class Page:
    """A help page.

    Attributes:
        name: Such as ``"multisat jobs get"``.
        command: What it is about.
        text: What is shown.
    """

    name: str
    command: click.Command
    text: str

    @property
    def lines(self):
        """The examples, from top to bottom."""
        _, _, after = self.text.partition("Example")
        return [line.strip() for line in after.splitlines()[1:]]


def pages(command=main, name="multisat", parent=None):
    """Give the page of a command, and those of the commands below it."""
    with click.Context(command, info_name=name, parent=parent) as context:
        whole = f"{parent.command_path} {name}" if parent else name
        yield Page(name=whole, command=command, text=command.get_help(context))
        if isinstance(command, click.Group):
            for below in command.list_commands(context):
                yield from pages(command.get_command(context, below), below, context)


@dataclass(frozen=True, kw_only=True)
class Done:
    """What a line did: exit code of its last command, and all that was said."""

    code: int
    out: str
    said: str


def run_line(line):
    """Run a line in this folder: ``multisat`` in this process, with pipes and ``<``, and anything else by a shell.

    The demo has a process of its own, for it points the plugins of the one it is in at stand-ins.
    """
    if not line.startswith("multisat ") or line.startswith("multisat demo"):
        return in_shell(line)
    out, said = None, ""
    for stage in line.split(" | "):
        words, _, source = stage.partition(" < ")
        typed = Path(source.strip()).read_text() if source else out
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            done = CliRunner().invoke(main, shlex.split(words)[1:], input=typed)
        out, said = done.stdout, said + done.stderr
    return Done(code=done.exit_code, out=out, said=said)


def in_shell(line):
    """Run a line in bash, where ``multisat`` is this one."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", line],
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return Done(code=done.returncode, out=done.stdout, said=done.stderr)


def written(line):
    """Paths that a line writes; none if it only says what it would do, or a service does it later."""
    if {"--dry-run", "--no-wait"} & set(line.split()):
        return []
    words = shlex.split(line)
    return [Path(path) for option, path in pairwise(words) if option in FILES]
