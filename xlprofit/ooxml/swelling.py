"""Sheets that would swell in memory: a text that many cells share stands in the file once, and is read for each."""

from __future__ import annotations

from collections.abc import Sequence
from zipfile import ZipFile

import numpy as np

from xlprofit.errors import FileError
from xlprofit.messages import _
from xlprofit.ooxml.marks import SheetPatterns, find_opened_cells, find_sheet_patterns
from xlprofit.ooxml.package import SheetPart, find_main_part, read_part, read_part_pieces, read_relations
from xlprofit.ooxml.tags import match_tags, match_tags_with

MOST_TEXT = 1 << 27
"""The bytes of text that a sheet's cells may hold, however small its file is."""

MOST_TIMES = 30
"""How many times the bytes of the sheet's own part its text may take beyond that."""

_LEAST_CELL = len('<c t="s"><v>0</v></c>')
_MOST_DIGITS = 9
"""A text whose number has more of them is none that a file could hold."""


def refuse_swelling_sheet(book: ZipFile, found: Sequence[SheetPart]) -> None:
    """Refuse a sheet whose cells' texts would take many times the memory that its file lets expect.

    What no sheet of its size could hold is told from the sizes of the parts; only where it could are cells counted.

    :raises FileError: a sheet holds too much text.
    """
    shared = _find_shared_text_part(book)
    if not shared:
        return
    sizes = {sheet: book.NameToInfo[sheet.part].file_size for sheet in found}
    allowed = {sheet: max(MOST_TEXT, MOST_TIMES * size) for sheet, size in sizes.items()}
    whole = book.NameToInfo[shared].file_size
    doubtful = [s for s in found if whole * (sizes[s] // _LEAST_CELL) > allowed[s]]
    if not doubtful:
        return
    lengths = _measure_shared_texts(read_part(book, shared))
    longest = max(lengths, default=0)
    for sheet in (s for s in doubtful if longest * (sizes[s] // _LEAST_CELL) > allowed[s]):
        _refuse_much_text(book, sheet, lengths, allowed[sheet])


def _find_shared_text_part(book: ZipFile) -> str:
    """Return the part of the shared texts; an empty text where there is none."""
    arrows = {arrow.kind: arrow.target for arrow in read_relations(book, find_main_part(book)).values()}
    return arrows.get("sharedStrings", "")


def _refuse_much_text(book: ZipFile, sheet: SheetPart, lengths: list[int], allowed: float) -> None:
    """Refuse a sheet whose cells hold more bytes of text than are allowed."""
    held = _sum_text_bytes(book, sheet, lengths)
    if held > allowed:
        raise FileError(
            _(
                'The cells of sheet "{sheet}" of {path} hold {n:,.0f} MB of text, '
                "some of it repeated over and over",
                sheet=sheet.name,
                path=book.filename,
                n=held / 1e6,
            ),
            _("Shorten the long texts in it, or take the column that holds them out"),
        )


def _measure_shared_texts(shared: bytes) -> list[int]:
    """Return the bytes of each shared text, what marks it up among them."""
    starts = [item.start() for item in match_tags("si").finditer(shared)]
    return [end - start for start, end in zip(starts, [*starts[1:], len(shared)], strict=True)]


def _sum_text_bytes(book: ZipFile, sheet: SheetPart, lengths: list[int]) -> int:
    """Return the bytes of the shared texts in a sheet's cells."""
    known = np.array(lengths)
    shared = match_tags_with("c", "t", (b"s",), filled=True)
    patterns: SheetPatterns | None = None
    total = 0
    for piece in read_part_pieces(book, sheet.part):
        patterns = find_sheet_patterns(piece) if patterns is None else patterns
        cells = find_opened_cells(shared, patterns, piece)
        values = (patterns.value.search(piece, start, end) for _attributes, start, end in cells)
        numbers = (value[2].strip() for value in values if value)
        places = np.array([int(n) for n in numbers if n.isdigit() and len(n) <= _MOST_DIGITS], np.int64)
        total += int(known[places[places < len(known)]].sum())
    return total
