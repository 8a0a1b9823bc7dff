"""What openpyxl writes, in the shape in which Excel writes it, which other programs take for granted.

openpyxl's parts are valid, but arrows lead from the package's root, drawings have no prefixes, and notes lie in a
folder of their own. Excel reads that; ExcelJS and IronCalc do not, nor whoever looks for ``xdr:wsDr`` by its name.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType
from xml.etree import ElementTree

from xlprofit.markup import escape_markup, quote_attribute
from xlprofit.ooxml.notes import complete_note_shapes
from xlprofit.ooxml.splice import (
    Edit,
    find_element_places,
    remove_tag_attribute,
    set_tag_attribute,
    splice_edits,
)

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
_SHAPES = "http://schemas.openxmlformats.org/drawingml/2006/main"
_XML = "http://www.w3.org/XML/1998/namespace"

PREFIXES: Mapping[str, str] = MappingProxyType(
    {
        _MAIN: "",
        _DRAWING: "xdr",
        _SHAPES: "a",
        "http://schemas.openxmlformats.org/drawingml/2006/chart": "c",
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships": "r",
        "urn:schemas-microsoft-com:vml": "v",
        "urn:schemas-microsoft-com:office:office": "o",
        "urn:schemas-microsoft-com:office:excel": "x",
        _XML: "xml",
    }
)
"""The prefix that Excel gives each namespace; none for that of sheets."""

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_NOTES = re.compile(r"xl/comments/comment(\d+\.xml)")
_NOTE_SHAPES = re.compile(r"xl/drawings/commentsDrawing(\d+\.vml)")
_VERSION = {"appName": "xl", "lastEdited": "7", "lowestEdited": "7", "rupBuild": "22228"}
"""The Excel of whose kind the file is (2019 and later); Excel writes this line in every file."""

_USUAL_FONT = '<sz val="10"/><color theme="1"/><name val="Arial"/><family val="2"/>'
"""The font of cells without one of their own, as Excel writes it: the sheets' (``theme.FONT``), on every machine."""

_NOTE_LETTERS = '<rPr><sz val="9"/><color indexed="81"/><rFont val="Tahoma"/><family val="2"/></rPr>'
"""The letters of a note, as Excel writes them."""


def reshape_part(name: str, content: bytes, sheet_head: bytes = b"") -> tuple[str, bytes]:
    """Return the name and the content that Excel would give a part of openpyxl's.

    ``sheet_head`` is the beginning of the sheet on which notes stand: their place is said by its columns and rows.
    """
    called = name_excel_part(name)
    if name.endswith(".rels"):
        return called, _change_attribute(content, "Target", lambda said: _make_target_relative(name, said))
    if name == "[Content_Types].xml":
        return called, _change_attribute(content, "PartName", lambda said: f"/{name_excel_part(said[1:])}")
    if name == "xl/workbook.xml":
        return called, _state_version(content)
    if name == "xl/styles.xml":
        return called, _reshape_styles(content)
    if name.startswith(("xl/drawings/", "xl/charts/", "xl/comments/")):
        return called, _reshape_tree(name, ElementTree.fromstring(content), sheet_head)
    return called, content


def _reshape_styles(content: bytes) -> bytes:
    """Return styles whose first fill is the one that Excel expects, and whose usual font is that of our sheets.

    The widths of columns are counted in digits of the usual font. Calibri is not on every machine, and what takes
    its place may be wider by a third: the sheets would be wider than the screen that they are laid out for.
    """
    root = ElementTree.fromstring(content)
    fill = root.find(f"{{{_MAIN}}}fills/{{{_MAIN}}}fill/{{{_MAIN}}}patternFill")
    if fill is not None:
        fill.set("patternType", "none")
    font = root.find(f"{{{_MAIN}}}fonts/{{{_MAIN}}}font")
    if font is not None:
        font[:] = ElementTree.fromstring(f'<font xmlns="{_MAIN}">{_USUAL_FONT}</font>')[:]
    return render_excel_xml(root).encode()


def drop_blank_types(sheet: bytes) -> bytes:
    """Return a sheet whose blank cells say no type: openpyxl calls them numbers, and some programs read a 0 there."""
    typed = find_element_places(sheet, 3, lambda tag, said: tag == "c" and said.get("t") == "n")
    return splice_edits(
        sheet,
        (
            Edit(cell.start, cell.inner, remove_tag_attribute(sheet[cell.start : cell.inner], "t"))
            for cell in typed
            if cell.inner == cell.outer
        ),
    )


def name_excel_part(name: str) -> str:
    """Return the name that Excel gives a part of openpyxl's.

    >>> name_excel_part("xl/comments/comment3.xml"), name_excel_part("xl/drawings/commentsDrawing3.vml")
    ('xl/comments3.xml', 'xl/drawings/vmlDrawing3.vml')
    """
    return _NOTE_SHAPES.sub(r"xl/drawings/vmlDrawing\1", _NOTES.sub(r"xl/comments\1", name))


