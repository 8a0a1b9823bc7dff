"""Versions: rows that are a plan and no actual ones, kept apart so that the figures count what came about alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from xlprofit.findings import Finding, build_finding, phrase
from xlprofit.folding import fold_name
from xlprofit.languages import list_reading_words
from xlprofit.messages import join_messages, term
from xlprofit.reading.faults import (
    Book,
    InputSheet,
    Mask,
    Trouble,
    build_counted_fault,
    build_fault_by_name,
    exclude_faulty_rows,
    quote_value,
)
from xlprofit.tables import TABLES, Settings

COLUMN = "version"
"""The column that says which version a row is of."""

ACTUAL = frozenset(map(fold_name, list_reading_words("actual_words")))
"""What the version of a row that has come about may be called, folded; blank says the same."""

PLANNED = list_reading_words("planned_versions")
"""How a word in the version of a row that is no more than planned begins, folded."""

VERSIONED = tuple(t.name for t in TABLES.values() if any(c.name == COLUMN for c in t.columns))
"""The tables whose rows may be of a version."""

Sift = Callable[[Book], tuple[Book, list[Finding]]]
"""Returns the tables without rows that cannot hold, and what was found."""


def split_versions(book: Book) -> tuple[Book, dict[str, Book], list[Finding]]:
    """Return the tables with actual rows alone, the rows of each other version by table, and what is to be said.

    Blank and what :data:`ACTUAL` lists are actual. A version whose name is no usual one of a plan is a warning: its
    rows may have been meant to count.
    """
    actual, versions, findings = dict(book), dict[str, Book](), list[Finding]()
    for name in VERSIONED:
        sheet = book.get(name)
        if sheet is None or not len(sheet):
            continue
        words = [str(word) for word in sheet.words(COLUMN)]
        planned = np.array([bool(w) and fold_name(w) not in ACTUAL for w in words] + [False], dtype=bool)
        codes = sheet.codes(COLUMN)
        out = planned[codes]
        if not out.any():
            continue
        findings += _tell_versions(sheet, out)
        actual[name] = sheet.without(out)
        for code in np.flatnonzero(planned):
            rows = sheet.without(codes != code)
            if len(rows):
                versions.setdefault(words[code], {})[name] = rows
    return actual, dict(sorted(versions.items())), findings


def _tell_versions(sheet: InputSheet, out: Mask) -> list[Finding]:
    """Return which rows do not count among the actual ones, told once for each version of a table."""

    def tell(version: str) -> Trouble:
        count = sheet.count(sheet.among(COLUMN, {version}))
        usual = is_usual_plan(version)
        code = "V01" if usual else "V02"
        return Trouble(code, phrase(code, "rows_are_plan", n=count, version=quote_value(version)))

    usual = np.array([*map(is_usual_plan, map(str, sheet.words(COLUMN))), False], dtype=bool)
    planned = usual[sheet.codes(COLUMN)]
    faults = [
        build_fault_by_name("V01", sheet, COLUMN, out & planned, tell, out=False),
        build_fault_by_name("V02", sheet, COLUMN, out & ~planned, tell, out=False),
    ]
    return exclude_faulty_rows(sheet, faults)[1]


def is_usual_plan(version: str) -> bool:
    """Whether a version is called as plans are.

    >>> is_usual_plan("Budget 2026"), is_usual_plan("v2")
    (True, False)
    """
    words = fold_name(version).replace("_", " ").replace("-", " ").split()
    return any(word.startswith(PLANNED) for word in words)


def sift_versions(
    versions: Mapping[str, Book], actual: Book, settings: Settings, sift: Sift
) -> tuple[dict[str, Book], list[Finding]]:
    """Return the tables of each version without rows that cannot hold, and what is wrong with its rows.

    A table of which a version has no rows is the actual one; that is said. Rows that lie outside the days analysed are
    left out, and counted in one note; a version of which none is left is no plan of the run.

    Args:
        versions: the rows of each version by table.
        actual: the actual tables, sifted.
        settings: the settings of the run, whose span is that of the actual rows.
        sift: what leaves out rows that cannot hold.
    """
    found, findings = dict[str, Book](), list[Finding]()
    for name, rows in versions.items():
        within = dict[str, InputSheet]()
        for table, sheet in rows.items():
            inside, outside = _exclude_planned_outside(sheet, settings)
            findings += outside
            within |= {table: inside} if len(inside) else {}
        if not within:
            continue
        plan, wrong = sift({**actual, **within})
        findings += [f for f in wrong if f.severity != "stop" and _is_about(f, within)]
        if not any(finding.severity == "stop" for finding in wrong):
            found[name] = plan
            findings += _tell_taken_tables(name, within, actual)
    return found, findings


def _exclude_planned_outside(sheet: InputSheet, settings: Settings) -> tuple[InputSheet, list[Finding]]:
    """Return the rows of a version that lie in the days analysed, and the note on the others."""
    if "date" not in sheet.frame:
        return sheet, []
    dates = sheet.frame["date"]
    outside = np.asarray((dates < settings.start) | (dates > settings.end), dtype=bool)
    if not outside.any():
        return sheet, []
    version = str(sheet.frame[COLUMN].iloc[0])
    what = phrase(
        "V03",
        "rows_outside",
        n=sheet.count(outside),
        version=quote_value(version),
        start=settings.start,
        end=settings.end,
    )
    return exclude_faulty_rows(sheet, [build_counted_fault("V03", "date", outside, what, out=True)])


def _is_about(finding: Finding, rows: Book) -> bool:
    """Whether a finding is about a row of a version, and not about the actual rows that it was checked with."""
    for sheet in rows.values():
        if finding.sheet == sheet.place.sheet:
            digits = finding.cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
            return not digits or int(digits) in set(sheet.frame["row"].tolist())
    return False


def _tell_taken_tables(version: str, rows: Book, actual: Book) -> list[Finding]:
    """Return the note on tables that a version has no rows of, so that the actual ones stand in their place."""
    taken = [name for name in VERSIONED if name not in rows and name in actual and len(actual[name])]
    if not taken:
        return []
    tables = join_messages(", ", (term("table", name) for name in taken))
    what = phrase("V04", "tables_taken", version=quote_value(version), tables=tables)
    sheet = next(iter(rows.values())).place.sheet
    return [build_finding("V04", sheet, "", what)]
