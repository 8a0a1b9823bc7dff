"""What a user chose on a result sheet, to be kept when the sheet is drawn anew.

The sheet is ours and is about to be drawn anew, so that nothing that stands on it may stop that: it is read up to the
cell and no further, and what cannot be read there counts as nothing chosen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from xml.parsers.expat import ExpatError, ParserCreate, XMLParserType
from zipfile import ZipFile

from xlprofit.addresses import format_address, parse_address
from xlprofit.errors import FileError
from xlprofit.ooxml.listing import read_sheet_list
from xlprofit.ooxml.package import find_main_part, open_package, read_part_pieces, read_relations

MOST_LETTERS = 32_767
"""The letters that a cell of Excel holds."""


def read_chosen_cell(path: Path, names: Iterable[str], row: int, column: int) -> tuple[bool, object]:
    """Return whether a workbook has a sheet of ours under one of these names, and what a cell of it holds.

    Rows and columns count from 1; a cell that holds nothing, an error, or nothing that can be read is ``None``.

    :raises FileError: the workbook cannot be opened.
    """
    wanted = {name.casefold() for name in names}
    with open_package(path) as book:
        found = [
            sheet for sheet in read_sheet_list(book).sheets if sheet.ours and sheet.name.casefold() in wanted
        ]
        if not found:
            return False, None
        try:
            return True, _read_cell_value(book, found[0].part, row, column)
        except (ExpatError, FileError, ValueError):
            return True, None


class _FoundError(Exception):
    """What was looked for is found: the rest of a part is not read."""


def _parse_until_found(book: ZipFile, part: str, parser: XMLParserType) -> None:
    """Hand a part to a parser, piece by piece, until one of its handlers has what it looks for."""
    try:
        for piece in read_part_pieces(book, part, 1 << 16):
            parser.Parse(piece, False)
    except _FoundError:
        return


def _read_cell_value(book: ZipFile, part: str, row: int, column: int) -> object:
    wanted, inside = format_address(row, column), False
    kind, texts, collected = "", list[str](), False
    parser = ParserCreate()

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal inside, kind, collected
        name = tag.rpartition(":")[2]
        if name == "c":
            address = attributes.get("r", "").upper()
            inside, kind = address == wanted, attributes.get("t", "n")
            if address and parse_address(address)[0] > row:
                raise _FoundError
        collected = inside and name in ("v", "t")

    def end(tag: str) -> None:
        nonlocal collected
        collected = False
        if inside and tag.rpartition(":")[2] == "c":
            raise _FoundError

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = _build_collector(texts, lambda: collected)
    _parse_until_found(book, part, parser)
    return _convert_cell_text(book, kind, "".join(texts)) if inside else None


def _build_collector(texts: list[str], wanted: Callable[[], bool]) -> Callable[[str], None]:
    """Return what adds the letters to some texts that are wanted, as many as a cell holds."""
    held = 0

    def collect(letters: str) -> None:
        nonlocal held
        if wanted() and held < MOST_LETTERS:
            texts.append(letters)
            held += len(letters)

    return collect


def _convert_cell_text(book: ZipFile, kind: str, text: str) -> object:
    """Return what a cell of a kind holds, given its text in the file."""
    if kind == "e" or not text:
        return None
    if kind == "s":
        return _read_shared_text(book, int(text[:9])) or None
    if kind in ("str", "inlineStr", "d"):
        return text
    return text.strip() == "1" if kind == "b" else float(text[:400])


def _read_shared_text(book: ZipFile, number: int) -> str:
    """Return the text of a number among those that the workbook's cells share; an empty one where there is none."""
    arrows = read_relations(book, find_main_part(book)).values()
    part = next((arrow.target for arrow in arrows if arrow.kind == "sharedStrings"), "")
    texts, at, collected, aside = list[str](), -1, False, False
    parser = ParserCreate()

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal at, collected, aside
        name = tag.rpartition(":")[2]
        at += name == "si"
        aside = aside or name == "rPh"  # how a word is read aloud stands beside it
        collected = at == number and name == "t" and not aside

    def end(tag: str) -> None:
        nonlocal collected, aside
        name, collected = tag.rpartition(":")[2], False
        aside = aside and name != "rPh"
        if at == number and name == "si":
            raise _FoundError

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = _build_collector(texts, lambda: collected)
    if part:
        _parse_until_found(book, part, parser)
    return "".join(texts)
