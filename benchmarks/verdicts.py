"""How good the verdicts are: companies whose truth is known, what was advised, and what came of it a year later.

Run from the repository's root:

    uv run python benchmarks/verdicts.py [customers]

*Calibration*: of the verdicts with a stated confidence of 0.5 to 0.6, how many are what the same rule says of the year
that follows, and so on to 1; it should be as many as was stated. *Regret*: the money that is lost against the better of
keeping and ending each customer, had its next three years been known; there are no levers, and an *investigate* is
kept. Beside it are the rule of before (the sum of the span decides whether there is a loss, its last year whether
ending saves anything, acquisition and expected losses in both), keeping everyone, and ending every customer that made a
loss.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd

import xlprofit

Floats = npt.NDArray[np.float64]

YEAR, AHEAD = 12, 36
"""Months of a year, and of the future that regret is counted over."""

START = pd.Timestamp("2024-01-01")
AVOIDABLE, STAY, DISCOUNT = 0.7, 0.85, 0.10
"""The avoidable share of the work, and the settings' retention and discount rate."""

BINS = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


@dataclass(frozen=True)
class World:
    """What each customer bought and cost, customers × months, the last :data:`AHEAD` of them in the future.

    ``acquired`` is spent once in the first month that it buys, ``lost`` is the expected loss on its open invoices.
    """

    name: str
    revenue: Floats
    margin: Floats
    effort: Floats
    acquired: Floats
    lost: Floats
    months: int


def vary(name: str, customers: int, months: int, seed: int) -> World:
    """Return customers near their break-even: revenue varies by 15 %, margin by 2 points, effort by 16 %.

    ``yearly``: from one year to the next, around the customer's own mean, and single months by as much again;
    ``drifting``: the same, but each year from where the last one left off; ``monthly``: single months alone.
    """
    rng = np.random.default_rng(seed)
    years = (months + AHEAD) // YEAR
    shape = (customers, months + AHEAD)

    def course(deviation: float) -> Floats:
        steps = rng.normal(0.0, deviation, (customers, years))
        if name == "drifting":
            steps = np.cumsum(steps, axis=1)
        yearly = np.zeros(shape) if name == "monthly" else np.repeat(steps, YEAR, axis=1)
        return np.asarray(yearly + rng.normal(0.0, deviation, shape))

    size = np.exp(rng.normal(8.0, 0.8, customers))[:, None]
    revenue = size * np.maximum(1.0 + course(0.15), 0.05)
    margin = revenue * (rng.normal(0.30, 0.03, customers)[:, None] + course(0.02))
    effort = -size * rng.uniform(0.16, 0.44, customers)[:, None] * np.maximum(1.0 + course(0.16), 0.05)
    return World(name, revenue, margin, effort, np.zeros(customers), np.zeros(customers), months)


def turn(customers: int, months: int, seed: int) -> World:
    """Return customers of every kind: steady, won lately at a cost, turned to a loss, recovered, with open losses."""
    rng = np.random.default_rng(seed)
    base = vary("yearly", customers, months, seed + 1)
    kind = rng.integers(0, 5, customers)
    at = np.arange(months + AHEAD)
    turned = rng.integers(months - 14, months - 6, customers)[:, None]
    after = at >= turned
    revenue, margin, effort = base.revenue.copy(), base.margin.copy(), base.effort.copy()
    late = (kind == 1)[:, None] & (at < turned)
    revenue[late] = margin[late] = effort[late] = 0.0
    worse, better = (kind == 2)[:, None] & after, (kind == 3)[:, None] & ~after
    effort[worse] *= 1.6
    effort[better] *= 1.6
    yearly = revenue[:, :months].sum(axis=1) / months * YEAR
    acquired = np.where(kind == 1, yearly * rng.uniform(0.1, 0.6, customers), 0.0)
    lost = np.where(kind == 4, yearly * rng.uniform(0.05, 0.5, customers), 0.0)
    return World("turning", revenue, margin, effort, acquired, lost, months)


NO_LEVERS = dict.fromkeys(
    ("max_price_increase", "max_order_fee", "max_activity_cut", "max_payment_days_cut"), 0.0
)


