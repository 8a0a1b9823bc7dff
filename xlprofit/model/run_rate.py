"""The run rate: what a customer earns a year at today's level, without what will not come again.

It is read from the customer's own periods, those since it began, of the last ``window`` months; a customer won six
months ago has six. Left out are what is spent and gone, whatever is done with the customer now: its acquisition, direct
costs marked ``once``, and changes of the allowance for invoices already issued.

*Run rate = periods of a year × Σ weight × profit of the period.* The weights add up to 1:

- Nothing has changed: each period of the year counts the same, once, and where it is there twice, half each time,
  so that no season counts double. Under a year of periods: all the same, each divided by its seasonal index.
- The level has changed: only the periods since. The place that leaves the least unexplained is taken (binary
  segmentation: Scott and Knott, Biometrics 1974), and looked at once more for a later one.
- It rises or falls steadily: where the line through the periods ends.
- It has stopped buying, for ``dormant_periods`` and for longer than is usual for it: only the periods since.

How far a change is believed is *p = 1 − c / F* where *F*, the variance explained by the change over that left, is
above *c* (the positive part of James and Stein, "Estimation with Quadratic Loss", 1961): the weights are *p* of
those after the change and *1 − p* of those without it. *c* is :data:`DOUBT_OF_LINE` or :data:`DOUBT_OF_STEP`, which is
higher since its place is searched for; and higher by :data:`UNSEASONED` where there are not two years of history to
tell a season from a change; then what a customer has in common with its segment is taken off first.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit import ledger as books
from xlprofit.model import avoidable, periods, seasonality
from xlprofit.tables import Inputs, Settings

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

ACQUIRE = "acquire"
"""The group whose cost is spent on winning a customer, and sunk."""

DOUBT_OF_LINE, DOUBT_OF_STEP, UNSEASONED = 2.0, 4.0, 7.5
"""The F at and below which a change is taken for chance (see the module)."""

FEWEST = 3
"""Periods on either side of a change of level."""

VOLUME, MARGIN, EFFORT = 0.18, 0.024, 0.19
"""By how much a customer's volume, its margin (points of net revenue) and its effort usually change from one year to
the next, a standard deviation each: that of customers whose years are off by 15 %, 2 points and 16 %, some of them
around a mean of their own and some from where the last year left off. Where two years tell otherwise, all three are
more or less by the same factor; where they do not, by that of :data:`USUAL` and the setting
``uncertainty_volumes``."""

USUAL = 0.10
"""The ``uncertainty_volumes`` that the usual changes go with; they are more or less in proportion to it."""

WHOLE = 0.9
"""The share of a period's days that must lie in the span for it to count."""

ON_PRIOR = 20.0
"""As many customers as the usual figures count for beside those of the company."""

DAMPED = 0.5
"""The share of a steady rise or fall that is expected to go on (Gardner and McKenzie, Management Science 1985)."""

_NOTHING = 1e-18
"""A sum of squares below this share of that of the amounts is rounding."""


@dataclass(frozen=True)
class History:
    """What each customer sold and cost in each of the last periods of the span that count, in time's order.

    ``first`` is the place in the span of the first of them, ``own`` the number of them that are the customer's,
    the last ones. The grids are customers × periods, in money, cost negative: ``gross`` (revenue at list price),
    ``discounts``, ``net_revenue``, ``volume`` (what moves with volume: revenue less discounts and returns, the cost of
    goods, commissions, financing), ``effort`` (the cost of activities) and ``direct``; all of them without what will
    not come again. ``acquired`` is the cost of acquisition, which is in none of them.
    """

    first: int
    own: Integers
    gross: Floats
    discounts: Floats
    net_revenue: Floats
    volume: Floats
    effort: Floats
    direct: Floats
    acquired: Floats


