"""Marks: what stands before a text or behind a number and is no part of it: apostrophes, ="…", footnotes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from xlprofit.importing.exports.export import Cell

_FOOTNOTE = re.compile(r"(?<=[0-9%)\-€$£])(?:\s*[*†‡§]{1,3}|\s*[¹²³⁴⁵⁶⁷⁸⁹]|\s*\([a-z1-9]\)|\s+[1-9]\))$")
"""A footnote behind a number: 1.234,50*, 1,234.50¹, 1 234,50 1)."""


def strip_columns(columns: Iterable[Sequence[Cell]]) -> tuple[Sequence[Cell], ...]:
    """Return columns without what keeps a spreadsheet from reading their cells as numbers."""
    return tuple(map(_strip_column, columns))


def _strip_column(column: Sequence[Cell]) -> Sequence[Cell]:
    if not any(isinstance(cell, str) and cell[:1] in ("'", "=") for cell in column):
        return column
    return tuple(strip_marks(cell) for cell in column)


def strip_marks(cell: Cell) -> Cell:
    """Return a text without the apostrophe or the ="…" that keep a spreadsheet from reading it as a number."""
    if not isinstance(cell, str):
        return cell
    text = cell.strip()
    if text.startswith('="') and text.endswith('"'):
        return text[2:-1]
    return text[1:] if text.startswith("'") and not text.endswith("'") else cell


def strip_footnote(cell: Cell) -> Cell:
    """Return a number without the mark of a footnote behind it.

    >>> strip_footnote("1.234,50 *"), strip_footnote("12 1)"), strip_footnote("**"), strip_footnote("(1,234.55)")
    ('1.234,50', '12', '**', '(1,234.55)')
    """
    return _FOOTNOTE.sub("", cell) if isinstance(cell, str) else cell
