"""A page that is drawn as HTML: its sheets, which rows of their tables it shows, and what it says of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from xlprofit.languages import Writing
from xlprofit.sheets.parts import Sheet, Table

MOST_ROWS = 1000
"""Rows of a table that a page shows; it says so where there are more."""

FEW_ROWS, MANY_COLUMNS = 1, 4
"""A table of so many rows and of more columns is drawn as a list of facts."""


@dataclass(frozen=True)
class PageWords:
    """What a page says of its own, in its language.

    ``say_cut`` says that some rows of all are shown.
    """

    skip: str
    contents: str
    meanings: str
    nothing: str
    say_cut: Callable[[int, int], str]


@dataclass(frozen=True)
class ShownSheet:
    """A sheet on a page; ``rows`` has the indices of the rows that are shown by table, where not all are.

    A table that is not in it is left out then, with the sheet's charts and its single cells, which are about all
    rows; a heading stands with its table.
    """

    sheet: Sheet
    rows: Mapping[str, Sequence[int]] | None = None

    def list_rows(self, table: Table) -> Sequence[int]:
        """Return the indices of the rows of a table that are to be shown."""
        return range(table.rows) if self.rows is None else self.rows.get(table.name, ())

    def shows(self, table: Table, row: int) -> bool:
        """Whether the row of a sheet is among the rows of a table that the page has room for."""
        if self.rows is None:
            return row - table.first < min(table.rows, MOST_ROWS)
        return (row - table.first) in self.rows.get(table.name, ())[:MOST_ROWS]

    def is_upright(self, table: Table) -> bool:
        """Whether a table is drawn as a list of facts, a row for each column."""
        few = self.rows is not None and len(self.list_rows(table)) == FEW_ROWS
        return few and len(table.columns) > MANY_COLUMNS


@dataclass(frozen=True)
class HtmlPage:
    """A page of several sheets; ``book`` has all sheets whose tables its charts may show."""

    title: str
    subtitle: str
    language: str
    sheets: tuple[ShownSheet, ...]
    book: Sequence[Sheet]
    words: PageWords
    writing: Writing
