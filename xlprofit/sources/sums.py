"""Sums: the one expression that each engine works out, so that no row of a big table leaves it.

Costs are linear in their drivers, so the sums by customer, period and activity give the same ledger as
the rows. Three things keep the findings the same too: the sums know how many rows each was made of;
rows of unlike signs are not summed together, so that negative amounts are still counted; and nor are
rows with a value that is missing or is no finite number.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import add, and_
from sys import float_info
from typing import TYPE_CHECKING, Any

import ibis

from xlprofit.reading.line_counts import COUNT

if TYPE_CHECKING:
    import ibis.expr.types as ir

FIRST, LAST = "first_day", "last_day"
"""Columns of the sums beside the table's own and :data:`COUNT`: the days of the first and the last row."""

BESIDE = "beside"
"""The column of the sums that has what rows hold which are blank in all that is read of them."""

_SIGNS, _AT_ONCE = 4, 30
"""So many signs a number may have, and so many numbers' signs fit into one integer."""


@dataclass(frozen=True)
class SumPlan:
    """What is to be summed of a source, by the table's names: value is the source's column.

    ``words`` and ``shares`` part the rows as ``date`` does by its month; ``numbers`` are added up,
    and ``defaults`` says what a missing one counts as, where that is not 0.
    ``kept`` are the only values of a word that are told apart (lower case), where not all are.
    ``beside`` are columns that the table knows and no sum needs: a row that is filled in there alone is not empty.
    ``cuts`` are days on which a new part of a month begins. Only days from ``since`` to before ``until`` are read,
    where these are given.
    """

    date: str
    words: Mapping[str, str]
    shares: Mapping[str, str]
    numbers: Mapping[str, str]
    defaults: Mapping[str, float]
    kept: Mapping[str, Sequence[str]] = field(default_factory=dict)
    beside: Sequence[str] = ()
    cuts: Sequence[datetime.date] = ()
    since: datetime.date | None = None
    until: datetime.date | None = None


def build_sum_expression(table: ir.Table, plan: SumPlan) -> ir.Table:
    """Return the sums of a table by customer, month and whatever else parts the rows of the plan.

    Columns: first the keys, no two rows alike in them: the words and shares of the plan by the table's own names,
    the month and what else parts it; then ``sum_`` and the name of each number, :data:`COUNT`, :data:`FIRST` and
    :data:`LAST`.
    """
    day = _convert_to_day(table[plan.date])
    if plan.since is not None and plan.until is not None:
        table = table.filter((day >= ibis.literal(plan.since)) & (day < ibis.literal(plan.until)))
        day = _convert_to_day(table[plan.date])
    values = {
        name: _cast_number(table[theirs], plan.defaults.get(name)) for name, theirs in plan.numbers.items()
    }
    keys: dict[str, Any] = {
        name: _keep_known_words(table[theirs], plan.kept.get(name)) for name, theirs in plan.words.items()
    }
    keys |= {name: _cast_number(table[theirs], None) for name, theirs in plan.shares.items()}
    keys["month"] = (day.year() * 12 + day.month()).cast("int32")  # cheaper than a truncated date
    if plan.cuts:
        parts = [ibis.ifelse(day >= ibis.literal(cut), 1, 0) for cut in plan.cuts]
        keys["part"] = reduce(add, parts)
    if plan.beside:
        keys[BESIDE] = _find_values_beside(table, plan)
    keys |= _pack_signs(table, plan, values)
    return table.group_by(**keys).aggregate(
        **{f"sum_{name}": value.sum() for name, value in values.items()},
        **{COUNT: lambda t: t.count(), FIRST: day.min(), LAST: day.max()},
    )


def _pack_signs(table: ir.Table, plan: SumPlan, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the keys that tell apart rows of unlike signs, many numbers' signs in each."""
    signs = [
        _classify_sign(values[name], table[theirs].type().is_integer())
        for name, theirs in plan.numbers.items()
    ]
    if not signs:  # a log that counts its rows
        return {}
    # Nearly all rows are fine, and one test finds that out: only the others are looked at number by number.
    fine = reduce(and_, [value.between(0.0, float_info.max) for value in values.values()])
    keys: dict[str, Any] = {}
    for start in range(0, len(signs), _AT_ONCE):
        together = [sign * _SIGNS**at for at, sign in enumerate(signs[start : start + _AT_ONCE])]
        keys[f"signs{start}"] = ibis.cases((fine, 0), else_=reduce(add, together)).cast("int64")
    return keys


def _convert_to_day(column: ir.Column) -> Any:
    return column.date() if column.type().is_timestamp() else column


def _cast_number(column: ir.Column, default: float | None) -> Any:
    number = column.cast("float64") if not column.type().is_float64() else column
    if default is None:
        return number
    # What is missing counts as the default, such as a quantity of 1; NaN is missing too.
    if column.type().is_floating():
        number = number.isnan().ifelse(ibis.null("float64"), number)
    return number.fill_null(default)


def _keep_known_words(column: ir.Column, kept: Sequence[str] | None) -> Any:
    """Return a column with these values alone, whatever their case and blanks; the whole column for ``None``."""
    if kept is None:
        return column
    text: Any = column if column.type().is_string() else column.cast("string")
    return text.strip().lower().isin(list(kept)).ifelse(text, ibis.null("string"))


def _find_values_beside(table: ir.Table, plan: SumPlan) -> Any:
    """Return what the other columns hold of a row in which all that is summed or parted is blank."""
    read = (plan.date, *plan.words.values(), *plan.shares.values(), *plan.numbers.values())
    blank = reduce(and_, [_clear_blanks(table[column]).isnull() for column in read])
    texts = [_clear_blanks(table[column]).cast("string") for column in plan.beside]
    return blank.ifelse(ibis.coalesce(*texts), ibis.null("string"))


def _clear_blanks(column: Any) -> Any:
    """Return a column, nothing where it is blank or NaN."""
    if column.type().is_string():
        return column.strip().nullif("")
    return column.isnan().ifelse(ibis.null(column.type()), column) if column.type().is_floating() else column


def _classify_sign(value: Any, whole: bool) -> Any:
    """Return what tells apart rows whose values must not be mixed: not finite, below 0, missing, or fine."""
    # NaN is above every number in all engines, so one comparison finds it and both infinities.
    endless = [] if whole else [(value.abs() > float_info.max, 3)]
    return ibis.cases(*endless, (value < 0, 1), (value.isnull(), 2), else_=0)
