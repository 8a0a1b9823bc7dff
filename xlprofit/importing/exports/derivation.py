"""Derivation: columns that others give: a price times a quantity, revenue less a profit, debit less credit."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from xlprofit.headings import keys_of
from xlprofit.importing.exports.amount_words import HUNDREDS, TAX_RATE
from xlprofit.importing.exports.contents import kind_of_cell
from xlprofit.importing.exports.conversion import read_amount
from xlprofit.importing.exports.export import Cell, is_blank_cell
from xlprofit.importing.exports.inference import find_decimal
from xlprofit.importing.exports.match import LIKELY, Match, split_header_words
from xlprofit.importing.exports.names import CREDITS, DEBITS, LOCAL, MONTHS, YEARS
from xlprofit.importing.profiles.rules import ColumnRule, RowCondition
from xlprofit.languages import list_reading_words
from xlprofit.reading.conventions.document_words import is_side_header, read_booking_side
from xlprofit.reading.conventions.names import is_currency_header
from xlprofit.reading.word_patterns import join_words
from xlprofit.tables import header_key
from xlprofit.tables.other_headers import NET, TAX

if TYPE_CHECKING:
    from xlprofit.importing.exports.pages import Page


PRICES = keys_of(list_reading_words("unit_prices"))
PROFITS = keys_of(list_reading_words("profits"))
UNIT_COSTS = keys_of(list_reading_words("unit_costs"))
PRICE_UNITS = keys_of(list_reading_words("price_units"))
TAXES = keys_of(TAX + list_reading_words("further_taxes"))
NETS = keys_of(NET + list_reading_words("further_nets"))
WITH_TAX = re.compile(
    rf"\b(?:{join_words('with')})\b\.?.{{0,12}}\b(?:{join_words('tax')})|(?<![^\W\d_])(?:{join_words('taxed_names')})",
    re.IGNORECASE,
)
"""Headers, by their keys, of what revenue and cost are worked out from; and what says that tax is in an amount."""

SUFFIX = re.compile(r".*[0-9]\s*(?P<side>Dr|Cr|DR|CR|S|H|D|C)\.?$")
"""An amount with the side behind it on which it is booked."""

LOOKED_AT = 300
"""So many rows are asked how columns hang together."""

MONEY = ("gross_revenue", "amount")

_MONEY_OF = {"Sales": "gross_revenue", "Invoices": "amount", "DirectCosts": "amount"}
"""The column of a table with the amounts that others may give."""

_DATED = ("Sales", "ActivityLog", "DirectCosts")
"""Tables whose date may stand in two columns, the month and the year."""

_OF_ONE = {"cogs": UNIT_COSTS, "gross_revenue": PRICES}
"""What one unit of a column is called."""


def find_derived(table: str, page: Page, found: Sequence[Match]) -> list[Match]:
    """Return columns of a table that have none of their own in an export, and that others of it give."""
    have = {match.column: match for match in found}
    used = frozenset(match.at for match in found)
    money = _find_money(page, table, have, used)
    cost = _find_cost(page, have, used) if table == "Sales" and "cogs" not in have else None
    date = _find_year_months(page) if table in _DATED and _is_wanting("date", have) else None
    return [match for match in (money, cost, date) if match is not None]


def _is_wanting(column: str, have: Mapping[str, Match]) -> bool:
    """Whether a column is not found, or only guessed."""
    return column not in have or have[column].trust < LIKELY


def _find_year_months(page: Page) -> Match | None:
    """Return the column of months where another has their years."""
    years, months = page.find_named(YEARS), page.find_named(MONTHS)
    if years and months and page.looks[years[0]].number >= 0.9 and page.looks[months[0]].date < 0.5:
        return Match("date", months[0], 0.85, "name")
    return None


def _find_money(page: Page, table: str, have: Mapping[str, Match], used: frozenset[int]) -> Match | None:
    """Return what amounts are worked out from: one with its tax, debit and credit, or a price times a quantity."""
    money = _MONEY_OF.get(table, "")
    if not money or not _is_wanting(money, have):
        return None
    if money == "gross_revenue" and (with_tax := _find_taxed(page, used)) is not None:
        return Match(money, with_tax, 0.8, "name")
    booked = _find_booked(page, money)
    if booked is not None:
        return booked
    price = _find_numeric(page, PRICES, used)
    if price is None:
        hundreds = (
            at for at, h in enumerate(page.headers) if at not in used and HUNDREDS.search(h) and is_price(h)
        )
        price = next((at for at in hundreds if page.looks[at].number >= 0.5), None)
    if money == "gross_revenue" and "quantity" in have and price is not None:
        return Match(money, price, 0.8, "name")
    return None


def _find_taxed(page: Page, used: frozenset[int]) -> int | None:
    """Return the first column of amounts with tax, where another has the tax."""
    with_tax = next(
        (
            at
            for at, header in enumerate(page.headers)
            if at not in used and WITH_TAX.search(header) and page.looks[at].number >= 0.5
        ),
        None,
    )
    if with_tax is None or (_find_tax(page, used - {with_tax}) is None and not _has_tax_rate(page)):
        return None
    return with_tax


def _has_tax_rate(page: Page) -> bool:
    """Whether a column has the rate of the tax."""
    return any(TAX_RATE.search(h) and page.looks[at].number >= 0.5 for at, h in enumerate(page.headers))


def _find_booked(page: Page, money: str) -> Match | None:
    """Return the fuller of the columns of debits and credits; in doubt where the other is not nearly empty."""
    debit, credit = (next(iter(page.find_named(names)), None) for names in (DEBITS, CREDITS))
    if debit is None or credit is None or not all(page.looks[at].fits("number") for at in (debit, credit)):
        return None
    ordinary = max(debit, credit, key=lambda at: page.looks[at].filled)
    other = credit if ordinary == debit else debit
    plain = page.looks[other].filled < 0.25 * page.looks[ordinary].filled
    return Match(money, ordinary, 0.8 if plain else 0.45, "name")


def _find_cost(page: Page, have: Mapping[str, Match], used: frozenset[int]) -> Match | None:
    """Return what a cost is worked out from: a profit, or the cost of a unit times a quantity."""
    profits = [at for at in page.find_named(PROFITS, used) if page.looks[at].number >= 0.5]
    profits.sort(key=lambda at: is_rate(page, at))
    if profits and not page.months:
        return Match("cogs", profits[0], 0.8, "name")
    cost = _find_numeric(page, UNIT_COSTS, used)
    return Match("cogs", cost, 0.8, "name") if "quantity" in have and cost is not None else None


def _find_numeric(page: Page, names: frozenset[str], used: frozenset[int]) -> int | None:
    return next((at for at in page.find_named(names, used) if page.looks[at].number >= 0.5), None)


def _find_tax(page: Page, used: frozenset[int]) -> int | None:
    """Return the first column of amounts of tax, which is none of its rates."""
    rates = frozenset(at for at, header in enumerate(page.headers) if TAX_RATE.search(header))
    return _find_numeric(page, TAXES, used | rates)


def rule_of(page: Page, match: Match, have: Mapping[str, Match]) -> ColumnRule:
    """Return how a column is found again, and from what it is worked out: by its name, and by what the rows tell."""
    rule = _point_at(page, match.at)
    if match.by in ("name", "part of the name", "chosen"):
        rule = _add_work(page, match, have, rule)
    given: dict[str, Any] = dict(match.given)
    return replace(rule, **given)


def resolve_operand(page: Page, header: str) -> int | None:
    """Return the column that takes part in working out another one; ``None`` where there is none."""
    return page.headers.index(header) if header and header in page.headers else None


def _add_work(page: Page, match: Match, have: Mapping[str, Match], rule: ColumnRule) -> ColumnRule:
    """Return a rule with what a column is worked out of by its name."""
    names = page.name_keys(match.at)
    if match.column == "cogs" and names & PROFITS:
        return replace(rule, rule="margin" if is_rate(page, match.at) else "profit")
    if "quantity" in have and (names & _OF_ONE.get(match.column, frozenset()) or _find_hundred(page, match)):
        hundred, units = _find_hundred(page, match), _find_price_units(page, have)
        times = replace(rule, times=page.headers[have["quantity"].at], scale=1 / (hundred or 1))
        return times if hundred or units is None else replace(times, per=page.headers[units])
    less = _find_less(page, match)
    if less is not None:
        return replace(rule, minus=page.headers[less])
    return _add_year(page, match.at, rule) if match.column == "date" else rule


def _add_year(page: Page, at: int, rule: ColumnRule) -> ColumnRule:
    """Return the rule of a column of months with the column that says their year, where there is one."""
    years = _find_years(page, at)
    return rule if years is None else replace(rule, year=page.headers[years])


def _find_hundred(page: Page, match: Match) -> int:
    """Return for how many units a price is, where its header says more than one; else 0."""
    header = page.headers[match.at]
    found = HUNDREDS.search(header) if match.column == "gross_revenue" else None
    return int(found[1].replace(" ", "")) if found and is_price(header) else 0


def _find_price_units(page: Page, have: Mapping[str, Match]) -> int | None:
    """Return the column that says for how many units each price is; ``None`` where none does."""
    used = frozenset(match.at for match in have.values())
    return next((at for at in page.find_named(PRICE_UNITS, used) if _holds_powers_of_ten(page, at)), None)


def _holds_powers_of_ten(page: Page, at: int) -> bool:
    """Whether a column holds 1, 10, 100 or 1,000 and nothing else."""
    held = {str(cell).strip() for cell in page.cells[at] if not is_blank_cell(cell)}
    return bool(held) and all(re.fullmatch(r"10{0,4}(?:[.,]0+)?|1[.,]000", cell) for cell in held)


def is_price(header: str) -> bool:
    """Whether a header speaks of a price, and perhaps of how many units it is for."""
    bare = HUNDREDS.split(header)[0]
    return bool(_name_keys(bare) & PRICES)


def _name_keys(header: str) -> set[str]:
    return {header_key(header), header_key("".join(split_header_words(header)))} - {""}


def _point_at(page: Page, at: int) -> ColumnRule:
    """Return a rule that finds a column by its header, or by its place where it has none of its own."""
    header = page.headers[at]
    if header and list(map(header_key, page.headers)).count(header_key(header)) == 1:
        return ColumnRule(headers=(header,))
    return ColumnRule(position=page.sheet.first + at)


def _find_years(page: Page, at: int) -> int | None:
    """Return the column with the years of months; ``None`` where a column is none of months, or its cells are days."""
    if not page.name_keys(at) & MONTHS or page.looks[at].date >= 0.5:
        return None
    return next(iter(page.find_named(YEARS, frozenset((at,)))), None)


def _find_less(page: Page, match: Match) -> int | None:
    """Return the column that amounts are less: the other side of the booking, or the tax in them."""
    if match.column not in MONEY:
        return None
    names, own = page.name_keys(match.at), frozenset((match.at,))
    other = CREDITS if names & DEBITS else DEBITS if names & CREDITS else frozenset()
    side = next(iter(page.find_named(other, own)), None) if other else None
    if side is not None:
        return side
    is_taxed = match.column == "gross_revenue" and WITH_TAX.search(page.headers[match.at])
    return _find_tax(page, own) if is_taxed else None


def is_rate(page: Page, at: int) -> bool:
    """Whether the cells of a column are shares or percentages."""
    if "%" in page.headers[at] or any("%" in text for text in page.looks[at].examples):
        return True
    cells = page.cells[at]
    decimal = find_decimal(cells[:LOOKED_AT])
    read = [read_amount(cell, decimal) for cell in cells[:: max(1, len(cells) // LOOKED_AT)]]
    values = [abs(value) for value in read if value]
    return bool(values) and max(values) <= 1 and min(values) < 1


# --- what makes amounts negative, and rows no sales ----------------------------------------------------


def find_sides(page: Page, at: int) -> RowCondition | None:
    """Return which rows' amounts are negative by a column that says debit or credit: those of the rarer side."""
    if page.looks[at].negative > 0:
        return None
    for side, header in enumerate(page.headers):
        if not header or not is_side_header(header):
            continue
        words: dict[str, Counter[str]] = {"debit": Counter(), "credit": Counter()}
        for cell in page.cells[side]:
            which = read_booking_side(str(cell)) if not is_blank_cell(cell) else ""
            if which in words:
                words[which][str(cell).strip()] += 1
        rare = min(words, key=lambda which: words[which].total())
        if all(words.values()):
            return RowCondition((header,), among=tuple(sorted(words[rare])))
    return None


