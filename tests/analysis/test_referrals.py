from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tests.golden.frames import DAY, settings, table
from tests.needs import examples
from xlprofit.analysis import referrals
from xlprofit.results import Results
from xlprofit.tables import Inputs
from xlprofit.workflow import analyze

NAMES = [*"ABCDEFG"]
PROFITS = dict(zip(NAMES, [100.0, 200.0, -50.0, 400.0, 1000.0, 30.0, 0.0], strict=True))
HEADERS = "referrer referred date share anyway reward"
Edge = tuple[str, str, str | None, float, float, float]


def find_cycles(inputs: Inputs) -> pd.DataFrame:
    """The referrals that close a ring and are not followed, a row each, with the names around the ring."""
    edges = referrals._list_edges(inputs)
    found = referrals._find_rings(edges)
    closing = edges.iloc[[last for last, _ in found]][["referrer", "referred", "date", "row"]]
    return closing.assign(ring=[" → ".join(names) for _, names in found]).reset_index(drop=True)


@cache
def company() -> Results:
    """A company whose customers A to G earn what PROFITS says, and on which nothing was spent to win them."""
    sales = table(
        "date customer gross_revenue cogs", *[(DAY, c, 2000.0, 2000 - p) for c, p in PROFITS.items()]
    )
    return analyze({"Settings": settings(), "Sales": sales})


def referred(*edges: Sequence[object]) -> Results:
    """The company with these referrals: referrer, referred, date, share, anyway, reward."""
    base = company()
    frame = table(HEADERS, *edges).assign(row=np.arange(2, len(edges) + 2))
    frame["date"] = pd.to_datetime(frame["date"]).astype("datetime64[ns]")
    names = pd.CategoricalDtype([*NAMES])
    frame = frame.astype(
        {"referrer": names, "referred": names, "share": float, "anyway": float, "reward": float}
    )
    inputs = replace(base.inputs, frames={**base.inputs.frames, "Referrals": frame})
    return replace(base, basis=replace(base.basis, inputs=inputs))


def value(results: Results, saved: float = 0.0) -> pd.DataFrame:
    network = referrals.list_network(results.inputs, results.customers, saved)
    return referrals.value_referrals(results.inputs, results.customers, network)


def network(results: Results, saved: float = 0.0) -> pd.DataFrame:
    return referrals.list_network(results.inputs, results.customers, saved)


def test_a_customer_that_would_not_have_come_brings_its_profit_less_the_reward() -> None:
    found = value(referred(("A", "D", DAY, 1.0, 0.0, 60.0)))
    assert found.loc["A"].to_dict() == {
        "referral_value": 340.0,
        "type_one": 400.0,
        "type_two": 0.0,
        "rewards": -60.0,
        "referred": 1.0,
        "chain": 1.0,
    }
    assert found["referral_value"].drop("A").abs().sum() == pytest.approx(0.0)


def test_a_customer_that_would_have_come_anyhow_saves_its_acquisition() -> None:
    found = value(referred(("A", "D", DAY, 0.5, 0.25, 0.0)), saved=80.0)
    assert found.loc["A", "type_one"] == pytest.approx(400 * 0.5 * 0.75)
    assert found.loc["A", "type_two"] == pytest.approx(80 * 0.5 * 0.25)


def test_chains_are_followed() -> None:
    found = value(referred(("A", "B", DAY, 1.0, 0.5, 0.0), ("B", "E", DAY, 1.0, 0.2, 10.0)))
    assert found.loc["B", "referral_value"] == pytest.approx(1000 * 0.8 - 10)
    assert found.loc["A", "referral_value"] == pytest.approx(0.5 * (200 + 790))
    assert list(found.loc["A", ["referred", "chain"]]) == [1, 2]


def test_a_customer_brought_on_two_ways_is_counted_once_in_the_chain() -> None:
    edges = [(a, b, DAY, 0.5, 0.0, 0.0) for a, b in ("AB", "AC", "BE", "CE", "EF")]
    found = value(referred(*edges))
    assert found["chain"].to_dict() == {"A": 4, "B": 2, "C": 2, "D": 0, "E": 1, "F": 0, "G": 0}


def test_the_depth_of_a_referral_counts_the_links_above_it() -> None:
    links = network(referred(*[(a, b, DAY, 1.0, 0.0, 0.0) for a, b in ("AB", "BC", "DC", "CE")]))
    assert dict(zip(links["referrer"] + links["referred"], links["depth"], strict=True)) == {
        "AB": 1,
        "BC": 2,
        "CE": 3,
        "DC": 1,
    }


