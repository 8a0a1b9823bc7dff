"""Folders for what a run writes on its way: gone when it ends, and when it is killed with the next that needs one."""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PREFIX = "xlprofit-run-"
"""No folder of another's is called so."""

_OURS = re.compile(rf"{PREFIX}[a-z0-9_]{{8}}")


@contextmanager
def open_scratch_folder() -> Iterator[Path]:
    """Give an empty folder that goes when the block ends; those that killed runs left are removed first.

    A run holds its folder by a lock of the system, which ends with the process however that ends. Where a system or
    a disk knows no such locks, as on Windows, what a killed run left is for the system's own clearing.

    Raises:
        OSError: no folder can be made.
    """
    _remove_left_folders(Path(tempfile.gettempdir()))
    folder, held = _make_held_folder()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if held is not None:
            os.close(held)


def _make_held_folder() -> tuple[Path, int | None]:
    """Make a folder and hold it; again where another run took it for one left over before it was held."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX))
        held = _hold_folder(folder)
        if folder.exists():
            return folder, held
        if held is not None:
            os.close(held)


def _remove_left_folders(place: Path) -> None:
    """Remove the folders of killed runs of this user: those that nobody holds."""
    with suppress(OSError):
        for entry in list(os.scandir(place)):
            if not _OURS.fullmatch(entry.name):
                continue
            held = _hold_folder(Path(entry.path))
            if held is not None:
                shutil.rmtree(entry.path, ignore_errors=True)
                os.close(held)


def _hold_folder(folder: Path) -> int | None:
    """Return an open folder of this user's that no other process holds, locked; nothing where it cannot be told."""
    if sys.platform in ("win32", "emscripten"):
        return None
    import fcntl

    try:
        opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        if os.fstat(opened).st_uid == os.geteuid():
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return opened
    except OSError:
        pass  # held, or on a disk without locks
    os.close(opened)
    return None
