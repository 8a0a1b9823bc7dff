"""A Python beside this one, where xlwings is not as it is here; it takes seconds to start and is asked many times."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).resolve().parents[2]


class Beside:
    """A process that answers each line of JSON with another, and ends when nobody asks any more."""

    def __init__(self, code: str, **environment: str) -> None:
        """Start it with code that reads the lines."""
        self._process = subprocess.Popen(
            [sys.executable, "-c", code],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=_ROOT,
            env={**os.environ, **environment},
        )

    def answer(self, asked: Mapping[str, object]) -> dict[str, Any]:
        """Return the answer to one line."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, f"it broke off at {str(asked)[-200:]}"
        told: dict[str, Any] = json.loads(line)
        return told

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=30)
