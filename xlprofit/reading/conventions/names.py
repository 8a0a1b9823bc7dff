"""Names: what currencies are called in the columns and formats of exports."""

from __future__ import annotations

import re

from xlprofit.languages import list_reading_words, read_named_words
from xlprofit.reading.numbers import CURRENCIES, MARKS, parse_currency
from xlprofit.reading.word_patterns import join_words
from xlprofit.reading.words import normalize_text
from xlprofit.tables import header_key

HEADERS = frozenset(list_reading_words("currency_headers"))
"""Headers of a column that says in which currency the amounts of its row are, by their keys."""

ENDINGS = list_reading_words("currency_endings")
"""What the headers of such columns end with: Document currency, Transaktionswährung."""

_NAMED = re.compile(join_words("currency_parts"))
_OF_AMOUNTS = re.compile(join_words("currency_amounts"))
"""What a header has in it that names a currency, and what says that amounts or rates stand below it instead."""

RATES = frozenset(list_reading_words("exchange_rates"))
"""Headers of the rate at which the amount of a row is to be converted, by their keys."""

COMMON = frozenset(("EUR", "USD", "GBP", "SEK", "NOK", "DKK", "CHF", "PLN", "CAD", "AUD"))
"""Currencies of which one at least is in a column of currencies whose header does not say that it is one."""

_WORDS = {word: code for code, words in read_named_words("currencies").items() for word in words}
"""What currencies are called beside their codes and marks, in lower case."""


def is_currency_header(header: object) -> bool:
    """Whether a header may be that of a column of currencies."""
    key = header_key(header)
    if key in HEADERS or key.endswith(ENDINGS):
        return True
    return bool(_NAMED.search(key)) and not _OF_AMOUNTS.search(key)


def is_rate_header(header: object) -> bool:
    """Whether a header is that of the exchange rate of each row."""
    return header_key(header) in RATES


def is_code(text: str) -> bool:
    """Whether a text is an ISO code as one is written, in capitals."""
    return text in CURRENCIES


def read_currency(word: str) -> str:
    """Return the ISO code, or the mark where it may be several, that a word means; nothing where it means none.

    >>> read_currency("US dollars"), read_currency("EUR - Euro"), read_currency("krona"), read_currency("kg")
    ('USD', 'EUR', 'kr', '')
    """
    key = normalize_text(word).casefold().strip(" .,:;()[]")
    found = parse_currency(key) or _WORDS.get(key, "")
    if found:
        return found
    parts = [part for part in re.split(r"[\s,;:/()\[\]–-]+", key) if part]
    codes = {part.upper() for part in parts if part.upper() in CURRENCIES and part not in MARKS}
    return codes.pop() if len(codes) == 1 and len(parts) > 1 else ""
