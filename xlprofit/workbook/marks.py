"""What a fast reader does not tell of a sheet, or stumbles on: errors, formulas without a value, far cells.

Found in the bytes of the sheet, piece by piece; a sheet is parsed only where it has any.
"""

from __future__ import annotations

import re
from codecs import getincrementaldecoder
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from typing import IO
from xml.etree import ElementTree
from xml.parsers.expat import ExpatError, ParserCreate
from zipfile import ZIP_DEFLATED, ZipFile

import numpy as np
import numpy.typing as npt

from xlprofit.errors import FileError
from xlprofit.language import _
from xlprofit.workbook.package import (
    SheetPart,
    damaged,
    local,
    main_part,
    part,
    pieces,
    relations,
    sheets,
    tree,
)
from xlprofit.workbook.rows import MOST_COLUMNS, MOST_ROWS

UNCALCULATED = "#UNCALCULATED!"
"""What a formula comes out as whose value is not in the file, since no Excel has calculated it yet."""

OLDER_ERRORS = frozenset(("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"))
"""The errors that calamine knows; at any other it gives up the sheet."""

LARGEST_SHEET = 100_000_000
"""The most cells in the rectangle down to a sheet's last cell: past it, a stray cell is the reason."""

SPARSE_SHEET = 30_000_000
"""The same where a sheet takes less than a byte for each cell of the rectangle, so that nearly all are blank."""

PIECE = 1 << 16
"""So many bytes of a sheet are looked through at a time, which the processor keeps at hand."""

_ROOT = re.compile(rb"<(\w+:)?worksheet\b")
_TEXT_RESULT = re.compile(rb"\bt=[\"'](?:str|inlineStr)[\"']")
_ADDRESS = re.compile(rb"\br=[\"']([A-Za-z]+)(\d+)[\"']")
_STYLE = re.compile(rb"\ss=[\"'](\d+)[\"']")
_FAR = re.compile(rb"\br=[\"']([A-Za-z]{2,}|[A-Za-z](?=\d{7}))(\d+)[\"']")


@dataclass(frozen=True)
class _Patterns:
    """What to look for where the names of a sheet's elements bear a prefix (mostly none)."""

    error: re.Pattern[bytes]
    formula: re.Pattern[bytes]
    value: re.Pattern[bytes]
    row: re.Pattern[bytes]
    large: re.Pattern[bytes]
    large_cell: re.Pattern[bytes]
    formula_start: bytes
    row_start: bytes
    end: bytes


@cache
def _patterns(prefix: bytes) -> _Patterns:
    cell, end = rb"<%sc\s([^>]*)(?<!/)>" % prefix, rb"</%sc>" % prefix
    value = rb"<%sv\b[^>]*>" % prefix
    formula = rb"(?:<%sf\b[^>]*(?:/>|>[^<]*</%sf>))?" % (prefix, prefix)
    large = rb"-?(?:\d{11}|\d[\d.]*[eE]\+?\d)"
    error = cell.replace(rb"([^>]*)", rb"([^>]*\bt=[\"']e[\"'][^>]*)")
    return _Patterns(
        re.compile(error + rb"(.*?)" + end, re.DOTALL),
        re.compile(cell + rb"\s*(<%sf\b.*?)" % prefix + end, re.DOTALL),
        re.compile(rb"(" + value + rb")([^<]+)"),
        re.compile(rb"<%srow\s[^>]*\br=[\"'](\d+)[\"']" % prefix),
        re.compile(b"<%sv>" % prefix + large),
        re.compile(cell + formula + value + large),
        b"<%sf" % prefix,
        b"<%srow" % prefix,
        b"</%ssheetData" % prefix,
    )


@dataclass
class Marks:
    """Texts to put over a sheet's cells, by (row, column) from 1; and what calamine stumbles on.

    ``newer_errors``: whether it has errors that calamine does not know; ``large_styles``: the
    styles of numbers too large to be dates; ``last_row``: the last row that has any cell, be it blank.
    """

    texts: dict[tuple[int, int], str] = field(default_factory=dict)
    newer_errors: bool = False
    large_styles: set[bytes] = field(default_factory=set)
    last_row: int = 1


