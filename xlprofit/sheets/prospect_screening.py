"""The sheet *Prospect screening*: which prospects are worth a first contact, and up to what effort."""

from __future__ import annotations

import numpy as np
import pandas as pd

from xlprofit.language import _
from xlprofit.model.prospects import ALL_CUSTOMERS
from xlprofit.results import Results
from xlprofit.sheets import names
from xlprofit.sheets.frame import TABLE_ROW, heading, listing, span, told, told_rule, values, verdicts
from xlprofit.sheets.parts import Column, Format, Meaning, Sheet, SignRule, Table, Value, WordRule
from xlprofit.words.prospects import word_input, word_prospects

TABLE = "prospect_screening"
VERDICTS = WordRule((("pursue", Meaning.PROFIT), ("qualify", Meaning.WARNING), ("pass", Meaning.LOSS)))
RANK = {"pursue": 0, "qualify": 1, "pass": 2}


def sheet(results: Results) -> Sheet:
    """Return the sheet: verdict, value with its ends, what it takes to break even, and why."""
    frame = results.prospects
    best = -frame["value"].fillna(frame["value_high"]).fillna(np.inf).to_numpy()
    rank = frame["verdict"].map(RANK).to_numpy()
    frame = frame.iloc[np.lexsort([frame.index.to_numpy().astype(str), best, rank])]
    money, share = Format.MONEY, Format.SHARE
    verdict, even, year, mark = (
        _("Verdict"),
        _("To break even"),
        _("A year, once won"),
        _("Benchmark: existing customers"),
    )
    columns = (
        Column("prospect", _("Prospect"), [str(p) for p in frame.index], width=28.0, heading=verdict),
        Column(
            "verdict",
            _("Verdict"),
            told(frame["verdict"]),
            width=10.0,
            rules=(told_rule(VERDICTS),),
            heading=verdict,
        ),
        Column(
            "value",
            _("Value"),
            values(frame["value"]),
            money,
            12.0,
            _("Expected present value less the pursuit; blank where it hangs on an unknown"),
            rules=(SignRule(),),
            heading=verdict,
        ),
        Column(
            "value_low",
            _("At worst"),
            values(frame["value_low"]),
            money,
            12.0,
            _("With every unknown at its worst end"),
            heading=verdict,
        ),
        Column(
            "value_high",
            _("At best"),
            values(frame["value_high"]),
            money,
            12.0,
            _("With every unknown at its best end"),
            heading=verdict,
        ),
        Column(
            "break_even_revenue",
            _("Revenue a year"),
            values(frame["break_even_revenue"]),
            money,
            12.0,
            _("At which the value is 0"),
            heading=even,
        ),
        Column(
            "break_even_margin",
            _("Margin"),
            values(frame["break_even_margin"]),
            share,
            9.0,
            _("At which the value is 0; above 100 % nobody has it"),
            heading=even,
        ),
        Column(
            "most_hours",
            _("Most hours"),
            values(frame["most_hours"]),
            Format.NUMBER,
            9.0,
            _("Pursuit hours at which the value is 0"),
            heading=even,
        ),
        Column("revenue", _("Revenue"), values(frame["revenue"]), money, 12.0, heading=year),
        Column("margin", _("Margin"), values(frame["margin"]), share, 8.0, heading=year),
        Column(
            "expected_service_cost",
            _("Service"),
            values(frame["expected_service_cost"]),
            money,
            11.0,
            _("Normal and high care, by the chance of each"),
            heading=year,
        ),
        Column("credit_cost", _("Credit"), values(frame["credit_cost"]), money, 10.0, heading=year),
        Column(
            "contribution",
            _("Contribution"),
            values(frame["contribution"]),
            money,
            12.0,
            _("Margin × revenue + service + credit"),
            rules=(SignRule(),),
            heading=year,
        ),
        Column(
            "win_probability",
            _("Chance"),
            values(frame["win_probability"]),
            share,
            8.0,
            _("Win probability"),
            heading=_("Pursuit"),
        ),
        Column(
            "pursuit_cost",
            _("Cost"),
            values(frame["pursuit_cost"]),
            money,
            11.0,
            _("Money and hours, once"),
            heading=_("Pursuit"),
        ),
        Column(
            "high_care_probability",
            _("High care"),
            values(frame["high_care_probability"]),
            share,
            9.0,
            _("Chance that it needs more than average care"),
            heading=mark,
        ),
        Column(
            "service_cost_normal",
            _("Normal care"),
            values(frame["service_cost_normal"]),
            money,
            11.0,
            _("Median of the segment, at this revenue"),
            heading=mark,
        ),
        Column(
            "service_cost_high",
            _("High care, cost"),
            values(frame["service_cost_high"]),
            money,
            11.0,
            _("90th percentile of the segment, at this revenue"),
            heading=mark,
        ),
        Column("benchmark", _("Segment"), _segments(frame["benchmark"]), width=15.0, heading=mark),
        Column(
            "benchmark_customers",
            _("Customers"),
            values(frame["benchmark_customers"]),
            Format.INTEGER,
            10.0,
            heading=mark,
        ),
        Column(
            "unknown",
            _("Unknown"),
            [_words(u) for u in frame["unknown"]],
            width=24.0,
            wrap=True,
            heading=_("Why"),
        ),
        Column(
            "reason",
            _("In words"),
            list(word_prospects(frame, results.inputs.settings)),
            width=60.0,
            wrap=True,
            heading=_("Why"),
        ),
    )
    said = _("{counts}; the most valuable first", counts=verdicts(frame["verdict"], RANK))
    top = heading(_("Prospect screening"), f"{said} · {span(results)}")
    table = Table(TABLE, TABLE_ROW, 1, columns, empty=_("No {Prospects} given: nothing to screen"))
    return listing(results, names.called(names.PROSPECT_SCREENING), top, table, Meaning.PROFIT)


def _words(unknown: object) -> str | None:
    """Return the unknown inputs in words, blank where there is none."""
    return ", ".join(map(word_input, str(unknown).split(", "))) or None


def _segments(benchmark: pd.Series) -> list[Value]:
    """Return whose service cost each was measured by: a segment's, or that of all customers."""
    return [_("all customers") if v == ALL_CUSTOMERS else v for v in values(benchmark)]
