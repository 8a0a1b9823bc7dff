"""Lines: which amounts are of the line, which of one unit or of the whole order, by what the rows add up to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from xlprofit.importing.exports.amount_words import (
    COST,
    DISCOUNT,
    EACH,
    LINE,
    ORDERS,
    TAX,
    WHOLE,
    WITH_TAX,
    WITHOUT_TAX,
)
from xlprofit.importing.exports.derivation import PRICES, PROFITS, is_rate, rule_of
from xlprofit.importing.exports.export import is_blank_cell
from xlprofit.importing.exports.match import Match
from xlprofit.importing.exports.pages import Page
from xlprofit.importing.proposals.samples import (
    Floats,
    Sample,
    are_round,
    holds,
    is_product,
    list_taxes,
    read_rates,
    read_values,
)
from xlprofit.languages import list_reading_words

Have = Mapping[str, Match]

OTHER_COSTS = list_reading_words("other_costs")
"""What in a header says that a cost is another than that of the goods, or none."""


# --- one unit or the line ----------------------------------------------------------------------------


def choose_line_amount(sample: Sample, have: Have) -> Have:
    """Return the columns with the amount of the line for revenue where the one found is the price of one unit."""
    revenue, counted = have["gross_revenue"], _read_quantity(sample, have)
    if counted is None or revenue.at not in sample.numbers or revenue.by == "chosen":
        return have
    price = sample.numbers[revenue.at]
    for at in sample.list_money(have, revenue.at):
        if is_product(sample.numbers[at], price, counted):
            return {**have, "gross_revenue": Match("gross_revenue", at, 0.95, "rows")}
        if "discount" in have and is_product(
            sample.numbers[at], price * (1 - _read_share(sample, have)), counted
        ):
            kept = {name: match for name, match in have.items() if name != "discount"}
            return {**kept, "gross_revenue": Match("gross_revenue", at, 0.95, "rows")}
    return {**have, "gross_revenue": _judge_price(sample, have, price, counted)}


def _judge_price(sample: Sample, have: Have, price: Floats, counted: Floats) -> Match:
    """Return a price as that of the line where its tax or its products show it; in doubt where nothing shows either."""
    revenue, header = have["gross_revenue"], sample.page.headers[have["gross_revenue"].at]
    rule = rule_of(sample.page, revenue, have)
    if not rule.times or rule.per or rule.scale != 1.0 or EACH.search(header):
        return revenue
    taxed = _find_taxed_amount(sample, have, price, counted)
    each, whole = _compare_products(sample, have, price, counted)
    if taxed == "line" or (whole and not each):
        return revenue.add_to_rule(times="")
    return revenue if taxed == "each" or each else revenue.add_to_rule(doubt="each")


def _find_taxed_amount(
    sample: Sample, have: Have, price: Floats, counted: Floats
) -> Literal["", "each", "line"]:
    """Return whether a tax is a round rate of the price, or of it times the quantity; nothing where of none or both."""
    for at in list_taxes(sample, have):
        of_line, of_each = (_is_taxed(sample.numbers[at], amount) for amount in (price, price * counted))
        if of_line != of_each:
            return "line" if of_line else "each"
    return ""


def _is_taxed(taxes: Floats, amounts: Floats) -> bool:
    """Whether a tax is a round rate of amounts, with it or without."""
    with np.errstate(divide="ignore", invalid="ignore"):
        inside, outside = amounts - taxes, amounts
        return any(are_round(np.where(taxes != 0, taxes / base, np.nan), base) for base in (inside, outside))


def _compare_products(sample: Sample, have: Have, price: Floats, counted: Floats) -> tuple[bool, bool]:
    """Return whether a price is the same at different quantities of most products; and whether it grows with them."""
    if "product" not in have:
        return False, False
    cells = sample.page.cells[have["product"].at]
    rows: dict[str, list[int]] = {}
    for place, row in enumerate(sample.rows):
        if not is_blank_cell(cells[row]) and price[place] > 0 and counted[place] > 0:
            rows.setdefault(str(cells[row]), []).append(place)
    several = [held for held in rows.values() if np.ptp(counted[held]) > 0]
    alike = [_are_alike(price[held]) for held in several]
    grown = [_are_alike(price[held] / counted[held]) for held in several]
    return 2 * sum(alike) > len(alike), 2 * sum(grown) > len(grown)


def _are_alike(values: Floats) -> bool:
    """Whether most of some prices are the one in the middle, to half a percent."""
    middle = float(np.median(values))
    return bool((np.abs(values - middle) <= 0.005 * middle).mean() > 0.5)


def _read_quantity(sample: Sample, have: Have) -> Floats | None:
    return sample.numbers.get(have["quantity"].at) if "quantity" in have else None


def _read_share(sample: Sample, have: Have) -> Floats:
    off = sample.numbers.get(have["discount"].at)
    return read_rates(np.nan_to_num(off)) if off is not None else np.zeros(len(sample.rows))


def choose_line_cost(sample: Sample, have: Have) -> Have:
    """Return the columns with the cost of the line; that of one unit times the quantity where there is no other.

    Where neither is proved, the likelier is taken, and left in doubt.
    """
    if "cogs" not in have:
        cost = _find_cost_column(sample, have)
        if cost is None:
            return have
        have = {**have, "cogs": cost}
    cost, counted = have["cogs"], _read_quantity(sample, have)
    rule = rule_of(sample.page, cost, have)
    if counted is None or rule.rule or rule.times or cost.by == "chosen" or cost.at not in sample.numbers:
        return have
    each = sample.numbers[cost.at]
    others = sample.list_money(have, cost.at, have["gross_revenue"].at)
    whole = next((at for at in others if is_product(sample.numbers[at], each, counted)), None)
    if whole is not None and not DISCOUNT.search(sample.page.headers[whole]):
        return {**have, "cogs": Match("cogs", whole, 0.95, "rows")}
    if any(is_product(each, sample.numbers[at], counted) for at in others):
        return {**have, "cogs": cost}
    return {**have, "cogs": _judge_cost(sample, have, each, counted)}


def _judge_cost(sample: Sample, have: Have, each: Floats, counted: Floats) -> Match:
    """Return the cost as that of one unit where its share of the price is steady, and that of the amount is not."""
    cost, header = have["cogs"], sample.page.headers[have["cogs"].at]
    if WHOLE.search(header):
        return cost
    amount = read_values(sample, have, "gross_revenue")
    with np.errstate(divide="ignore", invalid="ignore"):
        of_price, of_line = np.abs(each * counted / amount), np.abs(each / amount)
    known = np.isfinite(of_price) & (of_price > 0) & (np.abs(counted) > 1)
    if known.sum() < 2:
        return cost
    price, line = _Spread.of(of_price[known]), _Spread.of(of_line[known])
    unit = sample.page.headers[have["quantity"].at]
    if EACH.search(header):
        return cost.add_to_rule(times=unit)
    if price.is_plausible and (price.width < 0.5 * line.width or not line.is_plausible):
        return cost.add_to_rule(times=unit, doubt="each")
    if line.is_plausible and not price.is_plausible:
        return cost
    return cost.add_to_rule(doubt="line", instead=unit) if price.is_plausible else cost


@dataclass(frozen=True)
class _Spread:
    """The middle of some ratios, and how wide they spread, as logarithms."""

    middle: float
    width: float

    @classmethod
    def of(cls, ratios: npt.NDArray[np.float64]) -> _Spread:
        logs = np.log(ratios)
        return cls(float(np.exp(np.median(logs))), float(np.percentile(logs, 90) - np.percentile(logs, 10)))

    @property
    def is_plausible(self) -> bool:
        """Whether a cost may be this share of a price."""
        return 0.05 <= self.middle <= 1.25


def _find_cost_column(sample: Sample, have: Have) -> Match | None:
    """Return a column of amounts that speaks of cost, that of the line before that of one unit."""
    page = sample.page
    found = [
        at
        for at in sample.list_money(have, *(match.at for match in have.values()))
        if COST.search(page.headers[at])
        and not page.name_keys(at) & (PROFITS | PRICES)
        and not _is_other_cost(page, at)
    ]
    found.sort(key=lambda at: (bool(EACH.search(page.headers[at])), not WHOLE.search(page.headers[at]), at))
    return Match("cogs", found[0], 0.6, "part of the name") if found else None


def _is_other_cost(page: Page, at: int) -> bool:
    header = page.headers[at].casefold()
    return any(word in header for word in OTHER_COSTS) or bool(TAX.search(header)) or is_rate(page, at)


# --- the order or the line -----------------------------------------------------------------------------


@dataclass(frozen=True)
class _Orders:
    """Rows of a sample by the order they are of; ``several`` are the orders with more than one row."""

    header: str
    codes: npt.NDArray[np.int64]
    several: npt.NDArray[np.int64]

    def repeats(self, amounts: Floats) -> bool:
        """Whether an amount is the same in all rows of each order of several rows."""
        rows = [amounts[self.codes == code] for code in self.several]
        full = [held for held in rows if np.isfinite(held).all() and np.nan_to_num(held).any()]
        return bool(full) and sum(bool(np.ptp(held) < 0.005) for held in full) >= 0.95 * len(full)

    def sum_up(self, amounts: Floats) -> Floats:
        """Return the sum of each order, in each of its rows."""
        sums = np.bincount(self.codes, np.nan_to_num(amounts)).astype(np.float64)
        return sums[self.codes]


def choose_once(sample: Sample, have: Have) -> Have:
    """Return the columns with the amount of the line where that of the whole order stands on each of its lines.

    Without an amount of the line the order's is counted once; where that is no more than likely, it is left in doubt.
    """
    revenue = have["gross_revenue"]
    if (
        revenue.by == "chosen"
        or revenue.at not in sample.numbers
        or rule_of(sample.page, revenue, have).times
    ):
        return have
    amounts, header = sample.numbers[revenue.at], sample.page.headers[revenue.at]
    for orders in _list_orders(sample, have):
        if not orders.repeats(amounts):
            continue
        line = _find_line(sample, have, orders)
        if line is not None:
            return {**have, "gross_revenue": line}
        if LINE.search(header):
            return have
        return {**have, "gross_revenue": _doubt_repeated_amount(revenue, header, orders)}
    return have


def _doubt_repeated_amount(revenue: Match, header: str, orders: _Orders) -> Match:
    """Return a column whose amount repeats on each line of an order: counted once where it is likely the order's."""
    if WITH_TAX.search(header) or ORDERS.search(header) or len(orders.several) >= 10:
        return revenue.add_to_rule(once=orders.header, doubt="once")
    return revenue.add_to_rule(doubt="repeated", instead=orders.header)


