"""How a cell looks, whoever draws it: a look of the theme, a number format and a place within the cell.

Pure: no Excel library.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from xlprofit.drawing import layout, room
from xlprofit.sheets import theme
from xlprofit.sheets.parts import Cell, Column, Format, Formula, Meaning, Sheet, Table


@dataclass(frozen=True)
class Style:
    """Everything that makes up the style of a cell."""

    look: theme.Look
    number_format: str = "General"
    horizontal: str = "general"
    vertical: str = "center"
    wrap: bool = False
    indent: int = 0
    shrink: bool = False


def build_single_cell_style(sheet: Sheet, cell: Cell) -> Style:
    """Return the style of a cell outside the tables, or of the block of merged ones that it is."""
    number = isinstance(cell.value.value if isinstance(cell.value, Formula) else cell.value, int | float)
    look = theme.find_look(cell.meaning)
    tile = cell.meaning in (Meaning.KPI, Meaning.LABEL)
    return Style(
        look if cell.link is None else _add_link_look(look),
        layout.choose_cell_format(cell, sheet.currency),
        horizontal="left" if tile or not number else "right",
        vertical="top" if cell.wrap else "center",
        wrap=cell.wrap,
        indent=1 if look.fill else 0,
        shrink=not cell.wrap and (cell.meaning is Meaning.LABEL or (number and cell.meaning is Meaning.KPI)),
    )


def build_band_style(heading: str) -> Style:
    """Return the style of a heading in the band over a table's header, or of the gap between two."""
    return Style(theme.BAND if heading else theme.Look(), horizontal="center")


def build_header_style(sheet: Sheet, table: Table, column: Column) -> Style:
    """Return the style of a column's header, whose text stands above the filter button where there is one."""
    return Style(
        theme.find_look(Meaning.HEADER),
        horizontal=_choose_alignment(column),
        vertical="top" if layout.find_filtered_table(sheet) is table else "center",
        wrap=True,
        indent=_choose_indent(table, column),
    )


def build_body_style(sheet: Sheet, table: Table, column: Column, needed: room.Room) -> Style:
    """Return the style of the body of a table's column."""
    text = column.format is Format.TEXT
    return Style(
        theme.Look(bottom=theme.HAIRLINE),
        theme.build_number_format(
            column.format, sheet.currency, arrows=layout.choose_arrow_side(column), padded=True
        ),
        horizontal=_choose_alignment(column),
        vertical="top" if needed.wraps(table.name) else "center",
        wrap=text and (table.name, column.key) in needed.wrapped,
        indent=_choose_indent(table, column) if text else 0,
    )


def build_total_style(body: Style, column: Column) -> Style:
    """Return the style of the total under a column whose body has a style."""
    total = replace(body, look=theme.find_look(Meaning.TOTAL), vertical="center", wrap=False)
    return total if column.total else replace(total, number_format="General")


def add_style_of_links(style: Style) -> Style:
    """Return a style as a linked cell has it."""
    return replace(style, look=_add_link_look(style.look))


def _add_link_look(look: theme.Look) -> theme.Look:
    link = theme.find_look(Meaning.LINK)
    return replace(look, font=link.font, underline=link.underline)


def _choose_alignment(column: Column) -> str:
    """Return how a column is aligned: texts to the left, numbers to the right."""
    return "left" if column.format is Format.TEXT else "right"


def _choose_indent(table: Table, column: Column) -> int:
    """Return the room beside a cell's text, without which a number touches the text to its right."""
    return 0 if column.format is Format.TEXT and column is table.columns[0] else 1
