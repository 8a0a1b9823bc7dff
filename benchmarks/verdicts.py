"""How good the verdicts are: companies whose truth is known, what was advised, and what came of it a year later.

Run from the repository's root; it prints Markdown tables:

    uv run python -m benchmarks.verdicts [customers]

*Calibration*: of the verdicts with a stated confidence of 0.5 to 0.6, how many are right in the year that follows,
and so on to 1; it should be as many as was stated. Right is what a confidence is of
(:mod:`xlprofit.analysis.confidence`): what the rule says of that year once all of it is known, or a verdict that costs
no more than the ``materiality`` beside that. *The same again* is stricter: the leaning that a second analysis gives
of that year alone. *Regret*: the money that is lost against the better of keeping and
ending each customer, had its next three years been known; there are no levers, and an *investigate* is kept. Beside
it are the rule of before (the sum of the span decides whether there is a loss, its last year whether ending saves
anything, acquisition and expected losses in both), keeping everyone, and ending every customer that made a loss.

Revenue varies by 15 %, its margin by 2 points and effort by 16 %, a standard deviation each. That says nothing of how
long a variation lasts, so each reading of it is a world of its own: single months alone (*monthly*); months, and years
as much again, around the customer's own mean (*yearly*), from where the last year left off (*stepping*), or so that
what builds up month by month makes one year differ from the next by that (*drifting*). Years begin in a month of the
customer's own, as its contracts and budgets do.

Constants were chosen with the seeds :data:`TUNED`; what is printed is of the seeds :data:`HELD_OUT`, which nobody
looked at before.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd

import xlprofit
from xlprofit.analysis.decisions import SLIGHT

Floats = npt.NDArray[np.float64]

YEAR, AHEAD = 12, 36
"""Months of a year, and of the future that regret is counted over."""

START = pd.Timestamp("2024-01-01")
AVOIDABLE, STAY, DISCOUNT = 0.7, 0.85, 0.10
"""The avoidable share of the work, and the settings' retention and discount rate."""

BINS = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
HISTORIES = (12, 18, 24, 36, 60)
WORLDS = ("monthly", "yearly", "stepping", "drifting")

FEWEST = 150
"""Verdicts below which a share says little: it is off by 4 points, a standard deviation."""

TUNED, HELD_OUT = (1, 2, 3, 501, 502, 503), (1001, 1002, 1003)
"""The seeds that constants were chosen with, and those of the tables."""


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
    """Return customers near their break-even, in one of :data:`WORLDS`."""
    rng = np.random.default_rng([seed, months])
    shape = (customers, months + AHEAD)
    year = (np.arange(months + AHEAD) + rng.integers(0, YEAR, (customers, 1))) // YEAR

    def draw_course(deviation: float) -> Floats:
        if name == "drifting":
            # Means of years that follow each other differ by 8 times the variance of a month's step.
            slow = np.cumsum(rng.normal(0.0, deviation / np.sqrt(8.0), shape), axis=1)
        else:
            of_years = rng.normal(
                0.0, 0.0 if name == "monthly" else deviation, (customers, int(year.max()) + 1)
            )
            if name == "stepping":
                of_years = np.cumsum(of_years, axis=1)
            slow = np.take_along_axis(of_years, year, axis=1)
        return np.asarray(slow + rng.normal(0.0, deviation, shape))

    size = np.exp(rng.normal(8.0, 0.8, customers))[:, None]
    revenue = size * np.maximum(1.0 + draw_course(0.15), 0.05)
    margin = revenue * (rng.normal(0.30, 0.03, customers)[:, None] + draw_course(0.02))
    effort = -size * rng.uniform(0.16, 0.44, customers)[:, None] * np.maximum(1.0 + draw_course(0.16), 0.05)
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


def find_right(world: World, leaning: npt.NDArray[np.object_], limit: float) -> npt.NDArray[np.bool_]:
    """Return whose leaning is right of the year that follows, or costs at most ``limit`` (money) to be wrong.

    Who earns is kept; who loses no more than the levers bring (a price 10 % higher and half the work) is fixed; who
    costs more than ending it would is ended, and anybody else kept or fixed as far as it goes.
    """
    ahead = slice(world.months, world.months + YEAR)
    volume, work, sold = (part[:, ahead].sum(axis=1) for part in (world.margin, world.effort, world.revenue))
    earns, goes, room = volume + work, volume + AVOIDABLE * work, 0.1 * sold - 0.5 * work
    fixable = (earns < 0) & (earns >= -room)
    best = np.select([earns >= 0, fixable], [goes, goes - earns], np.maximum(goes, 0.0))
    gained = {
        "keep": goes,
        "fix": goes + np.where(earns >= 0, -earns, np.where(fixable, -earns, np.where(goes < 0, room, 0.0))),
        "end": np.zeros(len(goes)),
    }
    cost = best - np.select([leaning == verdict for verdict in gained], list(gained.values()))
    return np.asarray(cost <= limit)


