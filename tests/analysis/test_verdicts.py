"""What a verdict may not do: project the past into the future, save what is lost, contradict its own figures."""

from __future__ import annotations

import math
import re
from collections.abc import Hashable, Mapping
from statistics import NormalDist
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

import xlprofit
from tests.analysis.test_decisions import NO_LEVERS, agree
from tests.companies import analyze_sample, with_settings, word_verdicts
from tests.figures import holds_figures, read_figures
from tests.golden.frames import table
from tests.needs import examples, takes_minutes
from xlprofit import samples
from xlprofit.analysis import hinges
from xlprofit.analysis.decisions import find_limit
from xlprofit.analysis.stakes import whole_steps
from xlprofit.samples import demo
from xlprofit.sheets import decisions as sheet
from xlprofit.sheets.answers import build_answers
from xlprofit.vocabulary.levers import LEVERS
from xlprofit.words.reasons import word_decisions, word_hinges
from xlprofit.words.trends import word_trends

Tables = Mapping[str, pd.DataFrame]


def settings(months: int, **values: object) -> pd.DataFrame:
    """Settings of so many months that end with 2024."""
    start = pd.Timestamp("2025-01-01") - pd.DateOffset(months=months)
    given_too = {"start": start, "end": "2024-12-31", "as_of": "2024-12-31", **values}
    return pd.DataFrame({"setting": list(given_too), "value": list(given_too.values())})


def days(months: int) -> list[pd.Timestamp]:
    """The 15th of so many months that end with 2024."""
    return list(pd.date_range(end="2024-12-15", periods=months, freq=pd.DateOffset(months=1)))


def earning(*amounts: float, customer: str = "A", revenue: float = 10_000.0) -> pd.DataFrame:
    """Sales that leave these amounts, a month each, the last of them December 2024."""
    rows = [(day, customer, revenue, revenue - a) for day, a in zip(days(len(amounts)), amounts, strict=True)]
    return table("date customer gross_revenue cogs", *rows)


def one(tables: Tables, customer: str = "A") -> Mapping[Hashable, Any]:
    return word_verdicts(xlprofit.analyze(dict(tables))).loc[customer].to_dict()


# --- what is sunk ------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["direct cost", "activity"])
def test_a_customer_won_lately_is_not_ended_for_what_winning_it_cost(by: str) -> None:
    """Won six months ago for 15,000, it leaves 1,000 a month: 12,000 a year, 1.83125 of them over three years."""
    tables: dict[str, pd.DataFrame] = {"Settings": settings(12), "Sales": earning(*[1000.0] * 6)}
    if by == "direct cost":
        tables["DirectCosts"] = table("date customer group amount", ("2024-07-01", "A", "acquire", 15_000.0))
    else:
        tables["Activities"] = table("activity group rate unit_cost", ("Win", "acquire", 1.0, 15_000.0))
        tables["ActivityLog"] = table("date customer activity", ("2024-07-01", "A", "Win"))
    results = xlprofit.analyze(tables)
    found = word_verdicts(results).loc["A"]
    assert results.customers["profit"]["A"] == pytest.approx(-9_000.0)
    assert found["run_rate"] == pytest.approx(12_000.0)
    assert found["effect_of_ending_a_year"] == pytest.approx(-12_000.0)
    q = 0.85 / 1.1
    assert found["keep_value"] == pytest.approx(12_000.0 * (q + q**2 + q**3))
    assert found["keep_value"] == pytest.approx(21_975.0, abs=1.0)
    assert found["verdict"] == "keep"
    assert found["months"] == 6 and holds_figures(str(found["said"]), 6.0)


@pytest.mark.parametrize(("period", "since"), [("quarter", 4), ("quarter", 5), ("quarter", 6), ("year", 16)])
def test_a_quarter_or_year_in_whose_midst_a_customer_began_is_no_whole_one(period: str, since: int) -> None:
    """It leaves 1,000 a month since, and winning it cost 15,000: 12,000 a year by quarters and by years too."""
    paid = table(
        "date customer group amount avoidable", (days(24)[24 - since], "A", "acquire", 15_000.0, 1.0)
    )
    sales = pd.concat([earning(*[1_000.0] * since), earning(*[900.0] * 24, customer="B")])
    found = one({"Settings": settings(24, period=period), "Sales": sales, "DirectCosts": paid})
    assert (found["leaning"], found["run_rate"]) == ("keep", pytest.approx(12_000.0))
    assert found["lever"] == ""


@pytest.mark.parametrize(
    ("period", "months", "since"), [("quarter", 24, 1), ("quarter", 24, 2), ("year", 36, 6), ("year", 24, 11)]
)
def test_where_part_of_a_quarter_or_year_is_all_there_is_its_months_count(
    period: str, months: int, since: int
) -> None:
    won = days(months)[months - since]
    sales = pd.concat([earning(*[1_000.0] * since), earning(*[900.0] * months, customer="B")])
    tables = {
        "Settings": settings(months, period=period),
        "Sales": sales,
        "DirectCosts": table(
            "date customer group amount", (won, "A", "acquire", 15_000.0), (won, "A", "service", 100.0)
        ),
        "Activities": table("activity group rate unit_cost", ("Call", "service", 1.0, 50.0)),
        "ActivityLog": table("date customer activity quantity", (won, "A", "Call", 2.0)),
    }
    found = one(tables)
    assert found["run_rate"] == pytest.approx(12_000.0 - 200.0 * 12 / since)
    assert found["net_revenue_a_year"] == pytest.approx(120_000.0)
    assert found["effect_of_ending_a_year"] == pytest.approx(-12_000.0 + (100.0 + 50.0) * 12 / since)
    assert (found["verdict"], found["months"]) == ("keep", since)
    assert "first month" in found["said"] if since == 1 else holds_figures(found["said"], float(since))
    assert one(tables, "B")["run_rate"] == pytest.approx(10_800.0)


