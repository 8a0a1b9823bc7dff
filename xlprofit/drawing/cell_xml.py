"""A cell of a sheet as XML, behind its address and style: its type, its value and its end.

Whoever writes cells without openpyxl writes them so: a text stays a text whatever it begins with.
"""

from __future__ import annotations

import re
from functools import lru_cache

from xlprofit.drawing.digits import format_number_digits
from xlprofit.markup import escape_markup
from xlprofit.sheets.theme import clean_text

BLANK = "/>"

_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
"""What Excel would read as a character by its number (ECMA-376, part 1, 22.9.2.19: ST_Xstring)."""


def escape_cell_text(text: str) -> str:
    """Return a text as a cell's XML has it: without what XML forbids, and as it is to be read.

    >>> escape_cell_text("a < _x000D_")
    'a &lt; _x005F_x000D_'
    """
    return escape_markup(_ESCAPED.sub("_x005F_", clean_text(text)))


@lru_cache(maxsize=1 << 14)
def render_text_cell(text: str) -> str:
    """Return a text's cell; that of an empty one is blank.

    >>> render_text_cell("=1+1")
    ' t="inlineStr"><is><t>=1+1</t></is></c>'
    """
    if not text:
        return BLANK
    inner = escape_cell_text(text)
    space = ' xml:space="preserve"' if inner != inner.strip() or "\n" in inner else ""
    return f' t="inlineStr"><is><t{space}>{inner}</t></is></c>'


def render_truth_cell(value: bool) -> str:
    """Return a truth value's cell."""
    return f' t="b"><v>{int(value)}</v></c>'


def render_number_cell(value: float) -> str:
    """Return a number's cell, with the shortest digits that give it back.

    >>> render_number_cell(1250.0)
    '><v>1250</v></c>'
    """
    return f"><v>{format_number_digits(value)}</v></c>"
