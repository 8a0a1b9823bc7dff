"""A finding: what is wrong with an input, where, why it matters and how to mend it.

All findings of a run are returned together, in a fixed order, beside the result. Every code is in
:data:`CATALOGUE`, which the documentation and the tests read too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields

import pandas as pd

from xlprofit.addresses import column_number
from xlprofit.catalogue import CATALOGUE, SEVERITIES, Rule, Severity
from xlprofit.language import _, spoken
from xlprofit.languages import ENGLISH
from xlprofit.tables import TABLES

__all__ = [
    "CATALOGUE",
    "SEVERITIES",
    "Finding",
    "Findings",
    "Rule",
    "Severity",
    "finding",
    "frame",
    "ordered",
]


@dataclass(frozen=True)
class Finding:
    """One thing found: where it is, what is there, why it matters, how to mend it.

    ``cell`` is an address such as ``C1204``, or empty where the finding is about a whole sheet.
    ``count`` is the number of cells that the finding stands for; ``cell`` is the first of them.
    """

    code: str
    severity: Severity
    sheet: str
    cell: str
    what: str
    why: str
    mend: str
    count: int = 1

    def __str__(self) -> str:
        """Return the one line that a terminal shows: ``Sales!C1204: "12,5O" is not a number.``."""
        place = f"{self.sheet}!{self.cell}" if self.cell else self.sheet
        said = " ".join(f"{part.rstrip('.')}." for part in (self.what, self.mend) if part)
        return f"{place}: {said}" if place else said


def finding(
    code: str, sheet: str, cell: str, what: str, *, mend: str | None = None, count: int = 1
) -> Finding:
    """Return a finding of a code, with the catalogue's severity, why and (unless given) mend.

    ``what`` and ``mend`` are written without a full stop. :class:`KeyError` where the code is not in
    the catalogue.

    >>> str(finding("C01", "Sales", "C3", '"12,5O" is not a number', mend="Write 12.50"))
    'Sales!C3: "12,5O" is not a number. Write 12.50.'
    """
    rule = CATALOGUE[code]
    return Finding(
        code, rule.severity, sheet, cell, what, _(rule.why), _(rule.mend) if mend is None else mend, count
    )


class Findings(tuple[Finding, ...]):
    """All findings of a run in their order, and the language that they are told in."""

    language: str

    def __new__(cls, findings: Iterable[Finding] = (), language: str = ENGLISH) -> Findings:
        """Return the findings, told in the language of this code."""
        made = super().__new__(cls, findings)
        made.language = language
        return made


def ordered(findings: Iterable[Finding], sheets: Mapping[str, str], language: str | None = None) -> Findings:
    """Return findings in their fixed order: severity, table, row, column, code.

    ``sheets`` says on which sheet each table stands. A finding about no sheet, or about one with no
    table, comes after the others of its severity. ``language`` is that which they are told in; by default
    the one spoken.
    """
    places = {sheets.get(name, name): place for place, name in reversed(list(enumerate(TABLES)))}

    def place(found: Finding) -> tuple[int, int, int, int, str, str]:
        row, column = _row_and_column(found.cell)
        return (
            SEVERITIES.index(found.severity),
            places.get(found.sheet, len(TABLES)),
            row,
            column,
            found.code,
            found.what,
        )

    return Findings(sorted(findings, key=place), language or spoken())


def _row_and_column(cell: str) -> tuple[int, int]:
    """Return the row and column of an address, zeros where there is none."""
    found = re.fullmatch(r"([A-Z]+)([0-9]+)", cell)
    return (int(found[2]), column_number(found[1])) if found else (0, 0)


def frame(findings: Iterable[Finding]) -> pd.DataFrame:
    """Return the findings as a DataFrame, a row each, one column for each field of a finding."""
    names = [f.name for f in fields(Finding)]
    return pd.DataFrame([[getattr(f, n) for n in names] for f in findings], columns=names)
