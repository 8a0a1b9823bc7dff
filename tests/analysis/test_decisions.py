from __future__ import annotations

import json
from collections.abc import Hashable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tests.figures import holds_figures, read_figures
from tests.golden.frames import DAY, settings, table
from tests.needs import examples
from xlprofit.analysis import confidence, decisions, referrals
from xlprofit.vocabulary.levers import COLLECTING, LEVERS
from xlprofit.vocabulary.verdicts import VERDICTS
from xlprofit.words.reasons import word_decisions
from xlprofit.workflow import analyze

Tables = Mapping[str, pd.DataFrame]
CASES = Path(__file__).parents[3] / "shared" / "golden" / "cases.json"
CENT = 0.01
NO_LEVERS = {
    "max_price_increase": 0,
    "max_order_fee": 0,
    "max_activity_cut": 0,
    "max_payment_days_cut": 0,
}


def decided(tables: Tables) -> pd.DataFrame:
    """The decisions on these tables, with each customer's profit beside them."""
    results = analyze(dict(tables))
    saved = referrals.find_acquisition_cost_saved(results.inputs, results.ledger)
    network = referrals.list_network(results.inputs, results.customers, saved)
    brought = referrals.value_referrals(results.inputs, results.customers, network)["referral_value"]
    slips = (results.trends["state"] == "Slipping") | results.trends["early_warning"]
    found = decisions.decide(
        results.inputs,
        results.ledger,
        results.customers,
        results.equations,
        results.resources,
        pd.DataFrame({"referral_value": brought, "way": 0, "slips": slips}).join(
            results.outlook[["chance_active", "retention"]].assign(leaves=0.0)
        ),
    ).decisions
    said = word_decisions(found, results.trends, results.inputs.settings)
    return found.assign(profit=results.customers["profit"], said=said)


def one(tables: Tables, customer: str = "A") -> Mapping[Hashable, Any]:
    """The decision on one customer."""
    return decided(tables).loc[customer].to_dict()


def profit(tables: Tables, customer: str) -> float:
    return float(analyze(dict(tables)).customers["profit"][customer])


def sold(*rows: tuple[object, ...], columns: str = "date customer gross_revenue cogs") -> pd.DataFrame:
    return table(columns, *[(DAY, *row) for row in rows])


def quebec(**limits: float) -> Tables:
    """Three customers as the case gives them, in thousands."""
    customers = {
        "OKeefe": [560, 380, 41, 10, 18, 11, 13, 20],
        "Ville": [530, 320, 18, 6, 12, 9, 7, 12],
        "Pier": [340, 270, 33, 8, 8, 10, 12, 16],
    }
    lines = ["labour", "equipment", "rent", "marketing", "po_delivery", "admin"]
    goes = {"labour", "marketing", "po_delivery"}
    costs = [
        (DAY, who, line, amount, float(line in goes))
        for who, figures in customers.items()
        for line, amount in zip(lines, figures[2:], strict=True)
    ]
    return {
        "Settings": settings(**limits),
        "Sales": sold(*[(who, figures[0], figures[1]) for who, figures in customers.items()]),
        "DirectCosts": table("date customer group amount avoidable", *costs),
    }


def test_g20_dropping_the_customer_that_shows_a_loss_costs_money() -> None:
    """Horngren family, customer drop decision: incomes of 67, 146 and −17; dropping costs 115, 176 and 15."""
    found = decided(quebec())
    assert found["profit"].to_dict() == pytest.approx({"OKeefe": 67, "Pier": -17, "Ville": 146})
    effect = {"OKeefe": -115, "Pier": -15, "Ville": -176}
    assert found["effect_of_ending_a_year"].to_dict() == pytest.approx(effect)
    assert found["verdict"].to_dict() == {"OKeefe": "keep", "Pier": "fix", "Ville": "keep"}
    assert found.loc["Pier", "lever"] == "price"
    assert found.loc["Pier", "lever_size"] == pytest.approx(17 / 340)
    assert found["keep_value"]["Pier"] > found["end_value"]["Pier"]


