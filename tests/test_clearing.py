"""Taking a template's sample out: what was made goes, what the user wrote or changed stays, byte for byte elsewhere."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from typer.testing import CliRunner

import xlprofit
from tests.drawn import RESULT_SHEETS
from tests.needs import convert, needs_soffice, takes_minutes
from tests.packages import contents, parts_of, sheets_of
from tests.test_refresh import faults
from xlprofit import samples
from xlprofit.cli import app
from xlprofit.errors import XlprofitError
from xlprofit.ooxml import sample
from xlprofit.ooxml.read import read_input_tables
from xlprofit.sheets import names
from xlprofit.tables import TABLES

pytestmark = takes_minutes

OWN: tuple[str | int, ...] = ("2025-03-07", "Own customer", 1_000, 0, 0, 400)
"""A line of the user's own: date, customer, gross revenue, discount, returns, cost of goods sold."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return xlprofit.new(tmp_path_factory.mktemp("made") / "book.xlsx", template="wholesale")


@pytest.fixture
def book(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(made, tmp_path / "book.xlsx"))


def sheet(path: Path, name: str) -> Worksheet:
    found = load_workbook(path)[name]
    assert isinstance(found, Worksheet)
    return found


def rows(path: Path, table: str) -> int:
    """Return how many rows of a table have something in them."""
    frame = read_input_tables(path)[table].frame
    return int((frame.notna() & (frame != "")).any(axis=1).sum())


@pytest.mark.parametrize("trade", samples.TRADES)
def test_the_sample_goes_and_how_the_trade_works_stays(trade: str, tmp_path: Path) -> None:
    book = xlprofit.new(tmp_path / "book.xlsx", template=trade)
    tables = samples.tables(trade)
    found_before = faults(book)
    parts = parts_of(book)
    kept = {t: contents(parts, t) for t in sample.KEPT}
    cleared = xlprofit.clear(book)
    parts = parts_of(book)
    for table in TABLES:
        if table == "Resources":
            left = read_input_tables(book)[table].frame
            assert list(left["resource"]) == list(tables[table]["resource"])
            assert left["cost"].isna().all() and left["capacity"].isna().all()
            assert cleared.emptied == {table: len(left)}
        elif table in sample.KEPT:
            assert contents(parts, table) == kept[table]
        else:
            assert rows(book, table) == 0
            assert cleared.removed.get(table, 0) == len(tables[table])
    assert sum(cleared.kept.values()) == 0
    assert faults(book) <= found_before


def test_what_was_written_or_changed_stays_where_it_stands(book: Path) -> None:
    workbook = load_workbook(book)
    sales, customers = workbook["Sales"], workbook["Customers"]
    assert isinstance(sales, Worksheet) and isinstance(customers, Worksheet)
    last = sales.max_row
    sales.cell(5, 3).value = 123.45
    changed = [cell.value for cell in sales[5]]
    for column, value in enumerate(OWN, 1):
        sales.cell(last + 1, column).value = value
    sales.tables["Sales"].ref = sales.tables["Sales"].ref.replace(str(last), str(last + 1))
    customers["J2"] = "a note beside the table"
    workbook.save(book)
    cleared = xlprofit.clear(book)
    assert cleared.kept["Sales"] == 2
    after = sheet(book, "Sales")
    assert [cell.value for cell in after[5]] == changed
    assert after.cell(last + 1, 2).value == "Own customer"
    assert after.cell(4, 2).value is None and after.cell(6, 2).value is None
    assert sheet(book, "Customers")["J2"].value == "a note beside the table"
    assert rows(book, "Sales") == 2


def test_a_row_with_a_formula_is_the_users(book: Path) -> None:
    workbook = load_workbook(book)
    sales = workbook["Sales"]
    assert isinstance(sales, Worksheet)
    value = sales["C5"].value
    sales["C5"] = f"={value}"
    workbook.save(book)
    xlprofit.clear(book)
    assert sheet(book, "Sales")["C5"].value == f"={value}"