@dataclass(frozen=True)
class RunRate:
    """What each customer earns a year, and how far that may be off a year later.

    ``weights`` (customers × periods from ``first`` on, none below 0) read what a figure is made of; times
    ``revenue``, ``effort`` or ``direct`` they give it a year at today's level. ``profit`` is the run rate, the sum of
    ``volume``, ``spent`` (effort) and ``other`` (direct); ``sold`` is net revenue, ``gross`` that at list price and
    ``discounts`` what is taken off it (negative). ``noise`` is the variance of its level and of a year of its own ups
    and downs, ``change`` that of its change from one year to the next, both in money squared; ``heading`` what its
    steady rise or fall is expected to add within the year. ``swings`` says what makes
    the two: shares of volume, margin, effort and direct costs (customers × 4). ``acquired`` is what is still spent a
    year on acquisition, beside the run rate (negative; 0 where it is not spent in most periods of a year or more), and
    ``quiet`` for how many periods nothing was bought (0: not long). ``own`` is the number of its periods.
    """

    first: int
    weights: Floats
    own: Integers
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
        recurring = group.codes.to_numpy()[done.row] != group.categories.get_indexer(pd.Index([ACQUIRE]))[0]
        weight: Floats = self.weigh(done.customer, done.period) * recurring * self.effort[done.customer]
        return weight


@dataclass(frozen=True)
class _Break:
    """Where a series changed: ``belief`` p, ``kept`` newest periods (0: a line), ``slope`` a period, what is left."""

    belief: Floats
    kept: Integers
    slope: Floats
    left: Floats
    whole: Floats


def counted(settings: Settings) -> tuple[int, int]:
    """Return the first period that counts and the one after the last: not those that the span cuts short.

    Where the span cuts them all short, all count.
    """
    whole = []
    for span in periods.spans(settings):
        begin, end = span.start_time.normalize(), span.end_time.normalize()
        inside = min(end, settings.end) - max(begin, settings.start)
        whole.append((inside.days + 1) / ((end - begin).days + 1) >= WHOLE)
    if not any(whole):
        return 0, len(whole)
    return whole.index(True), len(whole) - whole[::-1].index(True)


def history(inputs: Inputs, ledger: pd.DataFrame, names: pd.Index, done: avoidable.Efforts) -> History:
    """Return what each customer sold and cost in the periods that are looked at.

    A customer's periods are those since it began: its first sale, or the day of Customers.since where that is earlier;
    where it never bought, its first cost.
    """
    settings = inputs.settings
    begin, stop = counted(settings)
    a_year = round(1 / periods.SHARE_OF_YEAR[settings.period])
    first = max(begin, stop - max(2 * a_year, window(settings)))
    shape = (len(names), stop - first)
    customer, period, kind = _coded(ledger, names, settings)
    amount = ledger["amount"].to_numpy(dtype=np.float64)
    seen = (customer >= 0) & (period >= first) & (period < stop)
    flat = customer * shape[1] + period - first

    def grid(rows: Integers, keys: Integers, layers: int = 1) -> Floats:
        sums = np.bincount(keys, weights=amount[rows], minlength=layers * shape[0] * shape[1])
        return np.asarray(sums.reshape(layers, *shape), dtype=np.float64)

    rows = np.flatnonzero(seen)
    cube = grid(rows, kind[rows] * (shape[0] * shape[1]) + flat[rows], _SUNK + 1)
    gross, discounts, rest, other, acquired, _lost = cube
    worked = done.row[(kind[done.row] != _ACQUIRED) & seen[done.row]]
    effort = grid(worked, flat[worked])[0]
    direct, once = direct_grid(inputs, names, first, stop)
    start = _begun(inputs, names, customer, period, kind)
    own = np.clip(stop - np.maximum(start, first), 0, shape[1])
    net = gross + discounts + rest
    return History(
        first, own, gross, discounts, net, net + other - effort - direct - once, effort, direct, acquired
    )


def is_single(settings: Settings) -> bool:
    """Return whether the span has one period only, so that nothing can be seen of how anything varies.

    Then nothing is assumed of it: volume alone is off, by at most ± ``uncertainty_volumes``, equally likely.
    """
    return len(periods.labels(settings)) == 1


def window(settings: Settings) -> int:
    """Return how many periods the window has, one at least."""
    return max(1, int(settings.window / (12 * periods.SHARE_OF_YEAR[settings.period])))


