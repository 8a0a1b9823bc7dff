"""Matches: a column of a table found in an export, and the words of a header."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from xlprofit.reading.word_patterns import join_words

By = Literal["name", "part of the name", "content", "fixed", "chosen", "rows"]
"""What a column was found by; ``rows``: by amounts that its rows work out."""

SURE, LIKELY = 0.8, 0.5
"""From so much on a match is sure, or likely; below it is a guess."""


@dataclass(frozen=True)
class Match:
    """A column of a table found in an export: where, how sure (0 to 1), and by what.

    ``given`` are the parts of its rule that other columns of the export tell.
    """

    column: str
    at: int
    trust: float
    by: By
    given: tuple[tuple[str, object], ...] = ()

    def add_to_rule(self, **given: object) -> Match:
        """Return the match with further parts of its rule."""
        return replace(self, given=(*self.given, *given.items()))


def split_header_words(header: str) -> list[str]:
    """Return the words of a header in lower case.

    >>> split_header_words("NetSales_2024 (EUR)")
    ['net', 'sales', '2024', 'eur']
    """
    parted = re.sub(r"(?<=[a-zåäöß])(?=[A-ZÅÄÖ])", " ", header)
    return [word.casefold() for word in re.findall(r"[^\W_]+", parted)]


_AGGREGATE = re.compile(rf"^(?:{join_words('aggregates')})\s+(?=\S)", re.IGNORECASE)
"""What a pivot table writes before the name of what it adds up."""


def strip_aggregate(header: str) -> str:
    """Return a header without what a pivot table writes before it.

    >>> strip_aggregate("Sum of Net Amount"), strip_aggregate("Sum")
    ('Net Amount', 'Sum')
    """
    return _AGGREGATE.sub("", header)
