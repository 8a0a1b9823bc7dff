"""The formulas as xlwings calls them for a cell: one function for each of :data:`xlprofit.formulas.REGISTRY`.

A cell's wrapper in the add-in's VBA (:mod:`xlprofit.excel.addin.vba`) passes values, the calling cell and the
mark of the refresh that its workbook shows; what comes back is rows of values, errors as marked texts
(:mod:`xlprofit.excel.errors`). The results sheet is read once for each refresh, not for each cell.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import xlwings as xw

from xlprofit import formulas
from xlprofit.excel.declared import Answered, declare_formula
from xlprofit.excel.errors import decode_com_error, format_marked_error
from xlprofit.formulas import FormulaError, Function, Lookup, SourceRow
from xlprofit.messages import _
from xlprofit.words.answers import say_answer

LONGEST_TEXT = 255
"""Characters of a text that Excel takes within an array."""

RAW = {"convert": "raw"}
"""Cells as COM has them. The converters of xlwings take twice as long for a range as the formula does."""

WORKBOOKS_KEPT = 8
"""How many workbooks' results are kept in memory, the latest read last."""

_kept: dict[str, tuple[str, Lookup | FormulaError]] = {}


def find_caller_lookup(caller: xw.Range, refreshed: str | None = None) -> Lookup | FormulaError:
    """Return the results of the last refresh of the calling cell's own workbook, or why there are none.

    ``refreshed`` is what the add-in saw in that workbook: its name and the refresh's stamp joined by ``|``, no stamp
    where it was never refreshed. xlwings' own wrappers do not look; then it is ``None`` and looked up here.
    """
    seen = _read_refresh_mark(caller) if refreshed is None else refreshed
    book, _, stamp = seen.rpartition("|")
    if not stamp:
        return formulas.NEVER_REFRESHED
    kept = _kept.get(book)
    if kept is None or kept[0] != stamp:
        _kept.pop(book, None)
        kept = _kept[book] = (stamp, _read_caller_lookup(caller))
        if len(_kept) > WORKBOOKS_KEPT:
            del _kept[next(iter(_kept))]
    return kept[1]


def _read_refresh_mark(caller: xw.Range) -> str:
    book = caller.sheet.book
    if formulas.SHEET not in book.sheet_names:
        return f"{book.name}|"
    return f"{book.name}|{book.sheets[formulas.SHEET][formulas.STAMP_CELL].raw_value or ''}"


def _read_caller_lookup(caller: xw.Range) -> Lookup | FormulaError:
    book = caller.sheet.book
    rows = book.sheets[formulas.SHEET].used_range.raw_value
    try:
        found = Lookup.from_rows(_convert_com_cells(rows) if isinstance(rows, (tuple, list)) else None)
    except FormulaError as error:
        return error.as_value()
    return found._replace(explain=_make_row_reader(book))


def _make_row_reader(book: xw.Book) -> Callable[[str, bool], Sequence[SourceRow]]:
    """Return what gives a customer's source rows; the tables are computed when they are first asked for, or again."""
    made: list[Callable[[str], Sequence[SourceRow]]] = []

    def read_rows(customer: str, again: bool) -> Sequence[SourceRow]:
        from xlprofit import workflow  # only here: most workbooks ask for no source rows
        from xlprofit.errors import XlprofitError
        from xlprofit.hosts.live import LiveHost

        try:
            if again or not made:
                made[:] = [workflow.read_source_rows(LiveHost(book))]
            return made[0](customer)
        except XlprofitError as error:
            what = _("The input tables cannot be computed as they are now: press Check")
            raise FormulaError("#N/A", what) from error

    return read_rows


def _convert_com_argument(argument: object) -> object:
    """Return an argument as the core takes it.

    COM passes a cell as it is, a range as rows, ``{"A","B"}`` as one row alone, an error as a number.
    """
    if isinstance(argument, (tuple, list)):
        in_rows = not argument or isinstance(argument[0], (tuple, list))
        return _convert_com_cells(argument if in_rows else [argument])
    return decode_com_error(argument) if type(argument) is int else argument


def _convert_com_cells(rows: Sequence[Sequence[object]]) -> list[list[object]]:
    return [[decode_com_error(cell) if type(cell) is int else cell for cell in row] for row in rows]


def _build_answer_rows(answer: object) -> list[list[object]]:
    rows = answer if isinstance(answer, list) else [[answer]]
    return [[cell if type(cell) is float else _convert_sent_cell(cell) for cell in row] for row in rows]


def _convert_sent_cell(cell: object) -> object:
    if isinstance(cell, FormulaError):
        return format_marked_error(cell)
    if isinstance(cell, str) and len(cell) > LONGEST_TEXT:
        return f"{cell[: LONGEST_TEXT - 1]}…"
    return cell


def _build_com_function(function: Function) -> Answered:
    """Return what xlwings calls for a cell; of a look-up the calling cell and the refresh's mark come last."""
    count = len(function.arguments)

    def answer_cells(*cells):  # type: ignore[no-untyped-def]  # an annotation would be a converter to xlwings
        given = map(_convert_com_argument, cells[:count])
        if function.lookup:
            lookup = find_caller_lookup(*cells[count:])
            return _build_answer_rows(say_answer(function.call(lookup, *given), lookup))
        return _build_answer_rows(say_answer(function.call(*given)))

    return answer_cells


for _function in formulas.REGISTRY.values():
    globals()[_function.name] = declare_formula(
        _function,
        _build_com_function(_function),
        cells=RAW,
        answer=RAW,
        added={"caller": RAW, "refreshed": {**RAW, "vba": "Empty"}} if _function.lookup else {},
    )
