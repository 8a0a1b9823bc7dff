"""Effects that are a change in whole: direct costs, commissions and the cost of credit."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit.tables.activities import ACTIVITIES
from xlprofit.tables.commissions import COMMISSIONS
from xlprofit.tables.direct_costs import DIRECT_COSTS
from xlprofit.tables.sales import SALES
from xlprofit.vocabulary.effects import Effect
from xlprofit.vocabulary.groups import Group

_BY_TABLE = {DIRECT_COSTS.name: Effect.DIRECT_COSTS, COMMISSIONS.name: Effect.COMMISSIONS}

WHOLE = (*_BY_TABLE.values(), Effect.COST_OF_CREDIT)
"""The effects that are a change in whole."""


def find_whole_rows(rows: pd.DataFrame, effect: Effect) -> npt.NDArray[np.bool_]:
    """Return which rows of a ledger an effect counts in whole."""
    if effect is Effect.COST_OF_CREDIT:
        return np.asarray((rows["group"] == Group.CREDIT).to_numpy()) & ~np.asarray(
            rows["source_table"].isin([SALES.name, ACTIVITIES.name, *_BY_TABLE]).to_numpy()
        )
    table = next(table for table, found in _BY_TABLE.items() if found is effect)
    return np.asarray((rows["source_table"] == table).to_numpy())
