"""Published variance analyses: price, volume, mix, efficiency and rates to the last unit."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import pytest

import xlprofit
from xlprofit.comparison.bridge import Comparison

DAY = pd.Timestamp("2024-01-31")


def sell(
    units: Sequence[float], revenue: Sequence[float], cost: Sequence[float] = (), **columns: object
) -> pd.DataFrame:
    """Sales of the products A, B, C, … to one customer: units, revenue and, where it is given, variable cost."""
    lines = {
        "date": DAY,
        "customer": "All",
        "product": [chr(65 + i) for i in range(len(units))],
        "quantity": units,
        "gross_revenue": revenue,
        "cogs": cost or [0.0] * len(units),
    }
    return pd.DataFrame(lines | columns)


def compare_sales(before: pd.DataFrame, after: pd.DataFrame) -> Comparison:
    return xlprofit.compare(xlprofit.analyze({"Sales": before}), xlprofit.analyze({"Sales": after}))


def at(units: Sequence[float], prices: Sequence[float]) -> list[float]:
    return [u * p for u, p in zip(units, prices, strict=True)]


def assert_effects(change: Comparison, **expected: float) -> None:
    """The effects are as published, all others are 0, and together they are the change of profit."""
    for found in (change.bridge.sum(), change.company["customers"]):
        effects = found[list(map(str, change.bridge))]
        assert effects[list(expected)].to_dict() == pytest.approx(expected, abs=0.005)
        assert effects.drop(list(expected)).abs().sum() == pytest.approx(0.0, abs=1e-6)
    assert sum(expected.values()) == pytest.approx(change.profits["change"].sum(), abs=0.01)


@pytest.mark.parametrize("by", ["product", "customer"])
def test_three_products_or_three_customers(by: str) -> None:
    """The worked check of the design: prices 10, 15, 20 of 1,000, 800, 500; then 11, 15, 23 of 1,000, 700, 800.

    Price 1 × 1,000 + 3 × 800; volume 200 units at the average 32,000 / 2,300; the rest is mix. Where there is no
    product the mix is that of the customers, which is one of the company and of no customer.
    """
    units, prices = ([1000, 800, 500], [1000, 700, 800]), ([10, 15, 20], [11, 15, 23])
    sides = [sell(u, at(u, p)) for u, p in zip(units, prices, strict=True)]
    if by == "customer":
        sides = [side.assign(customer=side["product"]).drop(columns="product") for side in sides]
    change = compare_sales(*sides)
    company = change.company["total"]
    assert company["price"] == pytest.approx(3_400)
    assert company["volume"] == pytest.approx(2_782.61, abs=0.005)
    assert company["mix"] == pytest.approx(1_717.39, abs=0.005)
    assert company["company_profit"] == pytest.approx(7_900)
    if by == "customer":
        assert change.bridge["mix"].abs().max() == 0
        assert change.bridge["volume"].to_dict() == pytest.approx({"A": 0.0, "B": -1_500.0, "C": 6_000.0})
    else:
        assert_effects(change, price=3_400, volume=2_782.61, mix=1_717.39)


def test_webb_company_selling_price_and_sales_volume() -> None:
    """Horngren, Datar and Rajan, *Cost Accounting* (15th ed., 2015), chapter 7, the Webb Company, April 2014.

    Budget 12,000 jackets at 120 with variable costs of 88; actual 10,000 at 125 with 950,100: selling-price variance
    50,000 F, sales-volume variance 64,000 U, variable-cost variance 70,100 U.
    """
    change = compare_sales(sell([12_000], [1_440_000], [1_056_000]), sell([10_000], [1_250_000], [950_100]))
    assert_effects(change, price=50_000, volume=-64_000, unit_cost=-70_100)


def test_chicago_infonautics_sales_quantity_and_sales_mix() -> None:
    """Horngren, Datar and Foster, *Cost Accounting* (12th ed., 2006), chapter 14, the problem of Chicago Infonautics.

    Sales-quantity variance 1,307,500 F (10,000 units at 130.75), sales-mix variance 71,500 U, sales-volume variance
    1,236,000 F, static-budget variance of the contribution margin 1,107,000 U.
    """
    budget, actual = [12_500, 37_500, 50_000], [11_000, 44_000, 55_000]
    change = compare_sales(
        sell(budget, at(budget, [379, 269, 149]), at(budget, [182, 98, 65])),
        sell(actual, at(actual, [349, 285, 102]), at(actual, [178, 92, 73])),
    )
    assert_effects(change, price=-2_211_000, volume=1_307_500, mix=-71_500, unit_cost=-132_000)
    assert change.profits["change"].sum() == pytest.approx(-1_107_000)


def test_drury_sales_mix_and_sales_quantity() -> None:
    """Drury, *Management and Cost Accounting* (8th ed., 2012), chapter 18: sales margin mix and quantity variances.

    8,000, 7,000 and 5,000 units budgeted at contributions of 20, 12 and 9; 6,000, 7,000 and 9,000 sold: sales quantity
    28,900 F, sales mix 32,900 A.
    """
    budget, actual, margin = [8_000, 7_000, 5_000], [6_000, 7_000, 9_000], [20, 12, 9]
    change = compare_sales(sell(budget, at(budget, margin)), sell(actual, at(actual, margin)))
    assert_effects(change, volume=28_900, mix=-32_900)


def test_ricks_hairstyling_revenue_and_activity() -> None:
    """Garrison, Noreen and Brewer, *Managerial Accounting* (14th ed., 2012), chapter 9, Rick's Hairstyling.

    1,000 client-visits planned at 180 with supplies of 1.20 and gratuities of 4.10 each; 1,100 made for 194,200, with
    1,620 and 6,870: revenue variance 3,800 U, spending variances 300 U and 2,360 U; the activity variances of revenue,
    supplies and gratuities are 18,000 F, 120 U and 410 U.
    """
    change = compare_sales(sell([1_000], [180_000], [5_300]), sell([1_100], [194_200], [8_490]))
    assert_effects(change, price=-3_800, volume=18_000 - 120 - 410, unit_cost=-300 - 2_360)


def run_activity(
    log: float, minutes: dict[str, float], counts: dict[str, float], cost: float
) -> xlprofit.Results:
    """A run with one resource of ``log`` units, activities of so many units each, done so often, for one customer."""
    names = list(counts)
    return xlprofit.analyze(
        {
            "Sales": sell([1], [1_000_000.0]),
            "Resources": pd.DataFrame({"resource": ["R"], "cost": [cost], "capacity": [log]}),
            "Activities": pd.DataFrame(
                {"activity": names, "group": "order", "resource": "R", "rate": [minutes[n] for n in names]}
            ),
            "ActivityLog": pd.DataFrame(
                {"date": DAY, "customer": "All", "activity": names, "quantity": [counts[n] for n in names]}
            ),
        }
    )


def test_webb_company_labour_price_and_efficiency() -> None:
    """Horngren, as above: manufacturing labour of 0.8 hours a jacket at 20; 9,000 hours at 22 for 10,000 jackets.

    Efficiency variance 20,000 U, price variance 18,000 U, flexible-budget variance 38,000 U.
    """
    before = run_activity(9_600, {"Labour": 0.8}, {"Labour": 12_000}, 192_000)
    after = run_activity(9_000, {"Labour": 0.9}, {"Labour": 10_000}, 198_000)
    change = xlprofit.compare(before, after)
    assert_effects(change, activity_volume=32_000, efficiency=-20_000, capacity_rates=-18_000)


def test_customer_service_department_faster_and_dearer() -> None:
    """Kaplan and Anderson, "Time-Driven Activity-Based Costing", Harvard Business Review, November 2004.

    700,000 minutes for 560,000, 0.80 a minute; a credit check of 50 minutes takes 20 with a database, 16 instead of 40;
    a raise of 8 % makes the rate 0.864. Of 2,500 checks the faster ones save 60,000.
    """
    counts = {"Order": 49_000.0, "Inquiry": 1_400.0, "Credit check": 2_500.0}
    minutes = {"Order": 8.0, "Inquiry": 44.0, "Credit check": 50.0}
    before = run_activity(700_000, minutes, counts, 560_000)
    faster = run_activity(700_000, minutes | {"Credit check": 20.0}, counts, 560_000)
    assert_effects(xlprofit.compare(before, faster), efficiency=60_000)
    raised = run_activity(700_000, minutes | {"Credit check": 20.0}, counts, 604_800)
    used = 49_000 * 8 + 1_400 * 44 + 2_500 * 20
    assert_effects(xlprofit.compare(faster, raised), capacity_rates=-0.064 * used)
    rows = xlprofit.compare(before, raised).explain("All", "efficiency")
    assert rows.loc[rows["line"] == "Credit check", "effect"].sum() == pytest.approx(60_000)
