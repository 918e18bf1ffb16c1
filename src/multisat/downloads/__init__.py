"""Whole files of scenes into a folder: resumed, checked, and never in the way of each other."""

from __future__ import annotations

from multisat.downloads.outcome import Download, Downloads, FileStatus, Progress
from multisat.downloads.run import download_scenes

__all__ = ["Download", "Downloads", "FileStatus", "Progress", "download_scenes"]
