"""The sheet *Service return*: whether what is done for customers is paid for by what they return."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from xlprofit.messages import N_, _
from xlprofit.sheets import names
from xlprofit.sheets.frame import (
    TABLE_ROW,
    arrange_columns,
    build_sheet_heading,
    describe_analysis_span,
    fill_columns,
    format_money_amount,
    name_ledger_line,
    translate_cell_words,
)
from xlprofit.sheets.parts import (
    BarRule,
    Cell,
    Column,
    Figure,
    FigureByRow,
    Format,
    Meaning,
    Sheet,
    SignRule,
    Table,
)

if TYPE_CHECKING:  # results are handed in: what makes them is not needed
    from xlprofit.results import Results

TABLE, USERS = "service_return", "service_users"
MOST_USERS = 200
"""Customers listed one by one; the others are in ``results.service_users``."""


def describe_service_return_sheet(results: Results) -> Sheet | None:
    """Return the sheet: the activities, service first, and below them who does not pay for what; or nothing."""
    service, users = results.service, results.service_users
    if not len(service):
        return None
    row = TABLE_ROW + max(len(service), 1) + 5
    shown = users[users["is_service"]].head(MOST_USERS)
    currency = results.inputs.settings.currency
    saving = sum_savings(results)
    note = _("None of what they use has a cheaper channel") if len(shown) else ""
    if saving > 0:
        note = _(
            "Moving all that is not justified to a cheaper channel, of service and of orders, would save {money} "
            "over the period analysed",
            money=format_money_amount(saving, results),
        )
    title = _("Customers whose return does not justify the service they use, the greatest saving first")
    if len(shown) < int(users["is_service"].sum()):
        title += " " + _("({n:,} of {all:,})", n=len(shown), all=int(users["is_service"].sum()))
    subtitle = _("Cost, who uses it, and what they leave for it; service first, highest cost first")
    subtitle += " · " + describe_analysis_span(results)
    return Sheet(
        names.translate_sheet_name(names.SERVICE_RETURN),
        cells=(
            *build_sheet_heading(_("Return on service"), subtitle),
            Cell(row - 2, 1, title, Meaning.SECTION, across=8),
            Cell(row - 1, 1, note, Meaning.NOTE, across=8),
        ),
        tables=(
            _build_service_activity_table(results),
            _build_service_user_table(results, shown.reset_index(drop=True), row),
        ),
        freeze=f"B{TABLE_ROW + 1}",
        tab=Meaning.NEUTRAL,
        currency=currency,
        breaks=(row - 2,),
        repeat_rows=(row, row),
    )


def sum_savings(results: Results) -> float:
    """Return what cheaper channels would save in all over the span, as the total of the sheet's table shows it."""
    return float(results.service["saving"].sum())


SHOWN = (
    *("activity", "group", "cost", "cheaper_activity", "saving", "unjustified_users", "unjustified_cost"),
    *("share_used_by_unprofitable", "users", "margin_per_cost"),
)
USERS_SHOWN = (
    *(
        "customer",
        "activity",
        "cost",
        "cheaper_activity",
        "saving",
        "profit",
        "gross_margin",
        "margin_per_cost",
    ),
    *("return_on_service", "group"),
)
"""The columns in the order of the question, what is not paid for and what would be saved; the others are folded."""

COLUMNS = (
    Column("activity", N_("Activity"), (), width=30.0),
    Column("group", N_("Group"), (), width=12.0),
    Column("resource", N_("Resource"), (), width=18.0),
    Column("cost", N_("Cost"), (), Format.MONEY, 13.0, total="sum"),
    Column("users", N_("Customers"), (), Format.INTEGER, 11.0, N_("Customers with any of the cost")),
    Column(
        "share_used_by_unprofitable",
        N_("Used by unprofitable"),
        (),
        Format.SHARE,
        13.0,
        N_("Share of the cost that customers with a loss use"),
        rules=(BarRule(Meaning.LOSS, 0.0, 1.0),),
    ),
    Column("users_gross_margin", N_("Users' gross margin"), (), Format.MONEY, 14.0),
    Column(
        "margin_per_cost",
        N_("Margin for each 1 spent"),
        (),
        Format.DECIMAL,
        13.0,
        N_("Users' gross margin / cost"),
        formula='IF({cost}<0,-{users_gross_margin}/{cost},"")',
    ),
    Column(
        "unjustified_users",
        N_("Customers not covering their service cost"),
        (),
        Format.INTEGER,
        11.0,
        N_("Users with a loss who leave less for each 1 spent than profitable users do"),
    ),
    Column("unjustified_cost", N_("What they cost"), (), Format.MONEY, 13.0, total="sum"),
    Column("cost_per_contact", N_("Cost a contact"), (), Format.MONEY_CENTS, 12.0),
    Column(
        "cheaper_activity",
        N_("Cheaper channel"),
        (),
        width=18.0,
        note=N_("The activity of the same group with the lowest cost a contact"),
    ),
    Column(
        "saving",
        N_("Saving"),
        (),
        Format.MONEY,
        13.0,
        N_("Avoidable cost saved by moving them there"),
        total="sum",
        rules=(SignRule(),),
    ),
)
"""The columns of the table of activities."""


