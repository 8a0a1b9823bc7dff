"""Packages that are broken, or made to break what opens them; each with the words of the refusal.

Where there are no words, the figures must be those of the workbook that was spoilt.
"""

from __future__ import annotations

import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.worksheet.table import Table

from tests.bad_input.plain import plain
from tests.lossless.books import change, parts_of, with_relation

SHEET, TEXTS, STYLES = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"
BOOK, ARROWS, TYPES = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml"

Change = Callable[[bytes], bytes]
Make = Callable[[Path], Path]

BLOCK = 1 << 24
BOMB = 7 * BLOCK
"""What a bomb unpacks to: just over the size that is suspect."""


def _spoilt(changes: Mapping[str, Change]) -> Make:
    """Return what makes the plain workbook with some parts changed or added."""
    return lambda path: change(plain(path), changes)


def _with(parts: Callable[[dict[str, bytes]], Iterable[tuple[str, bytes]]]) -> Make:
    """Return what makes a package of other parts than the plain workbook's."""

    def made(path: Path) -> Path:
        with warnings.catch_warnings(), zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
            warnings.simplefilter("ignore")  # zipfile itself warns of a name that is there twice
            for name, content in list(parts(_plain_parts(path))):
                target.writestr(name, content)
        return path

    return made


def _plain_parts(path: Path) -> dict[str, bytes]:
    beside = plain(path.with_name("spoil.xlsx"))
    parts = parts_of(beside)
    beside.unlink()
    return parts


def _replaced(old: str, new: str) -> Change:
    return lambda xml: xml.replace(old.encode(), new.encode())


# --- XML that reaches out, or swells ------------------------------------------------------------------

LAUGHS = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
LAUGHTER = f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]>'
"""Entities that come to two thousand million letters."""

REACHING = '<!DOCTYPE x [<!ENTITY l9 SYSTEM "file:///etc/passwd">]>'


def _declaring(doctype: str, before: str, cell: str = "") -> Change:
    """Return what puts a document type before an element, and its last entity in place of a text."""

    def changed(xml: bytes) -> bytes:
        text = xml.decode()
        at = text.index(f"<{before}")
        head, body = text[:at], text[at:]
        return (head + doctype + (body.replace(cell, "&l9;", 1) if cell else body)).encode()

    return changed


def _wide(xml: bytes) -> bytes:
    return xml.decode().replace("UTF-8", "UTF-16").encode("utf-16")


# --- bombs --------------------------------------------------------------------------------------------


