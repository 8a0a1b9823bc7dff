"""Sales: gross revenue, discounts, returns and cost of goods, posted as they stand."""

from __future__ import annotations

import numpy as np
import pandas as pd

from xlprofit import ledger
from xlprofit.ledger.costs.rule import Basis, CostRule
from xlprofit.ledger.sums import sum_rows
from xlprofit.vocabulary.groups import Group
from xlprofit.vocabulary.levels import Level
from xlprofit.vocabulary.lines import Line

LINES = {
    "gross_revenue": (Line.GROSS_REVENUE, Group.REVENUE, 1.0),
    "discount": (Line.DISCOUNTS, Group.REVENUE, -1.0),
    "returns": (Line.RETURNS, Group.REVENUE, -1.0),
    "cogs": (Line.COGS, Group.COGS, -1.0),
}
"""Column of Sales → line and group of the ledger, and the sign it takes there."""


def sum_sales(basis: Basis) -> pd.DataFrame:
    """Return the sales added up by customer, period and product."""
    sales = basis.inputs["Sales"]
    return sum_rows(sales, basis.inputs.settings, list(LINES), ledger.list_traces(sales))


def price_sales(rows: pd.DataFrame, basis: Basis) -> list[pd.DataFrame]:
    """Return the postings of sales rows: gross revenue, discounts, returns and cost of goods.

    ``units`` is the money in the row and ``rate`` its sign, so *amount = units × rate* holds here too.
    """
    period = rows["period"].to_numpy()
    posted = []
    for column, (line, group, sign) in LINES.items():
        values = rows[column].to_numpy(dtype=np.float64)
        entry = np.flatnonzero((np.abs(values) > 0) | (column == "gross_revenue"))
        keys: dict[str, ledger.Key] = {
            "customer": rows["customer"].iloc[entry],
            **ledger.trace_rows(rows, entry),
            "period": ledger.code_words(period[entry], basis.periods),
            "line": line,
            "group": group,
            "level": Level.OUTPUT_UNIT,
            "source_table": "Sales",
        }
        posted.append(ledger.post_rows(keys, units=values[entry], rate=sign, entry=entry))
    return posted


RULE = CostRule("Sales", price_sales, sum_sales, reads=())
