"""Measures: rows that are revenue and rows that are cost of the same thing, as a column of key figures says."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from xlprofit.findings import Finding, build_finding, phrase
from xlprofit.importing.exports.contents import ColumnLook
from xlprofit.importing.exports.conversion import read_amount
from xlprofit.importing.exports.derivation import PROFITS
from xlprofit.importing.exports.export import Cell, is_blank_cell
from xlprofit.importing.exports.match import LIKELY
from xlprofit.importing.exports.matching import match_columns
from xlprofit.importing.exports.months import read_header
from xlprofit.importing.exports.pages import Page
from xlprofit.importing.extraction.body import Body, Cells, TableColumn, blank_rows
from xlprofit.importing.extraction.recognition import find_place
from xlprofit.importing.profiles.rules import ColumnRule, MeasureRows, TableRule
from xlprofit.reading.faults import quote_value
from xlprofit.tables import header_key

MOST_WORDS = 12
"""A column of more different words is none of key figures."""

REVENUE = "gross_revenue"
PROFIT = "profit"
"""A key figure in place of the cost, which is the revenue less it."""

OTHERS = ("cogs", "discount", "returns", "quantity")


@dataclass(frozen=True)
class Spread:
    """Where the cells of rows go: for each row its measure and the row that it belongs to; −1 where it is not read."""

    names: Sequence[str]
    targets: Sequence[int]


def find_measure_rows(page: Page, used: frozenset[int]) -> MeasureRows | None:
    """Return the column of key figures of a sheet of sales, and the word of each; ``None`` where there is none.

    It has a word for revenue and one for cost, in many rows each.
    """
    for at, header in enumerate(page.headers):
        if at in used or not header or page.looks[at].text < 0.9:
            continue
        values = _name_measures(page.cells[at]) if 2 <= page.looks[at].different <= MOST_WORDS else {}
        if REVENUE in values and {"cogs", PROFIT} & values.keys():
            return MeasureRows(header, values)
    return None


def _name_measures(cells: Sequence[Cell]) -> dict[str, str]:
    """Return the word of each measure in a column of key figures; that of a profit only where none is of the cost."""
    words = list(dict.fromkeys(read_header(cell) for cell in cells if not is_blank_cell(cell)))
    if len(words) > MOST_WORDS:
        return {}
    found = match_columns("Sales", words, [ColumnLook(filled=1.0, number=1.0)] * len(words))
    values = {m.column: words[m.at] for m in found if m.trust >= LIKELY and m.column in (REVENUE, *OTHERS)}
    profits = [word for word in words if header_key(word) in PROFITS and "%" not in word]
    return values if "cogs" in values or not profits else {**values, PROFIT: profits[0]}


def read_words(rule: TableRule, body: Body) -> list[str]:
    """Return the word of the key figure of each row; nothing where the export has no such column."""
    measures = rule.measures
    place = (
        find_place(ColumnRule(headers=(measures.header,)), body.headers, body.sheet.first)
        if measures
        else None
    )
    return [] if place is None or place < 0 else [read_header(cell).casefold() for cell in body.cells[place]]


def spread_rows(measures: MeasureRows, keys: Sequence[Hashable], words: Sequence[str]) -> Spread:
    """Return which row each row's amount belongs to: the one with the revenue of the same key, in order."""
    known = {word.casefold(): name for name, word in measures.values.items()}
    names = [known.get(word, "") for word in words]
    revenues: dict[Hashable, list[int]] = {}
    for row, (key, name) in enumerate(zip(keys, names, strict=True)):
        if name == REVENUE:
            revenues.setdefault(key, []).append(row)
    counted: dict[tuple[Hashable, str], int] = {}
    targets = []
    for row, (key, name) in enumerate(zip(keys, names, strict=True)):
        rows = revenues.get(key)
        rank = counted.get((key, name), 0)
        counted[key, name] = rank + 1
        if not name:
            targets.append(-1)
        elif rows is None:
            revenues[key] = [row]
            targets.append(row)
        else:
            targets.append(rows[min(rank, len(rows) - 1)])
    return Spread(names, targets)


def spread_amounts(spread: Spread, amounts: Sequence[Cell], decimal: str) -> dict[str, Cells]:
    """Return the cells of each measure by row; 0 for the revenue of a row that has none."""
    names = dict.fromkeys((REVENUE, *spread.names))
    found: dict[str, Cells] = {name: [None] * len(amounts) for name in names if name}
    for row, (name, target) in enumerate(zip(spread.names, spread.targets, strict=True)):
        if not name or is_blank_cell(amounts[row]):
            continue
        cells, value = found[name], amounts[row]
        if not is_blank_cell(cells[target]):
            parts = (read_amount(cells[target], decimal), read_amount(value, decimal))
            value = sum(part for part in parts if part is not None)
        cells[target] = value
        if is_blank_cell(found[REVENUE][target]) and name != REVENUE:
            found[REVENUE][target] = 0.0
    if PROFIT in found:
        pairs = zip(found[REVENUE], found.pop(PROFIT), strict=True)
        found["cogs"] = [_work_out_cost_of(revenue, profit, decimal) for revenue, profit in pairs]
    return found


def _work_out_cost_of(revenue: Cell, profit: Cell, decimal: str) -> Cell:
    """Return revenue less profit; blank where there is no profit."""
    parts = (read_amount(revenue, decimal), read_amount(profit, decimal))
    return None if parts[1] is None else round((parts[0] or 0.0) - parts[1], 10)


def merge_measures(rule: TableRule, body: Body, made: dict[str, TableColumn]) -> list[Finding]:
    """Put the amounts of key figures below each other into one row with a column each; and say what is not read."""
    words = read_words(rule, body)
    if rule.measures is None or not words or REVENUE not in made or rule.months is not None:
        return []
    others = [column.cells for name, column in made.items() if name not in (REVENUE, *OTHERS)]
    keys = [tuple(map(_read_part, cells)) for cells in zip(*others, strict=True)]
    spread = spread_rows(rule.measures, keys, words)
    own = made[REVENUE]
    decimal = rule.columns[REVENUE].decimal if REVENUE in rule.columns else ""
    for name, cells in spread_amounts(spread, own.cells, decimal).items():
        made[name] = replace(own, name=name, cells=cells)
    kept = {target for target in spread.targets if target >= 0}
    told = tell_unread(rule.measures, body, words)
    blank_rows(body, made, np.array([row not in kept for row in range(body.size)], dtype=bool))
    return told


def _read_part(cell: Cell) -> str:
    return "" if is_blank_cell(cell) else read_header(cell)


def tell_unread(measures: MeasureRows, body: Body, words: Sequence[str]) -> list[Finding]:
    """Return the note of rows whose key figure is not read."""
    known = {word.casefold() for word in measures.values.values()}
    rows = [row for row, word in enumerate(words) if word and word not in known and not body.out[row]]
    if not rows:
        return []
    said = ", ".join(quote_value(word) for word in sorted({words[row] for row in rows}))
    what = phrase("D14", "measures", n=len(rows), words=said, header=quote_value(measures.header))
    return [build_finding("D14", body.label, body.locate_row(rows[0]), what, count=len(rows))]
