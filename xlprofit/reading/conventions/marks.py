"""Marks: whether a comma or a dot parts the decimals in the texts of one column."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from xlprofit.reading import numbers


@dataclass(frozen=True)
class NumberMarks:
    """What the texts of a column say together of the mark that parts their decimals.

    ``decimal`` is that mark, empty where nothing settles it. ``assumed`` says that no text shows it, or that
    most might be read otherwise: it then deserves a word. ``open`` are the texts that by themselves may be
    read two ways, in order. ``against`` are two texts that contradict each other, where any do.
    """

    decimal: str = ""
    assumed: bool = False
    open: tuple[str, ...] = ()
    against: tuple[str, str] | None = None


def settle_marks(texts: Iterable[str], money: bool) -> NumberMarks:
    """Return what the texts of one column say together of their marks; their order does not matter.

    One text that leaves no doubt (``1.234,50``, ``0.5``, ``12,5``, ``1.234.567``) settles the others. Where none
    does, ``1.234`` is a thousand in a column of ``money``, which has two decimals or none; elsewhere it stays open.

    >>> settle_marks(["1.234", "12,50"], money=False).decimal, settle_marks(["1.234", "950"], money=True).decimal
    (',', ',')
    """
    shown, either = _sort_by_mark(texts)
    doubtful = tuple(sorted([*either["."], *either[","]]))
    if all(shown.values()):
        return NumberMarks(open=doubtful, against=(shown["."][0], shown[","][0]))
    if any(shown.values()):
        decimal = "." if shown["."] else ","
        # Money with three decimals is rare: where most of it would have them, one text more is thin proof.
        return NumberMarks(decimal, money and len(either[decimal]) > len(shown[decimal]), doubtful)
    if all(either.values()):
        return NumberMarks(open=doubtful, against=(either["."][0], either[","][0]))
    if money and doubtful:
        return NumberMarks("," if either["."] else ".", True, doubtful)
    return NumberMarks(open=doubtful)


def _sort_by_mark(texts: Iterable[str]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Return the texts that show which mark parts their decimals, and those in which one may, by that mark."""
    shown: dict[str, list[str]] = {".": [], ",": []}
    either: dict[str, list[str]] = {".": [], ",": []}
    for text in sorted(set(texts)):
        decimal, mark = numbers.find_decimal_marks(text)
        if decimal:
            shown[decimal].append(text)
        elif mark:
            either[mark].append(text)
    return shown, either
