"""Inference: the conventions of one column of an export, from all of its cells."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from operator import itemgetter

from xlprofit.importing.exports.amount_words import TOTALS
from xlprofit.importing.exports.contents import (
    WORDED_SHORT,
    ColumnLook,
    are_day_numbers,
    is_sap_period,
    is_serial,
    strip_weekday,
)
from xlprofit.importing.exports.export import Cell, collect_distinct, is_blank_cell
from xlprofit.importing.exports.months import is_month, read_month
from xlprofit.importing.profiles.rules import ColumnRule, Order
from xlprofit.reading.conventions import dates, marks
from xlprofit.reading.word_patterns import join_words
from xlprofit.reading.words import normalize_text
from xlprofit.tables import TABLES, ColumnSpec

_DIGITS = str.maketrans("123456789", "999999999")
_SHORT = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{2})(?![0-9])(?P<rest>.*)")
_COUNTED = re.compile(
    rf"(?<![0-9])[0-9]+(?:[.,][0-9]+)?\s*(?:{join_words('counted_hours', 'counted_minutes')})(?!\w)",
    re.IGNORECASE,
)

_PARTED = re.compile(r"([0-9]{1,2})[-/]([0-9]{1,2})[-/]([0-9]{4})")

FEWEST_DAYS = 12
"""So many different dates in a row that stand sorted in one order only are no chance."""

RUNS = 3
"""A column with at least so many blanks below values that never come again is one in which a blank repeats."""


def infer_rule(
    table: str, column: ColumnSpec, header: str, cells: Sequence[Cell], look: ColumnLook
) -> ColumnRule:
    """Return how a column is read: its header, and what all of its cells together say of their conventions."""
    rule = ColumnRule(headers=(header,) if header else ())
    if column.kind in ("date", "period"):
        return _infer_dates(rule, cells, column)
    if column.kind in ("number", "share"):
        return _infer_numbers(rule, table, column, cells, look)
    return rule


def list_shapes(cells: Iterable[Cell]) -> list[str]:
    """Return the different shapes of the numbers that are written as texts: their digits all alike, but for 0."""
    texts = {cell.translate(_DIGITS) for cell in cells if isinstance(cell, str)}
    shapes = {
        text[: _first_digit(text) + 1] + text[_first_digit(text) + 1 :].replace("0", "9") for text in texts
    }
    return sorted(shapes)


def _first_digit(text: str) -> int:
    return next((at for at, c in enumerate(text) if c.isdigit()), 0)


def find_decimal(cells: Sequence[Cell]) -> str:
    """Return the mark that plainly parts the decimals of a column; nothing where none does."""
    shapes = list_shapes(cells)
    return marks.settle_marks(shapes, False).decimal if shapes else ""


def _infer_number_form(distinct: Sequence[Cell]) -> str:
    """Return the form of dates that are numbers: Excel's days or digits such as 20240131; nothing for others."""
    if is_serial(distinct):
        return "serial"
    return "%Y%m%d" if are_day_numbers(distinct) else ""


def _infer_dates(rule: ColumnRule, cells: Sequence[Cell], column: ColumnSpec) -> ColumnRule:
    distinct = collect_distinct(cells)
    numbered = _infer_number_form(distinct) if column.kind == "date" else ""
    if numbered:
        return replace(rule, form=numbered)
    texts = _list_day_texts(distinct)
    if not texts:
        return rule
    form = _infer_form(texts) if column.kind == "date" else ""
    if form:
        return replace(rule, form=form)
    short = [found for text in texts if (found := _SHORT.fullmatch(text))]
    if len(short) * 2 > len(texts):
        return _infer_short_years(rule, short)
    return replace(rule, order=_infer_order(texts, cells))


def _list_day_texts(cells: Iterable[Cell]) -> set[str]:
    """Return the texts among some cells, without a day of the week before them and a time behind them."""
    texts = {strip_weekday(normalize_text(cell)) for cell in cells if isinstance(cell, str)}
    return {re.split(r"[T ](?=[0-9]{1,2}:)", text)[0] for text in texts}


def _infer_order(texts: Collection[str], cells: Sequence[Cell]) -> Order:
    """Return the order of day and month that a date shows; where all leave it open, the one they stand sorted in."""
    told = dates.settle_date_order(texts)
    return told.order or (guess_order(cells) if told.open and told.against is None else "")


