"""A document that is open in Calc as a host: a copy of it as .xlsx is read, and sheets are drawn into a workbook.

The extension makes the copy and brings the drawn sheets in place (:mod:`xlprofit.calc.extension`); what it needs to
know is said to it in messages.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from xlprofit.drawing.digits import round_values
from xlprofit.findings import Findings
from xlprofit.formulas import SHEET as RESULTS_SHEET
from xlprofit.hosts.host import Stage
from xlprofit.ooxml import chosen, put
from xlprofit.ooxml.listing import Listing, build_sheet_mark, read_sheet_list
from xlprofit.ooxml.package import open_package
from xlprofit.ooxml.read import read_input_tables
from xlprofit.sheets.figures import Selection
from xlprofit.sheets.names import list_former_names
from xlprofit.sheets.parts import Sheet
from xlprofit.sheets.results_sheet import list_results_rows
from xlprofit.tables import Raw
from xlprofit.words.speech import term

Say = Callable[[str, object], None]
"""Says a message of a kind to the extension."""


class CalcHost:
    """A request of the extension: the files to read and to write (see :mod:`xlprofit.calc.worker`)."""

    reaches_files = True

    def __init__(self, request: Mapping[str, Any], say: Say) -> None:
        self.request, self.say = request, say
        self.copy = Path(request["copy"])
        self.below: dict[str, tuple[int, int]] = {}
        """By sheet: the first row right below a table that was read with it, and how many there are."""

    @contextmanager
    def at_work(self) -> Iterator[Stage]:
        """Yield what says the stage to the extension, which looks after the document."""
        yield lambda words: self.say("stage", words)

    def read_tables(self) -> dict[str, Raw]:
        """Return the tables of the copy."""
        raws = read_input_tables(self.copy)
        self.below = {raw.sheet: (raw.below_row, raw.below) for raw in raws.values() if raw.below}
        return raws

    def find_folder(self) -> Path | None:
        """Return the folder of the document; ``None`` of one that was never saved."""
        return Path(self.request["folder"]) if self.request["folder"] else None

    def list_sheets(self) -> tuple[str, ...]:
        """Return the names of the document's sheets."""
        return tuple(sheet.name for sheet in self._list().sheets)

    def find_file(self) -> Path | None:
        """Return none: the document is open in the office."""
        return None

    def find_saved_book(self) -> Path | None:
        """Return the document's file, by the name of its copy; ``None`` of one that was never saved."""
        folder = self.find_folder()
        return None if folder is None else folder / self.copy.name

    def list_own_sheets(self) -> tuple[str, ...]:
        """Return the names of the sheets that xlprofit made."""
        return tuple(sheet.name for sheet in self._list().sheets if sheet.ours)

    def read_chosen(self, names: Sequence[str], place: tuple[int, int]) -> tuple[bool, object]:
        """Return whether a sheet of ours of these names is there, and a cell of it."""
        return chosen.read_chosen_cell(self.copy, names, *place)

    def read_selection(self) -> Selection:
        """Return the cell that the extension hands over."""
        return Selection(**self.request["cell"])

    def refuse_taken(self, names: Sequence[str]) -> None:
        """Refuse a sheet of the user's own where one of ours must go."""
        put.refuse_taken_names(self.copy, self._list().sheets, names)

    def show_findings(self, findings: Findings, sheet: Sheet) -> None:
        """Say what was found, for the message box."""
        self.say_findings(findings)

    def say_findings(self, findings: Findings) -> None:
        """Say findings to the extension, each with the cell to select."""
        told = [
            {"severity": term("word", f.severity), "sheet": f.sheet, "cell": f.cell or "", "said": str(f)}
            for f in findings
        ]
        self.say("findings", told)

    def put_sheets(self, sheets: Sequence[Sheet], *, keep: bool) -> None:
        """Draw the sheets, each marked as ours, into the workbook that the extension brings in place.

        The rows of the results sheet go to a file: it may have a million cells, and as a sheet of a workbook it
        would take longer than all the rest.
        """
        import openpyxl  # a check draws nothing, and need not wait for it
        from openpyxl.workbook.defined_name import DefinedName

        from xlprofit.drawing.to_openpyxl import draw_worksheets
        from xlprofit.ooxml.dateless import tell_full_disk

        self.say("former", _list_former(sheets, self._list()))
        drawn = [replace(sheet, tables=()) if sheet.name == RESULTS_SHEET else sheet for sheet in sheets]
        workbook = openpyxl.Workbook()
        blank = workbook.worksheets[0]
        blank.title = "nothing drawn"
        for worksheet in draw_worksheets(drawn, workbook):
            ours = build_sheet_mark(worksheet.title)
            name = ours.attributes["name"]
            worksheet.defined_names[name] = DefinedName(name, attr_text=ours.text)
        workbook.remove(blank)
        with tell_full_disk():
            workbook.save(self.request["results"])
        for sheet in sheets:
            if sheet.name == RESULTS_SHEET:
                text = json.dumps(_list_stored_rows(sheet), ensure_ascii=False, separators=(",", ":"))
                Path(self.request["rows"]).write_text(text, encoding="utf-8")

    def _list(self) -> Listing:
        with open_package(self.copy) as book:
            return read_sheet_list(book)


def _list_stored_rows(sheet: Sheet) -> list[Sequence[object]]:
    """Return the rows of the results sheet, numbers as every host draws them."""
    (table,) = sheet.tables
    columns = tuple(replace(column, values=round_values(column.values)) for column in table.columns)
    return list_results_rows(replace(sheet, tables=(replace(table, columns=columns),)))


def _list_former(sheets: Sequence[Sheet], there: Listing) -> dict[str, str]:
    """Return what sheets of ours are called so far that are now to be called otherwise, by the new name."""
    known = {sheet.name: sheet.ours for sheet in there.sheets}
    return {
        sheet.name: before
        for sheet in sheets
        if sheet.name not in known
        for before in list_former_names(sheet.name)
        if known.get(before)
    }
