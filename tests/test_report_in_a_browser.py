"""A report in Chromium: nothing fetched or refused, sorted by keys alone, sound to axe-core, as wide as the window."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import xlprofit
from tests.needs import CHROMIUM, needs_chromium
from tests.node import needs_node, run_script
from tests.test_report import NASTY
from xlprofit import report
from xlprofit.samples import demo

MUST_PASS = {
    "color-contrast",
    "heading-order",
    "html-has-lang",
    "page-has-heading-one",
    "scrollable-region-focusable",
}
"""Rules of axe-core that must have found something to look at."""

pytestmark = [needs_chromium, needs_node("axe-core"), needs_node("ws")]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return what a reader meets on the page of a company one of whose customers has a nasty name."""
    folder = tmp_path_factory.mktemp("browser")
    tables = demo.tables(customers=30, sales_lines=1200, activity_rows=700)
    first = tables["Customers"]["customer"].iloc[0]
    nasty = {first: NASTY[1]}
    tables = {
        name: frame.assign(customer=frame["customer"].replace(nasty)) if "customer" in frame else frame
        for name, frame in tables.items()
    }
    (path,) = report.write_report(xlprofit.new(folder / "book.xlsx", tables)).paths
    said: dict[str, Any] = json.loads(run_script("page.cjs", str(CHROMIUM), path, folder))
    return {**said, "folder": folder, "path": path}


def test_nothing_is_fetched_refused_or_thrown(told: dict[str, Any]) -> None:
    assert told["requests"] == [Path(told["path"]).as_uri()]
    assert told["refused"] == []
    assert told["thrown"] == 0
    assert told["alerts"] == "undefined"


def test_a_table_is_sorted_by_the_keys_alone(told: dict[str, Any]) -> None:
    first, second = told["keys"]
    assert (first["sorted"], second["sorted"]) == ("descending", "ascending")
    assert len(first["values"]) > 5
    assert first["values"] == sorted(first["values"], reverse=True)
    assert second["values"] == sorted(first["values"])


def test_axe_finds_nothing_wrong(told: dict[str, Any]) -> None:
    assert told["violations"] == []
    assert set(told["passes"]) >= MUST_PASS


def test_nothing_is_wider_than_the_window(told: dict[str, Any]) -> None:
    assert told["wide"] <= 1600
    assert told["narrow"] <= 400


def test_it_is_seen_and_printed(told: dict[str, Any]) -> None:
    for name in ("wide.png", "narrow.png", "printed.pdf"):
        assert (told["folder"] / name).stat().st_size > 10_000
