r"""What looking for a regular expression may cost: a bound on the steps through a text, whatever the text is.

Python tries a pattern by going back wherever a repeat may have taken too much. That multiplies only where what stands
behind a repeat may begin with a letter that the repeat takes too; else going back ends at once. So the bound adds up
the repeats of ``^(\w+)\s*-\s*(\d+)$`` and multiplies those of ``.*a.*a.*b``; a repeat within a repeat that may take
the same letters in several ways, as in ``(\d+\s?)+``, has none.
"""

from __future__ import annotations

import re._parser as regular  # type: ignore[import-not-found]  # the parts of a pattern are said nowhere else
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import inf
from typing import Any

MOST_ROUNDS = 100
"""So often a part that is no single letter may be repeated a fixed number of times."""

SAMPLES = frozenset(map(chr, range(0x250))) | frozenset("\u2028\u2003\u0660\u0416\u03a9\u4e00\U0001f600")
"""The letters that sets of letters are told apart by; those of the pattern itself come to them."""

_CATEGORIES: dict[str, Callable[[str], bool]] = {
    "DIGIT": str.isdecimal,
    "SPACE": str.isspace,
    "WORD": lambda letter: letter.isalnum() or letter == "_",
}


@dataclass(frozen=True)
class _Rest:
    """What stands behind a part of a pattern.

    Attributes:
        first: the letters that it may begin with.
        steps: the most steps to find it, or that it is not there.
        certain: whether it is always found, so that nothing goes back.
        doubtful: whether one text may be found in it in several ways.
    """

    first: frozenset[str]
    steps: float = 1.0
    certain: bool = False
    doubtful: bool = False


def bound_search_steps(pattern: str, letters: int) -> float:
    r"""Return a bound on the steps of a search through so many letters; infinite where there is none.

    Raises:
        re.error: it is no regular expression.

    >>> [f"{bound_search_steps(text, 1_000):.0e}" for text in (r"^(\d+)\s*-", r".*a.*b", r"(\d+\s?)+$", "(a|b)*c")]
    ['2e+03', '2e+09', 'inf', '1e+06']
    """
    parsed = regular.parse(pattern)
    alphabet = SAMPLES.union(_list_named_letters(parsed))
    found = _Bound(letters, alphabet).bound_parts(parsed, _Rest(alphabet, certain=True))
    anchored = len(parsed) and str(parsed[0][1]) in ("AT_BEGINNING", "AT_BEGINNING_STRING")
    return found.steps * (1 if anchored else letters)


def _list_named_letters(said: Any) -> Iterator[str]:
    """Yield the letters that a part of a pattern names, of ranges the first and the last."""
    if isinstance(said, tuple) and len(said) == 2 and str(said[0]) in ("LITERAL", "NOT_LITERAL", "RANGE"):
        yield from map(chr, said[1] if str(said[0]) == "RANGE" else said[1:])
    elif isinstance(said, list | tuple | regular.SubPattern):
        for inner in said:
            yield from _list_named_letters(inner)


