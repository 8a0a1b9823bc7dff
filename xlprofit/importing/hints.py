"""Hints: which sheet of a workbook looks like a table that was not found, and the command that takes it in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from xlprofit.errors import XlprofitError
from xlprofit.findings import Finding, phrase
from xlprofit.importing.proposals.proposal import Proposal, propose
from xlprofit.tables import header_key

TOLD = ("T01", "H03")
"""The findings that a hint is given with: no table of sales, a required column that is missing."""


def add_hints(findings: Iterable[Finding], path: Path) -> list[Finding]:
    """Return findings; those of what was not found say which sheet it may be, and how it is taken in."""
    found = list(findings)
    if not any(finding.code in TOLD for finding in found):
        return found
    try:
        proposal = propose(path)
    except XlprofitError:  # what is wrong with the file is told where its tables are read
        return found
    return [_add_hint(finding, proposal) if finding.code in TOLD else finding for finding in found]


def _add_hint(finding: Finding, proposal: Proposal) -> Finding:
    wanted = [
        table
        for table in proposal.tables
        if not table.missing
        and (
            table.table == "Sales"
            if finding.code == "T01"
            else header_key(table.sheet) == header_key(finding.sheet)
        )
    ]
    if not wanted:
        return finding
    sheet, name = wanted[0].sheet, proposal.path.name
    place = f"{name}#{sheet}"
    command = f'xlprofit import "{place}"' if " " in place else f"xlprofit import {place}"
    return replace(finding, fix=phrase("T01", "looks_like", sheet=sheet, command=command))
