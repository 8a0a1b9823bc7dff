"""Reading tables out of workbooks: types, places, and everything a file can be that it should not be."""

from __future__ import annotations

import datetime as dt
import os
import time
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.utils import column_index_from_string
from openpyxl.worksheet.table import Table

import xlprofit
from tests.bad_input.unreadable import UNREADABLE, write_unreadable
from tests.figures import read_names
from tests.needs import examples
from tests.refusals import figures_of
from xlprofit.errors import FileError
from xlprofit.messages import Message
from xlprofit.ooxml import package
from xlprofit.ooxml.marks import UNCALCULATED, find_sheet_marks
from xlprofit.ooxml.read import find_further_sheets, read_input_tables
from xlprofit.tables import TABLES, header_key

Change = Callable[[bytes], bytes]
SHEET = "xl/worksheets/sheet1.xml"


def change(path: Path, changes: Mapping[str, Change]) -> Path:
    """Change parts of a workbook in place, byte by byte."""
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    for name, change_part in changes.items():
        parts[name] = change_part(parts.get(name, b""))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in parts.items():
            book.writestr(name, content)
    return path


def with_cells(path: Path, xml: str, row: int = 2) -> Path:
    """Make a workbook whose Sales sheet has two headers and, in one row, the given cells."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Sales"
    sheet.append(["date", "customer", "gross_revenue"])
    book.save(path)
    added = f'<row r="{row}">{xml}</row></sheetData>'.encode()
    return change(path, {SHEET: lambda old: old.replace(b"</sheetData>", added)})


def sales_book(
    path: Path, rows: list[list[object]], at: str = "A1", formats: Mapping[str, str] | None = None
) -> Path:
    """Make a workbook with one sheet, Sales, whose first cell stands at an address."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Sales"
    corner = sheet[at]
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            cell: Any = sheet.cell(corner.row + r, corner.column + c)
            cell.value = value
    for address, code in (formats or {}).items():
        sheet[address].number_format = code
    book.save(path)
    return path


# --- types -----------------------------------------------------------------------------------------


def test_types_are_kept(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["date", "customer", "gross_revenue", "note"],
        [dt.datetime(2024, 3, 1), "00123", 12, True],
        [dt.datetime(2024, 3, 1, 12, 30), "1,5", 0.12, dt.time(12, 30)],
        [45000, " ACME ", 1e15, dt.timedelta(hours=30)],
        [None, 10001, "=1+1", ""],
        ["2024-03-05", "x", -3.25, False],
    ]
    formats = {
        "A2": "d.m.yyyy",
        "A3": "yyyy-mm-dd hh:mm",
        "A4": "[$-40B]d. mmmm yyyy",
        "C3": "0 %",
        "C4": "#,##0.00 €",
    }
    path = sales_book(tmp_path / "book.xlsx", rows, formats=formats)
    frame = read_input_tables(path)["Sales"].frame
    assert frame["date"].tolist() == [
        dt.date(2024, 3, 1),
        dt.datetime(2024, 3, 1, 12, 30),
        dt.date(2023, 3, 15),
        None,
        "2024-03-05",
    ]
    assert frame["customer"].tolist() == ["00123", "1,5", " ACME ", 10001.0, "x"]
    assert frame["gross_revenue"].tolist() == [12.0, 0.12, 1e15, UNCALCULATED, -3.25]
    assert frame["note"].tolist() == [True, dt.time(12, 30), dt.timedelta(hours=30), None, False]
    assert {dtype.name for dtype in frame.dtypes} == {"object"}
    assert all(type(value) is float for value in frame["gross_revenue"] if not isinstance(value, str))


def test_dates_of_a_1904_workbook(tmp_path: Path) -> None:
    rows: list[list[object]] = [["date", "customer"], [45000, "a"], [59, "b"], [60, "c"], [45000.75, "d"]]
    formats = {f"A{r}": "yyyy-mm-dd" for r in range(2, 6)}
    path = sales_book(tmp_path / "book.xlsx", rows, formats=formats)
    assert read_input_tables(path)["Sales"].frame["date"].tolist() == [
        dt.date(2023, 3, 15),
        dt.date(1900, 2, 28),
        dt.date(1900, 2, 28),  # 29 February 1900, a day that only Excel knows
        dt.datetime(2023, 3, 15, 18, 0),
    ]
    change(path, {"xl/workbook.xml": lambda x: x.replace(b"<workbookPr/>", b'<workbookPr date1904="1"/>')})
    assert read_input_tables(path)["Sales"].frame["date"].tolist() == [
        dt.date(2027, 3, 16),
        dt.date(1904, 2, 29),
        dt.date(1904, 3, 1),
        dt.datetime(2027, 3, 16, 18, 0),
    ]


