"""The very hidden results sheet, which the formulas look their answers up in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit import ledger as books
from xlprofit.addresses import MOST_COLUMNS
from xlprofit.analysis import attributes
from xlprofit.analysis.breakdown import post_log
from xlprofit.formulas import SHEET, Lookup, ResultColumn
from xlprofit.formulas.compared import RUN, SERVED
from xlprofit.formulas.groups import KIND
from xlprofit.formulas.results_sheet import MOST_CELLS, stack_results_rows
from xlprofit.messages import ENGLISH
from xlprofit.sheets.customer_facts import list_drivers_used, list_facts
from xlprofit.sheets.frame import list_cell_numbers, list_cell_values
from xlprofit.sheets.parts import Column, Meaning, NumberCells, Sheet, Table, Value
from xlprofit.vocabulary.forecasts import BOUNDS, FORECASTS
from xlprofit.vocabulary.measures import LOOKED_UP, MEASURES, Measure, find_measures

if TYPE_CHECKING:  # results are handed in: what makes them is not needed
    from xlprofit.results import Results

Numbers = npt.NDArray[np.float64]

Filled = tuple[ResultColumn, list[Value] | Numbers]
"""A column of the results sheet and its values, by customer in the order of the P&L; of numbers an array."""

_NUMBERS = {float, type(None)}


def describe_results_sheet(results: Results) -> Sheet:
    """Return the results sheet: what :class:`xlprofit.formulas.Lookup` reads, customers by descending profit."""
    rows = _arrange_rows(results)
    count = len(rows.place)
    filled = [
        (column, _fill_down_cells(below, count)) for column, below in _list_results_columns(results, rows)
    ]
    names: list[Value] = [str(c) for c in results.whale.index]
    names += [None] * (count - len(names))  # behind the customers come spans of theirs, which have no name
    settings = results.inputs.settings
    stamp = _compute_refresh_stamp(filled, names, settings.language)
    whole = [column for column, _ in filled if not column.period]
    by_period: dict[str, list[list[Value] | Numbers]] = {}
    for column, below in filled:
        if column.period:
            by_period.setdefault(column.period, []).append(below)
    periods = list(by_period)
    kept = len(by_period[periods[0]]) if periods else 0
    # The rows above the customers alone go through the rows' maker: a column at a time is ten times faster.
    head = stack_results_rows((stamp, settings.currency, settings.language), whole, kept, len(names))
    columns = []
    for i, below in enumerate([names, *(v for column, v in filled if not column.period)]):
        above = [row[i] if i < len(row) else None for row in head]
        blocks = [below]
        for label in periods if i <= kept else ():  # the others are blank there, and end before
            blocks.append(by_period[label][i - 1] if i else _build_label_column(label, names))
        cells = _stack_blocks(list(map(_convert_stored_value, above[1:])), blocks)
        columns.append(Column(f"c{i}", "" if above[0] is None else str(above[0]), cells))
    return Sheet(
        SHEET,
        tables=(Table("results", 1, 1, tuple(columns), filtered=False),),
        tab=Meaning.NEUTRAL,
        hidden=True,
    )


def _fill_down_cells(below: list[Value] | Numbers, count: int) -> list[Value] | Numbers:
    """Return so many cells of a column, blanks behind its own; an array where all of them are numbers or blanks."""
    left = count - len(below)
    if isinstance(below, np.ndarray):
        return np.append(below, np.full(left, np.nan)) if left else below
    numeric = _NUMBERS.issuperset(map(type, below))
    return _fill_down_cells(np.array(below, np.float64), count) if numeric else [*below, *[None] * left]


def _stack_blocks(above: list[Value], blocks: Sequence[list[Value] | Numbers]) -> Sequence[Value]:
    """Return the cells of a column: those above the customers, then block under block."""
    numbers = [block for block in blocks if isinstance(block, np.ndarray)]
    if len(numbers) == len(blocks):
        return NumberCells(np.concatenate(numbers), above)
    lists = (list_cell_numbers(block) if isinstance(block, np.ndarray) else block for block in blocks)
    return [*above, *(value for block in lists for value in block)]


def _build_label_column(label: str, names: Sequence[object]) -> list[Value]:
    """Return what the column of the names has beside the figures of a period: its label, in the first row."""
    column: list[Value] = [None] * len(names)
    column[:1] = [label] if names else []
    return column


def list_results_rows(drawn: Sheet) -> list[Sequence[object]]:
    """Return the rows of a results sheet, as a host would read its cells."""
    columns = drawn.tables[0].columns
    return [[c.header for c in columns], *zip_longest(*(c.values for c in columns))]


def build_results_lookup(drawn: Sheet) -> Lookup:
    """Return what the formulas find on a results sheet."""
    return Lookup.from_rows(list_results_rows(drawn))


def _convert_stored_value(cell: object) -> Value:
    return cell if isinstance(cell, str | int | float | bool) else None


def _compute_refresh_stamp(filled: list[Filled], names: list[Value], language: str) -> str:
    """Return what tells one refresh from another: the same figures, the same stamp, whatever the clock says.

    Of a number 40 binary digits count, some twelve decimal ones: the last ones may be those of a processor.
    """
    digest = hashlib.sha256(repr((names, *([language] if language != ENGLISH else []))).encode())
    known = np.array([below for _column, below in filled if isinstance(below, np.ndarray)])
    mantissa, power = np.frexp(np.nan_to_num(known))
    numbers = zip(np.isnan(known), np.rint(np.ldexp(mantissa, 40)), power, strict=True)
    for column, below in filled:
        digest.update(repr(column).encode())
        if isinstance(below, np.ndarray):
            for part in next(numbers):
                digest.update(part.tobytes())
        else:
            digest.update(repr(below).encode())
    return digest.hexdigest()[:16]


class _Rows(NamedTuple):
    """The rows of the sheet: the customers, and behind them what a customer was in each of its spans.

    Attributes:
        ledger: the ledger, its rows of a span there once more under the span's own name.
        names: the customers and the spans.
        place: the place among them of each row of the sheet.
        spans: the customer of each span, and the days of it.
    """

    ledger: pd.DataFrame
    names: pd.Index
    place: npt.NDArray[np.int64]
    spans: tuple[tuple[str, str], ...]


def _arrange_rows(results: Results) -> _Rows:
    """Return the rows of the sheet: the customers by descending profit, then the spans where Customers is dated."""
    ledger, names = results.customer_ledger, results.names
    place = names.get_indexer(results.whale.index).astype(np.int64)
    if results.inputs.history is None:
        return _Rows(ledger, names, place, ())
    dated = ledger[((ledger["held"] != "") & (ledger["customer"] != "")).to_numpy()]
    pairs = list(zip(dated["customer"].astype(str), dated["held"].astype(str), strict=True))
    spans = tuple(sorted(set(pairs)))
    called = {pair: f"\x1f{i}" for i, pair in enumerate(spans)}  # a mark that no name has
    again = dated.assign(customer=pd.Categorical([called[pair] for pair in pairs]))
    both = pd.concat([ledger, again], ignore_index=True)
    both["customer"] = pd.Categorical([*ledger["customer"].astype(str), *again["customer"].astype(str)])
    for column in (c for c in books.WORDS if c != "customer"):
        both[column] = both[column].astype("category")
    more: pd.Index[str] = pd.Index([*names, *called.values()], dtype=object, name="customer")
    added = len(names) + np.arange(len(spans), dtype=np.int64)
    return _Rows(both, more, np.concatenate([place, added]), spans)


def _list_results_columns(results: Results, rows: _Rows) -> Iterator[Filled]:
    """Yield every column: measures, lines of the ledger, states, verdicts, referrals, forecasts; then by period.

    Some have the customers alone.
    """
    order, place = results.whale.index, rows.place
    lines, posted = _collect_posted_lines(rows, results.periods)
    lines = lines if 2 * len(lines) + 20 <= MOST_COLUMNS else []
    whole_span = results.customers if not rows.spans else books.sum_pnl(rows.ledger, rows.names)
    yield from _list_measure_columns(whole_span, place, "")
    whole = _sum_line_values(posted)
    for i, (line, group, measures) in enumerate(lines):
        yield ResultColumn("amount", line, group, measures), whole[0][place, i]
        yield ResultColumn("units", line, group, measures), whole[1][place, i]
    runs = list(_gather_runs(results, rows))
    yield from (column for run in runs for column in run.list_measures())
    yield from (column for run in runs for column in run.list_lines())
    yield ResultColumn("state"), list_cell_values(results.trends["state"].loc[order])
    yield ResultColumn("decision"), list_cell_values(results.decisions["verdict"].loc[order])
    yield ResultColumn("referral"), results.referrals["referral_value"].loc[order].to_numpy(np.float64)
    outlook = results.outlook.loc[order]
    for name in (*FORECASTS, *(c for c in BOUNDS.values() if c not in FORECASTS)):
        yield ResultColumn("forecast", name), outlook[name].to_numpy(np.float64)
    yield from _list_attribute_columns(results, rows.spans)
    yield from _list_compared_columns(results)
    posted_log = post_log(results.basis)
    yield from list_facts(results, posted_log)
    room = MOST_CELLS // max(len(place), 1) - 2 * len(lines) - 20
    count = len(results.periods)
    by_period = (
        results.pnl(period=True)
        if not rows.spans
        else books.sum_pnl(rows.ledger, rows.names, results.periods)
    )
    if room >= len(MEASURES) * count:
        for i, period in enumerate(results.periods):
            yield from _list_measure_columns(by_period.iloc[i::count], place, str(period))
    if room >= (len(MEASURES) + 2 * len(lines)) * count:
        for at, period in enumerate(results.periods):
            amounts, units = _sum_line_values(posted.of(at))
            for i, (line, group, measures) in enumerate(lines):
                yield (
                    ResultColumn("amount", line, group, measures, str(period)),
                    amounts[place, i],
                )
                yield (
                    ResultColumn("units", line, group, measures, str(period)),
                    units[place, i],
                )
            yield from _list_runs_by_period(runs, at, room // count - len(MEASURES) - 2 * len(lines))
        room -= (len(MEASURES) + 2 * len(lines)) * count
    yield from list_drivers_used(results, posted_log, min(room, MOST_COLUMNS // 2))


def _list_runs_by_period(runs: Sequence[_Run], period: int, room: int) -> Iterator[Filled]:
    """Yield what plans and scenarios come to in a period: their measures, and the lines too, as there is room."""
    needed = (len(runs) * len(LOOKED_UP), sum(len(run.lines) for run in runs))
    if needed[0] <= room:
        yield from (column for run in runs for column in run.list_measures(period))
    if sum(needed) <= room:
        yield from (column for run in runs for column in run.list_lines(period))


class _Run(NamedTuple):
    """A plan or a scenario: its measures and the lines of its cost to serve, over the whole span and by period.

    Attributes:
        name: of the plan or the scenario.
        other: its results.
        order: the customers of the sheet, in its order; one that the run has alone is in no row.
        none: a blank for each row of a customer's span.
        lines: the lines of the cost to serve: the place among those posted, the name and the group.
        posted: what was posted to the customers.
        by_period: the P&L by customer and period.
    """

    name: str
    other: Results
    order: pd.Index
    none: Numbers
    lines: list[tuple[int, str, str]]
    posted: _Posted
    by_period: pd.DataFrame

    def list_measures(self, period: int | None = None) -> Iterator[Filled]:
        """Yield its measures of a period, by its place, or of the whole span."""
        frame, label = self.other.customers, ""
        if period is not None:
            frame = self.by_period.iloc[period :: len(self.other.periods)].droplevel("period")
            label = str(self.other.periods[period])
        frame = frame.reindex(self.order)
        for measure in LOOKED_UP:
            values = np.append(frame[measure].to_numpy(np.float64), self.none)
            yield ResultColumn(RUN, measure, self.name, (), label), values

    def list_lines(self, period: int | None = None) -> Iterator[Filled]:
        """Yield the lines of its cost to serve of a period, by its place, or of the whole span."""
        posted, label = self.posted, ""
        if period is not None:
            posted, label = posted.of(period), str(self.other.periods[period])
        amounts = _sum_line_values(posted)[0]
        for at, line, group in self.lines:
            values = np.append(amounts[:, at], self.none)
            yield ResultColumn(SERVED, line, self.name, (group,), label), values


def _gather_runs(results: Results, rows: _Rows) -> Iterator[_Run]:
    """Yield the plans and the scenarios of a workbook."""
    order: pd.Index[str] = results.whale.index
    for name, other in (*results.plans.items(), *results.scenarios.items()):
        known = other.customer_ledger["customer"].isin(set(order)).to_numpy()
        own = _Rows(other.customer_ledger[known], order, np.arange(len(order), dtype=np.int64), ())
        lines, posted = _collect_posted_lines(own, other.periods)
        serving = [
            (at, line, group)
            for at, (line, group, measures) in enumerate(lines)
            if Measure.COST_TO_SERVE in measures
        ]
        none = np.full(len(rows.spans), np.nan)
        yield _Run(name, other, order, none, serving, posted, other.pnl(period=True))


def _list_compared_columns(results: Results) -> Iterator[Filled]:
    """Yield what changed: columns that a workbook that compares nothing does not have."""
    order = results.whale.index
    if results.change is None:
        return
    bridge = results.change.comparison.bridge.reindex(order)
    yield ResultColumn("change"), bridge.sum(axis=1, skipna=False).to_numpy(np.float64)
    for effect in bridge:
        yield ResultColumn("change", str(effect)), bridge[effect].to_numpy(np.float64)


def _list_attribute_columns(results: Results, spans: Sequence[tuple[str, str]]) -> Iterator[Filled]:
    """Yield what each customer is, an attribute a column; of one that is dated, what it was in each of its spans."""
    order, dated = results.whale.index, {customer for customer, _span in spans}
    for name in results.attributes:
        now = attributes.find_values(results.inputs, name, order)
        then = attributes.find_past_values(results.inputs, name)
        own: list[Value] = [
            None if str(customer) in dated else str(value) or None for customer, value in now.items()
        ]
        held: list[Value] = [then.get(span) or None for span in spans]
        if any(own) or any(held):
            yield ResultColumn(KIND, name), own + held


def _list_measure_columns(frame: pd.DataFrame, place: npt.NDArray[np.int64], period: str) -> Iterator[Filled]:
    for measure in LOOKED_UP:
        yield (
            ResultColumn("measure", measure, period=period),
            frame[measure].to_numpy(np.float64)[place],
        )


class _Posted(NamedTuple):
    """The customers' rows of the ledger: customer, line and period as places, and what was posted."""

    customer: npt.NDArray[np.intp]
    line: npt.NDArray[np.intp]
    period: npt.NDArray[np.intp]
    amount: npt.NDArray[np.float64]
    units: npt.NDArray[np.float64]
    shape: tuple[int, int]
    """The number of customers and of lines."""

    def of(self, period: int) -> _Posted:
        """Return those of a period, by its place."""
        kept = np.flatnonzero(self.period == period)
        return self._replace(
            customer=self.customer[kept],
            line=self.line[kept],
            amount=self.amount[kept],
            units=self.units[kept],
        )


