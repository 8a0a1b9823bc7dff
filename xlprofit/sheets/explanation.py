"""The sheet *Explanation*: a customer's figure in three levels, its lines, what they are made of, the source rows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import isclose
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from xlprofit import ledger
from xlprofit.addresses import format_address
from xlprofit.analysis.breakdown import tabulate_lines
from xlprofit.messages import N_, _, _n, join_messages, term
from xlprofit.sheets import names, rate_card
from xlprofit.sheets.frame import (
    build_sheet_heading,
    describe_analysis_span,
    describe_ledger_line,
    fill_columns,
    list_cell_values,
    title_ledger_line,
    translate_cell_words,
)
from xlprofit.sheets.parts import Cell, Column, Figure, Format, Link, Meaning, Sheet, SignRule, Table, Value
from xlprofit.vocabulary.measures import PARTS

if TYPE_CHECKING:  # results are handed in: what makes them is not needed
    from xlprofit.results import Results
    from xlprofit.sheets.figures import Selection

NAME = names.EXPLANATION
TABLE, LINES_TABLE, DRIVERS_TABLE = "explanation", "explanation_lines", "explanation_drivers"
ROW = 8
"""The header row of the first table."""

BASE = "quantity"
"""The driver of a base term, which is called as the column of the log is."""

FOLDED_FROM = 30
"""With more source rows than this they are folded away, and the two other levels fit a page."""

MOST_ROWS = 20_000
"""Rows that are shown; the smaller ones are then put together, so that the sum is still the figure."""

_EPOCH = pd.Timestamp("1899-12-30")


def describe_explanation_sheet(
    results: Results, figure: Figure, existing: tuple[str, ...] = (), selection: Selection | None = None
) -> Sheet:
    """Return the sheet that explains a figure: its lines by size, what each is made of, and the source rows.

    Args:
        results: the run.
        figure: what of a customer's ledger is explained; no customer: what belongs to none.
        existing: the sheets of the workbook, to whose rows the explanation may lead.
        selection: the cell that was asked about: where it holds another number than the figure, the sheet says so.

    Raises:
        UnknownNameError: there is no such customer.
    """
    taken = take_apart(results, figure)
    whole = float(taken.rows["amount"].sum())
    title = _("{customer}: {figure}", customer=taken.customer or _("no customer"), figure=name_figure(figure))
    tables = _build_level_tables(results, taken, existing)
    return Sheet(
        names.translate_sheet_name(NAME),
        cells=(
            *build_sheet_heading(title, _("amount = units × rate") + " · " + describe_analysis_span(results)),
            Cell(3, 1, _describe_measure_origin(figure), Meaning.NOTE, across=8),
            Cell(4, 1, _("The figure"), Meaning.LABEL),
            Cell(4, 2, whole, Meaning.SECTION, Format.MONEY_CENTS, across=2, rules=(SignRule(),)),
            *_note_other_number(selection, whole),
            *_build_level_titles(tables, len(taken.rows)),
        ),
        tables=tables,
        freeze="A5",
        currency=results.inputs.settings.currency,
    )


@dataclass(frozen=True)
class TakenApart:
    """A figure in three levels, columns as :meth:`xlprofit.results.Results.explain` has them, and whose it is.

    ``peers`` is the segment that the customer is held against, empty for all customers. Source rows stand in the
    order of their lines, the largest first.
    """

    customer: str
    peers: str
    lines: pd.DataFrame
    drivers: pd.DataFrame
    rows: pd.DataFrame


def take_apart(results: Results, figure: Figure) -> TakenApart:
    """Return a figure in three levels; :class:`UnknownNameError` where there is no such customer."""
    name = results.resolve_customer(figure.customer) if figure.customer.strip() else ""
    rows = choose_rows(results.explain(name), figure)
    booked = results.customer_ledger
    own = choose_rows(booked[(booked["customer"] == name).to_numpy()], figure)
    lines = tabulate_lines(own, results.find_revenue(name, figure.period))
    rank = rows["line"].map({line: place for place, line in enumerate(lines["line"])}).fillna(len(lines))
    order = np.lexsort([-rows["amount"].abs().to_numpy(), rank.to_numpy(np.float64)])
    return TakenApart(
        name,
        str(results.peers.loc[name]) if name else "",
        lines,
        results.tabulate_drivers(name, rows, figure.period),
        rows.iloc[order].reset_index(drop=True),
    )


def _build_level_tables(results: Results, taken: TakenApart, existing: tuple[str, ...]) -> tuple[Table, ...]:
    """Return the tables of the three levels, one below the other, each with its sum, the figure, above it."""
    nothing = _("Nothing was posted")
    shown, rest = _split_largest_rows(taken.rows)
    lines = Table(
        LINES_TABLE, ROW, 1, _build_line_columns(taken), filtered=False, total_first=True, empty=nothing
    )
    drivers = Table(
        DRIVERS_TABLE,
        lines.last + 5,
        1,
        _build_driver_columns(results, taken, existing),
        filtered=False,
        total_first=True,
        empty=nothing,
    )
    rows = Table(
        TABLE,
        drivers.last + 5,
        1,
        _build_explanation_columns(shown, rest, existing),
        total_first=True,
        empty=nothing,
        folded=len(shown) > FOLDED_FROM,
    )
    return lines, drivers, rows


def _build_level_titles(tables: Sequence[Table], count: int) -> Iterator[Cell]:
    """Yield what each of the tables shows, above its sum."""
    folded = _("3. The {n:,} source rows, the largest first: the + beside the header unfolds them", n=count)
    open_rows = _n("3. The source row", "3. The {n:,} source rows, the largest first", count)
    titles = (
        _("1. Its lines, the largest first"),
        _("2. What each line is made of: how many × how much each × rate, against the median"),
        folded if tables[-1].folded else open_rows,
    )
    for table, title in zip(tables, titles, strict=True):
        yield Cell(table.total_row - 1, 1, title, Meaning.SECTION, across=8)


LINE_COLUMNS = (
    Column("line", N_("Line"), (), width=22.0),
    Column("group", N_("Group"), (), width=13.0),
    Column("amount", N_("Amount"), (), Format.MONEY_CENTS, 15.0, total="sum"),
    Column(
        "share",
        N_("Share of the figure"),
        (),
        Format.SHARE,
        13.0,
        N_("Amount / the figure; below zero: against it"),
    ),
    Column("of_revenue", N_("% of net revenue"), (), Format.SHARE, 12.0, N_("Amount / net revenue")),
)
"""The columns of the table of lines."""

DRIVER_COLUMNS = (
    Column("line", N_("Line"), (), width=22.0),
    Column("group", N_("Group"), (), width=13.0),
    Column("what", N_("Driver or product"), (), width=15.0, note=N_("What is counted, or the product sold")),
    Column("resource", N_("Resource"), (), width=18.0, note=N_("What does the work; leads to its rate")),
    Column("driver_units", N_("How many"), (), Format.DECIMAL, 12.0, N_("Units of the driver")),
    Column("usual_units", N_("Median"), (), Format.DECIMAL, 12.0),
    Column(
        "each", N_("Units each"), (), Format.DECIMAL, 12.0, N_("Units of the resource for one of the driver")
    ),
    Column(
        "units",
        N_("Units"),
        (),
        Format.DECIMAL,
        12.0,
        N_("How many × units each; money where nothing is counted"),
    ),
    Column(
        "rate", N_("Rate"), (), Format.RATE, 12.0, N_("Money a unit, cost negative; the average of the rows")
    ),
    Column("amount", N_("Amount"), (), Format.MONEY_CENTS, 15.0, N_("Units × rate"), total="sum"),
    Column(
        "gap",
        N_("Against the median"),
        (),
        Format.MONEY,
        13.0,
        N_("(How many - median) × units each × rate; below zero: costs more than with the median"),
        formula="IF(COUNT({driver_units},{usual_units},{each},{rate})=4,"
        '({driver_units}-{usual_units})*{each}*{rate},"")',
        rules=(SignRule(),),
    ),
    Column("priced_by", N_("Priced by"), (), width=18.0, note=N_("The row that gave the rate")),
)
"""The columns of the table of what the lines are made of."""


def _build_line_columns(taken: TakenApart) -> tuple[Column, ...]:
    lines = taken.lines
    own: dict[str, Sequence[Value]] = {
        "line": [title_ledger_line(str(line)) for line in lines["line"]],
        "group": translate_cell_words(lines["group"]),
    }
    return fill_columns(LINE_COLUMNS, lines, own)


def _build_driver_columns(
    results: Results, taken: TakenApart, existing: tuple[str, ...]
) -> tuple[Column, ...]:
    frame = taken.drivers
    own: dict[str, Sequence[Value]] = {
        "line": [title_ledger_line(str(line)) for line in frame["line"]],
        "units": _blank_own_money(frame, "units"),
        "rate": _blank_own_money(frame, "rate"),
        "group": translate_cell_words(frame["group"]),
        "what": [
            name_driver(str(driver)) or product or None
            for driver, product in zip(frame["driver"], frame["product"].astype(str), strict=True)
        ],
        "resource": [resource or None for resource in frame["resource"].astype(str)],
        "priced_by": [place or None for place in frame["priced_by"].astype(str)],
    }
    links = {
        "resource": rate_card.link_rates(frame["resource"].astype(str), results, existing),
        "priced_by": [_link_place(str(place), existing) for place in frame["priced_by"]],
    }
    columns = fill_columns(DRIVER_COLUMNS, frame, own, links)
    note = describe_median(taken)
    return tuple(replace(column, note=note) if column.key == "usual_units" else column for column in columns)


def _blank_own_money(frame: pd.DataFrame, column: str) -> list[Value]:
    """Return a column of the drivers, blank where the rows bear their own money: 1,000 units at 1 say nothing."""
    own = (frame["driver"] == "").to_numpy() & (frame["rate"].abs() == 1.0).to_numpy()
    return list_cell_values(frame[column].where(~own))


def describe_median(taken: TakenApart) -> str:
    """Return whose median a customer's drivers are held against."""
    if taken.peers:
        return _(
            "What the median customer of the segment {segment} uses at this net revenue", segment=taken.peers
        )
    return _("What the median of all customers uses at this net revenue")


