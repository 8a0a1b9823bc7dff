"""What a package says of its parts: their types, and the arrows from one to another; changed by splicing."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Mapping
from zipfile import ZipFile

from xlprofit.addresses import parse_whole_number
from xlprofit.markup import quote_attribute
from xlprofit.ooxml.package import Relation, read_relations
from xlprofit.ooxml.shape import build_relative_target
from xlprofit.ooxml.splice import Edit, build_append_edits, find_element_places, splice_edits

RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
"""What the types of arrows of the usual kinds begin with."""

SIGNATURE = "origin"
"""The kind of the arrow that leads to a package's digital signatures."""

_NAMESPACE = "http://schemas.openxmlformats.org/package/2006/relationships"


def update_content_types(
    xml: bytes, gone: Collection[str], parts: Mapping[str, str], endings: Mapping[str, str]
) -> bytes:
    """Return the types without those of parts that are gone, and with those of new parts and endings at the end."""
    found = find_element_places(xml, 1)
    root = found[0]
    left_out = {f"/{name}".casefold() for name in (*gone, *parts)}
    known = {place.attribute("Extension").casefold() for place in found[1:]}
    edits = [
        Edit(place.start, place.end, b"")
        for place in found[1:]
        if place.attribute("PartName").casefold() in left_out
    ]
    content = "".join(
        f"<{root.prefix}Default Extension={quote_attribute(ending)} ContentType={quote_attribute(kind)}/>"
        for ending, kind in endings.items()
        if ending not in known
    )
    content += "".join(
        f"<{root.prefix}Override PartName={quote_attribute('/' + name)} ContentType={quote_attribute(kind)}/>"
        for name, kind in parts.items()
    )
    return splice_edits(xml, [*edits, *build_append_edits(xml, root, content)])


def update_relations(source: str, xml: bytes, gone: Collection[str], new: Mapping[str, Relation]) -> bytes:
    """Return the arrows of the part ``source`` without some, by id, and with new ones (empty: the package)."""
    found = find_element_places(xml, 1)
    root = found[0]
    edits = [Edit(p.start, p.end, b"") for p in found[1:] if p.attribute("Id") in gone]
    return (
        splice_edits(
            xml, [*edits, *build_append_edits(xml, root, _render_relations(source, new, root.prefix))]
        )
        if edits or new
        else xml
    )


def build_relations_part(source: str, new: Mapping[str, Relation]) -> bytes:
    """Return the part that holds the arrows of the part ``source``; the empty name is the package."""
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Relationships xmlns="{_NAMESPACE}">'
        f"{_render_relations(source, new, '')}</Relationships>"
    ).encode()


def _render_relations(source: str, new: Mapping[str, Relation], prefix: str) -> str:
    """Return arrows whose targets are said from their source, as Excel says them; some programs read no others."""
    return "".join(
        f"<{prefix}Relationship Id={quote_attribute(name)} Type={quote_attribute(_spell_arrow_type(arrow))} "
        f"Target={quote_attribute(build_relative_target(source, arrow.target))}/>"
        for name, arrow in new.items()
    )


def _spell_arrow_type(arrow: Relation) -> str:
    """Return the whole type of an arrow; one of the usual kinds may be given by its last word."""
    return arrow.type if "/" in arrow.type else f"{RELATIONS}/{arrow.type}"


def name_relations_part(name: str) -> str:
    """Return the name of the part that holds the arrows of a part; the empty name is the package.

    >>> name_relations_part("xl/workbook.xml"), name_relations_part("")
    ('xl/_rels/workbook.xml.rels', '_rels/.rels')
    """
    folder, base = posixpath.split(name)
    return posixpath.join(folder, "_rels", f"{base}.rels")


def find_reached_parts(book: ZipFile, roots: Collection[str], closed: Collection[str] = ()) -> set[str]:
    """Return the parts that arrows lead to from some parts, through all but the ``closed`` ones."""
    found: set[str] = set()
    left = list(roots)
    while left:
        for arrow in read_relations(book, left.pop()).values():
            if not arrow.external and arrow.target in book.NameToInfo and arrow.target not in found:
                found.add(arrow.target)
                if arrow.target not in closed:
                    left.append(arrow.target)
    return found


def find_free_relation_id(taken: Collection[str]) -> str:
    """Return the next relation id: ``rId7`` behind ``rId6``."""
    numbers = [parse_whole_number(name[3:]) or 0 for name in taken if name.startswith("rId")]
    number = max(numbers, default=0) + 1
    while f"rId{number}" in taken:
        number += 1
    return f"rId{number}"
