"""Waterfalls: steps as columns upon an invisible base, so that every program shows them as stacked columns."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from xlprofit.messages import Message, _
from xlprofit.sheets.frame import format_short_money
from xlprofit.sheets.parts import Column, Meaning, Series

if TYPE_CHECKING:  # results are handed in: what makes them is not needed
    from xlprofit.results import Results

Step = tuple[str, float, float, bool]
"""A step: what it is called, where it starts and ends, in money, and whether it is a total."""

MEANINGS = {
    "base": Meaning.PLAIN,
    "total": Meaning.NEUTRAL,
    "rise": Meaning.PROFIT,
    "fall": Meaning.LOSS,
    "rise_below": Meaning.PROFIT,
    "fall_below": Meaning.LOSS,
}
"""The parts that columns are made of, with their colours. Those below zero are for a step that crosses it."""


def name_step(step: Step, results: Results) -> str:
    """Return a step of a waterfall with its amount, as it stands below its column."""
    label, start, end, _whole = step
    amount = format_short_money(abs(end - start), results)
    if end < start:
        return _("{line} −{amount}", line=label, amount=amount)  # a minus, at which no line is broken
    return _("{line} {amount}", line=label, amount=amount)


def build_step_column(header: Message, steps: Sequence[Step], results: Results) -> Column:
    """Return the column that names the steps of a waterfall, each as it is written below its column of the chart."""
    names = [name_step(step, results) for step in steps]
    return Column("step", header, names, width=26.0, wrap=True, divided=True)


def split_step(start: float, end: float, whole: bool) -> tuple[float | None, ...]:
    """Return the parts of a column of the waterfall, as :data:`MEANINGS`; those that it has not are blank.

    >>> split_step(5.0, 8.0, False), split_step(2.0, -3.0, False)
    ((5.0, None, 3.0, None, None, None), (0.0, None, None, 2.0, None, -3.0))
    """
    if whole:
        return (None, end, None, None, None, None)
    low, high = sorted((start, end))
    rises = end >= start
    if low < 0 < high:
        above, below = high, low
        return (0.0, None, *((above, None, below, None) if rises else (None, above, None, below)))
    base, size = (low, high - low) if low >= 0 else (high, low - high)
    return (base, None, *((size, None) if rises else (None, size)), None, None)


def tabulate_parts(steps: Sequence[Step]) -> pd.DataFrame:
    """Return the parts of each step's column, in money; those that it has not are blank."""
    rows = [split_step(start, end, whole) for _label, start, end, whole in steps]
    return pd.DataFrame(rows, columns=list(MEANINGS))


def list_waterfall_series(table: str, words: Mapping[str, str], drawn: Collection[str]) -> tuple[Series, ...]:
    """Return the series of a waterfall over a table of parts.

    Args:
        table: the name of the table.
        words: what each part is called.
        drawn: the parts that are drawn.
    """
    return tuple(
        Series(table, key, _(words[key]), meaning, hidden=key == "base")
        for key, meaning in MEANINGS.items()
        if key in drawn
    )
