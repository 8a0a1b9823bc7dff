"""Scenarios: changed inputs, computed anew; each lever moves what it should, and nothing else."""

from __future__ import annotations

import pandas as pd
import pytest

import xlprofit
from tests.laws.models import Tables
from xlprofit import samples
from xlprofit.errors import XlprofitError


@pytest.fixture(scope="module")
def trade() -> Tables:
    return dict(samples.tables("wholesale", str))


@pytest.fixture(scope="module")
def base(trade: Tables) -> xlprofit.Results:
    return xlprofit.analyze(trade)


def total(results: xlprofit.Results, line: str) -> float:
    return float(results.company["total"][line])


def segment_of(results: xlprofit.Results) -> str:
    return str(results.inputs["Customers"]["segment"].iloc[0])


def test_a_price_moves_revenue_discounts_and_returns_of_its_segment(base: xlprofit.Results) -> None:
    segment = segment_of(base)
    found = xlprofit.scenario(base, [f"price +3% segment:{segment}"])
    of_it = base.inputs["Customers"].set_index("customer")["segment"] == segment
    for line in ("gross_revenue", "discounts", "returns"):
        before, after = base.customers[line], found.customers[line]
        expected = before * (1 + 0.03 * of_it.reindex(before.index).to_numpy())
        assert after.to_numpy() == pytest.approx(expected.to_numpy())
    assert total(found, "cogs") == total(base, "cogs")
    assert total(found, "cost_to_serve") == pytest.approx(total(base, "cost_to_serve"))
    change = xlprofit.compare(base, found)
    assert set(change.bridge.columns[change.bridge.abs().sum() > 1e-6]) <= {
        *("price", "discounts", "returns", "commissions", "cost_of_credit"),
    }


def test_a_volume_carries_the_activities_of_units_and_batches_with_it(base: xlprofit.Results) -> None:
    found = xlprofit.scenario(base, ["volume +10%"])
    assert total(found, "net_revenue") == pytest.approx(1.1 * total(base, "net_revenue"))
    assert total(found, "cogs") == pytest.approx(1.1 * total(base, "cogs"))
    terms = base.equations
    scaled = set(terms.loc[terms["level"].isin(["output-unit", "batch"]), "activity"].astype(str))
    before, after = (
        r.inputs["ActivityLog"].groupby("activity", observed=True)["quantity"].sum() for r in (base, found)
    )
    for activity, quantity in before.items():
        assert after[str(activity)] == pytest.approx(quantity * (1.1 if activity in scaled else 1.0))
    change = xlprofit.compare(base, found)
    assert abs(change.bridge["mix"].sum()) < 1e-6
    assert abs(change.bridge["price"].sum()) < 1e-6


def test_an_elasticity_makes_the_volume_follow_the_price(base: xlprofit.Results) -> None:
    found = xlprofit.scenario(base, ["price +10%", "elasticity -2"])
    assert found.inputs["Sales"]["quantity"].sum() == pytest.approx(
        base.inputs["Sales"]["quantity"].sum() * 1.1**-2, rel=1e-9
    )


def test_a_discount_is_set_or_moved(base: xlprofit.Results) -> None:
    customer = str(base.names[0])
    found = xlprofit.scenario(base, [f"discount 14% {customer}"])
    own = found.customers.loc[customer]
    assert own["discounts"] == pytest.approx(-0.14 * own["gross_revenue"])
    others = found.customers.drop(customer)["discounts"]
    assert others.equals(base.customers.drop(customer)["discounts"])
    moved = xlprofit.scenario(base, [f"discount +1% {customer}"]).customers.loc[customer]
    before = base.customers.loc[customer]
    assert moved["discounts"] == pytest.approx(before["discounts"] - 0.01 * before["gross_revenue"])


def test_resources_change_their_cost_and_their_capacity(base: xlprofit.Results) -> None:
    resource = str(base.capacity["cost"].idxmax())
    dearer = xlprofit.scenario(base, [f"resource cost +10% {resource}"])
    own = base.capacity["own_cost"][resource]
    assert dearer.capacity["own_cost"][resource] == pytest.approx(1.1 * own)
    assert total(dearer, "company_profit") < total(base, "company_profit")
    smaller = xlprofit.scenario(base, [f"capacity -10% resource:{resource}"])
    assert smaller.capacity["supplied"][resource] == pytest.approx(0.9 * base.capacity["supplied"][resource])


