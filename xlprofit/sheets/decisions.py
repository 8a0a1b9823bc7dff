"""The sheet *Decisions*: keep, fix, collect, investigate or end, why, what it takes, and how sure it is."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from xlprofit.analysis.levers import round_up
from xlprofit.messages import N_, _, _n, number, term
from xlprofit.outlook.survival import RetentionSource
from xlprofit.outlook.track_record import FEWEST_TO_TELL
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
    translate_cell_words,
)
from xlprofit.sheets.outlook import describe_record, describe_survival
from xlprofit.sheets.parts import (
    BarRule,
    Cell,
    Column,
    Figure,
    Format,
    Meaning,
    Sentence,
    Sentences,
    Sheet,
    SignRule,
    Value,
)
from xlprofit.sheets.verdict import VERDICTS as VERDICTS  # what other sheets colour a verdict by
from xlprofit.sheets.verdict import describe_decision_counts, rank_decided_customers
from xlprofit.vocabulary.levers import COLLECTING, Lever

if TYPE_CHECKING:  # results are handed in: what makes them is not needed
    from xlprofit.results import Results

TABLE = "decisions"

SHOWN = ("customer", "verdict", "reason", "run_rate", "lever", "confidence", "at_stake")
"""The columns in the order of the question: what to do, why, what it earns, how, how sure; the others are folded."""

COLUMNS = (
    Column("verdict", N_("Verdict"), (), width=12.0, rules=(VERDICTS,)),
    Column("reason", N_("Reason"), (), width=58.0, wrap=True),
    Column(
        "run_rate",
        N_("Run rate, a year"),
        (),
        Format.MONEY,
        13.0,
        N_(
            "What it earns a year at today's level, without acquisition, one-off costs and losses on old invoices"
        ),
        total="sum",
        rules=(SignRule(),),
    ),
    Column(
        "lever",
        N_("Smallest lever"),
        (),
        width=30.0,
        wrap=True,
        note=N_("The smallest change, or two, within the limits of {Settings}; or how to collect"),
    ),
    Column(
        "effect_of_ending_a_year",
        N_("Effect of ending, a year"),
        (),
        Format.MONEY,
        13.0,
        N_("Change in the company's profit, on avoidable amounts alone; below zero: ending costs money"),
        rules=(SignRule(),),
    ),
    Column(
        "keep_value",
        N_("Value if kept"),
        (),
        Format.MONEY,
        13.0,
        N_(
            "Present value over the horizon: the expected profit of the next 12 months and the cost that would stay "
            "if it ended; each later year the same times the chance to stay"
        ),
    ),
    Column(
        "expected_profit",
        N_("Expected profit"),
        (),
        Format.MONEY,
        13.0,
        N_("Of the next 12 months, before acquisition; blank where values rest on the run rate"),
        rules=(SignRule(),),
    ),
    Column(
        "end_value",
        N_("Value if ended"),
        (),
        Format.MONEY,
        13.0,
        N_("Freed capacity put to use, less referrals lost and exit cost"),
    ),
    Column(
        "referral_value_a_year",
        N_("Referrals, a year"),
        (),
        Format.MONEY,
        12.0,
        N_("What ending would lose by word of mouth"),
    ),
    Column(
        "at_stake",
        N_("Overdue, to be collected"),
        (),
        Format.MONEY,
        13.0,
        N_("What is at stake where the verdict is to collect"),
        total="sum",
    ),
    Column(
        "confidence",
        N_("Confidence"),
        (),
        Format.SHARE,
        10.0,
        N_("Share of simulated runs in which the verdict would still be right a year later, or nearly so"),
        rules=(BarRule(Meaning.NEUTRAL, 0.0, 1.0),),
    ),
    Column(
        "hinges_on",
        N_("Hinges on"),
        (),
        width=24.0,
        wrap=True,
        note=N_("What is uncertain and does most to turn the verdict: what to find out first"),
    ),
    Column(
        "profit",
        N_("Customer profit"),
        (),
        Format.MONEY,
        13.0,
        N_("Over the whole period analysed"),
        total="sum",
        rules=(SignRule(),),
        figure=Figure("profit"),
    ),
)
"""The columns beside the customer; their values are the decisions' own, but for a few said in words."""

LEVERS = tuple(f"lever{which}{part}" for which in ("", "_2") for part in ("", "_size", "_unit", "_on"))
"""The columns of a decision that say its lever, or two."""


BY_RUN_RATE = N_(
    "Present value over the horizon: what would go a year if it ended, at today's level, times the chance that it is "
    "a customer and stays"
)
"""What *Value if kept* is where it rests on the run rate."""


