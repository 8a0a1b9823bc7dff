"""The macros: what the buttons of the ribbon run, and the scripts of xlwings Lite and of a server.

A macro is one call of the library on a workbook that is open. The functions without arguments are what the
add-in's VBA names to RunPython; the scripts get their workbook from the host. Both do the same. Only sheets of
ours are written; where one is protected or the user's own has its name, nothing is.
"""

from __future__ import annotations

import platform
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import NoReturn

import xlwings as xw

from xlprofit.checks.reading import filled
from xlprofit.errors import XlprofitError
from xlprofit.excel import custom_functions, live_tables, result_sheets, session
from xlprofit.excel.asked import Around, meant
from xlprofit.findings import Findings
from xlprofit.formulas import SHEET as RESULTS
from xlprofit.render import native
from xlprofit.results import Results, compute
from xlprofit.run import check_with_sources
from xlprofit.sheets import book as result_book
from xlprofit.sheets import checks, explanation, results_sheet
from xlprofit.sheets import look_up as look_up_sheet
from xlprofit.tables import TABLES, Raw
from xlprofit.vocabulary import language_of, table_meant
from xlprofit.words import sheet_names as names
from xlprofit.words.complaints import say_finding
from xlprofit.words.sheets import say_sheets
from xlprofit.words.speech import _, _n, say, speaking, spoken, term

NEW_NAME = "Customer profit"
"""What a workbook made from the template is called, with a number behind it where there is one already."""

Work = Callable[[xw.Book], None]


def refresh() -> None:
    """Read the input tables of the calling workbook and bring its result sheets up to date."""
    _called(_refresh)


def check() -> None:
    """Say what is wrong in the input tables of the calling workbook, on its sheet *Checks*."""
    _called(_check)


def explain() -> None:
    """Explain the selected customer or amount of the calling workbook on a sheet of its own."""
    _called(_explain)


def look_up() -> None:
    """Bring the result sheets up to date, and with them *Look-up*: a customer chosen from a list, in formulas."""
    _called(_look_up)


def new() -> None:
    """Make a workbook with all input tables, and open it."""
    _called(_new)


def go_to_sheet(name: str) -> None:
    """Show a result sheet of the calling workbook."""
    _called(lambda book: _go_to_sheet(book, name))


def about() -> None:
    """Say which versions are at work."""
    _called(_about)


def restore() -> None:
    """Put back what the result sheets of the calling workbook showed before the last refresh."""
    _called(_restore)


@xw.script
def refresh_results(book: xw.Book) -> None:
    """Read the input tables of this workbook and bring its result sheets up to date."""
    session.run(book, _refresh)


@xw.script
def check_inputs(book: xw.Book) -> None:
    """Say what is wrong in the input tables of this workbook, on its sheet Checks."""
    session.run(book, _check)


@xw.script
def explain_cell(book: xw.Book) -> None:
    """Explain the selected customer or amount on a sheet of its own."""
    session.run(book, _explain)


@xw.script
def look_up_customer(book: xw.Book) -> None:
    """Bring the result sheets up to date, and with them Look-up: a customer chosen from a list, in formulas."""
    session.run(book, _look_up)


@xw.script
def add_input_tables(book: xw.Book) -> None:
    """Add the input tables that this workbook lacks, ready to be filled."""
    session.run(book, _new)


@xw.script
def use_last_refresh(book: xw.Book) -> None:
    """Have the formulas of xlwings Lite answer from the last refresh of this workbook, made before it was opened."""
    session.run(book, _remember)


@xw.script
def show_sheet(book: xw.Book, sheet: str = names.DASHBOARD) -> None:
    """Show a result sheet."""
    session.run(book, lambda found: _go_to_sheet(found, sheet))


@xw.script
def about_xlprofit(book: xw.Book) -> None:
    """Say which versions are at work."""
    session.run(book, _about)


@xw.script
def restore_results(book: xw.Book) -> None:
    """Put back what the result sheets showed before the last refresh."""
    session.run(book, _restore)


# --- one implementation for both -------------------------------------------------------------------


def _called(work: Work) -> None:
    session.run(xw.Book.caller(), work)


def _refresh(book: xw.Book) -> None:
    """Compute, then draw; where findings stop the work, only *Checks* is drawn."""
    _refreshed(book)


def _look_up(book: xw.Book) -> None:
    if sys.platform == "darwin" and str(book.app.engine.name) == "excel":
        raise XlprofitError(
            _("Look-up is made of formulas, which xlwings has in Excel for Windows only"),
            _("See the sheets Customer P&L and Cost to serve, or choose Explain this cell"),
        )
    _refreshed(book, formulas=True)
    sheet = next(n for n in names.everywhere(names.LOOK_UP) if n in book.sheet_names)
    book.sheets[sheet].activate()


