"""Rules: how the columns and rows of an export are read, as a profile says it and a first look proposes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Order = Literal["", "day", "month"]
Rule = Literal["", "profit", "margin"]
Measure = Literal["", "hours", "minutes", "seconds"]
Deducted = Literal["", "amount", "share", "percent"]
"""How a discount that is off the revenue already is written."""
Doubt = Literal[
    "", "tax", "tax_rate", "refund", "each", "line", "repeated", "once", "discounted", "listed", "beside"
]
"""What is not known of a column: whether tax is in it; of one unit or of the line; of the order or of the line;
before or after a discount; of all that was sold, or of a part of it."""


@dataclass(frozen=True)
class RowCondition:
    """Which rows are meant: those whose cell under a header is one of some words, matches, or is blank.

    ``without`` are headers under which such a row is blank, though something stands in it beside the cell itself: a
    total has an amount and no day.
    """

    headers: tuple[str, ...] = ()
    position: int = 0
    among: tuple[str, ...] = ()
    matches: str = ""
    blank: bool | None = None
    fill_down: bool = False
    sure: bool = True
    without: tuple[str, ...] = ()


@dataclass(frozen=True)
class YearPlace:
    """The cell that has the year of dates without one; both count from 1."""

    row: int
    column: int


@dataclass(frozen=True)
class ColumnRule:
    """How one column of a table is read from an export, as :mod:`xlprofit.importing.profiles.profile` says."""

    headers: tuple[str, ...] = ()
    position: int = 0
    value: str = ""
    order: Order = ""
    form: str = ""
    year_in: YearPlace | None = None
    decimal: str = ""
    sign: str = ""
    negative_if: RowCondition | None = None
    unit: Measure = ""
    scale: float = 1.0
    negative_suffix: str = ""
    fill_down: bool = False
    heading: bool = False
    year: str = ""
    after: str = ""
    currency: str = ""
    beside: str = ""
    otherwise: str = ""
    extract: str = ""
    rule: Rule = ""
    times: str = ""
    per: str = ""
    minus: str = ""
    less: tuple[str, ...] = ()
    tax_rate: str = ""
    tax: str = ""
    total: str = ""
    once: str = ""
    deducted: Deducted = ""
    compact: bool = False
    usual: float = 0.0
    doubt: Doubt = ""
    instead: str = ""
    sure: bool = True

    @property
    def is_worked_out(self) -> bool:
        """Whether another column of the export takes part in the amounts."""
        return bool(self.rule or self.times or self.minus or self.tax_rate or self.tax)


@dataclass(frozen=True)
class Months:
    """Months as columns: which columns of the table get the month and the cell, and the year that headers lack.

    ``year_header`` is the column that says the year of each row, where one does.
    """

    date: str
    value: str
    year: int = 0
    values: Mapping[str, str] = field(default_factory=dict)
    year_header: str = ""


@dataclass(frozen=True)
class MeasureRows:
    """Key figures below each other: the header of their column, and the word for each column of the table.

    The word for ``profit`` is that of a profit in place of the cost.
    """

    header: str
    values: Mapping[str, str]


@dataclass(frozen=True)
class Weekdays:
    """Weekdays as columns: which columns of the table get the day and the cell.

    ``date`` is the first day of the week, or its number; with ``last`` it is the last one.
    """

    date: str
    value: str
    last: bool = False


@dataclass(frozen=True)
class Heads:
    """Where the customer and the day of lines stand: a sheet of orders, and the headers of their number on both.

    ``header`` is on the sheet of the orders, ``own`` on that of the lines. ``file`` is the file of the orders beside
    that of the lines, where that is another one.
    """

    sheet: str
    header: str
    own: str
    file: str = ""


@dataclass(frozen=True)
class TableRule:
    """How one table is read from an export. A ``header_row`` of 0 is to be found; −1 says that there is none."""

    table: str
    columns: Mapping[str, ColumnRule]
    sheet: str = ""
    header_row: int = 0
    distinct: bool = False
    drop: tuple[RowCondition, ...] = ()
    keep: tuple[RowCondition, ...] = ()
    months: Months | None = None
    ignore: tuple[str, ...] = ()
    weekdays: Weekdays | None = None
    unused: tuple[str, ...] | None = None
    heads: Heads | None = None
    measures: MeasureRows | None = None


@dataclass(frozen=True)
class Profile:
    """How one kind of export becomes tables."""

    tables: tuple[TableRule, ...]
    name: str = ""
    about: str = ""
    first_line: str = ""
    headers: tuple[str, ...] = ()
    encoding: str = ""
    delimiter: str = ""
