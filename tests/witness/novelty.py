"""What no workbook that Excel saved has: new elements or attributes, and children missing that Excel always writes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree  # type: ignore[import-untyped]  # it ships no types

from tests.needs import shared
from tests.witness.book import Book, Element

PREFIXES = {
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main": "x",
    "http://schemas.openxmlformats.org/drawingml/2006/chart": "c",
    "http://schemas.openxmlformats.org/drawingml/2006/main": "a",
    "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing": "xdr",
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships": "r",
    "urn:schemas-microsoft-com:vml": "v",
    "urn:schemas-microsoft-com:office:office": "o",
    "urn:schemas-microsoft-com:office:excel": "xv",
    "http://schemas.openxmlformats.org/package/2006/relationships": "rel",
    "http://schemas.openxmlformats.org/package/2006/content-types": "ct",
}
"""The prefix by which the grammar names each namespace."""

KNOWN = {("x:cfRule/x:dataBar", "minLength"), ("x:cfRule/x:dataBar", "maxLength")}
"""What stands in the standard and in our files on purpose: a bar of nothing is to have no length."""

BESIDE_LITERALS = {"c:bubbleSize/c:numRef"}
"""Elements of the standard that stand where the corpus has their other form: its sizes of bubbles are numbers
written into the chart, ours stand in cells (ECMA-376 part 1, 21.2.2.5, as ``c:val/c:numRef``)."""

LABELS = {f"c:dLbl/c:{name}" for name in ("numFmt", "showBubbleSize", "showLegendKey")}
"""Parts of the label of one point that the corpus has of a whole series only (ECMA-376 part 1, 21.2.2.47)."""

SPARKLINES = (
    "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main",
    "http://schemas.microsoft.com/office/excel/2006/main",
)
"""The namespaces of sparklines ([MS-XLSX] 2.6.95), of which the corpus has none; a test of the Dashboard reads ours."""

COMPLETE = ("c:", "xdr:", "//c:", "//xdr:", "x:comment", "//x:comments", "xml/v:", "xml/o:")
"""The parts that are to hold all that Excel always writes: charts, drawings, notes."""


def find_novelties(path: Path) -> list[str]:
    """Return what no workbook saved by Excel has, by part."""
    return sorted(set(_look_at_parts(Book.read(path))))


def _look_at_parts(book: Book) -> Iterator[str]:
    grammar = _read_grammar()
    for part, root in book.trees.items():
        for e in root.iter(etree.Element):
            parent = e.getparent()
            key = f"{'/' if parent is None else _name(parent.tag)}/{_name(e.tag)}"
            if key in LABELS or etree.QName(e).namespace in SPARKLINES:
                continue
            if key not in grammar["elements"] and key not in BESIDE_LITERALS:
                yield f"{part}: {key}"
                continue
            known = grammar["attributes"].get(key, {})
            yield from (
                f"{part}: {key} {_name(a)}"
                for a in e.attrib
                if _name(a) not in known and (key, _name(a)) not in KNOWN
            )
            yield from (f"{part}: {key} without {child}" for child in _list_missing(e, key, grammar))


def _list_missing(e: Element, key: str, grammar: dict[str, Any]) -> list[str]:
    if not key.startswith(COMPLETE):
        return []
    there = {_name(child.tag) for child in e if isinstance(child.tag, str)}
    return [child for child in grammar["always"].get(key, ()) if child not in there]


@cache
def _read_grammar() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(shared("ooxml", "grammar.json").read_text(encoding="utf-8"))
    return found


def _name(tag: str | bytes) -> str:
    name = etree.QName(tag)
    space = name.namespace
    return f"{PREFIXES.get(space, space)}:{name.localname}" if space else name.localname
