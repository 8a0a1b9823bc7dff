"""The bridge from net revenue to company profit: steps of a waterfall, each a line of the company's P&L."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlprofit.messages import N_, _
from xlprofit.sheets.frame import list_cell_values
from xlprofit.sheets.parts import Chart, Column, Format, Table
from xlprofit.sheets.waterfall import Step, build_step_column, list_waterfall_series, tabulate_parts
from xlprofit.vocabulary.measures import BELOW, Measure

if TYPE_CHECKING:  # results are handed in: what makes them is not needed
    from xlprofit.results import Results

TABLE = "company_bridge"
LEAST = 0.5
"""A step below customer profit that is smaller than this, in currency, is left out."""

STEPS: tuple[tuple[str, str, bool], ...] = (
    (Measure.NET_REVENUE, N_("Net revenue"), True),
    (Measure.COGS, N_("Cost of goods"), False),
    (Measure.GROSS_MARGIN, N_("Gross margin"), True),
    (Measure.COST_TO_ACQUIRE, N_("Cost to acquire"), False),
    (Measure.COST_TO_SERVE, N_("Cost to serve"), False),
    (Measure.COST_OF_CREDIT, N_("Cost of credit"), False),
    (Measure.PROFIT, N_("Customer profit"), True),
    (Measure.CHANNEL_COST, N_("Channel cost"), False),
    (Measure.CORPORATE_COST, N_("Corporate cost"), False),
    (Measure.IDLE_CAPACITY, N_("Idle capacity"), False),
    (Measure.UNASSIGNED_COST, N_("Unassigned cost"), False),
    (Measure.COMPANY_PROFIT, N_("Company profit"), True),
)
"""The lines of the company's P&L that are steps, what each is called, and whether it is a total."""

PARTS = {
    "base": N_("Base, not drawn"),
    "total": N_("Total"),
    "rise": N_("Adds"),
    "fall": N_("Takes away"),
    "rise_below": N_("Adds, below zero"),
    "fall_below": N_("Takes away, below zero"),
}
"""The series of the waterfall, each with its words."""


def list_company_steps(results: Results) -> list[Step]:
    """Return the steps: what each is called, where it starts and ends, in money, and whether it is a total.

    A step starts where the one before ended; a total starts at zero and ends there too.
    """
    company = results.company["total"]
    steps: list[Step] = []
    at = 0.0
    for line, label, whole in STEPS:
        amount = float(company[line])
        if line in BELOW and abs(amount) < LEAST:
            continue
        steps.append((_(label), 0.0, amount, True) if whole else (_(label), at, at + amount, False))
        at = amount if whole else at + amount
    return steps


def build_bridge_table(results: Results, row: int) -> Table:
    """Return the figures behind the bridge: the amount of each step, its base, and what is seen of it."""
    steps = list_company_steps(results)
    parts = tabulate_parts(steps)
    columns = (
        build_step_column(_("Line"), steps, results),
        Column(
            "amount", _("Amount"), [end - start for _label, start, end, _whole in steps], Format.MONEY, 13.0
        ),
        *(
            Column(key, _(PARTS[key]), list_cell_values(parts[key]), Format.MONEY, 13.0)
            for key in PARTS
            if key == "base" or parts[key].notna().any()  # side by side, as a program on the web needs them
        ),
    )
    return Table(TABLE, row, 1, columns, filtered=False)


def build_bridge_chart(table: Table, place: tuple[int, int], size: tuple[float, float]) -> Chart:
    """Return the waterfall over the figures: columns upon an invisible base, each with its amount below it.

    Args:
        table: the figures.
        place: the row and the column of its upper left corner.
        size: its width and height, in points.
    """
    drawn = {column.key for column in table.columns}
    return Chart(
        "column",
        _("From net revenue to company profit"),
        *place,
        (TABLE, "step"),
        list_waterfall_series(TABLE, PARTS, drawn),
        width=size[0],
        height=size[1],
        stacked=True,
        plain=True,
    )
