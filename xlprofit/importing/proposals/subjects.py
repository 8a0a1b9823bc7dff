"""Subjects: sheets with amounts that are no sales: purchases, quotes, open orders, payments, stock, aged debts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from math import fsum
from typing import Literal

from xlprofit.headings import keys_of
from xlprofit.importing.exports.conversion import read_amount
from xlprofit.importing.exports.derivation import is_rate
from xlprofit.importing.exports.export import Cell
from xlprofit.importing.exports.inference import find_decimal
from xlprofit.importing.exports.match import LIKELY, Match
from xlprofit.importing.exports.names import CREDITS, DEBITS
from xlprofit.importing.exports.pages import Page
from xlprofit.languages import list_reading_words
from xlprofit.messages import Message, _
from xlprofit.reading.word_patterns import compile_words

Subject = Literal[
    "", "purchases", "quotes", "backlog", "payments", "stock", "staff", "plan", "ageing", "journal"
]
"""What a sheet is about where it is no list of sales; nothing where it may be one."""

SUPPLIERS = keys_of(list_reading_words("supplier_headers"))
OFFERS = keys_of(list_reading_words("offer_headers"))
BACKLOG = keys_of(list_reading_words("backlog_headers"))
RECEIPTS = keys_of(list_reading_words("receipt_headers"))
STOCK = keys_of(list_reading_words("stock_headers"))
STAFF = keys_of(list_reading_words("staff_headers"))
"""Headers of other lists, by their keys: of purchases, quotes, open orders, payments, stock, pay and expenses."""

PLANNED = compile_words("plan_words")
"""What says in a header that an amount is planned."""

DEBTS = ("Invoices", "Balances")
"""Tables that a list of what is owed, by its age, may be all the same."""

FEWEST_AGES = 3
"""So many columns of ages make a list of aged debts."""

BALANCED = 1e-6
"""Debits and credits differ by less of them where they balance."""

_AGE = re.compile(r"[<>≤≥+]?\s*[0-9]{1,3}\s*(?:[-–]\s*[0-9]{1,3}|[<>≤≥+])?(?:\s*[^\W\d_]{1,8}\.?)?")
_OF_AGE = re.compile(r"[-–<>≤≥+]")


def find_subject(page: Page, found: Sequence[Match]) -> Subject:
    """Return what a sheet is about where it is no list of sales, by its headers; ``found`` are its columns of sales."""
    have = {match.column: match for match in found}
    of_others = "" if _is_named(have, "customer") else _find_subject_of_others(page)
    if of_others:
        return of_others
    if _count_ages(page) >= FEWEST_AGES:
        return "ageing"
    if _is_balanced(page):
        return "journal"
    money = have.get("gross_revenue")
    if (money is None or money.by == "content") and _has_planned_amounts(page, have):
        return "plan"
    keys = page.name_keys(money.at) if money is not None else set()
    if keys & BACKLOG:
        return "backlog"
    if keys & RECEIPTS:
        return "payments"
    return "quotes" if page.find_named(OFFERS) and not _is_named(have, "invoice") else ""


def _find_subject_of_others(page: Page) -> Subject:
    """Return what a sheet that names no customer is about, by its headers."""
    if page.find_named(SUPPLIERS):
        return "purchases"
    if len(page.find_named(STOCK)) > 1:
        return "stock"
    return "staff" if page.find_named(STAFF) else ""


def bars_table(subject: Subject, table: str) -> bool:
    """Whether a sheet about something else cannot be a table of what was sold and owed."""
    if not subject or (subject == "ageing" and table in DEBTS):
        return False
    return table in ("Sales", "Invoices", "Balances")


def tell_subject(subject: Subject) -> Message:
    """Return what a sheet looks like that is no list of sales."""
    return {
        "purchases": _("It names suppliers and no customers, so it looks like purchases"),
        "quotes": _("It looks like a list of quotes, which are no sales yet"),
        "backlog": _("It looks like a list of open orders, which are not invoiced yet"),
        "payments": _("It looks like a list of payments received, which are no sales"),
        "staff": _("It names employees and no customers, so it looks like pay or expenses"),
        "plan": _("Its amounts are planned ones, which are no sales"),
        "stock": _("It looks like a list of stock"),
        "journal": _("Its debits and credits balance, so it has all accounts and not those of revenue alone"),
        "ageing": _("It looks like a list of open receivables by age, which are no sales of a period"),
    }[subject]


def _is_named(have: Mapping[str, Match], column: str) -> bool:
    """Whether a column of sales was found by its name."""
    match = have.get(column)
    return match is not None and match.by != "content" and match.trust >= LIKELY


def _has_planned_amounts(page: Page, have: Mapping[str, Match]) -> bool:
    """Whether the only columns of amounts, rates aside, are a plan by their headers."""
    used = {match.at for name, match in have.items() if name != "gross_revenue"}
    numbers = [
        at for at, look in enumerate(page.looks) if at not in used and look.number >= 0.5 and look.decimal
    ]
    planned = [at for at in numbers if PLANNED.search(page.headers[at])]
    return bool(planned) and all(at in planned or is_rate(page, at) for at in numbers)


def _is_balanced(page: Page) -> bool:
    """Whether debits and credits in two columns come to the same, as in a journal of all accounts."""
    debit, credit = (next(iter(page.find_named(names)), None) for names in (DEBITS, CREDITS))
    if debit is None or credit is None:
        return False
    sums = [_sum_up(page.cells[at]) for at in (debit, credit)]
    return min(sums) > 0 and abs(sums[0] - sums[1]) <= BALANCED * max(sums)


def _sum_up(cells: Sequence[Cell]) -> float:
    """Return the sum of the amounts of a column."""
    decimal = find_decimal(cells)
    return fsum(read_amount(cell, decimal) or 0.0 for cell in cells)


def _count_ages(page: Page) -> int:
    """Return how many columns are amounts by their age in days: 1-30, > 90."""
    ages = (header for header in page.headers if _OF_AGE.search(header))
    return sum(bool(_AGE.fullmatch(header.strip())) for header in ages)
