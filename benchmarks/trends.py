"""How long the trends of 100,000 customers × 24 months take, against a loop over the customers.

Run from the repository's root:

    uv run python benchmarks/trends.py [customers] [months]
"""

from __future__ import annotations

import sys
import time

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit.model import periods, trends
from xlprofit.tables import Settings

SAMPLE = 1_000
"""Customers that the loop is timed on; it takes as long for each."""


def company(customers: int, months: int) -> tuple[pd.DataFrame, pd.DataFrame, Settings]:
    """Return a P&L, attention and settings: one customer in four buys now and then, some came late."""
    rng = np.random.default_rng(1)
    start = pd.Timestamp("2024-01-01")
    end = start + pd.DateOffset(months=months) - pd.Timedelta(days=1)
    settings = Settings(start, end, end)
    labels = periods.labels(settings)
    names = pd.Index([f"C{i:06d}" for i in range(customers)], dtype=object, name="customer")
    often = np.where(rng.random(customers) < 0.25, rng.uniform(0.2, 0.8, customers), 1.0)
    first = np.where(rng.random(customers) < 0.2, rng.integers(0, months, customers), 0)
    buys = (rng.random((customers, months)) < often[:, None]) & (np.arange(months) >= first[:, None])
    drift = 1 + rng.normal(0, 0.03, (customers, 1)) * np.arange(months)
    sales = np.where(buys, np.maximum(drift, 0.05) * rng.gamma(8.0, 125.0, (customers, months)), 0.0)
    attention = rng.gamma(2.0, 20.0, (customers, months))
    pnl = pd.DataFrame(
        {
            "gross_revenue": sales.ravel(),
            "net_revenue": sales.ravel(),
            "profit": (sales * 0.3 - attention * 5 + 20).ravel(),
        },
        index=pd.MultiIndex.from_product([names, labels], names=["customer", "period"]),
    )
    return pnl, pd.DataFrame(attention, index=names, columns=labels), settings


def loop(series: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the slopes, one customer after the other."""
    earlier, later = np.triu_indices(series.shape[1], 1)
    return np.array([np.median((row[later] - row[earlier]) / (later - earlier)) for row in series])


def main(customers: int = 100_000, months: int = 24) -> None:
    """Time both and print what they took."""
    pnl, attention, settings = company(customers, months)
    begun = time.perf_counter()
    frame = trends.read(pnl, attention, settings)
    taken = time.perf_counter() - begun
    profit = pnl["profit"].to_numpy().reshape(customers, months)[:SAMPLE]
    begun = time.perf_counter()
    for _ in ("profit", "net revenue", "attention"):
        loop(profit)
    looped = (time.perf_counter() - begun) / len(profit) * customers
    print(f"{customers:,} customers × {months} months: trends, states and reasons in {taken:.2f} s")
    print(f"the three slopes alone, customer by customer: {looped:.2f} s, {looped / taken:.1f} times as long")
    print(frame["state"].value_counts().to_string())


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
