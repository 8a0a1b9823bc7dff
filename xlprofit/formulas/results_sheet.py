"""The results sheet: how a refresh leaves its results in the workbook, and how the look-ups find them again.

What only holds is a named tuple here: dataclasses take longer to import than all the formulas together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from xlprofit.formulas.cells import (
    BLANK,
    FormulaError,
    fold_cell_customer,
    fold_measure_name,
    format_cell_text,
    is_blank,
)
from xlprofit.languages import LANGUAGES
from xlprofit.messages import ENGLISH

SHEET = "xlprofit_results"
"""The name of the results sheet, which is very hidden."""

MARK, STAMP_CELL, LAYOUT = "xlprofit results", "B1", 1
"""What the first row of the results sheet holds: the mark in A1, the stamp, the number of this layout, the currency."""

HEADER = ("kind", "name", "group", "measures", "period")
"""The header rows of the results sheet, from its second row on; the names stand in column A."""

MOST_CELLS = 2_000_000
"""The most cells that a results sheet should have: beyond that, columns by period are left out."""

NEVER_REFRESHED = FormulaError("#N/A", "This workbook was never refreshed: press Refresh, then recalculate")


class ResultColumn(NamedTuple):
    """A column of the results sheet: what its cells hold for each customer.

    Attributes:
        kind: ``measure`` (a line of the P&L or ``margin``), ``amount`` or ``units`` (of a line of the ledger),
            ``state``, ``decision`` (texts), ``referral`` (money) or ``forecast`` (a figure of the outlook).
        name: of the measure, of the line or of the figure; empty for the other kinds.
        group: of the line.
        measures: the measures of the P&L that the line is a part of.
        period: the label of a period; empty for the whole span.
    """

    kind: str
    name: str = ""
    group: str = ""
    measures: tuple[str, ...] = ()
    period: str = ""


def build_results_rows(
    stamp: str,
    currency: str,
    columns: Sequence[ResultColumn],
    body: Iterable[Sequence[object]],
    language: str = ENGLISH,
) -> list[list[object]]:
    """Return the rows of a results sheet, as :meth:`Lookup.from_rows` reads them.

    Args:
        stamp: tells one refresh from another.
        currency: the code of the currency.
        columns: what stands beside the customers' names, in the order of the P&L.
        body: for each customer its name and a value for each column; ``None`` where a value is unknown or,
            of an amount or units, where nothing was posted.
        language: the code of the language that the formulas answer in.
    """
    head: list[list[object]] = [[MARK, stamp, LAYOUT, currency, *([language] if language != ENGLISH else [])]]
    for name in HEADER:
        values = [getattr(column, name) for column in columns]
        head.append([name, *("|".join(v) if isinstance(v, tuple) else v for v in values)])
    return [*head, *map(list, body)]


class Lookup(NamedTuple):
    """The results sheet of the last refresh, indexed: read once for each refresh.

    The sheet, a row each: :data:`MARK`, stamp, :data:`LAYOUT`, currency and, where it is not English, the code
    of the language; then the :data:`HEADER` rows, which say
    for each column from B on what it holds (:class:`ResultColumn`; ``measures`` joined by ``|``); then a row for each
    customer, its name in column A. Money is signed: revenue positive, cost negative. A measure or a line has
    columns for all periods or for none, as there is room (:data:`MOST_CELLS`). Cells are numbers of the General
    format and texts.

    Attributes:
        stamp: tells one refresh from another.
        currency: the code of the currency.
        columns: what each column from B on holds.
        rows: the customers' rows as they stand, from column A on.
        places: the place of each customer's row, by the name's key.
        spelled: the same by the name as it is spelled, which is how it is mostly asked for.
        where: the place of each column, by kind, name (a measure's in its loose form), group and period.
        measures: the measures, in the order of the sheet.
        periods: the labels of the periods, in order; empty where none are kept.
        language: the code of the language that the formulas answer in.
    """

    stamp: str
    currency: str
    columns: tuple[ResultColumn, ...]
    rows: Sequence[Sequence[object]]
    places: Mapping[str, int]
    spelled: Mapping[str, int]
    where: Mapping[tuple[str, str, str, str], int]
    measures: tuple[str, ...]
    periods: tuple[str, ...]
    language: str = ENGLISH

    @classmethod
    def from_rows(cls, rows: Sequence[Sequence[object]] | None) -> Lookup:
        """Return the look-up of a results sheet.

        Args:
            rows: the cells of the sheet, row by row, as a host reads them; empty or ``None`` where there is
                no such sheet.

        Raises:
            FormulaError: ``#N/A``; the workbook was never refreshed, or by another version.
        """
        if not rows or len(rows[0]) < 4 or rows[0][0] != MARK or len(rows) <= len(HEADER):
            raise FormulaError(*NEVER_REFRESHED.args)
        if format_cell_text(rows[0][2]) != str(LAYOUT):
            raise FormulaError(
                "#N/A", "This workbook was refreshed by another version of xlprofit: refresh it again"
            )
        columns = tuple(_read_results_columns(rows[1 : len(HEADER) + 1]))
        body = rows[len(HEADER) + 1 :]
        return cls(
            format_cell_text(rows[0][1]),
            format_cell_text(rows[0][3]),
            columns,
            body,
            *_place_customers(body),
            _place_columns(columns),
            tuple(c.name for c in columns if c.kind == "measure" and not c.period),
            tuple(sorted({c.period for c in columns if c.period})),
            _read_results_language(rows[0]),
        )


def _place_customers(body: Sequence[Sequence[object]]) -> tuple[dict[str, int], dict[str, int]]:
    """Return where the row of each customer is, by its key and by its name as it is spelt."""
    places: dict[str, int] = {}
    spelled: dict[str, int] = {}
    for place, row in enumerate(body):
        if row and not is_blank(row[0]):
            spelled[format_cell_text(row[0])] = places.setdefault(fold_cell_customer(row[0]), place)
    return places, spelled


def _place_columns(columns: Sequence[ResultColumn]) -> dict[tuple[str, str, str, str], int]:
    """Return where each column is by its kind, name, group and period; a measure by its name folded."""
    return {
        (c.kind, fold_measure_name(c.name) if c.kind == "measure" else c.name, c.group, c.period): place
        for place, c in enumerate(columns, 1)
    }


def _read_results_language(first: Sequence[object]) -> str:
    code = format_cell_text(first[4]) if len(first) > 4 and first[4] is not None else ""
    return code if code in LANGUAGES else ENGLISH


def _read_results_columns(header: Sequence[Sequence[object]]) -> Iterable[ResultColumn]:
    """Yield what the header rows say of each column from B on."""

    def read_cell(row: int, place: int) -> str:
        cell = header[row][place] if place < len(header[row]) else None
        return BLANK if cell is None else format_cell_text(cell)

    for place in range(1, len(header[0])):
        kind, name, group, measures, period = (read_cell(row, place) for row in range(len(HEADER)))
        if not kind:
            return
        yield ResultColumn(kind, name, group, tuple(m for m in measures.split("|") if m), period)


def build_example() -> Lookup:
    """Return the look-up that the documentation shows: two customers with the same gross margin.

    Source: Garrison, *Managerial Accounting*, the Worley problem.
    """
    from xlprofit.vocabulary.groups import Group  # only here: a look-up does not need them to start
    from xlprofit.vocabulary.lines import Line
    from xlprofit.vocabulary.measures import Measure, find_measures
    from xlprofit.vocabulary.states import State
    from xlprofit.vocabulary.verdicts import Verdict

    serving = find_measures(Measure.COST_TO_SERVE)
    lines = [
        ResultColumn("amount", Line.GROSS_REVENUE, Group.REVENUE, find_measures(Measure.GROSS_REVENUE)),
        ResultColumn("amount", Line.COGS, Group.COGS, find_measures(Measure.COGS)),
        ResultColumn("amount", "Delivery", Group.DELIVER, serving),
        ResultColumn("amount", "Manual order", Group.ORDER, serving),
        ResultColumn("amount", "Lines picked", Group.DELIVER, serving),
    ]
    measures = (
        *(Measure.NET_REVENUE, Measure.GROSS_MARGIN, Measure.COST_TO_SERVE),
        *(Measure.PROFIT, Measure.MARGIN),
    )
    columns = [
        *(ResultColumn("measure", name) for name in measures),
        *lines,
        *(ResultColumn("units", c.name, c.group) for c in lines),
        *(ResultColumn(kind) for kind in ("state", "decision", "referral")),
        *(ResultColumn("forecast", name) for name in ("expected_profit", "expected_low", "expected_high")),
    ]
    pnl: list[list[object]] = [
        ["University", 40_660.0, 2_660.0, -1_935.0, 725.0, 725 / 40_660],
        ["Memorial", 40_660.0, 2_660.0, -6_489.0, -3_829.0, -3_829 / 40_660],
    ]
    posted: list[list[object]] = [
        [40_660.0, -38_000.0, -1_344.0, -306.0, -285.0, 40_660.0, 38_000.0, 16.0, 18.0, 190.0],
        [40_660.0, -38_000.0, -2_352.0, -3_822.0, -315.0, 40_660.0, 38_000.0, 28.0, 49.0, 210.0],
    ]
    said: list[list[object]] = [
        [str(State.PROFITABLE), str(Verdict.KEEP), 120.0, 690.0, 480.0, 910.0],
        [str(State.LOSS_MAKING), str(Verdict.FIX), None, -3_254.0, -4_100.0, -2_380.0],
    ]
    body = [pnl[i] + posted[i] + said[i] for i in range(2)]
    return Lookup.from_rows(build_results_rows("example", "EUR", columns, body))
