"""A sheet as blocks: its cells in one grid, its styles over as few rectangles as will do.

Pure: no Excel library. A host that is slow to be called (live Excel) draws a sheet in as many calls as
there are blocks; their number depends on a sheet's columns, not on its rows.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from xlprofit import addresses
from xlprofit.drawing import cell_styles, layout, room
from xlprofit.drawing.cell_styles import Style
from xlprofit.drawing.digits import round_number, round_values
from xlprofit.sheets import theme
from xlprofit.sheets.parts import Cell, Column, Formula, Link, Meaning, Sheet, Table, Value

LONGEST_LITERAL = 255
"""Characters of a text that Excel takes within a formula."""

MOST_RUNS = 8
"""Stretches of linked cells in a column that are styled one by one; with more, the whole column is."""

Content = str | float | int | bool
"""What is given to a host for a cell: a blank is an empty text, a formula begins with ``=``."""

Key = TypeVar("Key", bound=Hashable)


class Block(NamedTuple):
    """A rectangle of cells, all ends counted."""

    row: int
    column: int
    last_row: int
    last_column: int

    @property
    def address(self) -> str:
        """The block as Excel writes it."""
        if (self.row, self.column) == (self.last_row, self.last_column):
            return addresses.format_address(self.row, self.column)
        return addresses.format_block(*self)


Styled = tuple[Block, Style]


@dataclass(frozen=True)
class Drawing:
    """A sheet to be drawn: what its cells hold, how they look, what is merged.

    ``rows`` is the grid from A1 on; ``styles`` has the styles in the order of drawing: a later one lies over
    an earlier one.
    """

    rows: list[list[Content]]
    styles: tuple[Styled, ...]
    merged: tuple[Block, ...]
    room: room.Room


def build_drawing(sheet: Sheet, *, since_1904: bool = False) -> Drawing:
    """Return a sheet as a grid and blocks; of a hidden sheet the grid alone.

    ``since_1904`` says that the workbook counts its days from 1904.
    """
    grid = _build_content_grid(sheet, since_1904)
    if sheet.hidden:
        return Drawing(grid, (), (), room.measure_room(sheet))
    needed = room.measure_room(sheet)
    styles = [s for table in sheet.tables if table.columns for s in _list_table_styles(sheet, table, needed)]
    styles += [
        (_find_cell_block(cell), cell_styles.build_single_cell_style(sheet, cell)) for cell in sheet.cells
    ]
    return Drawing(grid, tuple(styles), tuple(_list_merged_blocks(sheet)), needed)


def _list_merged_blocks(sheet: Sheet) -> Iterator[Block]:
    for table in sheet.tables:
        for heading, first, last in layout.list_band_headings(table):
            if heading and last > first:
                yield Block(table.row - 1, first, table.row - 1, last)
    for cell in sheet.cells:
        if cell.across > 1 or cell.down > 1:
            yield _find_cell_block(cell)


# --- what the cells hold ---------------------------------------------------------------------------


def escape_typed_value(value: Value) -> Content:
    """Return a value as it is typed into Excel: what Excel would read otherwise gets an apostrophe.

    >>> [escape_typed_value(value) for value in ("ACME", "00123", "=A1", None, 2.0)]
    ['ACME', "'00123", "'=A1", '', 2.0]
    """
    value = theme.clean_drawn_value(value)
    if value is None:
        return ""
    if not isinstance(value, str):
        return value if type(value) in (int, float, bool) and abs(value) < 2**31 else float(value)
    return f"'{value}" if _can_be_misread(value) else value


def _can_be_misread(text: str) -> bool:
    """Whether Excel might take a text for a number, a date, a formula, a truth value or an error.

    Told from the outside, and rather once too often: the apostrophe is no part of the cell's value.
    """
    if not text:
        return False
    return not text[0].isalpha() or any(c.isdigit() for c in text) or text.casefold() in ("true", "false")


def _build_content_grid(sheet: Sheet, since_1904: bool) -> list[list[Content]]:
    placed = list(_list_column_stretches(sheet, since_1904))
    height = max((row + len(column) - 1 for row, _, column in placed), default=1)
    width = max((at for _, at, _ in placed), default=1)
    columns: list[list[Content]] = [[""] * height for _ in range(width)]
    for row, at, column in placed:
        columns[at - 1][row - 1 : row - 1 + len(column)] = column
    return [list(row) for row in zip(*columns, strict=True)]


def _list_column_stretches(sheet: Sheet, since_1904: bool) -> Iterator[tuple[int, int, list[Content]]]:
    """Yield stretches of cells down a column: the first row, the column, what the cells hold."""
    for table in sheet.tables:
        if not table.columns:
            continue
        with_total = table.has_total
        for heading, first, _ in layout.list_band_headings(table):
            if heading:
                yield table.row - 1, first, [escape_typed_value(heading)]
        for position, column in enumerate(table.columns, table.column):
            yield table.row, position, [escape_typed_value(column.header)]
            yield table.first, position, _build_body_contents(table, column, since_1904)
            if with_total:
                yield (
                    table.total_row,
                    position,
                    [build_cell_content(layout.build_column_total(table, column))],
                )
        if not table.rows and table.empty:
            yield table.first, table.column, [escape_typed_value(table.empty)]
    for cell in sheet.cells:
        yield cell.row, cell.column, [build_cell_content(cell.value, cell.link)]


def _build_body_contents(table: Table, column: Column, since_1904: bool) -> list[Content]:
    """Return what the body cells of a table's column hold."""
    if column.formula:
        parts = layout.split_formula_text(table, column.formula)
        return [f"={layout.join_formula_parts(parts, table.first + i)}" for i in range(len(column.values))]
    values = round_values(layout.convert_column_dates(column, since_1904=since_1904))
    if not column.links:
        return [escape_typed_value(value) for value in values]
    links = [*column.links, *[None] * (len(values) - len(column.links))]
    return [build_cell_content(value, link) for value, link in zip(values, links, strict=False)]


