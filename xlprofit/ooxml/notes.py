"""Where the notes of a sheet are shown: beside their cells, said in columns and rows as Excel says it."""

from __future__ import annotations

import re
from collections.abc import Callable
from xml.etree import ElementTree

_SHEET_DATA = "{urn:schemas-microsoft-com:office:excel}"
_COLUMN = re.compile(rb'<col\b[^>]*?\bwidth="([\d.]+)"[^>]*?/>')
_ATTRIBUTE = re.compile(rb'\b(min|max|r|ht)="([\d.]+)"')
_ROW = re.compile(rb"<row\b[^>]*>")
_DEFAULT_HEIGHT = re.compile(rb'<sheetFormatPr\b[^>]*\bdefaultRowHeight="([\d.]+)"')
_STYLED_SIZE = re.compile(r"\b(width|height):(\d+)px")

_DIGIT = 7.0
"""Pixels of a digit in the font by which Excel measures a column."""

_COLUMN_WIDTH, _ROW_HEIGHT = 64.0, 20.0
"""Pixels of a column and of a row of which the sheet says nothing."""

_ASIDE, _UP, _DOWN_FROM_TOP = 15, 10, 2
"""Pixels from the next column's edge, from the edge of the row above, and from the top of the first row."""


def complete_note_shapes(shapes: ElementTree.Element, sheet_head: bytes) -> None:
    """Give the shape of each note its anchor: the column, row and pixels of its corners.

    Args:
        shapes: the root of a sheet's drawing of notes; each says its cell, and its size in pixels.
        sheet_head: the beginning of the sheet, with the widths of its columns and the heights of its first rows.
    """
    widths, heights = _read_column_widths(sheet_head), _read_row_heights(sheet_head)
    tall = _DEFAULT_HEIGHT.search(sheet_head)
    default_height = float(tall[1]) * 4 / 3 if tall else _ROW_HEIGHT
    for shape in shapes:
        data = shape.find(f"{_SHEET_DATA}ClientData")
        filled = None if data is None else data.find(f"{_SHEET_DATA}AutoFill")
        if data is None or filled is None or data.find(f"{_SHEET_DATA}Anchor") is not None:
            continue
        row, column = (int(data.findtext(f"{_SHEET_DATA}{name}", "0")) for name in ("Row", "Column"))
        size = {name: float(pixels) for name, pixels in _STYLED_SIZE.findall(shape.get("style", ""))}
        top, down = (row - 1, _UP) if row else (0, _DOWN_FROM_TOP)
        across = _find_end(column + 1, _ASIDE + size["width"], lambda i: widths.get(i, _COLUMN_WIDTH))
        along = _find_end(top, down + size["height"], lambda i: heights.get(i, default_height))
        corners = (column + 1, _ASIDE, top, down, *across, *along)
        anchor = ElementTree.Element(f"{_SHEET_DATA}Anchor")
        anchor.text = ", ".join(map(str, corners))
        data.insert(list(data).index(filled), anchor)


def _find_end(start: int, pixels: float, size: Callable[[int], float]) -> tuple[int, int]:
    """Return the column or row in which so many pixels from the start of another one end, and how far into it."""
    at, left = start, pixels
    while left >= size(at) > 0 or size(at) <= 0:
        left -= size(at)
        at += 1
    return at, int(left)


def _read_column_widths(sheet_head: bytes) -> dict[int, float]:
    """Return the pixels of the columns of which a sheet says a width, counted from 0."""
    found: dict[int, float] = {}
    for tag in _COLUMN.finditer(sheet_head):
        said = dict(_ATTRIBUTE.findall(tag[0]))
        for column in range(int(said[b"min"]), min(int(said[b"max"]), int(said[b"min"]) + 1000) + 1):
            found[column - 1] = float(tag[1]) * _DIGIT
    return found


def _read_row_heights(sheet_head: bytes) -> dict[int, float]:
    """Return the pixels of the rows of which a sheet says a height, counted from 0."""
    found = {}
    for tag in _ROW.finditer(sheet_head):
        said = dict(_ATTRIBUTE.findall(tag[0]))
        if b"ht" in said:
            found[int(said[b"r"]) - 1] = float(said[b"ht"]) * 4 / 3
    return found