def measure(inputs: Inputs, given: History, names: pd.Index) -> RunRate:
    """Return the run rate of each customer, and how far it may be off.

    Args:
        inputs: the tables, for the segments and the settings.
        given: what each customer sold and cost, as :func:`history` gives it.
        names: the customers.
    """
    settings = inputs.settings
    a_year = round(1 / periods.SHARE_OF_YEAR[settings.period])
    wide = min(window(settings), given.volume.shape[1])
    own = np.minimum(given.own, wide)
    seasons = _seasons(inputs, given, names, a_year)
    volume, effort, direct, net = (
        grid[:, -wide:] for grid in (given.volume, given.effort, given.direct, given.net_revenue)
    )
    index_of_volume, index_of_effort = (_spread(index, wide, a_year) for index in seasons)
    known = given.volume.shape[1] >= 2 * a_year
    courses = (index_of_volume, index_of_effort) if known else _courses(inputs, given, names, wide)
    series = _seasoned(volume, courses[0]) + _seasoned(effort, courses[1]) + direct
    weights, found = _weigh(series, own, a_year, 1.0 if known else UNSEASONED)
    quiet = np.minimum(_quiet(given, settings), own)
    weights = np.where((quiet > 0)[:, None], _balanced(quiet, wide, a_year)[:, ::-1], weights)
    detail = _positive(weights)
    of_volume, of_effort = (_deseason(weights, index) for index in (index_of_volume, index_of_effort))
    levels = {
        "volume": _level(volume, weights, own) * of_volume * a_year,
        "spent": _level(effort, weights, own) * of_effort * a_year,
        "other": _level(direct, weights, own) * a_year,
        "sold": _level(net, weights, own) * of_volume * a_year,
    }
    profit = levels["volume"] + levels["spent"] + levels["other"]
    revenue = _factor(levels["sold"], net, detail)
    size = _size(levels)
    prior = (settings.uncertainty_volumes / USUAL) ** 2
    noise = _noise(found, own, size / a_year, prior / (12 * periods.SHARE_OF_YEAR[settings.period]))
    noise = np.where(quiet > 0, _total(weights * series**2) - _total(weights * series) ** 2, noise)
    change = _change(given, noise, size, a_year, prior) * size**2
    blurred = noise * (a_year**2 * _total(weights**2) + a_year)
    swings = _swings(levels, (volume, net, effort, direct), own, blurred, change)
    if is_single(settings):
        blurred, change = np.zeros(len(names)), (settings.uncertainty_volumes * levels["volume"]) ** 2 / 3
        swings = np.tile([1.0, 0.0, 0.0, 0.0], (len(names), 1))
    return RunRate(
        first=given.first + given.volume.shape[1] - wide,
        weights=detail,
        own=given.own,
        revenue=revenue,
        effort=_factor(levels["spent"], effort, detail),
        direct=_factor(levels["other"], direct, detail),
        profit=profit,
        gross=_total(given.gross[:, -wide:] * detail) * revenue,
        discounts=_total(given.discounts[:, -wide:] * detail) * revenue,
        noise=blurred,
        change=change,
        swings=swings,
        acquired=_still_acquiring(given.acquired[:, -wide:], detail, own, a_year),
        quiet=quiet,
        heading=DAMPED * found.belief * found.slope * a_year * (a_year + 1) / 2,
        **levels,
    )


_GROSS, _DISCOUNTS, _REVENUE, _OTHER, _ACQUIRED, _SUNK = range(6)
_REVENUES = (_GROSS, _DISCOUNTS, _REVENUE)
"""Kinds of rows of the ledger: list price, discounts, the rest of net revenue, other, acquisition, lost on invoices."""


