"""Asking a service over HTTP: bounded in time, size and tries; no login is ever picked up by itself."""

from __future__ import annotations

from multisat.http.answers import Answer
from multisat.http.client import HttpClient

__all__ = ["Answer", "HttpClient"]
