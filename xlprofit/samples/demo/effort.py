"""What the demo company does for its customers, and what the doing costs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from xlprofit.samples.demo.company import (
    ACTIVITIES,
    DIRECT_COSTS,
    DRIVERS,
    END,
    MONTHS,
    RESOURCES,
    SUPPORT,
)
from xlprofit.samples.demo.orders import cents, month_of, workday
from xlprofit.samples.demo.roster import Floats, Integers, Roster, spread


@dataclass(frozen=True)
class Care:
    """How an activity that no order sets off is logged.

    ``share`` of the rows that are left for such activities; ``more`` times a row beyond the first;
    ``minutes`` for each time and ``lines`` a row, 0 where they do not matter. ``follows`` is what its
    rows go by: attention, volume, or the invoices that are chased.
    """

    activity: str
    share: float
    more: float
    follows: str
    minutes: float = 0.0
    lines: float = 0.0


CARE = (
    Care("Sales visit", 0.22, 0.8, "attention"),
    Care("Quote", 0.10, 0.4, "attention", lines=6.0),
    Care("Web self-service", 0.12, 9.0, "volume"),
    Care("Phone support", 0.21, 6.0, "attention", minutes=14.0),
    Care("Night line call", 0.05, 2.0, "attention", minutes=14.0),
    Care("Complaint", 0.07, 0.2, "attention", lines=2.5),
    Care("Return handling", 0.06, 0.3, "volume", lines=3.0),
    Care("Loyalty club", 0.05, 0.0, "volume"),
    Care("Loyalty event", 0.03, 2.5, "volume"),
    Care("Special labelling", 0.045, 0.3, "volume", lines=6.0),
    Care("Reminder", 0.03, 0.5, "chased"),
    Care("Collection call", 0.015, 0.5, "chased", minutes=14.0),
)

PARCEL_LIMIT = 1_100.0
"""Orders below this value, in euros, go as parcels."""


def activity_log(
    who: Roster,
    ordered: pd.DataFrame,
    invoices: pd.DataFrame,
    count: int,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Return a log of so many rows, by date. ``ordered`` has the orders with their ``value``."""
    rows = [_order_rows(ordered), _picking(ordered), _deliveries(who, ordered, rng), _rush(ordered)]
    rows += [_unspread(name) for name in ("Trade fair and catalogue", "Group reporting")]
    left = count - sum(map(len, rows))
    follows = {
        "attention": who.attention,
        "volume": who.volume / who.frame[["orders"]].to_numpy(),
        "chased": _count_chased_invoices(who, invoices) + 1e-6,
    }
    shares = spread(np.array([c.share for c in CARE]), left, rng)
    for care, share in zip(CARE, shares.tolist(), strict=True):
        weights = follows[care.follows]
        if care.follows != "chased":
            weights = weights * who.care[care.activity][:, None]
        rows.append(_care_rows(care, who, spread(weights, share, rng), rng))
    log = pd.concat(rows, ignore_index=True)
    names = np.array([*who.frame["name"], None], dtype=object)
    log = log.assign(customer=names[log["customer"].fillna(-1).to_numpy(dtype=np.int64)])
    log = log[["date", "customer", "activity", "quantity", *DRIVERS]]
    return _told_apart(log.sort_values(["date", "activity", "customer"], kind="stable", ignore_index=True))


def _told_apart(log: pd.DataFrame) -> pd.DataFrame:
    """Return the log with no two rows alike: those that were differ in quantity now."""
    while (twice := log.duplicated()).any():
        log = log.assign(quantity=log["quantity"] + twice)
    return log


def _order_rows(ordered: pd.DataFrame) -> pd.DataFrame:
    spoken = ordered["how"] == "Phone order"
    return pd.DataFrame(
        {
            "date": ordered["date"],
            "customer": ordered["customer"],
            "activity": ordered["how"],
            "quantity": 1.0,
            "lines": ordered["lines"].astype(float),
            "rush": ordered["rush"].where(spoken),
        }
    )


def _picking(ordered: pd.DataFrame) -> pd.DataFrame:
    """Return the warehouse's monthly summary: orders picked for each customer, their lines and pallets."""
    rows = ordered.assign(pallets=_pallets(ordered), quantity=1.0).groupby(
        ["month", "customer"], as_index=False
    )
    summary = rows[["quantity", "lines", "pallets"]].sum()
    last = (MONTHS + 1).astype("datetime64[D]") - np.timedelta64(1, "D")
    date = np.busday_offset(last[summary["month"].to_numpy()], 0, roll="backward")
    summary["lines"] = summary["lines"].astype(float)
    return summary.assign(date=date, activity="Pick and pack").drop(columns="month")


def _pallets(ordered: pd.DataFrame) -> Floats:
    value = ordered["value"].to_numpy()
    return np.where(value < PARCEL_LIMIT, 0.0, np.ceil(value / 1_600.0))


