"""The sheet *Prospect screening*: which prospects are worth a first contact, and up to what effort."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from xlprofit.messages import N_, _, join_messages, name_in_workbook, space_words
from xlprofit.model.prospects import ALL_CUSTOMERS
from xlprofit.sheets import names
from xlprofit.sheets.frame import (
    TABLE_ROW,
    build_sheet_heading,
    build_single_table_sheet,
    describe_analysis_span,
    describe_verdict_counts,
    fill_columns,
    list_cell_values,
    translate_cell_words,
)
from xlprofit.sheets.parts import (
    Column,
    Format,
    Meaning,
    Sentence,
    Sentences,
    Sheet,
    SignRule,
    Table,
    Value,
    WordRule,
)
from xlprofit.tables import TABLES
from xlprofit.vocabulary.verdicts import SCREENINGS, Screening

if TYPE_CHECKING:  # results are handed in: what makes them is not needed
    from xlprofit.results import Results

TABLE = "prospect_screening"
VERDICTS = WordRule(
    (
        (Screening.PURSUE, Meaning.PROFIT),
        (Screening.QUALIFY, Meaning.WARNING),
        (Screening.PASS, Meaning.LOSS),
    )
)
RANK = {word: place for place, word in enumerate(SCREENINGS)}


COLUMNS = (
    Column("prospect", N_("Prospect"), (), width=28.0, heading=N_("Verdict")),
    Column("verdict", N_("Verdict"), (), width=10.0, rules=(VERDICTS,), heading=N_("Verdict")),
    Column(
        "value",
        N_("Value"),
        (),
        Format.MONEY,
        12.0,
        N_("Expected present value less the pursuit; blank when an input is missing"),
        rules=(SignRule(),),
        heading=N_("Verdict"),
    ),
    Column(
        "value_low",
        N_("At worst"),
        (),
        Format.MONEY,
        12.0,
        N_("Worst case"),
        heading=N_("Verdict"),
    ),
    Column(
        "value_high",
        N_("At best"),
        (),
        Format.MONEY,
        12.0,
        N_("Best case"),
        heading=N_("Verdict"),
    ),
    Column(
        "break_even_revenue",
        N_("Revenue a year"),
        (),
        Format.MONEY,
        12.0,
        N_("At which the value is 0"),
        heading=N_("To break even"),
    ),
    Column(
        "break_even_margin",
        N_("Margin"),
        (),
        Format.SHARE,
        9.0,
        N_("At which the value is 0; above 100 % nobody has it"),
        heading=N_("To break even"),
    ),
    Column(
        "most_hours",
        N_("Most hours"),
        (),
        Format.NUMBER,
        9.0,
        N_("Pursuit hours at which the value is 0"),
        heading=N_("To break even"),
    ),
    Column("revenue", N_("Revenue"), (), Format.MONEY, 12.0, heading=N_("A year, once won")),
    Column("margin", N_("Margin"), (), Format.SHARE, 8.0, heading=N_("A year, once won")),
    Column(
        "expected_service_cost",
        N_("Service"),
        (),
        Format.MONEY,
        11.0,
        N_("Normal and high care, by the chance of each"),
        heading=N_("A year, once won"),
    ),
    Column("credit_cost", N_("Credit"), (), Format.MONEY, 10.0, heading=N_("A year, once won")),
    Column(
        "contribution",
        N_("Contribution"),
        (),
        Format.MONEY,
        12.0,
        N_("Margin × revenue + service + credit"),
        rules=(SignRule(),),
        heading=N_("A year, once won"),
    ),
    Column(
        "win_probability", N_("Chance"), (), Format.SHARE, 8.0, N_("Win probability"), heading=N_("Pursuit")
    ),
    Column(
        "pursuit_cost", N_("Cost"), (), Format.MONEY, 11.0, N_("Money and hours, once"), heading=N_("Pursuit")
    ),
    Column(
        "high_care_probability",
        N_("High care"),
        (),
        Format.SHARE,
        9.0,
        N_("Chance that it needs more than average care"),
        heading=N_("Benchmark: existing customers"),
    ),
    Column(
        "service_cost_normal",
        N_("Normal care"),
        (),
        Format.MONEY,
        11.0,
        N_("Median of the segment, at this revenue"),
        heading=N_("Benchmark: existing customers"),
    ),
    Column(
        "service_cost_high",
        N_("High care, cost"),
        (),
        Format.MONEY,
        11.0,
        N_("90th percentile of the segment, at this revenue"),
        heading=N_("Benchmark: existing customers"),
    ),
    Column("benchmark", N_("Segment"), (), width=15.0, heading=N_("Benchmark: existing customers")),
    Column(
        "benchmark_customers",
        N_("Customers"),
        (),
        Format.INTEGER,
        10.0,
        heading=N_("Benchmark: existing customers"),
    ),
    Column("unknown", N_("Unknown"), (), width=24.0, wrap=True, heading=N_("Why")),
    Column("reason", N_("In words"), (), width=60.0, wrap=True, heading=N_("Why")),
)
"""The columns of the table; their values are the prospects' own, but for a few said in words."""


def describe_prospect_screening_sheet(results: Results) -> Sheet:
    """Return the sheet: verdict, value with its ends, what it takes to break even, and why."""
    frame = results.prospects
    best = -frame["value"].fillna(frame["value_high"]).fillna(np.inf).to_numpy()
    rank = frame["verdict"].map(RANK).to_numpy()
    frame = frame.iloc[np.lexsort([frame.index.to_numpy().astype(str), best, rank])]
    columns = fill_columns(
        COLUMNS,
        frame,
        {
            "prospect": [str(p) for p in frame.index],
            "verdict": translate_cell_words(frame["verdict"]),
            "benchmark": _label_benchmark_segments(frame["benchmark"]),
            "unknown": [_describe_unknown_inputs(u) for u in frame["unknown"]],
            "reason": Sentences(Sentence.SCREENING, frame, results.inputs.settings),
        },
    )
    said = _("{counts}; the most valuable first", counts=describe_verdict_counts(frame["verdict"], RANK))
    top = build_sheet_heading(_("Prospect screening"), said + " · " + describe_analysis_span(results))
    table = Table(TABLE, TABLE_ROW, 1, columns, empty=_("No {Prospects} given: nothing to screen"))
    return build_single_table_sheet(
        results, names.translate_sheet_name(names.PROSPECT_SCREENING), top, table, Meaning.PROFIT
    )


def _describe_unknown_inputs(unknown: object) -> str | None:
    """Return the unknown inputs in words, blank where there is none."""
    return join_messages(", ", map(_input, filter(None, str(unknown).split(", ")))) or None


def _input(name: str) -> str:
    return space_words(name_in_workbook(name) if name in TABLES else name_in_workbook("Prospects", name))


def _label_benchmark_segments(benchmark: pd.Series) -> list[Value]:
    """Return whose service cost each was measured by: a segment's, or that of all customers."""
    return [_("all customers") if v == ALL_CUSTOMERS else v for v in list_cell_values(benchmark)]
