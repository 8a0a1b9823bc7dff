"""The workbook to start from: it explains itself, takes any data, and is the same bytes every time."""

from __future__ import annotations

import datetime as dt
import math
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.datavalidation import DataValidation

from tests.figures import read_figures
from tests.needs import examples
from xlprofit import samples
from xlprofit.errors import FileError, UnknownNameError, XlprofitError
from xlprofit.headings import other_headers
from xlprofit.hosts import template
from xlprofit.hosts.dropdowns import LISTS
from xlprofit.hosts.template import create_input_workbook
from xlprofit.ooxml import guide
from xlprofit.ooxml.put import put_result_sheets
from xlprofit.ooxml.read import read_input_tables
from xlprofit.ooxml.rows import WrittenColumn, write_row_elements
from xlprofit.sheets.parts import Sheet
from xlprofit.tables import SETTINGS, TABLES


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return create_input_workbook(tmp_path_factory.mktemp("template") / "book.xlsx")


@pytest.fixture(scope="module")
def drawn(empty: Path) -> Workbook:
    return load_workbook(empty)


def sheet(workbook: Workbook, name: str) -> Any:
    return workbook[name]


def lists(workbook: Workbook, table: str, column: str) -> list[DataValidation]:
    headers = [cell.value for cell in sheet(workbook, table)[1]]
    letter = "ABCDEFGHIJKLMNOP"[headers.index(column)]
    found = sheet(workbook, table).data_validations.dataValidation
    return [v for v in found if f"{letter}2:{letter}1048576" in str(v.sqref)]


# --- the empty one ---------------------------------------------------------------------------------


def test_the_guide_is_printed_across(drawn: Workbook) -> None:
    assert sheet(drawn, guide.NAME).page_setup.orientation == "landscape"


def test_a_sheet_and_an_excel_table_for_each_table(drawn: Workbook) -> None:
    assert drawn.sheetnames == [guide.NAME, *TABLES]
    for name, table in TABLES.items():
        made = sheet(drawn, name).tables[name]
        headers = [column.name for column in table.columns] + (["note"] if name == "Settings" else [])
        assert [column.name for column in made.tableColumns] == headers
        assert [cell.value for cell in sheet(drawn, name)[1]] == headers
        last = len(SETTINGS) + 1 if name == "Settings" else 2  # Excel wants a row under the header
        assert made.ref == f"A1:{'ABCDEFGHIJKLMNOP'[len(headers) - 1]}{last}"
        assert made.autoFilter.ref == made.ref
        assert sheet(drawn, name).freeze_panes == "A2"
        assert sheet(drawn, name).print_title_rows == "$1:$1"


def test_an_empty_workbook_reads_as_empty_tables(empty: Path) -> None:
    found = read_input_tables(empty)
    assert list(found) == list(TABLES)
    for name, raw in found.items():
        assert (raw.sheet, raw.row, raw.column) == (name, 1, 1)
        assert len(raw.frame) == (len(SETTINGS) if name == "Settings" else 0)


def test_required_headers_look_otherwise_and_their_notes_say_so(drawn: Workbook) -> None:
    fills: dict[bool, set[str]] = {True: set(), False: set()}
    for name, table in TABLES.items():
        for cell, column in zip(sheet(drawn, name)[1], table.columns, strict=False):
            fills[column.required].add(cell.fill.fgColor.rgb)
            assert column.note in cell.comment.text
            assert ("Required." in cell.comment.text) == column.required
            for synonym in other_headers(name, column):
                assert synonym in cell.comment.text
    assert len(fills[True]) == len(fills[False]) == 1
    assert fills[True] != fills[False]


def test_every_column_has_a_note_a_driver_too(tmp_path: Path) -> None:
    workbook = load_workbook(create_input_workbook(tmp_path / "trade.xlsx", samples.tables("wholesale")))
    for name in TABLES:
        notes = {cell.value: cell.comment for cell in sheet(workbook, name)[1]}
        assert [header for header, note in notes.items() if note is None or not note.text.strip()] == []
    first_driver = sheet(workbook, "ActivityLog").cell(1, len(TABLES["ActivityLog"].columns) + 1)
    assert "Activities" in first_driver.comment.text


