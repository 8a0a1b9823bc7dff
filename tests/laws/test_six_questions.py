"""What must hold of the answers to the six questions, on companies of every table made from any seed."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import xlprofit
from tests.companies import Tables, with_settings
from tests.needs import examples, takes_minutes
from tests.packages import cells_of
from xlprofit import ledger as books
from xlprofit.addresses import format_address
from xlprofit.samples import demo
from xlprofit.sheets import cost_to_serve, customer_pnl, names
from xlprofit.sheets.frame import TABLE_ROW, name_ledger_line
from xlprofit.vocabulary.measures import MEASURES, PARTS
from xlprofit.workflow import Refreshed

pytestmark = takes_minutes

FEW = settings(
    max_examples=examples(3),
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow],
)
SEEDS = st.integers(0, 2**16)

CREDIT = (
    *("financing", "expected_loss", "open", "overdue", "disputed", "deliver", "demand", "not_due"),
    *("opening", "charge", "written_off", "recovered", "closing"),
)
MONEY: Mapping[str, tuple[str, ...]] = {
    "customers": MEASURES,
    "trends": ("profit_slope", "volume_slope", "profit_now"),
    "credit": CREDIT,
    "allowance": ("opening", "charge", "written_off", "recovered", "closing"),
    "service": ("cost", "users_gross_margin", "unjustified_cost", "cost_per_contact", "saving"),
    "prospects": ("value", "value_low", "value_high", "contribution", "break_even_revenue", "credit_cost"),
    "referrals": ("referral_value", "type_one", "type_two", "rewards"),
    "decisions": ("effect_of_ending_a_year", "keep_value", "end_value", "freed_capacity_a_year"),
}
"""The money in each answer."""

AS_IS: Mapping[str, tuple[str, ...]] = {
    "customers": ("margin",),
    "trends": ("state", "turning_period", "early_warning", "periods_left"),
    "credit": (
        *("overdue_share", "days_sales_outstanding", "average_days_late", "oldest_days_past_due"),
        "demand_share",
    ),
    "allowance": (),
    "service": ("activity", "units", "users", "share_used_by_unprofitable", "margin_per_cost"),
    "prospects": ("verdict", "win_probability", "most_hours", "benchmark_customers", "unknown"),
    "referrals": ("referred", "chain"),
    "decisions": ("verdict", "lever", "confidence"),
}
"""What is in no unit of money."""

INPUTS: Mapping[str, tuple[str, ...]] = {
    "Sales": ("gross_revenue", "discount", "returns", "cogs"),
    "Resources": ("cost",),
    "Activities": ("unit_cost",),
    "DirectCosts": ("amount",),
    "Invoices": ("amount", "written_off", "recovered"),
    "Balances": ("balance",),
    "Referrals": ("reward",),
    "Prospects": ("revenue", "pursuit_cost"),
    "ControlTotals": ("amount",),
}
"""The money in each table."""


def company(seed: int) -> Tables:
    """Return a small company of every table, with few runs of the simulation."""
    tables = demo.tables(seed, customers=20, sales_lines=400, activity_rows=400)
    return with_settings(tables, simulations=20)


@FEW
@given(SEEDS, st.sampled_from([0.25, 8.0, 1024.0]))
def test_money_in_another_unit_scales_the_money_and_nothing_else(seed: int, factor: float) -> None:
    tables = company(seed)
    scaled = {
        name: frame.assign(**{c: frame[c] * factor for c in INPUTS.get(name, ())})
        for name, frame in tables.items()
    }
    given = tables["Settings"].set_index("setting")["value"]
    money = {name: float(given[name]) * factor for name in ("max_order_fee", "materiality")}
    first, second = (
        xlprofit.analyze(tables),
        xlprofit.analyze(with_settings(scaled, **money)),
    )
    for name, columns in MONEY.items():
        one, other = getattr(first, name), getattr(second, name)
        # A power of two leaves every digit of a float as it was.
        pd.testing.assert_frame_equal(
            one[list(columns)] * factor, other[list(columns)], check_exact=False, rtol=1e-12
        )
        as_is = list(AS_IS[name])
        pd.testing.assert_frame_equal(one[as_is], other[as_is], rtol=1e-12)


@FEW
@given(SEEDS)
def test_a_customer_with_no_activity_changes_nobody_elses_answers(seed: int) -> None:
    tables = company(seed)
    nobody = (
        tables["Customers"].iloc[:1].assign(customer="Nobody at all", name="Nobody at all", referrals=None)
    )
    more = tables | {"Customers": pd.concat([tables["Customers"], nobody], ignore_index=True)}
    first, second = xlprofit.analyze(tables), xlprofit.analyze(more)
    for name in ("customers", "trends", "credit", "referrals", "decisions"):
        others = getattr(second, name).drop(index="Nobody at all")
        pd.testing.assert_frame_equal(getattr(first, name), others, check_exact=True)
    pd.testing.assert_frame_equal(first.service, second.service, check_exact=True)
    pd.testing.assert_frame_equal(first.capacity, second.capacity, check_exact=True)
    assert second.customers.loc["Nobody at all", "profit"] == pytest.approx(0, abs=1e-12)
    assert second.decisions.loc["Nobody at all", "verdict"] == "keep"


@FEW
@given(SEEDS, SEEDS)
def test_the_order_of_the_rows_changes_no_answer(seed: int, shuffle: int) -> None:
    tables = company(seed)
    shuffled = {name: frame.sample(frac=1.0, random_state=shuffle) for name, frame in tables.items()}
    first, second = xlprofit.analyze(tables), xlprofit.analyze(shuffled)
    for name in MONEY:
        one, other = getattr(first, name), getattr(second, name)
        pd.testing.assert_frame_equal(one, other.reindex(one.index), check_exact=True)
    assert list(first.whale.index) == list(second.whale.index)


@FEW
@given(SEEDS)
def test_a_price_raised_by_the_lever_found_brings_the_customer_to_zero(seed: int) -> None:
    limits = {"max_price_increase": 1.0, "max_order_fee": 0.0, "max_activity_cut": 0.0}
    tables = with_settings(company(seed), max_payment_days_cut=0.0, simulations=0, period="year", **limits)
    dear = tables["Sales"].assign(cogs=(tables["Sales"]["cogs"] * 1.4).round(2))  # so that many make a loss
    tables = tables | {"Sales": dear}
    found = xlprofit.analyze(tables).decisions
    fixed = found[((found["lever"] == "price") & (found["lever_2"] == "")).to_numpy()]
    assert len(fixed) >= 2
    raised = 1.0 + tables["Sales"]["customer"].map(fixed["lever_size"]).fillna(0.0)
    sales = tables["Sales"].assign(gross_revenue=tables["Sales"]["gross_revenue"] * raised)
    again = xlprofit.analyze(tables | {"Sales": sales}).decisions["run_rate"]
    assert np.allclose(again[fixed.index], 0.0, rtol=0, atol=0.01)
    others = found.index.difference(fixed.index)
    assert np.allclose(again[others], found.loc[others, "run_rate"], rtol=1e-9, atol=1e-6)


@FEW
@given(SEEDS)
def test_no_total_changes_when_the_referrals_are_removed(seed: int) -> None:
    tables = company(seed)
    first = xlprofit.analyze(tables)
    rest = {name: frame for name, frame in tables.items() if name != "Referrals"}
    second = xlprofit.analyze(rest | {"Customers": rest["Customers"].drop(columns="referrals")})
    assert (first.referrals["referral_value"] != 0).any()
    assert second.referrals["referral_value"].isna().all()
    pd.testing.assert_frame_equal(first.ledger, second.ledger, check_exact=True)
    for name in ("customers", "company", "cost_to_serve", "capacity", "whale", "tie_out", "trends", "credit"):
        pd.testing.assert_frame_equal(getattr(first, name), getattr(second, name), check_exact=True)
    kept = ["effect_of_ending_a_year", "keep_value"]
    pd.testing.assert_frame_equal(first.decisions[kept], second.decisions[kept], check_exact=True)


# --- every figure of a sheet can be followed back ----------------------------------------------------


def body(refreshed: Refreshed, sheet: str) -> tuple[list[str], list[dict[str, object]]]:
    """Return the headers of a result sheet's main table, and its rows as a reader sees them."""
    cells = cells_of(refreshed.path, [sheet])[sheet]
    width = next(c for c in range(1, 200) if format_address(TABLE_ROW, c) not in cells) - 1
    headers = [str(cells[format_address(TABLE_ROW, c)]) for c in range(1, width + 1)]
    rows = []
    row = TABLE_ROW + 1
    while format_address(row, 1) in cells:
        rows.append({h: cells.get(format_address(row, c)) for c, h in enumerate(headers, 1)})
        row += 1
    return headers, rows