def test_a_referred_loss_maker_takes_from_its_referrer() -> None:
    assert value(referred(("A", "C", DAY, 1.0, 0.0, 0.0))).loc["A", "referral_value"] == pytest.approx(-50.0)


def test_shares_of_more_than_the_whole_are_scaled_to_it() -> None:
    found = value(referred(("A", "D", DAY, 1.0, 0.0, 0.0), ("B", "D", DAY, 0.6, 0.0, 0.0)))
    assert found["referral_value"].sum() == pytest.approx(PROFITS["D"])
    assert found.loc["A", "referral_value"] == pytest.approx(400 / 1.6)


def test_the_latest_referral_of_a_ring_is_reported_and_not_followed() -> None:
    edges = [("A", "B", "2024-03-01"), ("B", "C", "2024-01-01"), ("C", "A", "2024-02-01"), ("B", "D", DAY)]
    results = referred(*[(*e, 1.0, 0.0, 5.0) for e in edges])
    rings = find_cycles(results.inputs)
    assert rings[["referrer", "referred", "row", "ring"]].to_numpy().tolist() == [
        ["A", "B", 2, "A → B → C → A"]
    ]
    links = network(results).set_index(["referrer", "referred"])
    assert links.index[~links["followed"]].tolist() == [("A", "B")]
    found = value(results)
    assert list(found.loc["A", ["referral_value", "referred", "chain"]]) == [-5.0, 0, 0]
    assert found.loc["C", "referral_value"] == pytest.approx(100 - 5 - 5)
    assert found.loc["B", "chain"] == 3


def test_a_referral_without_a_date_is_the_last_of_its_ring_and_of_one_day_the_last_by_name() -> None:
    undated = referred(("A", "B", None, 1.0, 0.0, 0.0), ("B", "A", DAY, 1.0, 0.0, 0.0))
    assert find_cycles(undated.inputs)["ring"].tolist() == ["A → B → A"]
    same_day = referred(("A", "B", DAY, 1.0, 0.0, 0.0), ("B", "A", DAY, 1.0, 0.0, 0.0))
    assert find_cycles(same_day.inputs)["ring"].tolist() == ["B → A → B"]


def test_nobody_brings_itself() -> None:
    results = referred(("A", "A", DAY, 1.0, 0.0, 0.0))
    assert find_cycles(results.inputs)["ring"].tolist() == ["A → A"]
    assert list(value(results).loc["A", ["referral_value", "referred", "chain"]]) == [0.0, 0, 0]


def test_without_referrals_their_value_is_unknown_and_not_nothing() -> None:
    found = value(company())
    assert found["referral_value"].isna().all()
    assert found["referred"].tolist() == [0] * len(NAMES)
    assert network(company()).empty
    assert find_cycles(company().inputs).empty


def test_the_acquisition_saved_is_what_winning_one_that_nobody_referred_costs() -> None:
    costs = table(
        "date customer group amount",
        *[(DAY, c, "acquire", a) for c, a in {"A": 60.0, "B": 100.0, "C": 7.0}.items()],
        (DAY, "A", "service", 500.0),
    )
    sales = table("date customer gross_revenue", *[(DAY, c, 1000.0) for c in "ABCD"])
    rules = table("scope basis rate", ("all", "net_revenue", 0.1))
    brought = table("referrer referred", ("A", "C"))
    tables = {"Settings": settings(), "Sales": sales, "DirectCosts": costs, "Commissions": rules}
    results = analyze({**tables, "Referrals": brought})
    assert referrals.find_acquisition_cost_saved(results.inputs, results.ledger) == pytest.approx(80.0)
    free = analyze({"Sales": sales, "Referrals": brought})
    assert referrals.find_acquisition_cost_saved(free.inputs, free.ledger) == pytest.approx(0.0)


def test_referrals_are_a_memo_that_no_total_depends_on() -> None:
    sales = table("date customer gross_revenue", *[(DAY, c, 100.0) for c in "AB"])
    tables = {"Settings": settings(), "Sales": sales}
    without = analyze(tables)
    with_them = analyze({**tables, "Referrals": table("referrer referred reward", ("A", "B", 40.0))})
    pd.testing.assert_frame_equal(with_them.ledger, without.ledger, check_exact=True)
    pd.testing.assert_frame_equal(with_them.customers, without.customers, check_exact=True)
    pd.testing.assert_frame_equal(with_them.company, without.company, check_exact=True)
    assert value(with_them).loc["A", "referral_value"] == pytest.approx(60.0)


