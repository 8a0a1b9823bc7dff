"""The macros: what the buttons of the ribbon run, and the scripts of xlwings Lite and of a server (scripts.py).

A macro is one call of the library on a workbook that is open. The functions without arguments are what the
add-in's VBA names to RunPython; a script hands over its workbook. Both do the same. Only sheets of
ours are written; where one is protected or the user's own has its name, nothing is.
"""

from __future__ import annotations

import platform
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType

import xlwings as xw

from xlprofit import workflow
from xlprofit.drawing import native
from xlprofit.errors import StoppedError, XlprofitError
from xlprofit.excel import CATEGORY, custom_functions, fact_sheet, result_sheets, session
from xlprofit.formulas import SHEET as RESULTS
from xlprofit.headings import header_keys, table_meant
from xlprofit.hosts import live
from xlprofit.hosts.live import LiveHost
from xlprofit.tables import TABLES, header_key
from xlprofit.words import sheet_names as names
from xlprofit.words.speech import _, _n, get_spoken_language, term

FILES = "Exports (*.xlsx;*.xlsm;*.csv;*.tsv;*.txt;*.xls;*.gz),*.xlsx;*.xlsm;*.csv;*.tsv;*.txt;*.xls;*.gz"
"""The filter of the dialog that asks for an export, as Excel takes it."""

NEW_NAME = "Customer profit"
"""What a workbook made from the template is called, with a number behind it where there is one already."""

Work = Callable[[xw.Book], None]


def refresh() -> None:
    """Read the input tables of the calling workbook and bring its result sheets up to date."""
    _run_for_caller(_refresh_book)


def check() -> None:
    """Say what is wrong in the input tables of the calling workbook, on its sheet *Checks*."""
    _run_for_caller(_check_book)


def explain() -> None:
    """Explain the selected customer or amount of the calling workbook on a sheet of its own."""
    _run_for_caller(_explain_selection)


def look_up() -> None:
    """Show the fact sheet *Customer* of the customer whose name is selected in the calling workbook."""
    _run_for_caller(_show_selected_customer)


def new() -> None:
    """Make a workbook with all input tables, and open it."""
    _run_for_caller(_open_new_book)


def import_export() -> None:
    """Take an export that the user chooses into the calling workbook, once its proposal is confirmed."""
    _run_for_caller(_import_export)


def go_to_sheet(name: str) -> None:
    """Show a result sheet of the calling workbook."""
    _run_for_caller(lambda book: live.show_live_sheet(book, name))


def about() -> None:
    """Say which versions are at work."""
    _run_for_caller(_show_versions)


def restore() -> None:
    """Put back what the result sheets of the calling workbook showed before the last refresh."""
    _run_for_caller(_restore_sheets)


def run_for_book(book: xw.Book, name: str, *given: str) -> None:
    """Do on a workbook what a script of this name asks for; ``given`` is what else the script was given."""
    session.run_macro(book, lambda found: _WORKS[name](found, *given))


# --- one implementation for both -------------------------------------------------------------------


def _run_for_caller(work: Work) -> None:
    session.run_macro(xw.Book.caller(), work)


def _refresh_book(book: xw.Book) -> None:
    """Bring the result sheets up to date; who looks at another sheet is shown the *Dashboard*."""
    shown = book.sheets.active.name
    _refresh_live_sheets(book)
    if shown not in names.list_all_sheet_names():
        live.show_live_sheet(book, names.DASHBOARD)


def _show_selected_customer(book: xw.Book) -> None:
    """Show the fact sheet of the selected customer; of the one chosen on it where no name of one is selected.

    A workbook without the sheet is refreshed first.
    """
    host = LiveHost(book)
    selected = host.read_selection()
    sheet = result_sheets.find_made_sheet(book, names.CUSTOMER)
    if sheet is None:
        with _report_stops():
            workflow.refresh_sheets(host, selected=selected)
        live.show_live_sheet(book, names.CUSTOMER)
        return
    if fact_sheet.choose_customer(book, sheet, selected):
        return
    value, own = selected.value, result_sheets.is_own_sheet(book.sheets[selected.sheet])
    if not own and isinstance(value, str) and value.strip():
        what = _(
            "There is no customer “{name}” in the last refresh: the sheet shows the one chosen before",
            name=value,
        )
        session.show_message(book, what)


def _refresh_live_sheets(book: xw.Book) -> None:
    with _report_stops():
        workflow.refresh_sheets(LiveHost(book))


def _check_book(book: xw.Book) -> None:
    workflow.check_sheets(LiveHost(book))


def _explain_selection(book: xw.Book) -> None:
    with _report_stops():
        workflow.explain_cell(LiveHost(book))
    live.show_live_sheet(book, names.EXPLANATION)


@contextmanager
def _report_stops() -> Iterator[None]:
    """Say of findings that stop the work where they stand, and the first."""
    try:
        yield
    except StoppedError as error:
        stops = [finding for finding in error.findings if finding.severity == "stop"]
        what = _n(
            "Nothing was computed: {n} finding on the sheet {sheet} must be fixed first.",
            "Nothing was computed: {n} findings on the sheet {sheet} must be fixed first.",
            len(stops),
            sheet=names.say_sheet_name(names.CHECKS),
        )
        first = _(" The first: {finding}", finding=str(stops[0])) if stops else ""
        raise XlprofitError(what + first) from error


