"""Header rows: in which row of an export the headers stand, below titles and blank lines; and rows that repeat them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from xlprofit.checks.headers import has_other_meaning, read_name
from xlprofit.checks.words import normalize_text
from xlprofit.importing.contents import kind_of_cell
from xlprofit.importing.export import Cell, ExportSheet, is_blank_cell
from xlprofit.importing.headings import rank_headings
from xlprofit.languages import read_months
from xlprofit.tables import SOURCED, TABLES, header_key

DEPTH = 60
"""In so many rows from the top the headers are looked for."""

BELOW = 60
"""So many rows below a row are looked at to tell whether it heads them."""

FURTHER_MONTHS: Mapping[str, int] = {
    word: number
    for number, words in enumerate(
        (
            "janvier janv enero ene gennaio gen januari",
            "février fevrier févr febrero febbraio februari",
            "mars marzo maart mrt",
            "avril avr abril aprile",
            "mai mayo maggio mag mei",
            "juin junio giugno giu",
            "juillet juil julio luglio lug",
            "août aout agosto ago augustus",
            "septembre septiembre settembre set",
            "octobre octubre ottobre ott oktober okt",
            "novembre noviembre",
            "décembre decembre déc diciembre dic dicembre dec",
        ),
        start=1,
    )
    for word in words.split()
}
"""Names of months in French, Spanish, Italian and Dutch, which no language's file has."""


TOTALS = (
    r"(?i)^\s*(?:\*+\s*)?(?:sub-?\s?total|grand total|total|summe|gesamt|zwischensumme|summa|delsumma"
    r"|yhteensä|välisumma|loppusumma|totalt|totale|totaal)\b"
)
"""What a cell begins with that names a total."""


@dataclass(frozen=True)
class Month:
    """A month that a header names; a ``year`` of 0 is not said."""

    month: int
    year: int = 0


@cache
def list_known_headers() -> Mapping[str, frozenset[str]]:
    """Return the tables that know a header, by the key of every header that any table knows."""
    found: dict[str, set[str]] = {}
    for table in SOURCED:
        for column in TABLES[table].columns:
            for key in rank_headings(table, column.name):
                found.setdefault(key, set()).add(table)
    return {key: frozenset(tables) for key, tables in found.items()}


def is_known(header: str) -> bool:
    """Whether any table knows a header, or it is known to mean what none has."""
    known = list_known_headers()
    keys = {header_key(header), read_name(header)}
    return not keys.isdisjoint(known) or has_other_meaning(header)


def read_header(cell: Cell) -> str:
    """Return a header as it reads: 2024 and not 2024.0, the month of a date."""
    if is_blank_cell(cell):
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.date):
        return f"{cell:%Y-%m-%d}" if cell.day != 1 else f"{cell:%Y-%m}"
    return normalize_text(str(cell)).strip("\"'| ")


