"""Word of mouth that is counted and not named, and what is lost of it if a referrer ends: figures by hand."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from tests.figures import read_figures
from tests.outlook.test_outlook import shop
from xlprofit.results import Results
from xlprofit.sheets.referral_value import describe_referral_value_sheet
from xlprofit.workflow import analyze

NAMES = ("Anna", "Bert", "Cleo", "Dora")
MONTHLY = (100.0, 200.0, 300.0, 400.0)
"""What each of four customers leaves a month, for one year."""

KEPT = 0.8 / 1.1
ANNUITY = (1.0 + KEPT + KEPT**2) / 1.1
"""Retention 0.8, 10 % a year, three years, the first margin a year from now with its own chance in it: 2.0511."""

STAYS = (1.0 + 4.0 * math.sqrt(0.8) + 0.8) / 6.0
"""The share of the year ahead in which a customer is one, by Simpson's rule: 0.8963."""

EACH = 3_000.0 * STAYS
"""What the four are expected to earn in the year ahead on average: 12 × 250 × 0.8963 = 2,688.85."""


def company(counts: object = None, named: list[tuple[str, str]] | None = None, **settings: object) -> Results:
    """Four customers with these counts, and by name who brought whom."""
    days = pd.date_range("2024-01-15", periods=12, freq=pd.DateOffset(months=1))
    rows = [(day, who, m, 0.0) for who, m in zip(NAMES, MONTHLY, strict=True) for day in days]
    given = {"start": "2024-01-01", "end": "2024-12-31", "retention": 0.8, "discount_rate": 0.1, "horizon": 3}
    given |= settings
    tables = {
        "Sales": pd.DataFrame(rows, columns=["date", "customer", "gross_revenue", "cogs"]),
        "Settings": pd.DataFrame({"setting": list(given), "value": list(given.values())}),
    }
    if counts is not None:
        tables["Customers"] = pd.DataFrame({"customer": NAMES, "referrals": counts})
    if named is not None:
        tables["Referrals"] = pd.DataFrame(named, columns=["referrer", "referred"])
    return analyze(tables)


def codes(results: Results) -> set[str]:
    return {finding.code for finding in results.findings}


def test_a_count_is_so_many_customers_of_the_usual_profit() -> None:
    """Nobody is named, so each of the two earns what a customer does: (1,200 + 2,400 + 3,600 + 4,800) / 4 = 3,000."""
    anna = company([2, None, None, None]).referrals.loc["Anna"]
    assert (anna["unnamed"], anna["unnamed_value"], anna["referral_value"]) == (2, 6_000, 6_000)
    assert (anna["type_one"], anna["type_two"], anna["rewards"], anna["referred"]) == (0, 0, 0, 0)


def test_what_is_to_come_is_drawn_towards_what_all_bring() -> None:
    """Two in four customer years are 0.5 a year: (2 + 2 × 0.5) / (1 + 2) = 1, and (0 + 2 × 0.5) / 3 of the others."""
    found = company([2, 0, 0, 0]).referrals
    assert found["to_come_a_year"].to_numpy() == pytest.approx([1, 1 / 3, 1 / 3, 1 / 3])
    worth = EACH * ANNUITY
    assert found["lost_a_year"].to_numpy() == pytest.approx(found["to_come_a_year"] * worth)
    # Over the referrer's own survival: each year's referrals, as long as it is there to make them.
    assert found["forward_value"].to_numpy() == pytest.approx(
        found["to_come_a_year"] * worth * STAYS * ANNUITY
    )
    assert found.loc["Anna", "forward_value"] == pytest.approx(10_138.71, abs=0.01)


def test_who_is_named_is_not_counted_twice() -> None:
    """Three in all, of which Bert is one by name, whose 2,400 is what a referred customer earns."""
    anna = company([3, None, None, None], [("Anna", "Bert")]).referrals.loc["Anna"]
    assert (anna["referred"], anna["unnamed"], anna["unnamed_value"]) == (1, 2, 4_800)
    assert anna["referral_value"] == 2_400 + 4_800
    fewer = company([0, None, None, None], [("Anna", "Bert")]).referrals.loc["Anna"]
    assert (fewer["referred"], fewer["unnamed"], fewer["referral_value"]) == (1, 0, 2_400)


