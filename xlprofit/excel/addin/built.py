"""Reading an add-in back: for which xlwings it was made, and which settings it carries."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from openpyxl import load_workbook
from pyopenvba import ExcelFile  # type: ignore[import-untyped]  # typed, but it does not say so
from pyopenvba.exceptions import PyOpenVBAError  # type: ignore[import-untyped]

from xlprofit.excel.addin.machine import MINIMAL_PROJECT, PROJECT
from xlprofit.excel.addin.package import CONTENT_TYPES, MACRO_TYPES, SETTINGS_SHEET

_VERSION = re.compile(r'Const XLWINGS_VERSION As String = "([^"]+)"')
_LIBRARY = re.compile(r'"(xlwings(\d\d)-[^"]+\.dll)"')


@dataclass(frozen=True)
class Built:
    """What an add-in says of itself.

    ``project`` is the name by which its settings file is found, ``version`` the xlwings it was made
    for, ``libraries`` the DLL that it loads by the bits of Excel, ``settings`` what its configuration
    sheet says by key in capitals.
    """

    project: str
    version: str
    libraries: Mapping[int, str]
    settings: Mapping[str, str]


def read_built_addin(path: Path) -> Built | None:
    """Return what the add-in in a file says of itself; ``None`` where the file is none of ours."""
    try:
        with ExcelFile(path) as file:
            text = file.get_module("xlwings")
        settings = _read_sheet_settings(path)
    except (PyOpenVBAError, KeyError, ValueError, OSError, zipfile.BadZipFile):
        return None
    version = _VERSION.search(text)
    if version is None:
        return None
    minimal = f'PROJECT_NAME As String = "{MINIMAL_PROJECT}"' in text
    libraries = {int(bits): name for name, bits in _LIBRARY.findall(text)}
    return Built(MINIMAL_PROJECT if minimal else PROJECT, version[1], libraries, settings)


def _read_sheet_settings(path: Path) -> dict[str, str]:
    # openpyxl reads no add-ins, but nothing but the type of its first part tells one from a workbook.
    copy = BytesIO()
    with zipfile.ZipFile(path) as package, zipfile.ZipFile(copy, "w") as workbook:
        for name in package.namelist():
            part = package.read(name)
            if name == CONTENT_TYPES:
                part = part.replace(MACRO_TYPES["xlam"].encode(), MACRO_TYPES["xlsm"].encode())
            workbook.writestr(name, part)
    book = load_workbook(copy, read_only=True)
    if SETTINGS_SHEET not in book.sheetnames:
        return {}
    rows = book[SETTINGS_SHEET].iter_rows(max_col=2, values_only=True)
    return {str(key).upper(): str(value) for key, value in rows if key and value is not None}
