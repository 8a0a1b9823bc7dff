"""Laws that hold whatever stands in a cell: a table with anything in it gives figures that add up, or says why not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import xlprofit
from tests.laws.models import Tables, models
from tests.laws.test_invariants import RANDOM
from tests.test_checks import CELLS
from xlprofit.drawing.to_text import render_sheet_text
from xlprofit.errors import StoppedError
from xlprofit.results import Results
from xlprofit.sheets import book
from xlprofit.vocabulary.lines import Line
from xlprofit.words.sheets import say_sheets

MONEY = ("gross_revenue", "discount", "returns", "cogs")

STRAYS = st.lists(st.tuples(st.integers(0, 2**16), CELLS), min_size=1, max_size=8)
"""Cells that stand where others belong: each with a number that says where."""


def spoilt(tables: Tables, strays: list[tuple[int, object]]) -> Tables:
    """The tables with some cells replaced; in most examples those of the sales."""
    found = dict(tables)
    names = ["Sales", *(name for name, frame in tables.items() if len(frame))]
    for place, cell in strays:
        name = names[place % len(names)]
        columns = {column: list(values) for column, values in found[name].items()}
        rows = len(found[name])
        at = (place // len(names)) % (rows * len(columns))
        columns[list(columns)[at // rows]][at % rows] = cell
        found[name] = pd.DataFrame({c: pd.Series(values, dtype=object) for c, values in columns.items()})
    return found


def total(results: Results) -> float:
    """All revenue less all cost that was read, and the terms of credit, commissions and priced activities."""
    inputs, ledger = results.inputs, results.ledger
    sales = inputs["Sales"][list(MONEY)].sum()
    own = ledger["line"].isin([Line.COMMISSION, Line.FINANCING, Line.EXPECTED_LOSS])
    by_unit = results.equations.query("unit_cost.notna()")["row"]
    priced = (ledger["source_table"] == "Activities") & ledger["source_row"].isin(by_unit)
    derived = float(ledger.loc[own | priced, "amount"].sum())
    costs = inputs["Resources"]["cost"].sum() + inputs["DirectCosts"]["amount"].sum()
    return float(2 * sales["gross_revenue"] - sales.sum() - costs) + derived


@RANDOM
@given(models(), STRAYS)
def test_whatever_stands_in_the_cells_the_figures_add_up(
    tables: Tables, strays: list[tuple[int, object]]
) -> None:
    given_tables = spoilt(tables, strays)
    try:
        results = xlprofit.analyze(given_tables)
    except StoppedError as error:
        assert any(finding.severity == "stop" for finding in error.findings)
        return
    amounts = results.ledger["amount"]
    assert np.isfinite(amounts).all()
    scale = amounts.abs().sum() + results.inputs["Sales"][list(MONEY)].abs().to_numpy().sum()
    assert amounts.sum() == pytest.approx(total(results), rel=1e-9, abs=1e-9 * scale)
    told = [f for f in results.findings if f.sheet == "Sales"]
    left = sum(f.count for f in told if f.severity == "error" or f.code == "S06")  # or outside the span
    assert len(results.inputs["Sales"]) + left >= len(given_tables["Sales"])  # no row goes without a word


@settings(RANDOM, max_examples=max(2, RANDOM.max_examples // 4))
@given(models(), STRAYS)
def test_whatever_stands_in_the_cells_every_sheet_is_drawn(
    tables: Tables, strays: list[tuple[int, object]]
) -> None:
    try:
        results = xlprofit.analyze(spoilt(tables, strays))
    except StoppedError:
        return
    drawn = [render_sheet_text(sheet) for sheet in say_sheets(book.describe_result_sheets(results), "en")]
    assert len(drawn) >= 11 and all(drawn)
