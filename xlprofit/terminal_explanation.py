"""What the terminal shows of a figure that is explained: its lines, what they are made of, the largest source rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from xlprofit.errors import UnknownNameError
from xlprofit.formulas.cells import fold_measure_name
from xlprofit.sheets.explanation import (
    TakenApart,
    describe_median,
    name_driver,
    name_figure,
    take_apart,
)
from xlprofit.sheets.figures import list_lines
from xlprofit.sheets.frame import title_ledger_line
from xlprofit.sheets.parts import Figure
from xlprofit.terminal import print_line
from xlprofit.terminal_changes import show_rows
from xlprofit.words.speech import _, _n, number, say

if TYPE_CHECKING:
    from xlprofit.analysis.breakdown import Level
    from xlprofit.results import Results

SHOWN_ROWS = 10
"""Source rows that are shown, the largest; ``--format csv --level rows`` has all."""


def find_asked_figure(results: Results, customer: str, line: str) -> Figure:
    """Return the figure that a customer's name and a line in words mean.

    Args:
        results: the run.
        customer: the customer; ``""`` for what belongs to none.
        line: a measure, a group or a line of the ledger in any language; ``""`` for the profit.

    Raises:
        UnknownNameError: there is no such customer or line.
    """
    name = results.resolve_customer(customer) if customer.strip() else ""
    if not line.strip():
        return Figure(customer=name)
    known = list_lines(results)
    found = known.get(fold_measure_name(line))
    if found is None:
        raise UnknownNameError(line, known, "line")
    return Figure(found.measure, found.group, found.line, customer=name)


def choose_level(results: Results, figure: Figure, level: Level) -> pd.DataFrame:
    """Return one of the levels of a figure, its line as the index, for another program."""
    taken = take_apart(results, figure)
    return {"lines": taken.lines, "drivers": taken.drivers, "rows": taken.rows}[level].set_index("line")


def show_explanation(results: Results, figure: Figure, *, whole: bool) -> None:
    """Show the lines of a figure by size; of a line that was asked for, what it is made of and its largest rows.

    Args:
        results: the run.
        figure: the figure.
        whole: whether all three levels are shown, or the lines alone.
    """
    taken = take_apart(results, figure)
    total, currency = float(taken.lines["amount"].sum()), results.inputs.settings.currency
    print_line(
        _(
            "{customer}: {figure} = {total:,.2f} {currency}",
            customer=taken.customer or _("no customer"),
            figure=name_figure(figure),
            total=total,
            currency=currency,
        )
    )
    if not len(taken.rows):
        print_line(_("Nothing was posted"))
        return
    _show_lines(taken, currency)
    if not whole:
        print_line(_("What a line is made of: {command}", command="xlprofit explain BOOK CUSTOMER LINE"))
        return
    _show_drivers(taken, currency)
    _show_source_rows(taken, currency)


def _show_lines(taken: TakenApart, currency: str) -> None:
    rows = [
        [
            say(title_ledger_line(str(line))),
            number(amount, ",.2f"),
            _format_known(share, ".1%"),
            _format_known(of_revenue, ".1%"),
        ]
        for line, amount, share, of_revenue in zip(
            *(taken.lines[c] for c in ("line", "amount", "share", "of_revenue")), strict=True
        )
    ]
    headers = [_("Line"), currency, _("Share of the figure"), _("% of net revenue")]
    show_rows(_("Its lines, the largest first"), headers, rows)


def _show_drivers(taken: TakenApart, currency: str) -> None:
    columns = ("driver_units", "usual_units", "each", "units", "rate", "amount", "gap")
    forms = (",.2f", ",.2f", ",.4g", ",.2f", ",.4f", ",.2f", "+,.0f")
    rows = [
        [
            say(title_ledger_line(str(row["line"]))),
            say(name_driver(str(row["driver"]))) or str(row["product"]),
            str(row["resource"]),
            *(_format_known(float(row[c]), form) for c, form in zip(columns, forms, strict=True)),
        ]
        for row in taken.drivers.to_dict("records")
    ]
    headers = [
        *(_("Line"), _("Driver or product"), _("Resource"), _("How many"), _("Median"), _("Units each")),
        *(_("Units"), _("Rate"), currency, _("Against the median")),
    ]
    show_rows(_("What each line is made of"), headers, rows, (0, 1, 2))
    if taken.drivers["usual_units"].notna().any():
        print_line(_("Median: {what}", what=say(describe_median(taken))))


def _show_source_rows(taken: TakenApart, currency: str) -> None:
    shown = taken.rows.iloc[:SHOWN_ROWS]
    rows = [
        [
            f"{row['sheet']}!{row['row']}",
            str(row["period"]),
            say(title_ledger_line(str(row["line"]))),
            *(
                number(float(row[c]), form)
                for c, form in (("units", ",.2f"), ("rate", ",.4f"), ("amount", ",.2f"))
            ),
            str(row["priced_by"]),
        ]
        for row in shown.to_dict("records")
    ]
    headers: Sequence[str] = [
        *(_("Source row"), _("Period"), _("Line"), _("Units"), _("Rate"), currency, _("Priced by")),
    ]
    show_rows(_("The largest source rows"), headers, rows, (0, 1, 2, 6))
    more = len(taken.rows) - len(shown)
    if more:
        print_line(
            _n(
                "and {n:,} more: {command}",
                "and {n:,} more: {command}",
                more,
                command="--level rows --format csv",
            )
        )


def _format_known(value: float, form: str) -> str:
    """Return a number as it is shown; an unknown as a blank."""
    return "" if value != value else number(value, form)
