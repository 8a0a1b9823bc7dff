"""Our styles in the user's list of styles: appended, never renumbered, and found again the next time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from xml.etree import ElementTree

from xlprofit.addresses import parse_whole_number
from xlprofit.messages import _
from xlprofit.ooxml.splice import (
    Edit,
    Element,
    build_append_edits,
    encode_ascii_xml,
    find_element_places,
    render_prefixed_element,
    splice_edits,
)

NONE = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    b'<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    b'<fills count="2"><fill><patternFill patternType="none"/></fill>'
    b'<fill><patternFill patternType="gray125"/></fill></fills>'
    b'<borders count="1"><border/></borders>'
    b'<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    b'<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
    b"</styleSheet>"
)
"""The styles of a workbook that has none."""

_ORDER = (
    "numFmts",
    "fonts",
    "fills",
    "borders",
    "cellStyleXfs",
    "cellXfs",
    "cellStyles",
    "dxfs",
    "tableStyles",
    "colors",
    "extLst",
)
_IN_FONT = (
    "b",
    "i",
    "strike",
    "condense",
    "extend",
    "outline",
    "shadow",
    "u",
    "vertAlign",
    "sz",
    "color",
    "name",
    "family",
    "charset",
    "scheme",
)
"""The order in which Excel wants what is said of a font; openpyxl has one of its own."""

_FIRST_OWN_FORMAT = 164
_PARTS = {"fontId": "fonts", "fillId": "fills", "borderId": "borders"}
_APPLIED = {
    "numFmtId": "applyNumberFormat",
    "fontId": "applyFont",
    "fillId": "applyFill",
    "borderId": "applyBorder",
}

Key = tuple[object, ...]
"""An element with all that is in it, to be compared."""


@dataclass(frozen=True)
class Styles:
    """A list of styles with ours in it, and where ours stand: by their own numbers, of cells and of rules."""

    xml: bytes
    cells: tuple[int, ...]
    rules: tuple[int, ...]


@dataclass
class _Group:
    """A list of styles of one kind: what is in it already, and what is to be added."""

    known: dict[Key, int]
    size: int
    added: list[ElementTree.Element]

    def number(self, element: ElementTree.Element) -> int:
        """Return the number of an equal element, which is added where there is none."""
        key = _build_element_key(element)
        if key not in self.known:
            self.known[key] = self.size + len(self.added)
            self.added.append(element)
        return self.known[key]


def merge_style_parts(theirs: bytes, ours: bytes) -> Styles:
    """Return the user's styles with ours appended where no equal one is there yet.

    Both are parts of the kind ``styles``; what stands in the user's keeps its number and its bytes.

    :raises expat.ExpatError: the user's styles are no sound XML.
    """
    drawn = ElementTree.fromstring(ours)
    _order_font_elements(drawn)
    own = _index_child_elements(drawn)
    root = ElementTree.fromstring(theirs)
    given = _index_child_elements(root)
    groups = {
        name: _build_style_group(given.get(name)) for name in ("fonts", "fills", "borders", "cellXfs", "dxfs")
    }
    formats, new_formats = _merge_number_formats(own, given)
    parts = {
        attribute: [groups[name].number(e) for e in own.get(name, [])] for attribute, name in _PARTS.items()
    }

    def renumber(attribute: str, old: int) -> int:
        return formats.get(old, old) if attribute == "numFmtId" else parts[attribute][old]

    cells = tuple(groups["cellXfs"].number(_convert_cell_style(e, renumber)) for e in own.get("cellXfs", []))
    rules = tuple(groups["dxfs"].number(_convert_rule_style(e, formats)) for e in own.get("dxfs", []))
    added = {name: group.added for name, group in groups.items()} | {"numFmts": new_formats}
    sizes = {name: group.size for name, group in groups.items()} | {"numFmts": len(given.get("numFmts", []))}
    return Styles(_append_style_elements(theirs, added, sizes), cells, rules)


def _order_font_elements(styles: ElementTree.Element) -> None:
    """Put what is said of each font into the order in which Excel wants it."""
    for font in [e for e in styles.iter() if e.tag.rpartition("}")[2] == "font"]:
        font[:] = sorted(font, key=lambda e: _IN_FONT.index(e.tag.rpartition("}")[2]))


def _index_child_elements(root: ElementTree.Element) -> dict[str, ElementTree.Element]:
    return {child.tag.rpartition("}")[2]: child for child in root}


def _build_style_group(element: ElementTree.Element | None) -> _Group:
    known: dict[Key, int] = {}
    children = [] if element is None else list(element)
    for number, child in enumerate(children):
        known.setdefault(_build_element_key(child), number)
    return _Group(known, len(children), [])


def _build_element_key(element: ElementTree.Element) -> Key:
    """Return what an element says, whatever the prefixes and the order of its attributes."""
    attributes = tuple(sorted((k, v) for k, v in element.items() if (k, v) not in _DEFAULTS))
    inner = tuple(_build_element_key(child) for child in element)
    return element.tag.rpartition("}")[2], attributes, (element.text or "").strip(), inner


_DEFAULTS = {("val", "1"), ("pivotButton", "0"), ("quotePrefix", "0")}


def _merge_number_formats(
    own: Mapping[str, ElementTree.Element], given: Mapping[str, ElementTree.Element]
) -> tuple[dict[int, int], list[ElementTree.Element]]:
    """Return the new number of each of our number formats, and those that are to be added."""
    known = {e.get("formatCode", ""): _read_format_number(e) for e in reversed(given.get("numFmts", []))}
    taken = [_read_format_number(e) for e in given.get("numFmts", [])]  # one code may have two numbers
    free = max([_FIRST_OWN_FORMAT - 1, *taken, *_list_used_formats(given)]) + 1
    numbers: dict[int, int] = {}
    added = []
    wanted = [*own.get("numFmts", []), *(e for dxf in own.get("dxfs", []) for e in dxf if _is_format(e))]
    for element in wanted:
        code = element.get("formatCode", "")
        if code not in known:
            known[code] = free
            added.append(ElementTree.Element("numFmt", {"numFmtId": str(free), "formatCode": code}))
            free += 1
        numbers[_read_format_number(element)] = known[code]
    return numbers, added


def _list_used_formats(given: Mapping[str, ElementTree.Element]) -> list[int]:
    """Return the numbers of formats that the user's styles and rules bear, also where no list has them."""
    rules = [_read_format_number(e) for dxf in given.get("dxfs", []) for e in dxf if _is_format(e)]
    return [*rules, *(_read_format_number(e) for e in given.get("cellXfs", []))]


