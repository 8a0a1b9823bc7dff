"""Headings: by what headers an export is known, in the languages that xlprofit speaks and in further ones."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

from xlprofit.folding import strip_accents
from xlprofit.headings import Tier, header_ranks
from xlprofit.tables import TABLES, header_key

BEHIND = 100
"""How far behind those of the tables' own languages further headers stand in their tier."""


@cache
def rank_headings(table: str, column: str) -> Mapping[str, tuple[Tier, int]]:
    """Return how surely each header, by its key, means a column: its tier and its place there, 0 the most specific.

    Those of :func:`xlprofit.headings.header_ranks`, and those that exports have in further languages.

    >>> rank_headings("Sales", "gross_revenue")[header_key("Montant HT")][0]
    'sure'
    """
    ranks = dict(header_ranks(table, column))
    for tier, place, header in _list_further(table, column):
        for key in (header_key(header), header_key(strip_accents(header))):
            ranks.setdefault(key, (tier, BEHIND + place))
    return ranks


@cache
def _load_further() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    text = files("xlprofit.importing.exports").joinpath("headings.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _list_further(table: str, column: str) -> Iterator[tuple[Tier, int, str]]:
    """Yield the further headers of a column with their tier and place."""
    for language in _load_further().values():
        for tier, part, name in _list_sections(table, column):
            for place, word in enumerate(_split(language, part, name)):
                yield tier, place, word


def _list_sections(table: str, column: str) -> Iterator[tuple[Tier, str, str]]:
    """Yield where the further headers of a column stand, and of what tier they are there."""
    is_customer = TABLES[table].column(column).kind == "customer"
    if is_customer and column == "customer":
        yield "sure", "customer", "headers"
        yield "weak", "customer", "headers_weak"
    if (table, column) == ("Customers", "name") or (is_customer and table != "Customers"):
        yield "name", "customer", "names"
    yield "sure", table, column
    yield "weak", table, f"{column}_weak"


def _split(language: Mapping[str, Mapping[str, str]], part: str, name: str) -> list[str]:
    return [
        " ".join(word.split()) for word in language.get(part, {}).get(name, "").split(",") if word.strip()
    ]
