"""Matching: which column of an export is which column of a table, by its name and by what stands in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import groupby, islice

from xlprofit.addresses import MOST_COLUMNS
from xlprofit.headings import Tier, keys_of
from xlprofit.importing.exports.amount_words import COST, DISCOUNT, ORDERS, TOTALS
from xlprofit.importing.exports.contents import ColumnLook, is_serial
from xlprofit.importing.exports.headings import BEHIND, rank_headings
from xlprofit.importing.exports.match import By, Match, split_header_words, strip_aggregate
from xlprofit.importing.exports.months import is_month
from xlprofit.importing.exports.names import CREDITS, DAYS_OF_MONTHS, DEBITS, LOCAL
from xlprofit.languages import list_headers, list_reading_words
from xlprofit.reading.conventions.document_words import is_document_header, is_side_header
from xlprofit.reading.conventions.names import is_currency_header
from xlprofit.reading.headers import LOOKED_AT, find_near_headers, has_other_meaning, read_name
from xlprofit.reading.units import NO_UNIT, split_unit
from xlprofit.reading.word_patterns import join_words
from xlprofit.tables import TABLES, ColumnSpec, header_key
from xlprofit.tables.other_headers import TAX, WITH_TAX

TRUST = {"own": 1.0, "sure": 0.95, "name": 0.85, "weak": 0.62}
"""How sure a header is of each tier, where the cells fit."""

FURTHER = 0.82
"""How sure a header is at most that only exports have."""

OF_LOCAL_TOTAL = 0.84
"""How sure a header is of an amount in local money that may be with its tax."""

SLIP, PART, CONTENT = 0.75, 0.55, 0.4
"""How sure a misspelt header is, one with a known name in it, and a column taken by its content alone."""

UNTAXED = re.compile(
    rf"(?<![^\W\d_])(?:{join_words('net_of')})[\s.]*(?:{join_words('tax')})(?![^\W\d_])", re.IGNORECASE
)
"""What says in a header that the tax is not in an amount."""

_OTHERWISE = frozenset(list_reading_words("other_words"))
"""Words that turn a name into that of something else: Sales price, Order number."""

_COUNTED_IN = re.compile(r"\s*[(\[][^()\[\]]{1,12}[)\]]\s*$")
"""What a quantity is counted in, behind its name: (pcs)."""

_DATED_OTHERWISE = frozenset(list_reading_words("other_dates"))
"""Words that turn a date into another than the one a table is kept by: Due date."""


def match_columns(table: str, headers: Sequence[str], looks: Sequence[ColumnLook]) -> list[Match]:
    """Return the columns of a table that an export's headers name, each found once, in the table's order.

    A header that means a column surely goes before one that may, and of two alike the more specific; cells that
    could not stand in the column make any header doubtful.
    """
    found = sorted(_list_candidates(table, headers, looks), key=lambda c: (-c[0], c[1]))
    taken: dict[str, Match] = {}
    used: set[int] = set()
    for trust, (_tier, _place, at), column, by in found:
        if column.name not in taken and at not in used and trust >= 0.3:
            taken[column.name] = Match(column.name, at, round(trust, 3), by)
            used.add(at)
    for match in _match_slips(table, headers, looks, taken, used):
        taken.setdefault(match.column, match)
    return [taken[c.name] for c in TABLES[table].columns if c.name in taken]


Candidate = tuple[float, tuple[float, int, int], ColumnSpec, By]


@dataclass(frozen=True)
class Heading:
    """A header as it is compared: its key, that of its name without a unit, and whether it has a unit."""

    text: str
    key: str
    name: str
    has_unit: bool


@lru_cache(MOST_COLUMNS)
def _read_heading(header: str) -> Heading:
    header = strip_aggregate(header)
    return Heading(header, header_key(header), read_name(header), split_unit(header)[1] != NO_UNIT)


def _list_candidates(table: str, headers: Sequence[str], looks: Sequence[ColumnLook]) -> Iterator[Candidate]:
    taxed = any(header_key(header) in keys_of(TAX) for header in headers)
    for at, heading in enumerate(map(_read_heading, headers)):
        for column in TABLES[table].columns if heading.text else ():
            rated = _rate_heading(table, column, heading, looks[at])
            if rated is None:
                continue
            trust, place, by_list = rated
            if by_list and taxed and column.name == "gross_revenue" and heading.key in keys_of(WITH_TAX):
                trust *= 0.85  # the tax may be in it
            yield trust, (-trust, place, at), column, "name"


def _rate_heading(
    table: str, column: ColumnSpec, heading: Heading, look: ColumnLook
) -> tuple[float, int, bool] | None:
    """Return how sure a header is for a column, its place in a list, and whether one has it; ``None`` for another's."""
    ranks = rank_headings(table, column.name)
    may_have_unit = column.kind in ("number", "share")
    rank = ranks.get(heading.key)
    if rank is None and (may_have_unit or not heading.has_unit):
        rank = ranks.get(heading.name)
    if rank is None and column.name == "quantity":
        rank = ranks.get(header_key(_COUNTED_IN.sub("", heading.text)))
    if rank is not None:
        sure = max(_rate_rank(rank), FURTHER if _is_untaxed(column, heading) else 0.0)
        trust = sure * _fit(column, look) + (0.04 if LOCAL.search(heading.text) else 0.0)
        return trust, rank[1] + (heading.key not in ranks), True
    trust = _rate_months(column, heading.key, look) or _rate_local(column, heading.text, look, ranks)
    return (trust, 0, False) if trust else None