def tables(world: World, settings: dict[str, float]) -> dict[str, pd.DataFrame]:
    """Return the workbook of a world's history: all of its work is done by one team, a tenth of which stands idle."""
    customers, months = len(world.revenue), world.months
    names = np.array([f"C{i:05d}" for i in range(customers)], dtype=object)
    days = pd.date_range(START, periods=months, freq="MS") + pd.Timedelta(days=14)
    frame = pd.DataFrame(
        {
            "date": np.tile(days.to_numpy(), customers),
            "customer": np.repeat(names, months),
            "gross_revenue": world.revenue[:, :months].ravel(),
            "cogs": (world.revenue - world.margin)[:, :months].ravel(),
            "quantity": -world.effort[:, :months].ravel(),
        }
    )
    frame = frame[frame["gross_revenue"] > 0]
    began = frame.drop_duplicates("customer")[["date", "customer"]]
    spent = began.assign(group="acquire", amount=world.acquired, avoidable=1.0)
    work = float(frame["quantity"].sum())
    end = days[-1] + pd.offsets.MonthEnd(0)
    return {
        "Settings": pd.DataFrame(
            {"setting": ["start", "end", "as_of", *settings], "value": [START, end, end, *settings.values()]}
        ),
        "Sales": frame[["date", "customer", "gross_revenue", "cogs"]],
        "Resources": pd.DataFrame(
            {"resource": ["Team"], "cost": [1.1 * work], "capacity": [1.1 * work], "avoidable": [AVOIDABLE]}
        ),
        "Activities": pd.DataFrame(
            {"activity": ["Serve"], "group": ["service"], "resource": ["Team"], "rate": [1.0]}
        ),
        "ActivityLog": frame[["date", "customer", "quantity"]].assign(activity="Serve"),
        "DirectCosts": spent[spent["amount"] > 0],
        "Invoices": pd.DataFrame(
            {
                "invoice": names,
                "customer": names,
                "issued": end - pd.Timedelta(days=70),
                "due": end - pd.Timedelta(days=40),
                "amount": world.lost * 2,
                "paid": pd.NaT,
            }
        )[world.lost > 0],
        "LossRates": pd.DataFrame({"days_past_due": [0.0, 31.0], "rate": [0.0, 0.5]}),
    }


def judge(margin: Floats, effort: Floats, revenue: Floats) -> npt.NDArray[np.object_]:
    """Return what the rule says of a year of which everything is known: customers × months of each."""
    volume, work, sold = (part.sum(axis=1) for part in (margin, effort, revenue))
    earns, goes = volume + work, volume + AVOIDABLE * work
    room = 0.1 * sold - 0.5 * work
    rules = [earns >= 0, -earns <= room, goes < 0]
    return np.select(rules, ["keep", "fix", "end"], "keep or fix").astype(object)


def calibrate(world: World, found: pd.DataFrame) -> pd.DataFrame:
    """Return for each bin of stated confidence how many verdicts are in it, what was stated, and what came true."""
    ahead = slice(world.months, world.months + YEAR)
    truth = judge(world.margin[:, ahead], world.effort[:, ahead], world.revenue[:, ahead])
    stated = found["confidence"].to_numpy()
    leaning = found["leaning"].to_numpy()
    right = (leaning == truth) | ((truth == "keep or fix") & (leaning != "end"))
    rows = []
    for low, high in pairwise(BINS):
        some = (stated >= low) & ((stated < high) | (high >= 1.0))
        rows.append((f"{low:.1f}–{high:.1f}", int(some.sum()), stated[some].mean(), right[some].mean()))
    frame = pd.DataFrame(rows, columns=["stated", "verdicts", "mean stated", "right a year later"])
    return frame.assign(apart=frame["right a year later"] - frame["mean stated"])


def regret(world: World, found: pd.DataFrame) -> dict[str, float]:
    """Return what each rule loses against the best that could have been done, all customers together."""
    ahead = slice(world.months, world.months + AHEAD)
    month = np.arange(1, AHEAD + 1)
    discount = (STAY / (1 + DISCOUNT)) ** (month / YEAR)
    kept = ((world.margin + AVOIDABLE * world.effort)[:, ahead] * discount).sum(axis=1)
    sunk = world.acquired + world.lost
    profit = (world.margin + world.effort)[:, : world.months].sum(axis=1) - sunk
    goes = (world.margin + AVOIDABLE * world.effort)[:, world.months - YEAR : world.months].sum(axis=1) - sunk
    rules = {
        "verdicts": (found["verdict"] == "end").to_numpy(),
        "leaning, however unsure": (found["leaning"] == "end").to_numpy(),
        "the rule of before": (profit < 0) & (goes < 0),
        "keep everyone": np.zeros(len(kept), dtype=bool),
        "end every loss-maker": profit < 0,
    }
    best = np.maximum(kept, 0.0)
    return {name: float((best - np.where(ended, 0.0, kept)).sum()) for name, ended in rules.items()}


def main(customers: int = 2_000) -> None:
    """Print the tables."""
    print(f"{customers:,} customers a world. Calibration, a year later:")
    for name in ("yearly", "drifting", "monthly"):
        for months in (12, 24, 36):
            world = vary(name, customers, months, seed=7)
            found = xlprofit.analyze(tables(world, {"confidence": 0.0})).decisions
            print(f"\n{name}, {months} months of history")
            print(calibrate(world, found).to_string(index=False, float_format=lambda share: f"{share:.3f}"))
    world = turn(customers, 24, seed=11)
    begun = time.perf_counter()
    results = xlprofit.analyze(tables(world, NO_LEVERS))
    ready = time.perf_counter()
    found = results.decisions
    print("\nRegret over three years, in thousands (turning and new customers, 24 months):")
    for rule, lost in regret(world, found).items():
        print(f"  {rule:26s} {lost / 1000:10,.0f}")
    print(f"analysed in {ready - begun:.2f} s, decided in {time.perf_counter() - ready:.2f} s")


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
