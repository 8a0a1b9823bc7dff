"""The buttons in Calc: Refresh, Check, Explain this cell, New from template, and the names of formulas."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import traceback
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import uno  # type: ignore[import-not-found]  # LibreOffice's own
import unohelper  # type: ignore[import-not-found]  # the same
from com.sun.star.beans import PropertyValue  # type: ignore[import-not-found]  # the same
from com.sun.star.lang import XServiceInfo  # type: ignore[import-not-found]  # the same
from com.sun.star.task import XJobExecutor  # type: ignore[import-not-found]  # the same

from xlprofit.calc.extension import addin, names, process, retyping, sheets
from xlprofit.calc.extension.process import Outcome
from xlprofit.formulas import SHEET, FormulaError, Lookup
from xlprofit.formulas.cells import key_of, loose

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Stage = Callable[[str], None]

SERVICE = "org.xlprofit.Commands"
IMPLEMENTATION = "org.xlprofit.Commands.python"
TITLE = "Customer profit"
SHOWN_FINDINGS = 12
_XLSX = "Calc MS Excel 2007 XML"


class RefusedError(Exception):
    """What the user can mend, in one line."""


class Commands(unohelper.Base, XJobExecutor, XServiceInfo):  # type: ignore[misc]
    """The command that a menu entry or a button names."""

    def __init__(self, context: Any) -> None:
        self.context = context
        self.desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)

    def getImplementationName(self) -> str:
        return IMPLEMENTATION

    def supportsService(self, name: str) -> bool:
        return name == SERVICE

    def getSupportedServiceNames(self) -> tuple[str, ...]:
        return (SERVICE,)

    def trigger(self, name: str) -> None:
        """Do what a button says; what goes wrong is a message box, and the document as it was."""
        document = self.desktop.CurrentComponent
        try:
            said = COMMANDS[name](self, document)
        except RefusedError as error:
            self.show(str(error), "errorbox")
        except Exception as error:
            traceback.print_exc()
            self.show(f"{error}. This is a fault of xlprofit: please report it.", "errorbox")
        else:
            if said:
                self.show(said, "infobox")

    def show(self, text: str, kind: str) -> None:
        """Show a message box and wait until it is closed."""
        frame = self.desktop.CurrentFrame
        if frame is None:
            return
        window = frame.ContainerWindow
        box = window.Toolkit.createMessageBox(
            window, uno.Enum("com.sun.star.awt.MessageBoxType", kind.upper()), 1, TITLE, text
        )
        box.execute()

    @contextmanager
    def progress(self, document: Any) -> Iterator[Stage]:
        """Show in the status bar what is being done while it is."""
        bar = document.CurrentController.Frame.createStatusIndicator() if document.CurrentController else None
        value = 0.0

        def stage(words: str) -> None:
            nonlocal value
            value += (95 - value) / (4 if words else 100)  # how long it takes is not known: ever more slowly
            if bar is not None:
                if words:
                    bar.setText(f"{TITLE}: {words}")
                bar.setValue(int(value))

        if bar is not None:
            bar.start(f"{TITLE} …", 100)
        try:
            yield stage
        finally:
            if bar is not None:
                bar.end()

    def load(self, path: str, **options: object) -> Any:
        """Load a file; options as those of LibreOffice's loading."""
        url = uno.systemPathToFileUrl(path)
        return self.desktop.loadComponentFromURL(url, "_blank", 0, _options(**options))


def refresh(commands: Commands, document: Any) -> str:
    """Compute a document's results and bring its result sheets up to date."""
    with _copied(document) as (folder, copy), commands.progress(document) as stage:
        results, rows = os.path.join(folder, "results.xlsx"), os.path.join(folder, "results.json")
        outcome = _worked(["refresh", copy, results, rows], folder, stage)
        stage("Bringing the result sheets in place")
        _bring(commands, document, results, rows)
        document.calculateAll()
    return _in_words(outcome)


