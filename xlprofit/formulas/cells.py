"""Cells and ranges: what a host hands over and gets back, whatever the host.

A **cell** is whatever the host calls one: a number, a text, ``None`` or ``""`` for a blank, a truth value, a date,
an error such as ``#N/A`` (as that text). A **range** is a list of rows.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from xlprofit.folding import fold_customer, fold_name
from xlprofit.messages import _

if TYPE_CHECKING:  # names for types alone, in words that older Pythons (LibreOffice's own) need not read
    from typing import TypeAlias

    Value: TypeAlias = "float | str | FormulaError"
    Grid: TypeAlias = "list[list[Value]]"
    Answer: TypeAlias = "Value | Grid"

BLANK = ""
"""What a cell shows for an unknown: ``None`` would be shown as 0."""

CODES = ("#N/A", "#VALUE!", "#NUM!", "#DIV/0!", "#REF!", "#NAME?", "#NULL!")
"""The errors that a formula can give."""

OTHER_CODES = (
    "#SPILL!",
    "#CALC!",
    "#FIELD!",
    "#BLOCKED!",
    "#CONNECT!",
    "#BUSY!",
    "#GETTING_DATA",
    "#UNKNOWN!",
)
"""Errors that a cell may hold besides; they are passed on as ``#VALUE!``."""


class FormulaError(Exception):
    """An error in a cell: the ``code`` that Excel shows, and the ``reason`` in one line.

    >>> FormulaError("#N/A", "There is no customer “ZZ”")
    FormulaError('#N/A', 'There is no customer “ZZ”')
    """

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(code, reason)
        self.code = code
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.code} {self.reason}"

    def as_value(self) -> FormulaError:
        """Return the error as a cell's value: without the traceback, which would keep what it ran over alive."""
        return self.with_traceback(None)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, FormulaError) and (self.code, self.reason) == (other.code, other.reason)

    def __hash__(self) -> int:
        return hash((self.code, self.reason))


class Omitted:
    """The kind of :data:`OMITTED`."""

    def __repr__(self) -> str:
        return "OMITTED"


OMITTED = Omitted()
"""An argument that was not given, as ``CUSTOMER_PROFIT()`` has none; a blank cell is another thing."""


def unwrap_cell(cell: object) -> object:
    """Return the value of a cell that a host wrapped (Office.js: ``{"basicValue": 1.0}``), or the cell."""
    return cell.get("basicValue", BLANK) if isinstance(cell, dict) else cell


def is_blank(cell: object) -> bool:
    """Whether a cell is blank: nothing, no argument, blanks alone, or a Python user's NaN."""
    if cell is None or isinstance(cell, Omitted):
        return True
    if isinstance(cell, str):
        return not cell or cell.isspace()
    return isinstance(cell, float) and math.isnan(cell)


def format_cell_text(cell: object) -> str:
    """Return a cell as text; a number without decimals as Excel shows it, ``4711`` and not ``4711.0``."""
    try:
        return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
    except ValueError:  # an integer of more digits than Python writes
        return "a number of thousands of digits"


def quote_cell(cell: object) -> str:
    """Return a cell as a message quotes it, cut where it is long."""
    text = " ".join(format_cell_text(cell).split())
    return f"“{text if len(text) <= 40 else text[:39] + '…'}”"


def find_cell_error(cell: object) -> FormulaError | None:
    """Return the error that a cell holds, or ``None``."""
    if isinstance(cell, FormulaError):
        return cell
    if not isinstance(cell, str) or cell[:1] != "#":
        return None
    code = cell.strip()
    if code in CODES:
        return FormulaError(code, _("An argument is an error itself"))
    if code not in OTHER_CODES:
        return None
    return FormulaError("#VALUE!", _("An argument is an error itself, {code}", code=code))


def fold_cell_name(cell: object) -> str:
    """Return the form in which names are compared: no case, no outer or double blanks."""
    return fold_name(format_cell_text(cell))


def fold_cell_customer(cell: object) -> str:
    """Return the form in which customers are compared: as names, but ``00123`` is ``123``."""
    return fold_customer(format_cell_text(cell))


_LOOSE = {ord(mark): None for mark in " _-.*\t\r\n"}


def fold_measure_name(cell: object) -> str:
    """Return the form in which measures are compared: as names, and ``Net revenue`` is ``net_revenue``."""
    return fold_cell_name(cell).translate(_LOOSE)


def read_number(cell: object, name: str) -> float:
    """Return a cell as a finite number.

    Raises:
        FormulaError: ``#VALUE!`` for a text, a date or a truth value, ``#NUM!`` for one that is not finite.
    """
    if isinstance(cell, (bool, str)) or not hasattr(cell, "__float__"):
        raise FormulaError("#VALUE!", _("{name} is {cell}, not a number", name=name, cell=quote_cell(cell)))
    try:
        value = float(cell)
    except (ArithmeticError, TypeError, ValueError):
        value = math.inf
    if not math.isfinite(value):
        raise FormulaError(
            "#NUM!", _("{name} is {cell}, which is no finite number", name=name, cell=quote_cell(cell))
        )
    return value


def read_share(cell: object, name: str) -> float:
    """Return a cell as a number from 0 to 1; :class:`FormulaError` ``#NUM!`` for any other."""
    value = read_number(cell, name)
    if not 0 <= value <= 1:
        raise FormulaError(
            "#NUM!", _("{name} is {cell}; it is a share from 0 to 1", name=name, cell=quote_cell(cell))
        )
    return value


def is_range(cell: object) -> bool:
    """Whether an argument is a range."""
    return isinstance(cell, (list, tuple))


def convert_to_grid(cell: object) -> list[list[object]]:
    """Return a range as rows of one length, a flat list as a column, a single cell as a range of one."""
    if not isinstance(cell, (list, tuple)):
        return [[cell]]
    rows = [list(row) if isinstance(row, (list, tuple)) else [row] for row in cell]
    widths = set(map(len, rows))
    if len(widths) == 1 and 0 not in widths:
        return rows
    width = max(widths | {1})
    return [row + [None] * (width - len(row)) for row in rows] or [[None]]


def unwrap_single_cell(cell: object) -> object:
    """Return the cell of a range of one, and anything else as it is."""
    if isinstance(cell, (list, tuple)) and len(cell) == 1:
        inner = cell[0]
        if not isinstance(inner, (list, tuple)):
            return inner
        return inner[0] if len(inner) == 1 and not isinstance(inner[0], (list, tuple)) else cell
    return cell


def _pick_cell(grid: list[list[object]], row: int, column: int) -> object:
    """Return a cell of a range that one row or one column repeats; ``#N/A`` beyond its end."""
    cells = grid[0] if len(grid) == 1 else grid[row] if row < len(grid) else None
    if cells is None or (len(cells) > 1 and column >= len(cells)):
        return FormulaError("#N/A", _("The ranges given differ in size"))
    return cells[0] if len(cells) == 1 else cells[column]


def answer_each_cell(answer: Callable[..., Value], *cells: object) -> Answer:
    """Return the answer for these cells, or the answers for each place of the ranges among them."""
    if not any(map(is_range, cells)):
        return answer(*cells)
    grids = [convert_to_grid(cell) for cell in cells]
    height, width = max(map(len, grids)), max(len(grid[0]) for grid in grids)
    return [
        [answer(*[_pick_cell(grid, row, column) for grid in grids]) for column in range(width)]
        for row in range(height)
    ]
