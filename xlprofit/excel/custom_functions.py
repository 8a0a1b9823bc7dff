"""The formulas as xlwings Lite and Server call them: custom functions of Office.js, from the one registry.

Such a function is handed its arguments and nothing else, not the workbook. In xlwings Lite a workbook has a
Python of its own, so what a script saw of its last refresh answers the look-ups there
(:func:`remember_results`). A server's Python has many workbooks, and of many people: there a look-up says that it
cannot know, and the calculators work. An error travels as its code alone; :func:`XLPROFIT_LAST_ERROR` says why.
"""

from __future__ import annotations

import sys

import xlwings as xw

from xlprofit import formulas
from xlprofit.excel import CATEGORY
from xlprofit.excel.declared import Answered, declare_formula
from xlprofit.formulas import OMITTED, FormulaError, Function, Lookup
from xlprofit.words.answers import say_answer
from xlprofit.words.speech import N_, _, say

ONE_WORKBOOK = sys.platform == "emscripten"
"""Whether this Python belongs to one workbook alone, as in the browser that xlwings Lite runs in."""

NOT_SEEN = N_("A server does not see the workbook that asks; xlwings Lite and the add-in for Windows do")
NOT_YET = N_("Nothing was refreshed since the workbook was opened: run refresh_results or use_last_refresh")

_remembered: list[Lookup] = []
_reasons: list[str] = []


def remember_results(rows: object) -> None:
    """Have the look-ups answer from these rows of a results sheet; none, or another sheet's, make them forget.

    Where Python belongs to more than one workbook, nothing is remembered.
    """
    _remembered.clear()
    if not ONE_WORKBOOK:
        return
    try:
        _remembered.append(Lookup.from_rows(rows if isinstance(rows, list | tuple) else None))
    except FormulaError as error:
        _reasons[:] = [say(error.reason)]


def _find_remembered_lookup() -> Lookup | FormulaError:
    if not ONE_WORKBOOK:
        return FormulaError("#N/A", _(NOT_SEEN))
    return _remembered[0] if _remembered else FormulaError("#N/A", _(NOT_YET))


def _encode_answer_cell(cell: object) -> object:
    """Return a cell of an answer as xlwings takes it: an error by its code, which it makes a real error of."""
    if isinstance(cell, FormulaError):
        _reasons[:] = [cell.reason]
        return cell.code
    return cell


def _build_custom_function(function: Function) -> Answered:
    def answer_cells(*cells):  # type: ignore[no-untyped-def]  # an annotation would be a converter to xlwings
        given = [OMITTED if cell is None else cell for cell in cells]
        lookup = [_find_remembered_lookup()] if function.lookup else []
        answer = say_answer(function.call(*lookup, *given), *lookup)
        rows = answer if isinstance(answer, list) else [[answer]]
        return [list(map(_encode_answer_cell, row)) for row in rows]

    return answer_cells


for _function in formulas.REGISTRY.values():
    globals()[_function.name] = declare_formula(
        _function, _build_custom_function(_function), cells={"ndim": 2, "err_to_str": True}
    )


@xw.func(category=CATEGORY)
def XLPROFIT_LAST_ERROR():  # type: ignore[no-untyped-def]  # noqa: N802 -- as the add-in for Windows calls it
    """Says why a formula of xlprofit showed an error, the last time one did."""
    return _reasons[-1] if _reasons else ""
