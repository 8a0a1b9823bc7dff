"""Cells and columns that few workbooks have: what is read of them, and what is said of what is not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest

import xlprofit
from xlprofit.errors import StoppedError
from xlprofit.findings import Finding
from xlprofit.reading import cells, dates
from xlprofit.reading.content import can_fit_column, inspect_column, is_dated, is_numeric
from xlprofit.reading.conventions.dates import detect_swapped_dates
from xlprofit.reading.conventions.documents import MOST_WORDS
from xlprofit.reading.faults import Trouble
from xlprofit.tables import SETTINGS, ColumnSpec

DAY, AMOUNT, MONTH = (
    ColumnSpec(*said, "") for said in (("day", "date"), ("amount", "number"), ("p", "period"))
)


def read(values: Any, spec: ColumnSpec, **said: Any) -> cells.Reading:
    series = values if isinstance(values, pd.Series) else pd.Series(values, dtype=object)
    return cells.read_column_cells(series, cells.build_reader(spec, "EUR", **said))


# --- single cells --------------------------------------------------------------------------------------


FAR, LONG_AGO = (pd.Timestamp(np.datetime64(said, "s")) for said in ("20000-02-03", "-3000-02-03"))
"""Days that Python's own dates do not reach."""


def test_a_day_past_pythons_own_is_in_doubt_and_the_others_are_read() -> None:
    near = dt.datetime(2024, 3, 1, 23, 59)
    found = read([near, FAR, LONG_AGO], DAY)
    assert (found.values[0], list(found.trouble_at)) == (np.datetime64("2024-03-01"), [1, 2])
    still = read([near, FAR], DAY, open_ended=True)
    assert (list(still.blank), list(still.trouble_at)) == ([False, True], [])


class Silent:
    """A value of another library, which cannot say what it is."""

    def __str__(self) -> str:
        raise RuntimeError("no")


def test_a_value_that_cannot_say_what_it_is_is_named_by_its_class() -> None:
    found = read([1.0, Silent(), Decimal("sNaN"), 10**400], AMOUNT)
    assert (found.values[0], list(found.trouble_at), list(found.blank)) == (
        1.0,
        [1, 3],
        [False, False, True, False],
    )
    assert "Silent" in str(found.troubles[0].what)


@pytest.mark.parametrize("dtype", ["double[pyarrow]", pd.SparseDtype("float64")], ids=str)
def test_columns_of_other_libraries_are_read_cell_by_cell(dtype: Any) -> None:
    found = read(pd.Series([1.5, None, 2.5], dtype=dtype), AMOUNT)
    assert list(found.values[[0, 2]]) == [1.5, 2.5] and list(found.blank) == [False, True, False]


# --- what a column could be ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "numeric"),
    [(["kr 12", "12 kg", "€12", "(5)"], True), (["B2B", "F2", "x 5 m"], False), ([True, False], False)],
)
def test_a_unit_beside_a_number_and_a_name_with_one(values: list[object], numeric: bool) -> None:
    assert is_numeric(inspect_column(pd.Series(values, dtype=object))) is numeric


@pytest.mark.parametrize(
    ("value", "day", "month"),
    [
        (20240131.0, True, False),
        (20241331.0, False, False),
        (202403.0, False, True),
        (2024.0, False, True),
        (1.5, False, False),
        ("31.1.2024", True, True),
        (pd.Period("2024-01"), False, True),
    ],
    ids=str,
)
def test_numbers_that_could_be_days_and_months(value: object, day: bool, month: bool) -> None:
    content = inspect_column(pd.Series([value], dtype=object))
    assert (is_dated(content), can_fit_column(content, MONTH)) == (day, month)


def test_dates_that_read_the_same_when_swapped_bear_no_witness() -> None:
    same = np.array(["2024-01-01", "2024-02-02"], dtype="datetime64[D]")
    assert detect_swapped_dates(same, ["13/02/2024"]) == ""
    late = np.array(["2024-01-20", "2024-02-02"], dtype="datetime64[D]")
    assert detect_swapped_dates(late, ["13/02/2024"]) == ""
    assert detect_swapped_dates(late[:0], ["13/02/2024"]) == ""


# --- whole columns -------------------------------------------------------------------------------------


def check(**columns: Sequence[object]) -> dict[str, Finding]:
    """Return the findings of some sales of one customer by their codes."""
    size = len(next(iter(columns.values())))
    days = [dt.date(2024, 1, 10) + dt.timedelta(days=at) for at in range(size)]
    frame = pd.DataFrame({"date": days, "customer": ["A"] * size, **columns})
    try:
        found = tuple(xlprofit.check({"Sales": frame}))
    except StoppedError as error:
        found = tuple(error.findings)
    return {finding.code: finding for finding in found}


