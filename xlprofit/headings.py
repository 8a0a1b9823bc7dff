"""What tables, columns, settings and the words of choice are called in every language: what an input may say.

English names are those of :mod:`xlprofit.tables`; the others come from the catalogues. Whatever language is
spoken, an input may use the names of any.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Literal

from xlprofit.languages import (
    LANGUAGES,
    list_headers,
    list_headers_of,
    list_reading_words,
    list_terms,
    translate_term,
)
from xlprofit.messages import ENGLISH
from xlprofit.tables import SETTINGS, TABLES, ColumnSpec, Raw, header_key

SHOWN = 4
"""So many other headers of a column are named where its table is described."""

_IN_ASCII = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
"""How German is written where its letters are not to be had."""

Tier = Literal["own", "sure", "name", "weak"]
"""How surely a header means a column: its own header, a synonym, the name of what is numbered, or a weak synonym."""

TIERS: tuple[Tier, ...] = ("own", "sure", "name", "weak")


@cache
def table_keys() -> Mapping[str, str]:
    """Return the name of each table by the keys of its names in every language."""
    return {header_key(word): name for name in TABLES for word in list_terms("table", name)}


def table_meant(name: object) -> str | None:
    """Return the table that a name in any language means; ``None`` where it is none.

    >>> table_meant("sales"), table_meant("Myynti"), table_meant("Sheet1")
    ('Sales', 'Sales', None)
    """
    return table_keys().get(header_key(name))


@cache
def header_keys(table: str, column: str) -> frozenset[str]:
    """Return the keys of a column's own headers, one for each language."""
    return frozenset(map(header_key, list_terms(table, column)))


@cache
def header_ranks(table: str, column: str) -> Mapping[str, tuple[Tier, int]]:
    """Return how surely each header, by its key, means a column: its tier and its place there, 0 the most specific.

    The surest come first. Headers without their diacritics, and German ones as they are written in ASCII, are
    among them.
    """
    known = TABLES[table].column(column).synonyms
    tiers: dict[Tier, Iterable[tuple[int, str]]] = {
        "own": ((0, word) for word in list_terms(table, column)),
        "sure": (*known.sure(), *list_headers(table, column)),
        "name": enumerate(known.names),
        "weak": enumerate(known.weak),
    }
    ranks: dict[str, tuple[Tier, int]] = {}
    for tier in TIERS:
        for place, word in sorted(tiers[tier]):
            for spelt in _spelt(word):
                ranks.setdefault(spelt, (tier, place))
    return ranks


def _spelt(word: str) -> tuple[str, ...]:
    """Return the keys of a header as it is written with and without its diacritics."""
    key = header_key(word)
    if key.isascii():
        return (key,)
    bare = "".join(c for c in unicodedata.normalize("NFD", key) if not unicodedata.combining(c))
    return key, key.translate(_IN_ASCII), bare.replace("ß", "ss")


def other_headers(table: str, column: ColumnSpec, language: str = ENGLISH) -> tuple[str, ...]:
    """Return some other headers of a column, the surest first, for a note in a language."""
    known = column.synonyms
    if language == ENGLISH:
        words = (*known.en, *known.names, *known.weak)
    else:
        words = (column.name, *known.in_language(language), *list_headers_of(language, table, column.name))
    own = translate_term(language, table, column.name)
    return tuple(word for word in words if word != own)[:SHOWN]


def known_keys(table: str, column: ColumnSpec) -> frozenset[str]:
    """Return the keys of every header that a column is known by."""
    return frozenset(header_ranks(table, column.name))


@cache
def keys_of(words: tuple[str, ...]) -> frozenset[str]:
    """Return the keys of headers, with and without their diacritics."""
    return frozenset(key for word in words for key in _spelt(word))


@cache
def setting_keys() -> Mapping[str, str]:
    """Return the name of each setting by the keys of its names in every language."""
    return {header_key(word): name for name in SETTINGS for word in list_terms("setting", name)}


def word_meant(written: object, among: Iterable[str], kind: str = "word") -> str | None:
    """Return the one of the product's own words that is meant, in any language; ``None`` where none is.

    ``kind`` is ``line`` for a line of the P&L.

    >>> word_meant("Output unit", ("output-unit", "batch"))
    'output-unit'
    """
    return _by_key(tuple(among), kind).get(header_key(written))


@cache
def _by_key(among: tuple[str, ...], kind: str) -> Mapping[str, str]:
    known = {header_key(word): own for own in among for word in list_reading_words(f"meant_{own}")}
    known |= {header_key(word): own for own in among for word in list_terms(kind, own)}
    return known | {header_key(word): word for word in among}


def language_meant(written: object) -> str | None:
    """Return the code of the language that is meant: its code, or what it calls itself.

    >>> language_meant("FI"), language_meant("suomi"), language_meant("klingon")
    ('fi', 'fi', None)
    """
    key = header_key(written)
    return next((code for code, known in LANGUAGES.items() if key in (code, header_key(known.name))), None)


def language_of(settings: Raw | None) -> str:
    """Return the language that a table of settings asks for; English where it asks for none that is known."""
    asked = [] if settings is None else _list_asked_languages(settings)
    return next(filter(None, map(language_meant, asked)), "en")


def _list_asked_languages(settings: Raw) -> list[str]:
    """Return what stands beside the name of the setting for the language, row by row."""
    frame = settings.frame
    places = _find_setting_places(frame.columns)
    if min(places) < 0:
        return []
    rows = zip(*(frame.iloc[:, at] for at in places), strict=True)
    said = [value for name, value in rows if setting_keys().get(header_key(name)) == "language"]
    return [value for value in said if isinstance(value, str)]


def _find_setting_places(headers: Iterable[object]) -> list[int]:
    """Return where the names of settings and what is set stand in a table of settings; −1 for one that is missing."""
    keys = list(map(header_key, headers))
    return [
        next((i for i, key in enumerate(keys) if key in known_keys("Settings", column)), -1)
        for column in TABLES["Settings"].columns[:2]
    ]


def own_names(raws: Mapping[str, Raw]) -> dict[str, str]:
    """Return what a workbook calls its tables and columns, where it uses a name of any language.

    The keys are ``Sales`` and ``Sales.cogs``.
    """
    own: dict[str, str] = {}
    for name, raw in raws.items():
        called = next((w for w in list_terms("table", name) if header_key(w) == header_key(raw.sheet)), None)
        if called is not None:
            own[name] = called
        headers = set(map(header_key, raw.frame.columns))
        for column in TABLES[name].columns:
            written = next((w for w in list_terms(name, column.name) if header_key(w) in headers), None)
            if written is not None:
                own[f"{name}.{column.name}"] = written
    return own


ATTRIBUTES = tuple(column.name for column in TABLES["Customers"].columns if column.attribute)
"""The columns of Customers that its rows may be grouped by, beside the user's own."""


def list_asked_attributes(group_by: str | None) -> list[str]:
    """Return the words of the setting ``group_by``, blanks around them taken off; segment where there is none."""
    asked = [" ".join(word.split()) for word in (group_by or "").replace(";", ",").split(",")]
    return list(dict.fromkeys(word for word in asked if word)) or ["segment"]


def resolve_attribute(asked: str, own: tuple[str, ...]) -> str | None:
    """Return the attribute that a word means, in any case and language; ``None`` where there is none.

    Args:
        asked: what was written.
        own: the headers of the user's own columns of Customers.
    """
    key = header_key(asked)
    for header in own:
        if header_key(header) == key:
            return header
    return next((name for name in ATTRIBUTES if key in header_keys("Customers", name)), None)
