"""Excel errors on their way from Python to a cell.

COM cannot carry an error value from Python to Excel, so an error travels as a marked text,
``#XLPROFIT:2042:There is no customer …``, which the add-in's VBA turns into ``#N/A`` and keeps the
reason of.
"""

from __future__ import annotations

from xlprofit.formulas import FormulaError

MARK = "#XLPROFIT:"
"""What a marked text begins with."""

NUMBERS = {
    "#NULL!": 2000,
    "#DIV/0!": 2007,
    "#VALUE!": 2015,
    "#REF!": 2023,
    "#NAME?": 2029,
    "#NUM!": 2036,
    "#N/A": 2042,
}
"""The number of each error, as VBA's ``CVErr`` takes it."""


def marked(error: FormulaError) -> str:
    """Return an error as a marked text; a code that Excel does not know becomes ``#VALUE!``.

    >>> marked(FormulaError("#N/A", "There is no customer ZZ"))
    '#XLPROFIT:2042:There is no customer ZZ'
    """
    return f"{MARK}{NUMBERS.get(error.code, NUMBERS['#VALUE!'])}:{' '.join(error.reason.split())}"