def name_driver(driver: str) -> str:
    """Return a driver as the log calls its column: the base term's in the language spoken."""
    return term("ActivityLog", driver) if driver == BASE else driver


def _link_place(place: str, existing: Collection[str]) -> Link | None:
    """Return a link to a place such as ``Activities!5``, where the workbook has its sheet."""
    sheet, _mark, row = place.rpartition("!")
    return Link(sheet, format_address(int(row), 1)) if sheet in existing and row.isdigit() else None


def choose_rows(rows: pd.DataFrame, figure: Figure) -> pd.DataFrame:
    """Return those of a customer's priced source rows that a figure is the sum of."""
    kept = ledger.find_sections(rows).astype(object).isin(PARTS[figure.measure])
    for column in ("group", "line", "period"):
        wanted = getattr(figure, column)
        if wanted:
            kept &= (rows[column] == wanted).to_numpy()
    return rows[kept.to_numpy()].reset_index(drop=True)


def name_figure(figure: Figure) -> str:
    """Return a figure in words: ``cost to serve, 2024-03``."""
    said = describe_ledger_line(figure.line or figure.group or figure.measure)
    return _("{figure}, {period}", figure=said, period=figure.period) if figure.period else said


def _note_other_number(selection: Selection | None, whole: float) -> tuple[Cell, ...]:
    """Return what is said where the cell that was asked about holds another number than the figure."""
    value = selection.value if selection is not None else None
    if isinstance(value, bool) or not isinstance(value, int | float) or isclose(value, whole, abs_tol=0.005):
        return ()
    said = _(
        "The selected cell {cell} holds {number:,.2f}: another figure than this one",
        cell=selection.place if selection is not None else "",
        number=value,
    )
    return (Cell(5, 1, said, Meaning.WARNING, across=8),)


