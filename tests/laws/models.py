"""Random but valid models: every kind of table, in the shapes that a workbook may have."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import strategies as st

CUSTOMERS = ["Alfa", "Beeta", "Gamma", "Delta", "Epsilon"]
MONTHS = ["2024-01", "2024-02", "2024-03"]
LEVELS = ["output-unit", "batch", "customer", "channel", "corporate", ""]
GROUPS = ["acquire", "order", "deliver", "service", "demand", "own word"]

Tables = dict[str, pd.DataFrame]


@st.composite
def models(draw: st.DrawFn) -> Tables:
    """Return the tables of a random model; one seed drives the numbers, so that it shrinks well."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    period = draw(st.sampled_from(["month", "quarter", "year"]))
    tables: Tables = {
        "Settings": pd.DataFrame(
            {
                "setting": ["period", "start", "end", "as_of", "cost_of_capital"],
                "value": [period, "2024-01-01", "2024-03-31", "2024-03-31", "0.09"],
            }
        ),
        "Sales": _sales(rng, draw(st.integers(1, 25))),
        "Resources": _resources(rng, draw(st.integers(1, 4))),
    }
    names = tables["Resources"]["resource"].unique()
    tables["Activities"] = _activities(rng, names, draw(st.integers(1, 5)))
    tables["ActivityLog"] = _log(rng, tables["Activities"]["activity"].unique(), draw(st.integers(0, 30)))
    if draw(st.booleans()):
        tables["Allocations"] = _allocations(rng, names)
    if draw(st.booleans()):
        tables["DirectCosts"] = _direct_costs(rng, draw(st.integers(1, 8)))
    if draw(st.booleans()):
        tables |= _invoices(rng, draw(st.integers(1, 10)))
    if draw(st.booleans()):
        tables["Commissions"] = pd.DataFrame(
            {
                "scope": ["all", "customer", "product"],
                "value": ["", "Alfa", "P1"],
                "basis": ["net_revenue", "gross_margin", "net_revenue"],
                "rate": [0.01, 0.05, 0.03],
                "start": [pd.NaT, pd.Timestamp("2024-02-01"), pd.NaT],
            }
        )
    return tables


def _days(rng: np.random.Generator, count: int) -> pd.DatetimeIndex:
    return pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 91, count), unit="D")


def _cents(rng: np.random.Generator, high: float, count: int) -> np.ndarray:
    return np.asarray(rng.uniform(0, high, count).round(2))


def _sales(rng: np.random.Generator, count: int) -> pd.DataFrame:
    gross = _cents(rng, 10_000, count)
    return pd.DataFrame(
        {
            "date": _days(rng, count),
            "customer": rng.choice([*CUSTOMERS, ""], count),
            "gross_revenue": gross,
            "discount": (gross * 0.1).round(2),
            "returns": (1.0 + _cents(rng, 50, count)).round(2),  # below 1 all would be taken for rates
            "cogs": (gross * 0.6).round(2),
            "product": rng.choice(["P1", "P2"], count),
            "line": range(count),
        }
    )


def _resources(rng: np.random.Generator, count: int) -> pd.DataFrame:
    rows = []
    for i in range(count):
        periods = MONTHS if rng.random() < 0.5 else [""]
        with_capacity = rng.random() < 0.7
        for period in periods:
            capacity = round(float(rng.uniform(1, 5_000)), 1) if with_capacity else None
            rows.append(
                (f"R{i}", float(_cents(rng, 20_000, 1)[0]), capacity, float(rng.uniform(0.5, 1)), period)
            )
    return pd.DataFrame(rows, columns=["resource", "cost", "capacity", "practical", "period"])


def _activities(rng: np.random.Generator, resources: np.ndarray, count: int) -> pd.DataFrame:
    rows = []
    for i in range(count):
        group, level = str(rng.choice(GROUPS)), str(rng.choice(LEVELS))
        for driver in ("", "lines", "rush")[: int(rng.integers(1, 4))]:
            priced = rng.random() < 0.2
            resource = "" if priced else str(rng.choice(resources))
            rows.append(
                (f"A{i}", group, resource, driver, float(rng.uniform(0, 20)), 3.5 if priced else None, level)
            )
    return pd.DataFrame(
        rows, columns=["activity", "group", "resource", "driver", "rate", "unit_cost", "level"]
    )


def _log(rng: np.random.Generator, activities: np.ndarray, count: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "date": _days(rng, count),
            "customer": rng.choice(CUSTOMERS, count),
            "activity": rng.choice(activities, count),
            "quantity": rng.integers(1, 9, count).astype(float),
            "lines": rng.integers(0, 40, count).astype(float),
            "rush": rng.integers(0, 2, count).astype(float),
        }
    )


def _allocations(rng: np.random.Generator, resources: np.ndarray) -> pd.DataFrame:
    rows = []
    for source in resources:
        others = [r for r in resources if r != source]
        shares: list[float] = list(rng.dirichlet(np.ones(len(others) + 1))) if others else []
        rows += [(source, target, round(float(s), 4)) for target, s in zip(others, shares, strict=False)]
    frame = pd.DataFrame(rows, columns=["from", "to", "share"])
    return frame.assign(share=frame["share"] * 0.99)


def _direct_costs(rng: np.random.Generator, count: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "date": _days(rng, count),
            "customer": rng.choice([*CUSTOMERS, ""], count),
            "group": rng.choice(["loyalty", "cogs", "corporate", "acquire"], count),
            "amount": _cents(rng, 900, count),
        }
    )


def _invoices(rng: np.random.Generator, count: int) -> Tables:
    issued = _days(rng, count)
    paid = pd.Series(issued + pd.to_timedelta(rng.integers(1, 120, count), unit="D"))
    amount = _cents(rng, 9_000, count)
    written_off = (amount * rng.choice([0.0, 0.0, 0.0, 0.4, 1.0], count)).round(2)
    gone = pd.Series(issued + pd.to_timedelta(rng.integers(0, 120, count), unit="D"))
    dated = (written_off > 0) & (rng.random(count) < 0.7)
    return {
        "Invoices": pd.DataFrame(
            {
                "invoice": [f"I{i}" for i in range(count)],
                "customer": rng.choice(CUSTOMERS, count),
                "issued": issued,
                "due": issued + pd.Timedelta(days=30),
                "amount": amount,
                "written_off": written_off,
                "written_off_on": gone.where(dated),
                "recovered": (written_off * rng.choice([0.0, 0.5], count)).round(2),
                "paid": paid.where(paid <= pd.Timestamp("2024-03-31")),
            }
        ),
        "LossRates": pd.DataFrame({"days_past_due": [0, 1, 31], "rate": [0.003, 0.02, 0.1]}),
        "Balances": pd.DataFrame(
            {"date": [pd.Timestamp("2024-02-10")], "customer": ["Alfa"], "balance": [5_000.0]}
        ),
    }
