"""Draws: years that a customer may have, made of its own months, and the interval that holds four of five of them.

Sources: H. R. Künsch, "The Jackknife and the Bootstrap for General Stationary Observations", Annals of Statistics 1989,
for blocks of periods that follow each other, so that what a bad month does to the next one is kept; S. Makridakis,
R. Hyndman and F. Petropoulos, "Forecasting in social settings", International Journal of Forecasting 2020, for
intervals that are as wide as past forecasts were wrong; V. Vovk, A. Gammerman and G. Shafer, *Algorithmic Learning in a
Random World*, 2005, for how they are made so.

A draw of the periods ahead is blocks of the customer's own periods, or, the more often the fewer it has, of another
customer of its segment in proportion to its size; until the day on which it leaves. They are moved so that their
mean is the forecast. Who buys seldom is below its mean in most draws and far above in some: there less is *fewer*
purchases and not smaller ones. The same blocks are drawn for all customers, since a bad month is often bad for many;
which draw meets which chance to leave hangs on what the customer itself bought and left alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from xlprofit.outlook.movement import BLOCK_MONTHS, calm_periods
from xlprofit.outlook.past import count_purchases

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xlprofit.outlook.candidates import Candidates
    from xlprofit.outlook.past import Past

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

DRAWS = 200
"""Draws of each customer."""

LEVEL = 0.80
"""The share of years that an interval is to hold."""

DOUBT = 6.0
"""As many periods as the segment counts for beside a customer's own."""

ROWS = 500
"""Customers worked on at a time, so that memory does not grow with their number and what is at hand stays there."""


@dataclass(frozen=True)
class Interval:
    """What is to be expected of each customer, money over the periods ahead, and an interval around it."""

    expected: Floats
    low: Floats
    high: Floats

    def widen(self, factor: float | Floats) -> Interval:
        """Return the interval with both its ends so many times as far away, for all or each customer."""
        return Interval(
            self.expected,
            self.expected - factor * (self.expected - self.low),
            self.expected + factor * (self.high - self.expected),
        )

    def holds(self, truth: Floats) -> Flags:
        """Return whether each interval holds what came, within a rounding."""
        slack = 1e-9 * (np.abs(truth) + np.abs(self.low) + np.abs(self.high))
        return np.asarray((truth >= self.low - slack) & (truth <= self.high + slack))


@dataclass(frozen=True)
class _Chances:
    """What is drawn once for all customers: block starts, whose blocks they are, leaving, and a change of level.

    ``starts`` is draws × blocks, ``peer`` and ``own`` are a draw each, ``leaves`` from 0 to 1 and ``level`` normal,
    each in as many equally likely strata as there are draws; so are ``end`` and ``rate``, by which what all have in
    common ends and grows, and ``together`` says in which draws it is what ends.
    """

    starts: Floats
    peer: Floats
    own: Floats
    thin: Floats
    leaves: Floats
    level: Floats
    end: Floats
    rate: Floats
    together: Floats


def draw_chances(seed: int, blocks: int) -> _Chances:
    """Return the chances of a seed: the same seed, the same chances."""
    generator = np.random.default_rng(seed)
    strata = (np.arange(DRAWS) + 0.5) / DRAWS
    usual = NormalDist()
    normal = np.array([usual.inv_cdf(at) for at in strata.tolist()])
    return _Chances(
        generator.random((DRAWS, blocks)),
        generator.random(DRAWS),
        generator.permutation(strata),
        generator.random((DRAWS, blocks)),
        generator.permutation(strata),
        generator.permutation(normal),
        generator.permutation(strata),
        generator.permutation(normal),
        generator.permutation(strata),
    )


@dataclass(frozen=True)
class Forecast:
    """What is expected of each customer over the periods ``ahead``, money.

    ``rests_on`` says of how many of its own periods it is a mean: the fewer, the less its level is known.
    """

    expected: Floats
    rests_on: Integers
    ahead: int