@pytest.mark.parametrize(("stay", "goes"), [(1.0, 0.0), (0.5, 0.5), (0.0, 1.0)])
def test_those_already_here_stay_as_far_as_the_setting_says(stay: float, goes: float) -> None:
    """Of Bert's 2,400 × 0.8963 a year goes with Anna what does not stay, beside the referrals to come."""
    found = company(None, [("Anna", "Bert")], referred_stay=stay).referrals
    to_come = (1 + 2 * 0.25) / 3
    worth = ANNUITY * (2_400 * STAYS + 5 * EACH) / 6
    assert found.loc["Anna", "to_come_a_year"] == pytest.approx(to_come)
    assert found.loc["Anna", "lost_a_year"] == pytest.approx(to_come * worth + goes * 2_400 * STAYS)
    assert found.loc["Dora", "lost_a_year"] == pytest.approx(0.5 / 3 * worth)


def test_what_a_referred_customer_brings_is_what_outlook_says_it_is_worth() -> None:
    """One timing of cash: profit to come has the same present value here as in the lifetime value."""
    found = company([2, 0, 0, 0])
    to_come = found.outlook["lifetime_value"] - found.outlook["lifetime_profit"]
    assert found.referrals.loc["Anna", "lost_a_year"] == pytest.approx(to_come.mean())  # one a year


def test_who_goes_takes_those_along_that_it_brought_and_whom_they_brought() -> None:
    """Anna brought Bert, who brought Cleo, who brought Dora: where nobody stays by himself all of them go."""
    found = company(None, [("Anna", "Bert"), ("Bert", "Cleo"), ("Cleo", "Dora")], referred_stay=0).referrals
    rate, few = (1 + 2 * 0.75) / 3, 2 * 0.75 / 3
    worth = ANNUITY * ((2_400 + 3_600 + 4_800) * STAYS + 5 * EACH) / 8
    going = np.array([2_400 + 3_600 + 4_800, 3_600 + 4_800, 4_800, 0]) * STAYS
    assert found["lost_a_year"].to_numpy() == pytest.approx(worth * np.array([rate, rate, rate, few]) + going)
    half = company(None, [("Anna", "Bert"), ("Bert", "Cleo")], referred_stay=0.5).referrals["lost_a_year"]
    assert half["Anna"] - half["Bert"] == pytest.approx((0.5 * 2_400 + 0.25 * 3_600 - 0.5 * 3_600) * STAYS)


def test_those_counted_without_a_name_go_too_where_they_do_not_stay() -> None:
    """Two that nobody knows, of whom each is expected to earn what any customer is."""
    stay, go = (company([2, 0, 0, 0], referred_stay=share).referrals["lost_a_year"] for share in (1, 0))
    assert (go - stay).to_numpy() == pytest.approx([2 * EACH, 0, 0, 0])


def test_a_young_record_says_nothing_of_the_years_before_it() -> None:
    """Customers since 2004, referrals written down since last year: one in the year of the span, not in 21."""
    found = company(None, None, start="2024-01-01")
    tables = {name: found.inputs[name] for name in ("Sales", "Settings")}
    old = {"customer": NAMES, "since": ["2004-01-01"] * 4}
    tables |= {
        "Customers": pd.DataFrame(old),
        "Referrals": pd.DataFrame({"referrer": ["Anna"], "referred": ["Bert"], "date": ["2024-03-01"]}),
    }
    assert analyze(tables).referrals.loc["Anna", "to_come_a_year"] == pytest.approx((1 + 2 * 0.25) / 3, 1e-3)
    tables["Referrals"] = tables["Referrals"].assign(date="2014-12-31")  # ten years of a record: one in ten
    assert analyze(tables).referrals.loc["Anna", "to_come_a_year"] == pytest.approx(
        (1 + 2 * 0.025) / 12, 1e-3
    )


def test_a_prospect_has_not_been_brought_yet() -> None:
    found = company(None, None)
    tables = {name: found.inputs[name] for name in ("Sales", "Settings")}
    tables |= {
        "Prospects": pd.DataFrame({"prospect": ["Eves"], "revenue": [1_000.0]}),
        "Referrals": pd.DataFrame({"referrer": ["Anna", "Eves"], "referred": ["Eves", "Bert"]}),
    }
    told = analyze(tables)
    assert told.referrals["to_come_a_year"].tolist() == [0, 0, 0, 0]
    (said,) = [str(f) for f in told.findings if f.code == "R45"]
    assert "Eves" in said and "Customers" in said and "misspelt" not in said


