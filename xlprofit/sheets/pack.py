"""The first sheet of a pack: what some customers earn, held against others, month by month, and what costs most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from xlprofit.messages import N_, Message, _
from xlprofit.sheets.customer_pnl import WATERFALL
from xlprofit.sheets.frame import build_sheet_heading, fill_columns, name_ledger_line
from xlprofit.sheets.parts import (
    Cell,
    Chart,
    Column,
    Format,
    Meaning,
    Series,
    Sheet,
    SignRule,
    Table,
    Value,
)

if TYPE_CHECKING:  # results are handed in: what makes them is not needed
    from xlprofit.results import Results

MOST_PERIODS, MOST_ACTIVITIES = 24, 5
"""The latest periods, and the costliest activities, that are shown."""

_TABLE_ROW, _CHART_ROW = 9, 24

PNL_TABLE, PERIODS_TABLE, ACTIVITIES_TABLE = "pack_pnl", "pack_periods", "pack_activities"

PNL_COLUMNS = (
    Column("line", N_("Line"), (), width=24.0),
    Column("amount", N_("Amount"), (), Format.MONEY, 13.0),
    Column("share", N_("% of net revenue"), (), Format.SHARE, 11.0),
    Column("peers_share", N_("Compared with"), (), Format.SHARE, 11.0),
    Column(
        "gap",
        N_("Gap, percentage points"),
        (),
        Format.SHARE,
        11.0,
        N_("Share of net revenue less that of those compared with"),
    ),
    Column(
        "gap_amount",
        N_("Gap in money"),
        (),
        Format.MONEY,
        13.0,
        N_("The gap × net revenue: how much more, or less where below zero, than at their shares"),
        rules=(SignRule(),),
    ),
)
"""The columns of the P&L."""

PERIOD_COLUMNS = (
    Column("period", N_("Period"), (), width=12.0),
    Column("net_revenue", N_("Net revenue"), (), Format.MONEY, 13.0),
    Column("profit", N_("Customer profit"), (), Format.MONEY, 13.0, rules=(SignRule(),)),
)

ACTIVITY_COLUMNS = (
    Column("activity", N_("Activity"), (), width=24.0),
    Column("amount", N_("Cost"), (), Format.MONEY, 13.0),
    Column("share", N_("% of net revenue"), (), Format.SHARE, 11.0),
    Column("peers_share", N_("Compared with"), (), Format.SHARE, 11.0),
)


@dataclass(frozen=True)
class Pack:
    """Whom a pack is about: the sheet's name, the title of all, what is said of the customers, they, and others."""

    name: str
    title: str
    subtitle: str
    customers: Sequence[str]
    peers: Sequence[str]
    peers_name: str


def describe_pack_sheet(results: Results, pack: Pack) -> Sheet:
    """Return the sheet: tiles, the P&L beside that of others, a line by period, and the costliest activities."""
    own, peers = (_sum_customers(results.customers, names) for names in (pack.customers, pack.peers))
    pnl = _build_pnl_table(pack, own, peers)
    activities = _build_activities_table(results, pack, (own, peers))
    periods = _build_periods_table(results, pack)
    headings = (
        *build_sheet_heading(pack.name, pack.subtitle),
        *_list_tiles(results, pack, own),
        Cell(_TABLE_ROW - 1, 1, _("P&L"), Meaning.SECTION),
        Cell(_TABLE_ROW - 1, activities.column, _("Costliest activities"), Meaning.SECTION),
        Cell(_CHART_ROW - 1, 1, _("By period"), Meaning.SECTION),
    )
    chart = Chart(
        "line",
        _("Net revenue and customer profit by period"),
        _CHART_ROW,
        1,
        (PERIODS_TABLE, "period"),
        (
            Series(PERIODS_TABLE, "net_revenue", _("Net revenue")),
            Series(PERIODS_TABLE, "profit", _("Customer profit"), Meaning.PROFIT),
        ),
        width=380.0,
    )
    return Sheet(
        pack.name,
        headings,
        (pnl, periods, activities),
        (chart,),
        currency=results.inputs.settings.currency,
        landscape=False,
    )


def _sum_customers(frame: pd.DataFrame, customers: Sequence[str]) -> pd.Series:
    """Return the sums of the columns of a frame over some customers."""
    return frame.loc[list(customers)].sum(axis=0)


