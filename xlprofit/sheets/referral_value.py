"""The sheet *Referral value*: what customers bring by word of mouth. A memo, part of no total."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from xlprofit.messages import N_, _, _n, day, join_messages
from xlprofit.sheets import names
from xlprofit.sheets.frame import (
    TABLE_ROW,
    customers_column,
    fill_columns,
    heading,
    links_to,
    places,
    span,
    told,
    values,
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


def quadrant(results: Results) -> pd.Series:
    """Return each customer's quadrant of own profit against referral value."""
    own = (results.customers["profit"] > 0).tolist()
    brings = (results.referrals["referral_value"] > 0).tolist()
    words: list[str] = [QUADRANTS[bool(o), bool(b)] for o, b in zip(own, brings, strict=True)]
    return pd.Series(words, index=results.names, dtype=object)


def sheet(results: Results) -> Sheet:
    """Return the sheet: who brings value, in which quadrant each is, and who brought whom."""
    frame = results.referrals
    brings = frame[(frame["referred"] > 0) | (frame["rewards"] < 0)]
    order = np.lexsort([brings.index.to_numpy().astype(str), -brings["referral_value"].to_numpy()])
    brings = brings.iloc[order]
    row = TABLE_ROW + max(len(brings), 1) + 5
    counts = quadrant(results).value_counts()
    said = join_messages(", ", (_counted(q, int(counts.get(q, 0))) for q in QUADRANTS.values()))
    return Sheet(
        names.called(names.REFERRAL_VALUE),
        cells=(
            *heading(
                _("Referral value"),
                _("What word of mouth brings: a memo, never part of profit") + " · " + span(results),
            ),
            Cell(3, 1, _("Own profit against referral value: {counts}", counts=said), Meaning.NOTE, across=8),
            Cell(row - 2, 1, _("Who brought whom"), Meaning.SECTION, across=8),
        ),
        tables=(_value(results, brings), _network(results, row)),
        freeze="B1",
        tab=Meaning.PROFIT,
        currency=results.inputs.settings.currency,
    )


def _counted(quadrant: str, n: int) -> str:
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


COLUMNS = (
    Column(
        "quadrant",
        N_("Quadrant"),
        (),
        width=12.0,
        note=N_("Champion: high profit, many referrals; advocate: low profit, many referrals"),
        rules=(WORDS,),
    ),
    Column("profit", N_("Own profit"), (), Format.MONEY, 13.0, rules=(SignRule(),)),
    Column(
        "referral_value",
        N_("Referral value"),
        (),
        Format.MONEY,
        14.0,
        N_("Type one + type two + rewards + what those it brought brought in turn"),
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
    Column("referred", N_("Brought"), (), Format.INTEGER, 9.0, N_("Customers it brought itself")),
    Column(
        "chain",
        N_("With the chain"),
        (),
        Format.INTEGER,
        9.0,
        N_("Customers it brought itself and through others"),
    ),
)
"""The columns beside the customer."""


def _value(results: Results, brings: pd.DataFrame) -> Table:
    profit = results.customers["profit"].reindex(brings.index)
    columns = (
        customers_column(results, brings.index),
        *fill_columns(
            COLUMNS,
            brings,
            {"quadrant": told(quadrant(results).reindex(brings.index)), "profit": values(profit)},
        ),
    )
    return Table(
        TABLE, TABLE_ROW, 1, columns, empty=_("No {Referrals} given: nothing is known of word of mouth")
    )


def _network(results: Results, row: int) -> Table:
    frame, money = results.referral_network, Format.MONEY
    rows = places(str(c) for c in results.whale.index)
    referrer, referred = ([str(c) for c in frame[k]] for k in ("referrer", "referred"))
    columns = (
        Column(
            "referrer",
            _("Referrer"),
            referrer,
            width=30.0,
            links=links_to(names.called(names.CUSTOMER_PNL), referrer, rows),
            figure=Figure(named_by="referrer"),
        ),
        Column(
            "referred",
            _("Brought"),
            referred,
            width=30.0,
            links=links_to(names.called(names.CUSTOMER_PNL), referred, rows),
            figure=Figure(named_by="referred"),
        ),
        Column(
            "depth",
            _("Step"),
            values(frame["depth"]),
            Format.INTEGER,
            8.0,
            _("1 where nobody brought the referrer"),
        ),
        Column(
            "share",
            _("Share"),
            values(frame["share"]),
            Format.SHARE,
            9.0,
            _("Of the credit, where several recommended"),
        ),
        Column(
            "date",
            _("When"),
            [day(d) if pd.notna(d) else None for d in frame["date"]],
            width=12.0,
        ),
        Column(
            "anyway",
            _("Would have come"),
            values(frame["anyway"]),
            Format.SHARE,
            10.0,
            _("Probability that it would have come anyhow"),
        ),
        Column(
            "profit",
            _("Its profit"),
            values(frame["profit"]),
            money,
            13.0,
            rules=(SignRule(),),
            figure=Figure("profit", named_by="referred"),
        ),
        Column("credited", _("Credited"), values(frame["credited"]), money, 13.0, rules=(SignRule(),)),
        Column(
            "followed",
            _("Followed"),
            [_("yes") if f else _("no: circular referral") for f in frame["followed"]],
            width=12.0,
        ),
    )
    return Table(NETWORK, row, 1, columns, filtered=False, empty=_("No referrals"))
