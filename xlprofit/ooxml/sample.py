"""Sample rows: how a new workbook remembers those that it was made with, and which of them are still as made.

A very hidden sheet bears a fingerprint of each row. A row that was changed has another one and is the
user's, whoever made it first.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import Any
from zipfile import ZipFile

import numpy as np
import numpy.typing as npt
import pandas as pd
from openpyxl import Workbook

from xlprofit.languages import list_terms, wordings
from xlprofit.ooxml import guide
from xlprofit.ooxml.package import SheetPart, list_sheet_parts
from xlprofit.ooxml.read import read_sheet_rows
from xlprofit.sheets.theme import clean_text
from xlprofit.tables import TABLES, Raw, header_key

SHEET = "xlprofit_sample"
"""The name of the very hidden sheet: a row a table, its name and then the fingerprints of its sample rows."""

KEPT = tuple(name for name, table in TABLES.items() if table.kept)
"""Tables that are no sample but how a trade works: time equations, shares and rates to be looked through."""

EMPTIED: Mapping[str, tuple[str, ...]] = {
    name: emptied
    for name, table in TABLES.items()
    if (emptied := tuple(column.name for column in table.columns if column.emptied))
}
"""Tables of which the names stay and the sample's figures go."""

DIGITS = 16
"""The length of a fingerprint: 64 bits, written as hexadecimal digits."""

_MOST_CHARACTERS = 32_000 // DIGITS * DIGITS  # a cell of Excel holds 32,767
_DAY_0 = dt.datetime(1899, 12, 30)
_BETWEEN = "\x1f"


def is_sample(table: str) -> bool:
    """Whether the rows of a table are a sample, and not how the trade works."""
    return table in TABLES and table not in KEPT


# --- fingerprints ------------------------------------------------------------------------------------


def compute_row_fingerprints(headers: Sequence[str], columns: Iterable[Iterable[object]]) -> list[str]:
    """Return the fingerprint of each row of some columns; one without anything in it has an empty one.

    It is the same whatever the order of the columns, the formats of the cells and the program that saved the
    file. Blank cells do not count.
    """
    parts: list[list[str]] = []
    for header, column in sorted(
        zip(map(header_key, headers), columns, strict=True), key=lambda pair: pair[0]
    ):
        texts = map(_format_sample_cell, column)
        parts.append([f"{header}={text}" if text else "" for text in texts])
    return [_compute_row_digest(_BETWEEN.join(filter(None, row))) for row in zip(*parts, strict=True)]


def _compute_row_digest(row: str) -> str:
    return blake2b(row.encode("utf-8", "surrogatepass"), digest_size=DIGITS // 2).hexdigest() if row else ""


def _format_sample_cell(value: Any) -> str:
    """Return a cell as a text that no round trip through a file changes: a date is its number of days."""
    if value is None or value is pd.NaT:
        return ""
    if isinstance(value, str):
        return clean_text(value).strip()
    if isinstance(value, bool | np.bool_):
        return str(int(value))
    if isinstance(value, dt.datetime):
        return _format_sample_number((value.replace(tzinfo=None) - _DAY_0) / dt.timedelta(days=1))
    if isinstance(value, dt.date):
        return _format_sample_number((value - _DAY_0.date()).days)
    if isinstance(value, int | float | np.number):
        return "" if value != value else _format_sample_number(float(value))
    return "" if pd.isna(value) else str(value)


def _format_sample_number(value: float) -> str:
    return format(value, ".15g")


def find_unchanged_rows(raw: Raw, prints: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Return which rows of a table are still as they were made: no more of one kind than there were."""
    left = Counter(prints)
    found = []
    columns = [raw.frame.iloc[:, at].tolist() for at in range(raw.frame.shape[1])]
    for one in compute_row_fingerprints([str(header) for header in raw.frame.columns], columns):
        known = bool(one) and left[one] > 0
        left[one] -= known
        found.append(known)
    return np.array(found, dtype=bool)


# --- the sheet that bears them -----------------------------------------------------------------------


def add_fingerprint_sheet(workbook: Workbook, prints: Mapping[str, Sequence[str]]) -> None:
    """Add the sheet that bears the fingerprints of some tables' rows to a new workbook."""
    sheet: Any = workbook.create_sheet(SHEET)
    sheet.sheet_state = "veryHidden"
    for table, found in prints.items():
        joined = "".join(found)
        sheet.append(
            [table, *(joined[at : at + _MOST_CHARACTERS] for at in range(0, len(joined), _MOST_CHARACTERS))]
        )


def _join_chunks(chunks: Sequence[object]) -> str:
    """Return the text that stands in several cells since one does not hold it."""
    return "".join(str(chunk) for chunk in chunks if chunk is not None)


def read_fingerprint_sheet(book: ZipFile) -> tuple[SheetPart | None, dict[str, list[str]]]:
    """Return the sheet that bears the fingerprints and those of each table; ``None`` where there is no such sheet."""
    part = next((s for s in list_sheet_parts(book) if s.name == SHEET and s.kind == "worksheet"), None)
    if part is None or book.fp is None:
        return None, {}
    found: dict[str, list[str]] = {}
    for table, *chunks in (row for row in read_sheet_rows(book, part) if row):
        if table in TABLES:
            found[str(table)] = list(_split_fingerprints(_join_chunks(chunks)))
    return part, found


def find_sample_notice(book: ZipFile) -> SheetPart | None:
    """Return the Guide whose notice of the sample stands as it was made, in any language; ``None`` if none."""
    called = list_terms("sheet", guide.NAME)
    part = next((s for s in list_sheet_parts(book) if s.name in called and s.kind == "worksheet"), None)
    if part is None:
        return None
    notice = (row[:1] for row in read_sheet_rows(book, part)[guide.SAMPLE_ROW - 1 : guide.SAMPLE_ROW])
    return part if any(cell in wordings(guide.SAMPLE) for cells in notice for cell in cells) else None


def _split_fingerprints(joined: str) -> Iterator[str]:
    for at in range(0, len(joined) - DIGITS + 1, DIGITS):
        yield joined[at : at + DIGITS]
