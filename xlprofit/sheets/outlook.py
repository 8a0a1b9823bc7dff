"""The sheet *Outlook*: what to expect of each customer, how surely, and how often such a forecast came true."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from xlprofit.analysis.lifetime import LIKELY_GONE
from xlprofit.messages import N_, _, _n, join_messages
from xlprofit.outlook.candidates import Method
from xlprofit.outlook.survival import RetentionSource
from xlprofit.sheets import names
from xlprofit.sheets.frame import (
    arrange_columns,
    build_all_customers_table,
    build_customers_column,
    build_sheet_heading,
    build_single_table_sheet,
    describe_analysis_span,
    fill_columns,
    format_money_amount,
    list_cell_values,
)
from xlprofit.sheets.parts import (
    AboveRule,
    Cell,
    Chart,
    Column,
    Figure,
    Format,
    Link,
    Meaning,
    Series,
    Sheet,
    SignRule,
    Table,
)
from xlprofit.sheets.verdict import build_verdict_column

if TYPE_CHECKING:  # results are handed in: what makes them is not needed
    from xlprofit.results import Results

TABLE, RECORD, COHORTS, CURVES = "outlook", "track_record", "cohorts", "cohort_curves"

METHODS = {
    Method.AVERAGE: N_("average goes on"),
    Method.RECENT: N_("last three months go on"),
    Method.TREND: N_("run rate with trend"),
    Method.SURVIVAL: N_("run rate × survival"),
    Method.PURCHASES: N_("purchases × value"),
    Method.LEVELLED: N_("purchases × value, at today's level"),
}
"""What each way of forecasting is called."""

SOURCES = {
    RetentionSource.PURCHASES: N_("The chance to stay is read from the days on which customers bought"),
    RetentionSource.CONTRACTS: N_(
        "The chance to stay is read from who ended its contract, and after how long"
    ),
    RetentionSource.SETTINGS: N_(
        "The chance to stay is {retention:.0%} a year for everybody, as Settings say"
    ),
    RetentionSource.ASSUMED: N_(
        "The chance to stay is assumed to be {retention:.0%} a year: too few customers bought again, "
        "or over too short a time, to read it from the sales"
    ),
}
"""Where the chance to stay comes from, in words."""

ASSUMED_OF_CONTRACTS = N_(
    "The chance to stay is assumed to be {retention:.0%} a year: nobody is known to have ended, or there are too few "
    "customers, to read it from contracts"
)
"""The same where customers give notice and nobody did."""


def name_method(code: object) -> str:
    """Return what a way of forecasting is called."""
    return _(METHODS[Method(code)])


CHART_ROWS = 19
"""The rows that the chart of the cohorts stands over, and one between it and its table."""

SHOWN = (
    *("customer", "verdict", "expected_profit", "expected_low", "expected_high", "chance_active", "run_rate"),
    *("lifetime_value", "lifetime_profit", "acquisition_cost", "payback_months"),
)
"""The columns in the order of the question, what to expect and how surely; the others are folded."""

COLUMNS = (
    Column(
        "chance_active",
        N_("Chance active"),
        (),
        Format.SHARE,
        9.0,
        N_("The chance that it is a customer still"),
        rules=(AboveRule(LIKELY_GONE, Meaning.WARNING, below=True),),
    ),
    Column(
        "retention",
        N_("Chance to stay"),
        (),
        Format.SHARE,
        9.0,
        N_("The chance that, being a customer now, it is one a year later"),
    ),
    Column(
        "run_rate",
        N_("Run rate"),
        (),
        Format.MONEY,
        12.0,
        N_("What it earns a year at today's level, before acquisition"),
        total="sum",
        rules=(SignRule(),),
    ),
    Column(
        "expected_profit",
        N_("Expected profit"),
        (),
        Format.MONEY,
        13.0,
        N_("Of the next 12 months, before acquisition"),
        total="sum",
        rules=(SignRule(),),
    ),
    Column(
        "expected_low",
        N_("Low"),
        (),
        Format.MONEY,
        12.0,
        N_("In 80 of 100 cases the next 12 months lie between low and high"),
    ),
    Column(
        "expected_high",
        N_("High"),
        (),
        Format.MONEY,
        12.0,
        N_("In 80 of 100 cases the next 12 months lie between low and high"),
    ),
    Column(
        "lifetime_profit",
        N_("Profit to date"),
        (),
        Format.MONEY,
        12.0,
        N_("Of the period analysed, acquisition included"),
        total="sum",
        rules=(SignRule(),),
        figure=Figure("profit"),
    ),
    Column(
        "lifetime_value",
        N_("Lifetime value"),
        (),
        Format.MONEY,
        13.0,
        N_("Profit to date and the present value of what is expected"),
        total="sum",
        rules=(SignRule(),),
    ),
    Column(
        "acquisition_cost",
        N_("Cost to acquire"),
        (),
        Format.MONEY,
        12.0,
        N_("Blank for those won before the period analysed"),
        total="sum",
        figure=Figure("cost_to_acquire"),
    ),
    Column(
        "payback_months",
        N_("Payback, months"),
        (),
        Format.INTEGER,
        10.0,
        N_("From its beginning until its profit has paid for winning it, or is expected to"),
    ),
    Column("method", N_("Forecast by"), (), width=28.0, note=N_("The method that did best; see below")),
)
"""The columns beside the customer."""


def describe_outlook_sheet(results: Results) -> Sheet:
    """Return the sheet: the forecast of each customer; below, how each method did, and what each cohort brought."""
    frame = results.outlook
    expected = -frame["expected_profit"].to_numpy()
    customers = frame.index[np.lexsort([frame.index.to_numpy().astype(str), expected])]
    frame = frame.loc[customers]
    methods = {code: name_method(code) for code in frame["method"].unique()}
    own = {"method": [methods[code] for code in frame["method"]]}
    columns = (
        build_customers_column(customers),
        build_verdict_column(results, customers),
        *fill_columns(COLUMNS, frame, own),
    )
    table = build_all_customers_table(TABLE, arrange_columns(columns, SHOWN))
    record = _build_record_table(results, table.last + 5)
    cohorts = _build_cohort_table(results, record.last + 5)
    drawn = _has_curves(results)
    title = cohorts.last + 3
    curves = _build_curve_table(results, title + 2 + drawn * CHART_ROWS)
    name = names.translate_sheet_name(names.OUTLOOK)
    titles = {
        record.row - 2: _("Track record: each method on what was held out"),
        cohorts.row - 2: _("Customers by when they began"),
        title: _("Cumulative profit by months since they began, acquisition included"),
    }
    top = [
        *build_sheet_heading(_("Outlook"), _describe_expectation(results), across=11),
        Cell(3, 1, describe_record(results), Meaning.NOTE, across=10, link=Link(name, f"A{record.row}")),
        Cell(4, 1, describe_survival(results), Meaning.NOTE, across=10),
        *(Cell(row, 1, said, Meaning.SECTION, across=8) for row, said in titles.items()),
    ]
    main = build_single_table_sheet(results, name, tuple(top), table, Meaning.PROFIT)
    charts = (_build_curve_chart(results, title + 1),) if drawn else ()
    return Sheet(
        main.name,
        cells=main.cells,
        tables=(*main.tables, record, cohorts, curves),
        charts=charts,
        freeze=main.freeze,
        tab=main.tab,
        currency=main.currency,
        repeat_rows=main.repeat_rows,
        breaks=(record.row - 2, title),
    )


def describe_company_forecast(results: Results) -> str:
    """Return what all customers together are expected to earn in the next twelve months, and between what."""
    total = results.company_outlook
    return _(
        "{money} expected of the next 12 months, between {low} and {high} in 80 of 100 cases",
        money=format_money_amount(total["expected"], results),
        low=format_money_amount(total["low"], results),
        high=format_money_amount(total["high"], results),
    )


def _describe_expectation(results: Results) -> str:
    said = [
        describe_company_forecast(results),
        _("most expected profit first"),
        describe_analysis_span(results),
    ]
    return join_messages(" · ", said)


def describe_record(results: Results) -> str:
    """Return how often the forecast came true on the workbook's own last months."""
    table = results.track_record
    used = table[table["used"].to_numpy(dtype=bool)]
    if not len(used):
        return _(
            "No track record: the history is too short, or there are too few customers, to hold a part of it out"
        )
    row = used.iloc[0]
    period = results.inputs.settings.period
    told = {
        "method": name_method(used.index[0]),
        "n": int(row["periods"]) * {"month": 1, "quarter": 3, "year": 12}[period],
        "share": row["coverage"],
    }
    bias = float(row["bias"])
    if not np.isfinite(bias):
        return _n(
            "On your own last month ({method}): {share:.0%} of the customers fell within the interval",
            "On your own last {n:,} months ({method}): {share:.0%} of the customers fell within the interval",
            **told,
        )
    if round(abs(bias), 2) <= 0:
        return _n(
            "On your own last month it was right in all ({method}); {share:.0%} of the customers fell within the "
            "interval",
            "On your own last {n:,} months it was right in all ({method}); {share:.0%} of the customers fell within "
            "the interval",
            **told,
        )
    if bias > 0:
        return _n(
            "On your own last month it was {bias:.0%} too high ({method}); {share:.0%} of the customers fell within "
            "the interval",
            "On your own last {n:,} months it was {bias:.0%} too high ({method}); {share:.0%} of the customers fell "
            "within the interval",
            bias=bias,
            **told,
        )
    return _n(
        "On your own last month it was {bias:.0%} too low ({method}); {share:.0%} of the customers fell within the "
        "interval",
        "On your own last {n:,} months it was {bias:.0%} too low ({method}); {share:.0%} of the customers fell "
        "within the interval",
        bias=-bias,
        **told,
    )


