"""Orders: amounts of a whole order that stand on each of its lines, counted once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from xlprofit.importing.exports.export import Cell, is_blank_cell
from xlprofit.importing.extraction.body import Body, Cells, TableColumn
from xlprofit.importing.extraction.recognition import find_place
from xlprofit.importing.profiles.profile import ColumnRule, TableRule, name_own_column


def count_once(rule: TableRule, body: Body, made: dict[str, TableColumn]) -> None:
    """Count amounts that are repeated on each line of an order in its first line alone."""
    for name, column in rule.columns.items():
        own, keys = name_own_column(rule, name), find_keys(column.once, body)
        if own in made and keys is not None:
            made[own] = replace(made[own], cells=keep_first(keys, made[own].cells))


def find_keys(header: str, body: Body) -> Cells | None:
    """Return the cells that say which order each row is of; ``None`` without such a column."""
    place = find_place(ColumnRule(headers=(header,)), body.headers, body.sheet.first) if header else None
    return None if place is None or place < 0 else body.cells[place]


def keep_first(keys: Sequence[Cell], cells: Sequence[Cell]) -> Cells:
    """Return amounts with 0 where the same amount stood in a row of the same order before."""
    seen: set[tuple[str, str]] = set()
    found: Cells = []
    for key, cell in zip(keys, cells, strict=True):
        row = (str(key).strip(), str(cell).strip())
        repeated = row in seen and not is_blank_cell(key) and not is_blank_cell(cell)
        seen.add(row)
        found.append(0.0 if repeated else cell)
    return found
