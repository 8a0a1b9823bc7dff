"""What drawing the result sheets of the demo takes beside an older tree of the package, as a ratio of processor time.

    mkdir /tmp/before && git archive 953810a | tar x -C /tmp/before
    uv run python -m benchmarks.drawing /tmp/before

Both trees refresh copies of the same workbook in turn, each run in a process of its own; what is counted is what the
writer of sheets takes, from descriptions in words to the file that is in place. The least of each is told.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.before import HERE, read_demo, write_plain_book

DRAWING = """
import sys, time
from xlprofit.hosts.file import FileHost
from xlprofit.workflow import refresh_sheets

class Timed(FileHost):
    def put_sheets(self, sheets, *, keep):
        start = time.process_time()
        report = super().put_sheets(sheets, keep=keep)
        print(time.process_time() - start, len(sheets))
        return report

refresh_sheets(Timed(sys.argv[1], None))
"""
"""Prints the seconds of processor that drawing took, and how many sheets were drawn."""


def draw_demo(tree: Path, book: Path) -> tuple[float, int]:
    """Refresh a workbook with the package of a tree; return the seconds that drawing took and the number of sheets."""
    ours = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    command = (sys.executable, "-c", DRAWING, str(book))
    run = subprocess.run(
        command, cwd=tree, env=ours | {"PYTHONPATH": str(tree)}, capture_output=True, text=True, check=True
    )
    seconds, sheets = run.stdout.split()
    return float(seconds), int(sheets)


def main() -> None:
    """Print a line for the demo."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("tree", type=Path)
    parser.add_argument("--repeats", type=int, default=3)
    asked = parser.parse_args()
    found: list[list[tuple[float, int]]] = [[], []]
    with tempfile.TemporaryDirectory() as folder:
        book = write_plain_book(Path(folder) / "demo.xlsx", read_demo())
        for _ in range(asked.repeats):
            for tree, runs in zip((asked.tree.resolve(), HERE), found, strict=True):
                runs.append(draw_demo(tree, Path(shutil.copy(book, Path(folder) / "copy.xlsx"))))
    (before, sheets_before), (now, sheets) = (min(runs) for runs in found)
    print(
        "| processor, s | sheets | before | sheets | now | ratio |\n| --- | ---: | ---: | ---: | ---: | ---: |"
    )
    print(
        f"| drawing of the demo | {sheets_before} | {before:.2f} | {sheets} | {now:.2f} | {now / before:.2f} |"
    )


if __name__ == "__main__":
    main()
