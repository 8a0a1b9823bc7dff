"""Drawing sheets: one body for both renderers, the text, the colours, and the file as others see it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import formulon
import openpyxl
import pytest
from openxml_audit import OpenXmlValidator  # type: ignore[import-untyped] # it ships no types
from python_calamine import CalamineWorkbook

from tests import render_sample
from tests.drawn import colour_of, drawn, from_text, from_workbook, saved, two_customers
from tests.needs import convert, needs_soffice
from xlprofit.drawing import layout, to_text
from xlprofit.drawing.sparklines import render_sparklines
from xlprofit.sheets import theme
from xlprofit.sheets.parts import (
    AboveRule,
    Cell,
    Chart,
    Column,
    Format,
    Formula,
    Link,
    Meaning,
    Series,
    Sheet,
    SignRule,
    Table,
    Value,
)

SHOWN = [
    ["ACME → Sales!C3", "2,660", "725 [profit]", "27.3% [profit]", "12 d", "2024-01-01",
     "Profitable [profit]"],
    ["Beta", "2,660", "-3,829 [loss]", "-143.9% [loss]", "45 d [warning]", "2024-01-02",
     "Loss-making [loss]"],
    ["Total", "5,320", "-3,104 [loss]", "-58.3% [loss]"],
]  # fmt: skip


Reader = Callable[[Sheet], list[list[str]]]
both = pytest.mark.parametrize("read", [from_text, from_workbook])


@both
def test_a_table_shows_values_meanings_and_links(read: Reader) -> None:
    assert read(two_customers()) == SHOWN


@both
def test_no_cell_of_a_table_repeats_the_currency(read: Reader) -> None:
    assert read(replace(two_customers(), currency="USD")) == read(two_customers())


@both
def test_an_unknown_stays_blank_and_a_zero_is_a_zero(read: Reader) -> None:
    columns = (
        Column("name", "Name", ["A", "B", "C"]),
        Column("amount", "Amount", [None, 0.0, float("nan")], Format.MONEY, rules=(SignRule(change=True),)),
    )
    sheet = Sheet("Blanks", tables=(Table("T", 1, 1, columns),))
    assert read(sheet) == [["A"], ["B", "0"], ["C"]]


@both
def test_a_text_is_no_profit(read: Reader) -> None:
    """Excel holds any text to be above any number, so a rule must ask for a number first."""
    values: list[Value] = ["n/a", 5.0]
    columns = (
        Column("name", "Name", ["A", "B"]),
        Column("x", "Share", values, Format.NUMBER, rules=(SignRule(), AboveRule(9.0))),
    )
    assert read(Sheet("Texts", tables=(Table("T", 1, 1, columns),))) == [["A", "n/a"], ["B", "5 [profit]"]]


def test_both_renderers_agree_on_a_wide_table() -> None:
    sheet = render_sample.profit_and_loss(12)
    below = replace(sheet, tables=(replace(sheet.tables[0], total_first=False),))
    assert from_workbook(below) == from_text(below)


# --- text -------------------------------------------------------------------------------------------


def test_the_whole_text_of_a_sheet() -> None:
    sheet = two_customers()
    chart = Chart(
        "bar", "Profit", 10, 1, ("Two", "customer"), (Series("Two", "profit", "Profit", Meaning.PROFIT),), "", "EUR"
    )  # fmt: skip
    columns = sheet.tables[0].columns[:4]
    sheet = replace(sheet, tables=(replace(sheet.tables[0], columns=columns),), charts=(chart,))
    assert to_text.render_sheet_text(sheet) == (
        "[Customers]\n"
        "\n"
        "Two customers\n"
        "=============\n"
        "-3,104 [loss]\n"
        "Go to Sales → O'Hara & Co!B2\n"
        "\n"
        "Customer         Gross margin         Profit      Share kept\n"
        "------------------------------------------------------------\n"
        "ACME → Sales!C3         2,660   725 [profit]  27.3% [profit]\n"
        "Beta                    2,660  -3,829 [loss]  -143.9% [loss]\n"
        "------------------------------------------------------------\n"
        "Total                   5,320  -3,104 [loss]   -58.3% [loss]\n"
        "* Profit: After all\n"
        "* Share kept: = {profit}/{margin}; total = {profit}/{margin}\n"
        "\n"
        "(bar chart) Profit: x (untitled) from Two.customer; y EUR; Profit [profit] from Two.profit\n"
    )


def test_the_text_of_bubbles_and_of_a_table_without_columns() -> None:
    table = Table("t", 1, 1, tuple(Column(key, key, [1.0], Format.NUMBER) for key in ("x", "y", "size")))
    chart = Chart(
        "bubble",
        "Who",
        9,
        1,
        ("t", "x"),
        (Series("t", "y", "Y"),),
        "X",
        "Y",
        sizes=("t", "size"),
        labels=("t", "x"),
    )
    text = to_text.render_sheet_text(Sheet("S", tables=(table, Table("none", 5, 1, ())), charts=(chart,)))
    assert text.splitlines()[-1] == "(bubble chart) Who: x X from t.x; y Y; Y from t.y; as large as t.size"
    assert text.count("x  ") == 1


def test_what_a_sheet_does_not_have_is_the_callers_mistake() -> None:
    table = Table("t", 1, 1, (Column("a", "A", [1.0], Format.NUMBER),))
    with pytest.raises(ValueError, match='"t" has no column "b"; it has a'):
        layout.find_table_column(table, "b")
    sheet = Sheet("S", cells=(Cell(9, 1, None, spark=Link("S", "C2:C5")),), tables=(table,))
    with pytest.raises(ValueError, match="C2:C5 that no table"):
        render_sparklines(sheet)


@pytest.mark.parametrize("width", [60, 80, 120])
def test_text_keeps_to_the_width(width: int) -> None:
    for sheet in render_sample.book():
        lines = to_text.render_sheet_text(sheet, width).splitlines()
        assert max(len(line) for line in lines if not line.startswith("* ")) <= width


def test_bars_and_heat_maps_are_drawn_with_blocks() -> None:
    text = to_text.render_sheet_text(render_sample.heat_map())
    assert re.search(r"\d\d\.\d% █+·+", text)
    assert set("░▒▓█") <= set(text)
    assert "Nothing was found." in text


# --- colours ------------------------------------------------------------------------------------------


def test_a_loss_is_drawn_as_a_loss_also_after_an_edit() -> None:
    read = formulon.Workbook.load(saved(drawn(two_customers())))
    read.recalc()
    assert [colour_of(read, row, 3) for row in (6, 7, 8)] == [Meaning.PROFIT, Meaning.LOSS, Meaning.LOSS]
    assert colour_of(read, 2, 1) is Meaning.LOSS
    read.set_number(0, 5, 2, -1.0)
    read.set_number(0, 6, 2, 9_000.0)
    read.recalc()
    assert [colour_of(read, row, 3) for row in (6, 7, 8)] == [Meaning.LOSS, Meaning.PROFIT, Meaning.PROFIT]
    assert read.get_display_text(0, 5, 2)[0].strip() == "-1"


def test_a_limit_adds_its_sign() -> None:
    worksheet = drawn(two_customers()).worksheets[0]
    rules = [rule for block in worksheet.conditional_formatting for rule in block.rules]
    codes = [rule.dxf.numFmt.formatCode for rule in rules if rule.dxf and rule.dxf.numFmt]
    assert len(codes) == 1
    assert codes[0].startswith('"● "#,##0')


def test_a_heat_map_is_stronger_the_further_from_zero() -> None:
    sheet = render_sample.heat_map()
    read = formulon.Workbook.load(saved(drawn(sheet)))
    table = sheet.tables[0]
    found: list[tuple[float, int]] = []
    for column in table.columns[1:6]:
        where = table.position(column.key)
        cells = read.evaluate_cf_range(0, table.first - 1, where - 1, table.last - 1, where - 1)
        for value, cell in zip(layout.list_finite_numbers(column.values), cells, strict=True):
            found.append((abs(value), cell.matches[0].color[2]))
    blues = [blue for _, blue in sorted(found)]
    assert blues == sorted(blues, reverse=True)
    assert blues[0] == 255
    assert blues[-1] == int(theme.lighten_shade(Meaning.LOSS)[4:], 16)


def test_bars_are_as_long_as_the_values() -> None:
    sheet = render_sample.heat_map()
    read = formulon.Workbook.load(saved(drawn(sheet)))
    table = sheet.tables[0]
    where = table.position("used")
    cells = read.evaluate_cf_range(0, table.first - 1, where - 1, table.last - 1, where - 1)
    for value, cell in zip(layout.list_finite_numbers(table.columns[6].values), cells, strict=True):
        bar = next(m for m in cell.matches if m.kind == 2)
        assert bar.bar_length_pct == pytest.approx(min(value, 1.0) * 100)


# --- the file as others see it --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file of all sample sheets."""
    path = tmp_path_factory.mktemp("sample") / "sample.xlsx"
    workbook = drawn(*render_sample.book())
    workbook.create_sheet("Sales")
    workbook.save(path)
    return path


