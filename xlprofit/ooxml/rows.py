"""The rows of a sheet as XML: a million cells in a second, where openpyxl takes ten.

A text stays a text whatever it begins with, a blank is written as no cell at all, and the digits of a
number are the shortest that give the same number back.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit.addresses import format_column
from xlprofit.drawing.cell_xml import render_number_cell, render_text_cell, render_truth_cell
from xlprofit.errors import XlprofitError
from xlprofit.messages import _

ROWS_AT_ONCE = 20_000

_DAY_0 = dt.date(1899, 12, 30)
_FIRST_DAY = 61  # 1 March 1900: Excel takes 1900 for a leap year, so that earlier days are one off
_MOST_DIGITS = 10**15
_LONGEST = 10**4_000  # of more digits Python itself makes no text


@dataclass(frozen=True)
class WrittenColumn:
    """A column to write: its values and the number of its style.

    ``keys`` writes whole numbers as texts: customer 10001 and customer "10001" are the same.
    """

    values: pd.Series[Any]
    style: int = 0
    keys: bool = False


def write_row_elements(columns: Sequence[WrittenColumn], first_row: int) -> Iterator[bytes]:
    """Give the ``<row>`` elements of some columns, from ``first_row`` and column A on.

    Numbers, dates (days since 1899-12-30), truth values and texts are written as what they are;
    ``None``, ``NaN`` and ``NaT`` as nothing; a day before March 1900, which Excel counts wrong, as text.

    :raises XlprofitError: a number is infinite, which Excel does not know.
    """
    height = len(columns[0].values) if columns else 0
    contents = [_choose_column_contents(column) for column in columns]
    starts = [f'<c r="{format_column(number)}' for number in range(1, len(columns) + 1)]
    styles = [f'" s="{column.style}"' if column.style else '"' for column in columns]
    for start in range(0, height, ROWS_AT_ONCE):
        numbers = range(first_row + start, first_row + min(start + ROWS_AT_ONCE, height))
        cells = [
            _render_column_cells(numbers, before, style, made(start))
            for before, style, made in zip(starts, styles, contents, strict=True)
        ]
        lines = map("".join, zip(*cells, strict=True))
        yield "".join(
            f'<row r="{row}">{line}</row>' for row, line in zip(numbers, lines, strict=True)
        ).encode()


def _render_column_cells(numbers: range, before: str, style: str, contents: Sequence[str]) -> list[str]:
    """Return the cells of a column in some rows, given what stands before and behind the row's number in each."""
    return [
        f"{before}{row}{style}{content}" if content else ""
        for row, content in zip(numbers, contents, strict=True)
    ]


# --- what follows the address in a cell: its type, its value, its end; nothing for a blank -----------

Contents = Callable[[int], list[str]]
"""Gives the contents of a block of a column's cells, from an index on."""


def _choose_column_contents(column: WrittenColumn) -> Contents:
    values = column.values
    if values.dtype.kind == "M" and not isinstance(values.dtype, pd.DatetimeTZDtype):
        days = (values.to_numpy() - np.datetime64(_DAY_0)) / np.timedelta64(1, "D")
        if not (days < _FIRST_DAY).any():
            return _build_number_contents(days)
    if values.dtype.kind in "iuf" and not column.keys:
        numbers = values.to_numpy(dtype=float, na_value=np.nan)
        if not np.isinf(numbers).any() and not (np.abs(numbers) > _MOST_DIGITS).any():
            return _build_number_contents(numbers)
    return _build_object_contents(values.astype(object).to_numpy(), column.keys)


def _build_number_contents(values: npt.NDArray[np.float64]) -> Contents:
    def render_block(start: int) -> list[str]:
        block = values[start : start + ROWS_AT_ONCE].tolist()
        return [f"><v>{v!r}</v></c>".replace(".0<", "<") if v == v else "" for v in block]

    return render_block


def _build_object_contents(values: npt.NDArray[np.object_], keys: bool) -> Contents:
    known: dict[str, str] = {}

    def content(value: object) -> str:
        if isinstance(value, str):
            if value not in known:
                known[value] = render_text_cell(value) if value else ""
            return known[value]
        return "" if value is None else _render_other_cell(value, keys)

    def render_block(start: int) -> list[str]:
        return [content(value) for value in values[start : start + ROWS_AT_ONCE].tolist()]

    return render_block


def _render_other_cell(value: Any, keys: bool) -> str:
    if pd.api.types.is_scalar(value) and pd.isna(value):
        return ""
    if isinstance(value, bool | np.bool_):
        return render_truth_cell(bool(value))
    if isinstance(value, dt.datetime | dt.date | dt.time | dt.timedelta):
        return _render_moment_cell(value)
    if isinstance(value, Decimal | np.number | int | float):
        return _render_finite_number(value, keys)
    return render_text_cell(str(value))


def _render_finite_number(value: Any, keys: bool) -> str:
    if isinstance(value, int) and _MOST_DIGITS < abs(value) < _LONGEST:
        return render_text_cell(str(value))  # it may be more than any number of the machine
    if (isinstance(value, int) and abs(value) >= _LONGEST) or math.isinf(value):
        raise XlprofitError(
            _("An infinite number cannot be written: Excel knows none"), _("Leave such cells blank")
        )
    whole = int(value) == value
    if whole and (keys or (abs(value) > _MOST_DIGITS and not isinstance(value, float))):
        return render_text_cell(str(int(value)))  # Excel keeps 15 digits of a number, and all of a text
    return render_number_cell(value)


def _render_moment_cell(value: dt.datetime | dt.date | dt.time | dt.timedelta) -> str:
    if isinstance(value, dt.time):
        value = dt.timedelta(
            hours=value.hour, minutes=value.minute, seconds=value.second, microseconds=value.microsecond
        )
    if isinstance(value, dt.timedelta):
        return _render_finite_number(value / dt.timedelta(days=1), keys=False)
    if isinstance(value, dt.datetime):
        value = value.replace(tzinfo=None)
        midnight = dt.datetime(value.year, value.month, value.day)
        days = (value.date() - _DAY_0).days + (value - midnight) / dt.timedelta(days=1)
    else:
        days = (value - _DAY_0).days
    return (
        _render_finite_number(days, keys=False) if days >= _FIRST_DAY else render_text_cell(value.isoformat())
    )
