"""Make the workbooks of this folder anew, with the package itself.

    uv run python workbook_templates/build.py

A test fails where one is not what this would make.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import xlprofit
from xlprofit.samples import TRADES, demo

HERE = Path(__file__).parent


def empty(path: Path) -> Path:
    """Make the workbook to fill in: every table, and nothing in it."""
    return xlprofit.new(path)


def example(path: Path) -> Path:
    """Make a small company's workbook, filled in and refreshed, to look at before one's own is filled in."""
    tables = demo.tables(customers=40, sales_lines=1_000, activity_rows=800)
    return xlprofit.refresh(xlprofit.new(path, tables)).path


def _of_trade(name: str) -> Callable[[Path], Path]:
    """Return what makes a trade's template: filled in with a sample year, and refreshed to look at."""
    return lambda path: xlprofit.refresh(xlprofit.new(path, template=name)).path


TEMPLATES: dict[str, Callable[[Path], Path]] = {
    "empty.xlsx": empty,
    "example.xlsx": example,
    **{f"{name}.xlsx": _of_trade(name) for name in TRADES},
}
"""Workbook → what makes it."""


def main(folder: Path = HERE) -> None:
    """Make every workbook in a folder, in place of those that are there."""
    for name, make in TEMPLATES.items():
        (folder / name).unlink(missing_ok=True)
        print(make(folder / name))


if __name__ == "__main__":
    main()
