"""A workbook's package as a witness reads it: every part parsed once, every arrow followed."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias
from urllib.parse import unquote

from lxml import etree  # type: ignore[import-untyped]  # it ships no types

M = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
XDR = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
SPACE = "{http://www.w3.org/XML/1998/namespace}space"
TYPES = "[Content_Types].xml"

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384

Element: TypeAlias = Any
"""An element of lxml's, which ships no types."""


class Arrow(NamedTuple):
    """A relationship: its kind (the last word of its type), where it leads, and whether out of the package."""

    kind: str
    target: str
    external: bool


class Block(NamedTuple):
    """A block of cells; all four are counted from 1."""

    top: int
    left: int
    bottom: int
    right: int

    def meets(self, other: Block) -> bool:
        """Whether the two have a cell in common."""
        apart = self.bottom < other.top or other.bottom < self.top
        return not (apart or self.right < other.left or other.right < self.left)


class Tab(NamedTuple):
    """A sheet as the workbook lists it."""

    name: str
    number: str
    state: str
    part: str
    kind: str


_CELL = re.compile(r"\$?([A-Z]{1,3})\$?([1-9]\d*)")
_COLUMNS = re.compile(r"\$?([A-Z]{1,3}):\$?([A-Z]{1,3})")
_ROWS = re.compile(r"\$?([1-9]\d*):\$?([1-9]\d*)")


def count_column(letters: str) -> int:
    """Return the number of a column by its letters."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def read_block(address: str) -> Block | None:
    """Return the cells of an address such as ``B2`` or ``$B$2:$C$9``; ``None`` where it is none on Excel's sheet."""
    if found := _COLUMNS.fullmatch(address):
        block = Block(1, count_column(found[1]), LAST_ROW, count_column(found[2]))
    elif found := _ROWS.fullmatch(address):
        block = Block(int(found[1]), 1, int(found[2]), LAST_COLUMN)
    else:
        ends = [_CELL.fullmatch(end) for end in address.split(":")]
        if len(ends) > 2 or any(end is None for end in ends):
            return None
        (top, left), (bottom, right) = (
            (int(end[2]), count_column(end[1])) for end in (ends[0], ends[-1]) if end is not None
        )
        block = Block(top, left, bottom, right)
    upright = block.top <= block.bottom and block.left <= block.right
    return block if upright and block.bottom <= LAST_ROW and block.right <= LAST_COLUMN else None


@dataclass(frozen=True)
class Book:
    """A package's parts by name, in the order of the zip; names that stand twice are told apart by ``entries``."""

    path: Path
    parts: dict[str, bytes]
    entries: tuple[str, ...]

    @classmethod
    def read(cls, path: Path) -> Book:
        """Read all of a package."""
        with zipfile.ZipFile(path) as package:
            entries = tuple(name for name in package.namelist() if not name.endswith("/"))
            return cls(path, {name: package.read(name) for name in entries}, entries)

    @cached_property
    def trees(self) -> dict[str, Element]:
        """The parts that are XML, parsed; one that is not sound is left out."""
        found = {}
        for name, content in self.parts.items():
            if name.endswith((".xml", ".rels", ".vml")):
                try:
                    found[name] = etree.fromstring(content, etree.XMLParser(huge_tree=True))
                except etree.XMLSyntaxError:
                    continue
        return found

    def arrows(self, part: str) -> dict[str, Arrow]:
        """Return where a part leads, by relation id; the empty name is the package."""
        return dict(self.list_arrows(part))

    def list_arrows(self, part: str) -> Iterator[tuple[str, Arrow]]:
        """Yield where a part leads, an id that stands twice too."""
        folder, base = posixpath.split(part)
        said = self.trees.get(posixpath.join(folder, "_rels", f"{base}.rels"))
        for e in () if said is None else said:
            target = unquote(e.get("Target", ""))
            external = e.get("TargetMode") == "External"
            if not external:
                joined = posixpath.join("/", folder, target)
                target = posixpath.normpath(joined).lstrip("/")
            yield e.get("Id", ""), Arrow(e.get("Type", "").rpartition("/")[2], target, external)

    @cached_property
    def main(self) -> str:
        """The part that lists the sheets."""
        return next((a.target for a in self.arrows("").values() if a.kind == "officeDocument"), "")

    @cached_property
    def tabs(self) -> tuple[Tab, ...]:
        """The sheets, in their order."""
        arrows = self.arrows(self.main)
        found = []
        for e in self.workbook.iterfind(f"{M}sheets/{M}sheet"):
            arrow = arrows.get(e.get(f"{R}id", ""), Arrow("", "", False))
            found.append(
                Tab(e.get("name", ""), e.get("sheetId", ""), e.get("state", ""), arrow.target, arrow.kind)
            )
        return tuple(found)

    @cached_property
    def workbook(self) -> Element:
        """The root of the part that lists the sheets; empty where there is none."""
        found = self.trees.get(self.main)
        return etree.Element(f"{M}workbook") if found is None else found

    def shared(self, kind: str) -> Element | None:
        """Return the root of a part that the workbook leads to, such as ``styles``."""
        name = next((a.target for a in self.arrows(self.main).values() if a.kind == kind), "")
        return self.trees.get(name)

    @cached_property
    def texts(self) -> tuple[Element, ...]:
        """The shared texts."""
        found = self.shared("sharedStrings")
        return () if found is None else tuple(found.iterfind(f"{M}si"))

    @cached_property
    def names(self) -> dict[tuple[str, str], str]:
        """What each defined name stands for, by its lower-case name and the index of its sheet."""
        return {
            (e.get("name", "").casefold(), e.get("localSheetId", "")): e.text or ""
            for e in self.workbook.iterfind(f"{M}definedNames/{M}definedName")
        }


def read_text(node: Element) -> str:
    """Return the text of a shared or inline string; phonetic hints are no part of it."""
    return "".join(t.text or "" for t in node.iter(f"{M}t") if t.getparent().tag != f"{M}rPh")


def local(element: Element) -> str:
    """Return an element's name without its namespace."""
    return str(etree.QName(element).localname)
