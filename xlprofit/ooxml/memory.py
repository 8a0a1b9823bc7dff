"""Whether there is memory enough to read a workbook: what reads long sheets ends the program where there is not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from zipfile import ZipFile

from xlprofit.address_space import can_borrow_memory
from xlprofit.errors import FileError
from xlprofit.messages import _
from xlprofit.ooxml.package import SheetPart

MB = 1 << 20

WHILE_READ, KEPT, TEXT = 2.0, 0.5, 4.0
"""The bytes that each byte of a sheet takes while it is read, and after that; and each byte of the texts of all sheets.

Measured on a million rows of numbers, and on 300,000 with a text each that no two cells share.
"""

BESIDES = 64 * MB
"""What the rest of a refresh takes besides."""

LITTLE = 32 * MB
"""Sheets of fewer bytes are not asked about: they take no more than the program itself does."""

_GROUPS = (
    (
        "/sys/fs/cgroup/memory.max",
        "/sys/fs/cgroup/memory.current",
        "/sys/fs/cgroup/memory.stat",
        "inactive_file",
    ),
    (
        "/sys/fs/cgroup/memory/memory.limit_in_bytes",
        "/sys/fs/cgroup/memory/memory.usage_in_bytes",
        "/sys/fs/cgroup/memory/memory.stat",
        "total_inactive_file",
    ),
)
"""Where Linux says what a container may take, what it takes, and how much of that it would give back.

The library that knows the machine, psutil, does not know containers.
"""


def require_sheet_memory(book: ZipFile, found: Sequence[SheetPart]) -> None:
    """Refuse sheets for which there is no memory, before anything is read of them.

    Where the system does not say how much there is, nothing is refused.

    :raises FileError: the memory that is left, to this process or to all, is less than what they take.
    """
    sizes = [book.NameToInfo[sheet.part].file_size for sheet in found]
    texts = sum(e.file_size for e in book.infolist() if e.filename.casefold() == "xl/sharedstrings.xml")
    if sum(sizes) + texts < LITTLE:
        return
    need = int(WHILE_READ * max(sizes) + KEPT * sum(sizes) + TEXT * texts) + BESIDES
    if not can_borrow_memory(need) or any(left < need for left in _list_free_memory()):
        raise FileError(
            _(
                "{path} takes some {n:,.0f} MB of memory to be read, and so much is not left",
                path=book.filename,
                n=need / 1e6,
            ),
            _(
                "Close other programs, or allow more memory; or leave the long tables in a file that the sheet "
                "{Sources} names, of which only sums are read"
            ),
        )


def _list_free_memory() -> list[int]:
    """Return the bytes that are left to the machine, swap among them, and to this container; what is known of it."""
    left: list[int] = []
    for known in (_measure_machine, *(_ask_group(*group) for group in _GROUPS)):
        with suppress(OSError, KeyError, ValueError, IndexError):  # no Linux, no container, no limit
            left.append(known())
    return left


def _measure_machine() -> int:
    import psutil  # only where a long sheet is read

    if psutil.MACOS:
        raise OSError("macOS adds to its swap as it is needed: nobody knows how much is left")
    return int(psutil.virtual_memory().available + psutil.swap_memory().free)


def _ask_group(limit: str, taken: str, statistics: str, given_back: str) -> Callable[[], int]:
    def measure_free() -> int:
        most = int(Path(limit).read_text(encoding="ascii"))
        lines = dict(line.split() for line in Path(statistics).read_text(encoding="ascii").splitlines())
        return most - int(Path(taken).read_text(encoding="ascii")) + int(lines[given_back])

    return measure_free