def test_notes_say_unit_bounds_and_default(drawn: Workbook) -> None:
    by_header = {cell.value: cell.comment.text for cell in sheet(drawn, "Resources")[1]}
    assert "in currency" in by_header["cost"]
    assert read_figures(by_header["practical"])[-5:] == [
        0.1,
        10.0,
        0.0,
        1.0,
        1.0,
    ]  # how to write it, bounds, default
    level = next(cell for cell in sheet(drawn, "Activities")[1] if cell.value == "level")
    assert "One of: output-unit, batch, customer, channel, corporate." in level.comment.text
    assert "blank means customer." in level.comment.text
    disputed = next(cell for cell in sheet(drawn, "Invoices")[1] if cell.value == "disputed")
    assert "blank means no." in disputed.comment.text


def test_every_choice_flag_and_name_has_a_drop_down(drawn: Workbook) -> None:
    for name, table in TABLES.items():
        for column in table.columns:
            found = lists(drawn, name, column.name)
            if column.choices or column.kind == "flag":
                words = column.choices or ("yes", "no")
                assert [v.formula1 for v in found] == ['"' + ",".join(words) + '"']
                assert found[0].showErrorMessage
            elif column.kind == "customer" and name != "Customers":
                assert [v.formula1 for v in found] == ["customer_list"]
                assert not found[0].showErrorMessage  # a customer may be missing from Customers
    expected = {
        ("ActivityLog", "activity"): "activity_list",
        ("Activities", "resource"): "resource_list",
        ("Allocations", "from"): "resource_list",
        ("Prospects", "resource"): "resource_list",
        ("ProspectNeeds", "prospect"): "prospect_list",
        ("Settings", "setting"): f"$A$2:$A${len(SETTINGS) + 1}",
    }
    for (name, column_name), formula in expected.items():
        assert [v.formula1 for v in lists(drawn, name, column_name)] == [formula]
    assert '"acquire,' in str(lists(drawn, "Activities", "group")[0].formula1)
    assert ',cogs"' in str(lists(drawn, "DirectCosts", "group")[0].formula1)
    assert all(len(v.formula1) <= 257 for s in drawn.worksheets for v in s.data_validations.dataValidation)


def test_the_lists_are_named_columns_of_tables(drawn: Workbook) -> None:
    named = {name: defined.attr_text for name, defined in drawn.defined_names.items()}
    assert named == {f"{column}_list": f"{table}[{column}]" for table, column in LISTS.items()}


def test_formats_are_for_cells_to_come_too(drawn: Workbook) -> None:
    sales = sheet(drawn, "Sales")
    expected = {"A": "yyyy-mm-dd", "B": "@", "C": "#,##0.00", "G": "@", "I": "General"}
    for letter, code in expected.items():
        assert sales[f"{letter}2"].number_format == code
        assert sales.column_dimensions[letter].number_format == code
    assert sheet(drawn, "Allocations")["C2"].number_format == "0.0%"
    assert sheet(drawn, "ControlTotals")["C2"].number_format == "@"  # or Excel makes a date of 2024-03


def test_settings_are_all_there_with_defaults_and_notes(empty: Path, drawn: Workbook) -> None:
    frame = read_input_tables(empty)["Settings"].frame
    assert frame["setting"].tolist() == list(SETTINGS)
    for name, value, note in frame.itertuples(index=False):
        assert SETTINGS[name].note in note
        default = SETTINGS[name].default
        assert value == ({True: "yes", False: "no"}[default] if isinstance(default, bool) else default)
    settings_sheet = sheet(drawn, "Settings")
    row = 2 + list(SETTINGS).index("period")
    offered = [v for v in settings_sheet.data_validations.dataValidation if str(v.sqref) == f"B{row}"]
    assert [v.formula1 for v in offered] == ['"month,quarter,year"']
    assert settings_sheet[f"B{2 + list(SETTINGS).index('discount_rate')}"].number_format == "0.0%"