AMOUNTS: list[object] = [1.0, 20.0, 300.0]


@pytest.mark.parametrize(
    "rates",
    [[1.0, 1.085, 0.92], ["1", "1.085", "0.92"], ["1", "1,085", "0,92"], ["1,0", "1,085", "1,085"]],
    ids=str,
)
def test_an_exchange_rate_other_than_one_is_said_however_it_is_written(rates: list[object]) -> None:
    found = check(gross_revenue=AMOUNTS, **{"Exchange rate": rates})
    assert (found["C22"].severity, found["C22"].count) == ("warning", 2)


@pytest.mark.parametrize("rates", [[1.0, 1.0, 1.0], ["1", "2", "3"], ["a", "b", "c"]], ids=str)
def test_a_rate_of_one_and_numbers_of_courses_are_none(rates: list[object]) -> None:
    assert "C22" not in check(gross_revenue=AMOUNTS, **{"Exchange rate": rates})


def test_a_header_and_a_column_of_currencies_that_contradict() -> None:
    revenue = {"Revenue (EUR)": AMOUNTS}
    found = check(**revenue, Currency=["EUR", "USD", "EUR"])
    assert found["C22"].severity == "warning"
    same = check(**revenue, Currency=["EUR", "EUR", "EUR"])
    assert "C22" not in same


@pytest.mark.parametrize(
    "column",
    [{"Currency": ["north", "south", "USD"]}, {"Code": ["EUR", 5, "USD"]}, {"Code": ["AB", "USD", "EUR"]}],
    ids=str,
)
def test_a_column_of_other_words_is_none_of_currencies(column: dict[str, list[object]]) -> None:
    assert {"C14", "C22", "C28"}.isdisjoint(check(gross_revenue=AMOUNTS, **column))


def test_two_currencies_and_none_in_settings_stop_the_work() -> None:
    found = check(gross_revenue=AMOUNTS, Curr=["USD", "GBP", "USD"])
    assert found["C28"].severity == "stop"


@pytest.mark.parametrize(
    ("header", "cells_of", "left_out", "doubted"),
    [
        ("Cancelled", ["no", "yes", "?"], 1, 1),
        ("Cancelled on", [None, dt.date(2024, 3, 1), "soon"], 1, 1),
        ("Cancelled", ["no", "yes", None], 1, 0),
        ("Cancelled", ["no", "no", "?"], 0, 0),
        ("Is active", ["yes", "no", "maybe"], 0, 2),
        ("Is active", ["yes", "yes", "maybe"], 0, 0),
    ],
)
def test_one_word_that_is_neither_yes_nor_no_hides_no_other(
    header: str, cells_of: list[object], left_out: int, doubted: int
) -> None:
    found = check(gross_revenue=AMOUNTS, **{header: cells_of})
    counts = [found[code].count if code in found else 0 for code in ("C23", "C27")]
    assert counts == [left_out, doubted]


def test_headers_that_are_none_near_and_missing() -> None:
    found = check(gross_revenue=AMOUNTS, cogs=[1.0, 1.0, 1.0], **{"": ["x", None, "y"]})
    assert (found["H05"].count, found["H05"].cell) == (2, "E1")
    assert check(gros_revenu=AMOUNTS)["H03"].severity == "stop"
    assert check(a=["x", "y", "z"], b=AMOUNTS)["H03"].cell == "D1"  # which alone could be the revenue


@pytest.mark.parametrize(
    ("columns", "code", "count"),
    [
        ({"customer": ["Test customer", "B", "B"]}, "C27", 1),
        ({"customer": ["Test customer"] * 3}, "C27", 0),
        ({"product": ["Gift card", "Chair", "Chair"]}, "C27", 1),
        ({"product": ["Gift card"] * 3}, "C27", 0),
        ({"Type": ["Credit note", "Invoice", "Invoice"]}, "C23", 1),
        ({"Debit/Credit": ["D", "D", "D"]}, "C27", 0),
        ({"Cancelled": ["yes", "customer", "?"]}, "C23", 0),  # reasons, and no answers
        ({"customer": ["A", "B", "B"], "Is active": ["no", "yes", "yes"]}, "C27", 0),  # said of the customer
        ({"customer": ["A", "A", "B"], "Is active": ["no", "yes", "yes"]}, "C27", 1),
        ({"invoice": ["C17", "18", "19"]}, "C27", 1),
        ({"invoice": ["C17", "C18", "19"]}, "C27", 0),  # the number of every invoice may begin so
    ],
    ids=str,
)
def test_words_that_tell_sales_from_what_is_none(
    columns: dict[str, list[object]], code: str, count: int
) -> None:
    found = check(gross_revenue=AMOUNTS, **columns)
    assert (found[code].count if code in found else 0) == count


