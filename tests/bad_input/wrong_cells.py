"""Workbooks in which each kind of cell stands in every column of every table, and at every setting.

A workbook has one kind of cell. Each of its tables has one row for each of its columns: in that column
stands the cell, and all else in the row is right.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]  # it ships no types

from tests.lossless.books import change
from tests.packages import parts_of, sheets_of
from xlprofit.addresses import format_column
from xlprofit.tables import SETTINGS, SOURCED, TABLES

Row = tuple[object, ...]
Write = Callable[[Any, int, int, Mapping[str, Any]], None]
"""Writes a cell: given the sheet, the row and column from 0, and the formats by code."""

DAY = dt.date(2024, 1, 31)
LONG = "x" * 32_767
"""The longest text that a cell of Excel holds."""

FORMATS = ("yyyy-mm-dd", "yyyy-mm-dd hh:mm", "hh:mm", "[h]:mm", "0 %")

_UNCALCULATED = 987_654_321
_EMPTY = "put an empty text here"
_RETURN = "put a return here"


@dataclass(frozen=True)
class Place:
    """Where a wrong cell stands: its table, its column or setting, and its address."""

    table: str
    column: str
    cell: str


# --- rows in which nothing is wrong ------------------------------------------------------------------


def good(table: str, i: int) -> Row:
    """Return a row of a table in which nothing is wrong, with a key that no other ``i`` has."""
    return _GOOD[table](i)


_GOOD: dict[str, Callable[[int], Row]] = {
    "Customers": lambda i: (f"K{i:02}", f"Name {i}", "Shops", "web", "Ann", DAY, None, None, "FI"),
    "Aliases": lambda i: ("CRM", f"A{i:02}", "ACME"),
    "Sales": lambda i: (DAY, "ACME", 1_000.0 + i, 10.0, 5.0, 600.0, f"S{i}", "Tea", 10.0),
    "Resources": lambda i: (f"Team {i}", 500.0 + i, 1_000.0, "minutes", 0.8, 0.5, "2024-01"),
    "Allocations": lambda i: (f"Team {i}", "Desk", 0.5),
    "Activities": lambda i: (f"Task {i}", "order", "Desk", None, 10.0 + i, None, "customer", 0.5),
    "ActivityLog": lambda i: (DAY, "ACME", "Order", 2.0 + i),
    "DirectCosts": lambda i: (DAY, "ACME", "service", 50.0 + i, "a fair", 0.5),
    "Commissions": lambda i: ("customer", f"K{i:02}", "net_revenue", 0.02, DAY, dt.date(2024, 12, 31)),
    "Invoices": lambda i: (f"F{i}", "ACME", DAY, dt.date(2024, 2, 29), 100.0 + i, dt.date(2024, 3, 5), "no"),
    "Balances": lambda i: (DAY, f"K{i:02}", 1_000.0 + i),
    "LossRates": lambda i: (30.0 * i, 0.01),
    "Referrals": lambda i: ("ACME", f"K{i:02}", DAY, 0.5, 0.25, 10.0),
    "Prospects": lambda i: (f"P{i:02}", "Shops", 9_000.0, 0.4, 0.3, 200.0, 3.0, "Desk", 0.2, 30.0, 0.01, 3.0),
    "ProspectNeeds": lambda i: (f"P{i:02}", "Order", 12.0),
    "ControlTotals": lambda i: ("revenue", 4_000.0 + i, f"2024-{i % 12 + 1:02}"),
    "Scenarios": lambda i: (f"What if {i}", "price", "segment:Shops", "+3%", DAY),
    "Sources": lambda i: (SOURCED[i], "nowhere.csv", "", "", "", "", 60.0),
}
_BASE: Mapping[str, tuple[Row, ...]] = {
    "Customers": (("ACME", "Acme", "Shops", "web", "Ann", DAY, None, None, "FI"),),
    "Resources": (("Desk", 500.0, 10_000.0, "minutes", 1.0, 1.0, None),),
    "Activities": (("Order", "order", "Desk", None, 10.0, None, "customer", None),),
}
"""Rows that others refer to; they stand before those with a wrong cell."""


# --- the kinds of cells ------------------------------------------------------------------------------


def _text(text: str) -> Write:
    return lambda sheet, row, column, _: sheet.write_string(row, column, text)


def _number(value: float, code: str = "") -> Write:
    return lambda sheet, row, column, formats: sheet.write_number(row, column, value, formats.get(code))


def _formula(value: object) -> Write:
    return lambda sheet, row, column, _: sheet.write_formula(row, column, "=1+1", None, value)


def _nothing(sheet: Any, row: int, column: int, formats: Mapping[str, Any]) -> None:
    """Write no cell at all."""


KINDS: dict[str, Write] = {
    "nothing": _nothing,
    "blanks": _text("  \u00a0 "),
    "a word": _text("soon"),
    "a number": _number(12.5),
    "a number below zero": _number(-3.0),
    "a number beyond all bounds": _number(1e300),
    "a truth value": lambda sheet, row, column, _: sheet.write_boolean(row, column, True),
    "a day": _number(45_325.0, "yyyy-mm-dd"),
    "a day and a time": _number(45_325.75, "yyyy-mm-dd hh:mm"),
    "a time of day": _number(0.75, "hh:mm"),
    "a duration": _number(1.25, "[h]:mm"),
    "a day before 1900": _number(-400.0, "yyyy-mm-dd"),
    "a day 0": _number(0.0, "yyyy-mm-dd"),
    "a day far in the future": _number(2_900_000.0, "yyyy-mm-dd"),
    "a number as text": _text("12.5"),
    "a number of two readings": _text("1,234"),
    "a number with a unit": _text("12 pcs"),
    "a day as text": _text("2024-02-03"),
    "a day of two readings": _text("03/04/2024"),
    "an error": _formula("#DIV/0!"),
    "a newer error": _formula("#SPILL!"),
    "a formula without a value": _formula(_UNCALCULATED),
    "a formula that gives a text": _formula("soon"),
    "a formula that gives nothing": _formula(_EMPTY),
    "a text like a formula": _text('=HYPERLINK("http://example.invalid","x")'),
    "a text like a command": _text("@SUM(1+1)*cmd|' /C calc'!A0"),
    "control characters": _text("a\x01b\x0bc\x1f"),
    "a return in its escape": _text(_RETURN),
    "a text that looks like an escape": _text("a_x000D_b_x0041_"),
    "right-to-left letters": _text("\u202eאבג\u202c ابجد"),
    "an emoji": _text("👩‍👩‍👧‍👦🏳️‍🌈"),
    "the longest text": _text(LONG),
    "a text of nothing to be seen": _text("\u200b\ufeff\u200e"),
}
"""What writes each kind of cell, by its name."""


# --- the workbooks ------------------------------------------------------------------------------------


def made(path: Path, kind: str) -> tuple[Place, ...]:
    """Make the workbook of one kind of cell; return where the cells stand."""
    book: Any = xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False})
    formats = {code: book.add_format({"num_format": code}) for code in FORMATS}
    places = []
    for name, table in TABLES.items():
        sheet = book.add_worksheet(name)
        headers = list(SETTINGS) if name == "Settings" else [column.name for column in table.columns]
        sheet.write_row(0, 0, [column.name for column in table.columns])
        for row, (cells, wrong) in enumerate(_rows(name, len(headers)), 1):
            for column, value in enumerate(cells):
                if column != wrong:
                    _put(sheet, row, column, value, formats)
            if wrong is not None:
                KINDS[kind](sheet, row, wrong, formats)
                called = headers[row - 1] if name == "Settings" else headers[wrong]
                places.append(Place(name, called, f"{format_column(wrong + 1)}{row + 1}"))
    book.close()
    change(path, dict.fromkeys((*sheets_of(parts_of(path)).values(), "xl/sharedStrings.xml"), _in_bytes))
    return tuple(places)


def _rows(table: str, width: int) -> Iterator[tuple[Row, int | None]]:
    """Give the rows of a table, each with the column that holds the wrong cell, if any does."""
    if table == "Settings":
        yield from (((name, None), 1) for name in SETTINGS)
        return
    yield from ((row, None) for row in _BASE.get(table, ()))
    # What is read as an alias is joined to a customer wherever it stands, which the other cells would show.
    wrong = [i for i in range(width) if (table, i) != ("Aliases", 1)]
    yield from ((good(table, i), i) for i in wrong)
    if table in ("Customers", "Resources", "Prospects"):  # which rows of other tables mention
        yield from ((good(table, i), None) for i in range(width, 12))


def _put(sheet: Any, row: int, column: int, value: object, formats: Mapping[str, Any]) -> None:
    if isinstance(value, dt.date):
        sheet.write_datetime(row, column, dt.datetime.combine(value, dt.time()), formats["yyyy-mm-dd"])
    elif value is not None:
        sheet.write(row, column, value)


def _in_bytes(part: bytes) -> bytes:
    """Put in what XlsxWriter does not write: formulas without a value, or with an empty one; an escaped return."""
    return (
        part.replace(b"<v>%d</v>" % _UNCALCULATED, b"")
        .replace(_EMPTY.encode(), b"")
        .replace(_RETURN.encode(), b"a_x000D_b")
    )
