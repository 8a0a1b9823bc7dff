"""Fees: payouts that a fee of the payment or of the marketplace is off already, which is a cost and no lower price."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from xlprofit.importing.amount_words import WHOLE
from xlprofit.importing.match import Match
from xlprofit.importing.samples import Sample, is_sum
from xlprofit.reading.word_patterns import compile_words

Have = Mapping[str, Match]

FEES = compile_words("payment_fees")
"""Headers of what a payment or a marketplace costs the seller."""


def choose_before_fees(sample: Sample, have: Have) -> Have:
    """Return the columns with what was sold where the one found is what is left of it after a fee.

    The rows show it: sold − fee = left, be the fee written positive or negative. A total with a fee on it is none.
    """
    revenue = have["gross_revenue"]
    if revenue.by == "chosen" or revenue.at not in sample.numbers:
        return have
    for fee in _list_fees(sample, have):
        sold = _find_sold(sample, have, fee)
        if sold is not None:
            return {**have, "gross_revenue": Match("gross_revenue", sold, 0.95, "rows")}
    return have


def _list_fees(sample: Sample, have: Have) -> list[int]:
    """Return the columns of fees, in the export's order."""
    places = sample.list_money(have, have["gross_revenue"].at)
    return [at for at in places if FEES.fullmatch(sample.page.headers[at].replace("_", " ").strip())]


def _find_sold(sample: Sample, have: Have, fee: int) -> int | None:
    """Return the column of what was sold, which the revenue found and the fee make up; ``None`` where none is."""
    left, off = sample.numbers[have["gross_revenue"].at], np.abs(sample.numbers[fee])
    for at in sample.list_money(have, have["gross_revenue"].at, fee):
        if not WHOLE.search(sample.page.headers[at]) and is_sum(sample.numbers[at], left, off):
            return at
    return None
