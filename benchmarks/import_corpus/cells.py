"""How an export writes its cells, and how its file is made of rows: text in an encoding, or a workbook."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import xlsxwriter  # type: ignore[import-untyped]  # it ships no types

Cell = str | int | float | dt.date | dt.datetime | dt.timedelta | None
Row = Sequence[Cell]
Money = Callable[[int], str]

MADE = dt.datetime(2025, 1, 7, 8, 30)
"""When a workbook says that it was made: not the clock, so that the same corpus is made each time."""

NBSP = "\N{NO-BREAK SPACE}"
NARROW = "\N{NARROW NO-BREAK SPACE}"
DAYS_BEFORE_1900 = dt.date(1899, 12, 30)


# --- numbers --------------------------------------------------------------------------------------


def write_money(cents: int, decimal: str = ".", thousands: str = "") -> str:
    """Return an amount of cents as text: ``1,234.50`` with a thousands mark, ``1234.50`` without."""
    whole, rest = divmod(abs(cents), 100)
    return f"{'-' * (cents < 0)}{f'{whole:,}'.replace(',', thousands)}{decimal}{rest:02d}"


def money(decimal: str = ".", thousands: str = "") -> Money:
    """Return a way to write money with these marks, the minus in front."""
    return lambda cents: write_money(cents, decimal, thousands)


def trail_minus(cents: int, decimal: str = ",", thousands: str = ".") -> str:
    """Return an amount with its minus at the end, as SAP writes it."""
    return write_money(abs(cents), decimal, thousands) + "-" * (cents < 0)


def parenthesise(cents: int) -> str:
    """Return an amount in dollars, a negative one in parentheses."""
    text = "$" + write_money(abs(cents), ".", ",")
    return f"({text})" if cents < 0 else text


def group_lakhs(cents: int) -> str:
    """Return an amount as India groups it: ``1,23,456.00``."""
    text = write_money(abs(cents))
    whole, rest = text.split(".")
    head, tail = whole[:-3], whole[-3:]
    pairs: list[str] = []
    while head:
        pairs.insert(0, head[-2:])
        head = head[:-2]
    return "-" * (cents < 0) + ",".join([*pairs, tail]) + "." + rest


# --- dates ----------------------------------------------------------------------------------------

MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "sv": "januari februari mars april maj juni juli augusti september oktober november december",
    "fi": "tammikuu helmikuu maaliskuu huhtikuu toukokuu kesäkuu heinäkuu elokuu syyskuu lokakuu marraskuu joulukuu",
}


def name_month(day: dt.date, language: str) -> str:
    """Return the month's name in a language."""
    return MONTHS[language].split()[day.month - 1]


def count_days(day: dt.date) -> int:
    """Return the day as Excel counts it."""
    return (day - DAYS_BEFORE_1900).days


# --- files ----------------------------------------------------------------------------------------


def encode_text(
    rows: Iterable[Row],
    sep: str = ",",
    encoding: str = "utf-8",
    quoting: int = csv.QUOTE_MINIMAL,
    before: str = "",
    after: str = "",
) -> bytes:
    """Return rows as a text file; ``before`` and ``after`` are lines that are no part of the table."""
    target = io.StringIO()
    # Excel and most of the systems end a line in CR LF.
    writer = csv.writer(target, delimiter=sep, quoting=quoting, lineterminator="\r\n")  # type: ignore[arg-type]
    writer.writerows(rows)
    return (before + target.getvalue() + after).encode(encoding)


@dataclass(frozen=True)
class Merge:
    """Cells of one row that are one: the row, the first and the last column (from 0), and what is in it."""

    row: int
    first: int
    last: int
    text: str


def draw_book(
    sheets: Mapping[str, Sequence[Row]], merges: Sequence[Merge] = (), hidden: Sequence[str] = ()
) -> bytes:
    """Return a workbook with these sheets, days and times as Excel has them; ``merges`` are of the first sheet."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "default_date_format": "dd.mm.yyyy"})
    book.set_properties({"created": MADE})
    hours = book.add_format({"num_format": "[h]:mm"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        if name in hidden:
            sheet.hide()
        for place, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, dt.timedelta):
                    sheet.write_number(place, column, cell.total_seconds() / 86_400, hours)
                elif isinstance(cell, dt.date):
                    sheet.write_datetime(place, column, cell)
                elif isinstance(cell, str):
                    sheet.write_string(place, column, cell)
                elif cell is not None:
                    sheet.write_number(place, column, cell)
    for merge in merges:
        book.worksheets()[0].merge_range(merge.row, merge.first, merge.row, merge.last, merge.text)
    book.close()
    return target.getvalue()
