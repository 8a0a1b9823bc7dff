"""Folding: the form in which names are compared, the same in the checks, the results and the formulas.

Standard library only: the formulas need it, and whatever hosts them may have nothing else.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_APOSTROPHES = "`\u00b4\u2018\u2019\u201a\u201b\u2032\u02b9\u02bb\u02bc\u02bd\u055a\uff07"
_HYPHENS = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
_QUOTES = "\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb"
_MARKS = {
    **dict.fromkeys(map(ord, _APOSTROPHES), "'"),
    **dict.fromkeys(map(ord, _HYPHENS), "-"),
    **dict.fromkeys(map(ord, _QUOTES), '"'),
}
"""Apostrophes, hyphens and quotation marks that programs put in for one another."""

_UNSEEN = dict.fromkeys(
    (
        *(0x00AD, 0x034F, 0x061C, 0x06DD, 0x070F, 0x08E2, 0x180E, 0xFEFF, 0xE0001),
        *range(0x0600, 0x0606),
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2070),
        *range(0xFE00, 0xFE10),
        *range(0xFFF9, 0xFFFC),
        *range(0xE0020, 0xE0080),
    )
)
"""Unicode's format characters and variation selectors: copied in with text, and never seen."""

_NUMBER = re.compile(r"0*([0-9]+?)(?:[.,]00?)?")
"""A number of a customer, with the zeros that one program puts in front and another behind a decimal mark."""


def fold_name(name: str) -> str:
    """Return the form in which names are compared: nothing that cannot be seen, or that programs change, tells.

    Case, kind and number of blanks, kind of apostrophe, hyphen and quotation mark, full-width letters and
    digits, and characters that cannot be seen do not count. Accents do.

    >>> fold_name(" O’Hara–Koski ") == fold_name("o'hara-koski")
    True
    """
    if not name.isascii():
        name = unicodedata.normalize("NFKC", name.translate(_MARKS)).translate(_MARKS)
        return " ".join(unicodedata.normalize("NFKC", name.translate(_UNSEEN).casefold()).split())
    return " ".join(name.replace("`", "'").split()).casefold()


@lru_cache(maxsize=1 << 16)  # a customer is met in many tables and checks
def fold_customer(name: str) -> str:
    """Return the form in which customers are compared: as names, but of a number the zeros do not count.

    Those are the zeros in front, and ``.0`` behind a number that went through a program as a decimal one.

    >>> fold_customer("0000000123"), fold_customer("123.0"), fold_customer("0012 A")
    ('123', '123', '0012 a')
    """
    folded = fold_name(name)
    number = _NUMBER.fullmatch(folded) if folded[:1].isdigit() else None
    return number[1] if number else folded


def strip_accents(text: str) -> str:
    """Return a text without its accents, as programs of one byte a letter have it.

    >>> strip_accents("Société")
    'Societe'
    """
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