def test_one_year_of_which_a_customer_was_one_for_six_months_counts_them_where_it_says_so() -> None:
    sales = pd.concat([earning(*[1_000.0] * 6), earning(*[900.0] * 12, customer="B")])
    tables = {"Settings": settings(12, period="year"), "Sales": sales}
    assert one(tables)["run_rate"] == pytest.approx(6_000.0)  # it may buy in one half of the year only
    began = table("customer since", ("A", "2024-07-01"), ("B", "2019-01-01"))
    assert one({**tables, "Customers": began})["run_rate"] == pytest.approx(12_000.0)
    totals = table("date customer gross_revenue cogs", ("2024-12-31", "A", 60_000.0, 54_000.0))
    assert one({**tables, "Sales": totals, "Customers": began})["run_rate"] == pytest.approx(6_000.0)


@pytest.mark.parametrize("months", [1, 6, 11])
def test_a_short_span_is_no_new_customer(months: int) -> None:
    """It bought in all months of the span: since when it is a customer nobody knows, and nothing is said of it."""
    found = one({"Settings": settings(months), "Sales": earning(*[1_000.0] * months)})
    assert found["run_rate"] == pytest.approx(12_000.0)
    assert "as a customer" not in found["said"] and math.isnan(found["months"])


def test_a_total_of_a_year_is_not_taken_for_sales_of_its_last_month() -> None:
    rows = [(f"{year}-12-31", "B", 10_000.0, 9_000.0) for year in (2022, 2023, 2024)]
    sales = table("date customer gross_revenue cogs", *rows, ("2024-12-31", "A", 10_000.0, 9_000.0))
    found = one({"Settings": settings(36, period="year"), "Sales": sales})
    assert (found["run_rate"], found["months"]) == (pytest.approx(1_000.0), 12.0)


@pytest.mark.parametrize(
    ("period", "since", "paid"), [("month", 6, 5), ("month", 4, 3), ("quarter", 6, 6), ("quarter", 6, 5)]
)
def test_a_commission_for_winning_a_customer_may_be_settled_later(period: str, since: int, paid: int) -> None:
    """In the month after its first sale; by quarters in that of the sale."""
    cost = table("date customer group amount", (days(12)[12 - paid], "A", "commission", 15_000.0))
    sales = pd.concat([earning(*[1_000.0] * since), earning(*[900.0] * 12, customer="B")])
    found = one({"Settings": settings(12, period=period), "Sales": sales, "DirectCosts": cost})
    assert (found["leaning"], found["run_rate"]) == ("keep", pytest.approx(12_000.0))


@pytest.mark.parametrize("since", [3, 6, 9])
def test_a_commission_for_winning_a_customer_is_sunk(since: int) -> None:
    """15,000 in the month of its first sale, by a row of group commission that does not say that it comes once."""
    paid = table("date customer group amount", (days(12)[12 - since], "A", "commission", 15_000.0))
    sales = pd.concat([earning(*[1_000.0] * since), earning(*[900.0] * 12, customer="B")])
    found = one({"Settings": settings(12), "Sales": sales, "DirectCosts": paid})
    assert (found["verdict"], found["run_rate"]) == ("keep", pytest.approx(12_000.0))
    assert found["keep_value"] == pytest.approx(12_000.0 * 1.83125, abs=1.0)


@pytest.mark.parametrize("word", ["Acquisition", "new business", "Neukundengewinnung", "Uusasiakashankinta"])
def test_another_word_for_acquire_is_asked_about(word: str) -> None:
    """It is a group of the user's own, and so a cost to serve that comes again: never in silence."""
    paid = table("date customer group amount", (days(12)[6], "A", word, 15_000.0))
    tables = {"Settings": settings(12), "Sales": earning(*[1_000.0] * 6), "DirectCosts": paid}
    said = [str(f) for f in xlprofit.analyze(tables).findings if f.code == "R09"]
    assert [text for text in said if f'"{word}"' in text and "looks like acquire" in text], said


def test_a_commission_that_goes_on_is_not_sunk() -> None:
    """600 a month from the first sale on; 3,000 later; or 3,000 where nobody knows what came before the span."""
    day, sales = days(12), earning(*[1_000.0] * 6)
    monthly = table("date customer group amount", *[(d, "A", "commission", 600.0) for d in day[6:]])
    later = table("date customer group amount", (day[9], "A", "commission", 3_000.0))
    before = table("date customer group amount", (day[0], "A", "commission", 3_000.0))
    run, old = settings(12), earning(*[1_000.0] * 12)
    for sold, paid, profit in ((sales, monthly, 4_800.0), (sales, later, 6_000.0), (old, before, 9_000.0)):
        found = one({"Settings": run, "Sales": sold, "DirectCosts": paid})
        assert found["run_rate"] == pytest.approx(profit)


def test_what_comes_once_does_not_come_again() -> None:
    tables = {"Settings": settings(12), "Sales": earning(*[1000.0] * 12)}
    cost = table("date customer group amount avoidable", ("2024-10-01", "A", "service", 20_000.0, 1.0))
    assert one({**tables, "DirectCosts": cost})["run_rate"] == pytest.approx(-8_000.0)
    again = one({**tables, "DirectCosts": cost.assign(once="yes")})
    assert again["run_rate"] == pytest.approx(12_000.0)
    assert again["verdict"] == "keep"


def owing(amount: float, due: str, rate: float) -> Tables:
    """A customer that earns 12,800 a year and owes so much."""
    return {
        "Settings": settings(24),
        "Sales": earning(*[12_800 / 12] * 24),
        "Invoices": table(
            "invoice customer issued due amount paid", ("I1", "A", "2024-01-15", due, amount, None)
        ),
        "LossRates": table("days_past_due rate", (0.0, 0.0), (90.0, rate)),
    }


