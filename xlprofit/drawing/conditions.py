"""What the colour rules of a sheet come to: conditions on cells, bars and heat maps, each with its cells.

Pure: no Excel library. A writer gives them the form that its program knows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from xlprofit.drawing import layout
from xlprofit.drawing.blocks import Block
from xlprofit.sheets import theme
from xlprofit.sheets.parts import (
    AboveRule,
    BarRule,
    Cell,
    ColourRule,
    Column,
    Format,
    HeatRule,
    Meaning,
    Notation,
    SignRule,
    Table,
    Value,
    WordRule,
)


@dataclass(frozen=True)
class Condition:
    """A condition on the value of a cell, and how the cell is drawn where it is met.

    ``limit`` is the text that the value is, or the number that it is below or above; a text or a blank is neither.
    ``filled`` says whether the cell gets the fill of the meaning too; ``number_format`` is empty where the cell
    keeps its own.
    """

    operator: Literal["is", "below", "above"]
    limit: str | float
    meaning: Meaning
    filled: bool = True
    number_format: str = ""


@dataclass(frozen=True)
class Bar:
    """A bar in each cell, of a colour ``RRGGBB``: nothing at ``low``, the whole width at ``high``.

    Without ``high`` it is the greatest value of the cells, which is ``greatest`` now (0 where all are below).
    """

    colour: str
    low: float
    high: float | None
    greatest: float


@dataclass(frozen=True)
class HeatMap:
    """A shade in each cell: the values at which it has a colour ``RRGGBB`` of its own, ascending."""

    stops: tuple[tuple[float, str], ...]


Rule = Condition | Bar | HeatMap


@dataclass(frozen=True)
class PlacedRule:
    """A rule, the blocks of cells that it colours, and what the cells of the first hold where it is a body."""

    blocks: tuple[Block, ...]
    rule: Rule
    values: Sequence[Value] = ()


def list_table_rules(table: Table, currency: str | Notation) -> Iterator[PlacedRule]:
    """Yield the rules of a table's columns, on its body and its total, then its heat maps; none of an empty one."""
    if not table.rows:
        return
    for position, column in enumerate(table.columns, table.column):
        yield from _list_column_rules(table, column, position, currency)
    for heat, columns in layout.group_heat_columns(table).items():
        places = [table.position(column.key) for column in columns]
        blocks = tuple(Block(table.first, at, table.last, at) for at in places)
        yield PlacedRule(blocks, build_heat_map(heat, columns))


def list_cell_rules(cell: Cell, currency: str | Notation) -> Iterator[PlacedRule]:
    """Yield the rules of a single cell, whose letters alone they colour where they go by a number."""
    block = Block(cell.row, cell.column, cell.row, cell.column)
    for rule in cell.rules:
        yield from (
            PlacedRule((block,), one) for one in build_rules(rule, cell.format, currency, (), filled=False)
        )


def _list_column_rules(
    table: Table, column: Column, position: int, currency: str | Notation
) -> Iterator[PlacedRule]:
    """Yield the rules of one column on its body, and on its total those that hold for a sum as well."""
    body = Block(table.first, position, table.last, position)
    total = Block(table.total_row, position, table.total_row, position)
    for rule in column.rules:
        made = build_rules(rule, column.format, currency, column.values)
        yield from (PlacedRule((body,), one, column.values[: table.rows]) for one in made)
        if column.total and isinstance(rule, SignRule | AboveRule):
            yield from (PlacedRule((total,), one) for one in made)


def build_rules(
    rule: ColourRule,
    format: Format,
    currency: str | Notation,
    values: Sequence[Value] = (),
    *,
    filled: bool = True,
) -> list[Rule]:
    """Return what a rule of a column or a cell says of single values; nothing of a heat map.

    A limit is given with the sign of its meaning before the number, which stands where there is no colour.
    """
    match rule:
        case WordRule():
            said = ((word, meaning) for word, meaning in rule.words if meaning is not Meaning.PLAIN)
            return [Condition("is", word, meaning) for word, meaning in said]
        case SignRule():
            return [
                Condition("below", 0, Meaning.LOSS, filled),
                Condition("above", 0, Meaning.PROFIT, filled),
            ]
        case AboveRule():
            sign = theme.SIGNS.get(rule.meaning, "")
            code = theme.build_number_format(format, currency, sign=sign, padded=filled)
            return [
                Condition("below" if rule.below else "above", rule.limit, rule.meaning, filled, code),
            ]
        case BarRule():
            return [_build_bar(rule, layout.list_finite_numbers(values))]
        case _:
            return []


def _build_bar(rule: BarRule, values: list[float]) -> Bar:
    low = rule.low if rule.low is not None else min([0.0, *values])
    return Bar(theme.lighten_shade(rule.meaning), low, rule.high, max([0.0, *values]))


def build_heat_map(rule: HeatRule, columns: Iterable[Column]) -> HeatMap:
    """Return a heat map over columns: white at zero, strong at the limit, on the sides where there are values."""
    values = [v for column in columns for v in layout.list_finite_numbers(column.values)]
    limit = theme.compute_heat_limit(values)
    stops = [(0.0, theme.WHITE)]
    if any(v < 0 for v in values):
        stops.insert(0, (-limit, theme.lighten_shade(rule.falling)))
    if any(v > 0 for v in values) or len(stops) == 1:
        stops.append((limit, theme.lighten_shade(rule.meaning)))
    return HeatMap(tuple(stops))
