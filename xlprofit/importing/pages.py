"""Pages: a sheet of an export with its headers found, and what stands under each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xlprofit.checks.headers import read_name
from xlprofit.importing.contents import Look, look_at
from xlprofit.importing.export import Cell, ExportSheet
from xlprofit.importing.header_rows import Month, find_end, find_header_row, read_header, read_month
from xlprofit.importing.matching import split_header_words
from xlprofit.tables import header_key

FEWEST_MONTHS = 3
"""So many headers that are months make a table with months as columns."""


@dataclass(frozen=True)
class Page:
    """A sheet with its headers found: ``cells`` are those below them, by column, ``looks`` what they look like.

    ``row`` is the row of the headers, −1 where there is none; ``months`` has the months that headers are.
    """

    sheet: ExportSheet
    row: int
    headers: tuple[str, ...]
    cells: tuple[Sequence[Cell], ...]
    looks: tuple[Look, ...]
    months: Mapping[int, Month]

    def name_keys(self, at: int) -> set[str]:
        """Return the keys by which a header may be known: the whole, without its unit, without marks between words."""
        header = self.headers[at]
        return {header_key(header), read_name(header), header_key("".join(split_header_words(header)))} - {""}

    def find_named(self, names: frozenset[str], used: frozenset[int] = frozenset()) -> list[int]:
        """Return the columns, from 0, whose headers are among some names, by their keys."""
        return [at for at in range(len(self.headers)) if at not in used and self.name_keys(at) & names]


def read_page(sheet: ExportSheet, row: int = 0) -> Page | None:
    """Return a sheet with its headers found; ``None`` where it has nothing that could be a table."""
    row = row or find_header_row(sheet)
    if not row:
        return None
    headers = [read_header(cell) for cell in sheet.read_row(row)] if row > 0 else [""] * len(sheet.columns)
    end = find_end(sheet, row) or sheet.height
    cells = tuple(column[max(row, 0) : end] for column in sheet.columns)
    looks = tuple(map(look_at, cells))
    months = {at: month for at, header in enumerate(headers) if (month := read_month(header)) is not None}
    return Page(sheet, row, tuple(headers), cells, looks, months if len(months) >= FEWEST_MONTHS else {})
