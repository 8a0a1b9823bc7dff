"""Trends: where each customer's profit, volume and attention are going, and who is about to be lost.

How slopes are found is said in :mod:`xlprofit.analysis.slopes`, what is more than chance in
:mod:`xlprofit.analysis.chance`, what a season is in :mod:`xlprofit.analysis.seasons`, what attention is in
:mod:`xlprofit.analysis.attention`, and when profit crosses zero in :mod:`xlprofit.analysis.crossing`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit.analysis import chance, crossing, seasons, slopes, warning
from xlprofit.analysis.attention import Grids, add_up_groups, find_followers
from xlprofit.analysis.course import Course, count_latest, find_course, window
from xlprofit.ledger import periods
from xlprofit.vocabulary.states import State

if TYPE_CHECKING:
    from xlprofit.analysis.chance import Flags, Floats, Integers
    from xlprofit.tables import Settings

Texts = npt.NDArray[np.object_]

REASONS = (
    *(
        "no sale",
        "quiet",
        "no whole period",
        "few periods",
        "warned",
        "came to zero",
        "falls",
        "rises",
        "steady",
    ),
)
"""What a trend is told by, the first that is so.

No sale in the span, or none for long; no period, or too few for a trend; an early warning; a fall that has just come
down to zero; a fall; a rise; neither."""

BORNE_OUT = 1.645
"""The z from which a trend moves the level: chance alone would show it in 1 of 20 steady customers."""

RECOVERED = 1.96
"""The z from which profit that has turned has recovered: chance alone would show it in 1 of 40 steady customers."""

WILD = 2.0
"""The standard deviations from its line beyond which a period's profit is taken to be no farther away."""

NORMAL = 1.4826
"""A normal standard deviation, in median absolute deviations."""


@dataclass(frozen=True)
class Trends:
    """The ``table`` of :func:`read_trends`, and the ``way`` each customer's profit goes.

    ``way`` is −1 where profit falls, +1 where it rises, 0 where neither is more than chance: over all customers, or
    by the customer's own figures at :data:`RECOVERED` where it turned to the loss that it makes now.
    """

    table: pd.DataFrame
    way: Integers


@dataclass(frozen=True)
class _Series:
    """What trends are read from, customers × periods, without seasons; attention is that which does not follow.

    ``groups`` has the effort by group as it was booked, of which ``follow`` follow net revenue.
    """

    profit: Floats
    revenue: Floats
    attention: Floats
    sale: Flags
    groups: Grids
    follow: tuple[str, ...]


@dataclass(frozen=True)
class _Judged:
    """What is said of each customer.

    ``way`` is −1 where profit falls, +1 where it rises, 0 where neither is more than chance over all customers;
    ``own`` is the same, and −1 where the customer's own figures bear out that it turned to the loss that it makes.
    """

    state: Texts
    way: Integers
    own: Integers
    early: Flags
    warned: warning.Warning
    now: Floats


