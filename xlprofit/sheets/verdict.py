"""The verdict beside a customer's name, on every sheet that is not about another one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from xlprofit.messages import N_, _, _n, join_messages
from xlprofit.sheets import names
from xlprofit.sheets.frame import (
    build_customer_links,
    describe_verdict_counts,
    number_customer_rows,
    translate_cell_words,
    translate_word_rule,
)
from xlprofit.sheets.parts import Column, Meaning, WordRule
from xlprofit.vocabulary.verdicts import Verdict

if TYPE_CHECKING:  # results are handed in: what makes them is not needed
    from xlprofit.results import Results

VERDICTS = WordRule(
    (
        (Verdict.END, Meaning.LOSS),
        (Verdict.FIX, Meaning.WARNING),
        (Verdict.COLLECT, Meaning.WARNING),
        (Verdict.INVESTIGATE, Meaning.NEUTRAL),
        (Verdict.KEEP, Meaning.PROFIT),
    )
)
URGENCY = (Verdict.END, Verdict.COLLECT, Verdict.FIX, Verdict.INVESTIGATE, Verdict.KEEP)
RANK = {verdict: place for place, verdict in enumerate(URGENCY)}

NOTE = N_("Leads to the reason on Decisions")


def rank_decided_customers(results: Results) -> pd.Index:
    """Return the customers: those to end first, then to collect from, to fix, to investigate and to keep.

    Among the same, the greatest loss a year first; who has ended stands last.
    """
    verdict = results.decisions["verdict"].map(RANK).to_numpy()
    verdict = np.where(results.decisions["reason"] == "ended", len(RANK), verdict)
    earns = results.decisions["run_rate"].to_numpy()
    return results.names[np.lexsort([earns, verdict])]  # those alike stay in the order of their names


def describe_decision_counts(decided: pd.DataFrame) -> str:
    """Return how many there are of each verdict, and how many have ended: ``3 to keep, 1 to end, 2 have ended``."""
    ended = decided["reason"] == "ended"
    counts = [describe_verdict_counts(decided.loc[~ended, "verdict"], RANK)]
    if ended.any():
        counts.append(_n("{n:,} has ended", "{n:,} have ended", int(ended.sum())))
    return join_messages(", ", counts)


def build_verdict_column(results: Results, customers: pd.Index, heading: str = "") -> Column:
    """Return the column of verdicts, each leading to its reason."""
    named = [str(c) for c in customers]
    rows = number_customer_rows(str(c) for c in rank_decided_customers(results))
    return Column(
        "verdict",
        _("Verdict"),
        translate_cell_words(results.decisions["verdict"].loc[customers]),
        width=12.0,
        note=_(NOTE),
        links=build_customer_links(names.translate_sheet_name(names.DECISIONS), named, rows),
        rules=(translate_word_rule(VERDICTS),),
        heading=heading,
    )
