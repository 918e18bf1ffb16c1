"""The marks by which pluggy knows our hooks."""

from __future__ import annotations

import pluggy

PROJECT = "multisat"
PREFIX = "multisat_"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)
"""Marks a function of a plugin as the implementation of the hook of that name."""
