"""What is inside a workbook's file: its sheets, the parts that belong to each, and its cells."""

from __future__ import annotations

import hashlib
import posixpath
import re
import warnings
import zipfile
from collections.abc import Collection
from pathlib import Path
from xml.etree import ElementTree

from openpyxl import load_workbook

MAIN = "xl/workbook.xml"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def parts_of(path: Path) -> dict[str, bytes]:
    """Return every part of a package by its name; the archive must be whole."""
    with zipfile.ZipFile(path) as package:
        assert package.testzip() is None
        return {name: package.read(name) for name in package.namelist()}


def targets(parts: dict[str, bytes], part: str) -> dict[str, str]:
    """Return the parts that a part refers to, by the id of the relation; what lies outside is left out."""
    folder, name = posixpath.split(part)
    source = parts.get(posixpath.join(folder, "_rels", f"{name}.rels"))
    if source is None:
        return {}
    found = {}
    for arrow in ElementTree.fromstring(source):
        if arrow.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/", folder, arrow.get("Target", "")))
            found[arrow.get("Id", "")] = target.lstrip("/")
    return found


def sheets_of(parts: dict[str, bytes]) -> dict[str, str]:
    """Return the part of each sheet by the sheet's name, in their order."""
    arrows = targets(parts, MAIN)
    root = ElementTree.fromstring(parts[MAIN])
    listed = (e for e in root.iter() if e.tag.endswith("}sheet"))
    return {e.get("name", ""): arrows[e.get(RELATION, "")] for e in listed}


def contents(parts: dict[str, bytes], sheet: str) -> list[bytes]:
    """Return the bytes of a sheet of a package and of all that hangs on it: tables, drawings, charts, notes."""
    seen: list[str] = []
    waiting = [sheets_of(parts)[sheet]]
    while waiting:
        part = waiting.pop(0)
        if part not in seen:
            seen.append(part)
            waiting += sorted(targets(parts, part).values())
    return [parts[part] for part in seen]


def hashed(path: Path) -> str:
    """Return what tells a file's bytes from any others."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def uncalculated(path: Path, target: Path) -> int:
    """Copy a workbook without the values that its formulas came to; return how many there were."""
    count = 0
    with zipfile.ZipFile(path) as package, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        for name in package.namelist():
            content = package.read(name)
            if name.startswith("xl/worksheets/sheet"):
                content, stripped = re.subn(rb"(</f>|<f/>)<v>[^<]*</v>", rb"\1", content)
                count += stripped
            copy.writestr(name, content)
    return count


def cells_of(path: Path, sheets: Collection[str], *, formulas: bool = False) -> dict[str, dict[str, object]]:
    """Return the cells of some sheets by address: what they come to, or their formulas."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl names what other programs wrote and it does not read
        workbook = load_workbook(path, data_only=not formulas)
    found: dict[str, dict[str, object]] = {}
    for name in sheets:
        rows = workbook[name].iter_rows()
        found[name] = {cell.coordinate: cell.value for row in rows for cell in row if cell.value is not None}
    return found