shares = st.sampled_from([0.0, 0.25, 0.5, 1.0])
dates = st.sampled_from([None, "2024-01-01", "2024-02-01", DAY])
edge = st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES), dates, shares, shares, shares)
graphs = st.lists(edge, min_size=1, max_size=20, unique_by=lambda e: e[:2])


@hypothesis_settings(max_examples=examples(25), deadline=None)
@given(graphs)
def test_the_values_solve_their_equation_and_their_links_add_up_to_them(edges: list[Edge]) -> None:
    results = referred(*edges)
    found, links = value(results, 30.0), network(results, 30.0)
    total = links.groupby("referrer")["credited"].sum().reindex(NAMES, fill_value=0.0)
    np.testing.assert_allclose(found["referral_value"], total, atol=1e-9)
    known = found["referral_value"].to_dict()
    for _, link in links.iterrows():
        brought = PROFITS[link["referred"]] + known[link["referred"]]
        credit = link["share"] * ((1 - link["anyway"]) * brought + link["anyway"] * 30.0)
        assert link["credited"] == pytest.approx(credit * link["followed"] + link["reward"], abs=1e-9)
    assert (links.groupby("referred")["share"].sum() <= 1 + 1e-12).all()


@hypothesis_settings(max_examples=examples(25), deadline=None)
@given(graphs)
def test_what_is_followed_has_no_ring_and_every_reported_ring_is_one(edges: list[Edge]) -> None:
    results = referred(*edges)
    links, rings = network(results), find_cycles(results.inputs)
    left = {(a, b) for a, b in zip(links["referrer"], links["referred"], strict=True)}
    for ring in rings["ring"]:
        around = ring.split(" → ")
        assert around[0] == around[-1]
        assert set(pairwise(around)) <= left
    assert len(rings) == (~links["followed"]).sum()
    left = {(a, b) for a, b in links.loc[links["followed"], ["referrer", "referred"]].to_numpy()}
    while left:
        brought = {b for _, b in left}
        inner = {(a, b) for a, b in left if a in brought}
        assert inner < left
        left = inner


@hypothesis_settings(max_examples=examples(25), deadline=None)
@given(graphs, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(edges: list[Edge], chance: object) -> None:
    results = referred(*edges)
    mixed = edges.copy()
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    again = referred(*mixed)
    pd.testing.assert_frame_equal(value(results, 30.0), value(again, 30.0), check_exact=True)
    same = network(results).drop(columns="row")
    pd.testing.assert_frame_equal(same, network(again).drop(columns="row"), check_exact=True)
    assert find_cycles(results.inputs)["ring"].tolist() == find_cycles(again.inputs)["ring"].tolist()


def test_a_chain_of_thousands_is_followed_to_its_end() -> None:
    names = [f"C{i:05}" for i in range(5_001)]
    sales = table("date customer gross_revenue", *[(DAY, name, 1.0) for name in names])
    chain = table("referrer referred anyway", *[(a, b, 0.0) for a, b in pairwise(names)])
    found = analyze({"Settings": settings(), "Sales": sales, "Referrals": chain}).referrals
    assert found["chain"].tolist() == list(range(5_000, -1, -1))
    assert found["referral_value"].tolist() == [float(n) for n in range(5_000, -1, -1)]


@given(st.integers(0, 2**32 - 1))
@hypothesis_settings(max_examples=25)
def test_whom_a_customer_brought_is_counted_once_whatever_the_ways(seed: int) -> None:
    rng, count = np.random.default_rng(seed), 12
    edges = [(a, b) for a in range(count) for b in range(a + 1, count) if rng.random() < 0.3]
    source, target = (np.array([edge[end] for edge in edges], dtype=np.int64) for end in (0, 1))
    chains = referrals._arrange_chains(source, target, np.ones(len(edges), dtype=bool), count)
    reached: list[set[int]] = [set() for _ in range(count)]
    for at in range(count - 1, -1, -1):
        for a, b in edges:
            if a == at:
                reached[at] |= {b} | reached[b]
    assert referrals._count_brought(chains).tolist() == [len(those) for those in reached]
