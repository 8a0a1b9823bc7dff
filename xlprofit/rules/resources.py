"""Resources and Allocations: capacity that can be priced, and stage one that comes to an end."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import numpy.typing as npt

from xlprofit.findings import Finding, phrase
from xlprofit.reading import words
from xlprofit.reading.faults import (
    Book,
    Fault,
    InputSheet,
    Mask,
    Places,
    Trouble,
    build_fault_by_name,
    build_fault_by_row,
    exclude_faulty_rows,
    quote_value,
)

Floats = npt.NDArray[np.float64]

TOLERANCE = 1e-9
"""Shares may add up to more than 1 by so little: the rounding of fractions."""


def exclude_idle_resources(book: Book) -> tuple[Book, list[Finding]]:
    """Return the tables without resources that have no workable capacity; a capacity of 0 is none given."""
    if "Resources" not in book:
        return book, []
    sheet = book["Resources"]
    practical, capacity = sheet.frame["practical"].to_numpy(), sheet.frame["capacity"]
    none = (capacity <= 0).to_numpy()
    idle = Trouble("R14", phrase("R14", "practical_share"))
    zero = Trouble("R15", phrase("R15", "capacity_read_not"))
    faults = [
        build_fault_by_row("R14", "practical", practical <= 0, lambda at: idle),
        build_fault_by_row("R15", "capacity", none, lambda at: zero, out=False),
    ]
    sheet, findings = exclude_faulty_rows(sheet.with_column("capacity", capacity.mask(none)), faults)
    return {**book, "Resources": sheet}, findings + _report_mixed_periods(sheet)


def _report_mixed_periods(sheet: InputSheet) -> list[Finding]:
    """Return the warnings of resources that have rows both with and without a period."""
    whole = (sheet.frame["period"] == "").to_numpy(dtype=bool)
    codes = sheet.codes("resource")
    mixed = whole & np.isin(codes, codes[~whole])

    def tell(resource: str) -> Trouble:
        what = phrase(
            "R16",
            "rows_period_without",
            resource=quote_value(resource),
        )
        return Trouble("R16", what)

    return exclude_faulty_rows(
        sheet, [build_fault_by_name("R16", sheet, "resource", mixed, tell, out=False)]
    )[1]


def exclude_invalid_allocations(book: Book, named: Collection[str]) -> tuple[Book, list[Finding]]:
    """Return the tables without allocations that lead nowhere, give away too much or never end."""
    if "Allocations" not in book:
        return book, []
    known = book["Resources"].present("resource") if "Resources" in book else frozenset()
    sheet, findings = _exclude_unknown_ends(book["Allocations"], named, known)
    for sift in (_exclude_excess_shares, _exclude_closed_loops):
        sheet, found = sift(sheet)
        findings += found
    return {**book, "Allocations": sheet}, findings


def _exclude_unknown_ends(
    sheet: InputSheet, named: Collection[str], known: Collection[str]
) -> tuple[InputSheet, list[Finding]]:
    """Return the allocations between two different resources that exist."""

    def tell(resource: str) -> Trouble:
        return Trouble("R11", phrase("R11", "allocated_itself", resource=quote_value(resource)))

    same = sheet.codes("from") == sheet.codes("to")
    faults = [
        report_missing_resource(sheet, end, ~sheet.among(end, known), named, known) for end in ("from", "to")
    ]
    return exclude_faulty_rows(sheet, [*faults, build_fault_by_name("R11", sheet, "from", same, tell)])


def report_missing_resource(
    sheet: InputSheet, column: str, mask: Mask, named: Collection[str], usable: Collection[str]
) -> Fault:
    """Return the fault of rows that mention a resource that is not there or, being ``named``, cannot be used."""

    def tell(resource: str) -> Trouble:
        if resource in named:
            what = phrase("R03", "but_none_rows", resource=quote_value(resource))
            return Trouble("R03", what, phrase("R03", "fix_rows"))
        what = phrase("R03", "not", resource=quote_value(resource))
        return Trouble("R03", what, words.suggest_name(resource, sorted(usable)))

    return build_fault_by_name("R03", sheet, column, mask, tell)


def _exclude_excess_shares(sheet: InputSheet) -> tuple[InputSheet, list[Finding]]:
    """Return the allocations of resources that give away no more than the whole."""
    total = sum_shares(sheet, "from")

    def tell(resource: str) -> Trouble:
        share = total[list(sheet.words("from")).index(resource)]
        what = phrase("R12", "shares_add_up", resource=quote_value(resource), share=share)
        return Trouble("R12", what)

    over = total[sheet.codes("from")] > 1 + TOLERANCE
    return exclude_faulty_rows(sheet, [build_fault_by_name("R12", sheet, "from", over, tell)])


def sum_shares(sheet: InputSheet, column: str) -> Floats:
    """Return the sum of the shares by the code of a column, whatever the order of the rows."""
    order = sheet.frame.sort_values("share", kind="stable").index.to_numpy()
    weights = sheet.frame["share"].to_numpy()[order]
    sums = np.bincount(sheet.codes(column)[order], weights, minlength=len(sheet.words(column)))
    return sums.astype(np.float64)


def _exclude_closed_loops(sheet: InputSheet) -> tuple[InputSheet, list[Finding]]:
    """Return the allocations from which some way leads to a resource that keeps its cost."""
    trapped = _find_trapped_allocations(
        sheet.codes("from"), sheet.codes("to"), sheet.frame["share"].to_numpy(), sum_shares(sheet, "from")
    )

    def tell(resource: str) -> Trouble:
        return Trouble("R13", phrase("R13", "cost_goes_round", resource=quote_value(resource)))

    return exclude_faulty_rows(sheet, [build_fault_by_name("R13", sheet, "from", trapped, tell)])


def _find_trapped_allocations(source: Places, target: Places, share: Floats, total: Floats) -> Mask:
    """Return which allocations are of resources whose cost can never come to rest."""
    rests = total < 1 - TOLERANCE
    moves = np.asarray(share) > 0
    while True:
        reached = np.zeros(len(rests), dtype=bool)
        reached[source[moves & rests[target]]] = True
        if not (reached & ~rests).any():
            return np.asarray(~rests[source], dtype=bool)
        rests |= reached
