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


def format_marked_error(error: FormulaError) -> str:
    """Return an error as a marked text; a code that Excel does not know becomes ``#VALUE!``.

    >>> format_marked_error(FormulaError("#N/A", "There is no customer ZZ"))
    '#XLPROFIT:2042:There is no customer ZZ'
    """
    return f"{MARK}{NUMBERS.get(error.code, NUMBERS['#VALUE!'])}:{' '.join(error.reason.split())}"


NEWER = {
    2043: "#GETTING_DATA",
    2045: "#SPILL!",
    2046: "#CONNECT!",
    2047: "#BLOCKED!",
    2048: "#UNKNOWN!",
    2049: "#FIELD!",
    2050: "#CALC!",
}
"""Errors that a cell may hold besides, and no formula of ours gives."""

_CODES = {number: code for code, number in NUMBERS.items()} | NEWER
_FIRST = -2146828288
"""What COM adds to the number of an error: it passes #N/A as -2146826246."""


def decode_com_error(number: int) -> int | str:
    """Return the code of an error that COM passes as a number; any other number as it is.

    >>> decode_com_error(-2146826246), decode_com_error(4711)
    ('#N/A', 4711)
    """
    error = number - _FIRST
    return _CODES.get(error, "#UNKNOWN!") if 2000 <= error < 2100 else number