def marks(book: ZipFile, sheet: SheetPart, look: Callable[[bytes], None] = lambda piece: None) -> Marks:
    """Look a sheet's bytes through for what calamine does not tell; ``look`` is given each piece of them too.

    :raises FileError: a cell stands so far out that reading down to it would take all the memory; rows stand
            behind the end of the cells; or it is no XML that holds together, which calamine does not see.
    """
    try:
        return _marks(book, sheet, look)
    except (ExpatError, ValueError) as error:  # letters that are not UTF-8, a row whose number is none
        raise damaged(book.filename, error) from error


def _marks(book: ZipFile, sheet: SheetPart, look: Callable[[bytes], None]) -> Marks:
    found = Marks()
    last_row = last_column = 1
    unaddressed = ended = False
    left_open = np.zeros(2, np.int64)
    letters = getincrementaldecoder("utf-8")()
    patterns: _Patterns | None = None
    for piece in pieces(book, sheet.part, PIECE):
        look(piece)
        patterns = patterns or _patterns(_prefix(piece))
        ended = _refuse_behind(book, sheet, patterns, piece, ended)
        last_row = _last_row(patterns, piece, last_row)
        left_open += _left_open(piece)
        if not piece.isascii():
            letters.decode(piece)
        if _plain(patterns, piece):
            continue
        last_row, last_column = _farthest(piece, last_row, last_column)
        found.large_styles |= _large_styles(patterns, piece)
        for attributes, text in _texts(patterns, piece):
            address = _ADDRESS.search(attributes)
            if address:
                found.texts[int(address[2]), _column(address[1])] = text
            unaddressed = unaddressed or address is None
    _refuse_far(book, sheet, last_row, last_column)
    if left_open.any():
        _parse(book, sheet)
    found.last_row = last_row
    if unaddressed:
        found.texts = _counted(tree(book, sheet.part))
    found.newer_errors = any(t not in OLDER_ERRORS and t != UNCALCULATED for t in found.texts.values())
    return found


def tamed(book: ZipFile, found: Mapping[str, Marks]) -> IO[bytes] | None:
    """Return a copy of the workbook that calamine reads, or ``None`` where it reads the file itself.

    ``found`` has the marks of the sheets to be read, by part. In the copy the errors of newer Excels
    are ``#N/A`` (:attr:`Marks.texts` says what they are), and numbers too large to be dates are not
    shown as such.
    """
    dated = _dated_styles(book) if any(m.large_styles for m in found.values()) else frozenset()
    wild = {name for name, m in found.items() if m.newer_errors or m.large_styles & dated}
    if not wild:
        return None
    copy = BytesIO()
    passed = {sheet.part for sheet in sheets(book)} - set(found)
    with ZipFile(copy, "w", ZIP_DEFLATED, compresslevel=1) as target:
        for name in book.namelist():
            if name not in passed:
                content = part(book, name)
                target.writestr(name, _tamed_sheet(content, dated) if name in wild else content)
    copy.seek(0)
    return copy


def _tamed_sheet(sheet: bytes, dated: Collection[bytes]) -> bytes:
    patterns = _patterns(_prefix(sheet))

    def plain(cell: re.Match[bytes]) -> bytes:
        style = _STYLE.search(cell[1])
        return _STYLE.sub(b"", cell[0], count=1) if style and style[1] in dated else cell[0]

    sheet = patterns.error.sub(lambda cell: patterns.value.sub(rb"\1#N/A", cell[0]), sheet)
    return patterns.large_cell.sub(plain, sheet)


def _large_styles(patterns: _Patterns, piece: bytes) -> set[bytes]:
    if not patterns.large.search(piece):
        return set()
    styles = (_STYLE.search(cell[1]) for cell in patterns.large_cell.finditer(piece))
    return {style[1] for style in styles if style}


