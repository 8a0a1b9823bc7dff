"""Refreshed workbooks open in other programs, which read the cells that we wrote."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from tests.lossless.books import MAKERS, change, parts_of
from tests.needs import convert, needs_soffice, takes_minutes
from tests.node import needs_node, run_script
from tests.witness.book import Book, count_column
from tests.witness.books import make_small_book, refresh_copy
from tests.witness.recalculation import are_equal, list_cells, open_model
from xlprofit.addresses import format_address
from xlprofit.sheets import names

Cells = Mapping[str, Mapping[str, object]]


def read_with_exceljs(path: Path) -> Cells:
    found: dict[str, Cells] = json.loads(run_script("cells.cjs", "exceljs", path))
    return found[str(path)]


def read_with_sheetjs(path: Path) -> Cells:
    found: dict[str, Cells] = json.loads(run_script("cells.cjs", "sheetjs", path))
    return found[str(path)]


def read_with_calamine(path: Path) -> Cells:
    book = CalamineWorkbook.from_path(path)
    found = {}
    for name in book.sheet_names:
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        found[name] = {
            format_address(r, c): value
            for r, row in enumerate(rows, 1)
            for c, value in enumerate(row, 1)
            if value != ""
        }
    return found


def read_with_ironcalc(path: Path) -> Cells:
    model = open_model(path)
    found: dict[str, dict[str, object]] = {}
    for place, sheet in enumerate(model.get_worksheets_properties()):
        used = model.get_sheet_dimensions(place)
        found[sheet["name"]] = {
            format_address(r, c): value
            for r in range(1, used[1] + 1)
            for c in range(1, used[3] + 1)
            if (value := model.get_cell_value(place, r, c)) not in (None, "")
        }
    return found


READERS: dict[str, Callable[[Path], Cells]] = {
    "exceljs": read_with_exceljs,
    "sheetjs": read_with_sheetjs,
    "calamine": read_with_calamine,
    "ironcalc": read_with_ironcalc,
}
MARKS = {"exceljs": needs_node("exceljs"), "sheetjs": needs_node("@e965/xlsx")}
EVERY = [pytest.param(name, marks=MARKS.get(name, [])) for name in READERS]


def differences(written: Cells, read: Cells, reader: str) -> list[str]:
    """Return what another program reads otherwise; ExcelJS has nothing where a formula comes to 0."""
    found = []
    for sheet, cells in written.items():
        theirs = read.get(sheet, {})
        for place in sorted(set(cells) | set(theirs)):
            got, wanted = theirs.get(place), cells.get(place)
            if not are_equal(got, wanted) and not (reader == "exceljs" and got is None and wanted == 0.0):
                found.append(f"{sheet}!{place}: {got!r}, written {wanted!r}")
    return found


def shorten_dropdowns(sheet: bytes) -> bytes:
    """Return a sheet whose drop-downs go down a hundred rows."""
    return re.sub(rb'(<dataValidation [^>]*sqref="[A-Z]+2:[A-Z]+)\d+"', rb'\g<1>100"', sheet)


@pytest.fixture(scope="module")
def refreshed_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book by XlsxWriter, which every one of these programs opens, refreshed."""
    _, make = MAKERS["xlsxwriter"]
    return refresh_copy(make(tmp_path_factory.mktemp("readers") / "book.xlsx"))


@pytest.mark.parametrize("reader", EVERY)
def test_a_refreshed_book_of_another_program_opens_with_equal_values(
    reader: str, refreshed_book: Path
) -> None:
    written = list_cells(Book.read(refreshed_book))
    assert set(names.ORDER) & set(written)
    assert differences(written, READERS[reader](refreshed_book), reader) == []


@takes_minutes
@pytest.mark.parametrize("reader", EVERY)
def test_a_new_workbook_of_ours_opens_with_equal_values(
    reader: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """ExcelJS gives every cell of a drop-down a rule of its own, which takes minutes: here they are shorter."""
    path = make_small_book(tmp_path_factory.mktemp("new") / "book.xlsx")
    sheets = [name for name in parts_of(path) if name.startswith("xl/worksheets/sheet")]
    change(path, dict.fromkeys(sheets, shorten_dropdowns))
    assert differences(list_cells(Book.read(path)), READERS[reader](path), reader) == []


@needs_soffice
def test_libreoffice_keeps_every_value_when_it_saves_the_book_anew(
    refreshed_book: Path, tmp_path: Path
) -> None:
    saved = convert(refreshed_book, "xlsx", tmp_path)
    written, kept = (list_cells(Book.read(path)) for path in (refreshed_book, saved))
    ours = {name: cells for name, cells in written.items() if name in names.ORDER}
    assert differences(ours, kept, "libreoffice") == []


def test_columns_are_counted() -> None:
    assert [count_column(letters) for letters in ("A", "Z", "AA", "XFD")] == [1, 26, 27, 16_384]
