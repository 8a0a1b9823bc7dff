"""Supply: whether the tables that are needed were given, and what is left out for want of the others."""

from __future__ import annotations

from collections.abc import Mapping

from xlprofit.checks.faults import Book, plural
from xlprofit.checks.reading import Read
from xlprofit.findings import Finding, finding
from xlprofit.tables import TABLES, Raw

FEEDS = {
    "segments, owners and channels": ("Customers",),
    "cost of activities": ("Resources", "Activities", "ActivityLog"),
    "stage-one allocations": ("Allocations",),
    "direct costs": ("DirectCosts",),
    "commissions": ("Commissions",),
    "cost of credit": ("Invoices", "Balances"),
    "referral value": ("Referrals",),
    "prospect screening": ("Prospects",),
    "needs of prospects": ("ProspectNeeds",),
    "the tie-out": ("ControlTotals",),
}
"""The tables that feed each part of the figures."""

EITHER = ("Invoices", "Balances")
"""Tables of which one is enough."""


def structure(raws: Mapping[str, Raw], read: Read) -> list[Finding]:
    """Return what is to be said of tables that were not given or have nothing in them."""
    findings = []
    if "Sales" not in raws:
        others = ", ".join(name for name in TABLES if name in raws)
        what = "there is no Sales table or sheet" + (f", only {others}" if others else "")
        findings.append(finding("T01", "", "", what))
    elif "Sales" not in read.drafts:
        findings.append(finding("T02", raws["Sales"].sheet, "", "the sheet has no sales lines"))
    elif not read.drafts["Sales"].usable.any():
        draft = read.drafts["Sales"]
        count = int(draft.place.lines_of(draft.rows[~draft.empty]).sum())
        what = f"none of its {plural(count, 'row')} can be used"
        findings.append(finding("T02", raws["Sales"].sheet, "", what))
    wanting = []
    for words, tables in FEEDS.items():
        missing = [table for table in tables if table not in read.drafts]
        if missing and (tables != EITHER or len(missing) == len(tables)):
            wanting.append(f"{words} ({', '.join(missing)})")
    if wanting:
        what = f"left out, since their tables are not filled in: {', '.join(wanting)}"
        findings.append(finding("T03", "", "", what, count=len(wanting)))
    return findings


def usable(book: Book) -> list[Finding]:
    """Return the stop where no sales line is left."""
    sales = book["Sales"]
    return [] if len(sales) else [finding("T02", sales.place.sheet, "", "no sales line lies within the span")]
