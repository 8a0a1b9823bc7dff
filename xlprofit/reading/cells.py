"""Cells: the values of one column, sorted by what they are, and read as what the column should hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from operator import methodcaller
from typing import Literal, cast

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit.findings import phrase
from xlprofit.reading import dates, numbers, words
from xlprofit.reading.faults import Mask, Places, Trouble, quote_value
from xlprofit.tables import ColumnSpec, SettingSpec

Sort = Literal["number", "text", "flag", "date", "period", "other"]
"""What a cell holds, whatever its column should hold. A date is a whole day; a blank is none of these."""

Array = npt.NDArray[np.generic]

LARGEST = 1e15
"""The largest number that is taken: of a larger one Excel itself does not keep every unit."""

SMALLEST = 1e-15
"""A number nearer to 0 is 0: a formula leaves such of two numbers that are the same, and nothing is divided by it."""

_EPOCH = dt.date(1970, 1, 1).toordinal()


@dataclass(frozen=True)
class CellPart:
    """The cells of one column that hold one sort of value: their positions and what they hold.

    ``values`` is ``float64`` for numbers, ``datetime64[D]`` for dates, ``bool`` for flags; for texts it says
    which of the ``texts`` each cell has; else it is objects.
    """

    sort: Sort
    at: Places
    values: Array
    texts: Sequence[str] = ()

    def distinct(self) -> tuple[Places, list[object]]:
        """Return the different values, as plain objects, and for each cell which of them it is."""
        if self.sort == "text":
            return self.values.astype(np.int64), list(self.texts)
        keys = self.values.view(np.int64) if self.sort == "date" else self.values
        codes, found = pd.factorize(keys)
        if self.sort == "date":
            return codes, list(np.asarray(found, dtype=np.int64).view("datetime64[D]"))
        return codes, np.asarray(found).tolist()


@dataclass(frozen=True)
class Reader:
    """How the cells of a column are read.

    ``native`` is the sort that is taken as it is, unless ``suspect`` has a doubt; every other value,
    once for each different one, goes through ``read``, which returns the value or what is wrong with it.
    ``dtype`` is that of the values read; ``object`` for words.
    """

    native: Sort | None
    dtype: str
    suspect: Callable[[Array], Mask]
    read: Callable[[object], object]


@dataclass(frozen=True)
class Reading:
    """One column as read.

    ``values`` holds numbers or days; for words ``codes`` says which of ``words`` a cell holds (−1: none)
    and ``written`` how each was written. ``trouble_at`` are the cells that could not be read, ascending,
    ``trouble_of`` which of ``troubles`` each has. ``as_text`` are numbers and dates stored as text.
    """

    values: Array
    codes: npt.NDArray[np.int32]
    words: list[str]
    written: list[str]
    blank: Mask
    troubles: list[Trouble]
    trouble_at: Places
    trouble_of: Places
    as_text: Places

    @property
    def bad(self) -> Mask:
        """Which cells could not be read."""
        mask = np.zeros(len(self.blank), dtype=bool)
        mask[self.trouble_at] = True
        return mask

    def text(self) -> npt.NDArray[np.object_]:
        """Return the words cell by cell, ``""`` where there is none."""
        return np.array([*self.words, ""], dtype=object)[self.codes]


def read_column_cells(column: pd.Series, reader: Reader) -> Reading:
    """Return a column as read, whatever its dtype and whatever stands in its cells."""
    return read_parts(split_column_cells(column), len(column), reader)


def read_parts(among: Sequence[CellPart], size: int, reader: Reader) -> Reading:
    """Return a column of so many cells as read, from what they hold."""
    wordy = reader.dtype == "object"
    values: Array = np.full(0 if wordy else size, _get_blank(reader.dtype), dtype=reader.dtype)
    codes = np.full(size if wordy else 0, -1, dtype=np.int32)
    blank = np.ones(size, dtype=bool)
    found: list[str] = []
    written: list[str] = []
    troubles: list[Trouble] = []
    trouble_at, trouble_of, as_text = [], [], []
    for part in among:
        blank[part.at] = False
        if part.sort == reader.native:
            part = _take_native_values(part, reader, values)
        results = _read_distinct(part, reader)
        blank[results.at(results.empty)] = True
        fine = results.good[results.which]
        if wordy:
            codes[part.at[fine]] = len(found) + results.which[fine]
            found += results.words
            written += results.written
        elif fine.any():
            values[part.at[fine]] = results.numbers(reader.dtype)[results.which[fine]]
            as_text += [part.at[fine]] if part.sort == "text" else []
        order = np.cumsum(results.bad) - 1 + len(troubles)
        trouble_at.append(results.at(results.bad))
        trouble_of.append(order[results.which[results.bad[results.which]]])
        troubles += results.troubles
    at, of = _join_places(trouble_at), _join_places(trouble_of)
    order = np.argsort(at, kind="stable")
    return Reading(
        values, codes, found, written, blank, troubles, at[order], of[order], np.sort(_join_places(as_text))
    )


def _take_native_values(part: CellPart, reader: Reader, values: Array) -> CellPart:
    """Put the values that leave no doubt where they belong, and return the part of the others."""
    odd = reader.suspect(part.values)
    values[part.at[~odd]] = part.values[~odd]
    return CellPart(part.sort, part.at[odd], part.values[odd])


@dataclass(frozen=True)
class _Results:
    """What the different values of a part were read as: ``which`` of them each of its cells holds."""

    part: CellPart
    which: Places
    distinct: list[object]
    results: list[object]
    clean: bool = False
    """Whether all of the values are texts that were read as they are."""

    @cached_property
    def bad(self) -> Mask:
        """Which of the values could not be read."""
        if self.clean:
            return np.zeros(len(self.results), dtype=bool)
        return np.array([isinstance(result, Trouble) for result in self.results], dtype=bool)

    @cached_property
    def empty(self) -> Mask:
        """Which of the values are read as nothing."""
        if self.clean:
            return np.zeros(len(self.results), dtype=bool)
        return np.array([isinstance(result, str) and not result for result in self.results], dtype=bool)

    @cached_property
    def good(self) -> Mask:
        """Which of the values were read."""
        return ~self.bad & ~self.empty

    def at(self, of: Mask) -> Places:
        """Return the positions of the cells that hold one of these values."""
        return self.part.at[of[self.which]]

    @property
    def troubles(self) -> list[Trouble]:
        """What is wrong with the values that could not be read."""
        return [] if self.clean else [result for result in self.results if isinstance(result, Trouble)]

    @property
    def words(self) -> list[str]:
        """The values as words, ``""`` for one that could not be read."""
        if self.clean:
            return cast(list[str], self.results)
        return ["" if isinstance(result, Trouble) else str(result) for result in self.results]

    @property
    def written(self) -> list[str]:
        """The values as they are written."""
        if self.clean:
            return cast(list[str], self.distinct)
        pairs = zip(self.distinct, self.results, strict=True)
        return [value if isinstance(value, str) else str(result) for value, result in pairs]

    def numbers(self, dtype: str) -> Array:
        """Return the values as numbers or days, blank for one that was not read."""
        pairs = zip(self.results, self.good, strict=True)
        return np.array([result if good else _get_blank(dtype) for result, good in pairs], dtype=dtype)


def _read_distinct(part: CellPart, reader: Reader) -> _Results:
    which, distinct = part.distinct()
    if part.sort == "text" and reader.read is words.convert_to_text:
        texts = cast(list[str], distinct)
        if words.are_clean(texts) and "\n#" not in "\n".join(("", *texts)):
            return _Results(part, which, distinct, distinct, clean=True)
    return _Results(part, which, distinct, [reader.read(value) for value in distinct])


def _get_blank(dtype: str) -> float | np.datetime64 | None:
    """Return what stands for a blank in an array of a type."""
    if dtype == "float64":
        return np.nan
    return None if dtype == "object" else np.datetime64("NaT")


def _join_places(places: Sequence[Places]) -> Places:
    return np.concatenate([np.zeros(0, dtype=np.int64), *places])


# --- the sorts of a column's cells -------------------------------------------------------------------


def split_column_cells(column: pd.Series) -> list[CellPart]:
    """Return the cells of a column by what they hold; blank cells are in none of the parts."""
    if isinstance(column.array, pd.Categorical):
        known = column.array.categories
        if known.inferred_type in ("string", "empty"):
            return _split_texts(np.asarray(column.array.codes), known.to_numpy(dtype=object))
        column = pd.Series(np.asarray(column))
    return _split_plain_column(column)


def _split_plain_column(column: pd.Series) -> list[CellPart]:
    """Return the cells of a column that is no categorical one, by its type."""
    kind = column.dtype
    if isinstance(kind, pd.ArrowDtype | pd.SparseDtype):
        return _split_objects(column.astype(object).to_numpy(dtype=object))
    if isinstance(kind, pd.StringDtype):
        return _split_texts(*pd.factorize(np.asarray(column, dtype=object)))
    if pd.api.types.is_datetime64_any_dtype(kind):
        return _split_timestamps(column)
    if pd.api.types.is_bool_dtype(kind) and not pd.api.types.is_object_dtype(kind):
        held = np.flatnonzero(column.notna().to_numpy())
        return _drop_empty_part(CellPart("flag", held, column.to_numpy(dtype=bool, na_value=False)[held]))
    if pd.api.types.is_numeric_dtype(kind) and not pd.api.types.is_complex_dtype(kind):
        values = column.to_numpy(dtype=np.float64, na_value=np.nan)
        return _split_numbers(np.arange(len(values)), values)
    return _split_objects(np.asarray(column, dtype=object))


def _drop_empty_part(part: CellPart) -> list[CellPart]:
    return [part] if len(part.at) else []


def _split_numbers(at: Places, values: npt.NDArray[np.float64]) -> list[CellPart]:
    held = ~np.isnan(values)
    return _drop_empty_part(CellPart("number", at[held], values[held]))


def _split_texts(codes: npt.NDArray[np.signedinteger], texts: npt.NDArray[np.object_]) -> list[CellPart]:
    """Return the part of texts, those of nothing but blanks left out; ``codes`` has which each cell has, or -1.

    The texts come in the order in which the cells have them.
    """
    listed = texts.tolist()
    if words.are_clean(listed):
        at = np.flatnonzero(codes >= 0)
    else:
        filled = np.array([bool(words.normalize_text(text)) for text in listed] + [False], dtype=bool)
        at = np.flatnonzero(filled[codes])
    which, found = pd.factorize(codes[at])
    return _drop_empty_part(CellPart("text", at, which, texts[found].tolist()))


def _split_timestamps(column: pd.Series) -> list[CellPart]:
    values = column.dt.tz_localize(None).to_numpy().astype("datetime64[D]")
    held = np.flatnonzero(~np.isnat(values))
    return _drop_empty_part(CellPart("date", held, values[held]))


def _split_objects(values: npt.NDArray[np.object_]) -> list[CellPart]:
    """Return the parts of a column of mixed cells: one for each class, so that ``True`` is not 1."""
    kinds, classes = pd.factorize(np.fromiter(map(type, values), dtype=object, count=len(values)))
    found: list[CellPart] = []
    for kind, of in enumerate(classes):
        at = np.flatnonzero(kinds == kind)
        found += _split_cells_of_class(of, at, values[at])
    return found


def _split_cells_of_class(of: type, at: Places, values: npt.NDArray[np.object_]) -> list[CellPart]:
    if issubclass(of, type(None) | type(pd.NaT) | type(pd.NA)):
        return []
    if issubclass(of, bool | np.bool_):
        return [CellPart("flag", at, values.astype(bool))]
    if issubclass(of, str):
        return [replace(part, at=at[part.at]) for part in _split_texts(*pd.factorize(values))]
    if issubclass(of, int | float | np.integer | np.floating | Decimal | Fraction):
        return _split_numbers(at, _convert_to_floats(values))
    if issubclass(of, dt.date):
        return _split_dates(at, values)
    if issubclass(of, np.datetime64):
        return _split_numpy_dates(at, values)
    if issubclass(of, pd.Period):
        return [CellPart("period", at, values)]
    told = np.array([_wrap_foreign_value(value) for value in values] + [None], dtype=object)[:-1]
    return [CellPart("other", at, told)]


def _convert_to_floats(values: npt.NDArray[np.object_]) -> npt.NDArray[np.float64]:
    try:
        return values.astype(np.float64)
    except (OverflowError, ValueError):
        return np.array([_convert_to_float(value) for value in values], dtype=np.float64)


def _convert_to_float(value: object) -> float:
    """Return a number as a float; infinite where it is too large for one, NaN where it is none."""
    try:
        return float(value)  # type: ignore[arg-type]
    except OverflowError:
        return np.inf
    except ValueError:  # a signalling NaN of Decimal
        return np.nan


def _split_dates(at: Places, values: npt.NDArray[np.object_]) -> list[CellPart]:
    """Return the part of dates as whole days; of a time zone the day that the clock there shows."""
    try:  # ordinals are many times faster than numpy's own reading of datetime objects
        ordinals = np.fromiter(map(methodcaller("toordinal"), values), dtype=np.int64, count=len(values))
    except NotImplementedError:  # a Timestamp further off than Python's own dates reach
        ordinals = np.array([_compute_ordinal(value) for value in values], dtype=np.int64)
    return [CellPart("date", at, (ordinals - _EPOCH).view("datetime64[D]"))]


def _compute_ordinal(value: dt.date) -> int:
    try:
        return value.toordinal()
    except NotImplementedError:
        return (dt.date.max if value.year > 0 else dt.date.min).toordinal()


def _split_numpy_dates(at: Places, values: npt.NDArray[np.object_]) -> list[CellPart]:
    """Return the part of numpy's own dates as whole days."""
    days = np.array([value.astype("datetime64[D]") for value in values], dtype="datetime64[D]")
    held = ~np.isnat(days)
    return _drop_empty_part(CellPart("date", at[held], days[held]))


