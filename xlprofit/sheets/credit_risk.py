"""The sheet *Credit risk*: who does not pay, what that costs and did to the allowance, and whose demands cost most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from xlprofit.analysis import credit
from xlprofit.ledger import allowance
from xlprofit.ledger.receivables import find_last_day
from xlprofit.messages import _
from xlprofit.sheets import names
from xlprofit.sheets.frame import (
    arrange_columns,
    build_all_customers_table,
    build_customers_column,
    build_sheet_heading,
    build_single_table_sheet,
    describe_analysis_span,
    list_cell_values,
)
from xlprofit.sheets.parts import (
    AboveRule,
    BarRule,
    Cell,
    Column,
    Figure,
    Format,
    HeatRule,
    Link,
    Meaning,
    Sheet,
    Table,
)
from xlprofit.sheets.verdict import build_verdict_column
from xlprofit.vocabulary.lines import Line

if TYPE_CHECKING:  # results are handed in: what makes them is not needed
    from xlprofit.results import Results

TABLE, PERIOD_TABLE = "credit_risk", "allowance_by_period"
_FIGURES = {
    "cost_of_credit": Figure("cost_of_credit"),
    "financing": Figure("cost_of_credit", line=str(Line.FINANCING)),
    "expected_loss": Figure("cost_of_credit", line=str(Line.EXPECTED_LOSS)),
    "demand": Figure(group="demand"),
}
"""Which columns are sums of the ledger; the others are balances, days and shares."""
LATE = 0.5
"""From this share of the open balance overdue on a customer is drawn as a warning."""


def list_ageing_buckets(results: Results) -> list[str]:
    """Return the names of the ageing buckets, the youngest first."""
    bounds = credit.list_lower_bounds(results.inputs["LossRates"])
    return list(credit.name_buckets([int(b) for b in bounds]))


SHOWN = (
    *("customer", "verdict", "overdue", "overdue_share", "oldest_days_past_due", "open"),
    *("cost_of_credit", "days_sales_outstanding", "demand"),
)
"""The columns in the order of the question, who does not pay; the oldest buckets of age stand among them, the others
are folded."""
BUCKETS = 4
"""Buckets of age in sight, the oldest ones."""


def _sum_credit_cost(frame: pd.DataFrame) -> pd.Series:
    """Return what credit costs, blank where both parts are unknown."""
    return frame[["financing", "expected_loss"]].sum(axis=1, min_count=1)


def knows_credit(results: Results) -> bool:
    """Whether anything is known of what customers owe, or of what their special demands cost."""
    known = results.credit["open"].notna().any() or results.credit["demand"].abs().sum() > 0
    return bool(known or results.customers["cost_of_credit"].abs().sum() > 0)


def rank_owing_customers(results: Results) -> pd.Index:
    """Return the customers, the highest cost of credit first, then the most overdue, then by name."""
    frame = results.credit
    worst = _sum_credit_cost(frame).fillna(0.0).to_numpy()
    overdue = -frame["overdue"].fillna(0.0).to_numpy()
    return frame.index[np.lexsort([frame.index.to_numpy().astype(str), overdue, worst])]


def describe_credit_risk_sheet(results: Results) -> Sheet | None:
    """Return the sheet: cost of credit, allowance, ageing with the late money coloured, special demands.

    Below the customers stands how the company's allowance moved, period by period. Nothing where nothing is known of
    what they owe.
    """
    if not knows_credit(results):
        return None
    customers = rank_owing_customers(results)
    frame = results.credit.loc[customers]
    cost = _sum_credit_cost(frame)
    buckets = list_ageing_buckets(results)
    oldest = range(max(len(buckets) - BUCKETS, 0), len(buckets))
    shown = (*SHOWN[:6], *(f"bucket_{i}" for i in oldest), *SHOWN[6:])
    columns = (
        build_customers_column(customers),
        build_verdict_column(results, customers),
        *_build_credit_cost_columns(frame, cost),
        *_build_payment_columns(frame),
        *_build_ageing_columns(frame, buckets),
        *_build_allowance_columns(frame, results),
        *_build_delivery_columns(frame),
    )
    table = build_all_customers_table(TABLE, arrange_columns(columns, shown))
    as_of = results.inputs.settings.as_of
    subtitle = _("Highest credit cost first; open invoices as of {day:%Y-%m-%d}", day=as_of)
    subtitle += " · " + describe_analysis_span(results)
    top = build_sheet_heading(_("Credit risk and special demands"), subtitle)
    name = names.translate_sheet_name(names.CREDIT_RISK)
    moved = _build_allowance_period_table(results, table.last + 5)
    if moved is None:
        return build_single_table_sheet(results, name, top, table, Meaning.LOSS)
    title = _("Allowance for expected loss, by period")
    top = (
        *top,
        Cell(3, 1, title, Meaning.LINK, across=4, link=Link(name, f"A{moved.row}")),
        Cell(moved.row - 2, 1, title, Meaning.SECTION, across=6),
    )
    main = build_single_table_sheet(results, name, top, table, Meaning.LOSS)
    return replace(main, tables=(*main.tables, moved))


def _build_money_column(
    frame: pd.DataFrame, key: str, header: str, heading: str, note: str = "", width: float = 12.0
) -> Column:
    """Return a column of money with its sum."""
    return Column(
        key,
        header,
        list_cell_values(frame[key]),
        Format.MONEY,
        width,
        note,
        total="sum",
        heading=heading,
        figure=_FIGURES.get(key),
    )


def _build_credit_cost_columns(frame: pd.DataFrame, cost: pd.Series) -> tuple[Column, ...]:
    """Return what the customers' credit costs over the span."""
    band = _("Cost of credit")
    return (
        replace(
            _build_money_column(
                cost.to_frame("cost_of_credit"), "cost_of_credit", band, band, _("Financing + expected loss")
            ),
            formula='IF(COUNT({financing},{expected_loss})>0,SUM({financing},{expected_loss}),"")',
        ),
        _build_money_column(
            frame, "financing", _("Financing"), band, _("Receivables at the cost of capital")
        ),
        _build_money_column(
            frame,
            "expected_loss",
            _("Expected loss"),
            band,
            _("Charge to the allowance; above zero: allowance released"),
        ),
    )


