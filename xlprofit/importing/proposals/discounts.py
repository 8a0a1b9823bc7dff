"""Discounts: whether a discount is off the revenue already, by what the rows add up to, or by its name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from xlprofit.importing.exports.amount_words import BEFORE_DISCOUNT, DISCOUNT, WITH_TAX
from xlprofit.importing.exports.derivation import NETS, PRICES, is_rate, rule_of
from xlprofit.importing.exports.match import Match
from xlprofit.importing.profiles.rules import Deducted
from xlprofit.importing.proposals.continuations import sum_orders
from xlprofit.importing.proposals.samples import Floats, Sample, are_round, holds, list_discounts, read_values

Have = Mapping[str, Match]


def choose_net(sample: Sample, have: Have) -> Have:
    """Return the columns of a table of sales so that nothing is taken off its revenue twice.

    Where another column less the discount is the revenue, that one is the revenue at list price. A profit that is
    given is what is left of the net revenue: that one is taken where there is a column of it, and no discount beside.
    """
    if "cogs" in have and rule_of(sample.page, have["cogs"], have).rule:
        return _choose_net_of_profit(sample, have) if {"discount", "returns"} & have.keys() else have
    have = _find_discount(sample, have)
    return _judge_discount(sample, have) if "discount" in have and have["discount"].by != "chosen" else have


def _leave_columns(have: Have, *names: str) -> dict[str, Match]:
    return {name: match for name, match in have.items() if name not in names}


def _choose_net_of_profit(sample: Sample, have: Have) -> Have:
    """Return the columns beside a profit: the net revenue, and nothing that is taken off; in doubt without it."""
    page, found = sample.page, _leave_columns(have, "discount", "returns")
    used = {match.at for match in have.values()}
    net = next((at for at in page.find_named(NETS) if at not in used and at in sample.numbers), None)
    if net is not None:
        return found | {"gross_revenue": Match("gross_revenue", net, 0.9, "name")}
    rated = "discount" in have and is_rate(page, have["discount"].at)
    if rated or page.name_keys(have["gross_revenue"].at) & NETS:
        return found
    return found | {"cogs": replace(found["cogs"], trust=0.45)}


def _find_discount(sample: Sample, have: Have) -> Have:
    """Return the columns with a discount that no known name has, where the rows show that it is one."""
    if "discount" in have:
        return have
    amounts = read_values(sample, have, "gross_revenue")
    used = [match.at for match in have.values()]
    for at in sample.list_money(have, *used):
        if not DISCOUNT.search(sample.page.headers[at].replace("_", " ")):
            continue
        found = {**have, "discount": Match("discount", at, 0.9, "rows")}
        others = (sample.numbers[other] for other in sample.list_money(found, *used, at))
        if any(
            _is_less(sample, found, *pair)
            for other in others
            for pair in ((amounts, other), (other, amounts))
        ):
            return found
    return have


def _is_less(sample: Sample, have: Have, whole: Floats, net: Floats) -> bool:
    """Whether an amount less its discount is another one, told by rows in which there is a discount."""
    several = list_discounts(sample, have, whole)
    return any(holds(net, whole - off, np.nan_to_num(off) != 0, fewest=1) for off in several)


def _judge_discount(sample: Sample, have: Have) -> Have:
    """Return the columns with the revenue that the discount is taken off, or without a discount that is off already."""
    amounts, page = read_values(sample, have, "gross_revenue"), sample.page
    discount, revenue = replace(have["discount"], given=()), have["gross_revenue"]
    have = {**have, "discount": discount}
    if discount.at not in sample.numbers or not np.nan_to_num(sample.numbers[discount.at]).any():
        return have
    others = sample.list_money(have, *(match.at for match in have.values()))
    if any(_is_less(sample, have, amounts, sample.numbers[at]) for at in others):
        return have
    for at in others:
        if _is_less(sample, have, sample.numbers[at], amounts) and revenue.by != "chosen":
            return {**have, "gross_revenue": Match("gross_revenue", at, 0.95, "rows")}
    if _is_price_reduced(sample, have, amounts) or _is_taxed_as_net(sample, have, amounts, others):
        return _leave_columns(have, "discount")
    if page.name_keys(revenue.at) & NETS:
        deducted = discount.add_to_rule(deducted=_find_form(sample, have), doubt="discounted")
        return {**have, "discount": deducted}
    worked_out = rule_of(page, revenue, have).times or BEFORE_DISCOUNT.search(page.headers[revenue.at])
    if worked_out or _is_product_of_price(sample, have, amounts):
        return have
    return {**have, "discount": discount.add_to_rule(doubt="listed")}


def _find_form(sample: Sample, have: Have) -> Deducted:
    """Return how discounts are written: as amounts, as fractions of 1 or in percent."""
    at = have["discount"].at
    values = np.abs(np.nan_to_num(sample.numbers[at]))
    if is_rate(sample.page, at):
        return "percent" if values.max() > 1 else "share"
    typical = np.nanmedian(np.abs(read_values(sample, have, "gross_revenue")))
    return (
        "percent"
        if values.max() <= 100 and typical > 20 * values.max() and (values % 0.5 == 0).all()
        else "amount"
    )


def _find_gross_by_price(sample: Sample, have: Have) -> Floats | None:
    """Return the price times the quantity; ``None`` without the two."""
    used = {match.at for match in have.values()}
    price = next(
        (at for at in sample.page.find_named(PRICES) if at not in used and at in sample.numbers), None
    )
    if price is None or "quantity" not in have or have["quantity"].at not in sample.numbers:
        return None
    lines = sample.numbers[price] * sample.numbers[have["quantity"].at]
    return sum_orders(sample, have["gross_revenue"].at, lines)


def _is_price_reduced(sample: Sample, have: Have, amounts: Floats) -> bool:
    """Whether price × quantity less the discount is the revenue."""
    whole = _find_gross_by_price(sample, have)
    return whole is not None and _is_less(sample, have, whole, amounts)


def _is_taxed_as_net(sample: Sample, have: Have, amounts: Floats, others: list[int]) -> bool:
    """Whether another column is the amounts with tax at a round rate, which they less the discount are not."""
    discounted = np.nan_to_num(sample.numbers[have["discount"].at]) != 0
    for at in (at for at in others if WITH_TAX.search(sample.page.headers[at])):
        total = np.where(discounted, sample.numbers[at], np.nan)
        with np.errstate(divide="ignore", invalid="ignore"):
            nets = [amounts, *(amounts - off for off in list_discounts(sample, have, amounts))]
            as_net, *as_gross = (_is_round_rate((total - net) / net, net) for net in nets)
        if as_net and not any(as_gross):
            return True
    return False


def _is_round_rate(rates: Floats, of: Floats) -> bool:
    """Whether rates of amounts in cents are whole or half percentages from 3 % on."""
    known = rates[np.isfinite(rates)]
    return bool(known.size and (known > 0.03).all()) and are_round(rates, of)


def _is_product_of_price(sample: Sample, have: Have, amounts: Floats) -> bool:
    """Whether the revenue is price × quantity where there is a discount, so that this is still in it."""
    whole = _find_gross_by_price(sample, have)
    discounted = np.nan_to_num(sample.numbers[have["discount"].at]) != 0
    return whole is not None and holds(amounts, whole, discounted, fewest=1)
