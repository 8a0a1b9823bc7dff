"""Names: what currencies are called in the columns and formats of exports."""

from __future__ import annotations

import re

from xlprofit.checks.numbers import CURRENCIES, MARKS, currency_named
from xlprofit.checks.words import cleaned
from xlprofit.tables import header_key

HEADERS = frozenset(
    (
        *(
            "currency",
            "currencies",
            "curr",
            "cur",
            "ccy",
            "currencycode",
            "currcode",
            "currencyid",
            "currencyiso",
        ),
        *(
            "isocurrency",
            "currencyname",
            "currencysymbol",
            "crcy",
            "waers",
            "waerk",
            "docurr",
            "doccurr",
            "lcurr",
        ),
        *("währung", "waehrung", "währungscode", "währungsschlüssel", "whrg", "währg", "wkz"),
        *(
            "valuta",
            "valutakod",
            "valutta",
            "valuuttakoodi",
            "valuutta",
            "valutt",
            "moneda",
            "devise",
            "valuta kod",
        ),
    )
)
"""Headers of a column that says in which currency the amounts of its row are, by their keys."""

ENDINGS = (
    "currency",
    "currencycode",
    "währung",
    "waehrung",
    "währungsschlüssel",
    "valuta",
    "valuutta",
    "curr",
)
"""What the headers of such columns end with: Document currency, Transaktionswährung."""

_WORDS = {
    **dict.fromkeys(("euro", "euros", "eur", "euroa"), "EUR"),
    **dict.fromkeys(("us dollar", "us dollars", "u.s. dollar", "us$", "usd$", "american dollar"), "USD"),
    **dict.fromkeys(("us-dollar", "yhdysvaltain dollari", "amerikansk dollar"), "USD"),
    **dict.fromkeys(("dollar", "dollars", "dollari"), "$"),
    **dict.fromkeys(
        ("pound", "pounds", "pound sterling", "british pound", "sterling", "gb pound", "pund"), "GBP"
    ),
    **dict.fromkeys(("britisches pfund", "punta"), "GBP"),
    **dict.fromkeys(("c$", "ca$", "can$", "canadian dollar"), "CAD"),
    **dict.fromkeys(("a$", "au$", "australian dollar"), "AUD"),
    **dict.fromkeys(("nz$", "new zealand dollar"), "NZD"),
    **{"hk$": "HKD", "s$": "SGD", "r$": "BRL", "mx$": "MXN", "nt$": "TWD", "sfr": "CHF", "fr": "CHF"},
    **dict.fromkeys(("swiss franc", "schweizer franken", "franken", "swiss francs"), "CHF"),
    **dict.fromkeys(("swedish krona", "svenska kronor", "svensk krona", "ruotsin kruunu"), "SEK"),
    **dict.fromkeys(("norwegian krone", "norske kroner", "norsk krona"), "NOK"),
    **dict.fromkeys(("danish krone", "danske kroner", "dansk krona"), "DKK"),
    **dict.fromkeys(("krona", "kronor", "krone", "kroner", "kruunu", "kruunua"), "kr"),
    **dict.fromkeys(("yen", "japanese yen"), "JPY"),
    **dict.fromkeys(("yuan", "renminbi", "rmb"), "CNY"),
    **dict.fromkeys(("zloty", "złoty"), "PLN"),
    **dict.fromkeys(("rupee", "rupees", "indian rupee", "rs"), "INR"),
}
"""What currencies are called beside their codes and marks, in lower case."""


def is_currency_header(header: object) -> bool:
    """Whether a header may be that of a column of currencies."""
    key = header_key(header)
    return key in HEADERS or key.endswith(ENDINGS)


def currency_meant(word: str) -> str:
    """Return the ISO code, or the mark where it may be several, that a word means; nothing where it means none.

    >>> currency_meant("US dollars"), currency_meant("EUR - Euro"), currency_meant("krona"), currency_meant("kg")
    ('USD', 'EUR', 'kr', '')
    """
    key = cleaned(word).casefold().strip(" .,:;()[]")
    found = currency_named(key) or _WORDS.get(key, "")
    if found:
        return found
    parts = [part for part in re.split(r"[\s,;:/()\[\]–-]+", key) if part]
    codes = {part.upper() for part in parts if part.upper() in CURRENCIES and part not in MARKS}
    return codes.pop() if len(codes) == 1 and len(parts) > 1 else ""
