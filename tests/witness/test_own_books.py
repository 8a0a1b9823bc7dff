"""No witness sees a fault in what we write: all templates and languages, rich and hostile books, refreshed often."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

import xlprofit
from tests.lossless.books import MAKERS
from tests.lossless.newer import by_newer_excels
from tests.needs import needs_shared, needs_soffice, takes_minutes
from tests.node import needs_node
from tests.witness.books import (
    SAMPLES,
    make_hostile_book,
    make_sample_book,
    make_small_book,
    refresh_copy,
    set_language,
)
from tests.witness.linter import lint
from tests.witness.schemas import find_violations
from tests.witness.witnesses import WITNESSES, ask_all
from xlprofit.languages import LANGUAGES
from xlprofit.workflow import Refreshed

pytestmark = [needs_shared, needs_node("@e965/xlsx"), takes_minutes]

RICH = {**MAKERS, "newer excels": ("xlsx", by_newer_excels)}
HANDED_OUT = sorted((Path(__file__).resolve().parents[2] / "workbook_templates").glob("*.xlsx"))
RENAMED = "Pointing!A1"
"""A cell of the rich books that shows what the refresh adds, whose old value stays until it is calculated."""


def test_a_refreshed_company(refreshed: Refreshed) -> None:
    assert ask_all(refreshed.path) == {}


def test_an_empty_workbook(tmp_path: Path) -> None:
    assert ask_all(xlprofit.new(tmp_path / "new.xlsx")) == {}


def test_hostile_names(tmp_path: Path) -> None:
    assert ask_all(make_hostile_book(tmp_path / "hostile.xlsx")) == {}


@pytest.mark.parametrize("path", HANDED_OUT, ids=lambda path: str(path.name))
def test_a_workbook_that_is_handed_out(path: Path) -> None:
    assert lint(path) == find_violations(path) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("sample", SAMPLES)
def test_every_template_in_every_language(sample: str, language: str, tmp_path: Path) -> None:
    new = make_sample_book(tmp_path / "new.xlsx", sample, language)
    assert ask_all(new) == {}
    assert ask_all(refresh_copy(new)) == {}


def _new_faults(before: Path, after: Path) -> dict[str, list[str]]:
    """Return what the witnesses see after a refresh and did not see before it, the numbers of places left aside."""
    found = {}
    for name, look in WITNESSES.items():
        known = Counter(look(before))
        more = list((Counter(look(after)) - known).elements())
        found[name] = [fault for fault in more if not fault.startswith(RENAMED)]
    return {name: faults for name, faults in found.items() if faults}


def _made(maker: str, folder: Path) -> Path:
    ending, make = RICH[maker]
    return make(folder / f"book.{ending}")


@pytest.mark.parametrize("maker", ["xlsxwriter", "newer excels"])
def test_a_rich_book(maker: str, tmp_path: Path) -> None:
    before = _made(maker, tmp_path)
    assert _new_faults(before, refresh_copy(before)) == {}


@pytest.mark.parametrize(
    "maker",
    [
        pytest.param(name, marks=needs_soffice if name == "libreoffice" else [])
        for name in RICH
        if name not in ("xlsxwriter", "newer excels")
    ],
)
def test_every_other_rich_book(maker: str, tmp_path: Path) -> None:
    before = _made(maker, tmp_path)
    assert _new_faults(before, refresh_copy(before)) == {}


def test_after_many_refreshes(tmp_path: Path) -> None:
    """Nothing heaps up: in another language every tenth time, so that the sheets are renamed and drawn anew."""
    path = make_small_book(tmp_path / "book.xlsx")
    once = len(lint(path)), path.stat().st_size
    for number in range(30):
        if number % 10 in (5, 6):
            set_language(path, "fi" if number % 10 == 5 else "en")
        xlprofit.refresh(path)
    assert ask_all(path) == {}
    assert path.stat().st_size <= once[1] * 1.05
