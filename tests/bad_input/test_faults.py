"""Every kind of bad input, each as a real workbook: a finding or one line says it, and the file stays as it was."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

import xlprofit
from tests.bad_input.company import Change, both, cell, emptied, made, row, without_column, without_sheet
from tests.needs import few
from tests.packages import cells_of, hashed
from xlprofit.findings import Finding
from xlprofit.sheets import names
from xlprofit.tables import TABLES


@dataclass(frozen=True)
class Fault:
    """What is changed in a good workbook, and the finding that says so."""

    change: Change
    code: str
    place: str
    words: str
    stops: bool = False


FAULTS: Mapping[str, Fault] = {
    "missing sheet": Fault(without_sheet("Sales"), "T01", "", "Sales", stops=True),
    "missing optional sheet": Fault(without_sheet("Invoices"), "T03", "", r"cost of credit \(Invoices"),
    "missing column": Fault(without_column("Sales", 3), "H03", "Sales", "gross_revenue", stops=True),
    "misspelt column": Fault(cell("Sales", "E1", "retruns"), "H04", "Sales!E1", '"retruns".*returns'),
    "text in a number": Fault(cell("Sales", "C3", "12,5O"), "C01", "Sales!C3", '^"12,5O" '),
    "a number with a unit": Fault(cell("Sales", "C3", "1100 pcs"), "C01", "Sales!C3", '^"1100 pcs" '),
    "an error in a number": Fault(cell("Sales", "C3", "#DIV/0!"), "C04", "Sales!C3", re.escape("#DIV/0!")),
    "a number in a date": Fault(cell("Sales", "A4", 45_311, "General"), "C05", "Sales!A4", "45311"),
    "text in a date": Fault(cell("Sales", "A4", "soon"), "C06", "Sales!A4", '^"soon" '),
    "blank where there must be none": Fault(
        cell("Sales", "C3", None), "C12", "Sales!C3", "gross_revenue|blank"
    ),
    "a customer spelt two ways": Fault(
        row("ActivityLog", datetime(2024, 2, 1), " acme ", "Order", 1.0),
        "N01",
        "ActivityLog!B4",
        '" ?acme ?".*"ACME"',
    ),
    "a customer misspelt": Fault(
        row("ActivityLog", datetime(2024, 2, 1), "ACNE", "Order", 1.0), "R41", "ActivityLog!B4", '"ACNE".*'
    ),
    "rows that are exactly alike": Fault(
        row("Sales", datetime(2024, 1, 10), "ACME", 1_000.0, None, None, 600.0, "1", None, 10.0),
        "K03",
        "Sales!A6",
        "",
    ),
    "a key there twice": Fault(
        row("Customers", "ACME", None, "Hotels"), "K02", "Customers!A2", "ACME.*row 4"
    ),
    "a negative quantity": Fault(
        cell("Sales", "I5", -8.0), "C15", "Sales!I5", "1 cell of quantity is negative"
    ),
    "an activity with no rate": Fault(
        both(
            row("Activities", "Visit", "service", "Desk", None, None),
            row("ActivityLog", datetime(2024, 2, 1), "ACME", "Visit", 1.0),
        ),
        "R02",
        "ActivityLog!C4",
        '"Visit"',
    ),
    "a rate left blank": Fault(
        row("Activities", "Visit", "service", "Desk", None, None), "C12", "Activities!E4", "rate"
    ),
    "an activity that is not there": Fault(
        row("ActivityLog", datetime(2024, 2, 1), "ACME", "Ordre", 1.0), "R01", "ActivityLog!C4", '"Ordre"'
    ),
    "a resource that does not exist": Fault(
        cell("Activities", "C3", "Dseks"), "R03", "Activities!C3", '"Dseks"'
    ),
    "an empty sheet": Fault(emptied("Sales"), "T02", "Sales", "no sales lines", stops=True),
    "an empty optional sheet": Fault(emptied("LossRates"), "R36", "", ""),
}


def found(fault: Fault, findings: tuple[Finding, ...]) -> list[Finding]:
    """Return the findings that say what the fault is, where it is."""
    return [
        f
        for f in findings
        if re.fullmatch(fault.code, f.code)
        and (not fault.place or f"{f.sheet}!{f.cell}".rstrip("!") == fault.place)
        and re.search(fault.words, f.what)
    ]


def test_the_workbook_without_a_fault_has_no_finding_but_notes(tmp_path: Path) -> None:
    assert [f.code for f in xlprofit.check(made(tmp_path)) if f.severity != "note"] == []


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_said_and_the_file_is_as_it_was(name: str, tmp_path: Path) -> None:
    path = made(tmp_path, FAULTS[name].change)
    before = hashed(path)
    said = _find_what_is_said(FAULTS[name], path)
    assert said.fix
    assert said.why
    assert "\n" not in str(said)
    assert hashed(path) == before
    assert [p.name for p in tmp_path.iterdir()] == ["book.xlsx"]


def _find_what_is_said(fault: Fault, path: Path) -> Finding:
    findings = xlprofit.check(path)
    assert len(found(fault, findings)) == 1, [str(f) for f in findings]
    return found(fault, findings)[0]


@pytest.mark.parametrize("name", few(FAULTS, "missing sheet", "text in a number"))
def test_a_refresh_says_a_fault_or_refuses_and_leaves_the_inputs_as_they_were(
    name: str, tmp_path: Path
) -> None:
    fault = FAULTS[name]
    path = made(tmp_path, fault.change)
    before, cells = hashed(path), cells_of(path, _inputs(path), formulas=True)
    said = _find_what_is_said(fault, path)
    if fault.stops:
        with pytest.raises(xlprofit.StoppedError) as stopped:
            xlprofit.refresh(path)
        assert said in stopped.value.findings
        assert "\n" not in str(stopped.value)
        assert hashed(path) == before
    else:
        results = xlprofit.refresh(path).results
        assert said in results.findings
        assert cells_of(path, _inputs(path), formulas=True) == cells
        shown = cells_of(path, [names.CHECKS])[names.CHECKS].values()
        assert said.what in shown
        if said.sheet:
            assert f"{said.sheet}!{said.cell}".rstrip("!") in shown
    assert [p.name for p in tmp_path.iterdir()] == ["book.xlsx"]


def _inputs(path: Path) -> list[str]:
    return [name for name in openpyxl.load_workbook(path, read_only=True).sheetnames if name in TABLES]


def test_all_faults_at_once_are_all_said(tmp_path: Path) -> None:
    chosen = [
        "text in a number",
        "a number in a date",
        "a negative quantity",
        "a resource that does not exist",
    ]
    findings = xlprofit.check(made(tmp_path, both(*(FAULTS[name].change for name in chosen))))
    for name in chosen:
        assert len(found(FAULTS[name], findings)) == 1, name
    assert [f.severity for f in findings] == sorted(
        (f.severity for f in findings), key=["stop", "error", "warning", "note"].index
    )


def test_rows_with_errors_are_left_out_and_the_others_stay(tmp_path: Path) -> None:
    (tmp_path / "whole").mkdir()
    whole = xlprofit.analyze(made(tmp_path / "whole")).customers
    some = xlprofit.analyze(made(tmp_path, FAULTS["text in a number"].change)).customers
    left_out = whole["gross_revenue"] - some["gross_revenue"]
    assert left_out.to_dict() == pytest.approx({"ACME": 1_100, "Beta": 0})
    pd.testing.assert_frame_equal(whole.loc[["Beta"]], some.loc[["Beta"]])


def test_two_spellings_of_a_customer_are_one_customer(tmp_path: Path) -> None:
    results = xlprofit.analyze(made(tmp_path, FAULTS["a customer spelt two ways"].change))
    assert list(results.names) == ["ACME", "Beta"]
    assert results.explain("ACME", "Order")["units"].sum() == pytest.approx(30)


# --- files that are no workbook of ours --------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("book.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", r"book\.xls .*\.xls format.* \.xlsx"),
        ("book.csv", b"date;customer\n2024-01-01;ACME\n", r"book\.csv .*xlprofit new BOOK\.xlsx"),
        ("book.xlsx", b"not a workbook", r"book\.xlsx is not"),
        ("book.xlsx", b"", r"0 bytes"),
    ],
    ids=["xls", "csv", "no workbook", "nothing"],
)
def test_another_file_is_a_line_with_its_mend(name: str, content: bytes, told: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    calls: tuple[Callable[[Path], object], ...] = (xlprofit.refresh, xlprofit.check, xlprofit.analyze)
    for call in calls:
        with pytest.raises(xlprofit.FileError) as refused:
            call(tmp_path / name)
        assert re.search(told, str(refused.value))
        assert refused.value.fix
        assert "\n" not in str(refused.value)
    assert (tmp_path / name).read_bytes() == content
    assert [p.name for p in tmp_path.iterdir()] == [name]


def test_a_workbook_open_elsewhere_is_not_written_but_read(tmp_path: Path) -> None:
    path = made(tmp_path)
    (tmp_path / "~$book.xlsx").write_bytes(b"\x05owner")
    before = hashed(path)
    with pytest.raises(xlprofit.FileError, match="is open in Excel"):
        xlprofit.refresh(path)
    assert hashed(path) == before
    assert xlprofit.refresh(path, tmp_path / "copy.xlsx").path.exists()
    assert hashed(path) == before
