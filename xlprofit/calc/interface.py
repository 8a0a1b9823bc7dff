"""The interface of the formulas, in the binary form of LibreOffice's type libraries (``.rdb``).

LibreOffice asks an add-in for its types and gets them from such a library. The program that compiles one is
part of LibreOffice's development kit, which no user has, so the few hundred bytes are written here. The form,
as the development kit's own program writes it: whole numbers are little-endian; a string is its length and its
letters, or the offset of an earlier one with the highest bit set; a module is a list of offsets of names and
contents, sorted by name.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence

MODULES, INTERFACE = ("org", "xlprofit"), "XFormulas"
"""Where the interface stands."""

ROWS, ANY, CALLER = "[][]any", "any", "com.sun.star.beans.XPropertySet"
"""The types of the methods: what each gives, what an argument is, and the document that calls."""

MAGIC = b"UNOIDL\xff\0"
_MODULE_KIND, _INTERFACE_KIND, _SEEN = 0, 5, 0x80000000

Method = tuple[str, Sequence[tuple[str, str]]]
"""A method: its name, and its parameters' names and types."""


def build_type_library(methods: Iterable[Method]) -> bytes:
    """Return a type library with the one interface, whose methods give rows of cells.

    >>> library = build_type_library([("HALF", [("number", ANY)])])
    >>> library[:6], b"HALF" in library
    (b'UNOIDL', True)
    """
    written = bytearray(MAGIC + bytes(8))
    strings: dict[str, int] = {}

    def count(number: int) -> None:
        written.extend(struct.pack("<I", number))

    def text(word: str) -> None:
        if word in strings:
            return count(strings[word] | _SEEN)
        strings[word] = len(written)
        count(len(word))
        written.extend(word.encode("ascii"))
        return None

    content = len(written)
    written.append(_INTERFACE_KIND)
    count(1)
    text("com.sun.star.uno.XInterface")
    count(0)  # optional bases
    count(0)  # attributes
    listed = list(methods)
    count(len(listed))
    for name, parameters in listed:
        text(name)
        text(ROWS)
        count(len(parameters))
        for parameter, kind in parameters:
            written.append(0)  # goes in
            text(parameter)
            text(kind)
        count(0)  # exceptions
    for place, name in enumerate((INTERFACE, *reversed(MODULES))):
        label = len(written)
        written.extend(name.encode("ascii") + b"\0")
        entry = len(written)
        if place == len(MODULES):
            count(label)
            count(content)
            struct.pack_into("<II", written, len(MAGIC), entry, 1)
            break
        module = len(written)
        written.append(_MODULE_KIND)
        count(1)
        count(label)
        count(content)
        content = module
    return bytes(written)
