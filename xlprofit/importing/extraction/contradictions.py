"""Contradictions: whether the cells of a column are still written as its rule says, month after month."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from xlprofit.findings import Finding, build_finding, phrase
from xlprofit.importing.exports.contents import strip_weekday
from xlprofit.importing.exports.conversion import read_amount
from xlprofit.importing.exports.export import Cell, collect_distinct, is_blank_cell
from xlprofit.importing.exports.inference import list_shapes
from xlprofit.importing.extraction.body import Body
from xlprofit.importing.profiles.profile import ProfileError
from xlprofit.importing.profiles.rules import ColumnRule, Order
from xlprofit.messages import _
from xlprofit.reading import dates
from xlprofit.reading.conventions.dates import settle_date_order
from xlprofit.reading.conventions.marks import settle_marks
from xlprofit.reading.faults import Trouble, quote_value

FEWEST_DAYS = 3
"""So many different dates that lie together in the other order only speak for that one."""

APART = 62
"""Days: dates that a month's export has lie nearer together than this, unless day and month are swapped."""

_GROUPED = {mark: re.compile(rf"[0-9]{{1,3}}(?:{re.escape(mark)}[0-9]{{3}})+(?![0-9])") for mark in ",."}
_OPEN = re.compile(r"[0-9]{1,2}([/-])[0-9]{1,2}\1([0-9]{4}|[0-9]{2})(?![0-9])")
_MARKED = re.compile(r"[0-9][.,][0-9]")


@dataclass(frozen=True)
class OtherMark:
    """The decimal mark that a column shows in place of its rule's, and a text that shows it."""

    decimal: str
    text: str


def find_other_mark(decimal: str, cells: Sequence[Cell], *, money: bool) -> OtherMark | None:
    """Return the decimal mark that the texts of a column show where that is another one than its rule says.

    Amounts of money in which three digits follow each mark, and nothing else does, have no decimals: such a mark parts
    thousands, whatever the months before had.
    """
    if not decimal:
        return None
    texts = [cell for cell in collect_distinct(cells) if isinstance(cell, str)]
    marks = settle_marks(list_shapes(texts), money)
    if marks.decimal and marks.decimal != decimal and not marks.assumed:
        return OtherMark(marks.decimal, _pick_text(texts, decimal, marks.decimal))
    other = "." if decimal == "," else ","
    marked = [text for text in texts if _MARKED.search(text)]
    if money and marked and all(_GROUPED[decimal].search(text) for text in marked):
        return OtherMark(other, min(marked))
    return None


def _pick_text(texts: Sequence[str], said: str, shown: str) -> str:
    """Return the first text that has the other mark in it, or one with both."""
    return min((text for text in texts if shown in text), default=min(texts, default=said))


def is_mostly_positive(cells: Sequence[Cell], decimal: str) -> bool:
    """Whether more amounts of a column are above 0 than below, so that its sign is not to be turned."""
    values = [read_amount(cell, decimal) for cell in cells if not is_blank_cell(cell)]
    above = sum(value is not None and value > 0 for value in values)
    return above > sum(value is not None and value < 0 for value in values)


def is_order_doubtful(order: Order, cells: Sequence[Cell]) -> bool:
    """Whether dates lie far apart as a rule reads them, and close together with day and month the other way round."""
    if not order:
        return False
    other: Order = "month" if order == "day" else "day"
    texts = {strip_weekday(cell.strip()) for cell in collect_distinct(cells) if isinstance(cell, str)}
    if len(texts) < FEWEST_DAYS:
        return False
    said, swapped = _read_days(texts, order), _read_days(texts, other)
    if len(said) < FEWEST_DAYS or len(swapped) < len(said):
        return False
    return _span(said) > APART and 3 * _span(swapped) <= _span(said)


def _read_days(texts: set[str], order: Order) -> list[dt.date]:
    """Return the days that texts mean in one order; those that mean none are left out."""
    read = (dates.parse_day(text, order) for text in sorted(texts)) if order else ()
    return [
        dt.date.fromisoformat(str(day)[:10])
        for day in read
        if not isinstance(day, Trouble) and day is not None
    ]


def _span(days: Sequence[dt.date]) -> int:
    return (max(days) - min(days)).days


def _list_open_days(cells: Sequence[Cell]) -> set[str]:
    """Return the dates of a column, each with two numbers in front; none where a cell holds anything else."""
    held = collect_distinct(cells)
    texts = [strip_weekday(cell.strip()) for cell in held if isinstance(cell, str)]
    if len(texts) < len(held) or not all(map(_OPEN.match, texts)):
        return set()
    return {re.split(r"[T ](?=[0-9]{1,2}:)", text)[0] for text in texts}


def is_order_open(rule: ColumnRule, cells: Sequence[Cell]) -> bool:
    """Whether every date of a column may have the day or the month first, and nothing tells which."""
    if rule.order or rule.form:
        return False
    days = _list_open_days(cells)
    if not days:
        return False
    told = settle_date_order(days)
    return told.open and not told.order and told.against is None


def refuse_open_order(body: Body, at: int, cells: Sequence[Cell]) -> ProfileError:
    """Return the refusal of dates that have the day or the month first, with the options that say which."""
    text = min(cell.strip() for cell in cells if isinstance(cell, str) and not is_blank_cell(cell))
    found = _OPEN.match(strip_weekday(text))
    mark, year = (found[1], "%Y" if len(found[2]) == 4 else "%y") if found else ("/", "%Y")
    forms = (f"%d{mark}%m{mark}{year}", f"%m{mark}%d{mark}{year}")
    return ProfileError(
        _(
            "{source}: the dates of {header} may have the day or the month first, such as {text}",
            source=body.label,
            header=quote_value(body.headers[at]),
            text=quote_value(text),
        ),
        _(
            'Say which: --options "date={day}" for the day first, or --options "date={month}" for the month first',
            day=forms[0],
            month=forms[1],
        ),
    )


# --- what is said --------------------------------------------------------------------------------


def tell_contradiction(body: Body, at: int, text: Cell) -> Finding:
    """Return the warning of a column that is not written as its rule says."""
    header = quote_value(body.headers[at])
    what = phrase("D12", "written_otherwise", text=quote_value(text), header=header)
    return build_finding("D12", body.label, body.locate_header(at), what)


def tell_other_sign(body: Body, at: int) -> Finding:
    """Return the warning of amounts that have another sign than before."""
    what = phrase("D12", "other_sign", header=quote_value(body.headers[at]))
    return build_finding("D12", body.label, body.locate_header(at), what)


def tell_doubtful_order(body: Body, at: int, order: Order) -> Finding:
    """Return the warning of dates that may have day and month the other way round."""
    variant = "days_spread" if order == "day" else "months_spread"
    what = phrase("D12", variant, header=quote_value(body.headers[at]))
    return build_finding("D12", body.label, body.locate_header(at), what)