def count_right(world: World, found: pd.DataFrame, again: pd.Series) -> pd.DataFrame:
    """Return for each bin of stated confidence how many verdicts are in it, the sum stated, and how many came true.

    ``again`` says whose leaning is the same a year later, by customer.
    """
    sold = world.revenue[:, : world.months].sum(axis=1)
    right = find_right(world, found["leaning"].to_numpy(), SLIGHT * sold.mean() / world.months * YEAR)
    stated = found["confidence"].to_numpy()
    rows = []
    for low, high in pairwise(BINS):
        some = (stated >= low) & ((stated < high) | (high >= 1.0))
        rows.append((int(some.sum()), stated[some].sum(), right[some].sum(), again.to_numpy()[some].sum()))
    return pd.DataFrame(rows, columns=["verdicts", "stated", "right", "again"])


def calibrate(name: str, customers: int, months: int, seeds: tuple[int, ...]) -> pd.DataFrame:
    """Return the sums of :func:`count_right` over several companies of a world."""
    counts = []
    for seed in seeds:
        world = vary(name, customers, months, seed)
        found, later = (xlprofit.analyze(tables(w, {})).decisions for w in (world, look_a_year_later(world)))
        counts.append(count_right(world, found, found["leaning"] == later["leaning"]))
    return sum(counts[1:], counts[0])


def look_a_year_later(world: World) -> World:
    """Return what a second analysis would see a year later, of the year that has passed since."""
    ahead = slice(world.months, world.months + YEAR)
    parts = (grid[:, ahead] for grid in (world.revenue, world.margin, world.effort))
    revenue, margin, effort = parts
    nothing = np.zeros(len(revenue))
    return World(world.name, revenue, margin, effort, nothing, nothing, YEAR)


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
        "the verdicts": (found["verdict"] == "end").to_numpy(),
        "the verdicts whatever their confidence": (found["leaning"] == "end").to_numpy(),
        "the sum of the span decides": (profit < 0) & (goes < 0),
        "keep everyone": np.zeros(len(kept), dtype=bool),
        "end every loss-maker": profit < 0,
    }
    best = np.maximum(kept, 0.0)
    return {name: float((best - np.where(ended, 0.0, kept)).sum()) for name, ended in rules.items()}


def show_calibration(customers: int, seeds: tuple[int, ...]) -> Iterator[str]:
    """Yield a table of how many verdicts came true beside what was stated, by world and history."""
    yield (
        "| world, months of history | "
        + " | ".join(f"{a:.1f}–{b:.1f}" for a, b in pairwise(BINS))
        + " | apart | again |"
    )
    yield "|---|" + "---:|" * (len(BINS) + 1)
    for name in WORLDS:
        for months in HISTORIES:
            found = calibrate(name, customers, months, seeds)
            stated, right, again = (found[name] / found["verdicts"] for name in ("stated", "right", "again"))
            told = found["verdicts"] >= FEWEST
            shown = [share.map("{:.2f}".format) for share in (stated, right, again)]
            cells = (shown[0] + " → " + shown[1] + " · " + shown[2]).where(told, "few")
            most = " | ".join(f"{float((came - stated).abs()[told].max()):.2f}" for came in (right, again))
            yield f"| {name}, {months} | " + " | ".join(cells) + f" | {most} |"


def show_regret(customers: int, seeds: tuple[int, ...]) -> Iterator[str]:
    """Yield a table of what each rule loses in companies with new, turned and recovered customers, 24 months long."""
    lost: dict[str, list[float]] = {}
    for seed in seeds:
        world = turn(customers, 24, seed)
        found = xlprofit.analyze(tables(world, NO_LEVERS)).decisions
        strict = xlprofit.analyze(tables(world, NO_LEVERS | {"materiality": 0.0})).decisions
        rules = regret(world, found)
        rules["the verdicts, nothing being immaterial"] = regret(world, strict)["the verdicts"]
        for rule, money in rules.items():
            lost.setdefault(rule, []).append(money)
    yield "| rule | regret, thousands |"
    yield "|---|---:|"
    for rule, amounts in lost.items():
        yield f"| {rule} | {np.mean(amounts) / 1000:,.0f} |"


def main(customers: int = 2_000) -> None:
    """Print the tables."""
    for line in show_calibration(customers, HELD_OUT):
        print(line, flush=True)
    print()
    for line in show_regret(customers, HELD_OUT):
        print(line)


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