def test_results_of_the_sample_do_not_stand_on(book: Path) -> None:
    compared = {names.CHANGES, names.SCENARIO_RESULTS}  # its year has none before it, and it has no scenarios
    shown = set(RESULT_SHEETS) - compared
    xlprofit.refresh(book)
    assert shown == set(RESULT_SHEETS) & set(sheets_of(parts_of(book)))
    assert any("Ashgrove" in str(c.value) for r in sheet(book, names.CUSTOMER_PNL).iter_rows() for c in r)
    xlprofit.clear(book)
    for name in shown:
        texts = {str(c.value) for r in sheet(book, name).iter_rows() for c in r if c.value is not None}
        assert not any("Ashgrove" in text for text in texts)
        assert any("sample rows" in text for text in texts)
    assert shown == set(RESULT_SHEETS) & set(sheets_of(parts_of(book)))


@pytest.mark.parametrize(("language", "name"), [("en", "Guide"), ("fi", "Ohje")])
def test_the_guide_speaks_no_more_of_a_sample(language: str, name: str, tmp_path: Path) -> None:
    path = xlprofit.new(tmp_path / "book.xlsx", template="services", language=language)
    before = [cell.value for row in sheet(path, name)["A1:D60"] for cell in row]
    assert any("xlprofit clear" in str(text) for text in before)
    xlprofit.clear(path)
    after = [cell.value for row in sheet(path, name)["A1:D60"] for cell in row]
    assert after == [None if "xlprofit clear" in str(text) else text for text in before]
    assert not sheet(path, name)["A3"].has_style


def test_what_one_wrote_over_the_notice_stays(book: Path) -> None:
    workbook = load_workbook(book)
    workbook["Guide"]["A3"] = "Ask Anna for the activity log"
    workbook.save(book)
    xlprofit.clear(book)
    assert sheet(book, "Guide")["A3"].value == "Ask Anna for the activity log"


def test_then_ones_own_figures_come_out(book: Path) -> None:
    xlprofit.clear(book)
    workbook = load_workbook(book)
    sales = workbook["Sales"]
    assert isinstance(sales, Worksheet)
    for column, value in enumerate(OWN, 1):
        sales.cell(2, column).value = value
    workbook.save(book)
    customers = xlprofit.refresh(book).results.customers
    assert list(customers.index) == ["Own customer"]
    assert customers["profit"].sum() == 600


def test_twice_or_without_a_sample_it_says_so_and_writes_nothing(book: Path, tmp_path: Path) -> None:
    xlprofit.clear(book)
    bare = xlprofit.new(tmp_path / "bare.xlsx")
    for path in (book, bare):
        before = path.read_bytes()
        with pytest.raises(XlprofitError, match="no sample rows"):
            xlprofit.clear(path)
        assert path.read_bytes() == before


def test_a_copy_or_a_backup_has_the_old_file(book: Path, tmp_path: Path) -> None:
    before = book.read_bytes()
    xlprofit.clear(book, tmp_path / "copy.xlsx")
    assert book.read_bytes() == before
    assert rows(tmp_path / "copy.xlsx", "Sales") == 0
    cleared = xlprofit.clear(book, backup=True)
    assert cleared.backup is not None and cleared.backup.read_bytes() == before
    assert rows(book, "Sales") == 0


def test_one_command_does_it(book: Path) -> None:
    lines = rows(book, "Sales")
    done = CliRunner().invoke(app, ["clear", str(book)])
    assert done.exit_code == 0, done.output
    assert re.search(rf"^Sales: {lines:,} ", done.output, re.MULTILINE)
    assert re.search(r"^Resources: 10 .*\bcost\b.*\bcapacity\b.*\bperiod\b", done.output, re.MULTILINE)
    (kept,) = (line for line in done.output.splitlines() if "Activities" in line)
    assert not kept.startswith("Activities") and "Sales" not in kept  # those to look through, in one line
    assert rows(book, "Sales") == 0


@needs_soffice
def test_libreoffice_opens_it_and_sees_what_is_left(book: Path, tmp_path: Path) -> None:
    xlprofit.clear(book)
    opened = convert(book, "xlsx", tmp_path / "out")
    assert [cell.value for cell in sheet(opened, "Resources")["A"]][1:3] == ["Field sales", "Inside sales"]
    assert [cell.value for cell in sheet(opened, "Sales")["B"] if cell.value] == ["customer"]
    activities = [cell.value for cell in sheet(opened, "Activities")["A"] if cell.value]
    assert len(activities) == 1 + len(samples.tables("wholesale")["Activities"])
