"""How exports are taken in by their first proposal, and how long a proposal takes.

Run from the repository's root; it takes a minute or two and prints Markdown tables:

    uv run python -m benchmarks.import [FILE…]

What the verdicts are says :mod:`benchmarks.imports`.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.import_corpus import list_exports
from benchmarks.import_corpus.lines import ACTIVITIES
from benchmarks.import_corpus.mixtures import build_mixture
from benchmarks.imports import count_verdicts, judge, print_verdicts
from xlprofit.importing.proposals.proposal import propose

MIXTURES = 200
"""So many exports are put together at random besides."""

ROWS, COLUMNS = 100_000, 40
TIMES = 3


@dataclass(frozen=True)
class Time:
    """How long something took: seconds of the clock, and of the processor."""

    clock: float
    processor: float


def time_proposals(folder: Path) -> None:
    """Print how long a proposal takes for a large file, beside reading the same file with pandas."""
    frame = build_large()
    csv, book = folder / "large.csv", folder / "large.xlsx"
    frame.to_csv(csv, index=False)
    frame.to_excel(book, index=False, engine="xlsxwriter")
    readers: Mapping[Path, Callable[[Path], object]] = {csv: pd.read_csv, book: pd.read_excel}
    print(
        f"\n| {ROWS:,} rows × {COLUMNS} columns | proposal | processor | pandas reads it | processor | of that |"
    )
    print("|---|---|---|---|---|---|")
    for path, read in readers.items():
        ours = min((time_once(propose, path) for _ in range(TIMES)), key=lambda took: took.clock)
        theirs = time_once(read, path)
        share = ours.processor / theirs.processor
        print(
            f"| {path.suffix} | {ours.clock:.2f} s | {ours.processor:.2f} s "
            f"| {theirs.clock:.2f} s | {theirs.processor:.2f} s | {share:.0%} |"
        )


def time_once(call: Callable[[Path], object], path: Path) -> Time:
    """Return how long a call takes."""
    began, spent = time.perf_counter(), time.process_time()
    call(path)
    return Time(time.perf_counter() - began, time.process_time() - spent)


def build_large() -> pd.DataFrame:
    """Return sales lines with a date, a customer, amounts and columns of other things."""
    chance = np.random.default_rng(7)
    frame = pd.DataFrame(
        {
            "Posting Date": pd.to_datetime("2023-01-01")
            + pd.to_timedelta(chance.integers(0, 730, ROWS), "D"),
            "Customer No.": chance.integers(10_000, 12_000, ROWS).astype(str),
            "Sales Amount": chance.integers(100, 1_000_000, ROWS) / 100,
            "Cost Amount": chance.integers(100, 600_000, ROWS) / 100,
            "Document No.": [f"R{n}" for n in range(ROWS)],
        }
    )
    others = {
        f"Field {n}": chance.integers(0, 50, ROWS) if n % 2 else chance.choice(list(ACTIVITIES), ROWS)
        for n in range(COLUMNS - frame.shape[1])
    }
    return frame.assign(**others)


def main(files: Sequence[str]) -> None:
    """Judge the exports named, or all of them; and time a proposal."""
    chosen = [export for export in list_exports() if not files or export.file in files]
    with tempfile.TemporaryDirectory() as folder:
        print_verdicts(judge(chosen, Path(folder)))
        if not files:
            mixed = judge([build_mixture(seed) for seed in range(MIXTURES)], Path(folder))
            print(f"\nPut together at random: {count_verdicts(mixed)}")
            time_proposals(Path(folder))


if __name__ == "__main__":
    main(sys.argv[1:])
