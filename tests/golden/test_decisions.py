"""Published cases of what to do about a customer or a prospect, through the public face."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from openpyxl import load_workbook

import xlprofit
from tests.golden.frames import DAY, settings, table
from xlprofit import formulas
from xlprofit.analysis import lifetime
from xlprofit.sheets import names

QUEBEC = {  # sales, cost of goods, labour, equipment, rent, marketing, orders and delivery, administration
    "OKeefe": (560, 380, 41, 10, 18, 11, 13, 20),
    "Ville": (530, 320, 18, 6, 12, 9, 7, 12),
    "Pier": (340, 270, 33, 8, 8, 10, 12, 16),
}
KINDS = ("labour", "equipment", "rent", "marketing", "po_delivery", "admin")
AVOIDABLE = ("labour", "marketing", "po_delivery")


def quebec() -> dict[str, pd.DataFrame]:
    """G20: Horngren family, customer drop decision; in thousands."""
    costs = [
        (DAY, customer, kind, amount, 1.0 if kind in AVOIDABLE else 0.0)
        for customer, (_, _, *amounts) in QUEBEC.items()
        for kind, amount in zip(KINDS, amounts, strict=True)
    ]
    sold = [(DAY, customer, sales, cogs) for customer, (sales, cogs, *_) in QUEBEC.items()]
    return {
        "Settings": settings(),
        "Sales": table("date customer gross_revenue cogs", *sold),
        "DirectCosts": table("date customer group amount avoidable", *costs),
    }


def test_the_customer_that_shows_a_loss_of_17_costs_15_to_drop(tmp_path: Path) -> None:
    results = xlprofit.analyze(quebec())
    assert results.customers["profit"].to_dict() == pytest.approx({"OKeefe": 67, "Ville": 146, "Pier": -17})
    effect = results.decisions["effect_of_ending_a_year"].to_dict()
    assert effect == pytest.approx({"OKeefe": -115, "Ville": -176, "Pier": -15})
    assert "end" not in set(results.decisions["verdict"])
    # The law: what dropping costs is the profit forgone and the cost that stays.
    stays = {c: sum(v[2 + KINDS.index(k)] for k in KINDS if k not in AVOIDABLE) for c, v in QUEBEC.items()}
    assert {c: -e for c, e in effect.items()} == pytest.approx(
        {c: results.customers["profit"][c] + stays[c] for c in QUEBEC}
    )
    # And so it stands in the workbook.
    path = xlprofit.refresh(xlprofit.new(tmp_path / "quebec.xlsx", quebec())).path
    rows = list(
        load_workbook(path, data_only=True, read_only=True)[names.DECISIONS].iter_rows(values_only=True)
    )
    header = next(row for row in rows if row[0] == "Customer")
    pier = next(row for row in rows if row[0] == "Pier")
    shown = dict(zip(header, pier, strict=True))
    assert "fix" in shown.values()
    (column,) = (name for name in shown if str(name).startswith("Effect of ending"))
    assert shown[column] == pytest.approx(-15)


@pytest.mark.parametrize(
    ("retention", "multiples"),
    [
        (0.6, (1.2, 1.1538, 1.1111, 1.0714)),
        (0.7, (1.75, 1.6667, 1.5909, 1.5217)),
        (0.8, (2.6667, 2.5, 2.3529, 2.2222)),
        (0.9, (4.5, 4.0909, 3.75, 3.4615)),
    ],
)
def test_the_lifetime_multiples_of_gupta_and_lehmann(retention: float, multiples: tuple[float, ...]) -> None:
    """G22: r / (1 + i − r), the first margin a year from now; discounts of 10, 12, 14 and 16 %."""
    for discount, multiple in zip((0.10, 0.12, 0.14, 0.16), multiples, strict=True):
        found: Any = formulas.lifetime_value(1.0, retention, discount)
        assert found == pytest.approx(multiple, abs=5e-5)
        assert lifetime.find_multiples(retention, discount, 10_000) == pytest.approx(found, rel=1e-9)
        # The law: a year from now the same customer is worth its margin and itself again, if it stays.
        assert found == pytest.approx(retention * (1 + found) / (1 + discount), rel=1e-12)


def prospect(rate: float) -> pd.Series:
    """G24, as one prospect: 60,000 spent on 75,000 people, of whom ``rate`` buy; margin 10 now, 100 later.

    The case counts the first margin of 10 at once and a lifetime value of 100 beside it; a horizon of one
    year at a discount and a loss of nothing has the same worth in one sum of 110.
    """
    model = xlprofit.analyze(
        {
            "Settings": settings(horizon=1, discount_rate=0, retention=1),
            "Sales": table("date customer revenue", (DAY, "A", 1)),
        }
    )
    asked = pd.DataFrame(
        {
            "prospect": ["one of 75,000"],
            "revenue": [110.0],
            "margin": [1.0],
            "win_probability": [rate],
            "pursuit_cost": [60_000 / 75_000],
            "high_care_probability": [0.0],
        }
    )
    needs = table("prospect activity quantity", ("one of 75,000", "nothing", 0.0)).iloc[:0]
    return xlprofit.screen(asked, model, needs).iloc[0]


def test_a_prospect_of_the_teaching_example_is_worth_052() -> None:
    found = prospect(0.012)
    assert found["value"] == pytest.approx(0.52, abs=1e-9)
    assert found["value"] * 75_000 == pytest.approx(39_000, abs=1e-6)
    even = 60_000 / 75_000 / 110
    assert even == pytest.approx(0.0072727, abs=1e-7)
    assert prospect(even)["value"] == pytest.approx(0, abs=1e-12)
    assert found["verdict"] == "pursue"
    assert prospect(even * 0.9)["verdict"] == "pass"
