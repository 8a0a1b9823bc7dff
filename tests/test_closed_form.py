"""The closed forms: what the model works out for columns is what a formula in a cell gives, to the last digit."""

from __future__ import annotations

import ast
import doctest
import math
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import xlprofit
from xlprofit import closed_form, formulas
from xlprofit.analysis.lifetime import find_multiples
from xlprofit.analysis.whale import draw_curve

SHARES = st.floats(0, 1)
RATES = st.floats(-0.5, 2)
YEARS = st.one_of(st.floats(0, 80), st.integers(0, 40).map(float))
MONEY = st.floats(-1e9, 1e9).map(lambda value: round(value, 2))


@given(st.lists(st.tuples(SHARES, RATES, YEARS), min_size=1, max_size=8), st.sampled_from(["start", "end"]))
def test_lifetime(rows: list[tuple[float, float, float]], timing: str) -> None:
    retention, discount, years = (np.array(column) for column in zip(*rows, strict=True))
    of_model = find_multiples(retention, discount, years, "start" if timing == "start" else "end")
    for found, (kept, rate, count) in zip(of_model.tolist(), rows, strict=True):
        assert formulas.lifetime_value(1.0, kept, rate, count, timing) == found
        q = kept / (1.0 + rate)
        powers = [q**t for t in range(math.floor(count) + 1)]
        law = math.fsum(powers[:-1]) + (count - math.floor(count)) * powers[-1]
        assert found == pytest.approx(law if timing == "start" else law * q, rel=1e-9)


@given(SHARES, RATES)
def test_lifetime_without_end(retention: float, discount: float) -> None:
    of_model = float(find_multiples(retention, discount, math.inf))
    of_cell = formulas.lifetime_value(1.0, retention, discount)
    if isinstance(of_cell, float):
        assert of_cell == of_model
    else:
        assert isinstance(of_cell, formulas.FormulaError)
        assert math.isnan(of_model)


@given(st.lists(MONEY, min_size=1, max_size=30))
def test_the_whale_curve(profits: list[float]) -> None:
    names = [f"C{place:02d}" for place in range(len(profits))]
    curve = draw_curve(pd.Series(profits, index=names))
    table = formulas.whale_curve([list(pair) for pair in zip(names, profits, strict=True)])
    assert isinstance(table, list)
    shown = (
        curve.reset_index()
        .astype(object)
        .fillna("")[["rank", "index", "profit", "cumulative", "cumulative_share"]]
    )
    assert table[1:] == shown.to_numpy(dtype=object).tolist()
    rounding = 1e-14 * math.fsum(map(abs, profits)) * len(profits)
    assert abs(curve["cumulative"].iloc[-1] - math.fsum(profits)) <= rounding


@given(st.floats(1, 1e9), st.floats(1, 1e6), st.floats(0.1, 1))
def test_the_capacity_cost_rate(cost: float, capacity: float, practical: float) -> None:
    day = pd.Timestamp("2024-01-15")
    tables = {
        "Sales": pd.DataFrame({"date": [day], "customer": ["A"], "gross_revenue": [1.0]}),
        "Resources": pd.DataFrame(
            {"resource": ["R"], "cost": [cost], "capacity": [capacity], "practical": [practical]}
        ),
    }
    rate = xlprofit.analyze(tables).rates.loc["R"].iloc[0]
    assert rate == formulas.capacity_rate(cost, capacity, practical)


@given(st.floats(0, 1e9), st.integers(1, 3650), st.floats(0, 1))
def test_the_cost_of_a_receivable(amount: float, days: int, rate: float) -> None:
    of_cell = formulas.receivable_cost(amount, days, rate)
    # The ledger has the units (money × days) and what each costs.
    of_ledger = amount * days * closed_form.find_financing(1.0, 1.0, rate)
    assert of_cell == closed_form.find_financing(amount, float(days), rate)
    assert of_ledger == pytest.approx(of_cell, rel=1e-14, abs=1e-300)


def test_the_examples_run() -> None:
    assert doctest.testmod(closed_form).failed == 0


def test_it_needs_the_standard_library_alone() -> None:
    package = Path(str(closed_form.__file__)).parent
    for path in (package / "closed_form.py", *package.glob("vocabulary/*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 8))):
            if isinstance(node, ast.Import):
                assert {alias.name.split(".")[0] for alias in node.names} <= sys.stdlib_module_names
            elif isinstance(node, ast.ImportFrom):
                assert str(node.module).split(".")[0] in sys.stdlib_module_names


def test_a_cost_as_the_sheets_write_it_is_refused_and_not_added() -> None:
    """The ledger and the sheet Outlook have costs below 0: taken off, such a cost would raise the value."""
    for answer in (
        formulas.lifetime_value(1_000, 0.8, 0.1, 3, acquisition_cost=-100),
        formulas.prospect_value(0.5, 1_000, 0.8, 0.1, pursuit_cost=-100),
    ):
        assert isinstance(answer, formulas.FormulaError)
        assert answer.code == "#NUM!"
    assert formulas.lifetime_value(1_000, 0.8, 0.1, 3, acquisition_cost=0) == formulas.lifetime_value(
        1_000, 0.8, 0.1, 3
    )
