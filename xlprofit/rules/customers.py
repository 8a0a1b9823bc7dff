"""Customers, Referrals and Prospects: who is mentioned, and whether anybody knows them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from xlprofit.findings import Finding, phrase
from xlprofit.folding import fold_customer
from xlprofit.messages import _, join_messages
from xlprofit.reading import words
from xlprofit.reading.faults import Book, Trouble, build_fault_by_name, exclude_faulty_rows, quote_value
from xlprofit.rules.likeness import (
    MOST_SOUGHT,
    Nearness,
    Reduced,
    find_numbered_names,
    find_similar_names,
    reduce_name,
)
from xlprofit.rules.resources import TOLERANCE, report_missing_resource, sum_shares
from xlprofit.tables import TABLES

FIGURES = tuple(name for name, table in TABLES.items() if table.posts)
"""Tables whose rows make a customer's figures."""

ENDS = ("referrer", "referred")

NAMED = 3
"""So many customers of one name are named."""

OFFERED = 2_000
"""Among more names than this none is offered: the search would take longer than the reader."""


@dataclass(frozen=True)
class Likeness:
    """Two names that may be one customer's: why they may, by code, and what the other name is.

    ``what`` says it; ``other`` is the customer to propose, empty where there are several.
    """

    code: str
    what: str
    other: str


def compare_names(book: Book, named: Collection[str]) -> tuple[list[Finding], frozenset[str]]:
    """Return the warnings of customers that may be another one under another name, and which they are.

    Nothing is joined for it. ``named`` are the customers that Customers names. Each is told where it is first
    mentioned.
    """
    found = _find_likenesses(book, named)

    def tell(name: str) -> Trouble:
        return Trouble(found[name].code, found[name].what, _propose_alias(name, found[name].other))

    findings, left = [], set(found)
    for table, column in (*_list_customer_columns(), ("Customers", "customer")):
        if table in book and column in book[table].place.cells:
            sheet = book[table]
            new = sheet.present(column) & left
            for code in ("N06", "N07", "N08"):
                names = {name for name in new if found[name].code == code}
                fault = build_fault_by_name(code, sheet, column, sheet.among(column, names), tell, out=False)
                findings += exclude_faulty_rows(sheet, [fault])[1]
            left -= new
    return findings, frozenset(found)


def _find_likenesses(book: Book, named: Collection[str]) -> dict[str, Likeness]:
    """Return the customers that may be another one: by what Customers calls it, by how it is spelt, by a slip."""
    reduced = {name: reduce_name(name) for name in sorted(_list_mentioned_customers(book) | set(named))}
    found = _find_shared_names(book, named, reduced)
    sold = book["Sales"].present("customer") if "Sales" in book else frozenset[str]()
    ranked = sorted(reduced, key=lambda name: (name not in named, name not in sold, name))
    for name, other in (*find_similar_names(reduced, ranked), *find_numbered_names(reduced)):
        what = phrase("N06", "may_same_customer", name=quote_value(name), other=quote_value(other))
        found.setdefault(name, Likeness("N06", what, other))
    return found | _find_near_customers(named, sold, reduced, found)


def _propose_alias(name: str, other: str) -> str:
    if not other:
        return phrase("customers", "if_one_them")
    return phrase(
        "customers",
        "if_they_one",
        name=name,
        other=other,
    )


def _list_customer_columns() -> list[tuple[str, str]]:
    return [(table, "customer") for table in FIGURES] + [("Referrals", end) for end in ENDS]


def _list_mentioned_customers(book: Book) -> set[str]:
    """Return the customers that any table but Customers mentions."""
    return {
        name
        for table, column in _list_customer_columns()
        if table in book
        for name in book[table].present(column)
    }


def _find_shared_names(
    book: Book, named: Collection[str], reduced: Mapping[str, Reduced]
) -> dict[str, Likeness]:
    """Return the customers that are called as Customers calls another one."""
    if "Customers" not in book:
        return {}
    written = _list_written_names(book["Customers"].frame)
    of_name = {customer: reduce_name(name) for customer, name in written.items()}
    called = _group_called_names(written, of_name)
    found: dict[str, Likeness] = {}
    for one in reduced.keys() - of_name.keys():
        met = set().union(*(called.get(key, ()) for key in _list_name_keys(one, reduced[one])))
        others = sorted(other for other in met - {one} if reduced[one].agrees(of_name[other]))
        if others:
            found[one] = _describe_shared_name(one, others)
    return found


def _list_written_names(frame: pd.DataFrame) -> dict[str, str]:
    """Return what Customers calls each customer, where it says more than the customer's own name."""
    pairs = zip(frame["customer"].astype(str), frame["name"].astype(str), strict=True)
    return {customer: name for customer, name in pairs if name and name != customer}


def _group_called_names(written: Mapping[str, str], of_name: Mapping[str, Reduced]) -> dict[str, set[str]]:
    """Return the customers that Customers calls by a name, by each key of that name."""
    called: dict[str, set[str]] = {}
    for customer, name in written.items():
        for key in _list_name_keys(name, of_name[customer]):
            called.setdefault(key, set()).add(customer)
    return called


def _list_name_keys(name: str, of: Reduced) -> tuple[str, ...]:
    return fold_customer(name), *of.keys


