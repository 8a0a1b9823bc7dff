"""Conversion: the cells of one column as its rule says that they are meant, each different cell once."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from xlprofit.checks import dates as single_dates
from xlprofit.checks.cells import Other
from xlprofit.checks.faults import Trouble
from xlprofit.checks.numbers import currency_of, number
from xlprofit.checks.words import cleaned
from xlprofit.importing.contents import is_sap_period
from xlprofit.importing.export import Cell, is_blank
from xlprofit.importing.header_rows import find_month_word
from xlprofit.importing.profile import ColumnRule, Order
from xlprofit.sources.conventions import rewrite_decimal
from xlprofit.tables import Column

_CLOCK = re.compile(r"([0-9]{1,4}):([0-5][0-9])(?::([0-5][0-9]))?")
_COUNTED = re.compile(
    r"(?:([0-9]+(?:[.,][0-9]+)?)\s*(?:h|hrs?|hours?|std\.?|tim|t)\b\.?\s*)?(?:([0-9]+(?:[.,][0-9]+)?)\s*(?:m|min|mins|minutes?|minuten|minuuttia)\b\.?)?",
    re.IGNORECASE,
)
_WORDED = re.compile(r"([0-9]{1,2})[. \-]+([^\W\d_]{3,12})\.?[, \-]+([0-9]{4})")


@dataclass(frozen=True)
class YearStart:
    """The year of dates without one, and the month in which it begins."""

    year: int
    month: int = 1


def convert_each(cells: Sequence[Cell], change: Callable[[Cell], Cell]) -> list[Cell]:
    """Return cells changed, each different text once; a cell of another kind by itself."""
    known: dict[str, Cell] = {}
    found: list[Cell] = []
    for cell in cells:
        if isinstance(cell, str):
            if cell not in known:
                known[cell] = change(cell)
            found.append(known[cell])
        else:
            found.append(change(cell))
    return found


def strip_marks(cell: Cell) -> Cell:
    """Return a text without the apostrophe or the ="…" that keep a spreadsheet from reading it as a number."""
    if not isinstance(cell, str):
        return cell
    text = cell.strip()
    if text.startswith('="') and text.endswith('"'):
        return text[2:-1]
    return text[1:] if text.startswith("'") and not text.endswith("'") else cell


def extract_part(pattern: str, cell: Cell) -> Cell:
    """Return what the first group of a pattern finds in a cell; the cell as it is where it finds nothing."""
    if is_blank(cell):
        return cell
    found = re.search(pattern, cell if isinstance(cell, str) else _write_plainly(cell))
    return found[1 if found.re.groups else 0] if found else cell


def _write_plainly(cell: Cell) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


# --- dates -----------------------------------------------------------------------------------------


def convert_dates(rule: ColumnRule, cells: Sequence[Cell], start: YearStart | None) -> list[Cell]:
    """Return dates as 2024-03-01 where the rule says how they are meant; what does not fit stays as it is.

    Beside real dates a text stays as it is too, so that days and months which Excel swapped are still found.
    """
    if rule.form == "period":
        return convert_each(cells, _convert_period)
    if rule.form:
        return convert_each(cells, partial(_convert_form, rule.form, start))
    if any(isinstance(cell, dt.date) for cell in cells):
        return list(cells)
    return convert_each(cells, partial(_convert_day, rule.order))


def contradicts_order(order: Order, cells: Sequence[Cell]) -> str:
    """Return a text that shows the other order of day and month than a rule says; nothing where none does."""
    other = {"day": "month", "month": "day"}.get(order, "")
    texts = sorted({cell for cell in cells if isinstance(cell, str)})
    return next((text for text in texts if other and single_dates.order_of(text)[0] == other), "")


def _convert_day(order: Order, cell: Cell) -> Cell:
    if not isinstance(cell, str) or is_blank(cell):
        return cell
    text = cleaned(cell)
    if worded := _WORDED.match(text):
        month = find_month_word(worded[2])
        return f"{worded[3]}-{month:02d}-{int(worded[1]):02d}" if month else cell
    if is_sap_period(text):
        return cell
    if not order:
        return cell
    day = single_dates.day(text, order)
    return cell if isinstance(day, Trouble) else str(day)


def _convert_period(cell: Cell) -> Cell:
    """Return the last day of a period of SAP, 001.2024; one above 12 (of the closing of the year) is in December."""
    found = re.fullmatch(r"0?([0-9]{2})[./]([0-9]{4})", cell.strip()) if isinstance(cell, str) else None
    if not found or not 1 <= int(found[1]) <= 16:
        return cell
    return end_month(int(found[2]), min(int(found[1]), 12))


def end_month(year: int, month: int) -> str:
    """Return the last day of a month.

    >>> end_month(2024, 2)
    '2024-02-29'
    """
    following = dt.date(year + month // 12, month % 12 + 1, 1)
    return (following - dt.timedelta(days=1)).isoformat()


def _convert_form(form: str, start: YearStart | None, cell: Cell) -> Cell:
    if is_blank(cell) or isinstance(cell, dt.date):
        return cell
    text = _write_plainly(cell).strip()
    if re.fullmatch(r"(?:%[dmyYHMS])+", form) and text.isdigit():
        text = text.zfill(2 * form.count("%") + 2 * form.count("%Y"))
    with_year = "%y" in form.lower()
    try:
        if with_year or start is None:
            found = dt.datetime.strptime(text, form)
        else:
            found = dt.datetime.strptime(f"{text} {start.year}", f"{form} %Y")
            if found.month < start.month:
                found = found.replace(year=start.year + 1)
    except ValueError:
        return Other(text)
    return found.date().isoformat()


# --- numbers ---------------------------------------------------------------------------------------


def read_amount(cell: Cell, decimal: str) -> float | None:
    """Return the number that a cell is, whatever its currency; ``None`` where it is blank or none."""
    if isinstance(cell, bool) or is_blank(cell):
        return None
    if isinstance(cell, int | float):
        return float(cell)
    if not isinstance(cell, str):
        return None
    text = cell.rstrip("% ") if cell.rstrip().endswith("%") else cell
    mark = currency_of(text)
    found = number(text, mark or "EUR", decimal)
    return None if isinstance(found, Trouble) else found


def convert_numbers(rule: ColumnRule, column: Column, cells: Sequence[Cell]) -> list[Cell]:
    """Return numbers as the rule says that they are meant; what does not fit is left for the checks to name."""
    if rule.unit in ("hours", "minutes"):
        return convert_each(
            cells, partial(_convert_duration, 1.0 if rule.unit == "hours" else 60.0, rule.decimal)
        )
    factor = (-1.0 if rule.sign == "turned" else 1.0) * rule.scale
    if factor != 1.0:
        return convert_each(cells, partial(_multiply, factor, rule.decimal))
    if rule.decimal:
        return convert_each(cells, partial(_rewrite, rule.decimal))
    return list(cells)


def _rewrite(decimal: str, cell: Cell) -> Cell:
    return rewrite_decimal(cell, decimal) if isinstance(cell, str) and not is_blank(cell) else cell


def _multiply(factor: float, decimal: str, cell: Cell) -> Cell:
    value = read_amount(cell, decimal)
    if value is None:
        return cell
    if isinstance(cell, str) and currency_of(cell):
        return f"{value * factor!r} {currency_of(cell)}"
    return 0.0 + value * factor


def _convert_duration(per_hour: float, decimal: str, cell: Cell) -> Cell:
    """Return a duration in hours, or in minutes where ``per_hour`` is 60; a plain number stays."""
    if isinstance(cell, dt.timedelta):
        return cell.total_seconds() / 3600 * per_hour
    if isinstance(cell, dt.time):
        return (cell.hour + cell.minute / 60 + cell.second / 3600) * per_hour
    if not isinstance(cell, str):
        return cell
    text = cleaned(cell)
    if found := _CLOCK.fullmatch(text):
        return (int(found[1]) + int(found[2]) / 60 + int(found[3] or 0) / 3600) * per_hour
    counted = _COUNTED.fullmatch(text)
    if counted and (counted[1] or counted[2]):
        hours, minutes = (float((part or "0").replace(",", ".")) for part in counted.groups())
        return (hours + minutes / 60) * per_hour
    return _rewrite(decimal, cell) if decimal else cell
