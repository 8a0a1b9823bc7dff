"""Taxes: whether the tax beside an amount is in it, by what the rows add up to, by its rate, or by its name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import chain

import numpy as np

from xlprofit.importing.exports.amount_words import (
    BEFORE_DISCOUNT,
    GROSS,
    OF_WHICH,
    TAX,
    TAX_RATE,
    WITH_TAX,
    WITHOUT_TAX,
    is_seller_fee,
)
from xlprofit.importing.exports.derivation import NETS, is_rate, rule_of
from xlprofit.importing.exports.match import Match
from xlprofit.importing.proposals.samples import (
    Floats,
    Sample,
    are_round,
    holds,
    is_sum,
    list_discounts,
    list_taxes,
    read_rates,
    read_values,
)

Have = Mapping[str, Match]
GUESS = 0.4
"""How sure a column is at most that may have its tax in it."""


def choose_untaxed(sample: Sample, have: Have) -> Have:
    """Return the columns with revenue before tax: another column, the one found less its tax, or left in doubt."""
    revenue = have["gross_revenue"]
    rule = rule_of(sample.page, revenue, have)
    if (
        revenue.by == "chosen"
        or revenue.at not in sample.numbers
        or (rule.minus and not TAX.search(rule.minus))
    ):
        return have
    amounts = sample.numbers[revenue.at] if rule.minus else read_values(sample, have, "gross_revenue")
    several = list_tax_sets(sample, have)
    for taxes in several:
        judged = _judge_discounted(sample, have, amounts, taxes)
        if judged is not None:
            return {**have, "gross_revenue": judged}
    if several:
        return {**have, "gross_revenue": _judge_by_name(sample, have, several[-1])}
    rate = next(_list_rates(sample), None)
    if rate is not None:
        return {**have, "gross_revenue": _judge_rate(sample, have, amounts, rate)}
    found = _find_net_of_rate(sample, have, amounts)
    return {**have, "gross_revenue": _doubt_gross(sample, have, found)}


def list_tax_sets(sample: Sample, have: Have) -> list[tuple[int, ...]]:
    """Return the columns of tax that may belong together: each alone, and then all of them."""
    found = list(list_taxes(sample, have))
    return [(at,) for at in found] + ([tuple(found)] if len(found) > 1 else [])


def add_taxes(sample: Sample, taxes: tuple[int, ...]) -> Floats:
    """Return the tax of each row, of one column or of several."""
    total: Floats = np.zeros(len(sample.rows))
    for at in taxes:
        total = total + np.nan_to_num(sample.numbers[at])
    return total


def _judge_discounted(sample: Sample, have: Have, amounts: Floats, taxes: tuple[int, ...]) -> Match | None:
    """Return revenue without tax as the rows prove it, less a discount or not; ``None`` where they do not."""
    plain = {name: match for name, match in have.items() if name != "discount"}
    alone = _judge_tax(sample, plain, amounts, taxes)
    if "discount" not in have or (alone is not None and alone.at != have["gross_revenue"].at):
        return alone
    listed = _find_listed_part(sample, have, sample.numbers[have["gross_revenue"].at], taxes)
    if listed is not None:
        return listed
    off = list_discounts(sample, have, amounts)[int(is_rate(sample.page, have["discount"].at))]
    return _judge_tax(sample, have, amounts - off, taxes) or alone


def _find_net_of_rate(sample: Sample, have: Have, amounts: Floats) -> Match:
    """Return a column of net amounts where the revenue found is that with tax at a round rate."""
    revenue, page = have["gross_revenue"], sample.page
    if WITHOUT_TAX.search(page.headers[revenue.at]) or page.name_keys(revenue.at) & NETS:
        return revenue
    for at in sample.list_money(have, revenue.at):
        net = sample.numbers[at]
        with np.errstate(divide="ignore", invalid="ignore"):
            shares = np.where(net != 0, (amounts - net) / net, np.nan)
        if WITHOUT_TAX.search(page.headers[at].replace("_", " ")) and are_round(shares, net):
            return Match("gross_revenue", at, 0.9, "rows")
    return revenue


def _doubt_gross(sample: Sample, have: Have, revenue: Match) -> Match:
    """Return revenue as a guess where its header says with tax and nothing beside it says how much."""
    header = sample.page.headers[revenue.at]
    if "discount" in have or WITHOUT_TAX.search(header) or not GROSS.search(header):
        return revenue
    return replace(revenue, trust=min(revenue.trust, GUESS))


def _list_rates(sample: Sample) -> Iterator[int]:
    for at, values in sample.numbers.items():
        if TAX_RATE.search(sample.page.headers[at]) and np.nan_to_num(values).any():
            yield at


def _judge_tax(sample: Sample, have: Have, amounts: Floats, places: tuple[int, ...]) -> Match | None:
    """Return revenue without the tax in some columns: found by sums or by the rate; ``None`` where neither tells."""
    revenue, taxes = have["gross_revenue"], add_taxes(sample, places)
    others = sample.list_money(have, revenue.at, *places)
    found = find_part(sample, amounts, taxes, others)
    if found is not None and "discount" not in have:
        return Match("gross_revenue", found, 0.95, "rows")
    if any(_makes_total(sample, sample.numbers[at], amounts, taxes, others) for at in others):
        kept = replace(revenue, trust=0.85, by="rows") if revenue.by == "content" else revenue
        return kept.add_to_rule(minus="")
    with np.errstate(divide="ignore", invalid="ignore"):
        base = np.where(taxes != 0, amounts - taxes, np.nan)
        inside = are_round(taxes / base, base)
        outside = are_round(np.where(taxes != 0, taxes / amounts, np.nan), amounts)
    if inside == outside:
        return None
    return _take_off(sample, revenue, places) if inside else revenue.add_to_rule(minus="")


def _take_off(sample: Sample, revenue: Match, places: tuple[int, ...]) -> Match:
    first, *others = (sample.page.headers[at] for at in places)
    return revenue.add_to_rule(minus=first, less=tuple(others))


def _judge_by_name(sample: Sample, have: Have, places: tuple[int, ...]) -> Match:
    """Return revenue without tax as its name says it; in doubt where that does not tell."""
    revenue, header = have["gross_revenue"], sample.page.headers[have["gross_revenue"].at]
    if WITHOUT_TAX.search(header) or sample.page.name_keys(revenue.at) & NETS:
        return revenue
    means_list = "discount" in have and BEFORE_DISCOUNT.search(header)
    said = sample.page.headers[places[0]]
    if OF_WHICH.search(said) or (WITH_TAX.search(header) and not means_list):
        return _take_off(sample, revenue, places)
    if rule_of(sample.page, revenue, have).minus:
        return revenue
    return revenue.add_to_rule(doubt="tax", instead=said)


def find_part(sample: Sample, total: Floats, taxes: Floats, others: list[int]) -> int | None:
    """Return the column that makes a total with its tax, or with that and a third amount, such as the freight."""
    size = _find_middle(taxes)
    alone = (
        at
        for at in others
        if _find_middle(sample.numbers[at]) >= size and is_sum(total, sample.numbers[at], taxes)
    )
    paid = [at for at in others if not is_seller_fee(sample.page.headers[at])]
    pairs = (
        max(one, other, key=lambda at: float(np.nanmedian(np.abs(sample.numbers[at]))))
        for one in paid
        for other in paid
        if one < other and is_sum(total, sample.numbers[one], sample.numbers[other], taxes)
    )
    return next(chain(alone, pairs), None)


def _find_middle(amounts: Floats) -> float:
    """Return the size of the amount in the middle."""
    return float(np.nanmedian(np.abs(amounts))) if np.isfinite(amounts).any() else 0.0


def _find_listed_part(sample: Sample, have: Have, total: Floats, places: tuple[int, ...]) -> Match | None:
    """Return the amounts before a discount that, less it, make a total with its tax and perhaps a third amount."""
    taxes = add_taxes(sample, places)
    others = sample.list_money(have, *places, *(match.at for match in have.values()))
    for at in others:
        for off in list_discounts(sample, have, sample.numbers[at]):
            rest = [other for other in others if other != at]
            if _makes_total(sample, total, sample.numbers[at] - off, taxes, rest):
                return Match("gross_revenue", at, 0.95, "rows")
    return None


def _makes_total(sample: Sample, total: Floats, amounts: Floats, taxes: Floats, others: list[int]) -> bool:
    """Whether a column is the amounts with their tax, and perhaps with a third amount."""
    if is_sum(total, amounts, taxes):
        return True
    thirds = (sample.numbers[at] for at in others if sample.numbers[at] is not total)
    return any(is_sum(total, amounts, third, taxes) for third in thirds)


def _judge_rate(sample: Sample, have: Have, amounts: Floats, rate: int) -> Match:
    """Return revenue without tax where the export gives its rate alone."""
    revenue, header = have["gross_revenue"], sample.page.headers[have["gross_revenue"].at]
    rates = np.nan_to_num(read_rates(sample.numbers[rate]))
    others, telling = sample.list_money(have, revenue.at, rate), rates != 0
    for at in others:
        if holds(amounts, sample.numbers[at] * (1 + rates), telling):
            return Match("gross_revenue", at, 0.95, "rows")
        if holds(sample.numbers[at], amounts * (1 + rates), telling):
            return revenue
    said = sample.page.headers[rate]
    if WITHOUT_TAX.search(header) or sample.page.name_keys(revenue.at) & NETS:
        return revenue
    if WITH_TAX.search(header):
        return revenue.add_to_rule(tax_rate=said)
    return revenue.add_to_rule(doubt="tax_rate", instead=said)


def choose_untaxed_returns(sample: Sample, have: Have) -> Have:
    """Return the columns with refunds without their tax, where the rows give a total with tax that they are of."""
    back, page = have.get("returns"), sample.page
    tax = next(list_taxes(sample, have), None)
    if back is None or tax is None or back.at not in sample.numbers or back.by == "chosen":
        return have
    amounts, taxes = read_values(sample, have, "gross_revenue"), np.nan_to_num(sample.numbers[tax])
    others = sample.list_money(have, have["gross_revenue"].at, tax, back.at)
    total = next(
        (at for at in others if _makes_total(sample, sample.numbers[at], amounts, taxes, others)), None
    )
    if total is None:
        return have
    refunds = np.nan_to_num(sample.numbers[back.at])
    whole = (refunds != 0) & (np.abs(refunds - sample.numbers[total]) < 0.011)
    doubt = {} if whole.any() or not refunds.any() else {"doubt": "refund"}
    return {**have, "returns": back.add_to_rule(tax=page.headers[tax], total=page.headers[total], **doubt)}
