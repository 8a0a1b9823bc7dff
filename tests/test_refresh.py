"""A refresh from end to end: a workbook of customer sheets in, the same one with coloured result sheets out."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import formulon
import openpyxl
import pandas as pd
import pytest
from openpyxl import load_workbook
from openpyxl.utils import coordinate_to_tuple
from openxml_audit import OpenXmlValidator  # type: ignore[import-untyped]  # it ships no types

import xlprofit
from tests.drawn import RESULT_SHEETS, colour_of
from tests.golden.test_activity_costs import dakota, worley
from tests.needs import REQUIRE_ALL, convert, needs_soffice, takes_minutes
from tests.packages import cells_of, contents, parts_of, sheets_of, uncalculated
from xlprofit.sheets import names
from xlprofit.sheets.frame import name_ledger_line
from xlprofit.sheets.parts import Meaning
from xlprofit.tables import TABLES
from xlprofit.workflow import Refreshed

Tables = Mapping[str, pd.DataFrame]
HEADER_ROW = 6


@pytest.fixture(scope="module")
def shown(refreshed: Refreshed) -> Any:
    """The refreshed workbook with the values of its formulas, opened once; nobody may change it."""
    return load_workbook(refreshed.path, data_only=True)


def rows_of(path: Path, sheet: str, header_row: int = HEADER_ROW) -> pd.DataFrame:
    """Return the main table of a result sheet as a reader sees it, by customer."""
    worksheet: Any = load_workbook(path, data_only=True, read_only=True)[sheet]
    header, *body = worksheet.iter_rows(min_row=header_row, values_only=True)
    frame = pd.DataFrame(body, columns=list(header)).set_index(header[0])
    return frame[frame.index.notna()]


# --- what is there -----------------------------------------------------------------------------------


def test_the_result_sheets_stand_in_front_in_their_order(refreshed: Refreshed, shown: Any) -> None:
    visible = [sheet.title for sheet in shown.worksheets if sheet.sheet_state == "visible"]
    assert visible == [
        *RESULT_SHEETS,
        "Guide",
        *TABLES,
    ]  # in a workbook that xlprofit made they stand in front
    assert refreshed.losses == ()


def test_the_users_cells_are_as_they_were(book: Path, refreshed: Refreshed) -> None:
    assert cells_of(book, TABLES, formulas=True) == cells_of(refreshed.path, TABLES, formulas=True)


def test_what_is_read_again_gives_the_same_results(refreshed: Refreshed) -> None:
    again = xlprofit.analyze(refreshed.path)
    pd.testing.assert_frame_equal(again.customers, refreshed.results.customers, check_exact=True)
    assert again.findings == refreshed.results.findings


def test_the_workbook_and_its_tables_give_the_same_figures(company: Tables, refreshed: Refreshed) -> None:
    expected = xlprofit.analyze(dict(company)).customers
    pd.testing.assert_frame_equal(refreshed.results.customers, expected, rtol=1e-12)


# --- the same bytes ----------------------------------------------------------------------------------


def test_refreshed_twice_every_result_sheet_has_the_same_bytes(refreshed: Refreshed, tmp_path: Path) -> None:
    again = tmp_path / "company.xlsx"
    shutil.copy(refreshed.path, again)
    xlprofit.refresh(again)
    first, second = parts_of(refreshed.path), parts_of(again)
    for sheet in sheets_of(first):
        assert contents(first, sheet) == contents(second, sheet), sheet
    assert first["xl/styles.xml"] == second["xl/styles.xml"]


def test_the_order_of_the_rows_does_not_matter(company: Tables, refreshed: Refreshed, tmp_path: Path) -> None:
    # All but the control totals: the tie-out lists them as the user does.
    shuffled = {
        name: frame if name == "ControlTotals" else frame.sample(frac=1.0, random_state=7)
        for name, frame in company.items()
    }
    path = xlprofit.refresh(xlprofit.new(tmp_path / "company.xlsx", shuffled)).path
    ordered, other = parts_of(refreshed.path), parts_of(path)
    for sheet in RESULT_SHEETS[:-1]:
        if sheet != names.RATE_CARD:  # it names and links the row of each rate and share
            assert contents(ordered, sheet) == contents(other, sheet), sheet

    def found(results: xlprofit.Results) -> list[tuple[str, ...]]:
        # The cells differ, for other rows stand there now.
        return sorted((f.code, f.severity, f.sheet, f.what) for f in results.findings)

    assert found(refreshed.results) == found(xlprofit.analyze(path))


def test_a_refresh_into_a_copy_gives_the_same_result_sheets(
    book: Path, refreshed: Refreshed, tmp_path: Path
) -> None:
    before = book.read_bytes()
    path = xlprofit.refresh(book, tmp_path / "copy.xlsx").path
    assert book.read_bytes() == before
    in_place, copied = parts_of(refreshed.path), parts_of(path)
    for sheet in RESULT_SHEETS:
        assert contents(in_place, sheet) == contents(copied, sheet), sheet


# --- links -------------------------------------------------------------------------------------------


def links(workbook: Any) -> Iterator[tuple[str, str, object, str]]:
    """Yield sheet, cell, value and target of every link on the result sheets."""
    for name in RESULT_SHEETS:
        for cell in (cell for row in workbook[name].iter_rows() for cell in row if cell.hyperlink):
            assert cell.hyperlink.target is None, f"{name}!{cell.coordinate} leads out of the workbook"
            yield name, cell.coordinate, cell.value, str(cell.hyperlink.location)


def test_every_link_leads_to_a_cell_that_is_there(refreshed: Refreshed, shown: Any) -> None:
    leading: dict[str, int] = {}
    for sheet, cell, value, target in links(shown):
        quoted, _, address = target.rpartition("!")
        there = quoted.strip("'").replace("''", "'")
        assert there in shown.sheetnames, f"{sheet}!{cell} leads to {target}"
        row, column = coordinate_to_tuple(address.replace("$", ""))
        assert row <= shown[there].max_row
        assert column <= shown[there].max_column
        if there in (names.CUSTOMER_PNL, names.COST_TO_SERVE) and row > HEADER_ROW:
            assert shown[there].cell(row, column).value == value, f"{sheet}!{cell} leads to {target}"
        leading[sheet] = leading.get(sheet, 0) + 1
    assert leading[names.DASHBOARD] >= 20
    assert leading[names.CUSTOMER_PNL] >= 40
    assert leading[names.CHECKS] == len([f for f in refreshed.results.findings if f.sheet])


def test_the_dashboard_leads_to_every_other_result_sheet_that_answers_a_question(shown: Any) -> None:
    targets = {
        target.rpartition("!")[0].strip("'") for s, _, _, target in links(shown) if s == names.DASHBOARD
    }
    questions = {
        names.CUSTOMER_PNL,
        names.TRENDS,
        names.PROSPECT_SCREENING,
        names.CREDIT_RISK,
        names.SERVICE_RETURN,
        names.REFERRAL_VALUE,
        names.DECISIONS,
        names.CHECKS,
    }
    assert questions <= targets


# --- golden cases through a workbook -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("tables", "expected"),
    [
        pytest.param(  # G03, Garrison
            worley(), {"University": (2_660, 725), "Memorial": (2_660, -3_829)}, marks=takes_minutes
        ),
        (dakota(), {"A": (18_000, 5_170), "B": (19_000, -2_520)}),  # G01, Kaplan, HBS 9-102-021
    ],
    ids=["G03_worley", "G01_dakota"],
)
def test_a_golden_case_through_a_workbook(
    tables: Tables, expected: Mapping[str, tuple[float, float]], tmp_path: Path
) -> None:
    path = xlprofit.refresh(xlprofit.new(tmp_path / "case.xlsx", tables)).path
    read = rows_of(path, names.CUSTOMER_PNL)
    found = {c: tuple(read.loc[c, ["Gross margin", "Customer profit"]]) for c in read.index}
    assert found == {c: pytest.approx(figures, abs=1e-6) for c, figures in expected.items()}
    serve = rows_of(path, names.COST_TO_SERVE)
    lines = {name_ledger_line(str(line)) for line in xlprofit.analyze(tables).cost_to_serve.columns}
    for customer in expected:
        activities = serve.loc[customer, [column for column in serve if column in lines]]
        assert serve.loc[customer, "Cost to serve"] == pytest.approx(activities.sum(), abs=1e-9)


# --- other programs ----------------------------------------------------------------------------------


def same(ours: object, theirs: object) -> bool:
    """Whether two cells hold the same: numbers to twelve digits, a blank and an empty text alike."""
    if isinstance(ours, int | float) and isinstance(theirs, int | float):
        return ours == pytest.approx(theirs, rel=1e-12, abs=1e-9)
    return (ours or None) == (theirs or None)


@needs_soffice
def test_libreoffice_recalculates_every_formula_to_the_value_it_carries(
    refreshed: Refreshed, tmp_path: Path
) -> None:
    bare = tmp_path / "bare.xlsx"
    assert uncalculated(refreshed.path, bare) > 100  # LibreOffice trusts a value that is there
    (tmp_path / "out").mkdir()
    theirs = cells_of(convert(bare, "xlsx", tmp_path / "out"), RESULT_SHEETS)
    ours = cells_of(refreshed.path, RESULT_SHEETS)
    formulas = cells_of(refreshed.path, RESULT_SHEETS, formulas=True)
    calculated, different = 0, []
    for sheet in RESULT_SHEETS:
        errors = {a: v for a, v in theirs[sheet].items() if re.match(r"#[A-Z]|Err:", str(v))}
        assert errors == {}, sheet
        for address, formula in formulas[sheet].items():
            if isinstance(formula, str) and formula.startswith("="):
                calculated += 1
                carried, found = ours[sheet].get(address), theirs[sheet].get(address)
                if not same(carried, found):
                    different.append((sheet, address, formula, carried, found))
    assert different == []
    assert calculated > 100


def faults(path: Path) -> set[str]:
    """Return the kinds of fault that an audit finds, without numbers and names of parts."""
    found = OpenXmlValidator().validate(path).errors
    return {re.sub(r"\d+|sheet\w*\.xml|\[\d+\]", "", f"{e.part_uri}: {e.description}") for e in found}


@takes_minutes
def test_an_audit_finds_no_more_than_in_any_openpyxl_workbook(
    book: Path, refreshed: Refreshed, tmp_path: Path
) -> None:
    plain = openpyxl.Workbook()
    for worksheet in (plain.worksheets[0], plain.create_sheet()):
        for row, bold in enumerate((True, False), 1):
            font = openpyxl.styles.Font(name="Arial", color="FF0000", bold=bold, italic=not bold)
            worksheet.cell(row, 1, "text").font = font
    plain.save(tmp_path / "plain.xlsx")
    assert faults(book) <= faults(tmp_path / "plain.xlsx")
    assert faults(refreshed.path) <= faults(tmp_path / "plain.xlsx")


@takes_minutes
def test_a_loss_is_drawn_as_a_loss(refreshed: Refreshed, shown: Any) -> None:
    sheet = shown.sheetnames.index(names.CUSTOMER_PNL)
    worksheet = shown[names.CUSTOMER_PNL]
    headers = [cell.value for cell in worksheet[HEADER_ROW]]
    column = headers.index("Customer profit") + 1
    calculated = formulon.Workbook.load(refreshed.path.read_bytes())
    calculated.recalc()
    drawn: dict[bool, int] = {True: 0, False: 0}
    for row in range(HEADER_ROW + 1, worksheet.max_row + 1):
        profit = worksheet.cell(row, column).value
        expected = Meaning.LOSS if profit < 0 else Meaning.PROFIT
        assert colour_of(calculated, row, column, sheet) == expected, profit
        drawn[profit < 0] += 1
    assert min(drawn.values()) >= 5


@needs_soffice
def test_every_result_sheet_prints_whole(refreshed: Refreshed, tmp_path: Path) -> None:
    pdftotext = shutil.which("pdftotext")
    if pdftotext is None and not REQUIRE_ALL:
        pytest.skip("pdftotext (poppler-utils) is not installed")
    assert pdftotext, "pdftotext (poppler-utils) is not installed, and XLPROFIT_REQUIRE_ALL is set"
    pdf = convert(refreshed.path, "pdf", tmp_path)
    done = subprocess.run([pdftotext, "-layout", pdf, "-"], capture_output=True, text=True, check=True)
    printed = [page.strip() for page in done.stdout.split("\f") if page.strip()]
    # The foot of each page bears the name of its sheet.
    pages = [page for page in printed if page.splitlines()[-1].strip().startswith(RESULT_SHEETS)]
    # What is folded away is cut off at the right edge: pdftotext reads it there, and nobody sees it.
    assert not [page for page in pages if re.search(r"###[^\n]*\S|#REF|#NAME", page)]
    for title in ("Customer profitability", "Customer P&L", "Cost to serve", "Capacity", "Checks"):
        assert any(title in page for page in pages)
    assert len(RESULT_SHEETS) <= len(pages) <= 4 * len(RESULT_SHEETS)
