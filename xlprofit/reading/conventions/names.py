"""Names: what currencies are called in the columns and formats of exports."""

from __future__ import annotations

import re

from xlprofit.reading.numbers import CURRENCIES, MARKS, parse_currency
from xlprofit.reading.words import normalize_text
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

_NAMED = re.compile("currency|curr(?:key|code|iso)|währung|waehrung|valuut(?:ta|an)")
_OF_AMOUNTS = re.compile("rate|kurs|amount|betrag|belopp|summa|value|wert|total|factor|date|gain|loss")
"""What a header has in it that names a currency, and what says that amounts or rates stand below it instead."""

RATES = frozenset(
    (
        *(
            "exchangerate",
            "exchrate",
            "exrate",
            "fxrate",
            "fx",
            "currencyrate",
            "rateofexchange",
            "conversionrate",
        ),
        *("currencyfactor", "currencyexchangerate", "exchangerateamount", "kursf", "kurrf", "ukurs", "xrate"),
        *("kurs", "wechselkurs", "umrechnungskurs", "währungskurs", "devisenkurs"),
        *("växelkurs", "valutakurs", "omräkningskurs", "valuuttakurssi", "vaihtokurssi", "kurssi"),
        *(
            "tauxdechange",
            "tipodecambio",
            "tipocambio",
            "cambio",
            "tassodicambio",
            "wisselkoers",
            "vekslekurs",
        ),
    )
)
"""Headers of the rate at which the amount of a row is to be converted, by their keys."""

COMMON = frozenset(("EUR", "USD", "GBP", "SEK", "NOK", "DKK", "CHF", "PLN", "CAD", "AUD"))
"""Currencies of which one at least is in a column of currencies whose header does not say that it is one."""

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
