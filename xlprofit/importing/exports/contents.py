"""Contents: what the cells of one column of an export look like, whatever its header."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from xlprofit.importing.exports.export import Cell, is_blank_cell
from xlprofit.importing.exports.marks import strip_footnote
from xlprofit.languages import list_reading_words
from xlprofit.reading.word_patterns import join_words
from xlprofit.reading.words import normalize_text

LOOKED_AT = 1_500
"""So many cells of a column, spread over all of it, are looked at to tell what it holds."""

CellKind = Literal["blank", "number", "date", "duration", "flag", "text"]

_SIGN = r"[+\-\u2212\u2013]?"
_MARK = r"(?:[A-Z]{3}|[A-Z]{0,2}\$|[€£¥₹]|[Kk]r\.?|EUR|zł|Kč|Ft|CHF)?"
_NUMBER = re.compile(
    rf"(?:{_MARK}\s*(?=\())?\(?\s*{_SIGN}\s*{_MARK}\s*{_SIGN}\s*"
    r"(?:[0-9][0-9.,'’\u00a0\u202f ]*|[.,][0-9]+)(?:[eE][+-]?[0-9]+)?"
    rf"\s*{_MARK}\s*%?\s*{_SIGN}\s*\)?(?:(?<=\))\s*{_MARK})?(?:\s*(?:Dr|Cr|DR|CR|S|H)\.?)?"
)
_DATE = re.compile(
    r"[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}\.?(?:[T ,].*)?"
    r"|[0-9]{1,2}[-/.]\s?[0-9]{1,2}[-/.]\s?(?:[0-9]{4}|[0-9]{2})(?:[T ,].*)?"
    r"|[0-9]{1,2}[. \-]+[^\W\d_]{3,12}\.?[, \-]+[0-9]{2,4}(?:[T ,].*)?"
    r"|[^\W\d_]{3,12}\.? [0-9]{1,2},? [0-9]{4}(?:[T ,].*)?"
    r"|[^\W\d_]{3,12}-[0-9]{1,2}-(?:[0-9]{4}|[0-9]{2})(?:[T ,].*)?"
)
_COMPACT = re.compile(r"(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])")
_PERIOD = re.compile(r"0(?:0[1-9]|1[0-6])[./](?:19|20)[0-9]{2}")
_DURATION = re.compile(
    r"[0-9]{1,4}:[0-5][0-9](?::[0-5][0-9])?"
    rf"|(?:[0-9]+(?:[.,][0-9]+)?\s*(?:{join_words('counted_hours')})(?!\w)\.?\s*)"
    rf"(?:[0-9]{{1,2}}\s*(?:{join_words('counted_minutes')})?\.?)?"
    rf"|[0-9]+(?:[.,][0-9]+)?\s*(?:{join_words('counted_minutes')})\.?",
    re.IGNORECASE,
)
_OF_DAY_HALF = re.compile(r"[0-9] ?[AaPp]\.?[Mm]\.?$")
"""What a date ends with that has a time of twelve hours."""
_FLAGS = frozenset(list_reading_words("flags"))
_CODE = re.compile(r"0[0-9]+")
_WRITTEN: tuple[tuple[re.Pattern[str], CellKind], ...] = (
    (_DATE, "date"),
    (_COMPACT, "date"),
    (_PERIOD, "date"),
    (_DURATION, "duration"),
    (_CODE, "text"),
    (_NUMBER, "number"),
)
"""What a text is that is written so, the first that fits."""


def kind_of_cell(cell: Cell) -> CellKind:
    """Return what one cell looks like.

    >>> kind_of_cell("1.234,50-"), kind_of_cell("2/24/2003 0:00"), kind_of_cell("01:30:00"), kind_of_cell("00123")
    ('number', 'date', 'duration', 'text')
    """
    if isinstance(cell, str):
        return _kind_of_text(strip_weekday(normalize_text(cell)))
    if cell is None or cell != cell:
        return "blank"
    if isinstance(cell, bool):
        return "flag"
    if isinstance(cell, int | float):
        return "number"
    if isinstance(cell, dt.time | dt.timedelta):
        return "duration"
    return "date" if isinstance(cell, dt.date) else "text"


def _kind_of_text(text: str) -> CellKind:
    if not text:
        return "blank"
    if text[0].isalpha() and not text[-1].isdigit() and not _OF_DAY_HALF.search(text):
        return "flag" if text.casefold() in _FLAGS else "text"
    for pattern, kind in _WRITTEN:
        if pattern.fullmatch(text):
            return kind
    plain = strip_footnote(text)
    return "number" if plain != text and _NUMBER.fullmatch(str(plain)) else "text"


WORDED_SHORT = re.compile(
    r"(?:(?P<day>[0-9]{1,2})[. \-]+(?P<word>[^\W\d_]{3,12})\.?[, \-]+"
    r"|(?P<first_word>[^\W\d_]{3,12})\.?[ \-]+(?P<next_day>[0-9]{1,2})(?:, ?| |-))'?(?P<year>[0-9]{2})"
)
"""A day, a month in words and a year of two digits: 05-MAR-24, Mar-05-24."""

FIRST_SERIAL, LAST_SERIAL = 29_221, 73_050
"""Excel's numbers of the days from 1980 to 2099."""


