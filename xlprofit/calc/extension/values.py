"""Cells on their way between Calc and the formulas."""

from __future__ import annotations

import struct
from collections.abc import Sequence

from xlprofit.formulas import OMITTED, FormulaError
from xlprofit.formulas.cells import BLANK

NUMBERS = {
    "#NULL!": 521,
    "#DIV/0!": 532,
    "#VALUE!": 519,
    "#REF!": 524,
    "#NAME?": 525,
    "#NUM!": 503,
    "#N/A": 32767,
}
"""The number that Calc has for each error."""

_QUIET_NAN = 0x7FF80000_00000000


def encode_error_number(code: str) -> float:
    """Return an error as Calc keeps it in a number: one that is none, with the error's number in its last bits."""
    bits = _QUIET_NAN | NUMBERS.get(code, NUMBERS["#VALUE!"])
    return float(struct.unpack("<d", struct.pack("<Q", bits))[0])


def decode_error_number(number: float) -> str | None:
    """Return the error that Calc keeps in a number, or ``None`` where it is a number."""
    if number == number:
        return None
    (bits,) = struct.unpack("<Q", struct.pack("<d", number))
    codes = {number: code for code, number in NUMBERS.items()}
    return codes.get(bits & 0xFFFF, "#VALUE!")


WORDS = frozenset(("customer", "measure", "part", "period", "line", "scenario", "effect"))
"""The kinds of arguments that are words: Calc gives 0 for a blank cell, which is no such word."""


def convert_argument(cell: object, kind: str) -> object:
    """Return an argument as the formulas take it: a range as rows, one that was not given as omitted."""
    if cell is None:
        return OMITTED
    if cell == 0 and kind in WORDS:
        return BLANK
    if isinstance(cell, tuple):
        return [
            [_convert_argument_cell(c) for c in row]
            if isinstance(row, tuple)
            else [_convert_argument_cell(row)]
            for row in cell
        ]
    return _convert_argument_cell(cell)


def _convert_argument_cell(cell: object) -> object:
    if isinstance(cell, float):
        return decode_error_number(cell) or cell
    return cell


def convert_answer(answer: object) -> tuple[tuple[object, ...], ...]:
    """Return an answer as Calc takes it: rows of numbers and texts, errors as :func:`encode_error_number` says."""
    rows = answer if isinstance(answer, list) else [[answer]]
    return tuple(tuple(_convert_answer_cell(cell) for cell in row) for row in rows)


def _convert_answer_cell(cell: object) -> object:
    if isinstance(cell, FormulaError):
        return encode_error_number(cell.code)
    return BLANK if cell is None else cell


def list_answer_errors(answer: object) -> Sequence[FormulaError]:
    """Return the errors in an answer."""
    rows = answer if isinstance(answer, list) else [[answer]]
    return [cell for row in rows for cell in row if isinstance(cell, FormulaError)]