def read_trends(
    pnl: pd.DataFrame,
    attention: Mapping[str, pd.DataFrame],
    settings: Settings,
    segments: npt.NDArray[np.object_] | None = None,
) -> Trends:
    """Return the trend of each customer.

    A trend is read from a window of the last ``window`` periods, so a long history blinds nobody to what is
    going on. A customer's periods count from its first sale on. A first or last period of the span counts only where
    nine tenths of its days lie in the span: half a month would look like a fall. From 21 months on
    seasons are taken out first (:mod:`xlprofit.analysis.seasons`), pooled over the segment. Where a customer buys in
    fewer than three of four periods, its profit and net revenue are smoothed over its usual
    distance between two sales, so that it has a level and no zigzag.

    The slope is Theil and Sen's, so a single wild period does not move it. How far it is beyond chance is Mann and
    Kendall's *z*, divided by what memory from period to period inflates it by. Whose profit *rises* or *falls* is
    then decided over all customers together (:func:`xlprofit.analysis.chance.discover_trends`), at
    ``false_alarm_rate``. The level now is the median of the last ``trend_periods`` months (of the last three
    quarters), each carried forward to the last one by the slope if the customer's own *z* bears it out, but no lower
    or higher than one of those periods was.

    An early warning is for a customer with a profit in these periods whose net revenue falls
    while the attention it needs grows, both together more than chance over all customers, and whose profit falls with
    them (:mod:`xlprofit.analysis.warning`). Effort that follows what is bought is no attention that grows.

    The state is the first of these that is so:

    1. *Dormant*: no sale in the last ``dormant_periods`` periods, or none at all.
    2. *New*: the first sale was within the last ``new_periods`` periods, and not in the span's first period,
       of which nobody knows what came before.
    3. Fewer than ``trend_periods`` periods with sales or cost in the window: slopes, turn and periods left stay blank;
       *Loss-making* where the profit of the setting's ``window`` adds up to less than 0, else *Profitable*.
    4. *Recovering*: profit rises, turned from loss to profit within the window, and its level now is above 0.
    5. *Loss-making*: the median profit of the last ``trend_periods`` months, or three quarters, is below 0.
    6. *Slipping*: profit falls (the level now may just have come down to 0), surely or with an early warning.
    7. *Profitable*.

    One bad period alone does not make a state; where it makes a loss of the whole, the reason says so.

    Args:
        pnl: the P&L by customer and period, every combination, in order (:func:`xlprofit.ledger.sum_pnl`).
        attention: attention by group, customers × periods (:func:`xlprofit.analysis.attention.find_attention`).
        settings: ``window``, ``trend_periods``, ``new_periods`` and ``dormant_periods`` count periods.
        segments: the segment of each customer; one for all where it is not given.

    Returns:
        Which way each customer goes, and the table, a row a customer:

        - ``state``: one of :class:`~xlprofit.vocabulary.states.State`.
        - ``profit_slope``, ``volume_slope`` (of net revenue), ``attention_slope`` (of the effort that does not follow
          net revenue): money a period, by period; blank where there are too few periods.
        - ``profit_now``: the level, money a period; the mean where there are too few periods for a trend, blank
          where there is none.
        - ``turning_period``: the label of the period in which profit turned to loss and stayed (Loss-making), or the
          reverse (Recovering): the one that leaves the fewest periods on the wrong side. Empty where it did
          not turn.
        - ``early_warning``: still profitable, but net revenue falls and attention grows, and profit with them.
        - ``periods_left``, ``periods_left_low``, ``periods_left_high``: how many periods from the last one on until
          profit crosses 0: as likely sooner as later, and the ends of an interval that holds it in 80 of 100
          customers (:func:`xlprofit.analysis.crossing.find_crossing`). For the slipping that still earn, blank for the
          others; where profit may never come down to 0 ``periods_left_high`` is blank, or ``periods_left`` too.
        - ``attention_group``: for the warned, the group of effort that grows most; empty for the others.
        - ``periods``: how many of the window's periods had sales or cost.
        - ``way``: −1 where profit falls, +1 where it rises, 0 where neither is more than chance over all customers.
        - ``attention_growth``: for the warned, by how much a period that group grows, money; blank for the others.
        - ``profit_total``: profit over the whole period analysed; ``first_sale`` and ``last_sale``: the labels of the
          first and the last period with a sale, empty for none.
        - ``reason``: what it is told by, one of :data:`REASONS`; :mod:`xlprofit.words.trends` says it in a sentence.
    """
    labels = periods.list_labels(settings)
    names = pd.Index(pnl.index.get_level_values("customer")[:: len(labels)], dtype=object, name="customer")
    grids = {c: pnl[c].to_numpy(dtype=np.float64).reshape(-1, len(labels)) for c in _MEASURES}
    groups = {group: frame.to_numpy(dtype=np.float64) for group, frame in sorted(attention.items())}
    course = find_course(grids, groups, settings)
    series = _build_series(grids, groups, course, settings, _number_segments(segments, len(names)))
    found = _fit_all(series, course, settings) | {"mean": _average_profit(grids["profit"], course, settings)}
    judged = _judge_customers(series, found, course, settings)
    state, ebbing = judged.state, (judged.way < 0) & (judged.now > 0) & (found["profit_slope"] < 0)
    left = _find_crossings(series, ebbing, judged.early, found, course)
    turn = np.where(
        state == State.LOSS_MAKING, found["down"], np.where(state == State.RECOVERING, found["up"], -1)
    )
    frame = pd.DataFrame(
        {
            "state": state,
            "profit_slope": found["profit_slope"],
            "volume_slope": found["volume_slope"],
            "attention_slope": found["attention_slope"],
            "profit_now": judged.now,
            "turning_period": name_periods(labels, turn),
            "early_warning": judged.early,
            "periods_left": left[:, 1],
            "periods_left_low": left[:, 0],
            "periods_left_high": left[:, 2],
            "attention_group": np.where(judged.early, judged.warned.group, ""),
            "periods": course.active,
            "way": judged.way,
            "attention_growth": np.where(judged.early, judged.warned.slope, np.nan),
            "profit_total": grids["profit"].sum(axis=1),
            "first_sale": name_periods(labels, course.first),
            "last_sale": name_periods(labels, course.last),
        },
        index=names,
    )
    return Trends(frame.assign(reason=_code_trends(frame)), judged.own)


