"""Joining: the tables that several rules make of one export, as one table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from xlprofit.importing.exports.export import is_blank_cell
from xlprofit.importing.extraction.body import Mask
from xlprofit.tables import Raw


@dataclass(frozen=True)
class Share:
    """What one of several rules makes of the rows of a sheet; ``held`` says which rows those are.

    ``twice``: one of them was taken by a rule before as well.
    """

    raw: Raw
    held: Mask
    twice: bool

    def list_held(self) -> Mask:
        """Return which rows of its own table it holds, which may be fewer than those of the sheet."""
        return self.held[: len(self.raw.frame)]


def list_filled_rows(raw: Raw) -> Mask:
    """Return which rows of a table have anything in them."""
    filled = np.zeros(len(raw.frame), dtype=bool)
    for at in range(raw.frame.shape[1]):
        filled |= np.array([not is_blank_cell(cell) for cell in raw.frame.iloc[:, at]], dtype=bool)
    return filled


def divide_rows(raws: Sequence[Raw], size: int) -> tuple[Sequence[Share], Mask]:
    """Return which of the rows of a sheet each of some tables has, and which rows any of them has."""
    taken = np.zeros(size, dtype=bool)
    shares = []
    for raw in raws:
        held = np.zeros(size, dtype=bool)
        held[: len(raw.frame)] = list_filled_rows(raw)
        shares.append(Share(raw, held, bool((held & taken).any())))
        taken |= held
    return shares, taken


def join_shares(shares: Sequence[Share], size: int) -> Raw:
    """Return tables of the rows of one sheet as one: in their places, unless a row stands in two of them."""
    first = shares[0].raw
    if any(share.twice or share.raw.row != first.row for share in shares):
        rows = [share.raw.frame.loc[list_filled_rows(share.raw)] for share in shares]
        return replace(first, frame=pd.concat(rows, ignore_index=True), row=0, formats={})
    if any(list(share.raw.frame.columns) != list(first.frame.columns) for share in shares):
        return replace(first, frame=_stack_rows(shares), row=0, formats={})
    return replace(first, frame=_place_rows(shares, size))


def _stack_rows(shares: Sequence[Share]) -> pd.DataFrame:
    """Return the rows of tables with different columns below one another."""
    headers = dict.fromkeys(header for share in shares for header in share.raw.frame.columns)
    rows = [drop_doubled_columns(share.raw.frame.loc[share.list_held()]) for share in shares]
    whole = pd.concat(rows, ignore_index=True)
    return whole[[header for header in headers if header in whole]]


def _place_rows(shares: Sequence[Share], size: int) -> pd.DataFrame:
    """Return the rows of tables with the same columns, each in its place in the sheet."""
    headers = shares[0].raw.frame.columns
    columns = [np.full(size, None, dtype=object) for _header in headers]
    for share in shares:
        mine = share.list_held()
        for at, cells in enumerate(columns):
            cells[: len(mine)][mine] = share.raw.frame.iloc[:, at].to_numpy(dtype=object)[mine]
    frame = pd.DataFrame(dict(enumerate(columns)))
    frame.columns = headers
    return frame


def join_sheets(raws: Sequence[Raw], label: str) -> Raw:
    """Return tables of several sheets or files as one, which stands on no sheet then."""
    whole = pd.concat([drop_doubled_columns(raw.frame) for raw in raws], ignore_index=True)
    return replace(raws[0], sheet=label, frame=whole, row=0, formats={})


def drop_doubled_columns(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table with only the first of the columns that have one header."""
    return frame.loc[:, ~pd.Index(frame.columns).duplicated()]