def describe_survival(results: Results) -> str:
    """Return where the chance to stay comes from, and how many have given notice."""
    retention = results.outlook["retention"]
    source = SOURCES[results.retention_source]
    if (
        results.retention_source is RetentionSource.ASSUMED
        and results.inputs.settings.relationship == "contract"
    ):
        source = ASSUMED_OF_CONTRACTS
    said = _(source, retention=float(retention.max()) if len(retention) else 0.0)
    count = int(((retention <= 0) & (results.outlook["chance_active"].fillna(1.0) > 0)).sum())
    if not count or results.inputs.settings.retention == 0:
        return said
    notice = _n(
        "{n:,} customer has given notice and is expected to earn until its end",
        "{n:,} customers have given notice and are expected to earn until their end",
        count,
    )
    return join_messages(" · ", [said, notice])


def list_likely_gone(results: Results) -> pd.Index:
    """Return who earns at today's level but is more likely gone than not, the most run rate first."""
    outlook = results.outlook
    gone = outlook[(outlook["chance_active"] < LIKELY_GONE) & (outlook["run_rate"] > 0)]
    return gone.index[np.lexsort([gone.index.to_numpy().astype(str), -gone["run_rate"].to_numpy()])]


def _build_record_table(results: Results, row: int) -> Table:
    """Return how each method did, in the order of the methods."""
    frame = results.track_record
    columns = (
        Column("method", _("Method"), [name_method(code) for code in frame.index], width=28.0),
        Column("used", _("Used"), [_("used") if used else None for used in frame["used"]], width=9.0),
        Column("bias", _("Too high (+) or low (−)"), list_cell_values(frame["bias"]), Format.SHARE, 9.0),
        Column(
            "mean_error",
            _("Mean error"),
            list_cell_values(frame["mean_error"]),
            Format.MONEY,
            12.0,
            _("By how much a customer's forecast was off, on average"),
        ),
        Column(
            "expected",
            _("Forecast"),
            list_cell_values(frame["expected"]),
            Format.MONEY,
            13.0,
            _("Of all customers"),
        ),
        Column(
            "actual", _("Came"), list_cell_values(frame["actual"]), Format.MONEY, 12.0, _("Of all customers")
        ),
        Column(
            "score",
            _("Score"),
            list_cell_values(frame["score"]),
            Format.MONEY,
            12.0,
            _("Mean error and the error of the mean: the least is best"),
        ),
        Column(
            "auc",
            _("Tells who buys again"),
            list_cell_values(frame["auc"]),
            Format.DECIMAL,
            12.0,
            _("1: always; 0.5: no better than chance (area under the ROC curve)"),
        ),
        Column(
            "coverage",
            _("Interval held"),
            list_cell_values(frame["coverage"]),
            Format.SHARE,
            13.0,
            _("The share of customers within low and high; 80 % is meant"),
        ),
    )
    return Table(RECORD, row, 1, columns, filtered=False, empty=_("Nothing could be held out"))


