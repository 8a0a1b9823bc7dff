"""Draws a sheet's description into an openpyxl workbook."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import Cell as FileCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.table import Table as ListedTable
from openpyxl.worksheet.table import TableColumn
from openpyxl.worksheet.worksheet import Worksheet

from xlprofit import addresses
from xlprofit.drawing import layout, room
from xlprofit.drawing.cell_styles import Style
from xlprofit.drawing.charts_openpyxl import draw_chart
from xlprofit.drawing.digits import round_number, round_values
from xlprofit.drawing.drawing import Drawing, DrawnBody, DrawnCell, DrawnTable, build_drawing
from xlprofit.drawing.page_breaks import find_page_breaks
from xlprofit.drawing.rules_openpyxl import add_rule
from xlprofit.sheets import theme
from xlprofit.sheets.parts import Column, Formula, Link, Sheet, Table, Value

MOST_LINKS = 65_530
"""Excel's limit of links on one sheet; a file with more is said to be damaged."""

NOTE_REACH = 100
"""Rows from a header on whose heights openpyxl is told in any case: the places of notes are made of what it writes."""

_WIDTH_PADDING = 5 / 7


@dataclass(frozen=True)
class TableBody:
    """The body of a table's column, which is written without openpyxl: its place, and its styles' numbers."""

    table: Table
    column: Column
    position: int
    style: int
    linked: int


@dataclass(frozen=True)
class Outline:
    """A sheet drawn but for the bodies of its tables.

    Attributes:
        worksheet: what is drawn.
        sheet: its description.
        bodies: the bodies.
        answers: what formulas come to, by cell.
        heights: the heights of rows below that openpyxl was not told of, in points.
    """

    worksheet: Worksheet
    sheet: Sheet
    bodies: tuple[TableBody, ...]
    answers: dict[tuple[int, int], Value]
    heights: dict[int, float]


@dataclass(frozen=True)
class Pen:
    """The worksheet that is drawn on, what is drawn there, the styles made so far and the links set so far.

    ``bodies`` holds the bodies that are left to be written by somebody else, where that is wanted.
    """

    worksheet: Worksheet
    drawing: Drawing
    bodies: list[TableBody] | None = None
    styles: dict[Style, StyleArray] = field(default_factory=dict)
    links: list[str] = field(default_factory=list)
    answers: dict[tuple[int, int], Value] = field(default_factory=dict)
    heights: dict[int, float] = field(default_factory=dict)


def draw_worksheets(sheets: Sequence[Sheet], workbook: Workbook) -> list[Worksheet]:
    """Draw several sheets into a workbook, in order; a chart may show the table of another one."""
    return [draw_worksheet(sheet, workbook, sheets) for sheet in sheets]


def draw_worksheet(sheet: Sheet, workbook: Workbook, book: Sequence[Sheet] = ()) -> Worksheet:
    """Draw a sheet into a workbook and return its worksheet.

    A worksheet of this name is emptied and drawn anew in its place, so that formulas elsewhere
    still point to it; any other sheet is left alone. ``book`` holds the sheets whose tables a
    chart may show. The workbook is told to compute its formulas when it is opened, for openpyxl
    writes no results beside them. :class:`ValueError` where the description contradicts itself.
    """
    pen = Pen(_prepare_worksheet(sheet.name, workbook), build_drawing(sheet))
    return _draw_sheet_parts(pen, book).worksheet


def draw_outline(
    sheet: Sheet,
    workbook: Workbook,
    book: Sequence[Sheet] = (),
    styles: dict[Style, StyleArray] | None = None,
) -> Outline:
    """Draw a sheet but for the bodies of its tables, which :mod:`xlprofit.drawing.to_xml` writes faster.

    Other arguments and errors as for :func:`draw_worksheet`. ``styles`` are those made for other sheets of the same
    workbook, to which those of this one are added.
    """
    bodies: list[TableBody] = []
    shared = {} if styles is None else styles
    pen = Pen(_prepare_worksheet(sheet.name, workbook), build_drawing(sheet), bodies, shared)
    _draw_sheet_parts(pen, book)
    return Outline(pen.worksheet, sheet, tuple(bodies), pen.answers, pen.heights)


