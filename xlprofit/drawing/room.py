"""How much room the parts of a sheet need: widths and heights that cut nothing off.

Pure: no Excel library. Widths are in characters of the workbook's normal font, heights and chart
sizes in points.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache

from xlprofit import addresses
from xlprofit.drawing import layout
from xlprofit.sheets import theme
from xlprofit.sheets.parts import AboveRule, Cell, Column, Format, Formula, Meaning, Sheet, Table

DEFAULT_WIDTH, DEFAULT_HEIGHT = 8.43, 15.0
"""What Excel gives a column and a row of which nothing is said."""

WIDEST_TEXT = 48.0
"""A text longer than this is wrapped rather than given a wider column."""

BUTTON = 12.0
"""The height that a filter button takes at the foot of a header cell."""

MOST_FITTED = 200
"""A sheet of more rows is never made to fit on one page."""

MARGINS = (0.4, 0.5, 0.6)
"""The page's margins in inches: left and right, top, bottom."""

_BUTTON_WIDTH = 2.4
"""What LibreOffice keeps free beside the text of a header for its filter button, in characters."""

_LINE = 1.32
_PADDING = 2.8
_CANDIDATES = 50
_PAPER = (841.9, 595.3)
"""A4 on its side, in points."""

A4, A3 = 9, 8
"""Paper sizes by the numbers of the format (ECMA-376, part 1, 18.3.1.63), which Excel's PaperSize has too."""

SMALLEST = 0.8
"""A sheet is never shrunk further when printed: letters of 10 points are then 8 points tall. One that A4 would shrink
further is printed on A3."""

_GLYPHS = {
    222: "ijl'",
    278: " !,./:;I[]|tf\\",
    333: '-()`r"{}',
    500: "cksvxyzJ",
    556: "0123456789abdeghnopquL€$£_?#",
    611: "FTZ",
    667: "ABEKPSVXY&",
    722: "CDHNRUw",
    778: "GOQ",
    833: "Mm",
    889: "%",
    944: "W",
}
_ADVANCE = {glyph: advance for advance, glyphs in _GLYPHS.items() for glyph in glyphs}


@dataclass(frozen=True)
class Room:
    """What a sheet needs: widths by column, heights by row, what is printed of it, the pages.

    ``wrapped`` holds the table columns whose body is wrapped, each by table name and key; ``folded`` the columns that
    are folded away; ``pages``
    is how many pages tall the sheet is printed, or 0 for as many as it takes, and ``paper`` on what (:data:`A4` or
    :data:`A3`).
    """

    widths: dict[int, float]
    heights: dict[int, float]
    wrapped: frozenset[tuple[str, str]]
    folded: frozenset[int]
    printed: str
    pages: int
    paper: int

    def wraps(self, table: str) -> bool:
        """Whether the body of any column of a table is wrapped."""
        return any(name == table for name, _key in self.wrapped)


def measure_room(sheet: Sheet) -> Room:
    """Return the room that a sheet needs; of one that nobody sees nothing is measured."""
    if sheet.hidden:
        return Room(dict(sheet.widths), dict(sheet.heights), frozenset(), frozenset(), "A1", 0, A4)
    wrapped = frozenset((t.name, c.key) for t in sheet.tables for c in t.columns if _is_wrapped_column(c))
    wide = _compute_column_widths(sheet)
    folded = _choose_folded_columns(sheet, wide)
    tall = _compute_row_heights(sheet, wide, wrapped, folded)
    first_row, last_row, last_column = _find_printed_part(sheet, wide, tall, folded)
    across = measure_columns(wide, last_column, folded)
    rows = range(first_row, last_row + 1)
    pages = _count_pages(sheet, across, tall, rows)
    paper = A3 if compute_page_scale(sheet, across) < SMALLEST else A4
    printed = addresses.format_block(first_row, 1, last_row, last_column)
    return Room(wide, tall, wrapped, folded, printed, pages, paper)


def _find_printed_part(
    sheet: Sheet, wide: Mapping[int, float], tall: Mapping[int, float], folded: Collection[int]
) -> tuple[int, int, int]:
    """Return the first row, the last row and the last column that are printed; what is folded away is not."""
    if sheet.printed:
        first, last = (addresses.parse_address(end) for end in sheet.printed.split(":"))
        return first[0], last[0], last[1]
    last_row, last_column = _find_sheet_extent(sheet, wide, tall, folded)
    while last_column in folded:
        last_column -= 1
    return 1, last_row, last_column