def test_a_loss_on_old_invoices_is_not_saved_by_ending() -> None:
    tables = owing(114_998.0, "2024-02-15", 0.5)
    found = one(tables)
    assert xlprofit.analyze(dict(tables)).credit.loc["A", "expected_loss"] == pytest.approx(-57_499.0)
    assert found["effect_of_ending_a_year"] == pytest.approx(-12_800.0)
    assert (found["verdict"], found["at_stake"]) == ("collect", 114_998.0)
    assert (found["lever"], found["lever_2"]) == ("stop credit", "prepayment")


@pytest.mark.parametrize(
    ("amount", "due", "verdict"),
    [
        (40_000.0, "2024-09-01", "collect"),
        (40_000.0, "2024-12-01", "keep"),  # 30 days late
        (90_000.0, "2024-11-16", "collect"),  # 45 days late, of most of what it buys in a year
        (30_000.0, "2024-11-06", "collect"),  # 55 days late, of a quarter
        (15_000.0, "2024-11-16", "keep"),  # 45 days late: three quarters of it are less than a tenth
        (2_500.0, "2024-09-01", "keep"),  # less than it earns in three months, or sells in five weeks
    ],
)
def test_what_is_late_and_material_is_to_be_collected(amount: float, due: str, verdict: str) -> None:
    assert one(owing(amount, due, 0.0))["verdict"] == verdict


def test_who_stops_paying_is_a_case_before_the_first_invoice_alone_is_one() -> None:
    """The last three invoices of 10,000 each are unpaid, 63, 32 and 2 days late."""
    day = days(24)
    due = [d + pd.Timedelta(days=14) for d in day]
    rows = [(f"I{n}", "A", d, by, 10_000.0, by) for n, (d, by) in enumerate(zip(day, due, strict=True))]
    tables = {"Settings": settings(24), "Sales": earning(*[1_000.0] * 24)}
    invoices = table("invoice customer issued due amount paid", *rows)
    invoices["paid"] = invoices["paid"].where(invoices.index < 21)
    found = one({**tables, "Invoices": invoices})
    assert (found["verdict"], found["at_stake"]) == ("collect", 30_000.0)
    invoices["paid"] = invoices["due"].where(invoices.index < 22)
    assert one({**tables, "Invoices": invoices})["verdict"] == "keep"


def test_who_stopped_buying_and_still_owes_is_sent_reminders() -> None:
    tables = owing(40_000.0, "2024-02-15", 0.0)
    sales = tables["Sales"][tables["Sales"]["date"] < "2024-01-31"]
    other = earning(*[100.0] * 24, customer="B")
    found = one({**tables, "Sales": pd.concat([sales, other])})
    assert (found["verdict"], found["lever"], found["lever_2"]) == ("collect", "dunning", "")


# --- today, not the sum of the past ------------------------------------------------------------------


def test_a_customer_that_turned_is_judged_on_what_it_is_now() -> None:
    worse = one({"Settings": settings(24), "Sales": earning(*[2000.0] * 12, *[-1500.0] * 12)})
    assert worse["run_rate"] == pytest.approx(-18_000.0)
    assert worse["verdict"] != "keep"
    better = one({"Settings": settings(24), "Sales": earning(*[-2000.0] * 12, *[1500.0] * 12)})
    assert better["run_rate"] == pytest.approx(18_000.0)
    assert better["verdict"] == "keep"


@pytest.mark.parametrize("months", [24, 60])
def test_a_steady_fall_is_followed_to_where_it_is(months: int) -> None:
    """From 3,100 a month down by 200 each month of the window to −300; a longer history changes nothing."""
    before = [3100.0] * (months - 18)
    falling = np.linspace(3100.0, -300.0, 18)
    found = one({"Settings": settings(months), "Sales": earning(*before, *falling)})
    assert found["run_rate"] == pytest.approx(-300.0 * 12, rel=0.05)
    assert found["verdict"] != "keep"


@pytest.mark.parametrize(("period", "bad", "now"), [("quarter", 9, -3_000.0), ("year", 12, -12_000.0)])
def test_quarters_and_years_are_told_of_today_on_every_sheet(period: str, bad: int, now: float) -> None:
    """1,000 a month for years, then −1,000: neither sheet tells of a profit that is over."""
    sales = pd.concat(
        [earning(*[1_000.0] * (60 - bad), *[-1_000.0] * bad), earning(*[900.0] * 60, customer="B")]
    )
    results = xlprofit.analyze({"Settings": settings(60, period=period), "Sales": sales})
    trend = results.trends.loc["A"]
    assert (trend["state"], trend["profit_now"]) == ("Loss-making", pytest.approx(now))
    assert results.decisions["run_rate"]["A"] == pytest.approx(-12_000.0)
    assert results.trends["state"]["B"] == "Profitable"


@pytest.mark.parametrize("place", [6, 12, 20, 23])
def test_one_wild_month_is_no_change_of_level(place: int) -> None:
    """A loss of 30,000 in one month of 24: it counts as a month does, a 24th or a 12th of two years or one."""
    amounts = [1000.0] * 24
    amounts[place] = -29_000.0
    found = one({"Settings": settings(24), "Sales": earning(*amounts)})
    # January to June 2024 stand alone for their month of the year, the others are there twice.
    share = 1 / 12 if 12 <= place < 18 else 1 / 24
    assert found["run_rate"] == pytest.approx(12_000.0 - 30_000.0 * 12 * share)


def with_steady(*falling: float) -> pd.DataFrame:
    """Sales of a customer A that leaves these amounts, beside thirty steady ones."""
    rng = np.random.default_rng(5)
    steady = 1000.0 + rng.normal(0.0, 300.0, (30, len(falling)))
    others = [earning(*row, customer=f"C{i:02d}") for i, row in enumerate(steady)]
    return pd.concat([earning(*falling), *others])


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_trend_that_is_more_than_chance_is_believed_without_two_years(sign: float) -> None:
    """From 3,100 a month by 250 each month to 350, up and down by 200 beside it: where its line ends is today."""
    amounts = sign * (np.linspace(3100.0, 350.0, 12) + np.resize([200.0, -200.0], 12))
    results = xlprofit.analyze({"Settings": settings(12), "Sales": with_steady(*amounts)})
    line = np.polynomial.Polynomial.fit(np.arange(12), amounts, 1)
    assert results.decisions["run_rate"]["A"] == pytest.approx(12 * line(11), rel=1e-3)
    assert results.decisions["confidence"]["A"] < 0.9


