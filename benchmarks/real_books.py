"""How well other real books are foretold: contracts, a pipeline, receivables and orders, split by a day.

Run from the repository's root with the folder that has the files, which are public and not ours to ship; what is not
there is left out. It prints Markdown tables:

    uv run python -m benchmarks.real_books FOLDER

- ``WA_Fn-UseC_-Telco-Customer-Churn.csv`` (IBM): 7,032 subscriptions with months of tenure, kind of contract, and who
  left. It has no days: a part of the customers is learnt from, and the share of the others that stay twelve more months
  is Kaplan and Meier's of those.
- ``WA_Fn-UseC_-Accounts-Receivable.csv`` (IBM): 2,466 invoices of 100 customers, when they fell due and were paid.
- ``sales_pipeline.csv``, ``accounts.csv`` and ``products.csv`` (Maven Analytics, "CRM Sales Opportunities").
- ``Sample - Superstore.csv`` (Tableau): 9,994 order lines of 793 customers over four years.

Contracts whose truth is known are made here beside them. What is scored had no say in what is said of it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

import xlprofit
from xlprofit.outlook.contracts import Tenures, count_exposure, find_hazards

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Tables = dict[str, pd.DataFrame]

PARTS = (0.03, 0.1, 0.5)
"""The shares of the subscriptions that are learnt from."""

ATTRIBUTES = ("Contract", "InternetService", "PaymentMethod")

YEAR = 12


class Figures(NamedTuple):
    """How a forecast of some customers did: bias, mean error, and the share that its intervals held."""

    bias: float
    error: float
    holds: float


def list_settings(**given: object) -> pd.DataFrame:
    """Return a table of Settings."""
    return pd.DataFrame({"setting": list(given), "value": list(given.values())})


def read_hazards(given: Tenures) -> Floats:
    """Return Kaplan and Meier's own hazard by month of tenure, none beyond what was seen."""
    seen = count_exposure(given)
    found = np.zeros(200)
    found[: len(seen.risk)] = np.divide(
        seen.left, seen.risk, out=np.zeros_like(seen.left), where=seen.risk > 0
    )
    return found


def choose_tenures(given: Tenures, which: npt.NDArray[np.bool_]) -> Tenures:
    """Return the tenures of some customers."""
    return Tenures(given.entry[which], given.length[which], given.left[which])


def score_subscriptions(folder: Path) -> Iterator[str]:
    """Yield a row for each attribute and part: by how many points a year's retention is off, three ways."""
    table = pd.read_csv(folder / "WA_Fn-UseC_-Telco-Customer-Churn.csv")
    table = table[table["tenure"] > 0].reset_index(drop=True)
    left = (table["Churn"] == "Yes").to_numpy(dtype=bool)
    length = np.asarray(table["tenure"].to_numpy() - left, dtype=np.int64)
    given = Tenures(np.zeros(len(table), dtype=np.int64), length, left)
    for attribute in ATTRIBUTES:
        segment = np.asarray(table[attribute].astype("category").cat.codes, dtype=np.int64)
        for part in PARTS:
            errors = np.mean([_score_part(given, segment, part, seed) for seed in range(6)], axis=0)
            yield (
                f"| {attribute} | {part:.0%} | " + " | ".join(f"{100 * error:.1f}" for error in errors) + " |"
            )


def _score_part(given: Tenures, segment: Integers, part: float, seed: int) -> Floats:
    """Return how far a year's retention is off: Kaplan and Meier of all, of the segment alone, and ours."""
    known = np.random.default_rng(seed).random(len(segment)) < part
    count = int(segment.max()) + 1
    of_all = read_hazards(choose_tenures(given, known))
    ours = find_hazards(choose_tenures(given, known), segment[known], 200, count)
    whole, weight = np.zeros(3), 0.0
    for place in range(count):
        alone = read_hazards(choose_tenures(given, known & (segment == place)))
        others = choose_tenures(given, ~known & (segment == place))
        truth, risk = read_hazards(others), count_exposure(others).risk
        for month in range(1, 58, 3):
            at = slice(month, month + YEAR)
            stays = np.prod(1 - truth[at])
            said = [np.prod(1 - hazard[at]) for hazard in (of_all, alone, ours[place])]
            there = float(risk[month]) if month < len(risk) else 0.0
            whole += there * np.abs(np.array(said) - stays)
            weight += there
    return np.asarray(whole / weight)


