"""Reach: what each lever can take hold of, customer by customer, a year at the level of the run rate.

Source: the actions of Kaplan and Narayanan, "Measuring and Managing Customer Profitability", Journal of
Cost Management 2001: prices, discounts, charges for costly service, less of that service, a cheaper way to do it,
terms of payment. Everything is weighed as the run rate is (:mod:`xlprofit.analysis.run_rate`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit import ledger as books
from xlprofit.analysis import avoidable
from xlprofit.analysis.service_return import CHANNEL_GROUPS
from xlprofit.closed_form import find_financing
from xlprofit.ledger import periods, receivables
from xlprofit.ledger.costs import commissions
from xlprofit.ledger.effort import QUANTITY
from xlprofit.vocabulary.lines import Line

if TYPE_CHECKING:
    from xlprofit.analysis.run_rate import RunRate
    from xlprofit.tables import Inputs, Settings

Numbers = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Words = npt.NDArray[np.object_]

ORDER = "order"
"""The group whose activities count a customer's orders."""


@dataclass(frozen=True)
class Reach:
    """What each lever can take hold of, a year.

    ``price`` is the profit that doubled list prices would bring, ``discount`` the customer's discount as a share of
    list price and ``usual`` the median of its segment's. ``orders`` is the number of orders. ``activity`` names the
    costliest activity (blank: none) and ``cost`` is what it costs, positive. ``channel`` names the activity whose
    contacts would cost most less in the cheaper activity ``cheaper`` of its group (blank: none), ``moved`` what
    moving all of them saves. ``bills`` has a row for each invoice: ``customer`` (place), ``days`` outstanding and
    ``saving`` (money a year for each day sooner); they are sorted by these.
    """

    price: Numbers
    discount: Numbers
    usual: Numbers
    orders: Numbers
    activity: Words
    cost: Numbers
    channel: Words
    cheaper: Words
    moved: Numbers
    bills: pd.DataFrame


def measure_reach(
    inputs: Inputs,
    ledger: pd.DataFrame,
    customers: pd.DataFrame,
    equations: pd.DataFrame,
    done: avoidable.Efforts,
    rate: RunRate,
) -> Reach:
    """Return what each lever can take hold of; arguments as :func:`xlprofit.analysis.decisions.decide` takes them."""
    names = customers.index
    discount = divide_positive(np.maximum(0.0 - rate.discounts, 0.0), rate.gross)
    weight = rate.weigh_effort(ledger, done)
    activities, cost, of = _cost_activities(equations, done, weight, len(names))
    activity, most = _find_costliest(activities, cost)
    times = _count_contacts(equations, ledger, done, weight, (len(names), max(len(activities), 1)), of)
    groups = equations.drop_duplicates("activity").set_index("activity")["group"].astype(str)
    group = [groups.get(activity, "") for activity in activities]
    ordered = [times[:, place] for place, of_group in enumerate(group) if of_group == ORDER]
    channel, cheaper, moved = _find_cheaper_channel(activities, cost, times, group)
    return Reach(
        _double_prices(inputs, names, rate),
        np.nan_to_num(discount),
        _find_usual_discounts(inputs, names, discount),
        np.asarray(sum(ordered, np.zeros(len(names)))),
        activity,
        most,
        channel,
        cheaper,
        moved,
        _list_bills(inputs, ledger, customers, rate),
    )


def divide_positive(part: Numbers, base: Numbers) -> Numbers:
    """Return the quotient, blank where the base is not above zero."""
    sized = np.full(len(part), np.nan)
    np.divide(part, base, out=sized, where=base > 0)
    return sized


def _weigh_rows(
    inputs: Inputs, names: pd.Index, rows: pd.DataFrame, rate: RunRate
) -> tuple[Integers, Numbers]:
    """Return the place of the customer of dated rows, and their weight in its run rate."""
    who = avoidable.find_word_places(rows["customer"], names)
    return who, rate.weigh(who, periods.place_dates(rows["date"], inputs.settings))


def _sum_by_customer(who: Integers, amounts: Numbers, count: int) -> Numbers:
    known = who >= 0
    return np.bincount(who[known], weights=amounts[known], minlength=count).astype(np.float64)