def test_g20_without_a_lever_it_is_kept_all_the_same() -> None:
    pier = one(quebec(**NO_LEVERS), "Pier")
    assert (pier["verdict"], pier["lever"]) == ("keep", "")
    assert np.isnan(pier["lever_size"])
    assert pier["stays_a_year"] == pytest.approx(32.0)
    assert holds_figures(pier["said"], 15.0, 32.0)


@pytest.mark.skipif(not CASES.exists(), reason="the golden cases are not beside the repository")
def test_g20_is_the_case_of_the_golden_file() -> None:
    case = json.loads(CASES.read_text())["G20_quebec"]
    found = decided(quebec())
    assert found["effect_of_ending_a_year"].to_dict() == pytest.approx(case["drop_effect"])
    oi = dict(zip(("OKeefe", "Ville", "Pier"), case["oi"], strict=True))
    assert found["profit"].to_dict() == pytest.approx(oi)


def test_a_span_of_less_than_a_year_is_made_a_year() -> None:
    months = [f"2024-{m:02d}-15" for m in range(1, 7)]
    sales = table("date customer gross_revenue cogs", *[(m, "A", 100.0, 40.0) for m in months])
    found = decided({"Sales": sales})
    assert found.loc["A", "effect_of_ending_a_year"] == pytest.approx(-720.0)


def test_of_a_longer_span_the_window_counts_and_each_season_the_same() -> None:
    """Six quarters of eight: 100 and 20 twice, 60 and 40 once: a year is 100 + 20 + 60 + 40."""
    days = ["01", "04", "07", "10"]
    amounts = zip(
        [f"{y}-{m}-15" for y in (2022, 2023) for m in days], [1, 1, 60, 40, 100, 20, 60, 40], strict=True
    )
    tables = {
        "Settings": table(
            "setting value", ("period", "quarter"), ("start", "2022-01-01"), ("end", "2023-12-31")
        ),
        "Sales": table("date customer gross_revenue", *[(day, "A", float(r)) for day, r in amounts]),
        "DirectCosts": table(
            "date customer group amount avoidable once",
            ("2022-02-01", "A", "service", 900.0, 1.0, None),
            ("2023-05-02", "A", "service", 4.0, 1.0, None),
            ("2023-05-03", "A", "service", 700.0, 1.0, "yes"),
        ),
    }
    assert one(tables)["effect_of_ending_a_year"] == pytest.approx(-216.0)


def test_the_values_are_present_values_over_the_horizon() -> None:
    """A customer that earns 100 a year: 100 × (0.8 / 1.1 + (0.8 / 1.1)² + half of (0.8 / 1.1)³)."""
    given_settings = settings(retention=0.8, discount_rate=0.1, horizon=2.5, exit_cost=30)
    found = decided({"Settings": given_settings, "Sales": sold(("A", 100.0, 0.0))})
    q = 0.8 / 1.1
    assert found.loc["A", "keep_value"] == pytest.approx(100 * (q + q**2 + q**3 / 2))
    assert found.loc["A", "end_value"] == pytest.approx(-30.0)


def test_a_long_horizon_gives_the_lifetime_multiple() -> None:
    """Gupta and Lehmann: retention 0.8 and discount 12 % give 2.5."""
    long = settings(retention=0.8, discount_rate=0.12, horizon=50)
    found = one({"Settings": long, "Sales": sold(("A", 100.0, 0.0))})
    assert found["keep_value"] == pytest.approx(250.0, abs=CENT)


def served(**settings_given: float) -> Tables:
    """Two customers, what is done for them, and a resource of which 40 % is avoidable."""
    return {
        "Settings": settings(**settings_given),
        "Sales": sold(("A", 1000.0, 600.0), ("B", 5000.0, 2000.0)),
        "Resources": table(
            "resource cost capacity avoidable", ("Desk", 2000.0, 1000.0, 0.4), ("Hotline", 800.0, 100.0, 1.0)
        ),
        "Activities": table(
            "activity group resource rate unit_cost avoidable",
            ("Take order", "order", "Desk", 10.0, None, None),
            ("Call", "service", "Hotline", 1.0, None, 0.5),
            ("Parcel", "deliver", "", 1.0, 4.0, None),
        ),
        "ActivityLog": table(
            "date customer activity quantity",
            (DAY, "A", "Take order", 20.0),
            (DAY, "A", "Call", 10.0),
            (DAY, "A", "Parcel", 20.0),
            (DAY, "B", "Take order", 5.0),
        ),
    }


