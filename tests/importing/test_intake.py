"""Exports taken into a workbook: confirmed once, remembered, read without a question ever after."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pytest
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner

import xlprofit
from tests.needs import takes_minutes
from xlprofit.cli import app
from xlprofit.errors import StoppedError
from xlprofit.findings import Finding
from xlprofit.importing.intake import import_files, plan_import
from xlprofit.importing.profiles.profile import ProfileError, parse_profile, write_profile

JANUARY = (
    "Sales report;;;\nPrinted 31.01.2024;;;\n;;;\nOrder Date;Client No;Net Amount;Profit\n"
    "05.01.2024;10001;1.250,00;250,00\n06.01.2024;10002;-50,00;-10,00\n"
)
FEBRUARY = JANUARY + "01.02.2024;10002;100,00;40,00\n"


def codes_of(findings: tuple[Finding, ...], severity: str) -> set[str]:
    return {finding.code for finding in findings if finding.severity == severity}


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "orders.csv"
    path.write_text(JANUARY, encoding="utf-8")
    return path


def test_an_export_is_taken_in_and_read_anew_by_each_refresh(export: Path) -> None:
    done = import_files([export])
    assert done.path == export.with_name("orders-xlprofit.xlsx")
    assert done.results.customers["net_revenue"].sum() == pytest.approx(1200.0)
    assert done.results.customers["profit"].sum() == pytest.approx(240.0)
    export.write_text(FEBRUARY, encoding="utf-8")
    again = xlprofit.refresh(done.path)
    assert again.results.customers["net_revenue"].sum() == pytest.approx(1300.0)
    assert again.results.customers["profit"].sum() == pytest.approx(280.0)
    assert not codes_of(again.results.findings, "stop") | codes_of(again.results.findings, "error")


def test_a_file_of_the_same_form_needs_no_question(export: Path, tmp_path: Path) -> None:
    book = import_files([export]).path
    later = tmp_path / "orders-february.csv"
    later.write_text(FEBRUARY, encoding="utf-8")
    plan = plan_import([later], book)
    assert plan.open == ()
    assert import_files([later], book, plan=plan).results.customers["profit"].sum() == pytest.approx(280.0)
    sheet = openpyxl.load_workbook(book, read_only=True)["Sources"]
    rows = [row for row in sheet.iter_rows(min_row=2, values_only=True) if row[0]]
    assert [row[:2] for row in rows] == [("Sales", "orders-february.csv")]


def test_a_profile_in_a_file_is_written_once_and_followed(export: Path, tmp_path: Path) -> None:
    profile, book = tmp_path / "orders.toml", tmp_path / "book.xlsx"
    import_files([export], book, profile=profile)
    text = profile.read_text(encoding="utf-8")
    assert 'rule = "profit"' in text
    assert write_profile(parse_profile(text, "orders.toml")) == text
    profile.write_text(text.replace(', rule = "profit"', ""), encoding="utf-8")
    assert xlprofit.analyze(book).customers["profit"].sum() == pytest.approx(1200.0 - 240.0)
    assert plan_import([export], tmp_path / "other.xlsx", profile=profile).open == ()


def test_a_workbook_that_is_there_keeps_what_it_has(export: Path, tmp_path: Path) -> None:
    book = xlprofit.new(tmp_path / "book.xlsx", template="wholesale")
    xlprofit.clear(book)
    import_files([export], book)
    sheets = openpyxl.load_workbook(book)
    assert sheets["Activities"]["A2"].value
    assert sheets["Sources"].tables["Sources"].ref.endswith("2")
    assert xlprofit.analyze(book).customers["net_revenue"].sum() == pytest.approx(1200.0)


@takes_minutes
def test_a_workbook_without_a_sheet_of_sources_gets_one(export: Path, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "mine"  # type: ignore[index]
    book.save(tmp_path / "own.xlsx")
    for _time in range(2):
        done = import_files([export], tmp_path / "own.xlsx")
        assert done.results.customers["net_revenue"].sum() == pytest.approx(1200.0)
    assert xlprofit.analyze(done.path).customers["net_revenue"].sum() == pytest.approx(1200.0)
    assert openpyxl.load_workbook(done.path, read_only=True)["Sheet"]["A1"].value == "mine"


@takes_minutes
def test_a_workbook_that_was_refreshed_before_takes_an_export_too(export: Path, tmp_path: Path) -> None:
    book = tmp_path / "mine.xlsx"
    own = openpyxl.Workbook()
    sheet = own.worksheets[0]
    sheet.title = "Sales"
    for row in (["date", "customer", "gross_revenue"], [date(2024, 1, 5), "A", 10.0]):
        sheet.append(row)
    own.save(book)
    before = xlprofit.refresh(book).results
    assert before.customers["net_revenue"].sum() == 10.0
    done = import_files([export], book)
    assert done.path == book
    assert done.results.customers["net_revenue"].sum() == pytest.approx(1_200.0)


def test_an_export_that_has_changed_is_told(export: Path) -> None:
    book = import_files([export]).path
    export.write_text(JANUARY.replace("Profit", "Gewinn neu"), encoding="utf-8")
    assert "D12" in codes_of(xlprofit.analyze(book).findings, "warning")
    export.write_text(JANUARY.replace("Net Amount", "Amount of something"), encoding="utf-8")
    with pytest.raises(ProfileError, match="Net Amount"):
        xlprofit.refresh(book)


def test_dates_in_the_other_order_are_told_and_not_turned(tmp_path: Path) -> None:
    path = tmp_path / "sales.csv"
    path.write_text("Date,Customer,Sales\n13/02/2024,A,10\n05/01/2024,B,20\n", encoding="utf-8")
    book = import_files([path]).path
    path.write_text("Date,Customer,Sales\n02/13/2024,A,10\n01/05/2024,B,20\n", encoding="utf-8")
    results = xlprofit.analyze(book)
    assert "D12" in codes_of(results.findings, "warning")
    assert sorted(results.inputs["Sales"]["date"].dt.date) == [date(2024, 1, 5), date(2024, 2, 13)]


def test_rows_without_the_profit_are_told(export: Path) -> None:
    export.write_text(JANUARY + "07.01.2024;10003;500,00;\n", encoding="utf-8")
    assert "D13" in codes_of(import_files([export]).results.findings, "warning")


def test_a_column_without_a_telling_name_is_a_warning_until_it_is_confirmed(tmp_path: Path) -> None:
    path = tmp_path / "sales.csv"
    rows = "".join(f"2024-01-{day:02},Shop {day % 5},{day * 7}.50\n" for day in range(1, 25))
    path.write_text(f"Date,Customer,Qwert\n{rows}", encoding="utf-8")
    plan = plan_import([path])
    assert plan.proposals[0].tables[0].find_column("gross_revenue").is_guess  # type: ignore[union-attr]
    done = import_files([path], plan=plan)
    assert "D10" in codes_of(done.results.findings, "warning")
    seen = plan_import([path], tmp_path / "seen.xlsx")
    confirmed = type(seen)(seen.output, tuple(p.confirm_guesses() for p in seen.proposals))
    assert "D10" not in codes_of(import_files([path], plan=confirmed).results.findings, "warning")


def test_a_sheet_that_looks_like_sales_is_named(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Orders"
    sheet.append(["Order Date", "Customer ID", "Sales", "Profit"])
    for day in range(1, 13):
        sheet.append([date(2024, 1, day), f"C{day % 3}", 100.0 + day, 20.0])
    path = tmp_path / "book.xlsx"
    book.save(path)
    (stop,) = (finding for finding in xlprofit.check(path) if finding.code == "T01")
    assert str(stop).endswith(" xlprofit import book.xlsx#Orders.") and " Sales" in str(stop)
    with pytest.raises(StoppedError):
        xlprofit.refresh(path)
    done = import_files([f"{path}#Orders"])
    assert done.results.customers["profit"].sum() == pytest.approx(240.0)


def test_each_file_is_opened_once_for_the_proposal_and_once_for_the_figures(export: Path) -> None:
    opens: list[str] = []

    def note(event: str, arguments: tuple[object, ...]) -> None:
        if event == "open" and str(arguments[0]) == str(export):
            opens.append(event)

    sys.addaudithook(note)
    import_files([export])
    assert len(opens) <= 2
    opens.clear()
    xlprofit.propose(export)
    assert len(opens) == 1


def test_a_workbook_is_opened_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, opens = tmp_path / "orders.xlsx", list[str]()
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (
        ["Order Date", "Customer ID", "Sales"],
        [date(2024, 1, 5), "A", 10.0],
        [date(2024, 1, 6), "B", 5.0],
    ):
        sheet.append(row)
    book.save(path)

    def note(event: str, arguments: tuple[object, ...]) -> None:
        if event == "open" and str(arguments[0]) == str(path):
            opens.append(event)

    def open_by_itself(place: str) -> CalamineWorkbook:  # which no audit event tells
        opens.extend(["calamine"] if place == str(path) else [])
        return CalamineWorkbook.from_path(place)

    reader = SimpleNamespace(from_path=open_by_itself, from_filelike=CalamineWorkbook.from_filelike)
    sys.addaudithook(note)
    monkeypatch.setattr("python_calamine.CalamineWorkbook", reader)
    xlprofit.propose(path)
    assert opens == ["open"]
    opens.clear()
    import_files([path], tmp_path / "book.xlsx")
    assert opens == ["open"]


OPEN_DATES = "Date,Customer,Net amount\n03/02/2026,A,100.00\n04/02/2026,B,50.00\n"


def test_dates_in_no_plain_order_are_refused_with_the_option_that_says_it(tmp_path: Path) -> None:
    path, book = tmp_path / "orders.csv", tmp_path / "book.xlsx"
    path.write_text(OPEN_DATES, encoding="utf-8")
    with pytest.raises(ProfileError) as refused:
        import_files([path], book)
    for option, days in (
        ("date=%d/%m/%Y", [date(2026, 2, 3), date(2026, 2, 4)]),
        ("date=%m/%d/%Y", [date(2026, 3, 2), date(2026, 4, 2)]),
    ):
        assert f'--options "{option}"' in str(refused.value)
        book.unlink(missing_ok=True)
        results = import_files([path], book, options=option).results
        assert sorted(results.inputs["Sales"]["date"].dt.date) == days
        again = xlprofit.analyze(book)  # the workbook's Sources remember it
        assert sorted(again.inputs["Sales"]["date"].dt.date) == days


@takes_minutes
def test_another_file_in_the_place_of_the_one_before_is_told(export: Path, tmp_path: Path) -> None:
    book = import_files([export]).path
    other = tmp_path / "shop.csv"
    other.write_text("Date,Customer,Net amount\n2024-03-05,C,70.00\n2024-03-06,D,30.50\n", encoding="utf-8")
    done = import_files([other], book)
    told = [str(finding) for finding in done.results.findings if finding.code == "D16"]
    assert len(told) == 1 and "shop.csv" in told[0] and "orders.csv" in told[0]
    assert "D16" not in codes_of(xlprofit.refresh(book).results.findings, "warning")
    assert "D16" not in codes_of(import_files([other], book).results.findings, "warning")


# --- the command -------------------------------------------------------------------------------------


def test_without_a_terminal_the_proposal_is_shown_and_nothing_written(export: Path) -> None:
    done = CliRunner().invoke(app, ["import", str(export)])
    assert done.exit_code == 1
    assert "Net Amount" in done.output
    assert "--yes" in done.output
    assert not export.with_name("orders-xlprofit.xlsx").exists()


def test_accepted_it_is_taken_in(export: Path, tmp_path: Path) -> None:
    book = tmp_path / "book.xlsx"
    done = CliRunner().invoke(app, ["import", str(export), "-o", str(book), "--yes"])
    assert done.exit_code == 0, done.output
    assert "customer profit 240" in done.output


@takes_minutes
def test_a_mapping_on_the_command_line_goes_first(export: Path, tmp_path: Path) -> None:
    book = tmp_path / "book.xlsx"
    mapping = "gross_revenue=Profit; cogs=Net Amount"
    done = CliRunner().invoke(app, ["import", str(export), "-o", str(book), "--yes", "--mapping", mapping])
    assert done.exit_code == 0, done.output
    assert xlprofit.analyze(book).customers["net_revenue"].sum() == pytest.approx(240.0)


def write_months(path: Path, *months: int) -> None:
    """Write a workbook with a sheet for each month, each with one sale of 100 times the month."""
    book = openpyxl.Workbook(write_only=True)
    for month in months:
        sheet = book.create_sheet(f"2024-{month:02d}")
        sheet.append(["Date", "Customer", "Net amount", "Cost of sales"])
        sheet.append([date(2024, month, 5), "Ann", 100.0 * month, 10.0])
        sheet.append([date(2024, month, 6), "Bob", 0.5, 0.1])
    book.save(path)


def test_the_only_sheet_may_be_called_by_the_next_month(tmp_path: Path) -> None:
    path = tmp_path / "sales.xlsx"
    write_months(path, 1)
    book = import_files([path]).path
    write_months(path, 2)
    assert xlprofit.analyze(book).customers["net_revenue"].sum() == pytest.approx(200.5)


@takes_minutes
def test_a_further_sheet_of_a_month_is_told_and_taken_in_when_imported_anew(tmp_path: Path) -> None:
    path = tmp_path / "sales.xlsx"
    write_months(path, 1, 2)
    book = import_files([path]).path
    write_months(path, 1, 2, 3)
    assert "D12" in codes_of(xlprofit.analyze(book).findings, "warning")
    again = import_files([path], book).results
    assert again.customers["net_revenue"].sum() == pytest.approx(601.5)
    assert "D12" not in codes_of(again.findings, "warning")


@takes_minutes
def test_one_sheet_is_not_read_for_each_of_several_that_are_gone(tmp_path: Path) -> None:
    path = tmp_path / "sales.xlsx"
    write_months(path, 1, 2)
    book = import_files([path]).path
    write_months(path, 3)
    with pytest.raises(ProfileError, match="2024-01"):
        xlprofit.refresh(book)
