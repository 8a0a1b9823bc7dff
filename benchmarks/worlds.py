"""Companies whose truth is known, to hold trends and verdicts against: customers of one kind, month by month.

:func:`build_world` makes a :class:`World` of one of :data:`KINDS`. It gives, for each customer and month, revenue,
gross margin, effort by group and profit as they would be booked, and what is *true*: the expected profit without
chance and season, month by month and on into the months that nobody has seen yet. From these :meth:`World.truth`
says, as of any month, each customer's kind, its true level and slope, and in how many months profit will truly
cross zero. :meth:`World.see` cuts a world down to its first months, which is what a refresh at that time would
know; :func:`build_pnl`, :func:`build_effort` and :func:`build_tables` give it the shapes that the software reads.

Amounts are money a month; revenue, margin and effort are positive, profit is signed. Everything is drawn from the
seed, so the same arguments give the same world.

The noise is that of a trading company: revenue varies by 15 % from month to month, its margin by 2 points, effort by
15–18 % (a factor common to all effort of the customer and one for each group). A turn is −4 % volume and +4 % attention
a month, compounded, from :data:`TURNED` months before the end of the history on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit.tables import Settings

Grid = npt.NDArray[np.float64]
"""Customers × months."""

NULLS = ("steady", "growing", "seasonal", "wild", "gaps", "autocorrelated")
"""The kinds with nothing to be warned of: nobody's profit falls."""

KINDS = (*NULLS, "turning", "turning_seasonal", "falling", "recovering")
"""Every kind of world.

- *steady*: nothing but chance. *growing*: volume and attention +2 % a month.
- *seasonal*: a season for each of three segments, of which each customer has more or less.
- *wild*: steady but for one month with five times the revenue, a revenue taken back, or eight times the attention.
- *gaps*: buys in 30–70 % of the months. *autocorrelated*: chance is AR(1) with φ from 0.4 to 0.8.
- *turning*: volume falls and one group of attention rises, or all of them; *turning_seasonal*: with a season as well.
- *falling*: volume falls, attention stays. *recovering*: a loss that volume and attention turn to profit.
"""

FOLLOWING = ("order", "deliver")
"""The groups of effort that follow what is bought."""

ATTENTION = ("service", "complaint", "demand", "loyalty")
"""The groups of effort that do not."""

TURNED = 9
"""How many months before the end of the history a turn begins."""

AHEAD = 30
"""Months known to the truth after the end of the history."""

REVENUE_NOISE, MARGIN_NOISE, EFFORT_NOISE, GROUP_NOISE = 0.15, 0.02, 0.15, 0.08
"""Standard deviations a month: of revenue and effort as shares, of the margin in points of revenue."""

PACE = 0.04
"""By how much volume falls and attention rises in a month of a turn."""

SEGMENTS = ("North", "South", "West")


