"""The words of a look-up: what a measure, a period or a line of its arguments means on the results sheet."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from xlprofit.formulas.cells import (
    BLANK,
    FormulaError,
    find_cell_error,
    fold_cell_name,
    fold_measure_name,
    format_cell_text,
    is_blank,
    quote_cell,
)
from xlprofit.formulas.results_sheet import CHANGED_BY_HAND, Lookup, ResultColumn
from xlprofit.languages import list_terms
from xlprofit.messages import N_, _, join_messages, term
from xlprofit.vocabulary.measures import Measure

if TYPE_CHECKING:
    from xlprofit.formulas.cells import Value

    Getter = Callable[[Sequence[object]], Value]


NOT_KEPT = N_(
    "This workbook keeps no such figures by period: it has too many customers or scenarios for that"
)


def build_unknown_word_error(
    kind: str, asked: object, among: Iterable[str], *, code: str = "#VALUE!", context: str = "kind"
) -> FormulaError:
    """Return the error for a word that is none of these, the nearest of them offered.

    Args:
        kind: what it should have been.
        asked: the word.
        among: what there are.
        code: the error that the cell shows.
        context: what ``kind`` is the name of, as :func:`xlprofit.messages.term` has it.
    """
    from difflib import get_close_matches  # only here: it takes longer to import than the rest together

    by_key: dict[str, str] = {}
    for name in among:
        by_key.setdefault(fold_measure_name(name), name)
    near = [by_key[key] for key in get_close_matches(fold_measure_name(asked), list(by_key), n=2, cutoff=0.6)]
    offered = join_messages(_(" or "), ("“" + name + "”" for name in near))
    listed = join_messages(", ", by_key.values()) if len(by_key) <= 12 else ""
    what = _("There is no {kind} {asked}", kind=term(context, kind), asked=quote_cell(asked))
    if offered:
        what += _(". Did you mean {names}?", names=offered)
    elif listed:
        what += _("; there are {names}", names=listed)
    return FormulaError(code, what)


def get_row_cell(row: Sequence[object], column: int) -> object:
    """Return what a row has in a column, a text or a finite number; a blank for nothing.

    Raises:
        FormulaError: something else stands there, such as an error or a day, which no refresh writes.
    """
    cell = row[column] if column < len(row) else None
    if cell is None:
        return BLANK
    if isinstance(cell, str) and not find_cell_error(cell):
        return cell
    try:
        number = math.nan if isinstance(cell, str) else float(cell)  # type: ignore[arg-type]
    except (ArithmeticError, TypeError, ValueError):
        number = math.nan
    if not math.isfinite(number):
        raise FormulaError("#VALUE!", _(CHANGED_BY_HAND))
    return cell if isinstance(cell, (int, float)) else number


def sum_row_cells(row: Sequence[object], columns: Iterable[int]) -> float:
    """Return the sum of some cells of a row; a blank is nothing posted."""
    cells = [cell for cell in (get_row_cell(row, column) for column in columns) if not is_blank(cell)]
    try:
        return math.fsum(map(float, cells))  # type: ignore[arg-type]
    except (ArithmeticError, TypeError, ValueError):
        raise FormulaError("#VALUE!", _(CHANGED_BY_HAND)) from None


def find_period_labels(lookup: Lookup, period: object) -> tuple[str, ...]:
    """Return the labels of the periods that a cell names: itself, or those that a longer one covers.

    Nothing named is the whole span, whose label is empty.
    """
    if is_blank(period):
        return ("",)
    if not lookup.periods:
        raise FormulaError("#N/A", _(NOT_KEPT))
    wanted = _label_cell_period(period, lookup.periods[0])
    found = tuple(label for label in lookup.periods if _is_period_covered(label, wanted))
    if not found:
        first, last = lookup.periods[0], lookup.periods[-1]
        what = _(
            "There is no period {period}; they go from {first} to {last}",
            period=quote_cell(period),
            first=first,
            last=last,
        )
        raise FormulaError("#VALUE!", what)
    return found


def _is_period_covered(label: str, wanted: str) -> bool:
    """Whether a period, by its label, is the one wanted or a part of it.

    >>> _is_period_covered("2024-05", "2024-Q2"), _is_period_covered("2024-Q2", "2024")
    (True, True)
    """
    if label == wanted:
        return True
    year, _dash, quarter = wanted.partition("-Q")
    if quarter in ("1", "2", "3", "4"):
        return label in [f"{year}-{month:02d}" for month in range(3 * int(quarter) - 2, 3 * int(quarter) + 1)]
    return "-" not in wanted and label[:5] == f"{year}-"


def _label_cell_period(cell: object, like: str) -> str:
    """Return a cell as the label of a period; a date as the one of the length of ``like`` that it falls in."""
    if isinstance(cell, (int, float)) and 10_000 <= cell < 100_000:
        from datetime import date  # only here, since most never ask for a period by a date

        cell = date.fromordinal(693_594 + int(cell))  # as Excel counts days, from 1899-12-30
    year, month = getattr(cell, "year", None), getattr(cell, "month", None)
    if isinstance(year, int) and isinstance(month, int):
        label = f"{year:04d}-Q{(month + 2) // 3}" if "Q" in like else f"{year:04d}-{month:02d}"
        return label if "-" in like else label[:4]
    text = "".join(format_cell_text(cell).upper().split()).replace("/", "-")
    before, _q, quarter = text.replace("-Q", "Q").partition("Q")
    if quarter:
        return f"{before}-Q{quarter}"
    parts = text.split("-")
    return f"{parts[0]}-{parts[1]:0>2}" if len(parts) > 1 else text


def make_measure_getter(lookup: Lookup, measure: object, period: object) -> Getter:
    """Return what takes a measure of a period from a customer's row."""
    asked = Measure.PROFIT if is_blank(measure) else measure
    key = find_measure_key(lookup, asked)
    labels = find_period_labels(lookup, period)
    if key == Measure.MARGIN and (len(labels) > 1 or ("measure", key, "", labels[0]) not in lookup.where):
        profit, revenue = (
            make_measure_getter(lookup, name, period) for name in (Measure.PROFIT, Measure.NET_REVENUE)
        )
        return lambda row: compute_cell_margin(profit(row), revenue(row))
    columns = find_column_places(lookup, [ResultColumn("measure", key)], labels)
    if len(columns) > 1:
        return lambda row: sum_row_cells(row, columns)
    only = columns[0]
    return lambda row: get_row_cell(row, only)  # type: ignore[return-value]


