from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.companies import analyze_sample
from tests.figures import read_figures
from tests.needs import examples, needs_shared, shared
from xlprofit import analyze, samples
from xlprofit.analysis import slopes, trends
from xlprofit.analysis.attention import find_attention, find_followers
from xlprofit.ledger import periods
from xlprofit.results import Results
from xlprofit.samples import demo
from xlprofit.tables import Settings
from xlprofit.vocabulary.states import STATES
from xlprofit.words.trends import word_trends

Row = npt.NDArray[np.float64] | list[float]
STEADY = [100.0, 104.0, 97.0, 101.0, 99.0, 103.0, 98.0, 102.0, 100.0, 96.0, 105.0, 100.0]


def months(count: int, end: str | None = None, **more: float) -> Settings:
    start = pd.Timestamp("2024-01-01")
    last = start + pd.DateOffset(months=count) - pd.Timedelta(days=1)
    day = pd.Timestamp(end) if end else pd.Timestamp(last)
    return Settings(start, day, day, **more)  # type: ignore[arg-type]


def read(
    profit: dict[str, Row],
    run: Settings,
    sales: dict[str, Row] | None = None,
    attention: dict[str, Row] | None = None,
) -> pd.DataFrame:
    """The trends of these profits by period; sales of 1,000 and attention of 10 where nothing else is said."""
    labels = periods.list_labels(run)
    names = pd.Index(list(profit), dtype=object, name="customer")
    sold = {c: (sales or {}).get(c, [1_000.0] * len(labels)) for c in profit}
    asked = {c: (attention or {}).get(c, [10.0] * len(labels)) for c in profit}
    revenue = np.array(list(sold.values()), dtype=np.float64).ravel()
    pnl = pd.DataFrame(
        {
            "gross_revenue": revenue,
            "net_revenue": revenue,
            "gross_margin": revenue,
            "profit": np.array(list(profit.values()), dtype=np.float64).ravel(),
        },
        index=pd.MultiIndex.from_product([names, labels], names=["customer", "period"]),
    )
    grid = pd.DataFrame(
        np.array(list(asked.values()), dtype=np.float64).reshape(-1, len(labels)), index=names, columns=labels
    )
    table = trends.read_trends(pnl, {"service": grid}, run).table
    return table.assign(said=word_trends(table, run))


def of_run(result: Results) -> pd.DataFrame:
    return result.trends.assign(said=word_trends(result.trends, result.inputs.settings))


def line(first: float, slope: float, count: int = 24) -> npt.NDArray[np.float64]:
    return np.asarray(first + slope * np.arange(count))


def cell(found: pd.DataFrame, customer: str, column: str) -> Any:
    return found.loc[customer, column]


def balance(values: list[float]) -> int:
    """How many of these are above zero, less those below."""
    return sum(v > 0 for v in values) - sum(v < 0 for v in values)


# The slope


@given(st.lists(st.integers(-50, 50).map(float), min_size=3, max_size=15))
def test_the_slope_and_its_z_are_those_of_the_definition(values: list[float]) -> None:
    pairs = [(i, j) for i in range(len(values)) for j in range(i + 1, len(values))]
    slope = float(np.median([(values[j] - values[i]) / (j - i) for i, j in pairs]))
    score = sum(int(np.sign(values[j] - values[i])) for i, j in pairs)
    n = len(values)
    ties = sum(t * (t - 1) * (2 * t + 5) for t in (values.count(v) for v in set(values)))
    variance = (n * (n - 1) * (2 * n + 5) - ties) / 18
    z = max(abs(score) - 1, 0) / np.sqrt(variance) if variance > 0 else 0.0
    material = abs(slope) * 12 >= slopes.MATERIAL * np.median(np.abs(values)) and slope * score > 0
    fit = slopes.fit(np.array([values]), 12.0)
    assert fit.slope[0] == pytest.approx(slope)
    assert fit.z[0] == pytest.approx(np.sign(slope) * z if material else 0.0)


def test_chunks_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    series = np.random.default_rng(0).normal(size=(50, 12))
    whole = slopes.fit(series, 12.0)
    monkeypatch.setattr(slopes, "_PAIRS_AT_ONCE", 70)
    small = slopes.fit(series, 12.0)
    np.testing.assert_array_equal(whole.slope, small.slope)
    np.testing.assert_array_equal(whole.z, small.z)


