"""Conversion: the cells of one column as its rule says that they are meant, each different cell once."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from xlprofit.importing.exports.contents import WORDED_SHORT, is_sap_period, is_serial, strip_weekday
from xlprofit.importing.exports.export import Cell, is_blank_cell
from xlprofit.importing.exports.months import end_month, find_month_word, read_header, read_month
from xlprofit.importing.profiles.profile_fields import LONGEST_SEARCHED
from xlprofit.importing.profiles.rules import ColumnRule, Order
from xlprofit.reading import dates as single_dates
from xlprofit.reading.cells import Other
from xlprofit.reading.faults import Trouble
from xlprofit.reading.numbers import find_currency, parse_number
from xlprofit.reading.word_patterns import join_words
from xlprofit.reading.words import normalize_text
from xlprofit.sources.decimals import rewrite_decimal
from xlprofit.sources.watch import check_time
from xlprofit.tables import ColumnSpec

_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CLOCK = re.compile(r"([0-9]{1,4}):([0-5][0-9])(?::([0-5][0-9]))?")
_HOURS, _MINUTES = join_words("counted_hours"), join_words("counted_minutes")
_COUNTED = re.compile(
    rf"(?:([0-9]+(?:[.,][0-9]+)?)\s*(?:{_HOURS})(?!\w)\.?\s*)?(?:([0-9]+(?:[.,][0-9]+)?)\s*(?:{_MINUTES})\b\.?)?",
    re.IGNORECASE,
)
_WORD_FIRST = re.compile(r"(?P<word>[^\W\d_]{3,12})\.?[ -](?P<day>[0-9]{1,2})(?:,? |-)(?P<year>[0-9]{4})")
_WORDED = re.compile(r"(?P<day>[0-9]{1,2})[. \-]+(?P<word>[^\W\d_]{3,12})\.?[, \-]+(?P<year>[0-9]{4})")


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
                check_time()
                known[cell] = change(cell)
            found.append(known[cell])
        else:
            found.append(change(cell))
    return found


def extract_part(pattern: str, cell: Cell) -> Cell:
    """Return what the first group of a pattern finds in a cell; the cell as it is where it finds nothing."""
    if is_blank_cell(cell):
        return cell
    text = cell if isinstance(cell, str) else _write_plainly(cell)
    found = re.search(pattern, text[:LONGEST_SEARCHED])
    return found[1 if found.re.groups else 0] if found else cell


def _write_plainly(cell: Cell) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


# --- dates -----------------------------------------------------------------------------------------


def convert_dates(rule: ColumnRule, cells: Sequence[Cell], start: YearStart | None) -> list[Cell]:
    """Return dates as 2024-03-01 where the rule says how they are meant; what does not fit stays as it is.

    Beside real dates a text stays as it is too, so that days and months which Excel swapped are still found.
    """
    cells = convert_each(cells, _drop_empty_day)
    named = {
        "period": _convert_period,
        "month": _convert_month,
        "week": _convert_month,
        "worded": _convert_worded,
        "serial": _convert_serial,
    }
    if rule.form in named:
        return convert_each(cells, named[rule.form])
    if rule.form:
        return convert_each(cells, partial(_convert_form, rule.form, start))
    if any(isinstance(cell, dt.date) for cell in cells):
        return list(cells)
    return convert_each(cells, partial(_convert_day, rule.order))


_EMPTY_DAY = re.compile(r"0{1,4}([./-])0{1,2}\1(?:0{4}|0{2})(?: 0{1,2}:00(?::00)?)?|0{8}")
"""What systems write where there is no day."""


def _drop_empty_day(cell: Cell) -> Cell:
    return None if isinstance(cell, str) and _EMPTY_DAY.fullmatch(cell.strip()) else cell


def contradicts_order(order: Order, cells: Sequence[Cell]) -> str:
    """Return a text that shows the other order of day and month than a rule says; nothing where none does."""
    other = {"day": "month", "month": "day"}.get(order, "")
    texts = sorted({cell for cell in cells if isinstance(cell, str)})
    return next((text for text in texts if other and single_dates.find_date_order(text)[0] == other), "")


def _convert_day(order: Order, cell: Cell) -> Cell:
    if not isinstance(cell, str) or is_blank_cell(cell):
        return cell
    text = strip_weekday(normalize_text(cell))
    if worded := _WORDED.match(text) or _WORD_FIRST.match(text):
        month = find_month_word(worded["word"])
        return f"{worded['year']}-{month:02d}-{int(worded['day']):02d}" if month else cell
    if is_sap_period(text):
        return cell
    if not order:
        return text if text != normalize_text(cell) else cell
    day = single_dates.parse_day(text, order)
    return cell if isinstance(day, Trouble) else str(day)


def _convert_period(cell: Cell) -> Cell:
    """Return the last day of a period of SAP, 001.2024; one above 12 (of the closing of the year) is in December."""
    found = re.fullmatch(r"0?([0-9]{2})[./]([0-9]{4})", cell.strip()) if isinstance(cell, str) else None
    if not found or not 1 <= int(found[1]) <= 16:
        return cell
    return end_month(int(found[2]), min(int(found[1]), 12))


def _convert_month(cell: Cell) -> Cell:
    """Return the last day of a month such as Mar 2024, the Thursday of a week such as 2024-W10; a real date stays."""
    month = read_month(read_header(cell)) if not isinstance(cell, dt.date) else None
    return month.find_day() if month is not None and month.year else cell


def _convert_worded(cell: Cell) -> Cell:
    """Return 05-MAR-24 as a day of this century, or of the last where it would lie more than 50 years on."""
    found = WORDED_SHORT.fullmatch(normalize_text(cell)) if isinstance(cell, str) else None
    month = find_month_word(found["word"] or found["first_word"]) if found else 0
    if not found or not month:
        return cell
    year = int(found["year"]) + (2000 if int(found["year"]) < 69 else 1900)
    return f"{year}-{month:02d}-{int(found['day'] or found['next_day']):02d}"


def _convert_serial(cell: Cell) -> Cell:
    """Return the day that Excel shows for a number."""
    if not is_serial([cell]):
        return cell
    days = int(str(cell).strip()[:5])
    return (dt.date(1899, 12, 30) + dt.timedelta(days=days)).isoformat()


def convert_year_months(months: Sequence[Cell], years: Sequence[Cell]) -> list[Cell]:
    """Return the last day of each month that stands in two columns, as a number or a word and the year."""
    found: list[Cell] = []
    for cell, year in zip(months, years, strict=True):
        text, which = read_header(cell), read_header(year)
        number = int(text) if text.isdigit() and len(text) <= 2 else find_month_word(text.rstrip("."))
        whole = read_month(text)
        if whole is not None and whole.year:
            found.append(whole.find_day())
        elif 1 <= number <= 12 and re.fullmatch(r"(?:19|20)[0-9]{2}", which):
            found.append(end_month(int(which), number))
        else:
            found.append(
                None if is_blank_cell(cell) and is_blank_cell(year) else Other(f"{text} {which}".strip())
            )
    return found


def _convert_form(form: str, start: YearStart | None, cell: Cell) -> Cell:
    if is_blank_cell(cell) or isinstance(cell, dt.date):
        return cell
    text = _write_plainly(cell).strip()
    if "%H" not in form and "%I" not in form:
        text = re.split(r"[T ](?=[0-9]{1,2}:)", strip_weekday(text))[0]
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
        return cell if _ISO.match(text) else Other(text)
    return found.date().isoformat()


# --- numbers ---------------------------------------------------------------------------------------


def read_amount(cell: Cell, decimal: str) -> float | None:
    """Return the number that a cell is, whatever its currency; ``None`` where it is blank or none."""
    if isinstance(cell, bool) or is_blank_cell(cell):
        return None
    if isinstance(cell, int | float):
        return float(cell)
    if not isinstance(cell, str):
        return None
    text = cell.rstrip("% ") if cell.rstrip().endswith("%") else cell
    mark = find_currency(text)
    found = parse_number(text, mark or "EUR", decimal)
    return None if isinstance(found, Trouble) else found


def convert_numbers(rule: ColumnRule, column: ColumnSpec, cells: Sequence[Cell]) -> list[Cell]:
    """Return numbers as the rule says that they are meant; what does not fit is left for the checks to name."""
    if rule.unit:
        return convert_each(cells, partial(_convert_duration, _PER_HOUR[rule.unit], rule.decimal))
    if rule.negative_suffix:
        cells = convert_each(cells, partial(_convert_suffix, rule.negative_suffix, rule.decimal))
    factor = (-1.0 if rule.sign == "turned" else 1.0) * rule.scale
    if factor != 1.0:
        return convert_each(cells, partial(_multiply, factor, rule.decimal))
    if rule.decimal:
        return convert_each(cells, partial(_rewrite, rule.decimal))
    return list(cells)


_PER_HOUR: Mapping[str, float] = {"hours": 1.0, "minutes": 60.0, "seconds": 3600.0}


def _rewrite(decimal: str, cell: Cell) -> Cell:
    return rewrite_decimal(cell, decimal) if isinstance(cell, str) and not is_blank_cell(cell) else cell


def _multiply(factor: float, decimal: str, cell: Cell) -> Cell:
    value = read_amount(cell, decimal)
    if value is None:
        return cell
    if isinstance(cell, str) and find_currency(cell):
        return f"{value * factor!r} {find_currency(cell)}"
    return 0.0 + value * factor


def _convert_suffix(negative: str, decimal: str, cell: Cell) -> Cell:
    """Return an amount without the side behind it, negative where that is the one that says so."""
    found = re.fullmatch(r"(.*?)\s*(Dr|Cr|DR|CR|S|H|D|C)\.?", cell.strip()) if isinstance(cell, str) else None
    value = read_amount(found[1], decimal) if found else None
    if found is None or value is None:
        return cell
    return -abs(value) if found[2] == negative else value


def _convert_duration(per_hour: float, decimal: str, cell: Cell) -> Cell:
    """Return a duration in hours; of a plain number so many make one."""
    if isinstance(cell, dt.timedelta):
        return cell.total_seconds() / 3600
    if isinstance(cell, dt.time):
        return cell.hour + cell.minute / 60 + cell.second / 3600
    hours = _read_hours(normalize_text(cell)) if isinstance(cell, str) else None
    if hours is not None:
        return hours
    value = read_amount(cell, decimal)
    return cell if value is None else value / per_hour


def _read_hours(text: str) -> float | None:
    """Return the hours that a text says as a clock or with their unit: 1:30, 1 h 30; ``None`` where it says none."""
    if found := _CLOCK.fullmatch(text):
        return int(found[1]) + int(found[2]) / 60 + int(found[3] or 0) / 3600
    counted = _COUNTED.fullmatch(text)
    if counted and (counted[1] or counted[2]):
        hours, minutes = (float((part or "0").replace(",", ".")) for part in counted.groups())
        return hours + minutes / 60
    return None
