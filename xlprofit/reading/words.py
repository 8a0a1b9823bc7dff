"""Words: text cleaned of what cannot be seen, the key by which names are matched, flags and choices."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

import numpy as np

from xlprofit.errors import find_nearest_names
from xlprofit.findings import phrase
from xlprofit.headings import language_meant, word_meant
from xlprofit.languages import LANGUAGES, list_reading_words, list_terms
from xlprofit.messages import join_messages, term
from xlprofit.reading.faults import Trouble, quote_value
from xlprofit.slips import list_near_words

YES = frozenset(list_reading_words("yes"))
NO = frozenset(list_reading_words("no"))
"""Words of a flag, in lower case."""

UNCALCULATED = "#UNCALCULATED!"
"""What the reader puts where a formula has no stored value."""

TWO_VALUES = "#TWO VALUES!"
"""What the reader puts where a cell stands in the file more than once."""

ERROR_VALUES = frozenset(
    (
        *("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#FIELD!"),
        *("#BLOCKED!", "#CONNECT!", "#BUSY!", "#UNKNOWN!", "#GETTING_DATA", UNCALCULATED, TWO_VALUES),
    )
)
"""What Excel shows in a cell whose formula failed."""

_INVISIBLE = dict.fromkeys(
    (
        *map(ord, "\u00ad\u200b\u2060\ufeff"),
        *map(ord, "\u061c\u200e\u200f"),
        *range(0x202A, 0x202F),
        *range(0x2066, 0x206A),
    )
)
"""Soft hyphens, zero-width blanks, byte order marks, marks of direction: copied in with text, and never seen."""


def convert_to_text(value: object) -> str | Trouble:
    """Return any value as clean text: a number without ``.0``, a day as 2024-03-01, blank as ``""``.

    >>> convert_to_text(12345.0), convert_to_text("  a b ")
    ('12345', 'a b')
    """
    if isinstance(value, str):
        clean = normalize_text(value)
        return report_failed_formula(clean) if is_failed(clean) else clean
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return normalize_text(str(value))


def is_failed(clean: str) -> bool:
    """Whether a clean text is an error value such as ``#N/A``."""
    return clean[:1] == "#" and clean.upper() in ERROR_VALUES


def report_failed_formula(text: str) -> Trouble:
    """Return the trouble of an error value such as ``#N/A``."""
    if text.strip().upper() == UNCALCULATED:
        what = phrase("C04", "formula_stands_here")
        return Trouble("C04", what)
    if text.strip().upper() == TWO_VALUES:
        what = phrase("T05", "cell_stands_file")
        return Trouble("T05", what)
    what = phrase("C04", "error_formula_failed", error=text.strip().upper())
    return Trouble("C04", what)


def normalize_text(text: str) -> str:
    """Return a text in composed form (NFC), without control characters, with single blanks."""
    if text.isascii():
        if text.isprintable():
            return text.strip() if "  " not in text else " ".join(text.split())
    else:
        text = unicodedata.normalize("NFC", text.translate(_INVISIBLE))
        # A lone surrogate is half a character: it can be neither shown nor written to a file.
        text = text.encode("utf-8", "replace").decode("utf-8")
    kept = (c if c.isspace() or unicodedata.category(c) != "Cc" else "" for c in text)
    return " ".join("".join(kept).split())


def are_clean(texts: Sequence[str]) -> bool:
    r"""Whether each of some texts is as :func:`normalize_text` leaves it, and none is blank: told of all at once.

    A text beyond ASCII counts as one that it may change.

    >>> are_clean(["INV-1", "a b"]), are_clean(["a  b"]), are_clean(["a", " b"]), are_clean(["a", ""])
    (True, False, False, False)
    >>> are_clean(["~"]), are_clean(["a\x1fb"]), are_clean(["a\x7f"])
    (True, False, False)
    """
    flat = "".join(texts)
    if not flat.isascii():
        return False
    letters = np.frombuffer(flat.encode(), np.uint8)
    if not (letters - ord(" ") < ord("\x7f") - ord(" ")).all():  # a sign that cannot be printed
        return False
    if " " not in flat:
        return all(texts)
    lines = "\n".join(("", *texts, ""))
    return not any(mark in lines for mark in ("  ", " \n", "\n ", "\n\n"))


def parse_flag(value: object) -> str | Trouble:
    """Return ``yes``, ``no`` or, for a blank text, ``""``."""
    word = convert_to_text(value)
    if isinstance(word, Trouble):
        return word
    key = word.casefold()
    if key in YES or key in NO or not key:
        return "yes" if key in YES else "no" if key else ""
    return Trouble("C10", phrase("C10", "neither_yes_nor", value=quote_value(value)))


def parse_choice(value: object, choices: Sequence[str]) -> str | Trouble:
    """Return the one of the choices that is meant, whatever its case, blanks and dashes."""
    word = convert_to_text(value)
    if isinstance(word, Trouble) or not word:
        return word
    known = word_meant(word, choices) or (
        language_meant(word) if tuple(choices) == tuple(LANGUAGES) else None
    )
    if known:
        return known
    named = join_messages(", ", (term("word", one) for one in choices))
    what = phrase("C11", "not_one", value=quote_value(value), words=named)
    return Trouble("C11", what, offer_term(word, "word", choices))


def suggest_name(word: str, among: Sequence[str]) -> str | None:
    """Return a fix that offers the nearest of the known names; ``None`` where none is near."""
    near = find_nearest_names(word, among, most=1)
    return phrase("words", "write_if_meant", name=near[0]) if near else None


def offer_term(word: str, kind: str, among: Iterable[str]) -> str | None:
    """Return a fix that offers the nearest of the product's own words, in whatever language ``word`` is."""
    spellings = {spelt: own for own in among for spelt in reversed(list_terms(kind, own))}
    near = find_nearest_names(word, list(spellings), most=1)
    return phrase("words", "write_if_meant", name=term(kind, spellings[near[0]])) if near else None


def find_likely_word(word: str, among: Sequence[str]) -> str | None:
    """Return the nearest known word that ``word`` may be a slip of; ``None`` where none is.

    A slip is one letter in a word of four to seven, two in a longer one: added, left out, replaced, or swapped
    with the next.

    >>> find_likely_word("custmoer", ("date", "customer")), find_likely_word("date", ("date", "rate"))
    ('customer', None)
    """
    most = 0 if len(word) < 4 else 1 if len(word) < 8 else 2
    found = list_near_words(word, among, most, 1)
    return found[0][0] if found and found[0][1] > 0 else None
