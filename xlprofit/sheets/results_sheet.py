"""The very hidden results sheet, which the formulas look their answers up in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit import ledger as books
from xlprofit.formulas import MOST_CELLS, SHEET, Lookup, ResultColumn, build_results_rows
from xlprofit.messages import ENGLISH
from xlprofit.sheets.frame import list_cell_numbers, list_cell_values
from xlprofit.sheets.parts import Column, Meaning, Sheet, Table, Value
from xlprofit.vocabulary.forecasts import BOUNDS, FORECASTS
from xlprofit.vocabulary.measures import LOOKED_UP, MEASURES, find_measures

if TYPE_CHECKING:  # results are handed in: what makes them is not needed
    from xlprofit.results import Results

Filled = tuple[ResultColumn, list[Value]]
"""A column of the results sheet and its values, by customer in the order of the P&L."""

_NUMBERS = {float, type(None)}


def describe_results_sheet(results: Results) -> Sheet:
    """Return the results sheet: what :class:`xlprofit.formulas.Lookup` reads, customers by descending profit."""
    filled = list(_list_results_columns(results))
    names: list[Value] = [str(c) for c in results.whale.index]
    # The rows above the customers alone go through the rows' maker: a column at a time is ten times faster.
    settings = results.inputs.settings
    stamp = _compute_refresh_stamp(filled, names, settings.language)
    head = build_results_rows(stamp, settings.currency, [c for c, _ in filled], [], settings.language)
    columns = []
    for i, below in enumerate([names, *(v for _, v in filled)]):
        above = [row[i] if i < len(row) else None for row in head]
        values_ = [*map(_convert_stored_value, above[1:]), *below]
        columns.append(Column(f"c{i}", str(above[0] or ""), values_))
    return Sheet(
        SHEET,
        tables=(Table("results", 1, 1, tuple(columns), filtered=False),),
        tab=Meaning.NEUTRAL,
        hidden=True,
    )


def list_results_rows(drawn: Sheet) -> list[Sequence[object]]:
    """Return the rows of a results sheet, as a host would read its cells."""
    columns = drawn.tables[0].columns
    return [[c.header for c in columns], *zip(*(c.values for c in columns), strict=True)]


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
    for column, below in filled:
        digest.update(repr(column).encode())
        if _NUMBERS.issuperset(map(type, below)):
            known = np.array(below, dtype=np.float64)
            digest.update(np.isnan(known).tobytes())
            mantissa, power = np.frexp(np.nan_to_num(known))
            digest.update(np.rint(np.ldexp(mantissa, 40)).tobytes() + power.tobytes())
        else:
            digest.update(repr(below).encode())
    return digest.hexdigest()[:16]


def _list_results_columns(results: Results) -> Iterator[Filled]:
    """Yield every column: measures, lines of the ledger, states, verdicts, referrals, forecasts; then by period."""
    order = results.whale.index
    place = results.names.get_indexer(order)
    lines, posted = _collect_posted_lines(results)
    yield from _list_measure_columns(results.customers, place, "")
    whole = _sum_line_values(posted)
    for i, (line, group, measures) in enumerate(lines):
        yield ResultColumn("amount", line, group, measures), list_cell_numbers(whole[0][place, i])
        yield ResultColumn("units", line, group, measures), list_cell_numbers(whole[1][place, i])
    yield ResultColumn("state"), list_cell_values(results.trends["state"].loc[order])
    yield ResultColumn("decision"), list_cell_values(results.decisions["verdict"].loc[order])
    yield ResultColumn("referral"), list_cell_values(results.referrals["referral_value"].loc[order])
    for name in (*FORECASTS, *(c for c in BOUNDS.values() if c not in FORECASTS)):
        yield ResultColumn("forecast", name), list_cell_values(results.outlook[name].loc[order])
    room = MOST_CELLS // max(len(order), 1) - 2 * len(lines) - 20
    count = len(results.periods)
    by_period = results.pnl(period=True)
    if room >= len(MEASURES) * count:
        for i, period in enumerate(results.periods):
            yield from _list_measure_columns(by_period.iloc[i::count], place, str(period))
    if room >= (len(MEASURES) + 2 * len(lines)) * count:
        for at, period in enumerate(results.periods):
            amounts, units = _sum_line_values(posted.of(at))
            for i, (line, group, measures) in enumerate(lines):
                yield (
                    ResultColumn("amount", line, group, measures, str(period)),
                    list_cell_numbers(amounts[place, i]),
                )
                yield (
                    ResultColumn("units", line, group, measures, str(period)),
                    list_cell_numbers(units[place, i]),
                )


def _list_measure_columns(frame: pd.DataFrame, place: npt.NDArray[np.int64], period: str) -> Iterator[Filled]:
    for measure in LOOKED_UP:
        yield (
            ResultColumn("measure", measure, period=period),
            list_cell_numbers(frame[measure].to_numpy(np.float64)[place]),
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
        kept = self.period == period
        return self._replace(
            customer=self.customer[kept],
            line=self.line[kept],
            amount=self.amount[kept],
            units=self.units[kept],
        )


def _collect_posted_lines(results: Results) -> tuple[list[tuple[str, str, tuple[str, ...]]], _Posted]:
    """Return the lines of the customers' ledger (name, group, the measures that each is a part of) and its rows."""
    ledger = results.ledger[(results.ledger["customer"] != "").to_numpy()]
    table = ledger[["line", "group"]].assign(section=books.find_sections(ledger))
    place = table.groupby(list(table), sort=False, observed=True, dropna=False).ngroup().to_numpy()
    found: list[tuple[object, object, object]] = list(
        table.drop_duplicates().itertuples(index=False, name=None)
    )
    order = sorted(range(len(found)), key=lambda at: tuple(map(str, found[at])))
    lines = [
        (str(line), str(group), find_measures(str(section)))
        for line, group, section in (found[at] for at in order)
    ]
    rank = np.argsort(np.array(order, dtype=np.intp))
    return lines, _Posted(
        _locate_column_words(ledger["customer"], results.names),
        rank[place],
        _locate_column_words(ledger["period"], results.periods),
        ledger["amount"].to_numpy(),
        ledger["units"].to_numpy(),
        (len(results.names), len(lines)),
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
