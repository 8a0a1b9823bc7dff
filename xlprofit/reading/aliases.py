"""Aliases: other names and numbers of a customer, and which customer each of them is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from xlprofit.findings import Finding, phrase
from xlprofit.folding import fold_customer
from xlprofit.messages import _, join_messages
from xlprofit.reading.faults import Book, Fault, Mask, Places, Trouble, quote_value, report_faults

if TYPE_CHECKING:
    from xlprofit.reading.rows import Draft

Joins = Mapping[str, str]
"""The key of another name → that of the customer whose it is; customers' keys are :func:`fold_customer`'s."""


@dataclass(frozen=True)
class _Row:
    """A row of Aliases: its position, the keys of its id and of its customer, and both as written."""

    at: int
    id: str
    customer: str
    id_written: str
    customer_written: str


def join_drafts(drafts: Mapping[str, Draft]) -> tuple[dict[str, Draft], Joins, list[Finding]]:
    """Return the tables, those rows of Aliases that cannot hold left out, which name is whose, and findings.

    An alias of an alias is one of the customer at the end of the chain. An id of two customers is nobody's,
    and so are ids that are aliases of each other. A row of Customers for an alias whose customer has a row of
    its own there is left out.
    """
    if "Aliases" not in drafts:
        return dict(drafts), {}, []
    draft = drafts["Aliases"]
    rows = _read_alias_rows(draft)
    joins, of_two, circle = _resolve_aliases(rows)
    findings = [
        *_report_ambiguous_aliases(draft, rows, of_two),
        *_report_circular_aliases(draft, rows, circle),
    ]
    usable = draft.usable.copy()
    usable[[row.at for row in rows if row.id in of_two | circle]] = False
    joined = {**drafts, "Aliases": replace(draft, usable=usable)}
    if "Customers" in drafts:
        joined["Customers"], found = _exclude_alias_customers(drafts["Customers"], joins)
        findings += found
    return joined, joins, [*findings, *_report_unmatched_aliases(draft, drafts, rows, joins)]


def _resolve_aliases(rows: list[_Row]) -> tuple[Joins, set[str], set[str]]:
    """Return whose each id is, which ids are of two customers, and which come back to themselves."""
    direct, doubtful = _group_alias_targets(rows)
    circle = _find_circular_ids(direct)
    direct = {one: other for one, other in direct.items() if one not in circle}
    joins, of_two = _resolve_doubtful_ids(doubtful, direct)
    return {**{one: _follow_alias(one, direct) for one in direct}, **joins}, of_two, circle


def _resolve_doubtful_ids(doubtful: Mapping[str, set[str]], direct: Joins) -> tuple[Joins, set[str]]:
    """Return whose the ids with several customers are, where these come to one, and which stay of two."""
    ends = {one: {_follow_alias(other, direct) for other in of} for one, of in doubtful.items()}
    joins = {one: next(iter(of)) for one, of in ends.items() if len(of) == 1 and one not in of}
    return joins, {one for one, of in ends.items() if len(of) > 1}


def find_alias(book: Book) -> dict[str, str]:
    """Return the customer that each id of Aliases is, by the id's key."""
    if "Aliases" not in book:
        return {}
    frame = book["Aliases"].frame
    return {
        fold_customer(one): customer
        for one, customer in zip(frame["id"].astype(str), frame["customer"].astype(str), strict=True)
    }


def _read_alias_rows(draft: Draft) -> list[_Row]:
    """Return the rows that can be used and say more than that a customer is itself."""
    ids, customers = draft.readings.get("id"), draft.readings.get("customer")
    if ids is None or customers is None:
        return []
    rows = []
    for at in np.flatnonzero(draft.usable).tolist():
        one, other = ids.words[ids.codes[at]], customers.words[customers.codes[at]]
        row = _Row(at, fold_customer(one), fold_customer(other), one, other)
        rows += [row] if row.id != row.customer else []
    return rows


def _group_alias_targets(rows: list[_Row]) -> tuple[dict[str, str], dict[str, set[str]]]:
    """Return the customer of each id that has one, and the customers of each that has several."""
    targets: dict[str, set[str]] = {}
    for row in rows:
        targets.setdefault(row.id, set()).add(row.customer)
    return (
        {one: next(iter(of)) for one, of in targets.items() if len(of) == 1},
        {one: of for one, of in targets.items() if len(of) > 1},
    )