def name_periods(labels: pd.Index, places: npt.NDArray[np.generic]) -> Texts:
    """Return the label of each place, empty where it is −1."""
    return np.asarray(np.append(labels.to_numpy(dtype=object), "")[places.astype(np.int64)], dtype=object)


def _code_trends(frame: pd.DataFrame) -> Texts:
    """Return what each trend is told by, one of :data:`REASONS`."""
    state, way = frame["state"], frame["way"]
    rules = [
        (state == State.DORMANT) & (frame["last_sale"] == ""),
        state == State.DORMANT,
        frame["profit_now"].isna(),
        frame["profit_slope"].isna(),
        frame["early_warning"],
        (state == State.SLIPPING) & (frame["profit_now"] <= 0),
        way < 0,
        way > 0,
    ]
    found = np.select([rule.to_numpy(dtype=bool) for rule in rules], list(REASONS[:-1]), REASONS[-1])
    return found.astype(object)


_MEASURES = ("gross_revenue", "net_revenue", "gross_margin", "profit")
_WHERE_FEW = {"profit_slope": np.nan, "volume_slope": np.nan, "attention_slope": np.nan, "moved": np.nan} | {
    "profit_z": 0.0,
    "volume_z": 0.0,
    "attention_z": 0.0,
    "profit_memory": np.nan,
    "volume_memory": np.nan,
    "attention_memory": np.nan,
    "recent": np.nan,
    "down": -1.0,
    "up": -1.0,
}
"""What :func:`_fit_all` says of a customer with too few periods."""


def _number_segments(segments: npt.NDArray[np.object_] | None, count: int) -> Integers:
    """Return the segment of each customer as a number."""
    if segments is None:
        return np.zeros(count, dtype=np.int64)
    return np.asarray(np.unique(segments.astype(str), return_inverse=True)[1], dtype=np.int64)


def _build_series(
    grids: Grids, groups: Grids, course: Course, settings: Settings, pools: Integers
) -> _Series:
    """Return the series without their seasons.

    Net revenue is divided by its season, and with it go gross margin and the attention that follows net revenue; the
    other attention has a season of its own. What profit has by both is taken from it.
    """
    revenue = grids["net_revenue"]
    follow = find_followers(groups, revenue, course.counts(revenue.shape[1]))
    followed = add_up_groups(groups, follow, revenue)
    asked = add_up_groups(groups, tuple(g for g in sorted(groups) if g not in follow), revenue)
    year = round(1 / periods.SHARE_OF_YEAR[settings.period])
    calendar = seasons.Calendar(course.start, course.begin, course.stop, year, pools)
    factor = seasons.find_factors(revenue, calendar)
    more = seasons.find_amounts(asked, calendar)
    profit = grids["profit"] - (grids["gross_margin"] - followed) * (1 - 1 / factor) + more
    return _Series(profit, revenue / factor, asked - more, grids["gross_revenue"] > 0, groups, follow)


