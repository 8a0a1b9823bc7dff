"""The theme: contrast, the colour-blind, words and signs, and numbers shown as a workbook shows them."""

from __future__ import annotations

import doctest
import io
import itertools
from types import ModuleType

import formulon
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlprofit.drawing import layout
from xlprofit.sheets import theme
from xlprofit.sheets.parts import AboveRule, Format, Meaning, SignRule, WordRule

SPEAKING = (Meaning.PROFIT, Meaning.LOSS, Meaning.WARNING)

# What red, green and blue light become to an eye without red or green cones
# (Machado, Oliveira and Fernandes 2009, severity 1.0).
SIGHTS = {
    "usual": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
}
Light = tuple[float, float, float]


def light(colour: str) -> Light:
    """Return the linear red, green and blue of ``RRGGBB``."""
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (0, 2, 4))
    straight = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in (red, green, blue)]
    return straight[0], straight[1], straight[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours (WCAG 2.1)."""
    shares = (0.2126, 0.7152, 0.0722)
    dark, bright = sorted(sum(s * p for s, p in zip(shares, light(c), strict=True)) for c in (one, other))
    return (bright + 0.05) / (dark + 0.05)


def lab(colour: str, sight: str) -> Light:
    """Return a colour in CIELAB (D65), as it is seen."""
    seen = [sum(m * p for m, p in zip(row, light(colour), strict=True)) for row in SIGHTS[sight]]
    to_xyz = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
    white = (0.9505, 1.0, 1.089)
    parts = [sum(m * p for m, p in zip(row, seen, strict=True)) for row in to_xyz]
    x, y, z = (
        t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116
        for t in (max(p / w, 0.0) for p, w in zip(parts, white, strict=True))
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


@pytest.mark.parametrize("module", [theme, layout], ids=lambda m: str(m.__name__))
def test_examples_run(module: ModuleType) -> None:
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize("look", [*theme.LOOKS.values(), theme.BAND])
def test_text_can_be_read_on_its_fill(look: theme.Look) -> None:
    assert contrast(look.font, look.fill or theme.WHITE) >= 4.5


@pytest.mark.parametrize("meaning", Meaning)
def test_text_can_be_read_on_the_strongest_shade_of_a_heat_map(meaning: Meaning) -> None:
    assert contrast(theme.INK, theme.lighten_shade(meaning)) >= 4.5


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize(
    "pair", list(itertools.combinations(SPEAKING, 2)), ids=lambda p: f"{p[0].value}-{p[1].value}"
)
def test_profit_loss_and_warning_differ_to_every_eye(pair: tuple[Meaning, Meaning], sight: str) -> None:
    one, other = (lab(theme.find_shade(m), sight) for m in pair)
    assert sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) ** 0.5 > 20


def test_what_a_colour_says_a_word_and_a_sign_say_too() -> None:
    coloured = {m for m, look in theme.LOOKS.items() if look.fill} - {
        Meaning.HEADER,
        Meaning.TOTAL,
        Meaning.NEUTRAL,
        Meaning.INPUT,
    }
    assert set(theme.WORDS) == set(theme.SIGNS) == coloured
    assert len(set(theme.SIGNS.values())) == len(theme.SIGNS)


def test_every_meaning_has_a_look() -> None:
    assert set(theme.LOOKS) == set(Meaning)


def test_series_of_one_meaning_are_told_apart() -> None:
    shades = [theme.choose_series_shade(Meaning.NEUTRAL, n) for n in range(4)]
    assert len(set(shades)) == 4
    assert shades[0] == theme.find_shade(Meaning.NEUTRAL)


VALUES = (0, 1, -1, 0.125, -0.9, 1234.5, -3829.49, 7_351_910.2, -1234567.891, 45292)
CODES = ("EUR", "USD", "GBP", "SEK", "CHF", "XTS")
ARROWS: tuple[theme.Arrows, ...] = ("", "before", "after")
CASES = [(f, c, a) for f in Format for c in CODES for a in ARROWS if f is not Format.TEXT]


def test_numbers_are_shown_as_a_workbook_shows_them() -> None:
    """Every format, currency and arrow, against an independent reading of the number formats."""
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    cases = [
        (value, *case) for case in CASES for value in VALUES if case[0] is not Format.DATE or value == 45292
    ]
    for row, (value, shape, code, arrows) in enumerate(cases, 1):
        cell = sheet.cell(row, 1, value)
        cell.number_format = theme.build_number_format(shape, code, arrows=arrows, padded=True)
        if shape is Format.MONEY_SHORT:
            cell.number_format = theme.build_short_format(value, code)
    file = io.BytesIO()
    workbook.save(file)
    read = formulon.Workbook.load(file.getvalue())
    for row, (value, shape, code, arrows) in enumerate(cases):
        if shape is Format.DATE:
            arrows = ""
        shown = theme.format_shown_value(value, shape, code, arrows=arrows)
        assert read.get_display_text(0, row, 0)[0].strip() == shown, (value, shape, code, arrows)


@pytest.mark.parametrize("case", CASES)
def test_no_number_format_has_two_texts_side_by_side(case: tuple[Format, str, theme.Arrows]) -> None:
    shape, code, arrows = case
    for sign in ("", "●"):
        assert '""' not in theme.build_number_format(shape, code, arrows=arrows, sign=sign, padded=True)


@given(st.floats(0.01, 1e9), st.sampled_from([f for f in Format if f not in (Format.TEXT, Format.DATE)]))
def test_a_loss_is_shown_as_the_same_number_with_a_minus(value: float, shape: Format) -> None:
    assert theme.format_shown_value(-value, shape) == f"-{theme.format_shown_value(value, shape)}"


@given(st.floats(-1e9, 1e9).filter(lambda v: abs(v) > 1e-6))
def test_what_is_shown_is_at_most_half_a_unit_off(value: float) -> None:
    shown = theme.format_shown_value(value, Format.MONEY_CENTS).replace(",", "")
    assert abs(float(shown) - value) <= 0.005 + 1e-6


def test_an_unknown_is_blank_and_noise_is_nothing() -> None:
    assert (
        theme.format_shown_value(None, Format.MONEY)
        == theme.format_shown_value(float("nan"), Format.MONEY)
        == ""
    )
    assert theme.clean_drawn_value(float("inf")) is None
    assert theme.format_shown_value(-1e-8, Format.MONEY, arrows="after") == "0"


def test_a_currency_code_cannot_break_a_number_format() -> None:
    assert theme.build_short_format(1.0, 'X";Y"') == '#,##0" XY";"-"#,##0" XY"'
    assert theme.build_number_format(Format.MONEY, "") == '#,##0;"-"#,##0;"–"'


@given(st.text(max_size=40))
def test_clean_text_can_stand_in_a_workbook(text: str) -> None:
    cleaned = theme.clean_text(text)
    assert not openpyxl.cell.cell.ILLEGAL_CHARACTERS_RE.search(cleaned)
    assert cleaned.encode("utf-8").decode("utf-8") == cleaned
    assert theme.clean_text(cleaned) == cleaned


def test_a_text_ends_where_excel_ends_it() -> None:
    assert len(theme.clean_text("x" * 40_000)) == 32_767
    assert theme.clean_text("a\x00b\ud800c\r\nd") == "abc\nd"


def test_rules_say_what_they_draw() -> None:
    words = WordRule((("Loss-making", Meaning.LOSS),))
    assert theme.find_value_meaning("Loss-making", words) is Meaning.LOSS
    assert theme.find_value_meaning("Profitable", words) is None
    assert theme.find_value_meaning(-0.5, SignRule()) is Meaning.LOSS
    assert theme.find_value_meaning(0.0, SignRule()) is None
    assert theme.find_value_meaning("n/a", SignRule()) is None
    assert theme.find_value_meaning(True, AboveRule(0.5)) is None
    assert theme.find_value_meaning(0.4, AboveRule(0.5, below=True)) is Meaning.WARNING


def test_axes_show_large_amounts_in_thousands() -> None:
    assert theme.build_axis_format(Format.MONEY, "EUR", 400_000) == '#,##0," k€"'
    assert theme.build_axis_format(Format.MONEY, "USD", 4e7) == '"$"#,##0,,"M"'
    assert theme.build_axis_format(Format.MONEY, "EUR", 900) == '#,##0" €"'
    assert theme.build_axis_format(Format.SHARE, "EUR", 1.0) == "0%"
