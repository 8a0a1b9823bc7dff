"""What makes Excel repair a table: its name, its columns, its header, what it meets."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from tests.witness.book import Block, Book, Element, M, read_block
from tests.witness.lint_package import LIKE_A_CELL, NAME
from tests.witness.lint_sheet import Page

_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


def list_table_parts(book: Book, sheet_part: str) -> list[tuple[str, Element]]:
    """Return the tables of a sheet: their parts and roots."""
    arrows = book.arrows(sheet_part).values()
    return [(a.target, book.trees[a.target]) for a in arrows if a.kind == "table" and a.target in book.trees]


def lint_table_names(book: Book) -> Iterator[str]:
    """Yield what is wrong with the names and numbers of all tables of a workbook."""
    tables = [table for tab in book.tabs for _, table in list_table_parts(book, tab.part)]
    for attribute in ("displayName", "id"):
        counted = Counter(table.get(attribute, "").casefold() for table in tables)
        yield from (f"two tables of the {attribute} {name}" for name, n in counted.items() if n > 1)
    for table in tables:
        name = table.get("displayName", "")
        if not NAME.fullmatch(name) or LIKE_A_CELL.fullmatch(name) or len(name) > 255:
            yield f"Excel allows no table named {name}"
        if (name.casefold(), "") in book.names:
            yield f"a table and a defined name {name}"


def lint_tables(page: Page) -> Iterator[str]:
    """Yield what is wrong with the tables of a sheet; its cells have been looked at."""
    seen: list[Block] = []
    for part, table in list_table_parts(page.book, page.part):
        block = read_block(table.get("ref", ""))
        if block is None:
            yield f"{part}: a table of {table.get('ref')}"
            continue
        yield from (f"{part}: {fault}" for fault in _lint_table(page, table, block))
        yield from (f"{part} meets another table" for other in seen if block.meets(other))
        seen.append(block)


def _lint_table(page: Page, table: Element, block: Block) -> Iterator[str]:
    headed, totals = int(table.get("headerRowCount", "1")), int(table.get("totalsRowCount", "0"))
    if block.bottom - block.top + 1 <= headed + totals:
        yield f"a table of {table.get('ref')} without a row"
    columns = list(table.iterfind(f"{M}tableColumns/{M}tableColumn"))
    said = table.find(f"{M}tableColumns")
    width = block.right - block.left + 1
    if said is None or len(columns) != width or said.get("count", str(width)) != str(width):
        yield f"{len(columns)} columns of {width}"
    names = [_ESCAPE.sub(lambda m: chr(int(m[1], 16)), c.get("name", "")) for c in columns]
    yield from (f"two columns {n}" for n, count in Counter(map(str.casefold, names)).items() if count > 1)
    yield from (
        f"two columns numbered {n}" for n, count in Counter(c.get("id") for c in columns).items() if count > 1
    )
    if headed:
        for place, name in enumerate(names, block.left):
            shown = page.cells.get((block.top, place))
            if shown != name:
                yield f"the header {shown!r} of the column {name!r}"
    yield from _lint_filter_of_table(table, block, totals)
    yield from _lint_neighbours(page, block)


def _lint_filter_of_table(table: Element, block: Block, totals: int) -> Iterator[str]:
    filtered = table.find(f"{M}autoFilter")
    if filtered is not None and read_block(filtered.get("ref", "")) != block._replace(
        bottom=block.bottom - totals
    ):
        yield f"a filter of {filtered.get('ref')} in a table of {table.get('ref')}"


def _lint_neighbours(page: Page, block: Block) -> Iterator[str]:
    for merged in page.root.iterfind(f"{M}mergeCells/{M}mergeCell"):
        other = read_block(merged.get("ref", ""))
        if other and block.meets(other):
            yield f"merged cells {merged.get('ref')} in a table"
    filtered = page.root.find(f"{M}autoFilter")
    other = None if filtered is None else read_block(filtered.get("ref", ""))
    if other and block.meets(other):
        yield "the sheet's filter over a table"
