"""Wandering: how far a customer's years differ beyond what its months are apart and where its profit is going.

The change from one year to the next that the run rate knows (:mod:`xlprofit.analysis.variation`) is what single months
do not explain. Draws are made of blocks of months (:mod:`xlprofit.outlook.draws`), which hold what lasts for a few of
them, and of rises and falls (:mod:`xlprofit.outlook.movement`): neither is to be counted as wandering once more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from xlprofit.analysis import variation
from xlprofit.outlook.bends import FEWEST_BENT
from xlprofit.outlook.movement import list_parts
from xlprofit.outlook.past import calm_wild_periods, count_purchases

if TYPE_CHECKING:
    from xlprofit.outlook.movement import Movement
    from xlprofit.outlook.past import Past

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

BLOCK_MONTHS = 4
"""Months that a block is long."""

MOST_GROWN = 4.0
"""The most by which chance is taken to be larger or smaller ahead, since more or less is sold or spent."""


def calm_periods(past: Past, movement: Movement, ahead: int | None = None) -> Floats:
    """Return what each left in each period, money, without season and single wild ones, and as if it did not move.

    What is chance is larger where more is sold or spent: where ``ahead`` says for how many periods, it is as large as
    it will be in them.
    """
    free, width = past.unseasoned, past.width
    own = np.maximum(np.minimum(past.history.own, width), 1)
    profit = free.profit.copy()
    moves = np.flatnonzero(movement.moves)
    if len(moves):
        profit[moves] = _hold_still(free, movement, moves, ahead)
    return calm_wild_periods(profit, own, count_purchases(past) > 0)


def _hold_still(free: Past, movement: Movement, moves: Integers, ahead: int | None) -> Floats:
    """Return the periods of those that move around the mean of their own, as far apart as chance is."""
    there, width, count = movement.choose(moves), free.width, np.minimum(free.history.own, free.width)[moves]
    levels = there.expect_levels(ahead or 0)
    left = np.zeros((len(moves), width))
    for grid, part, level, sign in zip(
        list_parts(free), (there.sold, there.spent), levels, (1, -1), strict=True
    ):
        course = part.trace(width, there.lasted)
        grown = np.divide(level[:, None], course, out=np.ones(course.shape), where=course > 0)
        grown = np.clip(grown, 1.0 / MOST_GROWN, MOST_GROWN) if ahead is not None else np.ones(course.shape)
        left += sign * (grid[moves] - course) * grown
    mine = np.arange(width) >= width - count[:, None]
    own = count[:, None].astype(np.float64)
    middle, apart = (
        np.where(mine, part, 0.0).cumsum(axis=1)[:, -1:] / own for part in (free.profit[moves], left)
    )
    return np.where(mine, middle + (left - apart) * np.sqrt(own / (own - FEWEST_BENT)), free.profit[moves])


def measure_wandering(past: Past, movement: Movement, change: Floats) -> float:
    """Return which share of the variance of the change from one year to the next is wandering.

    It is measured anew on months as if no profit rose or fell. From it is taken by how much blocks vary more than
    single months do: the sums of two years of blocks differ by *2 (V − v)* more, *V* and *v* being the variances of
    a year of blocks and of single periods; by the median of the customers there throughout.

    Args:
        past: what is known of the customers.
        movement: where the profit of each is going.
        change: that variance as the run rate knows it, money squared.
    """
    a_year, width = past.a_year, past.width
    own = np.minimum(past.history.own, width)
    half = min(width // 2, a_year)
    there = np.flatnonzero((own >= 2 * half) & (change > 0))
    length = max(1, round(BLOCK_MONTHS * a_year / 12))
    if half < variation.FEWEST_KNOWN or half <= length or not len(there):
        return 1.0
    calm = calm_periods(past, movement)
    share = variation.measure_change(calm, own, np.sqrt(np.maximum(change, 0.0)), a_year, 1.0)
    part = calm[there][:, -2 * half :]
    held = a_year / length * _measure_blocks(part, length) - a_year * _measure_steps(part)
    return round(min(max(share - float(np.median(2.0 * held / change[there])), 0.0), max(share, 0.0)), 9)


def _measure_blocks(part: Floats, length: int) -> Floats:
    """Return the variance of the sums of so many periods that follow each other, the first following the last."""
    around = np.concatenate([part, part[:, : length - 1]], axis=1)
    through = np.concatenate([np.zeros((len(part), 1)), around.cumsum(axis=1)], axis=1)
    sums = through[:, length:] - through[:, :-length]
    count = sums.shape[1]
    middle = sums.cumsum(axis=1)[:, -1:] / count
    return np.asarray(((sums - middle) ** 2).cumsum(axis=1)[:, -1] / (count - length))


def _measure_steps(part: Floats) -> Floats:
    """Return the variance of single periods, by the differences of those that follow each other."""
    return np.asarray((np.diff(part, axis=1) ** 2).cumsum(axis=1)[:, -1] / (2 * (part.shape[1] - 1)))