def strip_weekday(text: str) -> str:
    """Return a date without the day of the week before it.

    >>> strip_weekday("Tuesday, March 5, 2024"), strip_weekday("Di, 05.03.2024"), strip_weekday("March 5, 2024")
    ('March 5, 2024', '05.03.2024', 'March 5, 2024')
    """
    return (
        re.sub(
            r"^[^\W\d_]{2,12}\.?,?\s+(?=[0-9]{1,2}\.|[0-9]{1,2}[/ -]|[0-9]{4}-|[^\W\d_]{3,12}\.? [0-9]{1,2},)",
            "",
            text,
        )
        if re.match(r"[^\W\d_]{2,12}(?:\.|,)", text)
        else text
    )


def is_serial(cells: Sequence[Cell]) -> bool:
    """Whether the cells of a column are Excel's numbers of days."""
    held = [cell for cell in cells if not is_blank_cell(cell)]
    return bool(held) and all(_is_day_number(cell) for cell in held)


def are_day_numbers(cells: Sequence[Cell]) -> bool:
    """Whether the cells of a column are days as numbers, 20240305, and nothing else."""
    return bool(cells) and all(
        isinstance(cell, int | float) and bool(_COMPACT.fullmatch(f"{cell:.0f}")) and cell == int(cell)
        for cell in cells
    )


def _is_day_number(cell: Cell) -> bool:
    if isinstance(cell, str):
        return (
            bool(re.fullmatch(r"[0-9]{5}(?:[.,][0-9]+)?", cell.strip()))
            and FIRST_SERIAL <= int(cell.strip()[:5]) <= LAST_SERIAL
        )
    return (
        isinstance(cell, int | float) and not isinstance(cell, bool) and FIRST_SERIAL <= cell <= LAST_SERIAL
    )


def is_sap_period(cell: Cell) -> bool:
    """Whether a cell is a period as SAP writes it: 001.2024."""
    return isinstance(cell, str) and bool(_PERIOD.fullmatch(cell.strip()))


@dataclass(frozen=True)
class ColumnLook:
    """What a column looks like: shares are of the cells that are filled, ``filled`` is a share of all of them.

    ``variety`` is the share of different values; ``decimal`` and ``negative`` are shares of the numbers that have
    decimals or a minus; ``size`` is their median digits before the decimals. ``examples`` are its first values.
    """

    filled: float = 0.0
    number: float = 0.0
    date: float = 0.0
    duration: float = 0.0
    flag: float = 0.0
    text: float = 0.0
    variety: float = 0.0
    different: int = 0
    decimal: float = 0.0
    negative: float = 0.0
    size: float = 0.0
    length: float = 0.0
    examples: tuple[str, ...] = ()

    def fits(self, kind: str) -> bool:
        """Whether at least half of the cells could stand in a column of a kind; a blank column fits any."""
        return not self.filled or _FITS.get(kind, _fits_other)(self)


