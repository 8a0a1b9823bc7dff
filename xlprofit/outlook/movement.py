"""Movement: where the profit of each customer is going, alone or with all of its segment, and for how long.

Whose own profit rises or falls more than chance would have it (:mod:`xlprofit.analysis.trends`) is read from its own
periods. What one customer's months cannot tell from chance those of its segment together can: where what its regular
customers have in common rises or falls, each of the others goes with it. What is sold and what is spent go by a rate
each (:mod:`xlprofit.outlook.rates`) since a level began to bend.

How long it goes on nobody knows. What has gone on for *n* periods goes on for *k* more with the chance
*(n + 1) / (n + 1 + k)*, by Laplace's rule of succession: a fall of three months is seldom one of a year, growth of two
years is not over next month. Where a segment goes together it ends for all at once, and how unsure the rates of the
segment are, by what they leave and by when they began, is the same error for all.

What moves is no chance. Beside it stand how far single periods are apart, which goes with what is sold and spent, and
how far a level wanders from year to year: the change that the run rate knows (:mod:`xlprofit.analysis.variation`),
without what blocks of months hold of it.

Sources: P. S. Laplace, *Essai philosophique sur les probabilités*, 1814; E. S. Gardner and E. McKenzie, "Forecasting
trends in time series", Management Science 1985, for why a trend is not taken to go on for good; W. James and C. Stein,
"Estimation with Quadratic Loss", 1961, for how far that of a segment is believed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from xlprofit.analysis import variation
from xlprofit.outlook.bends import FEWEST_BENT, fit_bends
from xlprofit.outlook.past import calm_wild_periods, count_purchases, find_following
from xlprofit.outlook.rates import DIGITS, Rates, fit_growth, share_rates

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlprofit.outlook.past import Past

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

FEWEST_REGULAR = 10
"""Regular customers that a segment must have for what they have in common to be told from what one of them does."""

DOUBT_OF_SEGMENT = 12.0
"""The F at and below which a movement of a whole segment is taken for chance, as its beginning is searched for."""

BLOCK_MONTHS = 4
"""Months that a block of the draws is long (:mod:`xlprofit.outlook.draws`)."""

MOST_GROWN = 4.0
"""The most by which chance is taken to be larger or smaller ahead, since more or less is sold or spent."""

MOST_MEMORY = 0.9
"""The most that what is left is taken to be like what was left in the period before."""


NOTHING = 1e-18
"""A variance, or a share of one, at and below which there is none."""


@dataclass(frozen=True)
class Movement:
    """Where the profit of each customer is going.

    Attributes:
        way: −1 where its own profit falls more than chance would have it, +1 where it rises, else 0
            (:class:`xlprofit.analysis.trends.Trends`).
        moves: whether it is forecast by where it is going, alone or with its segment.
        lasted: for how many periods that has gone on.
        sold: the rate of what it leaves before effort, money a period.
        spent: the rate of its effort and its direct costs, levels positive, money a period.
        together: the chance that it ends when that of the others does: 1 where all of a segment go, else as far as
            more of all customers go that way alone than the other.
    """

    way: Integers
    moves: Flags
    lasted: Integers
    sold: Rates
    spent: Rates
    together: Floats

    def choose(self, rows: Integers) -> Movement:
        """Return that of some customers, by place."""
        return Movement(
            self.way[rows],
            self.moves[rows],
            self.lasted[rows],
            self.sold.choose(rows),
            self.spent.choose(rows),
            self.together[rows],
        )

    def expect_profit(self, ahead: int) -> Floats:
        """Return what each is expected to leave in the periods ahead, money; 0 where it goes nowhere."""
        chance = self._find_going_on(ahead)
        ends = chance - np.concatenate([chance[:, 1:], np.zeros((len(chance), 1))], axis=1)
        leaves = self._leave_profit(np.arange(ahead + 1, dtype=np.float64)[None, :], ahead)
        return np.asarray((ends * leaves).cumsum(axis=1)[:, -1])

    def expect_levels(self, ahead: int) -> tuple[Floats, Floats]:
        """Return what is sold and spent in a period halfway ahead, as long as that is likely to go on, money."""
        goes_on = self._find_going_on(max(ahead, 1))[:, 1 : ahead // 2 + 2].cumsum(axis=1)[:, -1]
        sold, spent = (part.level * np.exp(part.rate * goes_on) for part in (self.sold, self.spent))
        return sold, spent

    def draw_apart(self, ahead: int, chance: Floats, own: Floats, common: Floats) -> Floats:
        """Return how much more than expected each leaves in each draw, customers × draws, money.

        Its rise or fall ends by chance, and its rates are not known: an error of a rate is one of the level, and one of
        what is added as long as that goes on.

        Args:
            ahead: the periods ahead.
            chance: from 0 to 1, by which it ends, customers × draws.
            own: normal, by which its own rates differ from those read.
            common: normal, by which the rates of all do.
        """
        steps = np.minimum(np.floor((self.lasted[:, None] + 1.0) * (1.0 - chance) / chance), ahead)
        place = steps.astype(np.int64)
        leaves = self._leave_profit(np.arange(ahead + 1, dtype=np.float64)[None, :], ahead)
        apart = np.take_along_axis(leaves - self.expect_profit(ahead)[:, None], place, axis=1)
        for which, reach, drawn in (("doubt", "reach", own), ("common", "shift", common)):
            squares = np.zeros(leaves.shape)
            for part in (self.sold, self.spent):
                off = getattr(part, which)[:, None]
                squares += (off * part.feel_rate(getattr(part, reach), ahead)) ** 2
            apart += np.take_along_axis(np.sqrt(squares), place, axis=1) * drawn
        return np.asarray(apart)

    def _leave_profit(self, steps: Floats, ahead: int) -> Floats:
        level = (self.sold.level - self.spent.level)[:, None] * ahead
        return np.asarray(level + self.sold.add_growth(steps, ahead) - self.spent.add_growth(steps, ahead))

    def _find_going_on(self, ahead: int) -> Floats:
        """Return the chance that it still goes on after each number of periods, from none to ``ahead``."""
        seen = self.lasted[:, None] + 1.0
        return np.asarray(seen / (seen + np.arange(ahead + 1)))


def stand_still(count: int) -> Movement:
    """Return the movement of so many customers of which nobody knows whether they go anywhere."""
    return _Found(count).tell(np.zeros(count, dtype=np.int64))


def read_movement(past: Past, way: Integers) -> Movement:
    """Return where the profit of each customer is going, before acquisition and what comes once, without the season."""
    own = np.minimum(past.history.own, past.width)
    free, found = past.unseasoned, _Found(past.count)
    if not past.width:
        return found.tell(way)
    sold_and_spent = list_parts(free)
    courses = _read_courses(free, sold_and_spent)
    if courses:
        _go_along(sold_and_spent, past.a_year, courses, way, found)
    alone = np.flatnonzero((way != 0) & (own > FEWEST_BENT) & ~found.moves)
    if len(alone):
        lasted = np.minimum(fit_bends(free.profit[alone], own[alone]).lasted, own[alone] - 1)
        parts = (fit_growth(grid[alone], own[alone], lasted, past.a_year) for grid in sold_and_spent)
        more = abs(int(way[alone].sum())) / (past.count + 1)
        found.write(alone, lasted, [share_rates(*part) for part in parts], more)
    return found.tell(way)


class _Found:
    """What is found of the customers, some after others."""

    def __init__(self, count: int) -> None:
        self.moves, self.lasted = np.zeros(count, dtype=bool), np.zeros(count, dtype=np.int64)
        self.parts, self.together = np.zeros((2, 6, count)), np.zeros(count)

    def write(self, rows: Integers, lasted: Integers, parts: list[Rates], together: Floats | float) -> None:
        """Note for how long some have moved, the rates of what they sell and spend, and how far they go together."""
        self.moves[rows], self.lasted[rows], self.together[rows] = True, lasted, together
        for place, part in enumerate(parts):
            self.parts[place][:, rows] = (
                *(part.level, part.rate, part.doubt, part.reach, part.common, part.shift),
            )

    def tell(self, way: Integers) -> Movement:
        """Return it as a movement."""
        sold, spent = (Rates(*part) for part in self.parts)
        return Movement(way, self.moves, self.lasted, sold, spent, self.together)


def list_parts(free: Past) -> tuple[Floats, Floats]:
    """Return what is sold and what is spent without what follows it, customers × periods, money.

    Sold is what each leaves before effort, less the effort and the direct costs that follow it; what is left of these
    (positive) goes a way of its own.
    """
    given, own = free.history, np.minimum(free.history.own, free.width)
    spent = -(given.effort + given.direct)
    follows = find_following(given.net_revenue, spent, own) * given.net_revenue
    return given.volume - follows, spent - follows


@dataclass(frozen=True)
class _Course:
    """Where a segment is going.

    ``rows`` are its regular customers, ``way`` −1 or +1, ``rates`` those of what is sold and spent, as far as believed,
    ``doubts`` their standard deviations, and ``shifts`` by how many times an error of them is one of the level.
    """

    rows: Integers
    way: int
    lasted: int
    rates: tuple[float, ...]
    doubts: tuple[float, ...]
    shifts: tuple[float, ...]


def _read_courses(free: Past, sold_and_spent: Sequence[Floats]) -> list[_Course]:
    """Return where segments are going whose regular customers rise or fall together, more than chance would have it.

    Two years must be known, or a season would be one. Of the last two years the mean of what each regular customer
    leaves of its own mean is the course of the segment.
    """
    span = 2 * free.a_year
    if free.a_year < 2 or free.width < span:
        return []
    own, bought = np.minimum(free.history.own, free.width), count_purchases(free) > 0
    regular = (own >= span) & (4 * bought[:, -span:].sum(axis=1) >= 3 * span)
    parts = [grid[:, -span:] for grid in sold_and_spent]
    found = []
    for place in np.unique(free.segment[regular]).tolist():
        some = np.flatnonzero(regular & (free.segment == place))
        if len(some) >= FEWEST_REGULAR:
            course = _read_course(some, [grid[some] for grid in parts])
            if course is not None:
                found.append(course)
    return found


def _read_course(rows: Integers, parts: list[Floats]) -> _Course | None:
    """Return where these customers are going together; ``None`` where that is not more than chance.

    For each number of periods since which they may, the rates of what is sold and of what is spent, and the squares of
    profit that they leave. How much the best explains over what is left, *F*, is divided by what memory from period to
    period inflates it by, and believed by *1 − (c / F)²*. Since when is not known: the rates are the mean of all, each
    as likely as what it leaves makes it, and as unsure as they are each and among each other.
    """
    curves = _average_parts(parts)
    curve, span = curves[0] - curves[1], len(curves[0])
    since = np.arange(FEWEST_BENT, span)
    years = np.full(len(since), span)
    both = [fit_growth(np.tile(one, (len(since), 1)), years, since, span // 2)[0] for one in curves]
    left = curve - (both[0].trace(span, since) - both[1].trace(span, since))
    squares, away = (left**2).cumsum(axis=1)[:, -1], curve - float(curve.cumsum()[-1]) / span
    whole = max(float((away**2).cumsum()[-1]), NOTHING)
    place = int(np.argmin(np.round(squares / whole, DIGITS)))
    rest = max(float(squares[place]), NOTHING * whole)
    if whole <= rest or whole <= NOTHING:
        return None
    lagged = float((left[place, 1:] * left[place, :-1]).cumsum()[-1])
    memory = min(max(lagged / rest, 0.0), MOST_MEMORY)
    # The season that was taken out has taken as many of its periods along.
    spare = max(span - span // 2 + 1 - FEWEST_BENT, 1)
    longer = (1.0 + memory) / (1.0 - memory)
    doubt = rest / spare / (whole - rest) * longer
    belief = round(1.0 - (DOUBT_OF_SEGMENT * doubt) ** 2, DIGITS)
    if belief <= 0:
        return None
    likely, wider = _weigh_bends(left, squares, place, longer)
    means, doubts, shifts = zip(*(_weigh_rates(part, likely, wider) for part in both), strict=True)
    grows = float(both[0].level[place] * both[0].rate[place] - both[1].level[place] * both[1].rate[place])
    lasted = round(float((likely * since).cumsum()[-1]))
    rates = tuple(belief * mean for mean in means)
    return _Course(rows, 1 if grows > 0 else -1, lasted, rates, doubts, shifts)


def _weigh_bends(left: Floats, squares: Floats, place: int, longer: float) -> tuple[Floats, Floats]:
    """Return how likely each bend is by the squares it leaves, and how much wider its variances are than they seem.

    A season that is taken out has taken as many periods along, and of a rate it leaves to be seen what the same periods
    of both years are apart by.
    """
    span, rest = left.shape[1], max(float(squares[place]), NOTHING * float(squares.max()))
    # What a season was taken out of leaves in one year the opposite of the other; a season that there is not, nothing.
    years_apart = float((left[place, : span // 2] * left[place, span // 2 :]).cumsum()[-1])
    taken = min(max(-2.0 * years_apart / rest, 0.0), 1.0)
    wider = longer * (span - FEWEST_BENT) / (span - FEWEST_BENT - taken * (span // 2))
    apart = 2.0 * rest * wider / (span - FEWEST_BENT)
    likely = np.exp(-(squares - rest) / apart)
    likely = np.round(likely / float(likely.cumsum()[-1]), DIGITS)
    bend = np.arange(span - 1 - FEWEST_BENT, -1, -1)[:, None]
    since = np.maximum(np.arange(span) - bend, 0).astype(np.float64)
    seen = ((since - since.cumsum(axis=1)[:, -1:] / span) ** 2).cumsum(axis=1)[:, -1]
    beside = ((since[:, span // 2 :] - since[:, : span // 2]) ** 2).cumsum(axis=1)[:, -1] / 2.0
    return likely, wider * seen / (seen + taken * (np.minimum(beside, seen) - seen))


def _weigh_rates(part: Rates, likely: Floats, wider: Floats) -> tuple[float, float, float]:
    """Return the mean of some rates, each so likely, its deviation, and how the level goes with an error of it.

    The variance of each is so much wider, and an error of it is one of the level by its reach. Of two bends the later
    has the faster rate and much the same level: what they are apart by is not an error of both.
    """
    mean, height = (float((likely * each).cumsum()[-1]) for each in (part.rate, part.level))
    own, apart = wider * part.doubt**2, part.rate - mean
    variance = float((likely * (own + apart**2)).cumsum()[-1])
    if variance <= NOTHING or height <= 0:
        return round(mean, DIGITS), 0.0, 0.0
    both = own * part.reach + apart * (part.level / height - 1.0)
    shift = float((likely * both).cumsum()[-1]) / variance
    return round(mean, DIGITS), round(math.sqrt(variance), DIGITS), round(shift, DIGITS)


def _average_parts(parts: list[Floats]) -> list[Floats]:
    """Return the means of what is sold and spent, by period, each customer's as shares of what it sells in a period."""
    size = np.abs(parts[0]).cumsum(axis=1)[:, -1:] / parts[0].shape[1]
    sized = (np.divide(grid, size, out=np.zeros(grid.shape), where=size > 0) for grid in parts)
    return [np.asarray(grid.cumsum(axis=0)[-1] / len(grid)) for grid in sized]


