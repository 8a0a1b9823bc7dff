"""Likeness: names that differ, and may be one customer's. Nothing is joined for it; it is said, and proposed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from xlprofit.folding import fold_name, strip_accents
from xlprofit.reading.legal_forms import AND, IN_FRONT, LEGAL_FORMS
from xlprofit.slips import count_slips, list_near_words

_TOKEN = re.compile(r"[^\W\d_]+|\d+")
_NUMBERED = re.compile(
    r"(?P<before>[0-9]{3,})(?:\s*[-–:/,;|_]\s*|\s+)(?P<name>[^\W\d_].*)"
    r"|(?P<named>[^\W\d_].*?)\s*(?:\(|\[|[-–:/,;|#]\s*)(?P<behind>[0-9]{3,})[)\]]?"
)
"""A number of three digits or more and a name in one: 1001 - Acme, Acme (1001). Shop 101 is a name."""

_SPELT_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "æ": "ae", "œ": "oe"})
_SPELT_IN_TWO = re.compile("[äöüåøæœ]")
_PLAIN = str.maketrans(
    {"ø": "o", "æ": "ae", "œ": "oe", "đ": "d", "ł": "l", "ð": "d", "þ": "th", "\u0131": "i"}
)
_BETWEEN_LETTERS = re.compile(r"(?<=[^\W\d]) (?=[^\W\d])")

FEWEST_LETTERS = 2
"""Of a name with fewer letters, a number or a sign, nothing is left to compare."""

SHORTEST = 5
"""A word of fewer letters is not taken for a misspelt one: ``East`` and ``West`` are two regions."""

LONG = 9
"""In a word of so many letters two may be wrong, otherwise one."""

JOINED = 8
"""Names that are parted into words differently are near from so many letters on."""

MOST_SOUGHT = 1_000
"""So many names are looked up among the others; the alphabet decides which."""


@dataclass(frozen=True)
class Reduced:
    """A name without what may differ between two spellings of it.

    ``words`` are its words, without accents, legal form and ``and``; ``keys`` the forms in which it is compared;
    ``forms`` its legal forms. ``keys`` is empty where the name has too few letters.
    """

    words: tuple[str, ...]
    keys: tuple[str, ...]
    forms: frozenset[str]

    def agrees(self, other: Reduced) -> bool:
        """Whether the legal forms of two names may be one company's: ``Ltd`` and none, not ``Oy`` and ``Ab``."""
        return self.forms <= other.forms or other.forms <= self.forms


def reduce_name(name: str) -> Reduced:
    """Return a name without legal form, punctuation, blanks and accents, in each order of its words.

    >>> reduce_name("Müller & Söhne GmbH").keys == reduce_name("Müller und Söhne").keys
    True
    >>> bool(set(reduce_name("A B C Foods").keys) & set(reduce_name("Foods, ABC Ltd.").keys))
    True
    """
    folded = fold_name(name)
    words, forms = _split_name_words(folded if folded.isascii() else strip_accents(folded.translate(_PLAIN)))
    if sum(len(word) for word in words if word.isalpha()) < FEWEST_LETTERS:
        return Reduced(words, (), forms)
    keys = [_join_name_words(words), f"~{' '.join(sorted(words))}"]
    if _SPELT_IN_TWO.search(folded):
        spelt = _split_name_words(strip_accents(folded.translate(_SPELT_OUT)))[0]
        keys += [_join_name_words(spelt), f"~{' '.join(sorted(spelt))}"]
    return Reduced(words, tuple(keys), forms)


def _split_name_words(text: str) -> tuple[tuple[str, ...], frozenset[str]]:
    """Return the words of a folded name, single letters together, and its legal forms apart from them."""
    words = _join_single_letters(_TOKEN.findall(text))
    if words[-2:] == ["sp", "zoo"]:
        words[-2:] = ["spzoo"]
    forms = []
    while len(words) > 1 and words[-1] in LEGAL_FORMS:
        forms.append(LEGAL_FORMS[words.pop()])
    while len(words) > 1 and words[0] in IN_FRONT:
        forms.append(LEGAL_FORMS[words.pop(0)])
    kept = [w for i, w in enumerate(words) if w not in AND or i in (0, len(words) - 1)]
    return tuple(kept), frozenset(forms)


def _join_single_letters(tokens: Iterable[str]) -> list[str]:
    """Return the words of a name, single letters beside each other as one; numbers without zeros in front."""
    words: list[str] = []
    letters = False  # whether the last word is of single letters
    for token in tokens:
        single = len(token) == 1 and token.isalpha()
        if single and letters:
            words[-1] += token
        else:
            words.append(token.lstrip("0") or "0" if token.isdigit() else token)
        letters = single
    return words


