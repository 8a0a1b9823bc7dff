"""Direct costs: what the table says in money, posted as it stands."""

from __future__ import annotations

import numpy as np
import pandas as pd

from xlprofit import ledger
from xlprofit.ledger.costs.rule import Basis, CostRule, Mask
from xlprofit.ledger.sums import sum_rows
from xlprofit.vocabulary.groups import Group
from xlprofit.vocabulary.levels import UNSPREAD_LEVELS, Level
from xlprofit.vocabulary.lines import Line


def name_direct_line(group: str) -> str:
    """Return the ledger line of the direct costs of a group."""
    return f"direct: {group}"


def sum_direct_costs(basis: Basis) -> pd.DataFrame:
    """Return the direct costs added up by customer, period and group."""
    costs = basis.inputs["DirectCosts"]
    return sum_rows(costs, basis.inputs.settings, ["amount"], ["group", *ledger.list_traces(costs)])


def price_direct_costs(rows: pd.DataFrame, basis: Basis) -> list[pd.DataFrame]:
    """Return the postings of direct cost rows.

    A cost with no customer, or of the group channel or corporate, stands below the customers.
    """
    group = rows["group"].astype(str)
    nobody = (rows["customer"] == "") | group.isin(UNSPREAD_LEVELS)
    keys: dict[str, ledger.Key] = {
        "customer": rows["customer"].astype(object).where(~nobody, ""),
        "period": ledger.code_words(rows["period"].to_numpy(), basis.periods),
        "line": group.map(name_direct_line).where(group != Group.COGS, str(Line.COGS)),
        "group": group,
        "level": np.where(
            nobody, group.where(group.isin(UNSPREAD_LEVELS), str(Level.CORPORATE)), str(Level.CUSTOMER)
        ),
        "source_table": "DirectCosts",
    }
    units, entry = rows["amount"].to_numpy(dtype=np.float64), np.arange(len(rows))
    return [ledger.post_rows(keys | ledger.trace_rows(rows, entry), units=units, rate=-1.0, entry=entry)]


def _find_shared(rows: pd.DataFrame, basis: Basis) -> Mask:
    return rows["group"].isin(UNSPREAD_LEVELS).to_numpy(dtype=bool)


RULE = CostRule("DirectCosts", price_direct_costs, sum_direct_costs, shared=_find_shared, reads=())