def _draw_sheet_parts(pen: Pen, book: Sequence[Sheet]) -> Pen:
    sheet, needed = pen.drawing.sheet, pen.drawing.room
    for column, width in needed.widths.items():
        pen.worksheet.column_dimensions[addresses.format_column(column)].width = width + _WIDTH_PADDING
    _fold_columns(pen.worksheet, needed.folded)
    far = _list_far_rows(sheet) if pen.bodies is not None else ()
    for row, height in needed.heights.items():
        if row in far:
            pen.heights[row] = height
        else:
            pen.worksheet.row_dimensions[row].height = height
    for table in pen.drawing.tables:
        _draw_result_table(pen, table)
    for cell in pen.drawing.cells:
        _draw_cell(pen, cell)
    for chart in sheet.charts:
        draw_chart(pen.worksheet, sheet, chart, book)
    _set_result_view(pen)
    if not sheet.hidden:
        _set_page(pen)
    workbook: Any = pen.worksheet.parent
    workbook.calculation.fullCalcOnLoad = True
    return pen


def _list_far_rows(sheet: Sheet) -> set[int]:
    """Return the rows of bodies that no note reaches into, of tables that are not folded away."""
    bodies = (range(t.first + NOTE_REACH, t.last + 1) for t in sheet.tables if not t.folded)
    near = (range(t.row, t.first + NOTE_REACH) for t in sheet.tables)
    return set(chain.from_iterable(bodies)).difference(*near)


def _fold_columns(worksheet: Worksheet, folded: Collection[int]) -> None:
    """Group columns and fold them away; the sign that unfolds them stands over the column behind."""
    for column in sorted(folded):
        dimension = worksheet.column_dimensions[addresses.format_column(column)]
        dimension.outlineLevel, dimension.hidden = 1, True
        if column + 1 not in folded:
            worksheet.column_dimensions[addresses.format_column(column + 1)].collapsed = True


def _prepare_worksheet(name: str, workbook: Workbook) -> Worksheet:
    """Return an empty worksheet of this name: a new one, or the old one without anything on it."""
    found = next((t for t in workbook.sheetnames if t.casefold() == name.casefold()), None)
    if found is None:
        worksheet: Worksheet = workbook.create_sheet(name)
        return worksheet
    old = workbook[found]
    if not isinstance(old, Worksheet):
        raise ValueError(f'"{found}" is a chart sheet, where a result sheet must go; rename it and try again')
    code_name = old.sheet_properties.codeName
    old._setup()  # type: ignore[attr-defined] # what openpyxl itself empties a new sheet with
    old.sheet_properties.codeName = code_name
    old.HeaderFooter = type(old.HeaderFooter)()
    return old


# --- cells ---------------------------------------------------------------------------------------


def _draw_cell(pen: Pen, cell: DrawnCell) -> None:
    """Draw a cell, or a block of them, with its note, its colour rules and what may be chosen in it."""
    top, left, bottom, right = cell.block
    for row in range(top, bottom + 1):
        for column in range(left, right + 1):
            if (row, column) != (top, left):
                _put_styled_cell(pen, row, column, None, cell.style)
    sparked = (
        cell.spark is not None and pen.bodies is not None
    )  # who writes the bodies draws the sparklines too
    drawn = _put_styled_cell(pen, top, left, None if sparked else cell.value, cell.style, cell.link)
    if cell.merged:
        # The range alone: merge_cells() would take the borders off the cells under it.
        pen.worksheet.merged_cells.add(cell.block.address)
    if cell.note:
        note = theme.clean_text(cell.note)
        lines = room.count_text_lines(note, 40.0)
        drawn.comment = Comment(note, "xlprofit", height=18 * lines + 14, width=300)
    for rule in cell.rules:
        add_rule(pen.worksheet, rule)
    if cell.choices is not None:
        listed: Any = DataValidation(type="list", allow_blank=True, showErrorMessage=False)
        listed.formula1 = layout.build_choices_address(cell.choices)
        listed.add(addresses.format_address(top, left))
        pen.worksheet.add_data_validation(listed)


