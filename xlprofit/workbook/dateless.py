"""A workbook of openpyxl's written as a file: the same bytes for the same workbook, whatever the clock says."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.writer.excel import ExcelWriter

ZIP_DATE = (1980, 1, 1, 0, 0, 0)
"""The date that every part bears inside the zip, as in Excel's own files: no clock in the bytes."""

Rewrite = Callable[[IO[bytes]], Iterable[bytes]]
"""Turns a sheet's bytes, as openpyxl wrote them, into those that go into the file."""


def save_dateless_workbook(
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
    with path.open("wb") as file, _Archive(file, by_part) as archive:
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
        super().writestr(_build_dateless_entry(name), data, compress_type, compresslevel)

    def write(
        self,
        filename: str | os.PathLike[str],
        arcname: str | os.PathLike[str] | None = None,
        compress_type: int | None = None,
        compresslevel: int | None = None,
    ) -> None:
        name = os.fspath(arcname or filename).lstrip("/")
        with (
            Path(filename).open("rb") as source,
            self.open(_build_dateless_entry(name), "w", force_zip64=True) as target,
        ):
            rewrite = self._rewrites.get(name)
            if rewrite is None:
                shutil.copyfileobj(source, target)
            else:
                for piece in rewrite(source):
                    target.write(piece)


def _build_dateless_entry(name: str) -> ZipInfo:
    entry = ZipInfo(name, ZIP_DATE)
    entry.compress_type = ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    return entry
