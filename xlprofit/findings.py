"""A finding: what is wrong with an input, where, why it matters and how to fix it.

All findings of a run are returned together, in a fixed order, beside the result. Every code is in
:data:`CATALOGUE`, which the documentation and the tests read too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

import pandas as pd

from xlprofit.addresses import parse_column
from xlprofit.catalogue import CATALOGUE, SEVERITIES, Rule, Severity
from xlprofit.messages import ENGLISH, Message, _, _n
from xlprofit.tables import TABLES
from xlprofit.wordings import WORDINGS

__all__ = [
    "CATALOGUE",
    "SEVERITIES",
    "Finding",
    "Findings",
    "Rule",
    "Severity",
    "build_finding",
    "build_findings_frame",
    "phrase",
    "sort_findings",
]


@dataclass(frozen=True)
class Finding:
    """One thing found: where it is, what is there, why it matters, how to fix it.

    ``cell`` is an address such as ``C1204``, or empty where the finding is about a whole sheet.
    ``count`` is the number of cells that the finding stands for; ``cell`` is the first of them.
    """

    code: str
    severity: Severity
    sheet: str
    cell: str
    what: str
    why: str
    fix: str
    count: int = 1

    @property
    def variant(self) -> str:
        """The name of the wording of what was found, such as ``C01.not_number``; of several, the first."""
        return _find_message(self.what).name

    @property
    def figures(self) -> Mapping[str, Any]:
        """The figures of what was found, by their names in the wording."""
        return _find_message(self.what).figures

    def __str__(self) -> str:
        """Return the one line that a terminal shows: ``Sales!C1204: "12,5O" is not a number.``."""
        return self.in_one_line(self.what, self.fix)

    def in_one_line(self, what: str, fix: str) -> str:
        """Return the place, what was found there and how to fix it, in these words."""
        place = f"{self.sheet}!{self.cell}" if self.cell else self.sheet
        said = " ".join(f"{part.rstrip('.')}." for part in (what, fix) if part)
        return f"{place}: {said}" if place else said


def build_finding(
    code: str, sheet: str, cell: str, what: str, *, fix: str | None = None, count: int = 1
) -> Finding:
    """Return a finding of a code, with the catalogue's severity, why and (unless given) fix.

    ``what`` and ``fix`` are written without a full stop. :class:`KeyError` where the code is not in
    the catalogue.

    >>> str(build_finding("C01", "Sales", "C3", '"12,5O" is not a number', fix="Write 12.50"))
    'Sales!C3: "12,5O" is not a number. Write 12.50.'
    """
    rule = CATALOGUE[code]
    return Finding(
        code, rule.severity, sheet, cell, what, _(rule.why), _(rule.fix) if fix is None else fix, count
    )


def _find_message(text: str) -> Message:
    """Return the first message with a name that a text is made of; one without figures where there is none."""
    return next(_list_named_parts(text), Message(str(text)))


def _list_named_parts(text: str) -> Iterator[Message]:
    """Yield the messages with a name that a text is made of, in the order in which they are said."""
    if isinstance(text, Message):
        if text.name:
            yield text
        for part in text.parts:
            yield from _list_named_parts(part)


def phrase(code: str, variant: str, **figures: Any) -> Message:
    """Return one of the wordings of a code, with figures in it; ``n`` chooses between singular and plural.

    ``code`` is a noun where the wording is shared by several codes. :class:`KeyError` where there is none.

    >>> phrase("C01", "not_number", value="12,5O")
    '12,5O is not a number'
    """
    wording = WORDINGS[code][variant]
    said = _(wording, **figures) if isinstance(wording, str) else _n(*wording, **figures)
    said.name = f"{code}.{variant}"
    return said


class Findings(tuple[Finding, ...]):
    """All findings of a run in their order, and what they are to be said in.

    Attributes:
        language: the code of the workbook's language.
        own: what the workbook itself calls its tables (``Sales``) and columns (``Sales.cogs``).
    """

    language: str
    own: Mapping[str, str]

    def __new__(
        cls,
        findings: Iterable[Finding] = (),
        language: str = ENGLISH,
        own: Mapping[str, str] | None = None,
    ) -> Findings:
        """Return the findings, to be said in the language of this code and with these names of tables."""
        made = super().__new__(cls, findings)
        made.language = language
        made.own = own or {}
        return made


def sort_findings(
    findings: Iterable[Finding],
    sheets: Mapping[str, str],
    language: str = ENGLISH,
    own: Mapping[str, str] | None = None,
) -> Findings:
    """Return findings in their fixed order: severity, table, row, column, code.

    ``sheets`` says on which sheet each table stands. A finding about no sheet, or about one with no
    table, comes after the others of its severity. ``language`` and ``own`` are as :class:`Findings` has them.
    """
    places = {sheets.get(name, name): place for place, name in reversed(list(enumerate(TABLES)))}

    def place(found: Finding) -> tuple[int, int, int, int, str, str]:
        row, column = _parse_finding_cell(found.cell)
        return (
            SEVERITIES.index(found.severity),
            places.get(found.sheet, len(TABLES)),
            row,
            column,
            found.code,
            found.what,
        )

    return Findings(sorted(findings, key=place), language, own)


def _parse_finding_cell(cell: str) -> tuple[int, int]:
    """Return the row and column of an address, zeros where there is none."""
    found = re.fullmatch(r"([A-Z]{1,3})([0-9]+)", cell)
    return (int(found[2]), parse_column(found[1])) if found else (0, 0)


def build_findings_frame(findings: Iterable[Finding]) -> pd.DataFrame:
    """Return the findings as a DataFrame, a row each, one column for each field of a finding."""
    names = [f.name for f in fields(Finding)]
    return pd.DataFrame([[getattr(f, n) for n in names] for f in findings], columns=names)
