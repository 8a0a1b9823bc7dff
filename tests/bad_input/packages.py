"""Packages as other programs write them: sound by the rules for packages, or nearly, and unlike Excel's.

Each is made of the plain workbook; its figures must be those, before and after a refresh.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.bad_input.plain import plain
from tests.lossless.books import parts_of

SHEET, TEXTS, STYLES = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"
BOOK, ARROWS, TYPES = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml"
ROOT = "_rels/.rels"

Parts = dict[str, bytes]
Change = Callable[[Parts], Parts]


def made(path: Path, change: Change, write: Callable[[Path, Parts], None] | None = None) -> Path:
    """Make the plain workbook as a package with changed parts."""
    parts = change(parts_of(plain(path)))
    (write or _write)(path, parts)
    return path


def _write(path: Path, parts: Parts) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in parts.items():
            book.writestr(_entry(name), content)


def _entry(name: str) -> zipfile.ZipInfo:
    """Return an entry whose name is kept as it is, on Windows too."""
    entry = zipfile.ZipInfo("x", (2024, 1, 1, 0, 0, 0))
    entry.filename = name
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def moved(names: Mapping[str, str], *, relative: bool = False, decoys: bool = False) -> Change:
    """Return what gives parts other names, in the types and the arrows too; with ``decoys``, others under their own."""

    def changed(parts: Parts) -> Parts:
        new = {names.get(name, name): content for name, content in parts.items()}
        main, arrows = names.get(BOOK, BOOK), names.get(ARROWS, ARROWS)
        for old, name in names.items():
            new[TYPES] = new[TYPES].replace(f'"/{old}"'.encode(), f'"/{name}"'.encode())
        new[ROOT] = new[ROOT].replace(BOOK.encode(), main.encode())
        folder = main.rpartition("/")[0]
        for name in (SHEET, TEXTS, STYLES, "xl/theme/theme1.xml"):
            there = names.get(name, name)
            target = f"/{there}" if not relative else there.removeprefix(f"{folder}/")
            new[arrows] = new[arrows].replace(
                f'"{name.removeprefix("xl/")}"'.encode(), f'"{target}"'.encode()
            )
        if decoys:
            new |= {
                n: parts[n].replace(b"C0", b"X0").replace(b"<v>10", b"<v>99") for n in names if n in parts
            }
        return new

    return changed


def spelt(*changes: tuple[str, str, str]) -> Change:
    """Return what replaces text in parts: the part, what stands there, what is to stand there."""

    def changed(parts: Parts) -> Parts:
        for name, old, new in changes:
            assert old.encode() in parts[name], (name, old)
            parts[name] = parts[name].replace(old.encode(), new.encode())
        return parts

    return changed


def entries(name: Callable[[str], str]) -> Change:
    """Return what gives the entries other names, and changes nothing in them."""
    return lambda parts: {name(n): content for n, content in parts.items()}


def extent(reference: str | None) -> Change:
    """Return what says another extent of the sheet, or none."""
    said = "" if reference is None else f'<dimension ref="{reference}"/>'
    return lambda parts: parts | {SHEET: re.sub(rb"<dimension[^>]*/>", said.encode(), parts[SHEET])}


def prefixed(*names: str) -> Change:
    """Return what gives the elements of parts a prefix."""

    def put(xml: bytes) -> bytes:
        xml = re.sub(rb"<(/?)(\w)", rb"<\1x:\2", xml)
        return xml.replace(b'xmlns="', b'xmlns:x="', 1)

    return lambda parts: parts | {name: put(parts[name]) for name in names}


def mixed(parts: Parts) -> Parts:
    """Return parts of which a program wrote only the sheets and their folder with backslashes."""
    return {n.replace("/", "\\") if "worksheets" in n else n: c for n, c in parts.items()}


def streamed(path: Path, parts: Parts) -> None:
    """Write a package to a pipe: the sums stand behind each part."""

    class Pipe:
        def __init__(self, file: object) -> None:
            self._file = file

        def write(self, data: bytes) -> int:
            return int(self._file.write(data))  # type: ignore[attr-defined]

        def flush(self) -> None:
            pass

    with path.open("wb") as file, zipfile.ZipFile(Pipe(file), "w", zipfile.ZIP_DEFLATED) as book:  # type: ignore[call-overload]
        for name, content in parts.items():
            book.writestr(name, content)


def stored(path: Path, parts: Parts) -> None:
    """Write a package without compression."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as book:
        for name, content in parts.items():
            book.writestr(name, content)