def _average_profit(profit: Floats, course: Course, settings: Settings) -> Floats:
    """Return the mean profit of the periods of the setting's window, blank where there are none.

    Of years that is one: that a trend would need more of them makes no older year one of today.
    """
    latest = np.arange(profit.shape[1]) >= course.stop - periods.count_window(settings)
    counts = course.counts(profit.shape[1]) & latest
    number = counts.sum(axis=1)
    total = np.where(counts, profit, 0.0).sum(axis=1)
    return np.asarray(np.divide(total, number, out=np.full(len(total), np.nan), where=number > 0))


def _fit_all(series: _Series, course: Course, settings: Settings) -> dict[str, Floats]:
    """Return slopes, levels and turns of each customer that has enough periods."""
    found = {name: np.full(len(course.start), value) for name, value in _WHERE_FEW.items()}
    enough = course.active >= settings.trend_periods
    for begin in np.unique(course.recent[enough]).tolist():
        some = np.flatnonzero(enough & (course.recent == begin))
        for name, values in _fit_some(series, some, slice(begin, course.stop), settings).items():
            found[name][some] = values
    for begin in np.unique(course.start[enough]).tolist():
        some = np.flatnonzero(enough & (course.start == begin))
        whole = slice(begin, course.stop)
        earned = slopes.smooth_series(series.profit[some, whole], slopes.rhythm(series.sale[some, whole]))
        for name, turned in (("down", slopes.turn(earned)), ("up", slopes.turn(-earned))):
            found[name][some] = np.where(turned >= 0, turned + begin, -1)
    return found


def _fit_some(series: _Series, some: Integers, span: slice, settings: Settings) -> dict[str, Floats]:
    """Return what :func:`_fit_all` does, for customers whose windows all start alike."""
    a_year = 1 / periods.SHARE_OF_YEAR[settings.period]
    rhythm = slopes.rhythm(series.sale[some, span])
    earned = slopes.smooth_series(series.profit[some, span], rhythm)
    sold = slopes.smooth_series(series.revenue[some, span], rhythm)
    recent = earned[:, -count_latest(settings) :]
    found: dict[str, Floats] = {"recent": np.median(recent, axis=1)}
    for name, course, smooth in (
        ("profit", earned, rhythm),
        ("volume", sold, rhythm),
        ("attention", series.attention[some, span], None),
    ):
        line = slopes.fit(course, a_year, smooth)
        memory = slopes.find_memory(course, line.slope, smooth)
        found |= {f"{name}_slope": line.slope, f"{name}_z": line.z, f"{name}_memory": memory}
    ahead = np.arange(recent.shape[1])[::-1]
    level = np.median(recent + found["profit_slope"][:, None] * ahead, axis=1)
    # A line through what dies away would go below zero, where nothing has been.
    found["moved"] = np.clip(level, recent.min(axis=1), recent.max(axis=1))
    return found


def _bear_out(found: dict[str, Floats], name: str, course: Course) -> Floats:
    """Return the z of a series, less what the memory of the customers, each and all, makes of it."""
    length = course.stop - course.recent
    doubt = length / np.maximum(length - 4, 1.0) ** 2
    memory = chance.share_knowledge(found[f"{name}_memory"], doubt)
    inflation = chance.find_inflation(memory, length)
    found[f"{name}_inflation"], found[f"{name}_drawn"] = inflation, memory
    return np.round(found[f"{name}_z"] / np.sqrt(inflation), chance.DIGITS)