def test_a_column_of_very_many_words_tells_no_documents() -> None:
    size = MOST_WORDS + 1
    words: list[object] = [f"Remark {at}" for at in range(size - 1)]
    few = check(gross_revenue=[5.0] * 3, Type=["Credit note", "Invoice", "Invoice"])
    many = check(gross_revenue=[5.0] * size, Type=["Credit note", *words])
    assert "C23" in few and "C23" not in many


@pytest.mark.parametrize("texts", [["1.234", "1,234", "7"], ["1.234,5", "1,234.5", "1.234"]], ids=str)
def test_marks_that_contradict_are_never_read_one_way(texts: list[object]) -> None:
    assert check(gross_revenue=texts)["C02"].count in (1, 2)


def test_settings_of_which_a_column_is_missing_or_a_value_is_blank() -> None:
    sales = pd.DataFrame({"date": [dt.date(2024, 1, 10)], "customer": ["A"], "gross_revenue": [1.0]})

    def analyze(**columns: Sequence[object]) -> xlprofit.Results:
        return xlprofit.analyze({"Sales": sales, "Settings": pd.DataFrame(columns)})

    assert analyze(setting=["currency", "start"], value=["SEK", None]).inputs.settings.currency == "SEK"
    found = analyze(setting=["start"], value=["next week"])
    (told,) = (finding for finding in found.findings if finding.code == "S02")
    assert told.severity in ("error", "warning") and found.inputs.settings.currency == "EUR"
    with pytest.raises(StoppedError):
        analyze(setting=["currency"])


@pytest.mark.parametrize(
    ("period", "label"),
    [
        (pd.Period("2024-03-05", "D"), "2024-03"),
        (pd.Period("2024-03-05 10:00", "h"), "2024-03"),
        (pd.Period("2024Q2", "Q"), "2024-Q2"),
        (pd.Period("2024", "Y"), "2024"),
        (pd.Period("2024-03-05", "W"), None),
        (pd.Period("0900-03", "M"), None),
    ],
    ids=str,
)
def test_a_period_of_another_library_is_its_month_quarter_or_year(
    period: pd.Period, label: str | None
) -> None:
    found = dates.parse_period(period)
    assert found == label if label else isinstance(found, Trouble)


@pytest.mark.parametrize("text", ["00/05/2024", "05/00/2024"])
def test_a_day_that_is_none_either_way_round_is_none(text: str) -> None:
    assert isinstance(dates.parse_day(text), Trouble)
    assert dates.parse_day("05/06/2024", "month") == np.datetime64("2024-05-06")


def test_a_unit_of_money_on_a_column_of_none_is_no_such_column() -> None:
    customers: dict[str, Sequence[object]] = {"Customer (EUR)": ["B", "C", "D"]}
    assert check(gross_revenue=AMOUNTS, **customers).keys().isdisjoint({"H02", "H08"})
    assert check(**{"Revenue ( , )": AMOUNTS})["H03"].severity == "stop"


def test_aliases_without_their_customers_stop_the_work() -> None:
    sales = pd.DataFrame({"date": [dt.date(2024, 1, 10)], "customer": ["A"], "gross_revenue": [1.0]})
    with pytest.raises(StoppedError) as caught:
        xlprofit.analyze({"Sales": sales, "Aliases": pd.DataFrame({"id": ["a", "b"]})})
    assert "H03" in {finding.code for finding in caught.value.findings}


def test_a_setting_that_cannot_be_read_says_what_is_taken_instead() -> None:
    name, setting = next((n, s) for n, s in SETTINGS.items() if s.kind == "share" and s.default is not None)
    sales = pd.DataFrame({"date": [dt.date(2024, 1, 10)], "customer": ["A"], "gross_revenue": [1.0]})
    said = pd.DataFrame({"setting": [name], "value": ["much"]})
    found = xlprofit.analyze({"Sales": sales, "Settings": said})
    (told,) = (finding for finding in found.findings if finding.code == "S02")
    assert told.severity in ("warning", "error")
    assert getattr(found.inputs.settings, name) == setting.default
