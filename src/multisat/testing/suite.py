"""The checks as a suite of pytest, in one line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, ExitStack
from typing import TYPE_CHECKING, Any

from multisat.contracts import Provider
from multisat.testing.running import CHECKS, announced, perform
from multisat.testing.standins import Targets, fresh, stand_in
from multisat.testing.target import Target
from multisat.testing.trial import Skipped, Trial

if TYPE_CHECKING:
    import pytest


def provider_suite(
    provider: str | Callable[[], Provider],
    *,
    target: Target | Targets | None = None,
    expected: Mapping[str, str] | None = None,
) -> Callable[..., None]:
    """Return a test of pytest that runs every check on a provider.

        test_conformance = provider_suite("my-archive")

    Args:
        provider: Name of an installed provider, or what makes one.
        target: Where it is tried: a ``Target``, or a function that gives one for the time of a ``with``
            block, such as one that starts a server. None is the stand-in of a built-in provider, and of
            any other the archive itself.
        expected: Checks that are known to fail, with the reason; it is an error if one passes.

    Raises:
        UsageError: No check has a name that is expected to fail.
    """
    import pytest

    known = announced(expected)
    open_target = targets(provider, target)
    make = fresh(provider) if isinstance(provider, str) else provider
    key: Any = pytest.StashKey[Trial]()

    def test_conformance(request: pytest.FixtureRequest, check: str) -> None:
        trial = _trial(request, key, make, open_target)
        try:
            perform(check, trial)
        except Skipped as reason:
            pytest.skip(str(reason))

    def parameter(name: str) -> Any:  # noqa: ANN401 - pytest keeps the type to itself
        marks = [pytest.mark.xfail(reason=known[name], strict=True)] if name in known else []
        return pytest.param(name, marks=marks)

    test_conformance.__doc__ = f"{provider} does what the contract says."
    marked: Callable[..., None] = pytest.mark.parametrize("check", [*map(parameter, CHECKS)])(
        test_conformance
    )
    return marked


def targets(provider: str | Callable[[], Provider], target: Target | Targets | None) -> Targets:
    """Return what gives the target for the time of a block."""
    from contextlib import nullcontext

    if isinstance(target, Target):
        return lambda: nullcontext(target)
    return target or (lambda: stand_in(provider if isinstance(provider, str) else ""))


def _trial(
    request: pytest.FixtureRequest,
    key: Any,  # noqa: ANN401
    make: Callable[[], Provider],
    open_target: Targets,
) -> Trial:
    """Return the trial of this module's tests; its target is closed with the module."""
    import pytest

    module: Any = request.node.getparent(pytest.Module)
    if key not in module.stash:
        stack = ExitStack()
        module.addfinalizer(stack.close)
        found: AbstractContextManager[Target] = open_target()
        target = stack.enter_context(found)
        module.stash[key] = Trial(make=make, target=target)
    trial: Trial = module.stash[key]
    return trial
