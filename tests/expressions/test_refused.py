"""Nothing but band arithmetic gets in, and refusing it costs next to nothing."""

from __future__ import annotations

import ast
import sys
import tracemalloc
from pathlib import Path

import pytest

import multisat.expressions
from multisat.errors import UsageError
from multisat.expressions import parse

ATTEMPTS = {
    "import": "__import__('os')",
    "import called": "__import__('os').system('id')",
    "import by name": "__import__(os)",
    "dunder name": "__builtins__",
    "leading underscore": "_nir",
    "class of a tuple": "().__class__",
    "class of a band": "nir.__class__",
    "subclasses": "().__class__.__bases__[0].__subclasses__()",
    "attribute": "nir.real",
    "attribute of a number": "1..real",
    "method": "nir.tofile(red)",
    "subscript": "nir[0]",
    "slice": "nir[::2]",
    "getattr": "getattr(nir, red)",
    "eval": "eval(nir)",
    "exec": "exec(nir)",
    "open": "open(nir)",
    "string": "'nir'",
    "double quotes": '"nir"',
    "bytes": "b'nir'",
    "triple quotes": "'''nir'''",
    "f-string": "f'{nir}'",
    "lambda": "lambda: nir",
    "lambda of a band": "(lambda x: x)(nir)",
    "walrus": "(a := nir)",
    "assignment": "a = nir",
    "augmented assignment": "a += nir",
    "list": "[nir]",
    "list comprehension": "[a for a in nir]",
    "generator": "max(a for a in nir)",
    "set": "{nir}",
    "dictionary": "{nir: red}",
    "tuple": "nir, red",
    "empty tuple": "()",
    "star": "max(*nir)",
    "double star": "max(**nir)",
    "keyword": "max(nir, red, key=abs)",
    "trailing comma": "max(nir, red,)",
    "ternary": "nir if red else blue",
    "and": "nir and red",
    "not": "not nir",
    "comparison": "nir < red",
    "equality": "nir == red",
    "in": "nir in red",
    "is": "nir is red",
    "await": "await nir",
    "yield": "(yield nir)",
    "import statement": "import os",
    "two statements": "nir; red",
    "two lines": "nir\nred",
    "comment": "nir # red",
    "continued line": "nir + \\\n red",
    "decorator": "@nir",
    "matrix product": "nir @ red",
    "floor division": "nir // red",
    "modulo": "nir % red",
    "bits and": "nir & red",
    "bits or": "nir | red",
    "caret": "nir ^ 2",
    "tilde": "~nir",
    "shift": "1 << 100000",
    "ellipsis": "...",
    "backticks": "`nir`",
    "dollar": "${nir}",
    "null byte": "nir\x00",
    "null byte alone": "\x00",
    "escape": "nir\x1b[2J",
    "vertical tab": "nir\x0b+ red",
    "wide letters": "\uff4e\uff49\uff52",
    "combining": "ni\u0301r",
    "Greek": "\u03b1 * nir",
    "minus sign": "nir \u2212 red",
    "superscript": "nir\u00b2",
    "Arabic digits": "\u0663 * nir",
    "no-break space": "nir\u00a0+ red",
    "right to left": "nir\u202e + red",
    "surrogate": "nir\ud800",
    "byte order mark": "\ufeffnir",
    "imaginary": "1j * nir",
    "hexadecimal": "0xff",
    "grouped digits": "1_000",
    "number too large": "1e999",
    "digits too many": "9" * 1999,
    "infinity": "1e308 + 1e309",
    "tower": "9**9**9",
    "tower of four": "9**9**9**9",
    "tower in parentheses": "9**(9**9)",
    "large exponent": "nir ** 1e9",
    "large negative exponent": "nir ** -1000000000",
    "large fraction": "nir ** (1e300 / 1e-8)",
    "fraction by zero": "nir ** (1 / 0)",
    "exponent by a function": "nir ** exp(700)",
    "calling a band": "nir(red)",
    "calling a number": "2(nir)",
    "calling twice": "abs(nir)(red)",
    "function without a call": "max",
    "too few arguments": "max(nir)",
    "too many arguments": "sqrt(nir, red)",
    "no arguments": "sqrt()",
    "nothing": "",
    "blanks": "  \n ",
    "operator alone": "*",
    "ends early": "nir +",
    "two operands": "nir red",
    "number and name": "2nir",
    "never closed": "(nir",
    "never opened": "nir)",
    "crossed": "max(nir, (red)",
    "parentheses": "(" * 900 + "nir" + ")" * 900,
    "parentheses never closed": "(" * 2000,
    "signs": "-" * 1999 + "a",
    "long sum": "+".join("a" * 1000),
    "long tower": "**".join("a" * 666),
    "calls in calls": "abs(" * 300 + "a" + ")" * 300,
    "a megabyte": "nir+" * 250_000 + "nir",
    "a megabyte of parentheses": "(" * 1_000_000,
    "a megabyte of digits": "9" * 1_000_000,
    "a megabyte of blanks": " " * 1_000_000 + "nir",
    "grows when written": "+".join(["(" + "+".join(["1e15"] * 12) + ")"] * 30),
}


@pytest.mark.parametrize("source", ATTEMPTS.values(), ids=ATTEMPTS)
def test_it_is_refused_with_the_next_step(source):
    with pytest.raises(UsageError) as caught:
        parse(source)
    assert caught.value.hint
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize("source", [None, 3, b"nir", ["nir"], Path("nir")])
def test_what_is_not_text_is_refused(source):
    with pytest.raises(UsageError, match="is text, not"):
        parse(source)


@pytest.mark.parametrize(
    ("source", "position"),
    [
        ("(nir - red) / nir.real", 18),
        ("nir +* red", 6),
        ("  $", 3),
        ("nir\n+ red!", 10),
        ("(nir", 5),
        ("1 + open(nir)", 5),
        ("nir ** 1e9", 5),
        ("nir + 1e999", 7),
    ],
)
def test_the_message_says_where(source, position):
    with pytest.raises(UsageError, match=f"^character {position}: "):
        parse(source)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("a megabyte", "longer than 2000"),
        ("grows when written", "longer than 2000"),
        ("parentheses", "inside one another"),
        ("signs", "inside one another"),
        ("long sum", "inside one another"),
        ("long tower", "inside one another"),
        ("tower", "exponent"),
        ("caret", r"\*\* for a power"),
    ],
)
def test_it_is_refused_for_the_right_reason(name, words):
    with pytest.raises(UsageError, match=words):
        parse(ATTEMPTS[name])


def test_refusing_takes_little_memory():
    """Bounded by the limits, not by what is given: the table holds inputs of a megabyte."""
    tracemalloc.start()
    try:
        for source in ATTEMPTS.values():
            with pytest.raises(UsageError):
                parse(source)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 2_000_000


def test_python_compiles_imports_and_opens_nothing_meanwhile():
    seen, watching = [], [False]
    sys.addaudithook(lambda event, _: seen.append(event) if watching[0] else None)
    watching[0] = True
    for source in (*ATTEMPTS.values(), "(nir - red) / (nir + red)"):
        try:
            parse(source)
        except UsageError:
            continue
    watching[0] = False
    assert seen == []
    watching[0] = True
    compile("1", "watched", "eval")
    watching[0] = False
    assert "compile" in seen


def test_the_package_never_calls_what_runs_text():
    folder = Path(multisat.expressions.__file__).parent
    calls = [
        node.func.id
        for path in folder.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    ]
    assert len(calls) > 50
    assert not {"eval", "exec", "compile", "getattr", "setattr", "__import__", "globals", "vars"} & set(calls)
