"""Writes the corpus into a folder: ``uv run python -m benchmarks.import_corpus FOLDER``."""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.import_corpus import list_exports


def write_corpus(folder: Path) -> None:
    """Write every export into a folder, and say what it is."""
    folder.mkdir(parents=True, exist_ok=True)
    for export in list_exports():
        (folder / export.file).write_bytes(export.content)
        print(f"{export.file}: {export.shape}; {export.rows} rows of {export.table}")


if __name__ == "__main__":
    write_corpus(Path(sys.argv[1]))