def _go_along(
    sold_and_spent: Sequence[Floats], a_year: int, courses: list[_Course], way: Integers, found: _Found
) -> None:
    """Write where customers go with their segment: by its rates, and as far as it is known by their own.

    How far rates of their own lie around that of the segment is read from all segments together.
    """
    span = 2 * a_year
    along = [course.rows[way[course.rows] * course.way >= 0] for course in courses]
    rows, count = np.concatenate(along), [len(rest) for rest in along]
    years, lasted = np.full(len(rows), span), np.repeat([course.lasted for course in courses], count)
    drawn = []
    for place, grid in enumerate(sold_and_spent):
        each = fit_growth(grid[rows, -span:], years, lasted, a_year)
        mean, doubt, shift = (
            np.repeat([part[place] for part in parts], count)
            for parts in zip(*((one.rates, one.doubts, one.shifts) for one in courses), strict=True)
        )
        drawn.append(share_rates(*each, (mean, doubt, shift)))
    found.write(rows, lasted, drawn, 1.0)


# --- what is chance beside it ----------------------------------------------------------------------


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
    # What is fitted to a customer's own periods takes up some of what is chance: a level alone, or a bend.
    fitted = np.where(there.together >= 1.0, 1.0, FEWEST_BENT)[:, None]
    return np.where(mine, middle + (left - apart) * np.sqrt(own / (own - fitted)), free.profit[moves])


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
    # Of who moves, that change is what it moved by: usual customers stand still as often as these do.
    still = 1.0 - int(movement.moves[there].sum()) / len(there)
    share = variation.measure_change(calm, own, np.sqrt(np.maximum(change, 0.0)), a_year, still)
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
