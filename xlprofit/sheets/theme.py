"""What a meaning looks like and how a number is shown: shades, words, signs and number formats.

Pure: no Excel library. The palette holds for the colour-blind (profit is blue, a loss vermilion,
a warning amber), text keeps a contrast of at least 4.5 to 1 on its fill, and every meaning that a
colour carries has a word and a sign that say the same.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Literal

from xlprofit.sheets.parts import (
    DIVISION,
    AboveRule,
    ColourRule,
    Format,
    Meaning,
    Notation,
    SignRule,
    Value,
    WordRule,
)

FONT = "Arial"
"""Found on every system that has Excel or LibreOffice, with digits of one width."""

INK, GREY, NAVY, WHITE = "1F2933", "56626D", "17324D", "FFFFFF"
HAIRLINE, GRIDLINE, AXIS = "E1E6EB", "E4E8EC", "9AA5B1"


@dataclass(frozen=True)
class Look:
    """How a meaning is drawn: colours as ``RRGGBB`` (empty: none), sizes in points.

    ``top``, ``bottom`` and ``left`` are the colours of border lines.
    """

    font: str = INK
    fill: str = ""
    bold: bool = False
    italic: bool = False
    underline: bool = False
    size: float = 10.0
    top: str = ""
    bottom: str = ""
    left: str = ""


LOOKS: dict[Meaning, Look] = {
    Meaning.PLAIN: Look(),
    Meaning.TITLE: Look(NAVY, bold=True, size=18),
    Meaning.SUBTITLE: Look(GREY, size=11),
    Meaning.HEADLINE: Look(NAVY, bold=True, size=12),
    Meaning.SECTION: Look(NAVY, bold=True, size=12),
    Meaning.HEADER: Look(NAVY, "E8EDF2", bold=True, bottom=NAVY),
    Meaning.TOTAL: Look(NAVY, "F3F5F8", bold=True, top=NAVY, bottom=NAVY),
    Meaning.LABEL: Look(GREY),
    Meaning.NOTE: Look(GREY, italic=True),
    Meaning.LINK: Look("0A58A8", underline=True),
    Meaning.INPUT: Look(NAVY, "FFF9DB", bold=True, size=12, top=AXIS, bottom=AXIS),
    Meaning.KPI: Look(NAVY, bold=True, size=18, bottom=AXIS),
    Meaning.PROFIT: Look("00507A", "EEF6FB"),
    Meaning.LOSS: Look("9A3412", "FDE8DC", bold=True),
    Meaning.WARNING: Look("6B4700", "FFF0C7"),
    Meaning.NEUTRAL: Look(INK, "EEF1F4"),
    Meaning.STOP: Look(WHITE, "8C1D0B", bold=True),
    Meaning.ERROR: Look("8C1D0B", "FBDDD3", bold=True),
}
"""The look of every meaning."""

BAND = Look(WHITE, NAVY, bold=True, left=WHITE)
"""The band of headings above a table's header."""

SHADES: dict[Meaning, str] = {
    Meaning.PROFIT: "0072B2",
    Meaning.LOSS: "C84B0A",
    Meaning.WARNING: "F0B429",
    Meaning.NEUTRAL: "7B8FA3",
    Meaning.STOP: "8C1D0B",
    Meaning.ERROR: "B8391A",
}
"""The strong shade of a meaning, for bars, lines and tabs; navy for any other."""

WORDS: dict[Meaning, str] = {
    Meaning.PROFIT: "profit",
    Meaning.LOSS: "loss",
    Meaning.WARNING: "warning",
    Meaning.STOP: "stop",
    Meaning.ERROR: "error",
}
"""The word that says what a colour says; a meaning that is not here says nothing."""

SIGNS: dict[Meaning, str] = {
    Meaning.PROFIT: "▲",
    Meaning.LOSS: "▼",
    Meaning.WARNING: "●",
    Meaning.STOP: "■",
    Meaning.ERROR: "×",
}
"""The sign that says what a colour says, from the characters that every font has."""