def _choose_folded_columns(sheet: Sheet, wide: Mapping[int, float]) -> frozenset[int]:
    """Return the columns that are folded away: the details of tables, and more where the page is not wide enough.

    A column that is a detail of one table and none of another stays. The first two are never folded, nor what stands
    before a chart, nor anything of a sheet that says itself what is printed.
    """
    columns = [
        (position, column.detail)
        for table in sheet.tables
        for position, column in enumerate(table.columns, table.column)
    ]
    folded = {at for at, detail in columns if detail} - {at for at, detail in columns if not detail}
    if sheet.printed or not folded:
        return frozenset(folded)
    last = max((at for at, _detail in columns), default=1)
    first = max([2, *(chart.column for chart in sheet.charts)])
    page = _PAPER[0 if sheet.landscape else 1]
    for at in sorted({at for at, _detail in columns if at > first} - folded, reverse=True):
        if measure_columns(wide, last, folded) * SMALLEST <= page - 2 * MARGINS[0] * 72:
            break
        folded.add(at)
    return frozenset(folded)


def measure_columns(widths: Mapping[int, float], last_column: int, folded: Collection[int] = ()) -> float:
    """Return how wide the columns are together that are not folded away, in points."""
    return sum(
        convert_width_to_points(widths.get(column, DEFAULT_WIDTH))
        for column in range(1, last_column + 1)
        if column not in folded
    )


@lru_cache(maxsize=1 << 14)
def measure_text_width(text: str, size: float = 10.0, bold: bool = False) -> float:
    """Return the width of one line of text, in characters of the workbook's normal font."""
    ems = sum(_ADVANCE.get(c, 1000 if ord(c) > 0x2E7F else 640) for c in text) / 1000
    return ems * size * (1.07 if bold else 1.0) * (4 / 3) / 7


def count_text_lines(text: str, width: float, size: float = 10.0, bold: bool = False) -> int:
    """Return how many lines a text takes when it is wrapped to a width."""
    count, most = 0, max(width, 1.0)
    blank = measure_text_width(" ", size, bold)
    for paragraph in text.split("\n"):
        count, used = count + 1, 0.0
        for word in paragraph.split(" "):
            need = measure_text_width(word, size, bold)
            if used and used + blank + need > width:
                count, used = count + 1, 0.0
            if need > most:
                count += math.ceil(need / most) - 1
            used += need + (blank if used else 0.0)
    return count


def compute_line_height(size: float) -> float:
    """Return the height of one line of text of a size, in points."""
    return size * _LINE


def _is_wrapped_column(column: Column) -> bool:
    """Whether the body of a table's column is wrapped: where it asks for it or a text is very long."""
    return column.wrap or _measure_text_need(column, WIDEST_TEXT * 4) > WIDEST_TEXT


def _compute_column_widths(sheet: Sheet) -> dict[int, float]:
    """Return the width of every column of which the sheet says anything, enough for what it holds."""
    found = dict(sheet.widths)
    for table in sheet.tables:
        for position, column in enumerate(table.columns, table.column):
            need = max(column.width, _measure_column_need(sheet, table, column))
            found[position] = max(found.get(position, 0.0), math.ceil(need * 4) / 4)
        _widen_under_band(found, table)
    beside = {(cell.row, cell.column) for cell in sheet.cells}
    for cell in sheet.cells:
        if cell.meaning is Meaning.LINK and cell.across == 1 and (cell.row, cell.column + 1) in beside:
            need = measure_text_width(str(cell.value)) + 1
            found[cell.column] = max(found.get(cell.column, DEFAULT_WIDTH), math.ceil(need * 4) / 4)
        number = cell.value.value if isinstance(cell.value, Formula) else cell.value
        if cell.across == 1 and isinstance(number, int | float) and cell.meaning is not Meaning.KPI:
            need = (
                measure_text_width(format_single_cell(sheet, cell), theme.find_look(cell.meaning).size, True)
                + 1
            )
            found[cell.column] = max(found.get(cell.column, DEFAULT_WIDTH), math.ceil(need * 4) / 4)
    return dict(sorted(found.items()))


