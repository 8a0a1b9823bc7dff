"""Texts: files of text, their encoding and delimiter found out, their records read as they stand."""

from __future__ import annotations

import codecs
import csv
import io
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import IO

from xlprofit.messages import _
from xlprofit.sources.encodings import TRIED, find_legacy
from xlprofit.sources.errors import SourceError, translate_engine_error
from xlprofit.sources.options import find_encoding
from xlprofit.sources.spec import Source
from xlprofit.sources.watch import open_bytes

DELIMITERS = (",", ";", "\t", "|")

SAMPLE = 50
"""So many records are looked at to find the delimiter."""

UTF_8 = "utf-8-sig"

LEGACY_WHOLE = "latin-1"
"""What a file is taken for that is in no other encoding: the one that gives every byte a letter."""

_MARKS = (
    (codecs.BOM_UTF8, UTF_8),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""Marks at the beginning of a file; that of UTF-32 begins as that of UTF-16 does."""

LONGEST_LINE = 1 << 26
"""The most letters of a line of a file of text."""

MOST_COLUMNS, LONGEST_HEADER = 16_384, 32_767
"""The most columns of a file of text, and letters of a header: as many as a sheet holds."""

_CHUNK = 1 << 20

Score = Callable[[Sequence[str]], int]
"""Says of a row of headers how many of them its table knows."""


@dataclass(frozen=True)
class Layout:
    """How a file of text is laid out.

    ``record`` is the one with the headers, counted from 1: the row in which a spreadsheet program shows it.
    ``assumed`` says that the encoding was neither stated nor marked, and is not UTF-8; ``uniform`` that the
    file can be read without being written anew: UTF-8, one kind of line ends, the headers first.
    """

    path: Path
    label: str
    encoding: str
    assumed: bool
    delimiter: str
    headers: tuple[str, ...]
    record: int
    uniform: bool

    @property
    def encoding_name(self) -> str:
        """What an encoding is called in a message."""
        return "UTF-8" if self.encoding == UTF_8 else self.encoding


def find_layout(source: Source, path: Path, label: str, score: Score) -> Layout:
    """Return how a file is laid out: as the source's options say, else as its content shows.

    Of the delimiters that one is taken which gives most headers that the table knows.

    Raises:
        SourceError: the file is empty, damaged or no text, or not in the encoding stated.
    """
    try:
        encoding, assumed, one_end = _detect_encoding(source, path, label)
        records = _read_sample_lines(path, encoding)
    except (OSError, EOFError, zlib.error) as error:
        raise translate_engine_error(label, error) from error
    at = next((i for i, line in enumerate(records) if line.strip()), -1)
    if at < 0:
        raise SourceError(
            _("{source}: the file is empty", source=label), _("Export it again, or correct the path")
        )
    stated = source.options.get("delimiter", "")
    if _states_delimiter(records[at]):
        stated = stated or records[at].lstrip(" ").strip("\r\n")[4:5]
        at += 1
    text = "".join(records[at:])
    delimiter = stated or max(DELIMITERS, key=lambda d: _score_delimiter(text, d, score))
    first = next(iter(_parse_records(text, delimiter)), [])
    _refuse_wide_headers(first, label)
    uniform = encoding == UTF_8 and one_end and at == 0
    return Layout(path, label, encoding, assumed, delimiter, tuple(first), at + 1, uniform)


def _refuse_wide_headers(headers: Sequence[str], label: str) -> None:
    """Refuse more headers, or longer ones, than any sheet has: each is compared with all that are known."""
    if len(headers) > MOST_COLUMNS or max(map(len, headers), default=0) > LONGEST_HEADER:
        raise SourceError(
            _(
                "{source}: its headers are more than {n:,}, or one has more than {letters:,} letters",
                source=label,
                n=MOST_COLUMNS,
                letters=LONGEST_HEADER,
            ),
            _("Export it again as CSV, or say the delimiter in the column options of Sources"),
        )


def _states_delimiter(line: str) -> bool:
    """Whether a line is Excel's own, which states the delimiter: ``sep=;``."""
    return line.strip().lower().startswith("sep=") and len(line.strip()) <= 5


def read_records(layout: Layout) -> Iterator[list[str]]:
    """Yield the records below the headers, a blank line as one with no value.

    Raises:
        SourceError: a quotation mark is not closed, or the file is damaged or not in its encoding.
    """
    csv.field_size_limit(max(csv.field_size_limit(), LONGEST_LINE))  # whatever was read before
    reader = None
    try:
        with open_text(layout.path, layout.encoding) as opened:
            for _skipped in range(layout.record - 1):
                opened.readline()
            reader = csv.reader(opened, delimiter=layout.delimiter, strict=True)
            next(reader, None)
            yield from reader
    except csv.Error as error:
        line = layout.record - 1 + (reader.line_num if reader else 0)
        if "field limit" in str(error):
            raise SourceError(
                _(
                    "{source}: line {line} has a value of more than {n:,} letters",
                    source=layout.label,
                    line=str(line),
                    n=csv.field_size_limit(),
                ),
                _("Export it again as CSV, one row a line"),
            ) from error
        raise SourceError(
            _(
                "{source}: line {line} has a quotation mark that is not closed, or letters behind one ({reason})",
                source=layout.label,
                line=str(line),
                reason=str(error),
            ),
            _("Double each quotation mark within a value, or write the file without them"),
        ) from error
    except (OSError, EOFError, UnicodeError, zlib.error) as error:
        raise translate_engine_error(layout.label, error) from error


def open_text(path: Path, encoding: str) -> IO[str]:
    """Open a file of text, packed or not, its line ends as they are."""
    return io.TextIOWrapper(open_bytes(path), encoding=encoding, newline="")


def _score_delimiter(text: str, delimiter: str, score: Score) -> tuple[int, int]:
    """Return how well a delimiter fits: headers that are known, then rows that are as long as the headers."""
    records = [record for record in _parse_records(text, delimiter) if record]
    if not records or not 2 <= len(records[0]) <= MOST_COLUMNS:
        return 0, 0
    return score(records[0]), sum(len(record) == len(records[0]) for record in records)


def _parse_records(text: str, delimiter: str) -> list[list[str]]:
    """Return the records of a text that may end within one."""
    records = []
    try:
        for record in csv.reader(StringIO(text, newline=""), delimiter=delimiter):
            records.append(record)
    except csv.Error:
        pass
    return records


def _read_sample_lines(path: Path, encoding: str) -> list[str]:
    """Return the first lines of a file, those in front of the headers among them."""
    with open_text(path, encoding) as opened:
        lines = iter(lambda: opened.readline(LONGEST_LINE), "")
        return [line[:_CHUNK] for line in islice(lines, SAMPLE)]


# --- encodings ---------------------------------------------------------------------------------------


def _detect_encoding(source: Source, path: Path, label: str) -> tuple[str, bool, bool]:
    """Return a file's encoding, whether it was assumed, and whether all its lines end alike."""
    stated = source.options.get("encoding", "")
    begins = _read_first_bytes(path)
    encoding = _resolve_encoding(stated, label) if stated else _find_marked_encoding(begins)
    try:
        return encoding, False, _has_uniform_line_ends(path, encoding, label)
    except UnicodeError as error:
        if stated or encoding != UTF_8:
            raise SourceError(
                _("{source}: its letters are not in {encoding}", source=label, encoding=stated or encoding),
                _(
                    "State the encoding in the column options of Sources, such as encoding=latin-1, or save "
                    "the file as UTF-8"
                ),
            ) from error
    likely = find_legacy(_lines_beyond_ascii(path))
    try:
        return likely, True, _has_uniform_line_ends(path, likely, label)
    except UnicodeError:
        return LEGACY_WHOLE, True, _has_uniform_line_ends(path, LEGACY_WHOLE, label)


def _find_marked_encoding(begins: bytes) -> str:
    """Return the encoding that a file's first bytes tell: by a mark, by zeros, or else UTF-8."""
    marked = next((name for mark, name in _MARKS if begins.startswith(mark)), "")
    return marked or _guess_utf_16(begins) or UTF_8


def _lines_beyond_ascii(path: Path) -> bytes:
    """Return the first lines of a file with letters beyond ASCII: as many as tell its encoding."""
    found: list[bytes] = []
    size = 0
    with open_bytes(path) as opened:
        for line in iter(lambda: opened.readline(LONGEST_LINE), b""):
            if not line.isascii():
                found.append(line)
                size += len(line)
            if size > TRIED:
                break
    return b"".join(found)


def _read_first_bytes(path: Path) -> bytes:
    with open_bytes(path) as opened:
        return opened.read(4096)


def _resolve_encoding(stated: str, label: str) -> str:
    name = find_encoding(stated, label)
    return UTF_8 if name == "utf-8" else name


def _guess_utf_16(begins: bytes) -> str:
    """Return the kind of UTF-16 in which every other byte is 0, as it is in plain words and digits."""
    odd, even = begins[1::2].count(0), begins[::2].count(0)
    if odd > len(begins) / 4 and not even:
        return "utf-16-le"
    return "utf-16-be" if even > len(begins) / 4 and not odd else ""


def _has_uniform_line_ends(path: Path, encoding: str, label: str) -> bool:
    """Return whether all lines end alike, in LF or CR LF, having read every letter of the file.

    Raises:
        UnicodeError: a letter is not in this encoding.
        SourceError: it is no text.
    """
    both = feeds = returns = length = 0
    last = ""
    with open_text(path, encoding) as opened:
        while chunk := opened.read(_CHUNK):
            if "\0" in chunk:
                raise SourceError(
                    _("{source}: it is not a file of text (it has a NUL character in it)", source=label),
                    _("Export it again as CSV, or name a workbook as .xlsx"),
                )
            feeds += chunk.count("\n")
            length = _refuse_long_line(chunk, length, label)
            if last or "\r" in chunk:
                both += (last + chunk).count("\r\n")
                returns += chunk.count("\r")
            last = chunk[-1] if chunk.endswith("\r") else ""
    return returns == both and both in (0, feeds)


def _refuse_long_line(chunk: str, before: int, label: str) -> int:
    """Return how long the line is that a chunk ends in, given how long it was before.

    Raises:
        SourceError: it is longer than any line of a table.
    """
    at = max(chunk.rfind("\n"), chunk.rfind("\r"))
    length = before + len(chunk) if at < 0 else len(chunk) - at - 1
    if length > LONGEST_LINE:
        raise SourceError(
            _("{source}: it has a line of more than {n:,} letters", source=label, n=LONGEST_LINE),
            _("Export it again as CSV, one row a line"),
        )
    return length