def full(**settings_given: float) -> Tables:
    """The same, neither resource idle: each costs and supplies what is used of it."""
    tables = served(**settings_given)
    resources = table(
        "resource cost capacity avoidable", ("Desk", 500.0, 250.0, 0.4), ("Hotline", 80.0, 10.0, 1.0)
    )
    return {**tables, "Resources": resources}


def test_an_activity_goes_by_its_own_share_else_its_resources_else_whole() -> None:
    found = one(full(redeployable=0.25, **NO_LEVERS))
    assert found["profit"] == pytest.approx(400 - 20 * 10 * 2 - 10 * 8 - 20 * 4)
    assert found["run_rate"] == pytest.approx(found["profit"])
    assert found["effect_of_ending_a_year"] == pytest.approx(-(400 - 0.4 * 400 - 0.5 * 80 - 80))
    assert found["freed_capacity_a_year"] == pytest.approx(0.25 * (0.6 * 400 + 0.5 * 80))


def test_freed_capacity_that_other_work_can_use_may_tip_it() -> None:
    assert one(full(redeployable=0.4, **NO_LEVERS))["leaning"] == "keep"
    ended = one(full(redeployable=0.6, **NO_LEVERS))
    assert ended["verdict"] == "end"
    assert ended["freed_capacity_a_year"] == pytest.approx(168.0)
    assert holds_figures(ended["said"], 168.0)
    assert one(full(redeployable=0.6, exit_cost=1000, **NO_LEVERS))["verdict"] == "keep"


def test_capacity_freed_where_it_stands_idle_already_is_worth_nothing() -> None:
    found = one(served(redeployable=0.6, **NO_LEVERS))
    assert found["freed_capacity_a_year"] == pytest.approx(0.0, abs=1e-9)
    assert (found["leaning"], found["end_value"] <= found["keep_value"]) == ("keep", True)


def only(lever: str, limit: float) -> dict[str, float]:
    return {**NO_LEVERS, lever: limit}


def test_a_fee_for_each_order_brings_it_to_zero() -> None:
    found = one(served(**only("max_order_fee", 10)))
    assert (found["lever"], found["lever_unit"]) == ("order fee", "EUR an order")
    assert found["lever_size"] * 20 == pytest.approx(-found["profit"])
    assert holds_figures(found["said"], 8.0)


def test_less_of_its_costliest_activity_brings_it_to_zero() -> None:
    tables = served(**only("max_activity_cut", 0.5))
    found = one(tables)
    assert (found["lever"], found["lever_on"]) == ("activity cut", "Take order")
    log = tables["ActivityLog"].copy()
    cut = (log["customer"] == "A") & (log["activity"] == found["lever_on"])
    log.loc[cut, "quantity"] *= 1 - found["lever_size"]
    assert profit({**tables, "ActivityLog": log}, "A") == pytest.approx(0.0, abs=CENT)


def unpaid(**settings_given: float) -> Tables:
    """A customer that sells little above cost and pays late: its financing takes 31.78."""
    invoices = [
        ("I1", "2024-01-10", "2024-01-24", 400.0, "2024-01-30"),
        ("I2", "2024-03-01", "2024-03-15", 300.0, "2024-08-28"),
        ("I3", "2024-05-01", "2024-05-15", 300.0, "2024-10-28"),
    ]
    return {
        "Settings": settings(start="2024-01-01", end="2024-12-31", cost_of_capital=0.1, **settings_given),
        "Sales": sold(("A", 1000.0, 980.0)),
        "Invoices": table(
            "invoice customer issued due amount paid",
            *[(i, "A", issued, due, amount, paid) for i, issued, due, amount, paid in invoices],
        ),
    }


