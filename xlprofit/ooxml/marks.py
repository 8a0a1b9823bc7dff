"""What a fast reader does not tell of a sheet, or stumbles on: errors, formulas without a value, far cells.

Found in the bytes of the sheet, piece by piece; a sheet is parsed only where it has any.
"""

from __future__ import annotations

import re
from array import array
from codecs import getincrementaldecoder
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple
from xml.etree import ElementTree
from xml.parsers.expat import ExpatError, ParserCreate
from zipfile import ZipFile

import numpy as np
import numpy.typing as npt

from xlprofit.addresses import (
    MOST_COLUMNS,
    MOST_ROWS,
    format_address,
    parse_address,
    parse_column,
    parse_row_number,
)
from xlprofit.errors import FileError
from xlprofit.messages import _
from xlprofit.ooxml.package import (
    SheetPart,
    build_damage_error,
    read_part_pieces,
    read_part_tree,
    strip_namespace,
)
from xlprofit.ooxml.tags import match_tags, match_tags_with, read_attribute

UNCALCULATED = "#UNCALCULATED!"
"""What a formula comes out as whose value is not in the file, since no Excel has calculated it yet."""

TWO_VALUES = "#TWO VALUES!"
"""What a cell comes out as that stands in the file more than once: no reader can tell which one is meant."""

OLDER_ERRORS = frozenset(("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"))
"""The errors that calamine knows; at any other it gives up the sheet."""

LARGEST_SHEET = 100_000_000
"""The most cells in the rectangle down to a sheet's last cell: past it, a stray cell is the reason."""

SPARSE_SHEET = 12_000_000
"""The same where a sheet takes less than a byte for each cell of the rectangle, so that nearly all are blank.

All of a million rows in ten columns fit in: they take some 300 MB, be they blank.
"""

PIECE = 96 << 10
"""So many bytes of a sheet are looked through at a time, which the processor keeps at hand.

From 128 kB on memory is asked of the system anew for whatever is worked out of a piece, which takes twice the time.
"""

_PLAIN_CELL = np.uint64(int.from_bytes(b'<c r="', "little"))
_SIX_BYTES = np.uint64((1 << 48) - 1)
_DIGITS = 12
"""So many digits of a row's number are looked at, which is refused if there are more than seven."""

_LONGEST = len('<c r="XFD1048576"') + 1
_FORMULA_TAGS = tuple(b"<f" + sign for sign in (b">", b" ", b"/", b"\n", b"\r", b"\t"))
"""How a formula begins, and no other element, such as that of a list to choose from."""

_FAR = re.compile(rb"\br\s*+=\s*+[\"']([A-Za-z]{2,}+|[A-Za-z](?=\d{7}))(\d++)[\"']")
"""The letters and the row of an address past column Z, or in a row of seven digits."""


@dataclass(frozen=True)
class SheetPatterns:
    """What to look for where the names of a sheet's elements bear a prefix (mostly none).

    Each stays within a tag, as those of :mod:`xlprofit.ooxml.tags` do.

    Attributes:
        error: a cell that is an error, up to its attribute that says so; group 1 is its attributes.
        formula: the start tag of a cell that begins with a formula; group 1 is its attributes.
        value: the tag of a value and its text.
        row: a row with its number, which is group 2.
        large: a number too large to be a date.
        large_cell: a cell with such a number; group 1 is its attributes.
        formula_start: how a formula begins.
        row_start: how a row begins.
        cell_end: how a cell ends.
        end: how the end of the cells begins.
    """

    error: re.Pattern[bytes]
    formula: re.Pattern[bytes]
    value: re.Pattern[bytes]
    row: re.Pattern[bytes]
    large: re.Pattern[bytes]
    large_cell: re.Pattern[bytes]
    formula_start: bytes
    row_start: bytes
    cell_end: bytes
    end: bytes


def find_sheet_patterns(sheet: bytes) -> SheetPatterns:
    """Return what to look for in a sheet, given its beginning at least."""
    root = match_tags("worksheet").search(sheet)
    return _compile_sheet_patterns(root[0][1:].partition(b"worksheet")[0] if root else b"")


