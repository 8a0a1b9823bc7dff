"""What was left out of the figures, in words: a result that lacks rows must not look whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlprofit.messages import N_, _, _n, join_messages, name_in_workbook

if TYPE_CHECKING:  # results are handed in: what makes them is not needed
    from xlprofit.results import Results

SMALL = 0.01
"""Below this share a figure would read as 0 %."""


def describe_left_out(results: Results) -> str:
    """Return what errors left out, if anything: ``6 rows left out of Sales, about 16% of net revenue``."""
    parts = []
    for table, lost in results.inputs.left_out.items():
        called = name_in_workbook(table)
        said = _n("{n:,} row left out of {table}", "{n:,} rows left out of {table}", lost.rows, table=called)
        if table == "Sales":
            small = lost.share < SMALL
            said += (
                _(", under 1% of net revenue") if small else _(", about {s:.0%} of net revenue", s=lost.share)
            )
        parts.append(said)
    return join_messages("; ", parts)


def describe_lost_sales(results: Results) -> str:
    """Return how many sales lines errors left out, if any: ``6 rows left out, about 16%``."""
    lost = results.inputs.left_out.get("Sales")
    if lost is None:
        return ""
    share = _("under 1%") if lost.share < SMALL else _("about {share:.0%}", share=lost.share)
    return _n("{n:,} row left out, {share}", "{n:,} rows left out, {share}", lost.rows, share=share)


MISSING = (
    ("Activities", N_("cost to serve"), ("Resources", "ActivityLog")),
    ("Invoices", N_("cost of credit"), ("Balances",)),
    ("Prospects", N_("prospects"), ()),
    ("Referrals", N_("referrals"), ()),
    ("ControlTotals", N_("a check against the books"), ()),
)
"""What is not shown where a table is empty, with the tables that may give it as well."""


def describe_missing_tables(results: Results) -> str:
    """Return which tables would show what is missing from the page; nothing where none is."""
    lacking = [
        _("{table} for {what}", table=name_in_workbook(table), what=_(what))
        for table, what, others in MISSING
        if not any(len(results.inputs[one]) for one in (table, *others))
    ]
    return _("Not given: {parts}", parts=join_messages(", ", lacking)) if lacking else ""
