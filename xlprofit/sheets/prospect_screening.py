"""The sheet *Prospect screening*: which prospects are worth a first contact, and up to what effort."""

from __future__ import annotations

import numpy as np

from xlprofit.results import Results
from xlprofit.sheets import names
from xlprofit.sheets.frame import TABLE_ROW, heading, listing, span, values
from xlprofit.sheets.parts import Column, Format, Meaning, Sheet, SignRule, Table, WordRule

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
        "Verdict",
        "To break even",
        "A year, once won",
        "Benchmark: existing customers",
    )
    columns = (
        Column("prospect", "Prospect", [str(p) for p in frame.index], width=28.0, heading=verdict),
        Column(
            "verdict", "Verdict", values(frame["verdict"]), width=10.0, rules=(VERDICTS,), heading=verdict
        ),
        Column(
            "value",
            "Value",
            values(frame["value"]),
            money,
            12.0,
            "Expected present value less the pursuit; blank where it hangs on an unknown",
            rules=(SignRule(),),
            heading=verdict,
        ),
        Column(
            "value_low",
            "At worst",
            values(frame["value_low"]),
            money,
            12.0,
            "With every unknown at its worst end",
            heading=verdict,
        ),
        Column(
            "value_high",
            "At best",
            values(frame["value_high"]),
            money,
            12.0,
            "With every unknown at its best end",
            heading=verdict,
        ),
        Column(
            "break_even_revenue",
            "Revenue a year",
            values(frame["break_even_revenue"]),
            money,
            12.0,
            "At which the value is 0",
            heading=even,
        ),
        Column(
            "break_even_margin",
            "Margin",
            values(frame["break_even_margin"]),
            share,
            9.0,
            "At which the value is 0; above 100 % nobody has it",
            heading=even,
        ),
        Column(
            "most_hours",
            "Most hours",
            values(frame["most_hours"]),
            Format.NUMBER,
            9.0,
            "Pursuit hours at which the value is 0",
            heading=even,
        ),
        Column("revenue", "Revenue", values(frame["revenue"]), money, 12.0, heading=year),
        Column("margin", "Margin", values(frame["margin"]), share, 8.0, heading=year),
        Column(
            "expected_service_cost",
            "Service",
            values(frame["expected_service_cost"]),
            money,
            11.0,
            "Normal and high care, by the chance of each",
            heading=year,
        ),
        Column("credit_cost", "Credit", values(frame["credit_cost"]), money, 10.0, heading=year),
        Column(
            "contribution",
            "Contribution",
            values(frame["contribution"]),
            money,
            12.0,
            "Margin × revenue + service + credit",
            rules=(SignRule(),),
            heading=year,
        ),
        Column(
            "win_probability",
            "Chance",
            values(frame["win_probability"]),
            share,
            8.0,
            "Win probability",
            heading="Pursuit",
        ),
        Column(
            "pursuit_cost",
            "Cost",
            values(frame["pursuit_cost"]),
            money,
            11.0,
            "Money and hours, once",
            heading="Pursuit",
        ),
        Column(
            "high_care_probability",
            "High care",
            values(frame["high_care_probability"]),
            share,
            9.0,
            "Chance that it needs more than average care",
            heading=mark,
        ),
        Column(
            "service_cost_normal",
            "Normal care",
            values(frame["service_cost_normal"]),
            money,
            11.0,
            "Median of the segment, at this revenue",
            heading=mark,
        ),
        Column(
            "service_cost_high",
            "High care, cost",
            values(frame["service_cost_high"]),
            money,
            11.0,
            "90th percentile of the segment, at this revenue",
            heading=mark,
        ),
        Column("benchmark", "Segment", values(frame["benchmark"]), width=15.0, heading=mark),
        Column(
            "benchmark_customers",
            "Customers",
            values(frame["benchmark_customers"]),
            Format.INTEGER,
            10.0,
            heading=mark,
        ),
        Column(
            "unknown", "Unknown", [_words(u) for u in frame["unknown"]], width=24.0, wrap=True, heading="Why"
        ),
        Column("reason", "In words", values(frame["reason"]), width=60.0, wrap=True, heading="Why"),
    )
    counts = frame["verdict"].value_counts()
    said = ", ".join(f"{counts.get(v, 0):,} to {v}" for v in RANK)
    top = heading("Prospect screening", f"{said}; the most valuable first · {span(results)}")
    table = Table(TABLE, TABLE_ROW, 1, columns, empty="No Prospects given: nothing to screen")
    return listing(results, names.PROSPECT_SCREENING, top, table, Meaning.PROFIT)


def _words(unknown: object) -> str | None:
    """Return the unknown inputs in words, blank where there is none."""
    return str(unknown).replace("_", " ") or None
