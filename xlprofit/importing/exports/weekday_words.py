"""Weekday words: the days of the week as headers, and what a header of the week has in it."""

from __future__ import annotations

import re

from xlprofit.languages import read_numbered_words
from xlprofit.reading.word_patterns import compile_words

_HEADER = re.compile(r"([^\W\d_]{2,12})\.?(?:[ ,]+[0-9]{1,2}[./-][0-9]{1,2}\.?(?:[0-9]{2,4})?)?")
WEEK = compile_words("week_headers")
"""What a header of the week of a timesheet has in it."""

ENDING = compile_words("week_ends")
"""What says that it is the last day of the week."""


def read_weekday(header: str) -> int | None:
    """Return the day of the week that a header is, 0 for Monday; ``None`` where it is none.

    >>> read_weekday("Mon"), read_weekday("Fr."), read_weekday("Mi 07.01."), read_weekday("Month")
    (0, 4, 2, None)
    """
    found = _HEADER.fullmatch(header.strip())
    number = read_numbered_words("weekdays").get(found[1].casefold()) if found else None
    return None if number is None else number - 1