@dataclass(frozen=True)
class Other:
    """A value that no cell of Excel holds, by the text it shows."""

    text: str

    def __str__(self) -> str:
        """Return the text that it shows."""
        return self.text


def _wrap_foreign_value(value: object) -> Other:
    try:
        return Other(str(value)[:80])
    except Exception:  # whatever a foreign class does in its __str__
        return Other(type(value).__name__)


# --- the readers ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Convention:
    """What holds for all cells of a column, so that a cell which can be read two ways is read one way.

    ``decimal`` is the mark that parts decimals in texts, ``order`` says which of day and month comes first
    there; both are empty where nothing settles it. ``percent`` says that a text such as ``15 %`` is a number: 0.15.
    """

    decimal: str = ""
    order: dates.Order = ""
    percent: bool = False


NO_CONVENTION = Convention()


def build_reader(
    spec: ColumnSpec | SettingSpec,
    currency: str,
    open_ended: bool = False,
    convention: Convention = NO_CONVENTION,
) -> Reader:
    """Return how the cells of a column, or the value of a setting, are read.

    ``currency`` is that of the run; in an ``open_ended`` date column a day far in the future is a blank.
    """
    kind = spec.kind
    if kind in ("number", "share"):
        return _build_number_reader(spec, currency, convention)
    if kind == "date":
        return _build_date_reader(open_ended, convention.order)
    by_kind: dict[str, Callable[[object], object]] = {
        "period": lambda value: dates.parse_period(value, convention.order),
        "flag": words.parse_flag,
        "choice": lambda value: words.parse_choice(value, spec.choices),
    }
    return Reader(None, "object", _build_doubtless_mask, by_kind.get(kind, words.convert_to_text))