def test_being_paid_sooner_brings_it_to_zero_though_no_invoice_is_paid_before_its_day() -> None:
    tables = unpaid(**only("max_payment_days_cut", 200))
    financing = 0.1 / 365 * (400 * 20 + 300 * 180 + 300 * 180)
    assert one(tables)["profit"] == pytest.approx(20 - financing)
    costs = sold(("A", 1000.0, 1000.0 - 1.0))
    dearer = {**tables, "Sales": costs}
    found = one(dearer)
    assert found["leaning"] == "fix"
    assert found["lever"] == "payment days"
    days = found["lever_size"]
    assert days > 20
    left = 400 * max(20 - days, 0) + 600 * (180 - days)
    assert 1.0 - 0.1 / 365 * left == pytest.approx(0.0, abs=1e-9)
    assert one({**dearer, "Sales": sold(("A", 1000.0, 1001.0))})["leaning"] == "end"


def test_average_balances_are_brought_down_by_the_revenue_of_a_day() -> None:
    tables = {
        "Settings": settings(cost_of_capital=0.1, **only("max_payment_days_cut", 100)),
        "Sales": sold(("A", 3650.0, 3640.0)),
        "Balances": table("date customer balance", (DAY, "A", 300.0)),
    }
    found = one(tables)
    assert found["profit"] == pytest.approx(-20.0)
    assert found["lever_size"] == pytest.approx(20.0)
    less = table("date customer balance", (DAY, "A", 300.0 - 10 * found["lever_size"]))
    assert profit({**tables, "Balances": less}, "A") == pytest.approx(0.0, abs=CENT)


def test_the_lever_that_is_furthest_from_its_limit_is_taken() -> None:
    near = one(served(max_price_increase=1, max_order_fee=10, max_activity_cut=0.41))
    assert near["lever"] == "price"
    far = one(served(max_price_increase=0.17, max_order_fee=100, max_activity_cut=0.41))
    assert far["lever"] == "order fee"


cents = st.integers(1, 9000).map(lambda n: n / 7)
rate = st.sampled_from([0.0, 0.03, 0.11])
line = st.tuples(
    st.sampled_from([*"ABCDEFGH"]),
    st.sampled_from(["P", "Q"]),
    cents,
    st.integers(0, 500).map(lambda n: n / 7),
    st.integers(0, 500).map(lambda n: n / 7),
    cents,
)


@hypothesis_settings(max_examples=examples(10), deadline=None)
@given(st.lists(line, min_size=8, max_size=24), st.tuples(rate, rate, rate))
def test_prices_and_discounts_changed_by_the_levers_found_bring_each_customer_to_zero(
    lines: list[tuple[object, ...]], rates: tuple[float, float, float]
) -> None:
    tables = {
        "Settings": settings(max_price_increase=1, max_order_fee=0, max_activity_cut=0, simulations=0),
        "Sales": sold(*lines, columns="date customer product gross_revenue discount returns cogs"),
        "Commissions": table(
            "scope value basis rate",
            ("all", "", "net_revenue", rates[0]),
            ("product", "Q", "gross_margin", rates[1]),
            ("customer", "B", "net_revenue", rates[2]),
        ),
        "DirectCosts": table(
            "date customer group amount", (DAY, "A", "service", 50.0), (DAY, "B", "cogs", 9.0)
        ),
    }
    found = decided(tables)
    fixed = (found["verdict"] == "fix").to_numpy()
    assert (fixed == (found["lever"] != "")).all()
    assert set(found["lever"][fixed]) <= {"price", "discount"}
    sales = tables["Sales"].copy()
    gross = sales["gross_revenue"].copy()
    for column, sign, name in (("gross_revenue", 1, "price"), ("discount", -1, "discount")):
        size = found["lever_size"].where(found["lever"] == name, 0.0)
        size += found["lever_2_size"].where(found["lever_2"] == name, 0.0)
        sales[column] += sign * gross * sales["customer"].map(size)
    again = analyze({**tables, "Sales": sales}).customers["profit"]
    np.testing.assert_allclose(again[fixed], 0.0, atol=CENT)
    np.testing.assert_allclose(again[~fixed], found["profit"][~fixed], atol=1e-9)


