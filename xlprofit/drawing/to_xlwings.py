"""Draws a sheet's description into live Excel, through xlwings: in blocks, not cells.

The same descriptions as :mod:`xlprofit.drawing.to_openpyxl` draws, in a number of calls that does not grow
with the rows (but for one call more for each million cells): the cells of a sheet in one assignment, formulas among
them; each style over as few rectangles as will do; a colour that follows a value as a conditional format, one for
neighbouring columns. xlwings has conditional formats on its public interface since 0.37.5, so that no
cell is coloured by itself, and the colours follow when a user changes a figure.

A sheet is cleared and drawn anew where it stands, never deleted: formulas that point at it live on. What
differs from the file renderer:

- a link is a ``HYPERLINK`` formula (one assignment) and not a link of the cell (a call for each); its text is the
  same, and a text of more than 255 characters, which no formula takes, is not linked;
- a row with a wrapped text is as tall as Excel finds it needs; nothing is said of the zoom;
- on a Mac, in xlwings Lite and on a server: no filter buttons, no Excel Table, no underline, no tab colour, no page
  set-up, no text shrunk to its cell, the results sheet hidden and not very hidden, and the sign that
  :class:`AboveRule` puts before a number is missing (:mod:`xlprofit.drawing.native` has what Excel on Windows is
  asked for directly);
- in Lite and on a server charts have Excel's own colours (:mod:`xlprofit.drawing.charts_xlwings`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any

import xlwings as xw

from xlprofit import addresses
from xlprofit.drawing import layout, native, room
from xlprofit.drawing.blocks import Block, Key, group_equal_sizes, join_blocks, remove_overlaps
from xlprofit.drawing.cell_styles import Style
from xlprofit.drawing.charts_xlwings import draw_charts, encode_excel_colour, remove_charts
from xlprofit.drawing.drawing import Drawing, DrawnCell, DrawnTable, build_drawing, list_style_blocks
from xlprofit.drawing.page_breaks import find_page_breaks
from xlprofit.drawing.rules_xlwings import colour_live_sheet
from xlprofit.drawing.typed import Content, build_typed_rows
from xlprofit.sheets import theme
from xlprofit.sheets.parts import Sheet

CELLS_AT_ONCE = 1_000_000
"""Cells given to Excel in one assignment."""

Made = Callable[[xw.Sheet], None]
"""Called with a sheet that was just made."""

_PLAIN = Style(theme.Look())


def _do_nothing(sheet: xw.Sheet) -> None:
    """Do nothing with a new sheet."""


def draw_live_sheets(sheets: Sequence[Sheet], book: xw.Book, made: Made = _do_nothing) -> list[xw.Sheet]:
    """Draw several sheets into a workbook, in order; a chart may show the table of another one.

    A sheet that is there is cleared and drawn anew in its place; a new one stands behind all others, and
    ``made`` is called with it before anything is drawn. Charts come last.
    """
    new = {sheet.name for sheet in sheets} - set(book.sheet_names)
    drawn = [_ensure_live_sheet(book, sheet.name, made) for sheet in sheets]
    for live, sheet in zip(drawn, sheets, strict=True):
        _draw_live_sheet(live, sheet, new=sheet.name in new)
    for live, sheet in zip(drawn, sheets, strict=True):
        draw_charts(live, sheet, sheets)
    return drawn


def _ensure_live_sheet(book: xw.Book, name: str, made: Made) -> xw.Sheet:
    if name in book.sheet_names:
        return book.sheets[name]
    sheet = book.sheets.add(name, after=book.sheets[len(book.sheets) - 1])
    made(sheet)
    return sheet


def _draw_live_sheet(live: xw.Sheet, sheet: Sheet, *, new: bool) -> None:
    drawn = build_drawing(sheet)
    rows = build_typed_rows(drawn, since_1904=native.has_1904_dates(live.book))
    if not new:
        clear_live_sheet(live)
    _write_live_cells(live, rows)
    if sheet.hidden:
        native.hide_sheet(live)
        return
    _style_live_cells(live, drawn, rows)
    for block in drawn.merged:
        live.range(block.address).merge()
    _size_live_columns(live, drawn)
    _size_live_rows(live, drawn)
    _add_header_notes(live, drawn)
    _add_live_dropdowns(live, drawn)
    colour_live_sheet(live, drawn)
    _set_live_view(live, drawn)
    for table in drawn.sheet.tables:
        if table.folded and table.rows:
            native.fold_rows(live, table.first, table.last)
    if new:  # a page set up by the user stays as it is
        live.page_setup.print_area = drawn.room.printed
        native.set_native_page(
            live,
            drawn.room,
            landscape=sheet.landscape,
            repeat=sheet.repeat_rows,
            breaks=find_page_breaks(sheet, drawn.room),
        )


def clear_live_sheet(live: xw.Sheet) -> None:
    """Clear a sheet of ours: cells, looks, colour rules, notes and our charts; hidden rows are shown first."""
    native.show_filtered_rows(live)
    remove_charts(live)
    with suppress(NotImplementedError):
        for note in list(live.notes):
            note.delete()
    native.unfold_rows(live)
    live.used_range.unmerge()
    live.cells.conditional_formats.clear()
    live.clear()


def _write_live_cells(live: xw.Sheet, rows: list[list[Content]]) -> None:
    """Write the cells: texts that Excel would misread bear an apostrophe, so that nothing has to be formatted first."""
    width = max(len(rows[0]), 1)
    step = max(CELLS_AT_ONCE // width, 1)
    for start in range(0, len(rows), step):
        part = rows[start : start + step]
        live.range((start + 1, 1), (start + len(part), width)).raw_value = part


# --- styles ----------------------------------------------------------------------------------------


def _style_live_cells(live: xw.Sheet, drawn: Drawing, rows: list[list[Content]]) -> None:
    laid = list_style_blocks(drawn)
    last_row = max([len(rows), *(block.last_row for block, _ in laid)])
    last_column = max([len(rows[0]), *(block.last_column for block, _ in laid)])
    whole = live.range((1, 1), (last_row, last_column))
    whole.font.set(name=theme.FONT, size=_PLAIN.look.size, color=f"#{_PLAIN.look.font}")
    whole.vertical_alignment = "center"
    styles = remove_overlaps(laid)
    _style_live_fonts(live, styles)
    for cells, fill in _list_live_ranges(live, styles, [s.look.fill for _, s in styles]):
        cells.color = f"#{fill}"
    for block, code in _group_style_blocks(styles, [s.number_format for _, s in styles]):
        if code != _PLAIN.number_format:
            live.range(block.address).number_format = code
    _align_live_cells(live, styles)
    _draw_border_lines(live, styles)


def _style_live_fonts(live: xw.Sheet, styles: Sequence[tuple[Block, Style]]) -> None:
    """Set the fonts that differ from that of the whole sheet."""
    for block, (size, ink, bold, italic) in _group_style_blocks(
        styles, [(s.look.size, s.look.font, s.look.bold, s.look.italic) for _, s in styles]
    ):
        if (size, ink, bold, italic) != (_PLAIN.look.size, _PLAIN.look.font, False, False):
            live.range(block.address).font.set(**_build_font_settings(size, ink, bold, italic))


def _build_font_settings(size: float, ink: str, bold: bool, italic: bool) -> dict[str, Any]:
    """Return what to set of a font: what differs from that of the whole sheet."""
    differing: dict[str, Any] = {}
    if size != _PLAIN.look.size:
        differing["size"] = size
    if ink != _PLAIN.look.font:
        differing["color"] = f"#{ink}"
    if bold:
        differing["bold"] = True
    if italic:
        differing["italic"] = True
    return differing


def _align_live_cells(live: xw.Sheet, styles: Sequence[tuple[Block, Style]]) -> None:
    for block, side in _group_style_blocks(styles, [s.horizontal for _, s in styles]):
        horizontal: Any = side
        live.range(block.address).horizontal_alignment = horizontal
    for cells, _ in _list_live_ranges(live, styles, [s.vertical == "top" for _, s in styles]):
        cells.vertical_alignment = "top"
    for cells, _ in _list_live_ranges(live, styles, [s.wrap for _, s in styles]):
        cells.wrap_text = True
    _set_native_looks(live, styles)


def _set_native_looks(live: xw.Sheet, styles: Sequence[tuple[Block, Style]]) -> None:
    """Set what xlwings has no name for: indents, underlines, and texts that shrink to fit."""
    for cells, indent in _list_live_ranges(live, styles, [s.indent for _, s in styles]):
        native.indent_block(cells, indent)
    for cells, _ in _list_live_ranges(live, styles, [s.look.underline for _, s in styles]):
        native.underline_block(cells)
    for cells, _ in _list_live_ranges(live, styles, [s.shrink for _, s in styles]):
        native.shrink_block_text(cells)


def _list_live_ranges(
    live: xw.Sheet, styles: Sequence[tuple[Block, Style]], keys: Sequence[Key]
) -> Iterator[tuple[xw.Range, Key]]:
    """Yield the cells over which a property is the same and is something, and what it is."""
    for block, key in _group_style_blocks(styles, keys):
        if key:
            yield live.range(block.address), key


def _draw_border_lines(live: xw.Sheet, styles: Sequence[tuple[Block, Style]]) -> None:
    """Draw the border lines, above and below each row of a block and left of each column."""
    for block, (top, bottom, left) in _group_style_blocks(
        styles, [(s.look.top, s.look.bottom, s.look.left) for _, s in styles]
    ):
        tall, wide = block.last_row > block.row, block.last_column > block.column
        for shade, edge, inner, many in (
            (top, "edge_top", "inside_horizontal", tall),
            (bottom, "edge_bottom", "inside_horizontal", tall),
            (left, "edge_left", "inside_vertical", wide),
        ):
            if shade:
                sides: Any = [edge, inner] if many else [edge]
                live.range(block.address).borders.set(
                    sides, line_style="continuous", weight="thin", color=f"#{shade}"
                )


def _group_style_blocks(
    styles: Sequence[tuple[Block, Style]], keys: Sequence[Key]
) -> list[tuple[Block, Key]]:
    """Return the rectangles over which one property of the styles is the same."""
    return join_blocks((block, key) for (block, _), key in zip(styles, keys, strict=True))


# --- the whole sheet -------------------------------------------------------------------------------


def _size_live_columns(live: xw.Sheet, drawn: Drawing) -> None:
    """Set the widths of the columns."""
    characters = str(live.book.app.engine.name) == "excel"  # Lite and servers measure in points
    for first, last, width in group_equal_sizes(drawn.room.widths):
        columns = live.range(f"{addresses.format_column(first)}:{addresses.format_column(last)}")
        columns.column_width = width if characters else room.convert_width_to_points(width)


def _size_live_rows(live: xw.Sheet, drawn: Drawing) -> None:
    """Set the heights of the rows; Excel fits those of a table whose texts are wrapped."""
    tables = [drawn_table.table for drawn_table in drawn.tables]
    fitted = [table for table in tables if table.rows and drawn.room.wraps(table.name)]
    to_fit = {row for table in fitted for row in range(table.first, table.last + 1)}
    heights = {
        row: height
        for row, height in drawn.room.heights.items()
        if row not in to_fit or row in drawn.sheet.heights
    }
    for first, last, height in group_equal_sizes(heights):
        live.range(f"{first}:{last}").row_height = height
    for table in fitted:
        live.range(f"{table.first}:{table.last}").rows.autofit()


def _add_header_notes(live: xw.Sheet, drawn: Drawing) -> None:
    for part in drawn.parts:
        if isinstance(part, DrawnCell) and part.note:
            with suppress(NotImplementedError):  # notes came late to Excel's interface for Lite
                live.range((part.block.row, part.block.column)).add_note(theme.clean_text(part.note))


def _add_live_dropdowns(live: xw.Sheet, drawn: Drawing) -> None:
    """Put drop-downs on the cells that have something to choose from."""
    for cell in drawn.cells:
        if cell.choices is not None:
            listed = live.book.sheets[cell.choices.sheet].range(cell.choices.cell)
            live.range((cell.block.row, cell.block.column)).data_validation.set_list(listed)


def _set_live_view(live: xw.Sheet, drawn: Drawing) -> None:
    native.colour_tab(live, encode_excel_colour(theme.find_shade(drawn.sheet.tab)))
    if live.visible:  # how a hidden sheet is seen is not for us to say, and Excel refuses it
        _set_live_window(live, drawn.sheet)
    filtered = layout.find_filtered_table(drawn.sheet)
    for found in drawn.tables:
        if found.table is filtered:
            _add_live_filter(live, found)


def _add_live_filter(live: xw.Sheet, drawn: DrawnTable) -> None:
    block = live.range(drawn.block.address)
    if layout.can_be_listed(drawn.table):
        native.list_block(block, drawn.table.listed)
    else:
        native.add_filter_buttons(block)


def _set_live_window(live: xw.Sheet, sheet: Sheet) -> None:
    with suppress(NotImplementedError):
        live.show_gridlines = False
    if sheet.freeze:
        row, column = addresses.parse_address(sheet.freeze)
        if row > 1 or column > 1:
            native.freeze_sheet_panes(live, row - 1, column - 1)
