"""The cells of a sheet, as both stand-ins for Excel hold them, and what Excel makes of what is typed in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pandas as pd

Place = tuple[int, int]
Area = tuple[int, int, int, int]
"""The first row and column of a block, and the last."""


class Grid(dict[Place, Any]):
    """Values by row and column from 1."""

    @classmethod
    def lay(cls, rows: Sequence[Sequence[Any]], row: int = 1, column: int = 1) -> Grid:
        """Return the rows as they lie from a corner on."""
        return cls(
            {(r, c): value for r, line in enumerate(rows, row) for c, value in enumerate(line, column)}
        )

    @classmethod
    def lay_frame(cls, frame: pd.DataFrame) -> Grid:
        """Return a table below its headers; what is missing is a cell without a value."""
        cells = frame.astype(object).where(frame.notna(), None)
        return cls.lay([list(frame.columns), *cells.to_numpy(object).tolist()])

    @property
    def area(self) -> Area:
        """The block that the cells take up; of none A1."""
        rows, columns = {row for row, _ in self} or {1}, {column for _, column in self} or {1}
        return min(rows), min(columns), max(rows), max(columns)

    def read(self, area: Area, blank: Any = None) -> list[list[Any]]:
        """Return the rows of a block, ``blank`` where there is nothing."""
        top, left, bottom, right = area
        columns = range(left, right + 1)
        return [[self.get((row, column), blank) for column in columns] for row in range(top, bottom + 1)]

    def type_in(self, rows: Sequence[Sequence[Any]], row: int, column: int) -> None:
        """Put what is typed into cells from a corner on; an empty text empties the cell."""
        for place, value in Grid.lay(rows, row, column).items():
            self.pop(place, None)
            if value not in ("", None) or isinstance(value, bool):
                self[place] = _take(value)


def _take(typed: Any) -> Any:
    """Return what a cell holds of what is typed in: the apostrophe says that the rest is a text."""
    if isinstance(typed, str):
        if typed.startswith("'"):
            return typed[1:]
        assert typed.startswith("=") or not re.match(r"[-+@\d.]|#", typed), f"Excel would misread {typed!r}"
    return typed