def test_what_is_no_day_of_the_calendar_is_no_date(tmp_path: Path) -> None:
    rows: list[list[object]] = [["date", "customer"], [0, "a"], [0.5, "b"], [-3, "c"], [3e6, "d"]]
    path = sales_book(tmp_path / "book.xlsx", rows, formats={f"A{r}": "yyyy-mm-dd" for r in range(2, 6)})
    assert read_input_tables(path)["Sales"].frame["date"].tolist() == [
        dt.time(0, 0),
        dt.time(12, 0),
        dt.time(0, 0),
        3e6,
    ]


@pytest.mark.parametrize(
    "error", ["#N/A", "#DIV/0!", "#REF!", "#SPILL!", "#CALC!", "#BLOCKED!", "#GETTING_DATA"]
)
def test_an_error_comes_out_as_its_text(tmp_path: Path, error: str) -> None:
    cells = f'<c r="A2"><v>1</v></c><c r="B2" t="e"><f>1/0</f><v>{error}</v></c><c r="C2"><v>7</v></c>'
    path = with_cells(tmp_path / "book.xlsx", cells)
    assert read_input_tables(path)["Sales"].frame.to_numpy().tolist() == [[1.0, error, 7.0]]


def test_a_newer_error_on_one_sheet_leaves_the_others_readable(tmp_path: Path) -> None:
    book = Workbook()
    for name in ("Sales", "Customers", "Notes"):
        book.create_sheet(name).append(["date", "customer"])
        book[name].append([1, name])
    book.save(tmp_path / "book.xlsx")
    error = b'<row r="3"><c r="A3" t="e"><v>#CALC!</v></c></row></sheetData>'
    change(tmp_path / "book.xlsx", {"xl/worksheets/sheet2.xml": lambda x: x.replace(b"</sheetData>", error)})
    found = read_input_tables(tmp_path / "book.xlsx")
    assert found["Sales"].frame["date"].tolist() == [1.0, "#CALC!"]
    assert found["Customers"].frame["customer"].tolist() == ["Customers"]


@pytest.mark.parametrize("code", ["yyyy-mm-dd", "[h]:mm", "m/d/yy"])
def test_a_number_too_large_for_a_date_is_a_number(tmp_path: Path, code: str) -> None:
    rows: list[list[object]] = [["date", "customer"], [6_400_000_000_000, 1e300], [1, 2]]
    path = sales_book(tmp_path / "book.xlsx", rows, formats={"A2": code, "B2": code, "B3": '0 "days"'})
    assert read_input_tables(path)["Sales"].frame.to_numpy().tolist() == [[6.4e12, 1e300], [1.0, 2.0]]


def test_errors_in_a_sheet_without_addresses(tmp_path: Path) -> None:
    cells = '<c><v>1</v></c><c t="e"><v>#SPILL!</v></c><c><f>A2</f></c>'
    path = with_cells(tmp_path / "book.xlsx", cells)
    assert read_input_tables(path)["Sales"].frame.to_numpy().tolist() == [[1.0, "#SPILL!", UNCALCULATED]]


@pytest.mark.parametrize("formula", ["<f>B2*2</f><v></v>", "<f>B2*2</f>", '<f t="shared" si="0"/><v/>'])
def test_a_formula_never_calculated_is_told_from_a_blank(tmp_path: Path, formula: str) -> None:
    path = with_cells(tmp_path / "book.xlsx", f'<c r="A2"><v>1</v></c><c r="C2">{formula}</c>')
    assert read_input_tables(path)["Sales"].frame.to_numpy().tolist() == [[1.0, None, UNCALCULATED]]


