"""What a text says as a number, a date or a period, and what it leaves open."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from xlprofit.errors import find_nearest_names
from xlprofit.reading import dates, numbers, words
from xlprofit.reading.faults import Trouble

pytestmark = pytest.mark.every_case


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1234.5", 1234.5),
        (" 12 ", 12.0),
        ("1,234.50", 1234.5),
        ("1.234,50", 1234.5),
        ("1 234,50", 1234.5),
        ("1\u00a0234,50", 1234.5),
        ("1\u202f234\u202f567,5", 1234567.5),
        ("1'234.50", 1234.5),
        ("1,234,567", 1234567.0),
        ("1.234.567", 1234567.0),
        ("12,5", 12.5),
        ("0,125", 0.125),
        ("1234,567", 1234.567),
        ("1 234", 1234.0),
        (",5", 0.5),
        ("-500", -500.0),
        ("\u2212500", -500.0),
        ("500-", -500.0),
        ("(500)", -500.0),
        ("(1 234,50 €)", -1234.5),
        ("€ 12.50", 12.5),
        ("-€12.50", -12.5),
        ("12,50 €", 12.5),
        ("EUR 12.50", 12.5),
        ("12,50 eur", 12.5),
        ("1.5E+03", 1500.0),
        ("1,5e3", 1500.0),
    ],
)
def test_a_text_that_is_plainly_a_number(text: str, value: float) -> None:
    assert numbers.parse_number(text, "EUR") == value


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1,234", "C02"),
        ("1.234", "C02"),
        ("-12,345", "C02"),
        ("12,5O", "C01"),
        ("1,2,345", "C01"),
        ("1.23.456", "C01"),
        ("1,2345.6", "C01"),
        ("1.234.56", "C01"),
        ("12 34", "C01"),
        ("1 234.567,8", "C01"),
        ("--5", "C01"),
        ("(-5)", "C01"),
        ("(5", "C01"),
        ("12 pcs", "C01"),
        ("12,", "C01"),
        ("12%", "C01"),
        ("1e5e5", "C01"),
        ("٣", "C01"),
        ("n/a", "C01"),
        ("$5", "C14"),
        ("5 SEK", "C14"),
        ("#DIV/0!", "C04"),
    ],
)
def test_a_text_that_is_no_number_or_two(text: str, code: str) -> None:
    found = numbers.parse_number(text, "EUR")
    assert isinstance(found, Trouble) and found.code == code


def test_shares_and_other_currencies() -> None:
    assert numbers.parse_share("12 %", "EUR") == 0.12
    assert numbers.parse_share("1,5%", "EUR") == 0.015
    assert numbers.parse_share("0,12", "EUR") == 0.12
    assert numbers.parse_number("12,50 kr", "SEK") == 12.5
    assert numbers.parse_number("$12.50", "CAD") == 12.5


@given(
    st.integers(-(10**12), 10**12), st.integers(0, 99), st.sampled_from([(",", "."), (".", ","), (" ", ",")])
)
def test_a_number_written_with_cents_reads_as_itself(whole: int, cents: int, marks: tuple[str, str]) -> None:
    thousands, decimal = marks
    text = f"{whole:,}".replace(",", thousands) + f"{decimal}{cents:02d}"
    assert numbers.parse_number(text, "EUR") == float(f"{whole}.{cents:02d}")


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_pythons_own_writing_of_a_number_is_never_read_as_another(value: float) -> None:
    found = numbers.parse_number(repr(value), "EUR")
    assert found == value or (isinstance(found, Trouble) and found.code == "C02")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-03-01", "2024-03-01"),
        ("2024-03-01T23:59:59Z", "2024-03-01"),
        ("2024-03-01 12:30", "2024-03-01"),
        ("2024/3/1", "2024-03-01"),
        ("20240301", "2024-03-01"),
        ("1.3.2024", "2024-03-01"),
        ("01.03.2024 8.15", "2024-03-01"),
        ("13/02/2024", "2024-02-13"),
        ("02/13/2024", "2024-02-13"),
        ("05/05/2024", "2024-05-05"),
        ("1 Mar 2024", "2024-03-01"),
        ("01-MAR-2024", "2024-03-01"),
        ("March 1, 2024", "2024-03-01"),
        ("29.2.2024", "2024-02-29"),
    ],
)
def test_a_text_that_is_plainly_a_date(text: str, day: str) -> None:
    assert dates.parse_day(text) == np.datetime64(day)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("01/02/2024", "C07"),
        ("1.3.24", "C07"),
        ("29.2.2023", "C06"),
        ("13/13/2024", "C06"),
        ("2024-13-01", "C06"),
        ("1 Foo 2024", "C06"),
        ("2024-03", "C06"),
        ("1.3.1024", "C06"),
        ("1.3.2224", "C06"),
        ("#N/A", "C04"),
    ],
)
def test_a_text_that_is_no_date_or_two(text: str, code: str) -> None:
    found = dates.parse_day(text)
    assert isinstance(found, Trouble) and found.code == code


@given(st.dates(min_value=dt.date(1900, 1, 1), max_value=dt.date(2100, 12, 31)))
def test_a_date_written_with_dots_reads_as_itself(day: dt.date) -> None:
    assert dates.parse_day(f"{day:%d.%m.%Y}") == dates.parse_day(f"{day:%Y-%m-%d}") == np.datetime64(str(day))


@pytest.mark.parametrize(
    ("value", "label"),
    [
        ("2024-03", "2024-03"),
        ("2024-3", "2024-03"),
        ("2024/03", "2024-03"),
        ("03/2024", "2024-03"),
        ("3.2024", "2024-03"),
        ("202403", "2024-03"),
        (202403.0, "2024-03"),
        ("Mar 2024", "2024-03"),
        ("1.3.2024", "2024-03"),
        (np.datetime64("2024-03-31"), "2024-03"),
        ("2024-Q1", "2024-Q1"),
        ("2024Q1", "2024-Q1"),
        ("q1 2024", "2024-Q1"),
        (2024.0, "2024"),
        ("2024", "2024"),
    ],
)
def test_a_period(value: object, label: str) -> None:
    assert dates.parse_period(value) == label


@pytest.mark.parametrize(
    "value", ["2024-13", "2024-00", "2024-Q5", "24", "1024", 45352.0, 2024.5, True, "soon"]
)
def test_no_period(value: object) -> None:
    found = dates.parse_period(value)
    assert isinstance(found, Trouble) and found.code == "C09"


def test_words() -> None:
    assert words.normalize_text("  Åbo\u00a0 \u200bOy\x07 ") == "Åbo Oy"
    assert words.normalize_text("A\u030abo") == "Åbo"
    assert (
        words.convert_to_text(12345.0) == "12345"
        and words.convert_to_text(0.5) == "0.5"
        and words.convert_to_text(True) == "TRUE"
    )
    assert (
        words.parse_flag("Kyllä") == "yes" and words.parse_flag(0.0) == "no" and words.parse_flag(" ") == ""
    )
    assert words.parse_choice("Output Unit", ("output-unit", "batch")) == "output-unit"
    assert words.find_likely_word("deliverr", ("deliver", "order")) == "deliver"
    assert words.find_likely_word("delivery team", ("deliver",)) is None
    assert words.find_likely_word("deliver", ("deliver",)) is None


@given(st.text("abcdefgh", min_size=8, max_size=12), st.integers(0, 11), st.sampled_from("adrs"))
def test_a_slip_of_one_letter_is_known_and_a_word_of_other_letters_is_not(
    word: str, at: int, kind: str
) -> None:
    at %= len(word) - 1
    slips = {
        "a": f"{word[:at]}x{word[at:]}",
        "d": word[:at] + word[at + 1 :],
        "r": f"{word[:at]}x{word[at + 1 :]}",
        "s": word[:at] + word[at + 1] + word[at] + word[at + 2 :],
    }
    assume(slips[kind] != word and len(slips[kind]) >= 8)
    assert words.find_likely_word(slips[kind], ("ijklmnopq", word)) == word
    assert words.find_likely_word(slips[kind], ("ijklmnopq", "xyz")) is None


@pytest.mark.parametrize(
    ("asked", "near"),
    [
        ("profitt", ("profit",)),
        ("RETENTION", ("retention",)),
        ("gorss_margin", ("gross_margin",)),
        ("retentoin", ("retention",)),
        ("margin", ("gross_margin",)),
        ("zebra", ()),
    ],
)
def test_the_nearest_names_are_offered_and_no_far_ones(asked: str, near: tuple[str, ...]) -> None:
    assert find_nearest_names(asked, ["profit", "gross_margin", "retention"]) == near
