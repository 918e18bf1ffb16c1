"""Reading and writing expressions, judged by Python's own parser and arithmetic."""

from __future__ import annotations

import ast
import math
import pickle

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from multisat.errors import UsageError
from multisat.expressions import FUNCTIONS, Binary, Call, Name, Number, Unary, evaluate, names, parse, text

BANDS = ("nir", "red", "swir16", "rededge1", "C1", "L")
SIGNS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**"}
EXACT = {
    "abs": abs,
    "sqrt": math.sqrt,
    "min": lambda *values: math.nan if any(map(math.isnan, values)) else min(values),
    "max": lambda *values: math.nan if any(map(math.isnan, values)) else max(values),
    "nd": lambda a, b: (a - b) / (a + b),
}
"""Functions that IEEE 754 rounds in one way only, as it does + - * and /."""


def call(parts, functions):
    def of(function):
        least, most = FUNCTIONS[function]
        arguments = st.lists(parts, min_size=least, max_size=most or least + 2).map(tuple)
        return st.builds(Call, function=st.just(function), arguments=arguments)

    return st.sampled_from(sorted(functions)).flatmap(of)


def larger(parts):
    exponents = st.builds(Name, name=st.sampled_from(BANDS)) | st.builds(
        Number, value=st.floats(0, 100, exclude_min=True)
    )
    return (
        st.builds(Unary, operand=parts)
        | st.builds(Binary, op=st.sampled_from("+-*/"), left=parts, right=parts)
        | st.builds(
            Binary, op=st.just("**"), left=parts, right=exponents | st.builds(Unary, operand=exponents)
        )
        | call(parts, FUNCTIONS)
    )


sizes = st.floats(0, allow_infinity=False, allow_nan=False) | st.integers(0, 10**6).map(float)
leaves = st.builds(Name, name=st.sampled_from(BANDS)) | st.builds(Number, value=sizes.map(abs))
expressions = st.recursive(leaves, larger, max_leaves=20)
exact = st.recursive(
    leaves,
    lambda parts: (
        st.builds(Unary, operand=parts)
        | st.builds(Binary, op=st.sampled_from("+-*/"), left=parts, right=parts)
        | call(parts, EXACT)
    ),
    max_leaves=20,
)


def ours(node):
    """Python's syntax tree in our terms, unary plus left out."""
    match node:
        case ast.Constant(value=value):
            return Number(value=value)
        case ast.Name(id=name):
            return Name(name=name)
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return ours(operand)
        case ast.UnaryOp(operand=operand):
            return Unary(operand=ours(operand))
        case ast.BinOp(op=op, left=left, right=right):
            return Binary(op=SIGNS[type(op)], left=ours(left), right=ours(right))
        case ast.Call(func=function, args=arguments):
            return Call(function=function.id, arguments=tuple(map(ours, arguments)))


@st.composite
def written(draw, depth=3):
    """Infix text with signs and parentheses anywhere, also where they change nothing."""
    parts = []
    for _ in range(draw(st.integers(1, 4))):
        signs = draw(st.sampled_from(("", "", "-", "+", "- -")))
        if depth and draw(st.booleans()):
            operand = f"({draw(written(depth=depth - 1))})"
        else:
            operand = draw(st.sampled_from((*BANDS, "2", ".5", "1e-3", "3.")))
        parts.append(signs + operand)
        parts.append(draw(st.sampled_from(("+", " - ", "*", " / ", "**", " ** "))))
    return "".join(parts[:-1])


@given(expressions)
def test_what_is_written_reads_as_the_same(expression):
    assert parse(text(expression)) == expression
    assert text(parse(text(expression))) == text(expression)


@given(expressions)
def test_what_is_written_is_python_of_the_same_meaning(expression):
    assert ours(ast.parse(text(expression), mode="eval").body) == expression


@given(written())
def test_operators_bind_as_in_python(source):
    theirs = ast.parse(source, mode="eval").body
    try:
        expected = ours(theirs)
    except UsageError:  # an exponent made of numbers, too involved for us
        with pytest.raises(UsageError, match="exponent"):
            parse(source)
    else:
        assert parse(source) == expected


