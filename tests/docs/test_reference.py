"""The reference shows every public name, verb, error and setting, as the code has them."""

import ast
import re
import subprocess
import sys
from functools import cache
from importlib import import_module

import click
from tests.docs.pages import DOCS, ROOT, bare, found, shown
from tests.docs.public import EXTRA, objects

from multisat.cli.main import main

MODULES = ("", ".contracts", ".errors", ".model", ".plugins", ".recipe", ".stac", ".steps", ".testing")
"""All of whose public classes and functions are shown."""
OURS = re.compile(r"MULTISAT_[A-Z_]+(?<!_URL)")
NAME = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)+")
UNSEEN = ("sandbox", "testing", "tests", "multisat-example-folder", "secure_demo.py", "secure_tools.py")
"""Where variables are made for others to read, or where a template reads its own."""


def test_every_public_name_is_shown():
    pages = [found(name) for name in shown()]
    wanted = {f"multisat{home}": import_module(f"multisat{home}") for home in MODULES}
    names = [(home, name) for home, module in wanted.items() for name in getattr(module, "__all__", ())]
    public = [f"{home}.{name}" for home, name in names if isinstance(getattr(wanted[home], name), type)]
    public += [f"{home}.{name}" for home, name in names if getattr(wanted[home], name) in objects().values()]
    assert len(public) > 100
    assert [name for name in (*public, *EXTRA) if found(name) not in pages] == []


def test_every_name_is_shown_once():
    things = [id(found(name)) for name in shown()]
    assert sorted(set(things)) == sorted(things)


def test_what_is_made_from_the_code_is_fresh():
    command = [sys.executable, DOCS / "make_reference.py", "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_every_verb_is_shown_with_an_example():
    text = (DOCS / "reference/commands.md").read_text()
    for path, command in verbs(main, click.Context(main, info_name="multisat")):
        _, heading, rest = text.partition(f"# {path}\n")
        assert heading, path
        part = rest.partition("\n##")[0]
        lines = [line for line in part.splitlines() if line.startswith("    ") and "[OPTIONS]" not in line]
        assert any(path in line for line in lines), path
        options = [one for one in command.params if isinstance(one, click.Option) and not one.hidden]
        assert [name for one in options for name in one.opts if name not in part] == []


def verbs(group, context):
    """Every verb below a group, with its full name."""
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        below = click.Context(command, info_name=name, parent=context)
        yield below.command_path, command
        if isinstance(command, click.Group):
            yield from verbs(command, below)


def test_every_setting_that_is_read_is_shown():
    text = (DOCS / "reference/settings.md").read_text()
    assert [name for name in sorted(variables()) if f"`{name}`" not in text] == []
    assert [key for key in sorted(keys()) if f"| `{key}`<br>" not in text] == []


def test_every_setting_that_is_shown_is_read():
    text = (DOCS / "reference/settings.md").read_text()
    assert [
        key for key in re.findall(r"^\| `[\w-]+` \| `(\w+)`<br>", text, re.MULTILINE) if key not in keys()
    ] == []
    own = re.findall(r"^\| `(MULTISAT_\w+)` \|", text, re.MULTILINE)
    assert [name for name in own if name not in variables()] == []


def keys():
    """The keys of providers' settings that the code asks for."""
    calls = (
        node for node in nodes() if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "setting"
    )
    return {call.args[1].value for call in calls if isinstance(call.args[1], ast.Constant)}


def variables():
    """The environment variables that the code asks for by name, and all that are called ours."""
    asked = [
        one.args[0] for one in nodes() if isinstance(one, ast.Call) and environment(one.func, "environ.get")
    ]
    taken = [
        one.slice for one in nodes() if isinstance(one, ast.Subscript) and environment(one.value, "environ")
    ]
    ours = [one for one in nodes() if isinstance(one, ast.Constant) and OURS.fullmatch(str(one.value))]
    wants = [one for one in nodes() if isinstance(one, ast.keyword) and one.arg == "variables"]
    logins = [
        one for want in wants for one in ast.walk(want) if NAME.fullmatch(str(getattr(one, "value", "")))
    ]
    return {one.value for one in (*asked, *taken, *ours, *logins) if isinstance(one, ast.Constant)}


def environment(node, name):
    return ast.unparse(node).endswith(name)


@cache
def nodes():
    """Everything in the sources that read a setting."""
    sources = [*ROOT.glob("src/**/*.py"), *ROOT.glob("plugins/*/src/**/*.py")]
    texts = [path.read_text() for path in sources if not {*path.parts} & set(UNSEEN)]
    return [
        one
        for text in texts
        if re.search(r"environ|setting\(|variables=", text)
        for one in ast.walk(ast.parse(text))
    ]


def test_every_page_is_in_the_navigation_once():
    nav = re.findall(r"^\s+- (?:.*: )?([\w/-]+\.md)$", (ROOT / "mkdocs.yml").read_text(), re.MULTILINE)
    there = [str(page.relative_to(DOCS)) for page in DOCS.glob("**/*.md")]
    assert sorted(nav) == sorted(there)


def test_every_page_of_the_reference_is_listed_on_its_first():
    first = DOCS / "reference/index.md"
    others = [page.name for page in first.parent.glob("*.md") if page != first]
    assert [name for name in others if f"]({name})" not in bare(first)] == []
