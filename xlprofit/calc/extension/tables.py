"""The input tables of a document: Calc keeps an Excel Table as a database range.

A Table of Excel grows when a row is typed right below it; a database range of Calc does not. Such rows are read with
the table on every host, and said; a refresh then makes the database range reach over them, as Excel does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def grow_tables(document: Any, below: Mapping[str, Sequence[int]]) -> None:
    """Make database ranges reach over the rows right below them that were read with them.

    Args:
        document: the document.
        below: the first such row, from 1, and how many there are, by sheet.
    """
    ranges = document.DatabaseRanges
    for table in map(ranges.getByName, ranges.ElementNames):
        area = table.DataArea
        row, count = below.get(document.Sheets.getByIndex(area.Sheet).Name, (0, 0))
        if area.EndRow + 2 == row:
            area.EndRow += count
            table.setDataArea(area)