@lru_cache(maxsize=8)
def _compile_sheet_patterns(prefix: bytes) -> SheetPatterns:
    cell = rb"<%sc(\s[^<>]*+)(?<!/)>" % prefix
    value = rb"<%sv\b[^<>]*+>" % prefix
    formula = rb"(?:<%sf\b[^<>]*+>(?:(?<=/>)|[^<]*+</%sf>))?" % (prefix, prefix)
    large = rb"-?(?:\d{11}|\d[\d.]*+[eE]\+?\d)"
    return SheetPatterns(
        match_tags_with("c", "t", (b"e",), prefix=prefix, filled=True),
        re.compile(rb"%s\s*+(?=<%sf\b)" % (cell, prefix)),
        re.compile(rb"(%s)([^<]++)" % value),
        match_tags_with("row", "r", prefix=prefix),
        re.compile(b"<%sv>" % prefix + large),
        re.compile(cell + formula + value + large),
        b"<%sf" % prefix,
        b"<%srow" % prefix,
        b"</%sc>" % prefix,
        b"</%ssheetData" % prefix,
    )


def find_opened_cells(
    opening: re.Pattern[bytes], patterns: SheetPatterns, piece: bytes
) -> Iterator[tuple[bytes, int, int]]:
    """Give the cells of a piece that open so: their attributes, and from where to where their content stands."""
    at = 0
    while found := opening.search(piece, at):
        at = piece.find(patterns.cell_end, found.end())
        if at < 0:
            return
        yield found[1], found.end(), at


@dataclass
class Marks:
    """Texts to put over a sheet's cells, by (row, column) from 1; and what calamine stumbles on.

    ``newer_errors``: whether it has errors that calamine does not know; ``large_styles``: the
    styles of numbers too large to be dates; ``last_row``: the last row that has any cell, be it blank; ``shuffled``:
    whether cells stand in the file in another order than on the sheet; ``odd_extent``: whether what the sheet says
    of its extent is no range.
    """

    texts: dict[tuple[int, int], str] = field(default_factory=dict)
    newer_errors: bool = False
    large_styles: set[bytes] = field(default_factory=set)
    last_row: int = 1
    shuffled: bool = False
    odd_extent: bool = False


_bare: OrderedDict[tuple[str, int, int, int], None] = OrderedDict()
_KEPT = 64


def _name_content(book: ZipFile, part: str) -> tuple[str, int, int, int]:
    entry = book.NameToInfo[part]
    return part, entry.CRC, entry.file_size, entry.compress_size


def has_no_formulas(book: ZipFile, part: str) -> bool:
    """Whether a sheet is known to hold no formula, since it was looked through in this process; else it may."""
    return _name_content(book, part) in _bare


def find_sheet_marks(
    book: ZipFile, sheet: SheetPart, look: Callable[[bytes], None] = lambda piece: None
) -> Marks:
    """Look a sheet's bytes through for what calamine does not tell; ``look`` is given each piece of them too.

    :raises FileError: a cell stands so far out that reading down to it would take all the memory; rows stand
            behind the end of the cells; or it is no XML that holds together, which calamine does not see.
    """
    try:
        return _collect_sheet_marks(book, sheet, look)
    except (ExpatError, ValueError) as error:  # letters that are not UTF-8, a row whose number is none
        raise build_damage_error(book.filename, error) from error


def _collect_sheet_marks(book: ZipFile, sheet: SheetPart, look: Callable[[bytes], None]) -> Marks:
    found = Marks()
    last_row = last_column = 1
    unaddressed = ended = formulas = False
    left_open = np.zeros(2, np.int64)
    letters = getincrementaldecoder("utf-8")()
    patterns: SheetPatterns | None = None
    last_cell = 0
    for piece in read_part_pieces(book, sheet.part, PIECE):
        look(piece)
        formulas = formulas or (b":" in piece and b":f" in piece)
        if patterns is None:
            patterns, found.odd_extent = find_sheet_patterns(piece), _has_odd_extent(piece)
        ended = _refuse_rows_behind(book, sheet, patterns, piece, ended)
        last_row = _find_last_row(patterns, piece, last_row)
        left_open += _count_open_tags(piece)
        last_cell = _find_last_cell_place(piece, last_cell) if last_cell >= 0 else last_cell
        if not piece.isascii():
            letters.decode(piece)
        if _is_plain_piece(patterns, piece):
            continue
        formulas = formulas or piece.endswith(b"<f") or any(tag in piece for tag in _FORMULA_TAGS)
        last_row, last_column = _find_farthest_cell(piece, last_row, last_column)
        found.large_styles |= _find_large_styles(patterns, piece)
        unaddressed = _add_marked_texts(found, patterns, piece) or unaddressed
    _refuse_far_cells(book, sheet, last_row, last_column)
    if left_open.any():
        _parse_whole_sheet(book, sheet)
    found.last_row = last_row
    if not formulas:
        _bare[_name_content(book, sheet.part)] = None
        while len(_bare) > _KEPT:
            _bare.popitem(last=False)
    if unaddressed:
        found.texts = _find_unaddressed_texts(read_part_tree(book, sheet.part))
    if last_cell < 0:
        order = _read_cell_order(book, sheet)
        _refuse_far_cells(book, sheet, order.last_row, order.last_column)
        found.shuffled, found.last_row = order.shuffled, max(last_row, order.lowest)
        found.texts |= dict.fromkeys(order.twice, TWO_VALUES)
    found.newer_errors = not {*OLDER_ERRORS, UNCALCULATED, TWO_VALUES}.issuperset(found.texts.values())
    return found