def describe_decisions_sheet(results: Results) -> Sheet:
    """Return the sheet: verdict and reason beside the name, then run rate, levers, values and confidence."""
    customers = rank_decided_customers(results)
    frame = results.decisions.loc[customers]
    settings, trends = results.inputs.settings, results.trends.loc[customers]
    by_forecast = frame["expected_profit"].notna().any()
    columns = (
        build_customers_column(customers),
        *fill_columns(
            COLUMNS if by_forecast else [_rest_on_run_rate(column) for column in COLUMNS],
            frame,
            {
                "verdict": translate_cell_words(frame["verdict"]),
                "reason": Sentences(Sentence.VERDICT, frame, settings, trends),
                "lever": _list_lever_texts(frame),
                "hinges_on": Sentences(Sentence.HINGE, frame, settings),
                "profit": list_cell_values(results.customers["profit"].loc[customers]),
            },
        ),
    )
    said = _("{counts}; on avoidable amounts alone", counts=describe_decision_counts(frame))
    top = build_sheet_heading(
        _("Decisions: keep, fix, collect, investigate or end"), said + " · " + describe_analysis_span(results)
    )
    together = describe_joint_effect(results)
    if together:
        top = (*top, Cell(3, 1, together, Meaning.NOTE, across=8))
    top = (*top, Cell(4, 1, describe_basis_of_values(results), Meaning.NOTE, across=8))
    return build_single_table_sheet(
        results,
        names.translate_sheet_name(names.DECISIONS),
        top,
        build_all_customers_table(TABLE, arrange_columns(columns, SHOWN)),
        Meaning.WARNING,
        frozen="C",
    )


def _rest_on_run_rate(column: Column) -> Column:
    return replace(column, note=BY_RUN_RATE) if column.key == "keep_value" else column


def describe_basis_of_values(results: Results) -> str:
    """Return what *Value if kept* rests on: the forecast, and how often it came true, or the run rate, and why."""
    if results.decisions["expected_profit"].notna().any():
        return _("Value if kept: from the forecast. {record}", record=describe_record(results))
    if results.retention_source is RetentionSource.SETTINGS:
        return _("Value if kept: from the run rate. {why}", why=describe_survival(results))
    return _(
        "Value if kept: from the run rate, since less than half a year could be held out, or fewer than {n} customers, "
        "to try the forecast on",
        n=FEWEST_TO_TELL,
    )


def describe_joint_effect(results: Results) -> str:
    """Return what ending all customers advised to end would do at once; nothing where there are none."""
    joint = results.joint_effect
    if not joint.customers:
        return ""
    money = format_money_amount(abs(joint.together), results)
    if joint.together < 0:
        said = _n(
            "Ending it would cost {money} a year",
            "Ending all {n:,} of them at once would cost {money} a year",
            joint.customers,
            money=money,
        )
    else:
        said = _n(
            "Ending it would save {money} a year",
            "Ending all {n:,} of them at once would save {money} a year",
            joint.customers,
            money=money,
        )
    if joint.freed > 0:
        said += _(
            ", and free capacity worth {money} a year to other work",
            money=format_money_amount(joint.freed, results),
        )
    return said


def _list_lever_texts(frame: pd.DataFrame) -> list[Value]:
    """Return the levers of each row in words, as :func:`describe_levers` says them; most customers have none."""
    found: list[Value] = [None] * len(frame)
    some = np.flatnonzero(((frame["lever"] != "") | (frame["lever_2"] != "")).to_numpy(dtype=bool))
    for at, decision in zip(some, frame[list(LEVERS)].iloc[some].to_dict("records"), strict=True):
        found[at] = describe_levers(decision)
    return found


def describe_levers(decision: Mapping[Hashable, object]) -> str | None:
    """Return the lever in words, both where there are two: ``price: 5.4%``; blank where there is none."""
    both = [said for which in ("", "_2") if (said := _describe_lever(decision, which))]
    return _("{one} and {other}", one=both[0], other=both[1]) if len(both) > 1 else next(iter(both), None)


def _describe_lever(decision: Mapping[Hashable, object], which: str) -> str:
    name = str(decision[f"lever{which}"])
    if not name:
        return ""
    size, unit = float(str(decision[f"lever{which}_size"])), str(decision[f"lever{which}_unit"])
    money = unit.partition(" ")[0]
    if name == "payment days":
        amount = _("{n:,.2f} days", n=_round_lever_size(size, 2))
    elif name == "order fee":
        amount = _("{n:,.2f} {currency} an order", n=_round_lever_size(size, 2), currency=money)
    elif name == "prepayment":
        amount = _("{n:,.0f} {currency} of next year's sales paid in advance", n=size, currency=money)
    elif name in COLLECTING:
        amount = _("{n:,.0f} {currency} overdue", n=size, currency=money)
    elif name == Lever.ACQUISITION:
        amount = _("{n:,.0f} {currency} a year less", n=size, currency=money)
    elif name == "discount":
        amount = _("{n:.1f} points lower", n=100.0 * _round_lever_size(size, 3))
    else:
        amount = number(_round_lever_size(size, 3), ".1%")
    lever, on = term("word", name), str(decision[f"lever{which}_on"])
    return (
        _("{lever} of {activity}: {amount}", lever=lever, activity=on, amount=amount)
        if on
        else lever + ": " + amount
    )


def _round_lever_size(size: float, places: int) -> float:
    return float(round_up(np.array([size]), places)[0])
