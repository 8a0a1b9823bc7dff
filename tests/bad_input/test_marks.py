"""What a look at a sheet's bytes sees of rows and tags, however they are written."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from tests.bad_input.plain import GROSS, ROWS, drawn, plain, put
from tests.lossless.books import change
from xlprofit.errors import FileError
from xlprofit.ooxml import marks, read
from xlprofit.ooxml.package import list_sheet_parts, open_package
from xlprofit.rules import check_tables

SHEET = "xl/worksheets/sheet1.xml"


def last_row(path: Path) -> int:
    with open_package(path) as book:
        return marks.find_sheet_marks(book, list_sheet_parts(book)[0]).last_row


def test_page_breaks_are_no_rows(tmp_path: Path) -> None:
    def draw(book: Any, sheet: Any) -> None:
        put(sheet)
        sheet.set_h_pagebreaks([3, 5])

    assert last_row(drawn(tmp_path / "book.xlsx", draw)) == len(ROWS) + 1


def test_rows_without_numbers_are_counted(tmp_path: Path) -> None:
    def unnumbered(old: bytes) -> bytes:
        for number in (5, 6, 7):
            old = old.replace(b'<row r="%d"' % number, b"<row")
        return old

    assert last_row(change(plain(tmp_path / "book.xlsx"), {SHEET: unnumbered})) == len(ROWS) + 1


@pytest.mark.parametrize("breaks", [False, True])
def test_rows_below_a_table_are_told_of_a_long_sheet_too(breaks: bool, tmp_path: Path) -> None:
    def draw(book: Any, sheet: Any) -> None:
        columns = [{"header": header} for header in ("date", "customer", "gross_revenue", "cogs")]
        sheet.add_table(0, 0, len(ROWS), 3, {"name": "Sales", "columns": columns, "data": ROWS})
        sheet.write_row(len(ROWS) + 1, 0, (ROWS[0][0], "C9", 999.0))
        if breaks:
            sheet.set_h_pagebreaks([3])

    path = drawn(tmp_path / "book.xlsx", draw)
    with mock.patch.object(read, "LONG", 0):
        inputs, findings = check_tables(read.read_input_tables(path))
    assert inputs is not None
    assert inputs["Sales"].groupby("customer", observed=True)["gross_revenue"].sum().to_dict() == {
        **GROSS,
        "C9": 999.0,
    }
    assert [f.cell for f in findings if f.code == "T04"] == ["A8"]


def test_what_looks_like_tags_in_a_text_is_read(tmp_path: Path) -> None:
    """A sheet whose tags do not come out even is read as XML, and nothing is wrong with that."""

    def inline(old: bytes) -> bytes:
        text = b'<c r="B2" t="inlineStr"><is><t><![CDATA[</c> <v> /> <]]></t></is></c>'
        return old.replace(b'<c r="B2" t="s"><v>4</v></c>', text)

    path = change(plain(tmp_path / "book.xlsx"), {SHEET: inline})
    assert inline(b'<c r="B2" t="s"><v>4</v></c>') in (b"".join(pieces_of(path)))
    assert read.read_input_tables(path)["Sales"].frame["customer"].iloc[0] == "</c> <v> /> <"


@pytest.mark.parametrize(("cell", "bare"), [("", True), ("<f>1+1</f>", False), ("<f/>", False)])
def test_a_list_to_choose_from_is_no_formula(cell: str, bare: bool, tmp_path: Path) -> None:
    """Else a sheet with drop-downs, as every input sheet of ours has, is searched for formulas once more."""

    def draw(book: Any, sheet: Any) -> None:
        put(sheet)
        sheet.data_validation("B2:B9", {"validate": "list", "source": ["one", "two"]})

    path = change(
        drawn(tmp_path / "book.xlsx", draw),
        {SHEET: lambda old: old.replace(b"<v>", cell.encode() + b"<v>", 1)},
    )
    with open_package(path) as book:
        assert b"<formula1>" in book.read(SHEET)
        marks.find_sheet_marks(book, list_sheet_parts(book)[0])
        assert marks.has_no_formulas(book, SHEET) is bare


def pieces_of(path: Path) -> list[bytes]:
    with open_package(path) as book:
        return [book.read(SHEET)]


@pytest.mark.parametrize(
    "address", ["dateC7", "XFE7", "zzzzz7", "Zzzz7", "A1048577", "a1048577", "xfd1048576", "Xfd1048576"]
)
def test_a_cell_where_no_sheet_of_excel_has_one_is_refused_at_once(address: str, tmp_path: Path) -> None:
    path = change(plain(tmp_path / "book.xlsx"), {SHEET: lambda old: old.replace(b"D7", address.encode())})
    with pytest.raises(FileError, match="stray cell"):
        last_row(path)


@pytest.mark.parametrize("address", ["a7", "d7", "D7"])
def test_an_address_in_small_letters_is_that_cell(address: str, tmp_path: Path) -> None:
    capital = address.upper().encode()
    path = change(
        plain(tmp_path / "book.xlsx"),
        {
            SHEET: lambda old: old.replace(b'r="' + capital, b't="e" r="' + address.encode()).replace(
                b"<v>50</v></c></row></sheetData>", b"<v>#N/A</v></c></row></sheetData>"
            )
        },
    )
    with open_package(path) as book:
        assert set(marks.find_sheet_marks(book, list_sheet_parts(book)[0]).texts) == {
            (7, "ABCD".index(capital[:1].decode()) + 1)
        }
