"""Opening: every cell of a file of text or of a workbook's sheets, each file read once, whatever it is called."""

from __future__ import annotations

import codecs
import csv
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from gzip import BadGzipFile
from io import BytesIO, StringIO
from itertools import islice, zip_longest
from pathlib import Path

from xlprofit.addresses import MOST_COLUMNS
from xlprofit.importing.exports.export import Cell, ExportSheet
from xlprofit.importing.exports.marks import strip_columns
from xlprofit.importing.exports.parquet import MAGIC, read_parquet_sheet
from xlprofit.importing.profiles.profile import Profile, ProfileError
from xlprofit.messages import _
from xlprofit.sources.encodings import find_legacy
from xlprofit.sources.watch import is_plain_file, read_unpacked_bytes

DELIMITERS = (",", ";", "\t", "|")
SAMPLE = 200
"""So many lines are looked at to find the delimiter."""

LONG = 4 << 20
"""From so many letters on only some of a file of text are read at a glance: some 50,000 rows of 8 columns."""

HEAD, SPREAD, TAIL = 2_000, 2_000, 20
"""So many lines are then read from the beginning, from places spread over the rest, and from the end."""

AT_ONCE = 1 << 16
"""So many records of a file of text are turned into columns at a time: lists of them take more than their cells."""

LONGEST_CELL = 1 << 20
"""The most letters of a cell of a file of text, thirty times those of a cell of Excel."""

WORKBOOK = b"PK\x03\x04"
"""What a workbook begins with, whatever its name ends in."""

OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_export(
    path: Path, profile: Profile | None = None, delimiter: str = "", encoding: str = "", glance: bool = False
) -> list[ExportSheet]:
    """Return the cells of a file: one for each sheet of a workbook, one for a file of text.

    What the file is shows in its content, since exports called ``.xls`` are often texts. The profile, and
    ``delimiter`` and ``encoding`` before it, say how a file of text is to be read; else it is found out. At a
    ``glance`` only the first rows of a long sheet of a workbook are read, and of a long text the first, the last
    and some between.

    Raises:
        FileError: a workbook cannot be read.
        ProfileError: a file of text cannot be read, or is not in the encoding stated.
    """
    data = _read_content(path) if not _is_workbook_name(path) or path.is_file() else b""
    if data.startswith((WORKBOOK, OLD_WORKBOOK)) or _is_workbook_name(path):
        from xlprofit.importing.exports.sheets import read_sheets

        return read_sheets(path, BytesIO(data), glance)
    if data.startswith(MAGIC):
        return [read_parquet_sheet(path, data)]
    read = _decode(path, data, encoding or (profile.encoding if profile else ""))
    return [_read_text(path, read, delimiter or (profile.delimiter if profile else ""), glance)]


def read_beside(path: Path, profile: Profile | None) -> list[ExportSheet]:
    """Return the sheets of the files beside one that a profile joins to it: those of orders whose lines it has."""
    rules = profile.tables if profile is not None else ()
    files = dict.fromkeys(rule.heads.file for rule in rules if rule.heads is not None and rule.heads.file)
    for file in files:
        if not is_plain_file(path.parent / file):
            raise ProfileError(
                _("{path} is no ordinary file, or is not there", path=file),
                _("Put the file with the orders beside {path}", path=path.name),
            )
    return [sheet for file in files for sheet in read_export(path.parent / file)]


def _is_workbook_name(path: Path) -> bool:
    return path.suffix.lower() in (".xlsx", ".xlsm")


def _read_content(path: Path) -> bytes:
    """Return the content of a file as it is, or as it was before gzip packed it; no more than may be read."""
    try:
        if (
            path.exists() and not path.is_dir() and not is_plain_file(path)
        ):  # reading a pipe may wait for ever
            raise ProfileError(
                _("{path} is no ordinary file", path=str(path)), _("Copy it to a folder, and name that file")
            )
        return read_unpacked_bytes(path)
    except (BadGzipFile, EOFError, zlib.error) as error:
        raise ProfileError(
            _("{path} is damaged ({reason})", path=str(path), reason=str(error)), _("Export it again")
        ) from error
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise ProfileError(
            _("{path} cannot be read ({reason})", path=str(path), reason=reason),
            _("Correct the path, or close the file elsewhere"),
        ) from error


# --- files of text ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Decoded:
    """The text of a file, its encoding, and whether that is a guess."""

    text: str
    encoding: str
    assumed: bool = False


def _find_first_line(text: str) -> str:
    """Return the first line of a text that is not blank, without its end."""
    return next(line for line in StringIO(text) if line.strip()).strip("\r\n")