@pytest.mark.parametrize("company", ["demo", *samples.TRADES])
def test_no_run_rate_of_one_that_slips_is_far_above_its_last_months(company: str) -> None:
    """Within a fifth of its last half year, what is sunk apart; before, up to three times as much."""
    results = analyze_sample(company)
    slips = (results.trends["state"] == "Slipping") | results.trends["early_warning"]
    pnl = results.pnl(period=True)
    month = pnl["operating_profit"] - pnl["cost_to_acquire"]
    recent = month.unstack("period").iloc[:, -6:].mean(axis=1)
    assert slips.any()
    above = results.decisions["run_rate"] / 12 - recent
    assert (above[slips] <= 0.2 * recent[slips].abs()).all()


@pytest.mark.parametrize("months", [1, 2])
@pytest.mark.parametrize("margin", [0.01, 0.02, 0.05, 0.1])
def test_a_customer_that_just_began_is_not_sure_though_all_others_never_vary(
    months: int, margin: float
) -> None:
    """After n months it buys on in (n + 1) of (n + 2) cases (Laplace); if not, to keep it costs nothing.

    If it does, what it earns of its net revenue is known to 5 points after a month, 3.5 after two. It is wrong to keep
    it where that is a loss of more than is slight.
    """
    others = [earning(*[1000.0] * 24, customer=f"C{i:02d}") for i in range(30)]
    sales = pd.concat([earning(*[margin * 10_000.0] * months), *others])
    results = xlprofit.analyze({"Settings": settings(24, simulations=20_000), "Sales": sales})
    found = word_verdicts(results)
    slight = find_limit(results.customers, results.inputs.settings) / 120_000.0
    loss = NormalDist().cdf(-(margin + slight) / (0.05 / math.sqrt(months)))
    right = 1.0 - (months + 1) / (months + 2) * loss
    assert found["run_rate"]["A"] == pytest.approx(margin * 120_000.0)
    assert found["confidence"]["A"] == pytest.approx(right, abs=0.005)
    assert (found["confidence"].drop("A") == 1.0).all()
    assert ("first month" if months == 1 else "2 months") in found["said"]["A"]


@pytest.mark.parametrize("months", [1, 2])
def test_a_thin_margin_of_a_customer_that_just_began_is_investigated(months: int) -> None:
    """A hundredth of net revenue after a month or two: a loss as soon as not, whoever else never varies."""
    others = [earning(*[1000.0] * 24, customer=f"C{i:02d}") for i in range(30)]
    young, old = earning(*[100.0] * months), earning(*[100.0] * 24, customer="Old")
    found = xlprofit.analyze({"Settings": settings(24), "Sales": pd.concat([young, old, *others])}).decisions
    assert (found["verdict"]["A"], found["leaning"]["A"]) == ("investigate", "keep")
    assert (found["verdict"]["Old"], found["confidence"]["Old"]) == ("keep", 1.0)


def test_the_reason_to_keep_one_that_is_slipping_says_so(demo_results: xlprofit.Results) -> None:
    found, run = word_verdicts(demo_results), demo_results.inputs.settings
    trends = demo_results.trends.assign(said=word_trends(demo_results.trends, run))
    slips = (trends["state"] == "Slipping") & (found["leaning"] == "keep")
    assert slips.any()
    for slipping, reason, trend in zip(slips, found["said"], trends["said"], strict=True):
        assert reason.endswith(f". {trend}") == slipping, reason


def test_chance_is_not_taken_for_a_change() -> None:
    """Forty steady customers: their run rates are the means of their months, or near them."""
    rng = np.random.default_rng(3)
    monthly = 1000.0 + rng.normal(0.0, 400.0, (40, 24))
    sales = pd.concat([earning(*row, customer=f"C{i:02d}") for i, row in enumerate(monthly)])
    found = xlprofit.analyze({"Settings": settings(24), "Sales": sales}).decisions["run_rate"].to_numpy()
    recent = monthly[:, -18:]
    balanced = (recent[:, 6:12].sum(axis=1) + (recent[:, :6] + recent[:, 12:]).sum(axis=1) / 2) / 12
    assert np.median(np.abs(found / 12 - balanced)) < 10.0
    assert np.abs(found / 12 - 1000.0).mean() < 1.15 * np.abs(recent.mean(axis=1) - 1000.0).mean() + 20.0


@pytest.mark.parametrize("months", [12, 18, 24, 36])
def test_a_season_is_no_change(months: int) -> None:
    """High in summer, low in winter: however long the history, the run rate is a year's sum, within a few percent."""
    season = 1.0 + 0.5 * np.sin(2 * np.pi * (np.arange(months) - months) / 12)
    rows = [
        (day, f"C{i:02d}", 5000.0 * index, 4000.0 * index)
        for i in range(20)
        for day, index in zip(days(months), season, strict=True)
    ]
    sales = table("date customer gross_revenue cogs", *rows)
    found = xlprofit.analyze({"Settings": settings(months), "Sales": sales}).decisions
    np.testing.assert_allclose(found["run_rate"], 12_000.0, rtol=0.03)


# --- what is unknown ---------------------------------------------------------------------------------


def test_a_contribution_of_nothing_is_nothing_and_no_rounding() -> None:
    """12,000 of margin a year, 24,000 of direct costs of which nobody says how much goes: half of it, so 0."""
    spent = table(
        "date customer group amount avoidable", *[(d, "A", "service", 2_000.0, None) for d in days(12)]
    )
    run = settings(12, **NO_LEVERS)
    found = one({"Settings": run, "Sales": earning(*[1_000.0] * 12), "DirectCosts": spent})
    assert (found["effect_of_ending_a_year"], found["keep_value"], found["end_value"]) == (0.0, 0.0, 0.0)
    assert found["run_rate"] == pytest.approx(-12_000.0)


