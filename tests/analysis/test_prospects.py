"""Prospects: what each is worth, what it takes to break even, and how the unknown is kept unknown."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

import xlprofit
from tests.figures import read_figures
from tests.golden import frames
from tests.laws.models import Tables
from tests.needs import examples
from xlprofit import formulas
from xlprofit.analysis import lifetime, prospects
from xlprofit.analysis.past_prospects import learn_chances
from xlprofit.reading.words import parse_choice
from xlprofit.results import Results
from xlprofit.sheets.prospect_screening import describe_prospect_screening_sheet
from xlprofit.words.prospects import word_prospects

KNOWN: dict[str, object] = {
    "prospect": "Uusi",
    "segment": "Hotels",
    "revenue": 1_000.0,
    "margin": 0.4,
    "win_probability": 0.5,
    "pursuit_cost": 100.0,
    "pursuit_hours": 2.0,
    "resource": "Sales",
    "high_care_probability": 0.25,
    "payment_days": 73.0,
    "loss_probability": 0.01,
    "horizon": 1.8,
}
"""A prospect of which everything is known."""

SHARES = {"H1": 0.10, "H2": 0.12, "H3": 0.14, "H4": 0.16, "H5": 0.30}
"""Cost to serve of the hotels as a share of net revenue: median 0.14, 90th percentile 0.244."""

MULTIPLE = 1.8
"""1.8 years of a customer that stays, with nothing discounted."""


def _company() -> Tables:
    """Hotels with the shares above, a shop with 0.5; sales people at 0.5 a minute."""
    serves = SHARES | {"S1": 0.5}
    return {
        "Settings": frames.settings(
            start="2024-01-01",
            end="2024-12-31",
            as_of="2024-12-31",
            cost_of_capital=0.1,
            retention=1,
            discount_rate=0,
        ),
        "Customers": frames.table(
            "customer segment", *((c, "Hotels" if c.startswith("H") else "Shops") for c in serves)
        ),
        "Sales": frames.table(
            "date customer gross_revenue cogs", *((frames.DAY, c, 1_000, 600) for c in serves)
        ),
        "DirectCosts": frames.table(
            "date customer group amount", *((frames.DAY, c, "deliver", 1_000 * s) for c, s in serves.items())
        ),
        "Resources": frames.table(
            "resource cost capacity unit",
            ("Sales", 1_000, 2_000, "minutes"),
            ("Web", 500, 1_000, "orders"),
            ("Idle hands", 10, None, "minutes"),
        ),
        "Activities": frames.table(
            "activity group resource driver rate unit_cost",
            ("Visit", "acquire", "Sales", None, 30, None),
            ("Visit", "acquire", "Sales", "km", 2, None),
            ("Parcel", "deliver", None, None, 1, 7.5),
            ("Nobody does it", "service", "Idle hands", None, 1, None),
        ),
    }


def _results(**more: pd.DataFrame) -> Results:
    return xlprofit.analyze(_company() | more)


RESULTS = _results()


def _benchmark(results: Results) -> prospects.Benchmark:
    rates = results.capacity["rate"]
    return prospects.build_benchmark(
        results.inputs,
        results.ledger,
        results.customers,
        rates,
        results.equations,
        results.outlook["retention"],
    )


BENCHMARK = _benchmark(RESULTS)
NO_NEEDS = RESULTS.inputs["ProspectNeeds"]


def _frame(*rows: Mapping[str, object]) -> pd.DataFrame:
    """Return prospects, typed as the checks type them."""
    frame = pd.DataFrame([KNOWN | dict(row) for row in rows])
    numbers = [c for c in KNOWN if c not in ("prospect", "segment", "resource")]
    types = dict.fromkeys(numbers, "float64") | {"prospect": "category", "resource": "category"}
    return frame.astype(types)


def _screened(**changes: object) -> dict[Any, Any]:
    return _first(prospects.screen_prospects(_frame(changes), NO_NEEDS, BENCHMARK))


def _first(screened: pd.DataFrame) -> dict[Any, Any]:
    assert list(screened.columns) == list(prospects.COLUMNS)
    said = word_prospects(screened, BENCHMARK.settings)
    return screened.assign(said=said).reset_index().to_dict("records")[0]


def _with_needs(prospect: Mapping[str, object], *needs: tuple[object, ...]) -> dict[Any, Any]:
    """Return the first prospect screened with needs: activity, quantity, km."""
    table = pd.DataFrame([("Uusi", *n) for n in needs], columns=["prospect", "activity", "quantity", "km"])
    results = _results(Prospects=pd.DataFrame([KNOWN]), ProspectNeeds=table)
    return _first(
        prospects.screen_prospects(_frame(prospect), results.inputs["ProspectNeeds"], _benchmark(results))
    )


def test_the_benchmark_is_the_median_and_the_90th_percentile_of_the_segment() -> None:
    hotels = BENCHMARK.segments.to_dict("index")["hotels"]
    assert hotels["segment"] == "Hotels"
    assert hotels["customers"] == 5
    assert hotels["normal"] == pytest.approx(0.14)
    assert hotels["high"] == pytest.approx(0.16 + 0.6 * 0.14)
    assert BENCHMARK.segments.to_dict("index")[""]["customers"] == 6


def test_value_is_the_chance_of_the_present_value_less_the_pursuit() -> None:
    found = _screened()
    service = 0.75 * 140 + 0.25 * 244
    credit = 1_000 * (73 / 365 * 0.1 + 0.01)
    contribution = 400 - service - credit
    pursuit = 100 + 2 * 60 * 0.5
    assert found["expected_service_cost"] == pytest.approx(-service)
    assert found["service_cost_normal"] == pytest.approx(-140)
    assert found["service_cost_high"] == pytest.approx(-244)
    assert found["credit_cost"] == pytest.approx(-credit)
    assert found["contribution"] == pytest.approx(contribution)
    assert found["pursuit_cost"] == pytest.approx(-pursuit)
    assert found["lifetime_multiple"] == pytest.approx(MULTIPLE)
    assert found["value"] == pytest.approx(0.5 * MULTIPLE * contribution - pursuit)
    assert found["value_low"] == found["value_high"] == found["value"]
    assert found["verdict"] == "pursue"
    assert found["unknown"] == ""
    assert (found["benchmark"], found["benchmark_customers"]) == ("Hotels", 5)


SERVED = (5.0, 25.0)
"""As how many customers of the segment it is served, and with what chance of high care."""


@pytest.mark.parametrize(
    ("given", "reason", "figures"),
    [
        ({}, "worth it", [23.6, 50.0, 204.0, 1.8, 160.0, *SERVED]),
        ({"margin": 0.1}, "loses once won", [96.0, 100.0, 166.0, 30.0, *SERVED]),
        ({"pursuit_cost": 200}, "costs more to win", [184.0, 50.0, 204.0, 1.8, 260.0, 1_416.0, *SERVED]),
        ({"revenue": math.nan}, "unknown decides", [-160.0, 871.0]),
        ({"margin": math.nan}, "unknown decides", [-336.0, 564.0, 37.4]),
        ({"pursuit_cost": 20, "high_care_probability": math.nan}, "worth at least", [33.4]),
        (
            {"high_care_probability": math.nan, "margin": math.nan, "pursuit_cost": 120},
            "unknown decides",
            [-427.0, 567.0],
        ),
        ({"high_care_probability": math.nan, "margin": 0.3}, "worth at most", [-43.0]),
    ],
)
def test_the_reason_has_the_figures_and_names_what_is_unknown(
    given: dict[str, float], reason: str, figures: list[float]
) -> None:
    found = _screened(**given)
    assert (found["reason"], read_figures(found["said"])) == (reason, figures)
    unknown = [name for name, value in given.items() if math.isnan(value)]
    assert sorted(found["unknown"].split(", ")) == sorted(unknown or [""])
    assert all(name.replace("_", " ") in found["said"] for name in unknown)


def test_needs_are_priced_at_the_models_own_rates() -> None:
    found = _with_needs({}, ("Visit", 4, 50), ("Parcel", 10, 0))
    service = (4 * 30 + 50 * 2) * 0.5 + 10 * 7.5
    assert found["expected_service_cost"] == pytest.approx(-service)
    assert found["service_cost_from"] == "needs"
    assert found["contribution"] == pytest.approx(400 - service - 30)
    assert "Service as for" not in found["said"]


def test_with_needs_the_chance_of_high_care_and_the_segment_do_not_matter() -> None:
    blank = {"high_care_probability": math.nan, "segment": ""}
    assert _with_needs(blank, ("Parcel", 1, 0))["unknown"] == ""


def test_a_need_that_the_model_cannot_price_is_unknown() -> None:
    found = _with_needs({}, ("Nobody does it", 4, 0))
    assert found["verdict"] == "qualify"
    assert found["unknown"] == "ProspectNeeds"
    assert math.isnan(found["expected_service_cost"])
    assert math.isnan(found["value"])


@pytest.mark.parametrize(
    "column",
    ["revenue", "margin", "win_probability", "high_care_probability", "payment_days", "loss_probability"],
)
def test_an_unknown_stays_unknown_and_is_no_reason_to_reject(column: str) -> None:
    others = {"prospect": "Other"}  # it has a figure in every column
    changes = {column: math.nan, "pursuit_cost": 120.0}
    found = _first(
        prospects.screen_prospects(_frame(changes, others).iloc[:2], NO_NEEDS, BENCHMARK).loc[["Uusi"]]
    )
    assert found["unknown"] == column
    assert found["verdict"] == "qualify"
    assert math.isnan(found["value"])
    assert not found["value_low"] > 0


def test_a_prospect_without_revenue_leaves_nothing_and_loses_no_minus_zero() -> None:
    said = str(_screened(revenue=0.0)["said"])
    assert read_figures(said)[:3] == [0.0, 0.0, 0.0]
    assert "−0" not in said
    # What loses money says how much before its margin.
    assert len(read_figures(str(_screened(margin=0.05)["said"]))) == len(read_figures(said)) + 1


def test_an_unknown_that_cannot_matter_changes_nothing() -> None:
    assert _screened(high_care_probability=math.nan, win_probability=0.9)["verdict"] == "pursue"
    assert _screened(high_care_probability=math.nan, margin=0.05)["verdict"] == "pass"


def test_a_pursuit_that_nobody_priced_is_unknown_but_its_limit_is_known() -> None:
    untold = {"pursuit_cost": math.nan, "pursuit_hours": math.nan}
    frame = _frame(untold, {"prospect": "Other"})
    found = _first(prospects.screen_prospects(frame, NO_NEEDS, BENCHMARK).loc[["Uusi"]])
    assert found["unknown"] == "pursuit_cost"
    assert found["verdict"] == "qualify"
    assert math.isnan(found["pursuit_cost"])
    assert found["value_high"] == pytest.approx(0.5 * MULTIPLE * 204)
    assert found["most_hours"] == pytest.approx(found["value_high"] / 30)


def test_what_no_prospect_has_a_figure_for_is_left_out() -> None:
    blank = dict.fromkeys(("pursuit_cost", "pursuit_hours", "payment_days", "loss_probability"), math.nan)
    found = _screened(**blank)
    assert found["unknown"] == ""
    assert found["value"] == pytest.approx(0.5 * MULTIPLE * (400 - 166))


def test_hours_are_priced_by_the_unit_of_the_resource() -> None:
    assert BENCHMARK.hour_rates["Sales"] == pytest.approx(30)
    assert math.isnan(BENCHMARK.hour_rates["Web"])
    unpriced = _screened(resource="Web")
    assert unpriced["unknown"] == "resource"
    assert unpriced["verdict"] == "qualify"
    assert _screened(resource="Web", pursuit_hours=0.0)["unknown"] == ""


def test_a_segment_without_customers_is_read_as_any_of_them() -> None:
    found = _screened(segment="Schools")
    assert found["unknown"] == "segment"
    assert (found["benchmark"], found["benchmark_customers"]) == ("all customers", 6)
    best, worst = 0.75 * 0.14 + 0.25 * 0.244, 0.5
    assert found["value_high"] == pytest.approx(0.5 * MULTIPLE * 1_000 * (0.37 - best) - 160)
    assert found["value_low"] == pytest.approx(0.5 * MULTIPLE * 1_000 * (0.37 - worst) - 160)
    assert _screened(segment=" HOTELS ")["benchmark"] == "Hotels"


def test_credit_unknown_is_bounded_by_what_customers_cost() -> None:
    invoices = frames.table(
        "invoice customer issued due amount paid",
        *((f"I{c}", c, "2024-01-01", "2024-01-31", 500, "2024-12-31") for c in SHARES),
    )
    rates = frames.table("days_past_due rate", (0, 0.1))
    known = _benchmark(_results(Invoices=invoices, LossRates=rates))
    assert known.segments.to_dict("index")["hotels"]["financing"] == pytest.approx(0.5 * 0.1, rel=1e-2)
    found = _first(prospects.screen_prospects(_frame({"payment_days": math.nan}), NO_NEEDS, known))
    width = 0.5 * MULTIPLE * 1_000 * known.segments.to_dict("index")["hotels"]["financing"]
    assert found["value_high"] - found["value_low"] == pytest.approx(width)


def test_without_a_cost_of_capital_payment_days_do_not_matter() -> None:
    terms = frames.settings(start="2024-01-01", end="2024-12-31", retention=1, discount_rate=0)
    known = _benchmark(_results(Settings=terms))
    frame = _frame({"payment_days": math.nan}, {"prospect": "Other"})
    assert (prospects.screen_prospects(frame, NO_NEEDS, known)["unknown"] == "").all()


def test_with_no_customer_to_compare_with_the_service_is_unknown() -> None:
    known = _benchmark(
        xlprofit.analyze({"Sales": frames.table("date customer gross_revenue", (frames.DAY, "", 5))})
    )
    found = _first(prospects.screen_prospects(_frame({"pursuit_hours": 0.0}), NO_NEEDS, known))
    assert found["unknown"] == "ProspectNeeds"
    assert found["verdict"] == "qualify"
    assert found["benchmark_customers"] == 0


def test_g24_prospect() -> None:
    """G24: 60,000 spent to reach 75,000, a rate of 0.012, a margin of 10 and a CLV of 100: 0.52 each.

    A lifetime value of 100 beside the first margin of 10 is a customer that stays (retention 1) at 10 %. The published
    case counts that first margin as certain: the formula does so (``start``); a screening has the timing of a
    customer's value, whose first margin is a year away.
    """
    sales = frames.table("date customer gross_revenue", (frames.DAY, "A", 1))
    known = _benchmark(
        xlprofit.analyze({"Sales": sales, "Settings": frames.settings(retention=1, discount_rate=0.1)})
    )
    case = dict.fromkeys(("pursuit_hours", "payment_days", "loss_probability"), math.nan)
    row = case | {"revenue": 10, "margin": 1.0, "win_probability": 0.012, "pursuit_cost": 60_000 / 75_000}
    found = _first(prospects.screen_prospects(_frame(row | {"horizon": 1_000.0}), NO_NEEDS, known))
    assert found["lifetime_multiple"] == pytest.approx(10)
    assert found["value"] == pytest.approx(0.012 * 100 - 0.8)
    said: Any = formulas.prospect_value(0.012, 10, 1, 0.1, 60_000 / 75_000)
    assert said == pytest.approx(0.52)
    assert said * 75_000 == pytest.approx(39_000)
    even = _first(
        prospects.screen_prospects(
            _frame(row | {"horizon": 1_000.0, "win_probability": 0.008}), NO_NEEDS, known
        )
    )
    assert even["value"] == pytest.approx(0, abs=1e-5)


@pytest.mark.parametrize(
    ("retention", "multiples"),
    [
        (0.6, [1.2, 1.1538, 1.1111, 1.0714]),
        (0.7, [1.75, 1.6667, 1.5909, 1.5217]),
        (0.8, [2.6667, 2.5, 2.3529, 2.2222]),
        (0.9, [4.5, 4.0909, 3.75, 3.4615]),
    ],
)
def test_g22_clv(retention: float, multiples: list[float]) -> None:
    """G22 (Gupta and Lehmann): endless, first margin a year from now, discount 10, 12, 14, 16 %."""
    discount = np.array([0.10, 0.12, 0.14, 0.16])
    assert lifetime.find_multiples(retention, discount, np.inf) == pytest.approx(multiples, abs=5e-5)
    assert lifetime.find_multiples(retention, discount, np.inf, "start") == pytest.approx(
        1 + np.array(multiples), abs=5e-5
    )
    assert lifetime.find_multiples(retention, discount, 1_000.0) == pytest.approx(multiples, abs=5e-5)


def test_a_margin_without_end_or_loss_has_no_multiple() -> None:
    assert math.isnan(lifetime.find_multiples(1.0, 0.0, np.inf))
    assert lifetime.find_multiples(1.0, 0.0, 4.0) == pytest.approx(4)
    assert lifetime.find_multiples(0.0, 0.1, 4.0, "start") == pytest.approx(1)
    assert lifetime.find_multiples(0.5, 0.0, 1.5, "start") == pytest.approx(1 + 0.5 * 0.5)


FIGURES = {
    "revenue": st.floats(1, 1e6),
    "margin": st.floats(0, 1),
    "win_probability": st.floats(0, 1),
    "pursuit_cost": st.floats(0, 1e5),
    "pursuit_hours": st.floats(0, 1e3),
    "high_care_probability": st.floats(0, 1),
    "payment_days": st.floats(0, 365),
    "loss_probability": st.floats(0, 1),
    "horizon": st.floats(0, 10),
}
FORTY = settings(max_examples=examples(40), deadline=None)


def test_a_chance_next_to_none_has_no_revenue_that_would_break_even() -> None:
    found = _screened(win_probability=2e-309, pursuit_cost=0.5)
    assert math.isnan(found["break_even_revenue"])
    assert math.isnan(found["break_even_margin"])
    assert found["verdict"] == "pass"


@FORTY
@given(st.fixed_dictionaries(FIGURES))
def test_the_figures_that_break_even_bring_the_value_to_zero(row: dict[str, object]) -> None:
    found = _screened(**row)
    scale = 1e-9 * (1 + float(str(row["pursuit_cost"])) + 30 * float(str(row["pursuit_hours"])))
    if math.isfinite(found["break_even_revenue"]):
        assert abs(_screened(**row | {"revenue": found["break_even_revenue"]})["value"]) <= scale
    if math.isfinite(found["break_even_margin"]):
        assert abs(_screened(**row | {"margin": found["break_even_margin"]})["value"]) <= scale + 1e-6
    if found["most_hours"] > 0:
        at_most = _screened(**row | {"pursuit_hours": found["most_hours"]})["value"]
        assert abs(at_most) <= 1e-6 * (1 + abs(found["value"]))


@FORTY
@given(st.fixed_dictionaries(FIGURES), st.sets(st.sampled_from(sorted(FIGURES))))
def test_whatever_the_unknown_turns_out_to_be_the_value_lies_between_its_ends(
    row: dict[str, object], blank: set[str]
) -> None:
    other = {"prospect": "Other"}
    blanks = dict.fromkeys(blank - {"horizon"}, math.nan)
    unknown = _first(
        prospects.screen_prospects(_frame(row | blanks, other), NO_NEEDS, BENCHMARK).loc[["Uusi"]]
    )
    value = _screened(**row)["value"]
    noise = 1e-9 * (1 + abs(value))
    if blank.isdisjoint({"pursuit_hours", "pursuit_cost"}) or {"pursuit_hours", "pursuit_cost"} <= blank:
        assert math.isnan(unknown["value_low"]) or unknown["value_low"] <= value + noise
        assert math.isnan(unknown["value_high"]) or unknown["value_high"] >= value - noise
    if unknown["verdict"] == "pass" and not blank & {"pursuit_hours", "pursuit_cost"}:
        assert value <= noise
    if unknown["verdict"] == "pursue" and not blank & {"pursuit_hours", "pursuit_cost"}:
        assert value > -noise


def test_the_order_of_the_rows_does_not_matter() -> None:
    frame = _frame({"prospect": "B"}, {"prospect": "A", "margin": 0.2}, {"prospect": "C", "revenue": 10})
    found = prospects.screen_prospects(frame, NO_NEEDS, BENCHMARK)
    assert found.index.tolist() == ["A", "B", "C"]
    again = prospects.screen_prospects(frame.iloc[::-1], NO_NEEDS, BENCHMARK)
    pd.testing.assert_frame_equal(found, again, check_exact=True)


def test_without_prospects_the_table_is_empty() -> None:
    found = prospects.screen_prospects(RESULTS.inputs["Prospects"], NO_NEEDS, BENCHMARK)
    assert found.empty
    assert list(found.columns) == list(prospects.COLUMNS)


def test_service_costs_less_than_in_proportion_where_large_customers_take_less_of_it() -> None:
    """Cost = 3 × revenue^0.7 with chance: the prediction is right for the small and the large, and so breaks even."""
    rng = np.random.default_rng(3)
    revenue = np.exp(rng.normal(10, 1.2, 120))
    cost = 3 * revenue**0.7 * np.exp(rng.normal(0, 0.3, 120))
    names = [f"K{i:03d}" for i in range(120)]
    asked = {
        "segment": "A",
        "margin": 0.4,
        "win_probability": 0.5,
        "pursuit_cost": 500.0,
        "high_care_probability": 0.2,
    }
    tables = {
        "Sales": pd.DataFrame(
            {"date": frames.DAY, "customer": names, "gross_revenue": revenue, "cogs": 0.6 * revenue}
        ),
        "DirectCosts": pd.DataFrame(
            {"date": frames.DAY, "customer": names, "group": "service", "amount": cost}
        ),
        "Customers": pd.DataFrame({"customer": names, "segment": ["A", "B"] * 60}),
        "Prospects": pd.DataFrame(
            {"prospect": ["Blank", "Large", "Small"], "revenue": [None, 200_000.0, 2_000.0], **asked}
        ),
        "Settings": frames.settings(start="2024-01-01", end="2024-12-31"),
    }
    results = xlprofit.analyze(tables)
    one = results.benchmark.segments.loc["a"]
    assert one["power"] == pytest.approx(0.7, abs=0.05)
    mine = np.arange(120) % 2 == 0
    said = one["normal"] * revenue[mine] ** one["power"] / cost[mine]
    order = np.argsort(revenue[mine])
    assert said[order[:20]].mean() == pytest.approx(said[order[-20:]].mean(), rel=0.15)
    found = results.prospects
    assert found["break_even_revenue"]["Large"] == pytest.approx(
        found["break_even_revenue"]["Small"], rel=1e-6
    )
    low, high = (float(found[column]["Blank"]) for column in ("revenue_low", "revenue_high"))
    assert low < float(np.median(revenue[mine])) < high
    assert np.isfinite(found.loc["Blank", ["value_low", "value_high"]].to_numpy(dtype=np.float64)).all()


def test_chances_are_learnt_from_past_prospects() -> None:
    """Stated chances twice what came are halved, about; a blank one is the share won; the past is not screened."""
    rng = np.random.default_rng(3)
    stated = rng.uniform(0.2, 0.8, 200)
    won = rng.random(200) < stated / 2
    tables = _company() | {
        "Prospects": pd.DataFrame(
            {
                "prospect": [*(f"P{i}" for i in range(200)), "Stated", "Blank"],
                "segment": "Hotels",
                "revenue": 1_000.0,
                "margin": 0.4,
                "win_probability": [*stated, 0.5, None],
                "high_care_probability": 0.25,
                "outcome": [*np.where(won, "won", "lost"), None, "open"],
            }
        )
    }
    results = xlprofit.analyze(tables)
    assert list(results.prospects.index) == ["Blank", "Stated"]
    assert results.prospects.loc["Stated", "win_probability"] == pytest.approx(0.25, abs=0.06)
    assert results.win_record.stated_won == pytest.approx(won.mean())
    assert results.past_prospects["prospects"].sum() == 200
    assert results.past_prospects["won"].sum() == won.sum()
    blank = results.prospects.loc["Blank"]
    assert blank["unknown"] == "win_probability"
    assert blank["win_probability"] == pytest.approx((won.sum() + 0.5) / 201, abs=1e-6)
    brings = blank["win_probability"] * blank["lifetime_multiple"] * blank["contribution"]
    assert blank["value"] == pytest.approx(brings)
    assert blank["value_low"] < blank["value"] < blank["value_high"]
    said = dict(zip(results.prospects.index, _say(results), strict=True))
    # One sentence more says where the chance comes from.
    assert said["Blank"].count(".") == said["Stated"].count(".") + 1


def _say(results: Results) -> list[str]:
    return word_prospects(results.prospects, results.inputs.settings)


def _pipeline(wins: Mapping[str, tuple[int, int]], words: tuple[str, str] = ("won", "lost")) -> pd.DataFrame:
    """Past prospects without a stated chance, so many won of so many by segment, and an open one in each."""
    rows: list[tuple[object, ...]] = [
        (f"{segment}{place}", segment, 1_000.0, 0.4, words[0] if place < won else words[1])
        for segment, (won, count) in wins.items()
        for place in range(count)
    ]
    rows += [(f"Open {segment}", segment, 1_000.0, 0.4, None) for segment in wins]
    columns = ["prospect", "segment", "revenue", "margin", "outcome"]
    return pd.DataFrame(rows, columns=columns).assign(win_probability=None)


def _chances(results: Results, name: str = "Open Hotels") -> tuple[float, float]:
    """The chance at both its ends, from the value at both: value = chance × multiple × contribution."""
    frame = results.prospects
    certain = xlprofit.analyze(
        _company() | {"Prospects": _pipeline({"Hotels": (0, 0)}).assign(win_probability=1)}
    )
    worth = certain.prospects.loc[name, ["value_low", "value_high"]].to_numpy(dtype=np.float64)
    low, high = frame.loc[name, ["value_low", "value_high"]].to_numpy(dtype=np.float64) / worth
    return float(low), float(high)


def test_a_blank_chance_is_the_share_won_of_its_segment_drawn_towards_that_of_all() -> None:
    """Of hotels 30 of 40, of shops 5 of 60: 35.5 / 101 of all, towards which they are drawn by a fiftieth."""
    results = xlprofit.analyze(_company() | {"Prospects": _pipeline({"Hotels": (30, 40), "Shops": (5, 60)})})
    rates, overall = results.win_record.rates, 35.5 / 101
    share = 35 / 100
    between = (40 * (0.75 - share) ** 2 + 60 * (5 / 60 - share) ** 2) / 48
    found, off = between - share * (1 - share) / 48, math.sqrt(2) * between
    truly = found + off * stats.norm.pdf(found / off) / stats.norm.cdf(found / off)
    chance = overall * (1 - overall)
    own = {"hotels": (30 + overall) / 41, "shops": (5 + overall) / 61}
    weight = {"hotels": truly / (truly + chance / 41), "shops": truly / (truly + chance / 61)}
    assert rates == pytest.approx(
        {"": overall} | {name: overall + weight[name] * (own[name] - overall) for name in own}
    )
    rate, part = rates["hotels"], weight["hotels"]
    apart = 1.2816 * math.sqrt(part * chance / 41 + (1 - part) ** 2 * chance / 102)
    low, high = _chances(results)
    assert (low, high) == pytest.approx((rate - apart, rate + apart), abs=1e-4)
    table = results.past_prospects.groupby("segment")[["prospects", "won"]].sum()
    assert table.to_dict("index") == {
        "Hotels": {"prospects": 40, "won": 30},
        "Shops": {"prospects": 60, "won": 5},
    }


@pytest.mark.parametrize("apart", [0.0, 0.15])
def test_segments_keep_what_is_more_than_chance(apart: float) -> None:
    """Ten segments of a pipeline: beside the share of all where they are alike, and their own where they are not."""
    rng = np.random.default_rng(6)
    errors = []
    for _ in range(40):
        chance = np.clip(0.5 + apart * rng.standard_normal(10), 0.05, 0.95)
        segment = rng.integers(0, 10, 400)
        won = rng.random(400) < chance[segment]
        record = learn_chances(
            pd.DataFrame(
                {
                    "segment": [f"s{place}" for place in segment],
                    "win_probability": np.nan,
                    "outcome": np.where(won, "won", "lost"),
                }
            )
        )
        own = np.array([won[segment == place].mean() for place in range(10)])
        said = np.array([record.rates[f"s{place}"] for place in range(10)])
        doubt = np.array([record.doubts[f"s{place}"] for place in range(10)])
        errors.append(
            [
                *(np.abs(given - chance).mean() for given in (said, won.mean(), own)),
                (np.abs(said - chance) < 1.2816 * doubt).mean(),
            ]
        )
    ours, of_all, alone, holds = np.mean(errors, axis=0)
    assert ours < 0.97 * alone
    assert ours < (0.036 if apart == 0 else 0.7 * of_all)
    assert 0.72 < holds <= 1.0


def test_months_that_differ_as_a_whole_widen_the_range_of_a_blank_chance() -> None:
    """A quarter ends well and begins badly: what came of some months is less sure of the next than of so many deals."""
    rng = np.random.default_rng(9)
    held = []
    for _ in range(60):
        month = np.repeat(np.arange(8), 150)
        won = rng.random(1_200) < (0.6 + 0.12 * rng.standard_normal(8))[month]
        past = pd.DataFrame(
            {
                "segment": "",
                "win_probability": np.nan,
                "outcome": np.where(won, "won", "lost"),
                "closed": pd.Timestamp("2024-01-15") + pd.to_timedelta(30 * month, unit="D"),
            }
        )
        dated, undated = learn_chances(past), learn_chances(past.drop(columns="closed"))
        held.append([abs(record.rates[""] - 0.6) < 1.2816 * record.doubts[""] for record in (dated, undated)])
        # Three months are too few to tell.
        few = learn_chances(past[month < 3])
        assert few.doubts[""] == pytest.approx(math.sqrt(few.rates[""] * (1 - few.rates[""]) / 452))
    with_months, without = np.mean(held, axis=0)
    assert 0.65 <= with_months <= 0.95
    assert without < 0.5


@pytest.mark.parametrize("won", [0, 60])
def test_where_all_were_lost_or_won_nothing_is_certain(won: int) -> None:
    results = xlprofit.analyze(_company() | {"Prospects": _pipeline({"Hotels": (won, 60)})})
    rate = results.win_record.rates["hotels"]
    assert 0 < rate < 1
    assert abs(rate - won / 60) < 0.01
    low, high = _chances(results)
    assert 0 <= low < high <= 1 + 1e-9


def test_one_past_prospect_says_nothing_of_a_blank_chance() -> None:
    results = xlprofit.analyze(_company() | {"Prospects": _pipeline({"Hotels": (1, 1)})})
    assert _chances(results) == pytest.approx((0, 1))
    assert (results.win_record.closed, results.win_record.won) == (1, 1)


@pytest.mark.parametrize(
    "words",
    [
        ("Won", " LOST "),
        ("Closed Won", "Closed Lost"),
        ("voitettu", "hävitty"),
        ("Voitto", "menetetty"),
        ("gewonnen", "Verloren"),
        ("vunnen", "förlorad"),
    ],
)
def test_outcomes_are_read_in_the_words_of_a_crm(words: tuple[str, str]) -> None:
    results = xlprofit.analyze(_company() | {"Prospects": _pipeline({"Hotels": (12, 30)}, words)})
    assert (results.win_record.closed, results.win_record.won) == (30, 12)
    assert not [f for f in results.findings if f.sheet == "Prospects" and f.code == "C11"]


@pytest.mark.parametrize(
    "stage",
    [
        *("Prospecting", "Engaging", "Needs Analysis", "Id. Decision Makers", "Negotiation/Review"),
        *(
            "appointmentscheduled",
            "Contract Sent",
            "Lead In",
            "On hold",
            "Angebot gesendet",
            "Offert",
            "Kartoitus",
        ),
    ],
)
def test_a_stage_of_a_pipeline_is_an_open_prospect(stage: str) -> None:
    """Stages as the common CRM systems call them, in the column of a deal's stage."""
    assert parse_choice(stage, ("open", "won", "lost")) == "open"


