"""Expected loss: the charge of each period to the allowance, invoice by invoice."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd

from xlprofit import ledger
from xlprofit.ledger.allowance import falls_between, find_cost_shares, list_days, order_rates
from xlprofit.ledger.costs.rule import Basis, Rule
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
    issued, until, back = (parts[c].to_numpy() for c in ("issued", "until", "recovered_on"))
    days = list_days(settings)
    posted = []
    for label, (before, day) in zip(basis.periods, pairwise(days), strict=True):
        may_move = (issued <= day.to_datetime64()) & ~(until <= before.to_datetime64())
        moving = parts[may_move]
        change = find_cost_shares(moving, day, matrix) - find_cost_shares(moving, before, matrix)
        came = falls_between(back, before, day) & (parts["recovered"].to_numpy() > 0)
        moved = np.abs(change) > 0
        for some, units, rate in (
            (moving[moved], "amount", -change[moved]),
            (parts[came], "recovered", np.ones(int(came.sum()))),
        ):
            if len(some):
                keys = name_credit(some["customer"], str(label), Line.EXPECTED_LOSS, "Invoices")
                entry = some["entry"].to_numpy()
                keys |= ledger.trace_rows(rows, entry)
                posted.append(ledger.post_rows(keys, units=some[units].to_numpy(), rate=rate, entry=entry))
    return posted


RULE = Rule("Invoices", price_expected_loss, dated="issued", reads=("LossRates",))
