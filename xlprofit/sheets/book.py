"""All result sheets of a run, in their order."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING

from xlprofit.formulas import SHEET as RESULTS_SHEET
from xlprofit.languages import list_terms
from xlprofit.sheets import (
    checks,
    cleared,
    dashboard,
    figures,
    names,
    results_sheet,
)
from xlprofit.sheets.customer import describe_customer_sheet
from xlprofit.sheets.frame import link_customer_names
from xlprofit.sheets.parts import Cell, Column, Link, Meaning, Sheet

if TYPE_CHECKING:  # results are handed in: what makes them is not needed
    from xlprofit.results import Results
    from xlprofit.sheets.figures import Selection


def _describe_one_sheet(name: str, results: Results) -> Sheet | None:
    """Return a sheet of results as its own module describes it; nothing where it has nothing to say."""
    module, function = names.DESCRIBED[name].split(":")
    describe: Callable[[Results], Sheet | None] = getattr(
        import_module(f"xlprofit.sheets.{module}"), function
    )
    return describe(results)


def drop_dead_links(sheet: Sheet, made: Collection[str], existing: Collection[str] = ()) -> Sheet:
    """Return a sheet without links to sheets that are not there: result sheets with nothing to say, and others.

    All links of a column lead to the same sheet, or each to one that is there. ``existing`` are the other sheets of
    the workbook, where they are known: tables may come from elsewhere.
    """
    dead = {names.translate_sheet_name(name) for name in names.DESCRIBED} - set(made)
    there = {*made, *existing}

    def is_dead(link: Link) -> bool:
        return link.sheet in dead or (bool(existing) and link.sheet not in there)

    def keep_cell(cell: Cell) -> Cell:
        gone = cell.link is not None and is_dead(cell.link)
        return (
            replace(cell, link=None, meaning=Meaning.PLAIN if cell.meaning is Meaning.LINK else cell.meaning)
            if gone
            else cell
        )

    def keep_column(column: Column) -> Column:
        first = next((link for link in column.links if link is not None), None)
        return replace(column, links=()) if first is not None and is_dead(first) else column

    return replace(
        sheet,
        cells=tuple(map(keep_cell, sheet.cells)),
        tables=tuple(
            replace(table, columns=tuple(map(keep_column, table.columns))) for table in sheet.tables
        ),
    )


def describe_result_sheets(
    results: Results,
    existing: tuple[str, ...] = (),
    own: tuple[str, ...] = (),
    *,
    hidden: Sheet | None = None,
    customer: object = None,
) -> tuple[Sheet, ...]:
    """Return the result sheets of a run.

    Args:
        results: the run.
        existing: the sheets of the workbook they go into, to which the checks may link.
        own: those of them that an earlier refresh made: one that has nothing to say any more says that.
        hidden: the results sheet, if it was described before.
        customer: the customer that was chosen on the sheet *Customer*, if any.
    """
    former = {names.strip_suffix(name) for name in own}
    described = []
    for name in names.DESCRIBED:
        sheet = _describe_one_sheet(name, results)
        if sheet is None and former & set(list_terms("sheet", name)):
            sheet = cleared.describe_empty_sheet(names.translate_sheet_name(name))
        described.append(sheet)
    first, *rest = (sheet for sheet in described if sheet is not None)
    hidden = results_sheet.describe_results_sheet(results) if hidden is None else hidden
    facts = describe_customer_sheet(results, hidden, rest, customer)
    others = [facts, *rest, checks.describe_checks_sheet(results.findings, existing)]
    made = [first.name, *(sheet.name for sheet in others)]
    known = frozenset(map(str, results.names))
    first, *others = (
        drop_dead_links(link_customer_names(sheet, known), made, existing) for sheet in (first, *others)
    )
    theirs = [name for name in existing if name not in {*own, *made, RESULTS_SHEET}]
    return dashboard.link_dashboard(first, made, theirs), *others


def find_described(
    selection: Selection, results: Results, read_chosen: Callable[[], object] = lambda: None
) -> Sheet | None:
    """Return the sheet of ours that a cell is on, as a refresh would describe it now; ``None`` for one of the user's.

    Args:
        selection: the cell.
        results: the run.
        read_chosen: gives the customer that is chosen on *Customer*.

    Raises:
        XlprofitError: the sheet explains nothing further, or *Customer* shows no customer of the run.
    """
    name = next((n for n in names.ALL if names.strip_suffix(selection.sheet) in list_terms("sheet", n)), None)
    if name == names.CUSTOMER:
        chosen = results.resolve_customer(figures.read_text(read_chosen()))
        return describe_customer_sheet(results, results_sheet.describe_results_sheet(results), (), chosen)
    if name in (names.CHECKS, names.EXPLANATION) or selection.sheet == RESULTS_SHEET:
        raise figures.refuse_unexplained(selection)
    return _describe_one_sheet(name, results) if name is not None else None


def describe_refreshed_sheets(
    results: Results,
    existing: tuple[str, ...] = (),
    *,
    own: tuple[str, ...] = (),
    customer: object = None,
) -> tuple[Sheet, ...]:
    """Return all that a refresh puts into a workbook: the result sheets, and the results sheet behind them.

    Args:
        results: the run.
        existing: as in :func:`describe_result_sheets`.
        own: as there.
        customer: as there.
    """
    hidden = results_sheet.describe_results_sheet(results)
    return (*describe_result_sheets(results, existing, own, hidden=hidden, customer=customer), hidden)
