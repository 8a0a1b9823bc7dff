"""Attributes: whether the columns of Customers that Settings groups by are there."""

from __future__ import annotations

from xlprofit.findings import Finding, build_finding, phrase
from xlprofit.headings import ATTRIBUTES, list_asked_attributes, resolve_attribute
from xlprofit.messages import term
from xlprofit.reading import words
from xlprofit.reading.faults import Book, InputSheet, quote_value
from xlprofit.tables import TABLES, Settings


def check_group_by(book: Book, settings: InputSheet | None, run: Settings) -> list[Finding]:
    """Return the warnings of attributes that Settings groups by and Customers does not have."""
    if not run.group_by or settings is None:
        return []
    sheet = book.get("Customers")
    known = {column.name for column in TABLES["Customers"].columns} | {"row"}
    own = tuple(c for c in sheet.frame.columns if c not in known) if sheet is not None else ()
    there = {c for c in ATTRIBUTES if sheet is not None and c in sheet.place.cells}
    row = int(settings.frame["row"][settings.among("setting", {"group_by"})].min())
    found = []
    for word in list_asked_attributes(run.group_by):
        name = resolve_attribute(word, own)
        if name is None or (name in ATTRIBUTES and name not in there):
            what = phrase("S07", "no_attribute", setting=term("setting", "group_by"), name=quote_value(word))
            fix = words.suggest_name(word, sorted({*own, *there}))
            place = settings.place
            found.append(build_finding("S07", place.sheet, place.cell("value", row), what, fix=fix))
    return found
