"""Titles: what the rows above the headers of an export say of all its amounts, such as that they are in thousands."""

from __future__ import annotations

import re
from collections.abc import Sequence

from xlprofit.importing.exports.export import ExportSheet
from xlprofit.reading.units import split_unit

_PARTS = re.compile(r"[,;:|()\[\]\u2013\u2014]| - ")


def read_title_scale(sheet: ExportSheet, row: int, corner: Sequence[str] = ()) -> float:
    """Return what the amounts of a sheet are multiples of, as the rows above its headers say; 1 where none does.

    Args:
        sheet: the sheet of the export.
        row: the row of the headers, counted from 1.
        corner: headers that speak of all amounts, as those beside months do.
    """
    said = max((_read_scale(header) for header in corner), default=1.0)
    if said > 1:
        return said
    for number in range(1, max(row, 1)):
        for cell in sheet.read_row(number):
            scale = _read_scale(cell) if isinstance(cell, str) else 1.0
            if scale > 1:
                return scale
    return 1.0


def _read_scale(title: str) -> float:
    """Return the scale that a title names: Sales in TEUR; but 1 for a size, as in customers over 1 Mio. EUR."""
    for part in filter(None, map(str.strip, _PARTS.split(title))):
        rest, unit = split_unit(f"x {part}")
        if unit.scale > 1 and (rest == "x 1" or not rest[-1:].isdigit()):
            return unit.scale
    return 1.0
