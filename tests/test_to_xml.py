"""The cells of a sheet as XML: each figure comes back as it was, wherever the rows are divided."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from tests.needs import examples
from xlprofit.drawing import to_xml
from xlprofit.drawing.digits import round_number
from xlprofit.drawing.to_openpyxl import NOTE_REACH, draw_outline
from xlprofit.sheets.parts import Cell, Column, Format, Link, Meaning, NumberCells, Sheet, Table, Value

NOISE = 5e-7
ODD = [
    0.0,
    -0.0,
    1e-7,
    -4.9e-7,
    1e-5,
    0.1 + 0.2,
    1e15,
    1e16,
    123456789012.5,
    1e300,
    -1e-300,
    math.nan,
    math.inf,
]

numbers = st.sampled_from(ODD) | st.floats() | st.integers(-(10**15), 10**15)
texts = st.sampled_from(["", "a & b", " x ", "_x000D_", "<v>", "=1+1", "two\nlines", "Å 表"])
values: st.SearchStrategy[Value] = st.none() | st.booleans() | numbers | texts


def sheet_of(columns: Sequence[Sequence[Value]], *, hidden: bool = False) -> Sheet:
    """Describe a sheet with a table of these columns, a formula, links, and cells among the rows."""
    rows = len(columns[0])
    made = [Column(f"c{i}", f"C{i}", column, Format.NUMBER) for i, column in enumerate(columns)]
    made += [
        Column("double", "Double", [2.0] * rows, Format.NUMBER, formula="{c0}*2+SUM({c0},{c0})"),
        Column("led", "Led", ["to"] * rows, links=[Link("Other's", "B2"), None] * rows),
    ]
    first = 4
    return Sheet(
        "Sheet",
        (Cell(1, 1, "Title", Meaning.TITLE), Cell(first + rows // 2, 12, "beside", Meaning.NOTE)),
        (Table("t", first - 1, 2, tuple(made)),),
        heights={first + 1: 30.0},
        hidden=hidden,
    )


def xml_of(sheet: Sheet) -> bytes:
    return b"".join(to_xml.write_sheet_data(draw_outline(sheet, Workbook()), range(1000)))


def come_back(value: Value) -> str | None:
    """Return what a value's cell is to say, by its kind and its content."""
    if isinstance(value, bool):
        return f"b {int(value)}"
    if isinstance(value, str):
        return f"text {value}" if value else None
    if value is None or not math.isfinite(value):
        return None
    return f"number {0.0 if abs(value) < NOISE else round_number(float(value))!r}"


def said(cell: ElementTree.Element) -> str | None:
    text, number = cell.find("is/t"), cell.find("v")
    if text is not None:
        return f"text {text.text or ''}".replace("_x005F_", "_")
    if number is None:
        return None
    return f"b {number.text}" if cell.get("t") == "b" else f"number {float(number.text or '')!r}"


@settings(
    max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.integers(1, 9).flatmap(
        lambda n: st.lists(st.lists(values, min_size=n, max_size=n), min_size=2, max_size=4)
    )
)
@pytest.mark.parametrize("hidden", [False, True])
def test_every_value_comes_back_wherever_the_rows_are_divided(
    monkeypatch: pytest.MonkeyPatch, hidden: bool, columns: list[list[Value]]
) -> None:
    sheet = sheet_of(columns, hidden=hidden)
    whole = xml_of(sheet)
    for at_once in (1, 16, 40):
        with monkeypatch.context() as patched:
            patched.setattr(to_xml, "CELLS_AT_ONCE", at_once)
            patched.setattr(to_xml, "LEAST_ROWS", 1)
            assert xml_of(sheet) == whole
    cells = {cell.get("r"): cell for cell in ElementTree.fromstring(whole).iter("c")}
    for at, column in enumerate(columns):
        for row, value in enumerate(column, 4):
            cell = cells.get(f"{'BCDE'[at]}{row}")
            left_out = hidden and come_back(value) is None and value != ""
            assert (cell is None) == left_out
            assert (None if cell is None else said(cell)) == come_back(value)


def test_rows_and_cells_stand_in_order_and_formulas_name_their_row() -> None:
    tree = ElementTree.fromstring(xml_of(sheet_of([[1.5, None, "x"], [True, 2, 3]])))
    rows = [int(row.get("r", "")) for row in tree]
    assert rows == sorted(set(rows))
    assert [row.get("ht") for row in tree if row.get("r") == "5"] == ["30"]
    assert [cell.get("r") for row in tree if row.get("r") == "5" for cell in row] == [
        *(f"{c}5" for c in "BCDEL")
    ]
    formulas = [cell.findtext("f") for cell in tree.iter("c") if cell.find("f") is not None]
    assert formulas == ["B4*2+SUM(B4,B4)", "B5*2+SUM(B5,B5)", "B6*2+SUM(B6,B6)"]


@pytest.mark.parametrize("hidden", [False, True])
def test_numbers_as_an_array_are_the_cells_that_they_are_as_a_list(hidden: bool) -> None:
    above: list[Value] = ["head", True, None, 3]
    below = [number for number in ODD if number == number]
    column = NumberCells(np.array([*below, math.nan]), above)
    assert list(column) == [*above, *below, None] == [column[at] for at in range(len(column))]
    assert (column[-1], column[2:5], len(column)) == (None, [None, 3, 0.0], len(below) + 5)
    assert xml_of(sheet_of([column], hidden=hidden)) == xml_of(sheet_of([list(column)], hidden=hidden))


def test_rows_are_as_tall_far_below_a_header_as_below_it() -> None:
    sheet = sheet_of([[1.0] * (NOTE_REACH + 50)])
    tall = {5: 30.0, 4 + NOTE_REACH + 20: 45.5}
    for one in (sheet, replace(sheet, tables=(replace(sheet.tables[0], folded=True),))):
        tree = ElementTree.fromstring(xml_of(replace(one, heights=tall)))
        found = {int(row.get("r", "")): float(row.get("ht", "")) for row in tree if row.get("ht")}
        assert found.items() >= tall.items()


def test_no_more_links_are_written_than_excel_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(to_xml, "MOST_LINKS", 4)
    column = Column("a", "A", ["x", "y", "z"], links=[Link("S"), None, Link("S")])
    table = Table(
        "t", 1, 1, (column, replace(column, key="b", header="B"), replace(column, key="c", header="C"))
    )
    found = to_xml.write_body_links(draw_outline(Sheet("T", tables=(table,)), Workbook()))
    assert re.findall(r'ref="([A-Z]+\d+)"', found) == ["A2", "A4", "B2", "B4"]


def test_links_lead_to_cells_of_sheets_with_odd_names() -> None:
    found = to_xml.write_body_links(draw_outline(sheet_of([[1.0, 2.0, 3.0]]), Workbook()))
    links = ElementTree.fromstring(f"<links>{found}</links>")
    assert [link.attrib for link in links] == [
        {"ref": "D4", "location": "'Other''s'!B2"},
        {"ref": "D6", "location": "'Other''s'!B2"},
    ]
