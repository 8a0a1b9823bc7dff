"""How many calls to Excel, and how long, a refresh from the ribbon takes: ``python benchmarks/live_excel.py``.

The calls are those of xlwings' engine for scripts, counted without an Excel: what Excel itself takes for them
is not in the times. The engine needs xlwings' key for noncommercial use, which this benchmark sets for itself.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from typing import Any

os.environ |= {"XLWINGS_ON_SERVER": "true", "XLWINGS_LICENSE_KEY": "noncommercial"}

import xlwings as xw

import xlprofit
from xlprofit.excel import result_sheets
from xlprofit.samples import demo
from xlprofit.sheets import book
from xlprofit.words.sheets import say_sheets

SIZES = (50, 500, 5_000)


def empty_book() -> xw.Book:
    """Return a workbook as a client would send it: one empty sheet."""
    sheet: dict[str, Any] = {"name": "Sales", "visibility": "Visible", "values": [[]], "print_area": None}
    sheet |= {"show_gridlines": True}
    sheet |= {key: [] for key in ("pictures", "shapes", "charts", "notes", "tables", "pivot_tables")}
    opened = {"name": "book.xlsx", "active_sheet_index": 0, "selection": "A1", "calculation": "Automatic"}
    sent = {"client": "Office.js", "version": xw.__version__, "book": opened, "names": [], "sheets": [sheet]}
    return xw.Book(json=sent)


def main() -> None:
    """Print a line for each number of customers, then what the calls of the last were."""
    print(f"{'customers':>9} {'cells':>10} {'calls':>6} {'seconds':>8}")
    calls: Counter[str] = Counter()
    for customers in SIZES:
        tables = demo.tables(customers=customers, sales_lines=30 * customers, activity_rows=20 * customers)
        results = xlprofit.analyze(tables)
        sheets = say_sheets(book.describe_refreshed_sheets(results), "en")
        live = empty_book()
        started = time.perf_counter()
        result_sheets.put_live_sheets(live, sheets)
        seconds = time.perf_counter() - started
        actions = live.json()["actions"]
        cells = sum(len(a["values"]) * len(a["values"][0]) for a in actions if a["func"] == "setValues")
        calls = Counter(a["func"] for a in actions)
        print(f"{customers:>9,} {cells:>10,} {len(actions):>6,} {seconds:>8.2f}")
    print("\n" + "\n".join(f"{count:>6,} {func}" for func, count in calls.most_common()))


if __name__ == "__main__":
    main()
