"""Kernels of the kernel indices, written out in our own grammar."""

from __future__ import annotations

from multisat.expressions.nodes import Expression, Number, number, substitute
from multisat.expressions.parsing import parse

_RBF = parse("exp(-(a - b) ** 2 / (2 * sigma ** 2))")
_SIGMA = parse("0.5 * (a + b)")


def kernel(a: Expression, b: Expression, *, sigma: float | None = None) -> Expression:
    """Return the radial basis function k(a, b) of Camps-Valls et al. 2021, doi:10.1126/sciadv.abc7447.

    Args:
        a: A band or a constant.
        b: Another; with the same one the kernel is 1.
        sigma: Length scale in the unit of the bands; by default 0.5 * (a + b), for each pixel.
    """
    if a == b:
        return Number(value=1)
    pair = {"a": a, "b": b}
    scale = substitute(_SIGMA, pair) if sigma is None else number(sigma)
    return substitute(_RBF, pair | {"sigma": scale})
