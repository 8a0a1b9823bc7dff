"""A result that lacks rows does not look whole: wherever a figure is shown, it says what is missing."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

import xlprofit
from tests.figures import read_figures
from xlprofit.cli import app
from xlprofit.sheets import book
from xlprofit.sheets.left_out import describe_left_out, describe_lost_sales

SALES = pd.DataFrame(
    {
        "date": ["2024-01-15"] * 4 + ["not a day"] + ["2024-02-15"],
        "customer": ["ACME", "ACME", "Beta", "Beta", "Beta", ""],
        "gross_revenue": [100.0, "12,5O", 300.0, 400.0, 200.0, 0.0],
        "discount": [0.0, 0.0, 0.0, 0.0, 40.0, 0.0],
        "cogs": [0.0] * 6,
    }
)
"""800 are counted in four lines; one of 160 has no date, and one no amount: it is taken for an average one of 200."""


def results(extra: dict[str, pd.DataFrame] | None = None) -> xlprofit.Results:
    return xlprofit.analyze({"Sales": SALES} | (extra or {}))


def test_rows_left_out_are_counted_with_about_their_share_of_net_revenue() -> None:
    found = results().left_out
    assert found["rows"].to_dict() == {"Sales": 2}
    assert found["share"].to_dict() == {"Sales": pytest.approx((160 + 200) / (160 + 200 + 800))}
    assert read_figures(describe_left_out(results())) == [2.0, 31.0]
    assert " Sales," in describe_left_out(results())


def test_rows_left_out_by_another_table_count_too() -> None:
    log = pd.DataFrame(
        {"date": ["2024-01-15"] * 2, "customer": ["ACME"] * 2, "activity": ["Visit", "Unknown"]}
    )
    activities = pd.DataFrame(
        {"activity": ["Visit"], "group": ["service"], "rate": [1.0], "unit_cost": [5.0]}
    )
    found = results({"ActivityLog": log, "Activities": activities})
    assert found.left_out.loc["ActivityLog"].to_dict() == {"rows": 1.0, "share": 0.5}
    sales, log_rows = describe_left_out(found).split("; ")
    assert "Sales" in sales and log_rows.startswith("1 row ") and log_rows.endswith(" ActivityLog")


def test_rows_outside_the_span_are_not_missing() -> None:
    settings = pd.DataFrame({"setting": ["end"], "value": ["2024-01-31"]})
    sales = SALES.iloc[[0, 2, 5]].assign(customer="ACME")
    found = xlprofit.analyze({"Sales": sales, "Settings": settings})
    assert found.left_out.empty
    assert describe_left_out(found) == ""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return xlprofit.new(tmp_path / "book.xlsx", {"Sales": SALES})


def test_the_last_line_of_a_refresh_says_it(path: Path) -> None:
    done = CliRunner().invoke(app, ["refresh", str(path)])
    last = done.stdout.strip().splitlines()[-1]
    assert last.startswith("Refreshed ")
    assert last.endswith(f"; {describe_left_out(results())}")


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_figures_shown_say_it(path: Path, form: str) -> None:
    done = CliRunner().invoke(app, ["profit", str(path), "--format", form])
    assert f": {describe_left_out(results())}." in done.stderr


def test_json_has_it(path: Path) -> None:
    done = CliRunner().invoke(app, ["profit", str(path), "--format", "json"])
    assert json.loads(done.stdout)["left_out"] == [{"table": "Sales", "rows": 2, "share": 0.310344827586207}]


def test_the_dashboard_says_it_beside_the_net_revenue() -> None:
    sheet = next(s for s in book.describe_result_sheets(results()) if s.name == "Dashboard")
    cells = {(cell.row, cell.column): cell.value for cell in sheet.cells}
    place = next(at for at, value in cells.items() if value == "Net revenue")
    assert cells[place[0] + 2, place[1]] == describe_lost_sales(results())
    assert read_figures(describe_lost_sales(results())) == [2.0, 31.0]
    assert any(describe_left_out(results()) in str(value) for value in cells.values())