def _read_text(path: Path, read: Decoded, delimiter: str, glance: bool) -> ExportSheet:
    """Return the cells of a file of text; at a ``glance`` those of some lines of a long one."""
    text = _require_text(path, read)
    first_line = _find_first_line(text)
    mark = delimiter or _read_stated_delimiter(first_line) or find_delimiter(text)
    text, rows = _thin_out(text, mark) if glance and len(text) > LONG else (text, 0)
    columns, widths = _parse_text(path, text.rstrip("\r\n"), mark, skips_first=_states_delimiter(first_line))
    columns = strip_columns(columns) if '="' in text or "'" in text else columns
    return ExportSheet(
        path,
        path.name,
        columns,
        len(widths),
        text=True,
        encoding=read.encoding,
        assumed=read.assumed,
        delimiter=mark,
        first_line=first_line,
        widths=widths,
        rows=rows or len(widths),
    )


def _require_text(path: Path, read: Decoded) -> str:
    """Return the text of a file, and refuse one that is none, or that is empty."""
    text = read.text.replace("\0", "") if read.encoding.startswith("utf-16") else read.text
    if "\0" in text:
        raise ProfileError(
            _("{path} is not a file of text (it has a NUL character in it)", path=path.name),
            _("Export it again as CSV, or name a workbook as .xlsx"),
        )
    if not text.strip():
        raise ProfileError(_("{path} is empty", path=path.name), _("Export it again, or correct the path"))
    return text


def _states_delimiter(first_line: str) -> bool:
    """Whether a file begins with Excel's own line for the delimiter."""
    return first_line.strip().lower().startswith("sep=")


def _read_stated_delimiter(first_line: str) -> str:
    """Return the delimiter that Excel's own line states; nothing where there is no such line."""
    line = first_line.strip()
    return line[4:5] or "\t" if _states_delimiter(line) and len(line) <= 5 else ""


def _thin_out(text: str, delimiter: str) -> tuple[str, int]:
    """Return some lines of a long text, and how many records the whole has.

    The first ones come as they are; of the others those that are a record by themselves, as wide as the last of the
    first: what conventions a column follows shows in them, wherever it shows.
    """
    count = sum(part.count("\n") for part in text.split('"')[::2]) + (not text.endswith("\n"))
    *head, rest = text.split("\n", HEAD)
    while head and not _is_record(head):  # a cell goes on below
        head.pop()
    if not head or not rest:
        return text, count
    width = head[-1].count(delimiter)
    tail = rest.rstrip("\n").rsplit("\n", TAIL)[1:]
    spread = [line for line in _pick_lines(rest) if line.count(delimiter) == width and _is_record([line])]
    return "\n".join([*head, *spread, *tail]) + "\n", count


def _is_record(lines: Sequence[str]) -> bool:
    """Whether lines are records by themselves: no quoted cell goes on below them."""
    return not sum(line.count('"') for line in lines) % 2


