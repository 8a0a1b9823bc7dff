"""Financing of invoices: what it costs to wait for a payment."""

from __future__ import annotations

import numpy as np
import pandas as pd

from xlprofit import ledger
from xlprofit.closed_form import find_financing
from xlprofit.ledger.costs.rule import Basis, CostRule
from xlprofit.ledger.periods import list_spans
from xlprofit.ledger.receivables import FINANCED_READS, find_financed_shares, name_credit, split_invoices
from xlprofit.vocabulary.lines import Line


def price_invoices(rows: pd.DataFrame, basis: Basis) -> list[pd.DataFrame]:
    """Return the financing cost of invoices, a posting for each invoice and period it was owed in.

    *Financing = amount × share × cost_of_capital × days / 365*, the days from the issue to the payment or
    write-off, or to ``as_of`` where it is owed then; those before the span's start or after its end are not counted.
    The share is 1, or what of the price was spent to earn it (:func:`financed_share`). ``units`` is amount × days,
    ``rate`` is −share × cost_of_capital / 365.
    """
    settings = basis.inputs.settings
    if settings.cost_of_capital is None or not len(rows):
        return []
    parts = split_invoices(rows, settings)
    share = find_financed_shares(parts["customer"], basis.inputs)
    day = np.timedelta64(1, "D")
    until = parts["until"].fillna(settings.as_of)
    owed_until = until.where(until < settings.as_of, settings.as_of).to_numpy()
    issued, amount = parts["issued"].to_numpy(), parts["amount"].to_numpy()
    found = []
    for place, span in enumerate(list_spans(settings)):
        first = max(span.start_time.normalize(), settings.start).to_datetime64()
        after = min(span.end_time.normalize(), settings.end).to_datetime64() + day
        days = (np.minimum(owed_until, after) - np.maximum(issued, first)) / day
        at = np.flatnonzero(days > 0)
        found.append((at, (amount * days)[at], np.full(len(at), place, dtype=np.int64)))
    at, units, period = (np.concatenate([part[n] for part in found]) for n in range(3))
    if not len(at):
        return []
    entry = parts["entry"].to_numpy()[at]
    words = ledger.code_words(period, basis.periods)
    keys = name_credit(parts["customer"].iloc[at], words, Line.FINANCING, "Invoices")
    return [
        ledger.post_rows(
            keys | ledger.trace_rows(rows, entry),
            units=units,
            rate=-find_financing(1.0, 1.0, settings.cost_of_capital) * share[at],
            entry=entry,
        )
    ]


RULE = CostRule("Invoices", price_invoices, dated="issued", reads=FINANCED_READS)
