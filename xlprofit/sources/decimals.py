"""Decimals: numbers in texts, where it is known which mark stands before their decimals."""

from __future__ import annotations

import re

from xlprofit.reading.cells import Other

_LAKHS = r"[0-9]{1,2}(?:,[0-9]{2})+,[0-9]{3}"
_GROUPED = r"[0-9]{{1,3}}(?:{mark}[0-9]{{3}})+"


def rewrite_decimal(text: str, decimal: str) -> object:
    """Return a number's text in the one form that cannot be read in two ways."""
    found = re.search(r"[0-9][0-9.,'’ \u00a0\u202f]*(?<=[0-9])|[0-9]", text)
    if not found:
        return text
    whole, mark, decimals = found[0].partition(decimal)
    others = "".join(sorted(set(re.sub(r"[0-9]", "", whole))))
    fits = len(others) <= 1 and (not others or _is_parted(whole, others))
    if not fits or not re.fullmatch("[0-9]*", decimals):
        return Other(text)
    digits = re.sub(r"[^0-9]", "", whole)
    decimals += "0" * (len(decimals) == 3)  # four decimals are no thousands
    plain = f"{digits}.{decimals}" if mark else digits
    return text[: found.start()] + plain + text[found.end() :]


def _is_parted(whole: str, mark: str) -> bool:
    """Whether a mark parts the digits of a number into threes, or a comma as in India: 1,23,456."""
    grouped = re.fullmatch(_GROUPED.format(mark=re.escape(mark)), whole)
    return bool(grouped) or (mark == "," and re.fullmatch(_LAKHS, whole) is not None)
