"""Files of a few kilobytes that were made to take a minute or all the memory: each is read, or refused in a line.

What a pattern takes grows with the square of such a file where it is wrong, and is nothing where it is right; so the
bound here is a few seconds, of which none takes a tenth.
"""

from __future__ import annotations

import re
import resource
import struct
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

import xlprofit
from tests.bad_input.bounded import refreshed
from tests.bad_input.plain import GROSS, plain
from tests.lossless.books import change, with_relation
from tests.needs import few
from xlprofit.errors import FileError
from xlprofit.formulas.chosen import CHOSEN_PLACE
from xlprofit.ooxml import handed
from xlprofit.ooxml import memory as book_memory
from xlprofit.ooxml.chosen import read_chosen_cell
from xlprofit.ooxml.package import open_package
from xlprofit.sheets import names

SHEET, BOOK, STYLES = "xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"
MAIN = b'"http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
SIZE = 200_000
SECONDS, MEMORY = 4.0, 300 << 20

Attack = Callable[[Path], object]


def in_cells(xml: bytes) -> Attack:
    """Return what puts XML behind the rows of the sheet."""
    return lambda path: change(path, {SHEET: lambda old: old.replace(b"</sheetData>", xml + b"</sheetData>")})


def in_part(part: str, before: bytes, xml: bytes) -> Attack:
    """Return what puts XML in front of some bytes of a part."""
    return lambda path: change(path, {part: lambda old: old.replace(before, xml + before, 1)})


def repeat(xml: bytes) -> bytes:
    return xml * (SIZE // len(xml))


ATTACKS: dict[str, Attack] = {
    "cells that are not closed": in_cells(b'<row r="9">' + repeat(b'<c t="e" ') + b"</row>"),
    "a cell of errors over and over": in_cells(b'<row r="9"><c ' + repeat(b't="e" ') + b"/></row>"),
    "cells without an end": in_cells(b'<row r="9">' + repeat(b'<c t="e">') + b"</row>"),
    "formulas that are not closed": in_cells(b'<row r="9">' + repeat(b'<c r="A9"><f ') + b"</row>"),
    "rows that are not closed": in_cells(repeat(b"<row ")),
    "extents that are not closed": in_part(SHEET, b"<sheetData>", repeat(b"<dimension ")),
    "remarks that are not closed": lambda path: change(path, {SHEET: lambda old: repeat(b"<!--") + old}),
    "instructions that are not closed": lambda path: change(path, {BOOK: lambda old: repeat(b"<?") + old}),
    "encodings without a value": lambda path: change(
        path, {BOOK: lambda old: b"<?xml" + repeat(b" encoding") + old}
    ),
    "brackets within brackets": in_cells(
        b'<row r="9"><c r="F9"><f>' + repeat(b"[") + b"a(" + repeat(b"]") + b"</f><v>1</v></c></row>"
    ),
    "quotes over and over": in_cells(
        b'<row r="9"><c r="F9"><f>' + repeat(b"\"'(") + b"</f><v>1</v></c></row>"
    ),
    "styles within styles": in_part(
        STYLES, b"<fonts", b"<extLst>" + b"<a>" * 3000 + b"</a>" * 3000 + b"</extLst>"
    ),
    "a row far out": in_cells(b'<row r="' + b"9" * 100_000 + b'"/>'),
    "a column far out": in_cells(b'<row r="9"><c r="' + b"Z" * 100_000 + b'9"><v>1</v></c></row>'),
    "a cell far out": in_cells(b'<row r="9"><c r="A' + b"9" * 100_000 + b'"><v>1</v></c></row>'),
    "a number of 100,000 digits": in_cells(b'<row r="9"><c r="C9"><v>' + b"9" * 100_000 + b"</v></c></row>"),
    "the last cell, with blanks around the sign": in_cells(
        b'<row r = "1048576"><c r = "XFD1048576"><v>1</v></c></row>'
    ),
    "a name in CDATA": in_part(
        BOOK,
        b"</workbook>",
        b'<definedNames><definedName name="_xlprofit_sheet" localSheetId="0"><![CDATA[a<b]]></definedName>'
        b"</definedNames>",
    ),
}


def table(reference: str, totals: str = "0") -> Attack:
    """Return what puts an Excel Table on the sheet that says to stand there."""
    columns = "".join(
        f'<tableColumn id="{at}" name="{name}"/>'
        for at, name in enumerate(("date", "customer", "gross_revenue", "cogs"), 1)
    )
    xml = (
        '<table xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" id="1" name="Sales" '
        f'displayName="Sales" ref="{reference}" totalsRowCount="{totals}"><tableColumns count="4">{columns}'
        "</tableColumns></table>"
    )
    return lambda path: with_relation(path, SHEET, "table", "xl/tables/table1.xml", xml.encode())


TABLES: dict[str, Attack] = {
    f"a table {reference[:16]}, {totals[:9]}": table(reference, totals)
    for reference, totals in (
        ("A1:D500000000", "0"),
        ("A1:D7", "-999999999"),
        ("A1:ZZZZZZ31", "0"),
        ("A1:XFD1048576", "0"),
        ("A0:D7", "0"),
        ("A1:D7", "9" * 100_000),
        ("D7:A1", "0"),
        ("A1:A" + "9" * 100_000, "0"),
    )
}


@pytest.mark.parametrize("name", [*ATTACKS, *TABLES])
def test_a_small_file_takes_little(name: str, tmp_path: Path) -> None:
    path = plain(tmp_path / "book.xlsx")
    (ATTACKS | TABLES)[name](path)
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10, time.process_time()
    try:
        assert xlprofit.refresh(path).path == path
    except FileError as error:
        assert "\n" not in str(error)
    assert time.process_time() - began < SECONDS
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10) - before < MEMORY