def _add_marked_texts(found: Marks, patterns: SheetPatterns, piece: bytes) -> bool:
    """Add the texts of a piece to the marks of its sheet; return whether any of those cells bears no address."""
    unaddressed = False
    for attributes, text in _find_marked_texts(patterns, piece):
        letters, digits = _split_address(read_attribute(attributes, "r") or b"")
        if letters and digits:
            found.texts[_read_row(digits), parse_column(letters.decode())] = text
        else:
            unaddressed = True
    return unaddressed


def _find_large_styles(patterns: SheetPatterns, piece: bytes) -> set[bytes]:
    if not patterns.large.search(piece):
        return set()
    styles = (read_attribute(cell[1], "s") for cell in patterns.large_cell.finditer(piece))
    return {style for style in styles if style}


def _find_marked_texts(patterns: SheetPatterns, piece: bytes) -> list[tuple[bytes, str]]:
    """Return the attributes and the text of each error and of each formula without a value."""
    found = []
    if b't="e"' in piece or b"t='e'" in piece:
        for attributes, start, end in find_opened_cells(patterns.error, patterns, piece):
            value = patterns.value.search(piece, start, end)
            found.append((attributes, value[2].decode() if value else "#N/A"))
    if patterns.formula_start in piece:
        for attributes, start, end in find_opened_cells(patterns.formula, patterns, piece):
            if patterns.value.search(piece, start, end):
                continue
            if read_attribute(attributes, "t") not in (b"str", b"inlineStr"):
                found.append((attributes, UNCALCULATED))
    return found


def _is_plain_piece(patterns: SheetPatterns, piece: bytes) -> bool:
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


def _refuse_rows_behind(
    book: ZipFile, sheet: SheetPart, patterns: SheetPatterns, piece: bytes, ended: bool
) -> bool:
    """Return whether the cells end in a piece or ended before; refuse rows behind that, which no reader sees."""
    at = 0 if ended else piece.find(patterns.end) + 1
    if (ended or at) and (patterns.row.search(piece, at) or patterns.end in piece[at:]):
        behind = _('sheet "{sheet}" has rows behind its end', sheet=sheet.name)
        raise build_damage_error(book.filename, ValueError(behind))
    return ended or at > 0


def _count_open_tags(piece: bytes) -> npt.NDArray[np.int64]:
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


def _parse_whole_sheet(book: ZipFile, sheet: SheetPart) -> None:
    """Read a sheet as XML to its end, which takes half as long as all the rest.

    :raises ExpatError: it is none.
    """
    parser = ParserCreate()
    for piece in read_part_pieces(book, sheet.part):
        parser.Parse(piece, False)
    parser.Parse(b"", True)


def _find_last_row(patterns: SheetPatterns, piece: bytes, before: int) -> int:
    """Return the number of the last row that begins in a piece; a row without a number is the one after that before."""
    unnumbered, at = 0, len(piece)
    while (at := piece.rfind(patterns.row_start, 0, at)) >= 0:
        numbered = patterns.row.match(piece, at)
        if numbered and numbered[2].isdigit():
            return max(before, _read_row(numbered[2]) + unnumbered)
        behind = piece[at + len(patterns.row_start) :][:1]
        unnumbered += behind in (b" ", b">", b"/")  # and is no other element, such as rowBreaks
    return before + unnumbered


def _find_farthest_cell(piece: bytes, last_row: int, last_column: int) -> tuple[int, int]:
    """Return the last row and column so far; columns up to Z in rows below a million need no look."""
    for cell in _FAR.finditer(piece):
        last_row = max(last_row, _read_row(cell[2]))
        last_column = max(last_column, _read_column(cell[1]))
    return last_row, last_column


