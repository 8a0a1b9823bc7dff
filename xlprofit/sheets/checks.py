"""The sheet *Checks*: every finding, with a link to the cell at fault."""

from __future__ import annotations

from collections import Counter

from xlprofit.findings import SEVERITIES, Finding
from xlprofit.messages import _, _n, join_messages
from xlprofit.sheets import names
from xlprofit.sheets.frame import build_sheet_heading, translate_cell_words, translate_word_rule
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


def describe_finding_counts(findings: tuple[Finding, ...]) -> str:
    """Return how many findings there are of each severity, in words: ``1 error, 3 warnings, 2 notes``."""
    count = Counter(f.severity for f in findings)
    forms = {
        "stop": lambda n: _n("{n:,} stop", "{n:,} stops", n),
        "error": lambda n: _n("{n:,} error", "{n:,} errors", n),
        "warning": lambda n: _n("{n:,} warning", "{n:,} warnings", n),
        "note": lambda n: _n("{n:,} note", "{n:,} notes", n),
    }
    said = [forms[s](count[s]) for s in SEVERITIES if count[s]]
    return join_messages(", ", said) or _("nothing found")


def describe_checks_sheet(findings: tuple[Finding, ...], sheets: tuple[str, ...]) -> Sheet:
    """Return the sheet.

    Args:
        findings: the findings, in their order.
        sheets: the sheets that the workbook has, so that a link is made only to one that is there.
    """
    bad = any(f.severity in ("stop", "error") for f in findings)
    return Sheet(
        names.translate_sheet_name(names.CHECKS),
        cells=build_sheet_heading(
            _("Checks"),
            _("What the input tables show: {counted}", counted=describe_finding_counts(findings)),
            across=5,
        ),
        tables=(
            Table(
                TABLE,
                ROW,
                1,
                (*_build_found_columns(findings, sheets), *_build_advice_columns(findings)),
                empty=_("Nothing found: every table was read whole"),
            ),
        ),
        freeze=f"A{ROW + 1}",
        tab=Meaning.ERROR if bad else Meaning.NEUTRAL,
        repeat_rows=(ROW, ROW),
    )


def _build_found_columns(findings: tuple[Finding, ...], sheets: tuple[str, ...]) -> tuple[Column, ...]:
    """Return what each finding is: how bad, its code, where it stands, and what was found."""
    return (
        Column(
            "severity",
            _("Severity"),
            translate_cell_words(f.severity for f in findings),
            width=11.0,
            rules=(translate_word_rule(WORDS),),
        ),
        Column("code", _("Code"), [f.code for f in findings], width=8.0),
        Column(
            "place",
            _("Where"),
            [f"{f.sheet}!{f.cell}" if f.cell else f.sheet for f in findings],
            width=24.0,
            note=_("Leads to the cell"),
            links=[Link(f.sheet, f.cell or "A1") if f.sheet in sheets else None for f in findings],
        ),
        Column("what", _("What was found"), [f.what for f in findings], width=48.0, wrap=True),
    )


def _build_advice_columns(findings: tuple[Finding, ...]) -> tuple[Column, ...]:
    """Return what follows from each finding: how many cells it stands for, why it matters, and how to fix it."""
    return (
        Column(
            "count",
            _("Cells"),
            [f.count for f in findings],
            Format.INTEGER,
            8.0,
            _("How many cells it stands for"),
        ),
        Column("why", _("Why it matters"), [f.why for f in findings], width=36.0, wrap=True),
        Column("fix", _("How to fix"), [f.fix for f in findings], width=36.0, wrap=True),
    )
