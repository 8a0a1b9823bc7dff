"""A sheet worked out: its cells with their values, styles and links, the bodies of its tables, and its colour rules.

Pure: no Excel library. It is worked out here once; a writer into a file, into live Excel or into Calc puts what it
is given, and decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from xlprofit.drawing import cell_styles, conditions, layout, room
from xlprofit.drawing.blocks import Block
from xlprofit.drawing.cell_styles import Style
from xlprofit.drawing.conditions import PlacedRule
from xlprofit.sheets import theme
from xlprofit.sheets.parts import Cell, Column, Formula, Link, Meaning, Sheet, Table, Value

MOST_RUNS = 8
"""Stretches of linked cells in a column that are styled one by one; with more, the whole column is."""


@dataclass(frozen=True)
class DrawnCell:
    """A cell outside the bodies of tables, or a block of cells of one style, whose first has the value.

    ``merged`` says whether they are one cell; ``choices`` are the cells whose texts may be chosen from.
    """

    block: Block
    value: Value | Formula
    style: Style
    merged: bool = False
    link: Link | None = None
    note: str = ""
    choices: Link | None = None
    spark: Link | None = None
    rules: tuple[PlacedRule, ...] = ()


@dataclass(frozen=True)
class DrawnBody:
    """The body of a table's column, at the sheet's column ``position``; ``linked`` is the style of linked cells."""

    table: Table
    column: Column
    position: int
    style: Style
    linked: Style

    @property
    def block(self) -> Block:
        """The cells, or the first where there is none."""
        return Block(self.table.first, self.position, self.table.last, self.position)


@dataclass(frozen=True)
class DrawnTable:
    """A table: its cells and bodies in the order of drawing, and its colour rules."""

    table: Table
    parts: tuple[DrawnCell | DrawnBody, ...]
    rules: tuple[PlacedRule, ...]

    @property
    def block(self) -> Block:
        """The header and the body."""
        table = self.table
        return Block(table.row, table.column, table.last, table.column + len(table.columns) - 1)


@dataclass(frozen=True)
class Drawing:
    """A sheet to be drawn: its tables, then its single cells, which lie over them; and the room that it needs."""

    sheet: Sheet
    room: room.Room
    tables: tuple[DrawnTable, ...]
    cells: tuple[DrawnCell, ...]

    @property
    def parts(self) -> Iterator[DrawnCell | DrawnBody]:
        """All cells and bodies, in the order of drawing: a later one lies over an earlier one."""
        for table in self.tables:
            yield from table.parts
        yield from self.cells

    @property
    def rules(self) -> Iterator[PlacedRule]:
        """All colour rules, those of the tables first."""
        for table in self.tables:
            yield from table.rules
        for cell in self.cells:
            yield from cell.rules

    @property
    def merged(self) -> list[Block]:
        """The blocks of merged cells."""
        return [part.block for part in self.parts if isinstance(part, DrawnCell) and part.merged]


def build_drawing(sheet: Sheet) -> Drawing:
    """Return a sheet worked out.

    Raises:
        ValueError: the description contradicts itself.
    """
    needed = room.measure_room(sheet)
    tables = tuple(_build_table(sheet, table, needed) for table in sheet.tables if table.columns)
    return Drawing(sheet, needed, tables, tuple(_build_single_cell(sheet, cell) for cell in sheet.cells))


def _build_single_cell(sheet: Sheet, cell: Cell) -> DrawnCell:
    return DrawnCell(
        Block(cell.row, cell.column, cell.row + cell.down - 1, cell.column + cell.across - 1),
        cell.value,
        cell_styles.build_single_cell_style(sheet, cell),
        merged=cell.across > 1 or cell.down > 1,
        link=cell.link,
        choices=cell.choices,
        spark=cell.spark,
        rules=tuple(conditions.list_cell_rules(cell, sheet.currency)),
    )


def _build_table(sheet: Sheet, table: Table, needed: room.Room) -> DrawnTable:
    rules = tuple(conditions.list_table_rules(table, sheet.currency))
    return DrawnTable(table, tuple(_list_table_parts(sheet, table, needed)), rules)


def _list_table_parts(sheet: Sheet, table: Table, needed: room.Room) -> Iterator[DrawnCell | DrawnBody]:
    """Yield the band, then header, body and total of each column; what an empty table says comes last."""
    for heading, first, last in layout.list_band_headings(table):
        band = Block(table.row - 1, first, table.row - 1, last)
        merged = bool(heading) and last > first
        yield DrawnCell(band, heading or None, cell_styles.build_band_style(heading), merged)
    for position, column in enumerate(table.columns, table.column):
        header = cell_styles.build_header_style(sheet, table, column)
        yield DrawnCell(_build_cell_block(table.row, position), column.header, header, note=column.note)
        body = cell_styles.build_body_style(sheet, table, column, needed)
        linked = cell_styles.add_style_of_links(body) if column.links else body
        yield DrawnBody(table, column, position, body, linked)
        if table.has_total:
            total = layout.build_column_total(table, column)
            style = cell_styles.build_total_style(body, column)
            yield DrawnCell(_build_cell_block(table.total_row, position), total, style)
    if not table.rows and table.empty:
        note = Style(theme.find_look(Meaning.NOTE))
        yield DrawnCell(_build_cell_block(table.first, table.column), table.empty, note)


def _build_cell_block(row: int, column: int) -> Block:
    return Block(row, column, row, column)


def list_style_blocks(drawing: Drawing) -> list[tuple[Block, Style]]:
    """Return the styles of a drawing over few blocks, in the order of drawing."""
    found: list[tuple[Block, Style]] = []
    for part in drawing.parts:
        if isinstance(part, DrawnCell):
            found.append((part.block, part.style))
        elif part.table.rows:
            found.append((part.block, part.style))
            top = part.table.first
            for first, last in _find_linked_runs(part.column):
                found.append((Block(top + first, part.position, top + last, part.position), part.linked))
    return found


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