def test_every_amount_of_the_customer_pnl_is_the_sum_of_its_explanation(refreshed: Refreshed) -> None:
    results = refreshed.results
    _, rows = body(refreshed, names.CUSTOMER_PNL)
    assert [row["Customer"] for row in rows] == list(results.whale.index)
    for place, row in enumerate(rows[::6]):
        customer = str(row["Customer"])
        everything = results.explain(customer)
        section = books.find_sections(everything).astype(str).to_numpy()
        for measure, header, _, _ in customer_pnl.WATERFALL:
            of = everything[np.isin(section, PARTS[measure])]
            asked = of if place else results.explain(customer, measure)
            pd.testing.assert_frame_equal(asked.reset_index(drop=True), of.reset_index(drop=True))
            explained = asked["amount"].sum()
            assert row[header] == pytest.approx(explained, rel=1e-9, abs=1e-6), (customer, measure)
            assert np.allclose(asked["amount"], asked["units"] * asked["rate"], rtol=1e-9, atol=1e-9)


def test_every_amount_of_cost_to_serve_is_the_sum_of_its_explanation(refreshed: Refreshed) -> None:
    results = refreshed.results
    headers, rows = body(refreshed, names.COST_TO_SERVE)
    sheet = cost_to_serve.describe_cost_to_serve_sheet(results)
    assert sheet is not None
    said = [name_ledger_line(str(line)) for line in results.cost_to_serve.columns]
    activities = [
        str(c.header)
        for c in sheet.tables[0].columns
        if c.header in said or str(c.header).endswith(" others")
    ]
    activities = [header for header in headers if header in activities]
    assert 5 < len(activities) <= cost_to_serve.WIDEST
    assert sorted(str(row["Customer"]) for row in rows) == sorted(results.names)
    for row in rows[::6]:
        explained = results.explain(str(row["Customer"]), "cost_to_serve")
        by_line = explained.groupby("line")["amount"].sum().rename(name_ledger_line)
        for activity in activities:
            known = by_line.get(activity, 0.0)
            if activity.endswith(" others"):
                known = by_line[[line not in activities for line in by_line.index]].sum()
            assert row[activity] == pytest.approx(known, rel=1e-9, abs=1e-6), (row["Customer"], activity)
        assert row["Cost to serve"] == pytest.approx(by_line.sum(), rel=1e-9, abs=1e-6)


def test_every_explained_amount_names_a_row_that_is_there(refreshed: Refreshed) -> None:
    results = refreshed.results
    frames = results.inputs.frames
    there = {name: set(frame["row"]) for name, frame in frames.items() if "row" in frame}
    for customer in ["", *results.whale.index[::12]]:
        rows = results.explain(customer)
        assert len(rows) > 0
        for sheet, row in zip(rows["sheet"], rows["row"], strict=True):
            assert row in there[sheet], (sheet, row)
