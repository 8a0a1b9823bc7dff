"""How much of the rooms that read, write and draw workbooks the tests run, line by line and branch by branch.

    uv run --with coverage python -m tests.cover              # the first tier of the tests of these rooms
    uv run --with coverage python -m tests.cover --all        # with the second tier
    uv run --with coverage python -m tests.cover --rooms sources reading

Coverage is no dependency. What the tests start as a process of its own is counted too; a share is that of coverage:
lines and branches that were taken of all there are, what is excused with ``# pragma: no cover`` left out.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]

WANTED = 98.0
"""Percent of each room."""

TESTS: Mapping[str, tuple[str, ...]] = {
    "ooxml": ("lossless", "bad_input", "hosts", "mishaps", "language/test_sheets.py", "test_refresh.py"),
    "sources": ("sources",),
}
"""Which tests run a room."""


def count_rooms(report: Mapping[str, Any], rooms: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Return how many lines and branches of each room were taken, and how many there are, from coverage's JSON."""
    counts = {room: (0, 0) for room in rooms}
    for name, file in report["files"].items():
        room = Path(name).parts[1]
        if room in counts:
            taken, of = counts[room]
            summary = file["summary"]
            taken += summary["covered_lines"] + summary["covered_branches"]
            counts[room] = taken, of + summary["num_statements"] + summary["num_branches"]
    return counts