def _infer_form(texts: Collection[str]) -> str:
    """Return the form of dates that is no date of numbers: that of most, months or weeks that of all; else nothing."""
    if sum(map(is_sap_period, texts)) * 2 > len(texts):
        return "period"
    if sum(bool(WORDED_SHORT.fullmatch(text)) for text in texts) * 2 > len(texts):
        return "worded"
    return _name_stretch([text for text in texts if not re.match(TOTALS, text)])


def _name_stretch(texts: Collection[str]) -> str:
    """Return ``week`` where all texts are one, ``month`` where they are months too; else nothing."""
    if not texts or not all(map(is_month, texts)):
        return ""
    return "week" if all(month is not None and month.week for month in map(read_month, texts)) else "month"


def _infer_short_years(rule: ColumnRule, short: Sequence[re.Match[str]]) -> ColumnRule:
    """Return a rule for dates with years of two digits, where the order of their parts is plain."""
    mark = short[0][2]
    order = "day" if mark == "." else dates.settle_date_order(f"{f[1]}/{f[3]}/20{f[4]}" for f in short).order
    if not order or any(found[2] != mark for found in short):
        return rule
    form = f"%d{mark}%m{mark}%y" if order == "day" else f"%m{mark}%d{mark}%y"
    return replace(rule, form=form)


def _infer_numbers(
    rule: ColumnRule, table: str, column: ColumnSpec, cells: Sequence[Cell], look: ColumnLook
) -> ColumnRule:
    if look.duration >= 0.5 or (column.kind == "number" and _counts_hours(look)):
        return replace(rule, unit="hours")
    rule = replace(rule, decimal=_infer_decimal(column, cells))
    turned = column.name in TABLES[table].written_as("revenue", "owed", "cost")
    return replace(rule, sign="turned") if turned and _is_turned(cells) else rule


def _counts_hours(look: ColumnLook) -> bool:
    """Whether two of a column's first values say that they are hours or minutes."""
    return sum(bool(_COUNTED.search(text)) for text in look.examples) >= 2


def _infer_decimal(column: ColumnSpec, cells: Sequence[Cell]) -> str:
    """Return the mark of decimals that a column plainly has, as amounts or counts are written; else nothing."""
    shapes = list_shapes(cells)
    found = marks.settle_marks(shapes, column.unit == "currency") if shapes else None
    return found.decimal if found is not None and not found.assumed and found.against is None else ""


def _is_turned(cells: Sequence[Cell]) -> bool:
    """Whether most amounts of a column bear a minus."""
    below = held = 0
    for cell in cells:
        if isinstance(cell, str):
            text = cell.strip()
            held += bool(text) and any("1" <= c <= "9" for c in text)
            below += text[:1] in ("-", "(", "\u2212", "\u2013") or text[-1:] == "-"
        elif isinstance(cell, int | float) and not isinstance(cell, bool) and cell == cell:
            held += cell != 0
            below += cell < 0
    return held > 0 and 2 * below > held


def is_filled_down(cells: Sequence[Cell], other: Sequence[Cell]) -> bool:
    """Whether a blank cell of a column means the one above: each value stands once, over blanks beside filled cells.

    ``other`` is a column that every row of the table has.
    """
    if all(map(is_blank_cell, cells[:3])):
        return False
    held = [cell for cell in cells if not is_blank_cell(cell)]
    blank = sum(
        is_blank_cell(cell) and not is_blank_cell(beside) for cell, beside in zip(cells, other, strict=False)
    )
    stands_once = len(held) <= 1.05 * len(set(map(str, held)))
    return len(held) >= 2 and blank >= max(RUNS, len(held) // 2) and stands_once


def guess_order(cells: Sequence[Cell]) -> Order:
    """Return the order of day and month in which the dates of an export stand sorted; empty where neither is plain.

    A column of which no date is after the 12th of a month says nothing else of it.
    """
    texts = list(filter(None, (cell.strip() for cell in cells if isinstance(cell, str))))
    found = [match for text in texts if (match := _PARTED.match(text))]
    parts = [tuple(map(int, match.groups())) for match in found]
    if len(set(parts)) < FEWEST_DAYS or len(parts) < len(texts):
        return ""
    sorted_day = _is_sorted([*map(itemgetter(2, 1, 0), parts)])
    sorted_month = _is_sorted([*map(itemgetter(2, 0, 1), parts)])
    if sorted_day == sorted_month:
        return ""
    return "day" if sorted_day else "month"


def _is_sorted(values: Sequence[tuple[int, ...]]) -> bool:
    up = all(a <= b for a, b in pairwise(values))
    return up or all(a >= b for a, b in pairwise(values))
