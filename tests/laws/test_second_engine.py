"""The cost model beside a second engine that computes it from the tables alone, in exact fractions.

``python -m tests.laws.test_second_engine 100000`` compares so many models; many stand in one company side by side, with
names of their own, so that a thousand take some seconds.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

import xlprofit
from tests.laws import second_engine
from tests.laws.models import Tables
from tests.needs import takes_minutes

TOGETHER = 40
"""So many models stand side by side in one company."""

SCALES = (1e-3, 1.0, 1.0, 1e6, 1e10)
"""What the money of a model is multiplied by."""


def build_company(seed: int) -> Tables:
    """Return a company in which some random models stand side by side, ill-conditioned ones among them."""
    rng = np.random.default_rng(seed)
    parts: dict[str, list[pd.DataFrame]] = {}
    for number in range(TOGETHER):
        for name, frame in _build_model(rng, f"M{number:02}").items():
            parts.setdefault(name, []).append(frame)
    length = ("month", "quarter", "year")[seed % 3]
    settings = {"period": length, "start": "2024-01-01", "end": "2024-03-31", "as_of": "2024-03-31"}
    settings["cost_of_capital"] = float(rng.choice((0.0, 0.08, 0.2)))  # type: ignore[assignment]  # a number among texts
    return {
        "Settings": pd.DataFrame(settings.items(), columns=["setting", "value"]),
        "LossRates": pd.DataFrame({"days_past_due": [0, 15, 31], "rate": [0.01, 0.07, 0.35]}),
        **{name: pd.concat(frames, ignore_index=True) for name, frames in parts.items()},
    }


def _build_model(rng: np.random.Generator, prefix: str) -> Tables:
    scale, count = float(rng.choice(SCALES)), int(rng.integers(1, 6))
    resources = [f"{prefix} R{i}" for i in range(count)]
    customers = [f"{prefix} C{i}" for i in range(int(rng.integers(1, 4)))]
    activities = [f"{prefix} A{i}" for i in range(int(rng.integers(1, 4)))]
    return {
        "Customers": _build_customers(rng, prefix, customers),
        "DirectCosts": _build_direct_costs(rng, customers, scale),
        "Commissions": _build_commissions(rng, prefix, customers),
        "Invoices": _build_invoices(rng, prefix, customers, scale),
        "Sales": _build_sales(rng, customers, scale).assign(product=f"{prefix} P"),
        "Resources": _build_resources(rng, resources, scale),
        "Allocations": pd.DataFrame(_list_shares(rng, resources), columns=["from", "to", "share"]),
        "Activities": _build_activities(rng, activities, resources),
        "ActivityLog": _build_log(rng, customers, activities),
    }


def _draw_days(rng: np.random.Generator, count: int) -> pd.DatetimeIndex:
    return pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 91, count), unit="D")


def _build_sales(rng: np.random.Generator, customers: list[str], scale: float) -> pd.DataFrame:
    gross = (rng.uniform(1, 10_000, 4) * scale).round(5)
    return pd.DataFrame(
        {
            "date": _draw_days(rng, 4),
            "customer": rng.choice(customers, 4),
            "gross_revenue": gross,
            "discount": (gross * 0.1).round(5),
            "returns": 0.0,
            "cogs": (gross * float(rng.uniform(0, 1))).round(5),
        }
    )


def _build_customers(rng: np.random.Generator, prefix: str, names: list[str]) -> pd.DataFrame:
    count = len(names)
    columns = {
        column: [f"{prefix} {column[0]}{n}" for n in rng.integers(0, 2, count)]
        for column in ("segment", "channel", "owner")
    }
    return pd.DataFrame({"customer": names, **columns})


def _build_direct_costs(rng: np.random.Generator, customers: list[str], scale: float) -> pd.DataFrame:
    count = 6
    groups = ("acquire", "service", "complaint", "deliver", "demand", "cogs", "channel")
    return pd.DataFrame(
        {
            "date": _draw_days(rng, count),
            "customer": rng.choice([*customers, ""], count),
            "group": rng.choice(groups, count),
            "amount": (rng.uniform(1, 500, count) * scale).round(5),
        }
    )


def _build_commissions(rng: np.random.Generator, prefix: str, customers: list[str]) -> pd.DataFrame:
    """Rules of all scopes, some of which hold for a part of the span, and follow one another."""
    named = {"customer": str(rng.choice(customers)), "product": f"{prefix} P"}
    named |= {
        column: f"{prefix} {column[0]}{rng.integers(0, 2)}" for column in ("owner", "segment", "channel")
    }
    rows = []
    for scope, value in named.items():
        for start in (None, "2024-02-01")[: int(rng.integers(0, 3))]:
            end = "2024-03-10" if rng.random() < 0.3 else None
            basis = str(rng.choice(("net_revenue", "gross_margin")))
            rows.append((scope, value, basis, round(float(rng.uniform(0, 0.2)), 4), start, end))
    frame = pd.DataFrame(rows, columns=["scope", "value", "basis", "rate", "start", "end"])
    return frame.assign(**{column: pd.to_datetime(frame[column]) for column in ("start", "end")})


def _build_invoices(
    rng: np.random.Generator, prefix: str, customers: list[str], scale: float
) -> pd.DataFrame:
    """Invoices that are open, paid, or written off in part or as a whole, of which something may have come in later."""
    count, last = 8, pd.Timestamp("2024-03-31")
    issued = _draw_days(rng, count)
    amount = (rng.uniform(1, 10_000, count) * scale).round(5)
    open_days = (last - issued).days.to_numpy()
    after = [pd.Timedelta(days=int(rng.integers(0, days + 1))) for days in open_days]
    later = [
        pd.Timedelta(days=int(rng.integers(step.days, days + 1)))
        for step, days in zip(after, open_days, strict=True)
    ]
    kind = rng.choice(("open", "paid", "lost", "partly lost"), count, p=(0.3, 0.4, 0.15, 0.15))
    is_lost = np.isin(kind, ("lost", "partly lost"))
    lost = np.where(kind == "lost", amount, np.where(kind == "partly lost", (amount * 0.4).round(5), 0.0))
    is_paid = (kind == "paid") | (is_lost & (rng.random(count) < 0.5))
    return pd.DataFrame(
        {
            "invoice": [f"{prefix} I{n}" for n in range(count)],
            "customer": rng.choice(customers, count),
            "issued": issued,
            "due": issued + pd.to_timedelta(rng.choice((0, 14, 30), count), unit="D"),
            "amount": amount,
            "paid": pd.Series(issued + pd.to_timedelta(later)).where(is_paid),
            "written_off": lost,
            "written_off_on": pd.Series(issued + pd.to_timedelta(after)).where(
                is_lost & (rng.random(count) < 0.7)
            ),
            "recovered": np.where(is_lost & (rng.random(count) < 0.4), (lost * 0.25).round(5), 0.0),
        }
    )


def _build_resources(rng: np.random.Generator, names: list[str], scale: float) -> pd.DataFrame:
    rows = []
    for name in names:
        given = rng.random() < 0.7
        for period in second_engine.MONTHS if rng.random() < 0.5 else ("",):
            capacity = float(rng.uniform(1, 5_000)) if given else None
            rows.append(
                (name, float(rng.uniform(0, 20_000)) * scale, capacity, float(rng.uniform(0.5, 1)), period)
            )
    return pd.DataFrame(rows, columns=["resource", "cost", "capacity", "practical", "period"])


def _list_shares(rng: np.random.Generator, names: list[str]) -> Iterator[tuple[str, str, float]]:
    """Give shares by which cost is passed on; of some resources hardly anything stays, and it goes round for long."""
    for source in names:
        others = [name for name in names if name != source]
        if not others or rng.random() < 0.3:
            continue
        passed = float(rng.choice((0.5, 0.99, 1 - 1e-4, 1 - 1e-7)))
        parts = rng.dirichlet(np.ones(len(others))) * passed
        yield from (
            (source, other, float(part)) for other, part in zip(others, parts, strict=True) if part > 0
        )


def _build_activities(rng: np.random.Generator, names: list[str], resources: list[str]) -> pd.DataFrame:
    rows = []
    for name in names:
        priced = rng.random() < 0.2
        for driver in ("", "lines", "rush")[: int(rng.integers(1, 4))]:
            resource = "" if priced else str(rng.choice(resources))
            rows.append(
                (name, "service", resource, driver, float(rng.uniform(0.1, 20)), 3.5 if priced else None)
            )
    frame = pd.DataFrame(rows, columns=["activity", "group", "resource", "driver", "rate", "unit_cost"])
    return frame.assign(level="customer")


def _build_log(rng: np.random.Generator, customers: list[str], activities: list[str]) -> pd.DataFrame:
    count = 8
    return pd.DataFrame(
        {
            "date": _draw_days(rng, count),
            "customer": rng.choice(customers, count),
            "activity": rng.choice(activities, count),
            "quantity": rng.integers(1, 9, count).astype(float),
            "lines": rng.integers(0, 40, count).astype(float),
            "rush": rng.integers(0, 2, count).astype(float),
        }
    )


def compare_engines(tables: Tables) -> int:
    """Assert that both engines come to the same; return how many figures were compared."""
    results = xlprofit.analyze(tables)
    assert not [f for f in results.findings if f.severity in ("stop", "error")], list(
        map(str, results.findings)
    )
    exact = compute_pnl(tables)
    count = 0
    for customer, amounts in exact.items():
        size = sum((abs(amount) for amount in amounts.values()), Fraction(0))
        for measure, amount in amounts.items():
            found = float(results.customers[measure][customer])
            assert second_engine.is_near(found, amount, size), (customer, measure, found, float(amount))
            count += 1
    given = sum((Fraction(float(cost)) for cost in tables["Resources"]["cost"]), Fraction(0))
    parts = results.capacity[["charged", "idle_cost", "unassigned"]].to_numpy().sum()
    assert second_engine.is_near(parts, given, given)
    return count


def compute_pnl(tables: Tables) -> dict[str, dict[str, Fraction]]:
    """Return the P&L of each customer as the second engine has it, costs negative as the package has them."""
    sales, served = second_engine.compute_sales(tables), second_engine.compute_activity_costs(tables)
    direct, paid = second_engine.compute_direct_costs(tables), second_engine.compute_commissions(tables)
    credit = second_engine.compute_credit(tables)
    found = {}
    for customer in tables["Customers"]["customer"]:
        of = {
            measure: sales[customer][measure] for measure in ("gross_revenue", "net_revenue", "gross_margin")
        }
        own = {group: amount for (who, group), amount in direct.items() if who == customer}
        of["gross_margin"] -= own.pop("cogs", Fraction(0))
        of["cost_to_acquire"] = -own.pop("acquire", Fraction(0)) - paid.get(customer, Fraction(0))
        of["cost_to_serve"] = -served.get(customer, Fraction(0)) - sum(own.values(), Fraction(0))
        of["cost_of_credit"] = -sum(credit.get(customer, ()), Fraction(0))
        of["profit"] = of["gross_margin"] + of["cost_to_acquire"] + of["cost_to_serve"] + of["cost_of_credit"]
        found[customer] = of
    return found


@pytest.mark.parametrize("seed", range(3))
def test_both_engines_come_to_the_same(seed: int) -> None:
    assert compare_engines(build_company(seed)) > 100


@takes_minutes
@pytest.mark.parametrize("seed", range(10, 60))
def test_both_engines_come_to_the_same_over_and_over(seed: int) -> None:
    assert compare_engines(build_company(seed)) > 100


def test_the_second_engine_tells_a_wrong_figure() -> None:
    tables = build_company(1)
    exact = second_engine.compute_activity_costs(tables)
    wrong = tables | {"Resources": tables["Resources"].assign(cost=tables["Resources"]["cost"] * (1 + 1e-8))}
    other = second_engine.compute_activity_costs(wrong)
    differing = [
        c for c in exact if exact[c] and not second_engine.is_near(float(other[c]), exact[c], exact[c])
    ]
    assert len(differing) > 10


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("Sales", "cogs"),
        ("DirectCosts", "amount"),
        ("Commissions", "rate"),
        ("Invoices", "amount"),
        ("LossRates", "rate"),
        ("Activities", "rate"),
    ],
)
def test_every_table_counts_in_the_profit(table: str, column: str) -> None:
    tables = build_company(1)
    exact = compute_pnl(tables)
    wrong = tables | {table: tables[table].assign(**{column: tables[table][column] * (1 + 1e-4)})}
    other = compute_pnl(wrong)
    size = {customer: sum(map(abs, amounts.values()), Fraction(0)) for customer, amounts in exact.items()}
    differing = [
        c for c in exact if not second_engine.is_near(float(other[c]["profit"]), exact[c]["profit"], size[c])
    ]
    assert len(differing) > 5


if __name__ == "__main__":
    wanted, done, at = int(sys.argv[1]), 0, 1_000
    while done < wanted:
        compare_engines(build_company(at))
        at, done = at + 1, done + TOGETHER
        if done % (50 * TOGETHER) == 0:
            print(f"{done:,} models", flush=True)
    print(f"{done:,} models: both engines come to the same")