def _join_name_words(words: tuple[str, ...]) -> str:
    """Return the words without blanks between them, except beside numbers."""
    text = " ".join(words)
    return _BETWEEN_LETTERS.sub("", text) if any(map(str.isdigit, words)) else text.replace(" ", "")


def find_similar_names(reduced: Mapping[str, Reduced], ranked: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield each name that is alike to a better one but for what does not count, and the best such name.

    ``ranked`` has the names, the best first. Names are alike where a chain of common keys joins them.
    """
    best = list(range(len(ranked)))  # of each name a better one that it is alike to, itself where none is

    def root(at: int) -> int:
        while best[at] != at:
            best[at] = at = best[best[at]]
        return at

    first: dict[str, int] = {}
    for at, name in enumerate(ranked):
        for key in reduced[name].keys:
            one, other = sorted((root(at), root(first.setdefault(key, at))))
            best[other] = one
    groups: dict[int, list[str]] = {}
    for at, name in enumerate(ranked):
        better = groups.setdefault(root(at), [])
        alike = next((other for other in better if reduced[name].agrees(reduced[other])), None)
        if alike is not None:
            yield name, alike
        better.append(name)


def find_numbered_names(reduced: Mapping[str, Reduced]) -> Iterator[tuple[str, str]]:
    """Yield each name that has a number and a name in it, and the other that is that number, or else that name.

    Exports join both in one cell: ``1001 - Acme`` beside ``1001`` or ``Acme``.
    """
    plain = {fold_name(name).lstrip("0"): name for name in sorted(reduced, reverse=True)}
    by_key = {key: name for name in sorted(reduced, reverse=True) for key in reduced[name].keys[:1]}
    for name in sorted(reduced):
        parted = _NUMBERED.fullmatch(name.strip())
        if parted is None:
            continue
        other = plain.get((parted["before"] or parted["behind"]).lstrip("0"))
        if other is None:
            other = _find_same_reduced(reduce_name(parted["name"] or parted["named"]), by_key, reduced)
        if other not in (None, name):
            yield name, str(other)


def _find_same_reduced(of: Reduced, by_key: Mapping[str, str], reduced: Mapping[str, Reduced]) -> str | None:
    """Return the name that comes to the same once reduced; ``None`` where there is none."""
    other = next((by_key[key] for key in of.keys[:1] if key in by_key), None)
    return other if other is not None and of.agrees(reduced[other]) else None


class Nearness:
    """Names among which a misspelt one is looked for, by their first letter."""

    def __init__(self, reduced: Mapping[str, Reduced], among: Iterable[str]) -> None:
        """Take the names among which to look."""
        self._reduced = reduced
        self._by_letter: dict[str, dict[str, str]] = {}
        for name in sorted(among, reverse=True):
            of = reduced[name]
            if of.keys:
                self._by_letter.setdefault(of.words[0][0], {})[" ".join(of.words)] = name

    def find(self, name: str) -> str | None:
        """Return the nearest name that this one may be a slip of; ``None`` where there is none."""
        of = self._reduced[name]
        if not of.keys:
            return None
        among = self._by_letter.get(of.words[0][0], {})
        near = list_near_words(" ".join(of.words), list(among), 2, 20)
        for _far, spelt in sorted((slips, spelt) for spelt, slips in near):
            other = among[spelt]
            if (
                other != name
                and of.agrees(self._reduced[other])
                and _is_slip(of.words, self._reduced[other].words)
            ):
                return other
        return None


def _is_slip(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether the words of two names differ only as slips of the pen do, and tell no two things apart."""
    if len(one) != len(other):
        return _is_parted_slip(one, other)
    different = [(a, b) for a, b in zip(one, other, strict=True) if a != b]
    return len(different) == 1 and _is_word_slip(*different[0])


def _is_parted_slip(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether two names that are parted into words differently, without numbers, differ in one letter at most."""
    if any(word.isdigit() for word in (*one, *other)):
        return False
    a, b = "".join(one), "".join(other)
    return min(len(a), len(b)) >= JOINED and count_slips(a, b, 1) <= 1


def _is_word_slip(a: str, b: str) -> bool:
    """Whether two words of letters differ in a slip behind the first letter, and not only in their last letter."""
    length = min(len(a), len(b))
    if length < SHORTEST or not (a.isalpha() and b.isalpha()) or a[0] != b[0]:
        return False
    if a[:-1] == b[:-1]:  # Shop A and Shop B, written together
        return False
    most = 2 if length >= LONG else 1
    return count_slips(a, b, most) <= most