@pytest.mark.parametrize(
    "said",
    [
        'uniqueCount="99999999999"',
        "count = '99999999999' uniqueCount = '4294967295'",
        f'uniqueCount="{"9" * 100_000}"',
        'uniqueCount="-1" count=""',
        'uniqueCount="18446744073709551615"',
        'uniqueCount="&#57;9999999999"',
        'x:y=">" xmlns:x="z" uniqueCount="99999999999"',
    ],
)
@pytest.mark.parametrize("remark", [b"", b"<!--" + b"x" * 9_000 + b"-->"])
def test_texts_that_say_to_be_many_take_no_memory_for_it(said: str, remark: bytes, tmp_path: Path) -> None:
    """A reader of cells takes memory for as many as they say; the whole process ended where there was none."""
    path = plain(tmp_path / "book.xlsx")

    def lie(old: bytes) -> bytes:
        start = old.index(b"<sst")
        return (
            old[:start]
            + remark
            + re.sub(rb"<sst[^>]*>", b"<sst xmlns=%s %s>" % (MAIN, said.encode()), old[start:])
        )

    change(path, {"xl/sharedStrings.xml": lie})
    outcome = refreshed(path)
    assert (outcome.refusal, outcome.unforeseen) == ("", "")
    assert outcome.gross == GROSS


def overlap_entries(path: Path, times: int = 400) -> None:
    """List one part of a package many times over, each time under another name."""
    data = path.read_bytes()
    with zipfile.ZipFile(path) as book:
        start = book.start_dir
    records, at, end = [], start, data.rindex(b"PK\x05\x06")
    while at < end:
        size = 46 + sum(struct.unpack_from("<HHH", data, at + 28))
        records.append(data[at : at + size])
        at += size
    last = records[-1]
    length = struct.unpack_from("<H", last, 28)[0]
    records += [
        last[:46] + (b"x%03d" % i + last[46 : 46 + length])[:length] + last[46 + length :]
        for i in range(times)
    ]
    listed = b"".join(records)
    fields = (0, 0, len(records), len(records), len(listed), start, 0)
    path.write_bytes(data[:start] + listed + struct.pack("<4sHHHHIIH", b"PK\x05\x06", *fields))


