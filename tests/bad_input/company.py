"""A small company in which nothing is wrong, as a workbook, and ways to change it by a cell, a row or a sheet."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl
import pandas as pd

import xlprofit
from tests.golden.frames import table

Change = Callable[[Any], None]


def company() -> dict[str, pd.DataFrame]:
    """A company of two customers in which nothing is wrong."""
    return {
        "Settings": pd.DataFrame({"setting": ["currency", "cost_of_capital"], "value": ["EUR", 0.09]}),
        "Customers": table("customer segment", ("ACME", "Shops"), ("Beta", "Shops")),
        "Sales": table(
            "date customer gross_revenue cogs invoice quantity",
            (datetime(2024, 1, 10), "ACME", 1_000.0, 600.0, "1", 10.0),
            (datetime(2024, 2, 10), "ACME", 1_100.0, 650.0, "2", 11.0),
            (datetime(2024, 1, 20), "Beta", 900.0, 700.0, "3", 9.0),
            (datetime(2024, 2, 20), "Beta", 800.0, 650.0, "4", 8.0),
        ),
        "Resources": table("resource cost capacity unit", ("Desk", 500.0, 1_000.0, "minutes")),
        "Activities": table(
            "activity group resource driver rate",
            ("Order", "order", "Desk", None, 10.0),
            ("Call", "service", "Desk", None, 15.0),
        ),
        "ActivityLog": table(
            "date customer activity quantity",
            (datetime(2024, 1, 10), "ACME", "Order", 2.0),
            (datetime(2024, 2, 11), "Beta", "Call", 3.0),
        ),
        "Invoices": table(
            "invoice customer issued due amount paid",
            ("1", "ACME", datetime(2024, 1, 10), datetime(2024, 2, 9), 1_000.0, datetime(2024, 2, 20)),
            ("3", "Beta", datetime(2024, 1, 20), datetime(2024, 2, 19), 900.0, None),
            ("2", "ACME", datetime(2024, 2, 10), datetime(2024, 3, 11), 1_100.0, None),
            ("4", "Beta", datetime(2024, 2, 20), datetime(2024, 3, 21), 800.0, None),
        ),
        "LossRates": table("days_past_due rate", (0, 0.01), (31, 0.1)),
    }


def made(folder: Path, change: Change | None = None) -> Path:
    """Return the company's workbook, with something changed in it."""
    path = folder / "book.xlsx"
    path.write_bytes(_read_sound_book())
    if change is not None:
        workbook = openpyxl.load_workbook(path)
        change(workbook)
        workbook.save(path)
    return path


@cache
def _read_sound_book() -> bytes:
    with TemporaryDirectory() as folder:
        return xlprofit.new(Path(folder) / "book.xlsx", company()).read_bytes()


def cell(sheet: str, address: str, value: object, number_format: str | None = None) -> Change:
    """Return the change of one cell."""

    def change(workbook: Any) -> None:
        workbook[sheet][address] = value
        if number_format is not None:
            workbook[sheet][address].number_format = number_format

    return change


def row(sheet: str, *values: object) -> Change:
    """Return the change that adds a row under a table, and makes the table one longer."""

    def change(workbook: Any) -> None:
        worksheet = workbook[sheet]
        headers = [c.value for c in worksheet[1]]
        worksheet.append([dict(zip(headers, values, strict=False)).get(h) for h in headers])
        found = worksheet.tables[sheet]
        found.ref = re.sub(r"\d+$", str(worksheet.max_row), found.ref)
        found.autoFilter.ref = found.ref

    return change


def both(*changes: Change) -> Change:
    """Return several changes as one."""

    def change(workbook: Any) -> None:
        for each in changes:
            each(workbook)

    return change


def without_sheet(name: str) -> Change:
    """Return the change that removes a sheet."""
    return lambda workbook: workbook.remove(workbook[name])


def without_column(sheet: str, number: int) -> Change:
    """Return the change that removes a column from a sheet, which has no Table any more."""

    def change(workbook: Any) -> None:
        del workbook[sheet].tables[sheet]
        workbook[sheet].delete_cols(number)

    return change


def emptied(sheet: str) -> Change:
    """Return the change that leaves nothing on a sheet."""

    def change(workbook: Any) -> None:
        del workbook[sheet].tables[sheet]
        workbook[sheet].delete_rows(1, workbook[sheet].max_row)

    return change
