"""A cost rule: which rows it prices, and how; the ledger's sums and the single rows behind them alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit.ledger.capacity import Capacity, spread_rates
from xlprofit.ledger.periods import list_labels, place_dates

if TYPE_CHECKING:
    from xlprofit.tables import Inputs

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Basis:
    """What amounts are priced by: the tables, and what was worked out of them before.

    Attributes:
        inputs: the input tables, typed and clean.
        equations: the terms of the time equations (:func:`xlprofit.ledger.effort.list_terms`).
        log: the activity log summed by customer, period and activity (:func:`xlprofit.ledger.effort.sum_log`).
        resources: what each resource costs, supplies, was used for and is charged at.
    """

    inputs: Inputs
    equations: pd.DataFrame
    log: pd.DataFrame
    resources: Capacity

    @cached_property
    def periods(self) -> pd.Index[str]:
        """The labels of the periods, in order."""
        found: pd.Index[str] = list_labels(self.inputs.settings)
        return found

    @cached_property
    def rates(self) -> pd.DataFrame:
        """The capacity cost rate, resources × periods: money a unit, positive; blank where there is none."""
        rates = spread_rates(self.resources)
        return pd.DataFrame(rates, index=self.resources.supply.resources, columns=self.periods)


Price = Callable[[pd.DataFrame, Basis], Sequence[pd.DataFrame]]
"""Returns the postings of rows (:func:`xlprofit.ledger.post_rows`), whose ``entry`` is the place among these rows."""


@dataclass(frozen=True)
class CostRule:
    """A cost rule: *amount = units × rate* for each row of a table.

    The rows that are priced have the table's columns and, where it has a date, ``period``, the place of its period
    in the span. A price that is linear in some columns is the same for their sums: then ``sums`` gives these, and
    the ledger is posted from them; an explanation is made of the rows themselves, by the same ``price``.

    Attributes:
        table: the table whose rows are priced.
        price: returns the postings of some of its rows, or of their sums.
        sums: returns the table's rows added up, with ``period``; the rows themselves are priced where it is ``None``.
        dated: the table's column with the date of a row; empty where it has none.
        shared: returns which rows are posted to nobody though they name a customer; none where it is ``None``.
        reads: the other tables that the price depends on; where it is ``None``, that is not said.
    """

    table: str
    price: Price
    sums: Callable[[Basis], pd.DataFrame] | None = None
    dated: str = "date"
    shared: Callable[[pd.DataFrame, Basis], Mask] | None = None
    reads: tuple[str, ...] | None = None

    def post(self, basis: Basis) -> Sequence[pd.DataFrame]:
        """Return the postings of the whole table."""
        if self.sums is not None:
            return self.price(self.sums(basis), basis)
        return self.price(self._with_period(basis.inputs[self.table], basis), basis)

    def explain(self, customer: str, basis: Basis) -> pd.DataFrame:
        """Return the postings of a customer, each with the ``table``, ``row`` and ``date`` of the row behind it.

        An empty customer gives what is posted to nobody.
        """
        rows = self._with_period(self._rows_of(customer, basis), basis)
        posted = [part for part in self.price(rows, basis) if len(part)]
        if not posted:
            return pd.DataFrame()
        found = pd.concat(posted, ignore_index=True)
        own = found[(found["customer"] == customer).to_numpy()]
        entry = own["entry"].to_numpy()
        date = rows[self.dated].to_numpy()[entry] if self.dated else np.datetime64("NaT", "ns")
        return own.assign(table=self.table, row=rows["row"].to_numpy()[entry], date=date)

    def _rows_of(self, customer: str, basis: Basis) -> pd.DataFrame:
        """Return the rows that may be posted to a customer."""
        rows = basis.inputs[self.table]
        if "customer" in rows:
            own = (rows["customer"] == customer).to_numpy()
            if not customer and self.shared is not None:
                own = own | self.shared(rows, basis)
        else:
            own = np.full(len(rows), not customer)
        return rows[own].reset_index(drop=True)

    def _with_period(self, rows: pd.DataFrame, basis: Basis) -> pd.DataFrame:
        if self.dated != "date":
            return rows
        return rows.assign(period=place_dates(rows[self.dated], basis.inputs.settings))
