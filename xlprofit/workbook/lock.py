"""A lock on a workbook: of two that would write it at the same time, the second is told so.

The lock is the system's own on a file beside the workbook, so that it ends with the process that holds
it, even one that is killed; the file itself may then be left over, and means nothing.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from xlprofit.errors import FileError
from xlprofit.messages import _

if sys.platform == "win32":
    import msvcrt

    def _hold(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _hold(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


_TRIES = 10


@contextmanager
def locked(workbook: Path) -> Iterator[None]:
    """Hold the lock of a workbook while the block runs.

    :raises FileError: another process holds it, or no file can be made beside the workbook.
    """
    workbook = workbook.resolve()
    mark = workbook.with_name(f".{workbook.name}.lock")
    descriptor = _held(workbook, mark)
    try:
        yield
    finally:
        with suppress(OSError):  # Windows removes no open file, and needs none removed
            mark.unlink()
        os.close(descriptor)


def _held(workbook: Path, mark: Path) -> int:
    """Return the open file that bears the lock; it must still be the one beside the workbook."""
    for _try in range(_TRIES):
        try:
            descriptor = os.open(mark, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise FileError(
                _("No file can be made beside {path} ({reason})", path=workbook, reason=error.strerror),
                _("Give another place with -o"),
            ) from error
        try:
            _hold(descriptor)
        except (BlockingIOError, PermissionError) as error:
            os.close(descriptor)
            raise _busy(workbook) from error
        except OSError:
            return descriptor  # a disk that knows no locks: the change of the file meanwhile is seen all the same
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(descriptor), mark.stat()):
                return descriptor
        os.close(descriptor)  # whoever held it has just removed it
    raise _busy(workbook)


def _busy(workbook: Path) -> FileError:
    return FileError(
        _("{path} is being refreshed by another xlprofit at this moment", path=workbook),
        _("Wait until that is done, then run it again"),
    )
