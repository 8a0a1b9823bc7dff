"""Fees: payouts that a fee of the payment or of the marketplace is off already, which is a cost and no lower price."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from xlprofit.importing.exports.amount_words import WHOLE, is_seller_fee
from xlprofit.importing.exports.match import Match
from xlprofit.importing.proposals.samples import Sample, is_sum, list_taxes

Have = Mapping[str, Match]


def choose_before_fees(sample: Sample, have: Have) -> Have:
    """Return the columns with what was sold where the one found is what is left of it after a fee.

    The rows show it: sold − fee = left, or sold − tax − fee = left, be the fee written positive or negative. A total
    with a fee on it is none.
    """
    revenue = have["gross_revenue"]
    if revenue.by == "chosen" or revenue.at not in sample.numbers:
        return have
    for fee in _list_fees(sample, have):
        sold = _find_sold(sample, have, fee)
        if sold is not None:
            return {**have, "gross_revenue": sold}
    return have


def _list_fees(sample: Sample, have: Have) -> list[int]:
    """Return the columns of fees, in the export's order."""
    places = sample.list_money(have, have["gross_revenue"].at)
    return [at for at in places if is_seller_fee(sample.page.headers[at])]


def _find_sold(sample: Sample, have: Have, fee: int) -> Match | None:
    """Return what was sold, which the revenue found and the fee, and perhaps a tax, make up; ``None`` for none."""
    left, off = sample.numbers[have["gross_revenue"].at], np.abs(sample.numbers[fee])
    places = sample.list_money(have, have["gross_revenue"].at, fee)
    for at in places:
        if not WHOLE.search(sample.page.headers[at]) and is_sum(sample.numbers[at], left, off):
            return Match("gross_revenue", at, 0.95, "rows")
    for tax in list_taxes(sample, have):
        taxes = np.nan_to_num(sample.numbers[tax])
        for at in places:
            if at != tax and is_sum(sample.numbers[at], left, taxes, off):
                return Match("gross_revenue", at, 0.95, "rows").add_to_rule(minus=sample.page.headers[tax])
    return None