def test_a_trend_counts_by_chance_in_no_more_than_one_of_twenty_steady_customers() -> None:
    series = 100 + np.random.default_rng(3).normal(0, 40, (4_000, 24))
    assert 0.02 < np.mean(slopes.fit(series, 12.0).z <= -1.645) < 0.06


def test_smoothing_adds_no_certainty() -> None:
    rng = np.random.default_rng(4)
    sale = np.zeros((2_000, 24), dtype=bool)
    sale[:, ::3] = True
    series = np.where(sale, rng.gamma(4.0, 100.0, sale.shape), 0.0)
    window = slopes.rhythm(sale)
    assert (window == 3).all()
    smooth = slopes.smooth_series(series, window)
    fit = slopes.fit(smooth, 12.0, window)
    assert np.mean(np.abs(fit.z) >= 1.645) < 0.12
    assert np.isnan(slopes.find_memory(smooth, fit.slope, window)).all()


@pytest.mark.parametrize(
    ("sales", "window"), [("1111111", 1), ("1101101", 2), ("1110111", 1), ("1001001", 3), ("0001000", 1)]
)
def test_the_rhythm_is_one_where_three_of_four_periods_have_a_sale(sales: str, window: int) -> None:
    assert slopes.rhythm(np.array([[s == "1" for s in sales]])).tolist() == [window]


@given(st.lists(st.sampled_from([-3.0, -1.0, 0.0, 2.0, 4.0]), min_size=6, max_size=14))
def test_the_turn_leaves_the_fewest_periods_on_the_wrong_side(values: list[float]) -> None:
    least = slopes.FEWEST_ON_A_SIDE
    right = {at: balance(values[:at]) - balance(values[at:]) for at in range(1, len(values))}
    best = max(at for at, score in right.items() if score == max(right.values()))
    turned = balance(values[:best]) > 0 > balance(values[best:]) and least <= best <= len(values) - least
    assert slopes.turn(np.array([values]))[0] == (best if turned else -1)


# States


def test_the_slope_is_not_moved_by_one_wild_month() -> None:
    wild = line(1_000, -20)
    wild[7] = -90_000
    found = read({"even": line(1_000, -20), "wild": wild}, months(24))
    assert found["profit_slope"].tolist() == pytest.approx([-20, -20])
    assert found["state"].tolist() == ["Slipping", "Slipping"]
    assert found["profit_now"].tolist() == pytest.approx([540, 540])
    assert found["periods_left"].tolist() == pytest.approx([27, 27], rel=1e-3)
    assert found["profit_total"].tolist() == pytest.approx([18_480.0, -72_380.0])
    assert read_figures(cell(found, "wild", "said")) == [*read_figures(cell(found, "even", "said")), 72_380.0]


def test_one_wild_month_makes_no_state() -> None:
    last, middle = list(STEADY), list(STEADY)
    last[-1], middle[6] = -50_000.0, 80_000.0
    found = read({"last": last, "middle": middle}, months(12))
    assert found["state"].tolist() == ["Profitable", "Profitable"]
    assert found["periods_left"].isna().all()


def test_from_profit_to_loss_and_back() -> None:
    found = read({"down": line(500, -50), "up": line(-500, 50), "loss": line(-80, 0)}, months(24))
    assert found["state"].tolist() == ["Loss-making", "Recovering", "Loss-making"]
    # 500 − 50 × 11 is the first amount below zero, −500 + 50 × 11 the first above it.
    assert found["turning_period"].tolist() == ["2024-12", "2024-12", ""]
    assert found["profit_now"].tolist() == pytest.approx([-650, 650, -80])
    assert found["periods_left"].isna().all()
    assert cell(found, "down", "said") == (
        "Loss of 650 EUR a month, since 2024-12, falling by 50.00 EUR a month."
    )


def test_a_turn_stands_in_spite_of_a_wild_month_after_it() -> None:
    profit = np.where(np.arange(24) < 14, 60.0, -60.0)
    profit[18] = 900.0
    found = read({"A": profit}, months(24))
    assert cell(found, "A", "turning_period") == "2025-03"


def test_two_good_months_at_the_start_are_no_turn() -> None:
    profit = np.full(24, -60.0)
    profit[:2] = 30.0
    found = read({"A": profit}, months(24))
    assert [cell(found, "A", c) for c in ("state", "turning_period")] == ["Loss-making", ""]


