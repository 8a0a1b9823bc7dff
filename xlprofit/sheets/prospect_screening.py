"""The sheet *Prospect screening*: which prospects are worth a first contact, and up to what effort."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from xlprofit.analysis.past_prospects import FEWEST_STATED
from xlprofit.analysis.prospects import ALL_CUSTOMERS
from xlprofit.messages import N_, _, _n, join_messages, name_in_workbook, space_words
from xlprofit.sheets import names
from xlprofit.sheets.frame import (
    TABLE_ROW,
    arrange_columns,
    build_sheet_heading,
    build_single_table_sheet,
    describe_analysis_span,
    describe_verdict_counts,
    fill_columns,
    list_cell_values,
    translate_cell_words,
)
from xlprofit.sheets.parts import (
    Cell,
    Column,
    Format,
    Link,
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

TABLE, PAST = "prospect_screening", "past_prospects"
VERDICTS = WordRule(
    (
        (Screening.PURSUE, Meaning.PROFIT),
        (Screening.QUALIFY, Meaning.WARNING),
        (Screening.PASS, Meaning.LOSS),
    )
)
REVENUE_ENDS = ("revenue_low", "revenue_high")
"""The columns of what a revenue that is blank may be; of a known one they say nothing more."""

RANK = {word: place for place, word in enumerate(SCREENINGS)}


SHOWN = (
    *("prospect", "verdict", "value", "reason", "revenue", "revenue_low", "revenue_high"),
    *("expected_service_cost", "contribution", "win_probability", "pursuit_cost", "unknown"),
)
"""The columns in the order of the question, whom to pursue and why; the others are folded."""

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
    Column(
        "revenue_low",
        N_("Revenue from"),
        (),
        Format.MONEY,
        12.0,
        N_("Where it is blank: one in ten customers of the segment (of all, where it has few) has less"),
        heading=N_("A year, once won"),
    ),
    Column(
        "revenue_high",
        N_("Revenue to"),
        (),
        Format.MONEY,
        12.0,
        N_("Where it is blank: one in ten customers of the segment (of all, where it has few) has more"),
        heading=N_("A year, once won"),
    ),
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
        "stated_probability",
        N_("Stated chance"),
        (),
        Format.SHARE,
        8.0,
        N_("As it stands in Prospects, before it is set right by what came of past ones"),
        heading=N_("Pursuit"),
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
    Column("unknown", N_("Unknown"), (), width=20.0, wrap=True, heading=N_("Why")),
    Column("reason", N_("In words"), (), width=42.0, wrap=True, heading=N_("Why")),
)
"""The columns of the table; their values are the prospects' own, but for a few said in words."""


def rank_screened_prospects(results: Results) -> pd.Index:
    """Return the prospects: those to pursue first, then to qualify and to pass; the most valuable first."""
    frame = results.prospects
    best = -frame["value"].fillna(frame["value_high"]).fillna(np.inf).to_numpy()
    rank = frame["verdict"].map(RANK).to_numpy()
    return frame.index[np.lexsort([frame.index.to_numpy().astype(str), best, rank])]


def describe_prospect_screening_sheet(results: Results) -> Sheet | None:
    """Return the sheet: verdict, why, value and what it takes to break even; nothing where there are no prospects."""
    if not results.has_open_prospects and not results.win_record.closed:
        return None
    frame = results.prospects.loc[rank_screened_prospects(results)]
    shown = [column for column in COLUMNS if column.key not in _list_idle_columns(results)]
    columns = fill_columns(
        shown,
        frame,
        {
            "prospect": [str(p) for p in frame.index],
            "verdict": translate_cell_words(frame["verdict"]),
            **{end: list_cell_values(frame[end].where(frame["revenue"].isna())) for end in REVENUE_ENDS},
            "benchmark": _label_benchmark_segments(frame["benchmark"]),
            "unknown": [describe_unknown_inputs(u) for u in frame["unknown"]],
            "reason": Sentences(Sentence.SCREENING, frame, results.inputs.settings),
        },
    )
    said = _("{counts}; the most valuable first", counts=describe_verdict_counts(frame["verdict"], RANK))
    top = build_sheet_heading(_("Prospect screening"), said + " · " + describe_analysis_span(results))
    table = Table(
        TABLE,
        TABLE_ROW,
        1,
        arrange_columns(columns, SHOWN),
        empty=_("No {Prospects} given: nothing to screen"),
    )
    name = names.translate_sheet_name(names.PROSPECT_SCREENING)
    if not results.win_record.closed:
        return build_single_table_sheet(results, name, top, table, Meaning.PROFIT)
    past, blank = _build_past_table(results, table.last + 6), describe_blank_chances(results)
    title = _("How the verdicts would have done on past prospects")
    top = (
        *top,
        Cell(3, 1, describe_win_record(results), Meaning.NOTE, across=8, link=Link(name, f"A{past.row}")),
        Cell(past.row - 3, 1, title, Meaning.SECTION, across=8),
        *([Cell(past.row - 2, 1, blank, Meaning.NOTE, across=8)] if blank is not None else []),
    )
    main = build_single_table_sheet(results, name, top, table, Meaning.PROFIT)
    return replace(main, tables=(*main.tables, past))