def _refreshed(book: xw.Book, *, formulas: bool = False) -> None:
    with session.quiet(book) as stage:
        raws = _tables(book, stage)
        with speaking(language_of(raws.get("Settings"))):
            called = names.called(names.LOOK_UP)
            own = [called] if formulas or _has_look_up(book, called) else []
            result_sheets.refuse(book, (*names.order(), *own, RESULTS, result_sheets.PREVIOUS))
            results, findings = _computed_from(book, raws, stage)
            if results is None:
                _stop(book, findings)
            stage(_("Keeping the results so far"))
            shown = book.sheets.active.name
            result_sheets.keep(book)
            stage(_("Drawing the result sheets"))
            result_sheets.rename(book, (*names.ORDER, names.LOOK_UP))
            customer = None
            if _has_look_up(book, called):
                customer = book.sheets[called].range(look_up_sheet.CHOSEN_PLACE).value
            described = result_book.with_hidden(
                results, tuple(book.sheet_names), formulas=bool(own), customer=customer, say=say
            )
            sheets = say_sheets(described, findings.language, findings.own)
            result_sheets.put(book, sheets)
            hidden = next(sheet for sheet in sheets if sheet.name == RESULTS)
            custom_functions.remember(results_sheet.rows(hidden))
            if shown not in names.every():
                book.sheets[names.called(names.DASHBOARD)].activate()


def _has_look_up(book: xw.Book, called: str) -> bool:
    """Whether *Look-up* is there and ours, under this name or another language's."""
    there = [n for n in (called, *names.formerly(called)) if n in book.sheet_names]
    return any(result_sheets.ours(book.sheets[name]) for name in there)


def _check(book: xw.Book) -> None:
    with session.quiet(book) as stage:
        raws = _tables(book, stage)
        with speaking(language_of(raws.get("Settings"))):
            result_sheets.refuse(book, [names.called(names.CHECKS)])
            findings = _computed_from(book, raws, stage)[1]
            stage(_("Drawing the checks"))
            _draw_checks(book, findings)


def _stop(book: xw.Book, findings: Findings) -> NoReturn:
    """Show the findings that stop the work, and say the first."""
    _draw_checks(book, findings)
    stops = [finding for finding in findings if finding.severity == "stop"]
    what = _n(
        "Nothing was computed: {n} finding on the sheet {sheet} must be fixed first.",
        "Nothing was computed: {n} findings on the sheet {sheet} must be fixed first.",
        len(stops),
        sheet=names.called(names.CHECKS),
    )
    raise XlprofitError(what + (_(" The first: {finding}", finding=say_finding(stops[0])) if stops else ""))


def _draw_checks(book: xw.Book, findings: Findings) -> None:
    result_sheets.rename(book, [names.CHECKS])
    drawn = checks.sheet(findings, tuple(book.sheet_names))
    result_sheets.put(book, say_sheets([drawn], findings.language, findings.own))
    book.sheets[names.called(names.CHECKS)].activate()


def _explain(book: xw.Book) -> None:
    selected = book.selection
    if selected is None:
        raise XlprofitError(_("No cell is selected"), _("Select a customer's name or one of its amounts"))
    cell = selected.sheet.range((selected.row, selected.column))
    with session.quiet(book) as stage:
        raws = _tables(book, stage)
        with speaking(language_of(raws.get("Settings"))):
            called = names.called(explanation.NAME)
            result_sheets.refuse(book, [called])
            results, findings = _computed_from(book, raws, stage)
            if results is None:
                result_sheets.refuse(book, [names.called(names.CHECKS)])
                _stop(book, findings)
            stage(_("Explaining"))
            wanted = meant(cell, results, raws, lambda: _around(cell))
            result_sheets.rename(book, [names.EXPLANATION])
            existing = tuple(book.sheet_names)
            sheet = explanation.sheet(results, wanted.customer, wanted.line, existing)
            result_sheets.put(book, say_sheets([sheet], findings.language, findings.own))
            book.sheets[called].activate()


def _around(cell: xw.Range) -> Around:
    sheet, last = cell.sheet, max(cell.column, cell.sheet.used_range.last_cell.column)
    formula = ""
    with suppress(NotImplementedError):  # scripts are told what a formula comes to, and not the formula
        formula = str(cell.formula)
    (in_row,) = native.cells(sheet.range((cell.row, 1), (cell.row, last)))
    above = native.cells(sheet.range((1, cell.column), (cell.row, cell.column)))
    return Around(formula, in_row, [value for (value,) in above])