def test_who_never_made_a_loss_does_not_recover() -> None:
    found = read({"A": line(20, 10)}, months(24))
    assert [cell(found, "A", c) for c in ("state", "turning_period")] == ["Profitable", ""]
    assert cell(found, "A", "said") == "Profit of 250 EUR a month, rising by 10.00 EUR a month."


def test_new_and_dormant_go_by_the_sales() -> None:
    early, late, gone = np.zeros(24), np.zeros(24), np.zeros(24)
    early[:], late[20:], gone[:17] = 500.0, 500.0, 500.0
    never = np.zeros(24)
    profit: dict[str, Row] = {c: np.full(24, 50.0) for c in ("early", "late", "gone", "never")}
    found = read(profit, months(24), {"early": early, "late": late, "gone": gone, "never": never})
    assert found["state"].tolist() == ["Profitable", "New", "Dormant", "Dormant"]
    assert found["periods"].tolist() == [18, 4, 18, 0]
    assert "2025-05" in cell(found, "gone", "said")
    assert read_figures(cell(found, "never", "said")) == []
    assert np.isnan(cell(found, "never", "profit_now"))


@pytest.mark.parametrize(("quiet", "state"), [(5, "Profitable"), (6, "Dormant")])
def test_dormant_begins_after_the_periods_of_settings(quiet: int, state: str) -> None:
    sales = [500.0] * (24 - quiet) + [0.0] * quiet
    assert read({"A": [50.0] * 24}, months(24), {"A": sales}).loc["A", "state"] == state


@pytest.mark.parametrize(("age", "state"), [(6, "New"), (7, "Profitable")])
def test_new_ends_after_the_periods_of_settings(age: int, state: str) -> None:
    sales = [0.0] * (24 - age) + [500.0] * age
    assert read({"A": [50.0] * 24}, months(24), {"A": sales}).loc["A", "state"] == state


def test_nobody_is_new_in_the_first_period_of_all() -> None:
    found = read({"A": [50.0] * 5, "B": [50.0] * 5}, months(5), {"B": [0.0, 500.0, 500.0, 0.0, 500.0]})
    assert found["state"].tolist() == ["Profitable", "New"]


def test_too_few_periods_are_said_and_not_guessed_from() -> None:
    sales = [900.0, 0.0, 900.0, 0.0, 0.0, 900.0, 0.0, 0.0]
    profit: dict[str, Row] = {"good": [90.0, 0, 40, 0, 0, -10, 0, 0], "bad": [20.0, 0, -90, 0, 0, -50, 0, 0]}
    nothing = [0.0] * 8
    found = read(profit, months(8), dict.fromkeys(profit, sales), dict.fromkeys(profit, nothing))
    assert found["state"].tolist() == ["Profitable", "Loss-making"]
    blank = ["profit_slope", "volume_slope", "attention_slope", "periods_left"]
    assert found[blank].isna().all(axis=None)
    assert found["turning_period"].tolist() == ["", ""]
    assert found["profit_now"].tolist() == pytest.approx([120 / 8, -120 / 8])
    assert read_figures(cell(found, "good", "said")) == [15.0, 3.0, 6.0]


def test_who_buys_every_third_month_has_a_level_and_no_zigzag() -> None:
    sale = np.arange(24) % 3 == 0
    sales = np.where(sale, 3_000.0, 0.0)
    profit: dict[str, Row] = {
        "steady": np.where(sale, 300.0, -10.0),
        "losing": np.where(sale, -300.0, 5.0),
        "fading": np.where(sale, line(900, -36), 0.0),
    }
    found = read(profit, months(24), dict.fromkeys(profit, sales))
    assert found["state"].tolist() == ["Profitable", "Loss-making", "Slipping"]
    assert found["profit_now"].iloc[:2].tolist() == pytest.approx([280 / 3, -290 / 3])
    assert found["volume_slope"].tolist() == pytest.approx([0, 0, 0], abs=1e-9)


def test_ever_seldomer_sales_are_a_fall() -> None:
    sales = np.zeros(24)
    sales[[*range(10), 10, 12, 14, 16, 19, 22]] = 1_000.0
    found = read({"A": sales / 5}, months(24), {"A": sales})
    assert cell(found, "A", "volume_slope") < 0
    assert cell(found, "A", "state") == "Slipping"