@dataclass(frozen=True)
class World:
    """Customers of one kind, and what is true of them.

    Attributes:
        kind: one of :data:`KINDS`.
        history: the months that have been seen; the grids of what is booked go on for :data:`AHEAD` months.
        revenue, margin: net revenue and gross margin.
        effort: a grid for each group of :data:`FOLLOWING` and :data:`ATTENTION`.
        expected: the true profit, without chance, season and wild months.
        grows: the group of attention that rises with a turn, ``""`` where all or none do.
        segment: the segment of each customer.
    """

    kind: str
    history: int
    revenue: Grid
    margin: Grid
    effort: Mapping[str, Grid]
    expected: Grid
    grows: npt.NDArray[np.object_]
    segment: npt.NDArray[np.object_]

    @property
    def profit(self) -> Grid:
        """Profit as booked: gross margin less all effort."""
        return np.asarray(self.margin - np.sum([self.effort[g] for g in sorted(self.effort)], axis=0))

    @property
    def names(self) -> pd.Index:
        """The customers' names, sorted."""
        return pd.Index([f"C{i:06d}" for i in range(len(self.revenue))], dtype=object, name="customer")

    def see(self, months: int) -> World:
        """Return the world as it is known after so many months; the truth stays whole."""
        effort = {group: grid[:, :months] for group, grid in self.effort.items()}
        revenue, margin = self.revenue[:, :months], self.margin[:, :months]
        return replace(self, history=months, revenue=revenue, margin=margin, effort=effort)

    def truth(self) -> pd.DataFrame:
        """Return what is true of each customer in the last month seen.

        Columns: ``kind``; ``level``, the expected profit of that month; ``slope``, its change to the next month;
        ``months_left``, from that month on until expected profit crosses zero downwards (blank where it is below
        already, or does not within :data:`AHEAD` months of the end of the world's own history); ``next_year``, the
        profit expected of the twelve months after it, blank where the world does not reach so far.
        """
        now, after = self.history - 1, self.expected[:, self.history :]
        level = self.expected[:, now]
        course = np.concatenate([level[:, None], after], axis=1)
        below = course < 0
        first = np.argmax(below, axis=1)
        before = np.take_along_axis(course, np.maximum(first - 1, 0)[:, None], axis=1)[:, 0]
        at = np.take_along_axis(course, first[:, None], axis=1)[:, 0]
        crosses = below.any(axis=1) & (level > 0)
        part = np.divide(before, before - at, out=np.zeros(len(level)), where=crosses)
        reaches = after.shape[1] >= 12
        return pd.DataFrame(
            {
                "kind": self.kind,
                "level": level,
                "slope": after[:, 0] - level if after.shape[1] else np.nan,
                "months_left": np.where(crosses, first - 1 + part, np.nan),
                "next_year": after[:, :12].sum(axis=1) if reaches else np.nan,
            },
            index=self.names,
        )


def build_world(kind: str, customers: int, history: int, seed: int) -> World:
    """Return a world of one of :data:`KINDS`, the same for the same arguments."""
    if kind not in KINDS:
        raise ValueError(f"No such kind of world: {kind}. There are {', '.join(KINDS)}.")
    rng = np.random.default_rng([seed, KINDS.index(kind), history])
    count = history + AHEAD
    shape = (customers, count)
    month = np.arange(count)
    size = rng.lognormal(np.log(10_000.0), 0.8, (customers, 1))
    volume, grown = _course(kind, month, history)
    margin = np.clip(rng.normal(0.30, 0.04, (customers, 1)), 0.22, 0.40)
    attention = rng.uniform(0.03, 0.09, (customers, 1)) * (6.0 if kind == "recovering" else 1.0)
    # Each group's share of the attention, and whether it is the one that grows; in every other customer all do.
    parts = rng.dirichlet([6.0, 2.0, 2.0, 2.0], customers)
    alone = rng.integers(0, 2 * len(ATTENTION), customers)
    single = (
        np.where(alone < len(ATTENTION), alone, -1) if kind.startswith("turning") else np.full(customers, -1)
    )
    for place in range(len(ATTENTION)):
        parts[single == place] = np.where(np.arange(len(ATTENTION)) == place, 0.7, 0.1)
    season, segment = _season(kind, rng, month, customers)
    phi = rng.uniform(0.4, 0.8, (customers, 1)) if kind == "autocorrelated" else np.zeros((customers, 1))
    trade = season * _noise(rng, shape, REVENUE_NOISE, phi)
    if kind == "gaps":
        often = rng.uniform(0.3, 0.7, (customers, 1))
        trade = trade * (rng.random(shape) < often) / often
    revenue = size * volume * trade
    common = _noise(rng, shape, EFFORT_NOISE, phi)
    effort, expected_effort = {}, np.zeros(shape)
    for group in FOLLOWING:
        effort[group] = 0.03 * revenue * _noise(rng, shape, GROUP_NOISE, phi)
        expected_effort += 0.03 * size * volume
    for place, group in enumerate(ATTENTION):
        rises = ((single < 0) | (single == place))[:, None]
        level = size * attention * parts[:, [place]] * np.where(rises, grown, 1.0)
        effort[group] = level * common * _noise(rng, shape, GROUP_NOISE, phi)
        expected_effort += level
    if kind == "wild":
        revenue, effort = _wild(rng, revenue, effort, history)
    earned = revenue * (margin + rng.normal(0.0, MARGIN_NOISE, shape))
    expected = size * volume * margin - expected_effort
    grows = np.where(single >= 0, np.array([*ATTENTION, ""], dtype=object)[single], "")
    return World(kind, history, revenue, earned, effort, expected, grows.astype(object), segment)