def test_fewer_activities_free_capacity_and_faster_ones_too(base: xlprofit.Results) -> None:
    activity = str(base.inputs["ActivityLog"]["activity"].value_counts().idxmax())
    for change, effect in (
        (f"activity -20% {activity}", "activity_volume"),
        (f"activity rate -20% {activity}", "efficiency"),
    ):
        found = xlprofit.scenario(base, [change])
        assert total(found, "idle_capacity") < total(base, "idle_capacity")
        moved = xlprofit.compare(base, found).bridge.sum()
        assert moved[effect] > 0
        assert moved.drop(effect).abs().sum() == pytest.approx(0.0, abs=1e-6)


def test_payment_days_move_the_cost_of_credit_alone(base: xlprofit.Results) -> None:
    found = xlprofit.scenario(base, ["payment days to 5"])
    assert total(found, "cost_of_credit") > total(base, "cost_of_credit")
    assert total(found, "operating_profit") == total(base, "operating_profit")
    later = xlprofit.scenario(base, ["payment days +10"])
    assert total(later, "cost_of_credit") < total(base, "cost_of_credit")


def test_a_change_holds_from_its_day(base: xlprofit.Results) -> None:
    middle = base.periods[len(base.periods) // 2]
    found = xlprofit.scenario(base, [f"price +10% from {middle}-01"])
    before, after = (r.pnl(period=True)["gross_revenue"].groupby(level="period").sum() for r in (base, found))
    ratio = after / before
    assert (ratio[ratio.index < middle] == 1).all()
    assert ratio[ratio.index >= middle].to_numpy() == pytest.approx(1.1)


def test_the_order_of_changes_does_not_matter(base: xlprofit.Results) -> None:
    changes = [
        "price +3%",
        "volume -5%",
        "discount 10%",
        f"discount 2% segment:{segment_of(base)}",
        "cost of goods -1%",
    ]
    one, other = xlprofit.scenario(base, changes), xlprofit.scenario(base, changes[::-1])
    pd.testing.assert_frame_equal(one.ledger, other.ledger, check_exact=True)


def test_nothing_changes_by_nothing(base: xlprofit.Results) -> None:
    found = xlprofit.scenario(base, ["price +0%", "activity +0%", "payment days +0"])
    assert found.customers["profit"].to_numpy() == pytest.approx(base.customers["profit"].to_numpy())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("price 30 segment:Hotels", "may mean"),
        ("price +3% segment:Nowhere", "in no table"),
        ("price +3% resource:Drivers", "cannot be changed"),
        ("discount 140%", "more than"),
        ("price to 12%", "not a change"),
        ("activity rate -10% from 2026-01-01", "whole period"),
        ("weather +3%", "is no change"),
        ("price", "is no change"),
    ],
)
def test_what_cannot_be_read_is_refused(base: xlprofit.Results, change: str, said: str) -> None:
    with pytest.raises(XlprofitError, match=said):
        xlprofit.scenario(base, [change])


def test_rows_of_a_name_are_one_scenario(trade: Tables, base: xlprofit.Results) -> None:
    segment = segment_of(base)
    table = pd.DataFrame(
        [
            ("Dearer", "price", f"segment:{segment}", 0.03, None),
            ("Dearer", "volume", f"segment:{segment}", "-2%", None),
            ("Faster", "activity rate", "", "-10%", None),
            ("Wrong", "price", "segment:Nowhere", "+1%", None),
        ],
        columns=["scenario", "what", "of", "change", "from"],
    )
    results = xlprofit.analyze(trade | {"Scenarios": table})
    assert list(results.scenarios) == ["Dearer", "Faster"]
    direct = xlprofit.scenario(base, [f"price +3% segment:{segment}", f"volume -2% segment:{segment}"])
    pd.testing.assert_frame_equal(results.scenarios["Dearer"].customers, direct.customers)
    pd.testing.assert_frame_equal(results.customers, base.customers)
    assert [f.code for f in results.findings if f.code.startswith("V")] == ["V06"]


