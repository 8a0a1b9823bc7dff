"""The sheet *Trends*: which customers are sliding, which will, and how each went period by period."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit.messages import N_, _, _n, term
from xlprofit.sheets import names
from xlprofit.sheets.frame import (
    TABLE_ROW,
    arrange_columns,
    build_customers_column,
    build_sheet_heading,
    build_single_table_sheet,
    describe_analysis_span,
    list_cell_values,
    translate_cell_words,
    translate_word_rule,
)
from xlprofit.sheets.parts import (
    Cell,
    Column,
    Figure,
    Format,
    Meaning,
    Sentence,
    Sentences,
    Sheet,
    SignRule,
    Table,
    WordRule,
)
from xlprofit.vocabulary.states import State

if TYPE_CHECKING:  # results are handed in: what makes them is not needed
    from xlprofit.results import Results

TABLE = "trends"
STATES = WordRule(
    (
        (State.LOSS_MAKING, Meaning.LOSS),
        (State.SLIPPING, Meaning.WARNING),
        (State.DORMANT, Meaning.NEUTRAL),
        (State.NEW, Meaning.NEUTRAL),
        (State.RECOVERING, Meaning.PROFIT),
        (State.PROFITABLE, Meaning.PROFIT),
    )
)
WARNING = N_("Early warning")
SHOWN = (
    *("customer", "state", "early_warning", "reason", "profit_now", "profit_bars", "profit_slope"),
    "periods_left",
)
"""The columns in the order of the question, who is sliding and how fast; the others are folded."""

MOST_PERIODS = 36
"""The latest periods that a sparkline shows."""
MOST_FIGURES = 100_000
"""Figures by period that the sheet holds for its sparklines; with more it has bars of text."""

BLOCKS = "▁▂▃▄▅▆▇█"
"""Bars in text, the lowest first: they print, sort with their row and need no extension."""


def rank_urgent_customers(results: Results) -> pd.Index:
    """Return the customers, most urgent first: warned, slipping, loss-making, the rest.

    Within each the greatest fall of profit a period comes first.
    """
    trends = results.trends
    weight = trends["state"].map({state: place for place, state in enumerate(State) if place})
    urgent = np.where(trends["early_warning"], 0, weight.fillna(6).to_numpy())
    slope = trends["profit_slope"].fillna(0.0).to_numpy()
    return trends.index[np.lexsort([trends.index.to_numpy().astype(str), slope, urgent])]


def name_attention(group: str) -> str:
    """Return what a kind of effort is called."""
    return term("word", group)


def describe_trends_sheet(results: Results) -> Sheet:
    """Return the sheet: state, slopes, turning period, early warning, and bars by period."""
    customers = rank_urgent_customers(results)
    trends = results.trends.loc[customers]
    columns = (
        build_customers_column(customers),
        Column(
            "state",
            _("State"),
            translate_cell_words(trends["state"]),
            width=13.0,
            rules=(translate_word_rule(STATES),),
        ),
        *_build_outlook_columns(results, trends),
        *_build_slope_columns(results, trends),
        *_build_bar_columns(results, customers),
        Column(
            "reason",
            _("In words"),
            Sentences(Sentence.TREND, trends, results.inputs.settings),
            width=38.0,
            wrap=True,
        ),
    )
    table = Table(TABLE, TABLE_ROW, 1, arrange_columns(columns, SHOWN), empty=_("No customers"))
    top = build_sheet_heading(_("Trends"), describe_analysis_span(results))
    return build_single_table_sheet(
        results,
        names.translate_sheet_name(names.TRENDS),
        (*top, Cell(3, 1, _describe_trend_summary(trends), Meaning.NOTE, across=8)),
        table,
        Meaning.WARNING,
    )


def describe_earning_customers(trends: pd.DataFrame) -> str:
    """Return how many customers earn a profit lately: neither the number of the whole period nor that of run rates."""
    earning = int(((trends["profit_now"] > 0) & (trends["state"] != State.DORMANT)).sum())
    return _n(
        "{n:,} customer is profitable in the latest periods (median), acquisition included",
        "{n:,} customers are profitable in the latest periods (median), acquisition included",
        earning,
    )


def _describe_trend_summary(trends: pd.DataFrame) -> str:
    """Return how many earn lately, and how many are sliding."""
    warned = int(trends["early_warning"].sum())
    slipping = int((trends["state"] == State.SLIPPING).sum())
    said = describe_earning_customers(trends)
    if slipping or warned:
        said += _(
            "; {slipping:,} slipping, {warned:,} with an early warning", slipping=slipping, warned=warned
        )
    return said + "; " + _("most urgent first")


def _build_outlook_columns(results: Results, trends: pd.DataFrame) -> tuple[Column, ...]:
    """Return who is warned, of what, how long it takes, and when it turned."""
    return (
        Column(
            "early_warning",
            _("Early warning"),
            [_(WARNING) if w else None for w in trends["early_warning"]],
            width=14.0,
            note=_("Still profitable, but net revenue falls and the attention needed grows"),
            rules=(WordRule(((_(WARNING), Meaning.WARNING),)),),
        ),
        Column(
            "attention_group",
            _("Attention grows in"),
            translate_cell_words(g or None for g in trends["attention_group"]),
            width=12.0,
            note=_("The kind of effort that grows most beyond what net revenue explains"),
        ),
        Column(
            "periods_left",
            _("Time to zero"),
            Sentences(Sentence.TIME_LEFT, trends, results.inputs.settings),
            width=22.0,
            note=_("Until profit falls to zero; in brackets, the range that holds it in 80 of 100 customers"),
        ),
        Column(
            "turning_period",
            _("Turning period"),
            [t or None for t in trends["turning_period"]],
            width=10.0,
            note=_("The period in which profit turned and stayed"),
        ),
    )


def _build_slope_columns(results: Results, trends: pd.DataFrame) -> tuple[Column, ...]:
    """Return what profit is now, and how profit, net revenue and attention change from period to period."""
    per = _PER[results.inputs.settings.period]
    rules, money = (SignRule(),), Format.MONEY
    return (
        Column(
            "profit_now",
            _(per.now),
            list_cell_values(trends["profit_now"]),
            money,
            12.0,
            _("At today's level"),
            rules=rules,
        ),
        Column(
            "profit_slope",
            _(per.profit),
            list_cell_values(trends["profit_slope"]),
            money,
            12.0,
            _("Theil–Sen slope of profit over the last periods (setting: window), without the season"),
            rules=(SignRule(change=True),),
        ),
        Column(
            "volume_slope",
            _(per.volume),
            list_cell_values(trends["volume_slope"]),
            money,
            12.0,
            _("Theil–Sen slope of net revenue, without the season"),
            rules=(SignRule(change=True),),
        ),
        Column(
            "attention_slope",
            _(per.attention),
            list_cell_values(trends["attention_slope"]),
            money,
            12.0,
            _(
                "Theil–Sen slope of all effort beyond what net revenue explains, at average rates: more is more work"
            ),
        ),
    )


@dataclass(frozen=True)
class _Headers:
    """The headers of the columns of money, for one length of period."""

    now: str
    profit: str
    volume: str
    attention: str


_PER = {
    "month": _Headers(
        N_("Profit per month now"),
        N_("Change in profit per month"),
        N_("Change in net revenue per month"),
        N_("Change in attention per month"),
    ),
    "quarter": _Headers(
        N_("Profit per quarter now"),
        N_("Change in profit per quarter"),
        N_("Change in net revenue per quarter"),
        N_("Change in attention per quarter"),
    ),
    "year": _Headers(
        N_("Profit per year now"),
        N_("Change in profit per year"),
        N_("Change in net revenue per year"),
        N_("Change in attention per year"),
    ),
}


def _build_bar_columns(results: Results, customers: pd.Index) -> tuple[Column, ...]:
    """Return profit and net revenue by period, as sparklines over the figures, which are folded behind them.

    Without the figures, of many customers, they are bars of text.
    """
    by_period = results.pnl(period=True)
    count = min(len(results.periods), MOST_PERIODS)
    figures = 2 * count * len(customers) <= MOST_FIGURES and count > 1
    bars: list[Column] = []
    behind: list[Column] = []
    for name, title, measure in (
        ("profit_bars", _("Profit by period"), "profit"),
        ("volume_bars", _("Net revenue by period"), "net_revenue"),
    ):
        grid = _read_period_grid(by_period[measure], customers, results)[:, -count:]
        keys = [f"{measure}_{i}" for i in range(count)]
        bars.append(
            Column(
                name,
                title,
                draw_text_bars(grid),
                width=_compute_bar_width(count),
                note=_describe_bars(results, count),
                spark=(keys[0], keys[-1]) if figures else None,
            )
        )
        if figures:
            labels = [str(period) for period in results.periods[-count:]]
            behind += [
                Column(
                    key,
                    label,
                    list_cell_values(pd.Series(grid[:, i])),
                    Format.MONEY,
                    11.0,
                    heading=title,
                    figure=Figure(measure, period=label),
                )
                for i, (key, label) in enumerate(zip(keys, labels, strict=True))
            ]
    return (*bars, *behind)


def _read_period_grid(measure: pd.Series, customers: pd.Index, results: Results) -> npt.NDArray[np.float64]:
    """Return a measure by customer and period, a row a customer."""
    grid: npt.NDArray[np.float64] = measure.to_numpy().reshape(len(results.names), len(results.periods))
    return grid[results.names.get_indexer(customers)]


def draw_text_bars(grid: npt.NDArray[np.float64]) -> list[str | None]:
    """Return bars of text for each row of figures, from its lowest (or zero) to its highest (or zero)."""
    low, high = np.minimum(grid.min(axis=1), 0.0)[:, None], np.maximum(grid.max(axis=1), 0.0)[:, None]
    height = np.divide(grid - low, high - low, out=np.zeros_like(grid), where=high > low)
    step = np.rint(height * (len(BLOCKS) - 1)).astype(int)
    return ["".join(BLOCKS[s] for s in row) for row in step.tolist()]


def _compute_bar_width(count: int) -> float:
    return min(max(14.0, count * 1.15), 28.0)


def _describe_bars(results: Results, count: int) -> str:
    first, last = results.periods[-count], results.periods[-1]
    return _(
        "One bar per period, {first} to {last}; each customer on its own scale, with its line at 0",
        first=str(first),
        last=str(last),
    )