def test_an_outcome_that_cannot_be_read_is_an_error_and_teaches_nothing() -> None:
    results = xlprofit.analyze(_company() | {"Prospects": _pipeline({"Hotels": (12, 30)}, ("1", "0"))})
    assert results.win_record.closed == 0
    assert {f.severity for f in results.findings if f.code == "C11"} == {"error"}


def test_a_prospect_is_worth_no_more_before_it_is_won() -> None:
    results = xlprofit.analyze(_company())
    kept = lifetime.find_multiples(1.0, 0.0, 1.8)
    assert _screened()["lifetime_multiple"] == pytest.approx(float(kept))
    annuity = results.decisions["keep_value"] / -results.decisions["effect_of_ending_a_year"]
    assert annuity.to_numpy() == pytest.approx(float(lifetime.find_multiples(1.0, 0.0, 3.0)))


@pytest.mark.parametrize("relationship", ["open", "contract"])
def test_a_customer_is_worth_to_a_cent_what_it_was_worth_as_a_prospect(relationship: str) -> None:
    """Forty alike, 1,000 a month at 40 %: the forecast that proved itself says the same of one more of them."""
    days = pd.date_range("2023-01-15", periods=24, freq=pd.DateOffset(months=1))
    rows = [(day, f"C{place}", 1_000.0, 600.0) for place in range(40) for day in days]
    tables: Tables = {
        "Sales": pd.DataFrame(rows, columns=["date", "customer", "gross_revenue", "cogs"]),
        "Settings": frames.settings(
            start="2023-01-01", end="2024-12-31", period="month", relationship=relationship
        ),
        "Prospects": pd.DataFrame(
            {"prospect": ["New"], "revenue": [12_000.0], "margin": 0.4, "win_probability": 1.0}
        ),
    }
    results = xlprofit.analyze(tables)
    value = float(results.prospects["value"]["New"])
    assert results.decisions["keep_value"].to_numpy() == pytest.approx(value, abs=0.01)
    ahead = results.outlook["lifetime_value"] - results.outlook["lifetime_profit"]
    assert ahead.to_numpy() == pytest.approx(value, abs=0.01)


