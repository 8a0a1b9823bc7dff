"""The sheet *Referral value*: what customers bring by word of mouth. A memo, part of no total."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from xlprofit.messages import N_, _, _n, day, join_messages
from xlprofit.sheets import names
from xlprofit.sheets.frame import (
    TABLE_ROW,
    arrange_columns,
    build_customers_column,
    build_sheet_heading,
    describe_analysis_span,
    fill_columns,
    list_cell_values,
    translate_cell_words,
)
from xlprofit.sheets.parts import Cell, Column, Figure, Format, Meaning, Sheet, SignRule, Table, WordRule

if TYPE_CHECKING:  # results are handed in: what makes them is not needed
    from xlprofit.results import Results

TABLE, NETWORK = "referral_value", "referral_network"

QUADRANTS = {
    (True, True): "Champion",
    (True, False): "High profit, few referrals",
    (False, True): "Advocate",
    (False, False): "Low profit, few referrals",
}
"""By own profit above zero and referral value above zero (names after Kumar, Petersen and Leone, 2007)."""

WORDS = WordRule(
    (
        ("Champion", Meaning.PROFIT),
        ("High profit, few referrals", Meaning.PROFIT),
        ("Advocate", Meaning.WARNING),
        ("Low profit, few referrals", Meaning.LOSS),
    )
)


def classify_referral_quadrants(results: Results) -> pd.Series:
    """Return each customer's quadrant of own profit against referral value."""
    own = (results.customers["profit"] > 0).tolist()
    brings = (results.referrals["referral_value"] > 0).tolist()
    words: list[str] = [QUADRANTS[bool(o), bool(b)] for o, b in zip(own, brings, strict=True)]
    return pd.Series(words, index=results.names, dtype=object)


def describe_referral_value_sheet(results: Results) -> Sheet | None:
    """Return the sheet: who brings value, in which quadrant each is, and who brought whom; or nothing."""
    frame = results.referrals
    if not len(frame["referral_value"].dropna()) and not len(results.referral_network):
        return None
    brings = frame[(frame["referred"] > 0) | (frame["unnamed"] > 0) | (frame["rewards"] < 0)]
    order = np.lexsort([brings.index.to_numpy().astype(str), -brings["referral_value"].to_numpy()])
    brings = brings.iloc[order]
    row = TABLE_ROW + max(len(brings), 1) + 5
    counts = classify_referral_quadrants(results).value_counts()
    said = join_messages(
        ", ", (_describe_quadrant_count(q, int(counts.get(q, 0))) for q in QUADRANTS.values())
    )
    return Sheet(
        names.translate_sheet_name(names.REFERRAL_VALUE),
        cells=(
            *build_sheet_heading(
                _("Referral value"),
                _("What word of mouth brings: a memo, never part of profit")
                + " · "
                + describe_analysis_span(results),
            ),
            Cell(3, 1, _("Own profit against referral value: {counts}", counts=said), Meaning.NOTE, across=8),
            Cell(row - 2, 1, _("Who brought whom"), Meaning.SECTION, across=8),
        ),
        tables=(_build_referral_value_table(results, brings), _build_network_table(results, row)),
        freeze=f"B{TABLE_ROW + 1}",
        tab=Meaning.PROFIT,
        currency=results.inputs.settings.currency,
        repeat_rows=(row, row),
    )


def _describe_quadrant_count(quadrant: str, n: int) -> str:
    """Return how many customers are in a quadrant: ``3 champions``."""
    return {
        "Champion": lambda: _n("{n:,} champion", "{n:,} champions", n),
        "High profit, few referrals": lambda: _n(
            "{n:,} with high profit and few referrals", "{n:,} with high profit and few referrals", n
        ),
        "Advocate": lambda: _n("{n:,} advocate", "{n:,} advocates", n),
        "Low profit, few referrals": lambda: _n(
            "{n:,} with low profit and few referrals", "{n:,} with low profit and few referrals", n
        ),
    }[quadrant]()


SHOWN = (
    *(
        "customer",
        "quadrant",
        "referral_value",
        "profit",
        "forward_value",
        "referred",
        "unnamed",
        "type_one",
        "type_two",
    ),
    *("rewards", "unnamed_value"),
)
"""The columns in the order of the question, who brings others and what that is worth; the others are folded.

So are those of referrals without names where all have one.
"""