def _split_address(said: bytes) -> tuple[bytes, bytes]:
    """Return the letters and the row of a cell's address; one of them is empty where it is none."""
    letters = said.rstrip(b"0123456789")
    return (letters, said[len(letters) :]) if letters.isalpha() else (b"", b"")


def _read_row(digits: bytes) -> int:
    """Return the number of a row; one that is far past Excel's last is cut short."""
    return int(digits[:_DIGITS])


@lru_cache(maxsize=1024)
def _read_column(letters: bytes) -> int:
    """Return the number of a column; of one of four letters or more that is one past Excel's last."""
    return parse_column(letters.decode()) if len(letters) <= 3 else MOST_COLUMNS + 1


def _refuse_far_cells(book: ZipFile, sheet: SheetPart, last_row: int, last_column: int) -> None:
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


def _find_unaddressed_texts(sheet: ElementTree.Element) -> dict[tuple[int, int], str]:
    """Find the same texts in a sheet whose cells bear no address, by counting rows and cells."""
    found = {}
    row = 0
    for line in (element for element in sheet.iter() if strip_namespace(element) == "row"):
        row = parse_row_number(line.get("r") or "", row)
        column = 0
        for cell in line:
            letters, digits = _split_address(cell.get("r", "").encode())
            column = _read_column(letters) if letters and digits else column + 1
            text = _read_marked_text(cell)
            if text:
                found[row, column] = text
    return found


def _read_marked_text(cell: ElementTree.Element) -> str:
    value = next((e.text for e in cell if strip_namespace(e) == "v" and e.text), "")
    if cell.get("t") == "e":
        return value or "#N/A"
    formula = any(strip_namespace(e) == "f" for e in cell)
    return UNCALCULATED if formula and not value and cell.get("t") != "str" else ""


# --- the order of the cells --------------------------------------------------------------------------


def _has_odd_extent(head: bytes) -> bool:
    """Whether a sheet's beginning gives it an extent that is no range, at which calamine gives up."""
    extent = match_tags("dimension").search(head)
    said = read_attribute(extent[1], "ref") if extent else None
    if said is None:
        return False
    corners = said.decode("latin-1").split(":")
    try:
        usual = [format_address(*parse_address(corner)) for corner in corners]
    except ValueError:
        return True
    return usual != corners or len(corners) > len(("first", "last"))


def _find_last_cell_place(piece: bytes, before: int) -> int:
    """Return the place of a piece's last cell, or −1 where the cells must be looked at one by one.

    A place is row × 32,768 + column, which rises from cell to cell in a file by Excel.
    """
    byte = np.frombuffer(piece, np.uint8)
    tags = np.flatnonzero((byte[:-2] == ord("<")) & (byte[1:-1] == ord("c")) & (byte[2:] <= ord(">")))
    if len(tags) and tags[-1] + _LONGEST < len(byte):
        eight = np.ndarray((len(byte) - 7,), "<u8", piece, strides=(1,))  # the eight bytes from each one on
        if ((eight[tags] & _SIX_BYTES) == _PLAIN_CELL).all():
            places = _decode_outer_places(byte, tags + 6, eight[tags + 6])
            return -1 if places is None else _find_last_rising_place(places, before)
    places = _search_cell_places(piece)
    return -1 if places is None else _find_last_rising_place(places, before)


def _find_last_rising_place(places: npt.NDArray[np.int64], before: int) -> int:
    """Return the last of some places, or −1 where they do not rise, from the one before on."""
    if not len(places):
        return before
    return int(places[-1]) if places[0] > before and (places[1:] > places[:-1]).all() else -1


