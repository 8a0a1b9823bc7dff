"""The page on sources is true: its commands run as they stand, its options are those there are."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

import xlprofit
from tests.sources import companies
from tests.test_docs import ROOT, typed
from xlprofit.cli import app
from xlprofit.sources import options

PAGE = ROOT / "docs" / "sources.md"
# Those of servers have tests of their own.
LOCAL = [command for command in typed(PAGE) if "postgresql:" not in command]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with what the commands name."""
    tables = companies.demo_company()
    sales = tables["Sales"]
    (tmp_path / "sales").mkdir()
    sales.to_parquet(tmp_path / "sales" / "1.parquet", index=False)
    sales.to_parquet(tmp_path / "sales.parquet", index=False)
    tables["Customers"].to_csv(tmp_path / "customers.csv", index=False)
    xlprofit.new(tmp_path / "book.xlsx", {name: tables[name] for name in ("Resources", "Activities")})
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_its_commands_run(folder: Path) -> None:
    assert len(LOCAL) >= 3
    for command in LOCAL:
        done = CliRunner().invoke(app, shlex.split(command, comments=True)[1:])
        assert done.exit_code == 0, f"{command}\n{done.output}"
    for book in ("book.xlsx", "out.xlsx"):
        assert "Customer P&L" in openpyxl.load_workbook(folder / book, read_only=True).sheetnames


def test_its_options_are_those_there_are() -> None:
    row = next(
        line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| options |")
    )
    assert set(re.findall(r"`(\w+)=", row)) == set(options.OPTIONS)
