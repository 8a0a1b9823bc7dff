"""A workbook of openpyxl's written as a file in Excel's shape: the same bytes for the same workbook at any time."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from tempfile import gettempdir
from types import MappingProxyType
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.writer.excel import ExcelWriter

from xlprofit.errors import FileError
from xlprofit.messages import _
from xlprofit.ooxml.shape import drop_blank_types, reshape_part

ZIP_DATE = (1980, 1, 1, 0, 0, 0)
"""The date that every part bears inside the zip, as in Excel's own files: no clock in the bytes."""

_HEAD = 1 << 16
"""Within so many bytes a sheet says how wide its columns are, and how tall the rows that have notes."""

Rewrite = Callable[[IO[bytes]], Iterable[bytes]]
"""Turns a sheet's bytes, as openpyxl wrote them, into those that go into the file."""


def save_dateless_workbook(
    workbook: Workbook,
    path: Path,
    rewrites: Mapping[str, Rewrite] = MappingProxyType({}),
) -> None:
    """Save an openpyxl workbook as it stands, its properties included; the zip bears no clock.

    ``rewrites`` is by sheet name. The parts have the shape that Excel gives them.
    """
    by_part = {
        f"xl/worksheets/sheet{number}.xml": rewrites[sheet.title]
        for number, sheet in enumerate(workbook.worksheets, 1)
        if sheet.title in rewrites
    }
    with path.open("wb") as file, ShapingArchive(file, by_part) as archive:
        write_parts(workbook, archive)


def write_parts(workbook: Workbook, archive: ShapingArchive) -> None:
    """Write the parts of an openpyxl workbook into an archive.

    Raises:
        FileError: there is no room in the folder for temporary files, where openpyxl writes each sheet first.
    """
    with tell_full_disk():
        ExcelWriter(workbook, archive).write_data()


@contextmanager
def tell_full_disk() -> Iterator[None]:
    """Take what openpyxl's writer says of the files that it writes meanwhile for what the system says of them.

    Raises:
        FileError: there is no room in the folder for temporary files, or it cannot be written in.
    """
    try:
        yield
    except Exception as error:
        if type(error).__name__ != "SerialisationError":  # of lxml, which openpyxl uses where it is there
            raise
        name = str(error).removeprefix("IO_")
        raise FileError(
            _(
                "The folder for temporary files, {folder}, cannot be written in ({reason})",
                folder=gettempdir(),
                reason=os.strerror(getattr(errno, name, errno.EIO)),
            ),
            _("Make room there, or name another one in the environment variable {name}", name="TMPDIR"),
        ) from error


class ShapingArchive(ZipFile):
    """A zip for openpyxl to write into: each part in Excel's shape and of the same date, sheets by their rewrites."""

    def __init__(
        self, file: IO[bytes], rewrites: Mapping[str, Rewrite], compression: int = ZIP_DEFLATED
    ) -> None:
        super().__init__(file, "w", compression, allowZip64=True)
        self._rewrites = rewrites
        self._sheet_head = b""

    def writestr(
        self,
        zinfo_or_arcname: str | ZipInfo,
        data: Any,
        compress_type: int | None = None,
        compresslevel: int | None = None,
    ) -> None:
        """Write a part whole, in Excel's shape and under the name that Excel gives it."""
        name = zinfo_or_arcname if isinstance(zinfo_or_arcname, str) else zinfo_or_arcname.filename
        content = data.encode() if isinstance(data, str) else bytes(data)
        called, shaped = reshape_part(name, content, self._sheet_head)
        super().writestr(self._build_entry(called), shaped, compress_type, compresslevel)

    def write(
        self,
        filename: str | os.PathLike[str],
        arcname: str | os.PathLike[str] | None = None,
        compress_type: int | None = None,
        compresslevel: int | None = None,
    ) -> None:
        """Write a sheet piece by piece."""
        name = os.fspath(arcname or filename).lstrip("/")
        sheet = drop_blank_types(Path(filename).read_bytes())
        self._sheet_head = sheet[:_HEAD]  # its notes come next
        rewrite = self._rewrites.get(name)
        with self.open(self._build_entry(name), "w", force_zip64=True) as target:
            for piece in (sheet,) if rewrite is None else rewrite(BytesIO(sheet)):
                target.write(piece)

    def _build_entry(self, name: str) -> ZipInfo:
        entry = ZipInfo(name, ZIP_DATE)
        entry.compress_type = self.compression
        entry.external_attr = 0o600 << 16
        return entry
