"""Where profit is going: rates, how long they last, segments that move together, and seasons beside them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import xlprofit
from benchmarks.outlook import read_past
from benchmarks.worlds import build_tables, build_world
from xlprofit.analysis import seasonality
from xlprofit.outlook.movement import (
    Movement,
    _weigh_rates,
    calm_periods,
    measure_wandering,
    read_movement,
    stand_still,
)
from xlprofit.outlook.rates import Rates, draw_together, fit_growth, share_rates
from xlprofit.results import Results


def see_world(
    kind: str, months: int = 24, customers: int = 120, seed: int = 61
) -> tuple[Results, np.ndarray]:
    """Return the results of the months seen of a world, and what each customer left in the year that followed."""
    world = build_world(kind, customers, months, seed)
    came = world.profit[:, months : months + 12].sum(axis=1)
    return xlprofit.analyze(build_tables(world.see(months))), came


GROWING, CAME = see_world("growing")


@pytest.mark.parametrize("rate", [-0.1, -0.04, 0.02, 0.08])
def test_a_rate_is_read_exactly_whatever_the_level(rate: float) -> None:
    course = np.exp(rate * np.maximum(np.arange(24) - 14, 0))
    grid = np.array([[500.0], [2.0], [7e6]]) * course
    found, variance = fit_growth(grid, np.full(3, 24), np.full(3, 9), 12)
    assert found.rate == pytest.approx(rate, abs=1e-8)
    assert found.level == pytest.approx(grid[:, -1])
    assert variance == pytest.approx(0.0, abs=1e-12)
    assert found.trace(24, np.full(3, 9)) == pytest.approx(grid)


def test_rates_are_read_where_some_months_have_no_amount_and_are_bounded_where_they_rise() -> None:
    """Every third month nothing: the means are the same, and so is the rate; tenfold in a month is not gone on with."""
    course = 300.0 * np.exp(-0.05 * np.maximum(np.arange(36) - 11, 0))
    course[::3] = 0.0
    steep = np.r_[np.ones(20), 10.0, 100.0, 1e3, 1e4]
    found, _ = fit_growth(course[None, :], np.array([36]), np.array([24]), 12)
    assert found.rate[0] == pytest.approx(-0.05, abs=0.01)
    assert fit_growth(steep[None, :], np.array([24]), np.array([4]), 12)[0].rate[0] == pytest.approx(0.1)
    none, variance = fit_growth(np.zeros((1, 24)), np.array([24]), np.array([4]), 12)
    assert (none.rate[0], none.level[0], variance[0]) == (0, 0, 0)


def test_rates_that_differ_by_chance_alone_are_drawn_together_and_others_stay() -> None:
    rng = np.random.default_rng(3)
    chance = rng.normal(-0.04, 0.02, 400)
    drawn, weight = draw_together(chance, np.full(400, 0.02**2))
    assert drawn[chance < 0].std() < 0.2 * chance[chance < 0].std()
    apart, _ = draw_together(chance, np.full(400, 0.001**2))
    assert apart == pytest.approx(chance, abs=1e-3)
    assert weight.min() >= 0
    assert weight.max() <= 1
    few, _ = draw_together(chance[:9], np.full(9, 1.0))
    assert (few == chance[:9]).all()
    # What was left in all is the same: the level follows the rate by its reach.
    one = Rates(
        *(np.full(12, 100.0), np.linspace(-0.06, -0.02, 12), np.full(12, 0.02), np.full(12, 5.0)),
        *np.zeros((2, 12)),
    )
    shared = share_rates(one, one.doubt**2)
    assert shared.level == pytest.approx(100.0 * np.exp((shared.rate - one.rate) * 5.0))


def test_what_has_gone_on_for_nine_months_goes_on_for_twelve_more_with_ten_chances_of_22() -> None:
    """Laplace: (n + 1) / (n + 1 + k); each draw is one way it may end, and their mean is what is expected."""
    one = Rates(np.array([100.0]), np.array([np.log(0.96)]), *np.zeros((4, 1)))
    nothing = Rates(*np.zeros((6, 1)))
    moves = Movement(np.array([-1]), np.array([True]), np.array([9]), one, nothing, np.ones(1))
    steps, chance = np.arange(13), 10.0 / (10.0 + np.arange(14))
    chance[13] = 0.0
    left = [100.0 * 0.96 ** np.minimum(np.arange(1, 13), last).astype(float) for last in steps]
    expected = sum((chance[k] - chance[k + 1]) * left[k].sum() for k in steps)
    assert moves.expect_profit(12)[0] == pytest.approx(expected)
    many = (np.arange(100_000)[None, :] + 0.5) / 100_000
    none = np.zeros((1, 1))
    drawn = moves.draw_apart(12, many, none, none)[0]
    assert drawn.mean() == pytest.approx(0.0, abs=0.05)
    assert (drawn == drawn.min()).mean() == pytest.approx(10 / 22, abs=1e-4)


def test_who_stands_still_is_expected_to_leave_nothing_more() -> None:
    still = stand_still(2)
    assert not still.moves.any()
    assert (still.draw_apart(12, np.array([[0.1, 0.9]]), np.ones((1, 2)), np.ones((1, 2))) == 0).all()


@pytest.mark.parametrize("rate", [0.0, -0.04, 0.03])
def test_an_error_of_a_rate_is_one_of_the_level_and_of_all_that_is_added_while_it_goes_on(
    rate: float,
) -> None:
    """Against the sum itself, its derivative by the rate times the error, where growth ends soon, late or not.

    Common errors are those of all alike, and go with the level by a reach of their own.
    """
    off, nothing = 1e-6, Rates(*np.zeros((6, 1)))

    def move(error: float, reach: float) -> Movement:
        level = 100.0 * np.exp(error * reach)
        part = Rates(*np.array([[level], [rate + error], [off], [7.0], [3 * off], [4.0]]))
        return Movement(np.array([-1]), np.array([True]), np.array([9]), part, nothing, np.ones(1))

    one, none, moves = np.ones((1, 1)), np.zeros((1, 1)), move(0.0, 0.0)
    for ends in (0.0, 5.0, 12.0):
        chance, steps = np.full((1, 1), 10.0 / (10.5 + ends)), np.full((1, 1), ends)
        base = moves.draw_apart(12, chance, none, none)[0, 0]
        for own, common, reach, times in ((one, none, 7.0, 1.0), (none, one, 4.0, 3.0)):
            exact = (move(off, reach)._leave_profit(steps, 12) - moves._leave_profit(steps, 12))[0, 0]
            drawn = moves.draw_apart(12, chance, own, common)[0, 0] - base
            assert drawn == pytest.approx(times * exact, rel=1e-3)


def test_of_two_bends_the_later_has_the_faster_rate_and_much_the_same_level() -> None:
    """What rates are apart by over the bends that there may be is not as large an error of the level."""
    since, none = np.array([8, 10]), np.zeros(2)
    rate = -0.36 / since
    bends = Rates(np.array([70.0, 70.0]), rate, none, np.array([6.5, 7.7]), none, none)
    even, same = np.full(2, 0.5), np.ones(2)
    mean, doubt, shift = _weigh_rates(bends, even, same)
    assert [mean, doubt] == pytest.approx([-0.0405, 0.0045])
    assert shift == pytest.approx(0.0, abs=1e-9)
    known = replace(bends, rate=np.full(2, -0.04), doubt=np.full(2, 0.003))
    assert list(_weigh_rates(known, even, same)) == pytest.approx([-0.04, 0.003, 7.1])


def test_what_follows_what_is_sold_has_its_season_and_the_rest_none() -> None:
    """Of effort that half follows sales the other half grows: its season is that of sales, whatever grows beside it."""
    past = read_past(GROWING)
    season = 1.0 + 0.5 * np.cos(2 * np.pi * np.arange(24) / 12)
    grown = 1.04 ** np.maximum(np.arange(24) - 14, 0)
    sold = np.tile(300.0 * season, (past.count, 1))
    given = replace(
        past.history,
        volume=0.3 * sold,
        net_revenue=sold,
        effort=-0.1 * sold - 30.0 * grown,
        direct=np.zeros(sold.shape),
    )
    effort = replace(past, history=given).unseasoned.history.effort
    assert effort == pytest.approx(np.tile(-30.0 - 30.0 * grown, (past.count, 1)), rel=0.02)


def test_what_all_have_in_common_ends_for_all_at_once() -> None:
    """The company's interval is not that of customers each of whom may end at another time."""
    falling, came = see_world("falling", seed=62)
    total, table = falling._outlook.total, falling.outlook
    alone = np.hypot.reduce((table["expected_high"] - table["expected_low"]).to_numpy())
    assert total["high"] - total["low"] > 2 * alone
    assert total["low"] < came.sum() < total["high"]


