"""One body for every host: the same tables, the same figures in every cell of every result sheet, bit for bit."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import xlprofit
from tests.companies import make_small_demo
from tests.excel.on_server import Server
from tests.hosts.hosts import HOSTS, Case, Outcome, run_frames, run_script
from tests.laws.test_same_results import speak
from tests.needs import few, takes_minutes
from xlprofit.closing import close_period
from xlprofit.sheets import names
from xlprofit.sheets.trends import BLOCKS

Tables = Mapping[str, pd.DataFrame]
EVERY = [*HOSTS, "script"]
COST_TO_SERVE = 7  # its column on the sheet Customer P&L


@cache
def company() -> dict[str, pd.DataFrame]:
    """Return a demo company that the stand-ins for Excel are quick with."""
    return make_small_demo(15, 200, 200)


def run_on(host: str, case: Case, server: Server) -> Outcome:
    return run_script(case, server) if host == "script" else HOSTS[host](case)


def figures_of(outcome: Outcome) -> dict[tuple[str, int, int], Any]:
    """Return every cell of every result sheet, a number as a float whatever it came as."""
    return {
        (name, row, column): float(value)
        if isinstance(value, int | float) and not isinstance(value, bool)
        else value
        for name, cells in outcome.cells.items()
        for (row, column), value in cells.items()
        if name != "xlprofit_previous"
    }


def compare(outcome: Outcome, expected: Outcome) -> None:
    """Assert that what one host shows another shows too; cells whose formula only one of them can tell apart."""
    found, wanted = figures_of(outcome), figures_of(expected)
    assert {name for name, *_ in found} >= {name for name, *_ in wanted}
    both = found.keys() & wanted.keys()
    assert {place: found[place] for place in both} == {place: wanted[place] for place in both}
    drawn = {place for place, value in wanted.items() if isinstance(value, str) and set(value) <= set(BLOCKS)}
    assert wanted.keys() - drawn <= found.keys()  # where others have bars of text, a file has sparklines
    assert len([place for place in both if isinstance(found[place], float)]) > 100


def faulty() -> dict[str, pd.DataFrame]:
    """Return the company with a fault of each kind of cell and of row."""
    tables = dict(company())
    sales = tables["Sales"].astype(object).reset_index(drop=True)
    sales.loc[3, "gross_revenue"] = "12,5O"
    sales.loc[7, "customer"] = None
    sales.loc[9, "date"] = "31.2.2025"
    sales.loc[11, "gross_revenue"] = -5000.0
    tables["Sales"] = pd.concat([sales, sales.tail(1)], ignore_index=True)
    log = tables["ActivityLog"].astype(object).reset_index(drop=True)
    log.loc[5, "activity"] = "Unheard of"
    return {**tables, "ActivityLog": log}


def sourced(folder: Path) -> dict[str, pd.DataFrame]:
    """Return a company whose sales come from a file beside the workbook, other sales standing on its sheet."""
    sales = company()["Sales"][["date", "customer", "gross_revenue", "cogs"]]
    trebled = sales.assign(gross_revenue=sales["gross_revenue"] * 3)
    trebled.to_csv(folder / "sales.csv", index=False, date_format="%Y-%m-%d")
    sources = pd.DataFrame({"table": ["Sales"], "source": ["sales.csv"]})
    return {**company(), "Sales": sales, "Sources": sources}


CASES = ["company", "finnish", "faulty", "sourced", "rows below"]


@pytest.fixture(params=few(CASES, "company", "sourced"), scope="module")
def case(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Case:
    folder = tmp_path_factory.mktemp("case")
    if request.param == "finnish":
        return Case(speak(company(), "fi"), folder)
    if request.param == "faulty":
        return Case(faulty(), folder)
    if request.param == "sourced":
        return Case(sourced(folder), folder)
    if request.param == "rows below":
        return Case(company(), folder, below=3)
    return Case(company(), folder, selected=(names.CUSTOMER_PNL, 9, COST_TO_SERVE))


@pytest.fixture(scope="module")
def expected(case: Case) -> Outcome:
    """Return what the DataFrames come to, as they stand in the folder of the workbook."""
    before = Path.cwd()
    os.chdir(case.folder)
    try:
        return run_frames(case)
    finally:
        os.chdir(before)


@pytest.mark.parametrize("host", EVERY)
def test_every_figure_is_the_same(
    host: str, case: Case, expected: Outcome, server: Server, tmp_path: Path
) -> None:
    assert expected.said == ""
    source = case.folder / "sales.csv"
    if source.exists():
        (tmp_path / "sales.csv").write_bytes(source.read_bytes())
    outcome = run_on(host, Case(case.tables, tmp_path, case.below, case.selected), server)
    if host == "script" and source.exists():
        assert "this Python" in outcome.said
        assert outcome.cells == {}
        return
    assert outcome.said == ""
    if case.below:
        checks = outcome.cells[names.CHECKS]
        row = next(row for (row, column), value in checks.items() if (column, value) == (2, "T04"))
        assert checks[row, 4].startswith("3 rows right below")
        assert any(str(value).startswith("1 column right beside") for value in checks.values())
        for place in [place for place in checks if place[0] >= row]:
            del checks[place]  # DataFrames have no Excel Table
        expected = Outcome({n: cells for n, cells in expected.cells.items() if n != names.CHECKS})
        drop_counts(outcome, expected)
    compare(outcome, expected)


def drop_counts(outcome: Outcome, expected: Outcome) -> None:
    """Leave out what the Dashboard says of how many findings there are, which tells of one more."""
    for cells in (outcome.cells[names.DASHBOARD], expected.cells[names.DASHBOARD]):
        for place in [place for place, value in cells.items() if "warning" in str(value)]:
            del cells[place]


@pytest.mark.parametrize("host", few(EVERY, "file", "excel", "script"))
def test_a_closed_period_is_held_against_every_refresh(host: str, server: Server, tmp_path: Path) -> None:
    """What was closed beside the workbook is found wherever it is open on the user's own computer."""
    tables, period = company(), "2026-03"
    book = xlprofit.new(tmp_path / "book.xlsx", tables)
    close_period(book, period)
    book.unlink()
    sales = tables["Sales"].copy()
    at = sales.index[sales["date"].dt.strftime("%Y-%m") == period][0]
    sales.loc[at, "gross_revenue"] += 250.0
    outcome = run_on(host, Case({**tables, "Sales": sales}, tmp_path), server)
    assert outcome.said == ""
    checks = outcome.cells[names.CHECKS]
    said = [checks[row, 4] for (row, column), value in checks.items() if (column, value) == (2, "M09")]
    if host == "script":
        assert said == []  # it runs elsewhere, where the file is not
    else:
        (only,) = said
        assert "+250.00" in only and period in only


@cache
def refused_of_frames(without: str, selected: tuple[str, int, int] | None) -> str:
    """Return the words in which DataFrames refuse it."""
    tables = {name: frame.head(0) if name == without else frame for name, frame in company().items()}
    return run_frames(Case(tables, Path(), selected=selected)).said


@pytest.mark.parametrize("host", EVERY)
@pytest.mark.parametrize(
    ("without", "selected", "said"),
    [
        ("Sales", None, "no sales lines"),
        pytest.param("", (names.DECISIONS, 7, 8), "Effect of ending", marks=takes_minutes),
        pytest.param("", (names.TRENDS, 7, 5), "At today's level", marks=takes_minutes),
    ],
)
def test_what_is_refused_is_refused_in_the_same_words(
    host: str,
    without: str,
    selected: tuple[str, int, int] | None,
    said: str,
    server: Server,
    tmp_path: Path,
) -> None:
    tables = {name: frame.head(0) if name == without else frame for name, frame in company().items()}
    outcome = run_on(host, Case(tables, tmp_path, selected=selected), server)
    expected = refused_of_frames(without, selected)
    assert said in expected
    assert expected in outcome.said
    assert names.EXPLANATION not in outcome.cells