def _past(wins: Mapping[str, tuple[int, int]]) -> pd.DataFrame:
    return _pipeline(wins).dropna(subset=["outcome"]).reset_index(drop=True)


@pytest.mark.parametrize(
    ("wins", "by_segment"),
    [
        ({"Hotels": (30, 40), "Shops": (5, 60), "": (3, 9)}, True),
        ({"Hotels": (20, 40), "Shops": (31, 60), "Bars": (1, 1)}, False),
        ({"Hotels": (0, 1), "Shops": (1, 1), "Bars": (5, 12)}, False),
    ],
)
def test_the_share_of_a_segment_is_used_where_it_was_nearer(
    wins: dict[str, tuple[int, int]], by_segment: bool
) -> None:
    """Each past prospect told by all the others, one by one, from nothing but what they came to."""
    past = _past(wins)
    record = learn_chances(past)
    assert record.by_segment is by_segment
    errors: dict[str, list[float]] = {"all": [], "segment": []}
    for place in range(len(past)):
        others, one = past.drop(index=place), past.iloc[place]
        won = others["outcome"].eq("won")
        of_all = (won.sum() + 0.5) / (len(others) + 1)
        named = others["segment"] != ""
        by = won[named].groupby(others["segment"][named]).agg(["size", "sum"])
        n, w = by["size"].to_numpy(float), by["sum"].to_numpy(float)
        share, size, segments = w.sum() / n.sum(), n.sum() - (n**2).sum() / n.sum(), len(n)
        between = (n * (w / n - share) ** 2).sum() / size
        found, off = (
            between - (segments - 1) * share * (1 - share) / size,
            math.sqrt(2 / (segments - 1)) * between,
        )
        truly = found + off * stats.norm.pdf(found / off) / stats.norm.cdf(found / off)
        own_n, own_w = by.loc[one["segment"]] if one["segment"] in by.index else (0, 0)
        weight = truly / (truly + of_all * (1 - of_all) / (own_n + 1)) if one["segment"] else 0.0
        own = of_all + weight * ((own_w + of_all) / (own_n + 1) - of_all)
        came = float(one["outcome"] == "won")
        errors["all"].append((of_all - came) ** 2)
        errors["segment"].append((own - came) ** 2)
    assert record.briers == pytest.approx({way: np.mean(error) for way, error in errors.items()}, abs=1e-6)
    if not by_segment:
        assert set(record.rates.values()) == {record.rates[""]}


