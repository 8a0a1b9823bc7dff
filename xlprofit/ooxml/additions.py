"""What a user added to a result sheet that a refresh cannot carry over: notes, pictures, charts, protection.

It is named.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from xml.etree.ElementTree import Element
from zipfile import ZipFile

from xlprofit.addresses import parse_whole_number
from xlprofit.errors import FileError
from xlprofit.messages import _, _n
from xlprofit.ooxml.listing import Listed, Listing
from xlprofit.ooxml.package import read_part_pieces, read_part_tree, read_relations, strip_namespace
from xlprofit.ooxml.tags import match_tags

AUTHOR = "xlprofit"
"""Who is said to have written the notes of ours, on the headers of tables."""

NAMED = 5
"""So many cells of one sheet are named."""

_DRAWN = ("pic", "sp", "cxnSp", "grpSp", "graphicFrame")
"""What stands on a drawing: pictures, shapes, lines, groups; charts and what else has a frame."""


def list_lost_additions(book: ZipFile, old: Listing, drawn: Mapping[str, int]) -> tuple[str, ...]:
    """Return what is on the result sheets that are drawn anew and will not be there.

    ``drawn`` are their names, and how many charts each has.
    """
    wanted = {name.casefold(): charts for name, charts in drawn.items()}
    found: list[str] = []
    for sheet in old.sheets:
        if sheet.ours and sheet.name.casefold() in wanted and sheet.part in book.NameToInfo:
            with suppress(
                FileError, ValueError
            ):  # a sheet of ours that is damaged is drawn anew all the same
                found += _list_sheet_additions(book, sheet, wanted[sheet.name.casefold()])
    return tuple(found)


def _list_sheet_additions(book: ZipFile, sheet: Listed, charts: int) -> Iterator[str]:
    cells = list(dict.fromkeys(_list_noted_cells(book, sheet)))
    if cells:
        yield _n(
            "the note or comment on the sheet {sheet}, cell {cells}",
            "{n:,} notes or comments on the sheet {sheet}, cells {cells}",
            len(cells),
            sheet=sheet.name,
            cells=", ".join(cells[:NAMED]) + (", …" if len(cells) > NAMED else ""),
        )
    drawn = max(_count_drawn_objects(book, sheet) - charts, 0)
    if drawn:
        yield _n(
            "the picture, shape or chart of your own on the sheet {sheet}",
            "{n:,} pictures, shapes or charts of your own on the sheet {sheet}",
            drawn,
            sheet=sheet.name,
        )
    if any(match_tags("sheetProtection").search(piece) for piece in read_part_pieces(book, sheet.part)):
        yield _("the protection of the sheet {sheet}", sheet=sheet.name)


def _count_drawn_objects(book: ZipFile, sheet: Listed) -> int:
    """Return how many pictures, shapes and charts a sheet bears; a group counts once."""
    count = 0
    for arrow in read_relations(book, sheet.part).values():
        if arrow.kind == "drawing" and not arrow.external and arrow.target in book.NameToInfo:
            anchors = list(read_part_tree(book, arrow.target))
            count += sum(strip_namespace(child) in _DRAWN for anchor in anchors for child in anchor)
    return count


def _list_noted_cells(book: ZipFile, sheet: Listed) -> Iterator[str]:
    """Give the cells that bear a note or a comment of somebody else's."""
    for arrow in read_relations(book, sheet.part).values():
        if arrow.external or arrow.target not in book.NameToInfo:
            continue
        if arrow.kind == "comments":
            yield from _list_foreign_notes(read_part_tree(book, arrow.target))
        elif arrow.kind == "threadedComment":
            yield from (e.get("ref", "") for e in read_part_tree(book, arrow.target) if e.get("ref"))


def _list_foreign_notes(root: Element) -> Iterator[str]:
    authors = [e.text or "" for e in root.iter() if strip_namespace(e) == "author"]
    for element in root.iter():
        if strip_namespace(element) == "comment":
            number = parse_whole_number(element.get("authorId", ""))
            if number is None or authors[number : number + 1] != [AUTHOR]:
                yield element.get("ref", "")
