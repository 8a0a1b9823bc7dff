"""Laws of the bridge: on random models its effects add up to the change, and its rows to its effects."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import xlprofit
from tests.laws.models import Tables, models
from tests.needs import examples, takes_minutes
from xlprofit.comparison.bridge import Comparison
from xlprofit.comparison.side import slice_periods
from xlprofit.vocabulary.measures import BELOW

RANDOM = settings(settings.get_profile("laws"), max_examples=examples(16))


def vary_sales(tables: Tables, seed: int) -> Tables:
    """The tables with quantities: whole and broken, some of them 0, negative or missing; new and gone products."""
    rng = np.random.default_rng(seed)
    sales = tables["Sales"].copy()
    count = len(sales)
    kind = rng.integers(0, 12, count)
    quantity = rng.integers(1, 40, count).astype(float)
    quantity = np.where(kind == 0, np.nan, np.where(kind == 1, 0.0, np.where(kind == 2, -quantity, quantity)))
    if rng.random() < 0.1:
        quantity = np.full(count, np.nan)
    sales["quantity"] = np.where(kind == 3, quantity / 7, quantity)
    sales["product"] = rng.choice(["P1", "p1", "P2", "P3", ""], count)
    sales.loc[kind == 4, "gross_revenue"] = 0.0
    if count > 1:
        sales.loc[kind == 5, "gross_revenue"] *= -1
    kept = sales["customer"].isin(rng.choice(["Alfa", "Beeta", "Gamma", "Delta", "Epsilon"], 3))
    found = sales[kept | (sales["customer"] == "")]
    return tables | {"Sales": found if len(found) else sales}


def assert_adds_up(change: Comparison) -> None:
    """The effects add up to the change, by customer, by attribute and for the company; rows to each effect."""
    whole = max(1.0, float(change.profits.abs().to_numpy().max()), abs(change.before.company_profit))
    sums = change.bridge.sum(axis=1)
    assert np.abs(sums - change.profits["change"]).max() <= 1e-9 * whole
    company = change.company["total"]
    moved = change.after.company_profit - change.before.company_profit
    assert abs(company["company_profit"] - moved) <= 1e-9 * whole
    assert abs(company.drop("company_profit").sum() - moved) <= 1e-9 * whole
    by = change.by("segment")
    assert abs(by.to_numpy().sum() - sums.sum()) <= 1e-9 * whole


def compare_models(first: Tables, second: Tables, seed: int) -> Comparison:
    """The comparison of two random models; one that the checks refuse is no example."""
    try:
        before, after = (
            xlprofit.analyze(vary_sales(tables, seed + n)) for n, tables in enumerate((first, second))
        )
    except xlprofit.StoppedError:
        assume(False)
        raise
    return xlprofit.compare(before, after)


@RANDOM
@given(models(), models(), st.integers(0, 2**31))
def test_effects_add_up_to_the_change(first: Tables, second: Tables, seed: int) -> None:
    change = compare_models(first, second, seed)
    assert_adds_up(change)
    again = xlprofit.compare(change.after, change.before)
    assert again.profits["change"].to_numpy() == pytest.approx(-change.profits["change"].to_numpy())


@settings(RANDOM, max_examples=examples(10))
@given(models(), models(), st.integers(0, 2**31))
def test_rows_add_up_to_their_effect(first: Tables, second: Tables, seed: int) -> None:
    change = compare_models(first, second, seed)
    whole = max(1.0, float(change.profits.abs().to_numpy().max()))
    for customer in change.customers[:2]:
        for effect in map(str, change.bridge):
            rows = change.explain(str(customer), effect)
            found = float(change.bridge[effect].loc[customer])
            assert abs(rows["effect"].sum() - found) <= 1e-9 * whole, effect


@RANDOM
@given(models(), st.integers(0, 2**31))
def test_periods_of_a_run_add_up_to_it(tables: Tables, seed: int) -> None:
    results = xlprofit.analyze(vary_sales(tables, seed))
    parts = [slice_periods(results, [str(period)]) for period in results.periods]
    whole = max(1.0, results.ledger["amount"].abs().sum())
    assert abs(sum(p.company_profit for p in parts) - results.ledger["amount"].sum()) <= 1e-9 * whole
    by_period = results.pnl(period=True)["profit"].unstack().reindex(columns=list(results.periods))
    for part in parts:
        assert part.profits.to_numpy() == pytest.approx(
            by_period[str((part.periods or ("",))[0])].to_numpy(), abs=1e-9 * whole
        )
    if len(parts) > 1:
        assert_adds_up(xlprofit.compare(parts[0], parts[-1]))


@settings(RANDOM, max_examples=examples(10))
@given(models(), models(), st.integers(0, 2**31))
def test_the_order_of_rows_does_not_matter(first: Tables, second: Tables, seed: int) -> None:
    def shuffle(tables: Tables) -> Tables:
        return {name: frame.sample(frac=1, random_state=seed % 1000) for name, frame in tables.items()}

    one = vary_sales(first, seed), vary_sales(second, seed + 1)
    try:
        straight = xlprofit.compare(*map(xlprofit.analyze, one))
    except xlprofit.StoppedError:
        return
    mixed = xlprofit.compare(*(xlprofit.analyze(shuffle(tables)) for tables in one))
    pd.testing.assert_frame_equal(straight.bridge, mixed.bridge, check_exact=True)
    assert list(straight.company.index[-5:]) == [*BELOW, "company_profit"]


def sell_rows(rows: list[tuple[str, str, float, float | None, float]]) -> xlprofit.Results:
    """The results of rows of customer, product, gross revenue, quantity and cost; no product column if none."""
    sales = pd.DataFrame(rows, columns=["customer", "product", "gross_revenue", "quantity", "cogs"])
    sales = sales.assign(date=pd.Timestamp("2025-01-31"), quantity=sales["quantity"].astype(float))
    return xlprofit.analyze({"Sales": sales if any(sales["product"]) else sales.drop(columns="product")})


def test_quantities_on_one_side_alone_split_nothing() -> None:
    """What was counted before and is not counted after has not gone: price and volume cannot be told apart."""
    before = sell_rows([("A", "Bolt", 1000.0, 10.0, 600.0), ("B", "Bolt", 500.0, 5.0, 300.0)])
    after = sell_rows([("A", "Bolt", 1100.0, None, 600.0), ("B", "Bolt", 550.0, 5.0, 300.0)])
    for one, other, sign in ((before, after, 1.0), (after, before, -1.0)):
        change = xlprofit.compare(one, other)
        assert_adds_up(change)
        moved = change.bridge.loc["A"]
        assert moved["other"] == pytest.approx(sign * 100.0)
        assert moved.drop("other").abs().max() < 1e-9
        assert change.bridge.loc["B", "price"] == pytest.approx(sign * 50.0)
        rows = change.explain("A", "other")
        assert rows["effect"].sum() == pytest.approx(sign * 100.0)


def test_products_on_one_side_alone_are_compared_by_customer() -> None:
    before = sell_rows([("A", "Bolt", 600.0, 6.0, 0.0), ("A", "Nut", 400.0, 4.0, 0.0)])
    after = sell_rows([("A", "", 1320.0, 12.0, 0.0)])
    for one, other in ((before, after), (after, before)):
        change = xlprofit.compare(one, other)
        assert_adds_up(change)
        sign = 1.0 if one is before else -1.0
        price, units = ((110.0 - 100.0) * 12, 2.0 * 100.0) if one is before else (-10.0 * 10, -2.0 * 110.0)
        assert change.bridge.loc["A", "price"] == pytest.approx(price)
        assert change.bridge.loc["A", "volume"] == pytest.approx(units)
        assert change.profits.loc["A", "change"] == pytest.approx(sign * 320.0)
        assert change.explain("A", "price")["effect"].sum() == pytest.approx(price)


SCENARIOS = (
    "price +3%",
    "volume -7%",
    "discount to 9%",
    "cost of goods +4%",
    "direct costs -5%",
    "activity -20%",
)


@takes_minutes
@settings(max_examples=12, deadline=None)
@given(models(), st.integers(0, 2**31))
def test_scenarios_that_share_steps_are_what_each_is_alone(tables: Tables, seed: int) -> None:
    """Row for row of the ledger, bit for bit; and so is the bridge, shortened where the activities are the same."""
    rows = [(text, *text.rpartition(" ")[::2]) for text in SCENARIOS]
    rows = [(name, what.removesuffix(" to"), f"to {by}" if " to" in what else by) for name, what, by in rows]
    table = pd.DataFrame(rows, columns=["scenario", "what", "change"]).assign(of="")
    try:
        results = xlprofit.analyze(vary_sales(tables, seed) | {"Scenarios": table})
    except xlprofit.StoppedError:
        return
    assert set(results.scenarios) >= {*SCENARIOS[:4]}
    for text in set(SCENARIOS) - set(results.scenarios):  # a model without a log has no activity to change
        with pytest.raises(xlprofit.XlprofitError):
            xlprofit.scenario(results, [text])
    for text, run in results.scenarios.items():
        alone = xlprofit.scenario(results, [text])
        pd.testing.assert_frame_equal(run.ledger, alone.ledger, check_exact=True)
        shared, whole = (xlprofit.compare(results, one).bridge for one in (run, alone))
        pd.testing.assert_frame_equal(shared, whole, check_exact=False, rtol=0, atol=1e-9)
