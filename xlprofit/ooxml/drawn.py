"""Result sheets as the parts of a package: drawn into a workbook of their own, and taken out of it again.

openpyxl draws what stands around the cells; the cells themselves are written without it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from zipfile import ZIP_STORED, ZipFile

from openpyxl import Workbook
from openpyxl.styles.cell_style import StyleArray

from xlprofit.drawing import sparklines, to_xml
from xlprofit.drawing.cell_styles import Style
from xlprofit.drawing.to_openpyxl import Outline, draw_outline
from xlprofit.ooxml.dateless import ShapingArchive, write_parts
from xlprofit.ooxml.listing import LocalName, build_sheet_mark
from xlprofit.ooxml.manifest import name_relations_part
from xlprofit.ooxml.package import TYPES, Relation, read_part, read_part_tree, read_relations
from xlprofit.ooxml.splice import (
    Edit,
    Element,
    find_element_places,
    remove_tag_attribute,
    set_tag_attribute,
    splice_edits,
)
from xlprofit.ooxml.styles import Styles
from xlprofit.sheets.parts import Sheet

_END = b"</worksheet>"
_NUMBERED = re.compile(r"(.*?)(\d+)(\.\w+)")


@dataclass(frozen=True)
class Drawn:
    """Sheets drawn into a workbook of their own: the workbook as a package, and what is left to be written."""

    package: ZipFile
    outlines: Mapping[str, Outline]
    parts: Mapping[str, str]
    """The part of each sheet, by its name."""

    @property
    def styles(self) -> bytes:
        """The styles that the sheets are drawn with."""
        return read_part(self.package, "xl/styles.xml")

    def names(self) -> list[LocalName]:
        """Return the names that belong to the sheets: what is printed, what is filtered, and our mark."""
        order = list(self.outlines)
        found = [
            LocalName(
                order[int(element.get("localSheetId", "0"))],
                {k: v for k, v in element.items() if k != "localSheetId"},
                element.text or "",
            )
            for element in read_part_tree(self.package, "xl/workbook.xml").iter()
            if element.tag.endswith("}definedName")
        ]
        return [*found, *map(build_sheet_mark, order)]

    def types(self) -> dict[str, str]:
        """Return the type of each part."""
        found = read_part_tree(self.package, TYPES)
        return {e.get("PartName", "").lstrip("/"): e.get("ContentType", "") for e in found}

    def around(self, name: str) -> Iterator[tuple[str, Mapping[str, Relation]]]:
        """Give the parts that a sheet leads to, each with where it leads itself; the sheet's own first."""
        left = [self.parts[name]]
        while left:
            found = left.pop(0)
            leads = read_relations(self.package, found)
            left += [arrow.target for arrow in leads.values() if not arrow.external]
            yield found, leads


def draw_sheet_package(sheets: Sequence[Sheet]) -> Drawn:
    """Draw sheets, which may link to each other and show each other's tables.

    :raises ValueError: a description contradicts itself.
    """
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    styles: dict[Style, StyleArray] = {}
    outlines = {sheet.name: draw_outline(sheet, workbook, sheets, styles) for sheet in sheets}
    memory = BytesIO()
    with ShapingArchive(memory, {}, ZIP_STORED) as archive:
        write_parts(workbook, archive)
    names = {name: f"xl/worksheets/sheet{i}.xml" for i, name in enumerate(outlines, 1)}
    return Drawn(ZipFile(memory), outlines, names)


def write_sheet_xml(
    sheets: Drawn, name: str, styles: Styles, *, code_name: str, selected: bool, since_1904: bool
) -> Iterator[bytes]:
    """Give a sheet's XML, with the numbers that its styles have in the user's file.

    ``code_name`` is what macros call the sheet, or nothing; ``selected`` is for the sheet in front.
    """
    found = sheets.outlines[name]
    xml = read_part(sheets.package, sheets.parts[name])
    places = find_element_places(xml, 2)
    cells = next(place for place in places if place.name == "sheetData")
    yield _splice_part(xml, (0, cells.start), _list_head_edits(xml, places, found, code_name, selected))
    yield from to_xml.write_sheet_data(found, styles.cells, since_1904=since_1904)
    tail = _splice_part(xml, (cells.end, len(xml)), _list_tail_edits(xml, places, found, styles.rules))
    yield tail.removesuffix(_END) + sparklines.render_sparklines(found.sheet).encode() + _END


def _splice_part(xml: bytes, part: tuple[int, int], edits: Iterable[Edit]) -> bytes:
    """Return a stretch of a part's bytes with edits made that lie in it."""
    start, end = part
    return splice_edits(xml[start:end], [Edit(e.start - start, e.end - start, e.content) for e in edits])


def _list_head_edits(
    xml: bytes, places: Sequence[Element], outline: Outline, code_name: str, selected: bool
) -> Iterator[Edit]:
    """Yield what changes before the cells: the extent, what macros call the sheet, and whether it is in front."""
    for place in places:
        tag = xml[place.start : place.inner]
        if place.name == "dimension":
            extent = to_xml.find_used_extent(outline)
            yield Edit(place.start, place.inner, set_tag_attribute(tag, "ref", extent))
        elif place.name == "sheetPr" and code_name:
            yield Edit(place.start, place.inner, set_tag_attribute(tag, "codeName", code_name))
        elif place.name == "sheetView" and selected:
            yield Edit(place.start, place.inner, set_tag_attribute(tag, "tabSelected", "1"))
        elif place.name == "sheetView":
            yield Edit(place.start, place.inner, remove_tag_attribute(tag, "tabSelected"))


def _list_tail_edits(
    xml: bytes, places: Sequence[Element], outline: Outline, rules: Sequence[int]
) -> Iterator[Edit]:
    """Yield what changes behind the cells: merged ones in a fixed order, which openpyxl's is not; links of bodies.

    The looks of conditional formats get the numbers that they have in the user's file: ``rules``, by ours.
    """
    for rule in (place for place in places if place.attribute("dxfId")):
        number = str(rules[int(rule.attribute("dxfId"))])
        yield Edit(rule.start, rule.inner, set_tag_attribute(xml[rule.start : rule.inner], "dxfId", number))
    merged = next((place for place in places if place.name == "mergeCells"), None)
    if merged is not None:
        inner = sorted(xml[p.start : p.end] for p in places if p.name == "mergeCell")
        yield Edit(merged.inner, merged.outer, b"".join(inner))
    links = to_xml.write_body_links(outline).encode()
    if not links:
        return
    there = next((place for place in places if place.name == "hyperlinks"), None)
    if there is not None:
        yield Edit(there.outer, there.outer, links)
        return
    page = next(place for place in places if place.name in ("printOptions", "pageMargins"))
    yield Edit(page.start, page.start, b"<hyperlinks>" + links + b"</hyperlinks>")


def find_free_part_name(name: str, taken: Collection[str]) -> str:
    """Return a part's name with the first number that is free, whatever the case of those ``taken``.

    A name is taken too where arrows of a part so called were left behind, which would become those of ours.

    >>> find_free_part_name("xl/charts/chart7.xml", {"xl/charts/chart1.xml", "xl/charts/Chart2.xml"})
    'xl/charts/chart3.xml'
    """
    numbered = _NUMBERED.fullmatch(name)
    if numbered is None:
        raise ValueError(f"{name} has no number")
    before, _, after = numbered.groups()
    lower = {t.casefold() for t in taken}
    number = 1
    while {(new := f"{before}{number}{after}").casefold(), name_relations_part(new).casefold()} & lower:
        number += 1
    return new
