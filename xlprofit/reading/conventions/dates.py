"""Dates: which of day and month comes first in a column, and whether Excel has swapped them on opening.

Excel turns ``05/01/2024`` into a date by the order of its own country, and leaves ``13/01/2024`` a text where that
order makes it none. Of an export with the other order the first twelve days of each month so become dates of
other months, and the rest stay texts: that mixture gives the swap away, and tells how to undo it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from xlprofit.reading import dates
from xlprofit.reading.dates import Order
from xlprofit.reading.faults import Trouble

Days = npt.NDArray[np.datetime64]

FEWEST = 3
"""So many different real dates, and texts, must bear witness of a swap before it is undone."""

SPREAD = 6
"""So many different real dates, on :data:`FEWEST` different days of a month, are no chance where all are early."""

UNLIKELY = 8
"""So many different texts, none within the first twelve days of a month, are no chance."""

LAST_MONTH = 12
"""A day of the month up to this may be taken for a month."""

Swap = Literal["", "proved", "possible"]


@dataclass(frozen=True)
class Told:
    """What the texts of a column say together of the order of day and month.

    ``order`` is empty where nothing settles it. ``open`` says whether any text leaves the order open by itself,
    ``against`` are two texts that contradict each other, where any do.
    """

    order: Order = ""
    open: bool = False
    against: tuple[str, str] | None = None


def settle_date_order(texts: Iterable[str]) -> Told:
    """Return what the texts of one column say together of the order of day and month.

    One text with a field above 12 settles all of them, unless another contradicts it.

    >>> settle_date_order(["01/02/2024", "13/02/2024"]).order, settle_date_order(["01/02/2024"]).order
    ('day', '')
    """
    shown: dict[str, list[str]] = {"day": [], "month": []}
    doubtful = False
    for text in sorted(set(texts)):
        order, either = dates.find_date_order(text)
        doubtful = doubtful or either
        if order:
            shown[order].append(text)
    if shown["day"] and shown["month"]:
        return Told("", doubtful, (shown["day"][0], shown["month"][0]))
    return Told("day" if shown["day"] else "month" if shown["month"] else "", doubtful)


def detect_swapped_dates(days: Days, texts: Sequence[str]) -> Swap:
    """Return whether Excel swapped day and month of the real dates of a column, which its texts bear witness of.

    Where it did, every real date lies in the first twelve days of a month and no text does. That much may be
    chance; it is ``proved`` where the dates swapped back lie in the months of the texts and as they stand do not, or
    where many of them lie on several different days of a month. ``days`` are whole days, each once or more.
    """
    late, days = _read_witnesses(texts), np.unique(days.astype("datetime64[D]"))
    if not len(days) or not len(late):
        return ""
    if (_compute_day_of_month(days) > LAST_MONTH).any():
        return "possible" if len(late) >= UNLIKELY else ""
    moved = days[dates.swap_day_and_month(days) != days]
    return _weigh_swap(moved, late) if len(moved) else ""


def _read_witnesses(texts: Sequence[str]) -> Days:
    """Return the days of the texts that show the order of day and month; none where any leaves it open."""
    found = settle_date_order(texts)
    shown = [text for text in sorted(set(texts)) if dates.find_date_order(text)[0]]
    read = [dates.parse_day(text, found.order) for text in (shown if found.order and not found.open else ())]
    return np.unique(np.array([day for day in read if not isinstance(day, Trouble)], dtype="datetime64[D]"))


def _weigh_swap(moved: Days, late: Days) -> Swap:
    """Return how sure it is that days which would be others if swapped back were swapped, beside ``late`` ones."""
    back = dates.swap_day_and_month(moved)
    if min(len(moved), len(late)) < FEWEST or not _is_within_months(back, late):
        return "possible"
    scattered = len(moved) >= SPREAD and len(np.unique(_compute_day_of_month(moved))) >= FEWEST
    return "proved" if scattered or not _is_within_months(moved, late) else "possible"


def _compute_day_of_month(days: Days) -> npt.NDArray[np.int64]:
    since_first = days - days.astype("datetime64[M]").astype("datetime64[D]")
    return np.asarray(since_first.astype(np.int64) + 1, dtype=np.int64)


def _is_within_months(days: Days, of: Days) -> bool:
    """Whether all days lie in the months from the first to the last of others, or right beside them."""
    months, span = days.astype("datetime64[M]"), of.astype("datetime64[M]")
    return bool(months.min() >= span.min() - 1 and months.max() <= span.max() + 1)