def draw_intervals(
    past: Past, found: Candidates, forecast: Forecast, seed: int, levels: tuple[float, ...] = (LEVEL,)
) -> list[Interval]:
    """Return the intervals of each customer's forecast that hold such shares of its draws, one for each of them.

    Where the lowest draws are all alike (most customers who buy seldom buy nothing) an interval begins there, and
    ends where it holds its share of the draws.
    """
    ends = np.zeros((len(levels), 2, past.count))
    for rows, drawn in list_draws(past, found, forecast, seed):
        ordered = np.sort(drawn, axis=1)
        for place, level in enumerate(levels):
            ends[place][:, rows] = find_ends(ordered, level)
    # An expected value beyond its own interval would be a contradiction: draws of few that are wild may do that.
    expected = forecast.expected
    return [Interval(expected, np.minimum(low, expected), np.maximum(high, expected)) for low, high in ends]


def find_ends(ordered: Floats, level: float = LEVEL) -> tuple[Floats, Floats]:
    """Return the ends of the middle ``level`` of the draws, customers × draws in order.

    >>> low, high = find_ends(np.arange(101.0)[None, :])
    >>> low.tolist(), high.tolist()
    ([10.0], [90.0])
    >>> find_ends(np.array([[0.0] * 70 + [5.0] * 20 + [9.0] * 10]))[1].tolist()
    [5.0]
    """
    count = ordered.shape[1]
    tail = (1.0 - level) / 2
    first = round(tail * (count - 1))
    low = ordered[:, first]
    below = (ordered < low[:, None]).sum(axis=1)
    last = np.minimum(np.round(below + level * count).astype(np.int64), count - 1)
    last = np.maximum(np.minimum(last, round((1.0 - tail) * (count - 1))), first)
    return low, np.take_along_axis(ordered, last[:, None], axis=1)[:, 0]


