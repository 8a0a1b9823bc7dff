"""Sheets that get another name: whatever in the package points at them points at them under the new one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import unescape
from zipfile import ZipFile

from xlprofit.addresses import quote_sheet_name
from xlprofit.markup import escape_markup
from xlprofit.ooxml.package import read_part
from xlprofit.ooxml.splice import encode_ascii_xml, set_tag_attribute
from xlprofit.ooxml.tags import match_tags, match_texts, read_attribute

_PARTS = re.compile(r"(?!customXml/|docProps/|\[).*\.(?:xml|rels)", re.IGNORECASE)
_FORMULAS = match_texts("f", "formula", "formula1", "formula2", "calculatedColumnFormula", "totalsRowFormula")
_POINTING = match_tags("hyperlink", "sp", "pic", "cxnSp", "graphicFrame", "Relationship", "worksheetSource")
"""The tags that may point at a sheet: links in a cell, texts of shapes, links of a drawing, sources of pivot tables."""


def redirect_formula(formula: str, renamed: Mapping[str, str]) -> str:
    """Return a formula with sheets under their new names; texts in it stay as they are.

    >>> redirect_formula("SUM('Customer P&L'!A1,Dashboard!B2)", {"Dashboard": "Yhteenveto"})
    "SUM('Customer P&L'!A1,'Yhteenveto'!B2)"
    """
    for old, new in renamed.items():
        bare = rf"|(?<![\w.'\]]){re.escape(old)}" if re.fullmatch(r"\w+", old) else ""
        named = re.compile(rf"""("[^"]*")|(?:{re.escape(quote_sheet_name(old))}{bare})(?=!)""")
        put = quote_sheet_name(new)
        formula = named.sub(lambda found, put=put: found[1] or put, formula)  # type: ignore[misc]
    return formula


def redirect_formula_xml(formula: bytes, renamed: Mapping[str, str]) -> bytes:
    """Return the same of a formula as a part holds it, which stays as it is where it names none of the sheets."""
    said = unescape(formula.decode())
    pointed = redirect_formula(said, renamed)
    return formula if pointed == said else encode_ascii_xml(escape_markup(pointed))


def redirect_parts(book: ZipFile, renamed: Mapping[str, str], left: set[str]) -> Iterator[tuple[str, bytes]]:
    """Give the parts of a package that point at renamed sheets, as they are then; those of ``left`` are left out."""
    spelt = [
        word
        for old in renamed
        for word in (escape_markup(old).encode(), encode_ascii_xml(escape_markup(old)))
    ]
    for name in book.namelist():
        if name in left or not _PARTS.fullmatch(name):
            continue
        xml = read_part(book, name)
        if any(word in xml for word in spelt):
            changed = _redirect_part_xml(xml, renamed)
            if changed != xml:
                yield name, changed


def _redirect_part_xml(xml: bytes, renamed: Mapping[str, str]) -> bytes:
    xml = _FORMULAS.sub(lambda found: _redirect_element(found[0], found[1], found[2] or b"", renamed), xml)
    return _POINTING.sub(lambda found: _redirect_tag(found[0], renamed), xml)


def _redirect_element(whole: bytes, tag: bytes, formula: bytes, renamed: Mapping[str, str]) -> bytes:
    behind = whole[len(tag) + len(formula) :]
    return tag + redirect_formula_xml(formula, renamed) + behind


def _redirect_tag(tag: bytes, renamed: Mapping[str, str]) -> bytes:
    """Return a tag whose links lead to sheets under their new names; one that leads out of the workbook stays."""
    for name in ("location", "textlink", "Target"):
        said = unescape((read_attribute(tag, name) or b"").decode())
        pointed = redirect_formula(said, renamed)
        if pointed != said and (name != "Target" or said.startswith("#")):
            tag = set_tag_attribute(tag, name, pointed)
    sheet = unescape((read_attribute(tag, "sheet") or b"").decode())
    return set_tag_attribute(tag, "sheet", renamed[sheet]) if sheet in renamed else tag
