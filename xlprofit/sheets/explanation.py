"""The sheet *Explanation*: the source rows that a customer's figure is the sum of, units × rate each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from math import isclose
from typing import TYPE_CHECKING

import pandas as pd

from xlprofit import ledger
from xlprofit.addresses import format_address
from xlprofit.messages import N_, _, capitalize_message, join_messages, space_words, term
from xlprofit.sheets import names
from xlprofit.sheets.frame import (
    build_sheet_heading,
    describe_analysis_span,
    fill_columns,
    list_cell_values,
    name_ledger_line,
    translate_cell_words,
)
from xlprofit.sheets.parts import Cell, Column, Figure, Format, Link, Meaning, Sheet, SignRule, Table, Value
from xlprofit.vocabulary.measures import PARTS

if TYPE_CHECKING:  # results are handed in: what makes them is not needed
    from xlprofit.results import Results
    from xlprofit.sheets.figures import Selection

NAME = names.EXPLANATION
TABLE = "explanation"
ROW = 7
BASE = "quantity"
"""The driver of a base term, which is called as the column of the log is."""

MOST_ROWS = 20_000
"""Rows that are shown; the smaller ones are then put together, so that the sum is still the figure."""

_EPOCH = pd.Timestamp("1899-12-30")


def describe_explanation_sheet(
    results: Results, figure: Figure, existing: tuple[str, ...] = (), selection: Selection | None = None
) -> Sheet:
    """Return the sheet that explains a figure.

    Args:
        results: the run.
        figure: what of a customer's ledger is explained; no customer: what belongs to none.
        existing: the sheets of the workbook, to whose rows the explanation may lead.
        selection: the cell that was asked about: where it holds another number than the figure, the sheet says so.

    Raises:
        UnknownNameError: there is no such customer.
    """
    rows = select_rows(results, figure)
    shown, rest = _split_largest_rows(rows)
    whole = float(rows["amount"].sum())
    who = results.resolve_customer(figure.customer) if figure.customer.strip() else _("no customer")
    title = _("{customer}: {figure}", customer=who, figure=name_figure(figure))
    return Sheet(
        names.translate_sheet_name(NAME),
        cells=(
            *build_sheet_heading(title, _("amount = units × rate") + " · " + describe_analysis_span(results)),
            Cell(3, 1, _describe_measure_origin(figure), Meaning.NOTE, across=8),
            Cell(4, 1, _("The figure"), Meaning.LABEL),
            Cell(4, 2, whole, Meaning.SECTION, Format.MONEY_CENTS, across=2, rules=(SignRule(),)),
            *_note_other_number(selection, whole),
        ),
        tables=(
            Table(
                TABLE,
                ROW,
                1,
                _build_explanation_columns(shown, rest, existing),
                total_first=True,
                empty=_("Nothing was posted"),
            ),
        ),
        freeze=f"A{ROW + 1}",
        currency=results.inputs.settings.currency,
        repeat_rows=(ROW, ROW),
    )


def select_rows(results: Results, figure: Figure) -> pd.DataFrame:
    """Return the priced source rows that a figure is the sum of, columns as :meth:`Results.explain` has them."""
    return choose_rows(results.explain(figure.customer), figure)


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
    said = capitalize_message(describe_ledger_line(figure.measure))
    return _("{measure} is the sum of: {parts}", measure=said, parts=parts)


def describe_ledger_line(line: str) -> str:
    """Return a measure, a group or a line of the ledger in words: ``cost_to_serve`` → *cost to serve*."""
    said = name_ledger_line(line)
    return space_words(term("line/word", line)) if said == line else said


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
            "line": [*(name_ledger_line(str(line)) for line in rows["line"]), *more],
            "group": translate_cell_words(body("group")),
            "period": body("period"),
            "place": [*(f"{s}!{r}" for s, r in places), *blank],
            "date": [*list_cell_values(dates), *blank],
            "driver": [term("ActivityLog", str(d)) if d == BASE else d for d in body("driver")],
            "driver_units": body("driver_units"),
            "resource": body("resource"),
            "units": units,
            "rate": rates,
            "amount": amounts,
            "priced_by": body("priced_by"),
        },
        links={
            "place": [*_link_source_places(places, existing), *([None] * len(more))],
        },
    )


def _link_source_places(
    places: Iterable[tuple[str, int]], existing: Collection[str]
) -> Iterator[Link | None]:
    """Yield a link to each source row whose sheet the workbook has."""
    for sheet, row in places:
        yield Link(sheet, format_address(int(row), 1)) if sheet in existing else None
