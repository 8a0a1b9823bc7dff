"""A lock on a workbook: of two that would write it at the same time, the second is told so.

The lock is the system's own on a file beside the workbook, so that it ends with the process that holds
it, even one that is killed; the file itself may then be left over, and means nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import BaseFileLock, FileLock, Timeout

from xlprofit.errors import FileError
from xlprofit.messages import _

WAIT = 0.2
"""Seconds to wait for a lock: whoever is just ending holds nobody up."""


@contextmanager
def lock_workbook(workbook: Path) -> Iterator[None]:
    """Hold the lock of a workbook while the block runs.

    :raises FileError: another process holds it, or no file can be made beside the workbook.
    """
    workbook = workbook.resolve()
    mark = workbook.with_name(f".{workbook.name}.lock")
    lock = FileLock(mark, timeout=WAIT, poll_interval=WAIT / 10, mode=0o600)
    _acquire_lock(lock, workbook)
    try:
        yield
    finally:
        with suppress(OSError):  # Windows removes no open file, and needs none removed
            mark.unlink()
        lock.release()


def _acquire_lock(lock: BaseFileLock, workbook: Path) -> None:
    try:
        lock.acquire()
    except Timeout as error:
        raise FileError(
            _("{path} is being refreshed by another xlprofit at this moment", path=workbook),
            _("Wait until that is done, then run it again"),
        ) from error
    except OSError as error:
        if error.filename is None:
            return  # a disk that knows no locks: the change of the file meanwhile is seen all the same
        raise FileError(
            _("No file can be made beside {path} ({reason})", path=workbook, reason=error.strerror),
            _("Give another place with -o"),
        ) from error
