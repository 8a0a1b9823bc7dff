"""The names of formulas in files, from Excel's to Calc's and back, without a LibreOffice."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pytest

from xlprofit.calc.extension.names import translate_to_calc_names, translate_to_excel_names
from xlprofit.calc.translation import translate_workbook
from xlprofit.errors import FileError

LONG = "ORG.XLPROFIT.FORMULAS.CUSTOMER_PROFIT"


@pytest.mark.parametrize(
    ("excel", "calc"),
    [
        ("CUSTOMER_PROFIT(A1)", f"{LONG}(A1)"),
        ("Customer_Profit (A1)", f"{LONG} (A1)"),
        ("[1]!CUSTOMER_PROFIT(A1)", f"{LONG}(A1)"),
        ("'xlprofit.xlam'!CUSTOMER_PROFIT(A1)", f"{LONG}(A1)"),
        ("_xldudf_CUSTOMER_PROFIT(A1)", f"{LONG}(A1)"),
        ("-CUSTOMER_PROFIT(A1)+CUSTOMER_PROFIT(B1)", f"-{LONG}(A1)+{LONG}(B1)"),
        ("IFERROR(CUSTOMER_PROFIT(A1),0)", f"IFERROR({LONG}(A1),0)"),
        ('"CUSTOMER_PROFIT(A1)"', '"CUSTOMER_PROFIT(A1)"'),
        ("'CUSTOMER_PROFIT('!A1", "'CUSTOMER_PROFIT('!A1"),
        ("MY_CUSTOMER_PROFIT(A1)", "MY_CUSTOMER_PROFIT(A1)"),
        ("CUSTOMER_PROFITS(A1)", "CUSTOMER_PROFITS(A1)"),
        ("[2]Sheet1!A1+CUSTOMER_PROFIT", "[2]Sheet1!A1+CUSTOMER_PROFIT"),
    ],
)
def test_names_are_turned_and_nothing_else(excel: str, calc: str) -> None:
    assert translate_to_calc_names(excel) == calc
    assert translate_to_calc_names(calc) == calc
    back = translate_to_excel_names(calc)
    assert LONG not in back
    assert translate_to_calc_names(back) == calc
    assert translate_to_excel_names(back) == back


def _book(path: Path) -> Path:
    workbook = openpyxl.Workbook()
    workbook.worksheets[0]["A1"] = "=CUSTOMER_PROFIT(B1)"
    workbook.save(path)
    return path


def test_a_workbook_is_turned_in_place_and_back(tmp_path: Path) -> None:
    book = _book(tmp_path / "book.xlsx")
    before = {name: zipfile.ZipFile(book).read(name) for name in zipfile.ZipFile(book).namelist()}
    assert translate_workbook(book, book, to="calc") == 1
    assert openpyxl.load_workbook(book).worksheets[0]["A1"].value == f"={LONG}(B1)"
    assert translate_workbook(book, book, to="excel") == 1
    assert {name: zipfile.ZipFile(book).read(name) for name in zipfile.ZipFile(book).namelist()} == before
    assert list(tmp_path.iterdir()) == [book]


def test_what_is_no_workbook_is_said_in_a_line(tmp_path: Path) -> None:
    text, damaged = tmp_path / "text.xlsx", tmp_path / "damaged.xlsx"
    text.write_text("a;b\n", encoding="utf-8")
    content = bytearray(_book(tmp_path / "book.xlsx").read_bytes())
    content[400:420] = bytes(20)
    damaged.write_bytes(content)
    (tmp_path / "sheet.ods").write_bytes(b"PK")
    for path, said in (
        (text, r"text\.xlsx is not"),
        (damaged, "is damaged"),
        (tmp_path / "sheet.ods", r"sheet\.ods is an OpenDocument"),
        (tmp_path / "none.xlsx", r"no file \S*none\.xlsx"),
    ):
        with pytest.raises(FileError, match=said):
            translate_workbook(path, tmp_path / "out.xlsx", to="calc")
        assert not (tmp_path / "out.xlsx").exists()


def test_a_file_that_cannot_be_written_is_said_by_its_own_name(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"/none"):
        translate_workbook(_book(tmp_path / "book.xlsx"), tmp_path / "none" / "out.xlsx", to="calc")
