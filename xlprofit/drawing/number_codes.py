"""A number as one of our number formats shows it, for what is drawn without a spreadsheet program.

It reads the formats that :mod:`xlprofit.sheets.theme` makes, and no others: texts in quotes, one group of digits with
thousands or per cent, up to three sections by sign.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Context, Decimal

from xlprofit.languages import Writing

_WIDE = Context(prec=400)
_PARTS = re.compile(r'"([^"]*)"|(#,##0|0)(?:\.(0+))?(,*)(%?)|_.')
_ENGLISH = Writing()


def format_by_code(value: float, code: str, writing: Writing = _ENGLISH) -> str:
    """Return a number as a number format of ours shows it, in the marks of a language.

    >>> format_by_code(-1_234_567.0, '#,##0," k€"'), format_by_code(0.125, "0.0%"), format_by_code(3.0, "General")
    ('-1,235 k€', '12.5%', '3')
    """
    if code == "General":
        return write_marks(f"{value:.10g}", writing)
    sections = code.split(";")
    if len(sections) == 1:
        sign, section = "-" if value < 0 else "", sections[0]
    else:
        sign, section = (
            "",
            sections[1] if value < 0 else sections[2 if value == 0 and len(sections) > 2 else 0],
        )
    parts = [
        said if digits == "" else _write_digits(value, digits, decimals, len(commas), percent, writing)
        for said, digits, decimals, commas, percent in _PARTS.findall(section)
    ]
    return f"{sign}{''.join(parts)}".strip().replace("-", writing.marks[2])


def _write_digits(
    value: float, digits: str, decimals: str, thousands: int, percent: str, writing: Writing
) -> str:
    """Return the digits of a number without its sign, rounded half up."""
    scaled = Decimal(f"{abs(value):.15g}") / 1000**thousands * (100 if percent else 1)
    rounded = scaled.quantize(Decimal(1).scaleb(-len(decimals)), ROUND_HALF_UP, _WIDE)
    text = f"{rounded:,}" if digits.startswith("#") else f"{rounded}"
    return write_marks(f"{text}{percent}", writing)


def write_marks(text: str, writing: Writing) -> str:
    """Return a number written in English with the marks of a language.

    >>> write_marks("-1,234.5%", Writing(marks=" ,−", percent=" %"))
    '−1 234,5 %'
    """
    table = str.maketrans({",": writing.marks[0], ".": writing.marks[1], "-": writing.marks[2]})
    return text.translate(table).replace("%", writing.percent)
