"""What stands at a cell: the figure that *Explain this cell* is asked for, or why it cannot be explained.

On a result sheet the sheet that put the cell there answers (:class:`xlprofit.sheets.parts.Figure`). Elsewhere it is
the customer whose name the cell holds, that the row of an input table is about, or, on a sheet of the user's own,
that is named in the cell's formula or beside it, and the line named in the formula or above it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from xlprofit.addresses import format_address
from xlprofit.errors import UnknownNameError, XlprofitError
from xlprofit.formulas.cells import fold_measure_name, format_cell_text
from xlprofit.headings import known_keys
from xlprofit.messages import N_, _
from xlprofit.sheets.frame import list_line_names
from xlprofit.sheets.parts import Column, Figure, FigureByRow, Meaning, Sheet, Table
from xlprofit.tables import TABLES, Raw, header_key
from xlprofit.vocabulary.measures import MEASURES

if TYPE_CHECKING:
    from xlprofit.results import Results

HINT = N_("Select a customer's name, or an amount of its profit and loss, and press Explain again")


@dataclass(frozen=True)
class Selection:
    """The selected cell, as a host hands it over.

    ``row`` and ``column`` count from 1. ``in_row`` and ``in_column`` are the values of all cells of its row and its
    column from the first on, at least up to the cell.
    """

    sheet: str
    row: int
    column: int
    formula: str = ""
    in_row: Sequence[object] = ()
    in_column: Sequence[object] = ()

    @property
    def value(self) -> object:
        """What the cell holds; a blank beyond the last that is used."""
        return _item(self.in_row, self.column)

    @property
    def place(self) -> str:
        """The cell as a message names it: ``Trends!G7``."""
        return f"{self.sheet}!{format_address(self.row, self.column)}"


def find_figure(
    selection: Selection, described: Sheet | None, results: Results, raws: Mapping[str, Raw]
) -> Figure:
    """Return what is to be explained at a cell, its customer named as the run names it.

    Args:
        selection: the cell.
        described: the sheet of ours that the cell is on; ``None`` where it is on one of the user's.
        results: the run.
        raws: the input tables as they stand in the workbook.

    Raises:
        XlprofitError: the cell is not the sum of one customer's source rows; what it is instead, and what to select.
    """
    if described is not None:
        return _find_on_result_sheet(selection, described, results)
    said = read_text(selection.value)
    try:
        return Figure(customer=results.resolve_customer(said))
    except UnknownNameError as error:
        raw = next((raw for raw in raws.values() if raw.sheet == selection.sheet), None)
        if raw is None:
            figure = _find_beside(selection, results)
            if figure is not None:
                return figure
        elif customer := _find_customer_of_row(raw, selection.row):
            return Figure(customer=results.resolve_customer(customer))
        what = _("{cell} holds nothing of a customer's", cell=selection.place)
        if said:
            what = _("{cell}: {reason}", cell=selection.place, reason=error.what)
        raise XlprofitError(what, _(HINT)) from error


def refuse_unexplained(selection: Selection) -> XlprofitError:
    """Return the error that says that a cell is no figure of one customer's."""
    return XlprofitError(
        _("{cell} is not the sum of one customer's source rows", cell=selection.place), _(HINT)
    )


def read_text(value: object) -> str:
    """Return a cell's value as a name: 10001 and not 10001.0; nothing of a blank."""
    return "" if value is None or value != value else format_cell_text(value).strip()


# --- result sheets -----------------------------------------------------------------------------------


def _find_on_result_sheet(selection: Selection, sheet: Sheet, results: Results) -> Figure:
    found = next((table for table in sheet.tables if _is_in(table, selection)), None)
    if found is None:
        return _find_cell_figure(selection, sheet)
    column = found.columns[selection.column - found.column]
    if read_text(_item(selection.in_column, found.row)) != column.header.strip():
        raise XlprofitError(
            _('"{sheet}" is not as the last refresh would leave it', sheet=selection.sheet),
            _("Press Refresh first"),
        )
    figure = _find_table_figure(selection, sheet, found, column)
    try:
        return replace(figure, customer=results.resolve_customer(figure.customer))
    except UnknownNameError as error:  # such as a prospect or a resource among what to do first
        what = _("{cell}: {reason}", cell=selection.place, reason=error.what)
        raise XlprofitError(what, _(HINT)) from error


def _find_cell_figure(selection: Selection, sheet: Sheet) -> Figure:
    """Return the figure of a cell that stands in no table."""
    figures = (cell.figure for cell in sheet.cells if (cell.row, cell.column) == _at(selection))
    figure = next(figures, None)
    if figure is None:
        raise _refuse_total(selection, sheet) or refuse_unexplained(selection)
    return figure


