"""Pivots: pivot tables in compact form, in which customers and the months below them stand in one column."""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import fsum
from typing import TYPE_CHECKING

import numpy as np

from xlprofit.importing.exports.amount_words import TOTALS
from xlprofit.importing.exports.conversion import read_amount
from xlprofit.importing.exports.export import Cell, ExportSheet, is_blank_cell
from xlprofit.importing.exports.inference import find_decimal
from xlprofit.importing.exports.match import Match
from xlprofit.importing.exports.months import is_month, read_header
from xlprofit.importing.extraction.body import Body, TableColumn, blank_rows
from xlprofit.reading.word_patterns import compile_words

if TYPE_CHECKING:
    from xlprofit.importing.exports.pages import Page

DEPTH = 20
"""In so many rows from the top they are looked for."""

ROW_LABELS = compile_words("row_labels")
"""What Excel calls the first column of a pivot table in compact form."""


def looks_like_pivot(sheet: ExportSheet) -> bool:
    """Whether a sheet has what Excel writes above the labels of a pivot table in compact form."""
    depth = range(1, min(sheet.height, DEPTH) + 1)
    return any(
        ROW_LABELS.fullmatch(read_header(cell)) for number in depth for cell in sheet.read_row(number)[:3]
    )


def find_compact(table: str, page: Page, found: Sequence[Match]) -> list[Match]:
    """Return the columns with customer and date from the one column that has both, where no others give them."""
    have = {match.column for match in found}
    if table != "Sales" or {"customer", "date"} <= have:
        return list(found)
    used = {match.at for match in found if match.column not in ("customer", "date")}
    for at in range(len(page.headers)):
        heads = _find_heads(page, at) if at not in used and page.looks[at].text > 0 else None
        if heads is not None:
            kept = [match for match in found if match.column not in ("customer", "date")]
            customer, date = Match("customer", at, 0.85, "rows"), Match("date", at, 0.85, "rows")
            if heads == "text":
                customer = customer.add_to_rule(compact=True)
            else:
                date = date.add_to_rule(compact=True)
            return [*kept, customer, date.add_to_rule(form="month")]
    return list(found)


def _find_heads(page: Page, at: int) -> str | None:
    """Return which cells of a column stand above the others that they add up, texts or months; ``None`` for neither."""
    held = _list_labelled_rows(page.cells[at])
    if sum(kind == "month" for _row, kind in held) < 2 or not any(kind == "text" for _row, kind in held):
        return None
    head = held[0][1]
    for other, look in enumerate(page.looks):
        if other != at and look.number >= 0.9 and _add_up(page.cells[other], held, head):
            return head
    return None


def _list_labelled_rows(cells: Sequence[Cell]) -> list[tuple[int, str]]:
    """Return the rows whose label is not blank, from 0, with what stands in it."""
    return [(row, kind) for row, kind in enumerate(map(read_row_kind, cells)) if kind]


def read_row_kind(cell: Cell) -> str:
    """Return ``month``, ``total`` or ``text`` for what stands in a row's label; nothing for a blank."""
    text = read_header(cell)
    if not text:
        return ""
    if is_month(text) or re.fullmatch(r"(?:19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}", text):
        return "month"
    return "total" if re.match(TOTALS, text) else "text"


def _add_up(cells: Sequence[Cell], held: Sequence[tuple[int, str]], head: str) -> bool:
    """Whether the amount of nearly each row that heads others is the sum of these."""
    decimal = find_decimal(cells)
    groups: list[tuple[float, list[float]]] = []
    for row, kind in held:
        value = None if is_blank_cell(cells[row]) else read_amount(cells[row], decimal)
        if kind == head:
            groups.append((value or 0.0, []))
        elif kind != "total" and groups:
            groups[-1][1].append(value or 0.0)
    full = [(whole, parts) for whole, parts in groups if parts]
    right = sum(abs(whole - fsum(parts)) <= 0.011 * max(1, len(parts)) for whole, parts in full)
    return bool(full) and right >= 0.95 * len(full) and len(full) >= 0.9 * len(groups)


def fill_compact(body: Body, made: dict[str, TableColumn], name: str, at: int) -> None:
    """Give each row the label of the row that heads it; the rows of such labels, and totals, are then blank."""
    kinds = list(map(read_row_kind, body.cells[at]))
    head = next((kind for kind in kinds if kind in ("text", "month")), "text")
    last: Cell = None
    cells: list[Cell] = [None] * body.size
    out = np.zeros(body.size, dtype=bool)
    for row, kind in enumerate(kinds):
        if kind in (head, "total"):
            last, out[row] = made[name].cells[row], True
        elif kind:
            cells[row] = last
    made[name] = TableColumn(name, cells)
    blank_rows(body, made, out, but=name)
