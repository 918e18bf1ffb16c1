"""Credentials: found where users keep them, bound to the hosts they belong to, never shown."""

from __future__ import annotations

from multisat.auth.credential import Credential
from multisat.auth.finding import find
from multisat.auth.given import give
from multisat.auth.secret import Secret

__all__ = ["Credential", "Secret", "find", "give"]
