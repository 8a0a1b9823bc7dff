"""Where the notes of a sheet are shown: beside their cells, said in columns and rows as Excel says it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

_SHEET_DATA = "{urn:schemas-microsoft-com:office:excel}"
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
    widths, heights, default_height = _read_sizes(sheet_head)
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


def _read_sizes(sheet_head: bytes) -> tuple[dict[int, float], dict[int, float], float]:
    """Return the pixels of the columns and of the rows of which a sheet says a size, counted from 0; of others rows.

    What is read is the beginning of a part, which may end anywhere.
    """
    widths: dict[int, float] = {}
    heights: dict[int, float] = {}
    default_height = _ROW_HEIGHT
    parser: Any = ElementTree.XMLPullParser(["start"])  # the stubs do not say that "start" gives an element
    parser.feed(sheet_head)
    for _event, element in parser.read_events():
        said, name = element.attrib, element.tag.rpartition("}")[2]
        if name == "col" and "width" in said:
            first, last = int(said["min"]), min(int(said["max"]), int(said["min"]) + 1000)
            widths |= dict.fromkeys(range(first - 1, last), float(said["width"]) * _DIGIT)
        elif name == "row" and "ht" in said:
            heights[int(said["r"]) - 1] = float(said["ht"]) * 4 / 3
        elif name == "sheetFormatPr" and "defaultRowHeight" in said:
            default_height = float(said["defaultRowHeight"]) * 4 / 3
    return widths, heights, default_height
