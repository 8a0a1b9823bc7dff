"""The results sheet: how a refresh leaves its results in the workbook, and how the look-ups find them again.

What only holds is a named tuple here: dataclasses take longer to import than all the formulas together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple, overload

from xlprofit.formulas.cells import (
    BLANK,
    FormulaError,
    fold_cell_customer,
    fold_measure_name,
    format_cell_text,
    is_blank,
)
from xlprofit.languages import list_languages
from xlprofit.messages import ENGLISH, N_

SHEET = "xlprofit_results"
"""The name of the results sheet, which is very hidden."""

MARK, STAMP_CELL, LAYOUT, STACKED = "xlprofit results", "B1", 1, 2
"""What the first row of the results sheet holds: the mark in A1, the stamp, the number of the layout, the currency.

There are two layouts: periods beside each other, and below each other, which is what a refresh writes.
"""

HEADER = ("kind", "name", "group", "measures", "period")
"""The header rows of the results sheet, from its second row on; the names stand in column A."""

MOST_CELLS = 2_000_000
"""The most cells that a results sheet should have: beyond that, columns by period are left out."""

CHANGED_BY_HAND = N_("The results sheet was changed by hand: refresh the workbook")

NEVER_REFRESHED = FormulaError("#N/A", "This workbook was never refreshed: press Refresh, then recalculate")


class SourceRow(NamedTuple):
    """A source row behind a customer's profit, priced: *amount = units × rate*, revenue positive.

    ``line`` and ``group`` are those of the ledger; ``source_row`` and ``priced_by`` are places such as
    ``ActivityLog!12``; ``driver_units`` is blank where nothing is counted.
    """

    line: str
    group: str
    source_row: str
    period: str
    driver: str
    driver_units: float | str
    units: float
    rate: float
    amount: float
    priced_by: str


class Driver(NamedTuple):
    """A term of an activity's time equation: how many × ``each`` units of a resource.

    Attributes:
        line: the activity.
        driver: the column of the log that is counted; ``quantity`` of the base term.
        resource: what does the work; empty where a unit cost prices it.
        place: the row of the term, such as ``Activities!5``.
        each: units of the resource for one of the driver.
    """

    line: str
    driver: str
    resource: str
    place: str
    each: float


DRIVERS_KEPT, DRIVER_UNITS, DRIVER_AMOUNT = "drivers", "driver_units", "driver_amount"
"""The kinds of the columns of drivers: a mark that they are kept, how many were counted, and what they cost."""


def name_driver_column(driver: Driver) -> str:
    """Return the name of a driver's columns, of which :func:`read_driver` makes the driver again."""
    import json  # only here: no other part of the formulas needs it

    return json.dumps(list(driver), ensure_ascii=False)


def read_driver(column: ResultColumn) -> Driver:
    """Return the driver that a column is about; :class:`FormulaError` where its name was changed by hand."""
    import json  # only here: no other part of the formulas needs it

    try:
        line, driver, resource, place, each = json.loads(column.name)
        return Driver(str(line), str(driver), str(resource), str(place), float(each))
    except (TypeError, ValueError):
        raise FormulaError("#N/A", CHANGED_BY_HAND) from None


class ResultColumn(NamedTuple):
    """A column of the results sheet: what its cells hold for each customer.

    Attributes:
        kind: ``measure`` (a line of the P&L or ``margin``), ``amount`` or ``units`` (of a line of the ledger),
            ``state``, ``decision`` (texts), ``referral`` (money), ``attribute`` (what the customer is, a text),
            ``forecast`` (a figure of the outlook), ``scenario`` (a measure of a plan or a scenario), ``served`` (the
            amount of a line of its cost to serve), ``change`` (of the profit, by effect; money), ``fact`` (what
            the sheet Customer shows besides, by block) or ``driver_units`` and ``driver_amount`` (of a driver of an
            activity), which the mark ``drivers`` goes before.
        name: of the measure, of the line, of the attribute, of the figure, of the effect or of the driver
            (:func:`name_driver_column`); empty for the whole change and for the other kinds.
        group: of the line; the name of the plan or the scenario.
        measures: the measures of the P&L that the line is a part of; of a line of a plan or a scenario its group.
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


def stack_results_rows(
    head: Sequence[object], columns: Sequence[ResultColumn], kept: int, customers: int
) -> list[list[object]]:
    """Return the rows above the customers of a results sheet whose periods stand below each other.

    Args:
        head: stamp, currency and the code of the language.
        columns: what stands beside the customers' names, over the whole span; the first ``kept`` of them are there
            for each period too.
        kept: the number of those columns.
        customers: the number of the customers.
    """
    stamp, currency, language = head
    said = None if language == ENGLISH else language
    rows = build_results_rows("", "", columns, [])[1 : len(HEADER)]
    return [[MARK, stamp, STACKED, currency, said, kept, customers], *rows, [HEADER[-1]]]


class StackedRow(Sequence[object]):
    """A customer's row where periods stand below each other: over the whole span, then for each period."""

    __slots__ = ("_blocks", "_width")

    def __init__(self, blocks: Sequence[Sequence[object]], width: int) -> None:
        self._blocks, self._width = blocks, width

    def __len__(self) -> int:
        """Return the number of cells, as if all stood in one row."""
        return len(self._blocks) * self._width

    @overload
    def __getitem__(self, place: int) -> object: ...
    @overload
    def __getitem__(self, place: slice) -> list[object]: ...
    def __getitem__(self, place: int | slice) -> object:
        """Return a cell, nothing where the row is shorter; or several."""
        if isinstance(place, slice):
            return [self[at] for at in range(*place.indices(len(self)))]
        block, at = divmod(place, self._width)
        cells = self._blocks[block]
        return cells[at] if at < len(cells) else None


