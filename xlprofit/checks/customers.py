"""Customers, Referrals and Prospects: who is mentioned, and whether anybody knows them."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from xlprofit.checks import words
from xlprofit.checks.activities import missing_resource
from xlprofit.checks.faults import Book, Trouble, by_name, settled, shown
from xlprofit.checks.resources import TOLERANCE, added_up
from xlprofit.findings import Finding
from xlprofit.language import _

FIGURES = ("Sales", "ActivityLog", "DirectCosts", "Invoices", "Balances")
"""Tables whose rows make a customer's figures."""

ENDS = ("referrer", "referred")

OFFERED = 2_000
"""Among more names than this none is offered: the search would take longer than the reader."""


def mentioned(book: Book, named: Collection[str]) -> list[Finding]:
    """Return the warnings of customers that other tables mention and Customers does not have.

    Each is told where it is first mentioned. ``named`` are the customers that Customers names; where
    there are none, only referrals of customers with no figures are pointed out.
    """
    known = set(named)
    columns = [(table, "customer") for table in FIGURES] + [("Referrals", end) for end in ENDS]
    if not known:
        columns = columns[len(FIGURES) :]
        for table in FIGURES:
            known |= book[table].present("customer") if table in book else set()
    code = "R41" if named else "R45"
    offered = sorted(known) if len(known) <= OFFERED else []

    def tell(customer: str) -> Trouble:
        if named:
            what = _("{customer} is not in {Customers}", customer=shown(customer))
        else:
            what = _("{customer} is not mentioned by any other table", customer=shown(customer))
        return Trouble(code, what, words.offer(customer, offered))

    findings = []
    for table, column in columns:
        if table in book:
            sheet = book[table]
            new = sheet.present(column) - known
            fault = by_name(code, sheet, column, sheet.among(column, new), tell, out=False)
            findings += settled(sheet, [fault])[1]
            known |= new
    return findings


def referred(book: Book) -> tuple[Book, list[Finding]]:
    """Return the tables without referrals of a customer by itself, or of more than the whole credit."""
    if "Referrals" not in book:
        return book, []
    sheet = book["Referrals"]

    def itself(customer: str) -> Trouble:
        return Trouble("R42", _("{customer} is said to have referred itself", customer=shown(customer)))

    same = sheet.codes("referrer") == sheet.codes("referred")
    sheet, findings = settled(sheet, [by_name("R42", sheet, "referrer", same, itself)])
    total = added_up(sheet, "referred")
    names = list(sheet.words("referred"))

    def too_much(customer: str) -> Trouble:
        share = total[names.index(customer)]
        what = _(
            "the shares for bringing {customer} add up to {share:.6g}", customer=shown(customer), share=share
        )
        return Trouble("R43", what)

    over = total[sheet.codes("referred")] > 1 + TOLERANCE
    sheet, found = settled(sheet, [by_name("R43", sheet, "referred", over, too_much)])
    return {**book, "Referrals": sheet}, findings + found


def prospects(book: Book, named: Collection[str], resources: Collection[str]) -> tuple[Book, list[Finding]]:
    """Return the tables without needs of prospects that are not there, or resources that do not exist.

    ``named`` are the prospects that Prospects names and ``resources`` the resources that Resources
    names, in rows that cannot be used too.
    """
    checked, findings = dict(book), []
    if "Prospects" in book:
        sheet = book["Prospects"]
        usable = book["Resources"].present("resource") if "Resources" in book else frozenset()
        fault = missing_resource(sheet, resources, usable, np.ones(len(sheet), dtype=bool))
        findings += settled(sheet, [fault])[1]
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
                what = _(
                    "{prospect} is in {Prospects}, but its row there cannot be used", prospect=shown(prospect)
                )
                return Trouble("R44", what, _("Mend its row in {Prospects}"))
            what = _("{prospect} is not in {Prospects}", prospect=shown(prospect))
            return Trouble("R44", what, words.offer(prospect, sorted(usable)))

        fault = by_name("R44", needs, "prospect", ~needs.among("prospect", usable), tell)
        checked["ProspectNeeds"], found = settled(needs, [fault])
        findings += found
    return checked, findings
