"""A workbook made as the add-in is, opened by LibreOffice, which runs our VBA from its cells.

LibreOffice knows less of VBA than Excel, so the text is changed for it in three places, and no more:
conditions for the compiler are resolved as 64-bit Windows would, the one function of Windows is left out
with the question for the function wizard, and xlwings is replaced by a class that answers by itself.
An Excel error is a text to it (``Error 2042``), and it cannot say which cell asks.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
from dataclasses import replace
from pathlib import Path
from xml.sax.saxutils import escape

import openpyxl
import pytest
from pyopenvba.interpreter._preprocess import (  # type: ignore[import-untyped]  # typed, but does not say so
    strip_directives,
)

from tests.needs import SOFFICE, needs_soffice
from xlprofit.excel.addin.package import build_addin_parts, write_package
from xlprofit.excel.addin.vba import VbaSource, build_vba_sources
from xlprofit.excel.errors import format_marked_error
from xlprofit.formulas import REGISTRY, FormulaError

SERVER = f'''VERSION 1.0 CLASS
BEGIN
  MultiUse = -1
END
Attribute VB_Name = "PythonServer"
Public Function CallUDF(ByVal module As String, ByVal formula As String, ByVal arguments As Variant, _
        ByVal workbook As Variant, ByVal caller As Variant) As Variant
    If IsError(arguments(0)) Then
        CallUDF = "no customer given"
    ElseIf arguments(0) = "ZZ" Then
        CallUDF = "{format_marked_error(FormulaError("#N/A", "ZZ is unknown"))}"
    ElseIf arguments(0) = "row" Then
        CallUDF = Array("left", "{format_marked_error(FormulaError("#NUM!", "It is too large"))}")
    Else
        CallUDF = formula & " of " & arguments(0) & " in " & module
    End If
End Function
'''

XLWINGS = """Attribute VB_Name = "xlwings"
Public Function XLPy() As Object
    Dim made As New PythonServer
    Set XLPy = made
End Function
"""

WIZARD = re.compile(r"(Function InFunctionWizard\(\) As Boolean\n).*?(?=End Function)", re.DOTALL)
DECLARE = re.compile(r"^ *Private Declare (?:.* _\n)*.*\n", re.MULTILINE)

LIBRARY = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">
<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard"
 library:readonly="false" library:passwordprotected="false"><library:element library:name="Module1"/></library:library>
"""
MODULE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1" script:language="StarBasic">
{}</script:module>
"""
READ = """
Sub Main
  Dim how(0) As New com.sun.star.beans.PropertyValue
  how(0).Name = "MacroExecutionMode"
  how(0).Value = 4
  book = StarDesktop.loadComponentFromURL("{book}", "_blank", 0, how())
  book.calculateAll()
  page = book.Sheets.getByIndex(0)
  number = FreeFile
  Open "{out}" For Output As #number
  For place = 0 To {last}
    Print #number, page.getCellByPosition(1, place).String
  Next
  Close #number
  book.close(True)
  StarDesktop.terminate()
End Sub
"""


def _modules() -> list[VbaSource]:
    (formulas,) = (s for s in build_vba_sources(REGISTRY.values()) if s.name == "XlprofitFunctions")
    text = DECLARE.sub("", strip_directives(formulas.text))
    text, changed = WIZARD.subn(r"\1    InFunctionWizard = False\n", text)
    assert changed == 1
    return [
        VbaSource("xlwings", XLWINGS),
        VbaSource("PythonServer", SERVER, "class"),
        replace(formulas, text=text),
    ]


def _calculated(formulas: list[str], folder: Path) -> list[str]:
    """Return what LibreOffice shows for these formulas; A1 holds a customer's name."""
    made = folder / "made.xlsm"
    write_package(made, build_addin_parts(_modules(), REGISTRY.values(), {}, "xlsm"))
    book = openpyxl.load_workbook(made, keep_vba=True)
    sheet = book.create_sheet("Cells", 0)
    sheet["A1"] = "Memorial"
    for row, formula in enumerate(formulas, start=1):
        sheet.cell(row, 2, formula)
    book.active = 0
    target = folder / "book.xlsm"
    book.save(target)
    if book.vba_archive is not None:
        book.vba_archive.close()
    out = folder / "shown.txt"
    _office(READ.format(book=target.as_uri(), out=out, last=len(formulas) - 1), folder)
    return out.read_text(encoding="utf-8").splitlines()


def _office(macro: str, folder: Path) -> None:
    """Run a Basic macro in a LibreOffice with a profile of its own."""
    profile = folder / "profile"
    _run("--terminate_after_init", profile)
    library = profile / "user" / "basic" / "Standard"
    (library / "script.xlb").write_text(LIBRARY)
    (library / "Module1.xba").write_text(MODULE.format(escape(macro)))
    _run("macro:///Standard.Module1.Main", profile)


def _run(what: str, profile: Path) -> None:
    assert SOFFICE is not None
    command = [SOFFICE, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", what]
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        process.wait(timeout=90)
    except subprocess.TimeoutExpired:  # a Basic error waits for someone to press a button
        os.killpg(process.pid, signal.SIGKILL)
        pytest.fail(f"LibreOffice did not finish {what}")


@needs_soffice
def test_our_wrappers_run_from_a_cell(tmp_path: Path) -> None:
    shown = _calculated(
        [
            '=CUSTOMER_PROFIT("University")',
            "=CUSTOMER_PROFIT(A1)",
            "=CUSTOMER_PROFIT()",
            '=CUSTOMER_PROFIT("ZZ")',
            "=XLPROFIT_LAST_ERROR()",
            '=CUSTOMER_PROFIT("row")',
            "=CAPACITY_RATE(560000,700000,0.8)",
            '=CUSTOMER_STATE("University")',
        ],
        tmp_path,
    )
    answer = "{} of {} in xlprofit.excel.functions"
    assert shown == [
        answer.format("CUSTOMER_PROFIT", "University"),
        answer.format("CUSTOMER_PROFIT", "Memorial"),
        "no customer given",
        "Error 2042",
        shown[4],
        "left",
        answer.format("CAPACITY_RATE", "560000"),
        answer.format("CUSTOMER_STATE", "University"),
    ]
    assert shown[4] in ("ZZ is unknown", "It is too large")  # whichever was calculated last
