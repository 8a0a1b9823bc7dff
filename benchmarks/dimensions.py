"""What the product costs: the same sales computed and described with and without it, time and memory side by side.

    uv run python -m benchmarks.dimensions 100000
    uv run python -m benchmarks.dimensions 1000000        # × 5,000 products × 20,000 customers × 24 months

Every run is a process of its own: the checks, the ledger, all results and all sheets, which is what a refresh does
but for reading and writing the workbook; those take the same with a product and without. Without the product the
ledger is what it was before there was one.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.refresh import elsewhere, measured

RUN = """
import sys
import pandas as pd
from xlprofit.sheets.book import describe_refreshed_sheets
from xlprofit.workflow import analyze
describe_refreshed_sheets(analyze({"Sales": pd.read_parquet(sys.argv[1])}))
"""
MOST = 1.5
"""How many times the time and the memory without a product one with it may take at most."""


def make_sales(path: Path, lines: int, products: bool) -> None:
    """Write so many sales lines, a customer to every fifty and a product to every two hundred."""
    random = np.random.default_rng(11)
    customers = np.array([f"C{i:06}" for i in range(max(lines // 50, 10))])
    names = np.array([f"P{i:05}" for i in range(max(lines // 200, 10))])
    revenue = random.gamma(2.0, 50.0, lines).round(2)
    sales = {
        "date": np.datetime64("2024-01-01") + random.integers(0, 731, lines).astype("timedelta64[D]"),
        "customer": random.choice(customers, lines),
        "gross_revenue": revenue,
        "discount": (revenue * 0.03).round(2),
        "cogs": (revenue * 0.6).round(2),
    }
    if products:
        sales["product"] = random.choice(names, lines)
    pd.DataFrame(sales).to_parquet(path, index=False)


def main() -> None:
    """Measure and print a row of a table for each number of lines."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lines", nargs="*", type=int, default=[100_000])
    print("| sales lines | without | memory | with the product | memory | time | of the memory |")
    print("|---|---|---|---|---|---|---|")
    for lines in parser.parse_args().lines:
        with tempfile.TemporaryDirectory(prefix="xlprofit-dimensions-") as folder:
            runs = []
            for products in (False, True):
                path = Path(folder) / f"sales{products}.parquet"
                elsewhere(make_sales, path, lines, products)
                runs.append(measured(sys.executable, "-c", RUN, str(path)))
        one, two = runs
        print(
            f"| {lines:,} | {one.processor:.1f} s | {one.memory:,.0f} MB | {two.processor:.1f} s "
            f"| {two.memory:,.0f} MB | {two.processor / one.processor:.2f}× | {two.memory / one.memory:.2f}× |"
        )


if __name__ == "__main__":
    main()
