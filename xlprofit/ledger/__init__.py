"""The ledger: every amount that the model knows, as rows of one table, and the sums over it.

A ledger is a DataFrame with the columns :data:`COLUMNS`. ``amount`` is money, revenue positive and cost negative;
``units`` is what was used, always ``amount`` divided by a rate. ``customer`` is empty where an amount belongs to no
customer, ``product`` where it is traced to none, ``held`` where Customers is not dated, ``period`` where it belongs
to the whole span. ``source_table`` and ``source_row`` say what gave the rate: the table, by its English name, and the
sheet row of the term or rule in it, 0 where there is none and the rows of the table bear their own money. Profit is
the sum of ``amount``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit.vocabulary.groups import ACQUIRE_GROUPS, Group
from xlprofit.vocabulary.levels import UNSPREAD_LEVELS, Level
from xlprofit.vocabulary.lines import Line
from xlprofit.vocabulary.measures import BELOW, CAPACITY, LOOKED_UP, MEASURES, POSTED, SUBTOTALS, Measure

WORDS = ("customer", "product", "held", "period", "line", "group", "level", "source_table")
"""The columns of words, categoricals, that with :data:`SOURCE_ROW` tell two rows of the ledger apart.

What a posting does not say of them is empty.
"""

ORDER = ("customer", "period", "line", "group", "level", "product", "held")
"""The columns by which the ledger is sorted; rows alike in all of them stand by their units and amount."""

SOURCE_ROW = "source_row"
"""The column of sheet rows, 0 for none."""

TRACES = ("product", "held")
"""The columns of a table's rows that their postings keep, where the table has them.

``held`` tells which row of Customers held on the day of a row, where Customers says it by day
(:func:`xlprofit.tables.history.find_held_rows`).
"""

COLUMNS = (*WORDS[:-1], "amount", "units", "source_table", SOURCE_ROW)
"""The ledger's columns."""

_KEYS = (*ORDER, "source_table")

_MOST_COMBINATIONS = 2**62
"""The most combinations of codes that are numbered one by one."""

Words = pd.Categorical
Key = str | pd.Series | Words | npt.NDArray[np.object_]
"""A key column of postings: one word for all rows, or a word a row."""


def post_rows(
    keys: Mapping[str, Key],
    *,
    units: npt.NDArray[np.float64],
    rate: float | npt.NDArray[np.float64],
    entry: npt.NDArray[np.int64],
    source_row: int | npt.NDArray[np.int64] = 0,
) -> pd.DataFrame:
    """Return postings: :data:`WORDS`, ``source_row``, ``units``, ``rate``, ``amount`` = units × rate, ``entry``.

    ``entry`` is the place, in the rows that were posted, of the row behind each posting. ``rate`` is
    money a unit and bears the sign: positive for revenue, negative for cost.
    """
    words = {name: _spread_word(keys.get(name, ""), len(units)) for name in WORDS}
    numbers = {SOURCE_ROW: source_row, "units": units, "rate": rate, "amount": units * rate, "entry": entry}
    return pd.DataFrame(words | numbers)


def list_traces(rows: pd.DataFrame) -> list[str]:
    """Return which of :data:`TRACES` a table has."""
    return [name for name in TRACES if name in rows]


def trace_rows(rows: pd.DataFrame, entry: npt.NDArray[np.int64]) -> dict[str, Key]:
    """Return what the postings of rows at these places keep of them."""
    return {name: rows[name].iloc[entry] for name in list_traces(rows)}


def _spread_word(value: Key, count: int) -> Words:
    if isinstance(value, str):
        return pd.Categorical.from_codes(np.zeros(count, dtype=np.int64), dtype=_type_words((str(value),)))
    return pd.Categorical(value)


def code_words(codes: npt.NDArray[np.integer], names: Iterable[str]) -> Words:
    """Return a categorical that reads ``names[code]`` for each code."""
    words = names if isinstance(names, pd.Index) else list(names)
    if len(words) <= _FEW:
        kind = _type_words(tuple(map(str, words)))
    else:  # an index that was asked before knows that its words differ
        known = isinstance(words, pd.Index) and words.dtype == object
        kind = pd.CategoricalDtype(words if known else pd.Index(words, dtype=object))
    return pd.Categorical.from_codes(codes, dtype=kind)


_FEW = 64
"""So many words are mostly vocabulary or periods, the same in one posting after another."""


