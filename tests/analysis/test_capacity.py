"""Resources by period: shorter and longer than the model's periods, and partly outside the span."""

from __future__ import annotations

import pandas as pd
import pytest

import xlprofit


def _tables(period: str, rows: list[tuple[str, float, float]]) -> dict[str, pd.DataFrame]:
    return {
        "Settings": pd.DataFrame(
            {"setting": ["period", "start", "end"], "value": [period, "2024-01-01", "2024-06-30"]}
        ),
        "Sales": pd.DataFrame({"date": ["2024-02-01"], "customer": ["A"], "revenue": [100]}),
        "Resources": pd.DataFrame(
            [("desk", cost, capacity, p) for p, cost, capacity in rows],
            columns=["resource", "cost", "capacity", "period"],
        ),
    }


def test_months_add_up_to_quarters() -> None:
    results = xlprofit.analyze(_tables("quarter", [(f"2024-0{m}", 100, 10) for m in range(1, 7)]))
    assert results.capacity_by_period["cost"].tolist() == pytest.approx([300, 300])
    assert results.capacity_by_period["supplied"].tolist() == pytest.approx([30, 30])


def test_a_quarter_is_spread_over_its_months() -> None:
    results = xlprofit.analyze(_tables("month", [("2024-Q1", 300, 30), ("2024-Q2", 600, 30)]))
    assert results.capacity_by_period["cost"].tolist() == pytest.approx([100] * 3 + [200] * 3)


def test_what_falls_outside_the_span_is_left_out() -> None:
    results = xlprofit.analyze(_tables("month", [("2024", 1_200, 120)]))
    assert results.capacity.loc["desk", "cost"] == pytest.approx(600)
    assert results.capacity.loc["desk", "idle_cost"] == pytest.approx(600)
