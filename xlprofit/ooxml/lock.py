"""A lock on a workbook: of two that would write it at the same time, the second is told so.

The lock is the system's own on a file beside the workbook, so that it ends with the process that holds it, even one
that is killed; the file itself may then be left over, and means nothing. Whoever left it, it stops nobody: anyone may
open it, and what cannot be opened, or is no file, is removed or passed over. On Windows the lock is filelock's.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from xlprofit.errors import FileError
from xlprofit.messages import _
from xlprofit.ooxml.saving import build_hidden_name, remove_leftovers, resolve_links

WAIT = 0.2
"""Seconds to wait for a lock: whoever is just ending holds nobody up."""

_POLLS = 10
_TRIES = 5


@contextmanager
def lock_workbook(workbook: Path) -> Iterator[None]:
    """Hold the lock of a workbook while the block runs; what a killed run left beside it is removed.

    Raises:
        FileError: another process holds it, or no file can be made beside the workbook.
    """
    workbook = resolve_links(workbook)
    with _hold_mark(_name_mark(workbook), workbook):
        remove_leftovers(workbook)
        yield


def await_release(file: Path) -> None:
    """Return when nobody holds the lock of a file any more; nothing is made where nobody does.

    Raises:
        FileError: another process goes on holding it.
    """
    file = resolve_links(file)
    mark = _name_mark(file)
    if os.path.lexists(mark):
        with _hold_mark(mark, file):
            pass


def _name_mark(file: Path) -> Path:
    return file.with_name(build_hidden_name(file.name, ".lock"))


def _build_busy_error(workbook: Path) -> FileError:
    return FileError(
        _("{path} is being refreshed by another xlprofit at this moment", path=workbook),
        _("Wait until that is done, then run it again"),
    )


if sys.platform == "win32":  # pragma: no cover # Windows

    @contextmanager
    def _hold_mark(mark: Path, workbook: Path) -> Iterator[None]:
        from filelock import FileLock, Timeout

        lock = FileLock(mark, timeout=WAIT, poll_interval=WAIT / _POLLS)
        try:
            lock.acquire()
        except Timeout as error:
            raise _build_busy_error(workbook) from error
        except OSError as error:
            raise _build_place_error(workbook, error) from error
        try:
            yield
        finally:
            with suppress(OSError):  # Windows removes no open file, and needs none removed
                mark.unlink()
            lock.release()

else:
    import fcntl

    @contextmanager
    def _hold_mark(mark: Path, workbook: Path) -> Iterator[None]:
        """Hold the system's lock on a file while the block runs."""
        try:
            held = _lock_mark(mark, workbook)
        except OSError as error:
            raise _build_place_error(workbook, error) from error
        try:
            yield
        finally:
            if held is not None:
                with suppress(OSError):
                    mark.unlink()
                os.close(held)

    def _lock_mark(mark: Path, workbook: Path) -> int | None:
        """Return the descriptor of the locked file; ``None`` where none can be locked.

        A workbook is written without a lock then: the change of the file meanwhile is seen all the same.
        """
        for _try in range(_TRIES):
            opened = _open_mark(mark)
            if opened is None:
                return None
            try:
                locked = _wait_for_lock(opened, workbook)
                if not locked or _is_same_file(opened, mark):
                    return opened
            except BaseException:
                os.close(opened)
                raise
            os.close(opened)  # whoever held it has removed it meanwhile: another one is there, or none
        raise _build_busy_error(workbook)

    def _open_mark(mark: Path) -> int | None:
        """Open or make the file, following no link; ``None`` where something else stands there that cannot go.

        Raises:
            OSError: no file can be made there.
        """
        flags = os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
        for _try in range(_TRIES):
            try:
                with suppress(FileExistsError):
                    made = os.open(mark, flags | os.O_CREAT | os.O_EXCL, 0o666)
                    with suppress(OSError):
                        os.fchmod(made, 0o666)  # whoever comes next may lock it too
                    return made
                opened = os.open(mark, flags)
            except FileNotFoundError:
                continue  # it went between the two
            except OSError as error:
                if error.errno == errno.ENAMETOOLONG or not os.path.lexists(mark):
                    raise
                if not _remove_mark(mark):
                    return None
                continue
            if stat.S_ISREG(os.fstat(opened).st_mode):
                return opened
            os.close(opened)
            if not _remove_mark(mark):
                return None
        return None

    def _remove_mark(mark: Path) -> bool:
        """Remove what stands in the place of the lock and cannot be opened; whether it is gone."""
        try:
            mark.unlink()
        except OSError:
            return False
        return True

    def _wait_for_lock(opened: int, workbook: Path) -> bool:
        """Lock an open file; ``False`` where the disk knows no locks.

        Raises:
            FileError: another process holds the lock.
        """
        for poll in range(_POLLS + 1):
            try:
                fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                time.sleep(WAIT / _POLLS if poll < _POLLS else 0.0)
            except OSError:
                return False
            else:
                return True
        raise _build_busy_error(workbook)

    def _is_same_file(opened: int, mark: Path) -> bool:
        try:
            return os.path.samestat(os.fstat(opened), os.lstat(mark))
        except OSError:
            return False


def _build_place_error(workbook: Path, error: OSError) -> FileError:
    return FileError(
        _("No file can be made beside {path} ({reason})", path=workbook, reason=error.strerror or error),
        _("Give another place with -o"),
    )