def _list_idle_columns(results: Results) -> set[str]:
    """Return the columns with nothing to say: ends of a revenue that is known, stated chances taken as such."""
    frame = results.prospects
    idle = set()
    if not (frame["revenue"].isna() & frame["revenue_high"].notna()).any():
        idle |= set(REVENUE_ENDS)
    if not results.win_record.learnt:
        idle.add("stated_probability")
    return idle


def describe_win_record(results: Results) -> str:
    """Return what past prospects say of chances: how many were won, and how the stated chances did."""
    record = results.win_record
    said = _n(
        "{won:,} of {n:,} past prospect was won",
        "{won:,} of {n:,} past prospects were won",
        record.closed,
        won=record.won,
    )
    if not record.stated:
        return said
    told = {"stated": record.stated_chance, "came": record.stated_won}
    if record.learnt:
        return said + _(
            "; stated chances averaged {stated:.0%} and {came:.0%} were won: stated chances are adjusted for that "
            "(mean squared error {adjusted:.3f}, as stated {as_stated:.3f})",
            **told,
            adjusted=record.briers["adjusted"],
            as_stated=record.briers["stated"],
        )
    if record.stated >= FEWEST_STATED:
        return said + _(
            "; stated chances averaged {stated:.0%} and {came:.0%} were won: they are used as stated, since adjusted "
            "they were no nearer (mean squared error {adjusted:.3f}, as stated {as_stated:.3f})",
            **told,
            adjusted=record.briers["adjusted"],
            as_stated=record.briers["stated"],
        )
    return said + _(
        "; stated chances averaged {stated:.0%} and {came:.0%} were won: too few to adjust stated chances",
        **told,
    )


def describe_blank_chances(results: Results) -> str | None:
    """Return what a blank chance is, and how near that was on past prospects; nothing where it is anything."""
    briers = results.win_record.briers
    if "all" not in briers:
        return None
    rate = results.win_record.rates[""]
    if "segment" not in briers:
        return _(
            "A blank chance is the share won of all past prospects, {rate:.0%} (mean squared error {all:.3f})",
            rate=rate,
            all=briers["all"],
        )
    told = {"rate": rate, "all": briers["all"], "segment": briers["segment"]}
    if results.win_record.by_segment:
        return _(
            "A blank chance is the share won of its segment, drawn towards {rate:.0%} of all: each told by the others, "
            "the mean squared error was {segment:.3f}, and {all:.3f} with that of all",
            **told,
        )
    return _(
        "A blank chance is the share won of all past prospects, {rate:.0%}: the share of its segment was no nearer, "
        "each told by the others (mean squared error {segment:.3f}, of all {all:.3f})",
        **told,
    )


def _build_past_table(results: Results, row: int) -> Table:
    """Return how the verdicts would have done, by segment."""
    frame = results.past_prospects
    columns = (
        Column("segment", _("Segment"), [str(s) or _("no segment") for s in frame["segment"]], width=28.0),
        Column("verdict", _("Verdict"), translate_cell_words(frame["verdict"]), width=10.0),
        Column("prospects", _("Prospects"), list_cell_values(frame["prospects"]), Format.INTEGER, 12.0),
        Column("won", _("Won"), list_cell_values(frame["won"]), Format.INTEGER, 12.0),
        Column("win_rate", _("Share won"), list_cell_values(frame["win_rate"]), Format.SHARE, 12.0),
        Column("stated", _("Stated chance"), list_cell_values(frame["stated"]), Format.SHARE, 12.0),
        Column(
            "contribution",
            _("Expected a year"),
            list_cell_values(frame["contribution"]),
            Format.MONEY,
            12.0,
            _("Contribution expected of those won that are customers under the same name, on average"),
        ),
        Column(
            "run_rate",
            _("Earned a year"),
            list_cell_values(frame["run_rate"]),
            Format.MONEY,
            12.0,
            _("What these earn a year at today's level, on average"),
        ),
    )
    return Table(PAST, row, 1, columns, filtered=False, empty=_("No past prospects"))


def describe_unknown_inputs(unknown: object) -> str | None:
    """Return the unknown inputs in words, blank where there is none."""
    return join_messages(", ", map(_input, filter(None, str(unknown).split(", ")))) or None


def _input(name: str) -> str:
    return space_words(name_in_workbook(name) if name in TABLES else name_in_workbook("Prospects", name))


def _label_benchmark_segments(benchmark: pd.Series) -> list[Value]:
    """Return whose service cost each was measured by: a segment's, or that of all customers."""
    return [_("all customers") if v == ALL_CUSTOMERS else v for v in list_cell_values(benchmark)]
