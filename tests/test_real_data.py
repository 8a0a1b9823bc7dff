"""Real companies: the figures tie to the data's own totals, and what has no customer is shown as such."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import xlprofit
from examples import online_retail, services_firm
from tests.figures import read_figures
from tests.needs import needs_shared, shared

CENT = 0.005

pytestmark = needs_shared


@pytest.fixture(scope="module")
def lines() -> pd.DataFrame:
    return pd.read_parquet(shared("data", "online_retail.parquet"))


@pytest.fixture(scope="module")
def retail(lines: pd.DataFrame) -> xlprofit.Results:
    return xlprofit.analyze(online_retail.tables(lines))


def test_the_invoice_lines_tie_out_to_the_cent(lines: pd.DataFrame, retail: xlprofit.Results) -> None:
    assert len(lines) == len(retail.inputs["Sales"]) == 541_909
    assert (lines["Quantity"] * lines["UnitPrice"]).sum() == pytest.approx(9_747_747.93, abs=CENT)
    assert retail.company.loc["net_revenue", "total"] == pytest.approx(9_747_747.93, abs=CENT)
    tie = retail.tie_out.set_index("line").loc["net_revenue"]
    assert bool(tie["ties"])
    assert tie["control"] == 9_747_747.93


def test_lines_of_no_customer_are_a_finding_and_stand_under_no_customer(
    lines: pd.DataFrame, retail: xlprofit.Results
) -> None:
    nobody = lines["CustomerID"].isna()
    amount = float((lines["Quantity"] * lines["UnitPrice"])[nobody].sum())
    (found,) = [f for f in retail.findings if f.code == "M06"]
    first = int(np.flatnonzero(nobody)[0]) + 2
    assert (found.sheet, found.cell, found.count) == ("Sales", f"B{first}", 135_080)
    assert {135_080, 1_447_682.12} <= set(read_figures(found.what))
    ledger = retail.ledger[(retail.ledger["customer"] == "").to_numpy()]
    sold = ledger[ledger["line"].isin(["gross_revenue", "discounts", "returns"]).to_numpy()]
    assert sold["amount"].sum() == pytest.approx(amount, abs=CENT)
    assert amount == pytest.approx(1_447_682.12, abs=CENT)
    assert retail.company.loc["net_revenue", "no_customer"] == pytest.approx(amount, abs=CENT)
    explained = retail.explain("", "net_revenue")
    assert explained["amount"].sum() == pytest.approx(amount, abs=CENT)


def test_every_customer_is_there_and_has_its_own_net_revenue(
    lines: pd.DataFrame, retail: xlprofit.Results
) -> None:
    amount = (lines["Quantity"] * lines["UnitPrice"]).groupby(lines["CustomerID"].astype(str)).sum()
    assert len(retail.customers) == 4_372
    own = amount.reindex(retail.customers.index)
    assert own.notna().all()
    assert np.allclose(own, retail.customers["net_revenue"], rtol=0, atol=CENT)


def test_those_whose_spending_died_away_are_dormant(lines: pd.DataFrame, retail: xlprofit.Results) -> None:
    """825 of 4,372: no sale in the six whole months before December 2011, of which the data has nine days."""
    bought = lines[(lines["Quantity"] * lines["UnitPrice"]).to_numpy() > 0]
    last = bought.groupby(bought["CustomerID"].astype(str))["InvoiceDate"].max()
    gone = set(last.index[(last < pd.Timestamp("2011-06-01")).to_numpy()])
    never = set(retail.names) - set(last.index)
    dormant = set(retail.trends.index[(retail.trends["state"] == "Dormant").to_numpy()])
    assert dormant == (gone | never) & set(retail.names)
    assert len(dormant) == 825


def test_the_cost_of_the_example_is_charged_or_idle(retail: xlprofit.Results) -> None:
    capacity = retail.capacity
    charged = capacity[["charged", "idle_cost", "unassigned"]].sum(axis=1)
    assert np.allclose(charged, capacity["cost"], rtol=1e-9)
    assert (capacity["idle"] > 0).all()
    log = retail.inputs["ActivityLog"]
    invoices = retail.inputs["Sales"]["invoice"].astype(str)
    cancelled = invoices.str.startswith("C")
    done = log["activity"].astype(str).value_counts().to_dict()
    assert done == {
        "order taking": invoices[~cancelled].nunique(),
        "picking": invoices[~cancelled].nunique(),
        "return": invoices[cancelled].nunique(),
    }


def test_a_services_firm_ties_out_to_the_cent() -> None:
    facts = pd.read_parquet(shared("data", "ms_customer_profitability.parquet"))
    actual = facts[facts["Scenario"] == "Actual"]
    results = xlprofit.analyze(services_firm.tables(facts))
    assert len(results.tie_out) == 6
    assert results.tie_out["ties"].all()
    revenue = actual[list(services_firm.REVENUES)].to_numpy().sum()
    cost = actual[list(services_firm.COSTS)].to_numpy().sum()
    assert results.company.loc["net_revenue", "total"] == pytest.approx(revenue, abs=CENT)
    assert results.company.loc["company_profit", "total"] == pytest.approx(revenue - cost, abs=CENT)
    named = actual[actual["Customer"].notna()]
    by_customer = named.groupby(named["Customer"].astype(str))
    own = by_customer[list(services_firm.REVENUES)].sum().sum(axis=1)
    spent = by_customer[list(services_firm.COSTS)].sum().sum(axis=1)
    profit = (own - spent).reindex(results.customers.index)
    assert np.allclose(results.customers["profit"], profit, rtol=0, atol=CENT)
    by_month = results.pnl(period=True)["profit"].unstack()
    assert np.allclose(by_month.sum(axis=1), results.customers["profit"], rtol=0, atol=CENT)


def test_plan_and_actual_of_a_services_firm_tie_out_and_the_bridge_adds_up() -> None:
    facts = pd.read_parquet(shared("data", "ms_customer_profitability.parquet"))
    plain = xlprofit.analyze(services_firm.tables(facts))
    results = xlprofit.analyze(services_firm.list_versions(facts))
    assert np.array_equal(results.customers["profit"], plain.customers["profit"].reindex(results.names))
    for version, run in (("Actual", results), ("Budget", results.plans["Budget"])):
        rows = facts[facts["Scenario"] == version]
        revenue = rows[list(services_firm.REVENUES)].to_numpy().sum()
        cost = rows[list(services_firm.COSTS)].to_numpy().sum()
        assert run.company.loc["net_revenue", "total"] == pytest.approx(revenue, abs=CENT)
        assert run.company.loc["company_profit", "total"] == pytest.approx(revenue - cost, abs=CENT)
    assert results.change is not None
    change = results.change.comparison
    assert results.change.kind == "plan"
    moved = change.profits["change"]
    assert np.allclose(
        change.bridge.sum(axis=1), moved, rtol=0, atol=1e-9 * change.profits.abs().to_numpy().max()
    )
    by_customer = facts[facts["Customer"].notna()].assign(
        profit=facts[list(services_firm.REVENUES)].sum(axis=1) - facts[list(services_firm.COSTS)].sum(axis=1)
    )
    own = by_customer.pivot_table("profit", "Customer", "Scenario", "sum", fill_value=0.0)
    assert np.allclose(moved, (own["Actual"] - own["Budget"]).reindex(moved.index), rtol=0, atol=CENT)
    total = change.company["total"]
    assert total.drop("company_profit").sum() == pytest.approx(total["company_profit"], abs=1e-6)
