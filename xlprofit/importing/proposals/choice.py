"""Choice: which columns of amounts a table takes, where an export has several that hang together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from xlprofit.importing.exports.amount_words import OPEN, WITHOUT_TAX
from xlprofit.importing.exports.match import Match
from xlprofit.importing.exports.matching import has_part_of_name
from xlprofit.importing.exports.pages import Page
from xlprofit.importing.proposals.common_currency import choose_common_currency
from xlprofit.importing.proposals.continuations import leave_out_lines
from xlprofit.importing.proposals.discounts import choose_net
from xlprofit.importing.proposals.fees import choose_before_fees
from xlprofit.importing.proposals.lines import (
    choose_line_amount,
    choose_line_cost,
    choose_once,
    choose_order_net,
)
from xlprofit.importing.proposals.samples import Sample, is_sum, list_taxes
from xlprofit.importing.proposals.taxes import choose_untaxed, choose_untaxed_returns
from xlprofit.tables import TABLES

Have = Mapping[str, Match]


def choose_amounts(table: str, page: Page, have: Have) -> Have:
    """Return the columns of a table with the amounts that its rows show to be the right ones.

    Amounts of a line go before those of one unit and of a whole order, those before tax before those with it; nothing
    is taken off twice. What the rows do not show is left in doubt (:attr:`ColumnRule.doubt`) and told when it is read.
    """
    if page.months or not page.cells:
        return have
    if table == "Sales" and "gross_revenue" in have:
        sample = Sample(page)
        for choose in (
            choose_common_currency,
            choose_before_fees,
            choose_line_amount,
            choose_once,
            choose_order_net,
            choose_net,
            choose_untaxed,
            choose_net,
            _doubt_one_of_several,
            leave_out_lines,
        ):
            have = choose(sample, have)
        return choose_untaxed_returns(sample, choose_line_cost(sample, have))
    return _choose_receivable(Sample(page), have) if table == "Invoices" and "amount" in have else have


def _doubt_one_of_several(sample: Sample, have: Have) -> Have:
    """Return revenue in doubt where other amounts are called so in part too: Hardware sales, Service sales."""
    revenue, column = have["gross_revenue"], TABLES["Sales"].column("gross_revenue")
    if revenue.by != "part of the name":
        return have
    others = sample.list_money(have, *(match.at for match in have.values()))
    other = next(
        (h for h in (sample.page.headers[at] for at in others) if has_part_of_name("Sales", column, h)), ""
    )
    if not other:
        return have
    return {**have, "gross_revenue": revenue.add_to_rule(doubt="beside", instead=other)}


def _choose_receivable(sample: Sample, have: Have) -> Have:
    """Return the columns of invoices with what was invoiced with tax, not what is left to be paid or the net of it."""
    amount = have["amount"]
    if amount.by == "chosen" or amount.at not in sample.numbers:
        return have
    others = sample.list_money(have, amount.at)
    total = _find_total_with_tax(sample, have, others)
    if total is not None:
        return {**have, "amount": Match("amount", total, 0.95, "rows")}
    if not OPEN.search(sample.page.headers[amount.at]):
        return have
    whole = _find_invoiced_whole(sample, amount.at, others)
    return have if whole is None else {**have, "amount": Match("amount", whole, 0.9, "rows")}


def _find_invoiced_whole(sample: Sample, left: int, others: Sequence[int]) -> int | None:
    """Return the column of what was invoiced with tax, of which ``left`` is to be paid; ``None`` for none."""
    values = np.nan_to_num(sample.numbers[left])
    for at in others:
        header, whole = sample.page.headers[at], np.nan_to_num(sample.numbers[at])
        if not OPEN.search(header) and (np.abs(values) <= np.abs(whole) + 0.005).all() and whole.any():
            untaxed = WITHOUT_TAX.search(header) and not (values == whole).any()
            if not untaxed:
                return at
    return None


def _find_total_with_tax(sample: Sample, have: Have, others: list[int]) -> int | None:
    """Return the column that is the sum of another one and the tax."""
    places = [have["amount"].at, *others]
    for tax in list_taxes(sample, {name: match for name, match in have.items() if name != "amount"}):
        for total in places:
            for net in places:
                if len({total, net, tax}) == 3 and is_sum(
                    sample.numbers[total], sample.numbers[net], sample.numbers[tax]
                ):
                    is_whole = np.nanmax(np.abs(sample.numbers[total])) > np.nanmax(
                        np.abs(sample.numbers[net])
                    )
                    if is_whole:
                        return total
    return None
