"""What the system itself does in one step with names of files: exchange two, take one that is free; and who writes.

Linux does all of it; where a system or a disk knows less, the nearest thing is done that it knows.
"""

from __future__ import annotations

import ctypes
import errno
import os
import stat
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

_AT_FDCWD, _NOREPLACE, _EXCHANGE = -100, 1, 2
_UNKNOWN = (errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP, errno.EPERM)
"""What a system or a disk answers that does not know such a renaming."""

_SET_LEASE = 1024


@cache
def _find_rename() -> Any:
    """Return the system's renaming with conditions; ``None`` where it has none."""
    if not sys.platform.startswith("linux"):
        return None
    with suppress(OSError, AttributeError):
        rename = ctypes.CDLL(None, use_errno=True).renameat2
        rename.argtypes = (ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint)
        return rename
    return None


def _rename(old: Path, new: Path, condition: int) -> bool:
    """Rename under a condition; ``False`` where that is not known here.

    Raises:
        OSError: it cannot be done.
    """
    rename = _find_rename()
    if rename is None:
        return False
    if rename(_AT_FDCWD, os.fsencode(old), _AT_FDCWD, os.fsencode(new), condition) == 0:
        return True
    number = ctypes.get_errno()
    if number in _UNKNOWN:
        return False
    raise OSError(number, os.strerror(number), str(new))


def exchange_files(one: Path, other: Path) -> bool:
    """Let two files change their names in one step; ``False`` where that is not known here, and nothing was done.

    Raises:
        OSError: it cannot be done.
    """
    return _rename(one, other, _EXCHANGE)


def move_to_free_name(old: Path, new: Path) -> None:
    """Rename a file to a name that no other has.

    Raises:
        FileExistsError: another file has it.
        OSError: it cannot be done.
    """
    if _rename(old, new, _NOREPLACE):
        return
    if os.name == "nt":  # pragma: no cover # Windows
        old.rename(new)  # which replaces nothing on Windows
        return
    try:
        os.link(old, new, follow_symlinks=False)
    except FileExistsError:
        raise
    except OSError:  # a disk without links: between the look and the renaming is a moment
        if os.path.lexists(new):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(new)) from None
        old.rename(new)
    else:
        old.unlink()


def is_written(path: Path) -> bool:
    """Whether another process has a file open to write it, as far as the system tells."""
    if not sys.platform.startswith("linux"):
        return False
    import fcntl

    with suppress(OSError):
        opened = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            fcntl.fcntl(opened, _SET_LEASE, fcntl.F_RDLCK)
            fcntl.fcntl(opened, _SET_LEASE, fcntl.F_UNLCK)
        except OSError as error:
            return error.errno == errno.EAGAIN  # other answers: it is not ours, or the disk knows no leases
        finally:
            os.close(opened)
    return False


def create_held_file(path: Path, old: os.stat_result | None) -> int | None:
    """Make an empty file with an old one's permissions and hold it, so that nobody takes it for one left over.

    Returns:
        What is to be closed when it is written; ``None`` where nothing need be held open, as on Windows.

    Raises:
        OSError: it cannot be made.
    """
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
    opened = os.open(path, flags, 0o666 if old is None else 0o600)
    if os.name == "nt":  # pragma: no cover # Windows
        os.close(opened)
        return None
    try:
        if old is not None:
            with suppress(OSError):
                os.fchown(opened, -1, old.st_gid)
            mode = stat.S_IMODE(old.st_mode)
            os.fchmod(opened, mode if os.fstat(opened).st_gid == old.st_gid else withhold_from_group(mode))
        _lock(opened)
        if _stands_at(path, opened):
            return opened
    except BaseException:
        os.close(opened)
        raise
    os.close(opened)  # another run took it for one left over, in the moment in which nobody held it
    return create_held_file(path, old)


def _stands_at(path: Path, opened: int) -> bool:
    """Whether an open file has this name."""
    try:
        return os.path.samestat(os.fstat(opened), os.lstat(path))
    except FileNotFoundError:
        return False


def withhold_from_group(mode: int) -> int:
    """Return permissions of a file whose group is not the one that they were given to: it has those that all have.

    >>> oct(withhold_from_group(0o664))
    '0o644'
    """
    return mode & ~0o2070 | (mode & 0o007) << 3


def _lock(opened: int) -> bool:
    """Lock an open file; whether another process has not done so. A disk that knows no locks is no hindrance."""
    if sys.platform == "win32":  # pragma: no cover # Windows
        return True
    import fcntl

    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


def is_held(path: str) -> bool:
    """Whether a process holds a file that it writes."""
    try:
        opened = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError:
        return False
    try:
        return not _lock(opened)
    finally:
        os.close(opened)
