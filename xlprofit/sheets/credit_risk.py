"""The sheet *Credit risk*: who does not pay, what that costs, and whose demands raise the cost of delivery."""

from __future__ import annotations

import numpy as np
import pandas as pd

from xlprofit.language import _
from xlprofit.model import credit
from xlprofit.results import Results
from xlprofit.sheets import names
from xlprofit.sheets.frame import customers_column, every_customer, heading, listing, span, values
from xlprofit.sheets.parts import (
    AboveRule,
    BarRule,
    Column,
    Format,
    HeatRule,
    Meaning,
    Sheet,
)

TABLE, AGEING = "credit_risk", "ageing"
LATE = 0.5
"""From this share of the open balance overdue on a customer is drawn as a warning."""


def ageing_columns(results: Results) -> list[str]:
    """Return the names of the ageing buckets, the youngest first."""
    bounds = credit.lower_bounds(results.inputs["LossRates"])
    return list(credit.buckets([int(b) for b in bounds]))


def sheet(results: Results) -> Sheet:
    """Return the sheet: cost of credit, ageing with the late money coloured, special demands."""
    frame = results.credit
    cost = frame[["financing", "expected_loss"]].sum(axis=1, min_count=1)  # blank where both are unknown
    worst = cost.fillna(0.0).to_numpy()
    overdue = -frame["overdue"].fillna(0.0).to_numpy()
    customers = frame.index[np.lexsort([frame.index.to_numpy().astype(str), overdue, worst])]
    frame = frame.loc[customers]
    buckets = ageing_columns(results)
    money = Format.MONEY
    columns = (
        customers_column(results, customers),
        Column(
            "cost_of_credit",
            _("Cost of credit"),
            values(cost.loc[customers]),
            money,
            12.0,
            _("Financing + expected loss"),
            total="sum",
            heading=_("Cost of credit"),
            formula='IF(COUNT({financing},{expected_loss})>0,SUM({financing},{expected_loss}),"")',
        ),
        Column(
            "financing",
            _("Financing"),
            values(frame["financing"]),
            money,
            12.0,
            _("Receivables at the cost of capital"),
            total="sum",
            heading=_("Cost of credit"),
        ),
        Column(
            "expected_loss",
            _("Expected loss"),
            values(frame["expected_loss"]),
            money,
            12.0,
            _("Open balance × the loss rate of its bucket"),
            total="sum",
            heading=_("Cost of credit"),
        ),
        Column(
            "days_sales_outstanding",
            _("DSO, days"),
            values(frame["days_sales_outstanding"]),
            Format.DAYS,
            8.0,
            _("Days sales outstanding"),
            heading=_("How it pays"),
        ),
        Column(
            "average_days_late",
            _("Days late"),
            values(frame["average_days_late"]),
            Format.DECIMAL,
            8.0,
            _("Average days from due to paid, of paid invoices"),
            heading=_("How it pays"),
        ),
        Column(
            "overdue_share",
            _("Overdue %"),
            values(frame["overdue_share"]),
            Format.SHARE,
            9.0,
            _("Overdue / open"),
            heading=_("How it pays"),
            formula='IF(N({open})>0,{overdue}/{open},"")',
            rules=(AboveRule(LATE, Meaning.WARNING),),
        ),
        Column(
            "disputed",
            _("Disputed"),
            values(frame["disputed"]),
            money,
            11.0,
            total="sum",
            heading=_("How it pays"),
        ),
        Column(
            "open",
            _("Open"),
            values(frame["open"]),
            money,
            12.0,
            _("Issued and unpaid on the day of the books"),
            total="sum",
            heading=_("Ageing of what is open"),
        ),
        Column(
            "overdue",
            _("Overdue"),
            values(frame["overdue"]),
            money,
            12.0,
            total="sum",
            heading=_("Ageing of what is open"),
        ),
        *(
            Column(
                f"bucket_{i}",
                _words(bucket),
                values(frame[bucket]),
                money,
                11.0,
                _("Days past due"),
                total="sum",
                heading=_("Ageing of what is open"),
                rules=(HeatRule(Meaning.LOSS),) if i else (),
            )
            for i, bucket in enumerate(buckets)
        ),
        Column(
            "demand",
            _("Special demands"),
            values(frame["demand"]),
            money,
            12.0,
            _("Cost of the group demand"),
            total="sum",
            heading=_("Delivery"),
        ),
        Column(
            "demand_share",
            _("Adds to delivery"),
            values(frame["demand_share"]),
            Format.SHARE,
            10.0,
            _("Special demands / cost of delivery"),
            heading=_("Delivery"),
            rules=(BarRule(Meaning.WARNING, 0.0, 1.0),),
        ),
    )
    as_of = results.inputs.settings.as_of
    subtitle = _("The dearest credit first; open invoices as of {day:%Y-%m-%d}", day=as_of)
    subtitle += f" · {span(results)}"
    top = heading(_("Credit risk and special demands"), subtitle)
    return listing(
        results, names.called(names.CREDIT_RISK), top, every_customer(TABLE, columns), Meaning.LOSS
    )


def _words(bucket: str) -> str:
    """Return a bucket's header: ``not_due`` → *Not due*, ``over_90`` → *Over 90*."""
    if bucket == "not_due":
        return _("Not due")
    if bucket.startswith("over_"):
        return _("Over {days}", days=bucket.removeprefix("over_"))
    return _("All") if bucket == "all" else bucket


def late(results: Results) -> pd.Series:
    """Return the overdue money of the customers that have any, the most first."""
    overdue = results.credit["overdue"].fillna(0.0)
    return overdue[overdue > 0].sort_values(ascending=False, kind="stable")