def test_a_customer_that_only_its_referral_value_saves() -> None:
    tables = {
        "Settings": settings(**NO_LEVERS),
        "Sales": sold(("Small", 100.0, 130.0), ("Brought", 900.0, 500.0)),
    }
    alone = decided(tables)
    assert alone.loc["Small", "verdict"] == "end"
    saved = decided({**tables, "Referrals": table("referrer referred anyway", ("Small", "Brought", 0.5))})
    assert saved.loc["Small", "verdict"] == "keep"
    assert saved.loc["Small", "referral_value_a_year"] == pytest.approx(200.0)
    assert saved["end_value"]["Small"] < saved["keep_value"]["Small"] < 0
    assert holds_figures(str(saved.loc["Small", "said"]), 200.0)
    assert saved.loc["Small", "profit"] == pytest.approx(alone.loc["Small", "profit"])


def test_a_customer_that_its_unpaid_invoices_alone_tip_is_a_case_for_collecting() -> None:
    tables = {
        "Settings": settings(start="2024-01-01", as_of="2024-06-30", **NO_LEVERS),
        "Sales": sold(("A", 1000.0, 900.0)),
        "Invoices": table(
            "invoice customer issued due amount paid", ("I", "A", "2024-01-01", "2024-01-15", 1000.0, None)
        ),
        "LossRates": table("days_past_due rate", (0.0, 0.0), (90.0, 0.3)),
    }
    found = one(tables)
    assert found["profit"] == pytest.approx(-200.0)
    assert (found["verdict"], found["at_stake"]) == ("collect", 1000.0)
    assert (found["lever"], found["lever_size"], found["lever_unit"]) == ("stop credit", 1000.0, "EUR")
    assert found["lever_2"] == "prepayment"
    assert found["effect_of_ending_a_year"] == pytest.approx(
        -100.0
    )  # the loss has happened: ending saves none
    assert holds_figures(found["said"], 1_000.0, 167.0)
    assert holds_figures(found["said"], 100.0)
    invoices = tables["Invoices"].assign(paid="2024-01-20")
    assert one({**tables, "Invoices": invoices})["verdict"] == "keep"


def test_a_customer_that_slid_into_loss_is_judged_on_today() -> None:
    rows = [
        (f"{y}-{m:02d}-15", "A", 100.0, cogs)
        for y, cogs in ((2023, 20.0), (2024, 130.0))
        for m in range(1, 13)
    ]
    sales = table("date customer gross_revenue cogs", *rows)
    found = one({"Settings": settings(period="month", end="2024-12-31"), "Sales": sales})
    assert found["profit"] == pytest.approx(600.0)
    assert found["run_rate"] == pytest.approx(-360.0)
    assert found["verdict"] == "end"
    assert found["said"].startswith("Loses 360 EUR")


def agree(found: pd.DataFrame) -> None:
    """The law: no verdict contradicts its own values."""
    verdict, earns = found["leaning"], found["run_rate"]
    kept, ended = found["keep_value"], found["end_value"]
    assert (ended[verdict == "end"] > kept[verdict == "end"]).all()
    assert (kept[verdict == "keep"] >= ended[verdict == "keep"]).all()
    assert (earns[verdict == "fix"] < 0).all()
    assert (found["lever_size"][verdict == "fix"] > 0).all()
    assert (found["at_stake"][verdict == "collect"] > 0).all()
    assert (found["lever"][verdict == "collect"] != "").all()
    decided_on = found["verdict"] != "investigate"
    assert (found["verdict"][decided_on] == verdict[decided_on]).all()
    assert (found["confidence"][decided_on] >= 0.8).all()
    assert (found["confidence"][~decided_on] < 0.8).all()
    assert (found["hinges_on"][~decided_on] != "").all()


