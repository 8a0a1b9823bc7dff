"""The demo company: a Finnish wholesaler of kitchenware and tableware, made from a seed.

Every input table of :mod:`xlprofit.tables`, with known stories (:data:`STORIES`) planted in them.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from xlprofit.samples.demo import company, effort, orders, outlook
from xlprofit.samples.demo.roster import Roster, roster
from xlprofit.samples.demo.stories import STORIES, Story
from xlprofit.samples.frames import (
    frame_allocations,
    frame_rows,
    frame_time_equations,
    list_control_totals,
    put_in_form,
)
from xlprofit.tables import SETTINGS

__all__ = ["SEED", "STORIES", "Story", "tables"]

SEED = 20261031
"""The seed of the demo company that the documentation shows."""

LEAST = {"customers": 15, "sales_lines": 100, "activity_rows": 200}
"""The smallest company that can be made."""


def tables(
    seed: int = SEED, *, customers: int = 400, sales_lines: int = 60_000, activity_rows: int = 40_000
) -> dict[str, pd.DataFrame]:
    """Return every input table of the demo company, by name.

    Args:
        seed: the same seed gives the same tables, to the byte.
        customers: number of customers, 15 at least.
        sales_lines: number of rows of Sales, 100 at least.
        activity_rows: number of rows of ActivityLog, 200 at least.

    Returns:
        A frame for each of :data:`xlprofit.tables.TABLES`, in that order, with all its columns by their
        own names and, in ActivityLog and ProspectNeeds, the driver columns behind them. Money is in
        euros and whole cents, dates are midnights, blanks are missing values.

    Raises:
        ValueError: a company smaller than the least.

    >>> len(tables(customers=20, sales_lines=500, activity_rows=300)["Sales"])
    500
    """
    given = {"customers": customers, "sales_lines": sales_lines, "activity_rows": activity_rows}
    for name, least in LEAST.items():
        if given[name] < least:
            raise ValueError(f"{name} is {given[name]}; the demo company needs {least} at least")
    rng = np.random.default_rng(seed)
    who = roster(customers, rng)
    ordered = orders.orders(who, min(sales_lines // 6, activity_rows // 5), sales_lines, rng)
    billed = orders.bills(who, ordered)
    sold = orders.sales(who, ordered, billed, rng)
    value = sold["gross_revenue"] - sold["discount"]
    line = np.repeat(np.arange(len(ordered)), ordered["lines"].to_numpy())
    ordered = ordered.assign(value=np.bincount(line, weights=value))
    invoices = orders.invoices(who, billed, sold, rng)
    log = effort.activity_log(who, ordered, invoices, activity_rows, rng)
    resources = effort.resources(log, rng)
    prospects, needs = outlook.prospects(who, rng)
    made = {
        "Settings": _settings(),
        "Customers": _list_demo_customers(who),
        "Sales": sold,
        "Resources": resources,
        "Allocations": frame_allocations(company.SUPPORT, str),
        "Activities": frame_time_equations(company.ACTIVITIES, str, str),
        "ActivityLog": log,
        "DirectCosts": effort.direct_costs(who, sold, rng),
        "Commissions": _commissions(),
        "Invoices": invoices,
        "Balances": orders.balances(who, sold),
        "LossRates": frame_rows("days_past_due rate", company.LOSS_RATES).astype(float),
        "Referrals": outlook.referrals(who, rng),
        "Prospects": prospects,
        "ProspectNeeds": needs,
        "ControlTotals": _control_totals(sold, resources),
        "Scenarios": frame_rows("scenario what of change", company.SCENARIOS),
    }
    brought = made["Referrals"]["referrer"].value_counts()
    counted = made["Customers"]["customer"].map(brought)
    return put_in_form(made | {"Customers": made["Customers"].assign(referrals=counted)}, company.DRIVERS)


def _settings() -> pd.DataFrame:
    end = pd.Timestamp(company.END)
    ours = company.SETTINGS | {"start": pd.Timestamp(company.START), "end": end, "as_of": end}
    rows = {name: ours.get(name, setting.default) for name, setting in SETTINGS.items()}
    rows = {name: "no" if value is False else value for name, value in rows.items() if value is not None}
    return pd.DataFrame({"setting": list(rows), "value": pd.Series(list(rows.values()), dtype=object)})


def _list_demo_customers(who: Roster) -> pd.DataFrame:
    frame = who.frame[["segment", "channel", "owner", "since"]]
    return frame.assign(customer=who.frame["name"], name=who.frame["name"] + " Oy", country="FI")


def _commissions() -> pd.DataFrame:
    frame = pd.DataFrame(company.COMMISSIONS, columns=["scope", "value", "basis", "rate", "start", "end"])
    dates = {name: pd.to_datetime(frame[name].where(frame[name] != "")) for name in ("start", "end")}
    return frame.assign(value=frame["value"].where(frame["value"] != ""), **dates)


def _control_totals(sold: pd.DataFrame, resources: pd.DataFrame) -> pd.DataFrame:
    """Return what the general ledger says of sales and resources, over all and of the last months' sales."""
    totals = list_control_totals(sold, resources, orders.exact_total)
    month = sold["date"].to_numpy().astype("datetime64[M]")
    last = [
        ("gross_revenue", orders.exact_total(sold["gross_revenue"][month == m]), str(m))
        for m in company.MONTHS[-3:]
    ]
    return frame_rows("line amount period", [*((line, amount, None) for line, amount in totals), *last])
