"""The sheet *Checks*: every finding, with a link to the cell at fault."""

from __future__ import annotations

from collections import Counter

from xlprofit.findings import SEVERITIES, Finding
from xlprofit.sheets import names
from xlprofit.sheets.frame import heading
from xlprofit.sheets.parts import Column, Format, Link, Meaning, Sheet, Table, WordRule

TABLE = "checks"
ROW = 5
WORDS = WordRule(
    (
        ("stop", Meaning.STOP),
        ("error", Meaning.ERROR),
        ("warning", Meaning.WARNING),
        ("note", Meaning.NEUTRAL),
    )
)


def counted(findings: tuple[Finding, ...]) -> str:
    """Return how many findings there are of each severity, in words: ``1 error, 3 warnings, 2 notes``."""
    count = Counter(f.severity for f in findings)
    said = [f"{count[s]:,} {s}{'s' if count[s] > 1 else ''}" for s in SEVERITIES if count[s]]
    return ", ".join(said) or "nothing found"


def sheet(findings: tuple[Finding, ...], sheets: tuple[str, ...]) -> Sheet:
    """Return the sheet.

    Args:
        findings: the findings, in their order.
        sheets: the sheets that the workbook has, so that a link is made only to one that is there.
    """
    columns = (
        Column("severity", "Severity", [f.severity for f in findings], width=11.0, rules=(WORDS,)),
        Column("code", "Code", [f.code for f in findings], width=8.0),
        Column(
            "place",
            "Where",
            [f"{f.sheet}!{f.cell}" if f.cell else f.sheet for f in findings],
            width=24.0,
            note="Leads to the cell",
            links=[Link(f.sheet, f.cell or "A1") if f.sheet in sheets else None for f in findings],
        ),
        Column("what", "What was found", [f.what for f in findings], width=56.0, wrap=True),
        Column(
            "count", "Cells", [f.count for f in findings], Format.INTEGER, 8.0, "How many cells it stands for"
        ),
        Column("why", "Why it matters", [f.why for f in findings], width=44.0, wrap=True),
        Column("mend", "What to do", [f.mend for f in findings], width=48.0, wrap=True),
    )
    bad = any(f.severity in ("stop", "error") for f in findings)
    return Sheet(
        names.CHECKS,
        cells=heading("Checks", f"What the input tables show: {counted(findings)}", across=5),
        tables=(Table(TABLE, ROW, 1, columns, empty="Nothing found: every table was read whole"),),
        freeze=f"A{ROW + 1}",
        tab=Meaning.ERROR if bad else Meaning.NEUTRAL,
        repeat_rows=(ROW, ROW),
    )
