"""Number formats that say what a number is: an amount in dollars, a percentage; which cells of a sheet bear them.

Readers of cells give the number alone. Such cells are noted while the bytes of a sheet are looked through, and only
where the workbook has a style with such a format.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree import ElementTree
from zipfile import ZipFile

import numpy as np
import numpy.typing as npt

from xlprofit.addresses import parse_address, parse_column, parse_row_number
from xlprofit.ooxml.package import (
    SheetPart,
    find_main_part,
    read_part_tree,
    read_relations,
    strip_namespace,
)
from xlprofit.ooxml.tags import match_tags_with, match_values, read_attribute
from xlprofit.tables import TABLES

Formats = dict[int, dict[str, npt.NDArray[np.int64]]]
"""By sheet column, the codes of formats and the sheet rows whose cells bear each, ascending; all count from 1."""

PERCENT = {"9": "0%", "10": "0.00%"}
"""Excel's own formats of percentages, by number."""

OF_THE_COUNTRY = frozenset(("5", "6", "7", "8", *map(str, range(37, 45))))
"""Excel's own formats of money, by number: they show the currency of whoever opens the workbook, and say nothing."""

MONEY_TABLES = frozenset(name for name, table in TABLES.items() if table.money)
RATED_TABLES = frozenset(name for name, table in TABLES.items() if any(c.of_revenue for c in table.columns))
"""Tables with columns of money that may hold percentages instead."""

_NOTHING = re.compile(r"(?!)")
_CURRENCY = re.compile(r'[€£¥₹]|\[\$[^\]-]|(?<!\[)\$|"[^"]*[A-Za-zčł][^"]*"')
"""A currency's sign or code, or any words in quotes, which may be one."""
_TELLING = re.compile(f"%|{_CURRENCY.pattern}")


def find_telling_styles(book: ZipFile) -> dict[bytes, str]:
    """Return the format codes that may say what a number is, by the number of the style that has them."""
    own, numbers = read_number_formats(book)
    told = {n: code for n, code in own.items() if n not in OF_THE_COUNTRY and _TELLING.search(code)}
    codes = told | PERCENT
    return {str(at).encode(): codes[n] for at, n in enumerate(numbers) if n in codes}


def read_number_formats(book: ZipFile) -> tuple[dict[str, str], list[str]]:
    """Return the workbook's own format codes by number, and the number of the format of each style."""
    part = _find_style_part(book)
    if not part:
        return {}, []
    root = read_part_tree(book, part)
    own = [element for element in root.iter() if strip_namespace(element) == "numFmt"]
    styles = [style for group in root if strip_namespace(group) == "cellXfs" for style in group]
    codes = {element.get("numFmtId", ""): element.get("formatCode", "") for element in own}
    return codes, [style.get("numFmtId", "0") for style in styles]


def _find_style_part(book: ZipFile) -> str:
    """Return the part of the styles; an empty text where there is none."""
    arrows = read_relations(book, find_main_part(book)).values()
    return next((arrow.target for arrow in arrows if arrow.kind == "styles"), "")


@dataclass
class FormattedCells:
    """The cells of a sheet, those not blank, that bear one of some styles: found as its bytes are looked through.

    ``cell`` finds its attributes; ``sign`` what a piece with such a cell has in it, in the quotes of this sheet, and
    is not known before the first piece. ``unaddressed`` says that a cell bears no address.
    """

    styles: Mapping[bytes, str]
    cell: re.Pattern[bytes]
    sign: re.Pattern[bytes] | None = None
    found: dict[tuple[int, str], list[int]] = field(default_factory=dict)
    unaddressed: bool = False


def select_noted_styles(tables: Collection[str], styles: Mapping[bytes, str]) -> FormattedCells:
    """Return where the cells of a sheet with these tables are noted that bear one of the styles that matter there."""
    kinds = _CURRENCY if MONEY_TABLES & set(tables) else _NOTHING
    kinds = _TELLING if RATED_TABLES & set(tables) else kinds
    styles = {number: code for number, code in styles.items() if kinds.search(code)}
    return FormattedCells(styles, match_tags_with("c", "s", tuple(sorted(styles)), filled=True))


def note_formats(formatted: FormattedCells, piece: bytes) -> None:
    """Note which cells in a piece of a sheet bear one of the styles."""
    if not formatted.styles:
        return
    if formatted.sign is None:
        formatted.sign = _compile_sign(formatted.styles, piece)
    if not formatted.sign.search(piece):
        return
    for attributes, style in formatted.cell.findall(piece):
        address = read_attribute(attributes, "r")
        if not address:
            formatted.unaddressed = True
        else:
            row, column = parse_address(address.decode())
            formatted.found.setdefault((column, formatted.styles[style]), []).append(row)


def _compile_sign(styles: Collection[bytes], piece: bytes) -> re.Pattern[bytes]:
    """Return what finds one of these styles in a sheet, given a piece of it.

    A program that writes XML has one kind of quotes.
    """
    return match_values("s", tuple(sorted(styles)), b"'" if b"='" in piece else b'"')


def find_sheet_formats(book: ZipFile, sheet: SheetPart, formatted: FormattedCells) -> Formats:
    """Return which cells of a sheet bear which formats, its bytes looked through."""
    return (
        _find_unaddressed_formats(book, sheet, formatted.styles)
        if formatted.unaddressed
        else _group_formats_by_column(formatted.found)
    )


def _find_unaddressed_formats(book: ZipFile, sheet: SheetPart, styles: Mapping[bytes, str]) -> Formats:
    """Find the same in a sheet whose cells bear no address, by counting rows and cells."""
    found: dict[tuple[int, str], list[int]] = {}
    row = 0
    for line in (
        element for element in read_part_tree(book, sheet.part).iter() if strip_namespace(element) == "row"
    ):
        row = parse_row_number(line.get("r") or "", row)
        for column, cell in _number_row_cells(line):
            code = styles.get((cell.get("s") or "").encode())
            if code is not None and len(cell):
                found.setdefault((column, code), []).append(row)
    return _group_formats_by_column(found)


def _number_row_cells(row: ElementTree.Element) -> Iterator[tuple[int, ElementTree.Element]]:
    """Yield the cells of a row with their columns; one that bears no address follows the one before it."""
    column = 0
    for cell in row:
        letters = (cell.get("r") or "").rstrip("0123456789")
        column = parse_column(letters) if letters else column + 1
        yield column, cell


def _group_formats_by_column(found: Mapping[tuple[int, str], list[int]]) -> Formats:
    formats: Formats = {}
    for (column, code), rows in found.items():
        formats.setdefault(column, {})[code] = np.unique(np.array(rows, dtype=np.int64))
    return formats
