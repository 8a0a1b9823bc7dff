"""Word patterns: the words of a kind in every language, as what a header or a cell is searched for."""

from __future__ import annotations

import re

from xlprofit.languages import list_reading_words


def join_words(*kinds: str) -> str:
    """Return the words of some kinds as alternatives of a pattern, the longest first.

    In them ``*`` stands for any letters, and a blank may be missing, a hyphen or an underscore.
    """
    words = sorted({word for kind in kinds for word in list_reading_words(kind)}, key=lambda w: (-len(w), w))
    return "|".join(re.escape(word).replace(r"\*", r"\w*").replace(r"\ ", "[ _-]?") for word in words)


def compile_words(*kinds: str) -> re.Pattern[str]:
    """Return what finds a word of some kinds where no letter stands before or behind it, in any case.

    >>> bool(compile_words("tax").search("Tax_amount")), bool(compile_words("tax").search("Taxi"))
    (True, False)
    >>> bool(compile_words("each").fullmatch("Stückpreis")), bool(compile_words("with_tax").search("OrderTotal"))
    (True, True)
    """
    return re.compile(rf"(?<![^\W\d_])(?:{join_words(*kinds)})(?![^\W\d_])", re.IGNORECASE)
