"""What *Explain this cell* is asked about: the customer and the line behind the selected cell."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from xlprofit.errors import UnknownNameError, XlprofitError
from xlprofit.formulas.cells import loose, text_of
from xlprofit.headings import known_keys
from xlprofit.language import N_, _
from xlprofit.results import Results
from xlprofit.sheets import book as result_book
from xlprofit.sheets import look_up, names, results_sheet
from xlprofit.sheets.frame import line_called
from xlprofit.sheets.parts import Column, Table
from xlprofit.tables import TABLES, Raw, header_key
from xlprofit.vocabulary.measures import MEASURES

CUSTOMERS = ("customer", "referrer", "referred")
"""The keys of the columns that hold customers, the one to be asked about first."""

HINT = N_("Select a customer's name, or an amount in a customer's row, and press Explain again")


class Grid(Protocol):
    """The selected cell's sheet: its name, and its cells by row and column."""

    @property
    def name(self) -> str:
        """What the sheet is called."""
        ...

    def range(self, place: tuple[int, int], /) -> Any:
        """Return the cell at a row and a column, counted from 1."""


class Selected(Protocol):
    """The selected cell, as a range of xlwings is one and as Calc hands it over."""

    @property
    def sheet(self) -> Grid:
        """The sheet that the cell is on."""
        ...

    @property
    def row(self) -> int:
        """Its row, from 1."""
        ...

    @property
    def column(self) -> int:
        """Its column, from 1."""
        ...

    @property
    def address(self) -> str:
        """Its address, such as ``$C$5``."""
        ...

    @property
    def value(self) -> Any:
        """What it holds."""


class Asked(NamedTuple):
    """A customer and a line: a measure, a group or a line of the ledger; ``None`` for the whole profit."""

    customer: str
    line: str | None = None


def asked(cell: Selected, results: Results, raws: Mapping[str, Raw]) -> Asked:
    """Return what the selected cell is about.

    On a result sheet the row says the customer, the column the line. Elsewhere it is the customer whose name
    the cell holds, or that the row of an input table is about.

    Raises:
        XlprofitError: the cell belongs to no customer.
    """
    name = cell.sheet.name
    if name in names.everywhere(names.LOOK_UP):
        return _on_look_up(cell, results)
    for sheet in result_book.sheets(results):
        if sheet.name.casefold() == name.casefold():
            return _on_result_sheet(cell, sheet.tables, results)
    said = _text(cell.value)
    try:
        return Asked(results.known(said))
    except UnknownNameError as error:
        raw = next((r for r in raws.values() if r.sheet == name), None)
        customer = _of_input(raw, cell.row) if raw is not None else ""
        if customer:
            return Asked(results.known(customer))
        what = _("{cell} holds nothing of a customer's", cell=_place(cell))
        raise XlprofitError(f"{_place(cell)}: {error.what}" if said else what, _(HINT)) from error


class Around(NamedTuple):
    """What stands around a cell of the user's own: its formula, its row, and its column down to it."""

    formula: str
    in_row: Sequence[object]
    above: Sequence[object]


def meant(cell: Selected, results: Results, raws: Mapping[str, Raw], around: Callable[[], Around]) -> Asked:
    """Return what a cell is about, as :func:`asked` does; on a sheet of the user's own, what stands around it says.

    Raises:
        XlprofitError: the cell belongs to no customer.
    """
    try:
        return asked(cell, results, raws)
    except XlprofitError:
        name = cell.sheet.name
        if name in names.every() or name in {raw.sheet for raw in raws.values()}:
            raise
        found = _beside(around(), results)
        if found is None:
            raise
        return found


