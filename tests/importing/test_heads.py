"""Orders on one sheet and their lines on another, or in another file, are joined by their number."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from tests.importing.taken import analyze_exports
from xlprofit.importing.intake import import_files, plan_import
from xlprofit.importing.profiles.profile import ProfileError, parse_profile, write_profile
from xlprofit.importing.proposals.proposal import propose
from xlprofit.importing.reading import accept_proposal
from xlprofit.results import Results
from xlprofit.workflow import analyze

Row = Sequence[object]

ORDERS: list[Row] = [
    ["Order No", "Order date", "Customer", "Total incl. VAT", "Currency"],
    [1001, dt.date(2026, 1, 5), "Alba", 125.0, "EUR"],
    [1002, dt.date(2026, 1, 15), "Bela", 250.0, "EUR"],
    [1003, dt.date(2026, 2, 25), "Alba", 62.5, "EUR"],
]
LINES: list[Row] = [
    ["Order No", "Line", "Item", "Qty", "Line amount", "Line cost"],
    [1001, 1, "x", 1, 60.0, 30.0],
    [1001, 2, "y", 2, 40.0, 10.0],
    [1002, 1, "x", 3, 200.0, 100.0],
    [1003, 1, "x", 1, 50.0, 20.0],
]


def write_book(path: Path, sheets: Mapping[str, Sequence[Row]]) -> Path:
    """Write a workbook of some sheets."""
    book = Workbook(write_only=True)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return path


def write_text(path: Path, rows: Sequence[Row]) -> Path:
    """Write a file of text with semicolons."""
    path.write_text("".join(";".join(map(str, row)) + "\n" for row in rows), encoding="utf-8")
    return path


def sum_customers(results: Results) -> dict[str, tuple[float, float]]:
    """Net revenue and gross margin of each customer of exports that were imported."""
    return {
        str(name): (float(row["net_revenue"]), float(row["net_revenue"] + row["cogs"]))
        for name, row in results.customers.iterrows()
    }


RIGHT = {"Alba": (150.0, 90.0), "Bela": (200.0, 100.0)}


@pytest.mark.parametrize("first", ["Orders", "Lines"])
def test_lines_have_customer_and_date_of_their_order(first: str, tmp_path: Path) -> None:
    sheets = {"Orders": ORDERS, "Lines": LINES}
    ordered = {first: sheets[first], **sheets}
    path = write_book(tmp_path / "erp.xlsx", ordered)
    proposal = propose(path)
    sales = proposal.find_table("Sales")
    assert sales is not None and sales.rule.heads is not None
    assert (sales.rule.heads.sheet, sales.rule.heads.header, sales.rule.heads.own) == (
        "Orders",
        "Order No",
        "Order No",
    )
    assert proposal.passed_over == ()
    assert sum_customers(analyze_exports(path)) == RIGHT


def test_the_next_month_is_joined_with_no_question_in_another_order_of_columns(tmp_path: Path) -> None:
    path = write_book(tmp_path / "erp.xlsx", {"Orders": ORDERS, "Lines": LINES})
    import_files([path], tmp_path / "book.xlsx")
    later: list[Row] = [list(reversed(row)) for row in ORDERS]
    more: list[Row] = [*LINES, [1003, 2, "z", 1, 30.0, 5.0]]
    write_book(path, {"Lines": more, "Orders": later})
    results = analyze(tmp_path / "book.xlsx")
    assert float(results.customers["net_revenue"].sum()) == 380.0


def test_two_files_are_joined_and_remembered(tmp_path: Path) -> None:
    orders, lines = write_text(tmp_path / "orders.csv", ORDERS), write_text(tmp_path / "lines.csv", LINES)
    book = tmp_path / "book.xlsx"
    assert sum_customers(import_files([orders, lines], book).results) == RIGHT
    assert plan_import([orders, lines], book).open == ()
    write_text(lines, [*LINES, [1002, 2, "z", 1, 30.0, 5.0]])
    assert float(analyze(book).customers["net_revenue"].sum()) == 380.0
    sources = load_workbook(book, read_only=True)["Sources"]
    assert any("orders.csv" in str(cell.value) for row in sources.iter_rows() for cell in row)


def test_a_number_of_two_orders_is_refused_with_the_reason(tmp_path: Path) -> None:
    doubled = [*ORDERS, [1003, dt.date(2026, 3, 1), "Bela", 62.5, "EUR"]]
    path = write_book(tmp_path / "erp.xlsx", {"Orders": [row[:3] for row in doubled], "Lines": LINES})
    with pytest.raises(ProfileError, match='several rows of Orders have the same "Order No"'):
        import_files([path], tmp_path / "book.xlsx")
    with pytest.raises(ProfileError, match="several rows of Orders"):
        accept_proposal(propose(path))


def test_numbers_of_lines_are_no_numbers_of_orders(tmp_path: Path) -> None:
    orders = [[*row, at] for at, row in enumerate(ORDERS)]
    path = write_book(tmp_path / "erp.xlsx", {"Orders": orders, "Lines": LINES})
    sales = propose(path).find_table("Sales")
    assert sales is not None and sales.rule.heads is not None and sales.rule.heads.own == "Order No"


def test_payments_of_invoices_are_no_lines_of_theirs(tmp_path: Path) -> None:
    bills: list[Row] = [
        ["Invoice no", "Invoice date", "Customer", "Net amount"],
        ["R1", dt.date(2026, 1, 5), "Alba", 100.0],
        ["R2", dt.date(2026, 1, 7), "Bela", 50.0],
    ]
    paid: list[Row] = [
        ["Invoice no", "Payment date", "Amount"],
        ["R1", dt.date(2026, 2, 5), 60.0],
        ["R1", dt.date(2026, 3, 5), 40.0],
        ["R2", dt.date(2026, 3, 7), 50.0],
    ]
    path = write_book(tmp_path / "erp.xlsx", {"Invoices": bills, "Payments": paid})
    assert sum_customers(analyze_exports(path)) == {"Alba": (100.0, 100.0), "Bela": (50.0, 50.0)}


def test_a_profile_says_the_join_and_is_read_again(tmp_path: Path) -> None:
    path = write_book(tmp_path / "erp.xlsx", {"Orders": ORDERS, "Lines": LINES})
    profile = propose(path).profile
    assert parse_profile(write_profile(profile), "it").tables == profile.tables
