"""Financing of average balances, for customers that have no invoices."""

from __future__ import annotations

import numpy as np
import pandas as pd

from xlprofit import ledger
from xlprofit.ledger.costs.rule import Basis, CostRule
from xlprofit.ledger.periods import SHARE_OF_YEAR
from xlprofit.ledger.receivables import FINANCED_READS, find_financed_shares, name_credit
from xlprofit.tables.invoices import INVOICES
from xlprofit.vocabulary.lines import Line


def price_balances(rows: pd.DataFrame, basis: Basis) -> list[pd.DataFrame]:
    """Return the financing cost of average balances, for customers that have no invoices.

    *Financing = balance × share × cost_of_capital × the period's share of a year*; several balances of a customer
    in one period are averaged. The first share is that of :func:`financed_share`. ``units`` is the balance (its
    part of the average).
    """
    inputs, settings = basis.inputs, basis.inputs.settings
    if settings.cost_of_capital is None or not len(rows):
        return []
    invoiced = set(inputs["Invoices"]["customer"].astype(str))
    balances = rows.reset_index(drop=True)
    balances = balances[~balances["customer"].isin(invoiced).to_numpy()]
    balances = ledger.sort_rows(balances, ["customer", "date", "balance"])
    period = balances["period"].to_numpy()
    group = balances["customer"].cat.codes.to_numpy().astype(np.int64) * (period.max(initial=0) + 1) + period
    _, place, count = np.unique(group, return_inverse=True, return_counts=True)
    yearly = settings.cost_of_capital * find_financed_shares(balances["customer"], inputs)
    posted = ledger.post_rows(
        name_credit(
            balances["customer"], ledger.code_words(period, basis.periods), Line.FINANCING, "Balances"
        )
        | ledger.trace_rows(balances, np.arange(len(balances))),
        units=balances["balance"].to_numpy(dtype=np.float64) / count[place],
        rate=-yearly * SHARE_OF_YEAR[settings.period],
        entry=balances.index.to_numpy().astype(np.int64),
    )
    return [posted]


RULE = CostRule("Balances", price_balances, reads=(INVOICES.name, *FINANCED_READS))
