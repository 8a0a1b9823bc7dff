"""A trade's input tables: its resources and time equations, and the rows of a sample year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from xlprofit.samples.frames import (
    Told,
    frame_allocations,
    frame_rows,
    frame_time_equations,
    list_control_totals,
    put_in_form,
)
from xlprofit.samples.trade import BY_VOLUME, Account, Habit, Trade
from xlprofit.tables import GROUPS

YEAR = 2025
"""The sample year."""

MONTHS = 12

LOSS_RATES = ((0, 0.002), (1, 0.01), (31, 0.04), (61, 0.10), (91, 0.25), (181, 0.50), (361, 0.80))
"""The provision matrix: days past due from, share lost."""

SETTINGS: Mapping[str, object] = {"currency": "EUR", "period": "month", "cost_of_capital": 0.08}
"""The settings that are not left at their defaults; the span stays open, so that the user's own data sets it."""

_SEED = 7
_WOBBLE = 0.05


def build_year(trade: Trade, say: Told = str) -> dict[str, pd.DataFrame]:
    """Return every input table of a trade, by name; the same each time. ``say`` says its words in a language.

    Columns are those of :data:`xlprofit.tables.TABLES` by their own names, drivers behind them. Money is in
    euros and whole cents.
    """
    rng = np.random.default_rng(_SEED)
    lines = _sales(trade, rng, say)
    log = _log(trade, rng, say)
    resources = _resources(trade, log, say)
    drivers = [say(driver) for driver in trade.drivers]
    made = {
        "Settings": frame_rows("setting value", {**SETTINGS, **trade.settings}.items()),
        "Customers": _list_accounts(trade, say),
        "Sales": lines,
        "Resources": resources,
        "Allocations": frame_allocations(trade.support, say),
        "Activities": frame_time_equations(trade.activities, say, partial(_group, say=say)),
        "ActivityLog": log.rename(columns=dict(zip(trade.drivers, drivers, strict=True))),
        "DirectCosts": _direct_costs(trade, say),
        "Commissions": frame_rows(
            "scope value basis rate",
            ((scope, say(value), basis, rate) for scope, value, basis, rate in trade.commissions),
        ),
        "Invoices": _invoices(trade, lines),
        "LossRates": frame_rows("days_past_due rate", LOSS_RATES),
        "Referrals": frame_rows("referrer referred anyway reward", trade.referrals),
        "Prospects": _list_prospects(trade, say),
        "ProspectNeeds": _list_needs(trade, say),
        "ControlTotals": frame_rows("line amount", list_control_totals(lines, resources, _sum_to_cents)),
    }
    return put_in_form(made, drivers)


# --- what is sold ------------------------------------------------------------------------------------


def _list_accounts(trade: Trade, say: Told) -> pd.DataFrame:
    return frame_rows(
        "customer name segment channel owner since",
        ((a.name, a.name, say(a.segment), say(a.channel), a.owner, a.since) for a in trade.accounts),
    )


def _way(ends: tuple[float, float]) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.linspace(*ends, MONTHS)


def _sales(trade: Trade, rng: np.random.Generator, say: Told) -> pd.DataFrame:
    """Return a line for each customer, product and month."""
    products = {p.name: p for p in trade.products}
    rows = []
    for place, account in enumerate(trade.accounts):
        for turn, (product, amount) in enumerate(account.buys.items()):
            flow = amount * _way(account.volume) * trade.season * rng.normal(1.0, _WOBBLE, MONTHS)
            for month in range(account.first, MONTHS):
                gross = round(float(flow[month]), 2)
                day = _workday(dt.date(YEAR, month + 1, 3 + (place * 5 + turn * 9) % 25))
                discount = round(gross * account.discount, 2)
                back = account.returns if (month + place) % 3 == 0 else 0.0
                cost = round(gross * products[product].cost * (1 - back / 2), 2)
                number = f"{YEAR}-{month * len(trade.accounts) + place + 1:04d}"
                rows.append(
                    (
                        day,
                        account.name,
                        gross,
                        discount,
                        round(gross * back, 2),
                        cost,
                        number,
                        say(product),
                        float(max(round(gross / products[product].price), 1)),
                    )
                )
    frame = frame_rows("date customer gross_revenue discount returns cogs invoice product quantity", rows)
    return frame.sort_values(["date", "customer"], kind="stable", ignore_index=True)


def _invoices(trade: Trade, lines: pd.DataFrame) -> pd.DataFrame:
    """Return an invoice for each customer and month, issued on its last day, and when it was paid."""
    net = lines["gross_revenue"] - lines["discount"] - lines["returns"]
    amounts = net.groupby(lines["invoice"]).sum().round(2)
    last = dt.date(YEAR, MONTHS, 31)
    rows = []
    for number, amount in amounts.items():
        month, place = divmod(int(str(number).rpartition("-")[2]) - 1, len(trade.accounts))
        account = trade.accounts[place]
        issued = _last_day(month)
        due = issued + dt.timedelta(days=account.term)
        paid = due + dt.timedelta(days=account.late + (month + place) % 4)
        unpaid = month >= account.unpaid_from or paid > last
        rows.append((number, account.name, issued, due, amount, None if unpaid else paid, False))
    return frame_rows("invoice customer issued due amount paid disputed", rows)


