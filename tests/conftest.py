"""What all tests share: the demo company, in full and in small, made once a run; nobody may change it."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import settings

import xlprofit
from xlprofit.run import Refreshed
from xlprofit.samples import demo

settings.register_profile("untimed", deadline=None)  # a busy machine is no failure
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def company() -> Mapping[str, pd.DataFrame]:
    """A demo company of 40 customers, small enough to be refreshed in two seconds."""
    return demo.tables(customers=40, sales_lines=2_000, activity_rows=1_500)


@pytest.fixture(scope="session")
def book(company: Mapping[str, pd.DataFrame], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small company's workbook before any refresh; work on a copy."""
    return xlprofit.new(tmp_path_factory.mktemp("company") / "company.xlsx", company)


@pytest.fixture(scope="session")
def refreshed(book: Path, tmp_path_factory: pytest.TempPathFactory) -> Refreshed:
    """The small company's workbook with its result sheets, refreshed in place."""
    path = tmp_path_factory.mktemp("refreshed") / "company.xlsx"
    shutil.copy(book, path)
    return xlprofit.refresh(path)


@pytest.fixture(scope="session")
def demo_results() -> xlprofit.Results:
    """The results of the demo company in full."""
    return xlprofit.analyze(demo.tables())
