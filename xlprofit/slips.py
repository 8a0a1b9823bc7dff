"""How many slips of the pen two words are apart, and which words are nearest: with rapidfuzz where it is installed.

A slip is a letter added, left out, replaced, or swapped with the next (optimal string alignment). Where there is no
rapidfuzz, as in a browser, the same is counted here, only slower.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any


def count_slips(one: str, other: str, most: int) -> int:
    """Return how many slips two words are apart, ``most + 1`` where they are more.

    >>> count_slips("custmoer", "customer", 2), count_slips("date", "rate", 2), count_slips("date", "", 2)
    (1, 1, 3)
    """
    fast = _find_rapidfuzz()
    found = _count_slips_here(one, other) if fast is None else fast[1].distance(one, other, score_cutoff=most)
    return min(int(found), most + 1)


def list_near_words(word: str, among: Sequence[str], most: int, limit: int) -> list[tuple[str, int]]:
    """Return the words at most ``most`` slips away, the nearest first, then in their order; each with its slips.

    >>> list_near_words("date", ["customer", "dates", "rate", "date"], 1, 2)
    [('date', 0), ('dates', 1)]
    """
    fast = _find_rapidfuzz()
    if fast is not None:
        process, slips_of = fast
        found = process.extract(word, among, scorer=slips_of.distance, score_cutoff=most, limit=limit)
        return [(str(other), int(slips)) for other, slips, _ in found]
    counted = ((other, count_slips(word, other, most)) for other in among)
    near = [(other, slips) for other, slips in counted if slips <= most]
    return sorted(near, key=lambda found: found[1])[:limit]


def list_alike_words(word: str, among: Sequence[str], least: float, limit: int) -> list[str]:
    """Return the words whose likeness is ``least`` or more, the likest first, then in their order.

    The likeness of two words is 1 less their slips for each letter of the longer one: 1 where they are the same.

    >>> list_alike_words("acem", ["beta", "acme"], 0.6, 3)
    ['acme']
    """
    fast = _find_rapidfuzz()
    if fast is not None:
        process, slips_of = fast
        likeness_of = slips_of.normalized_similarity
        # a little below: of words that are just as like as is asked, it leaves out some by rounding
        found = process.extract(word, among, scorer=likeness_of, score_cutoff=least - 0.01, limit=limit)
        return [str(other) for other, likeness, _ in found if likeness >= least]
    alike = [(other, _measure_likeness(word, other)) for other in among]
    near = [(other, likeness) for other, likeness in alike if likeness >= least]
    return [other for other, _ in sorted(near, key=lambda found: -found[1])[:limit]]


def _measure_likeness(one: str, other: str) -> float:
    longest = max(len(one), len(other))
    return 1.0 - _count_slips_here(one, other) / longest if longest else 1.0


@cache
def _find_rapidfuzz() -> tuple[Any, Any] | None:
    """Return what searches and what counts slips fast, if it is there; nobody waits for it who misspells nothing."""
    try:
        from rapidfuzz import process
        from rapidfuzz.distance import OSA
    except ImportError:
        return None
    return process, OSA


def _count_slips_here(one: str, other: str) -> int:
    """Return the optimal string alignment distance of two words (Boytsov 2011, "restricted edit distance")."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        new = [i]
        for j, wanted in enumerate(other, 1):
            cost = min(row[j] + 1, new[j - 1] + 1, row[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, before[j - 2] + 1)
            new.append(cost)
        before, row = row, new
    return row[-1]
