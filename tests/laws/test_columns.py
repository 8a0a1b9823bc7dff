"""The law of columns: under a header that nobody knows, a column changes no figure, or a finding names it loudly."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import xlprofit
from tests.companies import make_small_demo
from tests.laws.models import Tables, models
from tests.needs import takes_minutes
from xlprofit import samples
from xlprofit.errors import StoppedError
from xlprofit.findings import Finding
from xlprofit.results import Results
from xlprofit.tables import TABLES

UNKNOWN = "Xyzzy"

RANDOM = settings.get_profile("laws")


@cache
def company(name: str) -> Tables:
    """Return a trade, or a small demo company, whose confidence is simulated in few runs."""
    small = name == "demo"
    tables = make_small_demo(40, 400, 400) if small else dict(samples.tables(name))
    given = tables["Settings"][tables["Settings"]["setting"] != "simulations"]
    few = pd.DataFrame({"setting": ["simulations"], "value": [20]})
    return tables | {"Settings": pd.concat([given, few], ignore_index=True)}


def figures(results: Results) -> dict[str, pd.DataFrame]:
    return {
        "ledger": results.ledger,
        "customers": results.customers,
        "decisions": results.decisions,
        "prospects": results.prospects,
        "credit": results.credit,
        "capacity": results.capacity,
        "tie-out": results.tie_out,
    }


@cache
def figures_of(name: str) -> dict[str, pd.DataFrame]:
    return figures(xlprofit.analyze(company(name)))


def without(tables: Tables, table: str, column: str) -> Tables:
    """Return what the tables are to be compared with where one column of a table is not known.

    A product only tells apart what a customer's amounts are made of: without it there is none to tell apart.
    """
    if column != "product":
        return tables
    return {**tables, table: tables[table].drop(columns=column)}


def analyze_in_silence(tables: Tables) -> Results | None:
    """Return the results, or none where a finding names the column loudly."""
    try:
        results = xlprofit.analyze(tables)
    except StoppedError as error:
        if is_loud(error.findings):
            return None
        raise AssertionError([str(f) for f in error.findings]) from error
    return None if is_loud(results.findings) else results


def is_loud(findings: Iterable[Finding]) -> bool:
    return any(UNKNOWN in f.what for f in findings if f.severity != "note")


WHOLE = [("demo", table) for table in TABLES]
WHOLE += [
    (name, table) for name in samples.TRADES for table in TABLES if table not in ("Customers", "Prospects")
]
QUICK = {("services", "Activities")}


@pytest.mark.parametrize(
    ("name", "table"),
    [pytest.param(*case, marks=() if case in QUICK else takes_minutes) for case in WHOLE],
)
def test_a_column_under_an_unknown_header_changes_no_figure_in_silence(name: str, table: str) -> None:
    tables = company(name)
    for column in tables[table].columns if len(tables[table]) else ():
        silent = analyze_in_silence({**tables, table: tables[table].rename(columns={column: UNKNOWN})})
        if silent is None:
            continue
        before = figures_of(name)
        if column == "product":
            before = figures(xlprofit.analyze(without(tables, table, column)))
        for what, frame in figures(silent).items():
            expected = before[what]
            pd.testing.assert_frame_equal(frame, expected, check_exact=True, obj=f"{column}: {what}")


@RANDOM
@given(models(), st.data())
def test_so_it_is_in_any_model(tables: Tables, data: st.DataObject) -> None:
    table = data.draw(st.sampled_from(sorted(name for name, frame in tables.items() if len(frame))))
    column = data.draw(st.sampled_from([str(header) for header in tables[table].columns]))
    silent = analyze_in_silence({**tables, table: tables[table].rename(columns={column: UNKNOWN})})
    if silent is None:
        return
    before = figures(xlprofit.analyze(without(tables, table, column)))
    for what, frame in figures(silent).items():
        pd.testing.assert_frame_equal(frame, before[what], check_exact=True, obj=f"{table}.{column}: {what}")


@pytest.mark.parametrize("name", ["demo", *samples.TRADES])
def test_columns_of_ones_own_beside_a_complete_table_are_no_finding(name: str) -> None:
    tables = {
        table: frame.assign(Xyzzy=range(len(frame)), Plugh="a word", Frotz=pd.Timestamp("2025-06-30"))
        for table, frame in company(name).items()
        if len(frame)
    }
    codes = {found.code for found in xlprofit.check(tables)}
    assert not codes & {"H01", "H02", "H03", "H04", "H06", "H07", "H08", "H09"}


@pytest.mark.parametrize("name", ["services", pytest.param("demo", marks=takes_minutes)])
def test_a_product_splits_amounts_and_changes_none(name: str) -> None:
    tables = {t: frame for t, frame in company(name).items() if t != "Commissions"}
    split, whole = xlprofit.analyze(tables), xlprofit.analyze(without(tables, "Sales", "product"))
    assert (split.ledger["product"] != "").any()
    assert (whole.ledger["product"] == "").all()
    pd.testing.assert_frame_equal(split.pnl(period=True), whole.pnl(period=True), rtol=1e-12, atol=1e-9)
    pd.testing.assert_series_equal(split.company["total"], whole.company["total"], rtol=1e-12, atol=1e-9)
    assert list(split.decisions["verdict"]) == list(whole.decisions["verdict"])
