"""Numbers in a workbook's parts that are none, or have thousands of digits: no traceback, and nothing sized by them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import xlprofit
from tests.bad_input.plain import GROSS, plain
from tests.lossless.books import change, parts_of
from xlprofit.errors import FileError
from xlprofit.ooxml import blanking
from xlprofit.ooxml.manifest import find_free_relation_id

MANY = "9" * 5_000
"""More digits than Python turns into a number."""


def replace(name: str, pattern: str, said: str) -> dict[str, object]:
    return {name: lambda old: re.sub(pattern.encode(), said.encode(), old)}


@pytest.mark.parametrize("said", [MANY, "²", "-1"])
def test_numbers_that_nobody_needs_stop_no_refresh(said: str, tmp_path: Path) -> None:
    path = plain(tmp_path / "book.xlsx")
    name = f'<definedNames><definedName name="mine" localSheetId="{said}">Sales!$A$1</definedName></definedNames>'
    table = f'<table xmlns="http://x" id="{said}" name="T" displayName="T" ref="A1:A2"/>'
    change(
        path,
        {
            "xl/workbook.xml": lambda old: re.sub(b'sheetId="1"', f'sheetId="{said}"'.encode(), old).replace(
                b"</sheets>", b"</sheets>" + name.encode()
            ),
            "xl/tables/table7.xml": lambda old: table.encode(),
        },
    )
    assert xlprofit.refresh(path).results.customers["gross_revenue"].to_dict() == GROSS
    assert name[len("<definedNames>") :].encode()[:60] in parts_of(path)["xl/workbook.xml"]


def test_a_format_whose_number_is_none_is_damage(tmp_path: Path) -> None:
    path = plain(tmp_path / "book.xlsx")
    change(path, {"xl/styles.xml": lambda old: old.replace(b'numFmtId="164"', f'numFmtId="{MANY}"'.encode())})
    with pytest.raises(FileError) as caught:
        xlprofit.refresh(path)
    assert len(str(caught.value)) < 500


@pytest.mark.parametrize(
    ("taken", "free"),
    [
        ((), "rId1"),
        (("rId1", "rId7", "mine"), "rId8"),
        (("rId2", f"rId{MANY}", "rId²"), "rId3"),
        (("rId999999999", "rId1000000000"), "rId1000000001"),
    ],
)
def test_a_relation_id_that_is_free(taken: tuple[str, ...], free: str) -> None:
    assert find_free_relation_id(taken) == free


def test_columns_past_the_last_one_of_excel_have_no_style() -> None:
    cols = f'<cols><col min="1" max="{10**12}" style="1"/><col min="1" max="3" style="2"/></cols>'
    cols += '<cols><col min="2" max="999999999" style="3"/></cols>'
    found = blanking._read_column_styles(f"<worksheet>{cols}<sheetData/></worksheet>".encode())
    assert len(found) == 16_384
    assert (found[1], found[2], found[16_384]) == (b"2", b"3", b"3")


@pytest.mark.parametrize("number", [MANY, "x", "1048577"])
def test_rows_without_a_place_are_damage_where_their_cells_bear_no_address(
    number: str, tmp_path: Path
) -> None:
    """Such cells are counted; a format that says what a number is had their row's number taken as it stood."""
    path = plain(tmp_path / "book.xlsx")

    def spoil(old: bytes) -> bytes:
        old = re.sub(rb'<c r="[A-Z]+\d+"', b"<c", old)
        return old.replace(b'<row r="4"', f'<row r="{number}"'.encode())

    styles = {"xl/styles.xml": lambda old: old.replace(b'numFmtId="164"', b'numFmtId="10"')}
    change(path, {"xl/worksheets/sheet1.xml": spoil, **styles})
    with pytest.raises(FileError):
        xlprofit.refresh(path)