def _describe_measure_origin(figure: Figure) -> str:
    """Return how a measure comes about, in a sentence."""
    if figure.line or figure.group:
        return _("Each row of the tables below was posted to this line; the last columns say what priced it")
    parts = join_messages(", ", map(describe_ledger_line, PARTS[figure.measure]))
    said = title_ledger_line(figure.measure)
    return _("{measure} is the sum of: {parts}", measure=said, parts=parts)


def _split_largest_rows(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the rows to show, in their order, and those left to be put together."""
    if len(rows) <= MOST_ROWS:
        return rows, rows.iloc[:0]
    order = rows["amount"].abs().sort_values(ascending=False, kind="stable").index
    return rows.loc[sorted(order[:MOST_ROWS])], rows.loc[sorted(order[MOST_ROWS:])]


COLUMNS = (
    Column("line", N_("Line"), (), width=22.0, heading=N_("What")),
    Column("group", N_("Group"), (), width=13.0, heading=N_("What")),
    Column("period", N_("Period"), (), width=10.0, heading=N_("What")),
    Column(
        "place",
        N_("Source row"),
        (),
        width=20.0,
        note=N_("The row of the input table; leads there"),
        heading=N_("Where it comes from"),
    ),
    Column("date", N_("Date"), (), Format.DATE, 12.0, heading=N_("Where it comes from")),
    Column("driver", N_("Driver"), (), width=14.0, heading=N_("Where it comes from")),
    Column(
        "driver_units",
        N_("Driver units"),
        (),
        Format.DECIMAL,
        12.0,
        N_("What the row says of the driver"),
        heading=N_("Where it comes from"),
    ),
    Column("resource", N_("Resource"), (), width=18.0, heading=N_("Units × rate")),
    Column(
        "units",
        N_("Units"),
        (),
        Format.DECIMAL,
        12.0,
        N_("Units of the resource, or money where nothing else was counted"),
        heading=N_("Units × rate"),
    ),
    Column(
        "rate",
        N_("Rate"),
        (),
        Format.RATE,
        12.0,
        N_("Money a unit, cost negative"),
        heading=N_("Units × rate"),
    ),
    Column(
        "amount",
        N_("Amount"),
        (),
        Format.MONEY_CENTS,
        15.0,
        N_("Units × rate"),
        formula="{units}*{rate}",
        total="sum",
        rules=(SignRule(),),
        heading=N_("Units × rate"),
    ),
    Column(
        "priced_by",
        N_("Priced by"),
        (),
        width=18.0,
        note=N_("The row that gave the rate"),
        heading=N_("Units × rate"),
    ),
)
"""The columns of the table of source rows."""


def _build_explanation_columns(
    rows: pd.DataFrame, rest: pd.DataFrame, existing: tuple[str, ...]
) -> tuple[Column, ...]:
    places = list(zip(rows["sheet"].astype(str), rows["row"].tolist(), strict=True))
    dates = (rows["date"] - _EPOCH).dt.days.astype(float)
    more = [_("{n:,} smaller rows", n=len(rest))] if len(rest) else []
    blank: list[Value] = [None] * len(more)

    def body(column: str) -> list[Value]:
        return [v if v != "" else None for v in list_cell_values(rows[column])] + blank

    units = [*list_cell_values(rows["units"]), *([float(rest["amount"].sum())] if more else [])]
    rates = [*list_cell_values(rows["rate"]), *([1.0] if more else [])]
    amounts = [*list_cell_values(rows["amount"]), *([float(rest["amount"].sum())] if more else [])]
    return fill_columns(
        COLUMNS,
        rows,
        {
            "line": [*(title_ledger_line(str(line)) for line in rows["line"]), *more],
            "group": translate_cell_words(body("group")),
            "period": body("period"),
            "place": [*(f"{s}!{r}" for s, r in places), *blank],
            "date": [*list_cell_values(dates), *blank],
            "driver": [name_driver(str(d)) if d is not None else None for d in body("driver")],
            "driver_units": body("driver_units"),
            "resource": body("resource"),
            "units": units,
            "rate": rates,
            "amount": amounts,
            "priced_by": body("priced_by"),
        },
        links={
            "place": [*_link_source_places(places, existing), *([None] * len(more))],
            "priced_by": [*(_link_place(str(p), existing) for p in rows["priced_by"]), *([None] * len(more))],
        },
    )


def _link_source_places(
    places: Iterable[tuple[str, int]], existing: Collection[str]
) -> Iterator[Link | None]:
    """Yield a link to each source row whose sheet the workbook has."""
    for sheet, row in places:
        yield Link(sheet, format_address(int(row), 1)) if sheet in existing else None
