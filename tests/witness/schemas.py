"""What the schemas of ECMA-376 (transitional) say of a workbook's parts."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from lxml import etree  # type: ignore[import-untyped]  # it ships no types

from tests.needs import shared
from tests.witness.book import SPACE, Book, Element

COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
SCHEMAS = {
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main": "sml.xsd",
    "http://schemas.openxmlformats.org/drawingml/2006/chart": "dml-chart.xsd",
    "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing": "dml-spreadsheetDrawing.xsd",
    "http://schemas.openxmlformats.org/drawingml/2006/main": "dml-main.xsd",
    f"{_OFFICE}/extended-properties": "shared-documentPropertiesExtended.xsd",
    f"{_OFFICE}/custom-properties": "shared-documentPropertiesCustom.xsd",
    "http://schemas.openxmlformats.org/package/2006/relationships": "opc-xsd/opc-relationships.xsd",
    "http://schemas.openxmlformats.org/package/2006/content-types": "opc-xsd/opc-contentTypes.xsd",
}
"""The schema of a part, by the namespace of its root."""


def find_violations(path: Path) -> list[str]:
    """Return what the schemas find in a workbook, by part."""
    return list(dict.fromkeys(_check_parts(Book.read(path))))


def _check_parts(book: Book) -> Iterator[str]:
    for name, root in book.trees.items():
        file = SCHEMAS.get(etree.QName(root).namespace or "")
        if file is None:
            continue
        schema = _read_schema(file)
        if not schema.validate(_resolve_compatibility(copy.deepcopy(root))):
            for error in schema.error_log:
                yield f"{name}: {error.message[:300]}"


@cache
def _read_schema(file: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(shared("ooxml", "xsd", file)))


def _resolve_compatibility(root: Element) -> Element:
    """Return a part as a reader of the standard alone sees it: fallbacks taken, what may be ignored left out."""
    ignored: set[str] = set()
    for e in root.iter(etree.Element):
        for prefix in (e.attrib.pop(f"{COMPATIBILITY}Ignorable", None) or "").split():
            ignored.add(e.nsmap.get(prefix) or "")
        if SPACE in e.attrib:
            del e.attrib[SPACE]  # every XML part may say that blanks are kept; the schemas leave it out
    for choice in list(root.iter(f"{COMPATIBILITY}AlternateContent")):
        parent, fallback = choice.getparent(), choice.find(f"{COMPATIBILITY}Fallback")
        if parent is not None:
            at = parent.index(choice)
            parent[at : at + 1] = [] if fallback is None else list(fallback)
    for e in list(root.iter(etree.Element)):
        for attribute in [a for a in e.attrib if (etree.QName(a).namespace or "") in ignored]:
            del e.attrib[attribute]
        parent = e.getparent()
        in_extension = parent is not None and etree.QName(parent).localname == "ext"
        if parent is not None and not in_extension and (etree.QName(e).namespace or "") in ignored:
            parent.remove(e)
    return root
