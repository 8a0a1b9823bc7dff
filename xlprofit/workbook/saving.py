"""Files that are written complete or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

from xlprofit.errors import FileError
from xlprofit.messages import _


@dataclass(frozen=True)
class Stamp:
    """What tells whether a file has changed meanwhile: its time of change and its size."""

    changed: int
    size: int


def read_file_stamp(path: Path) -> Stamp:
    """Return a file's stamp.

    :raises FileError: the file is not there.
    """
    try:
        found = path.stat()
    except FileNotFoundError as error:
        raise FileError(
            _("There is no file {path}", path=path), _("It was moved or deleted meanwhile")
        ) from error
    return Stamp(found.st_mtime_ns, found.st_size)


def refuse_locked_file(path: Path, fix: str) -> None:
    """Refuse to write a file that Excel or LibreOffice has open.

    :raises FileError: their mark stands beside it.
    """
    for mark, program in ((f"~${path.name}", "Excel"), (f".~lock.{path.name}#", "LibreOffice")):
        beside = path.with_name(mark)
        if beside.exists():
            raise FileError(
                _(
                    "{path} is open in {program} (its mark {mark} stands beside it)",
                    path=path,
                    program=program,
                    mark=mark,
                ),
                _("{fix}; if it is open nowhere, delete that mark", fix=fix),
            )


def refuse_unwritable_folder(path: Path) -> None:
    """Refuse a place where no file can be written.

    :raises FileError: the folder is not there, or may not be written in.
    """
    folder = path.parent
    if path.is_dir():
        raise FileError(_("{path} is a folder", path=path), _("Give a file's name"))
    if not folder.is_dir():
        raise FileError(
            _("There is no folder {folder}", folder=folder), _("Make it first, or give another place")
        )
    if not os.access(folder, os.W_OK):
        raise FileError(
            _("The folder {folder} may not be written in", folder=folder), _("Give another place with -o")
        )


@contextmanager
def replace_file(output: Path) -> Iterator[Path]:
    """Give a path to write to; when the block ends well the file moves to ``output`` in one step.

    The new file is written beside the old one and forced to the disk before it takes its place, so
    that ``output`` is, at any moment, either the old file or the new one, whole. Where the block
    fails, Ctrl+C included, the new file is removed and the old one is as it was. The old file's
    permissions are kept; a link stays a link. Only a process that is killed outright leaves the new
    file behind, half-written, under a name that starts with a dot and ends in ``.new``.

    :raises FileError: the disk is full, the folder may not be written in, the file is held open.
    """
    output = output.resolve()
    refuse_unwritable_folder(output)
    beside = output.with_name(f".{output.name}.{token_hex(4)}.new")
    try:
        yield beside
        with beside.open("rb+") as file:
            os.fsync(file.fileno())
        if output.exists():
            shutil.copymode(output, beside)
        beside.replace(output)
        _flush_folder(output.parent)
    except OSError as error:
        raise _build_write_error(output, error) from error
    finally:
        with suppress(OSError):
            beside.unlink()


def _build_write_error(output: Path, error: OSError) -> FileError:
    reason = error.strerror or str(error)
    fix = _("Close it in Excel, or give another place with -o")
    if not isinstance(error, PermissionError):
        fix = _("Make room or give another place with -o")
    what = _("{path} could not be written ({reason}); it is as it was", path=output, reason=reason)
    return FileError(what, fix)


def _flush_folder(folder: Path) -> None:
    """Make the new name last through a power cut, where the system lets a folder be forced to disk."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