def test_what_dies_away_does_not_go_below_zero() -> None:
    profit = np.maximum(line(900, -45), 0.0)
    sales = profit.copy()
    sales[-1] = 1e-3
    found = read({"A": profit}, months(24), {"A": sales})
    assert cell(found, "A", "profit_now") == pytest.approx(0.0)
    assert cell(found, "A", "reason") == "came to zero"
    assert read_figures(cell(found, "A", "said")) == [0.0, 45.0]


def test_what_came_before_the_first_sale_does_not_count() -> None:
    profit = np.concatenate([np.full(6, -5_000.0), line(100, 5, 18)])
    sales = np.concatenate([np.zeros(6), np.full(18, 1_000.0)])
    found = read({"A": profit}, months(24), {"A": sales})
    assert cell(found, "A", "profit_slope") == pytest.approx(5)
    assert cell(found, "A", "periods") == 18
    assert cell(found, "A", "turning_period") == ""


def test_a_last_period_cut_short_is_left_out() -> None:
    profit = np.append(line(1_000, 10, 11), 90.0)
    sales = np.append(np.full(11, 1_000.0), 100.0)
    cut = read({"A": profit}, months(12, end="2024-12-09"), {"A": sales})
    assert cell(cut, "A", "profit_slope") == pytest.approx(10)
    assert cell(cut, "A", "profit_now") == pytest.approx(1_100)
    assert cell(cut, "A", "periods") == 11
    nearly = read({"A": profit}, months(12, end="2024-12-29"), {"A": sales})
    assert nearly.loc["A", "periods"] == 12


def test_a_sale_in_the_part_of_a_period_still_says_who_is_there() -> None:
    sales: dict[str, Row] = {"back": [100.0, *[0.0] * 10, 100.0], "first": [0.0] * 11 + [100.0]}
    found = read({c: [1.0] * 12 for c in sales}, months(12, end="2024-12-09"), sales)
    assert found["state"].tolist() == ["Profitable", "New"]
    assert "2024-12" in cell(found, "first", "said")


def test_a_span_shorter_than_a_period_counts_as_it_stands() -> None:
    found = read({"A": [5.0]}, months(1, end="2024-01-09"))
    assert [cell(found, "A", c) for c in ("state", "profit_now", "periods")] == ["Profitable", 5.0, 1]


def test_nobody_and_nothing() -> None:
    found = read({}, months(24))
    assert len(found) == 0
    assert {"state", "early_warning", "reason"} <= set(found.columns)


# Early warning


def early(sales: Row, attention: Row, profit: Row) -> bool:
    found = read({"A": profit}, months(len(profit)), {"A": sales}, {"A": attention})
    return bool(cell(found, "A", "early_warning"))


def test_an_early_warning_needs_all_of_it() -> None:
    falling, rising = line(5_000, -100), line(50, 8)
    less = line(690, -20)
    assert early(falling, rising, less)
    assert not early(np.full(24, 5_000.0), rising, less)
    assert not early(falling, np.full(24, 50.0), less)
    assert not early(falling, rising, line(400, 5))
    assert not early(falling, rising, less - 900)
    assert not early(line(5_000, 100), line(500, -8), less)


def test_an_early_warning_says_how_long() -> None:
    found = read({"A": line(690, -20)}, months(24), {"A": line(5_000, -100)}, {"A": line(50, 8)})
    row = found.loc["A"]
    assert row["early_warning"]
    assert row["attention_group"] == "service"
    assert row["periods_left"] == pytest.approx(690 / 20 - 23, rel=1e-3)
    assert row["periods_left_low"] <= row["periods_left"] <= row["periods_left_high"]
    assert read_figures(str(row["said"])) == [230.0, 20.0, 12.0, 11.0, 12.0, 100.0, 8.0]
    assert "service" in row["said"]


