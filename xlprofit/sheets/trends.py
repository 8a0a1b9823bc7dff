"""The sheet *Trends*: which customers are sliding, which will, and how each went period by period."""

from __future__ import annotations

import numpy as np
import pandas as pd

from xlprofit.language import N_, _
from xlprofit.results import Results
from xlprofit.sheets import names
from xlprofit.sheets.frame import (
    TABLE_ROW,
    customers_column,
    heading,
    listing,
    span,
    told,
    told_rule,
    values,
)
from xlprofit.sheets.parts import Column, Format, Meaning, Sheet, SignRule, Table, WordRule

TABLE = "trends"
STATES = WordRule(
    (
        ("Loss-making", Meaning.LOSS),
        ("Slipping", Meaning.WARNING),
        ("Dormant", Meaning.NEUTRAL),
        ("New", Meaning.NEUTRAL),
        ("Recovering", Meaning.PROFIT),
        ("Profitable", Meaning.PROFIT),
    )
)
WARNING = N_("Early warning")
BLOCKS = "▁▂▃▄▅▆▇█"
"""Bars in text, the lowest first: they print, sort with their row and need no extension."""


def order(results: Results) -> pd.Index:
    """Return the customers, those who call for attention first: warned, slipping, loss-making, the rest.

    Within each the greatest fall of profit a period comes first.
    """
    trends = results.trends
    weight = trends["state"].map({"Slipping": 1, "Loss-making": 2, "Recovering": 3, "New": 4, "Dormant": 5})
    urgent = np.where(trends["early_warning"], 0, weight.fillna(6).to_numpy())
    slope = trends["profit_slope"].fillna(0.0).to_numpy()
    return trends.index[np.lexsort([trends.index.to_numpy().astype(str), slope, urgent])]


def sheet(results: Results) -> Sheet:
    """Return the sheet: state, slopes, turning period, early warning, and bars by period."""
    customers = order(results)
    trends = results.trends.loc[customers]
    by_period = results.pnl(period=True)
    money = Format.MONEY
    columns = (
        customers_column(results, customers),
        Column("state", _("State"), told(trends["state"]), width=13.0, rules=(told_rule(STATES),)),
        Column(
            "early_warning",
            _("Early warning"),
            [_(WARNING) if w else None for w in trends["early_warning"]],
            width=14.0,
            note=_("Still profitable, but net revenue falls and the attention needed grows"),
            rules=(WordRule(((_(WARNING), Meaning.WARNING),)),),
        ),
        Column(
            "periods_left",
            _("Periods left"),
            values(trends["periods_left"]),
            Format.DECIMAL,
            9.0,
            _("Periods until profit crosses zero at this pace"),
        ),
        Column(
            "turning_period",
            _("Turned in"),
            [t or None for t in trends["turning_period"]],
            width=10.0,
            note=_("The period in which profit turned and stayed"),
        ),
        Column(
            "profit_now",
            _("Profit now"),
            values(trends["profit_now"]),
            money,
            12.0,
            _("The present level, a period"),
            rules=(SignRule(),),
        ),
        Column(
            "profit_slope",
            _("Profit, a period"),
            values(trends["profit_slope"]),
            money,
            12.0,
            _("Theil-Sen slope of profit"),
            rules=(SignRule(),),
        ),
        Column(
            "volume_slope",
            _("Net revenue, a period"),
            values(trends["volume_slope"]),
            money,
            12.0,
            _("Theil-Sen slope of net revenue"),
            rules=(SignRule(),),
        ),
        Column(
            "attention_slope",
            _("Attention, a period"),
            values(trends["attention_slope"]),
            money,
            12.0,
            _("Theil-Sen slope of service effort at average rates: more is more work"),
        ),
        Column(
            "profit_bars",
            _("Profit by period"),
            bars(by_period["profit"], customers, results),
            width=_bar_width(results),
            note=_bar_note(results),
        ),
        Column(
            "volume_bars",
            _("Net revenue by period"),
            bars(by_period["net_revenue"], customers, results),
            width=_bar_width(results),
            note=_bar_note(results),
        ),
        Column("reason", _("In words"), values(trends["reason"]), width=60.0, wrap=True),
    )
    warned = int(trends["early_warning"].sum())
    slipping = int((trends["state"] == "Slipping").sum())
    subtitle = _("Those first who call for attention")
    if slipping or warned:
        subtitle = _(
            "{slipping:,} slipping, {warned:,} with an early warning; those first who call for attention",
            slipping=slipping,
            warned=warned,
        )
    subtitle += f" · {span(results)}"
    table = Table(TABLE, TABLE_ROW, 1, columns, empty=_("No customers"))
    return listing(
        results, names.called(names.TRENDS), heading(_("Trends"), subtitle), table, Meaning.WARNING
    )


def bars(measure: pd.Series, customers: pd.Index, results: Results) -> list[str | None]:
    """Return a bar for each period of each customer, from its lowest (or zero) to its highest (or zero)."""
    grid = measure.to_numpy().reshape(len(results.names), len(results.periods))
    grid = grid[results.names.get_indexer(customers)]
    low, high = np.minimum(grid.min(axis=1), 0.0)[:, None], np.maximum(grid.max(axis=1), 0.0)[:, None]
    height = np.divide(grid - low, high - low, out=np.zeros_like(grid), where=high > low)
    step = np.rint(height * (len(BLOCKS) - 1)).astype(int)
    return ["".join(BLOCKS[s] for s in row) for row in step.tolist()]


def _bar_width(results: Results) -> float:
    return max(14.0, len(results.periods) * 1.15)


def _bar_note(results: Results) -> str:
    first, last = results.periods[0], results.periods[-1]
    return _(
        "A bar a period, {first} to {last}; each customer on a scale of its own, from its lowest (or 0) up",
        first=str(first),
        last=str(last),
    )