def _build_cohort_table(results: Results, row: int) -> Table:
    """Return what the customers that began together cost to win and have brought."""
    frame = results.cohorts
    label = [_("before the period analysed") if name == "earlier" else str(name) for name in frame.index]
    columns = (
        Column("cohort", _("Began in"), label, width=28.0),
        Column("customers", _("Customers"), list_cell_values(frame["customers"]), Format.INTEGER, 9.0),
        Column(
            "payback_months",
            _("Payback, months"),
            list_cell_values(frame["payback_months"]),
            Format.INTEGER,
            9.0,
            _("Until together they have paid for winning them, or are expected to"),
        ),
        Column(
            "acquisition_cost",
            _("Cost to acquire"),
            list_cell_values(frame["acquisition_cost"]),
            Format.MONEY,
            12.0,
        ),
        Column(
            "contribution",
            _("Profit before it"),
            list_cell_values(frame["contribution"]),
            Format.MONEY,
            13.0,
            _("Profit to date before the cost to acquire"),
        ),
        Column(
            "profit",
            _("Profit to date"),
            list_cell_values(frame["profit"]),
            Format.MONEY,
            12.0,
            rules=(SignRule(),),
        ),
        Column(
            "expected_profit",
            _("Expected"),
            list_cell_values(frame["expected_profit"]),
            Format.MONEY,
            12.0,
            _("Of the next 12 months, before acquisition"),
        ),
    )
    return Table(COHORTS, row, 1, columns, filtered=False, empty=_("No customers"))