def _rate_rank(rank: tuple[Tier, int]) -> float:
    """Return how sure a header is by its tier and its place there."""
    tier, place = rank
    return TRUST[tier] if place < BEHIND else min(TRUST[tier], FURTHER)


def _rate_months(column: ColumnSpec, key: str, look: ColumnLook) -> float:
    """Return how sure a header of months is for days that a table requires; 0 where it is none."""
    if column.kind != "date" or not column.required or key not in DAYS_OF_MONTHS or not look.examples:
        return 0.0
    return 0.8 if look.date >= 0.5 or _show_months(look) else 0.0


def _show_months(look: ColumnLook) -> bool:
    """Whether the first cells of a column are months, and perhaps a total of one."""
    months = [text for text in look.examples if not re.match(TOTALS, text)]
    return bool(months) and all(map(is_month, months))


def _rate_local(
    column: ColumnSpec, header: str, look: ColumnLook, ranks: Mapping[str, tuple[Tier, int]]
) -> float:
    """Return how sure a header is of revenue in local money, known without these words; 0 where it is none.

    An amount that may be with its tax, such as Amount (LCY), gives way to one that is plainly of sales.
    """
    if column.name != "gross_revenue" or look.number < 0.5 or not LOCAL.search(header):
        return 0.0
    bare = LOCAL.sub("", header)
    rank = ranks.get(header_key(bare))
    if rank is None or has_other_meaning(bare):
        return 0.0
    return OF_LOCAL_TOTAL if rank[0] == "weak" else 0.97


def _is_untaxed(column: ColumnSpec, heading: Heading) -> bool:
    """Whether a header says of an amount that it is without its tax, whatever the amount is called."""
    return column.name == "gross_revenue" and bool(UNTAXED.search(heading.text))


def _fit(column: ColumnSpec, look: ColumnLook) -> float:
    """Return what is left of the trust in a header, its cells considered."""
    if not look.filled:
        return 0.6 if column.required else 0.8
    if not _may_hold(column, look) and look.fits(column.kind):
        return 0.0
    if not look.fits(column.kind):
        return 0.86 if column.kind == "date" and _shows_months_or_serials(look) else 0.25
    return 0.7 if column.kind == "customer" and _repeats_one_value(look) else 1.0


def _shows_months_or_serials(look: ColumnLook) -> bool:
    """Whether the first cells of a column are days as Excel counts them, or months."""
    return is_serial(look.examples) or _show_months(look)


def _may_hold(column: ColumnSpec, look: ColumnLook) -> bool:
    """Whether the cells of a column of an export could stand in one of a table."""
    is_flag = not column.required and column.unit == "currency" and _holds_marks(look)
    return look.fits(column.kind) and not is_flag


def _holds_marks(look: ColumnLook) -> bool:
    """Whether a column says yes and no by 1 and 0, which is no money: Is return."""
    return look.different <= 2 and "1" in {text.removesuffix(".0") for text in look.examples} <= {"0", "1"}


def _repeats_one_value(look: ColumnLook) -> bool:
    """Whether a column that is mostly filled holds one value, again and again."""
    return look.different == 1 and look.variety < 0.5 and look.filled > 0.5


