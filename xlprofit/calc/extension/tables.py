"""The input tables of a document: Calc keeps an Excel Table as a database range.

A Table of Excel grows when a row is typed right below it; a database range of Calc does not. So it is made to.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from xlprofit.calc.extension.sheets import used

_FEWEST = 2
"""How many cells must be filled for a row below a table to belong to it."""


def grow(document: Any, sheets: Sequence[str]) -> list[tuple[Any, Any]]:
    """Make the tables on some sheets take in the rows right below them.

    Returns:
        Each table that has grown, and the area that it had.
    """
    ranges, had = document.DatabaseRanges, []
    for table in map(ranges.getByName, ranges.ElementNames):
        area = table.DataArea
        sheet = document.Sheets.getByIndex(area.Sheet)
        more = 0 if sheet.Name not in sheets or table.TotalsRow else _rows_below(sheet, area)
        if more:
            had.append((table, table.DataArea))
            area.EndRow += more
            table.setDataArea(area)
    return had


@contextmanager
def grown(document: Any) -> Iterator[None]:
    """Have all tables of a document grown for a while."""
    changed = document.isModified()
    had = grow(document, document.Sheets.ElementNames)
    try:
        yield
    finally:
        for table, area in had:
            table.setDataArea(area)
        if had:
            document.setModified(changed)


def _rows_below(sheet: Any, area: Any) -> int:
    """Return how many rows stand right below an area, in its columns."""
    last = used(sheet).RangeAddress.EndRow
    if last <= area.EndRow:
        return 0
    below = sheet.getCellRangeByPosition(area.StartColumn, area.EndRow + 1, area.EndColumn, last)
    count = 0
    for cells in below.getDataArray():
        if sum(cell != "" for cell in cells) < _FEWEST:
            break
        count += 1
    return count
