"""Workbooks of ours that the witnesses look at."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pandas as pd

import xlprofit
from tests.bad_input.company import company
from tests.lossless.books import change
from xlprofit import samples
from xlprofit.samples import demo

SAMPLES = samples.SAMPLES

_LANGUAGE = re.compile(rb'<c r="B5".*?</c>')

HOSTILE_NAMES = (
    *("=1+1", "'quoted'", 'say "no"', "a & b <c>", "tab\tinside", "two\nlines", " blanks around ", "_x0041_"),
    *("Ärzte Ö\u0308", "日本商事", "🙂 & Co", "x" * 255, "-", "@SUM(A1)", "O'Hara", "true", "1-2", "00123"),
)
"""Names of customers, some of which look like something else, or are hard to write."""


def make_small_book(path: Path) -> Path:
    """Make a workbook of two customers and refresh it."""
    xlprofit.new(path, company())
    xlprofit.refresh(path)
    return path


def make_sample_book(path: Path, sample: str, language: str) -> Path:
    """Make a workbook of a sample company in a language, not refreshed yet."""
    if sample == samples.DEMO:
        tables = demo.tables(customers=40, sales_lines=2_000, activity_rows=1_500)
        return xlprofit.new(path, tables, language=language)
    return xlprofit.new(path, template=sample, sample=True, language=language)


def make_hostile_book(path: Path) -> Path:
    """Make a workbook whose customers bear names that are hard to write, and refresh it."""
    days = pd.date_range("2024-01-01", periods=12, freq="MS")
    sales = pd.DataFrame(
        [
            (day, name, 100.0 + 10 * i, 60.0 + i * (3 + (m % 4)))
            for i, name in enumerate(HOSTILE_NAMES)
            for m, day in enumerate(days)
        ],
        columns=["date", "customer", "gross_revenue", "cogs"],
    )
    segments = pd.DataFrame(
        {"customer": HOSTILE_NAMES, "name": HOSTILE_NAMES, "segment": [n[:20] for n in HOSTILE_NAMES]}
    )
    xlprofit.new(path, {"Sales": sales, "Customers": segments})
    xlprofit.refresh(path)
    return path


def refresh_copy(path: Path) -> Path:
    """Refresh a copy of a workbook beside it and return the copy."""
    after = path.with_name(f"{path.stem}-after{path.suffix}")
    shutil.copy(path, after)
    xlprofit.refresh(after)
    return after


def set_language(path: Path, language: str) -> None:
    """Write a language into the sheet Settings of a workbook of ours, in which it is blank or was set so."""
    cell = f'<c r="B5" s="1" t="inlineStr"><is><t>{language}</t></is></c>'
    change(path, {"xl/worksheets/sheet2.xml": lambda old: _LANGUAGE.sub(cell.encode(), old, count=1)})