def _course(kind: str, month: npt.NDArray[np.int64], history: int) -> tuple[Grid, Grid]:
    """Return the factors of volume and of the attention that grows, by month."""
    since = np.maximum(month - (history - TURNED - 1), 0)
    still = np.ones(len(month))
    down, up = (1 - PACE) ** since, (1 + PACE) ** since
    courses: dict[str, tuple[Grid, Grid]] = {
        "growing": (np.power(1.02, month), np.power(1.02, month)),
        "turning": (down, up),
        "turning_seasonal": (down, up),
        "falling": (down, still),
        "recovering": (up, down),
    }
    return courses.get(kind, (still, still))


def _season(
    kind: str, rng: np.random.Generator, month: npt.NDArray[np.int64], customers: int
) -> tuple[Grid, npt.NDArray[np.object_]]:
    """Return the factor of the season, customers × months, with a mean of 1 over a year, and the segments."""
    member = rng.integers(0, len(SEGMENTS), customers)
    segment = np.array(SEGMENTS, dtype=object)[member]
    if "seasonal" not in kind:
        return np.ones((customers, len(month))), segment
    peak = rng.integers(0, 12, len(SEGMENTS))
    wave = 0.8 * np.cos(2 * np.pi * (month - peak[:, None]) / 12) + 0.3 * np.cos(
        np.pi * (month - peak[:, None]) / 3
    )
    own = rng.uniform(0.25, 0.6, (customers, 1))
    return 1 + own * wave[member], segment


def _noise(rng: np.random.Generator, shape: tuple[int, int], deviation: float, phi: Grid) -> Grid:
    """Return factors with a mean of 1: lognormal, AR(1) from month to month in their logarithms."""
    shocks = rng.standard_normal(shape)
    course = np.empty(shape)
    course[:, 0] = shocks[:, 0]
    for t in range(1, shape[1]):
        course[:, t] = phi[:, 0] * course[:, t - 1] + np.sqrt(1 - phi[:, 0] ** 2) * shocks[:, t]
    spread = np.sqrt(np.log1p(deviation**2))
    return np.asarray(np.exp(spread * course - spread**2 / 2))


def _wild(
    rng: np.random.Generator, revenue: Grid, effort: dict[str, Grid], history: int
) -> tuple[Grid, dict[str, Grid]]:
    """Return revenue and effort with one wild month a customer, somewhere in the last 24 months seen."""
    customers = len(revenue)
    row = np.arange(customers)
    at = rng.integers(max(history - 24, 0), history, customers)
    what = rng.integers(0, 3, customers)
    wild = revenue.copy()
    wild[row, at] *= np.array([5.0, -1.0, 1.0])[what]
    many = np.where(what == 2, 8.0, 1.0)
    upset = {group: grid.copy() for group, grid in effort.items()}
    for group in ("service", "complaint"):
        upset[group][row, at] *= many
    return wild, upset


def repeat_wild_months(world: World, seed: int) -> World:
    """Return a *wild* world in which wild months come as often after the months seen as in the last 24 of them.

    What has been seen is the same, and so is what can be said of it.
    """
    rng = np.random.default_rng([seed, world.history])
    comes = rng.random(world.revenue.shape) < 1 / 24
    comes[:, : world.history] = False
    what = rng.integers(0, 3, world.revenue.shape)
    times = np.where(comes, np.array([5.0, -1.0, 1.0])[what], 1.0)
    many = np.where(comes & (what == 2), 8.0, 1.0)
    upset = {g: grid * (many if g in ("service", "complaint") else 1.0) for g, grid in world.effort.items()}
    return replace(world, revenue=world.revenue * times, margin=world.margin * times, effort=upset)


