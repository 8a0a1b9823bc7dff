"""A workbook that is open in Excel as a host: what is on the screen, saved or not, through xlwings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import xlwings as xw

from xlprofit.drawing import native
from xlprofit.errors import XlprofitError
from xlprofit.excel import custom_functions, live_tables, result_sheets, session
from xlprofit.findings import Findings
from xlprofit.formulas import SHEET as RESULTS_SHEET
from xlprofit.hosts.host import Stage
from xlprofit.sheets import results_sheet
from xlprofit.sheets.figures import Selection
from xlprofit.sheets.parts import Sheet
from xlprofit.tables import Raw
from xlprofit.words import sheet_names as names
from xlprofit.words.speech import _


class LiveHost:
    """A workbook as xlwings gives it: in Excel on the user's computer, in xlwings Lite or on a server."""

    def __init__(self, book: xw.Book) -> None:
        self.book = book

    @property
    def reaches_files(self) -> bool:
        """Whether Excel runs where this Python does: a script of Lite or of a server is elsewhere."""
        return str(self.book.app.engine.name) == "excel"

    @contextmanager
    def at_work(self) -> Iterator[Stage]:
        """Have Excel quiet; what says the stage writes in its status bar."""
        with session.quiet_excel(self.book) as stage:
            yield stage

    def read_tables(self) -> dict[str, Raw]:
        """Return the tables that are on the sheets now."""
        return live_tables.read_live_tables(self.book)

    def find_folder(self) -> Path | None:
        """Return the folder on this computer; ``None`` of a workbook that was never saved, or is in the cloud."""
        if not self.reaches_files:
            return None
        folder = Path(self.book.fullname).parent
        return folder if folder.is_absolute() else None

    def list_sheets(self) -> tuple[str, ...]:
        """Return the names of the sheets."""
        return tuple(self.book.sheet_names)

    def find_file(self) -> Path | None:
        """Return none: the workbook is open in Excel."""
        return None

    def find_saved_book(self) -> Path | None:
        """Return the file on this computer that was opened; ``None`` of one never saved, or in the cloud."""
        return None if self.find_folder() is None else Path(self.book.fullname)

    def list_own_sheets(self) -> tuple[str, ...]:
        """Return the names of the sheets that xlprofit made."""
        return tuple(sheet.name for sheet in self.book.sheets if result_sheets.is_own_sheet(sheet))

    def read_chosen(self, names: Sequence[str], place: tuple[int, int]) -> tuple[bool, object]:
        """Return whether a sheet of ours of these names is there, and a cell of it."""
        there = (self.book.sheets[name] for name in self.book.sheet_names if name in names)
        sheet = next(filter(result_sheets.is_own_sheet, there), None)
        return (False, None) if sheet is None else (True, sheet.range(place).value)

    def read_selection(self) -> Selection:
        """Return the selected cell, of several the first."""
        selected = self.book.selection
        if selected is None:
            raise XlprofitError(_("No cell is selected"), _("Select a customer's name or one of its amounts"))
        row, column, sheet = selected.row, selected.column, selected.sheet
        formula = ""
        with suppress(NotImplementedError):  # scripts are told what a formula comes to, and not the formula
            formula = str(sheet.range((row, column)).formula)
        last = max(column, sheet.used_range.last_cell.column)
        (in_row,) = native.read_block_cells(sheet.range((row, 1), (row, last)))
        in_column = [value for (value,) in native.read_block_cells(sheet.range((1, column), (row, column)))]
        return Selection(sheet.name, row, column, formula, in_row, in_column)

    def refuse_taken(self, names: Sequence[str]) -> None:
        """Refuse a sheet of the user's own, or a protected one, where one of ours must go."""
        kept = (result_sheets.PREVIOUS,) if RESULTS_SHEET in names else ()
        result_sheets.refuse_live_sheets(self.book, (*names, *kept))

    def show_findings(self, findings: Findings, sheet: Sheet) -> None:
        """Draw the sheet of the checks and show it."""
        result_sheets.refuse_live_sheets(self.book, [sheet.name])
        self.put_sheets([sheet], keep=False)
        self.book.sheets[sheet.name].activate()

    def add_tables(self, headers: Mapping[str, Sequence[str]]) -> None:
        """Add sheets, each with a row of headers, and show the first of them."""
        for name, called in headers.items():
            sheet = self.book.sheets.add(name, after=self.book.sheets[len(self.book.sheets) - 1])
            header = sheet.range((1, 1), (1, len(called)))
            header.raw_value = [list(called)]
            header.font.set(bold=True)
        self.book.sheets[next(iter(headers))].activate()

    def put_sheets(self, sheets: Sequence[Sheet], *, keep: bool) -> None:
        """Draw the sheets; what the result sheets showed so far is kept in the workbook for Undo refresh."""
        if keep:
            result_sheets.keep_shown_results(self.book)
        result_sheets.rename_live_sheets(self.book, [sheet.name for sheet in sheets])
        result_sheets.put_live_sheets(self.book, sheets)
        hidden = next((sheet for sheet in sheets if sheet.name == RESULTS_SHEET), None)
        if hidden is not None:
            custom_functions.remember_results(results_sheet.list_results_rows(hidden))


def show_live_sheet(book: xw.Book, name: str) -> None:
    """Show a result sheet, whatever it is called in this workbook; a hidden one is made visible.

    Raises:
        XlprofitError: it is not there; says what makes it.
    """
    found = result_sheets.find_made_sheet(book, name)
    if found is None:
        called = names.everywhere(name)
        found = next((book.sheets[one] for one in book.sheet_names if one in called), None)
    if found is None:
        raise XlprofitError(
            _('There is no sheet "{name}" in this workbook yet', name=names.say_sheet_name(name)),
            _say_what_makes(name),
        )
    result_sheets.reveal_sheet(found)


def _say_what_makes(name: str) -> str:
    if name == names.EXPLANATION:
        return _("Select a figure and press Explain this cell to create it")
    return _("Press Refresh to create them")
