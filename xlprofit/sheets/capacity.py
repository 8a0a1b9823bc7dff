"""The sheet *Capacity*: what was supplied, used, idle and over capacity of each resource."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from xlprofit.analysis.tie_out import HALF_A_CENT
from xlprofit.messages import N_, _
from xlprofit.sheets import names
from xlprofit.sheets.frame import (
    TABLE_ROW,
    arrange_columns,
    build_sheet_heading,
    describe_analysis_span,
    fill_columns,
    list_cell_values,
    translate_cell_words,
)
from xlprofit.sheets.parts import (
    AboveRule,
    BarRule,
    Cell,
    Chart,
    Column,
    Format,
    Meaning,
    Series,
    Sheet,
    Table,
    WordRule,
)

if TYPE_CHECKING:  # results are handed in: what makes them is not needed
    from xlprofit.results import Results

TABLE = "capacity"
PERIOD_TABLE = "capacity_by_period"
WELL_USED = 0.8
"""From this share of the practical capacity on a resource counts as well used."""

OVER, WELL, IDLE, UNUSED = "Over capacity", "Well used", "Idle", "Not used"
SPREAD, UNKNOWN = "Allocated", "No capacity given"
WORD_LIST = (OVER, WELL, IDLE, UNUSED, SPREAD, UNKNOWN)
"""Every word for how a resource's capacity is used."""
WORDS = WordRule(
    ((OVER, Meaning.WARNING), (WELL, Meaning.PROFIT), (IDLE, Meaning.NEUTRAL), (UNUSED, Meaning.LOSS))
)
LEAST_CHART_ROWS = 17


def classify_capacity_use(frame: pd.DataFrame) -> pd.Series:
    """Return a word for each resource: how its capacity is used."""
    share = frame["used"] / frame["supplied"]
    word = np.select(
        [
            (frame["used"] <= 0) & (frame["own_cost"] > 0) & (frame["cost"] < HALF_A_CENT),
            frame["used"] <= 0,
            frame["supplied"].isna(),
            share > 1,
            share >= WELL_USED,
        ],
        [SPREAD, UNUSED, UNKNOWN, OVER, WELL],
        IDLE,
    )
    return pd.Series(word, index=frame.index)


def rank_resources(results: Results) -> pd.Index:
    """Return the resources, the highest cost first, then the most used."""
    return results.capacity.sort_values(["cost", "used"], ascending=False, kind="stable").index


def describe_capacity_sheet(results: Results) -> Sheet | None:
    """Return the sheet: resources by cost, a chart of what they cost, and their use period by period.

    Nothing where there are no resources.
    """
    frame = results.capacity.loc[rank_resources(results)]
    if not len(frame):
        return None
    rows = max(LEAST_CHART_ROWS, 2 * len(frame) + 6)  # or LibreOffice leaves names out
    dated = _build_capacity_period_table(results, frame.index, TABLE_ROW + len(frame) + rows + 6)
    below = TABLE_ROW + max(len(frame), 1) + 3
    charts = (
        Chart(
            "bar",
            _("What each resource costs: charged to customers, and not used"),
            below,
            1,
            (TABLE, "resource"),
            (
                Series(TABLE, "idle_cost", _("Idle"), Meaning.WARNING),
                Series(TABLE, "charged", _("Charged"), Meaning.PROFIT),
                Series(TABLE, "unassigned", _("Unassigned"), Meaning.LOSS),
            ),
            x_title=_("Resource"),
            y_title=_("Cost, {currency}", currency=results.inputs.settings.currency),
            width=760.0,
            stacked=True,
            height=rows * 15.0,
        ),
    )
    cells = build_sheet_heading(
        _("Capacity"),
        _("What the resources cost and how much of them was used") + " · " + describe_analysis_span(results),
    )
    if dated is not None:
        cells = (
            *cells,
            Cell(
                dated.row - 2,
                1,
                _("Share of the capacity used, by period: above 100 % is over capacity"),
                Meaning.SECTION,
                across=6,
            ),
        )
    return Sheet(
        names.translate_sheet_name(names.CAPACITY),
        cells=cells,
        tables=(_build_resource_table(frame, results), *(() if dated is None else (dated,))),
        charts=charts,
        freeze=f"B{TABLE_ROW + 1}",
        tab=Meaning.NEUTRAL,
        currency=results.inputs.settings.currency,
        repeat_rows=(TABLE_ROW, TABLE_ROW),
    )