def _build_service_activity_table(results: Results) -> Table:
    frame = results.service
    columns = fill_columns(
        COLUMNS,
        frame,
        {
            "activity": [name_ledger_line(str(a)) for a in frame["activity"]],
            "group": translate_cell_words(frame["group"]),
            "resource": [r or None for r in frame["resource"]],
            "cheaper_activity": [c or None for c in frame["cheaper_activity"].fillna("")],
        },
    )
    return Table(
        TABLE,
        TABLE_ROW,
        1,
        arrange_columns(columns, SHOWN),
        total_first=True,
        empty=_("No activities given: nothing to judge"),
    )


def _figures_by_use(frame: pd.DataFrame) -> FigureByRow:
    """Return what the cost of a use is the sum of, by the group and the activity that its row names."""
    uses = frame[["group", "activity"]].drop_duplicates().astype(str)
    said = zip(translate_cell_words(uses["group"]), map(name_ledger_line, uses["activity"]), strict=True)
    figures = (Figure("cost_to_serve", group, line) for group, line in uses.itertuples(index=False))
    rows: dict[tuple[str, ...], Figure] = {
        (str(group), line): figure for (group, line), figure in zip(said, figures, strict=True)
    }
    return FigureByRow(("group", "activity"), rows)


USER_COLUMNS = (
    Column("customer", N_("Customer"), (), width=30.0, figure=Figure()),
    Column("group", N_("Group"), (), width=12.0),
    Column("activity", N_("Activity"), (), width=18.0),
    Column("cost", N_("Cost"), (), Format.MONEY, 13.0),
    Column("margin_per_cost", N_("Margin for each 1"), (), Format.DECIMAL, 11.0),
    Column(
        "yardstick",
        N_("Profitable users'"),
        (),
        Format.DECIMAL,
        13.0,
        N_("Gross margin for each 1 spent, of the profitable users"),
    ),
    Column("gross_margin", N_("Gross margin"), (), Format.MONEY, 14.0, figure=Figure("gross_margin")),
    Column(
        "profit",
        N_("Customer profit"),
        (),
        Format.MONEY,
        13.0,
        rules=(SignRule(),),
        figure=Figure("profit"),
    ),
    Column(
        "return_on_service",
        N_("Return on service"),
        (),
        Format.DECIMAL,
        11.0,
        N_("(profit - cost) / -cost: below 1 the service is not paid for"),
    ),
    Column("cheaper_activity", N_("Cheaper channel"), (), width=13.0),
    Column("saving", N_("Saving"), (), Format.MONEY, 12.0),
)
"""The columns of whose return does not justify a service; their values are the frame's own, but for names and words."""


def _build_service_user_table(results: Results, frame: pd.DataFrame, row: int) -> Table:
    customers = [str(c) for c in frame["customer"]]
    sums = _figures_by_use(frame)
    columns = fill_columns(
        [replace(one, figure=sums) if one.key == "cost" else one for one in USER_COLUMNS],
        frame,
        {
            "customer": customers,
            "group": translate_cell_words(frame["group"]),
            "activity": [name_ledger_line(str(a)) for a in frame["activity"]],
            "cheaper_activity": [c or None for c in frame["cheaper_activity"].fillna("")],
        },
    )
    return Table(
        USERS,
        row,
        1,
        arrange_columns(columns, USERS_SHOWN),
        filtered=False,
        empty=_("Every user's return justifies the service it uses"),
    )
