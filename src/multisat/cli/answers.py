"""Asking for a login on the terminal, or reading it from standard input."""

from __future__ import annotations

import sys
from collections.abc import Mapping

import click

_QUESTIONS: Mapping[str, tuple[str, ...]] = {
    "password": ("username", "password"),
    "token": ("token",),
    "key": ("subscription_key",),
    "client": ("client_id", "client_secret"),
}
_HIDDEN = {"password", "token", "subscription_key", "client_secret"}


def answers(provider: str, kind: str, *, stdin: bool) -> dict[str, str]:
    """Return what was answered; nobody is asked without a terminal.

    Raises:
        CredentialsError: There is no terminal, or an answer is missing.
    """
    from multisat.errors import CredentialsError

    if not stdin and not sys.stdin.isatty():
        raise CredentialsError(
            "there is no terminal to ask on",
            provider=provider,
            hint="give the answers with --stdin, or set variables",
        )
    lines = iter(sys.stdin.read().splitlines()) if stdin else None
    found = {}
    for name in _QUESTIONS[kind]:
        text = name.replace("_", " ").capitalize()
        found[name] = (
            next(lines, "") if lines is not None else click.prompt(text, hide_input=name in _HIDDEN, err=True)
        )
        if not found[name].strip():
            raise CredentialsError(
                f"the {text.lower()} is missing", provider=provider, hint="one answer a line"
            )
    return {name: answer.strip("\r\n") for name, answer in found.items()}
