"""A long sheet read by its columns gives what reading it cell by cell gives, or is left to that reader."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xlsxwriter  # type: ignore[import-untyped]  # it ships no types
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import xlprofit
from tests.needs import examples
from xlprofit.ooxml import columns, read

DAY, MOMENT, SHARE, MONEY = "yyyy-mm-dd", "yyyy-mm-dd hh:mm", "0.0 %", "#,##0.00 €"

numbers = st.floats(-1e9, 1e9).map(lambda n: round(n, 4)) | st.integers(-(10**6), 10**6)
days = st.dates(dt.date(1900, 1, 1), dt.date(9999, 12, 31))
moments = st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(2199, 1, 1)).map(
    lambda m: m.replace(microsecond=0)
)
texts = st.sampled_from(
    ["00123", "1,5", "12", "1e5", "NA", "nan", "NaN", "inf", "TRUE", "false", "#N/A", "2024-01-31", "12,5O"]
) | st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=12)
KINDS: dict[str, st.SearchStrategy[Any]] = {
    "number": numbers,
    "day": days,
    "moment": moments,
    "text": texts,
    "flag": st.booleans(),
    "error": st.sampled_from(["#N/A", "#DIV/0!", "#REF!"]).map(lambda code: ("error", code)),
    "uncalculated": st.just(("formula", "")),
    "time": st.times().map(lambda t: t.replace(microsecond=0)),
}
FORMATS = st.sampled_from(["", SHARE, MONEY])


@st.composite
def column(draw: st.DrawFn) -> tuple[str, list[Any]]:
    """Draw a column's number format and its cells: most often all of one kind, some of them blank."""
    kinds = draw(
        st.sampled_from([[k] for k in KINDS] * 3 + [["number", "text"], ["day", "number"], list(KINDS)])
    )
    cells = st.one_of(*[KINDS[kind] for kind in kinds])
    blank = draw(st.booleans())
    return draw(FORMATS), draw(st.lists(cells | st.none() if blank else cells, min_size=1, max_size=12))


def _written(path: Path, found: list[tuple[str, list[Any]]], *, table: bool, since_1904: bool) -> None:
    with xlsxwriter.Workbook(path, {"date_1904": since_1904}) as book:
        sheet = book.add_worksheet("Sales")
        headers = ["date", "customer", *[f"own{i}" for i in range(len(found) - 2)]]
        formats = {f: book.add_format({"num_format": f}) for f in (DAY, MOMENT, SHARE, MONEY, "hh:mm")}
        height = max(len(cells) for _, cells in found)
        if table:
            head = {"name": "Sales", "columns": [{"header": header} for header in headers]}
            sheet.add_table(0, 0, height, len(headers) - 1, head)
        sheet.write_row(0, 0, headers)
        for at, (form, cells) in enumerate(found):
            for row, cell in enumerate(cells, 1):
                if isinstance(cell, tuple):
                    sheet.write_formula(row, at, "=1+1", None, cell[1])
                elif isinstance(cell, bool):
                    sheet.write_boolean(row, at, cell)
                elif isinstance(cell, dt.datetime):
                    sheet.write_datetime(row, at, cell, formats[MOMENT])
                elif isinstance(cell, dt.date):
                    sheet.write_datetime(row, at, cell, formats[DAY])
                elif isinstance(cell, dt.time):
                    sheet.write_datetime(row, at, cell, formats["hh:mm"])
                elif isinstance(cell, int | float):
                    sheet.write_number(row, at, cell, formats.get(form))
                elif cell is not None:
                    sheet.write_string(row, at, cell)


def _plain(cell: Any) -> tuple[str, Any]:
    """Return a cell as its kind and its value, the same for whatever holds it."""
    if cell is None or cell is pd.NaT or (isinstance(cell, float | np.floating) and np.isnan(cell)):
        return "blank", None
    if isinstance(cell, str):
        return ("text", cell) if cell.strip() else ("blank", None)
    if isinstance(cell, bool | np.bool_):
        return "flag", bool(cell)
    if isinstance(cell, int | float | np.number):
        return "number", float(cell)
    if isinstance(cell, pd.Timestamp | np.datetime64 | dt.datetime):
        moment = pd.Timestamp(cell).to_pydatetime()
        return "moment", moment
    if isinstance(cell, dt.date):
        return "moment", dt.datetime(cell.year, cell.month, cell.day)
    return type(cell).__name__, cell