def _coded(ledger: pd.DataFrame, names: pd.Index, settings: Settings) -> tuple[Integers, Integers, Integers]:
    """Return the place of each row's customer and of its period, −1 where it has none, and its kind."""
    group, line = ledger["group"].cat, ledger["line"].cat
    lines = {books.GROSS_REVENUE: _GROSS, books.DISCOUNTS: _DISCOUNTS}
    kinds = {"revenue": _REVENUE, ACQUIRE: _ACQUIRED, "credit": _SUNK}
    by_group = np.array(
        [kinds.get(str(word), _OTHER) for word in group.categories] + [_OTHER], dtype=np.int64
    )
    by_line = np.array(
        [lines.get(str(word), _REVENUE) for word in line.categories] + [_REVENUE], dtype=np.int8
    )
    financing = np.array([str(word) == books.FINANCING for word in line.categories] + [False])
    kind, code = by_group[group.codes.to_numpy()], line.codes.to_numpy()
    kind = np.where(kind == _REVENUE, by_line[code], kind)
    paid_late = (group.codes.to_numpy() == group.categories.get_indexer(pd.Index(["credit"]))[0]) & financing[
        code
    ]
    kind = np.where(paid_late, _OTHER, kind)
    customer = avoidable.places(ledger["customer"], names)
    return customer, avoidable.places(ledger["period"], periods.labels(settings)), kind


def direct_grid(inputs: Inputs, names: pd.Index, first: int, stop: int) -> tuple[Floats, Floats]:
    """Return the direct costs of each customer in these periods (negative): those that go on, and those marked once."""
    costs, who, period = avoidable.direct_costs(inputs, names)
    kept = (period >= first) & (period < stop)
    amount, once = (
        0.0 - costs["amount"].to_numpy(dtype=np.float64)[kept],
        costs["once"].to_numpy(dtype=bool)[kept],
    )
    shape = (len(names), stop - first)
    flat = who[kept] * shape[1] + period[kept] - first
    both = (
        np.bincount(flat[part], weights=amount[part], minlength=shape[0] * shape[1]).reshape(shape)
        for part in (~once, once)
    )
    going, gone = both
    return going.astype(np.float64), gone.astype(np.float64)


def _begun(
    inputs: Inputs,
    names: pd.Index,
    customer: Integers,
    period: Integers,
    kind: Integers,
) -> Integers:
    """Return the place of the period in which each customer began; beyond the span where it never did."""
    never = len(periods.labels(inputs.settings))
    sold, any_at_all = (np.full(len(names), never, dtype=np.int64) for _ in range(2))
    there = (customer >= 0) & (period >= 0)
    sale = np.flatnonzero(there & (kind == _GROSS))
    np.minimum.at(sold, customer[sale], period[sale])
    other = np.flatnonzero(there & (kind <= _OTHER) & (sold[customer] == never))
    np.minimum.at(any_at_all, customer[other], period[other])
    start = np.where(sold < never, sold, any_at_all)
    known = inputs["Customers"]
    known = known[known["since"].notna().to_numpy()]
    if len(known):
        place = names.get_indexer(pd.Index(known["customer"].astype(str)))
        since = periods.code(known["since"], inputs.settings)
        active = (place >= 0) & (start[place] < never)
        np.minimum.at(start, place[active], since[active])
    return start


def _seasons(inputs: Inputs, given: History, names: pd.Index, a_year: int) -> tuple[Floats, Floats]:
    """Return the seasonal indices of volume and of effort, customers × periods of a year, 1 where nobody can tell."""
    flat = np.ones((len(names), a_year))
    if a_year < 2 or given.volume.shape[1] < 2 * a_year:
        return flat, flat
    years = [grid[:, -2 * a_year :] for grid in (given.net_revenue, -given.effort)]
    of_volume, of_effort = (seasonality.indices(grid, _segments(inputs, names), a_year) for grid in years)
    return of_volume, of_effort


def _segments(inputs: Inputs, names: pd.Index) -> Integers:
    """Return the place of each customer's segment; those that Customers does not have are one of their own."""
    customers = inputs["Customers"]
    codes, _ = pd.factorize(customers["segment"].astype(str).to_numpy(dtype=object), sort=True)
    segment = np.full(len(names), int(codes.max(initial=-1)) + 1, dtype=np.int64)
    place = names.get_indexer(pd.Index(customers["customer"].astype(str)))
    segment[place[place >= 0]] = codes[place >= 0]
    return segment


def _courses(inputs: Inputs, given: History, names: pd.Index, wide: int) -> tuple[Floats, Floats]:
    """Return what each customer's segment has in common in volume and in effort, customers × periods."""
    segment, there = _segments(inputs, names), given.own >= given.volume.shape[1]
    found = (
        seasonality.share_course(grid[:, -wide:], segment, there)
        for grid in (given.net_revenue, -given.effort)
    )
    of_volume, of_effort = found
    return of_volume, of_effort