def find_suffix(page: Page, at: int) -> str:
    """Return the rarer of the two sides that stand behind the amounts of a column; nothing where none do."""
    sides: dict[str, int] = {}
    for cell in page.cells[at]:
        found = SUFFIX.match(cell.strip()) if isinstance(cell, str) else None
        if found:
            sides[found["side"]] = sides.get(found["side"], 0) + 1
    if not sides or sum(sides.values()) < 0.8 * sum(not is_blank_cell(cell) for cell in page.cells[at]):
        return ""
    ordinary = max(sides, key=lambda side: sides[side])
    return {"Dr": "Cr", "Cr": "Dr", "DR": "CR", "CR": "DR", "S": "H", "H": "S", "D": "C", "C": "D"}[ordinary]


def find_ignored(page: Page, have: Mapping[str, Match], sides: RowCondition | None) -> tuple[str, ...]:
    """Return the headers that the checks shall not read: a currency beside local amounts, a side that is used."""
    ignored = list(sides.headers) if sides else []
    local = re.compile(r"^(?:dmbtr|wavwr)$", re.IGNORECASE)
    money = [page.headers[have[name].at] for name in (*MONEY, "balance") if name in have]
    stated = any(dict(have[name].given).get("currency") for name in MONEY if name in have)
    if stated or any(LOCAL.search(header) or local.match(header) for header in money):
        ignored += [header for header in page.headers if header and is_currency_header(header)]
    return tuple(dict.fromkeys(ignored))


def find_headings(page: Page, used: frozenset[int]) -> int | None:
    """Return the column of headings: texts alone in their rows, above the rows that they are for."""
    filled = page.filled_counts
    lone = [row for row, count in enumerate(filled) if count == 1]
    for at, column in enumerate(page.cells if lone else ()):
        is_own = at in used and page.looks[at].text > 0.6
        if not is_own and _holds_headings(column, lone, filled):
            return at
    return None


def _holds_headings(column: Sequence[Cell], lone: Sequence[int], filled: Sequence[int]) -> bool:
    """Whether a column has different texts alone in their rows, nearly all above rows with other cells."""
    alone = [row for row in lone if kind_of_cell(column[row]) == "text"]
    if len(alone) < 2:
        return False
    followed = sum(_stands_above(column, filled, row) for row in alone)
    return followed >= 0.8 * len(alone) and len({str(column[row]) for row in alone}) == len(alone)


def _stands_above(column: Sequence[Cell], filled: Sequence[int], row: int) -> bool:
    """Whether the row below has cells in other columns."""
    return row + 1 < len(filled) and filled[row + 1] > (not is_blank_cell(column[row + 1]))