COLUMNS = (
    Column(
        "quadrant",
        N_("Quadrant"),
        (),
        width=12.0,
        note=N_("Champion: high profit, many referrals; advocate: low profit, many referrals"),
        rules=(WORDS,),
    ),
    Column("profit", N_("Own profit"), (), Format.MONEY, 13.0, rules=(SignRule(),), figure=Figure("profit")),
    Column(
        "referral_value",
        N_("Referral value"),
        (),
        Format.MONEY,
        14.0,
        N_("Type one + type two + rewards + without names + what those it brought brought in turn"),
        rules=(SignRule(),),
    ),
    Column(
        "type_one",
        N_("Would not have come"),
        (),
        Format.MONEY,
        14.0,
        N_("Type one: profit of those who would not have come"),
    ),
    Column(
        "type_two",
        N_("Acquisition saved"),
        (),
        Format.MONEY,
        14.0,
        N_("Type two: cost to acquire saved on those who would have come anyhow"),
    ),
    Column("rewards", N_("Rewards"), (), Format.MONEY, 11.0),
    Column(
        "unnamed_value",
        N_("Without names"),
        (),
        Format.MONEY,
        12.0,
        N_("Customers counted in Customers × the mean profit of a referred customer"),
    ),
    Column("referred", N_("Brought"), (), Format.INTEGER, 9.0, N_("Customers it brought itself")),
    Column(
        "unnamed",
        N_("Brought, no name"),
        (),
        Format.INTEGER,
        9.0,
        N_("Counted in Customers, beyond the named"),
    ),
    Column(
        "chain",
        N_("With the chain"),
        (),
        Format.INTEGER,
        9.0,
        N_("Customers it brought itself and through others"),
    ),
    Column(
        "to_come_a_year",
        N_("To come a year"),
        (),
        Format.DECIMAL,
        9.0,
        N_("Referrals expected a year: its own so far, drawn towards those of all"),
    ),
    Column(
        "forward_value",
        N_("Value to come"),
        (),
        Format.MONEY,
        13.0,
        N_("Present value of the referrals expected as long as it stays; lost if it goes"),
        rules=(SignRule(),),
    ),
)
"""The columns beside the customer."""


def _build_referral_value_table(results: Results, brings: pd.DataFrame) -> Table:
    profit = results.customers["profit"].reindex(brings.index)
    columns = (
        build_customers_column(brings.index),
        *fill_columns(
            COLUMNS,
            brings,
            {
                "quadrant": translate_cell_words(classify_referral_quadrants(results).reindex(brings.index)),
                "profit": list_cell_values(profit),
            },
        ),
    )
    shown = SHOWN if (brings["unnamed"] > 0).any() else [key for key in SHOWN if "unnamed" not in key]
    return Table(
        TABLE,
        TABLE_ROW,
        1,
        arrange_columns(columns, shown),
        empty=_("No {Referrals} given: nothing is known of word of mouth"),
    )


NETWORK_COLUMNS = (
    Column("referrer", N_("Referrer"), (), width=30.0, figure=Figure(named_by="referrer")),
    Column("referred", N_("Brought"), (), width=30.0, figure=Figure(named_by="referred")),
    Column("depth", N_("Step"), (), Format.INTEGER, 8.0, N_("1 where nobody brought the referrer")),
    Column("share", N_("Share"), (), Format.SHARE, 9.0, N_("Of the credit, where several recommended")),
    Column("date", N_("When"), (), width=12.0),
    Column(
        "anyway",
        N_("Would have come"),
        (),
        Format.SHARE,
        10.0,
        N_("Probability that it would have come anyhow"),
    ),
    Column(
        "profit",
        N_("Its profit"),
        (),
        Format.MONEY,
        13.0,
        rules=(SignRule(),),
        figure=Figure("profit", named_by="referred"),
    ),
    Column("credited", N_("Credited"), (), Format.MONEY, 13.0, rules=(SignRule(),)),
    Column("followed", N_("Followed"), (), width=12.0),
)
"""The columns of who brought whom; their values are the network's own, but for names, days and words."""


def _build_network_table(results: Results, row: int) -> Table:
    frame = results.referral_network
    named = {key: [str(c) for c in frame[key]] for key in ("referrer", "referred")}
    columns = fill_columns(
        NETWORK_COLUMNS,
        frame,
        {
            **named,
            "date": [day(d) if pd.notna(d) else None for d in frame["date"]],
            "followed": [_("yes") if f else _("no: circular referral") for f in frame["followed"]],
        },
    )
    return Table(NETWORK, row, 1, columns, filtered=False, empty=_("No referrals"))
