"""The result sheets in an open workbook: which are ours, what stands in their way, what they showed before.

A macro clears Excel's list of what can be undone. So before result sheets are drawn anew, what they show is
written to a very hidden sheet, :data:`PREVIOUS`: in the workbook itself, for a copy of the file would be one more
file to lose, is not to be had of a workbook in the cloud or of one never saved, and would hold everything else
twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime

import xlwings as xw

from xlprofit.drawing import native, to_xlwings
from xlprofit.drawing.typed import Content, escape_typed_value
from xlprofit.errors import XlprofitError
from xlprofit.ooxml.listing import MARK
from xlprofit.sheets.names import strip_suffix
from xlprofit.sheets.parts import Sheet
from xlprofit.words import sheet_names as names
from xlprofit.words.speech import _, _n

PREVIOUS = "xlprofit_previous"
"""The very hidden sheet with what the result sheets showed before: sheet, row, then the cells of that row."""

_DAY_0, _DAY_0_SINCE_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)


def put_live_sheets(book: xw.Book, sheets: Sequence[Sheet]) -> None:
    """Draw sheets into a workbook, each in its own place, new ones behind all others.

    A new sheet is marked as ours before anything is drawn on it: if the drawing breaks off, the next one is not
    refused. The sheet that the user was looking at stays in sight.
    """
    active = book.sheets.active
    to_xlwings.draw_live_sheets(sheets, book, _mark_sheet)
    if active.visible:
        active.activate()


def refuse_live_sheets(book: xw.Book, wanted: Iterable[str]) -> None:
    """Raise where sheets cannot be written: one of the user's bears the name, or it is protected.

    Raises:
        XlprofitError: names the sheet and what to do.
    """
    folded = {name.casefold(): name for name in wanted}
    found = [name for name in book.sheet_names if name.casefold() in folded]
    for name in found:
        if not is_own_sheet(book.sheets[name]):
            raise XlprofitError(
                _(
                    'This workbook has a sheet "{name}" that xlprofit did not make, where a result sheet must go',
                    name=name,
                ),
                _("Rename that sheet, or delete it if it is an old result, and try again"),
            )
    _refuse_protection(book, found, _list_former_sheets(book, folded.values()), len(found) < len(folded))


def _list_former_sheets(book: xw.Book, wanted: Iterable[str]) -> list[str]:
    """Return the sheets of ours that are to be called by one of these names, and are called otherwise so far."""
    former = {old for name in wanted for old in names.list_former_names(name) if old in book.sheet_names}
    return sorted(name for name in former if is_own_sheet(book.sheets[name]))


def _refuse_protection(book: xw.Book, found: Sequence[str], former: Sequence[str], adds: bool) -> None:
    """Raise where one of these sheets is protected, or where one must be added to a protected structure."""
    protected = native.list_protected_sheets(book, [*found, *former])
    if "" in protected and adds:
        raise XlprofitError(
            _("The structure of this workbook is protected, so that no sheet can be added"),
            _("Take the protection off (Review > Protect Workbook) and try again; nothing was changed"),
        )
    sheets = [name for name in protected if name]
    if sheets:
        listed = ", ".join(f'"{name}"' for name in sheets)
        raise XlprofitError(
            _n(
                "Sheet {sheets} cannot be written, being protected",
                "Sheets {sheets} cannot be written, being protected",
                len(sheets),
                sheets=listed,
            ),
            _("Take the protection off (Review > Unprotect Sheet) and try again; nothing was changed"),
        )


def is_own_sheet(sheet: xw.Sheet) -> bool:
    """Whether a sheet is ours: it bears our hidden name, and that name holds the sheet's own."""
    for name in sheet.names:
        if name.name.rpartition("!")[2] == MARK:
            held = str(name.refers_to or "").lstrip("=").strip('"').replace('""', '"')
            return held.casefold() == sheet.name.casefold()
    return False


def find_made_sheet(book: xw.Book, name: str) -> xw.Sheet | None:
    """Return a result sheet that a refresh made, by its English name, whatever it is called in this workbook."""
    called = names.everywhere(name)
    there = (book.sheets[one] for one in book.sheet_names if strip_suffix(one) in called)
    return next(filter(is_own_sheet, there), None)


def reveal_sheet(sheet: xw.Sheet) -> None:
    """Show a sheet; a hidden one is made visible."""
    if not sheet.visible:
        sheet.visible = True
    sheet.activate()


def rename_live_sheets(book: xw.Book, wanted: Iterable[str]) -> None:
    """Give our result sheets that are named in another language these names, in the one spoken.

    Excel lets the formulas that point at them follow.
    """
    for name in wanted:
        for former in names.list_former_names(name):
            if (
                former in book.sheet_names
                and name not in book.sheet_names
                and is_own_sheet(book.sheets[former])
            ):
                book.sheets[former].name = name
                _mark_sheet(book.sheets[name])