def list_draws(
    past: Past, found: Candidates, forecast: Forecast, seed: int
) -> Iterator[tuple[Integers, Floats]]:
    """Yield some customers at a time, by place, and their draws: money over the periods ahead, customers × draws."""
    ahead, length = forecast.ahead, max(1, round(BLOCK_MONTHS * past.a_year / 12))
    blocks = -(-ahead // length)
    chances = draw_chances(seed, blocks)
    own = np.maximum(np.minimum(past.history.own, past.width), 1)
    bought = count_purchases(past) > 0
    profit = calm_periods(past, found.movement, ahead)
    mine = np.arange(past.width) >= past.width - own[:, None]
    mean = np.where(mine, profit, 0.0).cumsum(axis=1)[:, -1] / own
    often = np.where(mine, bought, False).sum(axis=1) / own
    # Blocks of few periods differ less from each other than those of many would.
    fewer = np.sqrt(own / np.maximum(own - length, length))
    more = 1.0 + often * (np.maximum(fewer, 1.0) - 1.0)
    profit = np.where(mine, mean[:, None] + (profit - mean[:, None]) * more[:, None], profit)
    size = np.where(mine, np.abs(profit), 0.0).cumsum(axis=1)[:, -1] / own
    peers = _find_peers(past, own)
    lengths = {min(length, ahead), ahead - length * (blocks - 1)}
    sums = {long: _sum_blocks(profit, own, long) for long in lengths}
    given = _Given(profit, sums, own, mean, size, often, peers, length, ahead)
    for first in range(0, past.count, ROWS):
        rows = np.arange(first, min(first + ROWS, past.count))
        yield rows, _draw_rows(past, found, forecast, given, chances, rows)


def _sum_blocks(profit: Floats, own: Integers, long: int) -> Floats:
    """Return what each left in so many periods from each of its own on, customers × periods in one row."""
    width = profit.shape[1]
    start = np.arange(width)[None, :] % own[:, None]
    found = np.zeros(profit.shape)
    for step in range(long):
        found += np.take_along_axis(profit, width - own[:, None] + (start + step) % own[:, None], axis=1)
    return found.ravel()


@dataclass(frozen=True)
class _Given:
    """What the draws are made of: each customer's periods, how many, their mean and size, and who its peers are.

    ``blocks`` has, by its length in periods, what each customer left in the block that begins in each of its own
    periods, the first following the last, customer after customer.
    """

    profit: Floats
    blocks: dict[int, Floats]
    own: Integers
    mean: Floats
    size: Floats
    often: Floats
    peers: tuple[Integers, Integers, Integers]
    length: int
    ahead: int


def _find_peers(past: Past, own: Integers) -> tuple[Integers, Integers, Integers]:
    """Return the customers by segment, where each segment begins among them, and how many it has.

    Only those who have periods of a year, or as many as there are, say what others may do.
    """
    there = own >= min(past.a_year, past.width)
    order = np.flatnonzero(there)[np.argsort(past.segment[there], kind="stable")]
    count = np.bincount(past.segment[there], minlength=int(past.segment.max(initial=0)) + 1)
    return order, np.cumsum(count) - count, count


def _draw_rows(
    past: Past, found: Candidates, forecast: Forecast, given: _Given, chances: _Chances, rows: Integers
) -> Floats:
    """Return the draws of some customers, customers × draws.

    A level that wanders changes by *√h* times as much in *h* years, and what it leaves in them by *h √h* times.
    """
    expected = forecast.expected
    whose, scale = _choose_blocks(past, given, chances, rows, found.movement.moves[rows])
    keep = _find_kept_share(found, expected, given, rows)
    drawn, kept = _add_blocks(given, chances, whose, past.mark[rows, None], keep)
    drawn = drawn * scale
    survival = found.survival
    years = given.ahead / past.a_year
    # As many normal years as there are draws, each customer's in an order of its own: it begins at another one.
    at, begin = np.arange(DRAWS), (past.mark[rows] * DRAWS).astype(np.int64)
    steady = given.often[rows, None]
    change = np.maximum(found.change[rows], 0.0) * years**2
    drawn = _blur_level(drawn, steady, given.ahead / np.maximum(forecast.rests_on[rows, None], 1))
    drawn += np.sqrt(change)[:, None] * _turn_around(chances.level, begin) * steady
    some = np.flatnonzero(found.movement.moves[rows])
    movement = found.movement.choose(rows[some])
    alone = _turn_around(((at * 11 + 5) % DRAWS + 0.5) / DRAWS, begin[some])
    ends = np.where(chances.together < movement.together[:, None], chances.end, alone)
    rates = _turn_around(chances.level[(at * 3 + 1) % DRAWS], begin[some])
    drawn[some] += movement.draw_apart(given.ahead, ends, rates, chances.rate) * steady[some]
    active = np.where(np.isfinite(survival.active[rows]), survival.active[rows], 1.0)
    leaves = _turn_around(chances.leaves[(at * 7 + 3) % DRAWS], begin)
    stays = _draw_stays(leaves, active, survival.retention[rows], years)
    until = survival.until[rows, None]
    stays = np.where((until < 1.0) & (stays > 0.0), until, stays)
    drawn = drawn * stays
    middle = drawn.cumsum(axis=1)[:, -1] / DRAWS
    gap = expected[rows] - middle
    share = np.divide(expected[rows], middle, out=np.ones(len(rows)), where=np.abs(middle) > 0)
    # Who buys in few periods: the amounts are scaled; who buys in all of them: the level is moved.
    scaled = np.where((share >= 0) & (share < 5.0), share, 1.0)[:, None] * drawn
    moved = drawn + gap[:, None] * np.where(stays > 0, 1.0, 0.0)
    weight = np.where((share >= 0) & (share < 5.0), 1.0 - given.often[rows], 0.0)
    weight = np.where(share > 0, weight, np.where(share < 0, 0.0, 1.0))[:, None]
    return np.where(kept > 0, weight * scaled + (1.0 - weight) * moved, 0.0)


def _turn_around(chances: Floats, begin: Integers) -> Floats:
    """Return some chances once for each customer, beginning at another of them, the first following the last."""
    twice = np.concatenate([chances, chances])
    return np.asarray(np.lib.stride_tricks.sliding_window_view(twice, len(chances))[begin])


def _blur_level(drawn: Floats, steady: Floats, ratio: Floats) -> Floats:
    """Return draws further apart, as the level that they vary around is itself known from few periods alone.

    The mean of *n* periods varies by *1 / n* of what one does: in *h* periods ahead the variance is *1 + h / n* times.
    """
    middle = drawn.cumsum(axis=1)[:, -1:] / drawn.shape[1]
    return np.asarray(middle + (drawn - middle) * (1.0 + steady * (np.sqrt(1.0 + ratio) - 1.0)))


def _choose_blocks(
    past: Past, given: _Given, chances: _Chances, rows: Integers, moves: Flags
) -> tuple[Integers, Floats]:
    """Return whose periods each draw is made of, customers × draws, and what they are multiplied by.

    Of who moves they are its own: where it is now the months of others do not tell.
    """
    order, begin, count = given.peers
    segment = past.segment[rows]
    number = count[segment][:, None]
    chance = past.mark[rows, None] + chances.peer
    chance = np.where(chance < 1.0, chance, chance - 1.0)
    spot = begin[segment][:, None] + (chance * np.maximum(number, 1)).astype(np.int64)
    peer = np.append(order, 0)[np.minimum(spot, len(order))]
    believed = given.own[rows] / (given.own[rows] + DOUBT)
    use_own = (chances.own[None, :] < believed[:, None]) | (number == 0) | moves[:, None]
    whose = np.where(use_own, rows[:, None], peer)
    size = given.size[whose]
    usable = size > 0
    scale = np.divide(given.size[rows][:, None], size, out=np.zeros(whose.shape), where=usable)
    whose = np.where(usable, whose, rows[:, None])
    return whose, np.where(use_own | ~usable, 1.0, np.minimum(scale, 1e6))


def _find_kept_share(found: Candidates, expected: Floats, given: _Given, rows: Integers) -> Floats:
    """Return the share of its blocks that each keeps: fewer purchases, where less is expected of who buys seldom."""
    active = np.where(np.isfinite(found.survival.active[rows]), found.survival.active[rows], 1.0)
    goes_on = given.mean[rows] * given.ahead * active * found.survival.stays[rows]
    share = np.divide(expected[rows], goes_on, out=np.ones(len(rows)), where=goes_on > 0)
    seldom = np.clip(1.0 - given.often[rows], 0.0, 1.0)
    return np.asarray(np.clip(np.power(np.clip(share, 1e-3, 1.0), seldom), 0.0, 1.0)[:, None])


def _add_blocks(
    given: _Given, chances: _Chances, whose: Integers, mark: Floats, keep: Floats
) -> tuple[Floats, Floats]:
    """Return the sum of the blocks of each draw, and of how many periods it is made.

    Args:
        given: what the draws are made of.
        chances: the block starts, and by chance which blocks are kept.
        whose: whose periods each draw is made of, customers × draws.
        mark: the customers' marks, one column.
        keep: the share of its blocks that each keeps, one column.
    """
    own, width = given.own[whose], given.profit.shape[1]
    spot = whose * width
    total, kept = np.zeros(whose.shape), np.zeros(whose.shape)
    left = given.ahead
    for block in range(chances.starts.shape[1]):
        long = min(given.length, left)
        left -= long
        start = (chances.starts[None, :, block] * own).astype(np.int64)
        part = given.blocks[long][spot + start]
        chance = chances.thin[None, :, block] + mark
        thin = np.where(chance < 1.0, chance, chance - 1.0) < keep
        total += np.where(thin, part, 0.0)
        kept += np.where(thin, long, 0.0)
    return total, kept


def _draw_stays(chance: Floats, active: Floats, retention: Floats, years: float) -> Floats:
    """Return the share of the time ahead in which each is a customer, by draw.

    It is none with the chance 1 − active; else it leaves after *ln u / ln retention* years.
    """
    gone = chance >= active[:, None]
    u = np.clip(chance / np.maximum(active[:, None], 1e-12), 1e-9, 1.0)
    pace = np.log(np.clip(retention, 1e-9, 1.0 - 1e-9))[:, None]
    stays = np.clip(np.log(u) / pace / max(years, 1e-9), 0.0, 1.0)
    return np.where(gone, 0.0, stays)
