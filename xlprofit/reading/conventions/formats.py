"""Formats: what the number format of a cell says of its number: a currency, a percentage."""

from __future__ import annotations

import re
from functools import cache

from xlprofit.reading.conventions.names import read_currency
from xlprofit.reading.units import Unit

_SECTION = re.compile(r'(?:"[^"]*"|\\.|[^;"\\])*')
_BRACKETED = re.compile(r"\[\$([^\]-]+)(?:-[^\]]*)?\]")
_ASIDE = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[[^\]]*\]')
_SIGN = re.compile(r"[€£$¥₹]")


@cache
def read_code(code: str) -> Unit:
    """Return what a number format says of the numbers that it shows, by its section for positive ones.

    >>> read_code("[$$-409]#,##0.00").currency, read_code('0.00" USD"').currency, read_code("0 %").rate
    ('$', 'USD', True)
    """
    found = _SECTION.match(code)
    section = found[0] if found else code
    bracketed = _BRACKETED.search(section)
    if bracketed:
        return Unit(currency=read_currency(bracketed[1]))
    words = "".join(quoted or escaped for quoted, escaped in _ASIDE.findall(section))
    bare = _ASIDE.sub("", section)
    sign = _SIGN.search(bare)
    return Unit(currency=read_currency(words) or (sign[0] if sign else ""), rate="%" in bare)
