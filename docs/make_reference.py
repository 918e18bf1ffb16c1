"""Write the pages of the reference that come from the code: commands, settings, errors.

uv run python docs/make_reference.py          # rewrite
uv run python docs/make_reference.py --check  # fail if a page is stale
"""

from __future__ import annotations

import html
import inspect
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import click
from make_tables import table
from marked import make
from settings_table import FOREIGN, LOGIN_FILES, OWN, SETTINGS, variable

from multisat import errors
from multisat.auth.credential import PARTS
from multisat.auth.wants import WANTS, Want
from multisat.cli.main import main as command_line

FOLDER = Path(__file__).parent / "reference"


def commands() -> str:
    """Return every verb, its usage, its options, its examples."""
    top = click.Context(command_line, info_name="multisat")
    return "\n\n".join([table(("verb", "what it does"), _verbs(top)), *_pages(top)])


def _verbs(top: click.Context) -> Iterator[tuple[str, str]]:
    for name in command_line.list_commands(top):
        command = _found(command_line, top, name)
        yield f"[`{name}`](#multisat-{name})", _sentence(command)


def _pages(top: click.Context) -> Iterator[str]:
    for name in command_line.list_commands(top):
        command = _found(command_line, top, name)
        yield from _page(command, top, name)
        if isinstance(command, click.Group):
            here = click.Context(command, info_name=name, parent=top)
            for below in command.list_commands(here):
                yield from _page(_found(command, here, below), here, below)


def _found(group: click.Group, context: click.Context, name: str) -> click.Command:
    command = group.get_command(context, name)
    if command is None:
        raise LookupError(name)
    return command


def _page(command: click.Command, parent: click.Context, name: str) -> Iterator[str]:
    """Give the blocks of one verb: what it does, its usage, its options, its examples."""
    here = click.Context(command, info_name=name, parent=parent)
    level = "##" if parent.parent is None else "###"
    yield f"{level} multisat {here.command_path.partition(' ')[2]}"
    yield from _paragraphs(command)
    yield _verbatim(f"{here.command_path} {_usage(command, here)}")
    options = [one.get_help_record(here) for one in command.params if isinstance(one, click.Option)]
    rows = [(f"<code>{_cell(names)}</code>", _cell(said)) for names, said in filter(None, options)]
    if rows:
        yield table(("option", "meaning"), rows)
    yield _verbatim(_examples(command))


def _usage(command: click.Command, here: click.Context) -> str:
    if isinstance(command, click.Group):  # click's versions differ in how they write what may be left out
        return "[OPTIONS] [COMMAND]" if command.invoke_without_command else "[OPTIONS] COMMAND"
    return " ".join(command.collect_usage_pieces(here))


def _paragraphs(command: click.Command) -> Iterator[str]:
    text = inspect.cleandoc(command.help or "").partition("\f")[0]
    for one in text.split("\n\n"):
        yield _verbatim(one[2:]) if one.startswith("\b\n") else one.replace("<", "&lt;")


def _verbatim(text: str) -> str:
    return textwrap.indent(text, "    ")


def _sentence(command: click.Command) -> str:
    return " ".join(next(_paragraphs(command)).split())


def _examples(command: click.Command) -> str:
    return "\n".join(line.strip() for line in (command.epilog or "").splitlines() if line.startswith("  "))


def _cell(text: str) -> str:
    return html.escape(" ".join(text.split()), quote=False).replace("|", "&#124;")


def own_settings() -> str:
    """Return the variables of multisat itself."""
    return table(("variable", "meaning"), _coded(OWN))


def provider_settings() -> str:
    """Return the settings of providers."""
    rows = [(f"`{owner}`", f"`{key}`<br>`{variable(owner, key)}`", said) for owner, key, said in SETTINGS]
    return table(("provider", "key in the file, variable", "meaning"), rows)


def foreign_settings() -> str:
    """Return the variables of other tools that are read, too."""
    return table(("variable", "meaning"), _coded(FOREIGN))


def _coded(rows: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    return ((f"`{name}`", said) for name, said in rows)


def logins() -> str:
    """Return what each archive takes for a login."""
    return table(("provider", "takes", "variables, the first complete one counts", "files"), _logins())


def _logins() -> Iterator[tuple[str, str, str, str]]:
    for want in WANTS.values():
        own = [[variable(owner, part) for part in PARTS[kind]] for owner, kind in _owned(want)]
        named = [list(names) for _, names in want.variables]
        ways = "; ".join(" and ".join(f"`{name}`" for name in way) for way in [*own, *named])
        yield f"`{want.provider}`", ", ".join(want.kinds), ways, ", ".join(LOGIN_FILES[f] for f in want.files)


def _owned(want: Want) -> list[tuple[str, str]]:
    owners = [name for name in (want.provider, want.shared) if name]
    return [(owner, kind) for owner in owners for kind in want.kinds]


def exit_codes() -> str:
    """Return the errors with what the command line ends with."""
    rows = [
        (f"[`{one.__name__}`][multisat.{one.__name__}]", _parents(one), one.exit_code, _said(one))
        for one in _named()
        if issubclass(one, errors.MultisatError)
    ]
    return table(("error", "is a", "exit code", "when"), rows)


def each_error() -> str:
    """Return where the docstring of each error goes."""
    return "\n\n".join(f"::: multisat.{one.__name__}" for one in _named())


def _named() -> list[type[Exception]]:
    return [one for one in vars(errors).values() if inspect.isclass(one) and issubclass(one, Exception)]


def _parents(error: type[BaseException]) -> str:
    return ", ".join(f"`{base.__name__}`" for base in error.__bases__)


def _said(error: type[BaseException]) -> str:
    return inspect.getdoc(error).splitlines()[0]  # type: ignore[union-attr]


MADE: dict[str, Callable[[], str]] = {
    "commands": commands,
    "own-settings": own_settings,
    "provider-settings": provider_settings,
    "foreign-settings": foreign_settings,
    "logins": logins,
    "exit-codes": exit_codes,
    "errors": each_error,
}


if __name__ == "__main__":
    sys.exit(make(sorted(FOLDER.glob("*.md")), MADE))
