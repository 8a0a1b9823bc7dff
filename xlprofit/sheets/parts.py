"""The parts of a sheet without a medium: cells, tables, rules, charts and links.

A renderer needs nothing but these. Rows and columns count from 1, as in Excel; sizes are in the
units of Excel's own interface (column widths in characters, row heights and chart sizes in points).
A style is a *meaning* (:class:`Meaning`); :mod:`xlprofit.sheets.theme` gives it a shade.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NoReturn, overload

from xlprofit.messages import _

if TYPE_CHECKING:  # only what is handed on: no renderer needs it
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    from xlprofit.tables import Settings

Value = str | float | int | bool | None
"""What a cell may hold. ``None`` is an unknown and stays blank. A string is always text."""


class Meaning(Enum):
    """What a cell, a word or a bar means. The theme says how each looks."""

    PLAIN = "plain"
    TITLE = "title"
    SUBTITLE = "subtitle"
    HEADLINE = "headline"
    SECTION = "section"
    HEADER = "header"
    TOTAL = "total"
    LABEL = "label"
    NOTE = "note"
    LINK = "link"
    INPUT = "input"
    KPI = "kpi"
    PROFIT = "profit"
    LOSS = "loss"
    WARNING = "warning"
    NEUTRAL = "neutral"
    STOP = "stop"
    ERROR = "error"


class Format(Enum):
    """How a number is shown. Money is in the currency of Settings; shares are fractions in the cell."""

    TEXT = "text"
    MONEY = "money"
    MONEY_CENTS = "money_cents"
    MONEY_SHORT = "money_short"
    """In thousands or millions, by its size: for a tile. Of single cells alone."""
    SHARE = "share"
    NUMBER = "number"
    DECIMAL = "decimal"
    INTEGER = "integer"
    DATE = "date"
    DAYS = "days"
    RATE = "rate"


@dataclass(frozen=True)
class Notation:
    """How amounts, days and axes are written: the conventions of a language, with the code of a currency.

    Attributes:
        currency: the code of the currency.
        symbol_behind: whether the symbol of every currency stands behind the amount.
        date: a day, as Excel's number formats have it.
        days: the unit behind a number of days.
        thousands: the mark of thousands on an axis.
        millions: the mark of millions on an axis.
    """

    currency: str = "EUR"
    symbol_behind: bool = False
    date: str = "yyyy-mm-dd"
    days: str = _(" d")
    thousands: str = _("k")
    millions: str = _("M")


@dataclass(frozen=True)
class Link:
    """A link inside the workbook: to a cell of a sheet. Never out of it."""

    sheet: str
    cell: str = "A1"


@dataclass(frozen=True)
class Formula:
    """A live Excel formula, written in A1 style for the cell it stands in, without the ``=``.

    ``value`` is what it comes to, computed by the sheet's maker: the cached value of the cell.
    """

    text: str
    value: Value = None


@dataclass(frozen=True)
class Figure:
    """What of one customer's ledger a cell is the sum of: a measure, or only a group, a line or a period of it.

    ``customer`` names the customer; where it is empty, the column ``named_by`` names it in the same row.
    """

    measure: str = "profit"
    group: str = ""
    line: str = ""
    period: str = ""
    customer: str = ""
    named_by: str = "customer"


@dataclass(frozen=True)
class FigureByRow:
    """Figures that differ from row to row, by what the row says in the columns with these keys."""

    keys: tuple[str, ...]
    figures: Mapping[tuple[str, ...], Figure]


@dataclass(frozen=True)
class Cell:
    """A single cell outside a table, or a block of merged ones where ``across`` or ``down`` > 1.

    ``choices`` are the cells of a column, such as A7:A40, whose texts a user may choose from. ``figure`` is what of
    a customer's ledger is explained at the cell, if anything. ``spark`` are the cells, such as B60:B83 of a sheet, of
    which a program that can draws a sparkline in place of the value, which is bars of text; the cell is a single one.
    """

    row: int
    column: int
    value: Value | Formula
    meaning: Meaning = Meaning.PLAIN
    format: Format = Format.TEXT
    across: int = 1
    down: int = 1
    link: Link | None = None
    wrap: bool = False
    rules: tuple[ColourRule, ...] = ()
    choices: Link | None = None
    figure: Figure | None = None
    spark: Link | None = None


class Sentence(Enum):
    """What the sentences of a column are about."""

    VERDICT = "the reason of a verdict"
    HINGE = "what a verdict hinges on"
    TREND = "where a customer is heading"
    TIME_LEFT = "how long profit lasts"
    SCREENING = "the reason of a screening"


@dataclass(frozen=True, eq=False)
class Sentences(Sequence[Value]):
    """The cells of a column that are sentences, one for each row of ``frame``: its codes and figures, not worded yet.

    :func:`xlprofit.words.sheets.say_sheet` makes the cells of it. Until then there are none to read.

    Attributes:
        about: which sentences they are.
        frame: the rows, in the order of the table.
        settings: for the currency and the length of a period.
        trends: the trends of the same customers, where the sentences tell them too.
    """

    about: Sentence
    frame: pd.DataFrame
    settings: Settings
    trends: pd.DataFrame | None = None

    def __eq__(self, other: object) -> bool:
        """Return whether the others are about the same, with the same codes and figures in the same rows."""
        if not isinstance(other, Sentences) or (self.about, self.settings) != (other.about, other.settings):
            return False
        if self.trends is None or other.trends is None:
            return self.trends is other.trends and self.frame.equals(other.frame)
        return self.trends.equals(other.trends) and self.frame.equals(other.frame)

    __hash__ = None  # type: ignore[assignment]  # a table is in it

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.frame)

    def __getitem__(self, index: object) -> NoReturn:
        """Refuse: a cell is read once the sheet has been said."""
        raise TypeError("the sheet has not been said in a language yet: xlprofit.words.sheets.say_sheet does")


@dataclass(frozen=True, eq=False)
class NumberCells(Sequence[Value]):
    """The cells of a long column of numbers, as an array: an object for each cell would be most of the work.

    Attributes:
        numbers: the numbers; NaN is a blank.
        above: cells of any kind that stand above them.
    """

    numbers: npt.NDArray[np.float64]
    above: Sequence[Value] = ()

    def __len__(self) -> int:
        """Return the number of cells."""
        return len(self.above) + len(self.numbers)

    def __iter__(self) -> Iterator[Value]:
        """Give the cells, top to bottom."""
        yield from self.above
        yield from (None if number != number else number for number in self.numbers.tolist())

    @overload
    def __getitem__(self, place: int) -> Value: ...
    @overload
    def __getitem__(self, place: slice) -> list[Value]: ...
    def __getitem__(self, place: int | slice) -> Value | list[Value]:
        """Return a cell, or several."""
        if isinstance(place, slice):
            return [self[at] for at in range(*place.indices(len(self)))]
        at = range(len(self))[place] - len(self.above)
        if at < 0:
            return self.above[at]
        number = float(self.numbers[at])
        return None if number != number else number


# --- rules: a colour that follows the value, and always a word or a sign beside it -----------------


@dataclass(frozen=True)
class SignRule:
    """Below zero is drawn as a loss, above as a profit; the minus sign says the same.

    A ``change``, against something, has an arrow up or down besides.
    """

    change: bool = False


@dataclass(frozen=True)
class WordRule:
    """A word stands for a meaning: ``{"Loss-making": Meaning.LOSS, …}``."""

    words: tuple[tuple[str, Meaning], ...]


@dataclass(frozen=True)
class HeatRule:
    """The further from zero, the stronger the shade of ``meaning``; over all the columns that bear it.

    What is below zero has the shade of ``below``, where that is another.
    """

    meaning: Meaning = Meaning.LOSS
    below: Meaning | None = None

    @property
    def falling(self) -> Meaning:
        """The meaning of what is below zero."""
        return self.below or self.meaning


@dataclass(frozen=True)
class BarRule:
    """A bar in the cell, as long as the value; from ``low`` to ``high`` where they are given."""

    meaning: Meaning = Meaning.NEUTRAL
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class AboveRule:
    """Above ``limit`` is drawn with ``meaning`` (below it, where ``below`` is true)."""

    limit: float
    meaning: Meaning = Meaning.WARNING
    below: bool = False


ColourRule = SignRule | WordRule | HeatRule | BarRule | AboveRule


DIVISION = "-\n"
"""What divides a word that is longer than a line."""


@dataclass(frozen=True)
class Column:
    """One column of a table on a sheet.

    ``values`` holds the body, top to bottom; what it is too short for stays blank. Where ``formula`` is given
    each cell is live: it is the formula's text with ``{other_key}`` for the cell of another column in the same
    row, and ``values`` are its cached results. ``total`` is the last row's cell: ``"sum"``, another such
    formula text (over the cells of the total row), or empty. ``links`` gives a cell its link. ``figure`` is what of
    a customer's ledger each cell is the sum of; ``None`` where it is no such sum, so that it cannot be explained by
    source rows: ``note`` then says what it is.
    """

    key: str
    header: str
    values: Sequence[Value]
    format: Format = Format.TEXT
    width: float = 12.0
    note: str = ""
    formula: str = ""
    total: str = ""
    total_value: Value = None
    """What a total that is a formula text comes to; a ``"sum"`` needs none."""
    rules: tuple[ColourRule, ...] = ()
    links: Sequence[Link | None] = ()
    wrap: bool = False
    heading: str = ""
    """A band above the header that groups neighbouring columns of the same heading."""
    figure: Figure | FigureByRow | None = None
    detail: bool = False
    """Grouped with its neighbours that are details too, folded away on opening, and not printed."""
    spark: tuple[str, str] | None = None
    """The keys of the first and the last of the columns, side by side, of which each row has a sparkline here, in a
    program that can; elsewhere it has the values, which are bars of text."""
    divided: bool = False
    """Whether long words are divided where the language says, by :data:`DIVISION`: of names below the columns of a
    chart, where a program would break them after any letter."""

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The texts in its body, each once and in their order; most columns have none, as the types tell."""
        values = self.values.above if isinstance(self.values, NumberCells) else self.values
        if not any(issubclass(kind, str) for kind in set(map(type, values))):
            return ()
        return tuple(value for value in dict.fromkeys(values) if isinstance(value, str))