def _go_to_sheet(book: xw.Book, name: str) -> None:
    found = next((called for called in names.everywhere(name) if called in book.sheet_names), None)
    if found is None:
        raise XlprofitError(
            _('There is no sheet "{name}" in this workbook yet', name=names.called(name)),
            _made_by(name),
        )
    sheet = book.sheets[found]
    if not sheet.visible:
        sheet.visible = True
    sheet.activate()


def _made_by(name: str) -> str:
    """Return what makes a sheet that is not there yet."""
    if name == names.LOOK_UP:
        return _("Press Look up to create it")
    if name == names.EXPLANATION:
        return _("Select a figure and press Explain this cell to create it")
    return _("Press Refresh to create them")


def _remember(book: xw.Book) -> None:
    there = RESULTS in book.sheet_names
    custom_functions.remember(book.sheets[RESULTS].used_range.raw_value if there else None)
    if not there:
        raise XlprofitError(_("This workbook was never refreshed"), _("Refresh it: run refresh_results"))


def _about(book: xw.Book) -> None:
    said = (
        f"xlprofit {version('xlprofit')}\nxlwings {version('xlwings')}\nPython {platform.python_version()}",
        _("Which customers are profitable once everything spent on winning and keeping them is counted."),
    )
    session.tell(book, "\n\n".join(said))


def _restore(book: xw.Book) -> None:
    with session.quiet(book) as stage:
        stage(_("Undoing the refresh"))
        put_back = result_sheets.restore(book)
    session.tell(book, _("Last refresh undone: {sheets}", sheets=", ".join(put_back)))


def _tables(book: xw.Book, stage: session.Stage) -> dict[str, Raw]:
    stage(_("Reading the tables"))
    return live_tables.read(book)


def _computed_from(
    book: xw.Book, raws: Mapping[str, Raw], stage: session.Stage
) -> tuple[Results | None, Findings]:
    """Return the results and all findings; no results where findings stop the work.

    Raises:
        SourceError: a source that the table Sources names cannot be read; nothing else was read then.
    """
    stage(_("Checking them"))
    inputs, findings = check_with_sources(raws, folder=_folder(book, raws))
    if inputs is None:
        return None, findings
    stage(_("Computing"))
    results = compute(inputs, findings)
    return results, results.findings


def _folder(book: xw.Book, raws: Mapping[str, Raw]) -> Path | None:
    """Return the folder of a workbook on this computer; ``None`` of one that was never saved, or is in the cloud.

    Raises:
        XlprofitError: Python does not run on the user's computer, and the workbook names sources.
    """
    if "Sources" not in raws or not filled(raws["Sources"]):
        return None
    if str(book.app.engine.name) == "excel":
        folder = Path(book.fullname).parent
        return folder if folder.is_absolute() else None
    raise XlprofitError(
        _("The table {Sources} names files or databases, and this Python does not run on your computer"),
        _(
            "Refresh with the ribbon in Excel or with {command}, or empty that table to use what is on the sheets",
            command="xlprofit refresh",
        ),
    )


# --- a new workbook --------------------------------------------------------------------------------


def _new(book: xw.Book) -> None:
    """Make a workbook beside the user's documents and open it; where there are no files, add what is missing here."""
    if str(book.app.engine.name) != "excel":
        _add_tables(book)
        return
    from xlprofit.run import new as make

    documents = Path.home() / "Documents"
    folder = documents if documents.is_dir() else Path.home()
    made = make(_free(folder), language=spoken())
    book.app.books.open(str(made))


def _free(folder: Path) -> Path:
    """Return a path in a folder that is not taken."""
    name, number = term("product", NEW_NAME), 1
    path = folder / f"{name}.xlsx"
    while path.exists():
        number += 1
        path = folder / f"{name} {number}.xlsx"
    return path


def _add_tables(book: xw.Book) -> None:
    there = {table_meant(name) for name in book.sheet_names}
    missing = [table for table in TABLES.values() if table.name not in there]
    if not missing:
        raise XlprofitError(_("This workbook has a sheet for every input table already"))
    for table in missing:
        sheet = book.sheets.add(term("table", table.name), after=book.sheets[len(book.sheets) - 1])
        header = sheet.range((1, 1), (1, len(table.columns)))
        header.raw_value = [[term(table.name, column.name) for column in table.columns]]
        header.font.set(bold=True)
    book.sheets[term("table", missing[0].name)].activate()