@cache
def company() -> Tables:
    """Forty customers with all that a decision looks at, made from a seed."""
    rng = np.random.default_rng(5)
    names = [f"C{i:02d}" for i in range(40)]
    issued = pd.Series(pd.date_range("2023-01-05", "2024-12-28", periods=160)).dt.normalize()
    paid = issued + pd.to_timedelta(pd.Series(rng.integers(5, 150, 160)), unit="D")
    who = rng.choice(names, 160)
    gross = rng.uniform(50, 3000, 160).round(2)
    done = {"date": issued, "customer": who}
    resources = [("Desk", 16000.0, 16000.0, 0.3), ("Line", 20000.0, None, 0.8)]
    links = [(names[i], names[i + 7], 16.0, 0.25) for i in range(9)]
    return {
        "Settings": settings(
            cost_of_capital=0.08, simulations=200, exit_cost=64, max_order_fee=64, as_of="2024-12-31"
        ),
        "Customers": pd.DataFrame({"customer": names}),
        "Sales": pd.DataFrame(done).assign(
            gross_revenue=gross, discount=gross * 0.05, cogs=gross * rng.uniform(0.4, 1.2, 160)
        ),
        "Resources": table("resource cost capacity avoidable", *resources),
        "Activities": table(
            "activity group resource driver rate unit_cost",
            ("Order", "order", "Desk", "", 4.0, None),
            ("Order", "order", "Desk", "lines", 1.0, None),
            ("Call", "service", "Line", "", 10.0, None),
            ("Parcel", "deliver", "", "lines", 1.0, 0.5),
        ),
        "ActivityLog": pd.DataFrame(done).assign(
            activity=["Order", "Call", "Parcel", "Order"] * 40,
            quantity=rng.integers(1, 9, 160),
            lines=rng.integers(0, 30, 160),
        ),
        "DirectCosts": table(
            "date customer group amount avoidable", *[(DAY, c, "loyalty", 80.0, 0.5) for c in names[:9]]
        ),
        "Commissions": table("scope basis rate", ("all", "net_revenue", 0.02)),
        "Invoices": pd.DataFrame(
            {
                "invoice": [f"I{i}" for i in range(160)],
                "customer": who,
                "issued": issued,
                "due": issued,
                "amount": gross,
                "paid": paid.where(paid < pd.Timestamp("2024-12-01")),
            }
        ),
        "LossRates": table("days_past_due rate", (0.0, 0.01), (60.0, 0.2)),
        "Referrals": table("referrer referred reward anyway", *links),
    }


@cache
def usual() -> pd.DataFrame:
    """The decisions on that company."""
    return decided(company())


MONEY = {
    "Sales": ["gross_revenue", "discount", "cogs"],
    "Resources": ["cost"],
    "Activities": ["unit_cost"],
    "DirectCosts": ["amount"],
    "Invoices": ["amount"],
    "Referrals": ["reward"],
}


def scaled(tables: Tables, factor: float) -> Tables:
    """The same company in a currency worth so much less, limits and exit cost in it too."""
    money = {
        name: tables[name].assign(**{column: tables[name][column] * factor for column in columns})
        for name, columns in MONEY.items()
    }
    limits = tables["Settings"].set_index("setting")["value"].copy()
    limits[["max_order_fee", "exit_cost"]] = limits[["max_order_fee", "exit_cost"]].astype(float) * factor
    return {**tables, **money, "Settings": limits.reset_index()}


def test_the_company_has_every_verdict() -> None:
    found = usual()
    assert set(found["verdict"]) == set(VERDICTS)
    assert found["leaning"].isin(["fix", "collect"]).equals(found["lever"].isin([*LEVERS, *COLLECTING]))
    agree(found)
    assert found["confidence"].between(0.0, 1.0).all()
    assert found["said"].str.fullmatch(r".*\.").all()
    assert not found["said"].str.contains("nan|inf").any()


@pytest.mark.parametrize("factor", [0.25, 1024.0])
def test_scaling_all_money_scales_amounts_and_leaves_verdicts(factor: float) -> None:
    found, again = usual(), decided(scaled(company(), factor))
    for column in ("verdict", "lever", "lever_on", "confidence"):
        pd.testing.assert_series_equal(again[column], found[column])
    for column in ("effect_of_ending_a_year", "keep_value", "end_value", "freed_capacity_a_year"):
        np.testing.assert_allclose(again[column], found[column] * factor, rtol=1e-9)
    fee = np.where(found["lever_unit"].str.startswith("EUR"), factor, 1.0)
    np.testing.assert_allclose(again["lever_size"], found["lever_size"] * fee, rtol=1e-9)