def _double_prices(inputs: Inputs, names: pd.Index, rate: RunRate) -> Numbers:
    """Return gross revenue less the commission on it: what a price higher by its whole would bring."""
    if not inputs.has_rows("Commissions"):
        return rate.gross
    sales = inputs["Sales"]
    rule = commissions.choose_rules(sales, inputs)
    rate_of = inputs["Commissions"].set_index("row")["rate"].reindex(pd.Index(rule)).fillna(0.0)
    taken = sales["gross_revenue"].to_numpy(dtype=np.float64) * -rate_of.to_numpy(dtype=np.float64)
    lines = sales[["date", "customer"]].assign(taken=taken)
    lines = books.sort_rows(lines[taken < 0], ["customer", "date", "taken"])
    who, weight = _weigh_rows(inputs, names, lines, rate)
    return rate.gross + _sum_by_customer(who, lines["taken"].to_numpy() * weight, len(names)) * rate.revenue


def _find_usual_discounts(inputs: Inputs, names: pd.Index, discount: Numbers) -> Numbers:
    """Return the median discount of each customer's segment, of all customers where it has no segment."""
    table = inputs["Customers"]
    said = dict(zip(table["customer"].astype(str), table["segment"].astype(str), strict=True))
    segment = pd.Series([said.get(name, "") for name in names.astype(str)], index=names)
    known = pd.Series(discount, index=names)
    return known.groupby(segment, sort=True).transform("median").fillna(0.0).to_numpy(dtype=np.float64)


def _cost_activities(
    equations: pd.DataFrame, done: avoidable.Efforts, weight: Numbers, count: int
) -> tuple[pd.Index, Numbers, Integers]:
    """Return the activities, their cost a year (customers × activities, positive), and the activity of each term."""
    of, activities = pd.factorize(equations["activity"].astype(str), sort=True)
    size = max(len(activities), 1)
    flat = done.customer * size + of[done.term]
    cost = np.bincount(flat, weights=0.0 - done.amount * weight, minlength=count * size).reshape(count, size)
    return pd.Index(activities), cost.astype(np.float64), of.astype(np.int64)


def _find_costliest(activities: pd.Index, cost: Numbers) -> tuple[Words, Numbers]:
    """Return each customer's costliest activity, the first by name of equals, and its cost."""
    if not len(activities):
        return np.full(len(cost), "", dtype=object), np.zeros(len(cost))
    best = cost.argmax(axis=1)
    most = np.maximum(cost[np.arange(len(cost)), best], 0.0)
    return np.where(most > 0, activities.to_numpy(dtype=object)[best], ""), most


def _count_contacts(
    equations: pd.DataFrame,
    ledger: pd.DataFrame,
    done: avoidable.Efforts,
    weight: Numbers,
    shape: tuple[int, int],
    of: Integers,
) -> Numbers:
    """Return how often a year each activity was done for each customer: customers × activities.

    It is the units of the activity's base term / the rate of that; nothing is known of one that has no base term.
    """
    rate = equations["rate"].to_numpy(dtype=np.float64)
    base = ((equations["driver"] == QUANTITY).to_numpy() & (rate > 0)).nonzero()[0]
    _, first = np.unique(of[base], return_index=True)
    each = np.zeros(len(equations))
    each[base[first]] = 1.0 / rate[base[first]]
    rows = np.flatnonzero(each[done.term] > 0)
    times = ledger["units"].to_numpy(dtype=np.float64)[done.row[rows]] * each[done.term[rows]] * weight[rows]
    flat = done.customer[rows] * shape[1] + of[done.term[rows]]
    return np.bincount(flat, weights=times, minlength=shape[0] * shape[1]).reshape(shape).astype(np.float64)