def _deliveries(who: Roster, ordered: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    value = ordered["value"].to_numpy()
    parcel = value < PARCEL_LIMIT
    date = np.busday_offset(
        ordered["date"].to_numpy().astype("datetime64[D]"), rng.integers(0, 3, len(ordered))
    )
    km = who.frame["km"].to_numpy()[ordered["customer"]]
    return pd.DataFrame(
        {
            "date": np.minimum(date, END),
            "customer": ordered["customer"],
            "activity": np.where(parcel, "Parcel", "Van delivery"),
            "quantity": np.where(parcel, np.ceil(value / 180.0), 1.0),
            "lines": ordered["lines"].astype(float),
            "km": np.where(parcel, np.nan, km),
            "pallets": np.where(parcel, np.nan, _pallets(ordered)),
            "rush": ordered["rush"].where(~parcel),
        }
    )


def _rush(ordered: pd.DataFrame) -> pd.DataFrame:
    rush = ordered[ordered["rush"] > 0]
    kept = rush[["date", "customer"]].assign(activity="Rush handling", quantity=1.0)
    return kept.assign(lines=rush["lines"].astype(float))


def _unspread(activity: str) -> pd.DataFrame:
    middle = np.busday_offset(MONTHS.astype("datetime64[D]"), 9, roll="forward")
    return pd.DataFrame({"date": middle, "activity": activity, "quantity": 1.0})


def _count_chased_invoices(who: Roster, invoices: pd.DataFrame) -> Floats:
    """Return how many invoices of each customer were a week overdue in each month."""
    customer = pd.Index(who.frame["name"]).get_indexer(pd.Index(invoices["customer"]))
    late = month_of(invoices["due"] + pd.Timedelta(days=7))
    paid = month_of(invoices["paid"].fillna(pd.Timestamp(END)))
    count = np.zeros((len(who.frame), len(MONTHS)))
    for month in range(len(MONTHS)):
        overdue = (late <= month) & (paid >= month)
        count[:, month] = np.bincount(customer[overdue], minlength=len(who.frame))
    return count


def _care_rows(care: Care, who: Roster, counts: Integers, rng: np.random.Generator) -> pd.DataFrame:
    cell = np.repeat(np.arange(counts.size), counts.ravel())
    customer, month = np.divmod(cell, len(MONTHS))
    times = 1.0 + rng.poisson(care.more, len(cell))
    first = who.frame["first"].to_numpy()[customer]
    rows = pd.DataFrame(
        {"date": workday(month, rng), "customer": customer, "activity": care.activity, "quantity": times}
    )
    if care.minutes:
        rows["minutes"] = np.round(times * care.minutes * rng.gamma(4.0, 0.25, len(cell)))
    if care.lines:
        rows["lines"] = 1.0 + rng.poisson(care.lines - 1.0, len(cell))
    if care.activity == "Sales visit":
        rows["km"] = who.frame["km"].to_numpy()[customer] * times
    if care.activity in ("Sales visit", "Quote"):
        rows["new_customer"] = ((first > 0) & (month < first + 2)).astype(float)
    return rows


def units_used(log: pd.DataFrame) -> pd.DataFrame:
    """Return the units of each resource that the log uses (rows) by month (columns)."""
    month = month_of(log["date"])
    used = pd.DataFrame(0.0, index=[r.name for r in RESOURCES], columns=range(len(MONTHS)))
    for activity in ACTIVITIES:
        if activity.unit_cost is not None:
            continue
        rows = (log["activity"] == activity.name).to_numpy()
        part = log[rows]
        units = sum(
            term.rate * part[term.driver or "quantity"].fillna(0.0).to_numpy() for term in activity.terms
        )
        used.loc[activity.terms[0].resource] += np.bincount(month[rows], weights=units, minlength=len(MONTHS))
    return used


def resources(log: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return the Resources table: what each cost and could do in each month.

    Capacity goes by the working days, less in July; cost is steady but for a rise of pay in May.
    """
    days = np.busday_count(MONTHS.astype("datetime64[D]"), (MONTHS + 1).astype("datetime64[D]"))
    july = MONTHS.astype(np.int64) % 12 == 6
    open_days = days * np.where(july, 0.85, 1.0)
    open_days = open_days / open_days.mean()
    rises = np.array(["2025-05", "2026-05"], dtype="datetime64[M]")
    pay = np.array([0.985, 1.0, 1.02])[np.searchsorted(rises, MONTHS, side="right")]
    used = units_used(log)
    tables, total = [], np.zeros(len(MONTHS))
    for r in RESOURCES:
        base = max(float(used.loc[r.name].to_numpy().mean()) / (r.practical * r.use), 1.0)
        cost = cents(base * r.price * pay * rng.normal(1.0, 0.008, len(MONTHS)))
        total = total + cost
        capacity = np.maximum(np.round(base * open_days), 1.0)
        tables.append(_resource(r.name, cost, capacity, r.unit, r.practical, r.avoidable).assign(step=r.step))
    for support in SUPPORT:
        cost = cents(support.share * total.mean() * pay * rng.normal(1.0, 0.01, len(MONTHS)))
        none = np.full(len(MONTHS), np.nan)
        tables.append(_resource(support.name, cost, none, None, np.nan, support.avoidable))
    return pd.concat(tables, ignore_index=True)


def _resource(
    name: str, cost: Floats, capacity: Floats, unit: str | None, practical: float, avoidable: float
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "resource": name,
            "cost": cost,
            "capacity": capacity,
            "unit": unit,
            "practical": practical,
            "avoidable": avoidable,
            "period": MONTHS.astype(str),
        }
    )


def direct_costs(who: Roster, sold: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return the costs that are known to be one customer's, the more the more it buys."""
    count = max(len(DIRECT_COSTS), round(1.6 * len(who.frame)))
    row = rng.integers(0, len(sold), count)
    kind = rng.integers(0, len(DIRECT_COSTS), count)
    group, note, amount, avoidable, once = (np.array(column) for column in zip(*DIRECT_COSTS, strict=True))
    frame = pd.DataFrame(
        {
            "date": sold["date"].to_numpy()[row],
            "customer": sold["customer"].to_numpy()[row],
            "group": group[kind],
            "amount": cents(amount[kind] * rng.lognormal(0.0, 0.5, count)),
            "note": note[kind],
            "avoidable": avoidable[kind],
            "once": once[kind],
        }
    )
    return frame.sort_values(["date", "customer", "amount"], kind="stable", ignore_index=True)