def _widen_under_band(found: dict[int, float], table: Table) -> None:
    """Widen the last column in sight below each heading of a band that is wider than the columns below it."""
    for heading, first, last in layout.list_band_headings(table):
        seen = [at for at in range(first, last + 1) if not table.columns[at - table.column].detail]
        lacking = (
            measure_text_width(heading, theme.BAND.size, theme.BAND.bold) + 1 - sum(found[at] for at in seen)
        )
        if heading and seen and lacking > 0:
            found[seen[-1]] += math.ceil(lacking * 4) / 4


def _measure_column_need(sheet: Sheet, table: Table, column: Column) -> float:
    """Return the width that a table's column needs so that nothing is cut off or shown as ####."""
    longest_word = max((measure_text_width(w, bold=True) for w in column.header.split()), default=0.0)
    if layout.find_filtered_table(sheet) is table:
        longest_word += _BUTTON_WIDTH
    number_need = _measure_number_need(sheet, column)
    if column.format is Format.TEXT:
        number_need = max(number_need, 0.0 if column.wrap else _measure_text_need(column, WIDEST_TEXT))
    whole_header = measure_text_width(column.header, bold=True)
    header = max(longest_word, whole_header if whole_header + _PADDING < 1.3 * column.width else 0.0)
    return max(header, number_need) + _PADDING


def _measure_number_need(sheet: Sheet, column: Column) -> float:
    """Return the width of the longest number in a column, its body and its total."""
    values = layout.list_finite_numbers(column.values)
    sums = [math.fsum(values)] if column.total == "sum" else []
    sums += layout.list_finite_numbers([column.total_value])
    arrows = layout.choose_arrow_side(column)
    texts = [
        theme.format_shown_value(n, column.format, sheet.currency, arrows=arrows)
        for group in (values, sums)
        if group
        for n in (min(group), max(group))
    ]
    signed = 2.0 if any(isinstance(r, AboveRule) for r in column.rules) else 0.0
    return max((measure_text_width(t, bold=True) for t in texts), default=0.0) + signed


def _measure_text_need(column: Column, limit: float) -> float:
    """Return the width of the longest text in a column's body, but no more than ``limit``."""
    if not column.texts:
        return 0.0
    longest = sorted(column.texts, key=len, reverse=True)[:_CANDIDATES]
    return min(max(map(measure_text_width, longest)), limit)


def format_single_cell(sheet: Sheet, cell: Cell) -> str:
    """Return what a single cell shows."""
    value = cell.value.value if isinstance(cell.value, Formula) else cell.value
    return theme.format_shown_value(value, cell.format, sheet.currency, arrows=layout.choose_arrow_side(cell))


def _compute_row_heights(
    sheet: Sheet,
    given: dict[int, float],
    wrapped: frozenset[tuple[str, str]],
    folded: Collection[int],
) -> dict[int, float]:
    """Return the height of every row that needs one of its own, for columns as wide as ``given``.

    A column that is folded away makes no header taller: it is made as wide as its header needs in so many lines.

    The rows under a chart get the usual height said aloud, so that a chart spans as many rows in
    every program.
    """
    found: dict[int, float] = {}
    for chart in sheet.charts:
        rows = math.ceil(chart.height / DEFAULT_HEIGHT)
        found |= dict.fromkeys(range(chart.row, chart.row + rows), DEFAULT_HEIGHT)
    for table in sheet.tables:
        _raise_row(found, table.row, _compute_header_height(sheet, table, given, folded))
        for position, column in enumerate(table.columns, table.column):
            if (table.name, column.key) in wrapped and position not in folded:
                _raise_wrapped_rows(found, table, column, given[position])
    for cell in sheet.cells:
        _raise_row(found, cell.row + cell.down - 1, _compute_cell_height(sheet, cell, given, found))
    return dict(sorted((found | sheet.heights).items()))


def _raise_row(found: dict[int, float], row: int, need: float) -> None:
    if need > found.get(row, DEFAULT_HEIGHT):
        found[row] = math.ceil(need)


def _raise_wrapped_rows(found: dict[int, float], table: Table, column: Column, width: float) -> None:
    """Raise the body rows of a table in which a wrapped text takes several lines."""
    lines = {text: count_text_lines(text, width - _PADDING / 2) for text in column.texts}
    need = {text: count * compute_line_height(10.0) + 1.5 for text, count in lines.items() if count > 1}
    for row, value in enumerate(column.values, table.first) if need else ():
        if value in need:
            _raise_row(found, row, need[value])


