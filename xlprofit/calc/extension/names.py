"""The names of the formulas in Excel's files (``CUSTOMER_PROFIT``) and in Calc's (``ORG.XLPROFIT.…``).

A formula of an extension has its long name in every file that Calc writes, .xlsx too, and Calc finds it by no
other when it opens one. So the names are put from one form into the other, in a formula or in a whole workbook.
"""

from __future__ import annotations

import os
import re
import zipfile
from html import unescape
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from xlprofit.formulas import REGISTRY

if TYPE_CHECKING:
    from collections.abc import Callable

    Turned = Callable[[str], str]

PREFIX = "ORG.XLPROFIT.FORMULAS."
"""What stands before a formula's name in Calc's files."""

_EXCEL_PREFIXES = r"(?:_xldudf_|_xll\.|(?:'?xlprofit\.xlam'?|\[\d+\])!)"
"""What Excel's files may have before the name of a formula of an add-in."""

_SKIPPED = r"\"(?:[^\"]|\"\")*\"|'(?:[^']|'')*'(?!!)"
_NAMES = "|".join(sorted(REGISTRY, key=len, reverse=True))
_IN_EXCEL = re.compile(
    rf"({_SKIPPED})|(?<![\w.!'\]])(?:{_EXCEL_PREFIXES})?({_NAMES})(?=\s*\()", re.IGNORECASE
)
_IN_CALC = re.compile(
    rf"({_SKIPPED})|(?<![\w.!'\]])(?:{re.escape(PREFIX)})?({_NAMES})(?=\s*\()", re.IGNORECASE
)

_FORMULA = re.compile(
    r"(<(?:\w+:)?(f|formula|formula1|formula2|definedName|calculatedColumnFormula)(?:\s[^>]*)?(?<!/)>)([^<]*)(?=</)"
)
_PARTS = re.compile(r"xl/(?:workbook\.xml|(?:worksheets|tables)/[^/]+\.xml)$")
_LEFT_OVER = re.compile(
    rf"<definedName\b[^>]*\bname=\"{re.escape(PREFIX)}\w+\"[^>]*(?:/>|>[^<]*</definedName>)", re.IGNORECASE
)


def translate_to_calc_names(formula: str) -> str:
    """Return a formula with the long names that Calc's files have; texts and sheets' names stay.

    >>> translate_to_calc_names('=CUSTOMER_PROFIT(A1)+LEN("CUSTOMER_PROFIT(")')
    '=ORG.XLPROFIT.FORMULAS.CUSTOMER_PROFIT(A1)+LEN("CUSTOMER_PROFIT(")'
    """
    return _IN_EXCEL.sub(lambda m: m[1] or PREFIX + m[2].upper(), formula)


def translate_to_excel_names(formula: str) -> str:
    """Return a formula with the names that Excel's files have; Calc writes one that it did not know in small letters.

    >>> translate_to_excel_names("=customer_profit(A1)")
    '=CUSTOMER_PROFIT(A1)'
    >>> translate_to_excel_names("=-ORG.XLPROFIT.FORMULAS.WHALE_CURVE(A1:B9)")
    '=-WHALE_CURVE(A1:B9)'
    """
    return _IN_CALC.sub(lambda m: m[1] or m[2].upper(), formula)


def translate_workbook_names(path: str, output: str, turned: Turned) -> int:
    """Write a workbook (.xlsx, .xlsm) with the names in all its formulas turned; return how many formulas changed.

    All else is written as it stands. ``output`` may be the workbook itself: it is complete or as it was.

    Args:
        path: the workbook.
        output: the file to write.
        turned: :func:`translate_to_calc_names` or :func:`translate_to_excel_names`.
    """
    fresh = f"{output}.new"
    try:
        changed = copy_workbook_names(path, fresh, turned)
        os.replace(fresh, output)
    finally:
        if os.path.exists(fresh):
            os.remove(fresh)
    return changed


def copy_workbook_names(path: str, copy: str, turned: Turned) -> int:
    """Write a copy of a workbook with the names in all its formulas turned; return how many formulas changed."""
    changed = 0
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            part = old.read(entry)
            if _PARTS.match(entry.filename):
                text, count = translate_part_names(part.decode("utf-8"), turned)
                part, changed = (text.encode("utf-8") if count else part), changed + count
            new.writestr(entry, part)
    return changed


def translate_part_names(text: str, turned: Turned) -> tuple[str, int]:
    """Return the markup of a part of a workbook with its formulas turned, and how many of them changed."""
    changed = 0

    def replace_formula(match: re.Match[str]) -> str:
        nonlocal changed
        formula = unescape(match[3])
        made = turned(formula)
        if made == formula:
            return match[0]
        changed += 1
        return match[1] + escape(made)

    if (
        turned is translate_to_excel_names
    ):  # Calc declares each of its formulas as a macro, which Excel would look for
        text, dropped = _LEFT_OVER.subn("", text)
        changed += dropped
        text = re.sub(r"<definedNames>\s*</definedNames>", "", text)
    return _FORMULA.sub(replace_formula, text), changed
