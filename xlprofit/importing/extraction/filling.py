"""Filling: cells that an export leaves blank since the row above them, or a heading, says what they are."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace

import numpy as np

from xlprofit.importing.exports.contents import kind_of_cell
from xlprofit.importing.exports.export import Cell, is_blank_cell
from xlprofit.importing.extraction.body import Body, Cells, TableColumn, blank_rows
from xlprofit.importing.extraction.pivots import fill_compact
from xlprofit.importing.extraction.recognition import find_place
from xlprofit.importing.profiles.profile import ColumnRule, TableRule, name_own_column


def _fill_compact_columns(rule: TableRule, body: Body, made: dict[str, TableColumn]) -> None:
    """Fill the columns that are one column of the export, some rows of which head the others."""
    for name, column in rule.columns.items():
        place = find_place(column, body.headers, body.sheet.first) if column.compact else None
        if place is not None and name_own_column(rule, name) in made:
            fill_compact(body, made, name_own_column(rule, name), place)


def fill_down(rule: TableRule, body: Body, made: dict[str, TableColumn]) -> None:
    """Fill blank cells from above where the rule says so; a row that has nothing but such a cell is a heading.

    A heading counts as well where the rule does not keep its row.
    """
    _fill_compact_columns(rule, body, made)
    down = [name_own_column(rule, n) for n, c in rule.columns.items() if c.fill_down or c.heading]
    for name in filter(made.__contains__, dict.fromkeys(down)):
        own = find_own_rule(rule, name)
        if own.heading:
            _fill_headings(body, made, name)
            continue
        place = find_place(own, body.headers, body.sheet.first)
        above = body.heads.get(place if place is not None else -1, {})
        cells = _fill_cells(made[name].cells, above, _ask_whether_filled(made, down))
        made[name] = replace(made[name], cells=cells)


def find_own_rule(rule: TableRule, name: str) -> ColumnRule:
    """Return the first rule of a column of the table."""
    return next(c for n, c in rule.columns.items() if name_own_column(rule, n) == name)


def _ask_whether_filled(made: Mapping[str, TableColumn], down: Collection[str]) -> Callable[[int], bool]:
    """Return what tells of a row whether a column that is not filled down has a cell in it."""
    others = [column.cells for name, column in made.items() if name not in down]
    return lambda at: any(not is_blank_cell(other[at]) for other in others)


def _fill_cells(cells: Cells, above: Mapping[int, Cell], is_filled: Callable[[int], bool]) -> Cells:
    """Return the cells of a column, blank ones filled from above; those of headings are blank then."""
    found, last = list(cells), None
    for at, cell in enumerate(cells):
        beside = is_filled(at)
        if at in above:
            last = above[at]
        if not is_blank_cell(cell):
            last = cell
            found[at] = cell if beside else None
        elif beside:
            found[at] = last
    return found


def _fill_headings(body: Body, made: dict[str, TableColumn], name: str) -> None:
    """Give each row the text that stands alone in a row above it; the rows of such texts are then blank."""
    last: Cell = None
    cells: Cells = [None] * body.size
    alone = np.zeros(body.size, dtype=bool)
    for at in range(body.size):
        held = [column[at] for column in body.cells if not is_blank_cell(column[at])]
        if len(held) == 1 and kind_of_cell(held[0]) == "text":
            last, alone[at] = held[0], True
        elif held:
            cells[at] = last
    made[name] = replace(made[name], cells=_strip_label(cells))
    blank_rows(body, made, alone, but=name)


def _strip_label(cells: Cells) -> Cells:
    """Return headings without the label that all of them begin with: Customer: ACME is ACME."""
    texts = {cell for cell in cells if isinstance(cell, str)}
    labels = {found[0] if (found := _LABEL.match(text)) else "" for text in texts}
    if len(labels) != 1 or len(texts) < 2 or "" in labels:
        return cells
    size = len(labels.pop())
    return [cell[size:] if isinstance(cell, str) else cell for cell in cells]


_LABEL = re.compile(r"[^\W\d_]+(?: (?:no|nr|number|name|id)\.?)?\s*:\s+(?=\S)")
"""What may stand before each heading: Customer: ACME, Kunde: 10023 Müller."""
