"""Terms: invoices that say in how many days they are due, in place of the day."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

import numpy as np

from xlprofit.importing.exports.export import Cell, is_blank_cell
from xlprofit.importing.exports.match import Match
from xlprofit.importing.exports.months import read_header
from xlprofit.importing.exports.pages import Page
from xlprofit.importing.extraction.body import Body, TableColumn
from xlprofit.importing.extraction.recognition import find_place
from xlprofit.importing.profiles.profile import TableRule, name_own_column
from xlprofit.importing.profiles.rules import ColumnRule
from xlprofit.reading import dates
from xlprofit.reading.faults import Trouble
from xlprofit.reading.word_patterns import join_words

_TERMS = re.compile(
    rf"(?:{join_words('payment_terms')})(?: (?:{join_words('terms_in')})| \((?:{join_words('terms_in')})\))?",
    re.IGNORECASE,
)
"""Headers of the terms on which an invoice is to be paid."""

LONGEST = 365
"""Longer terms, in days, are none."""


def find_terms(table: str, page: Page, found: list[Match]) -> list[Match]:
    """Return the columns of invoices with the terms in place of the day when they are due, where no column has it."""
    have = {match.column: match for match in found}
    is_dated = "due" in have and page.looks[have["due"].at].date >= 0.5
    if table != "Invoices" or "issued" not in have or is_dated:
        return found
    named = (at for at, header in enumerate(page.headers) if _TERMS.fullmatch(header))
    at = next((at for at in named if _holds_terms(page, at)), None)
    if at is None:
        return found
    match = Match("due", at, 0.85, "name").add_to_rule(after=page.headers[have["issued"].at])
    return [*(m for m in found if m.column != "due" and m.at != at), match]


def _holds_terms(page: Page, at: int) -> bool:
    """Whether most cells of a column say a number of days."""
    held = [cell for cell in page.cells[at] if not is_blank_cell(cell)]
    said = sum(read_days(cell) is not None for cell in held)
    return page.looks[at].date < 0.5 and bool(held) and said >= 0.8 * len(held)


def read_days(cell: Cell) -> int | None:
    """Return the days after which an invoice is due without a discount; ``None`` where none are said.

    >>> read_days("30 Tage netto"), read_days("2/10, net 30"), read_days("on receipt")
    (30, 30, None)
    """
    days = [int(text) for text in re.findall(r"(?<![0-9.,])[0-9]{1,3}(?![0-9]|\s*%)", read_header(cell))]
    fitting = [count for count in days if count <= LONGEST]
    return max(fitting) if fitting else None


def add_terms(rule: TableRule, body: Body, made: dict[str, TableColumn]) -> None:
    """Give invoices the day when they are due: so many days after another day of theirs."""
    for name, column in rule.columns.items():
        own = name_own_column(rule, name)
        first = _find_first_day(rule, body, column.after) if column.after else ""
        if own in made and first in made:
            pairs = zip(made[first].cells, made[own].cells, strict=True)
            made[own] = replace(made[own], cells=[_add_days(day, terms) for day, terms in pairs])


def _find_first_day(rule: TableRule, body: Body, header: str) -> str:
    """Return the column of the table that is read from a header; nothing where none is."""
    place = find_place(ColumnRule(headers=(header,)), body.headers, body.sheet.first)
    for name, column in rule.columns.items():
        if (
            not column.after
            and place is not None
            and find_place(column, body.headers, body.sheet.first) == place
        ):
            return name_own_column(rule, name)
    return ""


def _add_days(day: Cell, terms: Cell) -> Cell:
    """Return the day so many days later; what cannot be read stays as it is."""
    days = read_days(terms)
    if days is None or is_blank_cell(day):
        return terms
    if not isinstance(day, str | dt.date):
        return terms
    start = dates.parse_day(day if isinstance(day, str) else f"{day:%Y-%m-%d}")
    if isinstance(start, Trouble):
        return terms
    return str(np.datetime64(str(start)[:10], "D") + np.timedelta64(days, "D"))
