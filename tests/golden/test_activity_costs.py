"""Published worked examples of activity costs and customer profit, with their own figures."""

from __future__ import annotations

import pandas as pd
import pytest

import xlprofit
from tests.golden.frames import DAY, log, settings, table


def dakota() -> dict[str, pd.DataFrame]:
    """G01: Kaplan, "Dakota Office Products", HBS 9-102-021; two stages and 10 % on average receivables."""
    pools = {
        "carton": 80_000,
        "freight_carton": 75_000,
        "desktop": 2_000,
        "manual_order": 16_000,
        "manual_line": 150_000,
        "edi": 8_000,
    }
    return {
        "Settings": settings(cost_of_capital=0.1),
        "Sales": table("date customer sales cogs", (DAY, "A", 103_000, 85_000), (DAY, "B", 104_000, 85_000)),
        "Resources": table(
            "resource cost capacity",
            ("personnel", 2_400_000, None),
            ("warehouse", 2_000_000, None),
            ("freight", 450_000, None),
            ("trucks", 200_000, None),
            ("order entry", 800_000, None),
            *((f"{pool} pool", 0, volume) for pool, volume in pools.items()),
        ),
        "Allocations": table(
            "from to share",
            ("personnel", "carton pool", 0.9),
            ("warehouse", "carton pool", 1),
            ("freight", "freight_carton pool", 1),
            ("personnel", "desktop pool", 0.1),
            ("trucks", "desktop pool", 1),
            ("order entry", "manual_order pool", 0.2),
            ("order entry", "manual_line pool", 0.75),
            ("order entry", "edi pool", 0.05),
        ),
        "Activities": table("activity group resource rate", *((p, "deliver", f"{p} pool", 1) for p in pools)),
        "ActivityLog": log(
            {
                "A": {"carton": 200, "freight_carton": 200, "manual_order": 6, "manual_line": 60, "edi": 6},
                "B": {
                    "carton": 200,
                    "freight_carton": 150,
                    "desktop": 25,
                    "manual_order": 100,
                    "manual_line": 180,
                },
            }
        ),
        "Balances": table("date customer balance", (DAY, "A", 9_000), (DAY, "B", 30_000)),
    }


def test_dakota_office_products() -> None:
    results = xlprofit.analyze(dakota())
    rates = results.capacity["rate"]
    expected = {
        "carton": 52,
        "freight_carton": 6,
        "desktop": 220,
        "manual_order": 10,
        "manual_line": 4,
        "edi": 5,
    }
    assert {pool: rates[f"{pool} pool"] for pool in expected} == pytest.approx(expected, rel=1e-12)
    assert results.customers["profit"].to_dict() == pytest.approx({"A": 5_170, "B": -2_520}, abs=1e-6)
    # The law: what the books spent is charged, idle or unassigned, to the cent.
    capacity = results.capacity
    assert capacity["cost"].sum() == pytest.approx(5_850_000, rel=1e-12)
    charged = capacity[["charged", "idle_cost", "unassigned"]].sum().sum()
    assert charged == pytest.approx(5_850_000, rel=1e-12)
    assert results.customers["cost_of_credit"].to_dict() == pytest.approx({"A": -900, "B": -3_000})


def worley() -> dict[str, pd.DataFrame]:
    """G03: Garrison, *Managerial Accounting*, Worley: the same gross margin, opposite profits."""
    sold = 38_000 * 1.07
    return {
        "Settings": settings(),
        "Sales": table(
            "date customer gross_revenue cogs", *((DAY, c, sold, 38_000) for c in ("University", "Memorial"))
        ),
        "Resources": table(
            "resource cost capacity",
            ("delivery", 420_000, 5_000),
            ("manual", 624_000, 8_000),
            ("electronic", 170_000, 10_000),
            ("line", 675_000, 450_000),
        ),
        "Activities": table(
            "activity group resource rate",
            ("delivery", "deliver", "delivery", 1),
            ("manual order", "order", "manual", 1),
            ("electronic order", "order", "electronic", 1),
            ("line item", "order", "line", 1),
        ),
        "ActivityLog": log(
            {
                "University": {"delivery": 16, "electronic order": 18, "line item": 190},
                "Memorial": {"delivery": 28, "manual order": 49, "line item": 210},
            }
        ),
    }


def test_worley_two_customers_with_the_same_gross_margin() -> None:
    customers = xlprofit.analyze(worley()).customers
    assert customers["gross_margin"].to_dict() == pytest.approx({"University": 2_660, "Memorial": 2_660})
    assert customers["profit"].to_dict() == pytest.approx({"University": 725, "Memorial": -3_829})


