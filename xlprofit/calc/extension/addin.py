"""The formulas as Calc calls them for a cell: one method for each of :data:`xlprofit.formulas.REGISTRY`.

A method takes the formula's arguments and, of a look-up, last the document that calls; it gives rows of cells.
The document costs a third of a call, so calculators, which ask nothing of it, do without. The results sheet is
read once for each refresh, not for each cell.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import unohelper  # type: ignore[import-not-found]  # LibreOffice's own
from com.sun.star.lang import (  # type: ignore[import-not-found]  # the same
    Locale,
    XLocalizable,
    XServiceInfo,
    XServiceName,
)
from com.sun.star.sheet import XAddIn  # type: ignore[import-not-found]  # the same
from org.xlprofit import XFormulas  # type: ignore[import-not-found]  # of the extension's own type library

from xlprofit.calc.extension import values
from xlprofit.calc.extension.words import describe_wizard_formula
from xlprofit.formulas import NEVER_REFRESHED, REGISTRY, SHEET, STAMP_CELL, FormulaError, Function, Lookup
from xlprofit.words.answers import say_answer

SERVICE = "org.xlprofit.Formulas"
IMPLEMENTATION = "org.xlprofit.Formulas.python"
CATEGORY = "Add-In"

_kept: dict[str, tuple[Any, str, Lookup | FormulaError]] = {}
DOCUMENTS_KEPT = 8

ERRORS_KEPT = 100
last_errors: list[FormulaError] = []
"""The errors of the formulas calculated last, newest last; for who asks why a cell shows one."""


def find_last_lookup(document: Any) -> Lookup | FormulaError:
    """Return the results of a document's last refresh, or why there are none.

    The cell with the refresh's stamp is kept, since each question to the document costs more than the look-up.
    """
    key = document.RuntimeUID
    kept = _kept.get(key)
    if kept is not None and _read_stamp_cell(kept[0]) == kept[1]:
        return kept[2]
    _kept.pop(key, None)
    sheets = document.Sheets
    if not sheets.hasByName(SHEET):
        return NEVER_REFRESHED
    sheet = sheets.getByName(SHEET)
    cell = sheet.getCellRangeByName(STAMP_CELL)
    found = _read_lookup(sheet)
    _kept[key] = (cell, _read_stamp_cell(cell), found)
    while len(_kept) > DOCUMENTS_KEPT:
        del _kept[next(iter(_kept))]
    return found


def _read_stamp_cell(cell: Any) -> str:
    try:
        return str(cell.getFormula())
    except Exception:  # the sheet was removed: LibreOffice says so in one of several ways
        return ""


def _read_lookup(sheet: Any) -> Lookup | FormulaError:
    cursor = sheet.createCursor()
    cursor.gotoStartOfUsedArea(False)
    cursor.gotoEndOfUsedArea(True)
    try:
        return Lookup.from_rows(cursor.getDataArray())
    except FormulaError as error:
        return error.as_value()


def _build_formula_method(function: Function) -> Callable[..., object]:
    kinds = [argument.kind for argument in function.arguments]

    def method(self: object, *cells: object) -> object:
        lookup = [find_last_lookup(cells[-1])] if function.lookup else []
        answer = say_answer(function.call(*lookup, *map(values.convert_argument, cells, kinds)), *lookup)
        last_errors.extend(values.list_answer_errors(answer))
        del last_errors[:-ERRORS_KEPT]
        return values.convert_answer(answer)

    return method


class _Described(unohelper.Base, XFormulas, XAddIn, XServiceName, XServiceInfo, XLocalizable):  # type: ignore[misc]
    def __init__(self, context: object) -> None:
        self.locale = Locale("en", "US", "")

    def getServiceName(self) -> str:
        return SERVICE

    def getImplementationName(self) -> str:
        return IMPLEMENTATION

    def supportsService(self, name: str) -> bool:
        return name in self.getSupportedServiceNames()

    def getSupportedServiceNames(self) -> tuple[str, ...]:
        return ("com.sun.star.sheet.AddIn", SERVICE)

    def setLocale(self, locale: Any) -> None:
        self.locale = locale

    def getLocale(self) -> Any:
        return self.locale

    def getProgrammaticFuntionName(self, name: str) -> str:
        return name

    def getDisplayFunctionName(self, name: str) -> str:
        return name

    def getFunctionDescription(self, name: str) -> str:
        return describe_wizard_formula(name, self.locale.Language).summary

    def getDisplayArgumentName(self, name: str, place: int) -> str:
        arguments = describe_wizard_formula(name, self.locale.Language).arguments
        return arguments[place][0] if place < len(arguments) else ""

    def getArgumentDescription(self, name: str, place: int) -> str:
        arguments = describe_wizard_formula(name, self.locale.Language).arguments
        return arguments[place][1] if place < len(arguments) else ""

    def getProgrammaticCategoryName(self, name: str) -> str:
        return CATEGORY

    def getDisplayCategoryName(self, name: str) -> str:
        return CATEGORY


Formulas = type("Formulas", (_Described,), {f.name: _build_formula_method(f) for f in REGISTRY.values()})
"""The add-in: what it says of itself, and a method for each formula."""
