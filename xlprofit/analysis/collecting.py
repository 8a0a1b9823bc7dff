"""Collecting: whether what a customer owes, and how late, is what must be seen to first.

What a customer owes is there whether the relationship goes on or ends: it is sunk, and collected, not saved by ending
(only what differs bears on a choice: Horngren, Datar and Rajan, *Cost Accounting*). A customer is a case for
collecting where what is *seriously late* of it is both

- at least :data:`OF_REVENUE` of a year's net revenue at today's level (of its average year in the span where that is
  higher: who stopped buying still owes), five weeks of its sales, and
- at least :data:`OF_RUN_RATE` of its run rate, of either sign: as much as it earns, or loses, in three months.

Seriously late is all of an invoice that is more than :data:`LATE` days past due; of one that is more than
:data:`SLOW` days past due *days / LATE*, since most of a year's sales unpaid for seven weeks is no less a case than a
tenth of it for nine. What is not as late says little: many pay so. The amount at stake is all that is overdue.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit.analysis import avoidable
from xlprofit.ledger import receivables

if TYPE_CHECKING:
    from xlprofit.tables import Inputs

Numbers = npt.NDArray[np.float64]

SLOW, LATE = 30, 60
"""Days past due after which an invoice is seriously late in part, and as a whole."""

OF_REVENUE, OF_RUN_RATE = 0.10, 0.25
"""How much must be seriously late, as a share of a year's net revenue and of the run rate."""


@dataclass(frozen=True)
class Owed:
    """What each customer owes, in money: ``overdue`` in all, ``serious`` what of it is seriously late (see the module).

    ``days`` is how many days past due what is overdue is on average, by amount; blank where nothing is.
    """

    overdue: Numbers
    serious: Numbers
    days: Numbers

    def is_material(self, sold: Numbers) -> npt.NDArray[np.bool_]:
        """Return where what is seriously late is material beside a year's net revenue."""
        return np.asarray((self.serious > 0) & (self.serious >= OF_REVENUE * np.maximum(sold, 0.0)))

    def outweighs(self, run_rate: Numbers, rows: npt.NDArray[np.int64] | slice) -> npt.NDArray[np.bool_]:
        """Return where what is seriously late is material beside the run rate of these customers (× runs, if any)."""
        serious = self.serious[rows] if run_rate.ndim == 1 else self.serious[rows, None]
        return np.asarray(serious >= OF_RUN_RATE * np.abs(run_rate))


def count_owed(inputs: Inputs, names: pd.Index) -> Owed:
    """Return what each of these customers owes on the day ``as_of``; credit notes are taken off what is as late."""
    as_of = inputs.settings.as_of
    invoices = receivables.split_invoices(inputs["Invoices"], inputs.settings)
    who = avoidable.find_word_places(invoices["customer"], names)
    late = receivables.count_days_past_due(invoices, as_of)
    amount = invoices["amount"].to_numpy(dtype=np.float64)
    unpaid = (who >= 0) & receivables.is_open(invoices, as_of) & (late > 0)

    def total(values: Numbers, chosen: npt.NDArray[np.bool_]) -> Numbers:
        return np.bincount(who[chosen], weights=values[chosen], minlength=len(names)).astype(np.float64)

    overdue = total(amount, unpaid)
    serious = total(amount * np.minimum(late / LATE, 1.0), unpaid & (late > SLOW))
    days = np.full(len(names), np.nan)
    np.divide(total(amount * late, unpaid), overdue, out=days, where=overdue > 0)
    return Owed(np.maximum(overdue, 0.0), np.maximum(np.minimum(serious, overdue), 0.0), days)
