"""The buttons in Calc: Refresh, Check, Explain this cell, Customer, New from template, and the names of formulas."""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
import traceback
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import uno  # type: ignore[import-not-found]  # LibreOffice's own
import unohelper  # type: ignore[import-not-found]  # the same
from com.sun.star.lang import XServiceInfo  # type: ignore[import-not-found]  # the same
from com.sun.star.task import XJobExecutor  # type: ignore[import-not-found]  # the same

from xlprofit.calc.extension import addin, names, process, retyping, sheets, tables
from xlprofit.calc.extension.office import Office, build_load_options
from xlprofit.calc.extension.words import PRODUCT
from xlprofit.formulas import SHEET, FormulaError
from xlprofit.formulas.chosen import CHOSEN_PLACE, find_selected_customer, map_customer_names
from xlprofit.words.speech import _, _n, get_spoken_language, speaking, term

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from xlprofit.calc.extension.office import Stage
    from xlprofit.calc.extension.process import Outcome
    from xlprofit.calc.extension.sheets import Brought

SERVICE = "org.xlprofit.Commands"
IMPLEMENTATION = "org.xlprofit.Commands.python"
SHOWN_FINDINGS = 12
FACT_SHEET = "Customer"
"""The sheet that shows one customer, by its English name."""

_XLSX = "Calc MS Excel 2007 XML"
_SPREADSHEET = "com.sun.star.sheet.SpreadsheetDocument"

_working: list[str] = []
"""The command at work, if one is: while it waits, LibreOffice takes the next press of a button."""


class RefusedError(Exception):
    """What the user can fix, in one line."""


class Commands(unohelper.Base, XJobExecutor, XServiceInfo):  # type: ignore[misc]
    """The command that a menu entry or a button names."""

    def __init__(self, context: Any) -> None:
        self.office = Office(context)

    def getImplementationName(self) -> str:
        return IMPLEMENTATION

    def supportsService(self, name: str) -> bool:
        return name == SERVICE

    def getSupportedServiceNames(self) -> tuple[str, ...]:
        return (SERVICE,)

    def trigger(self, name: str) -> None:
        """Do what a button says; what goes wrong is a message box, and the document as it was."""
        if _working:
            return
        document = self.office.document()
        with speaking(self.office.language()):
            _working.append(name)
            try:
                _end_typing(document)
                said, kind = COMMANDS[name](self.office, document), "infobox"
            except RefusedError as error:
                said, kind = str(error), "errorbox"
            except Exception as error:
                traceback.print_exc()
                fault = f"{error}. {_(process.REPORT)}"
                said, kind = "" if _is_closed(document) else fault, "errorbox"
            finally:
                _working.clear()
            if said:
                self.office.show(said, kind)


def refresh_document(office: Office, document: Any, cell: Any = None) -> str:
    """Compute a document's results and bring its result sheets up to date.

    Where a cell is given that holds a customer's name, that one is chosen on the sheet *Customer*.
    """
    _refuse_read_only_document(document)
    with _start_request(office, document) as (request, stage):
        if cell is not None:
            request["cell"] = _describe_selected_cell(cell)
        outcome = _run_request("refresh", request, stage)
        stage(_("Bringing the result sheets in place"))
        with open(request["rows"], encoding="utf-8") as file:
            rows = json.load(file)
        brought = _bring_drawn_sheets(office, document, request, outcome, rows)
        document.calculateAll()
        _show_first_sheet(document, brought.fresh)
    return _describe_outcome(outcome)


def check_document(office: Office, document: Any) -> str:
    """Say what is wrong in a document's input tables, and select the first cell at fault."""
    with _start_request(office, document) as (request, stage):
        outcome = _run_request("check", request, stage)
    _select_first_finding(document, outcome)
    return _describe_outcome(outcome)


def explain_selected_cell(office: Office, document: Any) -> str:
    """Show where the figure of the selected cell comes from; or why a formula shows an error."""
    _refuse_other_document(document)
    cell = _find_selected_cell(document)
    reason = _find_error_reason(document, cell) if cell.getError() else ""
    if reason:
        return reason
    _refuse_read_only_document(document)
    with _start_request(office, document) as (request, stage):
        request["cell"] = _describe_selected_cell(cell)
        outcome = _run_request("explain", request, stage)
        _show_first_sheet(document, _bring_drawn_sheets(office, document, request, outcome).names)
    return ""


