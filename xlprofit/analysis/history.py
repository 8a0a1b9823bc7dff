"""History: what each customer sold and cost in the last periods of the span, without what will not come again.

Left out are what is spent and gone, whatever is done with the customer now: its acquisition, direct costs marked
``once``, and changes of the allowance for invoices already issued.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit.analysis import avoidable
from xlprofit.ledger import periods
from xlprofit.vocabulary.groups import Group
from xlprofit.vocabulary.lines import Line

if TYPE_CHECKING:
    from xlprofit.tables import Inputs, Settings

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class History:
    """What each customer sold and cost in each of the last periods of the span that count, in time's order.

    ``first`` is the place in the span of the first of them, ``own`` the number of them that are the customer's,
    the last ones. ``part`` is the share of its only period in which it was one, 1 for all that have others. The grids
    are customers × periods, in money, cost negative: ``gross`` (revenue at list price), ``discounts``,
    ``net_revenue``, ``volume`` (what moves with volume: revenue less discounts and returns, the cost of goods,
    commissions, financing), ``effort`` (the cost of activities) and ``direct``; all of them without what will not
    come again. ``acquired`` is the cost of acquisition, which is in none of them.
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
    part: Floats


def is_single(settings: Settings) -> bool:
    """Return whether the span has one period only, so that nothing can be seen of how anything varies.

    Then nothing is assumed of it: volume alone is off, by at most ± ``uncertainty_volumes``, equally likely.
    """
    return len(periods.list_labels(settings)) == 1


def gather_history(
    inputs: Inputs,
    ledger: pd.DataFrame,
    names: pd.Index,
    done: avoidable.Efforts,
    *,
    held_out: bool = False,
) -> History:
    """Return what each customer sold and cost in the periods that are looked at.

    A customer's periods are those since it began: its first sale, or the day of Customers.since where that is earlier;
    where it never bought, its first cost. Of quarters and years the first counts where it is a whole one; where it is
    all there is, its months are the customer's. With ``held_out`` a year more is looked at, so
    that as much is known before the last year as is now.
    """
    settings = inputs.settings
    begin, stop = periods.find_whole_periods(settings)
    a_year = round(1 / periods.SHARE_OF_YEAR[settings.period])
    first = max(begin, stop - max(2 * a_year, periods.count_window(settings)) - a_year * held_out)
    shape = (len(names), stop - first)
    customer, period, kind = _code_rows(ledger, names, settings)
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
    start = _find_begin(inputs, names, customer, period, kind)
    part = _find_begun_parts(inputs, names, start)
    # A quarter with one month of a customer in it says nothing of a quarter's level, if there is another.
    start, part = start + ((part < 1.0) & (start < stop - 1)), np.where(start == stop - 1, part, 1.0)
    own = np.clip(stop - np.maximum(start, first), 0, shape[1])
    net = gross + discounts + rest
    return History(
        first,
        own,
        gross,
        discounts,
        net,
        net + other - effort - direct - once,
        effort,
        direct,
        acquired,
        part,
    )


def cut_history(given: History, count: int) -> History:
    """Return the history as it was known after its first ``count`` periods."""
    later = given.volume.shape[1] - count
    own = np.clip(given.own - later, 0, count)
    cut = {name: getattr(given, name)[:, :count] for name in _GRIDS}
    return replace(given, own=own, part=np.ones(len(own)), **cut)


def choose_customers(given: History, rows: Integers) -> History:
    """Return the history of some customers, by place."""
    chosen = {name: getattr(given, name)[rows] for name in ("own", "part", *_GRIDS)}
    return replace(given, **chosen)


_GRIDS = tuple(field.name for field in fields(History) if field.name not in ("first", "own", "part"))
"""The fields with a column for each period."""


def count_quiet(given: History, settings: Settings) -> Integers:
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


_GROSS, _DISCOUNTS, _REVENUE, _OTHER, _ACQUIRED, _SUNK = range(6)
"""Kinds of rows of the ledger: list price, discounts, the rest of net revenue, other, acquisition, lost on invoices."""


