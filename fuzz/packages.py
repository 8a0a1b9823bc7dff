"""Workbooks as inputs that a fuzzer can change byte by byte: their parts one behind the other, not compressed.

A zip file as it is would be useless: a changed byte of what is compressed fails its sum, and no reader sees more.
"""

from __future__ import annotations

import re
import tempfile
import warnings
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

from tests.bad_input.plain import drawn, plain, put
from tests.bad_input.shapes import SHAPES
from tests.lossless.books import by_xlsxwriter, parts_of
from tests.lossless.test_put import put_in

BETWEEN = b"\n\0\0\n"
"""What stands between two parts."""

AS_IT_IS = b"PK"
"""What an input begins with that is a file, and not the parts of one."""

MOST_BYTES = 60_000
"""The largest input."""

LEFT_OUT = ("xl/theme/", "docProps/", ".png")
"""Parts that nothing reads, by what their names hold: they would take the most of the fuzzer's time."""

SEEDED = (
    "an Excel Table with a total row",
    "rows below an Excel Table",
    "headers merged over two rows",
    "rows and columns hidden, a filter set",
    "names like formulas",
    "days before 1900",
    "days from 1904",
)

WORDS = (
    *(
        't="e"',
        't="s"',
        't="str"',
        't="inlineStr"',
        't="b"',
        't="d"',
        's="1"',
        's="99"',
        "<f>",
        "<f/>",
        "</f>",
    ),
    *("<v>", "</v>", "<v/>", "#N/A", "#SPILL!", "#DIV/0!", "<is><t>", "</t></is>", "_x000D_", "_x005F_"),
    *('r="A1"', 'r="XFD1048576"', 'r="D7"', "<row", "</row>", "<c ", "</c>", "<sheetData>", "</sheetData>"),
    *("1E+300", "-1", "45292", "2958466", "1900", "NaN", "INF", "&lt;", "&#10;", "&#0;", "&e;", "<![CDATA["),
    *(
        "<!DOCTYPE x [",
        '<!ENTITY e "x">',
        "<!--",
        "-->",
        "<?xml",
        "?>",
        'date1904="1"',
        'TargetMode="External"',
    ),
    *(
        'Target="/xl/',
        "../",
        "worksheets/",
        "tables/",
        "styles.xml",
        "rId1",
        "rId9",
        "/>",
        "</",
        'ref="A1:D7"',
    ),
    *('headerRowCount="0"', 'totalsRowCount="1"', 'state="veryHidden"', "mergeCell", 'numFmtId="14"'),
    *(
        "sharedStrings",
        "definedName",
        "xl/workbook.xml",
        "[Content_Types].xml",
        "application/xml",
        "x:",
        "xmlns",
    ),
    *("Sales", "customer", "date", "gross_revenue", "Umsatz", "\ufeff", "\ufffe", "\0", "&amp;", "&quot;"),
)
"""What a workbook's XML is made of, for the fuzzer to put in."""


def packed(data: bytes, path: Path) -> Path:
    """Write the workbook that an input stands for."""
    if data.startswith(AS_IT_IS):
        path.write_bytes(data)
        return path
    with warnings.catch_warnings(), zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book:
        warnings.simplefilter("ignore")  # zipfile itself warns of a name that is there twice
        for each in data.split(BETWEEN):
            name, _, content = each.partition(b"\n")
            book.writestr(name.decode("utf-8", "replace").partition("\0")[0][:200] or "x", content)
    return path


def unpacked(path: Path) -> bytes:
    """Return a workbook as an input."""
    parts = parts_of(path)
    kept = {n: c for n, c in parts.items() if not any(word in n for word in LEFT_OUT)}
    return BETWEEN.join(name.encode() + b"\n" + content for name, content in kept.items())


_VALUE = re.compile(rb">([^<>]*)<|=\"([^\"<>]*)\"|<(/?[\w:]+)")
"""What stands in XML between tags, in an attribute, or as the name of a tag."""


def changed(data: bytes, seed: int, by: Callable[[bytes, int], bytes]) -> bytes:
    """Return an input with one value of one part changed, so that most others still hold together.

    ``by`` changes bytes at random, given the most that it may return.
    """
    choice = Random(seed)
    parts = data.split(BETWEEN)
    weights = [4 if b"worksheets/sheet" in part[:40] else 1 for part in parts]
    (number,) = choice.choices(range(len(parts)), weights)
    found = list(_VALUE.finditer(parts[number]))
    if not found or data.startswith(AS_IT_IS):
        return by(data, MOST_BYTES)
    at = choice.choice(found)
    group = at.lastindex or 0
    new = choice.choice(
        [
            choice.choice(WORDS).encode(),
            by(at[group], len(at[group]) + 20),
            choice.choice(found)[0].strip(b'<>="'),
        ]
    )
    start, end = at.span(group) if choice.random() < 0.9 else at.span()
    parts[number] = parts[number][:start] + new + parts[number][end:]
    return BETWEEN.join(parts)[:MOST_BYTES]


def seeds() -> Iterator[bytes]:
    """Give the workbooks from which the fuzzer starts: plain, oddly laid out, refreshed, with all there is."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "seed.xlsx"
        yield unpacked(plain(path))
        yield path.read_bytes()
        for name in SEEDED:
            yield unpacked(SHAPES[name].made(path))
        yield unpacked(drawn(path, _odd))
        yield unpacked(plain(path))
        put_in(path)
        yield unpacked(path)
        yield unpacked(by_xlsxwriter(path))


def _odd(book: Any, sheet: Any) -> None:
    """Put on a sheet what a reader stumbles over: errors, formulas with and without values, times, long numbers."""
    put(sheet)
    for row, answer in enumerate(("#N/A", "#SPILL!", "", 1.5, "text"), 1):
        sheet.write_formula(row, 2, "=1+1", None, answer)
    sheet.write_number(6, 2, 1e300)
    sheet.write_boolean(6, 3, True)
    sheet.write_number(6, 0, 0.5, book.add_format({"num_format": "hh:mm"}))