def test_stated_chances_stay_where_adjusting_them_is_no_nearer() -> None:
    """Of those stated at 30 % three in ten are won, at 70 % seven: nothing is to be set right, and that is said."""
    chance = np.repeat([0.3, 0.7], 100)
    won = np.tile(np.arange(10), 20) < np.repeat([3, 7], 100)
    rows = pd.DataFrame(
        {
            "prospect": [f"P{place}" for place in range(200)],
            "segment": "Hotels",
            "revenue": 1_000.0,
            "margin": 0.4,
            "win_probability": chance,
            "outcome": np.where(won, "won", "lost"),
        }
    )
    new = pd.DataFrame(
        {"prospect": ["New"], "segment": "Hotels", "revenue": 1_000.0, "margin": 0.4, "win_probability": 0.6}
    )
    results = xlprofit.analyze(_company() | {"Prospects": pd.concat([rows, new], ignore_index=True)})
    record = results.win_record
    assert not record.learnt
    assert record.briers["stated"] == pytest.approx(0.21)
    assert record.briers["stated"] <= record.briers["adjusted"]
    assert results.prospects.loc["New", "win_probability"] == 0.6
    sheet = describe_prospect_screening_sheet(results)
    assert sheet is not None
    (said,) = [str(cell.value) for cell in sheet.cells if "used as stated" in str(cell.value)]
    assert {100.0, 200.0, 50.0, 0.21} <= set(read_figures(said))