def test_the_guide_tells_of_every_table_and_links_to_it(drawn: Workbook) -> None:
    assert all(table.feeds for table in TABLES.values())
    assert len(guide.STEPS) == 5
    first = drawn.worksheets[0]
    assert first.title == guide.NAME
    links = {cell.value: cell.hyperlink.location for row in first for cell in row if cell.hyperlink}
    assert links == {name: f"'{name}'!A1" for name in TABLES}
    words = {str(cell.value) for row in first for cell in row}
    assert {table.note for table in TABLES.values()} <= words
    assert {table.feeds for table in TABLES.values()} <= words
    swatches = {cell.value: cell.fill.fgColor.rgb for row in first for cell in row if cell.column == 1}
    assert swatches["required"] == sheet(drawn, "Sales")["A1"].fill.fgColor.rgb
    assert swatches["optional"] == sheet(drawn, "Sales")["D1"].fill.fgColor.rgb


def test_a_new_workbook_loses_nothing_in_a_refresh(empty: Path, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(empty.read_bytes())
    assert put_result_sheets(path, None, lambda _: [Sheet("Dashboard")]).losses == ()
    after = load_workbook(path)
    before = load_workbook(empty)
    for name in TABLES:
        old, new_ = sheet(before, name), sheet(after, name)
        assert dict(new_.tables.items()) == dict(old.tables.items())
        assert [str(v.sqref) for v in new_.data_validations.dataValidation] == [
            str(v.sqref) for v in old.data_validations.dataValidation
        ]
        for cell in old[1]:
            assert new_[cell.coordinate].comment.text == cell.comment.text if cell.comment else True
            assert new_[cell.coordinate].fill.fgColor.rgb == cell.fill.fgColor.rgb
        assert new_.column_dimensions["B"].width == old.column_dimensions["B"].width
    assert set(after.defined_names) == set(before.defined_names)


# --- filled ----------------------------------------------------------------------------------------


def filled(path: Path, **tables: pd.DataFrame) -> Path:
    return create_input_workbook(path, tables)


def test_data_comes_back_as_it_went_in(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "lines": [3, 4, 5],  # a driver: it goes behind the columns of the contract
            "Activity": ["=SUM(A1)", "+358 40", "@home"],
            "customer_id": [10001, 20002, 30003],
            "date": pd.Series(
                [dt.datetime(2024, 3, 1), None, dt.datetime(2024, 3, 3, 18)], dtype="datetime64[ns]"
            ),
            "quantity": [1.5, np.nan, 0.1 + 0.2],
        }
    )
    path = filled(tmp_path / "book.xlsx", ActivityLog=frame)
    raw = read_input_tables(path)["ActivityLog"]
    assert list(raw.frame.columns) == [*(c.name for c in TABLES["ActivityLog"].columns), "lines"]
    assert raw.frame.to_numpy().tolist() == [
        [dt.date(2024, 3, 1), "10001", "=SUM(A1)", 1.5, None, None, 3.0],
        [None, "20002", "+358 40", None, None, None, 4.0],
        [dt.datetime(2024, 3, 3, 18), "30003", "@home", 0.30000000000000004, None, None, 5.0],
    ]
    book = load_workbook(path)
    made = sheet(book, "ActivityLog")
    assert made.tables["ActivityLog"].ref == "A1:G4"
    assert [column.name for column in made.tables["ActivityLog"].tableColumns][-1] == "lines"
    assert (made["A4"].number_format, made["C2"].data_type) == ("yyyy-mm-dd", "s")
    assert [made.cell(1, n).alignment.horizontal for n in (3, 4, 7)] == [
        "left",
        "right",
        "right",
    ]  # a driver too
    assert made.dimensions == "A1:G4"


def test_flags_periods_and_keys_are_written_as_a_user_would(tmp_path: Path) -> None:
    invoices = pd.DataFrame({"invoice": [1, 2], "disputed": [True, False], "customer": ["00123", "b"]})
    resources = pd.DataFrame(
        {"resource": ["x", "y"], "period": pd.Series([dt.datetime(2024, 3, 1), None], dtype="datetime64[ns]")}
    )
    found = read_input_tables(filled(tmp_path / "book.xlsx", Invoices=invoices, Resources=resources))
    assert found["Invoices"].frame["disputed"].tolist() == ["yes", "no"]
    assert found["Invoices"].frame["invoice"].tolist() == ["1", "2"]
    assert found["Invoices"].frame["customer"].tolist() == ["00123", "b"]
    assert found["Resources"].frame["period"].tolist() == ["2024-03", None]


