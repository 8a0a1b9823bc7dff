"""What another program calculates: every formula of a workbook by IronCalc, against the value that stands beside it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import ironcalc
from lxml import etree  # type: ignore[import-untyped]  # it ships no types

from tests.witness.book import Book, Element, M, read_block, read_text
from tests.witness.lint_formulas import OWN

_OWN = re.compile(rf"\b(?:{'|'.join(sorted(OWN))})\(")


def find_differences(path: Path) -> list[str]:
    """Return the cells whose formulas come to something else than what stands beside them.

    A workbook that IronCalc cannot open is one difference. Where the formulas of the add-in stand, what hangs on
    them is a name that IronCalc does not know.
    """
    book = Book.read(path)
    try:
        model = open_model(path)
        model.evaluate()
    except BaseException as error:  # a panic of its own is no Exception
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise
        return [f"IronCalc does not open it: {error}"]
    return list(_compare_book(book, model))


def open_model(path: Path) -> Any:
    """Return a workbook as IronCalc reads it."""
    return ironcalc.load_from_xlsx(str(path), "en", "UTC", "en")


def _compare_book(book: Book, model: Any) -> Iterator[str]:
    sheets = {found["name"]: place for place, found in enumerate(model.get_worksheets_properties())}
    for tab in book.tabs:
        root = book.trees.get(tab.part)
        if root is None or tab.kind != "worksheet":
            continue
        if tab.name not in sheets:
            yield f"IronCalc sees no sheet {tab.name}"
            continue
        formulas = [cell for cell in root.iter(f"{M}c") if cell.find(f"{M}f") is not None]
        own = any(_OWN.search(cell.findtext(f"{M}f") or "") for cell in formulas)
        for cell in formulas:
            block = read_block(cell.get("r", ""))
            if block is None:
                continue
            got = model.get_cell_value(sheets[tab.name], block.top, block.left)
            kept = read_cell(book, cell)
            if not are_equal(got, kept) and not (own and got == "#NAME?"):
                yield f"{tab.name}!{cell.get('r')}: {got!r}, beside it {kept!r}"


def read_cell(book: Book, cell: Element) -> object:
    """Return what stands in a cell: a number, a text, a truth value, or nothing."""
    kind, value = cell.get("t", "n"), cell.findtext(f"{M}v")
    inline = cell.find(f"{M}is")
    if kind == "inlineStr":
        return None if inline is None else read_text(inline)
    if value is None:
        return None
    if kind == "s":
        return read_text(book.texts[int(value)])
    return value == "1" if kind == "b" else float(value) if kind == "n" and value else value


def are_equal(got: object, kept: object) -> bool:
    """Whether two programs mean the same: nothing is an empty text, numbers agree to 12 digits."""
    if got in ("", None) and kept in ("", None):
        return True
    if isinstance(got, date):
        moment = got if isinstance(got, datetime) else datetime(got.year, got.month, got.day)
        got = (moment - datetime(1899, 12, 30)).total_seconds() / 86400
    numbers = [v for v in (got, kept) if isinstance(v, int | float) and not isinstance(v, bool)]
    if len(numbers) == 2:
        return math.isclose(*numbers, rel_tol=1e-9, abs_tol=1e-9)
    return str(got).casefold() == str(kept).casefold()


def list_cells(book: Book) -> dict[str, dict[str, object]]:
    """Return what stands in every cell of every worksheet, by sheet and address; blanks are left out."""
    found: dict[str, dict[str, object]] = {}
    for tab in book.tabs:
        root = book.trees.get(tab.part)
        if root is not None and tab.kind == "worksheet":
            cells = ((c.get("r", ""), read_cell(book, c)) for c in root.iter(etree.QName(M[1:-1], "c")))
            found[tab.name] = {place: value for place, value in cells if value not in (None, "")}
    return found
