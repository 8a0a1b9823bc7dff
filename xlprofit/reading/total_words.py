"""Words that stand in front of a total instead of a name, in the languages of Europe and of Excel's own totals."""

from __future__ import annotations

import re
from dataclasses import dataclass

from xlprofit.folding import fold_customer, strip_accents
from xlprofit.languages import list_reading_words, read_months
from xlprofit.reading.legal_forms import LEGAL_FORMS
from xlprofit.reading.word_patterns import join_words

_WORDS = list_reading_words("totals")
"""What a total is called, by itself or beside the name of what it adds up (``Total for B``, ``B Ergebnis``)."""

_ALONE = list_reading_words("balances")
"""What a total or a balance is called where nothing stands beside it: Result Group is a company."""

_EVERYTHING = list_reading_words("everything")
"""What stands beside such a word where it adds up everything: ``Total général``, ``All customers total``."""

_OF = re.compile(rf"(?:{join_words('between_total')})(?:[^\w]+|$)")
"""What may stand between the two, without accents."""

_AROUND = " \t:.,;=*-_#()[]<>|/\"'"
_PERIOD = re.compile(r"q[1-4]|(?:19|20)\d\d")
_MONTH_NUMBER = re.compile(r"0?[1-9]|1[0-2]")


def fold_total_words(name: str) -> str:
    """Return the form in which the words of totals, and what stands beside them, are compared: no accents too."""
    return strip_accents(fold_customer(name)).strip(_AROUND)


def _build_alternatives(words: tuple[str, ...]) -> str:
    plain = {fold_total_words(word) for word in words}
    return "|".join(map(re.escape, sorted(plain, key=lambda word: (-len(word), word))))


_FRONT = re.compile(rf"(?:{_build_alternatives(_WORDS)})(?:[^\w]+|$)")
_BEHIND = re.compile(rf"(?:^|(?<=[^\w]))(?:{_build_alternatives(_WORDS)})$")
_ALL = frozenset(map(fold_total_words, _EVERYTHING))
_MONTHS = frozenset(map(fold_total_words, read_months()))
_ALONE_PLAIN = frozenset(map(fold_total_words, _ALONE))
_HINT = re.compile(_build_alternatives(_WORDS))


@dataclass(frozen=True)
class Total:
    """What a name says that has a word for a total in it.

    ``of`` is what it adds up, as :func:`fold_total_words` has it; empty where that is everything.
    """

    of: str

    @property
    def keys(self) -> tuple[str, ...]:
        """The forms in which that may be a name: ``for b`` and ``b``."""
        return tuple(map(fold_customer, _list_shortened_rests(self.of)))

    @property
    def of_period(self) -> bool:
        """Whether it adds up a month, a quarter or a year: ``Total 2024-01``, ``January total``."""
        words = [word for word in re.split(r"[\s/.-]+", self.keys[-1]) if word not in _ALL]
        told = [word for word in words if word in _MONTHS or _PERIOD.fullmatch(word)]
        return bool(told) and all(word in told or _MONTH_NUMBER.fullmatch(word) for word in words)


def read_total(name: str) -> Total | None:
    """Return what a name says of a total; ``None`` where it says nothing, as ``Summa Oy`` does.

    >>> read_total("Grand Total"), read_total("Total for B"), read_total("Totally Fit")
    (Total(of=''), Total(of='for b'), None)
    """
    plain = fold_total_words(name)
    if plain in _ALONE_PLAIN:
        return Total("")
    if not _HINT.search(plain):
        return None
    rest, found = plain, False
    while rest and (cut := _strip_total_word(rest)) != rest:
        rest, found = cut, True
    if not found or rest in LEGAL_FORMS:
        return None
    return Total("" if _ALL.intersection(_list_shortened_rests(rest)) else rest)


def _list_shortened_rests(rest: str) -> list[str]:
    """Return what stands beside the word for a total, and the same without each of the words between."""
    found = [rest]
    while (between := _OF.match(rest)) is not None:
        rest = rest[between.end() :].strip(_AROUND)
        found.append(rest)
    return found


def _strip_total_word(plain: str) -> str:
    """Return a name without one word for a total in front of it or behind it."""
    front = _FRONT.match(plain)
    if front:
        return plain[front.end() :].strip(_AROUND)
    behind = _BEHIND.search(plain)
    return plain[: behind.start()].strip(_AROUND) if behind else plain