def _pick_lines(text: str) -> list[str]:
    """Return lines from places spread over a text."""
    step = max(1, len(text) // SPREAD)
    begins = sorted({text.find("\n", at) + 1 for at in range(0, len(text), step)} - {0})
    ends = ((at, text.find("\n", at)) for at in begins)
    return [text[at:end] for at, end in ends if end > 0]


Columns = tuple[Sequence[Cell], ...]


def _parse_text(path: Path, text: str, delimiter: str, *, skips_first: bool) -> tuple[Columns, list[int]]:
    """Return the cells of a text by column, and how many cells each record has.

    Those of the first are left out where that is Excel's own line for the delimiter.
    """
    csv.field_size_limit(LONGEST_CELL)
    _refuse_wide_lines(path, text, delimiter)
    try:
        records = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
        return _gather_columns(path, records, skips_first)
    except csv.Error:
        return _parse_loosely(path, text, delimiter, skips_first)


def _parse_loosely(path: Path, text: str, delimiter: str, skips_first: bool) -> tuple[Columns, list[int]]:
    """Return the same of a text with stray quotation marks, which are then letters as others."""
    try:
        records = csv.reader(StringIO(text, newline=""), delimiter=delimiter, quoting=csv.QUOTE_NONE)
        return _gather_columns(path, records, skips_first)
    except csv.Error as error:  # a cell of more than so many letters
        raise _refuse_unreadable(path, str(error)) from error


def _refuse_unreadable(path: Path, reason: str) -> ProfileError:
    """Return the error of a file of text that is none of rows and cells, or has a cell that is too long."""
    return ProfileError(
        _("{path} cannot be read ({reason})", path=path.name, reason=reason),
        _("Export it again as CSV, one row a line"),
    )


def _gather_columns(path: Path, records: Iterator[list[str]], skips_first: bool) -> tuple[Columns, list[int]]:
    """Return the cells of records by column, some records at a time; cells that are alike are kept once."""
    columns: list[list[Cell]] = []
    widths: list[int] = []
    kept: dict[str, str] = {}
    while some := list(islice(records, AT_ONCE)):
        if skips_first and not widths:
            some[0] = []
        height = len(widths)
        widths += map(len, some)
        refuse_too_many_columns(path, max(widths[height:]))
        for at, cells in enumerate(zip_longest(*some, fillvalue="")):
            if at == len(columns):
                columns.append([""] * height)
            columns[at] += _share_cells(cells, kept)
        for column in columns:
            column += [""] * (len(widths) - len(column))
    return tuple(map(tuple, columns)), widths or [0]


def _refuse_wide_lines(path: Path, text: str, delimiter: str) -> None:
    """Refuse lines with too many cells, or with too long a one, before these take memory."""
    ending = "\n" if "\n" in text else "\r"
    at = 0
    while at < len(text):
        end = text.find(ending, at)
        end = len(text) if end < 0 else end
        if end - at > LONGEST_CELL and max(map(len, text[at:end].split(delimiter))) > LONGEST_CELL:
            raise _refuse_unreadable(path, f"field larger than field limit ({LONGEST_CELL})")
        if end - at > MOST_COLUMNS:
            unquoted = text[at:end].split('"')[::2]
            refuse_too_many_columns(path, sum(part.count(delimiter) for part in unquoted) + 1)
        at = end + 1


def refuse_too_many_columns(path: Path, count: int) -> None:
    """Refuse a file of text with more columns than any sheet has: it is no table, or is parted by something else."""
    if count > MOST_COLUMNS:
        raise ProfileError(
            _(
                "{path} has a row of {n:,} cells, and a table has at most {most:,} columns",
                path=path.name,
                n=count,
                most=MOST_COLUMNS,
            ),
            _(
                "Export it again as CSV, one row a line, or say what parts the cells: {example}",
                example="delimiter=;",
            ),
        )


def _share_cells(cells: Sequence[str], kept: dict[str, str]) -> Sequence[str]:
    """Return cells of a column, each one that has come before as it was kept; all as they are where few are alike."""
    if 2 * len(set(cells)) > len(cells):
        return cells
    return [kept.setdefault(cell, cell) for cell in cells]


def find_delimiter(text: str) -> str:
    """Return the delimiter that gives the most rows of one width, and the widest."""
    head = "".join(islice(StringIO(text[:LONG], newline=""), SAMPLE))
    return max(DELIMITERS, key=lambda mark: _rank_delimiter(head, mark))


def _rank_delimiter(head: str, delimiter: str) -> tuple[int, int]:
    widths: list[int] = []
    try:
        for record in csv.reader(StringIO(head, newline=""), delimiter=delimiter):
            widths.append(len(record))
    except csv.Error:
        pass
    wide = [width for width in widths if width > 1]
    if not wide:
        return 0, 0
    usual = max(set(wide), key=lambda width: (wide.count(width) * min(width, 3), width))
    return wide.count(usual) * min(usual, 3), usual


# --- encodings -------------------------------------------------------------------------------------


def _decode(path: Path, data: bytes, stated: str) -> Decoded:
    """Return a file's text as its encoding says, stated or found out."""
    marked = next((name for mark, name in _MARKS if data.startswith(mark)), "")
    encoding = stated or marked or _find_utf_16(data[:4096])
    if encoding:
        try:
            return Decoded(data.decode(encoding).lstrip("\ufeff"), encoding)
        except (ValueError, LookupError) as error:
            raise ProfileError(
                _("{path}: its letters are not in {encoding}", path=path.name, encoding=encoding),
                _("State the encoding, such as encoding=cp1252, or save the file as UTF-8"),
            ) from error
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeError:
        legacy = find_legacy(data)
        return Decoded(data.decode(legacy, "replace"), legacy, assumed=True)


def _find_utf_16(begins: bytes) -> str:
    """Return the kind of UTF-16 in which every other byte is 0, as it is in plain words and digits."""
    odd, even = begins[1::2].count(0), begins[::2].count(0)
    if odd > len(begins) / 4 and not even:
        return "utf-16-le"
    return "utf-16-be" if even > len(begins) / 4 and not odd else ""
