"""Months: the month or the week that a header or a cell names, in words or in numbers, perhaps with a measure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from xlprofit.importing.exports.export import Cell, is_blank_cell
from xlprofit.languages import read_months, read_numbered_words
from xlprofit.reading.word_patterns import join_words
from xlprofit.reading.words import normalize_text


@dataclass(frozen=True)
class Month:
    """A month that a header names; a ``year`` of 0 is not said. A ``quarter`` is known by its last month.

    A ``week`` is that of ISO 8601, and lies in the month and the year of its Thursday, as most of its days do.
    ``measure`` are the words beside it, where a month has several columns: 2024-01 Cost.
    """

    month: int
    year: int = 0
    quarter: bool = False
    measure: str = ""
    week: int = 0

    def find_day(self, year: int = 0) -> str:
        """Return its last day, of a week its Thursday; in ``year`` where it says none of its own.

        >>> Month(2, 2024).find_day(), Month(2).find_day(2023), Month(1, 2025, week=1).find_day()
        ('2024-02-29', '2023-02-28', '2025-01-02')
        """
        if self.week:
            return dt.date.fromisocalendar(self.year, self.week, 4).isoformat()
        return end_month(self.year or year, self.month)


def end_month(year: int, month: int) -> str:
    """Return the last day of a month.

    >>> end_month(2024, 2)
    '2024-02-29'
    """
    following = dt.date(year + month // 12, month % 12 + 1, 1)
    return (following - dt.timedelta(days=1)).isoformat()


def read_header(cell: Cell) -> str:
    """Return a header as it reads: 2024 and not 2024.0, the month of a date."""
    if is_blank_cell(cell):
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.date):
        return f"{cell:%Y-%m-%d}" if cell.day != 1 else f"{cell:%Y-%m}"
    return normalize_text(str(cell)).strip("\"'| ")


_YEAR = r"(?P<year>(?:19|20)[0-9]{2}|'?[0-9]{2})"
_WORD_FIRST = re.compile(rf"(?P<word>[^\W\d_]{{3,12}})\.?(?:[ \-/.,']*{_YEAR})?")
_YEAR_FIRST = re.compile(rf"{_YEAR}[ \-/.]+(?P<word>[^\W\d_]{{3,12}})\.?")
_NUMBERS = re.compile(r"(?P<year>(?:19|20)[0-9]{2})[ \-/.]?M?(?P<month>0?[1-9]|1[0-2])")
_NUMBERS_LAST = re.compile(r"(?:M|0)?(?P<month>0?[1-9]|1[0-2])[\-/. ](?P<year>(?:19|20)[0-9]{2})")
_QUARTER_FIRST = re.compile(
    rf"(?:{join_words('quarters')})\s?(?P<quarter>[1-4])[ \-/.']*{_YEAR}",
    re.IGNORECASE,
)
_QUARTER_LAST = re.compile(
    rf"{_YEAR}[ \-/.]*(?:{join_words('quarters')})\s?(?P<quarter>[1-4])", re.IGNORECASE
)
_WEEK = r"(?P<week>0?[1-9]|[1-4][0-9]|5[0-3])"
_WEEK_FIRST = re.compile(
    rf"(?:{join_words('weeks')})\.?\s?{_WEEK}[ \-/.']+(?P<year>(?:19|20)[0-9]{{2}})", re.IGNORECASE
)
_WEEK_LAST = re.compile(
    rf"(?P<year>(?:19|20)[0-9]{{2}})[ \-/.]*(?:{join_words('weeks')})\.?\s?{_WEEK}", re.IGNORECASE
)
_DAY = re.compile(r"(?P<year>(?:19|20)[0-9]{2})-(?P<month>[0-9]{2})-[0-9]{2}(?:[T ].*)?")


def read_month(header: str) -> Month | None:
    """Return the month that a header names; ``None`` where it names none.

    >>> [read_month(text).find_day(2024) for text in ("Jan 2024", "2024-03", "001.2024", "Maj", "Q2 2024", "2024-W10")]
    ['2024-01-31', '2024-03-31', '2024-01-31', '2024-05-31', '2024-06-30', '2024-03-07']
    >>> read_month("Margin")
    """
    text = header.strip()
    if found := _QUARTER_FIRST.fullmatch(text) or _QUARTER_LAST.fullmatch(text):
        said = int(found["year"].lstrip("'"))
        return Month(3 * int(found["quarter"]), said + (2000 if said < 100 else 0), quarter=True)
    if found := _WEEK_FIRST.fullmatch(text) or _WEEK_LAST.fullmatch(text):
        return _find_week(int(found["year"]), int(found["week"]))
    for pattern in (_NUMBERS, _NUMBERS_LAST, _DAY):
        if found := pattern.fullmatch(text):
            return Month(int(found["month"]), int(found["year"]))
    for pattern in (_WORD_FIRST, _YEAR_FIRST):
        found = pattern.fullmatch(text)
        month = find_month_word(found["word"]) if found else 0
        if found and month:
            year = (found["year"] or "").lstrip("'")
            return Month(month, (2000 if len(year) == 2 else 0) + int(year or 0))
    return None


def _find_week(year: int, week: int) -> Month | None:
    """Return a week; ``None`` where its year has none of that number."""
    try:
        thursday = dt.date.fromisocalendar(year, week, 4)
    except ValueError:
        return None
    return Month(thursday.month, year, week=week)


def read_month_header(header: str) -> Month | None:
    """Return the month that a header names, with the words of a measure before or behind it; ``None`` without a month.

    >>> read_month_header("2024-01 Cost").measure, read_month_header("Revenue Jan 2024").month
    ('Cost', 1)
    """
    plain = read_month(header)
    words = header.split()
    if plain is not None or not 2 <= len(words) <= 6:
        return plain
    for size in range(min(3, len(words) - 1), 0, -1):
        for own, rest in ((words[:size], words[size:]), (words[-size:], words[:-size])):
            month = read_month(" ".join(own).strip("-–/|:()[]"))
            if month is not None and month.year:
                return replace(month, measure=" ".join(rest).strip("-–/|:()[] "))
    return None


def keep_months(months: Mapping[int, Month]) -> Mapping[int, Month]:
    """Return the columns of months; quarters and weeks beside months are the same again, and are left out."""
    plain = {at: month for at, month in months.items() if not month.quarter and not month.week}
    return plain or months


def is_month(text: str) -> bool:
    """Whether a text is a month, or a week, with its year."""
    month = read_month(text)
    return (
        month is not None
        and month.year > 0
        and not month.quarter
        and not re.fullmatch(r"[0-9]{8}|[0-9]{4}-[0-9]{2}-[0-9]{2}.*", text)
    )


def find_month_word(word: str) -> int:
    """Return the month that a word is in any language; 0 where it is none."""
    key = word.casefold()
    return read_months().get(key, 0) or read_numbered_words("export_months").get(key, 0)
