"""XML changed by splicing: what is not changed stays as it stands, byte for byte.

A parsed and written part would lose prefixes, declared namespaces, the order of attributes and
whatever the writer does not know; so only the places of elements are found, and bytes put in there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from xml.etree import ElementTree
from xml.parsers import expat

from xlprofit.markup import escape_markup, quote_attribute
from xlprofit.ooxml.tags import match_attribute, match_tags


@dataclass(frozen=True, slots=True)
class Element:
    """Where an element stands: its start tag from ``start`` to ``inner``, its end tag from ``outer`` to ``end``.

    ``inner`` and ``outer`` are the same in an element without content; in ``<a/>`` so is ``end``.
    """

    tag: str
    attributes: Mapping[str, str]
    depth: int
    start: int
    inner: int
    outer: int
    end: int

    @property
    def name(self) -> str:
        """The element's name without its prefix."""
        return self.tag.rpartition(":")[2]

    @property
    def prefix(self) -> str:
        """The prefix with its colon, or nothing."""
        return self.tag[: -len(self.name)]

    def attribute(self, name: str) -> str:
        """Return an attribute by its name without prefix; empty where there is none."""
        if name in self.attributes:
            return self.attributes[name]
        return next((v for k, v in self.attributes.items() if k.rpartition(":")[2] == name), "")


@dataclass(frozen=True)
class Edit:
    """Bytes to stand from ``start`` to ``end`` in place of what stands there."""

    start: int
    end: int
    content: bytes


def find_element_places(
    xml: bytes, depth: int = 2, wanted: Callable[[str, Mapping[str, str]], bool] | None = None
) -> list[Element]:
    """Return the places of the elements down to a depth (the root has depth 0), in the order of their starts.

    ``wanted`` tells by their tag and attributes which of them.

    :raises expat.ExpatError: it is no sound XML.
    """
    found: list[Element] = []
    visit_elements(xml, found.append, depth, wanted)
    return sorted(found, key=lambda place: place.start)


def visit_elements(
    xml: bytes,
    visit: Callable[[Element], None],
    depth: int = 2,
    wanted: Callable[[str, Mapping[str, str]], bool] | None = None,
) -> None:
    """Call ``visit`` with the elements that :func:`find_element_places` returns, in the order of their ends.

    None is kept, so that any number of them takes no memory.

    :raises expat.ExpatError: it is no sound XML.
    """
    parser = expat.ParserCreate()
    opened: list[tuple[str, dict[str, str], int]] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        opened.append((tag, attributes, parser.CurrentByteIndex))

    def end(tag: str) -> None:
        at = parser.CurrentByteIndex
        _, attributes, began = opened.pop()
        if len(opened) > depth or (wanted is not None and not wanted(tag, attributes)):
            return
        inner = _find_tag_end(xml, began)
        empty = xml[inner - 2 : inner] == b"/>"
        outer, last = (inner, inner) if empty else (at, xml.index(b">", at) + 1)
        visit(Element(tag, attributes, len(opened), began, inner, outer, last))

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.Parse(xml, True)


def _find_tag_end(xml: bytes, start: int) -> int:
    """Return where a start tag ends: at the first ``>`` outside quotes."""
    tag = match_tags().match(xml, start)
    return tag.end() if tag else start


def splice_edits(xml: bytes, edits: Iterable[Edit]) -> bytes:
    """Return the bytes with all edits made; those of one place in their order."""
    out, at = [], 0
    for edit in sorted(edits, key=lambda e: (e.start, e.end)):
        out += [xml[at : edit.start], edit.content]
        at = max(at, edit.end)
    return b"".join((*out, xml[at:]))


def encode_ascii_xml(text: str) -> bytes:
    """Return XML text as bytes that read the same in every encoding that a part may declare."""
    return text.encode("ascii", "xmlcharrefreplace")


def build_append_edits(
    xml: bytes, place: Element, content: str, attributes: Mapping[str, str] | None = None
) -> list[Edit]:
    """Return the edits that put content at the end of an element, and set attributes of it."""
    head = xml[place.start : place.inner]
    for name, value in (attributes or {}).items():
        head = set_tag_attribute(head, name, value)
    if xml[place.inner - 2 : place.inner] != b"/>":
        return [
            Edit(place.start, place.inner, head),
            Edit(place.outer, place.outer, encode_ascii_xml(content)),
        ]
    whole = head[:-2].rstrip() + b">" + encode_ascii_xml(content) + encode_ascii_xml(f"</{place.tag}>")
    return [Edit(place.start, place.inner, whole)]


def set_tag_attribute(tag: bytes, name: str, value: str) -> bytes:
    """Return a start tag with an attribute set."""
    quoted = encode_ascii_xml(quote_attribute(value))
    given = match_attribute(name).search(tag)
    if given is not None:
        start, end = given.span(given.lastindex or 0)
        return tag[: start - 1] + quoted + tag[end + 1 :]
    end = -2 if tag.endswith(b"/>") else -1
    return tag[:end].rstrip() + b" " + name.encode() + b"=" + quoted + tag[end:]


def remove_tag_attribute(tag: bytes, name: str) -> bytes:
    """Return a start tag without an attribute."""
    return match_attribute(name).sub(b"", tag)


def render_prefixed_element(element: ElementTree.Element, prefix: str = "") -> str:
    """Return an element as text, every name of it with a prefix in place of its namespace."""
    tag = prefix + element.tag.rpartition("}")[2]
    attributes = "".join(f" {k.rpartition('}')[2]}={quote_attribute(v)}" for k, v in element.items())
    inner = escape_markup(element.text or "") + "".join(
        render_prefixed_element(child, prefix) for child in element
    )
    return f"<{tag}{attributes}>{inner}</{tag}>" if inner else f"<{tag}{attributes}/>"
