"""Rectangles of cells: put together where they say the same, and cut where they lie over each other.

Pure: no Excel library. A host that is slow to be called (live Excel) draws a sheet in as many calls as
there are blocks; their number depends on a sheet's columns, not on its rows.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import NamedTuple, TypeVar

from xlprofit import addresses

Key = TypeVar("Key", bound=Hashable)


class Block(NamedTuple):
    """A rectangle of cells, all ends counted."""

    row: int
    column: int
    last_row: int
    last_column: int

    @property
    def address(self) -> str:
        """The block as Excel writes it."""
        if (self.row, self.column) == (self.last_row, self.last_column):
            return addresses.format_address(self.row, self.column)
        return addresses.format_block(*self)


def join_blocks(blocks: Iterable[tuple[Block, Key]]) -> list[tuple[Block, Key]]:
    """Return blocks put together where they touch and bear the same key, in the order of their keys.

    Blocks of one key are joined first side by side, then one above the other. They must not overlap.
    """
    by_key: dict[Key, list[Block]] = {}
    for block, key in blocks:
        by_key.setdefault(key, []).append(block)
    return [
        (block, key)
        for key, found in by_key.items()
        for block in _join_blocks_down(_join_blocks_across(sorted(set(found))))
    ]


def _join_blocks_across(blocks: list[Block]) -> list[Block]:
    made: list[Block] = []
    for block in sorted(blocks, key=lambda b: (b.row, b.last_row, b.column)):
        last = made[-1] if made else None
        if last and (last.row, last.last_row, last.last_column + 1) == (
            block.row,
            block.last_row,
            block.column,
        ):
            made[-1] = last._replace(last_column=block.last_column)
        else:
            made.append(block)
    return made


def _join_blocks_down(blocks: list[Block]) -> list[Block]:
    made: list[Block] = []
    for block in sorted(blocks, key=lambda b: (b.column, b.last_column, b.row)):
        last = made[-1] if made else None
        if last and (last.column, last.last_column, last.last_row + 1) == (
            block.column,
            block.last_column,
            block.row,
        ):
            made[-1] = last._replace(last_row=block.last_row)
        else:
            made.append(block)
    return made


def group_equal_sizes(sizes: Mapping[int, float]) -> list[tuple[int, int, float]]:
    """Return rows or columns of one size that follow each other: first, last, size.

    >>> group_equal_sizes({1: 15.0, 2: 15.0, 4: 15.0, 5: 30.0})
    [(1, 2, 15.0), (4, 4, 15.0), (5, 5, 30.0)]
    """
    made: list[tuple[int, int, float]] = []
    for at, size in sorted(sizes.items()):
        if made and made[-1][1] == at - 1 and abs(made[-1][2] - size) < 1e-9:
            made[-1] = (made[-1][0], at, size)
        else:
            made.append((at, at, size))
    return made


def remove_overlaps(blocks: Iterable[tuple[Block, Key]]) -> list[tuple[Block, Key]]:
    """Return blocks without overlaps: where two lie over each other, the later one is cut out of the earlier."""
    kept: list[tuple[Block, Key]] = []
    for block, key in blocks:
        under = [(rest, old) for lower, old in kept for rest in _subtract_block(lower, block)]
        kept = [*under, (block, key)]
    return kept


def _subtract_block(lower: Block, upper: Block) -> Iterator[Block]:
    """Yield what is left of a block under another one."""
    if (
        upper.row > lower.last_row
        or upper.last_row < lower.row
        or upper.column > lower.last_column
        or upper.last_column < lower.column
    ):
        yield lower
        return
    top, bottom = max(lower.row, upper.row), min(lower.last_row, upper.last_row)
    if lower.row < top:
        yield lower._replace(last_row=top - 1)
    if bottom < lower.last_row:
        yield lower._replace(row=bottom + 1)
    if lower.column < upper.column:
        yield Block(top, lower.column, bottom, upper.column - 1)
    if upper.last_column < lower.last_column:
        yield Block(top, upper.last_column + 1, bottom, lower.last_column)