def _dated_styles(book: ZipFile) -> frozenset[bytes]:
    """Return the numbers of the styles that show a number as a date or a time."""
    styles = next((a for a in relations(book, main_part(book)).values() if a.kind == "styles"), None)
    if styles is None:
        return frozenset()
    root = tree(book, styles.target)
    codes = {e.get("numFmtId", ""): e.get("formatCode", "") for e in root.iter() if local(e) == "numFmt"}
    formats = [e for group in root if local(group) == "cellXfs" for e in group]
    return frozenset(
        str(number).encode()
        for number, style in enumerate(formats)
        if _is_dated(style.get("numFmtId", "0"), codes)
    )


def _is_dated(number: str, codes: Mapping[str, str]) -> bool:
    if number not in codes:  # a format of Excel's own, by number
        return number.isdigit() and (14 <= int(number) <= 22 or 27 <= int(number) <= 58)
    return re.search("[dmyhs]", re.sub(r'"[^"]*"|\\.|_.', "", codes[number].lower())) is not None


def _prefix(sheet: bytes) -> bytes:
    root = _ROOT.search(sheet)
    return (root[1] or b"") if root else b""


def _texts(patterns: _Patterns, piece: bytes) -> list[tuple[bytes, str]]:
    """Return the attributes and the text of each error and of each formula without a value."""
    found = []
    if b't="e"' in piece or b"t='e'" in piece:
        for cell in patterns.error.finditer(piece):
            value = patterns.value.search(cell[2])
            found.append((cell[1], value[2].decode() if value else "#N/A"))
    if patterns.formula_start in piece:
        for cell in patterns.formula.finditer(piece):
            if not patterns.value.search(cell[2]) and not _TEXT_RESULT.search(cell[1]):
                found.append((cell[1], UNCALCULATED))
    return found


def _plain(patterns: _Patterns, piece: bytes) -> bool:
    """Whether there is nothing in a piece that any of the patterns could find, told in a quarter of their time.

    Looked for, byte by byte: a quoted ``e``, ``<f``, a quoted address past column Z or row a million or not in
    capitals, and a number of eleven digits or with a power of ten. Where an element's name bears a prefix, nothing
    is plain.
    """
    if patterns.formula_start != b"<f":
        return False
    byte = np.frombuffer(piece, np.uint8)
    quote = (byte & 0xFA) == 0x22  # of either kind, and two signs that do no harm
    digit, upper, power = byte - ord("0") < 10, byte - ord("A") < 26, byte | 0x20 == ord("e")
    letter = quote[:-2] & upper[1:-1]
    behind_r, lower = (byte[:-3] == ord("r")) & (byte[1:-2] == ord("=")) & quote[2:-1], byte - ord("a") < 26
    two = digit[:-1] & digit[1:]
    four = two[:-2] & two[2:]
    seven = four[:-3] & four[3:]
    eleven = seven[:-4] & seven[4:]
    before, behind = byte[:-2], byte[2:]
    return not (
        (quote[:-2] & power[1:-1] & quote[2:]).any()
        or ((byte[:-1] == ord("<")) & (byte[1:] == ord("f"))).any()
        or (letter & upper[2:]).any()
        or (behind_r & lower[3:]).any()
        or (behind_r[:-1] & upper[3:-1] & lower[4:]).any()
        or (letter[: len(seven[2:])] & seven[2:]).any()
        or (eleven[1:] & ((before == ord(">")) | (before == ord("-")))[: len(eleven[1:])]).any()
        or ((digit[:-2] | (before == ord("."))) & power[1:-1] & (digit[2:] | (behind == ord("+")))).any()
    )


def _refuse_behind(book: ZipFile, sheet: SheetPart, patterns: _Patterns, piece: bytes, ended: bool) -> bool:
    """Return whether the cells end in a piece or ended before; refuse rows behind that, which no reader sees."""
    at = 0 if ended else piece.find(patterns.end) + 1
    if (ended or at) and (patterns.row.search(piece, at) or patterns.end in piece[at:]):
        behind = _('sheet "{sheet}" has rows behind its end', sheet=sheet.name)
        raise damaged(book.filename, ValueError(behind))
    return ended or at > 0