def fading(months_of_it: int, steady: int, group: str, noise: float = 0.0) -> dict[str, pd.DataFrame]:
    """Tables of a customer that is steady, then loses 4 % of volume a month while one effort grows by 4 %."""
    rng = np.random.default_rng(8)
    count = steady + months_of_it
    since = np.maximum(np.arange(count) - steady + 1, 0)
    days = pd.date_range("2020-01-15", periods=count, freq="MS") + pd.Timedelta(days=14)

    def blur() -> npt.NDArray[np.float64]:
        return np.exp(noise * rng.standard_normal(count))

    sales = 10_000 * 0.96**since * blur()
    efforts = {"deliver": 0.06 * sales, "service": 300 * blur(), "loyalty": 200 * blur()}
    efforts[group] = efforts.get(group, 300 * blur()) * 1.04**since
    costs = [
        pd.DataFrame({"date": days, "customer": "A", "group": g, "amount": amount})
        for g, amount in efforts.items()
    ]
    return {
        "Sales": pd.DataFrame({"date": days, "customer": "A", "gross_revenue": sales, "cogs": 0.75 * sales}),
        "DirectCosts": pd.concat(costs, ignore_index=True),
    }


@pytest.mark.parametrize("group", ["service", "complaint", "demand", "order", "loyalty", "training of staff"])
def test_whatever_effort_grows_is_named(group: str) -> None:
    found = of_run(analyze(fading(12, 12, group, noise=0.05))).loc["A"]
    assert found["early_warning"]
    assert found["state"] == "Slipping"
    assert found["attention_group"] == group
    assert group in found["said"]


def test_effort_that_follows_what_is_bought_is_no_attention_that_grows() -> None:
    tables = fading(12, 12, "service")
    sales = tables["Sales"]
    follows = sales[["date", "customer"]].assign(group="order", amount=0.1 * sales["gross_revenue"])
    found = analyze({"Sales": sales, "DirectCosts": follows}).trends.loc["A"]
    assert not found["early_warning"]
    assert found["attention_group"] == ""
    assert found["state"] == "Slipping"


def test_effort_to_acquire_is_no_attention() -> None:
    tables = fading(12, 12, "service", noise=0.05)
    costs = tables["DirectCosts"]
    won = costs.assign(group=costs["group"].replace({"service": "acquire", "loyalty": "commission"}))
    assert analyze(tables).trends.loc["A", "early_warning"]
    assert not analyze(tables | {"DirectCosts": won}).trends.loc["A", "early_warning"]


@pytest.mark.parametrize("noise", [0.0, 0.05])
def test_a_long_history_does_not_blind(noise: float) -> None:
    long, short = (analyze(fading(9, steady, "service", noise)).trends.loc["A"] for steady in (51, 9))
    for found in (long, short):
        assert found["state"] == "Slipping"
        assert found["early_warning"]
    if not noise:
        assert long["periods_left"] == pytest.approx(short["periods_left"], rel=0.25)


def test_the_window_is_a_setting() -> None:
    profit = np.concatenate([line(3_000, -100, 18), np.full(12, 1_200.0)])
    profit[18:] += np.tile([30.0, -30.0], 6)
    short = read({"A": profit}, months(30, window=12.0))
    assert [cell(short, "A", c) for c in ("state", "periods")] == ["Profitable", 12]
    assert cell(read({"A": profit}, months(30, window=30.0)), "A", "state") == "Slipping"


def test_what_is_less_than_a_trend_needs_is_no_window() -> None:
    found = read({"A": line(500, -10, 12)}, months(12, window=6.0, trend_periods=12.0))
    assert cell(found, "A", "periods") == 12
    assert cell(found, "A", "profit_slope") == pytest.approx(-10)


def test_noise_gives_no_early_warning() -> None:
    rng = np.random.default_rng(5)
    names = [f"C{i}" for i in range(1_000)]
    noise = rng.gamma(4.0, 1.0, (2, 1_000, 24))
    found = read(
        {c: np.full(24, 100.0) for c in names},
        months(24),
        dict(zip(names, noise[0], strict=True)),
        dict(zip(names, noise[1], strict=True)),
    )
    assert found["early_warning"].mean() < 0.01


# Laws


def crowd(seed: int, count: int = 60) -> list[dict[str, Row]]:
    rng = np.random.default_rng(seed)
    names = [f"C{i:02d}" for i in range(count)]
    buys = rng.random((count, 24)) < rng.choice([0.3, 0.8, 1.0], (count, 1))
    drift = 1 + rng.normal(0, 0.04, (count, 1)) * np.arange(24)
    sales = np.where(buys, rng.gamma(5.0, 200.0, (count, 24)) * np.maximum(drift, 0), 0.0)
    attention = rng.gamma(2.0, 30.0, (count, 24))
    profit = sales * 0.4 - attention * 3 - 100
    return [dict(zip(names, m, strict=True)) for m in (profit, sales, attention)]