def test_settings_given_stand_among_the_others(tmp_path: Path) -> None:
    given_settings = pd.DataFrame(
        {
            "setting": ["Cost of Capital", "end", "my_own"],
            "value": pd.Series([0.08, pd.Timestamp("2024-12-31"), "x"], dtype=object),
        }
    )
    frame = read_input_tables(filled(tmp_path / "book.xlsx", Settings=given_settings))["Settings"].frame
    values = dict(zip(frame["setting"], frame["value"], strict=True))
    assert list(values) == [*SETTINGS, "my_own"]
    assert (values["cost_of_capital"], values["end"], values["my_own"]) == (0.08, dt.date(2024, 12, 31), "x")
    assert values["currency"] == "EUR"


cells = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**14), 10**14),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(codec="utf-8"), max_size=6),
    st.dates(dt.date(1900, 3, 1), dt.date(9999, 12, 31)),
    st.datetimes(dt.datetime(1900, 3, 1), dt.datetime(2100, 1, 1)).map(lambda t: t.replace(microsecond=0)),
)


def as_read(value: object) -> object:
    """Return what a value is after it has been through a workbook."""
    if isinstance(value, str):
        text = value.replace("\r\n", "\n").replace("\r", "\n")
        kept = "".join(c for c in text if c in "\t\n" or (ord(c) >= 32 and ord(c) not in (0xFFFE, 0xFFFF)))
        return kept or None
    if isinstance(value, dt.datetime):
        return value.date() if value == dt.datetime(value.year, value.month, value.day) else value
    return value


@settings(
    max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(cells, cells, cells), min_size=1, max_size=8))
def test_every_value_survives_the_writer(tmp_path: Path, values: list[tuple[object, object, object]]) -> None:
    columns = [WrittenColumn(pd.Series(list(column), dtype=object)) for column in zip(*values, strict=True)]
    dated = [
        WrittenColumn(column.values, 1 if any(isinstance(v, dt.date) for v in column.values) else 0)
        for column in columns
    ]
    body = b"".join(write_row_elements(dated, first_row=2))
    book = Workbook()
    made: Any = book.active
    made.title = "Sales"
    made.append(["date", "customer", "cogs"])
    made["E1"].number_format = "yyyy-mm-dd hh:mm:ss"  # makes style 1 the format of dates
    path = tmp_path / "book.xlsx"
    book.save(path)
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"].replace(
        b"</sheetData>", body + b"</sheetData>"
    )
    with zipfile.ZipFile(path, "w") as changed:
        for name, content in parts.items():
            changed.writestr(name, content)
    frame = read_input_tables(path)["Sales"].frame
    got = [list(row[:3]) for row in frame.itertuples(index=False)]
    expected = [[as_read(value) for value in row] for row in values]
    expected = expected[: len(got)] + [row for row in expected[len(got) :] if any(map(is_filled, row))]
    assert len(got) == len(expected)
    for row, wanted in zip(got, expected, strict=True):
        for j, (value, want) in enumerate(zip(row, wanted, strict=True)):
            dates = dated[j].style == 1
            if dates and isinstance(want, int | float) and not isinstance(want, bool):
                continue  # a number among dates is shown as a date
            if isinstance(want, dt.datetime):
                assert abs(value - want) < dt.timedelta(milliseconds=1)
            elif isinstance(want, float):
                assert math.isclose(value, want, rel_tol=0, abs_tol=0)
            else:
                assert value == want


def is_filled(value: object) -> bool:
    return value is not None and not (isinstance(value, str) and not value.strip())


def test_odd_numbers_and_texts() -> None:
    odd = pd.Series(
        [np.int64(7), np.float32(0.5), np.True_, pd.NA, pd.NaT, "", "a\x00b\x0b", 2**60], dtype=object
    )
    written = b"".join(write_row_elements([WrittenColumn(odd)], first_row=2)).decode()
    assert "<v>7</v>" in written
    assert "<v>0.5</v>" in written
    assert 't="b"><v>1</v>' in written
    assert written.count("<c ") == 5
    assert "<t>ab</t>" in written
    assert "<t>1152921504606846976</t>" in written  # Excel keeps 15 digits of a number
    for infinite in (pd.Series([1.0, np.inf]), pd.Series([-np.inf], dtype=object)):
        with pytest.raises(XlprofitError, match="infinite"):
            b"".join(write_row_elements([WrittenColumn(infinite)], first_row=2))


