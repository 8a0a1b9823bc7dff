"""Excel Tables of ours beside the user's: each with a number and a name that no other has, or Excel finds damage."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from zipfile import ZipFile

from xlprofit.addresses import parse_whole_number
from xlprofit.ooxml.listing import Listing, visit_defined_names
from xlprofit.ooxml.package import read_part_tree
from xlprofit.ooxml.splice import find_element_places, set_tag_attribute

TABLE_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.table+xml"

_PART = re.compile(r"xl/tables/[^/]*\.xml", re.IGNORECASE)
_NAMES = ("name", "displayName")


@dataclass
class TakenNumbers:
    """The numbers and the lower-case names of tables that are taken; names of cells are taken too."""

    numbers: set[int] = field(default_factory=set)
    names: set[str] = field(default_factory=set)


def read_taken_numbers(book: ZipFile, dropped: Collection[str], listing: Listing) -> TakenNumbers:
    """Return what the tables and the defined names of a workbook are called, without those of parts that go."""
    taken = TakenNumbers()
    for name in book.namelist():
        if name in dropped or not _PART.fullmatch(name):
            continue
        table = read_part_tree(book, name)
        number = parse_whole_number(table.get("id", ""))
        taken.numbers |= set() if number is None else {number}
        taken.names |= {table.get(said, "").casefold() for said in _NAMES} - {""}
    visit_defined_names(listing, lambda place: taken.names.add(place.attribute("name").casefold()))
    return taken


def renumber_table(xml: bytes, taken: TakenNumbers) -> bytes:
    """Return the part of a table with the first number, and the first name like its own, that are free; take them."""
    (table,) = find_element_places(xml, 0)
    number = 1
    while number in taken.numbers:
        number += 1
    own = next((said for name in _NAMES if (said := table.attribute(name))), "")
    name, more = own, 2
    while name.casefold() in taken.names:
        name, more = f"{own}_{more}", more + 1
    taken.numbers.add(number)
    taken.names.add(name.casefold())
    tag = set_tag_attribute(xml[table.start : table.inner], "id", str(number))
    for said in _NAMES:
        tag = set_tag_attribute(tag, said, name)
    return xml[: table.start] + tag + xml[table.inner :]
