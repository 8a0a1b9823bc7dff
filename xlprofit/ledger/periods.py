"""Periods: the months, quarters or years that the span from start to end is cut into.

A period is known by its label: ``2024-03``, ``2024-Q1`` or ``2024``. Labels sort as time does.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

if TYPE_CHECKING:
    from xlprofit.tables import Settings

FREQUENCIES = {"month": "M", "quarter": "Q", "year": "Y"}
SHARE_OF_YEAR = {"month": 1 / 12, "quarter": 1 / 4, "year": 1.0}

WHOLE = 0.9
"""The share of its days that must lie in the span for a first or last period to count."""


def list_spans(settings: Settings) -> pd.PeriodIndex:
    """Return the periods from the one that ``start`` falls in to the one that ``end`` falls in."""
    return _lay_calendar(settings.start, settings.end, settings.period).spans


def list_labels(settings: Settings) -> pd.Index:
    """Return the labels of the span's periods, in order."""
    return _lay_calendar(settings.start, settings.end, settings.period).labels


@dataclass(frozen=True)
class _Calendar:
    """The periods of a span, with their labels and the first and last moment of each."""

    spans: pd.PeriodIndex
    labels: pd.Index
    moments: tuple[tuple[pd.Timestamp, pd.Timestamp], ...]


@lru_cache(maxsize=256)
def _lay_calendar(start: pd.Timestamp, end: pd.Timestamp, period: str) -> _Calendar:
    """Return the periods of a span, which are asked for again and again."""
    spans = pd.period_range(start, end, freq=FREQUENCIES[period])
    labels = pd.Index([name_period(p) for p in spans], dtype=object, name="period")
    return _Calendar(spans, labels, tuple((p.start_time, p.end_time) for p in spans))


def name_period(period: pd.Period) -> str:
    """Return the label of a period.

    >>> name_period(pd.Period("2024-03", "M")), name_period(pd.Period("2024Q1")), name_period(pd.Period("2024", "Y"))
    ('2024-03', '2024-Q1', '2024')
    """
    if period.freqstr.startswith("Q"):
        return f"{period.year:04d}-Q{period.quarter}"
    return f"{period.year:04d}" if period.freqstr.startswith("Y") else f"{period.year:04d}-{period.month:02d}"


def place_dates(dates: pd.Series, settings: Settings) -> npt.NDArray[np.int64]:
    """Return the place of each date's period in the span, counted from 0.

    A date before the span gets the first period, one after it the last: what lies outside was
    left out before, but for the day on which the books are looked at.
    """
    first, last = (day.to_datetime64().astype("datetime64[D]") for day in (settings.start, settings.end))
    months = np.arange(first, last + 1).astype("datetime64[M]").astype(np.int64) + 1970 * 12
    periods = months // {"month": 1, "quarter": 3, "year": 12}[settings.period]
    days = (dates.to_numpy().astype("datetime64[D]") - first).astype(np.int64)
    return np.asarray((periods - periods[0])[np.clip(days, 0, len(periods) - 1)], dtype=np.int64)


def find_covered_periods(text: str, settings: Settings) -> list[int]:
    """Return the places in the span of the periods that a period of any length covers or lies in.

    A year given where the model counts in months covers twelve of them; a month given where it
    counts in quarters lies in one. Empty where it lies outside the span.

    >>> from pandas import Timestamp as T
    >>> from xlprofit.tables import Settings
    >>> find_covered_periods("2024-Q1", Settings(T("2024-01-01"), T("2024-12-31"), T("2024-12-31")))
    [0, 1, 2]
    """
    given = pd.Period(text.replace("-Q", "Q"))
    begin, end = given.start_time, given.end_time
    calendar = _lay_calendar(settings.start, settings.end, settings.period)
    return [place for place, (first, last) in enumerate(calendar.moments) if first <= end and begin <= last]


def count_pieces(text: str, settings: Settings) -> int:
    """Return how many of the model's periods a period of any length is made of, in the span or out of it.

    >>> from pandas import Timestamp as T
    >>> from xlprofit.tables import Settings
    >>> count_pieces("2024", Settings(T("2024-01-01"), T("2024-06-30"), T("2024-06-30")))
    12
    """
    given = pd.Period(text.replace("-Q", "Q"))
    return len(pd.period_range(given.start_time, given.end_time, freq=FREQUENCIES[settings.period]))


def find_whole_periods(settings: Settings) -> tuple[int, int]:
    """Return the first period that counts and the one after the last: not those that the span cuts short.

    Where the span cuts them all short, all count.
    """
    whole = []
    for first, last in _lay_calendar(settings.start, settings.end, settings.period).moments:
        begin, end = first.normalize(), last.normalize()
        inside = min(end, settings.end) - max(begin, settings.start)
        whole.append((inside.days + 1) / ((end - begin).days + 1) >= WHOLE)
    if not any(whole):
        return 0, len(whole)
    return whole.index(True), len(whole) - whole[::-1].index(True)


def count_window(settings: Settings) -> int:
    """Return how many periods the setting ``window`` looks back on, one at least."""
    return max(1, int(settings.window / (12 * SHARE_OF_YEAR[settings.period])))