def _put_styled_cell(
    pen: Pen, row: int, column: int, value: Value | Formula, style: Style, link: Link | None = None
) -> FileCell:
    """Write one cell and return it."""
    drawn = round_number(value) if isinstance(value, float) else value
    cell = _place_plain_cell(pen.worksheet, row, column, drawn, _find_style_record(pen, style))
    if isinstance(value, Formula):
        pen.answers[row, column] = value.value
    if link is not None:
        _set_link(pen, cell, link)
    return cell


def _place_plain_cell(
    worksheet: Worksheet, row: int, column: int, value: Value | Formula, style: StyleArray
) -> FileCell:
    """Place a cell past openpyxl's guessing: a text is a text whatever it begins with.

    The style is a copy, or who formats one cell later would format all that share it.
    """
    drawn = FileCell(worksheet, row=row, column=column)
    cell: Any = drawn  # the type stubs leave out the slots that openpyxl's own reader fills
    cell._style = copy(style)
    if isinstance(value, Formula):
        cell._value, cell.data_type = f"={value.text}", "f"
    else:
        cell._value = value = theme.clean_drawn_value(value)
        cell.data_type = "s" if isinstance(value, str) else "b" if isinstance(value, bool) else "n"
    worksheet._cells[row, column] = drawn
    return drawn


def _set_link(pen: Pen, cell: FileCell, link: Link) -> None:
    if len(pen.links) < MOST_LINKS:
        pen.links.append(cell.coordinate)
        target = f"{addresses.quote_sheet_name(link.sheet)}!{link.cell}"
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=target)


def _find_style_record(pen: Pen, style: Style) -> StyleArray:
    """Return the workbook's record of a style, made when it is first asked for."""
    made = pen.styles.get(style)
    if made is None:
        made = pen.styles[style] = _build_style_record(pen.worksheet, style)
    return made


def _build_style_record(worksheet: Worksheet, style: Style) -> StyleArray:
    look = style.look
    scratch: Any = FileCell(worksheet, row=1, column=1)
    scratch.font = Font(
        name=theme.FONT,
        size=look.size,
        bold=look.bold,
        italic=look.italic,
        underline="single" if look.underline else None,
        color=f"FF{look.font}",
    )
    if look.fill:
        scratch.fill = PatternFill("solid", fgColor=f"FF{look.fill}")
    if look.top or look.bottom or look.left:
        scratch.border = Border(
            top=_build_border_side(look.top),
            bottom=_build_border_side(look.bottom),
            left=_build_border_side(look.left),
        )
    scratch.alignment = Alignment(
        horizontal=None if style.horizontal == "general" else style.horizontal,
        vertical=style.vertical,
        wrap_text=style.wrap or None,
        indent=style.indent,
        shrink_to_fit=style.shrink or None,
    )
    scratch.number_format = style.number_format
    made: StyleArray = scratch._style
    return made


def _build_border_side(colour: str) -> Side:
    return Side(style="thin", color=f"FF{colour}") if colour else Side()


# --- tables --------------------------------------------------------------------------------------


def _draw_result_table(pen: Pen, drawn: DrawnTable) -> None:
    """Draw a table: band, headers, bodies, total row, filter buttons and colour rules."""
    for part in drawn.parts:
        if isinstance(part, DrawnCell):
            _draw_cell(pen, part)
        else:
            _draw_body(pen, part)
    table, block = drawn.table, drawn.block.address
    if table.folded and table.rows:
        _fold_body(pen, table)
    if layout.can_be_listed(table):
        pen.worksheet.add_table(_build_listed_table(table, block))
    elif layout.find_filtered_table(pen.drawing.sheet) is table:
        pen.worksheet.auto_filter.ref = block
    for rule in drawn.rules:
        add_rule(pen.worksheet, rule)


