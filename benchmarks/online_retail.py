"""What it takes to refresh a workbook of 541,909 sales lines, beside reading that file with openpyxl alone.

Run from the repository's root:

    uv run python benchmarks/online_retail.py online_retail.parquet [FOLDER]

Each step runs in a process of its own, so that its peak of memory is its own too.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

MEGABYTE = 1024.0
"""Kilobytes, in which Linux counts the peak of memory."""


def write(book: Path, source: Path) -> str:
    """Write the workbook through the project's own writer."""
    import pandas as pd

    import xlprofit
    from examples.online_retail import tables

    made = tables(pd.read_parquet(source))
    xlprofit.new(book, made)
    return f"{len(made['Sales']):,} sales lines, {len(made['ActivityLog']):,} activity rows"


def read(book: Path, source: Path) -> str:
    """Read its tables, as a refresh does."""
    from xlprofit.ooxml.read import read_input_tables as read_tables

    return f"{sum(len(raw.frame) for raw in read_tables(book).values()):,} rows"


def refresh(book: Path, source: Path) -> str:
    """Refresh it into another file."""
    import xlprofit

    done = xlprofit.refresh(book, book.with_name("results.xlsx"))
    tie = done.results.tie_out.iloc[0]
    verdict = "ties" if tie["ties"] else "differs"
    return f"{len(done.results.names):,} customers; net revenue {tie['ledger']:,.2f} {verdict}"


def openpyxl_alone(book: Path, source: Path) -> str:
    """Load the same file with openpyxl, as a whole."""
    from openpyxl import load_workbook

    workbook = load_workbook(book)
    return f"{sum(sheet.max_row for sheet in workbook.worksheets):,} rows"


def openpyxl_read_only(book: Path, source: Path) -> str:
    """Read the values of the same file with openpyxl, in its read-only mode."""
    from openpyxl import load_workbook

    workbook = load_workbook(book, read_only=True, data_only=True)
    return f"{sum(1 for sheet in workbook.worksheets for _ in sheet.iter_rows(values_only=True)):,} rows"


STEPS: dict[str, tuple[str, Callable[[Path, Path], str]]] = {
    "write": ("xlprofit.new: write the workbook", write),
    "read": ("read its tables alone", read),
    "refresh": ("xlprofit.refresh: read, check, compute, draw, put", refresh),
    "openpyxl": ("openpyxl alone: load_workbook", openpyxl_alone),
    "openpyxl_read_only": ("openpyxl alone: read-only mode, values", openpyxl_read_only),
}
"""What is measured: its name, the words for it, and what does it."""


def measure(step: str, book: Path, source: Path) -> None:
    """Run one step and print seconds, megabytes and what came of it, between tabs."""
    begun = time.perf_counter()
    said = STEPS[step][1](book, source)
    taken = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE
    print(f"{taken:.1f}\t{peak:.0f}\t{said}")


def main(source: Path, folder: Path) -> None:
    """Measure every step, one after the other, and print a table."""
    book = folder / "retail.xlsx"
    print("| step | seconds | peak memory, MB | |\n|---|---|---|---|")
    for step, (words, _) in STEPS.items():
        command = [sys.executable, __file__, "--step", step, str(book), str(source)]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        seconds, peak, said = done.stdout.strip().split("\t")
        print(f"| {words} | {seconds} | {int(peak):,} | {said} |", flush=True)
    print(f"\nThe workbook has {book.stat().st_size / 1e6:.1f} MB.")


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    if sys.argv[1] == "--step":
        measure(sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4]))
    elif len(sys.argv) > 2:
        main(Path(sys.argv[1]), Path(sys.argv[2]))
    else:
        with tempfile.TemporaryDirectory() as temporary:
            main(Path(sys.argv[1]), Path(temporary))