def test_an_empty_text_from_a_formula_is_blank(tmp_path: Path) -> None:
    path = with_cells(tmp_path / "book.xlsx", '<c r="A2"><v>1</v></c><c r="C2" t="str"><f>""</f><v></v></c>')
    assert read_input_tables(path)["Sales"].frame.to_numpy().tolist() == [[1.0, None, None]]


def test_a_sheet_whose_elements_bear_a_prefix(tmp_path: Path) -> None:
    cells = '<c r="A2" t="e"><v>#SPILL!</v></c><c r="B2"><v>2</v></c><c r="C2"><f>B2</f></c>'
    path = with_cells(tmp_path / "book.xlsx", cells)

    def prefixed(old: bytes) -> bytes:
        return (
            old.replace(b"</", b"\0")
            .replace(b"<", b"<x:")
            .replace(b"\0", b"</x:")
            .replace(b"xmlns=", b"xmlns:x=", 1)
        )

    change(path, {SHEET: prefixed})
    assert read_input_tables(path)["Sales"].frame.to_numpy().tolist() == [["#SPILL!", 2.0, UNCALCULATED]]


# --- places ----------------------------------------------------------------------------------------


def table_book(
    path: Path, name: str = "Sales", sheet_name: str = "Data", ref: str = "B5:D8", totals: int = 0
) -> Path:
    """Make a workbook with an Excel Table at B5, words around it and, if asked, a total row."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = sheet_name
    sheet["A1"], sheet["F7"] = "Our sales, from the ERP", "a word beside it"
    rows: list[list[str | int | None]]
    rows = [["date", "Client", "gross_revenue"], [1, "a", 10], [2, "b", 20], ["Total", None, 30]]
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            sheet.cell(5 + r, 2 + c, value)
    table: Any = Table(displayName=name, ref=ref)
    table._initialise_columns()
    for column, header in zip(table.tableColumns, rows[0], strict=True):
        column.name = header
    if totals:
        table.totalsRowCount = totals
        table.tableColumns[2].totalsRowFunction = "sum"
    sheet.add_table(table)
    book.create_sheet("Sales").append(["date", "customer"])
    book.save(path)
    return path


@pytest.mark.parametrize("name", ["Sales", "SALES", "sa_les"])
def test_a_table_is_found_anywhere_and_its_total_row_left_out(tmp_path: Path, name: str) -> None:
    raw = read_input_tables(table_book(tmp_path / "book.xlsx", name, totals=1))["Sales"]
    assert (raw.name, raw.sheet, raw.row, raw.column) == ("Sales", "Data", 5, 2)
    assert list(raw.frame.columns) == ["date", "Client", "gross_revenue"]  # a synonym stays as it is written
    assert raw.frame.to_numpy().tolist() == [[1.0, "a", 10.0], [2.0, "b", 20.0]]


def test_a_table_without_a_total_row_keeps_its_last_row(tmp_path: Path) -> None:
    assert len(read_input_tables(table_book(tmp_path / "book.xlsx"))["Sales"].frame) == 3


def test_an_excel_table_of_another_name_on_the_right_sheet(tmp_path: Path) -> None:
    path = table_book(tmp_path / "book.xlsx", "Table1", totals=1)
    with zipfile.ZipFile(path) as book:
        workbook = book.read("xl/workbook.xml")
    swapped = workbook.replace(b'name="Sales"', b'name="Empty"').replace(b'name="Data"', b'name="Sales"')
    raw = read_input_tables(change(path, {"xl/workbook.xml": lambda _: swapped}))["Sales"]
    assert (raw.sheet, raw.row, raw.column, len(raw.frame)) == ("Sales", 5, 2, 2)


def test_a_table_that_shows_no_headers(tmp_path: Path) -> None:
    path = table_book(tmp_path / "book.xlsx", ref="B6:D8", totals=1)
    change(
        path, {"xl/tables/table1.xml": lambda old: old.replace(b'headerRowCount="1"', b'headerRowCount="0"')}
    )
    raw = read_input_tables(path)["Sales"]
    assert (raw.row, raw.column) == (5, 2)
    assert raw.frame["Client"].tolist() == ["a", "b"]


def test_a_sheet_without_a_table_is_read_from_its_header_row(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["Sales of the year", None, None, None],
        [None, None, None, None],
        ["Customer ID", "Gross Revenue", None, 2024],
        ["a", 1, "x", 5],
        [None, None, None, None],
        ["b", 2, None, None],
        ["  ", None, "y", None],
    ]
    raw = read_input_tables(sales_book(tmp_path / "book.xlsx", rows, at="C2"))["Sales"]
    assert (raw.sheet, raw.row, raw.column) == ("Sales", 4, 3)
    assert list(raw.frame.columns) == ["Customer ID", "Gross Revenue", "", "2024"]
    assert raw.frame.to_numpy().tolist() == [["a", 1.0, "x", 5.0], [None] * 4, ["b", 2.0, None, None]]


def test_where_no_header_is_known_the_first_row_is_the_header(tmp_path: Path) -> None:
    raw = read_input_tables(sales_book(tmp_path / "book.xlsx", [["foo", "bar"], [1, 2]], at="B3"))["Sales"]
    assert (raw.row, raw.column, list(raw.frame.columns), len(raw.frame)) == (3, 2, ["foo", "bar"], 1)


def test_two_headers_alike_are_both_kept(tmp_path: Path) -> None:
    rows: list[list[object]] = [["date", "customer", "customer"], [1, "a", "b"]]
    frame = read_input_tables(sales_book(tmp_path / "book.xlsx", rows))["Sales"].frame
    assert list(frame.columns) == ["date", "customer", "customer"]
    assert frame.to_numpy().tolist() == [[1.0, "a", "b"]]


@pytest.mark.parametrize("rows", [[], [["date", "customer", "gross_revenue"]]])
def test_an_empty_sheet_is_a_table_without_rows(tmp_path: Path, rows: list[list[object]]) -> None:
    raw = read_input_tables(sales_book(tmp_path / "book.xlsx", rows))["Sales"]
    assert raw.frame.shape == (0, len(rows[0]) if rows else 0)
    assert (raw.row, raw.column) == (1, 1)


def test_hidden_sheets_and_other_spellings_of_a_name(tmp_path: Path) -> None:
    book = Workbook()
    names = ["activity log", "DIRECT_COSTS", "Control-Totals"]
    for name in names:
        book.create_sheet(name).append(["date", "customer"])
        book[name].append([1, name])
    book["activity log"].sheet_state = "hidden"
    book["DIRECT_COSTS"].sheet_state = "veryHidden"
    book.save(tmp_path / "book.xlsx")
    found = read_input_tables(str(tmp_path / "book.xlsx"))
    assert {name: raw.sheet for name, raw in found.items()} == dict(
        zip(["ActivityLog", "DirectCosts", "ControlTotals"], names, strict=True)
    )
    assert [raw.frame.iloc[0, 1] for raw in found.values()] == names


def test_a_name_with_other_letters_and_a_folder_with_blanks(tmp_path: Path) -> None:
    folder = tmp_path / "Työ pöytä 表"
    folder.mkdir()
    path = sales_book(folder / "Myynti (käyttö) é.xlsx", [["date", "customer"], [1, "Åbo Öljy"]])
    assert read_input_tables(path)["Sales"].frame["customer"].tolist() == ["Åbo Öljy"]


cells = st.one_of(
    st.none(),
    st.booleans(),
    st.floats(-1e300, 1e300).map(lambda x: float(f"{x:.15g}")),  # Excel's digits
    st.text(
        st.characters(min_codepoint=32, max_codepoint=0x2FFF, exclude_characters="_"), min_size=1, max_size=8
    ),
    st.dates(dt.date(1900, 3, 1), dt.date(9999, 12, 31)),
)


@settings(
    max_examples=examples(30), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.lists(cells, min_size=3, max_size=3), max_size=5), st.integers(1, 9), st.integers(1, 5))
def test_every_cell_comes_out_as_it_went_in(
    tmp_path: Path, rows: list[list[object]], row: int, column: int
) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Sales"
    headers: list[object] = ["date", "customer", "cogs"]
    for r, values in enumerate([headers, *rows]):
        for c, value in enumerate(values):
            cell: Any = sheet.cell(row + r, column + c)
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"
    path = tmp_path / "book.xlsx"
    book.save(path)
    raw = read_input_tables(path)["Sales"]
    assert (raw.row, raw.column) == (row, column)
    while rows and all(v is None or (isinstance(v, str) and not v.strip()) for v in rows[-1]):
        rows = rows[:-1]
    # A text of blanks alone is not marked as one to be kept by openpyxl, and Excel would drop it too.
    expected = [[None if isinstance(v, str) and not v.strip() else v for v in values] for values in rows]
    got = [
        [None if isinstance(v, str) and not v.strip() else v for v in values]
        for values in raw.frame.to_numpy()
    ]
    assert got == expected


def test_only_tables_of_the_contract_are_read(tmp_path: Path) -> None:
    book = Workbook()
    for name in ("Dashboard", "Customers", "Notes"):
        book.create_sheet(name).append(["customer", "name"])
    book.save(tmp_path / "book.xlsx")
    assert list(read_input_tables(tmp_path / "book.xlsx")) == ["Customers"]
    assert len({header_key(name) for name in TABLES}) == len(TABLES)


# --- what a file should not be ---------------------------------------------------------------------


def refuse(path: Path) -> dict[str, Any]:
    """Return the figures of what refuses a file; its sentence stands in tests/wording."""
    with pytest.raises(FileError) as caught:
        read_input_tables(path)
    assert "\n" not in str(caught.value)
    assert caught.value.fix
    found = figures_of(caught.value)
    return found | {"path": Path(found["path"])}


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    sales_book(tmp_path / "customers.xlsx", [])
    near = refuse(tmp_path / "costumers.xlsx")
    assert near == {"path": tmp_path / "costumers.xlsx", "names": tmp_path / "customers.xlsx"}
    assert refuse(tmp_path / "nowhere" / "book.xlsx")["folder"] == tmp_path / "nowhere"
    assert refuse(tmp_path) == {"path": tmp_path}


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_file_that_is_no_workbook(tmp_path: Path, name: str) -> None:
    path = write_unreadable(name, tmp_path)
    assert refuse(path)["path"] == path
    assert path.read_bytes() == UNREADABLE[name][1]


def test_what_is_no_workbook_is_told_apart(tmp_path: Path) -> None:
    told = {}
    for name in UNREADABLE:
        (tmp_path / name).mkdir()
        with pytest.raises(FileError) as caught:
            read_input_tables(write_unreadable(name, tmp_path / name))
        assert isinstance(caught.value.what, Message)
        told[name] = caught.value.what.text
    assert len(set(told.values())) == len(UNREADABLE)


def test_a_half_written_workbook(tmp_path: Path) -> None:
    path = sales_book(tmp_path / "book.xlsx", [["date", "customer"], [1, "a"]])
    whole = path.read_bytes()
    for share in (0.1, 0.5, 0.9, 0.99):
        path.write_bytes(whole[: int(len(whole) * share)])
        assert refuse(path)["path"] == path


def test_any_byte_may_be_wrong(tmp_path: Path) -> None:
    path = sales_book(tmp_path / "book.xlsx", [["date", "customer"], [1, "a"], ["b", "=1"]])
    whole = path.read_bytes()
    for at in range(0, len(whole), 37):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :])
        try:
            read_input_tables(path)
        except FileError as error:
            assert error.fix


def test_a_part_that_is_missing_or_no_xml(tmp_path: Path) -> None:
    path = table_book(tmp_path / "book.xlsx")
    change(path, {"xl/tables/table1.xml": lambda _: b"<table"})
    assert refuse(path)["said"] == "unclosed token: line 1, column 0"
    path = table_book(tmp_path / "book.xlsx")
    change(
        path, {"xl/worksheets/_rels/sheet1.xml.rels": lambda old: old.replace(b"table1.xml", b"table9.xml")}
    )
    assert "table9.xml" in str(refuse(path))


def test_a_document_type_is_refused(tmp_path: Path) -> None:
    path = table_book(tmp_path / "book.xlsx")
    bomb = b'<!DOCTYPE table [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    change(path, {"xl/tables/table1.xml": lambda old: bomb + old})
    assert refuse(path)["name"] == "xl/tables/table1.xml"


def test_a_part_that_unpacks_to_far_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = with_cells(tmp_path / "book.xlsx", "<c r='A2'/>" * 5000)
    assert read_input_tables(path)
    monkeypatch.setattr(package, "LARGEST_PART", 10_000)
    assert refuse(path)["n"] > 10_000
    monkeypatch.setattr(package, "LARGEST_PART", 1 << 31)
    monkeypatch.setattr(package, "SUSPECT_SIZE", 10_000)
    monkeypatch.setattr(package, "SUSPECT_RATIO", 20)
    assert refuse(path)["name"] == "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize("address", ["XFD1048576", "B1048577999", "ZZZ999999"])
def test_a_stray_cell_far_out_is_named_and_takes_no_memory(tmp_path: Path, address: str) -> None:
    path = with_cells(tmp_path / "book.xlsx", f'<c r="A2"><v>1</v></c><c r="{address}"><v>1</v></c>')
    found = refuse(path)
    row, column = (int("".join(filter(str.isdigit, address))), "".join(filter(str.isalpha, address)))
    assert (found["sheet"], found["row"], found["column"]) == ("Sales", row, column_index_from_string(column))


def test_a_long_sheet_is_no_stray_cell(tmp_path: Path) -> None:
    path = with_cells(tmp_path / "book.xlsx", '<c r="B1048576"><v>1</v></c>', row=1_048_576)
    with package.open_package(path) as book:
        assert find_sheet_marks(book, package.list_sheet_parts(book)[0]).texts == {}


def test_a_strict_workbook(tmp_path: Path) -> None:
    path = sales_book(tmp_path / "book.xlsx", [])
    strict = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
    usual = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    change(path, {"xl/workbook.xml": lambda old: old.replace(usual, strict)})
    assert refuse(path) == {"path": path}


@pytest.mark.skipif(
    os.name == "nt" or os.geteuid() == 0, reason="the right to read binds only ordinary users of Unix"
)
def test_no_right_to_read(tmp_path: Path) -> None:
    path = sales_book(tmp_path / "book.xlsx", [])
    path.chmod(0)
    assert refuse(path)["path"] == path


def test_no_right_to_read_by_the_systems_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = sales_book(tmp_path / "book.xlsx", [])

    def refuse_to_open(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse_to_open)
    assert refuse(path)["path"] == path


def test_a_workbook_that_is_open_in_excel_is_read(tmp_path: Path) -> None:
    path = sales_book(tmp_path / "book.xlsx", [["date", "customer"], [1, "a"]])
    (tmp_path / "~$book.xlsx").write_bytes(b"me")
    assert len(read_input_tables(path)["Sales"].frame) == 1


def test_a_sheet_that_may_hold_more_rows_of_a_table_is_told(tmp_path: Path) -> None:
    book = Workbook()
    for name in ("Sales", "Sales 2025", "Sales (2)", "Sales report", "Customers Jan", "Salesforce"):
        sheet = book.active if name == "Sales" else book.create_sheet(name)
        assert sheet is not None
        sheet.title = name
        for row in (("date", "customer", "gross_revenue", "cogs"), (dt.date(2024, 1, 31), "ACME", 100, 60)):
            sheet.append(row)
    path = tmp_path / "years.xlsx"
    book.save(path)
    told = [f for f in xlprofit.check(path) if f.code == "T07"]
    assert [f.severity for f in told] == ["warning"] * 2
    assert {read_names(f.what)[0] for f in told} == {"Sales 2025", "Sales (2)"}


def test_a_sheet_that_bears_the_tables_name_in_another_language_is_told() -> None:
    names = ("Myynti", "Sales 2025", "Asiakkaat", "Notes")
    assert find_further_sheets(names, "Sales", "Sales") == ("Myynti", "Sales 2025")
    assert find_further_sheets(names, "Customers", "Customers") == ("Asiakkaat",)
    # read from an Excel Table on a sheet of any name, a sheet of the table's name may be a picture of it
    assert find_further_sheets(names, "Sales", "ERP export") == ("Sales 2025",)


@pytest.mark.parametrize("digits", [20, 5_000])
def test_a_name_of_many_digits_takes_no_time(digits: int) -> None:
    begun = time.process_time()
    assert find_further_sheets([f"Sales {'1' * digits}x"], "Sales", "Sales") == ()
    assert find_further_sheets([f"Sales {'1' * 20}"], "Sales", "Sales") == (f"Sales {'1' * 20}",)
    assert time.process_time() - begun < 1  # it took twice as long for each digit
