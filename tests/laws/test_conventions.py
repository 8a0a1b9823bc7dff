"""Conventions as laws: write a whole column by another convention, and the figures stay or a warning says why not."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import xlprofit
from tests.laws.models import Tables, models
from tests.needs import takes_minutes
from xlprofit.errors import StoppedError
from xlprofit.results import Results
from xlprofit.vocabulary.measures import MEASURES

pytestmark = takes_minutes

RANDOM = settings.get_profile("laws")

MONEY = {
    "Sales": ("gross_revenue", "discount", "returns", "cogs"),
    "Resources": ("cost",),
    "DirectCosts": ("amount",),
    "Invoices": ("amount",),
    "Balances": ("balance",),
}
COLUMNS = [(table, column) for table, columns in MONEY.items() for column in columns]
DATES = [("Sales", "date"), ("ActivityLog", "date"), ("DirectCosts", "date"), ("Invoices", "issued")]


def run(tables: Tables) -> tuple[Results | None, set[str]]:
    """The results, if any, and the codes of what was found above a note."""
    try:
        results = xlprofit.analyze(tables)
    except StoppedError as error:
        return None, {f.code for f in error.findings if f.severity != "note"}
    return results, {f.code for f in results.findings if f.severity != "note"}


def are_alike(one: Results, other: Results) -> bool:
    scale = max(1.0, float(one.ledger["amount"].abs().sum()))
    return list(one.periods) == list(other.periods) and all(
        np.allclose(one.customers[m], other.customers[m], rtol=1e-9, atol=1e-9 * scale)
        and np.allclose(
            one.pnl(period=True)[m].sort_index(),
            other.pnl(period=True)[m].sort_index(),
            rtol=1e-9,
            atol=1e-9 * scale,
        )
        for m in MEASURES
    )


def same_or_loud(tables: Tables, otherwise: Tables) -> bool:
    """Hold the law, and return whether the figures stayed."""
    first, heard = run(tables)
    second, said = run(otherwise)
    assert first is not None
    same = (
        second is not None
        and list(first.customers.index) == list(second.customers.index)
        and are_alike(first, second)
    )
    assert same or said - heard, (heard, said)
    return same


def rewrite(tables: Tables, places: list[tuple[str, str]], write: Callable[[pd.Series], pd.Series]) -> Tables:
    otherwise = dict(tables)
    for table, column in places:
        if table in otherwise and len(otherwise[table]):
            frame = otherwise[table]
            otherwise[table] = frame.assign(**{column: write(frame[column])})
    return otherwise


# --- signs ---------------------------------------------------------------------------------------------


@RANDOM
@given(models(), st.sampled_from(COLUMNS))
def test_a_column_with_all_signs_turned_gives_the_same(tables: Tables, place: tuple[str, str]) -> None:
    assert same_or_loud(tables, rewrite(tables, [place], lambda column: -column))


@RANDOM
@given(models())
def test_all_money_with_its_sign_turned_gives_the_same(tables: Tables) -> None:
    assert same_or_loud(tables, rewrite(tables, COLUMNS, lambda column: -column))


# --- dates ---------------------------------------------------------------------------------------------


@RANDOM
@given(
    models(), st.sampled_from(DATES), st.sampled_from(["%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m/%d/%Y 0:00"])
)
def test_dates_as_texts_of_one_order_give_the_same_or_are_said(
    tables: Tables, place: tuple[str, str], form: str
) -> None:
    days = tables[place[0]][place[1]] if place[0] in tables else pd.Series(dtype="datetime64[ns]")
    same = same_or_loud(
        tables, rewrite(tables, [place], lambda column: column.dt.strftime(form).astype(object))
    )
    settled = (days.dt.day > 12).any() or (days.dt.day == days.dt.month).all()
    assert same or not settled


def open_in_excel(days: pd.Series, order: str, locale: str) -> pd.Series:
    """What Excel of a country makes of dates as texts: real dates where they are any by its order of day and month."""
    cells: list[object] = []
    for day in days:
        first, second = (day.day, day.month) if order == "d" else (day.month, day.day)
        of_month, month = (first, second) if locale == "d" else (second, first)
        real = month <= 12
        cells.append(
            pd.Timestamp(day.year, month, of_month) if real else f"{first:02}/{second:02}/{day.year}"
        )
    return pd.Series(cells, dtype=object)


@RANDOM
@given(models(), st.sampled_from(DATES), st.sampled_from(["dm", "md", "dd", "mm"]))
def test_dates_that_excel_converted_give_the_same_or_are_said(
    tables: Tables, place: tuple[str, str], how: str
) -> None:
    if place[0] not in tables or not len(tables[place[0]]):
        return
    days = tables[place[0]][place[1]]
    swapped = rewrite(tables, [place], lambda column: open_in_excel(column, how[0], how[1]))
    if how[0] == how[1] or (days.dt.day > 12).any():  # where none is, nothing in the column tells
        same_or_loud(tables, swapped)


# --- marks ---------------------------------------------------------------------------------------------

WRITTEN: dict[str, Callable[[float], str]] = {
    "1.234,50": lambda x: f"{x:,.2f}".translate(str.maketrans(",.", ".,")),
    "1,234.50": lambda x: f"{x:,.2f}",
    "1 234,50": lambda x: f"{x:,.2f}".translate(str.maketrans(",.", "\u00a0,")),
    "1'234.50": lambda x: f"{x:,.2f}".replace(",", "'"),
    "1234,5": lambda x: f"{x:.15g}".replace(".", ","),
    "€ 1,234.50": lambda x: f"€ {x:,.2f}",
    "1.234,50 EUR": lambda x: f"{x:,.2f}".translate(str.maketrans(",.", ".,")) + " EUR",
}


@pytest.mark.parametrize("form", WRITTEN)
@settings(RANDOM, max_examples=max(1, RANDOM.max_examples // 5))
@given(models(), st.data())
def test_money_written_with_other_marks_gives_the_same(
    form: str, tables: Tables, data: st.DataObject
) -> None:
    place = data.draw(st.sampled_from(COLUMNS))
    assert same_or_loud(
        tables, rewrite(tables, [place], lambda column: column.map(WRITTEN[form]).astype(object))
    )


@RANDOM
@given(models(), st.sampled_from([".", ","]))
def test_whole_thousands_give_the_same(tables: Tables, mark: str) -> None:
    whole = rewrite(tables, [("Sales", "gross_revenue")], lambda column: column.round())
    written = rewrite(
        whole,
        [("Sales", "gross_revenue")],
        lambda column: column.map(lambda x: f"{x:,.0f}".replace(",", mark)).astype(object),
    )
    assert same_or_loud(whole, written)


# --- currencies ----------------------------------------------------------------------------------------


@RANDOM
@given(
    models(),
    st.sampled_from([t for t in MONEY if t != "Resources"]),
    st.sampled_from(["USD", "SEK", "£", "XYZ"]),
)
def test_rows_doubled_in_another_currency_change_nothing_and_are_said(
    tables: Tables, table: str, currency: str
) -> None:
    if table not in tables:
        return
    frame = tables[table].assign(Currency="EUR")
    doubled = tables | {table: pd.concat([frame, frame.assign(Currency=currency)], ignore_index=True)}
    results, said = run(doubled)
    first, _ = run(tables)
    assert results is not None and first is not None and are_alike(first, results) and "C14" in said


@RANDOM
@given(models(), st.sampled_from(["Return", "Gutschrift", "Cancelled", "Offert", "Peruttu"]))
def test_sales_doubled_as_what_is_none_change_as_they_should(tables: Tables, word: str) -> None:
    frame = tables["Sales"].assign(Type="Invoice", returns=0.0)
    plain = tables | {"Sales": frame}
    doubled = tables | {"Sales": pd.concat([frame, frame.assign(Type=word)], ignore_index=True)}
    results, said = run(doubled)
    first, _ = run(plain)
    assert results is not None and first is not None and "C23" in said
    times = 0.0 if word in ("Return", "Gutschrift") else 1.0
    assert np.allclose(
        results.customers["net_revenue"], times * first.customers["net_revenue"], rtol=1e-9, atol=1e-6
    )
    if "DirectCosts" not in tables:  # which may be cost of goods too
        assert np.allclose(results.customers["cogs"], times * first.customers["cogs"], rtol=1e-9, atol=1e-6)