# --- names that are nearly known ---------------------------------------------------------------------


def _match_slips(
    table: str,
    headers: Sequence[str],
    looks: Sequence[ColumnLook],
    taken: Mapping[str, Match],
    used: Collection[int],
) -> Iterator[Match]:
    """Yield the columns that misspelt headers stand for, and those whose names are a part of a header."""
    spare = _list_spare(headers, used)
    named = set(taken)
    for trust, by, is_like in _LOOSE:
        for column in _list_loose_columns(table, by):
            if column.name in named:
                continue
            fitting = (at for at in spare if looks[at].filled and _may_hold(column, looks[at]))
            at = next((at for at in fitting if is_like(table, column, headers[at])), None)
            if at is not None:
                spare.remove(at)
                named.add(column.name)
                yield Match(column.name, at, trust, by)


def _list_loose_columns(table: str, by: By) -> list[ColumnSpec]:
    """Return the columns that may be taken so: by a part of their name only those that a table needs."""
    return [c for c in TABLES[table].columns if by == "name" or c.required or c.assumed]


def _list_spare(headers: Sequence[str], used: Collection[int]) -> list[int]:
    """Return where the headers are that nothing is read from yet, and that may be misspelt: of very many the first."""
    spare = (at for at, header in enumerate(headers) if at not in used and _may_be_slip(header))
    return list(islice(spare, LOOKED_AT))


@lru_cache(MOST_COLUMNS)
def _may_be_slip(header: str) -> bool:
    """Whether a header is there, and means nothing that the tables do not have or have a rule for."""
    return bool(header) and not (
        has_other_meaning(header) or tells_of_document(header) or header_key(header) in DEBITS | CREDITS
    )


def tells_of_document(header: str) -> bool:
    """Whether a header is that of a currency, of a kind of document, or of the side that an amount is booked on."""
    return is_currency_header(header) or is_document_header(header) or is_side_header(header)


FEWEST_LETTERS = 4
"""A name of fewer letters says nothing as a part of a header."""


@cache
def _list_parts(table: str, column: str) -> Mapping[str, tuple[tuple[str, ...], ...]]:
    """Return the names of a column that mean nothing else, word by word, by their first word."""
    known = TABLES[table].column(column).synonyms
    sure = (*known.sure(), *list_headers(table, column))
    names = {tuple(split_header_words(word)) for _place, word in sure} | {tuple(split_header_words(column))}
    names |= {tuple(split_header_words(word)) for word in known.names}
    long = sorted(name for name in names if len("".join(name)) >= FEWEST_LETTERS)
    return {first: tuple(some) for first, some in groupby(long, key=lambda name: name[0])}


@lru_cache(MOST_COLUMNS)
def _read_words(header: str) -> tuple[str, ...]:
    return tuple(split_header_words(header))


def has_part_of_name(table: str, column: ColumnSpec, header: str) -> bool:
    """Whether the name of a column stands in a header, and no word there says that it is another thing."""
    words = _read_words(header)
    if column.kind in ("number", "share"):
        barred = _OTHERWISE
    else:
        barred = _DATED_OTHERWISE if column.kind == "date" else frozenset[str]()
    if not barred.isdisjoint(words):
        return False
    parts = _list_parts(table, column.name)
    return any(
        words[at : at + len(part)] == part for at, word in enumerate(words) for part in parts.get(word, ())
    )


def _is_near(table: str, column: ColumnSpec, header: str) -> bool:
    """Whether a header is that of a column but for a slip of the pen."""
    return bool(find_near_headers([read_name(header)], table, column))


_LOOSE: tuple[tuple[float, By, Callable[[str, ColumnSpec, str], bool]], ...] = (
    (SLIP, "name", _is_near),
    (PART, "part of the name", has_part_of_name),
)
"""What a header that is not known may be taken by, the surer way first."""


# --- by content alone ------------------------------------------------------------------------------


