"""Time of scenarios and of comparisons, in seconds of one processor.

    uv run python benchmarks/comparison.py

Ten scenarios of the demo company, each computed anew from its inputs, with its figures and its bridge; and the
comparison of two results of 100,000 customers, each with a million of activity units and three products.
"""

from __future__ import annotations

import time

import numpy as np
import pandas as pd

import xlprofit
from xlprofit.comparison import outcome
from xlprofit.samples import demo

CUSTOMERS = 100_000
PRODUCTS = ("A", "B", "C")

SCENARIOS = (
    ("price", "segment:Hotels", "+3%"),
    ("price", "segment:Shops", "-2%"),
    ("discount", "segment:Restaurants", "5%"),
    ("cost of goods", "product:Cutlery", "-4%"),
    ("activity", "Rush handling", "-20%"),
    ("activity rate", "Pick and pack", "-10%"),
    ("resource cost", "Warehouse", "+5%"),
    ("capacity", "Warehouse", "-10%"),
    ("payment days", "segment:Hotels", "-10"),
    ("direct costs", "", "-5%"),
)
"""One of each kind: what, of, change."""


def list_scenarios() -> pd.DataFrame:
    """Return the ten scenarios as the table Scenarios."""
    rows = [(f"{at:02d} {what}", what, of, change) for at, (what, of, change) in enumerate(SCENARIOS, 1)]
    return pd.DataFrame(rows, columns=["scenario", "what", "of", "change"])


def make_company(seed: int) -> dict[str, pd.DataFrame]:
    """Return the tables of a company of 100,000 customers, a month of it."""
    rng = np.random.default_rng(seed)
    names = np.array([f"Customer {i:06d}" for i in range(CUSTOMERS)], dtype=object)
    sold = np.repeat(names, len(PRODUCTS))
    quantity = rng.integers(1, 50, len(sold)).astype(float)
    sales = pd.DataFrame(
        {
            "date": pd.Timestamp("2025-01-31"),
            "customer": sold,
            "gross_revenue": (quantity * rng.uniform(8, 12, len(sold))).round(2),
            "cogs": (quantity * 6).round(2),
            "product": np.tile(np.array(PRODUCTS, dtype=object), CUSTOMERS),
            "quantity": quantity,
        }
    )
    log = pd.DataFrame(
        {
            "date": pd.Timestamp("2025-01-31"),
            "customer": names,
            "activity": "Order",
            "quantity": rng.integers(1, 20, CUSTOMERS).astype(float),
        }
    )
    return {
        "Sales": sales,
        "ActivityLog": log,
        "Resources": pd.DataFrame({"resource": ["Desk"], "cost": [1e6 + seed], "capacity": [1.2e7]}),
        "Activities": pd.DataFrame(
            {"activity": ["Order"], "group": ["order"], "resource": ["Desk"], "rate": [8.0]}
        ),
    }


def main() -> None:
    """Print both times."""
    tables = demo.tables() | {"Scenarios": list_scenarios()}
    results = xlprofit.analyze(tables)
    start = time.process_time()
    for run in results.scenarios.values():
        _ = run.company
    computed = time.process_time() - start
    outcome.tabulate_bridges(results, results.scenarios)
    bridged = time.process_time() - start
    print(f"ten scenarios of the demo: computed {computed:.2f} s, with their bridges {bridged:.2f} s")
    before, after = (xlprofit.analyze(make_company(seed)) for seed in (1, 2))
    start = time.process_time()
    comparison = xlprofit.compare(before, after)
    _ = comparison.bridge, comparison.company
    print(f"comparison of {CUSTOMERS:,} customers: {time.process_time() - start:.2f} s")


if __name__ == "__main__":
    main()
