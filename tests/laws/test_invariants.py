"""The invariants of the design, as equations on random models."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import xlprofit
from tests.laws.models import Tables, models
from tests.needs import examples
from xlprofit.ledger.rules import RULES
from xlprofit.results import Results
from xlprofit.vocabulary.lines import Line
from xlprofit.vocabulary.measures import MEASURES

# A run takes a fifth of a second and its numbers come from one seed: there is little to shrink.
RANDOM = settings.get_profile("laws")


def _given_cost(tables: Tables, results: Results) -> float:
    """Return all revenue less all cost that the tables and the credit terms give."""
    sales = tables["Sales"]
    total = float((sales["gross_revenue"] - sales["discount"] - sales["returns"] - sales["cogs"]).sum())
    total -= float(tables["Resources"]["cost"].sum())
    if "DirectCosts" in tables:
        total -= float(tables["DirectCosts"]["amount"].sum())
    others = results.ledger["line"].isin([Line.COMMISSION, Line.FINANCING, Line.EXPECTED_LOSS])
    by_unit = results.equations.loc[results.equations["unit_cost"].notna(), "row"]
    priced = (results.ledger["source_table"] == "Activities") & results.ledger["source_row"].isin(by_unit)
    return total + float(results.ledger.loc[others | priced, "amount"].sum())


@RANDOM
@given(models())
def test_cost_in_is_charged_idle_or_unassigned(tables: Tables) -> None:
    capacity = xlprofit.analyze(tables).capacity
    given_cost = tables["Resources"]["cost"].sum()
    assert capacity["own_cost"].sum() == pytest.approx(given_cost, rel=1e-9)
    assert capacity["cost"].sum() == pytest.approx(given_cost, rel=1e-9)
    for _, row in capacity.iterrows():
        parts = row["charged"] + row["idle_cost"] + row["unassigned"]
        assert parts == pytest.approx(row["cost"], rel=1e-9, abs=1e-9 * given_cost)


@RANDOM
@given(models())
def test_the_ledger_adds_up_to_what_was_given(tables: Tables) -> None:
    results = xlprofit.analyze(tables)
    expected = _given_cost(tables, results)
    scale = results.ledger["amount"].abs().sum()
    assert results.ledger["amount"].sum() == pytest.approx(expected, rel=1e-9, abs=1e-9 * scale)
    assert results.company.loc["company_profit", "total"] == pytest.approx(
        expected, rel=1e-9, abs=1e-9 * scale
    )
    assert results.customers["profit"].sum() == pytest.approx(
        results.company.loc["profit", "customers"], rel=1e-9, abs=1e-9 * scale
    )
    by_period = results.pnl(period=True).groupby(level="customer").sum()
    for measure in MEASURES:
        assert np.allclose(by_period[measure], results.customers[measure], rtol=1e-9, atol=1e-9 * scale)


def _by_line(postings: Sequence[pd.DataFrame], customer: str) -> pd.Series:
    """Return what postings come to by line, period and source, for a customer."""
    whole = pd.concat([p[(p["customer"] == customer).to_numpy()] for p in postings])
    keys = [whole[key].astype(str) for key in ("line", "period", "source_table", "source_row")]
    sums: pd.Series = whole["amount"].groupby(keys).sum()
    return sums


@RANDOM
@given(models())
def test_each_rule_explains_what_it_posts(tables: Tables) -> None:
    results = xlprofit.analyze(tables)
    scale = results.ledger["amount"].abs().sum()
    for rule in RULES:
        posted = rule.post(results.basis)
        for customer in ["", *results.names]:
            explained = rule.explain(customer, results.basis)
            if not posted:
                assert not len(explained), rule
                continue
            booked = _by_line(posted, customer)
            said = _by_line([explained], customer) if len(explained) else booked.iloc[:0]
            said, booked = said.align(booked, fill_value=0.0)
            assert np.allclose(said, booked, rtol=1e-9, atol=1e-9 * scale), (rule, customer)
            if len(explained):
                assert (explained["table"] == rule.table).all()
                assert explained["row"].isin(results.inputs[rule.table]["row"]).all()


@RANDOM
@given(models())
def test_every_amount_explains_itself(tables: Tables) -> None:
    results = xlprofit.analyze(tables)
    scale = results.ledger["amount"].abs().sum()
    for customer in ["", *results.names]:
        rows = results.explain(customer)
        posted = results.ledger[(results.ledger["customer"] == customer).to_numpy()]
        assert np.allclose(rows["amount"], rows["units"] * rows["rate"], rtol=1e-12, atol=1e-12 * scale)
        explained = rows.groupby("line")["amount"].sum()
        booked = posted.groupby("line", observed=True)["amount"].sum()
        explained, booked = explained.align(booked, fill_value=0.0)
        assert np.allclose(explained, booked, rtol=1e-9, atol=1e-9 * scale)
        for sheet, row in zip(rows["sheet"], rows["row"], strict=True):
            assert 2 <= row <= len(tables[sheet]) + 1


@settings(RANDOM, max_examples=examples(8))
@given(models())
def test_the_levels_of_a_figure_add_up_to_it(tables: Tables) -> None:
    results = xlprofit.analyze(tables)
    scale = max(float(results.ledger["amount"].abs().sum()), 1.0)
    pnl = results.customers
    for customer in ["", *results.names[:2]]:
        own = results.ledger[(results.ledger["customer"] == customer).to_numpy()]
        lines = own.groupby("line", observed=True)["amount"].sum()
        asked: dict[str | None, float] = {None: float(own["amount"].sum())}
        asked |= {str(line): float(v) for line, v in lines.items()}
        if customer:
            asked |= {m: float(pnl.loc[customer, m]) for m in ("net_revenue", "cost_to_serve", "profit")}
        for line, booked in asked.items():
            for level in ("lines", "drivers", "rows"):
                taken = results.explain(customer, line, level=level)
                assert abs(float(taken["amount"].sum()) - booked) <= 1e-9 * scale, (customer, line, level)


@RANDOM
@given(models())
def test_the_rate_card_adds_up(tables: Tables) -> None:
    results = xlprofit.analyze(tables)
    card, moved = results.rate_card, results.allocations
    scale = max(float(card["cost"].abs().sum()), 1.0) if len(card) else 1.0
    assert np.allclose(card["own_cost"] + card["allocated"], card["cost"], rtol=1e-9, atol=1e-9 * scale)
    base = card["capacity"] * card["practical"]
    stated = (card["cost"] / base.fillna(card["used"].where(card["used"] > 0))).to_numpy()
    assert np.allclose(stated, card["rate"], rtol=1e-9, equal_nan=True)
    came = moved.groupby("to")["amount"].sum() if len(moved) else pd.Series(dtype="float64")
    went = moved.groupby("from")["amount"].sum() if len(moved) else pd.Series(dtype="float64")
    by_resource = card.groupby(level="resource")["allocated"].sum()
    expected = came.reindex(by_resource.index).fillna(0.0) - went.reindex(by_resource.index).fillna(0.0)
    assert np.allclose(by_resource, expected, rtol=1e-9, atol=1e-9 * scale)
    for (resource, _period), row in zip(card.index, card["row"], strict=True):
        assert str(tables["Resources"]["resource"].iloc[int(row) - 2]) == resource


@RANDOM
@given(models(), st.integers(0, 2**32 - 1))
def test_the_order_of_rows_does_not_matter(tables: Tables, seed: int) -> None:
    shuffled = {name: frame.sample(frac=1.0, random_state=seed) for name, frame in tables.items()}
    first, second = xlprofit.analyze(tables), xlprofit.analyze(shuffled)
    # To the last digit: a refresh must give the same bytes.
    pd.testing.assert_frame_equal(first.customers, second.customers, check_exact=True)
    pd.testing.assert_frame_equal(first.pnl(period=True), second.pnl(period=True), check_exact=True)
    pd.testing.assert_frame_equal(first.capacity, second.capacity, check_exact=True)
    pd.testing.assert_frame_equal(first.cost_to_serve, second.cost_to_serve, check_exact=True)


@RANDOM
@given(models(), st.floats(0.01, 1_000))
def test_scaling_money_scales_every_result(tables: Tables, factor: float) -> None:
    money = {
        "Sales": ["gross_revenue", "discount", "returns", "cogs"],
        "Resources": ["cost"],
        "Activities": ["unit_cost"],
        "DirectCosts": ["amount"],
        "Invoices": ["amount", "written_off", "recovered"],
        "Balances": ["balance"],
    }
    scaled = {
        name: frame.assign(**{c: frame[c] * factor for c in money.get(name, ())})
        for name, frame in tables.items()
    }
    first, second = xlprofit.analyze(tables), xlprofit.analyze(scaled)
    # Discounts and costs all below 1 are read as shares of revenue, whatever they are, and it is said.
    assume(not any(finding.code == "C25" for finding in (*first.findings, *second.findings)))
    scale = first.ledger["amount"].abs().sum() * factor
    for measure in MEASURES:
        assert np.allclose(
            first.customers[measure] * factor, second.customers[measure], rtol=1e-9, atol=1e-9 * scale
        )
    assert first.whale.index.tolist() == second.whale.index.tolist()


@RANDOM
@given(models())
def test_a_customer_with_no_activity_changes_nobody(tables: Tables) -> None:
    customers = pd.DataFrame({"customer": sorted({c for c in tables["Sales"]["customer"] if c} | {"Nobody"})})
    first = xlprofit.analyze(tables).customers
    second = xlprofit.analyze(tables | {"Customers": customers}).customers
    pd.testing.assert_frame_equal(first, second.drop(index="Nobody"), check_exact=True)
    assert second.loc["Nobody", "profit"] == pytest.approx(0.0, abs=1e-12)


@RANDOM
@given(models())
def test_the_whale_curve_peaks_at_the_sum_of_the_profits(tables: Tables) -> None:
    results = xlprofit.analyze(tables)
    profit, curve = results.customers["profit"], results.whale
    if curve.empty:  # every line of the random sales may be without a customer
        return
    assert curve["profit"].is_monotonic_decreasing
    scale = profit.abs().sum() + 1
    assert max(curve["cumulative"].max(), 0) == pytest.approx(profit.clip(lower=0).sum(), abs=1e-9 * scale)
    assert curve["cumulative"].iloc[-1] == pytest.approx(profit.sum(), abs=1e-9 * scale)


@RANDOM
@given(models())
def test_summed_logs_give_the_same_ledger(tables: Tables) -> None:
    """What lets a warehouse do the summing: costs are linear in their drivers."""
    log = tables["ActivityLog"]
    if log.empty:
        return
    month = log["date"].dt.to_period("M").dt.to_timestamp()
    summed = log.assign(date=month).groupby(["date", "customer", "activity"], as_index=False).sum()
    first = xlprofit.analyze(tables)
    second = xlprofit.analyze(tables | {"ActivityLog": summed})
    scale = first.ledger["amount"].abs().sum()
    for measure in MEASURES:
        assert np.allclose(first.customers[measure], second.customers[measure], rtol=1e-9, atol=1e-9 * scale)