def _mark_sheet(sheet: xw.Sheet) -> None:
    said = sheet.name.replace('"', '""')
    for name in sheet.names:  # a copy of a result sheet that was given the result sheet's name back
        if name.name.rpartition("!")[2] == MARK:
            name.delete()
    native.hide_name(sheet.names.add(MARK, f'="{said}"'), sheet.book)


# --- what they showed before -----------------------------------------------------------------------


def keep_shown_results(book: xw.Book) -> None:
    """Keep what the result sheets show, in place of what was kept before; nothing where there are none.

    They are those that a refresh draws anew. *Explanation* it leaves alone, and *Look-up* asks for the last one.
    """
    rows: list[list[Content]] = []
    day_0 = _find_day_0(book)
    for name in _list_redrawn_sheets(book):
        cells = _read_sheet_cells(book.sheets[name])
        rows += [
            [name, at, *(_convert_kept_cell(cell, day_0) for cell in row)] for at, row in enumerate(cells, 1)
        ]
    if not rows:
        return
    sheet = _prepare_previous_sheet(book)
    width = max(map(len, rows))
    padded = [[*row, *[""] * (width - len(row))] for row in rows]
    sheet.range((1, 1), (len(padded), width)).raw_value = padded
    native.hide_sheet(sheet)


def _list_redrawn_sheets(book: xw.Book) -> list[str]:
    """Return the sheets of ours in a workbook that a refresh draws anew, by any of their names, in our order."""
    called = (n for name in names.ORDER for n in names.everywhere(name))
    return [n for n in called if n in book.sheet_names and is_own_sheet(book.sheets[n])]


def _prepare_previous_sheet(book: xw.Book) -> xw.Sheet:
    """Return the sheet for what is kept, empty; a new one where there is none yet."""
    refuse_live_sheets(book, [PREVIOUS])
    if PREVIOUS in book.sheet_names:
        sheet = book.sheets[PREVIOUS]
        sheet.clear()
    else:
        sheet = book.sheets.add(PREVIOUS, after=book.sheets[len(book.sheets) - 1])
        _mark_sheet(sheet)
    return sheet


def restore_shown_results(book: xw.Book) -> tuple[str, ...]:
    """Put back what the result sheets showed before the last refresh, as values; return their names.

    Looks stay, and colours that follow values follow. The formulas go on showing the last refresh.

    Raises:
        XlprofitError: nothing was kept, or a sheet cannot be written.
    """
    if PREVIOUS not in book.sheet_names:
        raise XlprofitError(_("No earlier results are kept in this workbook"), _("Only a refresh keeps them"))
    kept: dict[str, list[list[object]]] = {}
    for name, _row, *cells in _read_sheet_cells(book.sheets[PREVIOUS]):
        kept.setdefault(str(name), []).append(cells)
    there = {
        called: of_sheet for name, of_sheet in kept.items() if (called := _find_current_name(book, name))
    }
    if not there:
        dashboard = names.say_sheet_name(names.DASHBOARD)
        raise XlprofitError(
            _('There is no sheet "{name}" in this workbook yet', name=dashboard),
            _("Press Refresh to create them"),
        )
    refuse_live_sheets(book, there)
    day_0 = _find_day_0(book)
    for name, of_sheet in there.items():
        sheet = book.sheets[name]
        native.show_filtered_rows(sheet)
        sheet.clear_contents()
        rows = [[_convert_kept_cell(cell, day_0) for cell in row] for row in of_sheet]
        sheet.range((1, 1), (len(rows), len(rows[0]))).raw_value = rows
    return tuple(there)


def _find_current_name(book: xw.Book, name: str) -> str:
    """Return what a result sheet is called now, maybe in another language; nothing where it is gone."""
    meant = (names.everywhere(one) for one in names.ORDER)
    called = next((ones for ones in meant if name in ones), (name,))
    return next((one for one in (name, *called) if one in book.sheet_names), "")


def _find_day_0(book: xw.Book) -> datetime:
    return _DAY_0_SINCE_1904 if native.has_1904_dates(book) else _DAY_0


def _read_sheet_cells(sheet: xw.Sheet) -> list[list[object]]:
    """Return the cells of a sheet from A1 on."""
    corner = sheet.used_range.last_cell
    return native.read_block_cells(sheet.range((1, 1), (corner.row, corner.column)))


def _convert_kept_cell(cell: object, day_0: datetime) -> Content:
    """Return a cell's value as it is written back; a date as the days since the workbook's day 0."""
    if isinstance(cell, datetime):
        return (cell - day_0).total_seconds() / 86_400
    if isinstance(cell, str | int | float) or cell is None:
        return escape_typed_value(cell)
    with suppress(TypeError, ValueError):
        return float(str(cell))
    return escape_typed_value(str(cell))