def test_who_has_ended_loses_nothing_more_and_says_what_one_like_it_brings() -> None:
    """Anna has gone, Bert whom she brought too: another one like Bert would earn what he did while he was there."""
    found = company(None, None)
    sales = found.inputs["Sales"]
    gone = sales["customer"].astype(str).isin(["Anna", "Bert"]) & (sales["date"] > "2024-06-30")
    tables = {"Sales": sales[~gone], "Settings": found.inputs["Settings"]}
    until = ["2024-06-30", "2024-06-30", None, None]
    tables |= {
        "Customers": pd.DataFrame({"customer": NAMES, "ended": until}),
        "Referrals": pd.DataFrame({"referrer": ["Anna"], "referred": ["Bert"]}),
    }
    told = analyze(tables)
    ahead = told.referrals[["to_come_a_year", "forward_value", "lost_a_year"]]
    assert ahead.loc[["Anna"]].to_numpy().tolist() == [[0, 0, 0]]
    years = np.array([0.5, 0.5, 1.0, 1.0])
    rate = 2 * (1 / years.sum()) / (1 + 2)
    usual = (3_600 + 4_800) / 2 * STAYS
    worth = ANNUITY * (2_400 * STAYS + 5 * (2 * usual + (2_400 + 1_200) * STAYS) / 4) / 6
    assert told.referrals.loc["Dora", "lost_a_year"] == pytest.approx(rate * worth, rel=0.01)


def test_they_stay_by_default() -> None:
    one, other = (company(None, [("Anna", "Bert")], **more).referrals for more in ({}, {"referred_stay": 1}))
    pd.testing.assert_frame_equal(one, other)


@pytest.mark.parametrize("stay", [1.5, -0.1, "most"])
def test_a_setting_out_of_range_is_said_and_the_default_used(stay: object) -> None:
    given = company(None, [("Anna", "Bert")], referred_stay=stay)
    assert "S02" in codes(given)
    assert given.inputs.settings.referred_stay == 1.0


def test_a_share_may_be_written_in_percent() -> None:
    assert company(None, [("Anna", "Bert")], referred_stay="40 %").inputs.settings.referred_stay == 0.4


def test_nothing_brought_is_no_unknown_and_a_blank_is() -> None:
    zero = company([0, 0, 0, 0])
    assert (zero.referrals[["referral_value", "to_come_a_year", "lost_a_year"]] == 0).all(axis=None)
    for nothing in (["", None, " ", np.nan], None):
        unknown = company(nothing).referrals
        assert (
            unknown[["referral_value", "to_come_a_year", "forward_value", "lost_a_year"]]
            .isna()
            .all(axis=None)
        )
    # One that says so makes the others nothing known beside it, not nothing at all of all of them.
    assert company([2, None, None, None]).referrals["referral_value"].tolist() == [6_000, 0, 0, 0]


@pytest.mark.parametrize("cell", ["two", "2 kpl", -1])
def test_what_is_no_count_is_a_finding_and_counts_as_blank(cell: object) -> None:
    given = company([cell, 1, None, None])
    (found,) = [f for f in given.findings if f.cell == "B2"]
    assert found.severity in ("error", "warning")
    assert given.referrals.loc["Anna", "unnamed"] == 0
    assert given.referrals.loc["Bert", "unnamed"] == 1


def test_more_than_there_are_customers_is_counted_and_warned_of() -> None:
    given = company([900, None, None, None])
    (found,) = [f for f in given.findings if f.code == "M16"]
    assert (found.severity, found.cell) == ("warning", "B2")
    assert {900.0, 4.0} <= set(read_figures(str(found)))
    assert given.referrals.loc["Anna", "unnamed"] == 900
    # Three others it may have brought; half a customer is one that two have brought.
    assert "M16" not in codes(company([3, None, None, None]))
    assert company([0.5, None, None, None]).referrals.loc["Anna", "unnamed_value"] == 1_500


def test_counts_are_enough_for_word_of_mouth_not_to_be_called_left_out() -> None:
    def left_out(results: Results) -> str:
        return next(str(f) for f in results.findings if f.code == "T03")

    assert "Referrals" in left_out(company())
    assert "Referrals" not in left_out(company([2, None, None, None]))


def test_a_finnish_workbook_says_the_same() -> None:
    english = company([2, None, None, 1])
    sales = english.inputs["Sales"]
    finnish = analyze(
        {
            "Myynti": pd.DataFrame(
                {
                    "päivä": sales["date"],
                    "asiakas": sales["customer"].astype(str),
                    "bruttomyynti": sales["gross_revenue"],
                    "hankintameno": 0.0,
                }
            ),
            "Asiakkaat": pd.DataFrame({"asiakas": NAMES, "suositukset": ["2", None, "", 1]}),
            "Asetukset": pd.DataFrame(
                {
                    "asetus": ["start", "end", "retention", "discount_rate", "horizon", "language"],
                    "arvo": ["1.1.2024", "31.12.2024", "80 %", "10 %", 3, "fi"],
                }
            ),
        }
    )
    pd.testing.assert_frame_equal(finnish.referrals, english.referrals)


