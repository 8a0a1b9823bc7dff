"""Continuations: rows that go on with an order whose amount is in its first row alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from xlprofit.importing.exports.export import Cell, is_blank_cell
from xlprofit.importing.exports.match import Match
from xlprofit.importing.profiles.rules import RowCondition

if TYPE_CHECKING:
    from xlprofit.importing.exports.pages import Page
    from xlprofit.importing.proposals.samples import Floats, Sample

FEWEST_ORDERS = 3
"""So many orders must go on in further rows, each with its amount in the first of them."""

OF_LINES = frozenset({"product", "quantity"})
"""What is of a line, and not of the order."""


def find_continuations(page: Page, have: Mapping[str, Match]) -> tuple[RowCondition, ...]:
    """Return which rows go on with the order of the row above, their amount blank; none where blanks may be gaps.

    A column tells the orders: each of its values has one amount, in its first row, and fills rows below each other.
    """
    revenue = have.get("gross_revenue")
    if revenue is None or not page.headers[revenue.at] or not _stand_in_first_rows(page, have):
        return ()
    return (RowCondition((page.headers[revenue.at],), blank=True),)


def leave_out_lines(sample: Sample, have: Mapping[str, Match]) -> Mapping[str, Match]:
    """Return the columns without those that say of an order's first line only what they should say of all its lines."""
    if not _stand_in_first_rows(sample.page, have):
        return have
    return {name: m for name, m in have.items() if name not in OF_LINES or m.by == "chosen"}


def _stand_in_first_rows(page: Page, have: Mapping[str, Match]) -> bool:
    """Whether the amounts of a sale stand in the first row of its order, all of them: no line has a cost of its own."""
    revenue = have["gross_revenue"].at
    if find_order_column(page, revenue) is None:
        return False
    others = [page.cells[have[name].at] for name in ("cogs", "discount", "returns") if name in have]
    lines = [row for row, cell in enumerate(page.cells[revenue]) if is_blank_cell(cell)]
    return all(is_blank_cell(cells[row]) for cells in others for row in lines)


def find_order_column(page: Page, amount: int) -> int | None:
    """Return the column that tells orders whose amount is in their first row alone; ``None`` for none."""
    blank = [is_blank_cell(cell) for cell in page.cells[amount]]
    if sum(blank) < FEWEST_ORDERS:
        return None
    for at, header in enumerate(page.headers):
        if header and at != amount and _tells_orders(page.cells[at], blank):
            return at
    return None


def _tells_orders(cells: Sequence[Cell], blank: Sequence[bool]) -> bool:
    """Whether each row with an amount begins another order, and each without one goes on with that of the row above."""
    begun: set[str] = set()
    several: set[str] = set()
    last = ""
    for cell, goes_on in zip(cells, blank, strict=True):
        order = "" if is_blank_cell(cell) else str(cell)
        if not order and goes_on:
            continue  # a blank row, or a line below the table
        if not order or goes_on != (order in begun) or (goes_on and order != last):
            return False
        (several if goes_on else begun).add(order)
        last = order
    return len(several) >= FEWEST_ORDERS


def sum_orders(sample: Sample, amount: int, lines: Floats) -> Floats:
    """Return lines summed into the row that has the amount of their order; as they are where every row has its own.

    An order of which not all rows are looked at has no sum.
    """
    at = find_order_column(sample.page, amount)
    if at is None:
        return lines
    orders = np.array([str(cell) for cell in sample.page.cells[at]])
    _names, codes = np.unique(orders, return_inverse=True)
    looked_at = codes[sample.rows]
    whole = np.bincount(codes)[looked_at] == np.bincount(looked_at)[looked_at]
    sums = np.bincount(looked_at, np.nan_to_num(lines))[looked_at]
    return np.where(whole & np.isfinite(sample.numbers[amount]), sums, np.nan)