@given(exact, st.lists(st.floats(-10, 10, width=32), min_size=len(BANDS), max_size=len(BANDS)))
def test_values_are_those_of_pythons_own_arithmetic(expression, numbers):
    values = dict(zip(BANDS, numbers, strict=True))
    try:
        expected = eval(text(expression), {"__builtins__": {}, **EXACT}, values)
    except (ZeroDivisionError, ValueError):
        assume(False)  # Python raises where IEEE 754 goes on with inf and nan
    with np.errstate(over="ignore"):
        rounded = np.float32(expected)
    np.testing.assert_array_equal(
        evaluate(expression, values), rounded if np.isfinite(rounded) else np.float32(np.nan)
    )


@given(st.floats(0.001, 100), st.floats(-10, 10))
def test_powers_are_those_of_the_c_library(base, exponent):
    found = evaluate(parse("base ** exponent"), {"base": base, "exponent": exponent})
    assert found == pytest.approx(math.pow(base, exponent), rel=1e-6)


@pytest.mark.parametrize(
    ("source", "canonical"),
    [
        ("(nir-red)/(nir+red)", "(nir - red) / (nir + red)"),
        ("-a**2", "-a ** 2"),
        ("(-a)**2", "(-a) ** 2"),
        ("a**b**c", "a ** b ** c"),
        ("(a**b)**c", "(a ** b) ** c"),
        ("2**-a*b", "2 ** -a * b"),
        ("a-(b-c)", "a - (b - c)"),
        ("((a-b))-c", "a - b - c"),
        ("a/(b*c)", "a / (b * c)"),
        ("-(a*b)", "-(a * b)"),
        ("+a - -b", "a - -b"),
        ("1.0 + 0.50 + 1E5 + .1", "1 + 0.5 + 100000 + 0.1"),
        ("1e-10", "1e-10"),
        ("\n min ( a ,\tb,2 ) \r\n", "min(a, b, 2)"),
        ("nd(nir, red)", "nd(nir, red)"),
        ("a ** (1/3)", "a ** (1 / 3)"),
    ],
)
def test_there_is_one_way_to_write_it(source, canonical):
    assert text(parse(source)) == canonical
    assert text(parse(canonical)) == canonical


def test_names_come_once_in_order_of_appearance():
    assert names(parse("max(swir16, red) * nir ** L - red / C1 + sqrt(swir16)")) == (
        "swir16",
        "red",
        "nir",
        "L",
        "C1",
    )
    assert names(parse("2 * 3")) == ()


def test_an_expression_is_a_value():
    one, other = parse("a + 2 * sqrt(b)"), parse("a+2.0*sqrt( b )")
    assert one == other
    assert len({one, other}) == 1
    assert pickle.loads(pickle.dumps(one)) == one
    with pytest.raises(AttributeError):
        one.op = "-"


def test_the_limits_let_through_what_they_promise():
    """Fifty operations inside one another, written with every parenthesis, and 2,000 characters."""
    right = "a" + "-(a" * 49 + ")" * 49
    assert parse(right).height == 50
    assert parse(text(parse(right))) == parse(right)
    assert parse("-" * 49 + "a").height == parse("+".join("a" * 50)).height == 50
    for source in ("-" * 50 + "a", "+".join("a" * 51), "abs(" * 50 + "a" + ")" * 50):
        with pytest.raises(UsageError, match="more than 50 operations"):
            parse(source)
    assert parse("a" + " " * 1999) == Name(name="a")
    assert np.isfinite(evaluate(parse(right), {"a": 1.0}))


@pytest.mark.parametrize(
    "make",
    [
        lambda: Number(value=-1.0),
        lambda: Number(value=-0.0),
        lambda: Number(value=math.nan),
        lambda: Name(name="os.system"),
        lambda: Name(name="__class__"),
        lambda: Name(name="nir\n"),
        lambda: Name(name="sqrt"),
        lambda: Binary(op="//", left=Name(name="a"), right=Name(name="b")),
        lambda: Call(function="eval", arguments=(Name(name="a"),)),
        lambda: Call(function="sqrt", arguments=()),
        lambda: Binary(op="**", left=Name(name="a"), right=Number(value=101)),
    ],
)
def test_a_node_that_could_not_be_read_back_cannot_be_made(make):
    with pytest.raises(UsageError):
        make()