def long_form(path: Path, parts: Parts) -> None:
    """Write a package whose entries say their sizes in the long form."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in parts.items():
            with book.open(name, "w", force_zip64=True) as part:
                part.write(content)


def with_folders(path: Path, parts: Parts) -> None:
    """Write a package with entries for its folders."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for folder in ("_rels/", "docProps/", "xl/", "xl/worksheets/", "xl/_rels/"):
            book.writestr(folder, b"")
        for name, content in parts.items():
            book.writestr(name, content)


def _backslashes(name: str) -> str:
    return name.replace("/", "\\")


_ALTERNATE = (
    '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
    '<mc:Choice Requires="x15" xmlns:x15="urn:x"><x15:absPath url="C:\\a"/></mc:Choice></mc:AlternateContent>'
)

ODD: Mapping[str, tuple[Change, Callable[[Path, Parts], None] | None]] = {
    "backslashes": (entries(_backslashes), None),
    "some backslashes": (mixed, None),
    "backslashes in targets": (spelt((ARROWS, "worksheets/sheet1", "worksheets\\sheet1")), None),
    "a slash first": (entries(lambda name: f"/{name}"), None),
    "capitals in entries": (
        entries(lambda name: name.replace("worksheets/sheet", "Worksheets/Sheet").replace("xl/", "XL/")),
        None,
    ),
    "all in capitals": (entries(str.upper), None),
    "types in small letters": (entries(str.lower), None),
    "capitals in targets": (spelt((ARROWS, "worksheets/sheet1.xml", "Worksheets/SHEET1.xml")), None),
    **{f"extent {ref}": (extent(ref), None) for ref in (None, "A1", "B5:C6", "A1:ZZ90000", "A1:XFD1048576")},
    **{f"extent {ref}": (extent(ref), None) for ref in ("", "garbage", "A1:Z9999999", "A:D", "$A$1:$D$7")},
    "texts elsewhere": (moved({TEXTS: "xl/strings.xml"}, relative=True), None),
    "texts in a folder of their own": (moved({TEXTS: "xl/shared/strings.xml"}), None),
    "texts elsewhere, and others": (moved({TEXTS: "xl/strings.xml"}, decoys=True), None),
    "styles elsewhere": (moved({STYLES: "xl/looks/styles1.xml"}), None),
    "a sheet elsewhere": (moved({SHEET: "data/sales.xml"}), None),
    "a sheet elsewhere, and another": (moved({SHEET: "xl/sales.xml"}, decoys=True), None),
    "the list of sheets under another name": (
        moved({BOOK: "xl/workbook2.xml", ARROWS: "xl/_rels/workbook2.xml.rels"}),
        None,
    ),
    "the list of sheets elsewhere": (
        moved({BOOK: "book/wb.xml", ARROWS: "book/_rels/wb.xml.rels"}, decoys=True),
        None,
    ),
    "everything elsewhere": (
        moved(
            {
                BOOK: "wb.xml",
                ARROWS: "_rels/wb.xml.rels",
                SHEET: "s.xml",
                TEXTS: "t.xml",
                STYLES: "u.xml",
                "xl/theme/theme1.xml": "theme.xml",
            }
        ),
        None,
    ),
    "targets from the root": (moved({}), None),
    "targets with a dot": (spelt((ARROWS, '"worksheets/', '"./worksheets/')), None),
    "targets that go up": (spelt((ARROWS, '"worksheets/', '"../xl/worksheets/')), None),
    "targets with percent signs": (spelt((ARROWS, "worksheets/sheet1", "worksheets/%73heet1")), None),
    "names with percent signs": (moved({SHEET: "xl/worksheets/Bl%C3%A4tter%201.xml"}), None),
    "names with letters beyond English": (moved({SHEET: "xl/worksheets/Blätter 1.xml"}), None),
    "no type for XML": (spelt((TYPES, '<Default Extension="xml" ContentType="application/xml"/>', "")), None),
    "unknown parts": (
        lambda parts: parts | {"xl/what.bin": b"\0\1", "readme.txt": b"hello", "xl/empty.xml": b""},
        None,
    ),
    "a mark of the order of bytes": (
        lambda parts: (
            parts | {n: b"\xef\xbb\xbf" + parts[n] for n in (SHEET, TEXTS, STYLES, BOOK, ARROWS, TYPES)}
        ),
        None,
    ),
    "alternate content": (spelt((BOOK, "<sheets>", f"{_ALTERNATE}<sheets>")), None),
    "a prefix on a sheet": (prefixed(SHEET), None),
    "a prefix on everything": (prefixed(SHEET, TEXTS, STYLES, BOOK, ARROWS, TYPES, ROOT), None),
    "sums behind the parts": (dict, streamed),
    "no compression": (dict, stored),
    "sizes in the long form": (dict, long_form),
    "entries for folders": (dict, with_folders),
}
"""What makes each package: the change of its parts and, where the zip file itself is unlike, what writes it."""