def find_measure_key(lookup: Lookup, asked: object) -> str:
    """Return the key of a measure that there is; :class:`FormulaError` where there is none."""
    key = resolve_measure(lookup, asked)
    if ("measure", key, "", "") not in lookup.where:
        raise build_unknown_word_error("measure", asked, [term("line", name) for name in lookup.measures])
    return key


def resolve_measure(lookup: Lookup, asked: object) -> str:
    """Return the key of a measure, from its name in any language."""
    key = fold_measure_name(asked)
    if ("measure", key, "", "") in lookup.where:
        return key
    meant = (name for name in lookup.measures if key in map(fold_measure_name, list_terms("line", name)))
    return fold_measure_name(next(meant, key))


def find_column_places(lookup: Lookup, columns: Sequence[ResultColumn], labels: Sequence[str]) -> list[int]:
    """Return the places of these columns for these periods."""
    asked = [(c.kind, c.name, c.group, label) for c in columns for label in labels]
    if any(key not in lookup.where for key in asked):
        raise FormulaError("#N/A", _(NOT_KEPT))
    return [lookup.where[key] for key in asked]


def compute_cell_margin(profit: Value, revenue: Value) -> Value:
    """Return the margin, blank where net revenue is not above 0."""
    if isinstance(profit, (int, float)) and isinstance(revenue, (int, float)) and revenue > 0:
        return profit / revenue
    return BLANK


def list_ledger_lines(lookup: Lookup) -> list[ResultColumn]:
    """Return the lines of the ledger that the results sheet has, over the whole span."""
    return [c for c in lookup.columns if c.kind == "amount" and not c.period]


def find_meant_lines(lines: Sequence[ResultColumn], word: object) -> list[ResultColumn]:
    """Return the lines that a word means: as it is spelt a line or a group, else in any spelling."""
    text, key = " ".join(format_cell_text(word).split()), fold_cell_name(word)
    meanings: tuple[Callable[[ResultColumn], bool], ...] = (
        lambda line: line.name == text,
        lambda line: line.group == text,
        lambda line: fold_cell_name(line.name) == key,
        lambda line: fold_cell_name(line.group) == key,
        lambda line: key in map(fold_cell_name, list_terms("line", line.name)),
        lambda line: key in map(fold_cell_name, list_terms("word", line.group)),
    )
    found = (list(filter(is_meant, lines)) for is_meant in meanings)
    return next(filter(None, found), [])


def find_meant_part(serving: Sequence[ResultColumn], part: object) -> list[ResultColumn]:
    """Return the lines of the cost to serve that a word means; :class:`FormulaError` where it means none."""
    chosen = find_meant_lines(serving, part)
    if not chosen:
        groups = dict.fromkeys(term("word", c.group) for c in serving)
        words = [*groups, *(term("line", c.name) for c in serving)]
        raise build_unknown_word_error("group or activity", part, words)
    return chosen


def find_meant_word(kind: str, asked: object, words: Sequence[str]) -> str:
    """Return which of the words a cell means, in any language and spelling."""
    key = fold_measure_name(asked)
    for word in words:
        if key in map(fold_measure_name, (word, *list_terms("formula", word))):
            return word
    raise build_unknown_word_error(kind, asked, [term("formula", word) for word in words])