def _refuse_total(selection: Selection, sheet: Sheet) -> XlprofitError | None:
    """Return the error that says what a cell of a total row is the sum of; nothing for any other cell."""
    for table in sheet.tables:
        at = selection.column - table.column
        if table.has_total and table.total_row == selection.row and 0 <= at < len(table.columns):
            return XlprofitError(
                _(
                    '{cell} is the total of the column "{header}"',
                    cell=selection.place,
                    header=table.columns[at].header,
                ),
                _("Select one of the rows that it adds up, and press Explain again"),
            )
    return None


def _find_table_figure(selection: Selection, sheet: Sheet, table: Table, column: Column) -> Figure:
    """Return the figure of a table's cell, with the customer that the cell's row or the column names."""
    row = {
        one.key: read_text(_item(selection.in_row, at)) for at, one in enumerate(table.columns, table.column)
    }
    figure = _choose_figure(column, row)
    customer = (figure.customer or row.get(figure.named_by, "")) if figure is not None else ""
    if figure is None or not customer:
        note = column.note or _describe_table(sheet, table)
        raise _refuse_column(selection, column, note) if any(row.values()) else refuse_unexplained(selection)
    return replace(figure, customer=customer)


def _choose_figure(column: Column, row: Mapping[str, str]) -> Figure | None:
    if isinstance(column.figure, FigureByRow):
        return column.figure.figures.get(tuple(row[key] for key in column.figure.keys))
    return column.figure


def _describe_table(sheet: Sheet, table: Table) -> str:
    """Return what a table is about: the title above it, else what stands below that of its sheet."""
    above = [c for c in sheet.cells if c.meaning is Meaning.SECTION and c.row < table.row]
    beside = [c for c in above if c.column <= table.column + 1]
    near = max(beside, key=lambda cell: (cell.row, cell.column), default=None)
    near = near or next((cell for cell in sheet.cells if cell.meaning is Meaning.SUBTITLE), None)
    return near.value if near is not None and isinstance(near.value, str) else ""


def _refuse_column(selection: Selection, column: Column, note: str) -> XlprofitError:
    """Return the error that says what a column shows instead of a sum of source rows; ``note``: what it is."""
    said = {"cell": selection.place, "header": column.header, "note": note}
    if note:
        what = _('{cell}: "{header}" is not the sum of one customer\'s source rows, but: {note}', **said)
    else:
        what = _('{cell}: "{header}" is not the sum of one customer\'s source rows', **said)
    return XlprofitError(what, _(HINT))


def _is_in(table: Table, selection: Selection) -> bool:
    within = table.column <= selection.column < table.column + len(table.columns)
    return within and table.first <= selection.row <= table.last


def _at(selection: Selection) -> tuple[int, int]:
    return selection.row, selection.column


def _item(cells: Sequence[object], place: int) -> object:
    return cells[place - 1] if place <= len(cells) else None


# --- the user's own sheets -----------------------------------------------------------------------------


def _find_beside(selection: Selection, results: Results) -> Figure | None:
    """Return the figure that a cell's formula names, or the customer beside it and the line above it."""
    quoted = [word.replace('""', '"') for word in re.findall(r'"((?:[^"]|"")*)"', selection.formula)]
    customers = (_find_customer(word, results) for word in (*quoted, *map(read_text, selection.in_row)))
    customer = next(filter(None, customers), "")
    if not customer:
        return None
    above = [read_text(cell) for cell in reversed(selection.in_column[: selection.row])]
    lines = list_lines(results)
    figure = next(filter(None, (lines.get(fold_measure_name(word)) for word in (*quoted, *above))), Figure())
    labels = set(map(str, results.periods))
    period = next((word for word in (*quoted, *above) if word in labels), "")
    return replace(figure, customer=customer, period=period)


def _find_customer(word: str, results: Results) -> str:
    try:
        return results.resolve_customer(word) if word.strip() else ""
    except UnknownNameError:
        return ""


def list_lines(results: Results) -> dict[str, Figure]:
    """Return the measures, groups and lines of the ledger by what they and their names are compared as."""
    figures = {
        str(group): Figure(group=str(group)) for group in results.customer_ledger["group"].cat.categories
    }
    figures |= {str(line): Figure(line=str(line)) for line in results.customer_ledger["line"].cat.categories}
    figures |= {measure: Figure(measure) for measure in MEASURES}
    said = {
        fold_measure_name(called): figure
        for word, figure in figures.items()
        for called in list_line_names(word)
    }
    return said | {fold_measure_name(word): figure for word, figure in figures.items()}


def _find_customer_of_row(raw: Raw, row: int) -> str:
    """Return the customer that a row of an input table is about, or nothing."""
    at = row - raw.row - 1
    if not 0 <= at < len(raw.frame):
        return ""
    wanted = {
        key
        for column in TABLES[raw.name].columns
        if column.kind == "customer"
        for key in known_keys(raw.name, column)
    }
    for place, header in enumerate(raw.frame.columns):
        if header_key(header) in wanted:
            return read_text(raw.frame.iat[at, place])
    return ""