@dataclass(frozen=True)
class Table:
    """A block of columns under a header, with filter buttons and, where a column asks, a total row.

    ``row`` and ``column`` are where the first header cell stands (a band of headings, if any,
    stands one row above it). The total row, if any, stands directly *above* the header where
    ``total_first`` is true, so that it stays in sight with the frozen header; else below the body.
    """

    name: str
    row: int
    column: int
    columns: tuple[Column, ...]
    filtered: bool = True
    total_first: bool = False
    total_label: str = _("Total")
    """What the total row is called."""
    empty: str = ""
    """What to say in the first body cell where there is no row."""
    listed: str = ""
    """The name of the Excel Table (ListObject) that it is drawn as; its sums then follow the filter. Empty: none."""
    folded: bool = False
    """Whether its body is folded away under its header, as an outline that a click unfolds."""

    @property
    def rows(self) -> int:
        """The number of body rows: no column is longer than the first."""
        return len(self.columns[0].values) if self.columns else 0

    @property
    def has_total(self) -> bool:
        """Whether any column has a total."""
        return any(c.total for c in self.columns)

    @property
    def first(self) -> int:
        """The first body row."""
        return self.row + 1

    @property
    def last(self) -> int:
        """The last body row (the first one where the table is empty)."""
        return self.row + max(self.rows, 1)

    @property
    def total_row(self) -> int:
        """The row of the total."""
        if not self.total_first:
            return self.last + 1
        return self.row - (2 if any(c.heading for c in self.columns) else 1)

    def position(self, key: str) -> int:
        """Return the sheet column, counted from 1, of the column with this key."""
        return self.column + [c.key for c in self.columns].index(key)


