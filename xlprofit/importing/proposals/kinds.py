"""Kinds: rows of an export that are no sales by the kind of their document: payments, and what an invoice follows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

from xlprofit.importing.exports.amount_words import INVOICES, STAGES
from xlprofit.importing.exports.export import Cell, is_blank_cell
from xlprofit.importing.exports.match import Match
from xlprofit.importing.exports.months import read_header
from xlprofit.importing.exports.names import PAID, PAYMENTS, REFUNDS
from xlprofit.importing.exports.pages import Page
from xlprofit.importing.profiles.rules import RowCondition
from xlprofit.reading.codes import load_codes
from xlprofit.reading.conventions.document_words import is_document_header, read_meaning
from xlprofit.reading.word_patterns import compile_words

MOST_KINDS = 30
"""A column of more different words says no kind of document."""

PAYMENT_CODES = load_codes("payment_codes")
"""Codes of an invoice, of its credit note and of a payment, as systems have all three."""

MOST_SCENARIOS = 12
"""A column of more different words is none of scenarios."""

ACTUALS = compile_words("actual_words")
OTHER_SCENARIOS = compile_words("other_scenarios")
"""What amounts are called that came to be, and those that were planned, are of another year, or tell two apart."""


def find_other_kinds(page: Page, have: Mapping[str, Match]) -> tuple[RowCondition, ...]:
    """Return which rows are no sales by a column that says the kind of each document.

    Payments are none; nor are quotes, orders and delivery notes where the invoices that follow them are there too. It
    is not sure of those where few of them come to what an invoice of the same customer does.
    """
    found = list(_find_other_scenarios(page, have))
    for at in _list_kind_columns(page, have):
        kinds = _count_kinds(page.cells[at])
        payments = _list_payments(kinds)
        if payments and len(payments) < len(kinds):
            found.append(RowCondition((page.headers[at],), among=payments))
        stages = _list_stages(kinds)
        if stages:
            sure = _are_invoiced(page, have, at, stages)
            found.append(RowCondition((page.headers[at],), among=stages, sure=sure))
    return tuple(found)


def _find_other_scenarios(page: Page, have: Mapping[str, Match]) -> Iterator[RowCondition]:
    """Yield which rows are a plan or another year, by a column that has the actual amounts too, whatever its header."""
    named = {match.at for match in have.values() if match.column != "invoice"}
    for at, header in enumerate(page.headers):
        if not header or at in named or not 2 <= page.looks[at].different <= MOST_SCENARIOS:
            continue
        kinds = _count_kinds(page.cells[at])
        others = tuple(sorted(kind for kind in kinds if OTHER_SCENARIOS.fullmatch(_strip(kind))))
        if others and any(ACTUALS.fullmatch(_strip(kind)) for kind in kinds):
            yield RowCondition((header,), among=others)


def _list_kind_columns(page: Page, have: Mapping[str, Match]) -> Iterator[int]:
    """Yield the columns that say the kind of a document: by their header, or since they tell invoices from payments."""
    named = {match.at for name, match in have.items() if name not in ("product", "invoice")}
    for at, header in enumerate(page.headers):
        if not header or page.looks[at].different > MOST_KINDS:
            continue
        if is_document_header(header) or (at not in named and _names_both(_count_kinds(page.cells[at]))):
            yield at


def _names_both(kinds: Collection[str]) -> bool:
    """Whether some words are kinds of invoices and of what pays them."""
    return any(map(is_invoice, kinds)) and any(PAID.fullmatch(kind) for kind in kinds)


def _list_payments(kinds: Collection[str]) -> tuple[str, ...]:
    """Return the kinds of document that are payments, and their refunds where something was paid at all."""
    codes = {kind.strip().casefold() for kind in kinds}
    paid = {payment for *sold, payment in PAYMENT_CODES if codes.issuperset(sold)}
    found = sorted(kind for kind in kinds if PAYMENTS.fullmatch(kind) or kind.strip().casefold() in paid)
    if not any(map(PAID.fullmatch, kinds)):  # a refund is of a sale then, not of a payment
        found = [kind for kind in found if not REFUNDS.fullmatch(kind)]
    return tuple(found)


def _count_kinds(cells: Sequence[Cell]) -> Counter[str]:
    return Counter(read_header(cell) for cell in cells if not is_blank_cell(cell))


def _list_stages(kinds: Mapping[str, int]) -> tuple[str, ...]:
    """Return the kinds that come before an invoice, where there are invoices; offers are left to the checks."""
    if not any(map(is_invoice, kinds)):
        return ()
    return tuple(sorted(k for k in kinds if STAGES.fullmatch(_strip(k)) and read_meaning(k) != "offered"))


def is_invoice(kind: str) -> bool:
    """Whether a kind of document is an invoice.

    >>> is_invoice("Sales invoice"), is_invoice("Fattura"), is_invoice("Call")
    (True, True, False)
    """
    return INVOICES.fullmatch(_strip(kind)) is not None


def _strip(kind: str) -> str:
    return re.sub(r"[\s_-]+", " ", kind).strip(" .").casefold()


def _find_invoiced_amount(have: Mapping[str, Match]) -> int | None:
    return next((have[name].at for name in ("gross_revenue", "amount") if name in have), None)


def _are_invoiced(page: Page, have: Mapping[str, Match], at: int, stages: Sequence[str]) -> bool:
    """Whether most rows before an invoice come to the amount of an invoice of the same customer."""
    money = _find_invoiced_amount(have)
    if money is None or "customer" not in have:
        return False
    names, amounts, words = page.cells[have["customer"].at], page.cells[money], page.cells[at]
    rows = [
        (read_header(word), str(name), str(amount))
        for word, name, amount in zip(words, names, amounts, strict=True)
    ]
    invoiced = {row[1:] for row in rows if is_invoice(row[0])}
    before = [row[1:] in invoiced for row in rows if row[0] in stages]
    return bool(before) and sum(before) >= 0.5 * len(before)