def check(commands: Commands, document: Any) -> str:
    """Say what is wrong in a document's input tables, and select the first cell at fault."""
    with _copied(document) as (folder, copy), commands.progress(document) as stage:
        outcome = _worked(["check", copy], folder, stage)
    _select_first(document, outcome)
    return _in_words(outcome) or "Nothing is wrong in the input tables."


def explain(commands: Commands, document: Any) -> str:
    """Show where the figure of the selected cell comes from; or why a formula shows an error."""
    cell = document.CurrentSelection
    if not hasattr(cell, "getError"):
        raise RefusedError("Select one cell: a customer's name, or a figure in its row.")
    if cell.getError():
        reason = _reason(document, cell)
        if reason:
            return reason
    lookup = addin.look_up(document)
    if isinstance(lookup, FormulaError):
        raise RefusedError(f"{lookup.reason}.")
    customer, line = _asked(cell, lookup)
    with _copied(document) as (folder, copy), commands.progress(document) as stage:
        results = os.path.join(folder, "results.xlsx")
        _worked(["explain", copy, results, customer, line], folder, stage)
        _bring(commands, document, results)
    document.CurrentController.setActiveSheet(document.Sheets.getByName("Explanation"))
    return ""


def new(commands: Commands, document: Any) -> str:
    """Open a workbook with every input table, ready to be filled."""
    folder = tempfile.mkdtemp(prefix="xlprofit-")
    try:
        path = os.path.join(folder, "Customer profit.xlsx")
        outcome = process.run(["new", path], folder, lambda words: None)
        if outcome.error:
            raise RefusedError(outcome.error)
        commands.load(path, AsTemplate=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return ""


def from_excel(commands: Commands, document: Any) -> str:
    """Make the formulas of a workbook from Excel work, whose names Calc did not know when it opened it."""
    return f"{retyping.turn_names(document):,} formulas were given the names that Calc knows."


def for_excel(commands: Commands, document: Any) -> str:
    """Save a copy of the document as .xlsx, its formulas by the names that Excel knows."""
    picker = commands.context.ServiceManager.createInstanceWithArgumentsAndContext(
        "com.sun.star.ui.dialogs.FilePicker", (10,), commands.context
    )
    picker.appendFilter("Excel (.xlsx)", "*.xlsx")
    picker.setDefaultName("for Excel.xlsx")
    if not picker.execute():
        return ""
    path = uno.fileUrlToSystemPath(picker.SelectedFiles[0])
    path = path if path.lower().endswith(".xlsx") else f"{path}.xlsx"
    save_for_excel(document, path)
    return f"Saved {path}."


def save_for_excel(document: Any, path: str) -> None:
    """Store a copy of a document as .xlsx, its formulas by the names that Excel knows."""
    document.storeToURL(uno.systemPathToFileUrl(path), _options(FilterName=_XLSX))
    names.translate(path, path, names.to_excel)


COMMANDS: dict[str, Callable[[Commands, Any], str]] = {
    "refresh": refresh,
    "check": check,
    "explain": explain,
    "new": new,
    "from_excel": from_excel,
    "for_excel": for_excel,
}
"""What a menu entry or button calls, by the word in its address."""


def _bring(commands: Commands, document: Any, results: str, rows: str = "") -> None:
    source = commands.load(results, Hidden=True)
    try:
        locked = [n for n in (*source.Sheets.ElementNames, SHEET) if _is_locked(document, n)]
        if locked or document.isProtected():
            which = f"The sheet “{locked[0]}” is" if locked else "The sheets of the document are"
            raise RefusedError(
                f"{which} protected. Take the protection off (Tools) and press the button again."
            )
        fresh = [n for n in source.Sheets.ElementNames if not document.Sheets.hasByName(n)]
        document.lockControllers()
        document.addActionLock()
        try:
            sheets.bring(source, document)
            if rows:
                with open(rows, encoding="utf-8") as file:
                    sheets.put_rows(document, SHEET, json.load(file))
                retyping.turn_names(document)
        finally:
            document.removeActionLock()
            document.unlockControllers()
        sheets.show_as(source, document, fresh)
        if fresh and document.CurrentController is not None:
            document.CurrentController.setActiveSheet(document.Sheets.getByName(fresh[0]))
    finally:
        source.close(True)


def _is_locked(document: Any, name: str) -> bool:
    return bool(document.Sheets.hasByName(name) and document.Sheets.getByName(name).isProtected())


@contextmanager
def _copied(document: Any) -> Iterator[tuple[str, str]]:
    """Give a folder that is there for a while, and in it a copy of a document as .xlsx."""
    if document is None or not document.supportsService("com.sun.star.sheet.SpreadsheetDocument"):
        raise RefusedError("Open the workbook with your input tables first.")
    folder = tempfile.mkdtemp(prefix="xlprofit-")
    try:
        copy = os.path.join(folder, "workbook.xlsx")
        document.storeToURL(uno.systemPathToFileUrl(copy), _options(FilterName=_XLSX))
        yield folder, copy
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _worked(words: list[str], folder: str, stage: Stage) -> Outcome:
    outcome = process.run(words, folder, stage)
    if outcome.error:
        listed = _in_words(outcome._replace(done=""))
        raise RefusedError("\n\n".join(part for part in (outcome.error, listed) if part))
    return outcome


def _in_words(outcome: Outcome) -> str:
    lines = [f"{f['severity']}: {f['said']}" for f in outcome.findings[:SHOWN_FINDINGS]]
    more = len(outcome.findings) - len(lines)
    if more > 0:
        lines.append(f"… and {more:,} more.")
    return "\n\n".join(part for part in (outcome.done, "\n".join(lines)) if part)


def _select_first(document: Any, outcome: Outcome) -> None:
    for finding in outcome.findings:
        if finding["cell"] and document.Sheets.hasByName(finding["sheet"]):
            sheet = document.Sheets.getByName(finding["sheet"])
            document.CurrentController.select(sheet.getCellRangeByName(finding["cell"]))
            return


def _reason(document: Any, cell: Any) -> str:
    """Calculate a cell again; return why one of our formulas in it gave an error, or nothing."""
    changed = document.isModified()
    addin.last_errors.clear()
    text = cell.getFormula()
    if text.startswith("{"):
        whole = cell.Spreadsheet.createCursorByRange(cell)
        whole.collapseToCurrentArray()
        whole.setArrayFormula(text[1:-1])
    else:
        cell.setFormula(text)
    document.setModified(changed)
    return "\n".join(dict.fromkeys(f"{error.code}: {error.reason}." for error in addin.last_errors))


def _asked(cell: Any, lookup: Lookup) -> tuple[str, str]:
    """Return the customer of a cell's row and the line of the P&L of its column."""
    place, sheet = cell.CellAddress, cell.Spreadsheet
    row = sheet.getCellRangeByPosition(0, place.Row, max(place.Column, 30), place.Row).getDataArray()[0]
    known = [str(value) for value in row if key_of(value) in lookup.places]
    if not known:
        raise RefusedError(
            "There is no customer in this row. Select a customer's name, or a figure in its row."
        )
    lines = {loose(word) for c in lookup.columns for word in (c.name, c.group, *c.measures) if word}
    above = sheet.getCellRangeByPosition(place.Column, 0, place.Column, place.Row).getDataArray()
    titles = [str(value) for (value,) in reversed(above) if loose(value) in lines]
    if not titles:
        return known[0], ""
    measures = {loose(name): name for name in lookup.measures}
    return known[0], measures.get(loose(titles[0]), titles[0])


def _options(**options: object) -> tuple[Any, ...]:
    made = []
    for name, value in options.items():
        option = PropertyValue()
        option.Name, option.Value = name, value
        made.append(option)
    return tuple(made)
