"""The sheet *Decisions*: keep, fix or end, what it takes, how sure it is, and why."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

import numpy as np
import pandas as pd

from xlprofit.results import Results
from xlprofit.sheets import names
from xlprofit.sheets.frame import customers_column, every_customer, heading, listing, span, values
from xlprofit.sheets.parts import BarRule, Column, Format, Meaning, Sheet, SignRule, WordRule

TABLE = "decisions"
VERDICTS = WordRule((("end", Meaning.LOSS), ("fix", Meaning.WARNING), ("keep", Meaning.PROFIT)))
RANK = {"end": 0, "fix": 1, "keep": 2}


def order(results: Results) -> pd.Index:
    """Return the customers: those to end first, then to fix, then to keep; the greatest loss first."""
    verdict = results.decisions["verdict"].map(RANK).to_numpy()
    profit = results.customers["profit"].to_numpy()
    return results.names[np.lexsort([results.names.to_numpy().astype(str), profit, verdict])]


def sheet(results: Results) -> Sheet:
    """Return the sheet: verdict, lever, values on avoidable amounts, confidence and reason."""
    customers = order(results)
    frame, money = results.decisions.loc[customers], Format.MONEY
    columns = (
        customers_column(results, customers),
        Column("verdict", "Verdict", values(frame["verdict"]), width=10.0, rules=(VERDICTS,)),
        Column(
            "profit",
            "Customer profit",
            values(results.customers["profit"].loc[customers]),
            money,
            13.0,
            total="sum",
            rules=(SignRule(),),
        ),
        Column(
            "lever",
            "Smallest lever",
            [lever(row) for row in frame.to_dict("records")],
            width=34.0,
            wrap=True,
            note="The smallest change within the limits of Settings that brings it to zero",
        ),
        Column(
            "effect_of_ending_a_year",
            "Effect of ending, a year",
            values(frame["effect_of_ending_a_year"]),
            money,
            13.0,
            "Change in the company's profit, on avoidable amounts alone; below zero: ending costs money",
            rules=(SignRule(),),
        ),
        Column(
            "keep_value",
            "Keeping is worth",
            values(frame["keep_value"]),
            money,
            13.0,
            "Present value over the horizon",
        ),
        Column(
            "end_value",
            "Ending is worth",
            values(frame["end_value"]),
            money,
            13.0,
            "Freed capacity put to use, less referrals lost and exit cost",
        ),
        Column(
            "referral_value_a_year",
            "Referrals, a year",
            values(frame["referral_value_a_year"]),
            money,
            12.0,
            "What ending would lose by word of mouth",
        ),
        Column(
            "confidence",
            "Stands in",
            values(frame["confidence"]),
            Format.SHARE,
            10.0,
            "Share of simulated runs in which the verdict stands",
            rules=(BarRule(Meaning.NEUTRAL, 0.0, 1.0),),
        ),
        Column("reason", "Why", values(frame["reason"]), width=80.0, wrap=True),
    )
    counts = frame["verdict"].value_counts()
    said = ", ".join(f"{counts.get(v, 0):,} to {v}" for v in RANK)
    top = heading("Decisions: keep, fix or end", f"{said}; on avoidable amounts alone · {span(results)}")
    return listing(results, names.DECISIONS, top, every_customer(TABLE, columns), Meaning.WARNING, frozen="C")


def lever(decision: Mapping[Hashable, object]) -> str | None:
    """Return the lever in words: ``price increase 5.4 % of net revenue``; blank where there is none."""
    if not decision["lever"]:
        return None
    size, unit = float(str(decision["lever_size"])), str(decision["lever_unit"])
    amount = f"{size:.1%}" if size <= 1 and "share" in unit else f"{size:,.2f} {unit}"
    on = f" of {decision['lever_on']}" if decision["lever_on"] else ""
    return f"{decision['lever']}{on}: {amount}"