def _code_rows(
    ledger: pd.DataFrame, names: pd.Index, settings: Settings
) -> tuple[Integers, Integers, Integers]:
    """Return the place of each row's customer and of its period, −1 where it has none, and its kind."""
    group, line = ledger["group"].cat, ledger["line"].cat
    lines: dict[str, int] = {Line.GROSS_REVENUE: _GROSS, Line.DISCOUNTS: _DISCOUNTS}
    kinds: dict[str, int] = {Group.REVENUE: _REVENUE, Group.ACQUIRE: _ACQUIRED, Group.CREDIT: _SUNK}
    by_group = np.array(
        [kinds.get(str(word), _OTHER) for word in group.categories] + [_OTHER], dtype=np.int64
    )
    by_line = np.array(
        [lines.get(str(word), _REVENUE) for word in line.categories] + [_REVENUE], dtype=np.int8
    )
    financing = np.array([str(word) == Line.FINANCING for word in line.categories] + [False])
    kind, code = by_group[group.codes.to_numpy()], line.codes.to_numpy()
    kind = np.where(kind == _REVENUE, by_line[code], kind)
    paid_late = (
        group.codes.to_numpy() == group.categories.get_indexer(pd.Index([str(Group.CREDIT)]))[0]
    ) & financing[code]
    kind = np.where(paid_late, _OTHER, kind)
    customer = avoidable.find_word_places(ledger["customer"], names)
    return customer, avoidable.find_word_places(ledger["period"], periods.list_labels(settings)), kind


def direct_grid(inputs: Inputs, names: pd.Index, first: int, stop: int) -> tuple[Floats, Floats]:
    """Return the direct costs of each customer in these periods (negative): those that go on, and those marked once."""
    costs, who, period = avoidable.list_direct_costs(inputs, names)
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


def _find_begin(
    inputs: Inputs,
    names: pd.Index,
    customer: Integers,
    period: Integers,
    kind: Integers,
) -> Integers:
    """Return the place of the period in which each customer began; beyond the span where it never did."""
    never = len(periods.list_labels(inputs.settings))
    sold, any_at_all = (np.full(len(names), never, dtype=np.int64) for _ in range(2))
    there = (customer >= 0) & (period >= 0)
    sale = np.flatnonzero(there & (kind == _GROSS))
    np.minimum.at(sold, customer[sale], period[sale])
    other = np.flatnonzero(there & (kind <= _OTHER) & (np.append(sold, never)[customer] == never))
    np.minimum.at(any_at_all, customer[other], period[other])
    start = np.where(sold < never, sold, any_at_all)
    known = inputs["Customers"]
    known = known[known["since"].notna().to_numpy()]
    if len(known):
        place = names.get_indexer(pd.Index(known["customer"].astype(str)))
        since = periods.place_dates(known["since"], inputs.settings)
        active = (place >= 0) & (start[place] < never)
        np.minimum.at(start, place[active], since[active])
    return start


def _find_begun_parts(inputs: Inputs, names: pd.Index, start: Integers) -> Floats:
    """Return which share of the period in which each customer began it was one: by months, 1 where that is not known.

    Who began in the span's first period may have been one before, unless Customers.since says otherwise. Where all
    sales of a period are dated in one month of it, that is no month of sale, but a total.
    """
    length = {"month": 1, "quarter": 3, "year": 12}[inputs.settings.period]
    if length == 1:
        return np.ones(len(start))
    sales, known = inputs["Sales"], inputs["Customers"]
    known = known[known["since"].notna().to_numpy()]
    sold = sales["gross_revenue"].to_numpy(dtype=np.float64) > 0
    place = names.get_indexer(pd.Index(known["customer"].astype(str)))
    never = np.iinfo(np.int64).max
    first, since = (np.full(len(names), never, dtype=np.int64) for _ in range(2))
    who, month = (
        avoidable.find_word_places(sales["customer"], names)[sold],
        _count_calendar_months(sales["date"][sold]),
    )
    np.minimum.at(first, who[who >= 0], month[who >= 0])
    np.minimum.at(since, place[place >= 0], _count_calendar_months(known["since"])[place >= 0])
    first = np.minimum(first, since)
    dated = np.unique(month)
    monthly, times = np.unique(dated // length, return_counts=True)
    by_month = np.isin(first // length, monthly[times > 1])
    opening = inputs.settings.start.year * 12 + inputs.settings.start.month - 1
    new = (first < never) & ((start > 0) | ((since < never) & (since > opening)))
    return np.where(new & by_month, 1.0 - (first % length) / length, 1.0)


def _count_calendar_months(dates: pd.Series) -> Integers:
    """Return the months of dates, counted from year 0."""
    months: Integers = (
        dates.dt.year.to_numpy(dtype=np.int64) * 12 + dates.dt.month.to_numpy(dtype=np.int64) - 1
    )
    return months