INSTANT = {
    "Avery": (260, 182),
    "Duran": (180, 184),
    "Retail": (163, 178),
    "Wizard": (322, 225),
    "SantaClara": (235, 308),
    "Grainger": (80, 74),
    "SoftwarePartners": (174, 100),
    "ProblemSolvers": (76, 108),
    "Business": (137, 110),
    "Okie": (373, 231),
}


def test_instant_service_whale_curve() -> None:
    """G06: Horngren, *Cost Accounting*, problem 14-20."""
    sales = table("date customer revenue", *((DAY, c, r) for c, (r, _) in INSTANT.items()))
    costs = table("date customer group amount", *((DAY, c, "service", k) for c, (_, k) in INSTANT.items()))
    results = xlprofit.analyze({"Settings": settings(), "Sales": sales, "DirectCosts": costs})
    assert results.whale["cumulative"].tolist() == pytest.approx(
        [142, 239, 317, 391, 418, 424, 420, 405, 373, 300]
    )
    assert results.whale["rank"].tolist() == list(range(1, 11))
    assert results.whale["cumulative"].max() == pytest.approx(424)
    assert results.whale["cumulative_share"].iloc[-1] == pytest.approx(1.0)


SPRING = {  # cases, price, orders, visits, deliveries, miles a delivery, expedited, operating income
    "P": (2_080, 14.40, 15, 2, 10, 14, 0, 2_012),
    "Q": (8_750, 14.16, 25, 3, 30, 4, 0, 11_545),
    "R": (60_800, 13.20, 30, 6, 60, 3, 0, 38_720),
    "S": (31_800, 13.92, 25, 2, 40, 8, 0, 41_856),
    "T": (3_900, 12.96, 30, 3, 20, 40, 1, -3_346),
}


def spring() -> dict[str, pd.DataFrame]:
    """G07: Horngren, *Cost Accounting*, problem 14-19: list price, discounts, five cost drivers."""
    sales = [(DAY, c, 14.40 * k, (14.40 - price) * k, 12.0 * k) for c, (k, price, *_) in SPRING.items()]
    activities = {
        c: {
            "order taking": po,
            "customer visit": v,
            "delivery mile": d * m,
            "product handling": k,
            "expedited delivery": e,
        }
        for c, (k, _, po, v, d, m, e, _) in SPRING.items()
    }
    return {
        "Settings": settings(),
        "Sales": table("date customer gross_revenue discount cogs", *sales),
        "Activities": table(
            "activity group rate unit_cost",
            ("order taking", "order", 1, 100),
            ("customer visit", "acquire", 1, 80),
            ("delivery mile", "deliver", 1, 2),
            ("product handling", "deliver", 1, 0.5),
            ("expedited delivery", "demand", 1, 300),
        ),
        "ActivityLog": log(activities),
    }


def test_spring_distribution() -> None:
    customers = xlprofit.analyze(spring()).customers
    assert customers["profit"].to_dict() == pytest.approx({c: v[-1] for c, v in SPRING.items()}, abs=1e-6)
    assert customers.loc["T", "discounts"] == pytest.approx(-(14.40 - 12.96) * 3_900)
    assert customers.loc["P", "cost_to_acquire"] == pytest.approx(-160)


@pytest.mark.parametrize(
    ("minutes", "quantities", "used", "unused"),
    [
        ((40, 220, 250), (9_800, 280, 500), 578_600, 121_400),
        ((8, 44, 50), (49_000, 1_400, 2_500), 578_600, 121_400),
        ((8, 44, 50), (51_000, 1_150, 2_700), 593_600, 106_400),
    ],
)
def test_time_driven_capacity(
    minutes: tuple[float, ...], quantities: tuple[float, ...], used: float, unused: float
) -> None:
    """G13: Kaplan and Anderson, "Time-Driven Activity-Based Costing", 2003 and HBR 2004."""
    names = ("process orders", "handle inquiries", "check credit")
    results = xlprofit.analyze(
        {
            "Settings": settings(),
            "Sales": table("date customer revenue", (DAY, "All", 1_000_000)),
            "Resources": table("resource cost capacity unit", ("service", 560_000, 700_000, "minutes")),
            "Activities": table(
                "activity group resource rate",
                *((n, "service", "service", m) for n, m in zip(names, minutes, strict=True)),
            ),
            "ActivityLog": log({"All": dict(zip(names, quantities, strict=True))}),
        }
    )
    service = results.capacity.loc["service"]
    assert service["rate"] == pytest.approx(0.80)
    assert (service["used"], service["idle"]) == pytest.approx((used, unused))
    assert (service["charged"], service["idle_cost"]) == pytest.approx((0.8 * used, 0.8 * unused))
    idle = results.ledger[results.ledger["line"] == "idle capacity"]
    assert idle["amount"].sum() == pytest.approx(-0.8 * unused)


