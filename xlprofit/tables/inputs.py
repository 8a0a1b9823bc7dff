"""The input tables of a run: as a host found them, and typed and clean as the model reads them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

if TYPE_CHECKING:
    from xlprofit.tables.settings import Settings


@dataclass(frozen=True)
class Raw:
    """An input table as a host found it: cells of any type under their own headers.

    ``frame`` has object columns named by the headers as written. ``row`` and ``column`` are the
    sheet row and column (from 1) of the first header cell, so body row *i* stands in sheet row
    ``row + 1 + i`` and frame column *j* in sheet column ``column + j``. A ``row`` of 0 says that the
    table stands on no sheet. ``lines`` says how many rows of a source each row was summed from; without
    it each row stands for itself. ``below`` is how many rows stand right below the Excel Table and are
    read with it; ``below_row`` is the sheet row of the first of them. ``beside`` is how many of its last columns stand
    right beside the Excel Table and are read with it. ``formats`` has the number formats that say
    what a number is, a currency or a percentage: by frame column *j* the format's code and which body rows bear it.
    ``text`` says that it comes from a file of text, where every number and every date is a text.
    ``shuffled`` says that the cells of its sheet stood in the file in another order than on the sheet. ``further``
    names sheets that are not read and, by their names, hold more rows of the table.
    """

    name: str
    sheet: str
    frame: pd.DataFrame
    row: int = 1
    column: int = 1
    lines: pd.Series | None = None
    below: int = 0
    below_row: int = 0
    beside: int = 0
    formats: Mapping[int, Mapping[str, npt.NDArray[np.int64]]] = field(default_factory=dict)
    text: bool = False
    shuffled: bool = False
    further: tuple[str, ...] = ()


@dataclass(frozen=True)
class LeftOut:
    """The rows of a table that errors in them left out of the figures, beside those that are counted.

    ``rows`` are left out, of which ``unread`` have an amount that cannot be read; ``amount`` is that of the others, in
    money (net revenue in Sales; 0 in a table that has none). ``counted`` and ``counted_amount`` are of the rows in the
    figures.
    """

    rows: int = 0
    unread: int = 0
    amount: float = 0.0
    counted: int = 0
    counted_amount: float = 0.0

    @property
    def share(self) -> float:
        """The share that is left out, about: of the table's money, a row that cannot be read taken for an average one.

        Of its rows, where it has no money or less than none.
        """
        average = self.counted_amount / self.counted if self.counted else 0.0
        lost = self.amount + self.unread * average
        if lost > 0 and self.counted_amount > 0:
            return lost / (lost + self.counted_amount)
        return self.rows / (self.rows + self.counted) if self.rows else 0.0


@dataclass(frozen=True)
class Inputs:
    """All input tables of a run, typed and clean: what the model reads.

    ``frames`` has every table of :data:`xlprofit.tables.TABLES`, an empty frame where it was not given. A frame has
    the columns of its specification by canonical name and ``row``, the sheet row (``int64``):

    - ``customer``, ``name`` and ``choice`` columns are categoricals of strings, ``""`` where blank,
      in the canonical spelling;
    - ``text`` columns are strings, ``""`` where blank;
    - ``number`` and ``share`` columns are ``float64``, ``NaN`` where blank and without a default;
    - ``date`` columns are ``datetime64[ns]``, whole days, ``NaT`` where blank;
    - ``period`` columns are strings, ``2024-03``, ``2024-Q1``, ``2024`` or ``""``;
    - ``flag`` columns are ``bool``.

    The tables of which :attr:`TableSpec.drivers` holds have a ``float64`` column more for each driver that
    Activities names (0 where blank). ``sheets`` says on which sheet each given table stands, and
    ``cells`` in which sheet column (from 1) each of its canonical columns stands. ``left_out`` has the tables of which
    rows were left out for an error in them. ``frames`` has what is actual; ``versions`` all tables once more for each
    plan, its own rows in the place of the actual ones wherever it has any.

    Customers has a column of texts more for each of the user's own, under its own header; ``attributes`` names these.
    It has one row for each customer, the one that holds last. Where any of its rows says from or until when it holds,
    ``history`` has them all, and the dated tables have the column ``held``: which of them held on the day of the row.

    ``assumed`` says that these are a plan's or a scenario's, and no record of what came about: nothing that is known
    from elsewhere is held against them.
    """

    settings: Settings
    frames: Mapping[str, pd.DataFrame]
    sheets: Mapping[str, str]
    cells: Mapping[str, Mapping[str, int]]
    left_out: Mapping[str, LeftOut] = field(default_factory=dict)
    attributes: tuple[str, ...] = ()
    history: pd.DataFrame | None = None
    versions: Mapping[str, Mapping[str, pd.DataFrame]] = field(default_factory=dict)
    assumed: bool = False

    def assume(self, frames: Mapping[str, pd.DataFrame]) -> Inputs:
        """Return the tables of a plan or a scenario: these frames, without scenarios and control totals."""
        held = {name: frames[name].iloc[:0] for name in ("ControlTotals", "Scenarios")}
        return replace(self, frames={**frames, **held}, versions={}, assumed=True)

    def __getitem__(self, table: str) -> pd.DataFrame:
        """Return the frame of a table."""
        return self.frames[table]

    def has_rows(self, table: str) -> bool:
        """Whether the table has any row."""
        return len(self.frames[table]) > 0
