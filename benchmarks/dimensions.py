"""What the product costs: a refresh of the same sales with and without it, time and memory side by side.

    uv run python benchmarks/dimensions.py                 # 100,000 sales lines
    uv run python benchmarks/dimensions.py 1000000         # × 5,000 products × 20,000 customers × 24 months

Every run is a process of its own. Without the product the ledger is what it was before there was one.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.refresh import elsewhere, measured

REFRESH = "import sys; from xlprofit.workflow import refresh; refresh(sys.argv[1])"
MOST = 1.5
"""How many times the time and the memory without a product may be taken with one."""


def make_book(path: Path, lines: int, products: bool) -> Path:
    """Make a workbook of so many sales lines, a customer to every fifty and a product to every two hundred."""
    from xlprofit.workflow import new

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
    new(path, {"Sales": pd.DataFrame(sales)})
    return path


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
                book = Path(folder) / f"book{products}.xlsx"
                elsewhere(make_book, book, lines, products)
                runs.append(measured(sys.executable, "-c", REFRESH, str(book)))
        one, two = runs
        print(
            f"| {lines:,} | {one.processor:.1f} s | {one.memory:,.0f} MB | {two.processor:.1f} s "
            f"| {two.memory:,.0f} MB | {two.processor / one.processor:.2f}× | {two.memory / one.memory:.2f}× |"
        )


if __name__ == "__main__":
    main()
