"""How long single-cell formulas take in a real Calc, beside as many INDEX/MATCH look-ups.

    uv run python -m benchmarks.calc

It opens LibreOffice without a window, fills a column with each, and has the document calculated anew.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from statistics import median

import openpyxl

import xlprofit
from tests.calc.office import running
from xlprofit import demo
from xlprofit.render.to_openpyxl import draw_all
from xlprofit.sheets import results_sheet

CALLS = 10_000
RUNS = 5


def main() -> None:
    """Print seconds for each and their ratio."""
    results = xlprofit.analyze(demo.tables(customers=400, sales_lines=4_000, activity_rows=3_000))
    customers = [str(name) for name in results.whale.index]
    with tempfile.TemporaryDirectory(prefix="xlprofit-") as folder:
        path = Path(folder) / "results.xlsx"
        workbook = openpyxl.Workbook()
        draw_all([results_sheet.sheet(results)], workbook)
        workbook.save(path)
        names = [[customers[row % len(customers)]] for row in range(CALLS)]
        ours = [[f"=CUSTOMER_PROFIT(A{row})"] for row in range(1, CALLS + 1)]
        profit = f"E$1:E${len(customers)}"
        known = f"D$1:D${len(customers)}"
        theirs = [[f"=INDEX({profit};MATCH(A{row};{known};0))"] for row in range(1, CALLS + 1)]
        table = [[name, float(results.customers["profit"][name])] for name in customers]
        place = f"B1:B{CALLS}"
        timed = tuple(("recalculated",) for _ in range(RUNS))
        seconds = {}
        with running() as office:
            for label, formulas in (
                ("CUSTOMER_PROFIT", ours),
                ("INDEX/MATCH", theirs),
                ("nothing", [[""]] * CALLS),
            ):
                answers = office.ask(
                    ("opened", str(path)),
                    ("filled", "Sheet", f"A1:A{CALLS}", names),
                    ("filled", "Sheet", f"D1:E{len(customers)}", table),
                    ("formulas", "Sheet", place, formulas),
                    *timed,
                    ("shown", "Sheet", f"B{CALLS}"),
                )
                seconds[label] = median(answers[4:-1])
                print(f"{label:<16}{seconds[label]:.4f} s for {CALLS:,} cells; the last shows {answers[-1]}")
    ratio = seconds["CUSTOMER_PROFIT"] / seconds["INDEX/MATCH"]
    print(f"ratio {ratio:.1f}: {seconds['CUSTOMER_PROFIT'] / CALLS * 1e6:.0f} µs a call")


if __name__ == "__main__":
    main()
