"""Sales and direct costs: what the tables say in money, posted as it stands."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit import ledger
from xlprofit.model import periods
from xlprofit.tables import UNSPREAD_LEVELS, Settings

LINES = {
    "gross_revenue": (ledger.GROSS_REVENUE, "revenue", 1.0),
    "discount": (ledger.DISCOUNTS, "revenue", -1.0),
    "returns": (ledger.RETURNS, "revenue", -1.0),
    "cogs": (ledger.COGS, "cogs", -1.0),
}
"""Column of Sales → line and group of the ledger, and the sign it takes there."""


def direct_line(group: str) -> str:
    """Return the ledger line of the direct costs of a group."""
    return f"direct: {group}"


def summed(sales: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Return the sales added up by customer and period (its place in the span)."""
    return _summed(sales, settings, [], list(LINES))


def direct_summed(costs: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Return the direct costs added up by customer, period and group."""
    return _summed(costs, settings, ["group"], ["amount"])


def _summed(
    frame: pd.DataFrame, settings: Settings, names: Sequence[str], values: Sequence[str]
) -> pd.DataFrame:
    frame = ledger.in_order(frame, ["customer", "date", *names, *values])
    keys = ["customer", *names]
    codes = [frame[k].cat.codes.to_numpy().astype(np.int64) for k in keys]
    sizes = [len(frame[k].cat.categories) for k in keys]
    period = periods.code(frame["date"], settings)
    found, sums = ledger.add_up(
        [*codes, period],
        [*sizes, len(periods.labels(settings))],
        [frame[v].to_numpy(dtype=np.float64) for v in values],
    )
    data: dict[str, object] = {
        k: ledger.words(code, frame[k].cat.categories) for k, code in zip(keys, found[:-1], strict=True)
    }
    data["period"] = found[-1]
    return pd.DataFrame(data | dict(zip(values, sums, strict=True)))


def postings(
    sales: pd.DataFrame, period: npt.NDArray[np.int64], labels: pd.Index, sheet: str
) -> list[pd.DataFrame]:
    """Return the postings of sales rows: gross revenue, discounts, returns and cost of goods.

    ``units`` is the money in the row and ``rate`` its sign, so *amount = units × rate* holds here too.
    """
    posted = []
    for column, (line, group, sign) in LINES.items():
        values = sales[column].to_numpy(dtype=np.float64)
        entry = np.flatnonzero((np.abs(values) > 0) | (column == "gross_revenue"))
        posted.append(
            ledger.post(
                {
                    "customer": sales["customer"].iloc[entry],
                    "period": ledger.words(period[entry], labels),
                    "line": line,
                    "group": group,
                    "level": "output-unit",
                    "source": sheet,
                },
                units=values[entry],
                rate=sign,
                entry=entry,
            )
        )
    return posted


def direct_postings(
    costs: pd.DataFrame, period: npt.NDArray[np.int64], labels: pd.Index, sheet: str
) -> pd.DataFrame:
    """Return the postings of direct cost rows.

    A cost with no customer, or of the group channel or corporate, stands below the customers.
    """
    group = costs["group"].astype(str)
    nobody = (costs["customer"] == "") | group.isin(UNSPREAD_LEVELS)
    level = np.where(nobody, group.where(group.isin(UNSPREAD_LEVELS), "corporate"), "customer")
    return ledger.post(
        {
            "customer": costs["customer"].astype(object).where(~nobody, ""),
            "period": ledger.words(period, labels),
            "line": group.map(direct_line).where(group != "cogs", ledger.COGS),
            "group": group,
            "level": level,
            "source": sheet,
        },
        units=costs["amount"].to_numpy(dtype=np.float64),
        rate=-1.0,
        entry=np.arange(len(costs)),
    )