def test_a_blank_avoidable_share_is_unknown_and_said_to_be() -> None:
    tables: dict[str, pd.DataFrame] = {
        "Settings": settings(12, **NO_LEVERS),
        "Sales": earning(*[100.0] * 12, revenue=100.0),
        "Resources": table("resource cost capacity", ("Team", 2_400.0, 2_400.0)),
        "Activities": table("activity group resource rate", ("Serve", "service", "Team", 1.0)),
        "ActivityLog": table(
            "date customer activity quantity", *[(d, "A", "Serve", 130.0) for d in days(12)]
        ),
    }
    found = one(tables)
    assert found["run_rate"] == pytest.approx(1_200 - 1_560)
    assert found["effect_of_ending_a_year"] == pytest.approx(-(1_200 - 1_560 / 2))
    assert found["confidence"] < 0.95
    assert found["unknown_a_year"] == pytest.approx(1_560.0) and holds_figures(found["said"], 1_560.0)
    assert (found["hinges_on"], found["hinges_on_of"]) == ("avoidable", "Team")
    assert word_hinges(pd.DataFrame([found]))[0] in found["said"].partition(":")[0]
    for share, effect in ((0.0, -1_200.0), (1.0, 360.0)):
        resources = tables["Resources"].assign(avoidable=share)
        known = one({**tables, "Resources": resources})
        assert known["effect_of_ending_a_year"] == pytest.approx(effect)
        assert known["unknown_a_year"] == 0.0 and "unknown" not in known["said"]


# --- whole steps, and all together -------------------------------------------------------------------


def stepped(*units: float, step: float, idle: float = 0.0, by_month: bool = False) -> Tables:
    """Customers that lose 100 a month each and take so many units a year of a team; so many more of them are idle."""
    names = [f"C{i}" for i in range(len(units))]
    worked = pd.concat(
        [
            table("date customer activity quantity", *[(d, n, "Serve", u / 12) for d in days(12)])
            for n, u in zip(names, units, strict=True)
        ]
    )
    sales = [
        earning(*[u / 12 - 100.0] * 12, customer=n, revenue=u / 12) for n, u in zip(names, units, strict=True)
    ]
    parts = 12 if by_month else 1
    return {
        "Settings": settings(12, redeployable=0.0, **NO_LEVERS),
        "Sales": pd.concat(sales),
        "Resources": pd.DataFrame(
            {
                "resource": "Team",
                "period": [f"{day:%Y-%m}" for day in days(12)] if by_month else [""],
                "cost": (sum(units) + idle) / parts,
                "capacity": (sum(units) + idle) / parts,
                "avoidable": 1.0,
                "step": step / parts,
            }
        ),
        "Activities": table("activity group resource rate", ("Serve", "service", "Team", 1.0)),
        "ActivityLog": worked,
    }


def test_capacity_goes_in_whole_steps_and_those_to_end_are_weighed_together() -> None:
    """Of 1,500 and 1,800 units in steps of 1,000 one step goes with each alone, three with both."""
    results = xlprofit.analyze(dict(stepped(1_500.0, 1_800.0, step=1_000.0)))
    found = results.decisions["effect_of_ending_a_year"].to_dict()
    assert found == pytest.approx({"C0": 1_000.0 - 300.0, "C1": 1_000.0 - 600.0})
    assert set(results.decisions["verdict"]) == {"end"}
    joint = results.joint_effect
    assert joint.customers == 2
    assert joint.alone == pytest.approx(1_100.0)
    assert joint.together == pytest.approx(3_000.0 - 900.0)
    assert read_figures(sheet.describe_joint_effect(results)) == [2.0, 2_100.0]
    assert sheet.describe_joint_effect(results) in build_answers(results)[6].answer


def test_less_than_a_step_saves_nothing() -> None:
    found = one(stepped(600.0, 5_000.0, step=1_000.0), "C0")
    assert found["effect_of_ending_a_year"] == pytest.approx(600.0)
    units, step, idle = np.array([[999.9999999999]]), np.array([1_000.0]), np.array([0.0])
    assert whole_steps(units, step, idle).tolist() == [[1.0]]


@pytest.mark.parametrize("by_month", [False, True])
def test_what_goes_completes_a_step_with_what_is_idle_already(by_month: bool) -> None:
    """Of 1,000 units 800 are used: the 400 of one and the idle 200 hold a step of 500, all of which goes with it."""
    results = xlprofit.analyze(dict(stepped(400.0, 400.0, step=500.0, idle=200.0, by_month=by_month)))
    found = results.decisions["effect_of_ending_a_year"].to_dict()
    # Its volume leaves 400 - 1,200 a year; a unit costs 1.
    assert found == pytest.approx({"C0": 800.0 + 500.0, "C1": 800.0 + 500.0})
    # Both leave all 1,000 idle: two steps.
    assert results.joint_effect.together == pytest.approx(1_600.0 + 1_000.0)


def test_idle_capacity_that_is_a_step_already_is_not_the_doing_of_a_customer() -> None:
    """Of 600 idle units a step of 500 could go without it; with its 300 there are 900, still one step."""
    found = one(stepped(300.0, 300.0, step=500.0, idle=600.0), "C0")
    assert found["effect_of_ending_a_year"] == pytest.approx(900.0)


def test_two_customers_complete_a_step_that_neither_does_alone() -> None:
    """Each takes 200 and 200 are idle: 400 free with one of them is no step of 500, 600 free with both is one."""
    results = xlprofit.analyze(dict(stepped(200.0, 200.0, step=500.0, idle=200.0)))
    assert results.decisions["effect_of_ending_a_year"].to_dict() == pytest.approx({"C0": 1e3, "C1": 1e3})
    assert results.joint_effect.alone == pytest.approx(2_000.0)
    assert results.joint_effect.together == pytest.approx(2_000.0 + 500.0)