def _workday(day: dt.date) -> dt.date:
    """Return a day, or the Friday before where it is a Saturday or a Sunday."""
    return day - dt.timedelta(days=max(day.weekday() - 4, 0))


def _last_day(month: int) -> dt.date:
    return dt.date(YEAR + (month + 1) // 12, (month + 1) % 12 + 1, 1) - dt.timedelta(days=1)


# --- what is done ------------------------------------------------------------------------------------


def _log(trade: Trade, rng: np.random.Generator, say: Told) -> pd.DataFrame:
    """Return a row for each customer, activity and month in which it was done, by the drivers' own names."""
    groups = {a.name: a.group for a in trade.activities}
    rows: list[dict[str, object]] = []
    for account in trade.accounts:
        for activity, habit in account.habits.items():
            ends = account.volume if groups[activity] in BY_VOLUME else account.attention
            rows += _list_done_months(account, activity, habit, _way(ends) * rng.normal(1.0, _WOBBLE, MONTHS))
    for unspread in (a for a in trade.activities if a.a_month):
        for month in range(MONTHS):
            rows.append(
                {
                    "date": _last_day(month),
                    "customer": None,
                    "activity": unspread.name,
                    "quantity": unspread.a_month,
                }
            )
    log = pd.DataFrame(rows, columns=["date", "customer", "activity", "quantity", *trade.drivers])
    log = log.sort_values(["date", "customer", "activity"], kind="stable", ignore_index=True)
    return log.assign(activity=log["activity"].map(say), **log[list(trade.drivers)].astype(float))


def _list_done_months(
    account: Account, activity: str, habit: Habit, along: np.ndarray[Any, np.dtype[np.float64]]
) -> Iterable[dict[str, object]]:
    """Yield the months in which an activity was done: whole times, carried over so that their sum is right."""
    through = np.floor(np.cumsum(habit.times * along) + 0.5)
    times = np.diff(through, prepend=0.0)
    for month in range(account.first, MONTHS):
        if times[month] > 0:
            drivers = {d: max(float(round(times[month] * each)), 1.0) for d, each in habit.drivers.items()}
            yield {
                "date": _last_day(month),
                "customer": account.name,
                "activity": activity,
                "quantity": times[month],
            } | drivers


def _group(group: str, say: Told) -> str:
    """Return a usual group as it is, which whoever writes it knows in every language, and one of our own told."""
    return group if group in GROUPS else say(group)


def _resources(trade: Trade, log: pd.DataFrame, say: Told) -> pd.DataFrame:
    """Return what each resource cost in the year and could do, in round figures, and those that support them."""
    used: dict[str, float] = {}
    for activity in trade.activities:
        done = log[log["activity"] == say(activity.name)]
        for term in activity.terms:
            units = term.rate * float(done[term.driver or "quantity"].sum())
            used[term.resource] = used.get(term.resource, 0.0) + units
    rows: list[tuple[Any, ...]] = []
    total = 0.0
    for r in trade.resources:
        capacity = max(round(used[r.name] / (r.practical * r.use), -2), 100.0)
        cost = round(capacity * r.price, -2)
        total += cost
        rows.append((say(r.name), cost, capacity, say(r.unit), r.practical, r.avoidable))
    for s in trade.support:
        rows.append((say(s.name), round(s.share * total, -2), None, None, None, s.avoidable))
    return frame_rows("resource cost capacity unit practical avoidable", rows)


def _direct_costs(trade: Trade, say: Told) -> pd.DataFrame:
    return frame_rows(
        "date customer group amount note",
        (
            (dt.date(YEAR, month, 15), customer, group, amount, say(note))
            for month, customer, group, amount, note in trade.direct_costs
        ),
    )


# --- what may come -----------------------------------------------------------------------------------


def _list_prospects(trade: Trade, say: Told) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "prospect": p.name,
            "segment": say(p.segment),
            "revenue": p.revenue,
            "margin": p.margin,
            "win_probability": p.win,
            "pursuit_cost": p.cost,
            "pursuit_hours": p.hours,
            "resource": say(p.resource),
            "high_care_probability": p.high_care,
            "payment_days": p.payment_days,
            "loss_probability": p.loss,
        }
        for p in trade.prospects
    )


def _list_needs(trade: Trade, say: Told) -> pd.DataFrame:
    """Return what the prospects would need in a year; the drivers of a habit are for each time."""
    return pd.DataFrame(
        {"prospect": p.name, "activity": say(activity), "quantity": habit.times}
        | {say(driver): round(habit.times * each) for driver, each in habit.drivers.items()}
        for p in trade.prospects
        for activity, habit in p.needs.items()
    )


def _sum_to_cents(amounts: pd.Series) -> float:
    """Return a sum in whole cents."""
    return round(float(amounts.sum()), 2)
