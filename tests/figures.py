"""What a sentence holds besides its words: its figures, and the names in quotation marks."""

from __future__ import annotations

import re

_NAME = re.compile(r'"([^"]*)"')
_FIGURE = re.compile(r"(?<![\w-])[−-]?\d[\d,]*(?:\.\d+)?(?!\w)")


def read_figures(sentence: str) -> list[float]:
    """Return the figures of an English sentence, in its order, those in names left out.

    >>> read_figures('"Shop 7": 1 row (12,345.67 EUR), −3 %')
    [1.0, 12345.67, -3.0]
    """
    found = _FIGURE.findall(_NAME.sub("", sentence))
    return [float(text.replace(",", "").replace("−", "-")) for text in found]


def read_names(sentence: str) -> list[str]:
    """Return what stands in quotation marks in a sentence, in its order.

    >>> read_names('"Shop 7" is none of "A" and "B"')
    ['Shop 7', 'A', 'B']
    """
    return _NAME.findall(sentence)


def holds_figures(sentence: str, *figures: float) -> bool:
    """Return whether an English sentence has these figures, one right after the other.

    >>> holds_figures("2 customers lose 960 EUR a year", 2.0, 960.0), holds_figures("2 of 5", 5.0)
    (True, True)
    """
    found = read_figures(sentence)
    return any(tuple(found[at : at + len(figures)]) == figures for at in range(len(found)))