@settings(max_examples=examples(15))
@given(st.integers(0, 10_000), st.sampled_from([1e-3, 7.0, 1e6]))
def test_money_in_another_unit_changes_the_unit_alone(seed: int, scale: float) -> None:
    profit, sales, attention = crowd(seed)
    ones = read(profit, months(24), sales, attention)
    larger: list[dict[str, Row]] = [
        {c: np.array(v) * scale for c, v in part.items()} for part in (profit, sales, attention)
    ]
    scaled = read(larger[0], months(24), larger[1], larger[2])
    same = ["state", "turning_period", "early_warning", "periods"]
    pd.testing.assert_frame_equal(ones[same], scaled[same])
    money = ["profit_slope", "volume_slope", "attention_slope", "profit_now"]
    pd.testing.assert_frame_equal(ones[money] * scale, scaled[money])
    pd.testing.assert_series_equal(ones["periods_left"], scaled["periods_left"])


def test_slopes_and_levels_are_the_customers_own_before_a_season_is_known() -> None:
    profit, sales, attention = ({c: v[:18] for c, v in part.items()} for part in crowd(1))
    own = ["profit_slope", "volume_slope", "periods"]
    together = read(profit, months(18), sales, attention)
    for name in list(profit)[::7]:
        alone = read({name: profit[name]}, months(18), {name: sales[name]}, {name: attention[name]})
        pd.testing.assert_frame_equal(alone[own], together.loc[[name], own])


def test_the_interval_holds_the_middle_and_the_sentence_its_figures() -> None:
    found = story_trends()
    left = found[found["periods_left_low"].notna()]
    assert len(left) > 3
    assert (left["periods_left_low"] <= left["periods_left"].fillna(np.inf)).all()
    assert (left["periods_left"] <= left["periods_left_high"].fillna(np.inf)).all()
    assert set(left["state"]) == {"Slipping"}
    assert left["profit_now"].gt(0).all()
    known = left[left["periods_left_high"].notna()]
    low, high = np.floor(known["periods_left_low"]), np.ceil(known["periods_left_high"])
    for least, most, reason in zip(low.tolist(), high.tolist(), known["said"].tolist(), strict=True):
        assert f"({least:.0f} to {most:.0f})" in reason


def test_the_order_of_the_rows_does_not_matter() -> None:
    tables = demo.tables(customers=30, sales_lines=600, activity_rows=600)
    shuffled = {name: frame.sample(frac=1, random_state=1) for name, frame in tables.items()}
    first, second = (of_run(analyze(some)) for some in (tables, shuffled))
    pd.testing.assert_frame_equal(first, second, check_exact=True)


# Attention


def service() -> dict[str, pd.DataFrame]:
    days = pd.to_datetime(["2024-01-15", "2024-02-15", "2024-03-15"])
    return {
        "Settings": pd.DataFrame(
            {"setting": ["start", "end"], "value": ["2024-01-01", "2024-03-31"]}, dtype=object
        ),
        "Sales": pd.DataFrame({"date": days, "customer": "A", "gross_revenue": 1_000.0}),
        "Resources": pd.DataFrame(
            {
                "resource": "Desk",
                "cost": [100.0, 200.0, 300.0],
                "capacity": 100.0,
                "period": ["2024-01", "2024-02", "2024-03"],
            }
        ),
        "Activities": pd.DataFrame(
            {
                "activity": ["Call", "Delivery"],
                "group": ["service", "deliver"],
                "resource": "Desk",
                "rate": 5.0,
            }
        ),
        "ActivityLog": pd.DataFrame(
            {
                "date": [*days, days[0]],
                "customer": "A",
                "activity": ["Call"] * 3 + ["Delivery"],
                "quantity": 4.0,
            }
        ),
    }


def test_attention_grows_with_what_is_asked_for_and_not_with_pay() -> None:
    result = analyze(service())
    found = find_attention(result.ledger, result.names, result.periods)
    # 20 minutes a month at 1, 2 and 3 a minute cost 20, 40 and 60: on average 2 a minute, 40 a month.
    assert found["service"].to_numpy()[0].tolist() == pytest.approx([40, 40, 40])
    assert found["deliver"].columns.tolist() == ["2024-01", "2024-02", "2024-03"]


