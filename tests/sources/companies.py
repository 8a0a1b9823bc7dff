"""Companies whose tables are put into every engine: the demo company, real sales lines, and a faulty one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

import numpy as np
import pandas as pd

from tests.needs import shared
from xlprofit.findings import Finding
from xlprofit.hosts.frames import FramesHost
from xlprofit.results import Results, compute_results
from xlprofit.rules import check_tables
from xlprofit.samples import demo
from xlprofit.sources import resolve_sources

BIG = ("Sales", "ActivityLog", "DirectCosts")
KEYS = ["customer", "period", "line", "group", "level"]
Tables = dict[str, pd.DataFrame]


@cache
def demo_company() -> Tables:
    return {
        n: f for n, f in demo.tables(customers=60, sales_lines=3_000, activity_rows=2_500).items() if len(f)
    }


@cache
def online_retail() -> Tables:
    lines = pd.read_parquet(shared("data", "online_retail.parquet"))
    sales = pd.DataFrame(
        {
            "InvoiceDate": lines["InvoiceDate"],
            "Customer ID": lines["CustomerID"].astype(object).where(lines["CustomerID"].notna(), None),
            "Revenue": lines["Quantity"] * lines["UnitPrice"],
            "Quantity": lines["Quantity"],
            "StockCode": lines["StockCode"],
        }
    )
    return {"Settings": pd.DataFrame({"setting": ["currency"], "value": ["GBP"]}), "Sales": sales}


@cache
def faulty() -> Tables:
    """The demo company with what the checks find: blanks, unknown names, odd signs, days outside the span."""
    tables = dict(demo_company())
    rng = np.random.default_rng(5)
    sales = tables["Sales"].copy()
    sales["customer"] = sales["customer"].astype(object)
    some = rng.permutation(len(sales))
    sales.loc[some[:70], "customer"] = None
    sales.loc[some[70:90], "customer"] = "   "
    sales.loc[some[90:120], "customer"] = "Nobody knows Ltd"
    first = str(sales["customer"].dropna().iloc[-1])
    mine = sales.index[sales["customer"] == first][:3]
    sales.loc[mine, "customer"] = f" {first.upper()} "
    sales.loc[some[120:140], "gross_revenue"] *= -1
    sales.loc[some[140:151], "cogs"] *= -1
    sales.loc[some[151:160], "gross_revenue"] = np.nan
    sales.loc[some[160:165], "discount"] = np.nan
    sales.loc[some[165:168], "gross_revenue"] = np.inf
    sales.loc[some[170:174], "date"] = pd.NaT
    tables["Sales"] = sales
    log = tables["ActivityLog"].copy()
    log["activity"] = log["activity"].astype(object)
    log["customer"] = log["customer"].astype(object)
    some = rng.permutation(len(log))
    log.loc[some[:25], "activity"] = "Dance"
    log.loc[some[25:40], "customer"] = None
    log.loc[some[40:55], "quantity"] = np.nan
    log.loc[some[55:60], "quantity"] = -2.0
    log.loc[some[60:66], "activity"] = None
    tables["ActivityLog"] = log
    costs = tables["DirectCosts"].copy()
    costs["customer"] = costs["customer"].astype(object)
    costs.loc[:3, "customer"] = None
    costs.loc[4:6, "amount"] = -50.0
    costs.loc[7:8, "avoidable"] = 7.0
    tables["DirectCosts"] = costs
    settings = tables["Settings"].copy()
    start = settings["setting"] == "start"
    settings.loc[start, "value"] = pd.Series(
        [pd.Timestamp(settings.loc[start, "value"].iloc[0]) + pd.Timedelta(days=44)],
        index=settings.index[start],
        dtype=object,
    )
    tables["Settings"] = settings
    return tables


@cache
def planned() -> Tables:
    """The demo company with a budget: other rows of the tables that may have a version, some without a quantity."""
    tables = dict(demo_company())
    for name in (*BIG, "Resources"):
        budget = tables[name].copy()
        for column in ("gross_revenue", "cost", "amount"):
            if column in budget:
                budget[column] = (budget[column] * 1.07).round(2)
        said = [None, "Actual"] * (len(budget) // 2) + [None] * (len(budget) % 2)
        actual = tables[name].assign(version=pd.Series(said, index=tables[name].index, dtype=object))
        tables[name] = pd.concat([actual, budget.assign(version="Budget")], ignore_index=True)
    sales = tables["Sales"].copy()
    sales.loc[sales.index % 17 == 0, "quantity"] = np.nan
    return tables | {"Sales": sales}


def from_sheets(tables: Tables) -> tuple[Results, tuple[Finding, ...]]:
    inputs, findings = check_tables(FramesHost(tables).read_tables())
    assert inputs is not None
    return compute_results(inputs, findings), findings


def from_sources(
    tables: Tables, sources: Iterable[object], small: int | None = None
) -> tuple[Results, tuple[Finding, ...]]:
    """Run with the tables that have no source as sheets, the others from their sources."""
    given = list(sources)
    named = {str(s).split("=")[0] if isinstance(s, str) else s.table for s in given}  # type: ignore[attr-defined]
    raws = FramesHost({n: f for n, f in tables.items() if n not in named}).read_tables()
    raws, told = resolve_sources(raws, given, small=small)  # type: ignore[arg-type]
    inputs, findings = check_tables(raws)
    assert inputs is not None, findings
    return compute_results(inputs, findings), (*told, *findings)


def ledger_sums(results: Results) -> pd.Series:
    frame = results.ledger.astype(dict.fromkeys(KEYS, "str"))
    return frame.groupby(KEYS)["amount"].sum().sort_index()


def assert_same_ledger(one: Results, other: Results) -> None:
    """The ledgers are equal to 1e-9 of the amounts that went in, period by period and line by line."""
    a, b = ledger_sums(one), ledger_sums(other)
    joined = pd.concat([a, b], axis=1, keys=["a", "b"]).fillna(0.0)
    scale = one.ledger["amount"].abs().groupby([one.ledger[k].astype("str") for k in KEYS]).sum()
    off = (joined["a"] - joined["b"]).abs()
    assert len(joined) > 0
    assert (off <= 1e-9 * scale.reindex(joined.index).fillna(0.0) + 1e-12).all()
    assert list(one.periods) == list(other.periods)


SAME = {
    "C12",
    "C13",
    "C15",
    "C16",
    "C17",
    "C18",
    "C19",
    "C29",
    "M06",
    "N01",
    "R01",
    "R02",
    "R41",
    "R45",
    "S06",
    "S03",
    "T03",
    "C01",
}
"""What must be found alike; K03 (rows that are alike) is not looked for in sums."""


def found(findings: Iterable[Finding], tables: Mapping[str, pd.DataFrame]) -> list[tuple[str, str, str, int]]:
    """Code, table, words and count of the findings, wherever the table stands."""
    return sorted((f.code, f.sheet.split(" from ")[0], f.what, f.count) for f in findings if f.code in SAME)
