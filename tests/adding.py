"""Examples of docs/contributing.md: applied to a copy of the package, which is then used."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "contributing.md"

_BLOCK = re.compile(r"^`([^`]+)`:\n\n```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def read_examples(section: str) -> Iterator[tuple[str, str, str]]:
    """Yield the file, the kind and the text of each block in the section whose title begins so."""
    text = PAGE.read_text(encoding="utf-8")
    found = re.search(rf"^## {section}.*?(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found is not None, f"{PAGE.name} has no section {section}"
    yield from _BLOCK.findall(found[0])


def apply_change(text: str, change: str) -> str:
    """Return a text with the lines that a difference adds to it; each of its parts must be there once."""
    for part in re.split(r"^@@.*\n", change, flags=re.MULTILINE):
        lines = part.splitlines()
        before = "".join(f"{line[1:]}\n" for line in lines if not line.startswith("+"))
        after = "".join(f"{line[1:]}\n" for line in lines if not line.startswith("-"))
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    return text


def copy_with(section: str, folder: Path) -> tuple[Path, list[str]]:
    """Copy the package with the examples of a section applied; return the copy and the files that it took."""
    for name in ("xlprofit", "docs"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "images"))
    files = []
    for name, kind, text in read_examples(section):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            apply_change(path.read_text(encoding="utf-8"), text) if kind == "diff" else text, encoding="utf-8"
        )
        files.append(name)
    return folder, files


def run_in(folder: Path, program: str) -> str:
    """Run a program with a copy of the package; return what it prints."""
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=folder,
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},  # the copy is soon gone
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