def _beside(around: Around, results: Results) -> Asked | None:
    """Return the customer and the line that stand in a cell's formula, or beside and above it; ``None`` for none."""
    quoted = [word.replace('""', '"') for word in re.findall(r'"((?:[^"]|"")*)"', around.formula)]
    customers = (_known(word, results) for word in (*quoted, *map(text_of, around.in_row)))
    customer = next(filter(None, customers), "")
    if not customer:
        return None
    lines = _lines(results)
    found = (lines.get(loose(word)) for word in (*quoted, *map(text_of, reversed(around.above))))
    return Asked(customer, next(filter(None, found), None))


def _known(word: str, results: Results) -> str:
    try:
        return results.known(word) if word.strip() else ""
    except UnknownNameError:
        return ""


def _lines(results: Results) -> dict[str, str]:
    """Return the measures, groups and lines of the ledger by what they and their names are compared as."""
    posted = (*results.ledger["group"].cat.categories, *results.ledger["line"].cat.categories)
    own = list(map(str, (*reversed(posted), *MEASURES)))
    return {loose(line_called(word)): word for word in own} | {loose(word): word for word in own}


def _on_result_sheet(cell: Selected, tables: tuple[Table, ...], results: Results) -> Asked:
    table = next((t for t in tables if t.first <= cell.row <= t.last and _within(t, cell.column)), None)
    if table is None:
        raise XlprofitError(_("{cell} is about no single customer", cell=_place(cell)), _(HINT))
    column = table.columns[cell.column - table.column]
    if _text(cell.sheet.range((table.row, cell.column)).value) != column.header:
        raise XlprofitError(
            _('"{sheet}" is not as the last refresh would leave it', sheet=cell.sheet.name),
            _("Press Refresh first"),
        )
    row = {
        c.key: _text(cell.sheet.range((cell.row, at)).value)
        for at, c in enumerate(table.columns, table.column)
        if c.key in (*CUSTOMERS, "activity")
    }
    key = column.key if column.key in CUSTOMERS else next((k for k in CUSTOMERS if k in row), "")
    if not row.get(key):
        raise XlprofitError(_("{cell} is about no single customer", cell=_place(cell)), _(HINT))
    return Asked(results.known(row[key]), _line(column, row, results))


def _on_look_up(cell: Selected, results: Results) -> Asked:
    """Return what a cell of *Look-up* is about: the customer chosen there, or that of the row of the ranking."""
    chosen = cell.sheet.range(look_up.CHOSEN_PLACE).value
    lookup = results_sheet.lookup(results_sheet.sheet(results))
    tables = look_up.sheet(results, lookup, chosen).tables
    table = next((t for t in tables if t.row <= cell.row <= t.last), None)
    if table is not None and table.name == look_up.RANKING:
        return _on_result_sheet(cell, tables, results)
    label = _text(cell.sheet.range((cell.row, 1)).value)
    return Asked(results.known(_text(chosen)), look_up.lines(lookup).get(label))


def _within(table: Table, column: int) -> bool:
    return table.column <= column < table.column + len(table.columns)


def _line(column: Column, row: Mapping[str, str], results: Results) -> str | None:
    """Return the line that a column shows; ``None`` for the whole profit."""
    lines = {
        *map(str, results.ledger["line"].cat.categories),
        *map(str, results.ledger["group"].cat.categories),
    }
    if column.key in MEASURES or column.key in lines:
        return column.key
    if column.key.startswith("activity_"):
        line = {line_called(line): line for line in sorted(lines)}.get(column.header)
        if line is not None:
            return line
        what = _('"{header}" are several activities put together', header=column.header)
        raise XlprofitError(what, _("Select another column"))
    if "activity" in row and column.key in ("activity", "cost"):
        return {line_called(line): line for line in sorted(lines)}.get(row["activity"])
    return None


def _of_input(raw: Raw, row: int) -> str:
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
            return _text(raw.frame.iat[at, place])
    return ""


def _text(value: object) -> str:
    """Return a cell's value as a name: 10001 and not 10001.0."""
    if value is None or value != value:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _place(cell: Selected) -> str:
    return f"{cell.sheet.name}!{cell.address.replace('$', '')}"