def test_growth_that_all_have_in_common_is_forecast_for_each() -> None:
    """2 % a month is more than chance for one in five alone; of the others too it is known from all together."""
    outlook = GROWING.outlook
    assert outlook["expected_profit"].sum() / CAME.sum() - 1 == pytest.approx(0.0, abs=0.06)
    held = outlook["expected_low"].le(CAME) & outlook["expected_high"].ge(CAME)
    assert 0.70 < held.mean() < 0.90
    assert (outlook["method"] == "run rate with trend").all()


def test_the_rates_of_a_segment_are_those_of_its_customers() -> None:
    found = read_movement(read_past(GROWING), np.zeros(120, dtype=np.int64))
    assert found.moves.all()
    for part in (found.sold, found.spent):
        assert part.rate.mean() == pytest.approx(np.log(1.02), abs=0.003)
        assert part.rate.std() < 0.005


@pytest.mark.parametrize("kind", ["steady", "autocorrelated", "wild"])
def test_a_segment_that_goes_nowhere_takes_nobody_along(kind: str) -> None:
    given, _ = see_world(kind)
    past = read_past(given)
    assert not read_movement(past, np.zeros(past.count, dtype=np.int64)).moves.any()


def test_two_years_are_needed_for_growth_not_to_be_a_season() -> None:
    past = read_past(GROWING).see(23)
    assert not read_movement(past, np.zeros(past.count, dtype=np.int64)).moves.any()