def test_attention_adds_up_to_what_its_groups_cost() -> None:
    result = story_run()
    found = find_attention(result.ledger, result.names, result.periods)
    assert {"service", "complaint", "loyalty", "demand", "order", "deliver"} <= set(found)
    assert not {"acquire", "commission", "credit", "revenue", "cogs", "capacity"} & set(found)
    for group, grid in found.items():
        rows = (result.ledger["group"] == group) & (result.ledger["customer"] != "")
        assert grid.to_numpy().sum() == pytest.approx(
            -result.ledger.loc[rows.to_numpy(), "amount"].sum(), rel=0.02
        )
        assert (grid >= 0).all(axis=None)


def test_without_effort_there_is_no_attention() -> None:
    sales = pd.DataFrame({"date": ["2024-01-31"], "customer": ["A"], "gross_revenue": [5.0]})
    result = analyze({"Sales": sales})
    assert find_attention(result.ledger, result.names, result.periods) == {}
    assert len(result.trends) == 1


def test_orders_and_deliveries_follow_what_is_bought_in_the_demo_company() -> None:
    result = story_run()
    frames = find_attention(result.ledger, result.names, result.periods)
    groups = {group: frame.to_numpy() for group, frame in frames.items()}
    revenue = result.pnl(period=True)["net_revenue"].to_numpy().reshape(len(result.names), -1)
    assert find_followers(groups, revenue, np.ones_like(revenue, dtype=bool)) == ("deliver", "order")


# The demo company


@cache
def story_run() -> Results:
    return analyze_sample(samples.DEMO)


@cache
def story_trends() -> pd.DataFrame:
    return of_run(story_run())


def story(name: str) -> list[str]:
    return list(next(s for s in demo.STORIES if s.name == name).customers)


def test_the_sliders_are_found_with_their_turn() -> None:
    found = story_trends().loc[story("sliders")]
    assert found["state"].eq("Loss-making").all()
    assert (found["profit_slope"] < 0).all()
    assert found["turning_period"].between("2025-06", "2026-06").all()


def test_the_early_warnings_are_found_and_nothing_else_is_taken_for_one() -> None:
    found = story_trends()
    warned = set(found.index[found["early_warning"]])
    planted = set(story("early_warning"))
    assert planted <= warned
    assert len(warned - planted) <= 2
    assert (found.loc[story("early_warning"), "periods_left"] > 0).all()


@pytest.mark.parametrize(
    ("name", "state"), [("recovering", "Recovering"), ("new", "New"), ("dormant", "Dormant")]
)
def test_each_story_has_its_state_and_few_others_have(name: str, state: str) -> None:
    found = story_trends()
    named = set(found.index[found["state"] == state])
    assert set(story(name)) <= named
    assert len(named) <= len(story(name)) + 5
    if name == "recovering":
        assert found.loc[story(name), "turning_period"].between("2025-01", "2026-03").all()


def test_every_customer_has_a_state_and_a_reason() -> None:
    found = story_trends()
    assert found.index.tolist() == story_run().names.tolist()
    assert set(found["state"]) == set(STATES)
    assert found["said"].str.endswith(".").all()
    assert not found["said"].str.contains("nan").any()


# A real company


@needs_shared
def test_the_customers_of_a_real_shop_whose_spending_died_away_are_found() -> None:
    lines = pd.read_parquet(shared("data", "online_retail.parquet"))
    lines = lines[lines["CustomerID"].notna()]
    value = lines["Quantity"] * lines["UnitPrice"]
    sales = pd.DataFrame(
        {
            "date": lines["InvoiceDate"].dt.normalize(),
            "customer": lines["CustomerID"],
            "gross_revenue": value.clip(lower=0),
            "returns": -value.clip(upper=0),
        }
    )
    result = analyze({"Sales": sales})
    found = of_run(result)
    bought = sales[sales["gross_revenue"] > 0].groupby("customer")["date"].max()
    # December 2011 has nine days: the last six whole months are June to November.
    died_away = set(bought.index[bought < pd.Timestamp("2011-06-01")]) | (
        set(found.index) - set(bought.index)
    )
    dormant = set(found.index[found["state"] == "Dormant"])
    assert dormant == died_away
    assert len(found) == 4_372
    assert len(dormant) == 825
    slipping = found[(found["state"] == "Slipping")]
    assert (slipping["volume_slope"] < 0).all()
    assert not found["early_warning"].any()
