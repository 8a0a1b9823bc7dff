"""Exports as controllers get them come to their right figures by the first proposal, none to wrong ones in silence."""

from __future__ import annotations

import csv
import io
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from benchmarks.import_corpus import Export, list_exports
from benchmarks.import_corpus.mixtures import build_mixture
from benchmarks.imports import Judged, explain_difference, judge
from tests.needs import is_first_tier, takes_minutes

RIGHT = 55 / 60


@cache
def index_exports() -> dict[str, Export]:
    """Return every export by its file; they are made when the first test asks, and not when tests are collected."""
    return {export.file: export for export in list_exports()}


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Judged]:
    """The verdict on every export, by its file; in the first tier of every tenth, and of the ready-made profiles."""
    whole = not is_first_tier()
    tried = [one for at, one in enumerate(list_exports()) if whole or one.profile or at % 10 == 0]
    return {one.export.file: one for one in judge(tried, tmp_path_factory.mktemp("exports"))}


def test_no_export_is_wrong_in_silence(judged: dict[str, Judged]) -> None:
    assert {
        file: one.why for file, one in judged.items() if one.verdict in ("wrong in silence", "crashed")
    } == {}


def test_eleven_of_twelve_exports_come_out_right(judged: dict[str, Judged]) -> None:
    wrong = {file: f"{one.verdict}: {one.why}" for file, one in judged.items() if one.verdict != "right"}
    assert len(judged) - len(wrong) >= RIGHT * len(judged), wrong


def test_the_files_of_ready_made_profiles_come_out_right(judged: dict[str, Judged]) -> None:
    ready = [judged[file] for file, export in index_exports().items() if export.profile]
    assert len(ready) >= 8
    assert [(one.export.file, one.why) for one in ready if one.verdict != "right"] == []


@takes_minutes
def test_exports_put_together_at_random_come_out_right_too(tmp_path: Path) -> None:
    mixed = judge([build_mixture(seed) for seed in range(1000, 1040)], tmp_path)
    wrong = {one.export.shape: f"{one.verdict}: {one.why}" for one in mixed if one.verdict != "right"}
    assert not [why for why in wrong.values() if why.startswith(("wrong", "crashed"))], wrong
    assert len(mixed) - len(wrong) >= RIGHT * len(mixed), wrong


# --- the corpus and its measure ---------------------------------------------------------------------


def test_the_corpus_has_sixty_exports_at_least_and_is_the_same_each_time() -> None:
    assert len(index_exports()) == len(list_exports()) >= 60
    again = list_exports.__wrapped__()
    assert [one.content for one in again] == [one.content for one in list_exports()]


@pytest.mark.parametrize("file", ["utf8.csv", "all-quoted.csv", "line-breaks.csv"])
def test_the_truth_of_a_plain_file_is_what_its_cells_add_up_to(file: str) -> None:
    export = index_exports()[file]
    rows = list(csv.DictReader(io.StringIO(export.content.decode("utf-8"), newline="")))
    assert len(rows) == export.rows
    assert sum(float(row["Net Amount"]) for row in rows) == pytest.approx(export.truth["net_revenue"].sum())
    assert sum(float(row["Cost of Goods"]) for row in rows) == pytest.approx(export.truth["cogs"].sum())


def test_a_cent_too_much_a_row_is_a_difference() -> None:
    truth = index_exports()["utf8.csv"].truth
    assert explain_difference(truth, truth.copy(), 1) == ""
    off = truth.assign(net_revenue=truth["net_revenue"] + 0.01)
    assert explain_difference(truth, off, 1).startswith("net_revenue")
    assert explain_difference(truth, truth.iloc[1:], 1).startswith("net_revenue")


def test_a_figure_in_the_wrong_month_is_a_difference() -> None:
    truth = index_exports()["utf8.csv"].truth
    moved = truth.reset_index()
    moved.loc[0, "month"] = "2023-12"
    assert explain_difference(truth, moved.set_index(["customer", "month"]), 1)


def test_each_export_has_figures_of_several_customers() -> None:
    for export in index_exports().values():
        assert isinstance(export, Export) and isinstance(export.truth, pd.DataFrame)
        assert export.truth.index.get_level_values("customer").nunique() >= 5, export.file


def test_an_export_is_written_as_it_is(tmp_path: Path) -> None:
    from benchmarks.import_corpus.__main__ import write_corpus

    write_corpus(tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
        file: export.content for file, export in index_exports().items()
    }
