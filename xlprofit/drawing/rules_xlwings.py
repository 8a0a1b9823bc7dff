"""Colour rules as conditional formats in live Excel.

Excel reads the formula of a conditional format in the user's own language (commas, decimal points) and
relative to the active cell, wherever the format stands. So no condition here has an address, a list or a
decimal point: limits are fractions of whole numbers, and "above" is "between", for to Excel any text is
above any number.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, NamedTuple

import xlwings as xw

from xlprofit.drawing import native
from xlprofit.drawing.blocks import Block, join_blocks
from xlprofit.drawing.conditions import Bar, Condition, HeatMap, PlacedRule
from xlprofit.drawing.drawing import Drawing
from xlprofit.sheets import theme
from xlprofit.sheets.parts import Meaning

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


def colour_live_sheet(live: xw.Sheet, drawn: Drawing) -> None:
    """Add the conditional formats of a sheet: of its tables' columns and of its single cells.

    Columns that stand side by side and bear the same rules share one. Excel puts each new format above the
    others, so that they are added from the last to the first.
    """
    said = [one for placed in drawn.rules for one in _list_live_conditions(placed)]
    for block, one in reversed(join_blocks(said)):
        _add_live_condition(live, block, one)
    for placed in drawn.rules:
        match placed.rule:
            case Bar():
                _add_live_bar(live, placed.blocks[0], placed.rule)
            case HeatMap():
                _add_live_heat_map(live, placed.blocks, placed.rule)


def _list_live_conditions(placed: PlacedRule) -> Iterator[tuple[Block, Said]]:
    """Yield what a rule says of the values of cells, each with its cells; nothing of a bar or a heat map."""
    rule, (block, *_) = placed.rule, placed.blocks
    if not isinstance(rule, Condition):
        return
    said = build_live_condition(rule)
    if said.number_format and rule.operator == "below" and not isinstance(rule.limit, str):
        yield from _list_below_conditions(placed, said, rule.limit)
    else:
        yield block, said


def _list_below_conditions(placed: PlacedRule, said: Said, limit: float) -> list[tuple[Block, Said]]:
    """Return what a limit from below says of a column: Excel holds a blank for 0, which is below it too.

    Where there are blanks, what lies between 0 and the limit is one condition, and each stretch of cells that hold no
    more than 0 another.
    """
    block = placed.blocks[0]
    numbers = [
        value if isinstance(value, int | float) and value == value else None for value in placed.values
    ]
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


def build_live_condition(condition: Condition) -> Said:
    """Return a condition as Excel is told of it in any language."""
    looks = (condition.meaning, condition.filled, condition.number_format)
    if isinstance(condition.limit, str):
        text = condition.limit.replace('"', '""')
        return Said("equal_to", f'="{text}"', None, *looks)
    if condition.operator == "below":
        return Said("less_than", format_fraction(condition.limit), None, *looks)
    above = condition.limit + max(abs(condition.limit), 1.0) / _FINEST
    return Said("between", format_fraction(above), _LARGEST, *looks)


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


def _add_live_bar(live: xw.Sheet, block: Block, bar: Bar) -> None:
    high = bar.greatest if bar.high is None else bar.high
    if bar.low < high:
        formats = live.range(block.address).conditional_formats
        formats.add_data_bar(f"#{bar.colour}", minimum=bar.low, maximum=high)


def _add_live_heat_map(live: xw.Sheet, blocks: tuple[Block, ...], heat: HeatMap) -> None:
    for block, _ in join_blocks((block, "") for block in blocks):
        formats = live.range(block.address).conditional_formats
        formats.add_color_scale(
            [f"#{colour}" for _, colour in heat.stops], thresholds=[at for at, _ in heat.stops]
        )
