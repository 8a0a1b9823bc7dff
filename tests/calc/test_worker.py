"""What the worker of Calc's buttons computes from: the table Sources, as the command does."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import xlprofit
from tests.figures import read_figures
from xlprofit import __version__

ON_SHEET = pd.DataFrame(
    {"date": ["2024-01-31"], "customer": ["ACME"], "gross_revenue": [100.0], "cogs": [60.0]}
)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """Return a workbook whose sales come from a file beside it, and other sales stand on its sheet."""
    ON_SHEET.assign(gross_revenue=700.0).to_csv(tmp_path / "sales.csv", index=False)
    sources = pd.DataFrame({"table": ["Sales"], "source": ["sales.csv"]})
    return xlprofit.new(tmp_path / "book.xlsx", {"Sales": ON_SHEET, "Sources": sources})


def _asked(book: Path, folder: str, scratch: Path) -> tuple[int, list[dict[str, object]]]:
    """Return what the worker says of a refresh of a copy of a document that stands in a folder."""
    scratch.mkdir()
    copy = scratch / "copy.xlsx"
    copy.write_bytes(book.read_bytes())
    request = scratch / "request.json"
    said = {
        "copy": str(copy),
        "folder": folder,
        "results": str(scratch / "results.xlsx"),
        "rows": str(scratch / "rows.json"),
        "language": "en",
        "version": __version__,
    }
    request.write_text(json.dumps(said), encoding="utf-8")
    words = [sys.executable, "-m", "xlprofit.calc.worker", "refresh", str(request)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


def test_a_refresh_computes_from_the_source_in_the_documents_folder(book: Path, tmp_path: Path) -> None:
    code, said = _asked(book, str(book.parent), tmp_path / "scratch")
    assert code == 0
    assert read_figures(str(said[-1]["done"])) == [1, 1, 640]
    assert xlprofit.refresh(book).results.customers["profit"].to_dict() == {"ACME": 640.0}


def test_an_export_is_proposed_and_then_taken_in(tmp_path: Path) -> None:
    export = tmp_path / "orders.csv"
    export.write_text("Order Date;Client No;Net Amount\n31.01.2024;10001;1.250,00\n", encoding="utf-8")
    output = tmp_path / "orders-xlprofit.xlsx"
    request = tmp_path / "request.json"
    said = {"export": str(export), "output": str(output), "language": "en", "version": __version__}
    request.write_text(json.dumps(said), encoding="utf-8")

    def ask(act: str) -> str:
        words = [sys.executable, "-m", "xlprofit.calc.worker", act, str(request)]
        done = subprocess.run(words, capture_output=True, text=True, timeout=120, check=True)
        return str(json.loads(done.stdout.splitlines()[-1])["done"])

    assert "gross_revenue = Net Amount (sure, decimal comma)" in ask("propose")
    assert not output.exists()
    assert read_figures(ask("import")) == [1, 1, 1_250]
    assert xlprofit.refresh(output).results.customers["net_revenue"].to_dict() == {"10001": 1250.0}


def test_a_document_without_a_folder_refuses_a_source_beside_it(book: Path, tmp_path: Path) -> None:
    code, said = _asked(book, "", tmp_path / "scratch")
    assert code == 1
    assert "no folder" in str(said[-1]["error"])
    assert not (tmp_path / "scratch" / "results.xlsx").exists()