def show_selected_customer(office: Office, document: Any) -> str:
    """Choose the customer that the selected cell or its row names on the sheet *Customer*, and show that sheet.

    A document without the sheet is refreshed first.
    """
    _refuse_other_document(document)
    cell = _find_selected_cell(document)
    sheet = sheets.find_own_sheet(document, FACT_SHEET)
    if sheet is not None:
        return _choose_selected_name(document, sheet, cell)
    said = refresh_document(office, document, cell)
    made = sheets.find_own_sheet(document, FACT_SHEET)
    _show_first_sheet(document, [] if made is None else [made.Name])
    return said


def _choose_selected_name(document: Any, sheet: Any, cell: Any) -> str:
    """Choose the customer that a cell or its row names, and show the sheet; say where none is named that is known."""
    in_row = _describe_selected_cell(cell)["in_row"]
    value = in_row[cell.CellAddress.Column]
    name = find_selected_customer(_map_last_customers(document), value, in_row)
    if name:
        _refuse_read_only_document(document)
        _refuse_protected_sheets(document, [sheet.Name])
        sheet.getCellByPosition(CHOSEN_PLACE[1] - 1, CHOSEN_PLACE[0] - 1).setString(name)
        document.calculate()
    _show_first_sheet(document, [sheet.Name])
    own = sheets.is_result_sheet(cell.Spreadsheet)
    if name or own or not isinstance(value, str) or not value.strip():
        return ""
    return _(
        "There is no customer “{name}” in the last refresh: the sheet shows the one chosen before", name=value
    )


def _map_last_customers(document: Any) -> dict[str, str]:
    """Return the customers of the last refresh by their keys."""
    found = addin.find_last_lookup(document)
    if isinstance(found, FormulaError):
        return {}
    return map_customer_names(found.rows[place][0] for place in found.places.values())