def find_header_row(sheet: ExportSheet) -> int:
    """Return the row with the headers, counted from 1; −1 where the first rows are data, 0 where there is nothing."""
    depth = min(DEPTH, sheet.height)
    counts = sheet.filled_counts
    filled = [count for count in counts if count]
    if not filled:
        return 0
    usual = sorted(filled)[int(len(filled) * 0.6)]
    ranked = [
        (_rate_row(sheet, number, usual), -number)
        for number in range(1, depth + 1)
        if counts[number - 1] >= max(2, usual // 2)
    ]
    best = max(ranked, default=(0.0, 0))
    if best[0] >= 1.0:
        return -best[1]
    return -1 if usual > 1 else 0


def _rate_row(sheet: ExportSheet, number: int, usual: int) -> float:
    """Return how much a row looks like headers: by words that are known, and by unlike cells below."""
    cells = [read_header(cell) for cell in sheet.read_row(number)]
    held = [text for text in cells if text]
    raw = [cell for cell in sheet.read_row(number) if not is_blank_cell(cell)]
    months = sum(read_month(text) is not None for text in held)
    wordy = sum(kind_of_cell(cell) == "text" for cell in raw)
    if (wordy + (months if months >= 3 else 0)) < 0.75 * len(held):
        return 0.0
    known = (sum(map(is_known, held)) + (months if months >= 3 else 0)) / len(held)
    different = len({text.casefold() for text in held}) / len(held)
    wide = min(len(held) / usual, 1.0)
    return 2.0 * known + _count_contrast(sheet, number) + 0.5 * wide + 0.5 * different - 0.5


def _count_contrast(sheet: ExportSheet, number: int) -> float:
    """Return the share of columns in which a text stands over cells that are mostly none."""
    below = range(number, min(number + BELOW, sheet.height))
    found = asked = 0
    for column in sheet.columns:
        if is_blank_cell(column[number - 1]):
            continue
        asked += 1
        kinds = [kind_of_cell(column[at]) for at in below]
        kinds = [kind for kind in kinds if kind != "blank"]
        other = [kind for kind in kinds if kind != "text"]
        found += bool(kinds) and 2 * len(other) > len(kinds) and kind_of_cell(column[number - 1]) == "text"
    return found / asked if asked else 0.0


# --- months as headers -----------------------------------------------------------------------------


_YEAR = r"(?P<year>(?:19|20)[0-9]{2}|'?[0-9]{2})"
_WORD_FIRST = re.compile(rf"(?P<word>[^\W\d_]{{3,12}})\.?(?:[ \-/.,']*{_YEAR})?")
_YEAR_FIRST = re.compile(rf"{_YEAR}[ \-/.]+(?P<word>[^\W\d_]{{3,12}})\.?")
_NUMBERS = re.compile(r"(?P<year>(?:19|20)[0-9]{2})[ \-/.]?M?(?P<month>0?[1-9]|1[0-2])")
_NUMBERS_LAST = re.compile(r"(?:M|0)?(?P<month>0?[1-9]|1[0-2])[\-/. ](?P<year>(?:19|20)[0-9]{2})")
_DAY = re.compile(r"(?P<year>(?:19|20)[0-9]{2})-(?P<month>[0-9]{2})-[0-9]{2}(?:[T ].*)?")


def read_month(header: str) -> Month | None:
    """Return the month that a header names; ``None`` where it names none.

    >>> read_month("Jan 2024"), read_month("2024-03"), read_month("001.2024"), read_month("Maj"), read_month("Margin")
    (Month(month=1, year=2024), Month(month=3, year=2024), Month(month=1, year=2024), Month(month=5, year=0), None)
    """
    text = header.strip()
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


def is_month(text: str) -> bool:
    """Whether a text is a month with its year."""
    month = read_month(text)
    return (
        month is not None
        and month.year > 0
        and not re.fullmatch(r"[0-9]{8}|[0-9]{4}-[0-9]{2}-[0-9]{2}.*", text)
    )


def find_month_word(word: str) -> int:
    """Return the month that a word is in any language; 0 where it is none."""
    key = word.casefold()
    return read_months().get(key, 0) or FURTHER_MONTHS.get(key, 0)


def find_end(sheet: ExportSheet, row: int) -> int:
    """Return the row after which another table begins on the same sheet; 0 where none does.

    It does where a row of headers, other ones, stands below a blank row.
    """
    if row < 1 or (sheet.text and sheet.height > 20_000):
        return 0
    headers = {read_header(cell) for cell in sheet.read_row(row)} - {""}
    columns = sorted(sheet.columns, key=lambda column: sum(map(is_blank_cell, column[row : row + 50])))
    blank = [
        n
        for n in range(row + 2, sheet.height)
        if is_blank_cell(columns[0][n - 1]) and all(is_blank_cell(c[n - 1]) for c in columns)
    ]
    for number in blank:
        for below in range(number + 1, min(number + 4, sheet.height)):
            cells = sheet.read_row(below)
            held = [read_header(cell) for cell in cells if not is_blank_cell(cell)]
            wordy = all(kind_of_cell(cell) == "text" for cell in cells if not is_blank_cell(cell))
            known = sum(map(is_known, held))
            other = len(set(held) & headers) < max(2, 0.7 * len(headers))
            if len(held) >= 2 and wordy and 2 * known >= len(held) and other:
                return number - 1
    return 0


# --- rows that are none ----------------------------------------------------------------------------


def find_repeated(sheet: ExportSheet, row: int, columns: Sequence[Sequence[Cell]]) -> list[int]:
    """Return the rows below the headers that repeat them, or the title above them, or draw a line; from 1.

    Reports that are printed to a file have the head of the page on each page.
    """
    if row < 1:
        return []
    headers = [read_header(cell) for cell in sheet.read_row(row)]
    telling = [at for at, header in enumerate(headers) if header]
    above = {_join_row(sheet.read_row(number)) for number in range(1, row)} - {""}
    first = telling[0] if telling else 0
    found = []
    likely = _list_likely(columns, telling, row, headers, bool(above))
    for number in likely:
        cells = [column[number - 1] for column in columns]
        said = [read_header(cell) for cell in cells]
        alike = sum(bool(text) and text == headers[at] for at, text in enumerate(said) if at < len(headers))
        held = sum(map(bool, said))
        if (
            (held and (alike >= max(2, 0.7 * held) or (alike == held == 1 and len(telling) == 1)))
            or (held and _join_row(cells) in above)
            or (held and all(not text.strip("-=_+*. |") for text in said if text))
        ):
            found.append(number)
    return found if first < len(columns) else []


def _list_likely(
    columns: Sequence[Sequence[Cell]], telling: Sequence[int], row: int, headers: Sequence[str], above: bool
) -> Iterable[int]:
    """Return the rows that may be none, found by few columns so that a long sheet takes no time."""
    likely: set[int] = set()
    words = [headers[at] for at in telling]
    for at, word in zip(telling, words, strict=True):
        column = columns[at]
        if word in column[row:] or any(
            isinstance(c, str) and c.strip() == word for c in column[row : row + 500]
        ):
            likely.update(
                n
                for n in range(row + 1, len(column) + 1)
                if isinstance(column[n - 1], str) and str(column[n - 1]).strip() == word
            )
    narrow = telling[: max(2, len(telling) // 2 + 1)]
    blank_from = [at for at in telling if at not in narrow] or telling[-1:]
    tail = columns[blank_from[-1]] if blank_from else ()
    likely.update(
        n for n in range(row + 1, len(tail) + 1) if is_blank_cell(tail[n - 1]) or _is_line(tail[n - 1])
    )
    return sorted(likely)


def _is_line(cell: Cell) -> bool:
    return isinstance(cell, str) and cell[:2] in ("--", "==", "__") and not cell.strip("-=_ ")


def _join_row(cells: Sequence[Cell]) -> str:
    """Return a row's words without its numbers, so that "Page 2" is as "Page 1"."""
    text = " ".join(read_header(cell) for cell in cells if not is_blank_cell(cell))
    return re.sub(r"[0-9]+", "#", text).casefold().strip()
