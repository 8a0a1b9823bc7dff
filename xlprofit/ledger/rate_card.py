"""The rate card: how each resource's rate of each period comes about, and where its cost was given."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from xlprofit.ledger import periods
from xlprofit.ledger.capacity import Capacity, Matrix, settle_periods, tabulate_periods

if TYPE_CHECKING:
    from xlprofit.tables import Inputs

_NO_ROW = np.iinfo(np.int64).max


def tabulate_rate_card(inputs: Inputs, used: Capacity) -> pd.DataFrame:
    """Return how each rate comes about, a row a resource and period; an empty period is the whole span.

    *own_cost + allocated = cost*, *cost / (capacity × practical) = rate*; where no capacity is given *cost / used*.
    Columns, money and units positive: ``own_cost``, ``allocated`` (below zero for a resource that gives more than
    it gets), ``cost``, ``capacity``, ``practical`` (a fraction), ``supplied``, ``used``, ``rate`` (blank where nothing
    can be charged) and ``row``, the first sheet row of Resources that speaks of the period, 0 where none does.
    """
    table = tabulate_periods(used)
    capacity, row = _spread_rows(inputs, used)
    given = used.supply
    index = pd.MultiIndex.from_product([given.resources, [*given.periods, ""]])
    place = index.get_indexer(table.index)
    known = pd.Series(settle_periods(capacity, given.whole).ravel()[place], index=table.index)
    known = known.where(table["supplied"].notna())
    frame = pd.DataFrame(
        {
            "own_cost": table["own_cost"],
            "allocated": table["cost"] - table["own_cost"],
            "cost": table["cost"],
            "capacity": known,
            "practical": table["supplied"] / known,
            "supplied": table["supplied"],
            "used": table["used"],
            "rate": table["rate"],
        }
    )
    rows = np.where(row == _NO_ROW, 0, row).ravel()[place]
    first = np.repeat(given.row, len(given.periods) + 1)[place]
    return frame.assign(row=np.where(rows > 0, rows, first))


def _spread_rows(inputs: Inputs, used: Capacity) -> tuple[Matrix, Matrix]:
    """Return the capacity as given by resource and period (the span last), and the first row that speaks of each."""
    resources, given = inputs["Resources"], used.supply
    shape = given.own.shape
    capacity, row = np.zeros(shape), np.full(shape, _NO_ROW)
    ordered = resources.sort_values(["resource", "period", "cost", "capacity"], kind="stable")
    place = given.resources.get_indexer(pd.Index(ordered["resource"].astype(str)))
    amounts = ordered["capacity"].fillna(0.0).to_numpy()
    for text in pd.unique(ordered["period"]):
        mask = (ordered["period"] == text).to_numpy()
        columns = periods.find_covered_periods(str(text), inputs.settings) if text else [shape[1] - 1]
        parts = periods.count_pieces(str(text), inputs.settings) if text else 1
        for column in columns:
            np.add.at(capacity[:, column], place[mask], amounts[mask] / parts)
            np.minimum.at(row[:, column], place[mask], ordered["row"].to_numpy()[mask])
    return capacity, row


def tabulate_allocations(inputs: Inputs, used: Capacity) -> pd.DataFrame:
    """Return what each row of Allocations moved over the whole span: ``from``, ``to``, ``share``, ``amount``, ``row``.

    ``amount`` is the share of all that passes through the resource that gives, what it got itself among it, so that
    *own cost + what came − what went = cost* of each resource. Nothing where the shares could not be followed.
    """
    table, given = inputs["Allocations"], used.supply
    source = given.resources.get_indexer(pd.Index(table["from"].astype(str)))
    target = given.resources.get_indexer(pd.Index(table["to"].astype(str)))
    passing = given.through if given.is_allocated else np.zeros_like(given.own)
    known = (source >= 0) & (target >= 0)
    frame = table[["from", "to", "share", "row"]][known].astype({"from": object, "to": object})
    amount = frame["share"].to_numpy() * passing.sum(axis=1)[source[known]]
    return frame.assign(amount=amount).sort_values(["from", "to", "share", "row"], ignore_index=True)
