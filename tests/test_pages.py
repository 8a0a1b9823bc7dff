"""The pages that tell what to type: typed as they stand, in a folder of one's own, they say what the page shows."""

from __future__ import annotations

import ast
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner, Result

import xlprofit
from tests.drawn import RESULT_SHEETS
from tests.needs import REQUIRE_ALL, few, takes_minutes
from tests.test_docs import GENERATE, README, ROOT, blocks
from xlprofit import cli
from xlprofit.cli import app
from xlprofit.excel.addin import ribbon
from xlprofit.excel.addin.machine import Machine
from xlprofit.formulas import REGISTRY, SHEET, FormulaError, Lookup
from xlprofit.ooxml.guide import STEPS
from xlprofit.ooxml.lock import lock_workbook

DOCS = ROOT / "docs"


@pytest.fixture
def folder(book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with a small company's workbook in it."""
    shutil.copy(book, tmp_path / "book.xlsx")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COLUMNS", raising=False)  # which processes of pytest have, and no user's pipe
    return tmp_path


def typed(page: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield the commands that a page has a user type, each with the lines that it shows of what comes of it."""
    for body in blocks(page, "text"):
        for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
            command, *shown = part.strip().splitlines()
            yield command, [line.strip() for line in shown if line.strip()]


def save_orders(path: Path) -> None:
    """Save orders with their customers on one sheet and their lines on another, as the page on imports has them."""
    orders = pd.DataFrame(
        {
            "Order No": [5001, 5002, 5003],
            "Order Date": pd.to_datetime(["2026-01-12", "2026-01-19", "2026-02-09"]),
            "Customer": ["Ashgrove Builders", "Holm & Sons", "Greyhound Retail"],
        }
    )
    lines = pd.DataFrame(
        {
            "Order No": [5001, 5001, 5002, 5003],
            "Item": ["Bolt", "Nut", "Bolt", "Washer"],
            "Net Amount": [1200.0, 340.5, 980.0, 410.25],
            "Cost Amount": [800.0, 190.0, 640.0, 300.0],
        }
    )
    with pd.ExcelWriter(path) as book:
        orders.to_excel(book, sheet_name="Orders", index=False)
        lines.to_excel(book, sheet_name="Lines", index=False)


def run(command: str) -> Result:
    return CliRunner().invoke(app, shlex.split(command, comments=True)[1:])


@pytest.mark.parametrize("name", few(["tutorial.md", "import.md", "nightly.md"], "import.md"))
def test_what_is_typed_says_what_the_page_shows(name: str, folder: Path) -> None:
    for data in blocks(DOCS / name, "csv"):
        (folder / "erp.csv").write_text(data, encoding="utf-8")
    save_orders(folder / "erp.xlsx")
    commands = list(typed(DOCS / name))
    assert len(commands) >= 2
    for command, shown in commands:
        done = run(command)
        assert done.exit_code == 0, f"{command}\n{done.output}"
        for line in shown:
            assert line in done.output, f"{command}\n{done.output}"


def test_the_readmes_commands_say_what_it_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ran = 0
    for command, shown in typed(README):
        done = run(command)
        assert done.exit_code == 0, f"{command}\n{done.output}"
        assert [line for line in shown if line not in done.output] == [], done.output
        ran += 1
    assert ran >= 5


@pytest.fixture(scope="module")
def wholesaler(tmp_path_factory: pytest.TempPathFactory) -> Lookup:
    """What the formulas look up in the wholesaler's template, refreshed: the README's figures are of it."""
    path = xlprofit.new(tmp_path_factory.mktemp("readme") / "book.xlsx", template="wholesale")
    xlprofit.refresh(path)
    rows = [list(row) for row in load_workbook(path, read_only=True)[SHEET].iter_rows(values_only=True)]
    found = Lookup.from_rows(rows)
    assert isinstance(found, Lookup)
    return found


FORMULAS = [
    call
    for body in blocks(README, "text")
    for call in re.findall(r"^=([A-Z_]+)(\(.*?\)) +(.*)$", body, re.MULTILINE)
]


@pytest.mark.parametrize(("name", "given", "shown"), FORMULAS)
def test_a_formula_of_the_readme_gives_what_it_shows(
    name: str, given: str, shown: str, wholesaler: Lookup
) -> None:
    arguments = ast.literal_eval(f"{given[:-1]},)") if given != "()" else ()
    function = REGISTRY[name]
    answer = function.call(*([wholesaler] if function.lookup else []), *arguments)
    if isinstance(answer, list):
        assert len(answer) > 1 and shown[0].islower()
    elif isinstance(answer, FormulaError):
        assert answer.code == shown
    else:
        assert (f"{answer:,.0f}" if isinstance(answer, int | float) else answer) == shown


def test_the_readmes_formulas_show_figures_words_rows_and_an_error() -> None:
    assert len(FORMULAS) == 10
    assert {"CUSTOMER_PROFIT", "COST_TO_SERVE", "EXPLAIN_PROFIT"} <= {name for name, _, _ in FORMULAS}


def test_the_readme_installs_the_add_in_as_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = Machine.this()
    interpreter = tmp_path / "python" / "Scripts" / "python.exe"
    interpreter.parent.mkdir(parents=True)
    interpreter.touch()
    windows = Machine("win32", tmp_path, {}, interpreter, here.package, here.version)
    monkeypatch.setattr(Machine, "this", lambda: windows)
    install = next(body for body in blocks(README, "text") if "addin install" in body)
    first, command, *shown = install.splitlines()
    assert first.startswith("> pip install . ")
    done = run(command.removeprefix("> "))
    assert done.exit_code == 0, done.output
    assert shown and all(line in done.output.splitlines() for line in shown)
    assert list(tmp_path.rglob("XLSTART/xlprofit.xlam"))


def test_the_readme_names_the_buttons_that_there_are() -> None:
    part = README.read_text(encoding="utf-8").split("## A button")[1].split("\n## ")[0]
    buttons = {b.label for b in vars(ribbon).values() if isinstance(b, ribbon.Button)} - {ribbon.ABOUT.label}
    assert ribbon.build_custom_ui().count("Go to sheet") > 0
    assert set(re.findall(r"\*\*(.+?)\*\*", part)) == buttons | {"Go to sheet"}


def test_a_finding_reads_as_the_readme_has_it(folder: Path) -> None:
    quoted = re.search(r'`Sales!C1204: ("12,5O" .*?)`', README.read_text(encoding="utf-8"))
    assert quoted is not None
    workbook = load_workbook(folder / "book.xlsx")
    column = next(cell.column for cell in workbook["Sales"][1] if cell.value == "gross_revenue")
    workbook["Sales"].cell(4, column).value = "12,5O"
    workbook.save(folder / "book.xlsx")
    assert quoted[1] in run("xlprofit check book.xlsx").output


def test_the_tutorial_walks_as_the_guide_does() -> None:
    heads = re.findall(r"^## (.+)$", (DOCS / "tutorial.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert heads == [head for head, _ in STEPS]


def test_each_result_sheet_is_shown_and_so_is_every_question() -> None:
    text = (DOCS / "results.md").read_text(encoding="utf-8")
    for sheet in RESULT_SHEETS:
        assert f"(images/{picture(sheet)})" in text, sheet
    assert re.findall(r"^## (M\d)", text, re.MULTILINE) == ["M1", "M2", "M3", "M4", "M5", "M6"]


def picture(sheet: str) -> str:
    """Return the file of a sheet's picture."""
    return sheet.lower().replace(" ", "-").replace("&", "and").replace("%", "share") + ".png"


def test_pictures_are_small() -> None:
    pictures = list((DOCS / "images").glob("*.png"))
    assert len(pictures) > len(RESULT_SHEETS)
    assert {p.name: p.stat().st_size for p in pictures if p.stat().st_size > 150_000} == {}


# --- every night -------------------------------------------------------------------------------------


def nightly(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the page's script in a process of its own; xlprofit is this one."""
    script, *others = blocks(DOCS / "nightly.md", "bash")
    assert others == []
    (folder / "nightly.sh").write_text(script, encoding="utf-8")
    programs = folder / "bin"
    programs.mkdir(exist_ok=True)
    command = programs / "xlprofit"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m xlprofit "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    return subprocess.run(
        ["bash", str(folder / "nightly.sh"), str(folder)],
        capture_output=True,
        encoding="utf-8",
        timeout=180,
        check=False,
        env=os.environ | {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(ROOT)},
    )


@pytest.mark.skipif(sys.platform == "win32", reason="the script is for bash")
@takes_minutes
def test_the_script_refreshes_a_copy_and_writes_the_figures(folder: Path) -> None:
    before = (folder / "book.xlsx").read_bytes()
    done = nightly(folder)
    assert done.returncode == 0, done.stderr
    assert (folder / "book.xlsx").read_bytes() == before
    figures = (folder / "profit.csv").read_text(encoding="utf-8").splitlines()
    assert figures[0].startswith("customer,gross_revenue")
    assert len(figures) == 1 + len(xlprofit.analyze(folder / "results.xlsx").customers)
    assert len(list(folder.glob("*.log"))) == 2


@pytest.mark.skipif(sys.platform == "win32", reason="the script is for bash")
def test_the_script_stops_where_findings_stop_the_work(folder: Path) -> None:
    (folder / "book.xlsx").unlink()
    xlprofit.new(folder / "book.xlsx")
    done = nightly(folder)
    assert done.returncode == 1
    assert "is not ready" in done.stderr
    assert not (folder / "results.xlsx").exists() and not (folder / "profit.csv").exists()
    assert "T02" in next(folder.glob("checks-*.log")).read_text(encoding="utf-8")


def test_exit_codes_are_those_of_the_page(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    codes = re.findall(r"^\| (\d+) \|", (DOCS / "nightly.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert codes == ["0", "1", "2", "130"]
    assert run("xlprofit refresh book.xlsx").exit_code == 0
    assert run("xlprofit refresh book.xlsx --nonsense").exit_code == 2
    with lock_workbook(folder / "book.xlsx"):
        assert (folder / ".book.xlsx.lock").exists()
        monkeypatch.setattr(sys, "argv", ["xlprofit", "refresh", "book.xlsx"])
        with pytest.raises(SystemExit) as left:
            cli.main()
    said = capsys.readouterr().err
    assert left.value.code == 1 and "book.xlsx" in said and "Traceback" not in said


# --- the site ----------------------------------------------------------------------------------------


def test_the_site_has_every_page_once() -> None:
    listed = re.findall(r": (\w+\.md)$", (ROOT / "mkdocs.yml").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(listed) == sorted(page.name for page in DOCS.glob("*.md"))
    assert set(GENERATE.PAGES) <= set(listed)


@pytest.mark.skipif(
    find_spec("mkdocs") is None and not REQUIRE_ALL,
    reason="mkdocs is in the dependency group docs, which .ci/run installs",
)
def test_the_site_is_built_without_a_warning_and_asks_for_nothing_elsewhere(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "-q", "-d", str(tmp_path / "site")],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        timeout=180,
        check=False,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
    )
    assert done.returncode == 0, done.stderr
    for page in (tmp_path / "site").glob("*.html"):
        html = page.read_text(encoding="utf-8")
        loaded = re.findall(r"<(?:script|img|link)\b[^>]*?\b(?:src|href)=\"(https?:[^\"]+)", html)
        assert loaded == [], page.name