def test_what_is_kept_of_other_scenarios_changes_nothing(trade: Tables, base: xlprofit.Results) -> None:
    """Scenarios computed one after the other, with what untouched rules posted, are those computed each alone."""
    segment, resource = segment_of(base), str(base.capacity.index[0])
    activity = str(base.inputs["ActivityLog"]["activity"].iloc[0])
    changes = {
        **{
            f"S{i}": (what, "", "+5%")
            for i, what in enumerate(["price", "volume", "cost of goods", "direct costs"])
        },
        "D": ("discount", f"segment:{segment}", "12%"),
        "A": ("activity", activity, "-20%"),
        "R": ("activity rate", activity, "-20%"),
        "C": ("resource cost", resource, "+10%"),
        "K": ("capacity", resource, "-10%"),
        "P": ("payment days", "", "+12"),
        "N": ("retention", "", "90%"),
    }
    rows = [(name, *change) for name, change in changes.items()]
    table = pd.DataFrame(rows, columns=["scenario", "what", "of", "change"])
    together = xlprofit.analyze(trade | {"Scenarios": table}).scenarios
    for name, (what, of, change) in changes.items():
        alone = xlprofit.scenario(base, [f"{what} {change} {of}"])
        pd.testing.assert_frame_equal(together[name].ledger, alone.ledger, check_exact=True)
        assert together[name].inputs.settings == alone.inputs.settings


@pytest.mark.parametrize("change", ["volume +7%", "price +3%", "payment days +9", "discount 11%"])
def test_the_order_of_the_rows_does_not_matter(trade: Tables, base: xlprofit.Results, change: str) -> None:
    shuffled = {name: frame.sample(frac=1, random_state=5) for name, frame in trade.items()}
    one, other = (xlprofit.scenario(results, [change]) for results in (base, xlprofit.analyze(shuffled)))
    pd.testing.assert_frame_equal(one.customers, other.customers, check_exact=True)


def test_the_narrower_and_the_later_level_holds_whatever_the_order(base: xlprofit.Results) -> None:
    segment = segment_of(base)
    customers = base.inputs["Customers"].set_index("customer")["segment"].astype(str)
    one = str(customers.index[(customers == segment).to_numpy()][0])
    middle = str(base.periods[len(base.periods) // 2])
    changes = [
        f"discount to 20% segment:{segment}",
        f"discount to 14% {one}",
        f"discount to 6% {one} from {middle}",
    ]
    found, other = (xlprofit.scenario(base, some) for some in (changes, changes[::-1]))
    pd.testing.assert_frame_equal(found.ledger, other.ledger, check_exact=True)
    sales = found.inputs["Sales"]
    share = sales["discount"] / sales["gross_revenue"]
    own, late = sales["customer"] == one, sales["date"] >= pd.Timestamp(middle)
    sold = sales["gross_revenue"] > 0
    alike = sales["customer"].map(customers).astype(str) == segment
    assert share[sold & own & ~late].to_numpy() == pytest.approx(0.14)
    assert share[sold & own & late].to_numpy() == pytest.approx(0.06)
    assert share[sold & alike & ~own].to_numpy() == pytest.approx(0.20)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (["price -100%"], "more than price can change"),
        (["price -150%"], "more than price can change"),
        (["volume -150%"], "volume can change"),
        (["volume +10% from 2041-01-01"], "2025-12-31"),
        (["discount to 10%", "discount to 14%"], "to 10.0% and to 14.0%"),
        (["elasticity -1", "elasticity -2"], "to -2.0 and to -1.0"),
        (["price +1e400%"], 'price \\+1e400% is no change|"price \\+1e400%" is no change'),
        (["price +999999999999%"], "Give more than -100%, and \\+10,000% at most"),
        (["capacity -100%"], "more than capacity can change"),
        (["discount -100%"], "below 0%: it is [0-9.]+%"),
        (["discount +99%"], "above 100%"),
        (["payment days 7.5"], "whole number"),
        (["price +3% from 2025-02-30"], '"2025-02-30" is no day'),
        (["price +900%", "elasticity 9"], "volume can change"),
        (
            ["price +3% segment:Workshops;segment:Contractors"],
            "of segment:Contractors; segment:Workshops together",
        ),
    ],
)
def test_what_would_change_nothing_or_two_things_is_refused(
    base: xlprofit.Results, changes: list[str], said: str
) -> None:
    with pytest.raises(XlprofitError, match=said):
        xlprofit.scenario(base, changes)


def test_a_discount_stays_between_nothing_and_gross_revenue_and_what_is_held_is_said(
    base: xlprofit.Results,
) -> None:
    given = base.customers["discounts"] / -base.customers["gross_revenue"]
    points = float(round(given.median(), 3))
    found = xlprofit.scenario(base, [f"discount -{points:.1%}"])
    sales = found.inputs["Sales"]
    assert (sales["discount"] >= 0).all() and (
        sales["discount"] <= sales["gross_revenue"].clip(lower=0)
    ).all()
    after = found.customers["discounts"] / -found.customers["gross_revenue"]
    assert after.to_numpy() == pytest.approx((given - points).clip(lower=0.0).to_numpy(), abs=1e-9)
    (told,) = found.found_before
    held = int((given < points - 5e-4).sum())
    assert held and f" {held} of {len(given)} " in str(told) and f"-{points:.1%}" in str(told)
    more = xlprofit.scenario(base, ["discount +20%"]).customers
    assert (more["discounts"] / -more["gross_revenue"] - given).to_numpy() == pytest.approx(0.2)


