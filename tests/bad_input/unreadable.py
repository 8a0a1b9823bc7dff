"""Files that are no workbook, whatever their name or their content says: each is refused in a line of its own."""

from __future__ import annotations

from pathlib import Path

_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How a file of the old compound format begins."""

UNREADABLE: dict[str, tuple[str, bytes]] = {
    "old format": ("a.xls", b"whatever"),
    "text": ("a.csv", b"whatever"),
    "binary workbook": ("a.xlsb", b"whatever"),
    "OpenDocument": ("a.ods", b"whatever"),
    "template": ("a.xltx", b"whatever"),
    "add-in": ("a.xlam", b"whatever"),
    "another program's": ("a.pdf", b"whatever"),
    "mark of an open workbook": ("~$a.xlsx", b"whatever"),
    "empty": ("book.xlsx", b""),
    "text under the right name": ("book.xlsx", b"date;customer\n1;2\n"),
    "old format under the right name": ("book.xlsx", _OLD + b"\0" * 600),
    "password": ("book.xlsx", _OLD[:4] + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")),
    "half-written": ("book.xlsx", b"PK\x03\x04" + b"\0" * 100),
    "zip of something else": (
        "book.xlsx",
        b"PK\x05\x06" + b"\0" * 18,
    ),
}
"""What it is, its name, and what is in it."""


def write_unreadable(name: str, folder: Path) -> Path:
    """Write one of them into a folder; return its path."""
    path = folder / UNREADABLE[name][0]
    path.write_bytes(UNREADABLE[name][1])
    return path
