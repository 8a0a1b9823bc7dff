"""What xlwings' public interface lacks, asked of Excel itself where it runs on Windows.

Everything here is looks, or keeps the user's work safe; on a Mac, in xlwings Lite and on a server each does
nothing, and the sheet is still right. ``api`` is xlwings' own way out to the object model of Excel.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from contextlib import suppress
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import xlwings as xw

    from xlprofit.drawing.room import Room

_UNDERLINED, _VERY_HIDDEN, _LANDSCAPE, _PORTRAIT = 2, 2, 2, 1
_FROM_RANGE, _HAS_HEADERS = 1, 1
_SUMMARY_ABOVE = 0


def can_reach_excel(book: xw.Book) -> bool:
    """Whether this workbook is open in an Excel whose own objects can be asked: one on Windows."""
    return str(book.app.engine.name) == "excel" and sys.platform != "darwin"


def list_protected_sheets(book: xw.Book, names: Iterable[str]) -> list[str]:
    """Return which of these sheets are protected; ``""`` is the workbook's own structure."""
    if not can_reach_excel(book):
        return []
    found = [""] if bool(_unwrap_native_object(book).ProtectStructure) else []
    there = set(book.sheet_names)
    return found + [
        n for n in names if n in there and bool(_unwrap_native_object(book.sheets[n]).ProtectContents)
    ]


def has_1904_dates(book: xw.Book) -> bool:
    """Whether a workbook counts its days from 1904; where Excel cannot be asked, it is taken for an ordinary one."""
    return can_reach_excel(book) and bool(_unwrap_native_object(book).Date1904)


def read_block_cells(block: xw.Range) -> list[list[object]]:
    """Return the cells of a block: dates as dates, errors as their texts, and figures in full.

    What is formatted as a currency Excel hands over rounded to four decimals, unless it is asked for otherwise.
    """
    rows: list[list[object]] = block.options(ndim=2, err_to_str=True).value
    if any(isinstance(cell, Decimal) for row in rows for cell in row) and can_reach_excel(block.sheet.book):
        exact = _unwrap_native_object(block).Value2
        full = exact if isinstance(exact, tuple) else ((exact,),)
        rows = [
            [whole if isinstance(cell, Decimal) else cell for cell, whole in zip(*pair, strict=True)]
            for pair in zip(rows, full, strict=True)
        ]
    return rows


def show_filtered_rows(sheet: xw.Sheet) -> None:
    """Take the filter buttons off a sheet, make cells of its Excel Tables, and show its rows.

    Excel writes a block past hidden rows.
    """
    if can_reach_excel(sheet.book):
        for listed in list(_unwrap_native_object(sheet).ListObjects):
            listed.Unlist()
        _unwrap_native_object(sheet).AutoFilterMode = False
        _unwrap_native_object(sheet).Rows.Hidden = False


def fold_rows(sheet: xw.Sheet, first: int, last: int) -> None:
    """Fold rows away under the row above them, where a click unfolds them."""
    if can_reach_excel(sheet.book):
        own = _unwrap_native_object(sheet)
        own.Outline.SummaryRow = _SUMMARY_ABOVE
        own.Rows(f"{first}:{last}").Group()
        own.Outline.ShowLevels(1)


def unfold_rows(sheet: xw.Sheet) -> None:
    """Take the outline off a sheet, so that all its rows are in sight."""
    if can_reach_excel(sheet.book):
        _unwrap_native_object(sheet).Cells.ClearOutline()


def add_filter_buttons(block: xw.Range) -> None:
    """Put filter buttons on the header of a block."""
    if can_reach_excel(block.sheet.book):
        _unwrap_native_object(block).AutoFilter()


def list_block(block: xw.Range, name: str) -> None:
    """Make a block an Excel Table of this name, in its own looks; where the name is taken, of one that Excel finds."""
    if can_reach_excel(block.sheet.book):
        own = _unwrap_native_object(block.sheet)
        listed = own.ListObjects.Add(_FROM_RANGE, _unwrap_native_object(block), None, _HAS_HEADERS)
        listed.TableStyle = ""
        with suppress(Exception):  # COM's own error: another table or name of the user's is called so
            listed.Name = name


