"""The run rate: what a customer earns a year at today's level, without what will not come again.

It is read from the customer's own periods, those since it began, of the last ``window`` months; a customer won six
months ago has six. Where all it has is part of a quarter or year, that is made a whole one. Left out are what is spent
and gone, whatever is done with the customer now: its acquisition, direct costs marked ``once``, and changes of the
allowance for invoices already issued.

*Run rate = periods of a year × Σ weight × profit of the period.* The weights add up to 1:

- Nothing has changed: each period of the year counts the same, once, and where it is there twice, half each time,
  so that no season counts double. Under a year of periods: all the same, each divided by its seasonal index.
- The level has changed: only the periods since. The place that leaves the least unexplained is taken (binary
  segmentation: Scott and Knott, Biometrics 1974), and looked at once more for a later one.
- It rises or falls steadily: where the line through the periods ends.
- It has stopped buying, for ``dormant_periods`` and for longer than is usual for it: only the periods since.

How far a change is believed is *p = 1 − c / F* where *F*, the variance explained by the change over that left, is
above *c* (the positive part of James and Stein, "Estimation with Quadratic Loss", 1961): the weights are *p* of those
after the change and *1 − p* of those without it. *c* is :data:`~xlprofit.analysis.level.DOUBT_OF_LINE` or
:data:`~xlprofit.analysis.level.DOUBT_OF_STEP`, which is higher since its place is searched for; and higher by
:data:`~xlprofit.analysis.level.UNSEASONED` where there are not two years of history to tell a season from a change;
then what a customer has in common with its segment is taken off first.

A change that goes the way of a trend which is more than chance (over all customers, or over its own where it turned
to a loss: :class:`xlprofit.analysis.trends.Trends`) is believed wholly, *p = 1*: there, the line, unless a step leaves
less than half as much unexplained. Neither can then be said to be steady while the other says that it falls.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit.analysis import avoidable, level, seasonality, variation
from xlprofit.analysis.history import History, count_quiet, is_single
from xlprofit.analysis.level import add_up, balance_weights
from xlprofit.ledger import periods
from xlprofit.vocabulary.groups import Group

if TYPE_CHECKING:
    from xlprofit.tables import Inputs

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

DAMPED = 0.5
"""The share of a steady rise or fall that is expected to go on (Gardner and McKenzie, Management Science 1985)."""


@dataclass(frozen=True)
class RunRate:
    """What each customer earns a year, and how far that may be off a year later.

    ``weights`` (customers × periods from ``first`` on, none below 0) read what a figure is made of; times
    ``revenue``, ``effort`` or ``direct`` they give it a year at today's level. ``profit`` is the run rate, the sum of
    ``volume``, ``spent`` (effort) and ``other`` (direct); ``sold`` is net revenue, ``gross`` that at list price and
    ``discounts`` what is taken off it (negative). ``noise`` is the variance of its level and of a year of its own ups
    and downs, ``change`` that of its change from one year to the next, both in money squared; ``heading`` what its
    steady rise or fall is expected to add within the year; ``leaves`` the probability that a new customer does not
    buy on. ``swings`` says what makes the two: shares of volume, margin, effort and direct costs (customers × 4).
    ``acquired`` is what is still spent a year on acquisition, beside the run rate (negative; 0 where it is not spent
    in most periods of a year or more), and ``quiet`` for how many periods nothing was bought (0: not long). ``own``
    is the number of its periods and ``months`` that of its months in them, infinite where it was there from the first
    one on, so that nobody knows.
    """

    first: int
    weights: Floats
    own: Integers
    months: Floats
    revenue: Floats
    effort: Floats
    direct: Floats
    profit: Floats
    volume: Floats
    spent: Floats
    other: Floats
    sold: Floats
    gross: Floats
    discounts: Floats
    noise: Floats
    change: Floats
    heading: Floats
    leaves: Floats
    swings: Floats
    acquired: Floats
    quiet: Integers

    def weigh(self, customer: Integers, period: Integers) -> Floats:
        """Return the weight of rows by the place of their customer and of their period in the span."""
        width = self.weights.shape[1]
        place = period - self.first
        inside = (customer >= 0) & (place >= 0) & (place < width)
        flat = np.where(inside, customer * width + place, self.weights.size)
        return np.append(self.weights.ravel(), 0.0)[flat]

    def weigh_effort(self, ledger: pd.DataFrame, done: avoidable.Efforts) -> Floats:
        """Return what each row of effort is multiplied by to be a year's at today's level; 0 for acquisition."""
        group = ledger["group"].cat
        recurring = (
            group.codes.to_numpy()[done.row]
            != group.categories.get_indexer(pd.Index([str(Group.ACQUIRE)]))[0]
        )
        weight: Floats = self.weigh(done.customer, done.period) * recurring * self.effort[done.customer]
        return weight


def measure_run_rates(inputs: Inputs, given: History, names: pd.Index, way: Integers) -> RunRate:
    """Return the run rate of each customer, and how far it may be off.

    Args:
        inputs: the tables, for the segments and the settings.
        given: what each customer sold and cost, as :func:`xlprofit.analysis.history.gather_history` gives it.
        names: the customers.
        way: where the profit of each is going, beyond chance: −1 it falls, +1 it rises, 0 nobody knows
            (:class:`xlprofit.analysis.trends.Trends`).
    """
    settings = inputs.settings
    a_year = round(1 / periods.SHARE_OF_YEAR[settings.period])
    wide = min(periods.count_window(settings), given.volume.shape[1])
    own = np.minimum(given.own, wide)
    seasons = _find_indices(inputs, given, names, a_year)
    volume, effort, direct, net = (
        grid[:, -wide:] for grid in (given.volume, given.effort, given.direct, given.net_revenue)
    )
    index_of_volume, index_of_effort = (_spread_index(index, wide, a_year) for index in seasons)
    known = given.volume.shape[1] >= 2 * a_year
    courses = (index_of_volume, index_of_effort) if known else _share_courses(inputs, given, names, wide)
    series = _take_season_out(volume, courses[0]) + _take_season_out(effort, courses[1]) + direct
    weights, found = level.weigh_periods(series, own, a_year, 1.0 if known else level.UNSEASONED, way)
    quiet = np.minimum(count_quiet(given, settings), own)
    weights = np.where((quiet > 0)[:, None], balance_weights(quiet, wide, a_year)[:, ::-1], weights)
    detail = level.drop_negative(weights)
    of_volume, of_effort = (_deseason(weights, index) for index in (index_of_volume, index_of_effort))
    levels = _read_levels((volume, effort, direct, net), weights, own, (of_volume, of_effort), a_year)
    levels = {name: a_year_of / given.part for name, a_year_of in levels.items()}
    profit = levels["volume"] + levels["spent"] + levels["other"]
    revenue = level.relate_level(levels["sold"], net, detail)
    size = variation.size_change(levels)
    prior = (settings.uncertainty_volumes / variation.USUAL) ** 2
    # Whole years beside each other need no seasons.
    long = given.volume + given.effort + given.direct if known else series
    noise = variation.measure_noise(
        found, own, size / a_year, prior / (12 * periods.SHARE_OF_YEAR[settings.period])
    )
    noise = np.where(quiet > 0, add_up(weights * series**2) - add_up(weights * series) ** 2, noise)
    change = variation.measure_change(long, given.own, size, a_year, prior) * size**2
    blur = noise * a_year**2 * add_up(weights**2) / given.part
    heading = np.where(quiet > 0, 0.0, DAMPED * found.belief * found.slope * a_year * (a_year + 1) / 2)
    leaves, unknown = variation.measure_newness(levels, given.own, given.volume.shape[1], blur)
    blurred = blur + noise * a_year + unknown
    swings = variation.share_swings(levels, (volume, net, effort, direct), own, blurred, change)
    if is_single(settings):
        blurred, change = np.zeros(len(names)), (settings.uncertainty_volumes * levels["volume"]) ** 2 / 3
        swings = np.tile([1.0, 0.0, 0.0, 0.0], (len(names), 1))
    return RunRate(
        first=given.first + given.volume.shape[1] - wide,
        weights=detail,
        own=given.own,
        months=_count_own_months(given, a_year),
        revenue=revenue,
        effort=level.relate_level(levels["spent"], effort, detail),
        direct=level.relate_level(levels["other"], direct, detail),
        profit=profit,
        gross=add_up(given.gross[:, -wide:] * detail) * revenue,
        discounts=add_up(given.discounts[:, -wide:] * detail) * revenue,
        noise=blurred,
        change=change,
        swings=swings,
        acquired=_find_acquiring(given.acquired[:, -wide:], detail, own, a_year),
        quiet=quiet,
        heading=heading,
        leaves=leaves,
        **levels,
    )


def _read_levels(
    grids: tuple[Floats, Floats, Floats, Floats],
    weights: Floats,
    own: Integers,
    seasons: tuple[Floats, Floats],
    a_year: int,
) -> dict[str, Floats]:
    """Return a year's money at today's level, in the year's average season.

    Args:
        grids: margin, effort, direct costs and net revenue (customers × periods each).
        weights: what each period counts of the level.
        own: the number of periods that are each customer's.
        seasons: what the season of the weighted periods is worth of the average one, of volume and of effort.
        a_year: the number of periods in a year.
    """
    volume, effort, direct, net = grids
    of_volume, of_effort = seasons
    return {
        "volume": level.read_level(volume, weights, own) * of_volume * a_year,
        "spent": level.read_level(effort, weights, own) * of_effort * a_year,
        "other": level.read_level(direct, weights, own) * a_year,
        "sold": level.read_level(net, weights, own) * of_volume * a_year,
    }


def _count_own_months(given: History, a_year: int) -> Floats:
    """Return for how many months each customer has been one in the periods looked at, infinite where all along."""
    all_along = (given.own >= given.volume.shape[1]) & (given.part >= 1.0)
    return np.where(all_along, np.inf, given.own * given.part * 12 / a_year)


def _find_indices(inputs: Inputs, given: History, names: pd.Index, a_year: int) -> tuple[Floats, Floats]:
    """Return the seasonal indices of volume and of effort, customers × periods of a year, 1 where nobody can tell."""
    flat = np.ones((len(names), a_year))
    if a_year < 2 or given.volume.shape[1] < 2 * a_year:
        return flat, flat
    years = [grid[:, -2 * a_year :] for grid in (given.net_revenue, -given.effort)]
    of_volume, of_effort = (
        seasonality.indices(grid, seasonality.place_segments(inputs, names), a_year) for grid in years
    )
    return of_volume, of_effort


def _share_courses(inputs: Inputs, given: History, names: pd.Index, wide: int) -> tuple[Floats, Floats]:
    """Return what each customer's segment has in common in volume and in effort, customers × periods."""
    segment, there = seasonality.place_segments(inputs, names), given.own >= given.volume.shape[1]
    found = (
        seasonality.share_course(grid[:, -wide:], segment, there)
        for grid in (given.net_revenue, -given.effort)
    )
    of_volume, of_effort = found
    return of_volume, of_effort


def _spread_index(index: Floats, wide: int, a_year: int) -> Floats:
    """Return the index of each of the last ``wide`` periods: the last period is the last of the year's."""
    places = (np.arange(wide) - wide) % a_year
    return np.asarray(index[:, places])


def _take_season_out(grid: Floats, index: Floats) -> Floats:
    return np.asarray(grid / np.maximum(index, seasonality.LOWEST))


def _deseason(weights: Floats, index: Floats) -> Floats:
    """Return what a weighed mean must be multiplied by to be that of a usual period."""
    return np.asarray(1.0 / np.maximum(add_up(weights * index), seasonality.LOWEST))


def _find_acquiring(acquired: Floats, weights: Floats, own: Integers, a_year: int) -> Floats:
    """Return what is spent a year on acquisition where it goes on: in most of a customer's periods, two and a year."""
    mine = np.arange(acquired.shape[1]) >= acquired.shape[1] - own[:, None]
    times = ((acquired < 0) & mine).sum(axis=1)
    goes_on = (own >= max(a_year, 2)) & (2 * times > own)
    return np.where(goes_on, add_up(acquired * weights) * a_year, 0.0)