def _find_circular_ids(direct: Joins) -> set[str]:
    """Return the ids from which one comes back to them, going from alias to customer."""
    settled: set[str] = set()
    circles: set[str] = set()
    for start in direct:
        path: dict[str, int] = {}
        one = start
        while one in direct and one not in path and one not in settled:
            path[one] = len(path)
            one = direct[one]
        if one in path:
            circles.update(list(path)[path[one] :])
        settled.update(path)
    return circles


def _follow_alias(one: str, direct: Joins) -> str:
    while one in direct:
        one = direct[one]
    return one


def _report_ambiguous_aliases(draft: Draft, rows: list[_Row], of_two: set[str]) -> list[Finding]:
    found = [row for row in rows if row.id in of_two]

    def tell(which: int) -> Trouble:
        same = sorted({row.customer_written for row in found if row.id == found[which].id})
        what = phrase(
            "N03",
            "said",
            id=quote_value(found[which].id_written),
            customers=join_messages(_(" and "), map(quote_value, same)),
        )
        return Trouble("N03", what)

    return _report_alias_rows(draft, "N03", found, tell)


def _report_circular_aliases(draft: Draft, rows: list[_Row], circle: set[str]) -> list[Finding]:
    found = [row for row in rows if row.id in circle]

    def tell(which: int) -> Trouble:
        what = phrase(
            "N04",
            "said_turn",
            id=quote_value(found[which].id_written),
            customer=quote_value(found[which].customer_written),
        )
        return Trouble("N04", what)

    return _report_alias_rows(draft, "N04", found, tell)


def _report_alias_rows(
    draft: Draft, code: str, found: list[_Row], tell: Callable[[int], Trouble]
) -> list[Finding]:
    """Return a finding for each different id among some rows."""
    firsts: dict[str, int] = {}
    which = [firsts.setdefault(row.id, i) for i, row in enumerate(found)]
    at = np.array([row.at for row in found], dtype=np.int64)
    fault = Fault(code, "id", at, tell, np.array(which, dtype=np.int64), out=True)
    return report_faults(draft.place, draft.rows, [fault])


def _exclude_alias_customers(draft: Draft, joins: Joins) -> tuple[Draft, list[Finding]]:
    """Return Customers without the rows of aliases whose customer has a row of its own."""
    reading = draft.readings.get("customer")
    if reading is None:
        return draft, []
    keys = [fold_customer(word) for word in reading.words]
    own = {key for key, used in zip(keys, _find_used_words(draft, "customer"), strict=True) if used}
    again = np.array([key in joins and joins[key] in own for key in keys] + [False], dtype=bool)
    out: Mask = again[reading.codes] & draft.usable
    spelt = dict(sorted(zip(keys, reading.words, strict=True), reverse=True))

    def tell(which: int) -> Trouble:
        what = phrase(
            "N05",
            "another_name_row",
            id=quote_value(reading.words[which]),
            customer=quote_value(spelt[joins[keys[which]]]),
        )
        return Trouble("N05", what)

    at = np.flatnonzero(out)
    fault = Fault("N05", "customer", at, tell, reading.codes[at].astype(np.int64), out=True)
    return replace(draft, usable=draft.usable & ~out), report_faults(draft.place, draft.rows, [fault])


def _find_used_words(draft: Draft, column: str) -> list[bool]:
    """Return which of a column's words stand in a row that can be used."""
    reading = draft.readings[column]
    counts = np.bincount(reading.codes[draft.usable] + 1, minlength=len(reading.words) + 1)
    return [count > 0 for count in counts[1:].tolist()]


def _report_unmatched_aliases(
    draft: Draft, drafts: Mapping[str, Draft], rows: list[_Row], joins: Joins
) -> list[Finding]:
    """Return the note on ids that no other table has."""
    met: set[str] = set()
    for name, other in drafts.items():
        for column in other.place.table.columns if name != "Aliases" else ():
            if column.kind == "customer" and column.name in other.readings:
                met.update(map(fold_customer, other.readings[column.name].words))
    at: Places = np.array([r.at for r in rows if r.id in joins and r.id not in met], dtype=np.int64)
    if not len(at):
        return []
    what = phrase("N09", "ids_no_other", n=len(at))
    trouble = Trouble("N09", what)
    return report_faults(
        draft.place, draft.rows, [Fault("N09", "id", at, lambda which: trouble, counted=True)]
    )