def _read_format_number(element: ElementTree.Element) -> int:
    """Return the number of the format that an element bears; ParseError where it is none."""
    given = element.get("numFmtId", "0")
    number = parse_whole_number(given)
    if number is None:
        raise ElementTree.ParseError(_('a style has the format "{number}"', number=given[:20]))
    return number


def _is_format(element: ElementTree.Element) -> bool:
    return element.tag.rpartition("}")[2] == "numFmt"


def _convert_cell_style(
    element: ElementTree.Element, renumber: Callable[[str, int], int]
) -> ElementTree.Element:
    """Return one of our cell styles with the numbers that its parts have in the user's list."""
    new = ElementTree.Element("xf", dict(element.items()))
    for attribute, applied in _APPLIED.items():
        new.set(attribute, str(renumber(attribute, int(element.get(attribute, "0")))))
        new.set(applied, "1")
    new.extend(list(element))
    return new


def _convert_rule_style(element: ElementTree.Element, formats: Mapping[int, int]) -> ElementTree.Element:
    new = ElementTree.Element("dxf")
    for child in element:
        if _is_format(child):
            number = _read_format_number(child)
            attributes = {"numFmtId": str(formats[number]), "formatCode": child.get("formatCode", "")}
            new.append(ElementTree.Element("numFmt", attributes))
        else:
            new.append(child)
    return new


def _append_style_elements(
    xml: bytes, added: Mapping[str, list[ElementTree.Element]], sizes: Mapping[str, int]
) -> bytes:
    """Return the user's styles with elements appended to its lists, and lists added that it lacks."""
    found = find_element_places(xml, 1)
    root = found[0]
    lists = {place.name: place for place in found if place.depth == 1}
    edits: list[Edit] = []
    for name in _ORDER:
        new = added.get(name, [])
        if not new:
            continue
        content = "".join(render_prefixed_element(element, root.prefix) for element in new)
        count = str(sizes[name] + len(new))
        if name in lists:
            edits += build_append_edits(xml, lists[name], content, {"count": count})
        else:
            tag = root.prefix + name
            whole = encode_ascii_xml(f'<{tag} count="{count}">{content}</{tag}>')
            at = _find_list_end(root, lists, name)
            edits.append(Edit(at, at, whole))
    return splice_edits(xml, edits)


def _find_list_end(root: Element, lists: Mapping[str, Element], name: str) -> int:
    """Return where a list goes that is not there: behind the last of those that come before it."""
    before = [lists[n].end for n in _ORDER[: _ORDER.index(name)] if n in lists]
    return max(before, default=root.inner)