def match_content(
    table: str,
    headers: Sequence[str],
    looks: Sequence[ColumnLook],
    found: Sequence[Match],
    keys: frozenset[str],
) -> list[Match]:
    """Return the required columns of a table that no header names, found by what stands in the columns.

    ``keys`` are the customers that another table of the export has: a column of these is the customers' own.
    """
    if table not in ("Sales", "Invoices", "ActivityLog", "DirectCosts", "Balances"):
        return []
    have, used = {m.column for m in found}, {m.at for m in found}
    more: list[Match] = []
    for column in TABLES[table].columns:
        if column.name in have or not column.required:
            continue
        spare = _list_filled_columns(looks, used)
        match = _choose_by_content(
            column, {at: _rate_content(column, headers[at], looks[at], keys) for at in spare}
        )
        if match is not None:
            more.append(replace(match, trust=0.85) if _holds_keys(column, looks[match.at], keys) else match)
            used.add(match.at)
    return more


def _list_filled_columns(looks: Sequence[ColumnLook], used: Collection[int]) -> list[int]:
    """Return where the columns are that nothing is read from yet, and that are not all but blank."""
    return [at for at, look in enumerate(looks) if at not in used and look.filled > 0.05]


def _holds_keys(column: ColumnSpec, look: ColumnLook, keys: frozenset[str]) -> bool:
    """Whether cells that are taken for customers are nearly all known ones."""
    return column.kind == "customer" and _share_of(keys, look) > 0.9


def _choose_by_content(column: ColumnSpec, rates: Mapping[int, float]) -> Match | None:
    """Return the match of the place that is rated best, the first of equal ones; ``None`` where none is."""
    ranked = sorted(rates, key=lambda at: (-rates[at], at))
    if not ranked or rates[ranked[0]] <= 0:
        return None
    clear = len(ranked) == 1 or rates[ranked[0]] > 1.5 * rates[ranked[1]]
    return Match(column.name, ranked[0], CONTENT + 0.05 * clear, "content")


def _share_of(keys: frozenset[str], look: ColumnLook) -> float:
    shown = [text.casefold() for text in look.examples]
    return sum(text in keys for text in shown) / len(shown) if shown and keys else 0.0


def _rate_content(column: ColumnSpec, header: str, look: ColumnLook, keys: frozenset[str]) -> float:
    """Return how much a column's cells look like those of a required column; 0 where they do not."""
    match column.kind:
        case "date":
            return _rate_as_date(header, look)
        case "number":
            means_other = column.name == "gross_revenue" and _is_no_revenue(header)
            return 0.0 if means_other else _rate_as_number(header, look)
        case "customer":
            return _rate_as_customer(header, look, keys)
        case _:
            return 0.0


def _is_no_revenue(header: str) -> bool:
    """Whether a header speaks of a cost, a discount or a quantity."""
    counted = has_part_of_name("Sales", TABLES["Sales"].column("quantity"), header)
    return counted or COST.search(header) is not None or DISCOUNT.search(header) is not None


def _rate_as_date(header: str, look: ColumnLook) -> float:
    if look.date < 0.8:
        return 0.0
    return look.date * look.filled * (0.3 if _DATED_OTHERWISE & set(split_header_words(header)) else 1.0)


def _rate_as_number(header: str, look: ColumnLook) -> float:
    if look.number < 0.8 or _tells_of_other(header) or set(split_header_words(header)) & _OTHERWISE:
        return 0.0
    if not look.decimal and (look.different <= 3 or look.size >= 6):  # a code, such as that of an account
        return 0.0
    return look.filled * (0.2 + look.decimal) * (1 + look.size)


def _rate_as_customer(header: str, look: ColumnLook, keys: frozenset[str]) -> float:
    if (
        _tells_of_other(header)
        or tells_of_document(header)
        or header_key(header) in rank_headings("Sales", "product")
        or (look.variety >= 0.95 and _numbers_orders(header))
        or not look.fits("customer")
        or look.different < 2
        or look.flag >= 0.5
    ):
        return 0.0
    varied = min(look.different / 5, 1.0) * (1.0 if look.variety < 0.95 else 0.3)
    return look.filled * varied * (1.0 + 3.0 * _share_of(keys, look)) * (0.4 + look.text)


def _numbers_orders(header: str) -> bool:
    """Whether a header ends as that of a number of orders or invoices: shop-order-id."""
    words = split_header_words(header)[-2:]
    return len(words) == 2 and ORDERS.fullmatch(" ".join(words)) is not None


def _tells_of_other(header: str) -> bool:
    """Whether a header means what no table has, or a currency, or the side of a booking."""
    return has_other_meaning(header) or is_currency_header(header) or is_side_header(header)
