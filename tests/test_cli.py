"""The command line, run as a user runs it: what each command says, writes and leaves alone, and its exit code."""

from __future__ import annotations

import gc
import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Protocol

import pandas as pd
import pytest
import typer.main
from openpyxl import load_workbook

import xlprofit
from tests.companies import make_small_demo
from tests.drawn import RESULT_SHEETS
from tests.figures import read_figures, read_names
from tests.needs import REQUIRE_ALL, takes_minutes
from tests.packages import hashed
from xlprofit import cli
from xlprofit.ooxml import sample
from xlprofit.samples import demo
from xlprofit.sheets import names
from xlprofit.tables import TABLES

Run = subprocess.CompletedProcess[str]


def xlprofit_of(folder: Path, *arguments: str, code: int = 0) -> Run:
    """Run the command in a process and a folder of its own; it must end with this exit code."""
    root = str(Path(__file__).resolve().parents[1])
    done = subprocess.run(
        [sys.executable, "-m", "xlprofit", *arguments],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        timeout=180,
        check=False,
        env=os.environ | {"PYTHONUTF8": "1", "PYTHONPATH": root, "COLUMNS": "100", "NO_COLOR": "1"},
    )
    assert "Traceback" not in done.stdout + done.stderr, done.stderr
    assert done.returncode == code, done.stderr
    return done


@pytest.fixture(scope="module")
def company() -> Mapping[str, pd.DataFrame]:
    """A demo company smaller than that of other tests: here it is opened and saved many times."""
    return make_small_demo(15, 200, 200)


