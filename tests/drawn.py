"""Sheets drawn for a test, and read back: from the text, and from the workbook as a program shows it."""

from __future__ import annotations

import io
import re
import zipfile

import formulon
import openpyxl
import pandas as pd
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

import xlprofit
from tests import render_sample
from xlprofit.drawing import to_openpyxl, to_text
from xlprofit.sheets import book, names, theme
from xlprofit.sheets.parts import AboveRule, Cell, Column, Format, Link, Meaning, Sheet, SignRule, Table

STATES = render_sample.STATES


def two_customers() -> Sheet:
    """Return the two customers of one gross margin (golden case G03), one of whom loses money."""
    profit, margin = [725.0, -3829.0], [2660.0, 2660.0]
    columns = (
        Column("customer", "Customer", ["ACME", "Beta"], links=[Link("Sales", "C3"), None]),
        Column("margin", "Gross margin", margin, Format.MONEY, total="sum"),
        Column("profit", "Profit", profit, Format.MONEY, total="sum", rules=(SignRule(),), note="After all"),
        Column(
            "share",
            "Share kept",
            [725 / 2660, -3829 / 2660],
            Format.SHARE,
            formula="{profit}/{margin}",
            total="{profit}/{margin}",
            total_value=-3104 / 5320,
            rules=(SignRule(),),
        ),
        Column("late", "Days late", [12, 45], Format.DAYS, rules=(AboveRule(30.0),)),
        Column("since", "Since", [45292, 45293], Format.DATE),
        Column("state", "State", ["Profitable", "Loss-making"], rules=(STATES,)),
    )
    cells = (
        Cell(1, 1, "Two customers", Meaning.TITLE, across=3),
        Cell(2, 1, -3104.0, Meaning.KPI, Format.MONEY, across=2, rules=(SignRule(),)),
        Cell(3, 1, "Go to Sales", link=Link("O'Hara & Co", "B2")),
    )
    return Sheet("Customers", cells, (Table("Two", 5, 1, columns),), freeze="B6")


def drawn(*sheets: Sheet) -> openpyxl.Workbook:
    """Return a workbook that has these sheets and no other."""
    workbook = openpyxl.Workbook()
    to_openpyxl.draw_worksheets(sheets, workbook)
    workbook.remove(workbook.worksheets[0])
    return workbook


def saved(workbook: openpyxl.Workbook) -> bytes:
    """Return a workbook's file."""
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def parts_of(workbook: openpyxl.Workbook) -> dict[str, bytes]:
    """Return the parts of a workbook's file that describe sheets, styles, charts and comments."""
    with zipfile.ZipFile(io.BytesIO(saved(workbook))) as package:
        return {n: package.read(n) for n in package.namelist() if n.startswith("xl/")}


def from_text(sheet: Sheet) -> list[list[str]]:
    """Return the rows of a sheet's first table, as the text shows them."""
    lines = to_text.render_sheet_text(sheet).splitlines()
    start = next(
        i for i, line in enumerate(lines) if line.startswith(f"{sheet.tables[0].columns[0].header}  ")
    )
    count = sheet.tables[0].rows + (3 if sheet.tables[0].has_total else 1)
    rows = [line for line in lines[start + 1 : start + 1 + count] if not line.startswith("-")]
    return [re.split(r"\s{2,}", line) for line in rows]


def from_workbook(sheet: Sheet) -> list[list[str]]:
    """Return the same rows as a program that recalculates the workbook shows and colours them."""
    workbook = drawn(sheet)
    worksheet = workbook.worksheets[0]
    read = formulon.Workbook.load(saved(workbook))
    read.recalc()
    table = sheet.tables[0]
    rows = [*range(table.first, table.last + 1), *([table.total_row] if table.has_total else [])]
    return [
        _without_end([_shown(read, worksheet, row, column) for column in _columns(table)]) for row in rows
    ]


def _columns(table: Table) -> range:
    return range(table.column, table.column + len(table.columns))


def _without_end(texts: list[str]) -> list[str]:
    while texts and not texts[-1]:
        texts.pop()
    return texts


def _shown(read: formulon.Workbook, worksheet: Worksheet, row: int, column: int) -> str:
    text = read.get_display_text(0, row - 1, column - 1)[0].strip()
    meaning = colour_of(read, row, column)
    word = f"[{theme.WORDS[meaning]}]" if meaning else ""
    link = worksheet.cell(row, column).hyperlink
    arrow = f"→ {(link.location or '').replace(chr(39), '')}" if link else ""
    return " ".join(piece for piece in (text, word, arrow) if piece)


def colour_of(read: formulon.Workbook, row: int, column: int, sheet: int = 0) -> Meaning | None:
    """Return the meaning whose font colour a conditional format gives a cell."""
    for cell in read.evaluate_cf_range(sheet, row - 1, column - 1, row - 1, column - 1):
        for match in cell.matches:
            if match.kind == 0:
                dxf = read.get_dxf(match.dxf_id)
                assert dxf.font
                colour = f"{dxf.font.color_argb & 0xFFFFFF:06X}"
                return next(m for m in theme.WORDS if theme.find_look(m).font == colour)
    return None


RESULT_SHEETS = tuple(name for name in names.ORDER if name != names.GROUPS)
"""The result sheets of the demo and of the trades, which have products and segments, and no groups of companies."""

_OF_SOME = (
    *(names.SEGMENTS, names.PRODUCTS, names.CHANGES, names.SCENARIO_RESULTS),
    *(names.COST_TO_SERVE, names.COST_TO_SERVE_SHARE, names.CAPACITY, names.RATE_CARD, names.SERVICE_RETURN),
    *(names.CREDIT_RISK, names.PROSPECT_SCREENING, names.REFERRAL_VALUE),
)
"""The result sheets of a workbook whose tables have what they are about, or with something to compare it to."""

SHEETS_OF_ANY = tuple(name for name in RESULT_SHEETS if name not in _OF_SOME)
"""The result sheets of a workbook whatever its tables have."""


def list_described_sheets(tables: dict[str, pd.DataFrame]) -> list[str]:
    """Return which result sheets there are of these tables, in their order."""
    return [sheet.name for sheet in book.describe_result_sheets(xlprofit.analyze(tables))]


def find_column_letter(tables: dict[str, pd.DataFrame], sheet: str, key: str) -> str:
    """Return the letter of a column of the first table of a result sheet."""
    described = book.describe_result_sheets(xlprofit.analyze(tables))
    (table, *_more) = next(one.tables for one in described if one.name == sheet)
    return get_column_letter(table.column + [column.key for column in table.columns].index(key))