SHOWN = (
    *("resource", "state", "share", "idle_cost", "charged", "unassigned", "cost", "rate", "supplied", "used"),
    "unit",
)
"""The columns in the order of the question, what stands idle and what that costs; the others are folded."""

COLUMNS = (
    Column("resource", N_("Resource"), (), width=24.0),
    Column("unit", N_("Unit"), (), width=10.0),
    Column("own_cost", N_("Cost as given"), (), Format.MONEY, 13.0, N_("From {Resources}"), total="sum"),
    Column(
        "cost",
        N_("After allocation"),
        (),
        Format.MONEY,
        13.0,
        N_("After stage one: support resources spread"),
        total="sum",
    ),
    Column("supplied", N_("Supplied"), (), Format.NUMBER, 12.0, N_("Capacity × practical, in its unit")),
    Column("used", N_("Used"), (), Format.NUMBER, 12.0, N_("Units that the activities used")),
    Column(
        "idle", N_("Idle units"), (), Format.NUMBER, 12.0, N_("Supplied - used; below zero: over capacity")
    ),
    Column(
        "share",
        N_("Used %"),
        (),
        Format.SHARE,
        10.0,
        N_("Used / supplied"),
        formula='IF(N({supplied})>0,{used}/{supplied},"")',
        rules=(BarRule(Meaning.NEUTRAL, 0.0, 1.25),),
    ),
    Column("state", N_("State"), (), width=16.0, rules=(WORDS,)),
    Column("rate", N_("Cost per unit"), (), Format.RATE, 12.0, N_("Capacity cost rate, in currency a unit")),
    Column("charged", N_("Charged"), (), Format.MONEY, 13.0, N_("Used × rate"), total="sum"),
    Column("idle_cost", N_("Idle cost"), (), Format.MONEY, 13.0, N_("Idle units × rate"), total="sum"),
    Column(
        "unassigned", N_("Unassigned"), (), Format.MONEY, 13.0, N_("Cost of what nothing used"), total="sum"
    ),
)
"""The columns of the table of resources."""


def _build_resource_table(frame: pd.DataFrame, results: Results) -> Table:
    share = (frame["used"] / frame["supplied"]).astype(float)
    units = dict(
        zip(
            results.inputs["Resources"]["resource"].astype(str),
            results.inputs["Resources"]["unit"],
            strict=True,
        )
    )
    columns = fill_columns(
        COLUMNS,
        frame,
        {
            "resource": [str(r) for r in frame.index],
            "unit": [units.get(str(r)) or None for r in frame.index],
            "share": list_cell_values(share),
            "state": translate_cell_words(classify_capacity_use(frame)),
        },
    )
    shown = arrange_columns(columns, SHOWN)
    return Table(TABLE, TABLE_ROW, 1, shown, total_first=True, empty=_("No resources given"))


def _build_capacity_period_table(results: Results, resources: pd.Index, row: int) -> Table | None:
    """Return the share used by period and resource, of those that have a capacity for each period."""
    dated = results.capacity_by_period
    dated = dated[(dated.index.get_level_values("period") != "") & dated["supplied"].notna()]
    if not len(dated):
        return None
    share = (dated["used"] / dated["supplied"]).unstack("resource")
    columns = [Column("period", _("Period"), [str(p) for p in share.index], width=24.0)]
    columns += [
        Column(
            f"share_{i}",
            str(r),
            list_cell_values(share[r]),
            Format.SHARE,
            12.0,
            rules=(AboveRule(1.0, Meaning.WARNING),),
            detail=i >= len(SHOWN) - 1,
        )
        for i, r in enumerate(r for r in resources if r in share.columns)
    ]
    return Table(PERIOD_TABLE, row, 1, tuple(columns), filtered=False)