def test_a_step_that_both_would_complete_goes_once() -> None:
    """Each takes 100 and 400 are idle: either completes a step of 500, and both do no more."""
    results = xlprofit.analyze(dict(stepped(100.0, 100.0, step=500.0, idle=400.0)))
    assert results.joint_effect.alone == pytest.approx(2 * (1_100.0 + 500.0))
    assert results.joint_effect.together == pytest.approx(2 * 1_100.0 + 500.0)


def test_who_earns_and_completes_a_step_is_judged_in_every_run() -> None:
    """It earns 50, and the step of 500 that goes with its 400 costs 500: ended, and sure of it where nothing varies."""
    tables = dict(stepped(400.0, 400.0, step=500.0, idle=200.0))
    tables["Sales"] = pd.concat(
        [earning(*[450.0 / 12] * 12, customer=name, revenue=1_000.0) for name in ("C0", "C1")]
    )
    sure = {"simulations": 50, "uncertainty_rates": 0, "uncertainty_volumes": 0, "uncertainty_retention": 0}
    tables["Settings"] = settings(12, redeployable=0.0, **NO_LEVERS, **sure)
    found = one(tables, "C0")
    assert found["run_rate"] == pytest.approx(50.0)
    assert found["effect_of_ending_a_year"] == pytest.approx(50.0)
    assert (found["verdict"], found["confidence"]) == ("end", 1.0)


