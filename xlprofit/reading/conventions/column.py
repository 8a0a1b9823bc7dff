"""Column: the conventions of the cells of one column, settled from all of them before any is read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from xlprofit.findings import phrase
from xlprofit.reading import cells, numbers
from xlprofit.reading import dates as single_dates
from xlprofit.reading.cells import CellPart, Convention, Reading
from xlprofit.reading.conventions import dates, marks
from xlprofit.reading.conventions.money import THREE_DECIMALS
from xlprofit.reading.faults import Fault, Places, Trouble, quote_value
from xlprofit.reading.units import NO_UNIT, Unit
from xlprofit.tables import ColumnSpec


@dataclass(frozen=True)
class Settled:
    """What the cells of a column hold and how they are to be read, the whole column considered.

    ``faults`` are the warnings of what was settled against the plain look of the cells, ``against`` two texts
    that contradict each other, so that what is open stays so.
    """

    parts: list[CellPart]
    convention: Convention
    faults: list[Fault] = field(default_factory=list)
    against: tuple[str, str] | None = None


def settle_column(
    table: str, column: ColumnSpec, among: list[CellPart], currency: str, unit: Unit = NO_UNIT
) -> Settled:
    """Return how the cells of a column are to be read.

    ``among`` is what they hold, ``currency`` the run's, ``unit`` what the column's header says of them.
    """
    if column.kind in ("number", "share"):
        money = column.unit == "currency" and currency not in THREE_DECIMALS and unit.scale == 1.0
        return _settle_numbers(column, among, currency, money)
    if column.kind in ("date", "period"):
        return _settle_dates(column, among)
    return Settled(among, cells.NO_CONVENTION)


def explain_contradictions(reading: Reading, against: tuple[str, str] | None) -> Reading:
    """Return a reading whose texts with two readings say which others of the column contradict each other."""
    if against is None:
        return reading
    told = [_add_contradiction(t, against) if t.code in ("C02", "C07") else t for t in reading.troubles]
    return replace(reading, troubles=told)


def _add_contradiction(trouble: Trouble, against: tuple[str, str]) -> Trouble:
    what = phrase(
        "column",
        "column_both",
        what=trouble.what,
        one=quote_value(against[0]),
        other=quote_value(against[1]),
    )
    return replace(trouble, what=what)


def _list_distinct_texts(among: Iterable[CellPart]) -> list[str]:
    return sorted({text for part in among if part.sort == "text" for text in part.texts})


def _find_text_places(among: Iterable[CellPart], texts: Sequence[str]) -> Places:
    """Return where these texts stand, ascending."""
    wanted = frozenset(texts)
    found = [np.zeros(0, dtype=np.int64)]
    for part in among:
        if part.sort == "text":
            which, known = part.distinct()
            found.append(part.at[np.array([text in wanted for text in known], dtype=bool)[which]])
    return np.sort(np.concatenate(found))


def _settle_numbers(column: ColumnSpec, among: list[CellPart], currency: str, money: bool) -> Settled:
    percent = bool(column.of_revenue)
    texts = _list_distinct_texts(among)
    if not texts:
        return Settled(among, Convention(percent=percent))
    found = marks.settle_marks(texts, money)
    convention = Convention(found.decimal, percent=percent)
    faults = []
    if found.assumed:
        read = {text: numbers.parse_number(text, currency, found.decimal) for text in found.open}
        told = [text for text, value in read.items() if not isinstance(value, Trouble)]
        if told:
            what = phrase("C20", "read", text=quote_value(told[0]), number=quote_value(read[told[0]]))
            trouble = Trouble("C20", what)
            faults.append(Fault("C20", column.name, _find_text_places(among, told), lambda which: trouble))
    return Settled(among, convention, faults, found.against)


def _settle_dates(column: ColumnSpec, among: list[CellPart]) -> Settled:
    texts = _list_distinct_texts(among)
    if not texts:
        return Settled(among, cells.NO_CONVENTION)
    found = dates.settle_date_order(texts)
    convention = Convention(order=found.order)
    real = [part for part in among if part.sort == "date"]
    swap = dates.detect_swapped_dates(_join_days(real), texts) if real and column.kind == "date" else ""
    if not swap:
        return Settled(among, convention, against=found.against)
    if swap == "proved":
        among = [_restore_swapped_dates(part) for part in among]
    return Settled(among, convention, [_report_swapped_dates(swap, column, real, texts)], found.against)


def _join_days(parts: Sequence[CellPart]) -> npt.NDArray[np.datetime64]:
    return np.concatenate([part.values for part in parts]).astype("datetime64[D]")


def _restore_swapped_dates(part: CellPart) -> CellPart:
    if part.sort != "date":
        return part
    return replace(part, values=single_dates.swap_day_and_month(part.values.astype("datetime64[D]")))


def _report_swapped_dates(
    swap: dates.Swap, column: ColumnSpec, real: Sequence[CellPart], texts: Sequence[str]
) -> Fault:
    """Return the warning of dates whose day and month were, or may have been, swapped."""
    witness = next((text for text in texts if single_dates.find_date_order(text)[0]), "")
    at = np.concatenate([part.at for part in real])
    days = _join_days(real)
    early = (days - days.astype("datetime64[M]").astype("datetime64[D]")).astype(np.int64) < dates.LAST_MONTH
    at, days = at[early], days[early]
    back = single_dates.swap_day_and_month(days)
    at, days, back = at[back != days], days[back != days], back[back != days]
    first = int(days.argmin())
    values = {
        "day": quote_value(days[first]),
        "other": quote_value(back[first]),
        "text": quote_value(witness),
    }
    if swap == "proved":
        trouble = Trouble("C21", phrase("C21", "read_written", **values))
    else:
        what = phrase("C21", "may_written_counted", **values)
        trouble = Trouble("C21", what, phrase("C21", "compare_dates_source"))
    return Fault(trouble.code, column.name, np.sort(at), lambda which: trouble)
