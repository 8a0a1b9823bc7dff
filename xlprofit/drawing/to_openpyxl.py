"""Draws a sheet's description into an openpyxl workbook."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, field
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import Cell as DrawnCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.table import Table as ListedTable
from openpyxl.worksheet.table import TableColumn
from openpyxl.worksheet.worksheet import Worksheet

from xlprofit import addresses
from xlprofit.drawing import cell_styles, layout, room
from xlprofit.drawing.cell_styles import Style
from xlprofit.drawing.charts_openpyxl import draw_chart
from xlprofit.drawing.digits import round_number, round_values
from xlprofit.drawing.rules_openpyxl import colour_cell, colour_table
from xlprofit.sheets import theme
from xlprofit.sheets.parts import Cell, Column, Formula, Link, Meaning, Sheet, Table, Value

MOST_LINKS = 65_530
"""Excel's limit of links on one sheet; a file with more is said to be damaged."""

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
    """A sheet drawn but for the bodies of its tables: the ``bodies``, and what formulas come to by cell."""

    worksheet: Worksheet
    sheet: Sheet
    bodies: tuple[TableBody, ...]
    answers: dict[tuple[int, int], Value]


@dataclass(frozen=True)
class Pen:
    """The worksheet that is drawn on, what is drawn, the styles made so far and the links set so far.

    ``bodies`` holds the bodies that are left to be written by somebody else, where that is wanted.
    """

    worksheet: Worksheet
    sheet: Sheet
    room: room.Room
    bodies: list[TableBody] | None = None
    styles: dict[Style, StyleArray] = field(default_factory=dict)
    links: list[str] = field(default_factory=list)
    answers: dict[tuple[int, int], Value] = field(default_factory=dict)


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
    return _draw_sheet_parts(
        Pen(_prepare_worksheet(sheet.name, workbook), sheet, room.measure_room(sheet)), book
    ).worksheet


def draw_outline(sheet: Sheet, workbook: Workbook, book: Sequence[Sheet] = ()) -> Outline:
    """Draw a sheet but for the bodies of its tables, which :mod:`xlprofit.drawing.to_xml` writes faster.

    Arguments and errors as for :func:`draw_worksheet`.
    """
    bodies: list[TableBody] = []
    pen = _draw_sheet_parts(
        Pen(_prepare_worksheet(sheet.name, workbook), sheet, room.measure_room(sheet), bodies), book
    )
    return Outline(pen.worksheet, sheet, tuple(bodies), pen.answers)


def _draw_sheet_parts(pen: Pen, book: Sequence[Sheet]) -> Pen:
    sheet = pen.sheet
    for column, width in pen.room.widths.items():
        pen.worksheet.column_dimensions[addresses.format_column(column)].width = width + _WIDTH_PADDING
    for row, height in pen.room.heights.items():
        pen.worksheet.row_dimensions[row].height = height
    for table in sheet.tables:
        _draw_result_table(pen, table)
    for cell in sheet.cells:
        _draw_cell(pen, cell)
    if pen.bodies is None:
        _fill_spills(pen)
    for chart in sheet.charts:
        draw_chart(pen.worksheet, sheet, chart, book)
    _set_result_view(pen)
    if not sheet.hidden:
        _set_page(pen)
    workbook: Any = pen.worksheet.parent
    workbook.calculation.fullCalcOnLoad = True
    return pen


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


