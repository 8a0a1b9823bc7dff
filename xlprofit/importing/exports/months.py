"""Months: the month that a header or a cell names, in words or in numbers, with a quarter or a measure beside it."""

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

    ``measure`` are the words beside it, where a month has several columns: 2024-01 Cost.
    """

    month: int
    year: int = 0
    quarter: bool = False
    measure: str = ""


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
_DAY = re.compile(r"(?P<year>(?:19|20)[0-9]{2})-(?P<month>[0-9]{2})-[0-9]{2}(?:[T ].*)?")


def read_month(header: str) -> Month | None:
    """Return the month that a header names; ``None`` where it names none.

    >>> read_month("Jan 2024"), read_month("2024-03"), read_month("001.2024"), read_month("Maj"), read_month("Margin")
    (Month(month=1, year=2024), Month(month=3, year=2024), Month(month=1, year=2024), Month(month=5, year=0), None)
    """
    text = header.strip()
    if found := _QUARTER_FIRST.fullmatch(text) or _QUARTER_LAST.fullmatch(text):
        said = int(found["year"].lstrip("'"))
        return Month(3 * int(found["quarter"]), said + (2000 if said < 100 else 0), quarter=True)
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
    """Return the columns of months; quarters beside months add these up and are left out."""
    plain = {at: month for at, month in months.items() if not month.quarter}
    return plain or months


def is_month(text: str) -> bool:
    """Whether a text is a month with its year."""
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