def _build_doubtless_mask(values: Array) -> Mask:
    return np.zeros(len(values), dtype=bool)


def _build_number_reader(spec: ColumnSpec | SettingSpec, currency: str, convention: Convention) -> Reader:
    low, high = _find_bounds(spec)
    parse = numbers.parse_share if spec.kind == "share" or convention.percent else numbers.parse_number

    def suspect(values: Array) -> Mask:
        floats = np.asarray(values, dtype=np.float64)
        small = (np.abs(floats) < SMALLEST) & (floats != 0)
        return np.asarray(~np.isfinite(floats) | (floats < low) | (floats > high) | small, dtype=bool)

    def number(value: object) -> object:
        if isinstance(value, str):
            parsed = parse(value, currency, convention.decimal)
            return parsed if isinstance(parsed, Trouble) else check_bounds(parsed)
        if isinstance(value, float):
            return check_bounds(value)
        if isinstance(value, np.datetime64):
            what = phrase("C01", "date_where_number", day=quote_value(value))
            return Trouble("C01", what, phrase("C01", "format_cell_number"))
        return numbers.report_no_number(value)

    def check_bounds(value: float) -> float | Trouble:
        if not np.isfinite(value):
            return Trouble("C01", phrase("C01", "not_finite_number", value=quote_value(value)))
        if low <= value <= high:
            return value if abs(value) >= SMALLEST else 0.0
        return _report_out_of_bounds(value, spec)

    return Reader("number", "float64", suspect, number)


