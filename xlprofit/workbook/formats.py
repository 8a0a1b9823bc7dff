"""Number formats that say what a number is: an amount in dollars, a percentage; which cells of a sheet bear them.

Readers of cells give the number alone. The sheet is looked through once more for such cells, and only where the
workbook has a style with such a format: most have none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from zipfile import ZipFile

import numpy as np
import numpy.typing as npt

from xlprofit.addresses import column_number
from xlprofit.workbook.package import SheetPart, local, main_part, pieces, relations, tree

Formats = dict[int, dict[str, npt.NDArray[np.int64]]]
"""By sheet column, the codes of formats and the sheet rows whose cells bear each, ascending; all count from 1."""

PERCENT = {"9": "0%", "10": "0.00%"}
"""Excel's own formats of percentages, by number."""

OF_THE_COUNTRY = frozenset(("5", "6", "7", "8", *map(str, range(37, 45))))
"""Excel's own formats of money, by number: they show the currency of whoever opens the workbook, and say nothing."""

_TELLING = re.compile(r'[%€£¥₹]|\[\$[^\]-]|(?<!\[)\$|"[^"]*[A-Za-zčł][^"]*"')
"""A percent sign, a currency's sign or code, or any words in quotes, which may be one."""

_ADDRESS = re.compile(rb"\br=[\"']([A-Za-z]+)(\d+)[\"']")
_STYLE = re.compile(rb"\ss=[\"'](\d+)[\"']")


def telling_styles(book: ZipFile) -> dict[bytes, str]:
    """Return the format codes that may say what a number is, by the number of the style that has them."""
    part = next((a.target for a in relations(book, main_part(book)).values() if a.kind == "styles"), "")
    if not part:
        return {}
    root = tree(book, part)
    own = {e.get("numFmtId", ""): e.get("formatCode", "") for e in root.iter() if local(e) == "numFmt"}
    codes = {
        n: code for n, code in own.items() if n not in OF_THE_COUNTRY and _TELLING.search(code)
    } | PERCENT
    styles = [e for group in root if local(group) == "cellXfs" for e in group]
    numbers = [style.get("numFmtId", "0") for style in styles]
    return {str(at).encode(): codes[n] for at, n in enumerate(numbers) if n in codes}


def formats_on(book: ZipFile, sheet: SheetPart, styles: Mapping[bytes, str]) -> Formats:
    """Return which cells of a sheet that are not blank bear one of these styles."""
    if not styles:
        return {}
    signs = [b"s=%s%s%s" % (quote, style, quote) for style in styles for quote in (b'"', b"'")]
    cell = re.compile(
        rb"<(?:\w+:)?c\s([^>]*\bs=[\"'](?:%s)[\"'][^>]*)(?<!/)>" % b"|".join(sorted(styles)), re.DOTALL
    )
    found: dict[tuple[int, str], list[int]] = {}
    for piece in pieces(book, sheet.part):
        if not any(sign in piece for sign in signs):
            continue
        for attributes in cell.findall(piece):
            address, style = _ADDRESS.search(attributes), _STYLE.search(b" " + attributes)
            if address is None:
                return _counted(book, sheet, styles)
            if style is not None:
                column = column_number(address[1].decode().upper())
                found.setdefault((column, styles[style[1]]), []).append(int(address[2]))
    return _by_column(found)


def _counted(book: ZipFile, sheet: SheetPart, styles: Mapping[bytes, str]) -> Formats:
    """Find the same in a sheet whose cells bear no address, by counting rows and cells."""
    found: dict[tuple[int, str], list[int]] = {}
    row = 0
    for line in (element for element in tree(book, sheet.part).iter() if local(element) == "row"):
        row = int(line.get("r") or row + 1)
        column = 0
        for cell in line:
            letters = (cell.get("r") or "").rstrip("0123456789")
            column = column_number(letters.upper()) if letters else column + 1
            code = styles.get((cell.get("s") or "").encode())
            if code is not None and len(cell):
                found.setdefault((column, code), []).append(row)
    return _by_column(found)


def _by_column(found: Mapping[tuple[int, str], list[int]]) -> Formats:
    formats: Formats = {}
    for (column, code), rows in found.items():
        formats.setdefault(column, {})[code] = np.unique(np.array(rows, dtype=np.int64))
    return formats
