"""The sheet *Rate card*: how the rate of each resource and period comes about, and which rows it was made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from xlprofit.addresses import format_address
from xlprofit.languages import list_terms
from xlprofit.messages import N_, _
from xlprofit.sheets import names
from xlprofit.sheets.frame import build_sheet_heading, describe_analysis_span, fill_columns, list_cell_values
from xlprofit.sheets.parts import Cell, Column, Format, Link, Meaning, Sheet, Table, Value

if TYPE_CHECKING:  # results are handed in: what makes them is not needed
    from collections.abc import Collection, Iterable, Sequence

    from xlprofit.results import Results

TABLE, MOVED = "rate_card", "allocated"
ROW = 7
"""The header row of the card."""

COLUMNS = (
    Column("resource", N_("Resource"), (), width=20.0, note=N_("Leads to its row of {Resources}")),
    Column("period", N_("Period"), (), width=12.0, note=N_("Blank: the whole period analysed")),
    Column("unit", N_("Unit"), (), width=10.0),
    Column("own_cost", N_("Own cost"), (), Format.MONEY, 13.0, N_("As given in {Resources}"), total="sum"),
    Column(
        "allocated",
        N_("Allocated"),
        (),
        Format.MONEY,
        13.0,
        N_("From other resources, less what it passes on; below zero: it gives more"),
    ),
    Column(
        "cost",
        N_("Cost"),
        (),
        Format.MONEY,
        13.0,
        N_("Own cost + allocated"),
        formula="{own_cost}+{allocated}",
        total="sum",
    ),
    Column("capacity", N_("Capacity"), (), Format.NUMBER, 12.0, N_("As given in {Resources}, in its unit")),
    Column(
        "practical", N_("Practical"), (), Format.SHARE, 10.0, N_("The share of the capacity that can be used")
    ),
    Column(
        "supplied",
        N_("Supplied"),
        (),
        Format.NUMBER,
        12.0,
        N_("Capacity × practical, in its unit"),
        formula='IF(COUNT({capacity},{practical})=2,{capacity}*{practical},"")',
    ),
    Column("used", N_("Used"), (), Format.NUMBER, 12.0, N_("Units that the activities used")),
    Column(
        "rate",
        N_("Cost per unit"),
        (),
        Format.RATE,
        13.0,
        N_("Cost / supplied; where no capacity is given, cost / used"),
        formula='IF(N({supplied})>0,{cost}/{supplied},IF({used}>0,{cost}/{used},""))',
    ),
)
"""The columns of the card."""

MOVED_COLUMNS = (
    Column("from", N_("From"), (), width=20.0),
    Column("to", N_("To"), (), width=20.0),
    Column("place", N_("Source row"), (), width=16.0, note=N_("The row of the input table; leads there")),
    Column("share", N_("Share"), (), Format.SHARE, 10.0),
    Column(
        "amount",
        N_("Amount"),
        (),
        Format.MONEY,
        13.0,
        N_("The share of the own cost and of what others allocated to it, over the whole period analysed"),
    ),
)
"""The columns of the table of what was allocated."""


def describe_rate_card_sheet(results: Results) -> Sheet | None:
    """Return the sheet: own cost + allocated = cost, cost / (capacity × practical) = rate, by resource and period.

    Nothing where there are no resources.
    """
    frame = results.rate_card
    if not len(frame):
        return None
    card = Table(TABLE, ROW, 1, _build_card_columns(results, frame), total_first=True)
    moved = _build_moved_table(results, card.last + 5)
    said = _(
        "Own cost + allocated = cost; cost / (capacity × practical) = cost per unit; each leads to its row of "
        "{Resources}"
    )
    cells = [
        *build_sheet_heading(_("Rate card"), said, across=11),
        Cell(3, 1, describe_analysis_span(results), Meaning.SUBTITLE, across=8),
    ]
    name = names.translate_sheet_name(names.RATE_CARD)
    if moved is not None:
        title = _("What resources allocate to each other")
        cells += [
            Cell(4, 1, title, Meaning.LINK, across=4, link=Link(name, format_address(moved.row, 1))),
            Cell(moved.row - 2, 1, title, Meaning.SECTION, across=6),
        ]
    return Sheet(
        name,
        cells=tuple(cells),
        tables=(card,) if moved is None else (card, moved),
        freeze=f"C{ROW + 1}",
        currency=results.inputs.settings.currency,
        repeat_rows=(ROW, ROW),
    )


def link_rates(resources: Iterable[str], results: Results, existing: Collection[str]) -> list[Link | None]:
    """Return a link to the first rate of each resource; none of an empty name, or without such a sheet.

    Args:
        resources: the resources.
        results: the run.
        existing: the sheets of the workbook.
    """
    sheet = next((n for n in existing if names.strip_suffix(n) in list_terms("sheet", names.RATE_CARD)), None)
    rows: dict[str, int] = {}
    if sheet is not None:
        for row, resource in enumerate(results.rate_card.index.get_level_values("resource"), ROW + 1):
            rows.setdefault(str(resource), row)
    return [Link(sheet, format_address(rows[one], 1)) if sheet and one in rows else None for one in resources]


def _build_card_columns(results: Results, frame: pd.DataFrame) -> tuple[Column, ...]:
    resources, periods = (frame.index.get_level_values(level) for level in ("resource", "period"))
    table = results.inputs["Resources"]
    units = dict(zip(table["resource"].astype(str), table["unit"], strict=True))
    sheet = results.inputs.sheets.get("Resources", "Resources")
    own: dict[str, Sequence[Value]] = {
        "resource": [str(resource) for resource in resources],
        "period": [str(period) or None for period in periods],
        "unit": [units.get(str(resource)) or None for resource in resources],
    }
    links = {"resource": [Link(sheet, format_address(int(row), 1)) for row in frame["row"]]}
    return fill_columns(COLUMNS, frame, own, links)


def _build_moved_table(results: Results, row: int) -> Table | None:
    """Return what each row of Allocations moved; nothing where there are none."""
    frame = results.allocations
    if not len(frame):
        return None
    sheet = results.inputs.sheets.get("Allocations", "Allocations")
    own: dict[str, Sequence[Value]] = {
        "from": [str(name) for name in frame["from"]],
        "to": [str(name) for name in frame["to"]],
        "place": [f"{sheet}!{at}" for at in frame["row"]],
        "share": list_cell_values(frame["share"]),
    }
    links = {"place": [Link(sheet, format_address(int(at), 1)) for at in frame["row"]]}
    return Table(MOVED, row, 1, fill_columns(MOVED_COLUMNS, frame, own, links), filtered=False)