def open_new_workbook(office: Office, document: Any) -> str:
    """Open a workbook with every input table, ready to be filled."""
    folder = tempfile.mkdtemp(prefix="xlprofit-")
    try:
        path = os.path.join(folder, f"{term('product', PRODUCT)}.xlsx")
        _run_request(
            "new", {"folder": folder, "results": path, "language": get_spoken_language()}, lambda words: None
        )
        office.load(path, AsTemplate=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return ""


def import_export(office: Office, document: Any) -> str:
    """Take an export that the user chooses into a workbook beside it, once its proposal is confirmed, and open that."""
    picker = office.service("com.sun.star.ui.dialogs.FilePicker", 0)
    picker.appendFilter("*", "*.xlsx;*.xlsm;*.csv;*.tsv;*.txt;*.xls;*.gz")
    if not picker.execute():
        return ""
    path = uno.fileUrlToSystemPath(picker.SelectedFiles[0])
    output = f"{os.path.splitext(path)[0]}-xlprofit.xlsx"
    folder = tempfile.mkdtemp(prefix="xlprofit-")
    request = {
        "folder": folder,
        "results": os.path.join(folder, "import"),
        "export": path,
        "output": output,
        "language": get_spoken_language(),
    }
    try:
        proposed = _run_request("propose", request, lambda words: None)
        if not office.ask_user(proposed.done):
            return ""
        outcome = _run_request("import", request, lambda words: None)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    office.load(output)
    return outcome.done


def adopt_excel_formulas(office: Office, document: Any) -> str:
    """Make the formulas of a workbook from Excel work, whose names Calc did not know when it opened it."""
    _refuse_read_only_document(document)
    with_unknown = (
        n
        for n in document.Sheets.ElementNames
        if any(retyping.list_unknown_cells(document.Sheets.getByName(n)))
    )
    _refuse_protected_sheets(document, with_unknown)
    changed = retyping.retype_excel_formulas(document)
    return _n(
        "{n:,} formula was given the name that Calc knows.",
        "{n:,} formulas were given the names that Calc knows.",
        changed,
    )


def export_excel_copy(office: Office, document: Any) -> str:
    """Save a copy of the document as .xlsx, its formulas by the names that Excel knows."""
    _refuse_other_document(document)
    picker = office.service("com.sun.star.ui.dialogs.FilePicker", 10)
    picker.appendFilter("Excel (.xlsx)", "*.xlsx")
    picker.setDefaultName(f"{_clean_document_name(document)} (Excel).xlsx")
    picker.setDisplayDirectory(
        uno.systemPathToFileUrl(_find_document_folder(document) or os.path.expanduser("~"))
    )
    if not picker.execute():
        return ""
    path = uno.fileUrlToSystemPath(picker.SelectedFiles[0])
    path = path if path.lower().endswith(".xlsx") else f"{path}.xlsx"
    write_excel_copy(document, path)
    return _("Saved {path}.", path=path)


def write_excel_copy(document: Any, path: str) -> None:
    """Store a copy of a document as .xlsx, its formulas by the names that Excel knows: complete or not at all.

    Raises:
        RefusedError: the file cannot be written.
    """
    with _copy_document(document) as request:
        try:
            names.translate_workbook_names(request["copy"], path, names.translate_to_excel_names)
        except OSError as error:
            raise RefusedError(
                _(
                    "{path} cannot be written ({reason}). Choose another one.",
                    path=path,
                    reason=error.strerror,
                )
            ) from error


COMMANDS: dict[str, Callable[[Office, Any], str]] = {
    "refresh": refresh_document,
    "check": check_document,
    "explain": explain_selected_cell,
    "customer": show_selected_customer,
    "new": open_new_workbook,
    "import": import_export,
    "from_excel": adopt_excel_formulas,
    "for_excel": export_excel_copy,
}
"""What a menu entry or button calls, by the word in its address."""


# --- the document ------------------------------------------------------------------------------------


def _refuse_other_document(document: Any) -> None:
    if document is None or not document.supportsService(_SPREADSHEET):
        raise RefusedError(_("Open the workbook with your input tables first."))


def _refuse_read_only_document(document: Any) -> None:
    _refuse_other_document(document)
    if document.isReadonly():
        raise RefusedError(
            _(
                "The document is open for reading alone. Save it under another name and press the button again."
            )
        )


def _refuse_protected_sheets(document: Any, wanted: Iterable[str]) -> None:
    for name in wanted:
        if document.Sheets.hasByName(name) and document.Sheets.getByName(name).isProtected():
            raise RefusedError(
                _(
                    "The sheet “{sheet}” is protected. Take the protection off (Tools) and press the button again.",
                    sheet=name,
                )
            )


def _refuse_protected_document(document: Any, wanted: Sequence[str]) -> None:
    _refuse_protected_sheets(document, wanted)
    if document.isProtected():
        raise RefusedError(
            _(
                "The sheets of the document are protected, so that none can be added. "
                "Take the protection off (Tools) and press the button again."
            )
        )


def _end_typing(document: Any) -> None:
    """Take over what is being typed into a cell, as Enter does."""
    if document is not None and document.supportsService(_SPREADSHEET):
        document.calculate()


def _is_closed(document: Any) -> bool:
    """Whether a document was closed while it was being worked on."""
    try:
        return document is not None and not document.RuntimeUID
    except Exception:  # LibreOffice says so in one of several ways
        return True


@contextmanager
def _start_request(office: Office, document: Any) -> Iterator[tuple[dict[str, Any], Stage]]:
    """Give a request on a copy of a document, and what shows how far it is."""
    _refuse_other_document(document)
    with office.progress(document) as stage:
        stage(_("Copying the document"))
        with _copy_document(document) as request:
            yield request, stage


@contextmanager
def _copy_document(document: Any) -> Iterator[dict[str, Any]]:
    """Give a request on a copy of a document as .xlsx, in a folder that is there for a while."""
    _refuse_other_document(document)
    folder = tempfile.mkdtemp(prefix="xlprofit-")
    try:
        copy = os.path.join(folder, "document", f"{_clean_document_name(document)}.xlsx")
        os.mkdir(os.path.dirname(copy))
        document.storeToURL(uno.systemPathToFileUrl(copy), build_load_options(FilterName=_XLSX))
        yield {
            "copy": copy,
            "folder": _find_document_folder(document),
            "results": os.path.join(folder, "results.xlsx"),
            "rows": os.path.join(folder, "rows.json"),
            "language": get_spoken_language(),
        }
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _clean_document_name(document: Any) -> str:
    """Return what a document is called, without an ending, as a file may be named."""
    stem = os.path.splitext(str(document.Title))[0]
    return re.sub(r'[\\/:*?"<>|\x00-\x1f]', "_", stem).strip(" .") or "document"


def _find_document_folder(document: Any) -> str:
    """Return the folder of a document's file; nothing of one without."""
    if document.URL.startswith("file:"):
        return os.path.dirname(str(uno.fileUrlToSystemPath(document.URL)))
    return ""


# --- the work of the installed xlprofit --------------------------------------------------------------


def _run_request(act: str, request: dict[str, Any], stage: Stage) -> Outcome:
    """Have a request done; return what it came to.

    Raises:
        RefusedError: it was not done; why, the fix, and what was found.
    """
    folder = os.path.dirname(request["results"])
    path = os.path.join(folder, "request.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump({**request, "version": process.read_installed_settings()["version"]}, file)
    outcome = process.run_installed_program([act, path], folder, stage)
    if outcome.error:
        said = outcome.error.replace(os.path.join(folder, "document", ""), "")
        if any(finding["said"] == said for finding in outcome.findings):
            said = ""  # the only finding that stops the work, which is listed
        raise RefusedError("\n\n".join(filter(None, (said, _describe_outcome(outcome._replace(done=""))))))
    return outcome


def _describe_outcome(outcome: Outcome) -> str:
    lines = [f"{f['severity']}: {f['said']}" for f in outcome.findings[:SHOWN_FINDINGS]]
    more = len(outcome.findings) - len(lines)
    if more > 0:
        lines.append(_("… and {n:,} more.", n=more))
    return "\n\n".join(filter(None, (outcome.done, "\n".join(lines))))


def _bring_drawn_sheets(
    office: Office,
    document: Any,
    request: dict[str, Any],
    outcome: Outcome,
    rows: Sequence[Sequence[object]] = (),
) -> Brought:
    """Bring the sheets that were drawn into the document, and the rows of the results sheet."""
    source = office.load(request["results"], Hidden=True)
    try:
        drawn = source.Sheets.ElementNames
        _refuse_protected_document(document, (*drawn, *outcome.former.values()))
        with sheets.batch_changes(document):
            brought = sheets.bring_sheets(source, document, outcome.former)
            if rows:
                tables.grow_tables(document, outcome.below)
                sheets.put_rows(document, SHEET, rows)
                retyping.retype_excel_formulas(document)
        return brought
    finally:
        source.close(True)


def _show_first_sheet(document: Any, names: Sequence[str]) -> None:
    if names and document.CurrentController is not None:
        document.CurrentController.setActiveSheet(document.Sheets.getByName(names[0]))


# --- cells -------------------------------------------------------------------------------------------


def _select_first_finding(document: Any, outcome: Outcome) -> None:
    for finding in outcome.findings:
        if finding["cell"] and document.Sheets.hasByName(finding["sheet"]):
            sheet = document.Sheets.getByName(finding["sheet"])
            document.CurrentController.select(sheet.getCellRangeByName(finding["cell"]))
            return


def _find_selected_cell(document: Any) -> Any:
    """Return the selected cell, of several the first."""
    chosen = document.CurrentSelection
    if chosen is None or not hasattr(chosen, "getCellByPosition"):
        raise RefusedError(_("Select one cell: a customer's name, or a figure in its row."))
    return chosen.getCellByPosition(0, 0)


def _describe_selected_cell(cell: Any) -> dict[str, Any]:
    """Return a cell as :class:`xlprofit.sheets.figures.Selection` takes it."""
    place, sheet = cell.CellAddress, cell.Spreadsheet
    last = sheets.find_used_cells(sheet).RangeAddress
    end_column, end_row = max(place.Column, last.EndColumn), max(place.Row, last.EndRow)
    in_row = sheet.getCellRangeByPosition(0, place.Row, end_column, place.Row).getDataArray()[0]
    in_column = sheet.getCellRangeByPosition(place.Column, 0, place.Column, end_row).getDataArray()
    return {
        "sheet": sheet.Name,
        "row": place.Row + 1,
        "column": place.Column + 1,
        "formula": cell.getFormula(),
        "in_row": in_row,
        "in_column": [value for (value,) in in_column],
    }


def _find_error_reason(document: Any, cell: Any) -> str:
    """Calculate a cell again; return why one of our formulas in it gave an error, or nothing."""
    changed = document.isModified()
    addin.last_errors.clear()
    text = cell.getFormula()
    with sheets.batch_changes(document):
        if text.startswith("{"):
            whole = cell.Spreadsheet.createCursorByRange(cell)
            whole.collapseToCurrentArray()
            whole.setArrayFormula(text[1:-1])
        else:
            cell.setFormula(text)
    document.setModified(changed)
    return "\n".join(dict.fromkeys(f"{error.code}: {error.reason}." for error in addin.last_errors))
