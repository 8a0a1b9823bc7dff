"""Units: what a header says, beside its name, of the money under it: currency, thousands, a rate, net of tax.

``COGS (EUR)``, ``Cogs, €`` and ``Net sales k€ excl. VAT`` are the columns ``COGS``, ``Cogs`` and ``Net sales``; what
is cut off is not lost, since a column in another currency or in thousands is another amount.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from xlprofit.languages import list_reading_words
from xlprofit.reading.numbers import CURRENCIES, MARKS
from xlprofit.reading.word_patterns import join_words
from xlprofit.reading.words import normalize_text


@dataclass(frozen=True)
class Unit:
    """What a header says of the numbers under it.

    ``scale`` is what each number is to be multiplied by (1,000 for thousands, 0.01 for cents); ``currency`` an ISO
    code or a mark such as ``$``, empty where the header names none; ``rate`` says that the numbers are percentages.
    """

    scale: float = 1.0
    currency: str = ""
    rate: bool = False


NO_UNIT = Unit()

LONGEST = 200
"""Characters of a header that are looked at for a unit: a longer one is a text, not a name."""

_SCALES = dict.fromkeys(list_reading_words("thousands"), 1e3) | dict.fromkeys(
    list_reading_words("millions"), 1e6
)
"""Words for thousands and millions, in lower case."""

_PARTS_OF_ONE = frozenset(list_reading_words("hundredths"))
"""Words for the hundredth part of a currency, in lower case."""

_EUROS = frozenset(list_reading_words("euros"))
_RATES = frozenset(list_reading_words("percent"))

_FILLERS = frozenset(list_reading_words("unit_joins"))
"""Words that join a unit to a name."""

_NET_OF_TAX = re.compile(
    rf"[\s,;–-]*[(\[]?\s*(?:(?:{join_words('net_of')}) ?(?:{join_words('tax', 'sales_tax')})\.?(?::?[aä])?"
    rf"|{join_words('net_of_tax')})\s*[)\]]?\s*$",
    re.IGNORECASE,
)
"""A remark that the money is net of tax, as all money here is. One that it is not is left where it stands."""

_BRACKETED = re.compile(r"^(?P<name>.*\S)\s*[(\[](?P<unit>[^()\[\]]{1,30})[)\]]\s*$")
_BEHIND = re.compile(r"^(?P<name>.*\S?)(?P<gap>[\s,;/_-]+)(?P<unit>[^\s,;/_-]+)$")


def split_unit(header: str) -> tuple[str, Unit]:
    """Return a header without the unit at its end, and the unit.

    >>> split_unit("Net sales, k€")
    ('Net sales', Unit(scale=1000.0, currency='€', rate=False))
    >>> split_unit("Customer")
    ('Customer', Unit(scale=1.0, currency='', rate=False))
    """
    name = normalize_text(header)
    found = NO_UNIT
    if len(name) > LONGEST:
        return name, found
    while True:
        net = _NET_OF_TAX.sub("", name)
        if net and net != name:
            name = net + (")" if net.count("(") > net.count(")") else "")
            continue
        rest, unit = _split_last_word(name, short=bool(found.currency))
        if unit is None or not rest or _has_unit_conflict(found, unit):
            return name, found
        name = rest
        found = _merge_units(found, unit)


def _has_unit_conflict(found: Unit, unit: Unit) -> bool:
    """Whether a header would name two currencies or two scales: then the inner one belongs to its name."""
    return (found.scale != 1 and unit.scale != 1) or bool(found.currency and unit.currency)


def _split_last_word(name: str, short: bool) -> tuple[str, Unit | None]:
    """Return a name without its last word, where that is a unit, and the unit; ``None`` where it is none.

    ``short`` says that the word before a currency may be a mere letter, as in ``Sales k EUR``.
    """
    bracketed = _BRACKETED.match(name)
    if bracketed:
        unit = _read_bracketed_unit(bracketed["unit"])
        return (name, None) if unit is None else (bracketed["name"].strip(" ,;:-–/"), unit)
    return _split_last_mark(name) or _split_unit_behind(name, short) or (name, None)


def _read_bracketed_unit(text: str) -> Unit | None:
    """Return the unit that all words between two brackets make; ``None`` where any of them is none."""
    units = [read_unit(word) for word in re.split(r"[\s,;/]+", text) if word.casefold() not in _FILLERS]
    if not units:
        return None
    whole = NO_UNIT
    for unit in units:
        if unit is None:
            return None
        whole = _merge_units(whole, unit)
    return whole


def _merge_units(inner: Unit, outer: Unit) -> Unit:
    """Return what two words of one header say of the numbers under it."""
    return Unit(inner.scale * outer.scale, outer.currency or inner.currency, inner.rate or outer.rate)


def _split_last_mark(name: str) -> tuple[str, Unit | None] | None:
    """Return a name without the sign of a currency or of per cent at its end, and the unit; ``None`` for no sign."""
    mark = name[-1:]
    if len(name) < 2 or mark not in ("%", *MARKS) or (mark == "%" and not name[-2].isspace()):
        return None
    before = name[:-1]
    scale = re.search(r"(?:^|[\s,;])([kKtTmM])$", before)
    rest = before[: scale.start()] if scale else before
    return _trim_fillers(rest), read_unit((scale[1] if scale else "") + mark)


def _split_unit_behind(name: str, short: bool) -> tuple[str, Unit] | None:
    """Return a name without the word behind it, where that is a unit, and the unit; ``None`` where it is none."""
    behind = _BEHIND.match(name)
    unit = read_unit(behind["unit"]) if behind else None
    if behind is None or unit is None:
        return None
    # A lone letter or number behind a name is more often a part of the name: "Plant M", "Account 1000".
    word = behind["unit"]
    plain = unit.currency or unit.rate or short or len(word) > 4 or word[0] == "'"
    return (_trim_fillers(behind["name"]), unit) if plain else None


def _trim_fillers(name: str) -> str:
    words = name.strip(" ,;:-–/_").split(" ")
    while len(words) > 1 and words[-1].casefold() in _FILLERS:
        words.pop()
    return " ".join(words).strip(" ,;:-–/_")


def read_unit(word: str) -> Unit | None:
    """Return the unit that a word is: a currency, a scale, both in one, or a rate; ``None`` where it is none.

    >>> read_unit("TEUR"), read_unit("kg")
    (Unit(scale=1000.0, currency='EUR', rate=False), None)
    """
    key = word.casefold()
    if key in _RATES:
        return Unit(rate=True)
    if key == "tkr":
        return Unit(1e3, "kr")
    if key in _SCALES:
        return Unit(_SCALES[key])
    if key in _PARTS_OF_ONE:
        return Unit(0.01)
    currency = _read_currency_word(word)
    if currency:
        return Unit(currency=currency)
    return _read_scaled_currency(word)


def _read_scaled_currency(word: str) -> Unit | None:
    """Return the unit of a currency with its scale in front or behind, such as TEUR; ``None`` for other words."""
    key = word.casefold()
    for length in (1, 2, 3):
        scale, rest = key[:length], word[length:]
        if scale in _SCALES and _read_currency_word(rest):
            return Unit(_SCALES[scale], _read_currency_word(rest))
        scale, rest = key[-length:], word[:-length]
        if scale in _SCALES and _read_currency_word(rest):
            return Unit(_SCALES[scale], _read_currency_word(rest))
    return None


def _read_currency_word(word: str) -> str:
    """Return the ISO code or the mark that a word is; nothing where it is neither."""
    if word.casefold() in _EUROS:
        return "EUR"
    if word.upper() in CURRENCIES and (word.isupper() or word.islower() or word.istitle()):
        return word.upper()
    return word.casefold() if word.casefold() in MARKS else ""
