"""What is said of a table and of a column, once: unit, key, dates, what it feeds, how it is summed, its other names.

Whatever reads, checks, sums, offers or describes a table asks its specification, and no list of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import KW_ONLY, dataclass
from typing import Literal

Kind = Literal["customer", "name", "text", "number", "share", "date", "period", "flag", "choice"]
"""What a column holds.

``customer`` and ``name`` are keys, matched whatever their case and blanks; ``text`` is kept as it
stands; ``share`` is a fraction (0.1, never 10); ``period`` is a date, ``2024-03``, ``2024-Q1`` or
``2024``; ``flag`` is yes or no; ``choice`` is one of the words in :attr:`ColumnSpec.choices`.
"""

Unit = Literal["", "currency", "currency a unit", "units", "times", "hours", "days", "seconds", "years"]
"""What a number counts: ``currency`` is an amount of money, ``currency a unit`` a price or cost for one unit."""

Written = Literal["", "revenue", "owed", "cost", "quantity"]
"""What an amount that is seldom negative is: ``owed`` may well be negative, where a customer paid too much."""

Summed = Literal["", "part", "add"]
"""How the rows of a big table are summed at their source: a word may part the sums, a number is added up."""

Counted = Literal["", "span", "books"]
"""What a day is counted for: ``span`` bounds the days analysed; ``books`` only the day on which they are looked at."""


def header_key(header: object) -> str:
    """Return the form in which headers are compared: no case, blanks, underscores or dashes, one kind of apostrophe.

    >>> header_key(" Gross Revenue ") == header_key("gross_revenue")
    True
    """
    return re.sub(r"[\s_\-.*]+", "", str(header).translate(_APOSTROPHES)).casefold()


_APOSTROPHES = str.maketrans(dict.fromkeys("\u2019\u2018\u02bc\u00b4\u0060\u2032", "'"))
"""Letters that stand for an apostrophe: Coût d’achat."""


def split_words(words: str) -> tuple[str, ...]:
    """Return the words between commas, with single blanks in them.

    >>> split_words("cust no, customer  key")
    ('cust no', 'customer key')
    """
    return tuple(word for part in words.split(",") if (word := " ".join(part.split())))


@dataclass(frozen=True)
class Synonyms:
    """The other headers of a column, by language (ISO 639-1).

    In each list the most specific header comes first, since that one is read where a sheet has two. ``names`` are
    headers over the name of what the others number: read where no number is given. ``weak`` may mean something else
    too (``Amount``): it is read where no other is there. A header that says that tax is included, a price or cost
    for one unit, a margin and a profit are no synonyms.
    """

    en: tuple[str, ...] = ()
    de: tuple[str, ...] = ()
    sv: tuple[str, ...] = ()
    fi: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()

    def sure(self) -> Iterator[tuple[int, str]]:
        """Yield each header that means nothing else, with its place in the list of its language."""
        for words in (self.en, self.de, self.sv, self.fi):
            yield from enumerate(words)

    def in_language(self, code: str) -> tuple[str, ...]:
        """Return the headers of one language."""
        return {"en": self.en, "de": self.de, "sv": self.sv, "fi": self.fi}.get(code, ())


def known_as(
    en: str = "", de: str = "", sv: str = "", fi: str = "", *, names: str = "", weak: str = ""
) -> Synonyms:
    """Return the other headers of a column, each list written with commas."""
    return Synonyms(*map(split_words, (en, de, sv, fi, names, weak)))


NO_SYNONYMS = Synonyms()


@dataclass(frozen=True)
class ColumnSpec:
    """One column of an input table.

    Attributes:
        name: its header; in English, as the template has it.
        kind: what it holds.
        note: what it is, in a few words.
        required: whether the table cannot be read without it.
        unit: what its numbers count; empty for a share, a word or a date.
        choices: the only words that it takes.
        suggested: words that a drop-down offers beside the user's own.
        default: what a blank means; ``None`` is a blank that stays unknown.
        minimum, maximum: inclusive bounds of a number.
        assumed: what the figures take for granted where the whole column is missing; empty where none depends on it.
        synonyms: its other headers.
        blank_counts: whether a row counts where this required column is blank.
        describes: whether a row counts where this cell cannot be read; not given, an optional text does.
        open_ended: whether a day far in the future means: still.
        written: what an amount or number is that is seldom negative.
        weight: the sign with which it is part of the money of its row; 0 where it is none.
        of_revenue: whether it may be written as a share of the gross revenue in its row; ``headed`` where a header
            with ``%`` says so too.
        totalled: whether a row that is a total adds it up.
        named_total: whether a row may be a total by the word in this column.
        summed: how a big table is summed by it.
        counted: what its days are counted for.
        holds: the kind of name in it, where that is not the column's own name.
        defines: whether its spelling of a kind of name is the right one.
        offered: whether its names are offered in the drop-downs of other tables.
        unsaid: whether names are matched without a word about another spelling.
        groups: whether it puts rows into groups, so that two of many are alike.
        scope: the scope of commission rules that it says the values of.
        scope_alone: whether nothing but those rules depends on it.
        told_missing: whether its absence is told wherever it is missing, in money.
        emptied: whether a sample's figures go from it while the rows stay.
        as_text: whether a text format keeps its digits as they are.
    """

    name: str
    kind: Kind
    note: str
    _: KW_ONLY
    required: bool = False
    unit: Unit = ""
    choices: tuple[str, ...] = ()
    suggested: tuple[str, ...] = ()
    default: float | str | bool | None = None
    minimum: float | None = None
    maximum: float | None = None
    assumed: str = ""
    synonyms: Synonyms = NO_SYNONYMS
    blank_counts: bool = False
    describes: bool | None = None
    open_ended: bool = False
    written: Written = ""
    weight: float = 0.0
    of_revenue: Literal["", "plain", "headed"] = ""
    totalled: bool = False
    named_total: bool = False
    summed: Summed = ""
    counted: Counted = ""
    holds: str = ""
    defines: bool = False
    offered: bool = False
    unsaid: bool = False
    groups: bool = False
    scope: str = ""
    scope_alone: bool = False
    told_missing: bool = False
    emptied: bool = False
    as_text: bool = False

    @property
    def name_kind(self) -> str:
        """The kind of name that it holds: customers are compared with customers alone."""
        return "customer" if self.kind == "customer" else self.holds or self.name

    @property
    def is_money(self) -> bool:
        """Whether it holds money: amounts, or a price or cost for one unit."""
        return self.unit in ("currency", "currency a unit")

    @property
    def only_describes(self) -> bool:
        """Whether a row counts without what it says."""
        return self.kind == "text" and not self.required if self.describes is None else self.describes


@dataclass(frozen=True)
class Subtotals:
    """How rows without a customer may be totals of the others.

    ``within``: all rows (``""``) or those alike in a column. A total adds up so many rows at least (``fewest``) and is
    at least so much (``least``): a few small whole numbers equal another by chance.
    """

    within: tuple[str, ...]
    fewest: int = 2
    least: float = 0.0


@dataclass(frozen=True)
class TableSpec:
    """One input table: its name, what it is for, and its columns in the template's order.

    Attributes:
        name: as the template calls its sheet, in English.
        note: what it holds, in a few words.
        columns: in the template's order.
        feeds: what comes of it, as the Guide says.
        part: the part of the figures that is left out without it; empty where nothing is said of that.
        either: whether one of the tables of the same part is enough.
        key: the columns that together tell two rows apart; a second row with the same key is a finding. An empty key
            means that equal rows may be rightly there twice.
        required: whether nothing can be computed without it.
        sourced: whether it may come from a file or a database.
        drivers: whether its extra columns may be drivers that Activities names.
        posts: whether its rows make customers' figures.
        mentions: whether its customers are mentioned, so that names in it count as used.
        documents: whether its rows may be documents of several kinds, such as invoices, credit notes and quotes.
        balance: whether a row is for the whole of the period in which its day lies.
        asks_sums: whether it says how the big tables are to be summed at their source.
        read_first: whether other tables cannot be read before it.
        kept: whether its rows are how a trade works, and no sample that is cleared.
        subtotals: how rows without a customer may be totals; ``None`` where none may.
    """

    name: str
    note: str
    columns: tuple[ColumnSpec, ...]
    _: KW_ONLY
    feeds: str
    part: str = ""
    either: bool = False
    key: tuple[str, ...] = ()
    required: bool = False
    sourced: bool = True
    drivers: bool = False
    posts: bool = False
    mentions: bool = True
    documents: bool = False
    balance: bool = False
    asks_sums: bool = False
    read_first: bool = False
    kept: bool = False
    subtotals: Subtotals | None = None

    def column(self, name: str) -> ColumnSpec:
        """Return the column of this name; it must be there."""
        return next(c for c in self.columns if c.name == name)

    @property
    def money(self) -> tuple[str, ...]:
        """Its columns of money, that which best says how much a row is about first."""
        return tuple(c.name for c in self.columns if c.is_money)

    @property
    def totalled(self) -> tuple[str, ...]:
        """The columns that a total adds up; the first of them says how much it is."""
        return tuple(c.name for c in self.columns if c.totalled)

    @property
    def weights(self) -> dict[str, float]:
        """The money of a row: its columns, each with its sign; the first must be there."""
        return {c.name: c.weight for c in self.columns if c.weight}

    @property
    def parts(self) -> tuple[str, ...]:
        """The words by which its sums are parted at their source, beside the month."""
        return tuple(c.name for c in self.columns if c.summed == "part")

    @property
    def added(self) -> tuple[str, ...]:
        """The numbers that are added up at their source, beside drivers."""
        return tuple(c.name for c in self.columns if c.summed == "add")

    @property
    def big(self) -> bool:
        """Whether only sums of it are fetched from a source."""
        return bool(self.added)

    @property
    def dates(self) -> tuple[str, ...]:
        """Its columns of days, in their order."""
        return tuple(c.name for c in self.columns if c.kind == "date")

    def written_as(self, *kinds: Written) -> tuple[str, ...]:
        """Return the columns whose amounts are one of these, and seldom negative."""
        return tuple(c.name for c in self.columns if c.written in kinds)

    def counted_for(self, *purposes: Counted) -> tuple[str, ...]:
        """Return the columns whose days are counted for one of these."""
        return tuple(c.name for c in self.columns if c.counted in purposes)
