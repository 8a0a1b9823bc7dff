"""The outlook of whole workbooks: who still is a customer, what to expect, and how often that came true."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import xlprofit
from benchmarks.outlook import read_past
from benchmarks.worlds import build_tables, build_world
from tests.analysis.test_decisions import agree
from tests.figures import read_figures
from tests.test_checks import checked
from xlprofit.outlook.btyd import measure_shape
from xlprofit.outlook.candidates import RUN_RATE_PART, Method, forecast_candidates, value_purchases
from xlprofit.outlook.draws import Forecast, Interval, draw_intervals
from xlprofit.outlook.forecast import COLUMNS
from xlprofit.outlook.movement import stand_still
from xlprofit.outlook.past import count_purchases
from xlprofit.outlook.survival import RetentionSource
from xlprofit.outlook.track_record import (
    NARROWER,
    _choose_part,
    choose_factor,
    choose_method,
    find_needed_widths,
)
from xlprofit.results import Results, compute_results
from xlprofit.sheets.answers import build_answers
from xlprofit.sheets.outlook import describe_outlook_sheet, describe_survival, list_likely_gone
from xlprofit.sheets.verdict import rank_decided_customers
from xlprofit.words.reasons import word_decisions

Tables = dict[str, pd.DataFrame]


def settings(**values: object) -> pd.DataFrame:
    return pd.DataFrame({"setting": list(values), "value": list(values.values())})


def shop(seed: int = 1, customers: int = 120, months: int = 24, **more: object) -> Tables:
    """Customers who buy at a rate of their own and leave for good by a chance of their own after each purchase."""
    rng = np.random.default_rng(seed)
    rows = []
    for who in range(customers):
        at, rate, leaves = rng.uniform(0, 200), rng.gamma(2.0, 0.02), rng.beta(1.0, 8.0)
        while at < months * 30.4:
            rows.append((at, f"C{who:03d}", round(float(rng.lognormal(4.0, 0.4)), 2)))
            if rng.random() < leaves:
                break
            at += max(rng.exponential(1 / rate), 1.0)
    sales = pd.DataFrame(rows, columns=["date", "customer", "gross_revenue"])
    sales["date"] = pd.Timestamp("2023-01-01") + pd.to_timedelta(sales["date"].astype(int), unit="D")
    sales["cogs"] = (0.6 * sales["gross_revenue"]).round(2)
    end = (pd.Timestamp("2023-01-01") + pd.DateOffset(months=months) - pd.Timedelta(days=1)).date()
    given = settings(start="2023-01-01", end=str(end), **more)
    segments = pd.DataFrame({"customer": [f"C{i:03d}" for i in range(customers)], "segment": "Shops"})
    return {"Sales": sales, "Settings": given, "Customers": segments}


SHOP = xlprofit.analyze(shop())


def test_the_columns_are_those_that_are_published() -> None:
    assert tuple(SHOP.outlook.columns) == COLUMNS
    assert set(SHOP.outlook["method"]) <= {method.value for method in Method}


def test_the_interval_holds_the_forecast() -> None:
    frame = SHOP.outlook
    assert (frame["expected_low"] <= frame["expected_profit"]).all()
    assert (frame["expected_profit"] <= frame["expected_high"]).all()
    total = SHOP.company_outlook
    assert total["low"] <= total["expected"] <= total["high"]
    assert total["expected"] == pytest.approx(frame["expected_profit"].sum())


def test_who_has_not_bought_for_long_is_more_likely_gone() -> None:
    last = SHOP.inputs["Sales"].groupby("customer", observed=True)["date"].max().reindex(SHOP.names)
    active = SHOP.outlook["chance_active"]
    assert SHOP.retention_source is RetentionSource.PURCHASES
    assert active[last < "2023-06-01"].mean() < 0.35 < 0.7 < active[last > "2024-11-15"].mean()
    assert (SHOP.outlook["retention"] < 1).all()


def test_the_best_method_on_what_was_held_out_is_used_and_named() -> None:
    record = SHOP.track_record
    used = record.index[record["used"].to_numpy(dtype=bool)]
    assert list(used) == [used[0]]
    simple = record.loc[[Method.AVERAGE.value, Method.RECENT.value], "score"].min()
    assert record.loc[used[0], "score"] <= simple
    assert record["periods"].eq(8).all()
    assert 0 < record.loc[used[0], "coverage"] <= 1


def test_what_the_record_says_is_what_came() -> None:
    """Recomputed from the rows of Sales: what the customers known before left in the last eight months."""
    sales = SHOP.inputs["Sales"]
    left = sales["gross_revenue"] - sales["cogs"]
    known = sales.loc[sales["date"] < "2024-05-01", "customer"].unique()
    came = left[(sales["date"] >= "2024-05-01") & sales["customer"].isin(known)].sum()
    record = SHOP.track_record
    assert record["actual"].iloc[0] == pytest.approx(came)
    assert (record["bias"] + 1).to_numpy() == pytest.approx((record["expected"] / came).to_numpy())


def test_retention_in_settings_overrides_and_is_said() -> None:
    given = xlprofit.analyze(shop(retention=0.6))
    assert (given.outlook["retention"] == 0.6).all()
    assert given.retention_source is RetentionSource.SETTINGS
    assert "60%" in describe_survival(given)
    # Who still is a customer is read from the figures all the same.
    assert given.outlook["chance_active"].equals(SHOP.outlook["chance_active"])


def test_a_short_history_assumes_and_says_so() -> None:
    given = xlprofit.analyze(shop(months=4))
    assert given.retention_source is RetentionSource.ASSUMED
    assert (given.outlook["retention"] == 0.85).all()
    assert "assumed" in describe_survival(given)
    assert given.track_record.empty
    assert "M11" in {finding.code for finding in given.findings}
    assert "M11" not in {finding.code for finding in SHOP.findings}


def test_where_nothing_beats_the_average_it_is_used_and_warned_of() -> None:
    inputs, findings = checked("M12")
    assert inputs is not None
    given = compute_results(inputs, findings)
    assert list(given.outlook["method"].unique()) == [Method.AVERAGE.value]
    record = given.track_record
    assert record["score"].idxmin() == record["mean_error"].idxmin() == Method.AVERAGE.value
    assert "M12" in {finding.code for finding in findings}
    assert "M12" not in {finding.code for finding in SHOP.findings}


def test_among_steady_customers_purchases_are_worth_what_each_has_bought() -> None:
    """Sixty who buy each month by 10 % more or less: means of as many say nothing of that, their months do."""
    given = trade_monthly(np.ones(24))
    past = read_past(given)
    shape = measure_shape(count_purchases(past), past.profit)
    assert shape == pytest.approx(1 / 0.1**2, rel=0.1)
    value = value_purchases(past)
    assert value == pytest.approx(past.profit.mean(axis=1), rel=0.01)


def test_who_ended_is_no_customer_and_leaves_nothing() -> None:
    tables = shop()
    tables["Customers"]["ended"] = [pd.Timestamp("2024-10-01"), *[None] * 119]
    frame = xlprofit.analyze(tables).outlook
    gone = frame.loc["C000"]
    assert gone["chance_active"] == 0
    assert list(gone[["expected_profit", "expected_low", "expected_high"]]) == [0, 0, 0]
    assert (frame["chance_active"].drop("C000") > 0).all()


def test_an_end_before_the_last_sale_is_found() -> None:
    tables = shop()
    tables["Customers"]["ended"] = [pd.Timestamp("2023-01-02"), *[None] * 119]
    sold = tables["Sales"]["customer"].eq("C000") & (tables["Sales"]["date"] > "2023-03-01")
    found = {finding.code for finding in xlprofit.analyze(tables).findings}
    assert ("M13" in found) == bool(sold.any())


def contracts(seed: int = 3, count: int = 300) -> tuple[Tables, float]:
    """Subscriptions that end by a chance of 3 % a month, and the retention a year that this is."""
    rng = np.random.default_rng(seed)
    begin, end = pd.Timestamp("2022-01-01"), pd.Timestamp("2024-12-31")
    rows, who = [], []
    for place in range(count):
        since = begin + pd.Timedelta(days=int(rng.integers(0, 1_000)))
        lasts = int(rng.geometric(0.03)) * 30
        ended = since + pd.Timedelta(days=lasts)
        who.append((f"S{place:03d}", since, ended if ended <= end else None))
        day = since
        while day <= min(ended, end):
            rows.append((day, f"S{place:03d}", 100.0, 40.0))
            day += pd.Timedelta(days=30)
    tables = {
        "Sales": pd.DataFrame(rows, columns=["date", "customer", "gross_revenue", "cogs"]),
        "Customers": pd.DataFrame(who, columns=["customer", "since", "ended"]),
        "Settings": settings(start="2022-01-01", end="2024-12-31", relationship="contract"),
    }
    return tables, (1 - 0.03) ** (365.25 / 30)


def test_contracts_are_read_from_who_left() -> None:
    found = []
    for seed in (3, 4, 5, 6):
        tables, retention = contracts(seed)
        given = xlprofit.analyze(tables)
        there = given.outlook["chance_active"] > 0
        assert given.retention_source is RetentionSource.CONTRACTS
        assert int((~there).sum()) == int(tables["Customers"]["ended"].notna().sum())
        assert Method.PURCHASES.value not in given.track_record.index
        found.append(given.outlook.loc[there, "retention"].mean())
    assert np.mean(found) == pytest.approx(retention, abs=0.03)


def test_who_has_given_notice_is_a_customer_until_its_end() -> None:
    tables, _ = contracts(count=100)
    there = tables["Customers"]["ended"].isna()
    leaver, later, stayer = tables["Customers"].loc[there, "customer"].iloc[:3]
    before = xlprofit.analyze(tables).outlook
    ends = {leaver: pd.Timestamp("2025-04-01"), later: pd.Timestamp("2026-07-01")}
    tables["Customers"]["ended"] = (
        tables["Customers"]["customer"].map(ends).fillna(tables["Customers"]["ended"])
    )
    given = xlprofit.analyze(tables)
    frame = given.outlook
    assert read_figures(describe_survival(given)) == [1.0]
    # January to March of the year ahead.
    share = 90 / 365.25
    told = frame.loc[leaver]
    assert told["chance_active"] == 1
    assert told["retention"] == 0
    assert told["expected_profit"] == pytest.approx(share * told["run_rate"], rel=1e-6)
    assert (
        0 < told["expected_low"] <= told["expected_profit"] <= told["expected_high"] < 0.5 * told["run_rate"]
    )
    assert told["lifetime_value"] == pytest.approx(
        told["lifetime_profit"] + told["expected_profit"] / 1.1, rel=1e-9
    )
    # Who is to end after the year ahead is like who is not to end.
    assert frame.loc[[later, stayer], "expected_profit"].tolist() == pytest.approx(
        before.loc[[later, stayer], "expected_profit"].tolist(), rel=0.02
    )
    # What Settings say of everybody does not keep who has given notice.
    tables["Settings"] = settings(
        start="2022-01-01", end="2024-12-31", relationship="contract", retention=0.9
    )
    given = xlprofit.analyze(tables)
    assert read_figures(describe_survival(given)) == [90.0, 1.0]
    stated = given.outlook
    assert stated.loc[leaver, "retention"] == 0
    assert stated.loc[stayer, "retention"] == 0.9


def test_contracts_of_a_segment_that_nobody_s_tenure_is_known_of_have_what_is_usual() -> None:
    """One is in the table alone; another began after what was known when the last year was held out."""
    tables, _ = contracts(count=100)
    who = tables["Customers"].assign(segment="Old")
    who.loc[pd.to_datetime(who["since"]) >= pd.Timestamp("2024-06-01"), "segment"] = "Young"
    tables["Customers"] = pd.concat([who, pd.DataFrame({"customer": ["Z1"], "segment": ["Zone"]})])
    given = xlprofit.analyze(tables)
    assert len(given.track_record)
    assert 0.5 < given.outlook["retention"]["Z1"] < 0.95


def test_a_stated_chance_to_stay_is_what_the_forecast_goes_by() -> None:
    """Whatever did best on what was held out: an average that goes on would do as if all stayed."""
    expected = []
    for stays in (0.0, 0.5, 0.9):
        given = xlprofit.analyze(shop(retention=stays))
        assert given.track_record.index[given.track_record["used"]].tolist() == [Method.SURVIVAL.value]
        assert set(given.outlook["method"]) <= {Method.SURVIVAL.value, Method.TREND.value}
        expected.append(given.company_outlook["expected"])
    assert 0 < expected[0] < expected[1] < expected[2]


def test_who_has_ended_leaves_nothing_to_decide_but_what_it_owes() -> None:
    tables, _ = contracts(count=40)
    gone = tables["Customers"].dropna(subset="ended")["customer"]
    loses, owes = gone.iloc[0], gone.iloc[1]
    tables["Sales"].loc[tables["Sales"]["customer"] == loses, "cogs"] = 400.0
    tables["Invoices"] = pd.DataFrame(
        {"invoice": ["I1"], "customer": owes, "issued": "2024-03-01", "due": "2024-04-01", "amount": 9_000.0}
    )
    given = xlprofit.analyze(tables)
    decided = given.decisions
    assert set(rank_decided_customers(given)[-len(gone) + 1 :]) == {*gone.drop(gone.index[1])}
    others = decided.loc[[*gone.drop(gone.index[1])]]
    assert set(others["verdict"]) == {"keep"} and set(others["reason"]) == {"ended"}
    assert (others[["run_rate", "keep_value", "end_value", "effect_of_ending_a_year"]] == 0).all(axis=None)
    assert set(others["lever"]) == {""} and set(others["confidence"]) == {1.0}
    assert decided.loc[owes, ["verdict", "reason"]].tolist() == ["collect", "overdue"]
    assert "ended" not in set(decided.drop(index=gone.tolist())["reason"])


def test_leaving_that_was_not_known_before_is_not_judged_by_what_was_held_out() -> None:
    """A list that says only who ended within the last days: before, nobody was known to have left."""
    tables, _ = contracts(count=150)
    who = tables["Customers"]
    who = who[who["ended"].isna()]
    left = who["customer"].iloc[::5].tolist()
    tables["Customers"] = who.assign(ended=who["customer"].isin(left).map({True: pd.Timestamp("2024-12-29")}))
    tables["Sales"] = tables["Sales"][tables["Sales"]["customer"].isin(who["customer"])]
    given = xlprofit.analyze(tables)
    assert given.retention_source is RetentionSource.CONTRACTS
    assert given.track_record["mean_error"].idxmin() != Method.SURVIVAL.value
    assert given.track_record.index[given.track_record["used"]].tolist() == [Method.SURVIVAL.value]
    assert "M12" not in {finding.code for finding in given.findings}
    there = given.outlook.drop(index=left)
    assert (there["expected_profit"] < there["run_rate"]).all()


def test_who_may_leave_is_not_expected_to_stay_because_most_do() -> None:
    """The same fee a month from everybody: to expect nobody to leave has the least absolute error, and is too high."""
    tables, retention = contracts(4)
    given = xlprofit.analyze(tables)
    record = given.track_record
    assert record["mean_error"].idxmin() in {Method.AVERAGE.value, Method.RECENT.value, Method.TREND.value}
    assert record.index[record["used"]].tolist() == [Method.SURVIVAL.value]
    there = given.outlook[given.outlook["chance_active"] > 0]
    share = (retention - 1) / np.log(retention)
    assert there["expected_profit"].sum() == pytest.approx(share * there["run_rate"].sum(), rel=0.05)


def test_a_peak_every_autumn_is_not_read_as_no_churn_and_a_slack_spring_not_as_churn() -> None:
    """Everybody buys ten times as often in autumn and nobody leaves: in spring all of them still are customers."""
    rng = np.random.default_rng(4)
    days = pd.date_range("2021-05-01", "2024-04-30", freq="D")
    often = np.where(days.month.isin([9, 10, 11]), 0.10, 0.010)
    rows = [(day, f"C{who:03d}") for who in range(150) for day in days[rng.random(len(days)) < often]]
    sales = pd.DataFrame(rows, columns=["date", "customer"]).assign(gross_revenue=50.0, cogs=20.0)
    given = xlprofit.analyze({"Sales": sales, "Settings": settings(start="2021-05-01", end="2024-04-30")})
    assert given.outlook["chance_active"].mean() > 0.93
    assert given.outlook["retention"].mean() > 0.9


def test_the_order_of_the_rows_changes_nothing() -> None:
    tables = shop()
    tables["Sales"] = tables["Sales"].sample(frac=1.0, random_state=5)
    other = xlprofit.analyze(tables)
    pd.testing.assert_frame_equal(other.outlook, SHOP.outlook, rtol=1e-9)
    pd.testing.assert_frame_equal(other.track_record, SHOP.track_record, rtol=1e-9)


def test_lifetime_is_what_was_and_what_is_to_come() -> None:
    frame, given = SHOP.outlook, SHOP.inputs.settings
    kept = frame["retention"] / (1 + given.discount_rate)
    ahead = frame["expected_profit"] * (1 + kept + kept**2) / (1 + given.discount_rate)
    assert frame["lifetime_profit"].to_numpy() == pytest.approx(SHOP.customers["profit"].to_numpy())
    assert frame["lifetime_value"].to_numpy() == pytest.approx((frame["lifetime_profit"] + ahead).to_numpy())


def test_acquisition_is_paid_back_in_the_month_that_makes_up_for_it() -> None:
    """Won in March for 250, 100 a month from then on: paid back after three months, May; the cohort likewise."""
    days = pd.date_range("2024-03-15", periods=10, freq="MS") + pd.Timedelta(days=14)
    sales = pd.DataFrame({"date": days, "customer": "New", "gross_revenue": 100.0, "cogs": 0.0})
    old = pd.DataFrame({"date": pd.date_range("2024-01-05", periods=12, freq="MS"), "customer": "Old"})
    tables = {
        "Sales": pd.concat([sales, old.assign(gross_revenue=50.0, cogs=0.0)]),
        "Customers": pd.DataFrame(
            {"customer": ["New", "Old"], "since": pd.to_datetime(["2024-04-01", "2019-01-01"])}
        ),
        "DirectCosts": pd.DataFrame(
            {"date": [pd.Timestamp("2024-04-02")], "customer": "New", "group": "acquire", "amount": 250.0}
        ),
        "Settings": settings(start="2024-01-01", end="2024-12-31"),
    }
    given = xlprofit.analyze(tables)
    new = given.outlook.loc["New"]
    assert (new["acquisition_cost"], new["payback_months"]) == (-250, 3)
    assert given.outlook.loc["Old", ["acquisition_cost", "payback_months"]].isna().all()
    cohort = given.cohorts.loc["2024-Q2"]
    assert (cohort["customers"], cohort["acquisition_cost"], cohort["payback_months"]) == (1, -250, 3)
    assert given.cohort_curves["2024-Q2"].tolist()[:4] == [-150, -50, 50, 150]
    assert given.cohorts.loc["earlier", "customers"] == 1
    # It cost 1,150: nine months have left 900, the other 250 are to come.
    dear = tables | {"DirectCosts": tables["DirectCosts"].assign(amount=1_150.0)}
    later = xlprofit.analyze(dear)
    months = 9 + 12 * 250 / float(later.outlook["expected_profit"]["New"])
    assert later.outlook.loc["New", "payback_months"] == pytest.approx(months)
    assert later.cohorts.loc["2024-Q2", "payback_months"] == pytest.approx(months)
    # More than it will ever leave within the horizon.
    never = xlprofit.analyze(tables | {"DirectCosts": tables["DirectCosts"].assign(amount=99_000.0)})
    assert np.isnan(float(never.cohorts["payback_months"]["2024-Q2"]))


def test_the_value_of_keeping_is_the_forecast_and_then_times_survival() -> None:
    """(Expected profit + the cost that would stay while it is a customer) a year from now; later years × survival."""
    frame, decided, given = SHOP.outlook, SHOP.decisions, SHOP.inputs.settings
    kept = frame["retention"] / (1 + given.discount_rate)
    years = (1 + kept + kept**2) / (1 + given.discount_rate)
    stays = (1 + 4 * np.sqrt(frame["retention"]) + frame["retention"]) / 6
    year = frame["expected_profit"] + decided["stays_a_year"] * frame["chance_active"] * stays
    assert decided["expected_profit"].to_numpy() == pytest.approx(
        frame["expected_profit"].to_numpy(), abs=1e-6
    )
    assert (
        decided["stays_a_year"].abs().max() < 1e-6
    )  # all of its cost is avoidable: what is expected is what goes
    assert decided["keep_value"].to_numpy() == pytest.approx((years * year).to_numpy(), abs=1e-5)
    ahead = frame["lifetime_value"] - frame["lifetime_profit"]
    assert decided["keep_value"].to_numpy() == pytest.approx(ahead.to_numpy(), abs=1e-5)


def test_the_value_of_keeping_is_the_run_rate_where_settings_say_who_stays() -> None:
    """Value if kept = chance active × the annuity at the retention of Settings × its contribution."""
    found = xlprofit.analyze(shop(retention=0.85))
    frame, decided, kept = found.outlook, found.decisions, 0.85 / 1.1
    annuity = frame["chance_active"] * (kept + kept**2 + kept**3)
    contribution = -decided["effect_of_ending_a_year"]
    assert decided["expected_profit"].isna().all()
    assert decided["keep_value"].to_numpy() == pytest.approx((annuity * contribution).to_numpy(), abs=1e-6)


def test_intervals_are_moved_until_they_hold_what_came() -> None:
    rng = np.random.default_rng(6)
    expected = rng.normal(100, 30, 500)
    truth = expected + rng.normal(0, 20, 500)
    given = Interval(expected, expected - 10, expected + 10)
    factor = np.quantile(find_needed_widths([given], truth), 0.8)
    assert given.widen(float(factor)).holds(truth).mean() == pytest.approx(0.8, abs=0.01)
    # The factor learnt is that one, drawn towards 1 by 20 customers beside the 500.
    assert choose_factor(find_needed_widths([given], truth)) == pytest.approx(
        (500 * factor + 20) / 520, abs=0.02
    )


def test_intervals_that_hold_too_much_are_those_of_a_smaller_share_of_the_draws() -> None:
    """Nine of ten buy nothing, which lies within every interval: the narrowest is enough, and it begins at nothing."""
    expected, truth = np.full(100, 5.0), np.repeat([0.0, 30.0], [90, 10])
    ends = [Interval(expected, np.zeros(100), np.full(100, high)) for high in (8.0, 9.0, 12.0, 15.0, 20.0)]
    needed = find_needed_widths(ends, truth)
    assert (needed[:90] == NARROWER[0]).all()
    assert needed[90:] == pytest.approx(25 / 15)
    assert choose_factor(needed) == pytest.approx((100 * NARROWER[0] + 20) / 120)
    # Of one who bought 10 the middle one is needed.
    assert (
        find_needed_widths(
            [Interval(one.expected[:1], one.low[:1], one.high[:1]) for one in ends], np.array([10.0])
        )[0]
        == NARROWER[2]
    )


def trade_monthly(season: np.ndarray, noise: float = 0.1, margin: float = 1.0) -> Results:
    """Sixty customers who buy on the 15th of each of 24 months, by a season of the month and by chance."""
    rng = np.random.default_rng(8)
    days = pd.date_range("2023-01-01", periods=24, freq="MS") + pd.Timedelta(days=14)
    flat = np.repeat(rng.lognormal(8.0, 0.5, 60), 24) * rng.lognormal(0.0, noise, 60 * 24)
    revenue = flat * np.tile(season, 60)
    names = np.repeat([f"C{i:02d}" for i in range(60)], 24)
    sales = pd.DataFrame({"date": np.tile(days, 60), "customer": names, "gross_revenue": revenue})
    given = settings(start="2023-01-01", end="2024-12-31")
    return xlprofit.analyze({"Sales": sales.assign(cogs=(1.0 - margin) * revenue), "Settings": given})


def test_the_interval_is_as_wide_as_the_level_is_little_known() -> None:
    """A mean of three periods says less of the next twelve than one of eighteen: √(1 + 12/3) / √(1 + 12/18) times."""
    given = trade_monthly(np.ones(24))
    past = read_past(given)
    found = forecast_candidates(given.inputs, past, given.names, stand_still(past.count), 12)
    survival = replace(found.survival, active=np.ones(past.count), retention=np.ones(past.count))
    found = replace(found, change=np.zeros(past.count), survival=survival)
    few, many = (
        draw_intervals(past, found, Forecast(found.run_rate, np.full(past.count, n), 12), 1)[0]
        for n in (3, 18)
    )
    ratio = (few.high - few.low) / (many.high - many.low)
    assert np.median(ratio) == pytest.approx(np.sqrt((1 + 12 / 3) / (1 + 12 / 18)), rel=0.02)


def test_a_few_months_do_not_unseat_the_combination() -> None:
    score = {Method.AVERAGE: 9.0, Method.PURCHASES: 5.0, Method.LEVELLED: 8.0}
    assert choose_method(score) is Method.PURCHASES
    assert choose_method(score, waits=True) is Method.LEVELLED
    off = {Method.PURCHASES: 3.0, Method.LEVELLED: 2.0}
    assert choose_method(score, off) is Method.LEVELLED
    assert choose_method(score, {**off, Method.LEVELLED: 4.0}) is Method.PURCHASES
    # A simple rule that wins is used all the same.
    assert choose_method(score | {Method.AVERAGE: 4.0}, waits=True) is Method.AVERAGE
    # A short hold-out says enough where one did more than twice as well, and no worse in all.
    far = score | {Method.LEVELLED: 2.1 * score[Method.PURCHASES]}
    assert choose_method(far, waits=True) is Method.PURCHASES
    assert choose_method(far, {Method.PURCHASES: 9.0, Method.LEVELLED: 8.0}, waits=True) is Method.LEVELLED


def test_where_it_is_chance_who_leaves_much_what_each_left_before_counts_for_nothing() -> None:
    """What all leave is the same; who leaves how much of it is told by purchases alone where that is a tenth better."""
    past = read_past(SHOP)
    given = forecast_candidates(SHOP.inputs, past, SHOP.names, stand_still(past.count), 12)
    alike, one = np.full(past.count, 100.0), np.zeros(past.count)
    one[0] = alike.sum()
    three = {Method.RECENT: alike, Method.SURVIVAL: one, Method.PURCHASES: alike}
    given = replace(given, forecast=given.forecast | three).share_level(RUN_RATE_PART)
    everybody = np.ones(past.count, dtype=bool)
    assert _choose_part(given, alike, everybody) == 0.0
    assert given.share_level(0.0).forecast[Method.LEVELLED] == pytest.approx(alike)
    assert given.forecast[Method.LEVELLED].sum() == pytest.approx(alike.sum())
    assert given.forecast[Method.LEVELLED][1:] == pytest.approx(alike[1:] / 1.5)
    # What each left before says something, and that the other is a little better says nothing.
    assert _choose_part(given, (2.0 * alike + one) / 3.0, everybody) == RUN_RATE_PART
    nearly = replace(given, forecast=given.forecast | {Method.SURVIVAL: 1.01 * alike})
    assert _choose_part(nearly, alike + 10.0, everybody) == RUN_RATE_PART


def test_a_season_that_the_held_out_months_have_widens_no_interval() -> None:
    """Half the year sells thrice as much, alike in both years: the year ahead has all of it, as each other has."""
    half = np.where(np.arange(24) % 12 < 6, 0.5, 1.5)
    flat, seasonal = (trade_monthly(season).outlook for season in (np.ones(24), half))
    wide, wider = (
        ((frame["expected_high"] - frame["expected_low"]) / frame["expected_profit"]).median()
        for frame in (flat, seasonal)
    )
    assert wider < 1.5 * wide


def test_the_sheet_and_the_dashboard_say_it() -> None:
    sheet = describe_outlook_sheet(SHOP)
    assert [table.name for table in sheet.tables] == ["outlook", "track_record", "cohorts", "cohort_curves"]
    assert sheet.table("outlook").rows == 120
    (chart,), curves = sheet.charts, sheet.table("cohort_curves")
    # The chart stands over its table and begins a page with the title above it.
    assert chart.row - 1 in sheet.breaks
    assert chart.row + chart.height / 15 < curves.row - 1
    assert sheet.table("track_record").rows == len(SHOP.track_record)
    told = next(answer for answer in build_answers(SHOP) if answer.sheet == "Trends").answer
    assert str(list_likely_gone(SHOP)[0]) in told
    assert f"{SHOP.company_outlook['expected']:,.0f}" in told


def test_the_formulas_and_the_command_line_start_without_scipy() -> None:
    code = (
        "import sys, xlprofit.formulas, xlprofit.cli, xlprofit.results;"
        "sys.exit(any(name == 'scipy' or name.startswith('scipy.') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_regular_customers_some_of_whom_ended_have_a_forecast_each() -> None:
    """Forty who buy on the same day of each month, five of whom ended: no chance and no amount is blank."""
    days = pd.date_range("2023-01-15", periods=24, freq=pd.DateOffset(months=1))
    rng = np.random.default_rng(5)
    names = [f"C{who:02d}" for who in range(40)]
    rows = [(day, who, 100 * rng.lognormal(0, 0.1), 60.0) for who in names for day in days]
    sales = pd.DataFrame(rows, columns=["date", "customer", "gross_revenue", "cogs"])
    ends = pd.Timestamp("2024-06-30")
    customers = pd.DataFrame({"customer": names, "ended": [ends if p % 8 == 0 else None for p in range(40)]})
    gone = sales["customer"].isin(names[::8]) & (sales["date"] > ends)
    tables = {"Sales": sales[~gone], "Customers": customers}
    given = xlprofit.analyze(tables | {"Settings": settings(start="2023-01-01", end="2024-12-31")})
    columns = ["chance_active", "retention", "expected_profit", "expected_low", "expected_high"]
    assert given.outlook[columns].notna().all(axis=None)
    assert (given.outlook.loc[names[::8], "expected_high"] == 0).all()
    assert given.company_outlook["expected"] == pytest.approx(35 * 12 * 40, rel=0.1)


def test_who_bought_before_the_day_it_is_said_to_have_begun_had_begun() -> None:
    tables = shop()
    tables["Customers"]["since"] = [pd.Timestamp("2030-01-01"), *[None] * 119]
    one, other = xlprofit.analyze(tables), SHOP
    assert "2030" not in " ".join(one.cohorts.index)
    pd.testing.assert_frame_equal(one.cohorts, other.cohorts)


def test_nothing_expected_is_nothing_in_all_of_it() -> None:
    sales = pd.DataFrame(
        {
            "date": pd.Timestamp("2024-03-03"),
            "customer": [f"C{who}" for who in range(50)],
            "gross_revenue": 100.0 + np.arange(50),
            "cogs": 50.0,
        }
    )
    given = xlprofit.analyze({"Sales": sales, "Settings": settings(start="2023-01-01", end="2024-12-31")})
    assert given.company_outlook == {"expected": 0.0, "low": 0.0, "high": 0.0}


def test_who_is_likely_gone_is_not_expected_to_bring_its_average(demo_results: Results) -> None:
    """The average of the past knows of no leaving: run rate and survival forecast those who left."""
    frame = demo_results.outlook
    assert demo_results.track_record["used"][Method.AVERAGE.value]
    gone = frame[(frame["chance_active"] < 0.5)]
    assert len(gone) and not (gone["method"] == Method.AVERAGE.value).any()
    assert (gone["expected_profit"].abs() <= gone["run_rate"].abs()).all()
    values = demo_results.decisions.loc[gone.index]
    assert (values["keep_value"].abs() <= 3 * values["run_rate"].abs() + 1e-6).all()


def test_who_falls_is_forecast_from_the_bend_on() -> None:
    """Forty customers whose profit falls by 4 % a month since nine: beside their true next year."""
    world = build_world("falling", 40, 24, 5)
    results = xlprofit.analyze(build_tables(world.see(24)))
    frame = results.outlook
    falls = (frame["method"] == Method.TREND.value).to_numpy()
    came = world.profit[falls, 24:36].sum()
    assert falls.sum() > 20
    assert frame["expected_profit"][falls].sum() < 1.35 * came
    assert frame["run_rate"][falls].sum() > 1.5 * came


def test_who_earns_today_is_not_ended_for_what_it_is_expected_to_lose() -> None:
    """It can be ended once it loses; until then keeping is worth no less than ending."""
    results = xlprofit.analyze(build_tables(build_world("turning", 60, 36, 5).see(36)))
    found = results.decisions
    turns = (found["run_rate"] > 0) & (found["expected_profit"] < 0)
    assert turns.any()
    assert (found["keep_value"][turns] >= found["end_value"][turns]).all()
    assert not (found["leaning"][turns] == "end").any()
    said = pd.Series(word_decisions(found, None, results.inputs.settings), found.index)
    assert said[turns & (found["leaning"] == "keep")].str.contains("forecast").all()
    agree(found)


def test_short_records_and_few_customers_leave_the_value_to_the_run_rate() -> None:
    for few in (shop(months=12), shop(customers=20)):
        assert xlprofit.analyze(few).decisions["expected_profit"].isna().all()


def test_a_new_customer_is_worth_what_one_that_was_won_is() -> None:
    """The multiple of a prospect is the annuity of a customer: the share of the first year, then the chance to stay."""
    known, found, given = SHOP.benchmark, SHOP.outlook, SHOP.inputs.settings
    assert known.first_year is not None
    assert found["retention"].mean() < known.first_year < 1.0
    kept = known.retention / (1 + given.discount_rate)
    expected = known.first_year / (1 + given.discount_rate) * (1 + kept + kept**2)
    assert known.find_multiples(np.array([3.0])).tolist() == pytest.approx([expected])
    assert xlprofit.analyze(shop(retention=0.85)).benchmark.first_year is None


@pytest.mark.parametrize(("times", "place"), [(5, 22), (20, 21), (20, 22), (20, 23), (10_000, 22)])
def test_one_wild_month_is_no_new_level(times: int, place: int) -> None:
    """100 a month for two years and one month of many times that: at most its share of a year of the window."""
    rng = np.random.default_rng(1)
    days = pd.date_range("2023-01-10", periods=24, freq=pd.DateOffset(months=1))
    values = 100.0 * np.exp(0.1 * rng.standard_normal((12, 24)))
    values[0, place] *= times
    rows = [(day, f"C{i:02}", values[i, k]) for i in range(12) for k, day in enumerate(days)]
    sales = pd.DataFrame(rows, columns=["date", "customer", "gross_revenue"]).assign(cogs=0.0)
    given = xlprofit.analyze({"Sales": sales, "Settings": settings(start="2023-01-01", end="2024-12-31")})
    first = given.outlook.loc["C00"]
    usual = values[0, -18:].mean() * 12
    assert 1_000 < first["run_rate"] < 1.15 * usual
    # Where most of what is expected is that month, the interval reaches to what comes without it.
    if first["method"] == "average" and times >= 20:
        assert first["expected_low"] < 1_350 < usual < 1.2 * first["expected_high"]
    together = given.company_outlook
    assert together["low"] > -1.5 * together["expected"]


def test_a_new_level_is_one_from_the_third_month_on() -> None:
    """Twice as much for three months, or for six, is no single wild month."""
    rng = np.random.default_rng(1)
    days = pd.date_range("2023-01-10", periods=24, freq=pd.DateOffset(months=1))
    values = 100.0 * np.exp(0.1 * rng.standard_normal((12, 24)))
    values[0, -3:] *= 2
    values[1, -6:] *= 2
    rows = [(day, f"C{i:02}", values[i, k]) for i in range(12) for k, day in enumerate(days)]
    sales = pd.DataFrame(rows, columns=["date", "customer", "gross_revenue"]).assign(cogs=0.0)
    given = xlprofit.analyze({"Sales": sales, "Settings": settings(start="2023-01-01", end="2024-12-31")})
    assert given.outlook["run_rate"]["C00"] > 2_050
    assert given.outlook["run_rate"]["C01"] > 2_250


def test_where_nearly_all_are_new_nothing_can_be_tested_and_that_is_warned_of() -> None:
    """Two years analysed, but of forty customers one is older than three months: no forecast can be tested on them."""
    days = pd.date_range("2023-01-10", periods=24, freq=pd.DateOffset(months=1))
    rows = [(day, f"C{i:02}", 100.0) for i in range(40) for day in days[0 if i == 0 else -3 :]]
    sales = pd.DataFrame(rows, columns=["date", "customer", "gross_revenue"]).assign(cogs=0.0)
    given = xlprofit.analyze({"Sales": sales, "Settings": settings(start="2023-01-01", end="2024-12-31")})
    assert not len(given.track_record)
    (said,) = [finding for finding in given.findings if finding.code == "M11"]
    assert said.severity == "warning"
    assert "of 40 customers too few" in str(said)
