"""Commissions: rules that say whom they are for, and that somebody is."""

from __future__ import annotations

import numpy as np
import pandas as pd

from xlprofit.findings import Finding, phrase
from xlprofit.folding import fold_customer, fold_name
from xlprofit.messages import term
from xlprofit.reading import words
from xlprofit.reading.aliases import find_alias
from xlprofit.reading.faults import (
    Book,
    InputSheet,
    Trouble,
    build_fault_by_row,
    exclude_faulty_rows,
    quote_value,
)
from xlprofit.tables import TABLES

HELD_IN = {
    column.scope: (table.name, column.name)
    for table in TABLES.values()
    for column in table.columns
    if column.scope
}
"""The column that tells who or what the values of a scope are."""

OFFERED = 2_000
"""Among more names than this none is offered: the search would take longer than the reader."""


def exclude_invalid_rules(book: Book) -> tuple[Book, list[Finding]]:
    """Return the tables without rules that cannot hold; warn of rules for nobody and of overlaps.

    The value of a rule is spelt as the customer, owner, segment, channel or product that it means.
    """
    if "Commissions" not in book:
        return book, []
    sheet = book["Commissions"]
    frame = sheet.frame
    scope = frame["scope"].astype(object)
    blank = ((frame["value"] == "") & (scope != "all")).to_numpy(dtype=bool)
    ends = (frame["end"] < frame["start"]).to_numpy(dtype=bool)

    def tell_missing_value(at: int) -> Trouble:
        return Trouble("R22", phrase("R22", "rule_does_not", scope=term("word", scope.iloc[at])))

    def tell_wrong_end(at: int) -> Trouble:
        start, end = frame["start"].iloc[at], frame["end"].iloc[at]
        what = phrase("R24", "rule_ends_before", start=start, end=end)
        return Trouble("R24", what)

    faults = [
        build_fault_by_row("R22", "value", blank, tell_missing_value),
        build_fault_by_row("R24", "end", ends, tell_wrong_end),
    ]
    sheet = sheet.with_column("value", frame["value"].where(scope != "all", ""))
    sheet, findings = exclude_faulty_rows(sheet, faults)
    sheet, found = _match_rule_values(sheet, book)
    return {**book, "Commissions": sheet}, findings + found + _report_overlapping_rules(sheet)


def _match_rule_values(sheet: InputSheet, book: Book) -> tuple[InputSheet, list[Finding]]:
    """Return the rules with their values spelt as in the data, and warn of values that are not there."""
    scopes = sheet.frame["scope"].astype(str).to_numpy()
    values = sheet.frame["value"].astype(str).to_numpy(dtype=object)
    known = {scope: _list_scope_names(scope, book) for scope in set(scopes) - {"all"}}
    spelt = [
        value if scope == "all" else known[scope].get(_fold_scope_value(scope, value))
        for scope, value in zip(scopes, values, strict=True)
    ]

    def tell(at: int) -> Trouble:
        names = list(known[scopes[at]].values())
        near = words.suggest_name(values[at], names) if len(names) <= OFFERED else None
        what = phrase("R21", "no_called", scope=term("word", scopes[at]), name=quote_value(values[at]))
        return Trouble("R21", what, near)

    absent = np.array([name is None for name in spelt], dtype=bool)
    right = [value if name is None else name for name, value in zip(spelt, values, strict=True)]
    sheet = sheet.with_column("value", pd.Series(right, dtype="str"))
    return exclude_faulty_rows(sheet, [build_fault_by_row("R21", "value", absent, tell, out=False)])


def _list_scope_names(scope: str, book: Book) -> dict[str, str]:
    """Return the names that a scope has in the data, by the form in which they are compared."""
    if scope == "customer":
        names = {n for sheet in book.values() if "customer" in sheet.frame for n in sheet.present("customer")}
        return find_alias(book) | {_fold_scope_value(scope, name): name for name in names - {""}}
    table, column = HELD_IN[scope]
    names = set(book[table].frame[column].unique()) if table in book else set()
    return {_fold_scope_value(scope, name): name for name in sorted(names - {""}, reverse=True)}


def _fold_scope_value(scope: str, value: str) -> str:
    return fold_customer(value) if scope == "customer" else fold_name(value)


def _report_overlapping_rules(sheet: InputSheet) -> list[Finding]:
    """Return the warnings of rules of one scope and value of which both hold on some day."""
    frame = sheet.frame
    if len(frame) < 2:
        return []
    sets = pd.DataFrame(
        {
            "scope": frame["scope"].astype(object),
            "value": [fold_name(value) for value in frame["value"]],
            "start": frame["start"].fillna(pd.Timestamp("1800-01-01")),
            "end": frame["end"].fillna(pd.Timestamp("2200-01-01")),
            "rate": frame["rate"],
            "row": frame["row"],
        }
    ).sort_values(["scope", "value", "start", "end", "rate", "row"], kind="stable")
    # In order of their starts a rule meets an earlier one where it starts before the latest end so far.
    of_set = [sets["scope"], sets["value"]]
    latest = sets["end"].groupby(of_set).cummax()
    holder = sets["row"].where(sets["end"] >= latest).groupby(of_set).ffill()
    before = latest.groupby(of_set).shift()
    meets = (before.notna() & (sets["start"] <= before)).sort_index().to_numpy(dtype=bool)
    met = holder.groupby(of_set).shift().sort_index().to_numpy()

    def tell(at: int) -> Trouble:
        scope, value = frame["scope"].iloc[at], frame["value"].iloc[at]
        whom = term("word", scope) + " " + quote_value(value) if value else term("word", scope)
        return Trouble("R23", phrase("R23", "rule_overlaps_one", whom=whom, row=met[at]))

    return exclude_faulty_rows(sheet, [build_fault_by_row("R23", "scope", meets, tell, out=False)])[1]