def choose_order_net(sample: Sample, have: Have) -> Have:
    """Return the columns with the net amount of the order, once, where the lines have the tax in their prices."""
    revenue = have["gross_revenue"]
    if revenue.by == "chosen" or revenue.at not in sample.numbers:
        return have
    lines = read_values(sample, have, "gross_revenue")
    for orders in _list_orders(sample, have):
        whole = orders.sum_up(lines)
        for at in sample.list_money(have, revenue.at):
            net, header = sample.numbers[at], sample.page.headers[at].replace("_", " ")
            if not WITHOUT_TAX.search(header) or not orders.repeats(net):
                continue
            with np.errstate(divide="ignore", invalid="ignore"):
                shares = np.where(net != 0, (whole - net) / net, np.nan)
            if are_round(shares, net):
                return {
                    **have,
                    "gross_revenue": Match("gross_revenue", at, 0.9, "rows").add_to_rule(once=orders.header),
                }
    return have


def _list_orders(sample: Sample, have: Have) -> Iterator[_Orders]:
    """Yield the rows by each column that may number orders, where some order has several rows."""
    page, used = sample.page, {m.at for n, m in have.items() if n != "invoice"}
    places = [have["invoice"].at] if "invoice" in have else []
    places += [
        at for at, h in enumerate(page.headers) if at not in used and at not in places and ORDERS.fullmatch(h)
    ]
    for at in places:
        cells = [page.cells[at][row] for row in sample.rows]
        known: dict[object, int] = {}
        codes = np.array(
            [
                known.setdefault(("", n) if is_blank_cell(c) else str(c), len(known))
                for n, c in enumerate(cells)
            ],
            dtype=np.int64,
        )
        several = np.flatnonzero(np.bincount(codes, minlength=1) > 1)
        if several.size and several.size < len(known) + 1:
            yield _Orders(page.headers[at], codes, several)


def _find_line(sample: Sample, have: Have, orders: _Orders) -> Match | None:
    """Return the amount of the line: a column, or a price times the quantity, that adds up to that of the order."""
    whole, counted = sample.numbers[have["gross_revenue"].at], _read_quantity(sample, have)
    telling = np.isin(orders.codes, orders.several)
    for at in sample.list_money(have, have["gross_revenue"].at):
        if holds(whole, orders.sum_up(sample.numbers[at]), telling):
            return Match("gross_revenue", at, 0.95, "rows")
    if counted is None:
        return None
    for at in sample.list_money(have, have["gross_revenue"].at):
        if holds(whole, orders.sum_up(sample.numbers[at] * counted), telling):
            header = sample.page.headers[have["quantity"].at]
            return Match("gross_revenue", at, 0.95, "rows").add_to_rule(times=header)
    return None