def _bomb(name: str, head: str) -> Make:
    """Return what makes a part of blanks that packs a thousand to one."""

    def made(path: Path) -> Path:
        parts = _plain_parts(path)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
            for other, content in parts.items():
                if other != name:
                    target.writestr(other, content)
            with target.open(name, "w") as file:
                file.write(head.encode())
                for _ in range(BOMB // BLOCK):
                    file.write(b" " * BLOCK)
        return path

    return made


def _lying_bomb(name: str, head: str, claimed: int = 100_000) -> Make:
    """Return what makes a bomb whose size is given as a thousandth of what it unpacks to."""

    def made(path: Path) -> Path:
        _bomb(name, head)(path)
        data = bytearray(path.read_bytes())
        with zipfile.ZipFile(path) as book:
            at = book.getinfo(name).header_offset
        sums = zlib.crc32(head.encode().ljust(claimed))
        listed = data.rfind(name.encode()) - 46
        for offset, crc, size in ((at, 14, 22), (listed, 16, 24)):
            struct.pack_into("<I", data, offset + crc, sums)
            struct.pack_into("<I", data, offset + size, claimed)
        path.write_bytes(data)
        return path

    return made


# --- files cut off ------------------------------------------------------------------------------------


def _cut(share: float) -> Make:
    def made(path: Path) -> Path:
        whole = plain(path).read_bytes()
        path.write_bytes(whole[: int(len(whole) * share)])
        return path

    return made


def _overwritten(path: Path) -> Path:
    """Make a file whose middle a fallen computer left as zeros."""
    whole = plain(path).read_bytes()
    third = len(whole) // 3
    path.write_bytes(whole[:third] + bytes(third) + whole[2 * third :])
    return path


def _zeros_in(name: str) -> Make:
    return _spoilt({name: lambda old: bytes(len(old))})


# --- names that are there twice -----------------------------------------------------------------------


def _second(name: str) -> Make:
    """Return what makes a package with another sheet of figures ten times as large, its part called so."""
    return _with(lambda parts: [*parts.items(), (name, parts[SHEET].replace(b"<v>10", b"<v>100"))])


def _second_sheet(name: str, *, table: str = "") -> Make:
    """Return what makes a workbook with a second sheet, and on it an Excel Table where one is named."""

    def made(path: Path) -> Path:
        book = load_workbook(plain(path))
        sheet = book.copy_worksheet(book["Sales"])
        sheet.title = "Other"
        if table:
            book["Sales"].add_table(Table(displayName="Sales", ref="A1:D7"))
            sheet.add_table(Table(displayName="Other", ref="A1:D7"))
        book.save(path)
        changes = {BOOK: _replaced('name="Other"', f'name="{name}"')}
        if table:
            changes["xl/tables/table2.xml"] = _replaced('"Other"', f'"{table}"')
        return change(path, changes)

    return made


def _renamed(old: str, new: str, arrows: str, *, decoy: bool = False) -> Make:
    """Return what makes a package with a part under another name, with another content under its usual one."""

    def parts(of: dict[str, bytes]) -> Iterable[tuple[str, bytes]]:
        content = of.pop(old)
        leaf_old, leaf_new = old.rpartition("/")[2], new.rpartition("/")[2]
        of |= {new: content, arrows: of[arrows].replace(leaf_old.encode(), leaf_new.encode())}
        of[TYPES] = of[TYPES].replace(old.encode(), new.encode())
        if old == BOOK:
            of[f"xl/_rels/{leaf_new}.rels"] = of[ARROWS]
        return [*of.items(), *([(old, content.replace(b"C0", b"X0"))] if decoy else [])]

    return _with(parts)


def _circling(path: Path) -> Path:
    """Make a package in which an arrow leads from a sheet to a drawing, and from there back to the sheet."""
    sheet = parts_of(plain(path))[SHEET]
    with_relation(path, SHEET, "drawing", "xl/drawings/a.xml")
    return with_relation(path, "xl/drawings/a.xml", "drawing", SHEET, sheet)


def _locked(path: Path) -> Path:
    """Make a zip file that says that its parts are encrypted."""
    data = bytearray(plain(path).read_bytes())
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        data[at + 8] |= 1
        at = data.find(b"PK\x01\x02", at + 4)
    path.write_bytes(data)
    return path


def _mistyped(old: str, new: str) -> Make:
    return _spoilt({TYPES: _replaced(old, new)})


def _without(*names: str) -> Make:
    return _with(lambda parts: ((n, c) for n, c in parts.items() if n not in names))


_MAIN = "vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_RELS = "_rels/.rels"
_FOREIGN = r"\({} .*document type\)"

BROKEN: Mapping[str, tuple[Make, str]] = {
    "nothing wrong": (plain, ""),
    "cut off after a tenth": (_cut(0.1), "damaged"),
    "cut off in the middle": (_cut(0.5), "damaged"),
    "cut off in the directory": (_cut(0.95), "damaged"),
    "the last byte cut off": (_cut(0.9999), "damaged"),
    "zeros in the middle": (_overwritten, "damaged"),
    "zeros in a sheet": (_zeros_in(SHEET), "damaged"),
    "zeros in the list of sheets": (_zeros_in(BOOK), "damaged"),
    "a bomb for a sheet": (_bomb(SHEET, "<worksheet>"), "unpacks to 117,440,523 bytes"),
    "a bomb for the texts": (_bomb(TEXTS, "<sst>"), "unpacks to 117,440,517 bytes"),
    "a bomb for the styles": (_bomb(STYLES, "<styleSheet>"), "unpacks to"),
    "a bomb for the list of sheets": (_bomb(BOOK, "<workbook>"), "unpacks to"),
    "a bomb nobody asks for": (_bomb("xl/media/image1.bmp", "BM"), ""),
    "a bomb that lies, for a sheet": (_lying_bomb(SHEET, "<worksheet>"), "damaged"),
    "a bomb that lies, for the texts": (_lying_bomb(TEXTS, "<sst>"), "damaged"),
    "a bomb that lies, for the styles": (_lying_bomb(STYLES, "<styleSheet>"), "damaged"),
    "a bomb that lies, for the arrows": (_lying_bomb(ARROWS, "<Relationships>"), "damaged"),
    "a bomb of tags": (
        _spoilt({BOOK: _replaced("</workbook>", "<a/>" * 2_000_001 + "</workbook>")}),
        r"\b2,000,000 tags",
    ),
    **{
        f"laughs in {name}": (
            _spoilt({name: _declaring(LAUGHTER, root, text)}),
            _FOREIGN.format(name.replace("[", r"\[").replace("]", r"\]")),
        )
        for name, root, text in (
            (SHEET, "worksheet", "100"),
            (TEXTS, "sst", "C0"),
            (STYLES, "styleSheet", "Calibri"),
            (BOOK, "workbook", ""),
            (ARROWS, "Relationships", ""),
            (TYPES, "Types", ""),
            (_RELS, "Relationships", ""),
        )
    },
    "an entity from a file, in the texts": (
        _spoilt({TEXTS: _declaring(REACHING, "sst", "C0")}),
        _FOREIGN.format(TEXTS),
    ),
    "an entity from a file, in a sheet": (
        _spoilt({SHEET: _declaring(REACHING, "worksheet", "100")}),
        _FOREIGN.format(SHEET),
    ),
    "an entity behind a long comment": (
        _spoilt({SHEET: _declaring(f"<!--{'<a>' * 40_000}-->{LAUGHTER}", "worksheet", "100")}),
        r"no Excel wrote|is no XML",
    ),
    "a sheet of two bytes a character": (_spoilt({SHEET: _wide}), rf"{SHEET} .*two bytes"),
    "texts of two bytes a character": (_spoilt({TEXTS: _wide}), rf"{TEXTS} .*two bytes"),
    "names that climb out": (
        _with(
            lambda parts: [
                *parts.items(),
                ("../../../../evil.txt", b"evil"),
                ("/evil.txt", b"evil"),
                ("xl\\..\\..\\evil.txt", b"evil"),
                ("C:/evil.txt", b"evil"),
            ]
        ),
        "",
    ),
    "an arrow that climbs out": (
        _spoilt({ARROWS: _replaced("worksheets/sheet1.xml", "../../../../etc/passwd")}),
        "part etc/passwd is missing",
    ),
    "an arrow to a file": (
        _spoilt({ARROWS: _replaced('"worksheets/sheet1.xml"', '"file:///etc/passwd" TargetMode="External"')}),
        'its sheet "Sales" is missing',
    ),
    "an arrow to the web": (
        _spoilt({ARROWS: _replaced('"styles.xml"', '"http://example.invalid/s" TargetMode="External"')}),
        r"no relationship .*\bxl/styles\.xml",
    ),
    "an arrow to itself": (
        _spoilt({ARROWS: _replaced("worksheets/sheet1.xml", "workbook.xml")}),
        "no sales lines",
    ),
    "arrows in a circle": (_circling, ""),
    "no types": (_without(TYPES), r"part \[Content_Types\].xml is missing"),
    "no sheet": (_without(SHEET), "part xl/worksheets/sheet1.xml is missing"),
    "no texts": (_without(TEXTS), "part xl/sharedStrings.xml is missing"),
    "no styles": (_without(STYLES), "part xl/styles.xml is missing"),
    "no list of sheets": (_without(BOOK), "not a workbook"),
    "nothing but a text": (_with(lambda _: [("readme.txt", b"hello")]), "not a workbook"),
    "sheets typed as drawings": (_mistyped("spreadsheetml.worksheet+xml", "drawing+xml"), ""),
    "a template by its type": (_mistyped("sheet.main+xml", "template.main+xml"), r"template \(\.xltx\)"),
    "a template with macros": (
        _mistyped(_MAIN, "vnd.ms-excel.template.macroEnabled.main+xml"),
        r"template \(\.xltm\)",
    ),
    "an add-in by its type": (_mistyped(_MAIN, "vnd.ms-excel.addin.macroEnabled.main+xml"), "is an add-in"),
    "macros by its type": (
        _mistyped(_MAIN, "vnd.ms-excel.sheet.macroEnabled.main+xml"),
        "is an .xlsm under another name",
    ),
    "a part twice": (_second(SHEET), "two parts called xl/worksheets/sheet1.xml"),
    "a part twice in another case": (_second(SHEET.upper()), "two parts called"),
    "a sheet's name twice in another case": (_second_sheet("SALES"), 'Two sheets.*"Sales" and "SALES"'),
    "a sheet's name twice but for a blank": (_second_sheet("Sa les"), 'Two sheets.*"Sales" and "Sa les"'),
    "a table's name twice in another case": (
        _second_sheet("Other", table="SALES"),
        'Two Excel Tables.*"Sales" and "SALES"',
    ),
    "texts under another name, and others": (_renamed(TEXTS, "xl/strings.xml", ARROWS, decoy=True), ""),
    "a list of sheets under another name, and another": (
        _renamed(BOOK, "xl/book.xml", _RELS, decoy=True),
        "",
    ),
    "a zip file with a password": (_locked, "zip file .*password"),
    "a sheet that is no XML": (_spoilt({SHEET: lambda old: old[: len(old) // 2]}), "damaged|half-written"),
    "a sheet in Latin letters": (
        _spoilt(
            {TEXTS: lambda old: old.replace(b"UTF-8", b"ISO-8859-1").replace(b"C0", "Ö".encode("latin-1"))}
        ),
        rf"\({TEXTS} .*UTF-8\)",
    ),
    "styles in letters that nobody knows": (
        _spoilt({STYLES: _replaced("UTF-8", "Klingon")}),
        rf"\({STYLES} .*UTF-8\)",
    ),
    "an error in letters that are none": (
        _spoilt({SHEET: lambda old: old.replace(b'"C3"><v>101', b'"C3" t="e"><v>\xff')}),
        "damaged",
    ),
    "a tag that closes nothing": (
        _spoilt({SHEET: _replaced('</c><c r="D3"', '</c</c>c r="D3"')}),
        "damaged",
    ),
    "a value without its end": (
        _spoilt({SHEET: _replaced("<v>101</v>", "<v>101<v>")}),
        "damaged",
    ),
    "a value by another name": (
        _spoilt({SHEET: _replaced("<v>101</v>", "<v>101</w>")}),
        "damaged",
    ),
    "texts that no arrow leads to": (
        _spoilt({ARROWS: _replaced("relationships/sharedStrings", "relationships/other")}),
        r"no relationship .*\bxl/sharedStrings\.xml",
    ),
    "texts in capitals that no arrow leads to": (
        _with(
            lambda parts: [
                *((n, c) for n, c in parts.items() if n not in (TEXTS, ARROWS)),
                (TEXTS.upper(), parts[TEXTS]),
                (ARROWS, parts[ARROWS].replace(b"relationships/sharedStrings", b"relationships/other")),
            ]
        ),
        r"no relationship .*\bXL/SHAREDSTRINGS\.XML",
    ),
}
"""What makes each package, and a pattern of what its refusal tells: the part, the figure or the thing itself.

The sentences stand in ``tests/wording``. No pattern: nothing is refused, and the figures come out right.
"""