def _find_cheaper_channel(
    activities: pd.Index, cost: Numbers, times: Numbers, groups: list[str]
) -> tuple[Words, Words, Numbers]:
    """Return for each customer the activity to move to the cheapest one of its group, that, and what it saves.

    The cost of a contact there is the average of all customers'. What is saved is the cost of the customer's contacts
    here less that of as many average ones there; of several such activities, the one that saves most.
    """
    channel, cheaper = (np.full(len(cost), "", dtype=object) for _ in range(2))
    saved = np.zeros(len(cost))
    each = _find_contact_costs(cost, times)
    for group in CHANNEL_GROUPS:
        members = [at for at in each if groups[at] == group]
        best = min(members, key=lambda at: (each[at], activities[at]), default=-1)
        for at in members:
            saving = np.where(times[:, at] > 0, cost[:, at] - times[:, at] * each[best], 0.0)
            more = (saving > saved) & (at != best)
            saved = np.where(more, saving, saved)
            channel[more], cheaper[more] = activities[at], activities[best]
    return channel, cheaper, saved


def _find_contact_costs(cost: Numbers, times: Numbers) -> dict[int, float]:
    """Return what each activity costs a time on average over all customers, where it was done and cost anything."""
    done, paid = (
        np.cumsum(grid, axis=0)[-1] if len(grid) else np.zeros(grid.shape[1]) for grid in (times, cost)
    )
    return {at: paid[at] / done[at] for at in range(len(done)) if done[at] > 0 and paid[at] > 0}


def _list_bills(inputs: Inputs, ledger: pd.DataFrame, customers: pd.DataFrame, rate: RunRate) -> pd.DataFrame:
    """Return the invoices of each customer, or its net revenue as one, by the days that they cost financing.

    What a day sooner saves over the span is made a year's by what the financing is a year at today's level.
    """
    settings = inputs.settings
    empty = pd.DataFrame({"customer": np.zeros(0, dtype=np.int64), "days": 0.0, "saving": 0.0})
    if settings.cost_of_capital is None or not settings.cost_of_capital > 0:
        return empty
    daily = find_financing(1.0, 1.0, settings.cost_of_capital)
    invoices = inputs["Invoices"]
    parts = receivables.split_invoices(invoices, settings)
    share = receivables.find_financed_shares(parts["customer"], inputs)
    billed = pd.DataFrame(
        {
            "customer": avoidable.find_word_places(parts["customer"], customers.index),
            "days": _count_days_outstanding(parts, settings),
            "saving": parts["amount"].to_numpy(dtype=np.float64) * share * daily,
        }
    )
    rows = ledger[(ledger["line"] == Line.FINANCING).to_numpy()]
    who = avoidable.find_word_places(rows["customer"], customers.index)
    amount = 0.0 - rows["amount"].to_numpy(dtype=np.float64)
    weight = rate.weigh(who, avoidable.find_word_places(rows["period"], periods.list_labels(settings)))
    spent, yearly = (
        _sum_by_customer(who, amount, len(customers)),
        _sum_by_customer(who, amount * weight, len(customers)),
    )
    balanced = set(inputs["Balances"]["customer"].astype(str)) - set(invoices["customer"].astype(str))
    held = customers.index.isin(balanced)
    invested = receivables.find_financed_shares(customers.index.to_series().astype("category"), inputs)
    saving = customers["net_revenue"].to_numpy(dtype=np.float64) * invested * daily
    whole = pd.DataFrame(
        {"customer": np.arange(len(customers)), "days": divide_positive(spent, saving), "saving": saving}
    )
    bills = pd.concat([empty, billed, whole[held]])
    bills = bills[(bills["customer"] >= 0).to_numpy()]
    factor = np.nan_to_num(divide_positive(yearly * rate.revenue, spent))[bills["customer"].to_numpy()]
    bills = bills.assign(saving=bills["saving"] * factor)
    kept = (bills["days"] > 0) & (bills["saving"] > 0)
    return bills[kept].sort_values(["customer", "days", "saving"], kind="stable", ignore_index=True)


def _count_days_outstanding(parts: pd.DataFrame, settings: Settings) -> Numbers:
    """Return the days of the span in which each part of an invoice was owed, as its financing counts them."""
    day = np.timedelta64(1, "D")
    after = settings.end.to_datetime64() + day
    closed = parts["until"].fillna(settings.as_of)
    until = np.minimum(closed.where(closed < settings.as_of, settings.as_of).to_numpy(), after)
    since = np.maximum(parts["issued"].to_numpy(), settings.start.to_datetime64())
    return np.asarray((until - since) / day, dtype=np.float64)