def test_the_chance_that_a_referrer_is_still_there_counts_once() -> None:
    """Value if ended = annuity × (freed capacity − what is lost a year), and the annuity holds that chance already."""
    tables = shop() | {
        "Referrals": pd.DataFrame(
            {
                "referrer": [f"C{i:03d}" for i in range(0, 100, 2)],
                "referred": [f"C{i:03d}" for i in range(1, 100, 2)],
            }
        )
    }
    found = analyze(tables)
    outlook, decided, lost = found.outlook, found.decisions, found.referrals["lost_a_year"]
    active = outlook["chance_active"]
    kept = outlook["retention"] / 1.1
    stays = (1 + 4 * np.sqrt(outlook["retention"]) + outlook["retention"]) / 6
    annuity = active * stays * (1 + kept + kept**2) / 1.1
    assert ((active > 0.2) & (active < 0.8) & (lost > 0)).any()
    assert decided["freed_capacity_a_year"].abs().max() < 1e-9
    ended = (-annuity * lost.clip(lower=0)).to_numpy()
    assert decided["end_value"].to_numpy() == pytest.approx(ended, rel=0.01, abs=1e-3)
    # What one brings is the same whoever brings it: value to come is so many of them, as long as the referrer stays.
    one = found.referrals["forward_value"] / (found.referrals["to_come_a_year"] * annuity / active)
    assert one.dropna().to_numpy() == pytest.approx(float(one.dropna().iloc[0]), rel=0.01)


@pytest.mark.parametrize(("counts", "named"), [([3, None, None, None], True), ([1, None, None, None], False)])
def test_the_sheet_shows_how_many_came_without_a_name_where_some_did(counts: object, named: bool) -> None:
    sheet = describe_referral_value_sheet(company(counts, [("Anna", "Bert")]))
    assert sheet is not None
    shown = {column.key: list(column.values) for column in sheet.tables[0].columns if not column.detail}
    assert shown["referred"] == [1]
    assert ("unnamed" in shown) == ("unnamed_value" in shown) == named
    if named:
        assert (shown["unnamed"], shown["unnamed_value"]) == ([2], [4_800])


def test_a_count_stands_in_whichever_row_of_a_customer_has_it() -> None:
    """Anna moved to another segment in July; her two referrals are noted in the row before it."""
    tables = {name: company().inputs[name] for name in ("Sales", "Settings")}
    tables["Customers"] = pd.DataFrame(
        {
            "customer": ["Anna", "Anna", "Bert"],
            "segment": ["Hotels", "Shops", "Shops"],
            "from": ["2024-01-01", "2024-07-01", None],
            "until": ["2024-06-30", None, None],
            "referrals": [2, None, 0],
        }
    )
    assert analyze(tables).referrals["unnamed"].tolist() == [2, 0, 0, 0]


@pytest.mark.parametrize("top", ["Chain", "Bert"])
def test_a_group_brought_what_its_members_did_and_ends_with_the_last_of_them(top: str) -> None:
    """Anna counts two, of whom Bert of her own group is one, and ended; Bert counts three and goes on."""
    tables = {name: company().inputs[name] for name in ("Sales", "Settings")}
    sales = tables["Sales"]
    gone = (sales["customer"].astype(str) == "Anna") & (sales["date"] > "2024-06-30")
    tables["Sales"] = sales[~gone]
    tables["Customers"] = pd.DataFrame(
        {
            "customer": NAMES,
            "parent": [top, None if top == "Bert" else top, None, None],
            "since": ["2019-01-01", "2021-01-01", None, None],
            "ended": ["2024-06-30", None, None, None],
            "referrals": [2, 3, None, 0],
        }
    )
    tables["Referrals"] = pd.DataFrame({"referrer": ["Anna"], "referred": ["Bert"]})
    groups = analyze(tables).groups
    found = groups.inputs["Customers"].set_index("customer")
    assert found.loc[[top], "since"].tolist() == [pd.Timestamp("2019-01-01")]
    assert found["ended"].isna().all()
    brought = groups.referrals
    assert brought["unnamed"].to_dict() == {top: 4, "Cleo": 0, "Dora": 0}
    assert groups.outlook["expected_profit"][top] > 1_000
    # Both have ended: so has the group.
    tables["Sales"] = sales[
        ~gone & ~((sales["customer"].astype(str) == "Bert") & (sales["date"] > "2024-09-30"))
    ]
    until = pd.Series(["2024-06-30", "2024-09-30", None, None], dtype=object)
    tables["Customers"] = tables["Customers"].assign(ended=until)
    ended = analyze(tables).groups
    assert ended.inputs["Customers"].set_index("customer")["ended"][top] == pd.Timestamp("2024-09-30")
    assert ended.outlook["expected_profit"][top] == 0