def test_the_sheet_names_how_a_blank_chance_is_found_and_how_near_that_was() -> None:
    for wins, words in (
        ({"Hotels": (30, 40), "Shops": (5, 60)}, "its segment, drawn"),
        ({"Hotels": (20, 40), "Shops": (31, 60)}, "was no nearer"),
        ({"Hotels": (20, 40)}, "all past"),
    ):
        results = xlprofit.analyze(_company() | {"Prospects": _pipeline(wins)})
        sheet = describe_prospect_screening_sheet(results)
        assert sheet is not None
        (said,) = [str(cell.value) for cell in sheet.cells if "blank chance" in str(cell.value)]
        assert words in said
        figures = {round(figure, 3) for figure in read_figures(said)}
        assert {round(value, 3) for value in results.win_record.briers.values()} <= figures


def test_a_blank_revenue_shows_what_it_may_be() -> None:
    tables = _company()
    many = [f"H{place}" for place in range(30)]
    tables["Sales"] = pd.DataFrame(
        {"date": "2024-06-30", "customer": many, "gross_revenue": np.arange(1.0, 31.0) * 1_000, "cogs": 0.0}
    )
    tables["Customers"] = pd.DataFrame({"customer": many, "segment": "Hotels"})
    tables["Prospects"] = pd.DataFrame(
        {"prospect": ["New", "Known"], "segment": "Hotels", "margin": 0.4, "revenue": [None, 5_000.0]}
    )
    results = xlprofit.analyze(tables)
    sheet = describe_prospect_screening_sheet(results)
    assert sheet is not None
    shown = {column.key: column for column in sheet.tables[0].columns if not column.detail}
    # One in ten of 1,000 to 30,000 is below 3,900, one in ten above 27,100.
    new = list(shown["prospect"].values).index("New")
    ends = [[shown[key].values[place] for key in ("revenue_low", "revenue_high")] for place in (new, 1 - new)]
    assert ends[0] == pytest.approx([3_900, 27_100])
    assert ends[1] == [None, None]