def _draw_cell(pen: Pen, cell: Cell) -> None:
    """Draw a single cell, or a block of merged ones."""
    style = cell_styles.build_single_cell_style(pen.sheet, cell)
    last_row, last_column = cell.row + cell.down - 1, cell.column + cell.across - 1
    for row in range(cell.row, last_row + 1):
        for column in range(cell.column, last_column + 1):
            _put_styled_cell(pen, row, column, None, style)
    _put_styled_cell(pen, cell.row, cell.column, cell.value, style, cell.link)
    if (last_row, last_column) != (cell.row, cell.column):
        # The range alone: merge_cells() would take the borders off the cells under it.
        pen.worksheet.merged_cells.add(addresses.format_block(cell.row, cell.column, last_row, last_column))
    colour_cell(pen.worksheet, pen.sheet, cell)
    if cell.choices is not None:
        listed: Any = DataValidation(type="list", allow_blank=True, showErrorMessage=False)
        listed.formula1 = layout.build_choices_address(cell.choices)
        listed.add(addresses.format_address(cell.row, cell.column))
        pen.worksheet.add_data_validation(listed)


def _fill_spills(pen: Pen) -> None:
    """Put the array formulas over what their cells hold."""
    for spill in pen.sheet.spills:
        cell: Any = pen.worksheet.cell(spill.row, spill.column)
        cell._value = ArrayFormula(layout.build_spill_address(spill), f"={spill.text}")
        cell.data_type = "f"


def _put_styled_cell(
    pen: Pen, row: int, column: int, value: Value | Formula, style: Style, link: Link | None = None
) -> DrawnCell:
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
) -> DrawnCell:
    """Place a cell past openpyxl's guessing: a text is a text whatever it begins with.

    The style is a copy, or who formats one cell later would format all that share it.
    """
    drawn = DrawnCell(worksheet, row=row, column=column)
    cell: Any = drawn  # the type stubs leave out the slots that openpyxl's own reader fills
    cell._style = copy(style)
    if isinstance(value, Formula):
        cell._value, cell.data_type = f"={value.text}", "f"
    else:
        cell._value = value = theme.clean_drawn_value(value)
        cell.data_type = "s" if isinstance(value, str) else "b" if isinstance(value, bool) else "n"
    worksheet._cells[row, column] = drawn
    return drawn


def _set_link(pen: Pen, cell: DrawnCell, link: Link) -> None:
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
    scratch: Any = DrawnCell(worksheet, row=1, column=1)
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


def _draw_result_table(pen: Pen, table: Table) -> None:
    """Draw a table: band, header, body, total row, filter buttons and colour rules."""
    if not table.columns:
        return
    _draw_band(pen, table)
    with_buttons, with_total = layout.find_filtered_table(pen.sheet) is table, table.has_total
    for position, column in enumerate(table.columns, table.column):
        _draw_result_header(pen, table, column, position)
        _draw_body(pen, table, column, position)
        if with_total:
            _draw_total(pen, table, column, position)
    if not table.rows and table.empty:
        _put_styled_cell(pen, table.first, table.column, table.empty, Style(theme.find_look(Meaning.NOTE)))
    right = table.column + len(table.columns) - 1
    block = addresses.format_block(table.row, table.column, table.last, right)
    if table.folded and table.rows:
        _fold_body(pen, table)
    if layout.can_be_listed(table):
        pen.worksheet.add_table(_build_listed_table(table, block))
    elif with_buttons:
        pen.worksheet.auto_filter.ref = block
    colour_table(pen.worksheet, pen.sheet, table)


def _fold_body(pen: Pen, table: Table) -> None:
    """Fold the body of a table away under its header."""
    rows: Any = pen.worksheet.row_dimensions
    for row in range(table.first, table.last + 1):
        rows[row].outlineLevel, rows[row].hidden = 1, True
    rows[table.row].collapsed = True
    pen.worksheet.sheet_properties.outlinePr.summaryBelow = False
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


def _draw_band(pen: Pen, table: Table) -> None:
    row = table.row - 1
    for heading, first, last in layout.list_band_headings(table):
        style = cell_styles.build_band_style(heading)
        for column in range(first, last + 1):
            _put_styled_cell(pen, row, column, heading if column == first and heading else None, style)
        if heading and last > first:
            pen.worksheet.merged_cells.add(addresses.format_block(row, first, row, last))


