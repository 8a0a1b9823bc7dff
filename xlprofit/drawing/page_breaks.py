"""Where a printed sheet begins a new page: where it asks for it, and before what the end of a page would cut in two."""

from __future__ import annotations

from collections.abc import Iterator

from xlprofit import addresses
from xlprofit.drawing.room import DEFAULT_HEIGHT, Room, measure_page
from xlprofit.sheets.parts import Meaning, Sheet

FILLED = 0.97
"""So much of a page is counted on: programs space its rows a little differently."""

BEGUN = 3
"""So many rows of a table stand on the page of its title, or it begins the next one."""

_NEAR = 3
"""A table that begins within so many rows below a title is the one that the title is about."""


def find_page_breaks(sheet: Sheet, room: Room) -> tuple[int, ...]:
    """Return the rows that begin a new page: those that the sheet names, and those of what would be cut.

    A chart is never cut, nor is a title left alone at the foot of a page, where a page has room for them.
    """
    ends: dict[int, int] = {}
    for row, end in _list_whole_blocks(sheet):
        ends[row] = max(end, ends.get(row, row))
    if room.pages == 1 or not ends:
        return sheet.breaks
    height = measure_page(sheet, room) * FILLED
    first = addresses.parse_address(room.printed.split(":")[0])[0]
    again = 0.0
    if sheet.repeat_rows is not None:
        again = _measure_rows(room, sheet.repeat_rows[0], sheet.repeat_rows[1] + 1)
    found, used = set(sheet.breaks), 0.0
    for row in range(first, max(ends) + 1):
        single = _measure_rows(room, row, row + 1)
        whole = _measure_rows(room, row, ends.get(row, row + 1))
        if again + whole > height:  # no page has room for it
            whole = single
        if row > first and (row in sheet.breaks or used + whole > height):
            found |= {row} & ends.keys()
            used = again
        used += single
    return tuple(sorted(found))


def _list_whole_blocks(sheet: Sheet) -> Iterator[tuple[int, int]]:
    """Yield the first row, and the one behind the last, of what is to stand on one page."""
    for chart in sheet.charts:
        yield chart.row, chart.row + int(-(-chart.height // DEFAULT_HEIGHT))
    titles = [cell.row for cell in sheet.cells if cell.meaning is Meaning.SECTION]
    for table in sheet.tables:
        above = [row for row in titles if table.row - _NEAR <= row < table.row]
        if above:
            yield min(above), min(table.first + BEGUN, table.last + 1)


def _measure_rows(room: Room, first: int, end: int) -> float:
    """Return how tall the rows are from one up to another, in points."""
    return sum(room.heights.get(row, DEFAULT_HEIGHT) for row in range(first, end))
