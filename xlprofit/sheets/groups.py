"""The sheet *Groups*: groups of companies as one customer each, with what to do about them; and their members."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from xlprofit.analysis.attributes import PARENT, find_values
from xlprofit.messages import N_, _, _n
from xlprofit.sheets import names
from xlprofit.sheets.frame import (
    TABLE_ROW,
    build_sheet_heading,
    describe_analysis_span,
    fill_columns,
    translate_cell_words,
)
from xlprofit.sheets.parts import (
    Cell,
    Column,
    Figure,
    Format,
    Meaning,
    Sentence,
    Sentences,
    Sheet,
    SignRule,
    Table,
)
from xlprofit.sheets.verdict import VERDICTS

if TYPE_CHECKING:  # results are handed in: what makes them is not needed
    from xlprofit.results import Results

TABLE, MEMBERS = "groups", "group_members"
MOST_GROUPS, MOST_MEMBERS = 200, 1_000
"""Groups and members shown; all of them are in ``result.groups`` and ``result.by("parent")``."""

MONEY = (
    Column("net_revenue", N_("Net revenue"), (), Format.MONEY, 13.0),
    Column("profit", N_("Customer profit"), (), Format.MONEY, 13.0, rules=(SignRule(),)),
    Column(
        "margin",
        N_("Profit %"),
        (),
        Format.SHARE,
        9.0,
        N_("Customer profit / net revenue; blank where there is no net revenue"),
        rules=(SignRule(),),
    ),
    Column("gross_margin", N_("Gross margin"), (), Format.MONEY, 13.0),
    Column("cost_to_serve", N_("Cost to serve"), (), Format.MONEY, 13.0),
)

COLUMNS = (
    Column("group", N_("Group"), (), width=28.0),
    Column("verdict", N_("Verdict"), (), width=12.0, rules=(VERDICTS,)),
    Column("reason", N_("Reason"), (), width=54.0, wrap=True, note=N_("For the group as one customer")),
    Column("companies", N_("Companies"), (), Format.INTEGER, 11.0),
    *MONEY,
)

MEMBER_COLUMNS = (
    Column("customer", N_("Customer"), (), width=28.0, figure=Figure()),
    Column("verdict", N_("Verdict"), (), width=12.0, rules=(VERDICTS,)),
    Column("group", N_("Group"), (), width=54.0),
    Column("level", N_("Level"), (), Format.INTEGER, 11.0, N_("Steps below the top of its group")),
    *MONEY,
)


def describe_groups_sheet(results: Results) -> Sheet | None:
    """Return the sheet: the groups with several companies, then their members; nothing where there is none."""
    tops = find_values(results.inputs, PARENT, results.names).astype(str)
    count = tops.value_counts()
    names_given = set(map(str, results.names))
    several = [str(top) for top, members in count.items() if members > 1 or str(top) not in names_given]
    if not several:
        return None
    groups = results.groups
    pnl = groups.customers.loc[several]
    order = pnl.index[np.lexsort([pnl.index.to_numpy().astype(str), -pnl["net_revenue"].to_numpy()])]
    shown = order[:MOST_GROUPS]
    table = _build_group_table(groups, shown, count)
    row = table.last + 3
    cells = [Cell(row, 1, _("The companies of each group"), Meaning.SECTION, across=8)]
    members = _build_member_table(results, tops, shown, row + 1)
    title = _n(
        "One group of companies, as one customer",
        "{n:,} groups of companies, each as one customer, the greatest net revenue first",
        len(several),
    )
    return Sheet(
        names.translate_sheet_name(names.GROUPS),
        cells=(*build_sheet_heading(_("Groups"), title + " · " + describe_analysis_span(results)), *cells),
        tables=(table, members),
        freeze=f"B{table.first}",
        repeat_rows=(row + 1, row + 1),
        tab=Meaning.PROFIT,
        currency=results.inputs.settings.currency,
    )


def _build_group_table(groups: Results, shown: pd.Index, count: pd.Series) -> Table:
    frame = groups.customers.loc[shown]
    decided = groups.decisions.loc[shown]
    columns = fill_columns(
        COLUMNS,
        frame,
        {
            "group": [str(g) for g in shown],
            "companies": [int(count[g]) for g in shown],
            "verdict": translate_cell_words(decided["verdict"]),
            "reason": Sentences(Sentence.VERDICT, decided, groups.inputs.settings, groups.trends.loc[shown]),
        },
    )
    return Table(TABLE, TABLE_ROW, 1, columns)


def _build_member_table(results: Results, tops: pd.Series, shown: pd.Index, row: int) -> Table:
    """Return the members: group by group as above, within a group by net revenue."""
    place = {str(group): i for i, group in enumerate(shown)}
    own = tops[tops.isin(list(place)).to_numpy()]
    net = results.customers["net_revenue"].loc[own.index]
    keys = [own.index.to_numpy().astype(str), -net.to_numpy(), own.map(place).to_numpy(dtype=np.int64)]
    order = own.index[np.lexsort(keys)][:MOST_MEMBERS]
    customers = [str(c) for c in order]
    levels = _count_levels(results)
    columns = fill_columns(
        MEMBER_COLUMNS,
        results.customers.loc[order],
        {
            "customer": customers,
            "group": [own[c] for c in order],
            "level": [levels.get(c, 0) for c in customers],
            "verdict": translate_cell_words(results.decisions["verdict"].loc[order]),
        },
    )
    return Table(MEMBERS, row, 1, columns, filtered=False)


def _count_levels(results: Results) -> dict[str, int]:
    """Return how many steps each customer stands below the top of its group."""
    table = results.inputs["Customers"]
    pairs = zip(table["customer"].astype(str), table[PARENT].astype(str), strict=True)
    above = {customer: parent for customer, parent in pairs if parent}
    levels: dict[str, int] = {}
    for customer in above:
        chain = [customer]
        while chain[-1] in above and chain[-1] not in levels:
            chain.append(above[chain[-1]])
        below = levels.get(chain[-1], 0)
        for step, one in enumerate(reversed(chain[:-1]), 1):
            levels[one] = below + step
    return levels