def _draw_result_header(pen: Pen, table: Table, column: Column, position: int) -> None:
    """Draw a header cell, its text above the filter button, its note as a comment."""
    style = cell_styles.build_header_style(pen.sheet, table, column)
    cell = _put_styled_cell(pen, table.row, position, column.header, style)
    if column.note:
        note = theme.clean_text(column.note)
        rows = room.count_text_lines(note, 40.0)
        cell.comment = Comment(note, "xlprofit", height=18 * rows + 14, width=300)


def _draw_body(pen: Pen, table: Table, column: Column, position: int) -> None:
    """Draw the body of a column with one style, made once: large tables depend on it."""
    style = cell_styles.build_body_style(pen.sheet, table, column, pen.room)
    plain = _find_style_record(pen, style)
    linked = _find_style_record(pen, cell_styles.add_style_of_links(style)) if column.links else plain
    if pen.bodies is not None:
        numbers: Any = pen.worksheet.parent  # the stubs leave out the list of styles
        style_of = numbers._cell_styles.add
        pen.bodies.append(TableBody(table, column, position, style_of(plain), style_of(linked)))
        return
    parts = layout.split_formula_text(table, column.formula) if column.formula else []
    links = dict(enumerate(column.links)) if column.links else {}
    for index, value in enumerate(round_values(column.values)):
        row = table.first + index
        content = value if not parts else Formula(layout.join_formula_parts(parts, row))
        link = links.get(index)
        cell = _place_plain_cell(pen.worksheet, row, position, content, linked if link else plain)
        if link:
            _set_link(pen, cell, link)


def _draw_total(pen: Pen, table: Table, column: Column, position: int) -> None:
    style = cell_styles.build_total_style(
        cell_styles.build_body_style(pen.sheet, table, column, pen.room), column
    )
    _put_styled_cell(pen, table.total_row, position, layout.build_column_total(table, column), style)


# --- the whole sheet -----------------------------------------------------------------------------


def _set_result_view(pen: Pen) -> None:
    """Set what is seen on opening: frozen panes, no gridlines, the tab's colour, the zoom."""
    worksheet, sheet = pen.worksheet, pen.sheet
    worksheet.sheet_view.showGridLines = False
    across = sum(pen.room.widths.values())
    worksheet.sheet_view.zoomScale = 85 if across > 190 else 100
    worksheet.freeze_panes = sheet.freeze or None
    worksheet.sheet_properties.tabColor = f"FF{theme.find_shade(sheet.tab)}"
    worksheet.sheet_state = "veryHidden" if sheet.hidden else "visible"
    worksheet.sheet_format.defaultRowHeight = room.DEFAULT_HEIGHT
    worksheet.sheet_format.customHeight = True


def _set_page(pen: Pen) -> None:
    """Set up printing: on its paper, one page wide and as many tall as it takes, header rows on each."""
    worksheet, sheet = pen.worksheet, pen.sheet
    worksheet.page_setup.orientation = "landscape" if sheet.landscape else "portrait"
    worksheet.page_setup.paperSize = pen.room.paper
    worksheet.page_setup.fitToWidth, worksheet.page_setup.fitToHeight = 1, pen.room.pages
    worksheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    side, top, bottom = room.MARGINS
    worksheet.page_margins = PageMargins(side, side, top, bottom, header=0.25, footer=0.3)
    worksheet.print_options.horizontalCentered = True
    worksheet.print_area = addresses.format_block(1, 1, pen.room.last_row, pen.room.last_column)
    for row in sheet.breaks:
        worksheet.row_breaks.append(Break(id=row - 1, min=None))
    if sheet.repeat_rows:
        worksheet.print_title_rows = f"{sheet.repeat_rows[0]}:{sheet.repeat_rows[1]}"
    footer: Any = worksheet.oddFooter
    footer.left.text, footer.right.text = "&A", sheet.footer
    for part in (footer.left, footer.right):
        part.font, part.size, part.color = f"{theme.FONT},Regular", 8, theme.GREY
