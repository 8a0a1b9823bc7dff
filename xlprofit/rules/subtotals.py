"""Subtotals: rows without a customer whose amounts are the sum of rows that have one, as exports add them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from xlprofit.findings import Finding, phrase
from xlprofit.reading.faults import Book, Fault, InputSheet, Mask, Places, Trouble, exclude_faulty_rows
from xlprofit.rules.totals import Amounts, count_units, round_to_cents, say_amount
from xlprofit.tables import TABLES
from xlprofit.vocabulary.levels import UNSPREAD_LEVELS

Span = Literal["customer", "month", "all"]
"""What a total adds up: the rows of one customer, those of its own month, or all of them."""

SPANS: tuple[Span, ...] = ("customer", "month", "all")

CHANCE = 0.05
"""Rows are taken for totals where so small a part of them, at most, would be expected to equal one by chance."""


@dataclass(frozen=True)
class _Summed:
    """The amounts of a table in whole cents, and what its rows may be added up by.

    ``of`` and ``blank`` say which rows have a customer and which may be totals; ``span`` and ``within`` have
    the group of each row; ``lines`` how many rows of a source each stands for.
    """

    units: Amounts
    of: Mask
    blank: Mask
    span: Places
    within: Places
    lines: Places
    fewest: int


def exclude_subtotals(book: Book, currency: str) -> tuple[Book, list[Finding]]:
    """Return the tables without rows that have no customer and are totals, and what was found.

    A row is one where all of its amounts that are filled in are, to the cent, the sum of the rows of a
    customer, of its month or of all customers (of its product, group or activity, too), and where that is more
    than chance. Chance is how often a row that has a customer equals such a sum.
    """
    checked, findings = dict(book), []
    for table, spec in TABLES.items():
        if spec.subtotals is not None and table in book:
            checked[table], found = _exclude_sheet_subtotals(book[table], book, currency)
            findings += found
    return checked, findings


def _exclude_sheet_subtotals(
    sheet: InputSheet, book: Book, currency: str
) -> tuple[InputSheet, list[Finding]]:
    candidates = _find_subtotal_candidates(sheet, book)
    if not candidates.any():
        return sheet, []
    columns = [c for c in sheet.place.table.totalled if c in sheet.place.cells]
    units = count_units(sheet, columns) if columns else None
    if units is None:
        return sheet, []
    found = _find_subtotals(sheet, units, candidates)
    faults = []
    for span in SPANS:
        for sure, code in ((True, "K05"), (False, "K06")):
            rows = (found == _encode_span(span, sure)) & candidates
            if rows.any():
                what = _describe_subtotals(span, sure, sheet.count(rows), say_amount(sheet, rows, currency))
                fix = None if sure else phrase("K06", "delete_what_total")
                faults.append(_build_subtotal_fault(rows, Trouble(code, what, fix), sure))
    return exclude_faulty_rows(sheet, faults)


def _build_subtotal_fault(rows: Mask, trouble: Trouble, out: bool) -> Fault:
    return Fault(trouble.code, "customer", np.flatnonzero(rows), lambda which: trouble, counted=True, out=out)


def _find_subtotal_candidates(sheet: InputSheet, book: Book) -> Mask:
    """Return the rows that have no customer, though they are not of the channel or of the whole firm."""
    blank = sheet.among("customer", {""})
    if "group" in sheet.frame:
        blank &= ~sheet.among("group", UNSPREAD_LEVELS)
    if "activity" in sheet.frame and "Activities" in book:
        activities = book["Activities"]
        unspread = activities.without(~activities.among("level", UNSPREAD_LEVELS)).present("activity")
        blank &= ~sheet.among("activity", unspread)
    return blank


def _encode_span(span: Span, sure: bool) -> int:
    return (SPANS.index(span) + 1) * (1 if sure else -1)


def _find_subtotals(sheet: InputSheet, units: Amounts, candidates: Mask) -> Places:
    """Return what each row adds up (as :func:`_encode_span` has it), 0 for none; the widest span is told."""
    found = np.zeros(len(sheet), dtype=np.int64)
    rule = sheet.place.table.subtotals
    if rule is None:
        return found
    candidates = candidates & (np.abs(units).max(axis=1) >= rule.least * 10_000)
    candidates &= (units != 0).any(axis=1)
    of = ~sheet.among("customer", {""})
    customers, months = sheet.codes("customer"), sheet.frame["date"].to_numpy().astype("datetime64[M]")
    of_span = {"customer": customers, "month": months.astype(np.int64), "all": np.zeros(len(sheet), np.int64)}
    lines = sheet.place.lines_of(sheet.frame["row"].to_numpy())
    for name in rule.within:
        if name and name not in sheet.place.cells:
            continue
        within = pd.factorize(sheet.frame[name].astype(object))[0] if name else np.zeros(len(sheet), np.int64)
        for span in ("all", "month", "customer"):
            left = candidates & (found <= 0)
            if name:
                left &= (sheet.frame[name] != "").to_numpy(dtype=bool)
            rows = _Summed(units, of, left, of_span[span], within, lines, rule.fewest)
            equal, sure = _match_span_sums(rows, span)
            found[equal & (sure | (found == 0))] = _encode_span(span, sure)
    return found


def _match_span_sums(table: _Summed, span: Span) -> tuple[Mask, bool]:
    """Return which blank rows equal a sum, and whether that is more than chance."""
    if not table.blank.any() or not table.of.any():
        return np.zeros(len(table.blank), dtype=bool), False
    sums = _sum_groups(table)
    equal = _match_group_sums(table, span, sums)
    if not equal.any() and span != "customer":
        equal = _match_overall_sums(table, sums)
    if not equal.any():
        return equal, False
    count, most = int(equal.sum()), int(table.blank.sum())
    return equal, _estimate_chance_share(table, span, sums) * most <= CHANCE * count or _is_complete(
        table, span, sums, equal
    )


def _sum_groups(table: _Summed) -> pd.DataFrame:
    """Return the sums of the rows with a customer by group: ``within``, ``span``, ``lines`` and each amount."""
    of = table.of
    frame = pd.DataFrame(table.units[of]).assign(
        within=table.within[of], span=table.span[of], lines=table.lines[of]
    )
    return frame.groupby(["within", "span"], as_index=False).sum()


def _match_group_sums(table: _Summed, span: Span, sums: pd.DataFrame) -> Mask:
    """Return which blank rows equal the sum of a group: one of theirs or, of customers, any."""
    some = sums[(sums["lines"] >= table.fewest).to_numpy()]
    return _match_sums(table, table.blank, span, some, list(range(table.units.shape[1])))


def _match_sums(table: _Summed, rows: Mask, span: Span, sums: pd.DataFrame, columns: Sequence[int]) -> Mask:
    """Return which of some rows equal sums in all amounts that they have, each set of those at a time."""
    equal = np.zeros(len(rows), dtype=bool)
    at = np.flatnonzero(rows)
    filled = table.units[at] != 0
    pattern = (filled * (1 << np.arange(filled.shape[1]))).sum(axis=1)
    for one in np.unique(pattern):
        some = [c for c in columns if one >> c & 1]
        if not some:
            continue
        where = at[pattern == one]
        keys = [table.within[where], *([] if span == "customer" else [table.span[where]])]
        wanted = [sums["within"].to_numpy(), *([] if span == "customer" else [sums["span"].to_numpy()])]
        keys += [round_to_cents(table.units[where, c]) for c in some]
        wanted += [round_to_cents(sums[c].to_numpy()) for c in some]
        equal[where] = pd.MultiIndex.from_arrays(keys).isin(pd.MultiIndex.from_arrays(wanted))
    return equal


def _match_overall_sums(table: _Summed, sums: pd.DataFrame) -> Mask:
    """Return which blank rows equal the sum of all others, those without a customer too.

    Such a row is *total = sums + (blank rows − total)*, so that twice the total is the sum of everything.
    """
    blank = pd.DataFrame(table.units[table.blank]).assign(
        within=table.within[table.blank], span=table.span[table.blank], lines=0
    )
    both = pd.concat([sums, blank]).groupby(["within", "span"], as_index=False).sum()
    several = both[(both["lines"] >= table.fewest).to_numpy()]
    doubled = _Summed(
        table.units * 2, table.of, table.blank, table.span, table.within, table.lines, table.fewest
    )
    if int(table.blank.sum()) < 2:
        return np.zeros(len(table.blank), dtype=bool)
    return _match_sums(doubled, table.blank, "all", several, list(range(table.units.shape[1])))


def _estimate_chance_share(table: _Summed, span: Span, sums: pd.DataFrame) -> float:
    """Return which part of the rows with a customer equals the sum of others that way, which is by chance."""
    if span == "customer":
        some = sums[(sums["lines"] >= table.fewest).to_numpy()]
        equal = _match_sums(table, table.of, span, some, list(range(table.units.shape[1])))
    else:  # twice the row is the sum of all
        doubled = _Summed(
            table.units * 2, table.of, table.of, table.span, table.within, table.lines, table.fewest
        )
        several = sums[(sums["lines"] > table.fewest).to_numpy()]
        equal = _match_sums(doubled, table.of, span, several, list(range(table.units.shape[1])))
    return float(equal.sum() / table.of.sum())


def _is_complete(table: _Summed, span: Span, sums: pd.DataFrame, equal: Mask) -> bool:
    """Whether every blank row is a total, and every customer of several rows, two at least, has one."""
    if span != "customer" or not equal[table.blank].all():
        return False
    columns = [c for c in range(table.units.shape[1]) if (table.units[equal][:, c] != 0).any()]
    have = {tuple(row) for row in round_to_cents(table.units[equal][:, columns]).tolist()}
    several = sums[(sums["lines"] >= table.fewest).to_numpy()]
    wanted = {tuple(row) for row in round_to_cents(several[columns].to_numpy()).tolist()}
    return len(several) > 1 and wanted <= have


_ADDED_UP: dict[Span, str] = {
    "customer": "rows_without_customer",
    "month": "rows_without_customer_each",
    "all": "rows_without_customer_each_add",
}
"""The wording of rows that add up those of a customer, of a month, or all."""


def _describe_subtotals(span: Span, sure: bool, count: int, amount: str) -> str:
    what = phrase("subtotals", _ADDED_UP[span], n=count, amount=amount)
    return what + phrase("subtotals", "left_out" if sure else "counted", n=count)
