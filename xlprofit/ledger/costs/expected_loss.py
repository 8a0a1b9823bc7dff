"""Expected loss: the charge of each period to the allowance, invoice by invoice."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd

from xlprofit import ledger
from xlprofit.ledger.allowance import falls_between, find_cost_shares, list_days, order_rates
from xlprofit.ledger.costs.rule import Basis, CostRule
from xlprofit.ledger.receivables import name_credit, split_invoices
from xlprofit.vocabulary.lines import Line


def price_expected_loss(rows: pd.DataFrame, basis: Basis) -> list[pd.DataFrame]:
    """Return the charge of each period for expected loss, a posting for each part of an invoice that moved.

    A part of an invoice has cost, by the end of a day, a share of itself: nothing before it is issued or once it
    is paid, the loss rate of its bucket while it is owed (:func:`find_loss_rates`), all of it once it is written off.
    *Charge of a period = amount × change of that share over the period*; ``units`` is the amount, ``rate`` the
    change, negative where it rose. What was recovered of a write-off is a posting of its own, at rate 1.
    The sum over the span is closing − opening + written off − recovered, a cost and so negative.
    """
    settings = basis.inputs.settings
    if not len(rows):
        return []
    parts, matrix = split_invoices(rows, settings), order_rates(basis.inputs)
    dated = parts[["issued", "due", "until", "lost"]]
    issued, until, back = (parts[c].to_numpy() for c in ("issued", "until", "recovered_on"))
    recovered = parts["recovered"].to_numpy(dtype=np.float64)
    amount = parts["amount"].to_numpy(dtype=np.float64)
    days = list_days(settings)
    found = []
    for place, (before, day) in enumerate(pairwise(days)):
        moving = np.flatnonzero((issued <= day.to_datetime64()) & ~(until <= before.to_datetime64()))
        some = dated.iloc[moving]
        change = find_cost_shares(some, day, matrix) - find_cost_shares(some, before, matrix)
        moved = np.abs(change) > 0
        came = np.flatnonzero(falls_between(back, before, day) & (recovered > 0))
        found.append((moving[moved], amount[moving[moved]], -change[moved], place))
        found.append((came, recovered[came], np.ones(len(came)), place))
    at, units, rate = (np.concatenate([part[n] for part in found]) for n in range(3))
    period = np.concatenate([np.full(len(part[0]), part[3], dtype=np.int64) for part in found])
    if not len(at):
        return []
    entry = parts["entry"].to_numpy()[at]
    words = ledger.code_words(period, basis.periods)
    keys = name_credit(parts["customer"].iloc[at], words, Line.EXPECTED_LOSS, "Invoices")
    keys |= ledger.trace_rows(rows, entry)
    return [ledger.post_rows(keys, units=units, rate=rate, entry=entry)]


RULE = CostRule("Invoices", price_expected_loss, dated="issued", reads=("LossRates",))