def _compute_share(amount: float, revenue: float) -> float | None:
    """Return an amount as a share of net revenue; an unknown where that is not above 0."""
    return float(amount / revenue) if revenue > 0 else None


def _list_tiles(results: Results, pack: Pack, own: pd.Series) -> list[Cell]:
    """Return the figures that matter, side by side, each under its name."""
    tiles: list[tuple[Message, Value, Format, bool]] = [
        (_("Net revenue"), float(own["net_revenue"]), Format.MONEY, False),
        (_("Customer profit"), float(own["profit"]), Format.MONEY, True),
        (_("Profit %"), _compute_share(own["profit"], own["net_revenue"]), Format.SHARE, True),
    ]
    for key, said in (
        ("run_rate", _("Run rate, a year")),
        ("expected_profit", _("Expected profit, next 12 months")),
    ):
        values = results.outlook.loc[list(pack.customers), key]
        if not values.isna().any():  # a sum without an unknown would be taken for the whole
            tiles.append((said, float(values.sum()), Format.MONEY, True))
    found = []
    for at, (label, value, format, signed) in enumerate(tiles, 1):
        found.append(Cell(4, at, label, Meaning.LABEL))
        rules = (SignRule(),) if signed else ()
        found.append(Cell(5, at, value, Meaning.KPI, format, rules=rules))
    return found


def _name_peers(columns: tuple[Column, ...], pack: Pack) -> tuple[Column, ...]:
    """Return columns with those compared with named over theirs."""
    return tuple(
        replace(column, header=pack.peers_name) if column.key == "peers_share" else column
        for column in columns
    )


def _build_pnl_table(pack: Pack, own: pd.Series, peers: pd.Series) -> Table:
    revenue, theirs = float(own["net_revenue"]), float(peers["net_revenue"])
    rows = []
    for measure, header, _band, _note in WATERFALL:
        share, peers_share = _compute_share(own[measure], revenue), _compute_share(peers[measure], theirs)
        gap = None if share is None or peers_share is None else share - peers_share
        money = None if gap is None else gap * revenue
        rows.append((_(header), float(own[measure]), share, peers_share, gap, money))
    keys = [column.key for column in PNL_COLUMNS]
    frame = pd.DataFrame(rows, columns=keys)
    return Table(
        PNL_TABLE, _TABLE_ROW, 1, _name_peers(fill_columns(PNL_COLUMNS, frame), pack), filtered=False
    )


def _build_periods_table(results: Results, pack: Pack) -> Table:
    by_period = results.pnl(period=True)[["net_revenue", "profit"]]
    here = by_period.loc[by_period.index.get_level_values("customer").isin(list(pack.customers))]
    sums = here.groupby(level="period", sort=False).sum().reindex(results.periods, fill_value=0.0)
    frame = sums.tail(MOST_PERIODS).reset_index(names="period")
    return Table(
        PERIODS_TABLE, _CHART_ROW, len(PNL_COLUMNS) + 2, fill_columns(PERIOD_COLUMNS, frame), filtered=False
    )


def _build_activities_table(results: Results, pack: Pack, sums: tuple[pd.Series, pd.Series]) -> Table:
    """Return the activities that cost most, each beside its share with those compared with."""
    own, peers = (_sum_customers(results.cost_to_serve, names) for names in (pack.customers, pack.peers))
    order = np.argsort(own.to_numpy(), kind="stable")
    costliest = [str(own.index[at]) for at in order if own.iloc[at] < 0][:MOST_ACTIVITIES]
    revenue, theirs = (float(whole["net_revenue"]) for whole in sums)
    rows = [
        (
            name_ledger_line(activity),
            float(own[activity]),
            _compute_share(own[activity], revenue),
            _compute_share(peers[activity], theirs),
        )
        for activity in costliest
    ]
    frame = pd.DataFrame(rows, columns=[column.key for column in ACTIVITY_COLUMNS])
    columns = _name_peers(fill_columns(ACTIVITY_COLUMNS, frame), pack)
    return Table(
        ACTIVITIES_TABLE,
        _TABLE_ROW,
        len(PNL_COLUMNS) + 2,
        columns,
        filtered=False,
        empty=_("No cost to serve"),
    )