@pytest.mark.parametrize(("count", "says"), [(50, 0.0), (3_000, 0.0), (300, -1.0), (3_000, -1.0), (40, 3.0)])
def test_stated_chances_that_say_nothing_or_the_opposite_are_adjusted_all_the_same(
    count: int, says: float
) -> None:
    """The line is where the likelihood is highest, as scipy finds it too; Newton's whole steps led away from it."""
    rng = np.random.default_rng(7)
    stated = rng.uniform(0, 1, count)
    odds = np.log(np.clip(stated, 0.005, 0.995) / (1 - np.clip(stated, 0.005, 0.995)))
    won = rng.random(count) < 1 / (1 + np.exp(0.4 - says * odds))
    outcome = np.where(won, "won", "lost")
    record = learn_chances(pd.DataFrame({"segment": "", "win_probability": stated, "outcome": outcome}))

    def unlikely(line: np.ndarray) -> float:
        said = line[0] + line[1] * odds
        return float((np.logaddexp(0, said) - won * said).sum() + line[0] ** 2 / 2 + 2 * (line[1] - 1) ** 2)

    best = optimize.minimize(
        unlikely, [0.0, 1.0], method="Nelder-Mead", options={"xatol": 1e-7, "fatol": 1e-9}
    )
    assert (record.shift, record.slope) == pytest.approx(tuple(best.x), abs=1e-4)
    assert record.briers["adjusted"] < record.briers["stated"]


def test_a_segment_of_few_may_be_as_large_as_any_customer_is() -> None:
    """Thirty shops of 1,000 to 30,000 a year and three hotels of 40,000: a hotel may be small, or as they are."""
    tables = _company()
    revenue = [*(np.arange(1.0, 31.0) * 1_000), 40_000.0, 40_000.0, 40_000.0]
    names = [f"C{place}" for place in range(33)]
    tables["Sales"] = pd.DataFrame(
        {"date": "2024-06-30", "customer": names, "gross_revenue": revenue, "cogs": 0.0}
    )
    segment = ["Shops"] * 30 + ["Hotels"] * 3
    tables["Customers"] = pd.DataFrame({"customer": names, "segment": segment})
    tables["Prospects"] = pd.DataFrame(
        {"prospect": ["Hotel", "Shop", "New"], "segment": ["Hotels", "Shops", ""], "margin": 0.4}
    )
    found = xlprofit.analyze(tables).prospects
    of_all = np.quantile(revenue, [0.1, 0.9])
    ends = found.loc[["Hotel", "Shop", "New"], ["revenue_low", "revenue_high"]].to_numpy(dtype=np.float64)
    assert ends.ravel() == pytest.approx([of_all[0], 40_000, 3_900, 27_100, *of_all])