def indent_block(block: xw.Range, steps: int) -> None:
    """Indent the text of a block; xlwings itself can do so in Lite and on a server alone."""
    if can_reach_excel(block.sheet.book):
        _unwrap_native_object(block).IndentLevel = steps
    else:
        with suppress(NotImplementedError):
            block.adjust_indent(steps)


def underline_block(block: xw.Range) -> None:
    """Underline the text of a block."""
    if can_reach_excel(block.sheet.book):
        _unwrap_native_object(block).Font.Underline = _UNDERLINED


def shrink_block_text(block: xw.Range) -> None:
    """Have the text of a block shrunk where it is longer than its cell."""
    if can_reach_excel(block.sheet.book):
        _unwrap_native_object(block).ShrinkToFit = True


def colour_tab(sheet: xw.Sheet, colour: int) -> None:
    """Colour the tab of a sheet; the colour as Excel counts it."""
    if can_reach_excel(sheet.book):
        _unwrap_native_object(sheet).Tab.Color = colour


def hide_sheet(sheet: xw.Sheet) -> None:
    """Hide a sheet so that no menu shows it; where that cannot be done, hide it."""
    if can_reach_excel(sheet.book):
        own = _unwrap_native_object(sheet)
        if own.Visible != _VERY_HIDDEN:  # Excel hides none where the structure is protected
            own.Visible = _VERY_HIDDEN
    elif sheet.visible:
        sheet.visible = False


def hide_name(name: xw.Name, book: xw.Book) -> None:
    """Keep a defined name out of the list of names."""
    if can_reach_excel(book):
        _unwrap_native_object(name).Visible = False


def freeze_sheet_panes(sheet: xw.Sheet, rows: int, columns: int) -> None:
    """Freeze the first rows and columns of a sheet, which Excel must show for it."""
    if not can_reach_excel(sheet.book):
        with suppress(NotImplementedError):  # on a Mac
            sheet.freeze_panes.freeze_at(_build_frozen_address(rows, columns))
        return
    sheet.activate()
    window = _unwrap_native_object(sheet.book).Windows(1)
    window.FreezePanes = False
    window.ScrollRow = window.ScrollColumn = 1
    window.SplitRow, window.SplitColumn = rows, columns
    window.FreezePanes = True


def _build_frozen_address(rows: int, columns: int) -> str:
    from xlprofit import addresses

    if not columns:
        return f"1:{rows}"
    if not rows:
        return f"A:{addresses.format_column(columns)}"
    return addresses.format_block(1, 1, rows, columns)


def set_native_page(
    sheet: xw.Sheet,
    room: Room,
    *,
    landscape: bool,
    repeat: tuple[int, int] | None,
    breaks: Iterable[int],
) -> None:
    """Set up printing: on its paper, one page wide, header rows on each page, some rows beginning a new one."""
    if not can_reach_excel(sheet.book):
        return
    page = _unwrap_native_object(sheet).PageSetup
    page.Orientation = _LANDSCAPE if landscape else _PORTRAIT
    page.PaperSize = room.paper
    page.Zoom = False
    page.FitToPagesWide = 1
    page.FitToPagesTall = room.pages or False
    if repeat:
        page.PrintTitleRows = f"${repeat[0]}:${repeat[1]}"
    for row in breaks:
        _unwrap_native_object(sheet).HPageBreaks.Add(_unwrap_native_object(sheet).Rows(row))


def format_latest_rule(block: xw.Range, number_format: str) -> None:
    """Have the latest conditional format of a block, its first, show a number in a format of its own."""
    if can_reach_excel(block.sheet.book):
        _unwrap_native_object(block).FormatConditions(1).NumberFormat = number_format


def colour_negative_points(series: xw.main.ChartSeries, chart: xw.Chart, colour: int) -> None:
    """Draw what is below zero in a colour of its own."""
    if can_reach_excel(chart.parent.book):
        _unwrap_native_object(series).InvertIfNegative = True
        _unwrap_native_object(series).InvertColor = colour


def _unwrap_native_object(thing: Any) -> Any:
    """Return Excel's own object behind one of xlwings'."""
    return thing.api
