"""The whale curve: profit added up customer by customer, the most profitable first.

Source: Kaplan and Narayanan, "Measuring and Managing Customer Profitability", Journal of Cost
Management 2001.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from xlprofit.closed_form import add_up_curve, rank_profits


def draw_curve(profit: pd.Series) -> pd.DataFrame:
    """Return the whale curve of these profits.

    Args:
        profit: profit by customer, in currency.

    Returns:
        A row a customer, by descending profit (ties by name): ``rank`` from 1, ``profit``,
        ``cumulative`` (currency) and ``cumulative_share`` (of the total; blank where the total is not above
        zero). The peak is the sum of the positive profits, the erosion the peak less the total.

    >>> draw_curve(pd.Series({"A": -40.0, "B": 100.0}))["cumulative"].tolist()
    [100.0, 60.0]
    """
    order = rank_profits(profit.tolist(), profit.index.astype(str).tolist())
    ranked = profit.iloc[order].astype(float)
    cumulative, shares = add_up_curve(ranked.tolist())
    return pd.DataFrame(
        {
            "rank": np.arange(1, len(ranked) + 1),
            "profit": ranked,
            "cumulative": np.array(cumulative, dtype=np.float64),
            "cumulative_share": np.array(shares or [np.nan] * len(ranked), dtype=np.float64),
        }
    )


def find_peak(profit: pd.Series) -> float:
    """Return the sum of the profits above zero: what the profitable customers bring."""
    return float(profit.clip(lower=0).sum())
