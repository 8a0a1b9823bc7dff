"""Pages: a sheet of an export with its headers found, and what stands under each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from xlprofit.addresses import MOST_COLUMNS
from xlprofit.importing.exports.contents import ColumnLook, look_at
from xlprofit.importing.exports.export import Cell, ExportSheet, is_blank_cell
from xlprofit.importing.exports.header_rows import FEWEST_MONTHS, find_end, read_header_cells
from xlprofit.importing.exports.match import split_header_words, strip_aggregate
from xlprofit.importing.exports.months import Month, keep_months, read_month_header
from xlprofit.importing.exports.narrowing import find_row_of_headers, narrow_sheet
from xlprofit.importing.exports.weekday_words import read_weekday
from xlprofit.reading.headers import read_name
from xlprofit.tables import header_key

FEWEST_WEEKDAYS = 4
"""So many headers that are days of the week make a timesheet."""


@dataclass(frozen=True)
class Page:
    """A sheet with its headers found: ``cells`` are those below them, by column, ``looks`` what they look like.

    ``row`` is the row of the headers, −1 where there is none; ``months`` has the months that headers are,
    ``weekdays`` the days of the week, 0 for Monday.
    """

    sheet: ExportSheet
    row: int
    headers: tuple[str, ...]
    cells: tuple[Sequence[Cell], ...]
    looks: tuple[ColumnLook, ...]
    months: Mapping[int, Month]
    weekdays: Mapping[int, int] = field(default_factory=dict)

    @cached_property
    def filled_counts(self) -> list[int]:
        """How many cells of each row below the headers are filled."""
        return [sum(not is_blank_cell(cell) for cell in row) for row in zip(*self.cells, strict=False)]

    def name_keys(self, at: int) -> frozenset[str]:
        """Return the keys by which a header may be known: the whole, without its unit, without marks between words."""
        return _compute_header_keys(self.headers[at])

    def find_named(self, names: frozenset[str], used: frozenset[int] = frozenset()) -> list[int]:
        """Return the columns, from 0, whose headers are among some names, by their keys."""
        return [at for at in range(len(self.headers)) if at not in used and self.name_keys(at) & names]


@lru_cache(MOST_COLUMNS)
def _compute_header_keys(header: str) -> frozenset[str]:
    header = strip_aggregate(header)
    keys = (header_key(header), read_name(header), header_key("".join(split_header_words(header))))
    return frozenset(keys) - {""}


def read_page(
    sheet: ExportSheet, row: int = 0, said: frozenset[str] = frozenset(), used: frozenset[int] = frozenset()
) -> Page | None:
    """Return a sheet with its headers found; ``None`` where it has nothing that could be a table.

    Of a very wide one the first columns are looked at, and those whose headers are known, or that are
    ``said`` by the keys of their headers or ``used`` by their places from 0.
    """
    row = row or find_row_of_headers(sheet)
    if not row:
        return None
    sheet = narrow_sheet(sheet, row, said, used)
    headers = read_header_cells(sheet, row)
    end = find_end(sheet, row) or sheet.height
    cells = tuple(column[max(row, 0) : end] for column in sheet.columns)
    looks = tuple(map(look_at, cells))
    named = {
        at: month for at, header in enumerate(headers) if (month := read_month_header(header)) is not None
    }
    months = keep_months(named) if len(named) >= FEWEST_MONTHS else {}
    days = {at: day for at, header in enumerate(headers) if (day := read_weekday(header)) is not None}
    timed = sum(looks[at].number + looks[at].duration >= 0.5 or not looks[at].filled for at in days)
    weekdays = days if timed >= max(FEWEST_WEEKDAYS, len(days)) else {}
    return Page(sheet, row, tuple(headers), cells, looks, months, weekdays)
