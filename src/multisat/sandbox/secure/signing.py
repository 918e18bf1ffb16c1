"""Signatures over the parts of an address."""

from __future__ import annotations

import base64
import hmac
from hashlib import sha256


def signature(key: bytes, *parts: str) -> str:
    """Return the signature of some parts as base64 text."""
    return base64.b64encode(hmac.new(key, "\n".join(parts).encode(), sha256).digest()).decode()


def is_right(key: bytes, given: str, *parts: str) -> bool:
    """Whether a signature belongs to some parts."""
    return hmac.compare_digest(given.encode(), signature(key, *parts).encode())