def _left_open(piece: bytes) -> npt.NDArray[np.int64]:
    """Return how many more tags are opened than closed in a piece, and how many more plain ``<v>``.

    Both come to 0 over a whole sheet, or something is wrong with it, or unusual.
    """
    byte = np.frombuffer(piece, np.uint8)
    tag, slash, end = byte == ord("<"), byte == ord("/"), byte == ord(">")
    closing, alone = tag[:-1] & slash[1:], slash[:-1] & end[1:]
    aside = tag[:-1] & (byte[1:] == ord("?"))
    value = (byte[:-1] == ord("v")) & end[1:]
    count = np.count_nonzero
    tags = count(tag) - 2 * count(closing) - count(alone) - count(aside)
    values = count(tag[:-2] & value[1:]) - count(closing[:-2] & value[2:])
    return np.array((tags, values))


def _parse(book: ZipFile, sheet: SheetPart) -> None:
    """Read a sheet as XML to its end, which takes half as long as all the rest.

    :raises ExpatError: it is none.
    """
    parser = ParserCreate()
    for piece in pieces(book, sheet.part):
        parser.Parse(piece, False)
    parser.Parse(b"", True)


def _last_row(patterns: _Patterns, piece: bytes, before: int) -> int:
    """Return the number of the last row that begins in a piece; a row without a number is the one after that before."""
    unnumbered, at = 0, len(piece)
    while (at := piece.rfind(patterns.row_start, 0, at)) >= 0:
        numbered = patterns.row.match(piece, at)
        if numbered:
            return max(before, int(numbered[1]) + unnumbered)
        behind = piece[at + len(patterns.row_start) :][:1]
        unnumbered += behind in (b" ", b">", b"/")  # and is no other element, such as rowBreaks
    return before + unnumbered


def _farthest(piece: bytes, last_row: int, last_column: int) -> tuple[int, int]:
    """Return the last row and column so far; columns up to Z in rows below a million need no look."""
    for cell in _FAR.finditer(piece):
        last_row = max(last_row, int(cell[2]))
        last_column = max(last_column, _column(cell[1]))
    return last_row, last_column


def _refuse_far(book: ZipFile, sheet: SheetPart, last_row: int, last_column: int) -> None:
    most = min(LARGEST_SHEET, max(SPARSE_SHEET, book.NameToInfo[sheet.part].file_size))
    if last_row > MOST_ROWS or last_column > MOST_COLUMNS or last_row * last_column > most:
        raise FileError(
            _(
                'Sheet "{sheet}" of {path} has a stray cell far out: it reaches to row {row:,}, column {column:,}',
                sheet=sheet.name,
                path=book.filename,
                row=last_row,
                column=last_column,
            ),
            _("In Excel press Ctrl+End on that sheet, delete the rows and columns past your data, and save"),
        )


def _counted(sheet: ElementTree.Element) -> dict[tuple[int, int], str]:
    """Find the same texts in a sheet whose cells bear no address, by counting rows and cells."""
    found = {}
    row = 0
    for line in (element for element in sheet.iter() if local(element) == "row"):
        row = int(line.get("r") or row + 1)
        column = 0
        for cell in line:
            address = _ADDRESS.search(f'r="{cell.get("r", "")}"'.encode())
            column = _column(address[1]) if address else column + 1
            text = _text(cell)
            if text:
                found[row, column] = text
    return found


def _text(cell: ElementTree.Element) -> str:
    value = next((e.text for e in cell if local(e) == "v" and e.text), "")
    if cell.get("t") == "e":
        return value or "#N/A"
    formula = any(local(e) == "f" for e in cell)
    return UNCALCULATED if formula and not value and cell.get("t") != "str" else ""


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number