def _build_curve_table(results: Results, row: int) -> Table:
    """Return what each cohort has brought so far, by months since its customers began."""
    frame = results.cohort_curves
    columns = (
        Column(
            "months",
            _("Months since they began"),
            [int(month) for month in frame.index],
            Format.INTEGER,
            28.0,
        ),
        *(
            Column(
                f"cohort_{place}",
                str(name),
                list_cell_values(frame[name]),
                Format.MONEY,
                12.0,
                detail=place >= len(SHOWN) - 1,
            )
            for place, name in enumerate(frame.columns)
        ),
    )
    return Table(
        CURVES,
        row,
        1,
        columns,
        filtered=False,
        empty=_("Nobody is known to have begun in the period analysed"),
    )


def _has_curves(results: Results) -> bool:
    """Whether a cohort can be drawn: two periods of it at least."""
    frame = results.cohort_curves
    return len(frame.columns) > 0 and len(frame) > 1


def _build_curve_chart(results: Results, row: int) -> Chart:
    """Return the chart of the cohorts, above its table: a long one would part them when printed."""
    shades = (Meaning.PROFIT, Meaning.LABEL, Meaning.WARNING, Meaning.LOSS, Meaning.NEUTRAL)
    series = tuple(
        Series(CURVES, f"cohort_{place}", str(name), shades[place % len(shades)])
        for place, name in enumerate(results.cohort_curves.columns)
    )
    return Chart(
        "line",
        _("Cumulative profit by cohort: above zero, winning them is paid back"),
        row,
        1,
        (CURVES, "months"),
        series,
        x_title=_("Months since they began"),
        y_title=_("Cumulative profit, {currency}", currency=results.inputs.settings.currency),
        width=620.0,
    )
