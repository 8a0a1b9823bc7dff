"""Matching: which column of an export is which column of a table, by its name and by what stands in it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from xlprofit.checks.conventions.document_words import is_document_header, is_side_header
from xlprofit.checks.conventions.names import is_currency_header
from xlprofit.checks.headers import find_near_headers, has_other_meaning, read_name
from xlprofit.checks.units import NO_UNIT, split_unit
from xlprofit.headings import keys_of
from xlprofit.importing.contents import Look, is_serial
from xlprofit.importing.header_rows import is_month
from xlprofit.importing.headings import BEHIND, rank_headings
from xlprofit.importing.names import CREDITS, DAYS_OF_MONTHS, DEBITS, LOCAL
from xlprofit.languages import list_headers
from xlprofit.tables import TABLES, ColumnSpec, header_key
from xlprofit.tables.other_headers import TAX, WITH_TAX

By = Literal["name", "part of the name", "content", "fixed", "chosen"]
"""What a column was found by."""

TRUST = {"own": 1.0, "sure": 0.95, "name": 0.85, "weak": 0.62}
"""How sure a header is of each tier, where the cells fit."""

FURTHER = 0.82
"""How sure a header is at most that only exports have."""

SLIP, PART, CONTENT = 0.75, 0.55, 0.4
"""How sure a misspelt header is, one with a known name in it, and a column taken by its content alone."""

SURE, LIKELY = 0.8, 0.5
"""From so much on a match is sure, or likely; below it is a guess."""

_OTHERWISE = frozenset(
    [
        "price",
        "unit",
        "per",
        "tax",
        "vat",
        "moms",
        "mwst",
        "alv",
        "rate",
        "margin",
        "profit",
        "budget",
        "target",
        "forecast",
        "plan",
        "planned",
        "prior",
        "previous",
        "last",
        "ytd",
        "quota",
        "number",
        "no",
        "nr",
        "id",
        "rep",
        "person",
        "channel",
        "type",
        "code",
        "group",
        "office",
        "region",
        "category",
        "count",
        "share",
        "status",
        "time",
        "list",
        "sku",
        "name",
        "address",
        "city",
        "phone",
        "email",
        "preis",
        "pris",
        "hinta",
        "commission",
        "fee",
        "shipping",
        "freight",
        "tip",
        "balance",
    ]
)
"""Words that turn a name into that of something else: Sales price, Order number."""

_DATED_OTHERWISE = frozenset(
    [
        "due",
        "paid",
        "payment",
        "ship",
        "shipping",
        "delivery",
        "modified",
        "updated",
        "birth",
        "expiry",
        "start",
        "end",
    ]
)


@dataclass(frozen=True)
class Match:
    """A column of a table found in an export: where, how sure (0 to 1), and by what."""

    column: str
    at: int
    trust: float
    by: By


def match_columns(table: str, headers: Sequence[str], looks: Sequence[Look]) -> list[Match]:
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


def _list_candidates(table: str, headers: Sequence[str], looks: Sequence[Look]) -> Iterator[Candidate]:
    taxed = any(header_key(header) in keys_of(TAX) for header in headers)
    for at, header in enumerate(headers):
        if not header:
            continue
        key, name, unit = header_key(header), read_name(header), split_unit(header)[1]
        for column in TABLES[table].columns:
            ranks = rank_headings(table, column.name)
            rank = ranks.get(key) or (ranks.get(name) if _may_have_unit(column, unit) else None)
            fit = _fit(column, looks[at])
            if rank is not None:
                tier, place = rank
                trust = (TRUST[tier] if place < BEHIND else min(TRUST[tier], FURTHER)) * fit
                trust += 0.04 if LOCAL.search(header) else 0.0
                if taxed and column.name == "gross_revenue" and key in keys_of(WITH_TAX):
                    trust *= 0.85  # the tax may be in it
                yield trust, (-trust, place + (key not in ranks), at), column, "name"
            elif column.kind == "date" and column.required and key in DAYS_OF_MONTHS and looks[at].examples:
                if looks[at].date >= 0.5 or all(map(is_month, looks[at].examples)):
                    yield 0.8, (-0.8, 0, at), column, "name"
            elif column.name == "gross_revenue" and LOCAL.search(header) and looks[at].number >= 0.5:
                bare = header_key(LOCAL.sub("", header))
                if bare in ranks and not has_other_meaning(LOCAL.sub("", header)):
                    yield 0.97, (-0.97, 0, at), column, "name"


def _may_have_unit(column: ColumnSpec, unit: object) -> bool:
    return unit == NO_UNIT or column.kind in ("number", "share")


def _fit(column: ColumnSpec, look: Look) -> float:
    """Return what is left of the trust in a header, its cells considered."""
    if not look.filled:
        return 0.6 if column.required else 0.8
    if not look.fits(column.kind):
        months = column.kind == "date" and (is_serial(look.examples) or all(map(is_month, look.examples)))
        return 0.86 if months else 0.25
    is_single = look.different == 1 and look.variety < 0.5 and look.filled > 0.5
    return 0.7 if column.kind == "customer" and is_single else 1.0


# --- names that are nearly known ---------------------------------------------------------------------


def _match_slips(
    table: str,
    headers: Sequence[str],
    looks: Sequence[Look],
    taken: Mapping[str, Match],
    used: Collection[int],
) -> Iterator[Match]:
    """Yield the columns that misspelt headers stand for, and those whose names are a part of a header."""
    spare = [
        at
        for at, header in enumerate(headers)
        if header
        and at not in used
        and not has_other_meaning(header)
        and not tells_of_document(header)
        and header_key(header) not in DEBITS | CREDITS
    ]
    gone = set(used)
    for trust, by in ((SLIP, "name"), (PART, "part of the name")):
        for column in TABLES[table].columns:
            if column.name in taken or (by != "name" and not (column.required or column.assumed)):
                continue
            for at in spare:
                look = looks[at]
                if at in gone or not look.filled or not look.fits(column.kind):
                    continue
                header = headers[at]
                slip = by == "name" and bool(find_near_headers([read_name(header)], table, column))
                part = by != "name" and _has_part(table, column, header)
                if slip or part:
                    gone.add(at)
                    yield Match(column.name, at, trust, by)  # type: ignore[arg-type]
                    break


def tells_of_document(header: str) -> bool:
    """Whether a header is that of a currency, of a kind of document, or of the side that an amount is booked on."""
    return is_currency_header(header) or is_document_header(header) or is_side_header(header)


@cache
def _list_parts(table: str, column: str) -> tuple[tuple[str, ...], ...]:
    """Return the names of a column that mean nothing else, word by word, the longest first."""
    known = TABLES[table].column(column).synonyms
    sure = (*known.sure(), *list_headers(table, column))
    names = {tuple(split_header_words(word)) for _place, word in sure} | {tuple(split_header_words(column))}
    names |= {tuple(split_header_words(word)) for word in known.names}
    return tuple(sorted((n for n in names if n), key=lambda n: (-len(n), n)))


def _has_part(table: str, column: ColumnSpec, header: str) -> bool:
    """Whether the name of a column stands in a header, and no word there says that it is another thing."""
    words = split_header_words(header)
    if column.kind in ("number", "share"):
        barred = _OTHERWISE
    else:
        barred = _DATED_OTHERWISE if column.kind == "date" else frozenset[str]()
    if barred & set(words):
        return False
    for part in _list_parts(table, column.name):
        if len("".join(part)) >= 4 and any(
            tuple(words[i : i + len(part)]) == part for i in range(len(words) - len(part) + 1)
        ):
            return True
    return False


def split_header_words(header: str) -> list[str]:
    """Return the words of a header in lower case.

    >>> split_header_words("NetSales_2024 (EUR)")
    ['net', 'sales', '2024', 'eur']
    """
    parted = re.sub(r"(?<=[a-zåäöß])(?=[A-ZÅÄÖ])", " ", header)
    return [word.casefold() for word in re.findall(r"[^\W_]+", parted)]


# --- by content alone ------------------------------------------------------------------------------


def match_content(
    table: str, headers: Sequence[str], looks: Sequence[Look], found: Sequence[Match], keys: frozenset[str]
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
        spare = [at for at, look in enumerate(looks) if at not in used and look.filled > 0.05]
        ranked = sorted(
            ((_rate_content(column, headers[at], looks[at], keys), -at) for at in spare), reverse=True
        )
        if ranked and ranked[0][0] > 0:
            at = -ranked[0][1]
            clear = len(ranked) == 1 or ranked[0][0] > 1.5 * ranked[1][0]
            sure = column.kind == "customer" and _share_of(keys, looks[at]) > 0.9
            more.append(Match(column.name, at, 0.85 if sure else CONTENT + 0.05 * clear, "content"))
            used.add(at)
    return more


def _share_of(keys: frozenset[str], look: Look) -> float:
    shown = [text.casefold() for text in look.examples]
    return sum(text in keys for text in shown) / len(shown) if shown and keys else 0.0


def _rate_content(column: ColumnSpec, header: str, look: Look, keys: frozenset[str]) -> float:
    """Return how much a column's cells look like those of a required column; 0 where they do not."""
    other = has_other_meaning(header) or is_currency_header(header) or is_side_header(header)
    if column.kind == "date":
        words = set(split_header_words(header))
        return (
            look.date * look.filled * (0.3 if _DATED_OTHERWISE & words else 1.0) if look.date >= 0.8 else 0.0
        )
    if column.kind == "number":
        if look.number < 0.8 or other or set(split_header_words(header)) & _OTHERWISE:
            return 0.0
        if not look.decimal and look.different <= 3:  # a code, such as that of an account
            return 0.0
        return look.filled * (0.2 + look.decimal) * (1 + look.size) if look.decimal or look.size < 6 else 0.0
    if column.kind == "customer":
        if other or not look.fits("customer") or look.different < 2 or look.flag >= 0.5:
            return 0.0
        varied = min(look.different / 5, 1.0) * (1.0 if look.variety < 0.95 else 0.3)
        return look.filled * varied * (1.0 + 3.0 * _share_of(keys, look)) * (0.4 + look.text)
    return 0.0
