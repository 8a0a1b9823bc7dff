"""Movement: where the profit of each customer is going, alone or with all of its segment, and for how long.

Whose own profit rises or falls more than chance would have it (:mod:`xlprofit.analysis.trends`) is read from its own
periods. What one customer's months cannot tell from chance those of its segment together can: where what its regular
customers have in common rises or falls, each of the others goes with it. A level that bends says since when; what is
sold and what is spent go by a rate each from then on (:mod:`xlprofit.outlook.rates`).

How long it goes on nobody knows. What has lasted for *n* periods lasts for *k* more with the chance *n / (n + k)*: a
fall of three months is seldom one of a year, growth of two years is not over next month.

Sources: J. R. Gott, "Implications of the Copernican principle for our future prospects", Nature 1993, for how long
something goes on of which all that is known is for how long it has; E. S. Gardner and E. McKenzie, "Forecasting trends
in time series", Management Science 1985, for why a trend is not taken to go on for good; W. James and C. Stein,
"Estimation with Quadratic Loss", 1961, for how far that of a segment is believed.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from xlprofit.outlook.bends import FEWEST_BENT, Bends, fit_bends
from xlprofit.outlook.past import calm_wild_periods, count_purchases, take_season_out
from xlprofit.outlook.rates import DIGITS, Rates, draw_together, fit_rates, share_rates

if TYPE_CHECKING:
    from xlprofit.outlook.past import Past

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

FEWEST_REGULAR = 10
"""Regular customers that a segment must have for what they have in common to be told from what one of them does."""

DOUBT_OF_SEGMENT = 15.0
"""The F at and below which a movement of a whole segment is taken for chance: its bend is searched for."""

MOST_MEMORY = 0.9
"""The most that what is left is taken to be like what was left in the period before."""

MOST_GROWN = 4.0
"""The most by which chance is taken to be larger or smaller ahead, since more or less is sold."""


@dataclass(frozen=True)
class Line:
    """Profit that rises or falls by as much money each period; attributes as of :class:`xlprofit.outlook.bends.Bends`."""

    level: Floats
    slope: Floats
    doubt: Floats
    reach: Floats

    def choose(self, rows: Integers) -> Line:
        """Return that of some customers, by place."""
        return Line(*(getattr(self, field.name)[rows] for field in fields(self)))

    def add_growth(self, steps: Floats, ahead: int) -> Floats:
        """Return what a rise or fall that ends after so many steps adds over the periods ahead, money.

        >>> one = Line(np.array([100.0]), np.array([10.0]), np.zeros(1), np.zeros(1))
        >>> one.add_growth(np.array([[0.0, 1.0, 2.0]]), 2).tolist()
        [[0.0, 20.0, 30.0]]
        """
        return np.asarray(self.slope[:, None] * (steps * ahead - steps * (steps - 1.0) / 2))


@dataclass(frozen=True)
class Movement:
    """Where the profit of each customer is going.

    Attributes:
        way: −1 where its own profit falls more than chance would have it, +1 where it rises, else 0
            (:class:`xlprofit.analysis.trends.Trends`).
        moves: whether it is forecast by where it is going, alone or with its segment.
        lasted: for how many periods that has gone on.
        line: profit by as much money each period.
        sold: the rate of what it leaves before effort, money a period.
        spent: the rate of its effort and its direct costs, levels positive, money a period.
    """

    way: Integers
    moves: Flags
    lasted: Integers
    line: Line
    sold: Rates
    spent: Rates

    def choose(self, rows: Integers) -> Movement:
        """Return that of some customers, by place."""
        return Movement(
            self.way[rows],
            self.moves[rows],
            self.lasted[rows],
            self.line.choose(rows),
            self.sold.choose(rows),
            self.spent.choose(rows),
        )

    def expect_profit(self, ahead: int) -> Floats:
        """Return what each is expected to leave in the periods ahead, money: as much by a line as by rates."""
        chance = self._find_going_on(ahead)
        ends = chance - np.concatenate([chance[:, 1:], np.zeros((len(chance), 1))], axis=1)
        line, rates = self._list_courses(np.arange(ahead + 1, dtype=np.float64)[None, :], ahead)
        return np.asarray((ends * (line + rates) / 2).cumsum(axis=1)[:, -1])

    def draw_apart(self, ahead: int, chance: Floats, by_rates: Flags) -> Floats:
        """Return by how much a rise or fall that ends by such a chance, by a line or by rates, is off, customers × draws."""
        steps = np.minimum(np.floor(self.lasted[:, None] * (1.0 - chance) / chance), ahead)
        line, rates = self._list_courses(steps, ahead)
        return np.asarray(np.where(by_rates, rates, line) - self.expect_profit(ahead)[:, None])

    def _list_courses(self, steps: Floats, ahead: int) -> tuple[Floats, Floats]:
        """Return what each leaves in the periods ahead where its rise or fall ends so, by a line and by rates, money."""
        line = self.line.level[:, None] * ahead + self.line.add_growth(steps, ahead)
        rates = (self.sold.level - self.spent.level)[:, None] * ahead
        rates = rates + self.sold.add_growth(steps, ahead) - self.spent.add_growth(steps, ahead)
        return line, rates

    def find_doubt(self, ahead: int) -> Floats:
        """Return the variance of what is expected that comes of slope and rates not being known, money squared."""
        step = np.arange(1, ahead + 1)
        goes_on = (self._find_going_on(ahead)[:, 1:] * (ahead + 1 - step)).cumsum(axis=1)[:, -1]
        line = (self.line.doubt * (self.line.reach * ahead + goes_on)) ** 2
        both = ((part.level * part.doubt, part.reach) for part in (self.sold, self.spent))
        return np.asarray((line + sum((each * (reach * ahead + goes_on)) ** 2 for each, reach in both)) / 2)

    def scale_chance(self, width: int, ahead: int) -> Floats:
        """Return by how much more is sold ahead than in each period, customers × periods; 1 where it goes nowhere."""
        since = np.maximum(np.arange(width) - (width - 1 - self.lasted[:, None]), 0)
        then = np.exp(self.sold.rate[:, None] * (since - self.lasted[:, None]))
        chance = self._find_going_on(ahead)[:, 1:]
        to_come = 1.0 + np.expm1(self.sold.rate * (chance.cumsum(axis=1)[:, -1] / 2 if ahead else 0.0))
        return np.clip(to_come[:, None] / then, 1.0 / MOST_GROWN, MOST_GROWN)

    def _find_going_on(self, ahead: int) -> Floats:
        """Return the chance that it still goes on after each number of periods, from none to ``ahead``."""
        lasted = np.maximum(self.lasted, 1)[:, None]
        return np.asarray(lasted / (lasted + np.arange(ahead + 1)))


def stand_still(count: int) -> Movement:
    """Return the movement of so many customers of which nobody knows whether they go anywhere."""
    return _Found(count).tell(np.zeros(count, dtype=np.int64))


def read_movement(past: Past, way: Integers) -> Movement:
    """Return where the profit of each customer is going, before acquisition and what comes once, without the season."""
    own = np.minimum(past.history.own, past.width)
    free, found = take_season_out(past), _Found(past.count)
    alone = np.flatnonzero((way != 0) & (own > FEWEST_BENT))
    if len(alone):
        bent = fit_bends(free.profit[alone], own[alone])
        lasted = np.minimum(bent.lasted, own[alone] - 1)
        parts = (fit_rates(grid[alone], own[alone], lasted) for grid in _list_parts(free))
        line = _share_lines(bent, measure_size(free, alone, own[alone]))
        found.write(alone, lasted, [line, *(share_rates(*part) for part in parts)])
    _go_with_segments(free, way != 0, found)
    return found.tell(way)


class _Found:
    """What is found of each customer, as it is written."""

    def __init__(self, count: int) -> None:
        self.moves, self.lasted = np.zeros(count, dtype=bool), np.zeros(count, dtype=np.int64)
        self.parts = np.zeros((3, 4, count))

    def write(self, rows: Integers, lasted: Integers, parts: list[Line | Rates]) -> None:
        self.moves[rows], self.lasted[rows] = True, lasted
        for place, part in enumerate(parts):
            for at, field in enumerate(fields(part)):
                self.parts[place, at, rows] = getattr(part, field.name)

    def tell(self, way: Integers) -> Movement:
        """Return it."""
        line, *rates = self.parts
        return Movement(way, self.moves, self.lasted, Line(*line), *(Rates(*part) for part in rates))


def _share_lines(bent: Bends, size: Floats, mean: float | None = None) -> Line:
    """Return lines whose slopes, as shares of their size, are drawn towards each other."""
    size = np.maximum(size, np.finfo(float).tiny)
    slope, weight = draw_together(bent.slope / size, (bent.doubt / size) ** 2, mean)
    slope = slope * size
    level = bent.level + (slope - bent.slope) * bent.reach
    return Line(level, slope, np.sqrt(weight) * bent.doubt, bent.reach)


def measure_size(past: Past, rows: Integers, own: Integers) -> Floats:
    """Return what each of some customers sells in a period, the mean of its ``own``, money."""
    sold = past.history.net_revenue[rows]
    mine = np.arange(past.width) >= past.width - own[:, None]
    return np.asarray(np.where(mine, np.abs(sold), 0.0).cumsum(axis=1)[:, -1] / np.maximum(own, 1))


def _list_parts(free: Past) -> tuple[Floats, Floats]:
    """Return what each leaves before effort, and its effort and direct costs (positive), customers × periods, money."""
    return free.history.volume, -(free.history.effort + free.history.direct)


def _go_with_segments(free: Past, alone: Flags, found: _Found) -> None:
    """Write where those go that go with their segment.

    Two years must be known, or a season would be one. Of the last two years the mean of what each regular customer
    leaves of its own mean is the course of the segment; it goes by the rates of the means of what is sold and spent.
    """
    span = 2 * free.a_year
    if free.a_year < 2 or free.width < span:
        return
    own, bought = np.minimum(free.history.own, free.width), count_purchases(free) > 0
    calm = calm_wild_periods(free.profit, own, bought)[:, -span:]
    regular = (own >= span) & (4 * bought[:, -span:].sum(axis=1) >= 3 * span)
    for place in np.unique(free.segment[regular]).tolist():
        some = np.flatnonzero(regular & (free.segment == place))
        lasted, belief = _read_course(calm[some]) if len(some) >= FEWEST_REGULAR else (0, 0.0)
        rest = some[~alone[some]]
        if belief <= 0 or not len(rest):
            continue
        years, so_long = np.full(len(rest), span), np.full(len(rest), lasted)
        shape = _follow_line(calm[some], lasted, belief, ~alone[some])
        parts: list[Line | Rates] = [shape]
        for grid in _list_parts(free):
            curve = _average_courses(grid[some][:, -span:])
            shared, _ = fit_rates(curve[None, :], np.array([span]), np.array([lasted]))
            each = fit_rates(grid[rest][:, -span:], years, so_long)
            parts.append(share_rates(*each, mean=belief * float(shared.rate[0])))
        found.write(rest, so_long, parts)


def _follow_line(profit: Floats, lasted: int, belief: float, rest: Flags) -> Line:
    """Return the lines of those that go with their segment, whose slope is ``belief`` of that of its course."""
    span = profit.shape[1]
    step = np.maximum(np.arange(span) - (span - 1 - lasted), 0).astype(np.float64)
    step = step - float(step.cumsum()[-1]) / span
    spread = float((step**2).cumsum()[-1])
    shared = float((_average_courses(profit) * step).cumsum()[-1]) / spread
    profit = profit[rest]
    size = np.abs(profit).cumsum(axis=1)[:, -1] / span
    middle = profit.cumsum(axis=1)[:, -1:] / span
    slope = ((profit - middle) * step).cumsum(axis=1)[:, -1] / spread
    left = profit - middle - slope[:, None] * step
    doubt = np.sqrt((left**2).cumsum(axis=1)[:, -1] / (span - 2) / spread)
    reach = np.full(len(profit), step[-1])
    bent = Bends(
        middle[:, 0] + slope * step[-1], slope, np.full(len(profit), lasted), doubt, reach, profit, profit
    )
    return _share_lines(bent, size, belief * shared)


def _average_courses(grid: Floats) -> Floats:
    """Return the mean of what each leaves in a period of its own mean size, by period."""
    size = np.abs(grid).cumsum(axis=1)[:, -1:] / grid.shape[1]
    sized = np.divide(grid, size, out=np.zeros(grid.shape), where=size > 0)
    return np.asarray(sized.cumsum(axis=0)[-1] / len(grid))


def _read_course(profit: Floats) -> tuple[int, float]:
    """Return for how long what these customers have in common has risen or fallen, and how far that is believed.

    How much a bend explains over what is left, *F*, is divided by what memory from period to period inflates it by, and
    believed by *1 − c / F*.
    """
    curve, span = _average_courses(profit), profit.shape[1]
    bent = fit_bends(curve[None, :], np.array([span]))
    left, away = curve - bent.fitted[0], curve - float(curve.cumsum()[-1]) / span
    rest, whole = float((left**2).cumsum()[-1]), float((away**2).cumsum()[-1])
    if whole <= rest:
        return 0, 0.0
    memory = float((left[1:] * left[:-1]).cumsum()[-1]) / rest if rest > 0 else 0.0
    memory = min(max(memory, 0.0), MOST_MEMORY)
    doubt = rest / (span - FEWEST_BENT) / (whole - rest) * (1.0 + memory) / (1.0 - memory)
    return int(bent.lasted[0]), round(max(1.0 - DOUBT_OF_SEGMENT * doubt, 0.0), DIGITS)
