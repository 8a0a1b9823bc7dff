"""A Python in which nothing can be imported that xlwings Lite has not got: what a browser's Python is like."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

HEAVY = (
    *("fastexcel", "python_calamine", "pyopenvba", "duckdb", "ibis", "typer", "rich", "click"),
    *("psutil", "filelock", "charset_normalizer", "rapidfuzz", "pyarrow", "openpyxl", "keyring"),
)
"""Packages that the core must not need: readers of files, databases, the terminal, the add-in's maker."""

FRAMES = ("pandas", "numpy")
"""What the formulas must not need besides."""

_BLOCKING = """
import importlib.abc, sys
class Blocked(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {names!r}:
            raise ModuleNotFoundError("blocked: " + name, name=name)
sys.meta_path.insert(0, Blocked())
"""


def block_imports(*names: str) -> str:
    """Return code that makes the import of some packages fail."""
    return _BLOCKING.format(names=set(names))


def run_blocked(code: str, *names: str) -> str:
    """Run code in a Python of its own without some packages; return what it prints."""
    done = subprocess.run(
        [sys.executable, "-c", block_imports(*names) + code],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).resolve().parents[2],
        env={**os.environ, "XLWINGS_ON_SERVER": "true", "XLWINGS_LICENSE_KEY": "noncommercial"},
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout
