"""How long a refresh takes and how much memory, beside the script that one would write with pandas and openpyxl.

    uv run python benchmarks/refresh.py                      # 10,000 and 100,000 rows a table, and the start
    uv run python benchmarks/refresh.py 10000 100000 1000000 # a million too

Every run is a process of its own, its time from start to end and its largest memory as the system counts
them. Each line's books are the same for both.
"""

from __future__ import annotations

import argparse
import math
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

BY_HAND = """
import sys
import pandas as pd
from openpyxl import load_workbook
path = sys.argv[1]
sales = pd.read_excel(path, sheet_name="Sales", engine="openpyxl")
log = pd.read_excel(path, sheet_name="ActivityLog", engine="openpyxl")
rates = pd.read_excel(path, sheet_name="Activities", engine="openpyxl").set_index("activity")["unit_cost"]
margin = sales.groupby("customer")[["gross_revenue", "discount", "cogs"]].sum()
log["cost"] = log["quantity"] * log["activity"].map(rates)
served = log.groupby("customer")["cost"].sum()
pnl = margin.join(served).fillna(0.0)
pnl["profit"] = pnl["gross_revenue"] - pnl["discount"] - pnl["cogs"] - pnl["cost"]
book = load_workbook(path)
sheet = book.create_sheet("Result")
sheet.append(["customer", *pnl.columns])
for row in pnl.sort_values("profit").itertuples():
    sheet.append(list(row))
book.save(path)
"""
"""What a user would write: the P&L alone, without checks, capacity, colours or charts."""

REFRESH = ("-m", "xlprofit", "refresh")
"""The command as a user gives it."""

SHEET = """
import sys
import numpy as np
from xlprofit.sheets.parts import Column, Format, HeatRule, Sheet, SignRule, Table
rows, random = int(sys.argv[2]), np.random.default_rng(1)
columns = [Column("customer", "Customer", [f"C{i:06}" for i in range(rows)])]
for i in range(24):
    rule = SignRule() if i % 2 else HeatRule()
    values = random.normal(0, 1e4, rows).round(2).tolist()
    columns.append(Column(f"c{i}", f"Column {i}", values, Format.MONEY, rules=(rule,)))
sheet = Sheet("Result", tables=(Table("t", 1, 1, tuple(columns)),))
"""
"""Makes the description of a result sheet; what follows writes it."""

OURS = (
    SHEET
    + """
from pathlib import Path
from xlprofit.ooxml.put import put_result_sheets
put_result_sheets(Path(sys.argv[1]), None, lambda _: [sheet])
"""
)

STYLED = (
    SHEET
    + """
from openpyxl import Workbook
from openpyxl.styles import Border, Font, Side
book = Workbook()
font, border = Font(name="Arial", size=10, color="FF1F2933"), Border(bottom=Side(style="thin", color="FFE1E6EB"))
for at, column in enumerate(columns, 1):
    for row, value in enumerate(column.values, 2):
        cell = book.active.cell(row, at, value)
        cell.font, cell.border, cell.number_format = font, border, "#,##0"
book.save(sys.argv[1])
"""
)
"""The same cells through openpyxl, each with its font, border and number format; without coloured rules."""

SHEET_ROWS = 100_000

MOST_BY_HAND = 3
"""How often the script by hand is run at most: at 100,000 rows it takes a minute."""


@dataclass(frozen=True)
class Run:
    """What a process took: seconds from start to end, seconds of processor, and its largest memory in MB."""

    seconds: float
    processor: float
    memory: float


COMPILED = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""The environment of every run: what is imported is compiled once, as that of an installed package is."""


def measured(*command: str) -> Run:
    """Run a command to its end and return what it took."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=COMPILED)
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    if os.waitstatus_to_exitcode(status):
        raise SystemExit(f"failed: {command[-1]}")
    return Run(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def elsewhere(work: Callable[..., Any], *given: Any) -> Any:
    """Do some work in another process: what this one takes would count as memory of those that it starts."""
    with ProcessPoolExecutor(1, get_context("spawn")) as other:
        return other.submit(work, *given).result()


def made(path: Path, rows: int) -> Path:
    """Make a workbook with so many rows in Sales and in ActivityLog, a customer to every fifty.

    Its texts are those of an ERP's export: an invoice of its own in each row, 300 products.
    """
    from xlprofit.workflow import new

    random = np.random.default_rng(7)
    customers = np.array([f"Customer {i:06}" for i in range(max(rows // 50, 50))])
    days = np.datetime64("2024-01-01") + random.integers(0, 366, (2, rows)).astype("timedelta64[D]")
    revenue = random.gamma(2.0, 50.0, rows).round(2)
    activities = ["Order", "Call", "Visit", "Delivery"]
    sales = {
        "date": days[0],
        "customer": random.choice(customers, rows),
        "invoice": [f"INV-{i:07}" for i in range(rows)],
        "product": random.choice([f"Product {i:03}" for i in range(300)], rows),
        "quantity": random.integers(1, 20, rows),
        "gross_revenue": revenue,
        "discount": (revenue * 0.03).round(2),
        "cogs": (revenue * 0.6).round(2),
    }
    log = {
        "date": days[1],
        "customer": random.choice(customers, rows),
        "activity": random.choice(activities, rows),
        "quantity": random.integers(1, 5, rows),
    }
    rates = {
        "activity": activities,
        "group": ["serve", "serve", "acquire", "serve"],
        "unit_cost": [4.0, 2.5, 30.0, 6.0],
        "rate": [1.0] * len(activities),
    }
    tables = {"Sales": sales, "ActivityLog": log, "Activities": rates}
    return new(path, {name: pd.DataFrame(table) for name, table in tables.items()})


def zipped(path: Path) -> float:
    """Return the seconds of processor to unzip a workbook's tables and zip its result sheets: no refresh is faster."""
    from xlprofit.ooxml.archive import LEVEL
    from xlprofit.ooxml.listing import read_sheet_list

    start = time.process_time()
    with (
        zipfile.ZipFile(path) as book,
        tempfile.TemporaryFile() as out,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as copy,
    ):
        ours = {sheet.part for sheet in read_sheet_list(book).sheets if sheet.ours}
        for entry in book.infolist():
            content = book.read(entry)
            if entry.filename in ours:
                copy.writestr(entry.filename, content)
    return time.process_time() - start


def tables(folder: Path, sizes: list[int], by_hand: int, repeats: int) -> None:
    """Print a line for each size, medians of all; and how the time grows."""
    print(
        "| rows in each of two tables | refresh | processor | memory | by hand | processor | memory | faster |"
        " by processor | of the memory | zip alone |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    found = {}
    for rows in sizes:
        path = elsewhere(made, folder / f"{rows}.xlsx", rows)
        fresh, copy = Path(shutil.copy(path, folder / "fresh.xlsx")), folder / "by-hand.xlsx"
        runs, theirs = [], []
        for at in range(repeats if rows < 10**6 else 1):  # the two in turn, for a machine has its moods
            shutil.copy(fresh, path)
            runs.append(measured(sys.executable, *REFRESH, str(path)))
            if rows <= by_hand and at < MOST_BY_HAND:
                shutil.copy(fresh, copy)
                theirs.append(measured(sys.executable, "-c", BY_HAND, str(copy)))
        ours = median(runs)
        found[rows] = ours.processor
        line = f"| {rows:,} | {ours.seconds:.1f} s | {ours.processor:.1f} s | {ours.memory:,.0f} MB |"
        if theirs:
            hand = median(theirs)
            line += f" {hand.seconds:.1f} s | {hand.processor:.1f} s | {hand.memory:,.0f} MB |"
            line += f" {hand.seconds / ours.seconds:.1f}× | {hand.processor / ours.processor:.1f}× |"
            line += f" {ours.memory / hand.memory:.0%} |"
        else:
            line += " | | | | | |"
        print(f"{line} {elsewhere(zipped, path):.1f} s |", flush=True)
    for less, more in [*pairwise(sizes), *([(sizes[0], sizes[-1])] if len(sizes) > 2 else [])]:
        grown = math.log(found[more] / found[less]) / math.log(more / less)
        print(f"\nFrom {less:,} to {more:,} rows the time of the processor grows with the power {grown:.2f}.")


def median(runs: list[Run]) -> Run:
    """Return the median of each measure of some runs."""
    return Run(
        *(
            statistics.median(getattr(run, name) for run in runs)
            for name in ("seconds", "processor", "memory")
        )
    )


def sheets(folder: Path) -> None:
    """Print what it takes to write a sheet of 100,000 rows and 25 coloured columns."""
    path = elsewhere(made, folder / "sheet.xlsx", 50)
    ours = measured(sys.executable, "-c", OURS, str(path), str(SHEET_ROWS))
    theirs = measured(sys.executable, "-c", STYLED, str(folder / "styled.xlsx"), str(SHEET_ROWS))
    for name, run in (("ours", ours), ("openpyxl", theirs)):
        print(f"\nA sheet of {SHEET_ROWS:,} × 25, {name}: {run.seconds:.1f} s, {run.memory:,.0f} MB.")
    print(f"\nThat is {theirs.processor / ours.processor:.1f} times faster.")


def starts() -> None:
    """Print how long the command takes to start, and what the import of the package adds."""
    help_ = [measured(sys.executable, "-m", "xlprofit", "--help").seconds for _ in range(15)]
    pairs = [
        [
            measured(sys.executable, "-c", code).seconds
            for code in ("import pandas", "import pandas, xlprofit")
        ]
        for _ in range(15)
    ]
    bare, ours = zip(*pairs, strict=True)
    print(f"\n`xlprofit --help` takes {statistics.median(help_):.2f} s; `import xlprofit` adds ", end="")
    print(f"{1000 * (statistics.median(ours) - statistics.median(bare)):.0f} ms to `import pandas`.")


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("rows", type=int, nargs="*", default=[10_000, 100_000])
    parser.add_argument("--by-hand", type=int, default=100_000, help="the most rows for the script by hand")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--no-sheets", action="store_true", help="leave out the large sheet")
    asked = parser.parse_args()
    starts()
    with tempfile.TemporaryDirectory() as folder:
        tables(Path(folder), asked.rows, asked.by_hand, asked.repeats)
        if not asked.no_sheets:
            sheets(Path(folder))


if __name__ == "__main__":
    main()