def _fits_period(look: ColumnLook) -> bool:
    return look.date >= 0.5 or (look.number >= 0.5 and not look.decimal) or look.text >= 0.5


def _fits_name(look: ColumnLook) -> bool:
    return look.date < 0.5 and look.number * look.decimal < 0.5 and look.duration < 0.5


def _fits_other(look: ColumnLook) -> bool:
    return look.date < 0.5


_FITS: Mapping[str, Callable[[ColumnLook], bool]] = {
    "number": lambda look: look.number + look.duration >= 0.5,
    "share": lambda look: look.number + look.duration >= 0.5,
    "date": lambda look: look.date >= 0.5,
    "period": _fits_period,
    "flag": lambda look: look.flag >= 0.5 or look.different <= 3,
    "customer": _fits_name,
    "name": _fits_name,
    "choice": lambda look: True,
}
"""What the cells of a column must be mostly, by the kind of the column that they could stand in."""


def look_at(cells: Sequence[Cell]) -> ColumnLook:
    """Return what a column looks like, from cells spread over all of it."""
    step = max(1, len(cells) // LOOKED_AT)
    some = list(cells[::step]) if len(cells) > LOOKED_AT else list(cells)
    held = [cell for cell in some if not is_blank_cell(cell)]
    if not held:
        return ColumnLook()
    shown = [str(cell).strip() for cell in held]
    kinds = _list_kinds(held, shown)
    if are_day_numbers(held):
        kinds = ["date"] * len(held)
    share = {kind: count / len(held) for kind, count in Counter(kinds).items()}
    numbers = [text for text, kind in zip(shown, kinds, strict=True) if kind == "number"]
    return ColumnLook(
        filled=len(held) / len(some),
        number=share.get("number", 0.0),
        date=share.get("date", 0.0),
        duration=share.get("duration", 0.0),
        flag=share.get("flag", 0.0),
        text=share.get("text", 0.0),
        variety=len(set(shown)) / len(held),
        different=len(set(shown)),
        decimal=sum(map(_has_decimals, numbers)) / max(len(numbers), 1),
        negative=sum(map(_has_minus, numbers)) / max(len(numbers), 1),
        size=_find_median(list(map(_count_digits, numbers))),
        length=_find_median(list(map(len, shown))),
        examples=_pick_examples(shown),
    )


def _list_kinds(cells: Sequence[Cell], shown: Sequence[str]) -> list[CellKind]:
    """Return what each cell looks like, asked once of cells that are written alike."""
    known: dict[str, CellKind] = {}
    for text, cell in zip(shown, cells, strict=True):
        if text not in known:
            known[text] = kind_of_cell(cell)
    return [known[text] for text in shown]


def _pick_examples(shown: Sequence[str]) -> tuple[str, ...]:
    """Return three different values, as they are written."""
    return tuple(list(dict.fromkeys(shown))[:3])


def _has_decimals(text: str) -> bool:
    return bool(re.search(r"[.,][0-9]{1,2}(?![0-9])|[.,](?!000)[0-9]{4,}", text)) and not text.endswith(".0")


def _has_minus(text: str) -> bool:
    return text[:1] in "-(\u2212\u2013" or text[-1:] == "-"


def _count_digits(text: str) -> int:
    whole = re.split(r"[.,](?=[0-9]{1,2}(?![0-9]))", text)[0]
    return sum(c.isdigit() for c in whole)


def _find_median(values: Sequence[float]) -> float:
    return float(sorted(values)[len(values) // 2]) if values else 0.0
