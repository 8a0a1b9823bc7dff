"""Excel Tables of ours beside the user's: each with a number and a name that no other has, or Excel finds damage."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from zipfile import ZipFile

from xlprofit.ooxml.listing import Listing, visit_defined_names
from xlprofit.ooxml.package import read_part

TABLE_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.table+xml"

_PART = re.compile(r"xl/tables/[^/]*\.xml", re.IGNORECASE)
_TAG = re.compile(rb"<(?:\w+:)?table\b[^>]*>")
_NUMBER = re.compile(rb"""(\sid=["'])(\d+)(["'])""")
_NAMES = re.compile(rb"""(\s(?:name|displayName)=["'])([^"']*)(["'])""")


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
        tag = _TAG.search(read_part(book, name))
        if tag is not None:
            taken.numbers |= {int(found[2]) for found in _NUMBER.finditer(tag[0])}
            taken.names |= {found[2].decode().casefold() for found in _NAMES.finditer(tag[0])}
    visit_defined_names(listing, lambda place: taken.names.add(place.attribute("name").casefold()))
    return taken


def renumber_table(xml: bytes, taken: TakenNumbers) -> bytes:
    """Return the part of a table with the first number, and the first name like its own, that are free; take them."""
    tag = _TAG.search(xml)
    if tag is None:
        raise ValueError("the part of a table has no table in it")
    number = 1
    while number in taken.numbers:
        number += 1
    found = _NAMES.search(tag[0])
    own = found[2].decode() if found else ""
    name, more = own, 2
    while name.casefold() in taken.names:
        name, more = f"{own}_{more}", more + 1
    taken.numbers.add(number)
    taken.names.add(name.casefold())
    made = _NUMBER.sub(rb"\g<1>%d\g<3>" % number, tag[0])
    made = _NAMES.sub(rb"\g<1>%s\g<3>" % name.encode(), made)
    return xml[: tag.start()] + made + xml[tag.end() :]