def make_contracts(seed: int, monthly: float, known: int) -> tuple[Tables, pd.Series]:
    """Return a book of 300 contracts that end with a chance a month, and what each leaves in the year after it."""
    rng, begin = np.random.default_rng(seed), pd.Timestamp("2021-01-01")
    fee = 100 * np.exp(rng.normal(0, 0.6, 300))
    since, segment = rng.integers(0, known - 1, 300), rng.integers(0, 2, 300)
    ends = since + rng.geometric(monthly * np.where(segment == 0, 0.5, 1.5))
    days = [begin + pd.DateOffset(months=month) for month in range(known + YEAR + 1)]
    rows, came = [], dict.fromkeys((f"C{place}" for place in range(300)), 0.0)
    for place in range(300):
        for month in range(since[place], min(int(ends[place]), known + YEAR)):
            amount = max(fee[place] * (1 + 0.2 * rng.normal()), 1.0)
            if month < known:
                rows.append((days[month] + pd.Timedelta(days=9), f"C{place}", amount, 0.4 * amount))
            else:
                came[f"C{place}"] += 0.6 * amount
    who = pd.DataFrame(
        {
            "customer": list(came),
            "segment": [f"s{place}" for place in segment],
            "since": [days[month] for month in since],
            "ended": [days[month] if month < known else None for month in ends],
        }
    )
    end = days[known] - pd.Timedelta(days=1)
    tables = {
        "Settings": list_settings(start=begin, end=end, relationship="contract"),
        "Sales": pd.DataFrame(rows, columns=["date", "customer", "gross_revenue", "cogs"]),
        "Customers": who,
    }
    return tables, pd.Series(came)


def score_contracts() -> Iterator[str]:
    """Yield a row for each pace of leaving and history: the forecast beside *average goes on*."""
    for monthly in (0.01, 0.02, 0.03):
        for known in (24, 36):
            ours, usual = [], []
            for seed in range(51, 54):
                tables, came = make_contracts(seed, monthly, known)
                outlook = xlprofit.analyze(tables).outlook
                there = outlook["chance_active"] > 0
                ours.append(score_forecast(outlook[there], came, "expected_profit"))
                usual.append(score_forecast(outlook[there], came, "run_rate"))
            mean, plain = (np.mean(found, axis=0) for found in (ours, usual))
            yield (
                f"| {monthly:.0%} a month | {known} | {mean[0]:+.0%} | {plain[0]:+.0%} | {mean[1]:,.0f} | "
                f"{plain[1]:,.0f} | {mean[2]:.0%} |"
            )


def score_forecast(outlook: pd.DataFrame, came: pd.Series, column: str, part: float = 1.0) -> Figures:
    """Return how a column of the outlook did on what came, over such a part of a year."""
    truth = came.reindex(outlook.index).fillna(0.0)
    said = outlook[column] * part
    low, high = outlook["expected_low"] * part - 1e-6, outlook["expected_high"] * part + 1e-6
    error = float((said - truth).abs().mean())
    return Figures(
        float(said.sum() / truth.sum() - 1), error, float(((truth >= low) & (truth <= high)).mean())
    )


def score_pipeline(folder: Path) -> Iterator[str]:
    """Yield a row a day: the share won of those open then, and Brier scores of blank chances."""
    deals = pd.read_csv(folder / "sales_pipeline.csv", parse_dates=["engage_date", "close_date"])
    sector = pd.read_csv(folder / "accounts.csv").set_index("account")["sector"]
    won = deals["deal_stage"] == "Won"
    for day in pd.to_datetime(["2017-06-30", "2017-09-30"]):
        there = deals[deals["engage_date"] <= day]
        closed = there["close_date"] <= day
        sold = deals[won & (deals["close_date"] <= day)]
        tables = {
            "Settings": list_settings(start=pd.Timestamp("2017-03-01"), end=day),
            "Sales": pd.DataFrame(
                {
                    "date": sold["close_date"],
                    "customer": sold["account"],
                    "gross_revenue": sold["close_value"],
                    "cogs": 0.6 * sold["close_value"],
                }
            ),
            "Customers": sector.rename("segment").rename_axis("customer").reset_index(),
            "Prospects": pd.DataFrame(
                {
                    "prospect": there["opportunity_id"],
                    "segment": there["account"].map(sector).fillna(""),
                    "revenue": 1_000.0,
                    "margin": 0.4,
                    "outcome": there["deal_stage"].str.lower().where(closed, "open"),
                    "closed": there["close_date"].where(closed),
                }
            ),
        }
        results = xlprofit.analyze(tables)
        later = there[~closed & there["close_date"].notna()].set_index("opportunity_id")
        came = (later["deal_stage"] == "Won").astype(float)
        said = results.prospects["win_probability"].reindex(came.index)
        past = there[closed].assign(won=won)
        alone = later["account"].map(sector).map(past.groupby(past["account"].map(sector))["won"].mean())
        base, record = float(past["won"].mean()), results.win_record
        briers = [float(((chance - came) ** 2).mean()) for chance in (base, alone, said)]
        apart = 1.2816 * record.doubts[""]
        yield (
            f"| {day:%Y-%m-%d} | {len(past):,} | {len(came):,} | {base:.1%} ± {100 * apart:.1f} | {came.mean():.1%} | "
            + " | ".join(f"{brier:.4f}" for brier in briers)
            + " |"
        )