@given(
    units=st.lists(st.integers(0, 3_000), min_size=1, max_size=5),
    step=st.integers(1, 1_000),
    idle=st.integers(0, 2_000),
)
def test_steps_that_go_are_whole_and_none_that_was_idle_already(
    units: list[int], step: int, idle: int
) -> None:
    """Those that go with all at once are as many as the sum of those that go one after the other."""
    gone, free = 0.0, float(idle)
    for taken in units:
        share = whole_steps(np.array([[float(taken)]]), np.array([float(step)]), np.array([free]))
        gone, free = gone + float(share[0, 0]) * taken, free + taken
    together = whole_steps(np.array([[float(sum(units))]]), np.array([float(step)]), np.array([float(idle)]))
    assert float(together[0, 0]) * sum(units) == pytest.approx(gone)
    assert gone == pytest.approx((idle + sum(units)) // step * step - idle // step * step)


# --- levers ------------------------------------------------------------------------------------------


def test_a_discount_out_of_line_is_the_lever_before_a_price_rise() -> None:
    """Of a segment that gives a tenth away, one gives a quarter and loses: it is brought back towards a tenth."""
    rows = [
        (day, name, 1000.0, off, 800.0)
        for name, off in (("A", 250.0), ("B", 100.0), ("C", 90.0), ("D", 110.0))
        for day in days(12)
    ]
    tables = {
        "Settings": settings(12),
        "Customers": table("customer segment", *[(name, "Shops") for name in "ABCD"]),
        "Sales": table("date customer gross_revenue discount cogs", *rows),
    }
    found = one(tables)
    assert (found["leaning"], found["lever"]) == ("fix", "discount")
    assert found["lever_size"] == pytest.approx(0.05)
    assert holds_figures(found["said"], 20.0, 25.0)


def test_a_price_rise_says_what_loss_of_volume_would_eat_it() -> None:
    """A price higher by 6 % on a margin of 20 %: lost where 6 / 26 of the volume goes."""
    tables = {
        "Settings": settings(12, max_activity_cut=0),
        "Sales": earning(*[2_000.0] * 12),
        "DirectCosts": table(
            "date customer group amount avoidable", *[(d, "A", "service", 2_600.0, 1.0) for d in days(12)]
        ),
    }
    found = one(tables)
    assert (found["lever"], found["lever_size"]) == ("price", pytest.approx(0.06))
    assert found["break_even_volume_loss"] == pytest.approx(6 / 26)
    assert holds_figures(found["said"], 23.1)


def test_a_lever_is_shown_so_that_what_is_shown_is_enough() -> None:
    """A price rise of 7.25 % or of 7.21 % is said as 7.3 %, one of exactly 7.2 % as that."""
    for short, said in ((725.0, "7.3"), (721.0, "7.3"), (720.0, "7.2")):
        tables = {
            "Settings": settings(12, max_activity_cut=0),
            "Sales": earning(*[2_000.0] * 12),
            "DirectCosts": table(
                "date customer group amount avoidable",
                *[(d, "A", "service", 2_000.0 + short, 1.0) for d in days(12)],
            ),
        }
        found = one(tables)
        assert found["lever"] == "price"
        assert holds_figures(found["said"], float(said))
        assert sheet.describe_levers(found) == f"price: {said}%"


def test_levers_say_what_they_are_of() -> None:
    row: dict[Hashable, object] = {"lever_unit": "EUR", "lever_on": "", "lever_2": ""}
    said = [
        str(sheet.describe_levers({**row, "lever": lever, "lever_size": size}))
        for lever, size in (("discount", 0.0589), ("prepayment", 56_375.0), ("dunning", 900.0))
    ]
    assert [(text.partition(":")[0], read_figures(text)) for text in said] == [
        ("discount", [5.9]),
        ("prepayment", [56_375.0]),
        ("dunning", [900.0]),
    ]


def test_where_each_sale_loses_money_no_loss_of_volume_eats_a_price_rise() -> None:
    found = one({"Settings": settings(12), "Sales": earning(*[-200.0] * 12)})
    assert (found["lever"], found["lever_size"]) == ("price", pytest.approx(0.02))
    assert np.isnan(found["break_even_volume_loss"])
    shares = [float(share) for share in re.findall(r"([\d.]+)%", found["said"])]
    assert shares == [2.0], found["said"]  # that of the rise, and none of volume


def test_one_month_and_one_year_are_told_in_the_singular() -> None:
    sold = pd.concat([earning(*[1000.0] * 24, customer="B"), earning(1000.0)])
    found = one({"Settings": settings(24), "Sales": sold})
    assert "its first month" in found["said"]
    found = one({"Settings": settings(24, horizon=1), "Sales": earning(*[-1_500.0] * 24)})
    assert "; over a year " in found["said"]


def test_an_end_value_of_nothing_is_told_as_nothing() -> None:
    found = one({"Settings": settings(24), "Sales": earning(*[-1_500.0] * 24)})
    assert (found["verdict"], found["end_value"]) == ("end", 0.0)
    assert read_figures(found["said"])[-1] == 0.0


def test_where_one_lever_is_not_enough_the_smallest_pair_is_taken() -> None:
    """1,560 of 120,000 is missing a year; prices may rise by 1 % and 20 orders bear 30 each: 1,200 + 600."""
    tables = {
        "Settings": settings(12, max_price_increase=0.01, max_order_fee=30, max_activity_cut=0),
        "Sales": earning(*[0.0] * 12),
        "Activities": table("activity group rate unit_cost", ("Order", "order", 1.0, 78.0)),
        "ActivityLog": table(
            "date customer activity quantity", *[(d, "A", "Order", 20 / 12) for d in days(12)]
        ),
    }
    found = one(tables)
    assert found["run_rate"] == pytest.approx(-1_560.0)
    assert (found["leaning"], found["lever"], found["lever_2"]) == ("fix", "price", "order fee")
    share = 1_560 / 1_800
    assert found["lever_size"] == pytest.approx(0.01 * share)
    assert found["lever_2_size"] == pytest.approx(30 * share)
    assert found["lever_size"] * 120_000 + found["lever_2_size"] * 20 == pytest.approx(1_560.0)
    assert found["lever_2_unit"] == "EUR an order"
    assert holds_figures(found["said"], 0.9, 26.0)


def test_contacts_are_moved_to_the_cheaper_channel() -> None:
    tables = {
        "Settings": settings(12, max_price_increase=0, max_activity_cut=0),
        "Sales": pd.concat([earning(*[500.0] * 12), earning(*[500.0] * 12, customer="B")]),
        "Activities": table(
            "activity group rate unit_cost", ("Phone", "service", 1.0, 20.0), ("Web", "service", 1.0, 2.0)
        ),
        "ActivityLog": table(
            "date customer activity quantity",
            *[(d, "A", "Phone", 34.0) for d in days(12)],
            *[(d, "B", "Web", 10.0) for d in days(12)],
        ),
    }
    found = one(tables)
    assert (found["lever"], found["lever_on"]) == ("cheaper channel", "Phone → Web")
    assert found["lever_size"] == pytest.approx(180 / (34 * 18))
    log = tables["ActivityLog"].copy()
    moved = log[log["activity"] == "Phone"].assign(activity="Web")
    moved["quantity"] *= found["lever_size"]
    log.loc[log["activity"] == "Phone", "quantity"] *= 1 - found["lever_size"]
    again = xlprofit.analyze({**tables, "ActivityLog": pd.concat([log, moved])})
    assert again.customers["profit"]["A"] == pytest.approx(0.0, abs=0.01)


def test_the_levers_of_the_demo_are_not_all_a_price(demo_results: xlprofit.Results) -> None:
    found = demo_results.decisions
    fixed = found[(found["leaning"] == "fix").to_numpy()]
    assert len(fixed) > 20
    assert set(fixed["lever"]) | set(fixed["lever_2"]) <= {*LEVERS, ""}
    assert (fixed["lever"] == "price").mean() < 0.5


# --- laws --------------------------------------------------------------------------------------------


@takes_minutes
@hypothesis_settings(max_examples=examples(4), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**16), st.sampled_from([0.0, 0.5, 1.0]), st.sampled_from([0.0, 5_000.0]))
def test_no_verdict_contradicts_its_own_values(seed: int, redeployable: float, exit_cost: float) -> None:
    tables = demo.tables(seed, customers=40, sales_lines=900, activity_rows=900)
    tables = with_settings(tables, simulations=40, redeployable=redeployable, exit_cost=exit_cost)
    tables["Resources"] = tables["Resources"].assign(step=20_000.0)
    results = xlprofit.analyze(tables)
    agree(results.decisions)
    joint = results.joint_effect
    ended = results.decisions[(results.decisions["verdict"] == "end").to_numpy()]
    assert joint.customers == len(ended)
    assert joint.together >= joint.alone - 1e-6


def test_no_verdict_of_the_demo_contradicts_its_own_values(demo_results: xlprofit.Results) -> None:
    agree(demo_results.decisions)


@takes_minutes
def test_no_confidence_asked_for_is_a_verdict_for_everyone(demo_results: xlprofit.Results) -> None:
    results = xlprofit.analyze(with_settings(demo.tables(), confidence=0.0))
    assert "investigate" not in set(results.decisions["verdict"])
    assert (results.decisions["verdict"] == demo_results.decisions["leaning"]).all()


# --- one figure, wherever it stands ------------------------------------------------------------------


FIGURE = re.compile(r"\d[\d,]*(?:\.\d+)?")