def _kinds(path: Path) -> set[str]:
    """Return the kinds of fault an audit finds, without the numbers and names of what they were found in."""
    found = OpenXmlValidator().validate(path).errors
    return {re.sub(r"\d+|sheet\w*\.xml|\[\d+\]", "", f"{e.part_uri}: {e.description}") for e in found}


def test_an_audit_finds_no_more_than_in_any_openpyxl_workbook(sample: Path, tmp_path: Path) -> None:
    plain = openpyxl.Workbook()
    for worksheet in (plain.worksheets[0], plain.create_sheet()):
        worksheet["A1"] = "text"
        worksheet["A1"].font = openpyxl.styles.Font(name="Arial", bold=True, color="FF0000")
        worksheet["A2"].font = openpyxl.styles.Font(name="Arial", italic=True, color="FF0000")
    plain.save(tmp_path / "plain.xlsx")
    assert _kinds(sample) <= _kinds(tmp_path / "plain.xlsx")


@needs_soffice
def test_libreoffice_prints_the_sample(sample: Path, tmp_path: Path) -> None:
    printed = convert(sample, "pdf", tmp_path).read_bytes()
    pages = len(re.findall(rb"/Type\s*/Page\b", printed))
    assert 3 <= pages <= 6


@needs_soffice
def test_libreoffice_computes_what_the_sheets_say(sample: Path, tmp_path: Path) -> None:
    book = CalamineWorkbook.from_path(convert(sample, "xlsx", tmp_path))
    for sheet in render_sample.book():
        rows = book.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
        assert not [v for row in rows for v in row if isinstance(v, str) and v.startswith("#")]
        for table in sheet.tables:
            for position, column in enumerate(table.columns, table.column):
                for index, value in enumerate(column.values):
                    if column.formula:
                        assert rows[table.first + index - 1][position - 1] == pytest.approx(value)
                total = layout.build_column_total(table, column) if table.has_total else None
                if isinstance(total, Formula):
                    assert rows[table.total_row - 1][position - 1] == pytest.approx(total.value)