def _fold_body(pen: Pen, table: Table) -> None:
    """Fold the body of a table away under its header."""
    rows: Any = pen.worksheet.row_dimensions
    outline: Any = pen.worksheet.sheet_properties.outlinePr
    for row in range(table.first, table.last + 1):
        rows[row].outlineLevel, rows[row].hidden = 1, True
    rows[table.row].collapsed = True
    outline.summaryBelow = False
    pen.worksheet.sheet_format.outlineLevelRow = 1


def _build_listed_table(table: Table, block: str) -> ListedTable:
    """Return the Excel Table over a block; its columns are said, or openpyxl would make a cell of every blank."""
    listed = ListedTable(name=table.listed, displayName=table.listed, ref=block)
    listed.tableColumns = [
        TableColumn(id=place, name=theme.clean_text(column.header))
        for place, column in enumerate(table.columns, 1)
    ]
    listed.autoFilter = AutoFilter(ref=block)
    return listed


def _draw_body(pen: Pen, body: DrawnBody) -> None:
    """Draw the body of a column with one style, made once: large tables depend on it."""
    table, column = body.table, body.column
    plain = _find_style_record(pen, body.style)
    linked = _find_style_record(pen, body.linked)
    if pen.bodies is not None:
        if column.spark is not None:  # what is drawn in its cells
            column = replace(column, values=[None] * len(column.values))
        numbers: Any = pen.worksheet.parent  # the stubs leave out the list of styles
        style_of = numbers._cell_styles.add
        pen.bodies.append(TableBody(table, column, body.position, style_of(plain), style_of(linked)))
        return
    parts = layout.split_formula_text(table, column.formula) if column.formula else []
    links = dict(enumerate(column.links)) if column.links else {}
    for index, value in enumerate(round_values(column.values)):
        row = table.first + index
        content = value if not parts else Formula(layout.join_formula_parts(parts, row))
        link = links.get(index)
        cell = _place_plain_cell(pen.worksheet, row, body.position, content, linked if link else plain)
        if link:
            _set_link(pen, cell, link)


# --- the whole sheet -----------------------------------------------------------------------------


def _set_result_view(pen: Pen) -> None:
    """Set what is seen on opening: frozen panes, no gridlines, the tab's colour, the zoom."""
    worksheet, sheet = pen.worksheet, pen.drawing.sheet
    worksheet.sheet_view.showGridLines = False
    worksheet.sheet_view.zoomScale = 100
    worksheet.freeze_panes = sheet.freeze or None
    worksheet.sheet_properties.tabColor = f"FF{theme.find_shade(sheet.tab)}"
    worksheet.sheet_state = "veryHidden" if sheet.hidden else "visible"
    worksheet.sheet_format.defaultRowHeight = room.DEFAULT_HEIGHT
    worksheet.sheet_format.customHeight = True


def _set_page(pen: Pen) -> None:
    """Set up printing: on its paper, one page wide and as many tall as it takes, header rows on each."""
    worksheet, sheet = pen.worksheet, pen.drawing.sheet
    worksheet.page_setup.orientation = "landscape" if sheet.landscape else "portrait"
    worksheet.page_setup.paperSize = pen.drawing.room.paper
    worksheet.page_setup.fitToWidth, worksheet.page_setup.fitToHeight = 1, pen.drawing.room.pages
    worksheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    side, top, bottom = room.MARGINS
    worksheet.page_margins = PageMargins(side, side, top, bottom, header=0.25, footer=0.3)
    worksheet.print_options.horizontalCentered = True
    worksheet.print_area = pen.drawing.room.printed
    for row in find_page_breaks(sheet, pen.drawing.room):
        worksheet.row_breaks.append(Break(id=row - 1, min=None))
    if sheet.repeat_rows:
        worksheet.print_title_rows = f"{sheet.repeat_rows[0]}:{sheet.repeat_rows[1]}"
    footer: Any = worksheet.oddFooter
    footer.left.text, footer.right.text = "&A", sheet.footer
    for part in (footer.left, footer.right):
        part.font, part.size, part.color = f"{theme.FONT},Regular", 8, theme.GREY