def _collect_posted_lines(
    rows: _Rows, periods: pd.Index
) -> tuple[list[tuple[str, str, tuple[str, ...]]], _Posted]:
    """Return the lines of the customers' ledger (name, group, the measures that each is a part of) and its rows."""
    kept = ["customer", "period", "line", "group", "amount", "units"]
    ledger = rows.ledger[kept][(rows.ledger["customer"] != "").to_numpy()]
    kinds = [word.cat for word in (ledger["line"], ledger["group"], books.find_sections(ledger))]
    shape = [max(len(kind.categories), 1) for kind in kinds]
    flat = np.ravel_multi_index([kind.codes.to_numpy() for kind in kinds], shape)
    found = np.flatnonzero(np.bincount(flat, minlength=1))
    words = [list(map(str, kind.categories)) for kind in kinds]
    places = zip(*(place.tolist() for place in np.unravel_index(found, shape)), strict=True)
    named = [tuple(kind[at] for kind, at in zip(words, place, strict=True)) for place in places]
    order = sorted(range(len(named)), key=named.__getitem__)
    lines = [(line, group, find_measures(section)) for line, group, section in map(named.__getitem__, order)]
    rank = np.zeros(int(found.max(initial=0)) + 1, dtype=np.intp)
    rank[found[order]] = np.arange(len(order))
    return lines, _Posted(
        _locate_column_words(ledger["customer"], rows.names),
        rank[flat],
        _locate_column_words(ledger["period"], periods),
        ledger["amount"].to_numpy(),
        ledger["units"].to_numpy(),
        (len(rows.names), len(lines)),
    )


def _locate_column_words(column: pd.Series, among: Iterable[object]) -> npt.NDArray[np.intp]:
    """Return the place of each cell of a column of words among all that there are."""
    words = column.astype("category").cat
    at = pd.Index(list(map(str, among))).get_indexer(pd.Index(list(map(str, words.categories))))
    return np.asarray(at)[words.codes.to_numpy()]


def _sum_line_values(posted: _Posted) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return amounts and units by customer and line; NaN where nothing was posted."""
    customers, lines = posted.shape
    flat = posted.customer * lines + posted.line
    there = np.bincount(flat, minlength=customers * lines).astype(bool)
    sums = []
    for column in (posted.amount, posted.units):
        total = np.bincount(flat, weights=column, minlength=customers * lines)
        sums.append(np.where(there, total, np.nan).reshape(posted.shape))
    return sums[0], sums[1]
