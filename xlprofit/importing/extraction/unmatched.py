"""Unmatched: lines without their order, orders without lines, and orders whose amounts are not those of their lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum

import numpy as np

from xlprofit.findings import Finding, build_finding, phrase
from xlprofit.importing.exports.amount_words import DISCOUNT
from xlprofit.importing.exports.conversion import read_amount
from xlprofit.importing.exports.export import ExportSheet, is_blank_cell
from xlprofit.importing.exports.inference import find_decimal
from xlprofit.importing.exports.pages import Page
from xlprofit.importing.extraction.body import Body, Cells, TableColumn, blank_rows
from xlprofit.importing.extraction.heads import find_both, find_named_column, list_amounts, read_key
from xlprofit.importing.extraction.recognition import find_place
from xlprofit.importing.profiles.rules import ColumnRule, Heads, TableRule
from xlprofit.reading.faults import quote_value

CENT = 0.051
"""What the amount of an order may be off the sum of its lines."""

NEARLY_ALL = 0.95
"""In so many orders an amount must be that of the lines, or that with the same tax."""

MOST_TAXES = 3
"""So many rates of tax may lie between the amount of an order and that of its lines."""


@dataclass(frozen=True)
class _OrderedLines:
    """The orders of some lines: their number in each row, the page of the orders, and the number of each of these."""

    keys: Sequence[str]
    page: Page
    numbers: Sequence[str]
    heads: Heads


def tell_unmatched(
    rule: TableRule, export: Sequence[ExportSheet], body: Body, made: dict[str, TableColumn]
) -> list[Finding]:
    """Leave out lines without an order, and return what is to be said of them and of orders without such lines."""
    found = find_both(rule.heads, export) if rule.heads is not None else None
    if rule.heads is None or found is None or rule.distinct:
        return []
    own, at = _find_order_cells(body, rule.heads.own), find_named_column(found[1], rule.heads.header)
    numbers = [read_key(cell) for cell in found[1].cells[at]]
    orders = _OrderedLines([read_key(cell) for cell in own], found[1], numbers, rule.heads)
    return [
        *_leave_out_lines(orders, body, made),
        *_tell_empty(orders, body),
        *_compare_amounts(rule, orders, body, made),
    ]


def _find_order_cells(body: Body, header: str) -> Cells:
    place = find_place(ColumnRule(headers=(header,)), body.headers, body.sheet.first)
    return body.cells[place or 0]


def _leave_out_lines(orders: _OrderedLines, body: Body, made: dict[str, TableColumn]) -> list[Finding]:
    """Leave out the lines whose order is not there, which have neither customer nor day, and say so."""
    known = set(orders.numbers)
    lost = np.array([bool(key) and key not in known for key in orders.keys], dtype=bool)
    if not lost.any():
        return []
    blank_rows(body, made, lost)
    first = int(np.flatnonzero(lost)[0])
    what = phrase("D18", "no_order", n=int(lost.sum()), sheet=quote_value(orders.heads.sheet))
    return [build_finding("D18", body.label, body.locate_row(first), what, count=int(lost.sum()))]


def _tell_empty(orders: _OrderedLines, body: Body) -> list[Finding]:
    """Return the warning of orders without any line; an order of which the amount is nothing is none of them."""
    known = set(orders.keys)
    empty = [row for row, number in enumerate(orders.numbers) if number and number not in known]
    amounts = [orders.page.cells[at] for at in list_amounts(orders.heads, orders.page)]
    empty = [row for row in empty if not amounts or any(_has_order_amount(cells[row]) for cells in amounts)]
    if not empty:
        return []
    what = phrase("D18", "no_lines", n=len(empty), sheet=quote_value(orders.heads.sheet))
    return [build_finding("D18", body.label, "", what, count=len(empty))]


def _has_order_amount(cell: object) -> bool:
    return not is_blank_cell(cell) and read_amount(cell, "") not in (None, 0.0)


def _compare_amounts(
    rule: TableRule, orders: _OrderedLines, body: Body, made: Mapping[str, TableColumn]
) -> list[Finding]:
    """Return the warning that orders have amounts of their own and none is that of the lines, nor that with a tax."""
    sums = _sum_order_lines(rule, orders, made)
    first: tuple[str, float] | None = None
    for at in list_amounts(orders.heads, orders.page):
        header, cells = orders.page.headers[at], orders.page.cells[at]
        decimal = find_decimal(cells)
        pairs = [
            (amount, sums[number])
            for number, cell in zip(orders.numbers, cells, strict=True)
            if number in sums and (amount := read_amount(cell, decimal)) is not None
        ]
        if not any(amount for amount, _sum in pairs) or (
            orders.page.looks[at].decimal == 0 and not _is_large(pairs)
        ):
            continue
        if _is_of_lines(pairs):
            return []
        if first is None or DISCOUNT.search(first[0]):
            first = header, fsum(amount for amount, _sum in pairs)
    if first is None:
        return []
    what = phrase(
        "D18",
        "amounts",
        header=quote_value(first[0]),
        sheet=quote_value(orders.heads.sheet),
        sum=fsum(sums.values()),
        total=first[1],
    )
    return [build_finding("D18", body.label, "", what)]


def _sum_order_lines(
    rule: TableRule, orders: _OrderedLines, made: Mapping[str, TableColumn]
) -> Mapping[str, float]:
    """Return what the lines of each order come to, less their discounts."""
    sums: dict[str, list[float]] = {}
    for name, sign in (("gross_revenue", 1.0), ("discount", -1.0)):
        if name not in made:
            continue
        decimal = rule.columns[name].decimal if name in rule.columns else ""
        for key, cell in zip(orders.keys, made[name].cells, strict=True):
            amount = read_amount(cell, decimal)
            if key and amount is not None:
                sums.setdefault(key, []).append(sign * amount)
    return {key: fsum(amounts) for key, amounts in sums.items()}


def _is_large(pairs: Sequence[tuple[float, float]]) -> bool:
    """Whether whole numbers are as large as amounts of orders are, and no counts."""
    return fsum(abs(amount) for amount, _sum in pairs) > 0.2 * fsum(abs(whole) for _amount, whole in pairs)


def _is_of_lines(pairs: Sequence[tuple[float, float]]) -> bool:
    """Whether amounts of orders are those of their lines, or these with a tax of few rates."""
    rates = [
        0.0 if abs(amount - whole) <= CENT else round(100 * (amount / whole - 1), 1)
        for amount, whole in pairs
        if abs(whole) > 1
    ]
    usual = sorted(set(rates), key=lambda rate: (-rates.count(rate), rate))[:MOST_TAXES]
    plausible = [rate for rate in usual if 0 <= rate <= 30]
    return bool(rates) and sum(rate in plausible for rate in rates) >= NEARLY_ALL * len(rates)
