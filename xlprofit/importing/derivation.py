"""Derivation: columns that others give: a price times a quantity, revenue less a profit, debit less credit."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import isclose

from xlprofit.checks.conventions.document_words import is_document_header, is_side_header, read_booking_side
from xlprofit.checks.conventions.names import is_currency_header
from xlprofit.headings import keys_of
from xlprofit.importing.contents import kind_of_cell
from xlprofit.importing.conversion import read_amount
from xlprofit.importing.export import is_blank_cell
from xlprofit.importing.inference import find_decimal
from xlprofit.importing.matching import LIKELY, Match
from xlprofit.importing.names import CREDITS, DEBITS, LOCAL, MONTHS, PAYMENTS, YEARS
from xlprofit.importing.pages import Page
from xlprofit.importing.profile import ColumnRule, Condition
from xlprofit.tables import header_key
from xlprofit.tables.other_headers import NET, TAX


def _key_names(words: str) -> frozenset[str]:
    return keys_of(tuple(word.strip() for word in words.split(",")))


PRICES = _key_names(
    "unit price, price, sales price, list price, price each, item price, unit amount, einzelpreis, "
    "stückpreis, preis, à pris, "
    "styckpris, yksikköhinta, kappalehinta, à hinta, a hinta, net price, prix unitaire, pu, "
    "precio unitario, precio, "
    "prezzo unitario, prezzo, stuksprijs, prijs, enhedspris, stykpris, unit selling price, "
    "selling price, rate, vk, vk preis"
)
PROFITS = _key_names(
    "profit, gm, gross profit, gross margin, margin, contribution margin, contribution, gp, "
    "gross profit amount, margin amount, "
    "profit amount, total profit, deckungsbeitrag, db, rohertrag, rohgewinn, marge, bruttovinst, "
    "täckningsbidrag, tb, "
    "bruttomarginal, kate, myyntikate, katetuotto, myyntikatetuotto, bruttokate, marge brute, margen, "
    "margen bruto, "
    "margine, margine lordo, brutomarge, bruttofortjeneste, dækningsbidrag, dekningsbidrag, gp %, "
    "margin %, "
    "gross margin %, marge %, db %, kate %, myyntikate %, profit (lcy), net profit, tg"
)
UNIT_COSTS = _key_names(
    "unit cost, cost per unit, stückkosten, styckkostnad, yksikkökustannus, cost price, cost each, "
    "unit cogs, ek, ek preis, "
    "einkaufspreis, einstandspreis, inköpspris, ostohinta, prix d'achat, costo unitario, coste unitario, "
    "inkoopprijs"
)
TAXES = keys_of(TAX) | _key_names(
    "iva, tva, btw, tva montant, importe iva, gst amount, mva, moms belopp, vero eur"
)
NETS = keys_of(NET) | _key_names(
    "net, netto, net price total, montant ht, importe neto, imponibile, line amount, lineamount"
)
WITH_TAX = re.compile(
    r"\b(?:incl|inkl|including|with)\b\.?.{0,12}\b(?:vat|tax|gst|mwst|ust|moms|alv)|\bttc\b|iva incl"
    r"|incl\.? btw|sis\.? alv|verollinen|inkl\.? ?moms|\bbrutto\b.{0,8}\bmwst",
    re.IGNORECASE,
)
"""Headers, by their keys, of what revenue and cost are worked out from; and what says that tax is in an amount."""

SUFFIX = re.compile(r".*[0-9]\s*(?P<side>Dr|Cr|DR|CR|S|H|D|C)\.?$")
"""An amount with the side behind it on which it is booked."""

LOOKED_AT = 300
"""So many rows are asked how columns hang together."""

MONEY = ("gross_revenue", "amount")


def find_derived(table: str, page: Page, found: Sequence[Match]) -> list[Match]:
    """Return columns of a table that have none of their own in an export, and that others of it give."""
    have = {match.column: match for match in found}
    used = frozenset(match.at for match in found)
    more: list[Match] = []
    if table in ("Sales", "Invoices", "DirectCosts"):
        money = "gross_revenue" if table == "Sales" else "amount"
        if money not in have or have[money].trust < LIKELY:
            more += _find_money(page, money, have, used)
    if table == "Sales" and "cogs" not in have:
        more += _find_cost(page, have, used)
    day = {"Sales": "date", "ActivityLog": "date", "DirectCosts": "date"}.get(table, "")
    if day and (day not in have or have[day].trust < LIKELY):
        years, months = page.find_named(YEARS), page.find_named(MONTHS)
        if years and months and page.looks[years[0]].number >= 0.9 and page.looks[months[0]].date < 0.5:
            more.append(Match(day, months[0], 0.85, "name"))
    return more


def _find_money(page: Page, money: str, have: Mapping[str, Match], used: frozenset[int]) -> list[Match]:
    with_tax = [
        at
        for at, header in enumerate(page.headers)
        if at not in used and WITH_TAX.search(header) and page.looks[at].number >= 0.5
    ]
    if money == "gross_revenue" and with_tax and _find_numeric(page, TAXES, used - {with_tax[0]}) is not None:
        return [Match(money, with_tax[0], 0.8, "name")]
    debit, credit = (next(iter(page.find_named(names)), None) for names in (DEBITS, CREDITS))
    if (
        debit is not None
        and credit is not None
        and all(page.looks[at].fits("number") for at in (debit, credit))
    ):
        ordinary = max(debit, credit, key=lambda at: page.looks[at].filled)
        other = credit if ordinary == debit else debit
        plain = page.looks[other].filled < 0.25 * page.looks[ordinary].filled
        return [Match(money, ordinary, 0.8 if plain else 0.45, "name")]
    price = _find_numeric(page, PRICES, used)
    if money == "gross_revenue" and "quantity" in have and price is not None:
        return [Match(money, price, 0.8, "name")]
    return []


def _find_cost(page: Page, have: Mapping[str, Match], used: frozenset[int]) -> list[Match]:
    profits = [at for at in page.find_named(PROFITS, used) if page.looks[at].number >= 0.5]
    profits.sort(key=lambda at: is_rate(page, at))
    if profits and not page.months:
        return [Match("cogs", profits[0], 0.8, "name")]
    cost = _find_numeric(page, UNIT_COSTS, used)
    return [Match("cogs", cost, 0.8, "name")] if "quantity" in have and cost is not None else []


def _find_numeric(page: Page, names: frozenset[str], used: frozenset[int]) -> int | None:
    return next((at for at in page.find_named(names, used) if page.looks[at].number >= 0.5), None)


def rule_of(page: Page, match: Match, have: Mapping[str, Match]) -> ColumnRule:
    """Return how a column is found again, and from what it is worked out."""
    header, names = page.headers[match.at], page.name_keys(match.at)
    rule = ColumnRule(headers=(header,)) if header else ColumnRule(position=page.sheet.first + match.at)
    if header and [header_key(h) for h in page.headers].count(header_key(header)) > 1:
        rule = ColumnRule(position=page.sheet.first + match.at)
    if match.by == "content":
        return rule
    if match.column == "cogs" and names & PROFITS:
        return replace(rule, rule="margin" if is_rate(page, match.at) else "profit")
    of_one = {"cogs": UNIT_COSTS, "gross_revenue": PRICES}.get(match.column, frozenset())
    if "quantity" in have and names & of_one:
        return replace(rule, times=page.headers[have["quantity"].at])
    if match.column in MONEY:
        other = CREDITS if names & DEBITS else DEBITS if names & CREDITS else frozenset()
        at = next(iter(page.find_named(other, frozenset((match.at,)))), None) if other else None
        if at is not None:
            return replace(rule, minus=page.headers[at])
        tax = _find_numeric(page, TAXES, frozenset((match.at,)))
        if match.column == "gross_revenue" and WITH_TAX.search(header) and tax is not None:
            return replace(rule, minus=page.headers[tax])
    if match.column == "date" and names & MONTHS:
        years = page.find_named(YEARS, frozenset((match.at,)))
        if years and page.looks[match.at].date < 0.5:
            return replace(rule, year=page.headers[years[0]])
    return rule


def is_rate(page: Page, at: int) -> bool:
    """Whether the cells of a column are shares or percentages."""
    if "%" in page.headers[at] or any("%" in text for text in page.looks[at].examples):
        return True
    cells = page.cells[at]
    decimal = find_decimal(cells[:LOOKED_AT])
    read = [read_amount(cell, decimal) for cell in cells[:: max(1, len(cells) // LOOKED_AT)]]
    values = [abs(value) for value in read if value]
    return bool(values) and max(values) <= 1 and min(values) < 1


# --- discounts that are off already ------------------------------------------------------------------


def choose_net(page: Page, have: Mapping[str, Match]) -> dict[str, Match]:
    """Return the columns of a table of sales so that nothing is taken off its revenue twice.

    Where price × quantity less the discount is the revenue, the discount is off already. A profit that is given is
    what is left of the net revenue: that one is taken where there is a column of it, and no discount beside it.
    """
    found = dict(have)
    if "gross_revenue" not in have or not ({"discount", "returns"} & have.keys()):
        return found
    if "cogs" in have and rule_of(page, have["cogs"], have).rule:
        net = [
            at
            for at in page.find_named(NETS, frozenset(m.at for m in have.values()))
            if page.looks[at].number >= 0.5
        ]
        rated = "discount" in have and is_rate(page, have["discount"].at)
        own = bool(page.name_keys(have["gross_revenue"].at) & NETS)
        if net:
            found["gross_revenue"] = Match("gross_revenue", net[0], 0.9, "name")
        elif not (own or rated):
            found["cogs"] = replace(found["cogs"], trust=0.45)
        return {name: match for name, match in found.items() if name not in ("discount", "returns")}
    if "discount" in have and _is_off(page, have):
        return {name: match for name, match in found.items() if name != "discount"}
    return found


def _is_off(page: Page, have: Mapping[str, Match]) -> bool:
    """Whether price × quantity less the discount is the revenue in nearly all rows with a discount."""
    price = _find_numeric(page, PRICES, frozenset(m.at for m in have.values()))
    if price is None or "quantity" not in have:
        return False
    places = [price, have["quantity"].at, have["discount"].at, have["gross_revenue"].at]
    decimals = [find_decimal(page.cells[at]) for at in places]
    asked = agreed = 0
    step = max(1, len(page.cells[price]) // LOOKED_AT)
    for row in range(0, len(page.cells[price]), step):
        read = [read_amount(page.cells[at][row], d) for at, d in zip(places, decimals, strict=True)]
        each, count, off, revenue = read
        if each is None or count is None or revenue is None or not off:
            continue
        gross = each * count
        asked += 1
        rates = (gross - off, gross * (1 - off), gross * (1 - off / 100), gross + off)
        agreed += any(isclose(revenue, value, rel_tol=2e-3, abs_tol=0.02) for value in rates)
    return asked > 0 and agreed >= 0.9 * asked


# --- what makes amounts negative, and rows no sales ----------------------------------------------------


def find_sides(page: Page, at: int) -> Condition | None:
    """Return which rows' amounts are negative by a column that says debit or credit: those of the rarer side."""
    if page.looks[at].negative > 0:
        return None
    for side, header in enumerate(page.headers):
        if not header or not is_side_header(header):
            continue
        words: dict[str, dict[str, int]] = {"debit": {}, "credit": {}}
        for cell in page.cells[side]:
            which = read_booking_side(str(cell)) if not is_blank_cell(cell) else ""
            if which in words:
                text = str(cell).strip()
                words[which][text] = words[which].get(text, 0) + 1
        counts = {which: sum(known.values()) for which, known in words.items()}
        if min(counts.values()) == 0:
            continue
        rare = min(counts, key=lambda which: counts[which])
        return Condition((header,), among=tuple(sorted(words[rare])))
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