def _compute_header_height(
    sheet: Sheet, table: Table, given: dict[int, float], folded: Collection[int]
) -> float:
    """Return the height of a table's header row: its lines, and its filter buttons below them."""
    buttons = BUTTON if layout.find_filtered_table(sheet) is table else 0.0
    headers = {at: column.header for at, column in enumerate(table.columns, table.column)}
    most = max(
        (_count_header_lines(t, given[at]) for at, t in headers.items() if at not in folded), default=1
    )
    for at, text in headers.items():
        while at in folded and _count_header_lines(text, given[at]) > most:
            given[at] += 1.0
    return most * compute_line_height(10.0) + 4.0 + buttons


def _count_header_lines(header: str, width: float) -> int:
    return count_text_lines(header, width - _PADDING / 2, bold=True)


def _compute_cell_height(
    sheet: Sheet, cell: Cell, given: Mapping[int, float], found: Mapping[int, float]
) -> float:
    """Return the height that the last row of a cell needs for its size and its wrapped lines."""
    look = theme.find_look(cell.meaning)
    room = sum(given.get(cell.column + i, DEFAULT_WIDTH) for i in range(cell.across)) - 0.5
    count = count_text_lines(format_single_cell(sheet, cell), room, look.size, look.bold) if cell.wrap else 1
    above = sum(found.get(cell.row + i, DEFAULT_HEIGHT) for i in range(cell.down - 1))
    return count * compute_line_height(look.size) + 3.0 - above


def convert_width_to_points(width: float) -> float:
    """Return the width of a column in points, from its width in characters."""
    return math.trunc(width * 7 + 5) * 0.75


def _find_sheet_extent(
    sheet: Sheet, given: Mapping[int, float], tall: Mapping[int, float], folded: Collection[int]
) -> tuple[int, int]:
    """Return the last row and the last column that anything reaches, charts included; these span no folded columns."""
    ends = [(c.row + c.down - 1, c.column + c.across - 1) for c in sheet.cells]
    for table in sheet.tables:
        bottom = max(table.last, table.total_row if table.has_total else 0)
        ends.append((bottom, table.column + len(table.columns) - 1))
    for chart in sheet.charts:
        row = _find_chart_end(chart.row, chart.height, lambda r: tall.get(r, DEFAULT_HEIGHT))
        column = _find_chart_end(
            chart.column,
            chart.width,
            lambda c: 0.0 if c in folded else convert_width_to_points(given.get(c, DEFAULT_WIDTH)),
        )
        ends.append((row, column))
    last = max((r for r, _ in ends), default=1)
    return last, max((c for _, c in ends), default=1)


def _count_pages(sheet: Sheet, across: float, tall: Mapping[int, float], rows: range) -> int:
    """Return how many pages tall a sheet is printed, or 0 for as many as it takes.

    It is one page wide. What would run only a little onto a second page is made to fit on one, if it can still be read.
    """
    if sheet.printed or len(rows) > MOST_FITTED:
        return 1 if sheet.printed else 0
    down = _PAPER[1] if sheet.landscape else _PAPER[0]
    _side, top, bottom = (inches * 72 for inches in MARGINS)
    long = sum(tall.get(row, DEFAULT_HEIGHT) for row in rows)
    scale = min(compute_page_scale(sheet, across), (down - top - bottom) / long)
    return 1 if scale >= SMALLEST else 0


def measure_page(sheet: Sheet, room: Room) -> float:
    """Return how tall the rows may be together that stand on one printed page, in points."""
    last = addresses.parse_address(room.printed.split(":")[1])[1]
    _side, top, bottom = (inches * 72 for inches in MARGINS)
    down = _PAPER[1] if sheet.landscape else _PAPER[0]
    return (down - top - bottom) / compute_page_scale(sheet, measure_columns(room.widths, last, room.folded))


def compute_page_scale(sheet: Sheet, across: float) -> float:
    """Return what a sheet of so many points is multiplied by to be one page of A4 wide, 1 at most.

    A3 has the same shape.
    """
    page = _PAPER[0] if sheet.landscape else _PAPER[1]
    return min((page - 2 * MARGINS[0] * 72) / across, 1.0)


def _find_chart_end(start: int, length: float, size: Callable[[int], float]) -> int:
    position, used = start, size(start)
    while used < length:
        position += 1
        used += size(position)
    return position