def test_days_that_excel_counts_wrong_are_texts() -> None:
    for old in (pd.Series(pd.to_datetime(["1900-02-28"])), pd.Series([dt.date(1900, 2, 28)], dtype=object)):
        assert b"<t>1900-02-28" in b"".join(write_row_elements([WrittenColumn(old)], first_row=2))
    assert b"<v>61</v>" in b"".join(
        write_row_elements([WrittenColumn(pd.Series([dt.date(1900, 3, 1)], dtype=object))], first_row=2)
    )


@pytest.mark.parametrize("dtype", ["Int64", "Float64", "string", "category", "boolean", "datetime64[ns]"])
def test_every_kind_of_pandas_column(dtype: str) -> None:
    whole: dict[str, list[Any]] = {"string": ["1", None], "category": ["1", None], "boolean": [True, None]}
    values = pd.Series(whole.get(dtype, [1, None]), dtype=object)
    column = pd.to_datetime(values) if dtype.startswith("date") else values.astype(dtype)  # type: ignore[call-overload]
    written = b"".join(write_row_elements([WrittenColumn(column)], first_row=2))
    assert written.count(b"<c ") == 1 or dtype.startswith("date")
    assert written.endswith(b'<row r="3"></row>')


# --- the same every time, or not at all ------------------------------------------------------------


def test_the_same_tables_give_the_same_bytes(tmp_path: Path) -> None:
    frame = pd.DataFrame({"date": pd.to_datetime(["2024-03-01"]), "customer": ["a"], "gross_revenue": [1.5]})
    first = filled(tmp_path / "a.xlsx", Sales=frame).read_bytes()
    assert filled(tmp_path / "b.xlsx", Sales=frame).read_bytes() == first


def test_a_file_that_is_there_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(b"mine")
    with pytest.raises(FileError, match=r"book\.xlsx"):
        create_input_workbook(path)
    assert path.read_bytes() == b"mine"


@pytest.mark.parametrize(
    ("name", "told"), [("a.xlsm", r"\ba\.xlsx\b"), ("a", r"\ba\.xlsx\b"), ("x/a.xlsx", r"/x\.")]
)
def test_a_name_that_will_not_do(tmp_path: Path, name: str, told: str) -> None:
    """What is told is the name that would do, or the folder that is not there."""
    with pytest.raises(FileError, match=told):
        create_input_workbook(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_a_table_that_is_not_known_is_named_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match=r'"Sale".*"Sales"') as caught:
        filled(tmp_path / "a.xlsx", Sale=pd.DataFrame())
    assert caught.value.near[0] == "Sales"


def test_headers_that_an_excel_table_does_not_allow(tmp_path: Path) -> None:
    twice = pd.DataFrame([[1, 2]], columns=["lines", "LINES"])
    with pytest.raises(XlprofitError, match=r'ActivityLog.* "LINES"'):
        filled(tmp_path / "a.xlsx", ActivityLog=twice)
    blank = pd.DataFrame([[1]], columns=[" "])
    with pytest.raises(XlprofitError, match=r'ActivityLog.* " "'):
        filled(tmp_path / "a.xlsx", ActivityLog=blank)
    assert list(tmp_path.iterdir()) == []


def test_more_rows_than_excel_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    frame = pd.DataFrame({"customer": ["a"]}).reindex(range(1_048_576))
    with pytest.raises(XlprofitError, match=r"1,048,576 .* 1,048,575"):
        filled(tmp_path / "a.xlsx", Sales=frame)
    monkeypatch.setattr(template, "MOST_ROWS", 4)
    assert filled(tmp_path / "b.xlsx", Sales=frame[:3]).exists()
    with pytest.raises(XlprofitError):
        filled(tmp_path / "c.xlsx", Sales=frame[:4])


def test_nothing_is_left_where_writing_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("xlprofit.ooxml.dateless.ExcelWriter.write_data", full)
    with pytest.raises(FileError, match="No space left on device"):
        create_input_workbook(tmp_path / "book.xlsx")
    assert list(tmp_path.iterdir()) == []