def build_cell_content(value: Value | Formula, link: Link | None = None) -> Content:
    """Return what a cell holds; a link is a formula, for a live link of Excel's would be a call for each cell.

    >>> print(build_cell_content("ACME", Link("Customer P&L", "A7")))
    =HYPERLINK("#'Customer P&L'!A7","ACME")
    """
    if isinstance(value, Formula):
        return f"={_build_hyperlink_formula(value.text, link)}"
    value = theme.clean_drawn_value(value)
    if isinstance(value, float):
        value = round_number(value)
    if link is None or value is None or isinstance(value, bool):
        return escape_typed_value(value)
    if isinstance(value, str):
        literal = f'"{_escape_quotes(value)}"'
        return (
            escape_typed_value(value)
            if len(value) > LONGEST_LITERAL
            else f"={_build_hyperlink_formula(literal, link)}"
        )
    return f"={_build_hyperlink_formula(repr(float(value)), link)}"


def _build_hyperlink_formula(said: str, link: Link | None) -> str:
    if link is None:
        return said
    return f'HYPERLINK("{_escape_quotes(f"#{addresses.quote_sheet_name(link.sheet)}!{link.cell}")}",{said})'


def _escape_quotes(text: str) -> str:
    return text.replace('"', '""')


# --- how they look ---------------------------------------------------------------------------------


def _find_cell_block(cell: Cell) -> Block:
    return Block(cell.row, cell.column, cell.row + cell.down - 1, cell.column + cell.across - 1)


def _list_table_styles(sheet: Sheet, table: Table, needed: room.Room) -> Iterator[Styled]:
    for heading, first, last in layout.list_band_headings(table):
        yield Block(table.row - 1, first, table.row - 1, last), cell_styles.build_band_style(heading)
    for position, column in enumerate(table.columns, table.column):
        header = cell_styles.build_header_style(sheet, table, column)
        yield Block(table.row, position, table.row, position), header
        body = cell_styles.build_body_style(sheet, table, column, needed)
        if table.rows:
            yield Block(table.first, position, table.last, position), body
        for first, last in _find_linked_runs(column):
            linked = cell_styles.add_style_of_links(body)
            yield Block(table.first + first, position, table.first + last, position), linked
        if table.has_total:
            total = cell_styles.build_total_style(body, column)
            yield Block(table.total_row, position, table.total_row, position), total
    if not table.rows and table.empty:
        place = Block(table.first, table.column, table.first, table.column)
        yield place, Style(theme.find_look(Meaning.NOTE))


def _find_linked_runs(column: Column) -> list[tuple[int, int]]:
    """Return the stretches of a column's body that are linked, by first and last index."""
    runs: list[tuple[int, int]] = []
    for index, link in enumerate(column.links):
        if link is None:
            continue
        if runs and runs[-1][1] == index - 1:
            runs[-1] = (runs[-1][0], index)
        else:
            runs.append((index, index))
    return runs if len(runs) <= MOST_RUNS else [(0, len(column.values) - 1)]


# --- few rectangles --------------------------------------------------------------------------------


def join_blocks(blocks: Iterable[tuple[Block, Key]]) -> list[tuple[Block, Key]]:
    """Return blocks put together where they touch and bear the same key, in the order of their keys.

    Blocks of one key are joined first side by side, then one above the other. They must not overlap.
    """
    by_key: dict[Key, list[Block]] = {}
    for block, key in blocks:
        by_key.setdefault(key, []).append(block)
    return [
        (block, key)
        for key, found in by_key.items()
        for block in _join_blocks_down(_join_blocks_across(sorted(set(found))))
    ]


def _join_blocks_across(blocks: list[Block]) -> list[Block]:
    made: list[Block] = []
    for block in sorted(blocks, key=lambda b: (b.row, b.last_row, b.column)):
        last = made[-1] if made else None
        if last and (last.row, last.last_row, last.last_column + 1) == (
            block.row,
            block.last_row,
            block.column,
        ):
            made[-1] = last._replace(last_column=block.last_column)
        else:
            made.append(block)
    return made


def _join_blocks_down(blocks: list[Block]) -> list[Block]:
    made: list[Block] = []
    for block in sorted(blocks, key=lambda b: (b.column, b.last_column, b.row)):
        last = made[-1] if made else None
        if last and (last.column, last.last_column, last.last_row + 1) == (
            block.column,
            block.last_column,
            block.row,
        ):
            made[-1] = last._replace(last_row=block.last_row)
        else:
            made.append(block)
    return made


def group_equal_sizes(sizes: Mapping[int, float]) -> list[tuple[int, int, float]]:
    """Return rows or columns of one size that follow each other: first, last, size.

    >>> group_equal_sizes({1: 15.0, 2: 15.0, 4: 15.0, 5: 30.0})
    [(1, 2, 15.0), (4, 4, 15.0), (5, 5, 30.0)]
    """
    made: list[tuple[int, int, float]] = []
    for at, size in sorted(sizes.items()):
        if made and made[-1][1] == at - 1 and abs(made[-1][2] - size) < 1e-9:
            made[-1] = (made[-1][0], at, size)
        else:
            made.append((at, at, size))
    return made