@dataclass(frozen=True)
class _Bound:
    """The bound for texts of so many letters, over an alphabet that stands for all letters."""

    letters: int
    alphabet: frozenset[str]

    def bound_parts(self, parts: Iterable[tuple[Any, Any]], rest: _Rest) -> _Rest:
        """Return what a row of parts with a rest behind it is."""
        for name, said in reversed(list(parts)):
            rest = self._bound_part(str(name), said, rest)
        return rest

    def _bound_part(self, name: str, said: Any, rest: _Rest) -> _Rest:
        if name in ("LITERAL", "NOT_LITERAL", "ANY", "IN"):
            return _Rest(self._list_letters(name, said), 1 + _count_steps_again(rest), doubtful=rest.doubtful)
        if name == "SUBPATTERN":
            return self.bound_parts(said[-1], rest)
        if name == "BRANCH":
            return _join_ways([self.bound_parts(way, rest) for way in said[1]])
        if name == "GROUPREF_EXISTS":
            return _join_ways([self.bound_parts(way or (), rest) for way in said[1:]])
        if name in ("MAX_REPEAT", "MIN_REPEAT"):
            return self._bound_repeat(int(said[0]), min(int(said[1]), self.letters), said[2], rest)
        return self._bound_other(name, said, rest)

    def _bound_other(self, name: str, said: Any, rest: _Rest) -> _Rest:
        """Return what a part that nothing goes back into is: looked at once, it stands."""
        within = _Rest(rest.first, certain=True)
        if name == "AT":
            first = frozenset("\n") if str(said) in ("AT_END", "AT_END_STRING") else rest.first
            return replace(rest, first=first, steps=1 + _count_steps_again(rest), certain=False)
        if name == "GROUPREF":
            return replace(
                rest, first=self.alphabet, steps=self.letters + _count_steps_again(rest), certain=False
            )
        if name == "ATOMIC_GROUP":
            inner = self.bound_parts(said, within)
            return replace(
                rest, first=inner.first, steps=inner.steps + _count_steps_again(rest), certain=False
            )
        if name == "POSSESSIVE_REPEAT":
            inner = self.bound_parts(said[2], within)
            steps = min(int(said[1]), self.letters) * inner.steps + _count_steps_again(rest)
            return replace(rest, first=inner.first | rest.first, steps=steps, certain=False)
        if name in ("ASSERT", "ASSERT_NOT"):
            inner = self.bound_parts(said[1], within)
            return replace(rest, steps=inner.steps + _count_steps_again(rest), certain=False)
        return _Rest(self.alphabet, inf)

    def _bound_repeat(self, least: int, most: int, parts: Sequence[tuple[Any, Any]], rest: _Rest) -> _Rest:
        if (least, most) == (0, 1):
            return _join_ways([self.bound_parts(parts, rest), rest])
        single = _find_single(parts)
        if single is not None:
            return self._bound_letters(least, most, self._list_letters(*single), rest)
        if least == most:
            return self._bound_rounds(most, parts, rest)
        own = self.bound_parts(parts, _Rest(frozenset()))
        within = self.bound_parts(parts, _Rest(own.first | rest.first))
        if within.doubtful:
            return _Rest(self.alphabet, inf)
        first = own.first | rest.first
        if rest.certain or not own.first & rest.first:
            return replace(rest, first=first, steps=most * within.steps + _count_steps_again(rest))
        steps = most * (within.steps + _count_steps_again(rest))
        return _Rest(first, steps, doubtful=True)

    def _bound_letters(self, least: int, most: int, letters: frozenset[str], rest: _Rest) -> _Rest:
        """Return what a repeat of single letters is."""
        first = letters | rest.first if not least else letters
        if rest.certain or most == least or not letters & rest.first:
            return _Rest(first, most + _count_steps_again(rest), rest.certain and not least, rest.doubtful)
        return _Rest(first, least + (most - least + 1) * _count_steps_again(rest), doubtful=True)

    def _bound_rounds(self, rounds: int, parts: Sequence[tuple[Any, Any]], rest: _Rest) -> _Rest:
        """Return what a part is that stands there a fixed number of times."""
        if rounds > MOST_ROUNDS:
            return _Rest(self.alphabet, inf)
        for _round in range(rounds):
            rest = self.bound_parts(parts, rest)
        return rest

    def _list_letters(self, name: str, said: Any) -> frozenset[str]:
        """Return the letters that a single place of a pattern takes, in either case."""
        if name == "ANY":
            return self.alphabet
        if name in ("LITERAL", "NOT_LITERAL"):
            said = [("NEGATE" if name == "NOT_LITERAL" else "RANGE", (said, said)), ("LITERAL", said)]
        taken = {letter for letter in self.alphabet if any(_takes(part, letter) for part in said)}
        if str(said[0][0]) == "NEGATE":
            return self.alphabet - taken
        folded = {letter.casefold() for letter in taken}
        return frozenset(letter for letter in self.alphabet if letter.casefold() in folded)


def _count_steps_again(rest: _Rest) -> float:
    """Return the steps of a rest that is looked for over and over; one that is always found is found once."""
    return 1.0 if rest.certain else rest.steps


def _join_ways(ways: Sequence[_Rest]) -> _Rest:
    """Return what a choice is: where two of its ways may begin alike, all of them may be tried."""
    first: frozenset[str] = frozenset()
    alike = False
    for way in ways:
        alike = alike or bool(first & way.first)
        first |= way.first
    steps = sum(way.steps for way in ways) if alike else max(way.steps for way in ways) + len(ways)
    return _Rest(first, steps, all(way.certain for way in ways), alike or any(way.doubtful for way in ways))


def _find_single(parts: Sequence[tuple[Any, Any]]) -> tuple[str, Any] | None:
    """Return the one place for a letter that a part is; ``None`` where it is another."""
    if len(parts) != 1:
        return None
    name, said = str(parts[0][0]), parts[0][1]
    if name == "SUBPATTERN":
        return _find_single(said[-1])
    return (name, said) if name in ("LITERAL", "NOT_LITERAL", "ANY", "IN") else None


def _takes(part: tuple[Any, Any], letter: str) -> bool:
    """Whether a part of a set of letters takes one."""
    name, said = str(part[0]), part[1]
    if name == "LITERAL":
        return ord(letter) == int(said)
    if name == "RANGE":
        return int(said[0]) <= ord(letter) <= int(said[1])
    if name == "CATEGORY":
        _kind, turned, inner = str(said).removeprefix("CATEGORY_").rpartition("NOT_")
        return _CATEGORIES[inner](letter) != bool(turned)
    return False