@dataclass(frozen=True)
class Currency:
    """How a currency is written: its symbol, with its blank, before or after the number."""

    before: str = ""
    after: str = ""


CURRENCIES: dict[str, Currency] = {
    "EUR": Currency(after=" €"),
    "USD": Currency(before="$"),
    "GBP": Currency(before="£"),
    "JPY": Currency(before="¥"),
    "CNY": Currency(before="¥"),
    "INR": Currency(before="₹"),
    "CHF": Currency(before="CHF "),
    "SEK": Currency(after=" kr"),
    "NOK": Currency(after=" kr"),
    "DKK": Currency(after=" kr"),
    "PLN": Currency(after=" zł"),
    "CZK": Currency(after=" Kč"),
}
"""Currencies with a symbol of their own; any other is written with its code after the number."""

_WIDE = Context(prec=400)  # for the digits of the largest float
_DECIMALS = {
    Format.MONEY: 0,
    Format.MONEY_CENTS: 2,
    Format.MONEY_SHORT: 0,
    Format.SHARE: 1,
    Format.NUMBER: 0,
    Format.DECIMAL: 2,
    Format.INTEGER: 0,
    Format.DAYS: 0,
    Format.RATE: 4,
}

_NOISE = 5e-7
NOTHING = "–"
"""How an amount of nothing is shown."""

_EPOCH = date(1899, 12, 30)


def find_look(meaning: Meaning) -> Look:
    """Return how a meaning is drawn."""
    return LOOKS[meaning]


def find_shade(meaning: Meaning) -> str:
    """Return the strong shade of a meaning, as ``RRGGBB``."""
    return SHADES.get(meaning, NAVY)


def choose_series_shade(meaning: Meaning, earlier: int) -> str:
    """Return the shade of a chart's series of which ``earlier`` ones have the same meaning."""
    steps = (0.0, -0.45, 0.5, -0.7, 0.75)
    return mix_colour(find_shade(meaning), steps[earlier % len(steps)])


def mix_colour(colour: str, share: float) -> str:
    """Return a colour mixed with white by ``share``, or with black by ``-share``.

    >>> mix_colour("000000", 1.0), mix_colour("FFFFFF", -1.0), mix_colour("7B8FA3", 0.0)
    ('FFFFFF', '000000', '7B8FA3')
    """
    other = 255 if share > 0 else 0
    parts = (int(colour[i : i + 2], 16) for i in (0, 2, 4))
    return "".join(f"{round(p + (other - p) * abs(share)):02X}" for p in parts)


def lighten_shade(meaning: Meaning) -> str:
    """Return the shade of a meaning for bars and heat maps: light enough for dark text on it."""
    return mix_colour(find_shade(meaning), 0.5)


def find_currency_signs(notation: str | Notation) -> Currency:
    """Return how a currency is written; an unknown code stands after the number.

    >>> find_currency_signs("XTS").after
    ' XTS'
    """
    behind = isinstance(notation, Notation) and notation.symbol_behind
    known = (notation.currency if isinstance(notation, Notation) else notation).strip().upper()
    plain = "".join(c for c in known if c.isalnum())
    found = CURRENCIES.get(known, Currency(after=f" {plain}" if plain else ""))
    if found.before and behind:
        return Currency(after=f" {found.before.strip()}")
    return found


def _notation(code: str | Notation) -> Notation:
    return code if isinstance(code, Notation) else Notation(code)


def _find_format_affixes(format: Format, code: str | Notation) -> tuple[str, str]:
    """Return what stands before and after the digits of a format; the currency of money stands once above a table."""
    return "", {Format.SHARE: "%", Format.DAYS: _notation(code).days}.get(format, "")


Arrows = Literal["", "before", "after"]
"""Where an arrow stands: nowhere, before the number, or after it, where a column of them lines up."""