def test_a_customer_with_no_activity_changes_nobodys_decision() -> None:
    tables = company()
    more = pd.concat([tables["Customers"], pd.DataFrame({"customer": ["C05a", "AA", "Zz"]})])
    found, again = usual(), decided({**tables, "Customers": more})
    pd.testing.assert_frame_equal(again.loc[found.index], found, check_exact=True)
    new = again.loc["AA"].to_dict()
    assert (new["verdict"], new["confidence"], new["lever"]) == ("keep", 1.0, "")
    assert new["reason"] == "nothing" and read_figures(new["said"]) == []


def test_the_order_of_the_rows_changes_nothing() -> None:
    tables = company()
    mixed = {name: frame.sample(frac=1.0, random_state=3) for name, frame in tables.items()}
    pd.testing.assert_frame_equal(decided(mixed), usual(), check_exact=True)


def certain(**more: object) -> pd.DataFrame:
    return settings(uncertainty_rates=0, uncertainty_volumes=0, uncertainty_retention=0, **more)


def test_with_nothing_uncertain_every_verdict_is_sure() -> None:
    tables = {**quebec(), "Settings": certain(simulations=20)}
    assert (decided(tables)["confidence"] >= 1.0).all()


def test_with_no_runs_confidence_is_unknown() -> None:
    assert decided({**company(), "Settings": settings(simulations=0)})["confidence"].isna().all()


def test_the_confidence_is_the_chance_that_the_verdict_holds() -> None:
    """105 earned on what it buys, 100 spent on it: kept while volume is above 100 / 105, of 0.9 to 1.1."""
    tables = {
        "Settings": settings(simulations=40000, confidence=0, materiality=0, **NO_LEVERS),
        "Sales": sold(("A", 200.0, 95.0)),
        "DirectCosts": table("date customer group amount avoidable", (DAY, "A", "service", 100.0, 1.0)),
    }
    found = one(tables)
    assert found["verdict"] == "keep"
    assert found["confidence"] == pytest.approx((1.1 - 100 / 105) / 0.2, abs=0.01)
    assert one(tables)["confidence"] == pytest.approx(found["confidence"], abs=0.0)


def test_each_resource_is_off_by_itself() -> None:
    """Two resources off independently by ± 10 % of 50 each against 100 less 2: a triangle, of which 0.68 is below."""
    tables = {
        "Settings": settings(
            simulations=40000, uncertainty_volumes=0, redeployable=0, materiality=0, **NO_LEVERS
        ),
        "Sales": sold(("A", 102.0, 0.0)),
        "Resources": table("resource cost avoidable", ("Desk", 50.0, 1.0), ("Line", 50.0, 1.0)),
        "Activities": table(
            "activity group resource rate", ("X", "service", "Desk", 1.0), ("Y", "service", "Line", 1.0)
        ),
        "ActivityLog": table("date customer activity", (DAY, "A", "X"), (DAY, "A", "Y")),
    }
    assert one(tables)["confidence"] == pytest.approx(1 - 0.8**2 / 2, abs=0.01)


def test_customers_are_judged_some_at_a_time_and_each_as_if_all_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = usual()["confidence"]
    monkeypatch.setattr(confidence, "CELLS", 200 * 3)
    pd.testing.assert_series_equal(decided(company())["confidence"], whole)


def test_what_is_taken_for_sure_without_runs_is_so_in_all_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    found = usual()["confidence"]
    shared = confidence.count_runs

    def ask_all(sure: Any, measure: Any, limit: float, drawn: Any) -> Any:
        return shared(np.zeros_like(sure), measure, limit, drawn)

    monkeypatch.setattr(confidence, "count_runs", ask_all)
    pd.testing.assert_series_equal(decided(company())["confidence"], found)
