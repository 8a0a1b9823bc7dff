"""What a formula is to a host: its name, its arguments, its errors, and what computes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from xlprofit.formulas.cells import Answer


class Argument(NamedTuple):
    """An argument of a formula.

    ``kind`` says what its cells hold: ``customer``, ``measure``, ``part`` (of the cost to serve), ``period``, ``line``,
    ``number``, ``share``, ``timing`` or ``profits``. ``choices`` are the words it may be, where they are few.
    """

    name: str
    help: str
    optional: bool = False
    kind: str = "number"
    choices: tuple[str, ...] = ()


class Function(NamedTuple):
    """A formula: what a host needs to offer, explain and call it.

    Attributes:
        name: as it is written in a cell.
        summary: what it gives, in one line.
        arguments: in their order; the optional ones last.
        errors: the Excel errors that it gives, each with when.
        example: a formula as it is written in a cell.
        call: what computes it; the arguments as cells or ranges, :data:`OMITTED` where not given.
        lookup: whether ``call`` takes the :class:`Lookup` of the calling cell's workbook before the arguments
            (``None`` where it was never refreshed, or the error of :meth:`Lookup.from_rows`).
    """

    name: str
    summary: str
    arguments: tuple[Argument, ...]
    errors: tuple[tuple[str, str], ...]
    example: str
    call: Callable[..., Answer]
    lookup: bool


NO_NUMBER = ("#VALUE!", "an argument is not a number")
"""The error of a calculator whose argument is a word."""