def _quiet(given: History, settings: Settings) -> Integers:
    """Return for how many periods each customer has bought nothing; 0 where that is not long, or it never bought.

    Long is ``dormant_periods``, and half as long again as from one sale to the next on average.
    """
    sale = given.gross > 0
    width = sale.shape[1]
    last = width - 1 - np.argmax(sale[:, ::-1], axis=1)
    times = sale.sum(axis=1)
    usual = (last - np.argmax(sale, axis=1)) / np.maximum(times - 1, 1)
    since = np.where(times > 0, width - 1 - last, 0)
    return np.where((since >= settings.dormant_periods) & (since >= 1.5 * usual), since, 0).astype(np.int64)


def _spread(index: Floats, wide: int, a_year: int) -> Floats:
    """Return the index of each of the last ``wide`` periods: the last period is the last of the year's."""
    places = (np.arange(wide) - wide) % a_year
    return np.asarray(index[:, places])


def _seasoned(grid: Floats, index: Floats) -> Floats:
    return np.asarray(grid / np.maximum(index, seasonality.LOWEST))


def _deseason(weights: Floats, index: Floats) -> Floats:
    """Return what a weighed mean must be multiplied by to be that of a usual period."""
    return np.asarray(1.0 / np.maximum(_total(weights * index), seasonality.LOWEST))


def _weigh(series: Floats, own: Integers, a_year: int, doubt: float) -> tuple[Floats, _Break]:
    """Return the weight of each period for each customer, and where its series changed; see the module."""
    width = series.shape[1]
    age = np.arange(width)
    newest = series[:, ::-1]
    mine = age < own[:, None]
    mean = _total(np.where(mine, newest, 0.0)) / np.maximum(own, 1)
    values = np.where(mine, newest - mean[:, None], 0.0)
    sums = tuple(np.cumsum(part, axis=1) for part in (values, values**2, values * age))
    scale = _total(np.where(mine, newest**2, 0.0))
    first = _changed(sums, own, scale, doubt)
    later = _changed(sums, first.kept, scale, doubt)
    even = _balanced(own, width, a_year)
    since = _balanced(np.where(first.kept > 0, first.kept, own), width, a_year)
    inner = _mixed(since, _alternative(later, first.kept, width, a_year), later.belief)
    stepped = np.where((first.kept > 0)[:, None], inner, _alternative(first, own, width, a_year))
    weights = _mixed(even, stepped, first.belief)
    slope = np.where(first.kept > 0, later.belief * later.slope, first.slope)
    return weights[:, ::-1], _Break(first.belief, first.kept, slope, first.left, first.whole)


def _changed(sums: tuple[Floats, ...], own: Integers, scale: Floats, doubt: float) -> _Break:
    """Return the change that explains most of the newest ``own`` values: a step, or a line.

    ``sums`` are those of the newest values, of their squares and of value × age, each through every age.
    """
    through, squares = sums[:2]
    rows, width = through.shape
    last = np.maximum(own - 1, 0)[:, None]
    total, square, moment = (np.take_along_axis(part, last, axis=1)[:, 0] for part in sums)
    count = np.maximum(own, 1).astype(np.float64)
    whole = np.maximum(square - total**2 / count, 0.0)
    left, kept = np.full(rows, np.inf), np.zeros(rows, dtype=np.int64)
    for newest in range(FEWEST, width - FEWEST + 1):
        rest = count - newest
        inside = squares[:, newest - 1] - through[:, newest - 1] ** 2 / newest
        other = np.where(rest >= FEWEST, rest, 1.0)
        outside = square - squares[:, newest - 1] - (total - through[:, newest - 1]) ** 2 / other
        found = np.maximum(inside, 0.0) + np.maximum(outside, 0.0)
        better = (rest >= FEWEST) & (found < left)
        left, kept = np.where(better, found, left), np.where(better, newest, kept)
    middle = (count - 1) / 2
    spread = count * (count**2 - 1) / 12
    enough = own >= 2 * FEWEST
    lean = np.divide(moment - middle * total, spread, out=np.zeros(rows), where=enough)
    on_line = np.maximum(whole - lean**2 * spread, 0.0)
    line = enough & (on_line < left)
    left = np.where(line, on_line, np.where(kept > 0, left, whole))
    kept = np.where(line, 0, kept)
    changed = enough & (whole > _NOTHING * scale)
    bound = doubt * np.where(line, DOUBT_OF_LINE, DOUBT_OF_STEP)
    explained = (whole - left) / np.maximum(count - 2, 1)
    # F = (whole − left) / (left / (own − 2)), without its division: what is left may be nothing.
    spare = np.divide(
        bound * left / np.maximum(count - 2, 1), whole - left, out=np.ones(rows), where=explained > 0
    )
    belief = np.where(changed & (line | (kept > 0)), np.clip(1.0 - spare, 0.0, 1.0), 0.0)
    return _Break(
        belief,
        np.where(belief > 0, kept, 0),
        np.where(line & (belief > 0), -lean, 0.0),
        np.where(belief > 0, left, whole),
        whole,
    )


