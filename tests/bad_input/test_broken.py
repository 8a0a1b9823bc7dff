"""Broken packages and odd sheets: a clear line or the right figures, within bounds of time and memory."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.bad_input.bounded import Outcome, refreshed
from tests.bad_input.broken import BROKEN
from tests.bad_input.plain import GROSS
from tests.bad_input.shapes import SHAPES, swollen


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_package_is_refused_in_a_line_or_read_as_it_was(name: str, tmp_path: Path) -> None:
    make, told = BROKEN[name]
    outcome = refreshed(make(tmp_path / "book.xlsx"))
    if told:
        refused(outcome, told)
    else:
        assert (outcome.refusal, outcome.unforeseen) == ("", "")
        assert outcome.gross == pytest.approx(GROSS)
        assert outcome.changed
    assert outcome.left == ("book.xlsx",)
    assert [p.name for p in tmp_path.parent.rglob("evil*")] == []


@pytest.mark.parametrize("name", SHAPES)
def test_an_odd_sheet_gives_the_right_figures_or_says_why_not(name: str, tmp_path: Path) -> None:
    shape = SHAPES[name]
    outcome = refreshed(shape.made(tmp_path / "book.xlsx"))
    if shape.stops:
        refused(outcome, shape.stops)
        return
    assert (outcome.refusal, outcome.unforeseen) == ("", "")
    assert outcome.gross == pytest.approx(shape.gross)
    assert outcome.codes == shape.codes


def refused(outcome: Outcome, told: str) -> None:
    """Assert that a workbook was refused in one line that tells this pattern, and is as it was."""
    assert outcome.unforeseen == ""
    assert re.search(told, outcome.refusal), outcome
    assert "\n" not in outcome.refusal
    assert outcome.refusal.endswith(".")
    assert not outcome.changed


def test_texts_that_would_swell_a_thousandfold_are_refused(tmp_path: Path) -> None:
    outcome = refreshed(swollen(tmp_path / "book.xlsx"))
    refused(outcome, r'"Sales" .*\b656 MB\b')


def test_a_long_text_that_few_cells_share_is_read(tmp_path: Path) -> None:
    outcome = refreshed(swollen(tmp_path / "book.xlsx", 200))
    assert (outcome.refusal, outcome.unforeseen) == ("", "")
    assert list(outcome.gross.values()) == [201.0]
