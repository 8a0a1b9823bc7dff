"""How long single-cell formulas take in a real Calc, beside as many INDEX/MATCH and GETPIVOTDATA look-ups.

    uv run python -m benchmarks.calc

It opens LibreOffice without a window and, for each formula, a document with a column of it; the documents are
calculated anew in turn, and each round compares what lies next to each other in time.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from statistics import median

import openpyxl

import xlprofit
from tests.calc.office import Office, running
from xlprofit.drawing.to_openpyxl import draw_worksheets
from xlprofit.samples import demo
from xlprofit.sheets import results_sheet

CALLS = 10_000
CUSTOMERS = 400
RUNS = 15

OURS = "CUSTOMER_PROFIT(A{row})"
THEIRS = {
    "INDEX/MATCH": f"INDEX(E$2:E${CUSTOMERS + 1};MATCH(A{{row}};D$2:D${CUSTOMERS + 1};0))",
    "GETPIVOTDATA": 'GETPIVOTDATA("profit";G$1;"customer";A{row})',
}
ARRAY = f"CUSTOMER_PROFIT(A1:A{CALLS})"
"""One array formula over as many cells: one call."""

FLOOR = "CAPACITY_RATE(8;4)"
"""A calculator, which asks nothing of the document: for the most part what it costs Calc to call Python."""


def main() -> None:
    """Print the seconds of each, and the ratios of ours to the others in the same rounds."""
    results = xlprofit.analyze(demo.tables(customers=CUSTOMERS, sales_lines=4_000, activity_rows=3_000))
    profits = {str(name): float(profit) for name, profit in results.customers["profit"].items()}
    with tempfile.TemporaryDirectory(prefix="xlprofit-") as folder, running() as office:
        path = Path(folder) / "results.xlsx"
        workbook = openpyxl.Workbook()
        draw_worksheets([results_sheet.describe_results_sheet(results)], workbook)
        workbook.save(path)
        formulas = {"CUSTOMER_PROFIT": OURS, "one array": ARRAY, **THEIRS, "CAPACITY_RATE": FLOOR}
        seconds = _seconds(office, path, profits, formulas)
    print(f"{CALLS:,} cells each, {CUSTOMERS} customers, {os.cpu_count()} cores; medians of {RUNS} rounds")
    for label, timed in seconds.items():
        print(f"{label:<16}{median(timed):.3f} s, {median(timed) / CALLS * 1e6:.0f} µs a cell")
    for label in ("one array", *THEIRS):
        pairs = zip(seconds["CUSTOMER_PROFIT"], seconds[label], strict=True)
        print(
            f"CUSTOMER_PROFIT takes {median(own / other for own, other in pairs):.1f} times as long as {label}"
        )


def _seconds(
    office: Office, path: Path, profits: dict[str, float], formulas: dict[str, str]
) -> dict[str, list[float]]:
    """Return what each formula's document took to calculate, round by round."""
    customers = list(profits)
    names = [[customers[row % CUSTOMERS]] for row in range(CALLS)]
    orders: list[tuple[object, ...]] = []
    for formula in formulas.values():
        place = f"B1:B{CALLS}"
        column = [[f"={formula.format(row=row)}"] for row in range(1, CALLS + 1)]
        written = (
            ("typed", "Sheet", place, column[0][0])
            if formula is ARRAY
            else ("formulas", "Sheet", place, column)
        )
        orders += [
            ("opened", str(path)),
            ("filled", "Sheet", f"A1:A{CALLS}", names),
            (
                "filled",
                "Sheet",
                f"D1:E{CUSTOMERS + 1}",
                [["customer", "profit"], *map(list, profits.items())],
            ),
            ("pivoted", "Sheet", f"D1:E{CUSTOMERS + 1}", "G1", "customer", "profit"),
            written,
            ("shown", "Sheet", f"B{CALLS}"),
        ]
    prepared = len(orders)
    orders += [("recalculated", place) for _ in range(RUNS) for place in range(len(formulas))]
    answers = office.ask(*orders, patience=600)
    wanted = profits[customers[(CALLS - 1) % CUSTOMERS]]
    for label, last in zip(formulas, answers[5:prepared:6], strict=True):
        assert label == "CAPACITY_RATE" or abs(last - wanted) < 1e-6, f"{label} shows {last}, not {wanted}"
    timed = answers[prepared:]
    return {label: timed[place :: len(formulas)] for place, label in enumerate(formulas)}


if __name__ == "__main__":
    main()