def test_who_goes_against_its_segment_goes_alone() -> None:
    past = read_past(GROWING)
    way = np.zeros(past.count, dtype=np.int64)
    way[0] = -1
    found = read_movement(past, way)
    assert found.lasted[0] != found.lasted[1] or found.sold.rate[0] != found.sold.rate[1]
    assert found.moves.all()


def test_growth_is_no_wandering_and_no_chance_ahead_is_too_small() -> None:
    """Its months are as far apart as chance is, and ahead by as much more as more is sold."""
    past = read_past(GROWING)
    found = read_movement(past, np.zeros(past.count, dtype=np.int64))
    still, ahead = calm_periods(past, found), calm_periods(past, found, 12)
    assert still.mean(axis=1) == pytest.approx(past.unseasoned.profit.mean(axis=1), rel=0.02)
    halves = still[:, 12:].sum(axis=1) / still[:, :12].sum(axis=1)
    assert np.median(halves) == pytest.approx(1.0, abs=0.03)
    assert np.median(ahead.std(axis=1) / still.std(axis=1)) == pytest.approx(1.35, abs=0.1)
    change = (0.3 * past.profit.sum(axis=1)) ** 2
    assert measure_wandering(past, found, change) < 0.1
    assert measure_wandering(past, stand_still(past.count), np.zeros(past.count)) == 1.0


def list_years(course: np.ndarray, customers: int = 12) -> np.ndarray:
    return 100.0 * np.outer(1.0 + np.arange(customers), course)


def test_growth_is_no_season() -> None:
    """2 % a month: by the year's mean each of both years would end 12 % above it and begin 11 % below."""
    index = seasonality.indices(list_years(1.02 ** np.arange(24.0)), np.zeros(12, dtype=np.int64), 12)
    assert index == pytest.approx(1.0, abs=1e-6)


def test_a_season_is_read_beside_growth_and_beside_a_fall_of_the_last_months() -> None:
    season = 1.0 + 0.4 * np.cos(2 * np.pi * np.arange(24) / 12)
    for course in (1.02 ** np.arange(24.0), 0.95 ** np.maximum(np.arange(24.0) - 15, 0)):
        index = seasonality.indices(list_years(season * course), np.zeros(12, dtype=np.int64), 12)
        assert index == pytest.approx(np.tile(season[:12], (12, 1)), abs=1e-6)


def test_a_price_raised_on_new_years_day_is_no_season_either() -> None:
    index = seasonality.indices(list_years(np.repeat([1.0, 1.1], 12)), np.zeros(12, dtype=np.int64), 12)
    assert index == pytest.approx(1.0, abs=1e-9)


def test_effort_has_a_season_of_its_own() -> None:
    """What is sold is level, service costs thrice as much in summer: profit without the season is level."""
    past = read_past(GROWING)
    summer = np.where(np.arange(24) % 12 < 3, 3.0, 1.0)
    given = replace(
        past.history,
        volume=np.full(past.profit.shape, 100.0),
        net_revenue=np.full(past.profit.shape, 300.0),
        effort=np.zeros(past.profit.shape),
        direct=np.tile(-10.0 * summer, (past.count, 1)),
    )
    profit = replace(past, history=given).unseasoned.profit
    assert profit == pytest.approx(np.full(profit.shape, 100.0 - 15.0), abs=1e-6)


def test_growth_that_was_known_before_is_in_the_track_record() -> None:
    """Of three years the last is held out: two tell that all grow, and the record is of a forecast that knows it."""
    given, came = see_world("growing", 36)
    record = given.track_record
    used = list(record.index[record["used"].to_numpy(dtype=bool)])
    bias, coverage = (
        dict(zip(record.index, record[name].to_numpy(), strict=True)) for name in ("bias", "coverage")
    )
    assert used == ["run rate with trend"]
    assert bias[used[0]] == pytest.approx(0.0, abs=0.07)
    assert bias["average"] < -0.2
    assert 0.7 < coverage[used[0]] < 0.9
    held = given.outlook["expected_low"].le(came) & given.outlook["expected_high"].ge(came)
    assert 0.7 < held.mean() < 0.9