def _judge_customers(
    series: _Series, found: dict[str, Floats], course: Course, settings: Settings
) -> _Judged:
    """Return what is said of each customer; :func:`read_trends` says by which rules."""
    z = {name: _bear_out(found, name, course) for name in ("profit", "volume", "attention")}
    few = course.active < settings.trend_periods
    alive = ~few & (course.first >= 0) & (course.stop - 1 - course.last < settings.dormant_periods)
    rises, falls = (
        chance.discover_trends(chance.find_tail(sign * z["profit"]), alive, settings.false_alarm_rate)
        for sign in (1, -1)
    )
    earning = alive & (found["recent"] > 0)
    slides = np.maximum(chance.find_tail(-z["volume"]), chance.find_tail(-z["profit"])) <= warning.UNLIKELY
    warned = _find_warned(series, found, earning & slides, course, settings)
    early = chance.discover_trends(warned.probability, earning, settings.false_alarm_rate)
    way = np.where(early, -1, rises.astype(np.int64) - falls)
    # A trend that the customer's own figures bear out moves its level; whether it is named goes by all customers.
    moved = np.where(np.abs(z["profit"]) >= BORNE_OUT, found["moved"], found["recent"])
    found = found | {"now": np.where(few, found["mean"], moved)}
    state = _find_states(found, way, z["profit"] >= RECOVERED, course, settings)
    back = (state == State.LOSS_MAKING) & (found["now"] >= 0) & ~few
    sunk = (
        (state == State.LOSS_MAKING)
        & (z["profit"] <= -RECOVERED)
        & (found["down"] >= np.maximum(course.recent, 1))
    )
    own = np.where(sunk, -1, way)
    return _Judged(state, way, own, early, warned, np.where(back, found["recent"], found["now"]))


def _find_warned(
    series: _Series, found: dict[str, Floats], asked: Flags, course: Course, settings: Settings
) -> warning.Warning:
    """Return whose net revenue falls while attention grows."""
    signs = warning.Signs(
        series.revenue,
        series.attention,
        series.sale,
        series.groups,
        series.follow,
        found["volume_drawn"],
        found["attention_drawn"],
        1 / periods.SHARE_OF_YEAR[settings.period],
    )
    return warning.find_warnings(signs, asked, warning.Stretch(course.start, window(settings), course.stop))


def _find_crossings(
    series: _Series, ebbing: Flags, pressed: Flags, found: dict[str, Floats], course: Course
) -> Floats:
    """Return when each ebbing customer's profit crosses zero: low, middle, high."""
    left = np.full((len(ebbing), 3), np.nan)
    for begin in np.unique(course.recent[ebbing]).tolist():
        some = np.flatnonzero(ebbing & (course.recent == begin))
        span = slice(begin, course.stop)
        volume, _ = _fit_line(series.revenue[some, span], found["volume_slope"][some])
        profit, spread = _fit_line(series.profit[some, span], found["profit_slope"][some])
        tame = np.clip(series.profit[some, span], profit - WILD * spread, profit + WILD * spread)
        inflation = found["profit_inflation"][some]
        left[some] = crossing.find_crossing(tame, volume, inflation, pressed[some])
    return left


def _fit_line(series: Floats, slope: Floats) -> tuple[Floats, Floats]:
    """Return the line through each row with this slope, and the usual distance from it as a standard deviation."""
    along = slope[:, None] * np.arange(series.shape[1])
    line = np.median(series - along, axis=1, keepdims=True) + along
    return line, NORMAL * np.median(np.abs(series - line), axis=1, keepdims=True)


def _find_states(
    found: dict[str, Floats], way: Integers, rises: Flags, course: Course, settings: Settings
) -> Texts:
    """Return the state of each customer, as :func:`read_trends` defines it."""
    few = course.active < settings.trend_periods
    quiet = course.stop - 1 - course.last
    since = course.stop - course.first
    order = (
        *(State.DORMANT, State.NEW, State.LOSS_MAKING, State.PROFITABLE),
        *(State.RECOVERING, State.LOSS_MAKING, State.SLIPPING),
    )
    state = np.select(
        [
            (course.first < 0) | (quiet >= settings.dormant_periods),
            (course.first > 0) & (since <= settings.new_periods),
            few & (found["mean"] < 0),
            few,
            rises & (found["up"] >= np.maximum(course.recent, 1)) & (found["now"] > 0),
            found["recent"] < 0,
            way < 0,
        ],
        [*map(str, order)],
        str(State.PROFITABLE),
    )
    return np.asarray(state, dtype=object)