def find_payments(page: Page) -> tuple[Condition, ...]:
    """Return which rows are payments and the like, by a column that says the kind of each document."""
    drop = []
    for at, header in enumerate(page.headers):
        if not header or not is_document_header(header) or page.looks[at].different > 30:
            continue
        kinds = {str(cell).strip() for cell in page.cells[at] if not is_blank_cell(cell)}
        payments = sorted(kind for kind in kinds if PAYMENTS.match(kind))
        if payments and len(payments) < len(kinds):
            drop.append(Condition((header,), among=tuple(payments)))
    return tuple(drop)


def find_ignored(page: Page, have: Mapping[str, Match], sides: Condition | None) -> tuple[str, ...]:
    """Return the headers that the checks shall not read: a currency beside local amounts, a side that is used."""
    ignored = list(sides.headers) if sides else []
    local = re.compile(r"^(?:dmbtr|wavwr)$", re.IGNORECASE)
    money = [page.headers[have[name].at] for name in (*MONEY, "balance") if name in have]
    if any(LOCAL.search(header) or local.match(header) for header in money):
        ignored += [header for header in page.headers if header and is_currency_header(header)]
    return tuple(dict.fromkeys(ignored))


def find_headings(page: Page, used: frozenset[int]) -> int | None:
    """Return the column of headings: texts alone in their rows, above the rows that they are for."""
    rows = min(map(len, page.cells), default=0)
    filled = [sum(not is_blank_cell(cell) for cell in row) for row in zip(*page.cells, strict=False)]
    lone = [row for row in range(rows) if filled[row] == 1]
    for at, column in enumerate(page.cells if lone else ()):
        alone = [row for row in lone if kind_of_cell(column[row]) == "text"]
        if len(alone) < 2 or (at in used and page.looks[at].text > 0.6):
            continue
        followed = sum(
            row + 1 < rows and filled[row + 1] > (not is_blank_cell(column[row + 1])) for row in alone
        )
        if followed >= 0.8 * len(alone) and len({str(column[row]) for row in alone}) == len(alone):
            return at
    return None