@pytest.fixture(scope="module")
def book(company: Mapping[str, pd.DataFrame], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """That company's workbook before any refresh; work on a copy."""
    return xlprofit.new(tmp_path_factory.mktemp("company") / "company.xlsx", company)


@pytest.fixture
def folder(book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with the small company's workbook in it."""
    shutil.copy(book, tmp_path / "book.xlsx")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@dataclass(frozen=True)
class Said:
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str


class Command(Protocol):
    """Runs a command in this process."""

    def __call__(self, *arguments: str) -> Said:
        """Return how it ended."""


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """The entry point itself, run in this process: the same as a process of its own, sooner."""

    def run(*arguments: str) -> Said:
        monkeypatch.setattr(sys, "argv", ["xlprofit", *arguments])
        monkeypatch.setenv("COLUMNS", "100")
        with pytest.raises(SystemExit) as left:
            cli.main()
        said = capsys.readouterr()
        return Said(int(left.value.code or 0), said.out, said.err)

    return run


# --- new and demo ------------------------------------------------------------------------------------


def test_new_makes_a_workbook_and_never_overwrites_one(
    tmp_path: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = command("new", "mine.xlsx")
    assert done.code == 0
    assert re.fullmatch(r"\w+ mine\.xlsx\. .+: xlprofit refresh mine\.xlsx\n", done.out)
    assert load_workbook(tmp_path / "mine.xlsx", read_only=True).sheetnames == ["Guide", *TABLES]
    before = hashed(tmp_path / "mine.xlsx")
    again = command("new", str(tmp_path / "mine.xlsx"))
    assert (again.code, again.out, len(again.err.splitlines())) == (1, "", 1)
    assert str(tmp_path / "mine.xlsx") in again.err
    assert hashed(tmp_path / "mine.xlsx") == before
    assert [p.name for p in tmp_path.iterdir()] == ["mine.xlsx"]


def test_new_with_the_example_is_filled(
    tmp_path: Path, command: Command, company: Mapping[str, pd.DataFrame], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "tables", lambda: company)
    assert command("new", str(tmp_path / "example.xlsx"), "--example").code == 0
    read = load_workbook(tmp_path / "example.xlsx", read_only=True)
    assert read.sheetnames == ["Guide", *TABLES, sample.SHEET]
    assert read["Sales"].max_row - 1 == len(company["Sales"])


@takes_minutes
def test_new_with_the_example_is_the_demo_company(tmp_path: Path) -> None:
    xlprofit_of(tmp_path, "new", "example.xlsx", "--example")
    read = load_workbook(tmp_path / "example.xlsx", read_only=True)
    assert read.sheetnames == ["Guide", *TABLES, sample.SHEET]
    counts = {name: read[name].max_row - 1 for name in ("Customers", "Sales", "ActivityLog")}
    assert counts == {"Customers": 400, "Sales": 60_000, "ActivityLog": 40_000}


def test_demo_makes_a_workbook_and_refreshes_it(
    tmp_path: Path,
    command: Command,
    company: Mapping[str, pd.DataFrame],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(demo, "tables", lambda: company)
    monkeypatch.chdir(tmp_path)
    done = command("demo")
    assert (done.code, [p.name for p in tmp_path.iterdir()]) == (0, ["xlprofit-demo.xlsx"])
    assert "The 5 most profitable of 15 customers" in done.out.split("The 5 least profitable")[0]
    sheets = load_workbook(tmp_path / "xlprofit-demo.xlsx", read_only=True).sheetnames
    assert set(sheets) >= {"Guide", *TABLES, *RESULT_SHEETS}


@takes_minutes
def test_demo_leaves_its_workbook_and_shows_both_ends(tmp_path: Path) -> None:
    done = xlprofit_of(tmp_path, "demo")
    assert [p.name for p in tmp_path.iterdir()] == ["xlprofit-demo.xlsx"]
    assert f"The workbook is {tmp_path / 'xlprofit-demo.xlsx'}" in done.stdout
    assert done.stdout.rstrip().endswith("xlprofit new mine.xlsx --template wholesale")
    best, worst = done.stdout.split("The 5 least profitable")
    assert "The 5 most profitable of 400 customers" in best
    assert "Tunturihovi Hotelliketju" in worst
    assert "Loss-making" in worst
    assert "-143,789" in worst
    sheets = load_workbook(tmp_path / "xlprofit-demo.xlsx", read_only=True).sheetnames
    assert set(sheets) >= {"Guide", *TABLES, *RESULT_SHEETS}


# --- refresh -----------------------------------------------------------------------------------------


def test_refresh_writes_the_result_sheets_into_the_workbook(folder: Path) -> None:
    done = xlprofit_of(folder, "refresh", "book.xlsx")
    profit = xlprofit.analyze(folder / "book.xlsx").customers["profit"]
    assert re.fullmatch(r"Refreshed book\.xlsx: .+ EUR\n", done.stdout)
    assert read_figures(done.stdout) == [15, (profit > 0).sum(), round(profit.sum())]
    assert set(load_workbook(folder / "book.xlsx", read_only=True).sheetnames) >= set(RESULT_SHEETS)
    assert [p.name for p in folder.iterdir()] == ["book.xlsx"]


def test_refresh_into_another_file_leaves_the_first_as_it_was(folder: Path, command: Command) -> None:
    before = hashed(folder / "book.xlsx")
    done = command("refresh", "book.xlsx", "-o", "results.xlsx")
    assert (done.code, done.out[:24]) == (0, "Refreshed results.xlsx: ")
    assert hashed(folder / "book.xlsx") == before
    assert set(load_workbook(folder / "results.xlsx", read_only=True).sheetnames) >= set(RESULT_SHEETS)


def faulty(folder: Path, cells: Mapping[str, object]) -> Path:
    """Write values into the workbook's cells, such as ``Sales!C7``; return its path."""
    workbook: Any = load_workbook(folder / "book.xlsx")
    for place, value in cells.items():
        sheet, address = place.split("!")
        workbook[sheet][address] = value
    workbook.save(folder / "book.xlsx")
    return folder / "book.xlsx"


def test_findings_name_sheet_cell_and_mend(folder: Path, command: Command) -> None:
    path = faulty(folder, {"Sales!C104": "12,5O", "Invoices!D9": "soon"})
    done = command("check", "book.xlsx")
    assert re.search(r'^error +C01 +Sales!C104: "12,5O" [^.]+\. .+\.$', done.err, re.MULTILINE)
    assert re.search(r'^error +C06 +Invoices!D9: "soon" ', done.err, re.MULTILINE)
    assert (done.code, done.out) == (0, "")
    again = command("refresh", "book.xlsx")
    assert (again.code, again.out[:23]) == (0, "Refreshed book.xlsx: 15")
    assert 'Sales!C104: "12,5O" ' in again.err
    checks: Any = load_workbook(path, data_only=True)[names.CHECKS]
    (cell,) = (c for row in checks.iter_rows() for c in row if c.value == "Sales!C104")
    assert cell.hyperlink.location.replace("'", "") == "Sales!C104"


def test_a_finding_that_stops_the_work_is_code_1_and_writes_nothing(folder: Path, command: Command) -> None:
    path = faulty(folder, {"Sales!C1": "worth"})
    before = hashed(path)
    for name in ("refresh", "check", "profit"):
        done = command(name, "book.xlsx")
        assert (done.code, done.out) == (1, "")
        assert re.search(r"^stop +H03 +Sales!C1: ", done.err, re.MULTILINE)
    assert hashed(path) == before
    assert [p.name for p in folder.iterdir()] == ["book.xlsx"]


# --- profit ------------------------------------------------------------------------------------------


def test_profit_as_csv_has_15_digits_and_nothing_else(folder: Path, command: Command) -> None:
    done = command("profit", "book.xlsx", "--format", "csv")
    expected = xlprofit.analyze(folder / "book.xlsx")
    rows = pd.read_csv(io.StringIO(done.out), index_col="customer")
    ranked = expected.customers.loc[expected.whale.index]
    pd.testing.assert_frame_equal(rows, ranked, rtol=1e-14, check_index_type=False)


def test_profit_as_json_is_an_object_with_the_customers_and_what_is_missing(
    folder: Path, command: Command
) -> None:
    done = command("profit", "book.xlsx", "--format", "json")
    found = json.loads(done.out)
    assert (found["currency"], found["left_out"]) == ("EUR", [])
    rows = pd.DataFrame(found["customers"]).set_index("customer")
    expected = xlprofit.analyze(folder / "book.xlsx")
    ranked = expected.customers.loc[expected.whale.index]
    pd.testing.assert_frame_equal(rows, ranked, rtol=1e-12, check_index_type=False)


def test_profit_takes_tables_from_sources_as_a_refresh_does(folder: Path, command: Command) -> None:
    lines = "date,customer,gross_revenue\n2026-01-31,From a file,125\n"
    (folder / "erp.csv").write_text(lines, encoding="utf-8")
    done = command("profit", "book.xlsx", "--source", "Sales=erp.csv", "From a file", "--format", "json")
    assert done.code == 0
    assert json.loads(done.out)["customers"][0]["gross_revenue"] == 125.0


def test_a_query_is_left_out_after_a_refresh_and_shown_by_a_check(folder: Path, command: Command) -> None:
    line = {"date": [pd.Timestamp("2026-01-31")], "customer": ["ACME"], "gross_revenue": [125.0]}
    pd.DataFrame(line).to_parquet(folder / "erp.parquet", index=False)
    short, whole = (
        next(line for line in done.err.splitlines() if "D01" in line)
        for done in (
            command("cube", "first.xlsx", "--source", "Sales=erp.parquet"),
            command("check", "book.xlsx", "--source", "Sales=erp.parquet"),
        )
    )
    assert "SELECT" not in short and short.endswith("DuckDB.")
    assert "SELECT" in whole and not whole.endswith("…")


def test_profit_of_some_customers_in_a_table(folder: Path, command: Command) -> None:
    best, worst = (xlprofit.analyze(folder / "book.xlsx").whale.index[place] for place in (0, -1))
    done = command("profit", "book.xlsx", f" {worst.upper()} ", best)
    words = " ".join(done.out.split())
    assert done.code == 0
    assert "Net revenue" in words
    for name in (best, worst):
        assert all(piece in words for piece in name.split())
    wrong = command("profit", "book.xlsx", best[:-1] + "q")
    assert (wrong.code, wrong.out, len(wrong.err.splitlines())) == (1, "", 1)
    assert read_names(wrong.err) == [f"{best[:-1]}q", best]


# --- compare, close and what-if ------------------------------------------------------------------------


def test_compare_shows_why_profit_changed_and_makes_a_workbook_of_it(folder: Path, command: Command) -> None:
    later = load_workbook(folder / "book.xlsx")
    sheet: Any = later["Sales"]
    headers = {cell.value: cell.column for cell in sheet[1]}
    for row in range(2, sheet.max_row + 1):
        cell = sheet.cell(row, headers["gross_revenue"])
        cell.value = round(float(cell.value) * 1.1, 2)
    later.save(folder / "later.xlsx")
    before = {name: hashed(folder / name) for name in ("book.xlsx", "later.xlsx")}
    done = command("compare", "book.xlsx", "later.xlsx", "-o", "why.xlsx")
    assert done.code == 0 and "later against book" in done.out
    first, second = (xlprofit.analyze(folder / name) for name in ("book.xlsx", "later.xlsx"))
    change = xlprofit.compare(first, second)
    price = float(change.company["total"]["price"])
    assert f"{price:+,.0f}" in done.out
    assert load_workbook(folder / "why.xlsx", read_only=True).sheetnames == ["Changes"]
    assert {name: hashed(folder / name) for name in before} == before
    again = command("compare", "book.xlsx", "later.xlsx", "-o", "why.xlsx")
    assert again.code == 1 and "why.xlsx is there already" in again.err


def test_close_keeps_a_period_and_a_check_tells_what_changes_it(folder: Path, command: Command) -> None:
    done = command("close", "book.xlsx", "2026-03")
    assert done.code == 0 and "Closed 2026-03: kept in book.closed-2026-03.parquet" in done.out
    again = command("close", "book.xlsx", "2026-03")
    assert again.code == 1 and "closed already" in again.err
    assert "M09" not in command("check", "book.xlsx").err
    book = load_workbook(folder / "book.xlsx")
    sheet: Any = book["Sales"]
    headers = {cell.value: cell.column for cell in sheet[1]}
    for row in range(2, sheet.max_row + 1):
        if str(sheet.cell(row, headers["date"]).value).startswith("2026-03"):
            sheet.cell(row, headers["cogs"]).value += 100.0
            break
    book.save(folder / "book.xlsx")
    told = command("check", "book.xlsx").err
    assert "the closed period 2026-03 has changed" in told and "cogs -100.00" in told


def test_what_if_shows_a_scenario_and_a_goal(folder: Path, command: Command) -> None:
    results = xlprofit.analyze(folder / "book.xlsx")
    done = command("what-if", "book.xlsx", "--change", "price +3% segment:Hotels", "--change", "volume -1%")
    run = xlprofit.scenario(results, ["price +3% segment:Hotels", "volume -1%"])
    assert done.code == 0
    assert f"{float(run.company['total']['company_profit']):,.0f}" in done.out
    worst = str(results.customers["margin"].idxmin())
    aimed = command("what-if", "book.xlsx", "--customer", worst, "--target-margin", "5%")
    assert aimed.code == 0 and f"{worst}: profit is" in aimed.out and "Each lever alone" in aimed.out


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--change", "price +3% segment:Nowhere"), 1, "in no table"),
        (("--customer", "Nobody", "--target-margin", "5%"), 1, "Nobody"),
        (("--customer", "Nobody"), 2, "--customer and --target-margin"),
        (("--customer", "Nobody", "--target-margin", "5"), 2, "write 5%"),
        (("--customer", "Nobody", "--target-margin", "\x1b[2J"), 2, "·[2J is no margin"),
        ((), 2, "--change"),
    ],
)
def test_what_if_refuses_what_it_cannot_do(
    arguments: tuple[str, ...], code: int, said: str, folder: Path, command: Command
) -> None:
    done = command("what-if", "book.xlsx", *arguments)
    assert (done.code, done.out) == (code, "")
    assert said in " ".join(done.err.split())


# --- help and usage ----------------------------------------------------------------------------------

WORDS = {
    "": ["refresh", "demo", "Exit codes: 0 done, 1 findings or a file stop the work, 2"],
    "new": ["BOOK.xlsx", "--example", "never overwritten"],
    "demo": ["best and worst customers", "xlprofit-demo.xlsx"],
    "refresh": ["BOOK.xlsx", "--output", "-o", "OUT.xlsx"],
    "check": ["Exit code 1 where a finding stops the work", "Writes nothing"],
    "profit": ["CUSTOMER", "--format", "table", "csv", "json", "Revenue is positive and cost negative"],
}


def _commands(tree: Any, name: str = "") -> Iterator[str]:
    """Yield the name of every command, those under others too."""
    yield name
    for sub, inner in getattr(tree, "commands", {}).items():
        yield from _commands(inner, f"{name} {sub}".strip())


HELP = """
import sys
sys.argv = ["xlprofit", "--help"]
from xlprofit.cli import main
try:
    main()
except SystemExit:
    print(*(name for name in ("numpy", "openpyxl", "pandas", "xlwings") if name in sys.modules), sep=",")
"""


def test_a_command_looks_for_cycles_seldom(command: Command) -> None:
    command("--version")
    assert gc.get_threshold()[0] == cli.NEW_OBJECTS


@pytest.mark.parametrize(("chosen", "kept"), [(None, "1"), ("4", "4")])
def test_small_matrices_are_computed_by_one_thread_unless_the_user_chose(
    command: Command, monkeypatch: pytest.MonkeyPatch, chosen: str | None, kept: str
) -> None:
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", chosen or "")
    if chosen is None:
        monkeypatch.delenv("OPENBLAS_NUM_THREADS")
    command("--version")
    assert os.environ["OPENBLAS_NUM_THREADS"] == kept


def test_a_page_of_help_waits_for_nothing_large() -> None:
    done = subprocess.run([sys.executable, "-c", HELP], capture_output=True, text=True, check=True)
    assert "Usage" in done.stdout
    assert done.stdout.splitlines()[-1] == ""


@pytest.mark.parametrize("name", list(_commands(typer.main.get_command(cli.app))))
def test_every_help_is_worth_reading(name: str, command: Command) -> None:
    done = command(*name.split(), "--help")
    assert (done.code, done.err) == (0, "")
    said = " ".join(re.sub(r"[│╭╮╰╯─*]", " ", done.out).split())
    assert len(said) > 140
    for word in WORDS.get(name, []):
        assert word in said
    # A paragraph flows: the line ends of a docstring are not those of the terminal.
    lines = [line.strip() for line in done.out.splitlines() if line.startswith(" ") and "Usage" not in line]
    broken = [
        line
        for line, after in pairwise(lines)
        if line and after and len(line) + len(after.split()[0]) < 90 and not line.startswith("•")
    ]
    assert broken == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["refresh"],
        ["frobnicate"],
        ["refresh", "a.xlsx", "--fast"],
        ["profit", "a.xlsx", "--format", "xml"],
        ["new"],
    ],
)
def test_what_is_not_understood_is_code_2(arguments: list[str], command: Command) -> None:
    done = command(*arguments)
    assert (done.code, done.out) == (2, "")
    assert "Usage: " in done.err