def list_figures(row: pd.Series, horizon: float) -> set[str]:
    """Return the figures of a decision as a sentence may show them: money, shares, sizes of levers, days and months."""
    less = row["discount"] - row["lever_size"], row["discount"] - row["lever_2_size"]
    money = [row[name] for name in MONEY_OF_A_REASON]
    money += [row["lever_size"], row["lever_2_size"], -row["acquired_a_year"] - row["run_rate"]]
    shares = [row[name] for name in ("break_even_volume_loss", "price_needed", "discount")]
    shares += [row["lever_size"], row["lever_2_size"], *less]
    sold = row["net_revenue_a_year"]
    shares += [row["run_rate"] / sold] if sold > 0 else []
    counts = [row["overdue_days"], row["months"], row["quiet_months"], row["lever_size"], row["lever_2_size"]]
    told = {f"{int(100 * row['confidence'] + 1e-9)}", f"{horizon:g}"}
    for amount in (abs(float(amount)) for amount in money):
        told |= (
            {f"{amount:,.0f}", f"{amount:,.2f}", f"{math.ceil(100 * amount - 1e-6) / 100:,.2f}"}
            if math.isfinite(amount)
            else set()
        )
    for share in (1000.0 * float(share) for share in shares):
        if math.isfinite(share):
            told |= {
                f"{n / 10:,.1f}" for n in (round(share, 0), math.ceil(share - 1e-6), math.floor(share + 1e-6))
            }
            told.add(f"{share / 10:,.1f}")
    for count in (float(count) for count in counts):
        told |= (
            {f"{count:,.0f}", f"{math.ceil(10 * count - 1e-6) / 10:,.1f}"} if math.isfinite(count) else set()
        )
    return told


MONEY_OF_A_REASON = (
    *("run_rate", "effect_of_ending_a_year", "keep_value", "end_value", "freed_capacity_a_year"),
    *("referral_value_a_year", "at_stake", "cost_of_error_a_year", "acquired_a_year", "stays_a_year"),
    *("unknown_a_year", "idle_gone_a_year", "expected_profit"),
)


def check_figures(results: xlprofit.Results) -> None:
    """Assert that every figure in the sentence beside each verdict is its own, and that the main ones are there."""
    found, run = word_verdicts(results), results.inputs.settings
    reasons = word_decisions(results.decisions, None, run)  # what is said of a trend has other figures
    named = sorted(
        {*results.inputs["Resources"]["resource"], *results.inputs["Activities"]["activity"]}, key=len
    )
    for (name, row), reason in zip(found.iterrows(), map(str, reasons), strict=True):
        assert str(row["said"]).startswith(reason), name
        if row["reason"] == "nothing":
            continue
        if abs(row["effect_of_ending_a_year"]) >= 100:
            assert f"{abs(row['effect_of_ending_a_year']):,.0f} {run.currency} a year" in reason, name
        if abs(row["run_rate"]) >= 100:
            verb = "Earns" if row["run_rate"] > 0 else "Loses"
            assert f"{verb} {abs(row['run_rate']):,.0f} {run.currency} " in reason, name
        if row["verdict"] == "investigate":
            assert f" {int(100 * row['confidence'] + 1e-9)}% " in reason, name
            assert row["hinges_on"] in hinges.INPUTS
        if row["leaning"] == "collect":
            assert f"{row['at_stake']:,.0f} {run.currency} is overdue" in reason, name
        for word in reversed(named):
            reason = reason.replace(str(word), "")
        figures = set(FIGURE.findall(reason.replace("12 months", "")))
        assert figures <= list_figures(row, run.horizon), (name, row["said"])


@pytest.mark.parametrize("company", ["demo", *samples.TRADES])
def test_a_figure_in_a_sentence_is_the_figure(company: str) -> None:
    check_figures(analyze_sample(company))


@takes_minutes
@hypothesis_settings(max_examples=examples(5), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**16), st.sampled_from([0.0, 900.0, 20_000.0]))
@example(1278, 0.0)  # in its record one method can say something with its season alone
def test_a_figure_in_a_sentence_is_the_figure_in_any_company(seed: int, step: float) -> None:
    tables = demo.tables(seed, customers=60, sales_lines=1_200, activity_rows=1_200)
    tables["Resources"] = tables["Resources"].assign(
        step=step, avoidable=[None, *tables["Resources"]["avoidable"]][: len(tables["Resources"])]
    )
    check_figures(xlprofit.analyze(with_settings(tables, simulations=60)))


def test_what_cheaper_channels_save_is_one_figure(demo_results: xlprofit.Results) -> None:
    saving = demo_results.service["saving"].sum()
    assert saving == pytest.approx(demo_results.service_users["saving"].sum())
    said = [answer.answer for answer in build_answers(demo_results)]
    assert sum(f"would save {saving:,.0f} EUR" in text for text in said) == 1
    from xlprofit.sheets import service_return

    sheet = service_return.describe_service_return_sheet(demo_results)
    assert sheet is not None
    texts = [str(cell.value) for cell in sheet.cells]
    assert sum(f"would save {saving:,.0f} EUR" in text for text in texts) == 1


def test_two_meanings_of_profitable_are_each_said(demo_results: xlprofit.Results) -> None:
    said = [answer.answer for answer in build_answers(demo_results)]
    span = int((demo_results.customers["profit"] > 0).sum())
    now = int((demo_results.decisions["run_rate"] > 0).sum())
    assert span != now
    assert holds_figures(said[0], float(span), 400.0)
    assert holds_figures(said[6], float(now), 400.0)
    trends = demo_results.trends
    lately = int(((trends["profit_now"] > 0) & (trends["state"] != "Dormant")).sum())
    assert lately not in (span, now) and holds_figures(said[1], float(lately))
    assert sum("today's level" in answer for answer in said) == 1


def test_the_step_of_a_month_counts_for_each_month_of_the_year() -> None:
    """A team of 250 units a month in steps of 100: 1,500 units a year are one step of 1,200, 3,000 are two."""
    months = [str(day)[:7] for day in days(12)]
    for units, saved in ((1_500.0, 1_200.0), (3_000.0, 2_400.0)):
        tables = dict(stepped(units, step=1.0))
        rows = [("Team", units / 12, units / 12, 1.0, 100.0, month) for month in months]
        tables["Resources"] = table("resource cost capacity avoidable step period", *rows)
        found = one(tables, "C0")
        assert found["run_rate"] == pytest.approx(-1_200.0)
        assert found["effect_of_ending_a_year"] == pytest.approx(saved - (units - 1_200.0))