def end_movement(world: World) -> World:
    """Return a world in which what rises or falls does so no more from the first month on that has not been seen.

    What has been seen is the same, and so is what can be said of it; so is chance in the months that follow.
    """
    month = np.arange(world.revenue.shape[1])
    volume, grown = _course(world.kind, month, world.history)
    stays = [np.where(month < world.history, 1.0, one[world.history - 1] / one) for one in (volume, grown)]
    effort = {}
    for group, grid in world.effort.items():
        rises = np.isin(world.grows, ("", group))[:, None]
        still = np.where(rises, stays[1], 1.0) if group in ATTENTION else stays[0]
        effort[group] = grid * still
    level = np.where(month < world.history, world.expected, world.expected[:, [world.history - 1]])
    return replace(
        world,
        revenue=world.revenue * stays[0],
        margin=world.margin * stays[0],
        effort=effort,
        expected=level,
    )


def build_settings(world: World, **more: float) -> Settings:
    """Return settings whose span is the months of the world that have been seen."""
    start = pd.Timestamp("2020-01-01")
    end = start + pd.DateOffset(months=world.history) - pd.Timedelta(days=1)
    return Settings(start, end, end, **more)  # type: ignore[arg-type]


def build_pnl(world: World, labels: pd.Index) -> pd.DataFrame:
    """Return the P&L by customer and period, as :func:`xlprofit.ledger.sum_pnl` does."""
    seen = world.see(len(labels))
    cost = -np.sum([seen.effort[g] for g in sorted(seen.effort)], axis=0)
    columns = {
        "gross_revenue": np.maximum(seen.revenue, 0.0),
        "discounts": 0.0 * seen.revenue,
        "returns": np.minimum(seen.revenue, 0.0),
        "net_revenue": seen.revenue,
        "cogs": seen.margin - seen.revenue,
        "gross_margin": seen.margin,
        "cost_to_acquire": 0.0 * seen.revenue,
        "cost_to_serve": cost,
        "operating_profit": seen.margin + cost,
        "cost_of_credit": 0.0 * seen.revenue,
        "profit": seen.profit,
    }
    return pd.DataFrame(
        {name: grid.ravel() for name, grid in columns.items()},
        index=pd.MultiIndex.from_product([seen.names, labels], names=["customer", "period"]),
    )


def build_effort(world: World, labels: pd.Index) -> dict[str, pd.DataFrame]:
    """Return the effort of each group, customers × periods, positive."""
    seen = world.see(len(labels))
    return {
        group: pd.DataFrame(grid, index=seen.names, columns=labels)
        for group, grid in sorted(seen.effort.items())
    }


def build_tables(world: World) -> dict[str, pd.DataFrame]:
    """Return input tables that give the months seen: Settings, Customers, Sales and, for the effort, DirectCosts."""
    seen = world.see(world.history)
    span = build_settings(seen)
    days = pd.date_range(span.start, periods=world.history, freq="MS") + pd.Timedelta(days=14)
    names = np.repeat(seen.names.to_numpy(), world.history)
    date = np.tile(days.to_numpy(), len(seen.names))
    revenue, margin = seen.revenue.ravel(), seen.margin.ravel()
    sales = pd.DataFrame(
        {
            "date": date,
            "customer": names,
            "gross_revenue": np.maximum(revenue, 0.0),
            "returns": np.maximum(-revenue, 0.0),
            "cogs": revenue - margin,
        }
    )
    costs = [
        pd.DataFrame({"date": date, "customer": names, "group": group, "amount": grid.ravel()})
        for group, grid in sorted(seen.effort.items())
    ]
    effort = pd.concat(costs, ignore_index=True)
    return {
        "Settings": pd.DataFrame({"setting": ["start", "end"], "value": [span.start, span.end]}),
        "Customers": pd.DataFrame({"customer": seen.names.to_numpy(), "segment": world.segment}),
        "Sales": sales[(sales["gross_revenue"] > 0) | (sales["returns"] > 0)].reset_index(drop=True),
        "DirectCosts": effort[effort["amount"] > 0].reset_index(drop=True),
    }