def test_payment_days_by_very_many_and_to_none_are_the_same(base: xlprofit.Results) -> None:
    """Open invoices are paid too: what is open would be paid after the customer's usual days, or tomorrow at least."""
    none, sooner = (xlprofit.scenario(base, [f"payment days {days}"]) for days in ("0", "-3650"))
    assert base.inputs["Invoices"]["paid"].isna().any()
    for table, column in (("Invoices", "paid"), ("Balances", "balance")):
        assert none.inputs[table][column].equals(sooner.inputs[table][column])
    assert none.customers["profit"].equals(sooner.customers["profit"])


def test_days_sooner_of_a_customer_that_pays_in_so_many_are_so_many_less() -> None:
    sales = pd.DataFrame(
        {"date": ["2024-01-31"], "customer": ["ACME"], "gross_revenue": [900.0], "cogs": [0.0]}
    )
    invoices = pd.DataFrame(
        {
            "invoice": ["1", "2", "3"],
            "customer": "ACME",
            "issued": ["2024-01-01", "2024-02-01", "2024-03-10"],
            "due": ["2024-01-31", "2024-03-02", "2024-04-09"],
            "amount": 300.0,
            "paid": ["2024-01-31", "2024-03-02", None],
        }
    )
    settings = pd.DataFrame(
        {"setting": ["start", "end", "as_of"], "value": ["2024-01-01", "2024-03-31", "2024-03-31"]}
    )
    base = xlprofit.analyze({"Sales": sales, "Invoices": invoices, "Settings": settings})
    for days in (5, 12, 25, 30):
        by, to = (
            xlprofit.scenario(base, [f"payment days {text}"]) for text in (f"-{days}", f"to {30 - days}")
        )
        assert by.inputs["Invoices"]["paid"].equals(to.inputs["Invoices"]["paid"])
    assert xlprofit.scenario(base, ["payment days -5"]).inputs["Invoices"]["paid"].isna().sum() == 1


def test_what_changes_nothing_is_said(base: xlprofit.Results) -> None:
    for changes, said in (
        (["price +0%"], "price +0.0% changes nothing."),
        (["elasticity -1"], "elasticity -1.0 changes nothing"),
        (["price +3%", "price +3%"], "price changes by +3.0% and by +3.0% for the same: +6.1% together."),
        (["price +3%", "elasticity 0.8"], "elasticity 0.8 more"),
    ):
        assert said in str(xlprofit.scenario(base, changes).found_before[0])


def test_a_scenario_and_a_plan_are_not_held_against_the_books() -> None:
    line = {"date": "2024-01-31", "customer": "ACME", "cogs": 0.0}
    sales = [{**line, "gross_revenue": 100.0}, {**line, "gross_revenue": 120.0, "version": "Budget"}]
    totals = pd.DataFrame({"line": ["net revenue"], "amount": [100.0]})
    results = xlprofit.analyze({"Sales": pd.DataFrame(sales), "ControlTotals": totals})
    assert results.tie_out["ties"].all() and len(results.tie_out) == 1
    for run in (xlprofit.scenario(results, ["price +3%"]), results.plans["Budget"]):
        assert not len(run.tie_out) and not [f for f in run.findings if f.code in ("M04", "M07", "M08")]


def test_an_attribute_is_that_of_the_day_as_it_is_by_attribute(trade: Tables) -> None:
    first = str(trade["Customers"]["customer"].iloc[0])
    moved = trade["Customers"].iloc[[0, 0]].assign(segment=["Before", "After"])
    moved["from"], moved["until"] = [None, "2025-07-01"], ["2025-06-30", None]
    results = xlprofit.analyze(trade | {"Customers": pd.concat([moved, trade["Customers"].iloc[1:]])})
    gross = results.by("segment")["gross_revenue"]
    for segment in ("Before", "After"):
        found = xlprofit.scenario(results, [f"price +10% segment:{segment}"])
        change = found.customers["gross_revenue"] - results.customers["gross_revenue"]
        assert change[first] == pytest.approx(0.1 * gross[segment]) and gross[segment] > 0
        assert (change.drop(first) == 0).all()
