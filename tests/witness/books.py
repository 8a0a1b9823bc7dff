"""Workbooks of ours that the witnesses look at."""

from __future__ import annotations

from pathlib import Path

import xlprofit
from tests.bad_input.company import company


def make_small_book(path: Path, *, formulas: bool = True) -> Path:
    """Make a workbook of two customers and refresh it; with the sheet *Look-up*."""
    xlprofit.new(path, company())
    xlprofit.refresh(path, formulas=formulas)
    return path
