"""A workbook with a sheet of Excel 4 macros: read around, written around, and said what it is."""

from __future__ import annotations

from pathlib import Path

import pytest

import xlprofit
from tests.lossless.books import MAKERS, RELATIONS, before_end, change, packed
from tests.needs import few
from xlprofit.workflow import refresh

MACROS = "xl/macrosheets/sheet1.xml"
SPACE = "http://schemas.microsoft.com/office/excel/2006/main"
SHEET = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    f'<xm:macrosheet xmlns:xm="{SPACE}" xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    '<sheetPr/><dimension ref="A1:A2"/><sheetViews><sheetView workbookViewId="0"/></sheetViews>'
    '<sheetFormatPr defaultRowHeight="15"/><sheetData><row r="1"><c r="A1" t="b"><f>ALERT("hi")</f><v>0</v></c></row>'
    '<row r="2"><c r="A2"><f>RETURN()</f><v>0</v></c></row></sheetData></xm:macrosheet>'
)


def with_macro_sheet(path: Path, kind: str, name: str = "Macro1") -> Path:
    """Put a sheet of Excel 4 macros behind the others."""
    listed = f'<sheet xmlns:r="{RELATIONS}" name="{name}" sheetId="9001" r:id="rId9001"/>'
    arrow = (
        f'<Relationship Id="rId9001" Type="http://schemas.microsoft.com/office/2006/relationships/{kind}" '
    )
    typed = f'<Override PartName="/{MACROS}" ContentType="application/vnd.ms-excel.macrosheet+xml"/>'
    return change(
        path,
        {
            MACROS: lambda _: SHEET.encode(),
            "xl/workbook.xml": before_end("sheets", listed),
            "xl/_rels/workbook.xml.rels": before_end(
                "Relationships", f'{arrow}Target="macrosheets/sheet1.xml"/>'
            ),
            "[Content_Types].xml": before_end("Types", typed),
        },
    )


@pytest.mark.parametrize("kind", few(["xlMacrosheet", "xlIntlMacrosheet"], "xlIntlMacrosheet"))
@pytest.mark.parametrize(
    "maker", few(["xlsxwriter, macros", "xlsxwriter", "openpyxl"], "xlsxwriter", "openpyxl")
)
def test_a_sheet_of_macros_is_read_around_and_kept(maker: str, kind: str, tmp_path: Path) -> None:
    ending, make = MAKERS[maker]
    plain = xlprofit.analyze(make(tmp_path / f"plain.{ending}"))
    path = with_macro_sheet(make(tmp_path / f"book.{ending}"), kind)
    before = packed(path)
    done = refresh(path)
    assert done.results.customers.equals(plain.customers)
    (note,) = done.notes
    assert note.startswith("the sheet Macro1 holds Excel 4 macros,")
    assert packed(path)[MACROS] == before[MACROS]
    assert xlprofit.check(path) == xlprofit.check(tmp_path / f"plain.{ending}")
