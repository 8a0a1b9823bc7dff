"""Colour rules of a sheet's description as conditional formats in live Excel.

Excel reads the formula of a conditional format in the user's own language (commas, decimal points) and
relative to the active cell, wherever the format stands. So no condition here has an address, a list or a
decimal point: limits are fractions of whole numbers, and "above" is "between", for to Excel any text is
above any number.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import xlwings as xw

from xlprofit.drawing import layout, native
from xlprofit.drawing.blocks import Block, join_blocks
from xlprofit.sheets import theme
from xlprofit.sheets.parts import (
    AboveRule,
    BarRule,
    Column,
    Format,
    HeatRule,
    Meaning,
    Notation,
    Sheet,
    SignRule,
    Table,
    WordRule,
)

_LARGEST = "=10^300"
_FINEST = 10**9


class Said(NamedTuple):
    """A condition on the value of a cell, and the meaning with which it draws it."""

    operator: str
    first: str
    second: str | None
    meaning: Meaning
    filled: bool = True
    number_format: str = ""


def colour_live_sheet(live: xw.Sheet, sheet: Sheet) -> None:
    """Add the conditional formats of a sheet: of its tables' columns and of its single cells.

    Columns that stand side by side and bear the same rules share one. Excel puts each new format above the
    others, so that they are added from the last to the first.
    """
    tables = [table for table in sheet.tables if table.rows]
    said = [condition for table in tables for condition in _list_table_conditions(sheet, table)]
    for block, one in reversed(join_blocks([*said, *_list_cell_conditions(sheet)])):
        _add_live_condition(live, block, one)
    for table in tables:
        _add_live_bars(live, table)
        _add_live_heat_maps(live, table)
    for cell in sheet.cells:
        for rule in cell.rules:
            if isinstance(rule, BarRule):
                _add_live_bar(live, Block(cell.row, cell.column, cell.row, cell.column), rule, [])


def _list_cell_conditions(sheet: Sheet) -> list[tuple[Block, Said]]:
    """Return what the rules of single cells say, each with its cell."""
    return [
        (Block(cell.row, cell.column, cell.row, cell.column), one)
        for cell in sheet.cells
        for rule in cell.rules
        for one in list_rule_conditions(rule, cell.format, sheet.currency, filled=False)
    ]


def _list_table_conditions(sheet: Sheet, table: Table) -> list[tuple[Block, Said]]:
    found = []
    for column in table.columns:
        at = table.position(column.key)
        for rule in column.rules:
            blocks = [Block(table.first, at, table.last, at)]
            if column.total and isinstance(rule, SignRule | AboveRule):
                blocks.append(Block(table.total_row, at, table.total_row, at))
            for one in list_rule_conditions(rule, column.format, sheet.currency):
                if isinstance(rule, AboveRule) and rule.below:
                    values = column.values[: table.rows]
                    found += _list_below_conditions(blocks[0], values, one, rule.limit)
                    blocks = blocks[1:]
                found += [(block, one) for block in blocks]
    return found


def _list_below_conditions(
    block: Block, values: Sequence[object], said: Said, limit: float
) -> list[tuple[Block, Said]]:
    """Return what a limit from below says of a column: Excel holds a blank for 0, which is below it too.

    Where there are blanks, what lies between 0 and the limit is one condition, and each stretch of cells that hold no
    more than 0 another.
    """
    numbers = [value if isinstance(value, int | float) and value == value else None for value in values]
    if None not in numbers or limit <= 0:
        return [(block, said)]
    between = said._replace(
        operator="between", first=f"=1/{_FINEST}", second=format_fraction(limit - max(limit, 1.0) / _FINEST)
    )
    found = [(block, between)]
    start: int | None = None
    for row, number in enumerate([*numbers, None], block.row):
        low = number is not None and number < 1 / _FINEST
        if low and start is None:
            start = row
        elif not low and start is not None:
            found.append((Block(start, block.column, row - 1, block.column), said))
            start = None
    return found


def list_rule_conditions(
    rule: object, format: Format, currency: str | Notation, *, filled: bool = True
) -> list[Said]:
    """Return what a rule says of the value of a cell; nothing of a bar or a heat map."""
    if isinstance(rule, WordRule):
        return [
            Said("equal_to", '="' + word.replace('"', '""') + '"', None, meaning)
            for word, meaning in rule.words
            if meaning is not Meaning.PLAIN
        ]
    if isinstance(rule, SignRule):
        return [
            Said("less_than", "=0", None, Meaning.LOSS, filled),
            Said("between", f"=1/{_FINEST}", _LARGEST, Meaning.PROFIT, filled),
        ]
    if not isinstance(rule, AboveRule):
        return []
    code = theme.build_number_format(format, currency, sign=theme.SIGNS.get(rule.meaning, ""), padded=filled)
    if rule.below:
        return [Said("less_than", format_fraction(rule.limit), None, rule.meaning, filled, code)]
    above = format_fraction(rule.limit + max(abs(rule.limit), 1.0) / _FINEST)
    return [Said("between", above, _LARGEST, rule.meaning, filled, code)]


def format_fraction(number: float) -> str:
    """Return a number as a formula without a decimal point, which every language reads alike.

    >>> format_fraction(0.9), format_fraction(30.0)
    ('=9/10', '=30')
    """
    near = Fraction(number).limit_denominator(10 * _FINEST)
    return f"={near}"


def _add_live_condition(live: xw.Sheet, block: Block, said: Said) -> None:
    look = theme.find_look(said.meaning)
    shown: dict[str, Any] = {"font_color": f"#{look.font}"}
    if look.fill and said.filled:
        shown["fill_color"] = f"#{look.fill}"
    if look.bold:
        shown["font_bold"] = True
    cells = live.range(block.address)
    operator: Any = said.operator
    cells.conditional_formats.add_cell_value(operator, said.first, said.second, **shown)
    if said.number_format:
        native.format_latest_rule(cells, said.number_format)


def _add_live_bars(live: xw.Sheet, table: Table) -> None:
    for column in table.columns:
        for rule in column.rules:
            if isinstance(rule, BarRule):
                at = table.position(column.key)
                block = Block(table.first, at, table.last, at)
                _add_live_bar(live, block, rule, layout.list_finite_numbers(column.values))


def _add_live_bar(live: xw.Sheet, block: Block, rule: BarRule, values: list[float]) -> None:
    low = rule.low if rule.low is not None else min([0.0, *values])
    high = rule.high if rule.high is not None else max([0.0, *values])
    if low < high:
        formats = live.range(block.address).conditional_formats
        formats.add_data_bar(f"#{theme.lighten_shade(rule.meaning)}", minimum=low, maximum=high)


def _add_live_heat_maps(live: xw.Sheet, table: Table) -> None:
    for rule, columns in layout.group_heat_columns(table).items():
        stops = list_heat_stops(rule, columns)
        for block, _ in join_blocks((_find_body_block(table, column), rule) for column in columns):
            formats = live.range(block.address).conditional_formats
            formats.add_color_scale([f"#{colour}" for _, colour in stops], thresholds=[at for at, _ in stops])


def _find_body_block(table: Table, column: Column) -> Block:
    at = table.position(column.key)
    return Block(table.first, at, table.last, at)


def list_heat_stops(rule: HeatRule, columns: list[Column]) -> list[tuple[float, str]]:
    """Return the limits of a heat map over all its columns, each with its colour; white at zero."""
    values = [v for column in columns for v in layout.list_finite_numbers(column.values)]
    limit = theme.compute_heat_limit(values)
    stops = [(0.0, theme.WHITE)]
    if any(v < 0 for v in values):
        stops.insert(0, (-limit, theme.lighten_shade(rule.falling)))
    if any(v > 0 for v in values) or len(stops) == 1:
        stops.append((limit, theme.lighten_shade(rule.meaning)))
    return stops
