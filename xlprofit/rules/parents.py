"""Parents: which customer belongs to which, and chains of parents that come back to where they began."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from xlprofit.findings import Finding, phrase
from xlprofit.messages import join_messages
from xlprofit.reading.faults import (
    Book,
    InputSheet,
    Trouble,
    build_fault_by_name,
    exclude_faulty_rows,
    quote_value,
)
from xlprofit.tables.history import keep_latest_rows

NAMED = 6
"""So many customers of a loop are named."""


def cut_parent_loops(book: Book) -> tuple[Book, list[Finding]]:
    """Return Customers without the parents of those that are, through their parents, their own; and the findings.

    A customer that is given as its own parent is the top of its group, as some programs write it.
    """
    if "Customers" not in book or "parent" not in book["Customers"].place.cells:
        return book, []
    sheet = book["Customers"]
    own = sheet.codes("parent") == sheet.codes("customer")
    own &= sheet.frame["parent"].astype(object).to_numpy() != ""

    def tell_own(name: str) -> Trouble:
        return Trouble("R48", phrase("R48", "own_parent", customer=quote_value(name)))

    told = exclude_faulty_rows(
        sheet, [build_fault_by_name("R48", sheet, "parent", own, tell_own, out=False)]
    )[1]
    sheet = _blank_parents(sheet, own)
    loops = _find_parent_loops(sheet)

    def tell_loop(name: str) -> Trouble:
        return Trouble("R47", phrase("R47", "parent_loop", chain=join_messages(" → ", loops[name])))

    looped = sheet.among("customer", frozenset(loops))
    fault = build_fault_by_name("R47", sheet, "customer", looped, tell_loop, out=False)
    told += exclude_faulty_rows(sheet, [fault])[1]
    return {**book, "Customers": _blank_parents(sheet, looped)}, told


def _blank_parents(sheet: InputSheet, rows: np.ndarray) -> InputSheet:
    return sheet.with_column("parent", sheet.frame["parent"].where(~rows, ""))


def _find_parent_loops(sheet: InputSheet) -> dict[str, list[str]]:
    """Return, for each customer of a loop, the loop from it back to it as a message shows it."""
    latest = keep_latest_rows(sheet.frame)
    pairs = zip(latest["customer"].astype(str), latest["parent"].astype(str), strict=True)
    parent = {customer: above for customer, above in pairs if above}
    loops: dict[str, list[str]] = {}
    done: set[str] = set()
    for start in sorted(parent):
        chain = _follow_parents(start, parent, done)
        done.update(chain)
        if chain and parent.get(chain[-1]) in chain:
            loop = chain[chain.index(parent[chain[-1]]) :]
            for i, name in enumerate(loop):
                turned = [*loop[i:], *loop[:i], name]
                loops[name] = [quote_value(one) for one in turned[:NAMED]] + ["…"] * (len(turned) > NAMED)
    return loops


def _follow_parents(start: str, parent: Mapping[str, str], done: set[str]) -> list[str]:
    """Return a customer and its parents, up to one that was met before or has none."""
    chain: list[str] = []
    met: set[str] = set()
    one = start
    while one not in done and one not in met:
        chain.append(one)
        met.add(one)
        if one not in parent:
            break
        one = parent[one]
    return chain
