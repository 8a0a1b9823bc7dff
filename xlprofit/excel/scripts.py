"""The scripts of xlwings Lite and of a server: the macros, by the names that are shown there.

A script gets its workbook from the host. What it does is loaded when the first one runs, so that the formulas beside
it need neither pandas nor any other package.
"""

from __future__ import annotations

import xlwings as xw


def _run_work(book: xw.Book, name: str, *given: str) -> None:
    from xlprofit.excel import macros

    macros.run_for_book(book, name, *given)


@xw.script
def refresh_results(book: xw.Book) -> None:
    """Read the input tables of this workbook and bring its result sheets up to date."""
    _run_work(book, "refresh")


@xw.script
def check_inputs(book: xw.Book) -> None:
    """Say what is wrong in the input tables of this workbook, on its sheet Checks."""
    _run_work(book, "check")


@xw.script
def explain_cell(book: xw.Book) -> None:
    """Explain the selected customer or amount on a sheet of its own."""
    _run_work(book, "explain")


@xw.script
def look_up_customer(book: xw.Book) -> None:
    """Show the fact sheet of the customer whose name is selected or is in the selected row."""
    _run_work(book, "look_up")


@xw.script
def add_input_tables(book: xw.Book) -> None:
    """Add the input tables that this workbook lacks, ready to be filled."""
    _run_work(book, "new")


@xw.script
def use_last_refresh(book: xw.Book) -> None:
    """Have the formulas of xlwings Lite answer from the last refresh of this workbook, made before it was opened."""
    _run_work(book, "remember")


@xw.script
def show_sheet(book: xw.Book, sheet: str = "Dashboard") -> None:
    """Show a result sheet."""
    _run_work(book, "show_sheet", sheet)


@xw.script
def about_xlprofit(book: xw.Book) -> None:
    """Say which versions are at work."""
    _run_work(book, "about")


@xw.script
def restore_results(book: xw.Book) -> None:
    """Put back what the result sheets showed before the last refresh."""
    _run_work(book, "restore")
