"""Taxes: whether the tax beside an amount is in it, by what the rows add up to, by its rate, or by its name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import chain

import numpy as np

from xlprofit.importing.amount_words import (
    BEFORE_DISCOUNT,
    INCLUDING,
    OF_WHICH,
    TAX,
    TAX_RATE,
    WITH_TAX,
    WITHOUT_TAX,
)
from xlprofit.importing.derivation import NETS, TAXES, is_rate, rule_of
from xlprofit.importing.match import Match
from xlprofit.importing.samples import (
    Floats,
    Sample,
    are_round,
    holds,
    is_sum,
    list_discounts,
    read_rates,
    read_values,
)

Have = Mapping[str, Match]


def choose_untaxed(sample: Sample, have: Have) -> Have:
    """Return the columns with revenue before tax: another column, the one found less its tax, or left in doubt."""
    revenue = have["gross_revenue"]
    if (
        revenue.by == "chosen"
        or revenue.at not in sample.numbers
        or rule_of(sample.page, revenue, have).minus
    ):
        return have
    amounts = read_values(sample, have, "gross_revenue")
    tax = next(list_taxes(sample, have), None)
    if tax is not None:
        judged = _judge_tax(sample, have, amounts, tax)
        plain = {name: match for name, match in have.items() if name != "discount"}
        if (
            "discount" in have and judged.at == revenue.at
        ):  # a discount that is not in the total may tell nothing
            alone = _judge_tax(sample, plain, amounts, tax)
            judged = alone if alone.by == "rows" else judged
        return {**have, "gross_revenue": judged}
    rate = next(_list_rates(sample), None)
    return have if rate is None else {**have, "gross_revenue": _judge_rate(sample, have, amounts, rate)}


def list_taxes(sample: Sample, have: Have) -> Iterator[int]:
    """Yield the columns of amounts of tax, in the export's order."""
    page, used = sample.page, {match.at for match in have.values()}
    for at in sample.numbers:
        header = page.headers[at]
        is_tax = page.name_keys(at) & TAXES or TAX.search(header.replace("_", " "))
        other = TAX_RATE.search(header) or WITHOUT_TAX.search(header) or INCLUDING.search(header)
        if at not in used and is_tax and not other and np.nan_to_num(sample.numbers[at]).any():
            yield at


def _list_rates(sample: Sample) -> Iterator[int]:
    for at, values in sample.numbers.items():
        if TAX_RATE.search(sample.page.headers[at]) and np.nan_to_num(values).any():
            yield at


def _judge_tax(sample: Sample, have: Have, amounts: Floats, tax: int) -> Match:
    """Return revenue without the tax in a column: found by sums, by the rate, by names; in doubt where none tells."""
    revenue, taxes = have["gross_revenue"], np.nan_to_num(sample.numbers[tax])
    others = sample.list_money(have, revenue.at, tax)
    if "discount" in have:
        amounts = (
            amounts - list_discounts(sample, have, amounts)[int(is_rate(sample.page, have["discount"].at))]
        )
    found = find_part(sample, amounts, taxes, others)
    if found is not None and "discount" not in have:
        return Match("gross_revenue", found, 0.95, "rows")
    if any(_makes_total(sample, sample.numbers[at], amounts, taxes, others) for at in others):
        return replace(revenue, trust=0.85, by="rows") if revenue.by == "content" else revenue
    with np.errstate(divide="ignore", invalid="ignore"):
        telling = taxes != 0
        base = np.where(telling, amounts - taxes, np.nan)
        inside = are_round(taxes / base, base)
        outside = are_round(np.where(telling, taxes / amounts, np.nan), amounts)
    header, said = sample.page.headers[revenue.at], sample.page.headers[tax]
    if inside != outside:
        return revenue.add_to_rule(minus=said) if inside else revenue
    if WITHOUT_TAX.search(header) or sample.page.name_keys(revenue.at) & NETS:
        return revenue
    means_list = "discount" in have and BEFORE_DISCOUNT.search(header)
    if OF_WHICH.search(said) or (WITH_TAX.search(header) and not means_list):
        return revenue.add_to_rule(minus=said)
    return revenue.add_to_rule(doubt="tax", instead=said)


def find_part(sample: Sample, total: Floats, taxes: Floats, others: list[int]) -> int | None:
    """Return the column that makes a total with its tax, or with that and a third amount, such as the freight."""
    alone = (at for at in others if is_sum(total, sample.numbers[at], taxes))
    pairs = (
        max(one, other, key=lambda at: float(np.nanmedian(np.abs(sample.numbers[at]))))
        for one in others
        for other in others
        if one < other and is_sum(total, sample.numbers[one], sample.numbers[other], taxes)
    )
    return next(chain(alone, pairs), None)


def _makes_total(sample: Sample, total: Floats, amounts: Floats, taxes: Floats, others: list[int]) -> bool:
    """Whether a column is the amounts with their tax, and perhaps with a third amount."""
    if is_sum(total, amounts, taxes):
        return True
    thirds = (sample.numbers[at] for at in others if sample.numbers[at] is not total)
    return any(is_sum(total, amounts, taxes, third) for third in thirds)


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
