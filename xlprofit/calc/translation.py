"""The names of formulas in a workbook's file, from Excel's to Calc's and back."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from typing import Literal

from xlprofit.calc.extension import names
from xlprofit.ooxml.package import build_damage_error, open_package
from xlprofit.ooxml.put import rewrite_workbook
from xlprofit.read_files import refuse_copy_over_source


def translate_workbook(book: Path, output: Path, *, to: Literal["calc", "excel"] | str) -> int:
    """Write a workbook whose formulas have the names of a program; return how many formulas changed.

    Args:
        book: an .xlsx or .xlsm file.
        output: the file to write; may be the book itself, which is then changed in whole or not at all.
        to: ``calc`` (``ORG.XLPROFIT.FORMULAS.CUSTOMER_PROFIT``) or ``excel`` (``CUSTOMER_PROFIT``).

    Raises:
        FileError: the workbook cannot be read or written.
    """
    turned = {"calc": names.translate_to_calc_names, "excel": names.translate_to_excel_names}[to]
    with open_package(book):
        pass  # or it says why that cannot be
    refuse_copy_over_source(book, output)
    try:
        with rewrite_workbook(book, output) as beside:
            return names.copy_workbook_names(str(book), str(beside), turned)
    except (zipfile.BadZipFile, zlib.error, UnicodeDecodeError) as error:
        raise build_damage_error(book, error) from error