@dataclass(frozen=True)
class Series:
    """One series of a chart: a column of a table on the same sheet, by the table's name and the key."""

    table: str
    key: str
    title: str
    meaning: Meaning = Meaning.NEUTRAL
    secondary: bool = False
    hidden: bool = False
    """Take its room and draw nothing, as the base of a waterfall does."""


@dataclass(frozen=True)
class Chart:
    """A chart over a table of the same sheet (or of ``sheet``), its corner at ``row``, ``column``.

    ``rows`` limits it to the first rows of the table; 0 means all. The renderer must be given the
    other sheet's description too where ``sheet`` names one.
    """

    kind: Literal["line", "column", "bar", "area", "bubble"]
    title: str
    row: int
    column: int
    category: tuple[str, str]
    series: tuple[Series, ...]
    x_title: str = ""
    y_title: str = ""
    y_format: Format = Format.MONEY
    width: float = 480.0
    height: float = 260.0
    rows: int = 0
    invert_negative: bool = False
    """Draw what is below zero as a loss, whatever the series' own meaning (columns and bars)."""
    sheet: str = ""
    """The sheet on which the tables stand; empty: the chart's own."""
    stacked: bool = False
    """Pile the series up, so that a column, a bar or an area shows their sum."""
    x_format: Format = Format.TEXT
    """How the numbers of the first axis are shown, where ``category`` has numbers to be measured (bubbles)."""
    sizes: tuple[str, str] | None = None
    """The table and key of what makes a bubble large."""
    labels: tuple[str, str] | None = None
    """The table and key of what each bubble is called."""
    plain: bool = False
    """Neither a legend nor an axis of values: the names along the other axis say what each column is, and how much."""
    marked: tuple[int, str] | None = None
    """The place among the charted rows of a point that is marked, and what it is called beside its value."""


@dataclass(frozen=True)
class Sheet:
    """A whole result sheet. ``freeze`` is the first cell that scrolls, such as ``C5``.

    ``widths`` gives widths, by column number, to columns that no table sets.
    """

    name: str
    cells: tuple[Cell, ...] = ()
    tables: tuple[Table, ...] = ()
    charts: tuple[Chart, ...] = ()
    freeze: str = ""
    tab: Meaning = Meaning.NEUTRAL
    landscape: bool = True
    currency: str | Notation = "EUR"
    """The currency of its money: the code, or how it is written once the sheet is said in a language."""
    widths: dict[int, float] = field(default_factory=dict)
    heights: dict[int, float] = field(default_factory=dict)
    repeat_rows: tuple[int, int] | None = None
    breaks: tuple[int, ...] = ()
    """Rows that begin a new page when printed."""
    hidden: bool = False
    footer: str = _("Page &P of &N")
    """What stands below each page when printed, on the right."""
    printed: str = ""
    """The block that is printed, such as ``A3:H43``, on one page; by default all, on as many as it takes."""

    def table(self, name: str) -> Table:
        """Return the table of this name; :class:`KeyError` if there is none."""
        for table in self.tables:
            if table.name == name:
                return table
        raise KeyError(name)