def _read(
    path: Path, monkeypatch: pytest.MonkeyPatch, long: int
) -> tuple[list[str], list[list[tuple[str, Any]]]]:
    with monkeypatch.context() as patched:
        patched.setattr(read, "LONG", long)
        raw = read.read_input_tables(path)["Sales"]
    cells = [[_plain(cell) for cell in raw.frame.iloc[:, at].tolist()] for at in range(raw.frame.shape[1])]
    return list(raw.frame.columns), cells


@settings(
    max_examples=examples(150), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(column(), min_size=2, max_size=5), st.booleans(), st.booleans())
def test_both_readers_give_the_same(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    found: list[tuple[str, list[Any]]],
    table: bool,
    since_1904: bool,
) -> None:
    if since_1904:
        found = [
            (f, [c for c in cells if not isinstance(c, dt.date) or c.year >= 1904]) for f, cells in found
        ]
        found = [(f, cells or [None]) for f, cells in found]
    path = tmp_path / "book.xlsx"
    _written(path, found, table=table, since_1904=since_1904)
    assert _read(path, monkeypatch, 0) == _read(path, monkeypatch, 1 << 40)


def test_plain_columns_are_read_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What makes it fast is not lost: numbers, days, texts, flags and blanks need no reader of single cells."""
    path = tmp_path / "book.xlsx"
    found: list[tuple[str, list[Any]]] = [
        ("", [dt.date(2024, 1, 31), dt.date(2024, 2, 29), None]),
        ("", ["00123", "B", None]),
        (SHARE, [0.125, None, 3]),
        ("", [True, False, None]),
        ("", [None, None, None]),
    ]
    _written(path, found, table=True, since_1904=False)
    raws: list[columns.Columns | None] = []
    original = columns.Book.read

    def watched(*given: Any, **more: Any) -> columns.Columns | None:
        raws.append(original(*given, **more))
        return raws[-1]

    monkeypatch.setattr(columns.Book, "read", watched)
    names, cells = _read(path, monkeypatch, 0)
    assert len(raws) == 1
    assert raws[0] is not None
    assert names == ["date", "customer", "own0", "own1", "own2"]
    assert cells[1] == [("text", "00123"), ("text", "B"), ("blank", None)]
    assert cells[2] == [("number", 0.125), ("blank", None), ("number", 3.0)]


@pytest.mark.parametrize("wrong", ["12,5O", ("error", "#DIV/0!"), True])
def test_one_odd_cell_among_many_is_found_as_in_a_short_sheet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrong: Any
) -> None:
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Sales")
        sheet.write_row(0, 0, ["date", "customer", "gross_revenue", "cogs"])
        for row in range(1, 200):
            sheet.write_datetime(row, 0, dt.date(2024, 1, 31), book.add_format({"num_format": DAY}))
            sheet.write_row(row, 1, [f"C{row % 7}", 10.0, 6.0])
        if isinstance(wrong, tuple):
            sheet.write_formula(150, 2, "=1/0", None, wrong[1])
        else:
            sheet.write(150, 2, wrong)
    told = []
    for long in (0, 1 << 40):
        monkeypatch.setattr(read, "LONG", long)
        told.append([(f.code, f.sheet, f.cell, f.what) for f in xlprofit.check(path)])
    assert told[0] == told[1]
    assert any(cell == "C151" for _, _, cell, _ in told[0])


@pytest.mark.parametrize("header", ["", "note"])
def test_a_column_right_beside_an_excel_table_is_left_to_the_other_reader_where_it_is_headed(
    tmp_path: Path, header: str
) -> None:
    """Whether it belongs to the table is not for this reader to say; without a header it is none of the table's."""
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Sales")
        sheet.add_table(0, 0, 3, 1, {"columns": [{"header": "customer"}, {"header": "cogs"}]})
        for row in range(1, 4):
            sheet.write_row(row, 0, [f"C{row}", float(row), "beside"])
        if header:
            sheet.write_string(0, 2, header)
    found = columns.Book(path).read("Sales", 1, 4, range(1, 3))
    assert (found and found.headers) == (None if header else ("customer", "cogs"))
