"""What is typed into the cells of live Excel: texts that it would misread with an apostrophe, links as formulas.

Pure: no Excel library.
"""

from __future__ import annotations

from collections.abc import Iterator

from xlprofit import addresses
from xlprofit.drawing import layout
from xlprofit.drawing.digits import round_number, round_values
from xlprofit.drawing.drawing import Drawing, DrawnCell
from xlprofit.sheets import theme
from xlprofit.sheets.parts import Column, Formula, Link, Table, Value

LONGEST_LITERAL = 255
"""Characters of a text that Excel takes within a formula."""

Content = str | float | int | bool
"""What is given to a host for a cell: a blank is an empty text, a formula begins with ``=``."""


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


def build_typed_rows(drawing: Drawing, *, since_1904: bool = False) -> list[list[Content]]:
    """Return what the cells of a drawing hold, as a grid from A1 on.

    ``since_1904`` says that the workbook counts its days from 1904.
    """
    placed = list(_list_column_stretches(drawing, since_1904))
    height = max((row + len(column) - 1 for row, _, column in placed), default=1)
    width = max((at for _, at, _ in placed), default=1)
    columns: list[list[Content]] = [[""] * height for _ in range(width)]
    for row, at, column in placed:
        columns[at - 1][row - 1 : row - 1 + len(column)] = column
    return [list(row) for row in zip(*columns, strict=True)]


def _list_column_stretches(drawing: Drawing, since_1904: bool) -> Iterator[tuple[int, int, list[Content]]]:
    """Yield stretches of cells down a column: the first row, the column, what the cells hold."""
    for part in drawing.parts:
        if isinstance(part, DrawnCell):
            yield part.block.row, part.block.column, [build_cell_content(part.value, part.link)]
        else:
            contents = _build_body_contents(part.table, part.column, since_1904)
            yield part.block.row, part.position, contents


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