def test_the_version_and_a_usage_error_in_a_process_of_its_own(tmp_path: Path) -> None:
    assert xlprofit_of(tmp_path, "--version").stdout == f"xlprofit {xlprofit.__version__}\n"
    assert "No such command" in xlprofit_of(tmp_path, "frobnicate", code=2).stderr


# --- files that will not do --------------------------------------------------------------------------


def _written(name: str, content: bytes) -> Callable[[Path], str]:
    def write(folder: Path) -> str:
        (folder / name).write_bytes(content)
        return name

    return write


ENCRYPTED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")
BAD: dict[str, tuple[Callable[[Path], str], str]] = {
    "old format": (_written("old.xls", ENCRYPTED), r"old\.xls .*\.xls format.* \.xlsx"),
    "csv": (_written("a.csv", b"date;customer\n"), r"a\.csv .*xlprofit new BOOK\.xlsx"),
    "not there": (lambda folder: "bok.xlsx", r"bok\.xlsx\. .*\bbook\.xlsx\?"),
    "no folder": (lambda folder: "none/book.xlsx", r"folder none\b"),
    "a folder": (lambda folder: ".", "is a folder"),
    "no workbook": (_written("a.xlsx", b"dear customer"), r"a\.xlsx is not"),
    "damaged": (_written("a.xlsx", b"PK\x03\x04" + b"\0" * 90), "damaged"),
    "empty": (_written("a.xlsx", b""), "is empty"),
    "password": (_written("a.xlsx", ENCRYPTED), "password"),
    "the mark": (_written("~$book.xlsx", b"owner"), r"~\$book\.xlsx is .*\bExcel\b"),
}
"""What makes each file, and a pattern of what tells its refusal from the others: names, endings and commands."""


