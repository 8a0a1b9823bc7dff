"""Pools: customers that stand for many, such as Others or Cash sales, of which no verdict is one on a customer."""

from __future__ import annotations

import re

import numpy as np

from xlprofit.findings import Finding, phrase
from xlprofit.languages import list_reading_words
from xlprofit.reading.faults import (
    Book,
    InputSheet,
    Trouble,
    build_fault_by_name,
    build_fault_by_row,
    exclude_faulty_rows,
    quote_value,
)
from xlprofit.reading.words import normalize_text

POOLS = frozenset(list_reading_words("pooled_customers"))
"""What a customer is called that stands for many, in lower case without marks between the words."""


def check_pooled_customers(book: Book) -> list[Finding]:
    """Return the warnings of customers that stand for many, by their name in Sales or by what Customers calls them."""
    findings: list[Finding] = []
    if "Sales" in book:
        findings += _report_sold_pools(book["Sales"])
    if "Customers" in book and "name" in book["Customers"].place.cells:
        findings += _report_named_pools(book["Customers"])
    return findings


def _report_sold_pools(sheet: InputSheet) -> list[Finding]:
    """Return the warnings of pools in a list of sales, each where it stands first."""
    pools = {name for name in sheet.present("customer") if is_pool(name)}
    mask = sheet.among("customer", pools)
    fault = build_fault_by_name("N10", sheet, "customer", mask, _tell_pool, out=False)
    return exclude_faulty_rows(sheet, [fault])[1]


def _report_named_pools(sheet: InputSheet) -> list[Finding]:
    """Return the warnings of customers whose own name in Customers is that of a pool."""
    names = list(sheet.frame["name"].astype(str))
    mask = np.array([is_pool(name) for name in names], dtype=bool)
    fault = build_fault_by_row("N10", "name", mask, lambda row: _tell_pool(names[row]), out=False)
    return exclude_faulty_rows(sheet, [fault])[1]


def _tell_pool(name: str) -> Trouble:
    return Trouble("N10", phrase("N10", "stands_for_many", name=quote_value(name)))


def is_pool(name: str) -> bool:
    """Whether a name is what many customers together are called.

    >>> is_pool("Others"), is_pool("Misc. Customers"), is_pool("Laufkundschaft"), is_pool("Others & Sons Ltd")
    (True, True, True, False)
    """
    return re.sub(r"[\W_]+", " ", normalize_text(name).casefold()).strip() in POOLS
