"""Files that are written complete or not at all, and the same bytes for the same workbook."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.writer.excel import ExcelWriter

from xlprofit.errors import FileError

ZIP_DATE = (1980, 1, 1, 0, 0, 0)
"""The date that every part bears inside the zip, as in Excel's own files: no clock in the bytes."""

Rewrite = Callable[[IO[bytes]], Iterable[bytes]]
"""Turns a sheet's bytes, as openpyxl wrote them, into those that go into the file."""


# --- in place of the old file ----------------------------------------------------------------------


@dataclass(frozen=True)
class Stamp:
    """What tells whether a file has changed meanwhile: its time of change and its size."""

    changed: int
    size: int


def stamp(path: Path) -> Stamp:
    """Return a file's stamp.

    :raises FileError: the file is not there.
    """
    try:
        found = path.stat()
    except FileNotFoundError as error:
        raise FileError(f"There is no file {path}", "It was moved or deleted meanwhile") from error
    return Stamp(found.st_mtime_ns, found.st_size)


def refuse_locked(path: Path, mend: str) -> None:
    """Refuse to write a file that Excel or LibreOffice has open.

    :raises FileError: their mark stands beside it.
    """
    for mark, program in ((f"~${path.name}", "Excel"), (f".~lock.{path.name}#", "LibreOffice")):
        beside = path.with_name(mark)
        if beside.exists():
            raise FileError(
                f"{path} is open in {program} (its mark {mark} stands beside it)",
                f"{mend}; if it is open nowhere, delete that mark",
            )


def refuse_folder(path: Path) -> None:
    """Refuse a place where no file can be written.

    :raises FileError: the folder is not there, or may not be written in.
    """
    folder = path.parent
    if path.is_dir():
        raise FileError(f"{path} is a folder", "Give a file's name")
    if not folder.is_dir():
        raise FileError(f"There is no folder {folder}", "Make it first, or give another place")
    if not os.access(folder, os.W_OK):
        raise FileError(f"The folder {folder} may not be written in", "Give another place with -o")


@contextmanager
def replacing(output: Path) -> Iterator[Path]:
    """Give a path to write to; when the block ends well the file moves to ``output`` in one step.

    The new file is written beside the old one and forced to the disk before it takes its place, so
    that ``output`` is, at any moment, either the old file or the new one, whole. Where the block
    fails, Ctrl+C included, the new file is removed and the old one is as it was. The old file's
    permissions are kept; a link stays a link. Only a process that is killed outright leaves the new
    file behind, half-written, under a name that starts with a dot and ends in ``.new``.

    :raises FileError: the disk is full, the folder may not be written in, the file is held open.
    """
    output = output.resolve()
    refuse_folder(output)
    beside = output.with_name(f".{output.name}.{token_hex(4)}.new")
    try:
        yield beside
        with beside.open("rb+") as file:
            os.fsync(file.fileno())
        if output.exists():
            shutil.copymode(output, beside)
        beside.replace(output)
        _force_folder(output.parent)
    except OSError as error:
        raise _as_file_error(output, error) from error
    finally:
        with suppress(OSError):
            beside.unlink()


def _as_file_error(output: Path, error: OSError) -> FileError:
    reason = error.strerror or str(error)
    mend = "Close it in Excel, or give another place with -o"
    if not isinstance(error, PermissionError):
        mend = "Make room or give another place with -o"
    return FileError(f"{output} could not be written ({reason}); it is as it was", mend)


def _force_folder(folder: Path) -> None:
    """Make the new name last through a power cut, where the system lets a folder be forced to disk."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


# --- the same bytes for the same workbook ----------------------------------------------------------


def save(
    workbook: Workbook,
    path: Path,
    rewrites: Mapping[str, Rewrite],
) -> None:
    """Save an openpyxl workbook as it stands, its properties included; the zip bears no clock.

    ``rewrites`` is by sheet name.
    """
    by_part = {
        f"xl/worksheets/sheet{number}.xml": rewrites[sheet.title]
        for number, sheet in enumerate(workbook.worksheets, 1)
        if sheet.title in rewrites
    }
    with path.open("xb") as file, _Archive(file, by_part) as archive:
        ExcelWriter(workbook, archive).write_data()


class _Archive(ZipFile):
    """A zip to write whose entries all bear the same date; sheets pass through their rewrites."""

    def __init__(self, file: IO[bytes], rewrites: Mapping[str, Rewrite]) -> None:
        super().__init__(file, "w", ZIP_DEFLATED, allowZip64=True)
        self._rewrites = rewrites

    def writestr(
        self,
        zinfo_or_arcname: str | ZipInfo,
        data: Any,
        compress_type: int | None = None,
        compresslevel: int | None = None,
    ) -> None:
        name = zinfo_or_arcname if isinstance(zinfo_or_arcname, str) else zinfo_or_arcname.filename
        super().writestr(_entry(name), data, compress_type, compresslevel)

    def write(
        self,
        filename: str | os.PathLike[str],
        arcname: str | os.PathLike[str] | None = None,
        compress_type: int | None = None,
        compresslevel: int | None = None,
    ) -> None:
        name = os.fspath(arcname or filename).lstrip("/")
        with Path(filename).open("rb") as source, self.open(_entry(name), "w", force_zip64=True) as target:
            rewrite = self._rewrites.get(name)
            if rewrite is None:
                shutil.copyfileobj(source, target)
            else:
                for piece in rewrite(source):
                    target.write(piece)


def _entry(name: str) -> ZipInfo:
    entry = ZipInfo(name, ZIP_DATE)
    entry.compress_type = ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    return entry
