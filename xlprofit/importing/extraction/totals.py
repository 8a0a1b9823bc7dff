"""Totals: a last row of an export that adds up those above it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from math import fsum

import numpy as np

from xlprofit.findings import Finding, build_finding, phrase
from xlprofit.importing.exports.amount_words import TOTALS
from xlprofit.importing.exports.conversion import read_amount
from xlprofit.importing.exports.export import Cell, is_blank_cell
from xlprofit.importing.extraction.body import Body, TableColumn, blank_rows
from xlprofit.importing.profiles.profile import TableRule, name_own_column


def leave_out_total(rule: TableRule, body: Body, made: dict[str, TableColumn]) -> list[Finding]:
    """Leave out the last row where it has neither day nor customer, and its amount is the sum of those above."""
    name = next((n for n in ("gross_revenue", "amount") if n in made), "") if rule.months is None else ""
    last = _find_last(made[name].cells) if name else None
    if last is None or not _is_of_nobody(made, last):
        return []
    amounts = _list_amounts(rule, made, name)
    total = _find_total(list(amounts.values())) if len(amounts) >= 3 else None
    if total is None:
        return []
    blank_rows(body, made, np.arange(body.size) == last)
    what = phrase("D11", "total_left_out", sum=total)
    return [build_finding("D11", body.label, body.locate_row(last), what)]


def _find_last(cells: Sequence[Cell]) -> int | None:
    """Return the last row in which something stands; ``None`` without any."""
    return next((at for at in range(len(cells) - 1, -1, -1) if not is_blank_cell(cells[at])), None)


def _list_amounts(rule: TableRule, made: Mapping[str, TableColumn], name: str) -> Mapping[int, float | None]:
    """Return the amounts of a column of a table by row, those of blank cells left out."""
    decimal = next((r.decimal for n, r in rule.columns.items() if name_own_column(rule, n) == name), "")
    cells = enumerate(made[name].cells)
    return {at: read_amount(cell, decimal) for at, cell in cells if not is_blank_cell(cell)}


def _is_of_nobody(made: Mapping[str, TableColumn], row: int) -> bool:
    """Whether a row has neither day nor customer, or a word for a total there, and the table has such columns."""
    told = [made[n].cells[row] for n in ("date", "issued", "customer") if n in made]
    return bool(told) and all(is_blank_cell(cell) or _is_total(cell) for cell in told)


def _is_total(cell: Cell) -> bool:
    return isinstance(cell, str) and re.match(TOTALS, cell) is not None


def _find_total(amounts: Sequence[float | None]) -> float | None:
    """Return the last amount where it is the sum of those above, but for rounding; else ``None``."""
    total, above = amounts[-1], fsum(v for v in amounts[:-1] if v is not None)
    if total is None or abs(total - above) > 0.005 * max(1.0, len(amounts) ** 0.5):
        return None
    return total