def _remember_book(book: xw.Book) -> None:
    there = RESULTS in book.sheet_names
    custom_functions.remember_results(book.sheets[RESULTS].used_range.raw_value if there else None)
    if not there:
        raise XlprofitError(_("This workbook was never refreshed"), _("Refresh it: run refresh_results"))


def _show_versions(book: xw.Book) -> None:
    said = (
        f"xlprofit {version('xlprofit')}\nxlwings {version('xlwings')}\nPython {platform.python_version()}",
        _("Which customers are profitable once everything spent on winning and keeping them is counted."),
    )
    session.show_message(book, "\n\n".join(said))


def _restore_sheets(book: xw.Book) -> None:
    with session.quiet_excel(book) as stage:
        stage(_("Undoing the refresh"))
        put_back = result_sheets.restore_shown_results(book)
    session.show_message(book, _("Last refresh undone: {sheets}", sheets=", ".join(put_back)))


# --- an export -------------------------------------------------------------------------------------


def _import_export(book: xw.Book) -> None:
    """Ask for an export and take it in: into this workbook where it has a sheet of sources, else into a new one."""
    from xlprofit.importing.dialogue import describe_plan
    from xlprofit.importing.intake import import_files, list_source_rows, plan_import

    path = _ask_for_file(book)
    if not path:
        return
    sheet = next((name for name in book.sheet_names if table_meant(name) == "Sources"), "")
    own = Path(str(book.fullname)) if sheet else None
    plan = plan_import([path], own if own is not None and own.is_absolute() else None)
    answer = book.app.alert(describe_plan(plan), term("product", CATEGORY), "ok_cancel", "info")
    if answer != "ok":
        return
    plan = plan.confirm_guesses()
    if sheet and all(not table.missing for proposal in plan.proposals for table in proposal.tables):
        _remember_sources(book.sheets[sheet], list_source_rows(plan))
        _refresh_book(book)
        return
    done = import_files([path], plan=plan)
    book.app.books.open(str(done.path))


def _ask_for_file(book: xw.Book) -> str:
    """Return the path of a file that the user chooses; empty where none was."""
    if str(book.app.engine.name) != "excel":
        raise XlprofitError(
            _("This Python has no files to choose from"),
            _("Import with the ribbon in Excel, or with {command}", command="xlprofit import FILE"),
        )
    if sys.platform == "darwin":
        asked = subprocess.run(
            ["osascript", "-e", "POSIX path of (choose file)"], capture_output=True, text=True, check=False
        )
        return asked.stdout.strip()
    found = book.app.api.GetOpenFilename(FILES)
    return found if isinstance(found, str) else ""


def _remember_sources(sheet: xw.Sheet, rows: Sequence[Mapping[str, object]]) -> None:
    """Write rows into the sheet of sources, in place of those of the same tables or below the last."""
    header = sheet.used_range.row
    last = sheet.used_range.last_cell
    names_of = native.read_block_cells(sheet.range((header, 1), (header, last.column)))[0]
    columns = {
        column.name: at
        for column in TABLES["Sources"].columns
        for at, name in enumerate(names_of, 1)
        if header_key(name) in header_keys("Sources", column.name)
    }
    if "profile" not in columns:
        columns["profile"] = last.column + 1
        sheet.range((header, columns["profile"])).raw_value = term("Sources", "profile")
    at = columns["table"]
    tables = [row[0] for row in native.read_block_cells(sheet.range((header, at), (last.row + 1, at)))]
    for row in rows:
        own = [n for n, held in enumerate(tables) if n and table_meant(held) == row["table"]]
        place = own[0] if own else next((n for n, held in enumerate(tables) if n and not held), len(tables))
        tables += [None] * (place + 1 - len(tables))
        tables[place] = row["table"]
        for name, column in columns.items():
            for other in own[1:]:  # a table has one source
                sheet.range((header + other, column)).raw_value = None
            sheet.range((header + place, column)).raw_value = row.get(name) or None


# --- a new workbook --------------------------------------------------------------------------------


def _open_new_book(book: xw.Book) -> None:
    """Make a workbook beside the user's documents and open it; where there are no files, add what is missing here."""
    if str(book.app.engine.name) != "excel":
        workflow.add_missing_tables(LiveHost(book))
        return
    documents = Path.home() / "Documents"
    folder = documents if documents.is_dir() else Path.home()
    made = workflow.new(_find_free_path(folder), language=get_spoken_language())
    book.app.books.open(str(made))


def _find_free_path(folder: Path) -> Path:
    """Return a path in a folder that is not taken."""
    name, number = term("product", NEW_NAME), 1
    path = folder / f"{name}.xlsx"
    while path.exists():
        number += 1
        path = folder / f"{name} {number}.xlsx"
    return path


_WORKS: Mapping[str, Callable[..., None]] = MappingProxyType(
    {
        "refresh": _refresh_book,
        "check": _check_book,
        "explain": _explain_selection,
        "look_up": _show_selected_customer,
        "new": _open_new_book,
        "remember": _remember_book,
        "show_sheet": live.show_live_sheet,
        "about": _show_versions,
        "restore": _restore_sheets,
    }
)
"""What a script does, by its name."""