def build_relative_target(source: str, target: str) -> str:
    """Return the way from a part to another, as an arrow bears it; the empty name is the package.

    >>> build_relative_target("xl/worksheets/sheet1.xml", "xl/comments1.xml")
    '../comments1.xml'
    >>> build_relative_target("", "xl/workbook.xml")
    'xl/workbook.xml'
    """
    return posixpath.relpath(target, posixpath.dirname(source) or ".")


def _change_attribute(content: bytes, name: str, change: Callable[[str], str]) -> bytes:
    """Return a part with an attribute of the elements below its root changed."""
    return splice_edits(
        content,
        (
            Edit(
                place.start,
                place.inner,
                set_tag_attribute(content[place.start : place.inner], name, change(place.attribute(name))),
            )
            for place in find_element_places(content, 1)
            if place.attribute(name)
        ),
    )


def _make_target_relative(name: str, target: str) -> str:
    """Return where an arrow points, from the part whose arrows ``name`` holds, as Excel says it."""
    if not target.startswith("/"):
        return target
    source = posixpath.dirname(posixpath.dirname(name)) + "/part"
    return build_relative_target(source.lstrip("/"), name_excel_part(target[1:]))


def _state_version(content: bytes) -> bytes:
    root = ElementTree.fromstring(content)
    root.insert(0, ElementTree.Element(f"{{{_MAIN}}}fileVersion", _VERSION))
    return render_excel_xml(root).encode()


def _reshape_tree(name: str, root: ElementTree.Element, sheet_head: bytes) -> bytes:
    if name.endswith(".vml"):
        complete_note_shapes(root, sheet_head)
        return render_excel_xml(root, head="").encode()
    if name.startswith("xl/drawings/"):
        _complete_frames(root)
    if name.startswith("xl/comments/"):
        _put_notes_in_runs(root)
    return render_excel_xml(root).encode()


def _complete_frames(drawing: ElementTree.Element) -> None:
    """Say of each chart's frame what Excel says: that no macro hangs on it, and a place, which the anchor overrules."""
    for frame in drawing.iter(f"{{{_DRAWING}}}graphicFrame"):
        frame.set("macro", "")
        place = frame.find(f"{{{_DRAWING}}}xfrm")
        if place is not None and not len(place):
            ElementTree.SubElement(place, f"{{{_SHAPES}}}off", {"x": "0", "y": "0"})
            ElementTree.SubElement(place, f"{{{_SHAPES}}}ext", {"cx": "0", "cy": "0"})


def _put_notes_in_runs(notes: ElementTree.Element) -> None:
    """Put the text of each note in a run with letters of its own; without one Excel takes those of the cells."""
    letters = ElementTree.fromstring(f'<r xmlns="{_MAIN}">{_NOTE_LETTERS}</r>')[0]
    for text in notes.iter(f"{{{_MAIN}}}text"):
        plain = [child for child in text if child.tag == f"{{{_MAIN}}}t"]
        for words in plain:
            text.remove(words)
            run = ElementTree.SubElement(text, f"{{{_MAIN}}}r")
            run.append(letters)
            run.append(words)
            if words.text and words.text != words.text.strip():
                words.set(f"{{{_XML}}}space", "preserve")


def render_excel_xml(root: ElementTree.Element, head: str = _HEAD) -> str:
    """Return a part's XML with the prefixes of Excel, all of them declared at its root."""
    names = {element.tag for element in root.iter()}.union(*(element.keys() for element in root.iter()))
    spaces = {name[1:].partition("}")[0] for name in names if name.startswith("{")}
    declared = "".join(
        f" xmlns{':' if prefix else ''}{prefix}={quote_attribute(space)}"
        for space, prefix in PREFIXES.items()
        if space in spaces and space != _XML
    )
    return head + _render_element(root, declared)


def _render_element(element: ElementTree.Element, declared: str = "") -> str:
    tag = _name_with_prefix(element.tag)
    start = f"<{tag}{declared}"
    for name, value in element.items():
        start += f" {_name_with_prefix(name)}={quote_attribute(value)}"
    inner = escape_markup(element.text) if element.text else ""
    if len(element):
        inner += "".join(map(_render_element, element))
    whole = f"{start}>{inner}</{tag}>" if inner else f"{start}/>"
    return whole + escape_markup(element.tail) if element.tail else whole


@cache
def _name_with_prefix(name: str) -> str:
    """Return a name with Excel's prefix; :class:`KeyError` where its namespace is none of those known."""
    if not name.startswith("{"):
        return name
    space, _, local = name[1:].partition("}")
    return f"{PREFIXES[space]}:{local}".lstrip(":")
