"""Whether Excel must calculate a workbook when it opens it.

Formulas of an add-in keep the values that stand in the file until they are calculated; where the add-in is
missing, that makes ``#NAME?`` of them. So a workbook with such formulas opens as it is if it can: if no formula
of the user's own depends on a result sheet or asks for the last refresh, and each has its value.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from xml.sax.saxutils import escape
from zipfile import ZipFile

from xlprofit.formulas import REGISTRY
from xlprofit.sheets.names import formerly
from xlprofit.sheets.parts import Sheet
from xlprofit.workbook.listing import Listing
from xlprofit.workbook.package import part

CALCULATED_BY = "191029"
"""The calculation engine of Excel 2019 and later, which calculates anew what an older one left."""

_LOOK_UPS = [f"{name}(".casefold() for name, function in REGISTRY.items() if function.lookup]
"""What stands in a formula that asks for the last refresh, whatever its host puts before the name."""

_FORMULA = re.compile(rb"<(?:\w+:)?f\b[^>]*?(?:/>|>([^<]*)</(?:\w+:)?f>)(<(?:\w+:)?v>)?")


def needed(book: ZipFile, old: Listing, sheets: Sequence[Sheet]) -> bool:
    """Return whether a workbook must be calculated on opening once these sheets are in it."""
    if not any(sheet.calls for sheet in sheets):
        return True
    ours = {sheet.name.casefold() for sheet in sheets}
    called = {former.casefold() for sheet in sheets for former in formerly(sheet.name)} | ours
    words = [*map(escape, called), *_LOOK_UPS]
    if any(word in text for word in words for text in _names(old)):
        return True
    theirs = [s.part for s in old.sheets if not s.ours and s.name.casefold() not in ours]
    return any(_waits(part(book, name), words) for name in theirs if name in book.NameToInfo)


def _names(old: Listing) -> list[str]:
    """Return what the user's own names stand for."""
    ours = {str(index) for index, sheet in enumerate(old.sheets) if sheet.ours}
    return [
        _folded(old.xml[p.inner : p.outer])
        for p in old.places
        if p.name == "definedName" and p.attribute("localSheetId") not in ours
    ]


def _folded(xml: bytes) -> str:
    return xml.decode("utf-8", "replace").casefold()


def _waits(xml: bytes, words: Collection[str]) -> bool:
    """Return whether a formula on a sheet has no value yet, or has one of these words."""
    for found in _FORMULA.finditer(xml):
        text = _folded(found[1] or b"")
        if found[2] is None or any(word in text for word in words):
            return True
    return False
