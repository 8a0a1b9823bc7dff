"""Dates and periods: what a text plainly says as a day, a month, a quarter or a year."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit.findings import phrase
from xlprofit.languages import read_months
from xlprofit.reading.faults import Trouble, quote_value
from xlprofit.reading.words import is_failed, normalize_text, report_failed_formula

FIRST_YEAR, LAST_YEAR = 1900, 2100
"""Years that a date may lie in."""

_ZONE = r"(?:Z|UTC|[+-][0-9]{2}(?::?[0-9]{2})?|[AaPp]\.?[Mm]\.?)?"
_TIME = r"(?:,?[T ]+[0-9]{1,2}[:.][0-9]{2}(?:[:.][0-9]{2}(?:[.,][0-9]+)?)?\s*" + _ZONE + ")?"
_YEAR_FIRST = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})\.?" + _TIME)
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_YEAR_LAST = re.compile(r"([0-9]{1,2})([-/.])\s*([0-9]{1,2})\2\s*([0-9]{4})" + _TIME)
_DAY_MONTH = re.compile(r"([0-9]{1,2})[-. ]+([^\W\d_]{3,12})\.?[-, ]+([0-9]{4})" + _TIME, re.IGNORECASE)
_MONTH_DAY = re.compile(
    r"([^\W\d_]{3,12})\.?[- ]+([0-9]{1,2})[-,]?[- ]*(?<=[-, ])([0-9]{4})" + _TIME, re.IGNORECASE
)
_SHORT_YEAR = re.compile(r"[0-9]{1,2}[-/. ]+(?:[0-9]{1,2}|[^\W\d_]{3,12})[-/. ]+[0-9]{2}")

_MONTH = re.compile(
    r"(?P<y>[0-9]{4})[-/. ]M?(?P<m>[0-9]{1,2})|(?P<y2>[0-9]{4})M?(?P<m2>[0-9]{2})"
    r"|M?(?P<m3>[0-9]{1,2})[-/. ](?P<y3>[0-9]{4})",
    re.IGNORECASE,
)
_QUARTER = re.compile(
    r"(?P<y>[0-9]{4})[-/ ]?Q(?P<q>[1-4])|Q(?P<q2>[1-4])[-/ ]?(?P<y2>[0-9]{4})", re.IGNORECASE
)
_WORD_MONTH = re.compile(
    r"(?P<m>[^\W\d_]{3,12})\.?[-/ ](?P<y>[0-9]{4})|(?P<y2>[0-9]{4})[-/ ](?P<m2>[^\W\d_]{3,12})", re.IGNORECASE
)


Order = Literal["", "day", "month"]
"""Which of day and month comes first where slashes or dashes part them: ``""`` where it is not known."""


def find_date_order(text: str) -> tuple[Order, bool]:
    """Return which of day and month comes first, as a text shows by itself, and whether it leaves that open.

    A text of another form, or one in which day and month are alike, says nothing of either.

    >>> find_date_order("13/02/2024"), find_date_order("01/02/2024"), find_date_order("2024-02-13")
    (('day', False), ('', True), ('', False))
    """
    found = _YEAR_LAST.fullmatch(normalize_text(text))
    if not found or found[2] == ".":
        return "", False
    first, second = int(found[1]), int(found[3])
    if max(first, second) > 31 or min(first, second) > 12 or first == second:
        return "", False
    return "day" if first > 12 else "month" if second > 12 else "", first <= 12 and second <= 12


def swap_day_and_month(days: npt.NDArray[np.datetime64]) -> npt.NDArray[np.datetime64]:
    """Return days with their day and month swapped; none of them may lie after the 12th of a month."""
    years, months = days.astype("datetime64[Y]"), days.astype("datetime64[M]")
    month = (days - months.astype("datetime64[D]")).astype(np.int64)
    of_month = (months - years.astype("datetime64[M]")).astype(np.int64)
    swapped = (years.astype("datetime64[M]") + month).astype("datetime64[D]") + of_month
    return np.asarray(swapped, dtype="datetime64[D]")


def parse_day(text: str, order: Order = "") -> np.datetime64 | Trouble:
    """Return the day that a text plainly is, or what is wrong with it; a time of day is dropped.

    The year comes first (``2024-03-01``), or dots part day, month and year (``1.3.2024``), or slashes
    where only one reading is left (``13/02/2024``), or the month is a word of a language. ``order``
    says which of day and month comes first where the column as a whole says it.

    >>> parse_day("13/02/2024"), parse_day("1.3.2024"), parse_day("01/02/2024", "month")
    (np.datetime64('2024-02-13'), np.datetime64('2024-03-01'), np.datetime64('2024-01-02'))
    """
    clean = normalize_text(text)
    if is_failed(clean):
        return report_failed_formula(clean)
    if found := _YEAR_FIRST.fullmatch(clean):
        return _build_day(text, found[1], found[3], found[4])
    if found := _COMPACT.fullmatch(clean):
        return _build_day(text, found[1], found[2], found[3])
    if found := _YEAR_LAST.fullmatch(clean):
        return _parse_year_last(text, found[1], found[3], found[4], "day" if found[2] == "." else order)
    if found := _DAY_MONTH.fullmatch(clean):
        return _build_day(text, found[3], _find_month_number(found[2]), found[1])
    if found := _MONTH_DAY.fullmatch(clean):
        return _build_day(text, found[3], _find_month_number(found[1]), found[2])
    if _SHORT_YEAR.fullmatch(clean):
        return Trouble("C07", phrase("C07", "year_two_digits", text=quote_value(text)))
    return report_no_date(text)


def report_no_date(value: object) -> Trouble:
    """Return the trouble of a value that is no date."""
    return Trouble("C06", phrase("C06", "not_date", value=quote_value(value)))


def report_date_serial(number: float) -> Trouble:
    """Return the trouble of a number in a date column: which day Excel would show for it."""
    what = phrase("C05", "number_where_date", value=quote_value(number))
    if not 20_000 <= number < 73_051:
        return Trouble("C05", what)
    meant = date(1899, 12, 30) + timedelta(days=int(number))
    return Trouble("C05", what, phrase("C05", "format_column_date", day=meant))


def check_year(value: np.datetime64) -> np.datetime64 | Trouble:
    """Return the day, or the trouble of one that lies before or after any that can be meant."""
    year = int(value.astype("datetime64[Y]").astype(np.int64)) + 1970
    if FIRST_YEAR <= year <= LAST_YEAR:
        return value
    day = str(value.astype("datetime64[D]"))
    if year < FIRST_YEAR:
        what = phrase("C06", "before", day=day, year=str(FIRST_YEAR))
    else:
        what = phrase("C06", "after", day=day, year=str(LAST_YEAR))
    return Trouble("C06", what, phrase("C06", "correct_year"))


def parse_period(value: object, order: Order = "") -> str | Trouble:
    """Return the label of a period: ``2024-03``, ``2024-Q1`` or ``2024``. A date is its month.

    >>> parse_period("Q1 2024"), parse_period(2024.0), parse_period("03/2024")
    ('2024-Q1', '2024', '2024-03')
    """
    if isinstance(value, np.datetime64):
        inside = check_year(value)
        return inside if isinstance(inside, Trouble) else str(inside.astype("datetime64[M]"))
    if isinstance(value, pd.Period):
        return _label_period(value)
    if isinstance(value, float):
        text = str(int(value)) if value.is_integer() and 1000 <= value < 1_000_000 else ""
        return _parse_period_text(text, value, order)
    if isinstance(value, str):
        return _parse_period_text(normalize_text(value), value, order)
    return _report_no_period(value)


def _label_period(value: pd.Period) -> str | Trouble:
    unit = value.freqstr.split("-")[0]
    if unit in ("D", "B", "h", "min", "s"):
        unit = "M"
    labels = {"M": f"{value.year:04d}-{value.month:02d}", "Q": f"{value.year:04d}-Q{value.quarter}"}
    label = labels.get(unit, f"{value.year:04d}")
    known = unit in ("M", "Q", "Y", "A") and FIRST_YEAR <= value.year <= LAST_YEAR
    return label if known else _report_no_period(str(value))


def _parse_period_text(text: str, value: object, order: Order) -> str | Trouble:
    if is_failed(text):
        return report_failed_formula(text)
    if re.fullmatch(r"[0-9]{4}", text):
        return text if _is_year_in_reach(text) else _report_no_period(value)
    parts = _split_period_text(text)
    if parts is None:
        of_day = parse_day(text, order)
        return _report_no_period(value) if isinstance(of_day, Trouble) else parse_period(of_day)
    year, month, quarter = parts
    if not _is_year_in_reach(year) or not 1 <= int(month) <= 12:
        return _report_no_period(value)
    return f"{year}-Q{quarter}" if quarter else f"{year}-{int(month):02d}"


def _split_period_text(text: str) -> tuple[str, str, str] | None:
    """Return the year, month and quarter of a month or a quarter; ``None`` for what is neither."""
    if found := _QUARTER.fullmatch(text):
        return _pick_group(found, "y"), "1", _pick_group(found, "q")
    if found := _MONTH.fullmatch(text):
        return _pick_group(found, "y"), _pick_group(found, "m"), ""
    if found := _WORD_MONTH.fullmatch(text):
        return _pick_group(found, "y"), _find_month_number(_pick_group(found, "m")), ""
    return None


def _pick_group(found: re.Match[str], letter: str) -> str:
    """Return what was found by whichever of the groups of this letter took part."""
    return next(text for name, text in found.groupdict().items() if name[0] == letter and text)


def _is_year_in_reach(year: str) -> bool:
    return FIRST_YEAR <= int(year) <= LAST_YEAR


def _report_no_period(value: object) -> Trouble:
    lost = isinstance(value, float) and 20_000 <= value < 73_051
    fix = phrase("C09", "format_column_date") if lost else None
    return Trouble("C09", phrase("C09", "not_period", value=quote_value(value)), fix)


def _parse_year_last(text: str, first: str, second: str, year: str, order: Order) -> np.datetime64 | Trouble:
    """Return the day of ``1.3.2024`` or ``13/02/2024``; trouble where two readings are left."""
    if order == "day" or (not order and int(first) > 12) or first.zfill(2) == second.zfill(2):
        return _build_day(text, year, second, first)
    if order == "month" or int(second) > 12:
        return _build_day(text, year, first, second)
    either = _build_day(text, year, second, first), _build_day(text, year, first, second)
    if any(isinstance(one, Trouble) for one in either):
        return report_no_date(text)
    return Trouble(
        "C07",
        phrase(
            "C07",
            "may_mean",
            text=quote_value(text),
            one=quote_value(either[0]),
            other=quote_value(either[1]),
        ),
    )


def _find_month_number(word: str) -> str:
    return str(read_months().get(word.casefold(), 0))


def _build_day(text: str, year: str, month: str, of_month: str) -> np.datetime64 | Trouble:
    try:
        found = date(int(year), int(month), int(of_month))
    except ValueError:
        return Trouble("C06", phrase("C06", "not_day_calendar", text=quote_value(text)))
    return check_year(np.datetime64(found, "D"))