def build_number_format(
    format: Format, code: str | Notation = "EUR", *, arrows: Arrows = "", sign: str = "", padded: bool = False
) -> str:
    """Return Excel's number format code of a format, in a currency.

    ``arrows`` puts an arrow up beside what is above zero and an arrow down beside what is below;
    ``sign`` puts one sign before every number; ``padded`` keeps a number clear of the cell's right
    edge, which an indent does not do in every program.

    >>> build_number_format(Format.MONEY), build_number_format(Format.SHARE)
    ('#,##0;"-"#,##0;"–"', '0.0%')
    """
    if format is Format.TEXT:
        return "General"
    if format is Format.DATE:
        day = _notation(code).date
        sections = [f'"{sign} "{day}' if sign else day]
    elif arrows:
        sections = _build_arrow_sections(format, code, arrows)
    else:
        sections = _build_plain_sections(format, code, sign)
    return ";".join(f"{section}_w" if padded else section for section in sections)


def _build_arrow_sections(format: Format, code: str | Notation, arrows: Arrows) -> list[str]:
    """Return the sections of a number format with arrows: above zero, below it, and zero."""
    up, down = SIGNS[Meaning.PROFIT], SIGNS[Meaning.LOSS]
    if arrows == "before":
        return [_build_format_section(format, code, lead) for lead in (f"{up} ", f"{down} -", "")]
    ends = (("", f" {up}"), ("-", f" {down}"), ("", " "))
    sections = [_build_format_section(format, code, lead, trail) for lead, trail in ends]
    return [*sections[:-1], f"{sections[-1]}_{up}"]


def _build_plain_sections(format: Format, code: str | Notation, sign: str) -> list[str]:
    """Return the sections of a number format without arrows."""
    if sign:
        return [_build_format_section(format, code, lead) for lead in (f"{sign} ", f"{sign} -", f"{sign} ")]
    whole = _build_format_section(format, code)
    if format is not Format.MONEY:
        return [whole]
    # No money at all is a dash: in a table of many amounts it is the others that are looked for.
    return [whole, _build_format_section(format, code, "-"), f'"{NOTHING}"']


def _build_format_section(format: Format, code: str | Notation, lead: str = "", trail: str = "") -> str:
    """Return one section of a number format: what stands before, the digits, what stands after.

    Texts that meet are put in one pair of quotes: programs differ on what a doubled quote means.
    """
    before, after = _find_format_affixes(format, code)
    decimals = _DECIMALS[format]
    digits = ("0" if format is Format.SHARE else "#,##0") + (f".{'0' * decimals}" if decimals else "")
    if after == "%":
        digits, after = f"{digits}%", ""
    first, last = lead + before, after + trail
    return _quote_format_text(first) + digits + _quote_format_text(last)


def build_axis_format(format: Format, code: str | Notation, largest: float) -> str:
    """Return the number format of a chart's axis: no decimals, and thousands where numbers are large."""
    if format is Format.SHARE:
        return "0%" if largest >= 0.05 else "0.0%"
    if format in (Format.MONEY, Format.MONEY_CENTS) and largest >= 1:
        return _build_money_axis_format(code, largest)
    return build_number_format(format, code)


def _build_money_axis_format(code: str | Notation, largest: float) -> str:
    """Return the number format of an axis of money: units, thousands or millions, by the largest amount."""
    money, marks = find_currency_signs(code), _notation(code)
    if largest < 2e4:
        scale, after = "", money.after
    else:
        scale, mark = (",,", marks.millions) if largest >= 2e7 else (",", marks.thousands)
        after = f"{' ' if money.after and mark else ''}{mark}{money.after.strip() if mark else money.after}"
    return _quote_format_text(money.before) + f"#,##0{scale}" + _quote_format_text(after)


@dataclass(frozen=True)
class Scale:
    """How an amount is shortened: the commas of its number format, what it is divided by, its decimals, its mark."""

    commas: str
    divisor: float
    decimals: int
    mark: str