@pytest.mark.parametrize(
    ("name", "kind"),
    [("refresh", kind) for kind in BAD] + [(name, "damaged") for name in ("check", "profit")],
)
def test_a_file_that_will_not_do_is_one_line(name: str, kind: str, folder: Path, command: Command) -> None:
    make, told = BAD[kind]
    path = make(folder)
    before = {p.name: hashed(p) for p in folder.iterdir()}
    done = command(name, path)
    assert (done.code, done.out) == (1, "")
    assert re.search(told, done.err)
    assert len(done.err.splitlines()) == 1
    assert {p.name: hashed(p) for p in folder.iterdir()} == before


def test_a_file_that_will_not_do_in_a_process_of_its_own(folder: Path) -> None:
    make, told = BAD["no workbook"]
    done = xlprofit_of(folder, "refresh", make(folder), code=1)
    assert re.search(told, done.stderr)
    assert (done.stdout, len(done.stderr.splitlines())) == ("", 1)


def test_a_workbook_that_is_open_elsewhere_is_left_as_it_is(folder: Path, command: Command) -> None:
    (folder / "~$book.xlsx").write_bytes(b"\x05owner")
    before = hashed(folder / "book.xlsx")
    done = command("refresh", "book.xlsx")
    assert (done.code, done.out, len(done.err.splitlines())) == (1, "", 1)
    assert "book.xlsx is open in Excel" in done.err
    assert hashed(folder / "book.xlsx") == before
    assert command("check", "book.xlsx").code == 0  # reading needs no lock


def test_the_entry_point_is_installed(tmp_path: Path) -> None:
    command = shutil.which("xlprofit") or shutil.which("xlprofit", path=str(Path(sys.executable).parent))
    if command is None and not REQUIRE_ALL:
        pytest.skip("the package is not installed: there is no command xlprofit")
    assert command
    done = subprocess.run([command, "--version"], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert done.stdout == f"xlprofit {xlprofit.__version__}\n"
