"""Losses: how many rows were left out of the figures for an error in them, and how much money they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import fsum

import numpy as np
import numpy.typing as npt

from xlprofit.tables import TABLES, LeftOut

NOTHING = LeftOut()

Floats = npt.NDArray[np.float64]


def count_losses(table: str, values: Mapping[str, Floats], lines: npt.NDArray[np.int64]) -> LeftOut:
    """Return what rows left out come to.

    Args:
        table: the table that they are of.
        values: its numbers by column, for these rows; blank where unknown.
        lines: how many rows each stands for.
    """
    rows, known = int(lines.sum()), _read_amounts(table, values)
    unread = rows if known is None else int(lines[~known].sum())
    return LeftOut(rows, unread, _sum_losses(table, values))


def add_losses(one: LeftOut, other: LeftOut) -> LeftOut:
    """Return two losses of a table as one."""
    return LeftOut(one.rows + other.rows, one.unread + other.unread, one.amount + other.amount)


def complete_losses(table: str, lost: LeftOut, kept: Mapping[str, Floats], counted: int) -> LeftOut:
    """Return what was left out of a table beside the rows that are counted: their numbers, and how many."""
    return replace(lost, counted=counted, counted_amount=_sum_losses(table, kept))


def _read_amounts(table: str, values: Mapping[str, Floats]) -> npt.NDArray[np.bool_] | None:
    """Return which rows have an amount; ``None`` in a table that has no money, or whose amounts were not found."""
    first = next(iter(TABLES[table].weights), "")
    return ~np.isnan(values[first]) if first in values else None


def _sum_losses(table: str, values: Mapping[str, Floats]) -> float:
    """Return the money of the rows that have an amount, whatever their order."""
    known = _read_amounts(table, values)
    if known is None:
        return 0.0
    signed = (
        sign * np.nan_to_num(values[n][known]) for n, sign in TABLES[table].weights.items() if n in values
    )
    return fsum(amount for column in signed for amount in column.tolist())
