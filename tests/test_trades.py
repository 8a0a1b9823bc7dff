"""The trades to start from: what is usual in each, and a sample year in which every question has an answer."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest

import xlprofit
from tests.companies import analyze_sample
from tests.needs import is_first_tier
from xlprofit import samples
from xlprofit.cli import TradeTemplate
from xlprofit.errors import UnknownNameError, XlprofitError
from xlprofit.languages import LANGUAGES
from xlprofit.results import Results
from xlprofit.samples import demo
from xlprofit.tables import DRIVER_TABLES, TABLES
from xlprofit.words.speech import _, speaking

GROSS_MARGIN = {"wholesale": (0.2, 0.35), "services": (0.8, 0.95), "subscription": (0.8, 0.95)}
"""Share of net revenue left after what was bought to be sold: a firm that sells hours or seats buys little."""


@pytest.fixture(scope="module", params=samples.TRADES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def tables(name: str) -> Mapping[str, pd.DataFrame]:
    return samples.tables(name)


@pytest.fixture(scope="module")
def results(name: str) -> Results:
    return analyze_sample(name)


def test_the_command_offers_them_all() -> None:
    assert [trade.value for trade in TradeTemplate] == list(samples.TRADES)


def test_the_demo_company_is_a_sample_among_them() -> None:
    assert (*samples.TRADES, "demo") == samples.SAMPLES
    frames, own = samples.tables("demo"), demo.tables()
    assert list(frames) == list(own)
    assert all(frame.equals(own[table]) for table, frame in frames.items())


def test_the_tables_are_those_of_the_contract_and_the_same_each_time(
    name: str, tables: Mapping[str, pd.DataFrame]
) -> None:
    assert list(tables) == list(TABLES)
    for table, frame in samples.tables(name).items():
        pd.testing.assert_frame_equal(frame, tables[table])
        columns = [column.name for column in TABLES[table].columns]
        assert list(frame.columns[: len(columns)]) == columns
        assert table in DRIVER_TABLES or len(frame.columns) == len(columns)


def test_it_ties_out_and_nothing_is_wrong_with_it(results: Results) -> None:
    assert len(results.tie_out) > 10 and results.tie_out["ties"].all()
    assert {finding.severity for finding in results.findings} <= {"note"}


def test_every_activity_is_done_and_every_resource_has_time_left(
    tables: Mapping[str, pd.DataFrame], results: Results
) -> None:
    assert set(tables["Activities"]["activity"]) == set(tables["ActivityLog"]["activity"])
    serving = results.capacity[results.capacity["supplied"].notna()]
    assert len(serving) >= 6
    assert (serving["used"] / serving["supplied"]).between(0.3, 0.95).all()


def test_the_time_equations_have_drivers_and_some_work_is_bought(
    name: str, tables: Mapping[str, pd.DataFrame]
) -> None:
    activities = tables["Activities"]
    assert set(activities["driver"].dropna()) == set(samples.TRADES[name].drivers)
    assert activities["unit_cost"].notna().any()
    assert {"acquire", "order", "deliver", "service", "complaint", "loyalty", "demand", "collect"} <= set(
        activities["group"]
    )


def test_the_figures_are_those_of_such_a_company(name: str, results: Results) -> None:
    company = results.company["total"]
    low, high = GROSS_MARGIN[name]
    assert low < company["gross_margin"] / company["net_revenue"] < high
    assert 0 < company["company_profit"] / company["net_revenue"] < 0.15
    assert (results.customers["profit"] > 0).mean() > 0.6


def test_every_question_has_its_answer(results: Results) -> None:
    assert (results.customers["profit"] < 0).sum() >= 2
    assert {"Profitable", "Slipping", "Loss-making", "New"} <= set(results.trends["state"])
    assert {"pursue", "qualify", "pass"} == set(results.prospects["verdict"])
    assert "fix" in set(results.decisions["leaning"])
    assert (results.referrals["referral_value"] > 0).any()
    worst, next_worst = sorted(results.credit["expected_loss"])[:2]
    assert worst < -1_000 and worst < 5 * next_worst  # one of them stopped paying


def test_a_cheaper_channel_is_one_for_the_same_thing(name: str, results: Results) -> None:
    channels = {
        "wholesale": {"EDI order"},
        "services": {"Question between projects"},
        "subscription": {"Chat"},
    }
    assert set(results.service["cheaper_activity"]) - {""} == channels[name]


def test_a_loser_leaves_a_margin_before_it_is_served(results: Results) -> None:
    losers = results.customers[results.customers["profit"] < 0]
    assert (losers["gross_margin"] > 0).all()


def test_the_workbook_gives_what_its_tables_give(name: str, results: Results, tmp_path: Path) -> None:
    book = xlprofit.new(tmp_path / "book.xlsx", template=name)
    results_of_it = xlprofit.analyze(book) if is_first_tier() else xlprofit.refresh(book).results
    profit = results_of_it.customers["profit"]
    pd.testing.assert_series_equal(profit, results.customers["profit"], rtol=1e-12)


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
def test_every_language_gives_the_same_figures(name: str, language: str, results: Results) -> None:
    with speaking(language):
        told = xlprofit.analyze(samples.tables(name, _))
    for ours, theirs in ((results.customers, told.customers), (results.credit, told.credit)):
        pd.testing.assert_frame_equal(
            ours.select_dtypes("number"), theirs.select_dtypes("number"), check_names=False, rtol=1e-9
        )
    assert list(told.trends["state"]) == list(results.trends["state"])
    assert list(told.decisions["verdict"]) == list(results.decisions["verdict"])
    by_name = [run.prospects.sort_index() for run in (results, told)]
    assert list(by_name[0]["verdict"]) == list(by_name[1]["verdict"])
    assert list(by_name[0]["unknown"]) == list(by_name[1]["unknown"])
    assert by_name[0]["value"].tolist() == pytest.approx(by_name[1]["value"].tolist(), nan_ok=True)


def test_a_trade_that_is_not_there_is_named_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match="wholesale"):
        xlprofit.new(tmp_path / "book.xlsx", template="wholesaler")
    with pytest.raises(XlprofitError, match="one of them"):
        xlprofit.new(tmp_path / "book.xlsx", {"Sales": pd.DataFrame()}, template="services")
    assert not list(tmp_path.iterdir())