def choose_scale(amount: float, code: str | Notation) -> Scale:
    """Return how an amount is shortened to three digits: in millions, in thousands, or not at all.

    >>> choose_scale(2_858_221, "EUR").decimals, choose_scale(38_991_850, "EUR").decimals, choose_scale(9_000, "").mark
    (2, 1, '')
    """
    size, marks = abs(amount), _notation(code)
    if size >= 999_500:
        return Scale(",,", 1e6, 2 if size < 9_995_000 else 1 if size < 99_950_000 else 0, str(marks.millions))
    if size >= 9_999.5:
        return Scale(",", 1e3, 0, str(marks.thousands))
    return Scale("", 1.0, 0, "")


def build_short_format(amount: float, code: str | Notation, *, lead: str = "") -> str:
    """Return the number format of an amount that is shortened to thousands or millions; ``lead`` stands before it.

    >>> build_short_format(2_858_221, "EUR"), build_short_format(-4_000, "USD")
    ('0.00,," M€";"-"0.00,," M€"', '"$"#,##0;"-$"#,##0')
    """
    money, scale = find_currency_signs(code), choose_scale(amount, code)
    digits = f"0.{'0' * scale.decimals}" if scale.decimals else "#,##0"
    after = f"{' ' if money.after and scale.mark else ''}{scale.mark}"
    after += money.after.strip() if scale.mark else money.after
    return ";".join(
        _quote_format_text(f"{lead}{minus}{money.before}")
        + f"{digits}{scale.commas}"
        + _quote_format_text(after)
        for minus in ("", "-")
    )


def format_short_amount(amount: float, code: str | Notation) -> str:
    """Return an amount as :func:`build_short_format` shows it.

    >>> format_short_amount(2_858_221, "EUR"), format_short_amount(-487_894, "GBP")
    ('2.86 M€', '-£488k')
    """
    money, scale = find_currency_signs(code), choose_scale(amount, code)
    rounded = Decimal(f"{abs(amount) / scale.divisor:.15g}").quantize(
        Decimal(1).scaleb(-scale.decimals), ROUND_HALF_UP, _WIDE
    )
    after = f"{' ' if money.after and scale.mark else ''}{scale.mark}"
    after += money.after.strip() if scale.mark else money.after
    return f"{'-' if amount < 0 else ''}{money.before}{rounded:,}{after}"


def _quote_format_text(text: str) -> str:
    return f'"{text}"' if text else ""


def build_label_format(format: Format, code: str | Notation) -> str:
    """Return the number format of the labels along a chart's axis: a blank on either side keeps them apart.

    LibreOffice knows no step between labels: it leaves out those that would overlap, and lets the others touch.

    >>> build_label_format(Format.INTEGER, "EUR"), build_label_format(Format.TEXT, "EUR")
    ('" "#,##0" "', 'General')
    """
    if format in (Format.TEXT, Format.DATE):
        return build_number_format(format, code)
    return ";".join(f'" "{section}" "' for section in build_number_format(format, code).split(";"))


