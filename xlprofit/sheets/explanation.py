"""The sheet *Explanation*: the source rows that a customer's figure is the sum of, units × rate each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from xlprofit import ledger as books
from xlprofit.addresses import address
from xlprofit.language import N_, _, term
from xlprofit.sheets import names
from xlprofit.sheets.frame import fill_columns, heading, line_called, span, told, values
from xlprofit.sheets.parts import Cell, Column, Format, Link, Meaning, Sheet, SignRule, Table, Value

if TYPE_CHECKING:  # results are handed in: what makes them is not needed
    from xlprofit.results import Results

NAME = names.EXPLANATION
TABLE = "explanation"
ROW = 7
BASE = "quantity"
"""The driver of a base term, which is called as the column of the log is."""

MOST_ROWS = 20_000
"""Rows that are shown; the smaller ones are then put together, so that the sum is still the figure."""

_EPOCH = pd.Timestamp("1899-12-30")


def sheet(results: Results, customer: str, line: str | None = None, existing: tuple[str, ...] = ()) -> Sheet:
    """Return the sheet that explains a figure.

    Args:
        results: the run.
        customer: the customer; ``""`` for what belongs to none.
        line: a measure, a group or a line of the ledger; the whole profit where it is not given.
        existing: the sheets of the workbook, to whose rows the explanation may lead.

    Raises:
        UnknownNameError: there is no such customer or no such line.
    """
    rows = results.explain(customer, line)
    shown, rest = _largest(rows)
    currency = results.inputs.settings.currency
    said = line_words(line or "profit")
    whole = float(rows["amount"].sum())
    who = results.known(customer) if customer.strip() else _("no customer")
    return Sheet(
        names.called(NAME),
        cells=(
            *heading(f"{who}: {said}", _("amount = units × rate") + f" · {span(results)}"),
            Cell(3, 1, _in_words(results, line), Meaning.NOTE, across=8),
            Cell(4, 1, _("The figure"), Meaning.LABEL),
            Cell(4, 2, whole, Meaning.SECTION, Format.MONEY_CENTS, across=2, rules=(SignRule(),)),
        ),
        tables=(
            Table(
                TABLE,
                ROW,
                1,
                _columns(shown, rest, existing),
                total_first=True,
                empty=_("Nothing was posted"),
            ),
        ),
        freeze=f"A{ROW + 1}",
        currency=currency,
        repeat_rows=(ROW, ROW),
    )


def _in_words(results: Results, line: str | None) -> str:
    """Return how a measure comes about, in a sentence."""
    measure = line or "profit"
    if measure not in books.MEASURES:
        return _("Each row of the tables below was posted to this line; the last columns say what priced it")
    parts = ", ".join(map(line_words, books.PARTS[measure]))
    said = line_words(measure)
    return _("{measure} is the sum of: {parts}", measure=said[:1].upper() + said[1:], parts=parts)


def line_words(line: str) -> str:
    """Return a measure, a group or a line of the ledger in words: ``cost_to_serve`` → *cost to serve*."""
    said = line_called(line)
    if said == line:
        said = term("word", line)
    return said.replace("_", " ") if said == line else said


def _largest(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
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


def _columns(rows: pd.DataFrame, rest: pd.DataFrame, existing: tuple[str, ...]) -> tuple[Column, ...]:
    places = list(zip(rows["sheet"].astype(str), rows["row"].tolist(), strict=True))
    dates = (rows["date"] - _EPOCH).dt.days.astype(float)
    more = [_("{n:,} smaller rows", n=len(rest))] if len(rest) else []
    blank: list[Value] = [None] * len(more)

    def body(column: str) -> list[Value]:
        return [v if v != "" else None for v in values(rows[column])] + blank

    units = [*values(rows["units"]), *([float(rest["amount"].sum())] if more else [])]
    rates = [*values(rows["rate"]), *([1.0] if more else [])]
    amounts = [*values(rows["amount"]), *([float(rest["amount"].sum())] if more else [])]
    return fill_columns(
        COLUMNS,
        rows,
        {
            "line": [*(line_called(str(line)) for line in rows["line"]), *more],
            "group": told(body("group")),
            "period": body("period"),
            "place": [*(f"{s}!{r}" for s, r in places), *blank],
            "date": [*values(dates), *blank],
            "driver": [term("ActivityLog", str(d)) if d == BASE else d for d in body("driver")],
            "driver_units": body("driver_units"),
            "resource": body("resource"),
            "units": units,
            "rate": rates,
            "amount": amounts,
            "priced_by": body("priced_by"),
        },
        links={
            "place": [
                *(Link(s, address(int(r), 1)) if s in existing else None for s, r in places),
                *(None for _ in more),
            ]
        },
    )