def _build_payment_columns(frame: pd.DataFrame) -> tuple[Column, ...]:
    """Return how the customers pay."""
    band, ageing = _("Payment behaviour"), _("Ageing of open invoices")
    return (
        Column(
            "days_sales_outstanding",
            _("DSO, days"),
            list_cell_values(frame["days_sales_outstanding"]),
            Format.DAYS,
            8.0,
            _("Days sales outstanding"),
        ),
        Column(
            "average_days_late",
            _("Days late"),
            list_cell_values(frame["average_days_late"]),
            Format.DECIMAL,
            8.0,
            _("Average days from due to paid, of paid invoices"),
            heading=band,
        ),
        Column(
            "oldest_days_past_due",
            _("Oldest, days"),
            list_cell_values(frame["oldest_days_past_due"]),
            Format.DAYS,
            9.0,
            _("Days past due of the oldest open invoice"),
            heading=ageing,
        ),
        Column(
            "overdue_share",
            _("Overdue %"),
            list_cell_values(frame["overdue_share"]),
            Format.SHARE,
            9.0,
            _("Overdue / open"),
            heading=ageing,
            formula='IF(N({open})>0,{overdue}/{open},"")',
            rules=(AboveRule(LATE, Meaning.WARNING),),
        ),
        _build_money_column(frame, "disputed", _("Disputed"), band, width=11.0),
    )


def _build_ageing_columns(frame: pd.DataFrame, buckets: Sequence[str]) -> tuple[Column, ...]:
    """Return what is open, and how late it is."""
    band = _("Ageing of open invoices")
    return (
        _build_money_column(frame, "open", _("Open"), band, _("Issued and unpaid on the as-of date")),
        _build_money_column(frame, "overdue", _("Overdue"), band),
        *(
            Column(
                f"bucket_{i}",
                describe_ageing_bucket(bucket),
                list_cell_values(frame[bucket]),
                Format.MONEY,
                11.0,
                _("Days past due"),
                total="sum",
                heading=band,
                rules=(HeatRule(Meaning.LOSS),) if i else (),
            )
            for i, bucket in enumerate(buckets)
        ),
    )


def _build_allowance_columns(frame: pd.DataFrame, results: Results) -> tuple[Column, ...]:
    """Return how the allowance moved, from its opening to its closing."""
    band = _("Allowance for expected loss")
    settings = results.inputs.settings
    first, last = settings.start - pd.Timedelta(days=1), find_last_day(settings)
    return (
        _build_money_column(
            frame,
            "opening",
            _("Opening"),
            band,
            _("Open balance on {day:%Y-%m-%d} × the loss rate of its bucket", day=first),
        ),
        _build_money_column(frame, "charge", _("Charge"), band, _("Borne by profit; below zero: released")),
        _build_money_column(frame, "written_off", _("Written off"), band),
        _build_money_column(frame, "recovered", _("Recovered"), band),
        replace(
            _build_money_column(
                frame,
                "closing",
                _("Closing"),
                band,
                _("Open balance on {day:%Y-%m-%d} × the loss rate of its bucket", day=last),
            ),
            formula='IF(COUNT({opening})>0,{opening}+{charge}-{written_off}+{recovered},"")',
        ),
    )


def _build_delivery_columns(frame: pd.DataFrame) -> tuple[Column, ...]:
    """Return what special demands add to the cost of delivery."""
    band = _("Delivery")
    return (
        _build_money_column(frame, "demand", _("Special demands"), band, _("Cost of the group demand")),
        Column(
            "demand_share",
            _("Share of delivery cost"),
            list_cell_values(frame["demand_share"]),
            Format.SHARE,
            10.0,
            _("Special demands / cost of delivery"),
            heading=band,
            rules=(BarRule(Meaning.WARNING, 0.0, 1.0),),
        ),
    )


def _build_allowance_period_table(results: Results, row: int) -> Table | None:
    """Return how the company's allowance moved period by period, where there is one."""
    if results.allowance.empty:
        return None
    moved = allowance.sum_movement(results.allowance, "period")
    columns = (
        Column("period", _("Period"), [str(period) for period in moved.index], width=28.0),
        *(
            replace(column, heading="", total="", note="")
            for column in _build_allowance_columns(moved, results)
        ),
    )
    return Table(PERIOD_TABLE, row, 1, columns, filtered=False)


def describe_ageing_bucket(bucket: str) -> str:
    """Return a bucket's header: ``not_due`` → *Not due*, ``over_90`` → *Over 90*."""
    if bucket == "not_due":
        return _("Not due")
    if bucket.startswith("over_"):
        return _("Over {days}", days=bucket.removeprefix("over_"))
    return _("All") if bucket == "all" else bucket


def list_overdue_amounts(results: Results) -> pd.Series:
    """Return the overdue money of the customers that have any, the most first, then by name."""
    overdue = results.credit["overdue"].fillna(0.0)
    return overdue[overdue > 0].sort_values(ascending=False, kind="stable")