def clean_drawn_value(value: Value) -> Value:
    """Return a value as it is drawn: an unknown or infinite number is blank, rounding noise is 0.

    Texts lose the control characters that a workbook cannot hold, and end at Excel's 32,767.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return clean_text(value)
    number = float(value)
    if not math.isfinite(number):
        return None
    return 0 if abs(number) < _NOISE else value


def clean_text(text: str) -> str:
    r"""Return a text without what XML forbids: control characters, lone surrogates, non-characters.

    >>> clean_text("A\x00B\r\nC")
    'AB\nC'
    """
    if text.isprintable() and len(text) <= 32767:
        return text
    kept = "".join(c for c in text.replace("\r\n", "\n").replace("\r", "\n") if _is_allowed_character(ord(c)))
    return kept if len(kept) <= 32767 else kept[:32766] + "…"


def _is_allowed_character(code: int) -> bool:
    return code in (9, 10) or (code >= 32 and not 0xD800 <= code <= 0xDFFF and code not in (0xFFFE, 0xFFFF))


def format_shown_value(
    value: Value, format: Format = Format.TEXT, code: str | Notation = "EUR", *, arrows: Arrows = ""
) -> str:
    """Return a value as a cell shows it, with a point, commas and an ISO date whatever the locale.

    >>> format_shown_value(-3829.4, Format.MONEY), format_shown_value(0.125, Format.SHARE)
    ('-3,829', '12.5%')
    >>> format_shown_value(45292, Format.DATE)
    '2024-01-01'
    """
    value = clean_drawn_value(value)
    match value:
        case None:
            return ""
        case bool():
            return str(value).upper()
        case str():
            return value.replace(DIVISION, "")  # there is room where this is shown, or it breaks no words
        case _:
            return _format_shown_number(value, format, code, arrows)


def _format_shown_number(value: float, format: Format, code: str | Notation, arrows: Arrows) -> str:
    """Return a number as a cell shows it; one of money that is nothing is a dash."""
    if format is Format.DATE:
        return (_EPOCH + timedelta(days=int(value))).isoformat()
    if format is Format.TEXT:
        return f"{value:.10g}"
    if format is Format.MONEY_SHORT:
        return format_short_amount(value, code)
    if format is Format.MONEY and not arrows and abs(value) <= 0:
        return NOTHING
    before, after = _find_format_affixes(format, code)
    text = f"{'-' if value < 0 else ''}{before}{_round_shown_digits(value, format)}{after}"
    return _add_arrow(text, value, arrows) if arrows and value != 0 else text


def _add_arrow(text: str, value: float, arrows: Arrows) -> str:
    arrow = SIGNS[Meaning.LOSS if value < 0 else Meaning.PROFIT]
    return f"{arrow} {text}" if arrows == "before" else f"{text} {arrow}"


def _round_shown_digits(value: float, format: Format) -> str:
    """Return the digits of a number without its sign, rounded half up; those of a share are per cent."""
    share, decimals = format is Format.SHARE, _DECIMALS[format]
    scaled = Decimal(f"{float(value) * (100 if share else 1):.15g}")
    rounded = abs(scaled).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, _WIDE)
    return f"{rounded:.{decimals}f}" if share else f"{rounded:,}"


def find_value_meaning(value: Value, rule: ColourRule) -> Meaning | None:
    """Return the meaning with which a rule draws a value; ``None`` where it leaves it plain.

    A heat map or a bar has no meaning of its own for one cell: its strength says how much.
    """
    if isinstance(rule, WordRule):
        return next((m for word, m in rule.words if word == value), None)
    if value is None or isinstance(value, bool | str):
        return None
    if isinstance(rule, SignRule):
        return _find_sign_meaning(value)
    if isinstance(rule, AboveRule):
        beyond = value < rule.limit if rule.below else value > rule.limit
        return rule.meaning if beyond else None
    return None


def _find_sign_meaning(value: float) -> Meaning | None:
    if value < 0:
        return Meaning.LOSS
    return Meaning.PROFIT if value > 0 else None


def compute_heat_limit(values: list[float]) -> float:
    """Return the distance from zero at which a heat map is strongest: that of the 95th of 100 cells.

    One customer far larger than the rest would otherwise leave the whole map pale. Zeros do not count.

    >>> compute_heat_limit([0.0] * 50 + [1.0] * 19 + [1000.0])
    1.0
    """
    sizes = sorted(abs(v) for v in values if v != 0)
    return sizes[max(math.ceil(0.95 * len(sizes)) - 1, 0)] if sizes else 1.0


def compute_heat_strength(value: float, limit: float) -> float:
    """Return the strength of a heat map's shade, from 0 at zero to 1 at ``limit`` and beyond."""
    return min(abs(value) / limit, 1.0)