def _find_bounds(spec: ColumnSpec | SettingSpec) -> tuple[float, float]:
    """Return the least and the most that a number may be."""
    least = -LARGEST if spec.minimum is None else spec.minimum
    return least, LARGEST if spec.maximum is None else spec.maximum


def _report_out_of_bounds(value: float, spec: ColumnSpec | SettingSpec) -> Trouble:
    least, most = _find_bounds(spec)
    if value > most:
        fix = None
        if spec.kind == "share" and value <= 100:
            fix = phrase("C13", "write", percent=value, share=value / 100)
        what = phrase("C13", "above", value=quote_value(value), limit=most)
        return Trouble("C13", what, fix)
    return Trouble("C13", phrase("C13", "below", value=quote_value(value), limit=least))


def _build_date_reader(open_ended: bool, order: dates.Order) -> Reader:
    first, after = np.datetime64(f"{dates.FIRST_YEAR}-01-01"), np.datetime64(f"{dates.LAST_YEAR + 1}-01-01")

    def suspect(values: Array) -> Mask:
        days = np.asarray(values, dtype="datetime64[D]")
        return (days < first) | (days >= after)

    def day(value: object) -> object:
        if isinstance(value, np.datetime64):
            return "" if open_ended and value >= after else dates.check_year(value)
        if isinstance(value, str):
            return dates.parse_day(value, order)
        if isinstance(value, float):
            return dates.report_date_serial(value)
        return dates.report_no_date(value)

    return Reader("date", "datetime64[ns]", suspect, day)
