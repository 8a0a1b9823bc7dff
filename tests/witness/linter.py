"""What is known to make Excel offer a repair, drop something, or show #NAME?: one list of rules over a workbook."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.witness.book import Book, M
from tests.witness.lint_drawings import lint_drawings, lint_notes
from tests.witness.lint_formulas import Names
from tests.witness.lint_package import lint_package, lint_workbook
from tests.witness.lint_sheet import Page, lint_sheet, lint_text
from tests.witness.lint_styles import lint_styles
from tests.witness.lint_tables import lint_table_names, lint_tables, list_table_parts


def lint(path: Path) -> list[str]:
    """Return what is wrong with a workbook, in the order in which it is found; nothing where all is well."""
    return list(dict.fromkeys(_lint_book(Book.read(path))))


def _lint_book(book: Book) -> Iterator[str]:
    yield from lint_package(book)
    yield from lint_workbook(book)
    yield from lint_styles(book)
    for number, text in enumerate(book.texts):
        yield from (f"shared text {number}: {fault}" for fault in lint_text(text))
    yield from lint_table_names(book)
    names = _list_names(book)
    styles = book.shared("styles")
    cells, rules = ((None if styles is None else styles.find(f"{M}{n}")) for n in ("cellXfs", "dxfs"))
    for index, tab in enumerate(book.tabs):
        root = book.trees.get(tab.part)
        if root is None or tab.kind != "worksheet":
            continue
        page = Page(
            book,
            root,
            tab.part,
            index,
            1 if cells is None else len(cells),
            0 if rules is None else len(rules),
            names,
        )
        for rule in (lint_sheet, lint_tables, lint_notes):
            yield from (f"{tab.name}: {fault}" for fault in rule(page))
    yield from lint_drawings(book)


def _list_names(book: Book) -> Names:
    tables = {
        table.get("displayName", "").casefold(): frozenset(
            c.get("name", "").casefold() for c in table.iterfind(f"{M}tableColumns/{M}tableColumn")
        )
        for tab in book.tabs
        for _, table in list_table_parts(book, tab.part)
    }
    defined = frozenset(name for name, _ in book.names)
    return Names(frozenset(tab.name.casefold() for tab in book.tabs), defined, tables)