@lru_cache(maxsize=1024)
def _type_words(words: tuple[str, ...]) -> pd.CategoricalDtype:
    """Return the type of a column of these words, which is made and looked through once."""
    return pd.CategoricalDtype(pd.Index(words, dtype=object))


def assemble_ledger(postings: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Return the ledger of these postings: one row for each source and words, by customer, period and line.

    Each posting has the ledger's columns; rows with the same :data:`WORDS` and source row are added up. The sum of
    ``amount`` is that of the postings.
    """
    parts = [_take_columns(part) for part in postings if len(part)]
    if not parts:
        return _build_empty_ledger()
    values = [_join_columns(parts, c, np.float64) for c in ("amount", "units")]
    rows = _join_columns(parts, SOURCE_ROW, np.int64)
    words = {key: _unite_words([part.pop(key) for part in parts]) for key in _KEYS}
    return _add_up_rows(words, rows, values)


def join_postings(postings: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return postings one under the other, with what the ledger needs of them."""
    parts = [_take_columns(part) for part in postings if len(part)]
    if not parts:
        return _build_empty_ledger()
    words = {key: _unite_words([part.pop(key) for part in parts]) for key in WORDS}
    numbers = {c: _join_columns(parts, c, np.float64) for c in ("amount", "units")}
    return pd.DataFrame(words | numbers | {SOURCE_ROW: _join_columns(parts, SOURCE_ROW, np.int64)})


def _take_columns(part: pd.DataFrame) -> dict[str, Any]:
    """Return the columns of postings, to be taken one by one: together they take more than the ledger."""
    numbers = {c: part[c].to_numpy() for c in ("amount", "units", SOURCE_ROW)}
    return numbers | {key: pd.Categorical(part[key].array) for key in WORDS}


def merge_products(ledger: pd.DataFrame) -> pd.DataFrame:
    """Return the ledger with no product told apart from another; the same where it names none."""
    if list(ledger["product"].cat.categories) in ([], [""]):
        return ledger
    words = {key: pd.Categorical(ledger[key]) for key in _KEYS}
    words["product"] = _spread_word("", len(ledger))
    values = [ledger[c].to_numpy(np.float64) for c in ("amount", "units")]
    return _add_up_rows(words, ledger[SOURCE_ROW].to_numpy(np.int64), values)


def _add_up_rows(
    words: Mapping[str, Words], source_row: npt.NDArray[np.int64], values: Sequence[npt.NDArray[np.float64]]
) -> pd.DataFrame:
    """Return the ledger of rows with these words (by :data:`_KEYS`), source rows, amounts and units."""
    place, rows = pd.factorize(source_row, sort=True)
    codes = [np.asarray(word.codes) for word in words.values()]
    sizes = [len(word.categories) for word in words.values()]
    flat = _number_rows([*codes, place], [*sizes, len(rows)])
    distinct, first, which = np.unique(flat, return_index=True, return_inverse=True)
    sums = [np.bincount(which, weights=v, minlength=len(distinct)).astype(np.float64) for v in values]
    alike = _number_rows([code[first] for code in codes[: len(ORDER)]], sizes[: len(ORDER)])
    order = _order_ties(alike, sums)
    at = first[order]
    data: dict[str, object] = {
        key: code_words(code[at], word.categories)
        for (key, word), code in zip(words.items(), codes, strict=True)
    }
    data |= {"amount": sums[0][order], "units": sums[1][order], SOURCE_ROW: source_row[at]}
    return pd.DataFrame({column: data[column] for column in COLUMNS})


def _number_rows(codes: Sequence[npt.NDArray[np.integer]], sizes: Sequence[int]) -> npt.NDArray[np.int64]:
    """Return a number for each row, alike where all its codes are, and in their order."""
    flat, count = np.zeros(len(codes[0]), dtype=np.int64), 1
    for code, size in zip(codes, sizes, strict=True):
        if count * max(size, 1) >= _MOST_COMBINATIONS:  # those that are there are numbered anew
            distinct, flat = np.unique(flat, return_inverse=True)
            count = len(distinct)
        flat *= max(size, 1)
        flat += code
        count *= max(size, 1)
    return flat


def _order_ties(
    alike: npt.NDArray[np.int64], values: Sequence[npt.NDArray[np.float64]]
) -> npt.NDArray[np.int64]:
    """Return the order of rows that are sorted but for those alike: these by their values, the last one first.

    By values and not by source row: sums must not depend on the order of the input.
    """
    order = np.arange(len(alike))
    same = alike[1:] == alike[:-1]
    rows = np.flatnonzero(_mark_tied(same, len(order)))
    order[rows] = rows[_sort_places([*(column[rows] for column in values), alike[rows]])]
    return order


def _build_empty_ledger() -> pd.DataFrame:
    kinds = {"amount": "float64", "units": "float64", SOURCE_ROW: "int64"}
    return pd.DataFrame({c: pd.Series(dtype=kinds.get(c, "category")) for c in COLUMNS})


def _join_columns(parts: Sequence[dict[str, Any]], column: str, dtype: type) -> npt.NDArray[Any]:
    """Return a column of numbers of several postings, one under the other."""
    return np.concatenate([part.pop(column) for part in parts]).astype(dtype, copy=False)


def add_up_codes(
    codes: Sequence[npt.NDArray[np.int64]], sizes: Sequence[int], values: Sequence[npt.NDArray[np.float64]]
) -> tuple[list[npt.NDArray[np.int64]], list[npt.NDArray[np.float64]]]:
    """Return the distinct combinations of the codes, sorted, and the sum of each value over them.

    ``codes[i]`` counts from 0 to ``sizes[i]`` − 1. Values are added in the order in which they stand.
    """
    shape = [max(s, 1) for s in sizes]
    if prod(shape) < _MOST_COMBINATIONS:
        distinct, place = np.unique(np.ravel_multi_index(tuple(codes), tuple(shape)), return_inverse=True)
        keys = [np.asarray(k, dtype=np.int64) for k in np.unravel_index(distinct, shape)]
    else:
        flat = _number_rows(codes, shape)
        _distinct, first, place = np.unique(flat, return_index=True, return_inverse=True)
        keys = [code[first] for code in codes]
    sums = [np.bincount(place, weights=v, minlength=len(keys[0])).astype(np.float64) for v in values]
    return keys, sums


def _unite_words(categoricals: list[Words]) -> Words:
    """Return the columns one under the other as one categorical with sorted categories."""
    names = sorted({str(name) for c in categoricals for name in c.categories})
    position = {name: i for i, name in enumerate(names)}
    codes = []
    kind = next(kind for kind in (np.int8, np.int16, np.int32, np.int64) if len(names) <= np.iinfo(kind).max)
    for c in categoricals:
        lookup = np.array([position[str(name)] for name in c.categories] + [-1], dtype=kind)
        codes.append(lookup[c.codes])
    return code_words(np.concatenate(codes), names)


def sort_rows(frame: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """Return the frame sorted by ``keys``, so that sums over it do not depend on the order of its rows.

    Floating-point addition is not associative: without this, the same rows in another order would
    give sums that differ in their last digit.
    """
    return frame.iloc[order_rows(frame, keys)] if keys else frame


def order_rows(frame: pd.DataFrame, keys: Sequence[str]) -> npt.NDArray[np.intp]:
    """Return the places of the rows sorted by ``keys``, of those alike in all of them in the order of the frame."""
    return _sort_places([_number_values(frame[key]) for key in reversed(keys)])


def _sort_places(columns: list[npt.NDArray[np.generic]]) -> npt.NDArray[np.intp]:
    """Return what ``np.lexsort`` does; by each further column only the rows are sorted that those before leave tied.

    The first columns that hold whole numbers are sorted by at once, as one number.
    """
    left = columns[::-1]
    flat, count = np.zeros(len(left[0]), dtype=np.int64), 1
    while left and len(flat) and np.issubdtype(left[0].dtype, np.integer):
        least, size = int(left[0].min()), int(left[0].max()) - int(left[0].min()) + 1
        if count * size >= _MOST_COMBINATIONS:
            break
        flat = flat * size + (left.pop(0).astype(np.int64) - least)
        count *= size
    order, places = _order_numbers(flat), np.arange(len(flat))
    same = _equal_next(flat[order])
    for column in left:
        tied = _mark_tied(same, len(places))
        if not tied.any():
            break
        group = np.concatenate([[0], np.cumsum(~same)])[tied]
        places = places[tied]
        rows = order[places]
        rows = rows[np.lexsort([column[rows], group])]
        order[places] = rows
        same = (group[1:] == group[:-1]) & _equal_next(column[rows])
    return order


def _order_numbers(numbers: npt.NDArray[np.int64]) -> npt.NDArray[np.intp]:
    """Return the places of numbers, none below 0, in their order; of those alike in theirs.

    With its place behind it none is as another: any way to sort them, and there are fast ones, leaves ties in order.
    """
    count = len(numbers)
    if (int(numbers.max(initial=0)) + 1) * count >= _MOST_COMBINATIONS:
        return np.argsort(numbers, kind="stable")
    return np.argsort(numbers * count + np.arange(count))


def _mark_tied(same: npt.NDArray[np.bool_], count: int) -> npt.NDArray[np.bool_]:
    """Return which of so many rows are as the one before or behind; ``same`` says so of each from the second on."""
    tied = np.zeros(count, dtype=bool)
    tied[1:] = same
    tied[:-1] |= same
    return tied


def _equal_next(column: npt.NDArray[np.generic]) -> npt.NDArray[np.bool_]:
    """Return whether each value is the same as the one before it, from the second on; blanks are alike."""
    here, before = column[1:], column[:-1]
    return np.asarray((here == before) | ((here != here) & (before != before)), dtype=bool)


def _number_values(column: pd.Series) -> npt.NDArray[np.generic]:
    if isinstance(column.array, pd.Categorical):
        return np.asarray(column.array.codes)
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        moments = column.to_numpy()
        days = moments.astype("datetime64[D]")
        return np.asarray((days if (days == moments).all() else moments).view("int64"))
    if pd.api.types.is_numeric_dtype(column.dtype):
        return np.asarray(column.to_numpy())
    return np.asarray(pd.factorize(column, sort=True)[0])


def find_sections(ledger: pd.DataFrame) -> pd.Series:
    """Return the section of the P&L (one of ``POSTED`` of the vocabulary) of each row of the ledger."""
    group, line = (ledger[key].astype("category").cat for key in ("group", "line"))
    of_group = np.array([*map(_find_group_section, group.categories), _SERVING], dtype=np.int8)
    named = [POSTED.index(name) if name in _SOLD else _SERVING for name in line.categories]
    of_line = np.array([*named, _SERVING], dtype=np.int8)
    sold = np.append(group.categories == Group.REVENUE, False)
    sections = np.where(sold[:, None], of_line, of_group[:, None])  # by group and line
    found = sections[group.codes.to_numpy(), line.codes.to_numpy()]
    return pd.Series(code_words(found, POSTED), index=ledger.index, name="section")


_SOLD = (Line.GROSS_REVENUE, Line.DISCOUNTS, Line.RETURNS)
_SERVING = POSTED.index(Measure.COST_TO_SERVE)


def _find_group_section(group: object) -> int:
    """Return the place of the section that what is posted to a group is a part of, whatever its line."""
    if group in ACQUIRE_GROUPS:
        return POSTED.index(Measure.COST_TO_ACQUIRE)
    sections = {Group.COGS: Measure.COGS, Group.CREDIT: Measure.COST_OF_CREDIT, Group.CAPACITY: CAPACITY}
    return next((POSTED.index(section) for name, section in sections.items() if name == group), _SERVING)


def sum_pnl(ledger: pd.DataFrame, customers: pd.Index, periods: pd.Index | None = None) -> pd.DataFrame:
    """Return the P&L of each of these customers, or of each customer in each of these periods.

    One column for each of ``MEASURES`` of the vocabulary and ``margin`` (profit / net revenue, blank where net
    revenue is not above zero). The index is ``customer``, or ``customer`` and ``period``.
    """
    rows = _find_places(ledger["customer"], customers)
    count = len(customers)
    index: pd.Index = customers.rename("customer")
    if periods is not None:
        period = _find_places(ledger["period"], periods)
        rows = np.where((rows >= 0) & (period >= 0), rows * len(periods) + period, -1)
        count *= len(periods)
        index = pd.MultiIndex.from_product([customers, periods], names=["customer", "period"])
    column = find_sections(ledger).cat.codes.to_numpy().astype(np.int64)
    kept = rows >= 0
    flat = rows[kept] * len(POSTED) + column[kept]
    amounts = ledger["amount"].to_numpy()[kept]
    cube = np.bincount(flat, weights=amounts, minlength=count * len(POSTED)).reshape(count, len(POSTED))
    return derive_measures(pd.DataFrame(cube, columns=list(POSTED), index=index))


def sum_company_periods(ledger: pd.DataFrame, periods: pd.Index) -> pd.DataFrame:
    """Return the company's P&L by period: the lines of a customer's P&L and ``company_profit``, in money.

    What is posted to no period, such as idle capacity that is priced over the whole span, belongs to none of them:
    ``company_profit`` is then blank throughout, for its periods would not add up to it.
    """
    places, amounts = _find_places(ledger["period"], periods), ledger["amount"].to_numpy()
    unspread = ledger["level"].isin(UNSPREAD_LEVELS).to_numpy()
    kept = (places >= 0) & ~unspread
    flat = places[kept] * len(POSTED) + find_sections(ledger).cat.codes.to_numpy().astype(np.int64)[kept]
    cube = np.bincount(flat, weights=amounts[kept], minlength=len(periods) * len(POSTED))
    frame = derive_measures(
        pd.DataFrame(cube.reshape(len(periods), len(POSTED)), columns=list(POSTED), index=periods)
    )
    below = (places >= 0) & unspread
    spent = np.bincount(places[below], weights=amounts[below], minlength=len(periods))
    dated = not np.abs(amounts[places < 0]).sum() > 0
    company = frame[Measure.PROFIT] + spent if dated else np.nan
    return frame[list(MEASURES)].assign(**{str(Measure.COMPANY_PROFIT): company})


def derive_measures(posted: pd.DataFrame) -> pd.DataFrame:
    """Return the P&L lines of the posted sections, subtotals and margin worked out."""
    lines = {str(section): posted[section].to_numpy(np.float64) for section in posted.columns}
    for subtotal, terms in SUBTOTALS.items():
        lines[subtotal] = sum((lines[t] for t in terms[1:]), lines[terms[0]])
    net = lines[Measure.NET_REVENUE]
    lines[str(Measure.MARGIN)] = lines[Measure.PROFIT] / np.where(net > 0, net, np.nan)
    return pd.DataFrame(np.column_stack([lines[line] for line in LOOKED_UP]), posted.index, list(LOOKED_UP))


def sum_company(ledger: pd.DataFrame) -> pd.Series:
    """Return the P&L of some rows of the ledger as a company's: by ``COMPANY_LINES`` of the vocabulary, top to bottom.

    What is on the levels channel and corporate stands below the customers' profit, and the last
    line, ``company_profit``, is the sum of every row.
    """
    unspread = ledger["level"].isin(UNSPREAD_LEVELS).to_numpy()
    column = find_sections(ledger).cat.codes.to_numpy().astype(np.int64)
    amounts = ledger["amount"].to_numpy()
    posted = np.bincount(column[~unspread], weights=amounts[~unspread], minlength=len(POSTED)).astype(
        np.float64
    )
    lines = derive_measures(pd.DataFrame([posted], columns=list(POSTED)))[list(MEASURES)].iloc[0]
    below = ledger[unspread]
    idle_or_not = below["group"] == Group.CAPACITY
    for line, mask in (
        (Measure.CHANNEL_COST, (below["level"] == Level.CHANNEL) & ~idle_or_not),
        (Measure.CORPORATE_COST, (below["level"] == Level.CORPORATE) & ~idle_or_not),
        (Measure.IDLE_CAPACITY, idle_or_not & (below["line"] == Line.IDLE)),
        (Measure.UNASSIGNED_COST, idle_or_not & (below["line"] == Line.UNASSIGNED)),
    ):
        lines[str(line)] = float(below.loc[mask.to_numpy(), "amount"].sum())
    lines[str(Measure.COMPANY_PROFIT)] = float(lines[Measure.PROFIT] + lines[list(BELOW)].sum())
    return lines.rename_axis("line")


def pivot_amounts(ledger: pd.DataFrame, rows: str, columns: str) -> pd.DataFrame:
    """Return the sums of amount by two of the ledger's key columns, 0 where nothing was posted."""
    row, column = ledger[rows].cat, ledger[columns].cat
    shape = (max(len(row.categories), 1), max(len(column.categories), 1))
    flat = row.codes.to_numpy().astype(np.int64) * shape[1] + column.codes.to_numpy()
    sums = np.bincount(flat, weights=ledger["amount"].to_numpy(), minlength=shape[0] * shape[1])
    return pd.DataFrame(
        sums.reshape(shape)[: len(row.categories), : len(column.categories)],
        index=pd.Index(row.categories, name=rows),
        columns=pd.Index(column.categories, name=columns),
    )


def _find_places(column: pd.Series, names: pd.Index) -> npt.NDArray[np.int64]:
    """Return the place of each value among ``names``, −1 where it is not one of them."""
    places = names.get_indexer(pd.Index(column.cat.categories))
    return np.append(places, -1)[column.cat.codes.to_numpy()].astype(np.int64)
