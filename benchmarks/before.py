"""What starting and refreshing take beside an older tree of the package, as a ratio of processor time in one run.

    mkdir /tmp/before && git archive f64cd28 | tar x -C /tmp/before
    uv run python -m benchmarks.before /tmp/before            # the demo, and a book of 20,000 rows a table
    uv run python -m benchmarks.before /tmp/before --rows 100000

Both trees run in turn, each run in a process of its own, on copies of the same workbook, whose sheets are plain
lists: what another program is doing slows both down. The least of each is told.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pandas as pd

from benchmarks.refresh import made

HERE = Path(__file__).parents[1]

STARTS = {
    "import of the formulas": ("-c", "import xlprofit.formulas"),
    "xlprofit --help": ("-m", "xlprofit", "--help"),
}


def take_processor(tree: Path, *command: str) -> float:
    """Run a command with the package of a tree; return the seconds of processor that it took."""
    ours = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, *command],
        cwd=tree,
        env=ours | {"PYTHONPATH": str(tree)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=True,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def write_plain_book(path: Path, tables: dict[str, pd.DataFrame]) -> Path:
    """Write each table on a sheet of its name, as an export would."""
    with pd.ExcelWriter(path, engine="openpyxl") as book:
        for name, table in tables.items():
            table.to_excel(book, sheet_name=name, index=False)
    return path


def read_demo() -> dict[str, pd.DataFrame]:
    """Return the tables of the demo company."""
    from xlprofit.samples import demo

    return dict(demo.tables())


def read_made_book(rows: int) -> dict[str, pd.DataFrame]:
    """Return the tables of the book that benchmarks/refresh.py measures."""
    from xlprofit.ooxml.read import read_input_tables

    with tempfile.TemporaryDirectory() as folder:
        raws = read_input_tables(made(Path(folder) / "made.xlsx", rows))
        return {name: raw.frame for name, raw in raws.items() if len(raw.frame) and name != "Settings"}


def compare_refreshes(trees: tuple[Path, Path], book: Path, repeats: int) -> list[float]:
    """Return the least seconds of processor that a refresh of a copy of the book takes with each tree."""
    found: list[list[float]] = [[], []]
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(repeats):
            for tree, seconds in zip(trees, found, strict=True):
                copy = shutil.copy(book, Path(folder) / "book.xlsx")
                seconds.append(take_processor(tree, "-m", "xlprofit", "refresh", str(copy)))
    return [min(seconds) for seconds in found]


def main() -> None:
    """Print a line for each start and each book."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("tree", type=Path)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--repeats", type=int, default=3)
    asked = parser.parse_args()
    trees = (asked.tree.resolve(), HERE)
    print("| processor, s | before | now | ratio |\n| --- | ---: | ---: | ---: |")
    for name, command in STARTS.items():
        runs = [[take_processor(tree, *command) for tree in trees] for _ in range(3 * asked.repeats)][1:]
        before, now = (min(seconds) for seconds in zip(*runs, strict=True))
        print(f"| {name} | {before:.3f} | {now:.3f} | {now / before:.2f} |", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        books = {
            "refresh of the demo": read_demo(),
            f"refresh of {asked.rows:,} rows a table": read_made_book(asked.rows),
        }
        for name, tables in books.items():
            path = write_plain_book(Path(folder) / "plain.xlsx", tables)
            before, now = compare_refreshes(trees, path, asked.repeats)
            print(f"| {name} | {before:.2f} | {now:.2f} | {now / before:.2f} |", flush=True)


if __name__ == "__main__":
    main()
