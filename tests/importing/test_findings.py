"""Each finding of an export has a small faulty one, read by a profile, and its exact words."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from xlprofit.catalogue import CATALOGUE
from xlprofit.importing.profiles.profile import write_profile
from xlprofit.importing.proposals.proposal import propose
from xlprofit.importing.reading import read_profiled
from xlprofit.sources.spec import Source
from xlprofit.wordings import WORDINGS

CASES = Path(__file__).parents[1] / "findings"
CODES = ("D10", "D11", "D12", "D13", "D14", "D15", "D16", "D18", "D19", "D20")


@cache
def list_cases() -> dict[str, dict[str, Any]]:
    """The cases with an export, by the name of their file."""
    found = {
        path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(CASES.glob("D*.toml"))
    }
    return {name: case for name, case in found.items() if "export" in case}


def write_export(export: str | dict[str, list[list[Any]]], path: Path) -> None:
    """Write an export: a text, or the sheets of a workbook by their names."""
    if isinstance(export, str):
        path.write_text(export, encoding="utf-8")
        return
    book = Workbook(write_only=True)
    for name, rows in export.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)


def widen(export: Any, more: int) -> Any:
    """Return a text with so many further columns; as it is for none."""
    head, *rows = export.strip().split("\n") if more else [""]
    names = "".join(f",note {at}" for at in range(more))
    return "\n".join([head + names, *(row + ",x" * more for row in rows)]) if more else export


def read_case(case: dict[str, Any], folder: Path) -> list[str]:
    """What is said of the export of a case; it is read as its profile says, or as the month before was proposed."""
    path = folder / ("sales.csv" if isinstance(case["export"], str) else "sales.xlsx")
    profile = case.get("profile", "")
    if not profile:
        write_export(case.get("before", case["export"]), path)
        profile = write_profile(propose(path).profile)
    write_export(widen(case["export"], case.get("wider", 0)), path)
    source = Source(case.get("table", "Sales"), str(path), profile=profile, replaces=case.get("replaces", ""))
    return [str(finding) for finding in read_profiled(source)[1] if finding.code != "D01"]


@pytest.mark.parametrize("name", list(list_cases()))
def test_a_faulty_export_says_what_is_wrong(name: str, tmp_path: Path) -> None:
    case = list_cases()[name]
    assert read_case(case, tmp_path) == case["says"]


@pytest.mark.parametrize("code", CODES)
def test_each_code_of_an_export_has_a_case(code: str) -> None:
    assert code in CATALOGUE
    assert any(name.split("-")[0] == code for name in list_cases())


def test_each_wording_of_a_code_is_in_a_case() -> None:
    said = {name for case in list_cases().values() for name in case["wordings"]}
    assert said == {f"{code}.{variant}" for code in CODES for variant in WORDINGS[code]}