def load_orders(folder: Path) -> Iterator[tuple[str, pd.DataFrame, str, str]]:
    """Yield what has orders: its name, its Sales, the last day known and the last day held out."""
    path = folder / "WA_Fn-UseC_-Accounts-Receivable.csv"
    if path.exists():
        lines = pd.read_csv(path)
        amount = lines["InvoiceAmount"]
        day = pd.to_datetime(lines["InvoiceDate"], format="%m/%d/%Y")
        sales = pd.DataFrame({"date": day, "customer": lines["customerID"], "gross_revenue": amount})
        yield "Accounts Receivable", sales.assign(cogs=0.7 * amount), "2012-12-31", "2013-11-30"
    path = folder / "Sample - Superstore.csv"
    if path.exists():
        lines = pd.read_csv(path, encoding="utf-8-sig")
        day = pd.to_datetime(lines["Order Date"], format="%m/%d/%Y")
        sales = pd.DataFrame({"date": day, "customer": lines["Customer ID"], "gross_revenue": lines["Sales"]})
        sales["cogs"] = lines["Sales"] - lines["Profit"]
        for year in (2017, 2018):
            yield f"Superstore {year + 1}", sales, f"{year}-12-31", f"{year + 1}-12-31"


def score_orders(folder: Path) -> Iterator[str]:
    """Yield a row for each book: the forecast beside each customer's average, and beside its last twelve months."""
    for name, sales, known, end in load_orders(folder):
        seen = sales[sales["date"] <= known]
        later = sales[(sales["date"] > known) & (sales["date"] <= end)]
        tables = {
            "Settings": list_settings(start=seen["date"].min(), end=pd.Timestamp(known)),
            "Sales": seen,
        }
        results = xlprofit.analyze(tables)
        outlook, came = results.outlook, sum_margins(later)
        part = round((pd.Timestamp(end) - pd.Timestamp(known)).days / 30.44) / YEAR
        last = sum_margins(seen[seen["date"] > pd.Timestamp(known) - pd.DateOffset(months=YEAR)])
        began = seen.groupby("customer")["date"].min()
        years = ((pd.Timestamp(known) - began).dt.days / 365.25).clip(lower=1 / YEAR)
        beside = outlook.assign(
            last=last.reindex(outlook.index).fillna(0.0),
            average=(sum_margins(seen) / years).reindex(outlook.index),
        )
        found = [
            score_forecast(beside, came, column, part) for column in ("expected_profit", "average", "last")
        ]
        said = " | ".join(f"{one.bias:+.0%} | {one.error:,.0f}" for one in found)
        yield f"| {name}: {len(outlook)} customers | {said} | {found[0].holds:.0%} |"


def sum_margins(sales: pd.DataFrame) -> pd.Series:
    """Return what each customer left."""
    return (sales["gross_revenue"] - sales["cogs"]).groupby(sales["customer"]).sum()


def show_tables(folder: Path) -> None:
    """Print what the files that are there show."""
    if (folder / "WA_Fn-UseC_-Telco-Customer-Churn.csv").exists():
        _print_table("by | known | of all | of the segment alone | ours", score_subscriptions(folder))
    _print_table(
        "leaving | months | bias | run rate goes on | mean error | run rate goes on | interval holds",
        score_contracts(),
    )
    if (folder / "sales_pipeline.csv").exists():
        heads = "day | decided | open, decided later | said | won | Brier: share of all | of the segment alone | ours"
        _print_table(heads, score_pipeline(folder))
    heads = (
        "book | bias | mean error | own average: bias | mean error | last 12 months: bias | mean error | "
        "interval holds"
    )
    _print_table(heads, score_orders(folder))


def _print_table(heads: str, rows: Iterator[str]) -> None:
    print(f"\n| {heads} |", "|---" * (heads.count("|") + 1) + "|", *rows, sep="\n")


def run_benchmark(arguments: Sequence[str]) -> None:
    """Run it with the arguments of the command line."""
    if len(arguments) != 1:
        raise SystemExit(__doc__)
    show_tables(Path(arguments[0]))


if __name__ == "__main__":
    run_benchmark(sys.argv[1:])
