"""Closing: a period that is closed is held against every later run, and what changed it is named."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import xlprofit
from tests.companies import Tables
from xlprofit import samples
from xlprofit.closed_periods import name_closed_file, read_closed
from xlprofit.closing import close_period
from xlprofit.errors import UnknownNameError, XlprofitError


def list_closed(path: Path) -> list[xlprofit.Finding]:
    return [f for f in xlprofit.check(path) if f.code in ("M09", "M10")]


@pytest.fixture
def trade() -> Tables:
    return dict(samples.tables("wholesale", str))


def make_book(folder: Path, tables: Tables, name: str = "book.xlsx") -> Path:
    path = folder / name
    path.unlink(missing_ok=True)
    return xlprofit.new(path, tables)


def test_what_is_kept_is_the_ledger_of_the_period(tmp_path: Path, trade: Tables) -> None:
    book = make_book(tmp_path, trade)
    path, results = close_period(book, "2025-03")
    assert path == name_closed_file(book, "2025-03")
    closed = read_closed(path)
    ledger = results.ledger[(results.ledger["period"] == "2025-03").to_numpy()]
    assert closed.ledger["amount"].sum() == pytest.approx(ledger["amount"].sum())
    assert set(closed.rates) <= set(results.rates.index)
    assert list_closed(book) == []


def test_another_amount_in_it_is_told_with_its_figures_and_its_table(tmp_path: Path, trade: Tables) -> None:
    book = make_book(tmp_path, trade)
    close_period(book, "2025-03")
    sales = trade["Sales"].copy()
    at = sales.index[sales["date"].dt.strftime("%Y-%m") == "2025-03"][0]
    sales.loc[at, "gross_revenue"] += 250.0
    make_book(tmp_path, trade | {"Sales": sales})
    (found,) = list_closed(book)
    assert (found.code, found.severity, found.variant) == ("M09", "warning", "M09.changed")
    assert "gross_revenue +250.00" in str(found) and "Sales" in str(found.figures["why"])
    assert found.figures["n"] == 1
    refreshed = xlprofit.refresh(book)
    assert "M09" in {f.code for f in refreshed.results.findings}
    close_period(book, "2025-03", anew=True)
    assert list_closed(book) == []


def test_another_period_leaves_it_alone(tmp_path: Path, trade: Tables) -> None:
    book = make_book(tmp_path, trade)
    close_period(book, "2025-03")
    sales = trade["Sales"].copy()
    at = sales.index[sales["date"].dt.strftime("%Y-%m") == "2025-04"][0]
    sales.loc[at, "gross_revenue"] += 250.0
    make_book(tmp_path, trade | {"Sales": sales.sample(frac=1, random_state=1)})
    assert list_closed(book) == []


def test_another_rate_of_it_is_told(tmp_path: Path, trade: Tables) -> None:
    book = make_book(tmp_path, trade)
    close_period(book, "2025-03")
    resources = trade["Resources"].copy()
    resources["cost"] = resources["cost"] * 1.1
    make_book(tmp_path, trade | {"Resources": resources})
    (found,) = list_closed(book)
    assert "Resources" in str(found.figures["why"]) and "a unit of" in str(found.figures["why"])


def test_a_closed_period_is_closed_once(tmp_path: Path, trade: Tables) -> None:
    book = make_book(tmp_path, trade)
    close_period(book, "2025-03")
    with pytest.raises(XlprofitError, match="closed already"):
        close_period(book, "2025-03")
    for period in ("2019-03", "2025-13", "2025-00", "0000"):
        with pytest.raises(UnknownNameError):
            close_period(book, period)


def test_a_damaged_file_is_told(tmp_path: Path, trade: Tables) -> None:
    book = make_book(tmp_path, trade)
    path, _results = close_period(book, "2025-03")
    path.write_bytes(b"no parquet")
    assert [f.code for f in list_closed(book)] == ["M10"]
    pd.DataFrame({"a": [1]}).to_parquet(path)
    assert [f.code for f in list_closed(book)] == ["M10"]