def test_entries_that_share_bytes_are_refused(tmp_path: Path) -> None:
    path = plain(tmp_path / "book.xlsx")
    overlap_entries(path)
    size = path.stat().st_size
    with pytest.raises(FileError, match="shares bytes"):
        xlprofit.refresh(path)
    assert path.stat().st_size == size


# --- the sheet Look-up, which is read for what was chosen on it ---------------------------------------


@pytest.fixture(scope="module")
def with_look_up(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return xlprofit.refresh(plain(tmp_path_factory.mktemp("chosen") / "book.xlsx")).path


def find_look_up(path: Path) -> str:
    """Return the part of Look-up."""
    from xlprofit.ooxml.listing import read_sheet_list

    with open_package(path) as book:
        return next(s.part for s in read_sheet_list(book).sheets if s.name == names.CUSTOMER)


@pytest.mark.parametrize(
    "spoilt",
    few(
        [
            *(f'<c r="A999" t="e"><v>{error}</v></c>'.encode() for error in ("#SPILL!", "#CALC!", "#BUSY!")),
            b"<c <row",
            b'<c r="XFD1048576"><v>1</v></c>',
            b'<c r="ZZZZZ9"><v>1</v></c>',
            b'<c r="A0"><v>1</v></c>',
            b"\xff\xfe",
        ],
        b'<c r="A999" t="e"><v>#SPILL!</v></c>',
        b"<c <row",
        b'<c r="ZZZZZ9"><v>1</v></c>',
    ),
)
def test_whatever_stands_on_look_up_stops_no_refresh(
    spoilt: bytes, with_look_up: Path, tmp_path: Path
) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(with_look_up.read_bytes())
    part = find_look_up(path)
    change(
        path,
        {part: lambda old: old.replace(b"<sheetData>", b'<sheetData><row r="1">' + spoilt + b"</row>", 1)},
    )
    assert xlprofit.refresh(path).path == path
    assert read_chosen_cell(path, [names.CUSTOMER], *CHOSEN_PLACE) == (True, "C1")


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (b'<c r="B3" t="inlineStr"><is><t>C0</t></is></c>', "C0"),
        (b'<c r="B3" t="str"><v>C0</v></c>', "C0"),
        (b'<c r="B3"><v>10001</v></c>', 10001.0),
        (b'<c r="B3" t="b"><v>1</v></c>', True),
        (b'<c r="B3" t="e"><v>#N/A</v></c>', None),
        (b'<c r="B3"/>', None),
        (b'<c r="B3"><v>x</v></c>', None),
        (b'<c r="B3" t="s"><v>99999</v></c>', None),
        (b"", None),
    ],
)
def test_what_was_chosen_is_read_whatever_it_is(
    cell: bytes, value: object, with_look_up: Path, tmp_path: Path
) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(with_look_up.read_bytes())
    main = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = b'<worksheet xmlns="' + main + b'"><sheetData><row r="3">%s</row></sheetData></worksheet>'
    change(path, {find_look_up(path): lambda old: sheet % cell})
    assert read_chosen_cell(path, [names.CUSTOMER], *CHOSEN_PLACE) == (True, value)


def test_the_guard_of_memory_knows_what_a_sheet_takes() -> None:
    assert book_memory.WHILE_READ + book_memory.KEPT <= 5


def test_a_text_that_many_cells_share_is_no_false_count(tmp_path: Path) -> None:
    """``count`` is that of the cells, which may be any number of times that of the texts."""
    path = plain(tmp_path / "book.xlsx")
    with open_package(path) as book:
        assert handed.is_usual(book)
    change(path, {"xl/sharedStrings.xml": lambda old: re.sub(rb' count="\d+"', b' count="999999"', old)})
    with open_package(path) as book:
        assert handed.is_usual(book)
