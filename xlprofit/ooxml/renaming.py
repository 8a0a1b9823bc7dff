"""Sheets that get another name: whatever in the package points at them points at them under the new one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from zipfile import ZipFile

from xlprofit.markup import escape_markup
from xlprofit.ooxml.package import read_part
from xlprofit.ooxml.splice import encode_ascii_xml

_PARTS = re.compile(r"(?!customXml/|docProps/|\[).*\.(?:xml|rels)", re.IGNORECASE)
_FORMULAS = re.compile(
    rb"(<(?:\w+:)?(?:f|formula|formula1|formula2|calculatedColumnFormula|totalsRowFormula)(?:\s[^<>]*+)?(?<!/)>)"
    rb"([^<]*+)"
)
_ATTRIBUTES = re.compile(rb"""(\s(?:location|textlink|Target)=)("#?[^"<>]*!|'#?[^'<>]*!)""")
_SOURCES = re.compile(rb"""(<(?:\w+:)?worksheetSource\b[^<>]*?\ssheet=)("[^"<>]*+"|'[^'<>]*+')""")


def redirect_formula(formula: bytes, renamed: Mapping[str, str]) -> bytes:
    """Return a formula, as XML has it, with sheets under their new names; texts in it stay as they are.

    >>> formula = b"SUM('Customer P&amp;L'!A1,Dashboard!B2)&amp;&quot;Dashboard!&quot;"
    >>> redirect_formula(formula, {"Dashboard": "Yhteenveto"})
    b"SUM('Customer P&amp;L'!A1,'Yhteenveto'!B2)&amp;&quot;Dashboard!&quot;"
    """
    for old, new in renamed.items():
        quoted = escape_markup(old.replace("'", "''"))
        forms = {f"'{quoted}'", "&apos;" + quoted.replace("'", "&apos;") + "&apos;"}
        named = b"|".join(
            re.escape(encode_ascii_xml(form)) + b"|" + re.escape(form.encode()) for form in sorted(forms)
        )
        bare = rb"|(?<![\w.'\]])" + re.escape(old.encode()) if re.fullmatch(r"\w+", old) else b""
        whole = re.compile(
            rb"""("[^"]*"|&quot;(?:(?!&quot;).)*&quot;)|(?:%s%s)(?=!)""" % (named, bare), re.DOTALL
        )
        put = encode_ascii_xml("'" + escape_markup(new.replace("'", "''")) + "'")
        formula = whole.sub(lambda found, put=put: found[1] or put, formula)  # type: ignore[misc]
    return formula


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
    xml = _FORMULAS.sub(lambda found: found[1] + redirect_formula(found[2], renamed), xml)
    xml = _ATTRIBUTES.sub(lambda found: found[1] + _redirect_attribute(found[2], renamed), xml)
    return _SOURCES.sub(lambda found: found[1] + _redirect_source_sheet(found[2], renamed), xml)


def _redirect_attribute(value: bytes, renamed: Mapping[str, str]) -> bytes:
    """Return the beginning of an attribute's value, its quote first."""
    mark = value[:2] if value[1:2] == b"#" else value[:1]
    pointed = redirect_formula(value[len(mark) :], renamed)
    return mark + (pointed.replace(b"'", b"&apos;") if mark[:1] == b"'" else pointed)


def _redirect_source_sheet(value: bytes, renamed: Mapping[str, str]) -> bytes:
    for old, new in renamed.items():
        if value[1:-1] in (escape_markup(old).encode(), encode_ascii_xml(escape_markup(old))):
            return b'"' + encode_ascii_xml(escape_markup(new).replace('"', "&quot;")) + b'"'
    return value