class StackedRows(Sequence[Sequence[object]]):
    """The customers' rows where periods stand below each other; made of the sheet's as they are asked for."""

    __slots__ = ("_body", "_count", "_width")

    def __init__(self, body: Sequence[Sequence[object]], count: int, width: int) -> None:
        self._body, self._count, self._width = body, count, width

    def __len__(self) -> int:
        """Return the number of customers."""
        return self._count

    @overload
    def __getitem__(self, place: int) -> StackedRow: ...
    @overload
    def __getitem__(self, place: slice) -> list[Sequence[object]]: ...
    def __getitem__(self, place: int | slice) -> Sequence[object] | list[Sequence[object]]:
        """Return a customer's row, or several."""
        if isinstance(place, slice):
            return [self[at] for at in range(*place.indices(len(self)))]
        if not -self._count <= place < self._count:
            raise IndexError(place)
        return StackedRow(self._body[place :: self._count], self._width)


class Lookup(NamedTuple):
    """The results sheet of the last refresh, indexed: read once for each refresh.

    The sheet, a row each: :data:`MARK`, stamp, :data:`STACKED`, currency, the code of the language where it is not
    English, how many columns are there by period, and the number of customers; then the :data:`HEADER` rows, which say
    for each column from B on what it holds (:class:`ResultColumn`; ``measures`` joined by ``|``); then a row for each
    customer, its name in column A, over the whole span; and below them, for each period, the customers in the same
    order again, the period's label in column A of the first of them. Money is signed: revenue positive, cost
    negative. Measures, and lines, are there for all periods or for none, as there is room (:data:`MOST_CELLS`). Cells
    are numbers of the General format and texts. In :data:`LAYOUT`, which was written before, and is still read, periods
    stand beside each other: each in further columns of a customer's one row.

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
        groups: the places of the rows of each group of customers, by the keys of its attribute and value; filled
            attribute by attribute, as they are asked for.
        explain: what gives the source rows of a customer, by its name and whether the tables are read again, and may
            raise a :class:`FormulaError`; ``None`` where the host cannot read the input tables within a formula.
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
    language: str
    groups: dict[str, dict[str, list[int]]]
    explain: Callable[[str, bool], Sequence[SourceRow]] | None = None

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
        layout = format_cell_text(rows[0][2])
        if layout == str(STACKED):
            return _read_stacked_rows(rows)
        if layout != str(LAYOUT):
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
            {},
        )


def _read_stacked_rows(rows: Sequence[Sequence[object]]) -> Lookup:
    """Return the look-up of a results sheet whose periods stand below each other."""
    first, names, body = rows[0], rows[1 : len(HEADER)], rows[len(HEADER) + 1 :]
    columns = list(_read_results_columns([*names, ()]))
    kept, count = (_read_count(first[at] if len(first) > at else 0) for at in (5, 6))
    starts = range(count, len(body) if kept and count else 0, max(count, 1))
    periods = [format_cell_text(body[at][0]) for at in starts if body[at] and not is_blank(body[at][0])]
    if len(body) < count * (1 + len(periods)) or kept > len(columns):
        raise FormulaError("#N/A", CHANGED_BY_HAND)
    body = body[: count * (1 + len(periods))]
    width = len(columns) + 1
    by_period = [column._replace(period=label) for label in periods for column in columns[:kept]]
    where = _place_columns(columns)
    for block, label in enumerate(periods, 1):
        for key, place in _place_columns([c._replace(period=label) for c in columns[:kept]]).items():
            where[key] = block * width + place
    return Lookup(
        format_cell_text(first[1]),
        format_cell_text(first[3]),
        (*columns, *by_period),
        StackedRows(body, count, width),
        *_place_customers(body[:count]),
        where,
        tuple(c.name for c in columns if c.kind == "measure"),
        tuple(sorted(periods)),
        _read_results_language(first),
        {},
    )


def _read_count(cell: object) -> int:
    """Return a cell's whole number; 0 where there is none."""
    text = format_cell_text(cell)
    return int(text) if text.isdigit() and len(text) < 8 else 0


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
    return code if code in list_languages() else ENGLISH


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
        *(ResultColumn("change", name) for name in ("", "price", "volume")),
        *(ResultColumn("forecast", name) for name in ("expected_profit", "expected_low", "expected_high")),
        ResultColumn(DRIVERS_KEPT),
        *(
            ResultColumn(
                kind, name_driver_column(Driver(c.name, "quantity", "", f"Activities!{row}", 1.0)), c.group
            )
            for kind in (DRIVER_UNITS, DRIVER_AMOUNT)
            for row, c in enumerate(lines[2:], 2)
        ),
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
        [str(State.PROFITABLE), str(Verdict.KEEP), 120.0, 150.0, 90.0, 60.0, 690.0, 480.0, 910.0],
        [str(State.LOSS_MAKING), str(Verdict.FIX), None, -300.0, -400.0, 100.0, -3_254.0, -4_100.0, -2_380.0],
    ]
    driven = [[None, *posted[i][7:], *posted[i][2:5]] for i in range(2)]
    body = [pnl[i] + posted[i] + said[i] + driven[i] for i in range(2)]
    return Lookup.from_rows(build_results_rows("example", "EUR", columns, body))