def _decode_outer_places(
    byte: npt.NDArray[np.uint8], at: npt.NDArray[np.intp], address: npt.NDArray[np.uint64]
) -> npt.NDArray[np.int64] | None:
    """Return the places of the first and last of the cells that have their row's number in common, as far as they rise.

    Args:
        byte: the bytes of a piece.
        at: where the addresses begin.
        address: their first eight bytes, the first the lowest.

    Of cells A to Z with the same bytes up to the quote behind the address, the letters tell whether they rise.
    """
    last = int(address[-1]).to_bytes(8, "little")
    digits = last.find(b'"') - 1
    if digits < 1:
        return _decode_cell_places(byte, at)
    same = ((address[1:] ^ address[:-1]) & np.uint64((1 << 8 * (digits + 2)) - 256)) == 0
    same &= (address[1:] & np.uint64(0x4000)) == 0  # a digit, and no letter, stands behind the first one
    same &= (address[1:] & np.uint64(0xFF)) > (address[:-1] & np.uint64(0xFF))
    ends = np.ones(len(at), bool)
    ends[1:-1] = ~(same[1:] & same[:-1])
    left = at[ends]
    signs = byte[left[:, None] + np.arange(digits + 2)]
    letter, row = signs[:, 0] - np.uint8(ord("A")), signs[:, 1:-1] - np.uint8(ord("0"))
    if (row < 10).all() and (letter < 26).all() and (signs[:, -1] == ord('"')).all():
        numbers: npt.NDArray[np.int64] = (row * 10 ** np.arange(digits - 1, -1, -1, dtype=np.int64)).sum(
            axis=1
        )
        return np.asarray(numbers * 32_768 + letter + 1, np.int64)
    return _decode_cell_places(byte, left)


def _decode_cell_places(
    byte: npt.NDArray[np.uint8], at: npt.NDArray[np.intp]
) -> npt.NDArray[np.int64] | None:
    """Return the places of cells whose addresses, in capitals, begin at these bytes; ``None`` where one does not."""
    column, row = np.zeros(len(at), np.int64), np.zeros(len(at), np.int64)
    left = np.arange(len(at))
    at = at.copy()
    for _letter in range(3):
        letter = byte[at[left]] - np.uint8(ord("A"))
        left, letter = left[letter < 26], letter[letter < 26]
        column[left] = column[left] * 26 + letter + 1
        at[left] += 1
    left = np.arange(len(at))
    for _digit in range(7):
        digit = byte[at[left]] - np.uint8(ord("0"))
        left, digit = left[digit < 10], digit[digit < 10]
        row[left] = row[left] * 10 + digit
        at[left] += 1
        if not len(left):
            break
    sound = (byte[at] == ord('"')).all() and (row > 0).all() and (column > 0).all()
    return row * 32_768 + column if sound else None


def _search_cell_places(piece: bytes) -> npt.NDArray[np.int64] | None:
    """Return the places of a piece's cells, however they are written; ``None`` where one bears no address."""
    said = [_split_address(address) for _attributes, address in match_tags_with("c", "r").findall(piece)]
    if len(said) != len(match_tags("c").findall(piece)) or not all(map(all, said)):
        return None
    return np.array([_read_row(row) * 32_768 + _read_column(letters) for letters, row in said], np.int64)


class _CellOrder(NamedTuple):
    """How the cells of a sheet stand in its file: those that are filled twice, whether any is out of order.

    ``lowest`` is the last row with anything in it, ``last_row`` and ``last_column`` are the farthest of any cell.
    """

    twice: list[tuple[int, int]]
    shuffled: bool
    lowest: int
    last_row: int
    last_column: int


def _read_cell_order(book: ZipFile, sheet: SheetPart) -> _CellOrder:
    """Read a sheet cell by cell."""
    places = array("q")
    row, column, filled, last, rising = 0, 0, False, (0, 0), True
    farthest = [1, 1]
    parser = ParserCreate()

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal row, column, filled, last, rising
        name = tag.rpartition(":")[2]
        if name == "row":
            row, column = parse_row_number(attributes.get("r") or "", row), 0
        elif name == "c":
            letters, digits = _split_address(attributes.get("r", "").encode())
            row, column = (
                (_read_row(digits), _read_column(letters)) if letters and digits else (row, column + 1)
            )
            rising = rising and (row, column) >= last
            filled, last = False, (row, column)
            farthest[:] = max(farthest[0], row), max(farthest[1], column)
        filled = filled or name in ("v", "f", "is")

    def end(tag: str) -> None:
        if filled and tag.rpartition(":")[2] == "c":
            places.append(row * 32_768 + column)

    parser.StartElementHandler, parser.EndElementHandler = start, end
    for piece in read_part_pieces(book, sheet.part):
        parser.Parse(piece, False)
    parser.Parse(b"", True)
    found, times = np.unique(np.array(places, np.int64), return_counts=True)
    twice = [(int(at) // 32_768, int(at) % 32_768) for at in found[times > 1]]
    return _CellOrder(twice, not rising, int(found[-1]) // 32_768 if len(found) else 1, *farthest)
