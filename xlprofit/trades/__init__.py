"""Trades to start from: the resources, activities and time equations usual in each, and a sample year."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from xlprofit.trades import sample
from xlprofit.trades.services import SERVICES
from xlprofit.trades.subscription import SUBSCRIPTION
from xlprofit.trades.trade import Trade
from xlprofit.trades.wholesale import WHOLESALE

TRADES: Mapping[str, Trade] = {
    "wholesale": WHOLESALE,
    "services": SERVICES,
    "subscription": SUBSCRIPTION,
}
"""Every trade by the name of its template."""


def tables(name: str) -> dict[str, pd.DataFrame]:
    """Return every input table of a trade's template, in the language spoken; :class:`KeyError` if there is none."""
    return sample.tables(TRADES[name])