def _describe_shared_name(one: str, others: Sequence[str]) -> Likeness:
    what = phrase(
        "N07",
        "what_calls",
        name=quote_value(one),
        others=join_messages(_(" and "), map(quote_value, others[:NAMED])),
    )
    return Likeness("N07", what, others[0] if len(others) == 1 else "")


def _find_near_customers(
    named: Collection[str], sold: Collection[str], reduced: Mapping[str, Reduced], found: Collection[str]
) -> dict[str, Likeness]:
    """Return the customers without sales, or not in Customers, whose name is near to one that has or is."""
    near: dict[str, Likeness] = {}
    for among, variant in ((named, "not"), (sold, "no_sales")):
        there = Nearness(reduced, among)
        known = {*found, *among, *near}
        for name in [name for name in reduced if name not in known][: MOST_SOUGHT if among else 0]:
            other = there.find(name)
            if other is not None and not (other in near and near[other].other == name):
                what = phrase("N08", variant, name=quote_value(name), other=quote_value(other))
                near[name] = Likeness("N08", what, other)
    return near


def check_mentioned_customers(book: Book, named: Collection[str], told: Collection[str]) -> list[Finding]:
    """Return the warnings of customers that other tables mention and Customers does not have.

    Each is told where it is first mentioned. ``named`` are the customers that Customers names; where
    there are none, only referrals of customers with no figures are pointed out. Of those in ``told`` more has been
    said already. A prospect may be referred; whom it refers is credited to nobody.
    """
    known = {*named, *told}
    prospects = book["Prospects"].present("prospect") if "Prospects" in book else frozenset()
    columns = _list_customer_columns()
    if not named:
        columns = columns[len(FIGURES) :]
        for table in FIGURES:
            known |= book[table].present("customer") if table in book else set()
    code, variant = ("R41", "not") if named else ("R45", "not_mentioned_any")
    offered = sorted(known) if len(known) <= OFFERED else []

    def tell(customer: str) -> Trouble:
        if customer in prospects and not named:
            return Trouble(
                code, phrase(code, "prospect", customer=quote_value(customer)), phrase(code, "fix_prospect")
            )
        what = phrase(code, variant, customer=quote_value(customer))
        return Trouble(code, what, words.suggest_name(customer, offered))

    findings = []
    for table, column in columns:
        if table in book:
            sheet = book[table]
            new = sheet.present(column) - known - (prospects if column == "referred" else frozenset())
            fault = build_fault_by_name(code, sheet, column, sheet.among(column, new), tell, out=False)
            findings += exclude_faulty_rows(sheet, [fault])[1]
            known |= new
    return findings


def exclude_invalid_referrals(book: Book) -> tuple[Book, list[Finding]]:
    """Return the tables without referrals of a customer by itself, or of more than the whole credit."""
    if "Referrals" not in book:
        return book, []
    sheet = book["Referrals"]

    def tell_same(customer: str) -> Trouble:
        return Trouble("R42", phrase("R42", "said_referred_itself", customer=quote_value(customer)))

    same = sheet.codes("referrer") == sheet.codes("referred")
    sheet, findings = exclude_faulty_rows(
        sheet, [build_fault_by_name("R42", sheet, "referrer", same, tell_same)]
    )
    total = sum_shares(sheet, "referred")
    names = list(sheet.words("referred"))

    def tell_excess(customer: str) -> Trouble:
        share = total[names.index(customer)]
        what = phrase("R43", "shares_bringing_add", customer=quote_value(customer), share=share)
        return Trouble("R43", what)

    over = total[sheet.codes("referred")] > 1 + TOLERANCE
    sheet, found = exclude_faulty_rows(
        sheet, [build_fault_by_name("R43", sheet, "referred", over, tell_excess)]
    )
    return {**book, "Referrals": sheet}, findings + found


def exclude_invalid_needs(
    book: Book, named: Collection[str], resources: Collection[str]
) -> tuple[Book, list[Finding]]:
    """Return the tables without needs of prospects that are not there, or resources that do not exist.

    ``named`` are the prospects that Prospects names and ``resources`` the resources that Resources
    names, in rows that cannot be used too.
    """
    checked, findings = dict(book), []
    if "Prospects" in book:
        sheet = book["Prospects"]
        usable = book["Resources"].present("resource") if "Resources" in book else frozenset()
        fault = report_missing_resource(
            sheet, "resource", ~sheet.among("resource", {*usable, ""}), resources, usable
        )
        findings += exclude_faulty_rows(sheet, [fault])[1]
        # An unknown is never a reason to reject: the hours of such a prospect are merely not priced.
        mask = np.zeros(len(sheet), dtype=bool)
        mask[fault.at] = True
        column = sheet.frame["resource"]
        checked["Prospects"] = sheet.with_column("resource", column.where(~mask, ""))
    if "ProspectNeeds" in book:
        needs = book["ProspectNeeds"]
        usable = checked["Prospects"].present("prospect") if "Prospects" in checked else frozenset()

        def tell(prospect: str) -> Trouble:
            if prospect in named:
                what = phrase("R44", "but_row_cannot", prospect=quote_value(prospect))
                return Trouble("R44", what, phrase("R44", "fix_row"))
            what = phrase("R44", "not", prospect=quote_value(prospect))
            return Trouble("R44", what, words.suggest_name(prospect, sorted(usable)))

        fault = build_fault_by_name("R44", needs, "prospect", ~needs.among("prospect", usable), tell)
        checked["ProspectNeeds"], found = exclude_faulty_rows(needs, [fault])
        findings += found
    return checked, findings
