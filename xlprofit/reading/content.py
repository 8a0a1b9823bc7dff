"""Content: what the cells of a column look like, whatever its header, and which column they could be those of."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from xlprofit.folding import fold_name
from xlprofit.headings import word_meant
from xlprofit.reading import cells, words
from xlprofit.reading.numbers import parse_currency
from xlprofit.tables import ColumnSpec

if TYPE_CHECKING:
    from xlprofit.reading.cells import CellPart

MANY = 20
"""Among more filled cells than this, a column of groups has two that are alike."""

_NUMBER = re.compile(
    r"[(+\-−–]*\s*(?P<before>[^\W\d_]{1,3}\.?|[€£$¥₹])?\s*[+\-−–]?\s*(?:[0-9][0-9 .,'’]*|[.,][0-9]+)"
    r"(?:[eE][+-]?[0-9]+)?\s*(?P<after>[^\W\d_]{1,3}\.?|[€£$¥₹%])?\s*[+\-−–]?\)?"
)
_DATE = re.compile(
    r"[0-9]{1,4}[-./][0-9]{1,2}[-./][0-9]{1,4}(?:[T ].*)?"
    r"|[0-9]{1,2}[.\- ]*[^\W\d_]{3,}\.?[,\- ]*[0-9]{2,4}|[^\W\d_]{3,}\.?,? [0-9]{1,2},? [0-9]{4}"
)
_PERIOD = re.compile(r".*[0-9]{4}.*|[0-9]{1,2}[-./][0-9]{2}")


@dataclass(frozen=True)
class Content:
    """The cells of a column by what they hold, and how many are filled.

    ``unread`` says that the cells of the column were never fetched, so that it could hold anything.
    """

    parts: tuple[CellPart, ...]
    filled: int
    unread: bool = False

    def values(self) -> list[tuple[object, int]]:
        """Return the different values, each with the number of cells that hold it."""
        found: list[tuple[object, int]] = []
        for part in self.parts:
            which, distinct = part.distinct()
            counts = np.bincount(which, minlength=len(distinct)).tolist()
            found += zip(distinct, counts, strict=True)
        return found

    @property
    def is_single(self) -> bool:
        """Whether several cells are filled, all with the same value."""
        return self.filled > 1 and len({_fold_cell(value) for value, _ in self.values()}) == 1


def inspect_column(series: pd.Series, unread: bool = False) -> Content:
    """Return what a column holds."""
    parts = tuple(cells.split_column_cells(series))
    filled = sum(len(part.at) for part in parts)
    return Content(parts, filled, unread and not filled)


def can_fit_column(content: Content, column: ColumnSpec) -> bool:
    """Whether the cells could be those of a column: at least half of the filled ones are of its kind."""
    if content.unread or not content.filled:
        return content.unread
    return sum(n for value, n in content.values() if _can_fit_kind(value, column)) * 2 >= content.filled


def is_grouping(content: Content) -> bool:
    """Whether the cells could be those of groups, such as segments: of many filled cells some are alike."""
    return content.filled <= MANY or len(content.values()) < content.filled


def is_numeric(content: Content) -> bool:
    """Whether the cells are numbers, or were never fetched."""
    return can_fit_column(content, ColumnSpec("amount", "number", ""))


def is_dated(content: Content) -> bool:
    """Whether the cells are dates, or were never fetched."""
    return can_fit_column(content, ColumnSpec("day", "date", ""))


def _can_fit_kind(value: object, column: ColumnSpec) -> bool:
    if column.kind == "share":
        return _is_share(value, column)
    if column.kind == "choice":
        return isinstance(value, str) and word_meant(value, column.choices) is not None
    return _KINDS[column.kind](value)


def _is_number(value: object) -> bool:
    if isinstance(value, str):
        text = words.normalize_text(value)
        found = _NUMBER.fullmatch(text)
        return found is not None and _is_unit_text(found) and not _is_date(value)
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_unit_text(found: re.Match[str]) -> bool:
    """Whether what stands around a number is no more than a unit: ``kr 12`` and ``12 kg``, not ``B2B`` or ``F2``."""
    before, after = found["before"] or "", (found["after"] or "").rstrip(".")
    if before and not before[0].isalpha():
        before = ""
    if before and not parse_currency(before):
        return False
    return not (before and after[:1].isalpha())


def _is_share(value: object, column: ColumnSpec) -> bool:
    """Whether a value is a number within the column's bounds, or a percentage."""
    if isinstance(value, str):
        return _is_number(value) and (
            value.strip().endswith("%") or words.normalize_text(value)[:1] in "-0.,1"
        )
    low = -np.inf if column.minimum is None else column.minimum
    high = np.inf if column.maximum is None else column.maximum
    return isinstance(value, int | float) and not isinstance(value, bool) and bool(low <= value <= high)


def _is_date(value: object) -> bool:
    if isinstance(value, str):
        return bool(_DATE.fullmatch(words.normalize_text(value)))
    if isinstance(value, float) and 19000101 <= value <= 21001231:
        return 1 <= value % 10000 // 100 <= 12 and 1 <= value % 100 <= 31
    return isinstance(value, np.datetime64)


def _is_period(value: object) -> bool:
    if isinstance(value, str):
        return bool(_PERIOD.fullmatch(words.normalize_text(value))) or _is_date(value)
    if isinstance(value, float):
        return 1900 <= value <= 2100 or 190001 <= value <= 210012
    return isinstance(value, np.datetime64 | pd.Period)


def _is_flag(value: object) -> bool:
    return isinstance(words.parse_flag(value), str)


def _is_name(value: object) -> bool:
    """Whether a value could be a name or a number that stands for one."""
    if isinstance(value, str):
        return not _is_date(value)
    return isinstance(value, float) and value.is_integer()


_KINDS: dict[str, Callable[[object], bool]] = {
    "number": _is_number,
    "date": _is_date,
    "period": _is_period,
    "flag": _is_flag,
    "customer": _is_name,
    "name": _is_name,
    "text": _is_name,
}


def _fold_cell(value: object) -> object:
    """Return a value in the form in which names are compared."""
    text = words.convert_to_text(value)
    return fold_name(text) if isinstance(text, str) else value