@pytest.mark.parametrize(
    ("terms", "drivers", "answer"),
    [
        ({"": 5, "new": 15, "lines": 3, "rush": 10}, {"new": 0, "lines": 1, "rush": 0}, 8),
        ({"": 5, "new": 15, "lines": 3, "rush": 10}, {"new": 0, "lines": 5, "rush": 1}, 30),
        ({"": 5, "new": 15, "lines": 3, "rush": 10}, {"new": 1, "lines": 4, "rush": 1}, 42),
        (
            {"": 3, "lines": 0.8, "refrigerated": 6, "export": 12},
            {"lines": 10, "refrigerated": 1, "export": 0},
            17.0,
        ),
        (
            {"": 3, "lines": 0.8, "refrigerated": 6, "export": 12},
            {"lines": 20, "refrigerated": 1, "export": 1},
            37.0,
        ),
        (
            {"": 3, "lines": 0.8, "refrigerated": 6, "export": 12},
            {"lines": 1, "refrigerated": 0, "export": 0},
            3.8,
        ),
    ],
)
def test_time_equations(terms: dict[str, float], drivers: dict[str, float], answer: float) -> None:
    """G16: Kaplan and Anderson 2003, and public teaching examples."""
    entry = pd.DataFrame([{"date": DAY, "customer": "A", "activity": "order", **drivers}])
    results = xlprofit.analyze(
        {
            "Settings": settings(),
            "Sales": table("date customer revenue", (DAY, "A", 100)),
            "Resources": table("resource cost capacity", ("desk", 1_000, 1_000)),
            "Activities": table(
                "activity group resource driver rate",
                *(("order", "order", "desk", d, r) for d, r in terms.items()),
            ),
            "ActivityLog": entry,
        }
    )
    assert results.capacity.loc["desk", "used"] == pytest.approx(answer, abs=1e-9)
    assert results.explain("A", "order")["units"].sum() == pytest.approx(answer, abs=1e-9)


def test_provision_matrix_of_ifrs_9() -> None:
    """G17: IFRS 9, illustrative example 12: expected credit losses of 580,000 on five buckets."""
    days = (0, 15, 45, 75, 120)
    gross = (15e6, 7.5e6, 4e6, 2.5e6, 1e6)
    as_of = pd.Timestamp("2024-12-31")
    invoices = pd.DataFrame(
        {
            "invoice": [f"I{i}" for i in range(5)],
            "customer": [f"B{i}" for i in range(5)],
            "issued": as_of - pd.to_timedelta([d + 30 for d in days], unit="D"),
            "due": as_of - pd.to_timedelta(days, unit="D"),
            "amount": gross,
        }
    )
    results = xlprofit.analyze(
        {
            "Settings": settings(as_of=as_of, start="2024-01-01", end="2024-12-31"),
            "Sales": table("date customer revenue", *((DAY, f"B{i}", 1) for i in range(5))),
            "Invoices": invoices,
            "LossRates": table(
                "days_past_due rate", (0, 0.003), (1, 0.016), (31, 0.036), (61, 0.066), (91, 0.106)
            ),
        }
    )
    losses = -results.customers["cost_of_credit"]
    assert losses.tolist() == pytest.approx([45_000, 120_000, 144_000, 165_000, 106_000])
    assert losses.sum() == pytest.approx(580_000)


def _sold_on_credit(setting: str) -> xlprofit.Results:
    """A year before payment goes from 30 to 45 days of 360, and one after, each as a customer of its own."""
    units = {"before": 120_000, "after": 126_000}
    days = {"before": 30, "after": 45}
    return xlprofit.analyze(
        {
            "Settings": settings(cost_of_capital=0.12, finance_receivables_at=setting),
            "Sales": table(
                "date customer revenue cogs",
                *((DAY, c, count * 20, count * 12) for c, count in units.items()),
            ),
            "Balances": table(
                "date customer balance", *((DAY, c, count * 20 * days[c] / 360) for c, count in units.items())
            ),
        }
    )


@pytest.mark.parametrize(
    ("setting", "before", "after", "increment"),
    [("price", 24_000, 37_800, 13_800), ("cost", 14_400, 22_680, 8_280)],
)
def test_financing_of_receivables_on_the_price_or_on_the_cost_invested(
    setting: str, before: float, after: float, increment: float
) -> None:
    """120,000 units at 20, variable cost 12; sales +5 %, collection 30 → 45 days of 360, at 12 %."""
    results = _sold_on_credit(setting)
    found = -results.customers["cost_of_credit"]
    assert found["before"] == pytest.approx(before)
    assert found["after"] == pytest.approx(after)
    assert found["after"] - found["before"] == pytest.approx(increment)
    rows = results.explain("after", "financing")
    assert (rows["units"] * rows["rate"]).sum() == pytest.approx(-after)