def _alternative(found: _Break, own: Integers, width: int, a_year: int) -> Floats:
    """Return the weights after a change: of the periods since a step, or of where a line ends (newest first)."""
    since = _balanced(found.kept, width, a_year)
    age = np.arange(width)
    count = np.maximum(own, 2).astype(np.float64)[:, None]
    middle = (count - 1) / 2
    ends = 1.0 / count + middle * (middle - age) / (count * (count**2 - 1) / 12)
    ends = np.where(age < own[:, None], ends, 0.0)
    return np.where((found.kept > 0)[:, None], since, ends)


def _balanced(own: Integers, width: int, a_year: int) -> Floats:
    """Return weights of the newest ``own`` periods that count each part of the year the same, newest first.

    >>> _balanced(np.array([3, 2, 1]), 3, 2).tolist()
    [[0.25, 0.5, 0.25], [0.5, 0.5, 0.0], [1.0, 0.0, 0.0]]
    """
    age = np.arange(width)
    place = age % a_year
    times = np.maximum((own[:, None] - 1 - place) // a_year + 1, 1)
    parts = np.minimum(np.maximum(own, 1), a_year)[:, None]
    return np.where(age < own[:, None], 1.0 / (times * parts), 0.0)


def _mixed(one: Floats, other: Floats, share: Floats) -> Floats:
    return np.asarray((1.0 - share)[:, None] * one + share[:, None] * other)


def _positive(weights: Floats) -> Floats:
    """Return weights none of which is below zero, adding up to 1 where they did."""
    kept = np.maximum(weights, 0.0)
    total = _total(kept)[:, None]
    return np.divide(kept, total, out=np.zeros_like(kept), where=total > 0)


def _level(grid: Floats, weights: Floats, own: Integers) -> Floats:
    """Return the weighed mean of each customer's periods, not beyond the highest and the lowest of them.

    A line through what dies away would go below zero, where nothing has been.
    """
    mine = np.arange(grid.shape[1]) >= grid.shape[1] - own[:, None]
    low = np.where(mine, grid, np.inf).min(axis=1, initial=np.inf)
    high = np.where(mine, grid, -np.inf).max(axis=1, initial=-np.inf)
    return np.where(own > 0, np.clip(_total(grid * weights), low, high), 0.0)


def _factor(level: Floats, grid: Floats, weights: Floats) -> Floats:
    """Return what the weighed sum of a grid is multiplied by to be its level."""
    weighed = _total(grid * weights)
    return np.divide(level, weighed, out=np.zeros(len(level)), where=np.abs(weighed) > 0)


def _total(grid: Floats) -> Floats:
    """Return the sums of the rows, added in order: the same on every processor."""
    if not grid.shape[1]:
        return np.zeros(len(grid))
    return np.asarray(np.cumsum(grid, axis=1)[:, -1])


def _size(levels: dict[str, Floats]) -> Floats:
    """Return the usual change of a customer's yearly profit from one year to the next, a standard deviation."""
    return np.asarray(np.sqrt(_total(_usual(levels))))


def _usual(levels: dict[str, Floats]) -> Floats:
    """Return the variances of the usual change: of volume, margin, effort and direct costs, a column each."""
    deviations = (
        VOLUME * levels["volume"],
        MARGIN * levels["sold"],
        EFFORT * levels["spent"],
        EFFORT * levels["other"],
    )
    return np.column_stack(deviations) ** 2


def _still_acquiring(acquired: Floats, weights: Floats, own: Integers, a_year: int) -> Floats:
    """Return what is spent a year on acquisition where it goes on: in most of a customer's periods, a year or more."""
    mine = np.arange(acquired.shape[1]) >= acquired.shape[1] - own[:, None]
    times = ((acquired < 0) & mine).sum(axis=1)
    return np.where((own >= a_year) & (2 * times > own), _total(acquired * weights) * a_year, 0.0)


def _swings(
    levels: dict[str, Floats], grids: tuple[Floats, ...], own: Integers, noise: Floats, change: Floats
) -> Floats:
    """Return the shares of volume, margin, effort and direct costs in what a customer may be off by.

    Its ups and downs are cut up as its own periods are, its change from one year to the next as the usual one is.
    """
    volume, net, effort, direct = grids
    mine = np.arange(net.shape[1]) >= net.shape[1] - own[:, None]
    sold = _total(np.where(mine, net, 0.0))
    margin = np.divide(_total(np.where(mine, volume, 0.0)), sold, out=np.zeros(len(sold)), where=sold > 0)
    parts = (net * margin[:, None], volume - net * margin[:, None], effort, direct)
    apart = []
    for part in parts:
        mean = _total(np.where(mine, part, 0.0)) / np.maximum(own, 1)
        apart.append(_total(np.where(mine, (part - mean[:, None]) ** 2, 0.0)))
    found = _shares(np.column_stack(apart)) * noise[:, None] + _shares(_usual(levels)) * change[:, None]
    return _shares(found)


def _shares(grid: Floats) -> Floats:
    total = _total(grid)[:, None]
    return np.divide(grid, total, out=np.zeros_like(grid), where=total > 0)


def _noise(found: _Break, own: Integers, usual: Floats, unseen: float) -> Floats:
    """Return the variance of one period's profit around its level.

    It is the customer's own, as far as it has periods to tell, beside that of all customers in relation to the
    usual change of theirs, or where none has enough periods ``unseen`` of that.
    """
    spare = np.maximum(own - 1 - 1.0 * (found.belief > 0), 0.0)
    mixed = (1.0 - found.belief) * found.whole / np.maximum(own - 1, 1)
    mixed += found.belief * found.left / np.maximum(own - 2, 1)
    known = (spare >= 4) & (usual > 0)
    pooled = float(np.median(mixed[known] / usual[known] ** 2)) if known.any() else unseen
    return np.asarray((spare * mixed + 4.0 * pooled * usual**2) / (spare + 4.0))


def _change(given: History, noise: Floats, size: Floats, a_year: int, prior: float) -> float:
    """Return the variance of the changes from one year to the next, in relation to the usual ones.

    It is read from the last two years of the customers who were there throughout: their yearly profit's change
    beyond what the ups and downs of single periods explain, by its median. The ``prior`` counts for
    :data:`ON_PRIOR` customers beside them.
    """
    there = (given.own >= 2 * a_year) & (size > 0) if given.own.size else np.zeros(0, dtype=bool)
    if not there.any():
        return prior
    series = (given.volume + given.effort + given.direct)[there]
    late, early = _total(series[:, -a_year:]), _total(series[:, -2 * a_year : -a_year])
    apart, chance = (late - early) ** 2, 2 * a_year * noise[there]
    low, high = 0.0, 10.0
    for _ in range(30):
        middle = (low + high) / 2
        wide = np.median(apart / np.maximum(chance + middle * size[there] ** 2, np.finfo(float).tiny))
        low, high = (middle, high) if wide > _MEDIAN_OF_SQUARE else (low, middle)
    count = int(there.sum())
    return float((count * low + ON_PRIOR * prior) / (count + ON_PRIOR))


_MEDIAN_OF_SQUARE = 0.4549364
"""The median of the square of a standard normal variable."""
