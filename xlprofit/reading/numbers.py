"""Numbers: what a text plainly says as a number, and what it leaves open."""

from __future__ import annotations

import re
from decimal import Decimal

from xlprofit.findings import phrase
from xlprofit.languages import list_reading_words
from xlprofit.messages import number as number_said
from xlprofit.reading.faults import Trouble, quote_value
from xlprofit.reading.words import is_failed, normalize_text, report_failed_formula

NOTHING = frozenset(list_reading_words("no_number"))
"""Words that people write where they have no number."""

MARKS = {
    "€": ("EUR",),
    "£": ("GBP",),
    "$": ("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN", "CLP", "COP", "ARS"),
    "¥": ("JPY", "CNY"),
    "kr": ("SEK", "NOK", "DKK", "ISK"),
    "zł": ("PLN",),
    "kč": ("CZK",),
    "ft": ("HUF",),
    "₹": ("INR",),
    "r$": ("BRL",),
    "us$": ("USD",),
    "ca$": ("CAD",),
    "c$": ("CAD",),
    "au$": ("AUD",),
    "a$": ("AUD",),
    "nz$": ("NZD",),
    "hk$": ("HKD",),
    "s$": ("SGD",),
    "mx$": ("MXN",),
}
"""Currency marks, and the currencies that each may mean."""

CURRENCIES = frozenset(
    (
        *("EUR", "USD", "GBP", "JPY", "CNY", "CHF", "SEK", "NOK", "DKK", "ISK", "PLN", "CZK", "HUF", "RON"),
        *("BGN", "CAD", "AUD", "NZD", "SGD", "HKD", "INR", "BRL", "MXN", "CLP", "COP", "ARS", "ZAR", "TRY"),
        *("UAH", "RUB", "KRW", "TWD", "THB", "MYR", "IDR", "PHP", "VND", "AED", "SAR", "ILS", "EGP"),
    )
)
"""ISO codes that are taken for currencies beside a number."""

_MINUS = dict.fromkeys(map(ord, "\u2212–"), "-")

_NUMBER = re.compile(
    r"""
    (?:(?P<ahead>[^\W\d_]{1,3}\.?|[A-Z]{0,2}\$|[€£¥₹]) \s* (?=\())? (?P<open>\()? \s* (?P<sign>[+-])? \s*
    (?P<before>[^\W\d_]{1,3}\.?|[A-Z]{0,2}\$|[€£¥₹])? \s* (?P<inner>[+-])? \s*
    (?P<digits>(?:[0-9][0-9 .,'’]*)?[0-9]|[.,][0-9]+) (?P<power>[eE][+-]?[0-9]{1,3})? \s*
    (?P<after>[^\W\d_]{1,3}\.?|[A-Z]{0,2}\$|[€£¥₹])? \s* (?P<percent>%)? \s* (?P<trail>[+-])? \s* (?P<close>\))?
    (?:(?<=\)) \s* (?P<behind>[^\W\d_]{1,3}\.?|[A-Z]{0,2}\$|[€£¥₹]))?
    """,
    re.VERBOSE,
)


def parse_number(text: str, currency: str, decimal: str = "") -> float | Trouble:
    """Return the number that a text plainly is, or what is wrong with it.

    Commas, dots, blanks and apostrophes may part thousands or decimals as long as only one reading is
    left; ``(500)`` and ``500-`` are negative; a currency mark must be that of the run. ``decimal`` is the
    mark that parts decimals where the column as a whole says it: then ``1.234`` has one reading too.

    >>> parse_number("1 234,50 €", "EUR"), parse_number("(500)", "EUR"), parse_number("1.234", "EUR", decimal=",")
    (1234.5, -500.0, 1234.0)
    """
    return _parse_figure(text, currency, decimal, share=False)


def parse_share(text: str, currency: str, decimal: str = "") -> float | Trouble:
    """Return the share that a text plainly is, as a fraction: ``12 %`` is 0.12."""
    return _parse_figure(text, currency, decimal, share=True)


def find_decimal_marks(text: str) -> tuple[str, str]:
    """Return the mark that parts decimals as a text shows it by itself, and the one that may part either.

    At most one of them is not empty.

    >>> find_decimal_marks("1.234,50"), find_decimal_marks("1.234"), find_decimal_marks("950")
    ((',', ''), ('', '.'), ('', ''))
    """
    found = _NUMBER.fullmatch(normalize_text(text).translate(_MINUS))
    if not found:
        return "", ""
    digits, power = found["digits"], found["power"] or ""
    marks = re.findall(r"[.,]", digits)
    value = _parse_digits(digits, power, "")
    if not marks or value is None:
        return "", ""
    if isinstance(value, tuple):
        return "", marks[-1]
    if marks.count(marks[-1]) > 1:  # it parts thousands, so the other one parts decimals
        return ("," if marks[-1] == "." else "."), ""
    return marks[-1], ""


def find_currency(text: str) -> str:
    """Return the currency that a text names beside its number, as :func:`parse_currency` says; or nothing.

    >>> find_currency("$ 12.50"), find_currency("12 usd"), find_currency("12")
    ('$', 'USD', '')
    """
    found = _NUMBER.fullmatch(normalize_text(text).translate(_MINUS))
    return parse_currency(next(iter(_list_marks(found)), "")) if found else ""


def parse_currency(word: str) -> str:
    """Return the ISO code or the mark of :data:`MARKS` that a word is; nothing where it is neither."""
    key = word.casefold().rstrip(".")
    if key in MARKS:
        return key
    return key.upper() if key.upper() in CURRENCIES else ""


def is_currency(named: str, currency: str) -> bool:
    """Whether a currency named by its code or by a mark such as ``$`` may be the ``currency`` of a code."""
    return named.casefold() == currency.casefold() or currency.upper() in MARKS.get(named.casefold(), ())


def _parse_figure(text: str, currency: str, decimal: str, share: bool) -> float | Trouble:
    clean = normalize_text(text).translate(_MINUS)
    if is_failed(clean):
        return report_failed_formula(clean)
    found = _NUMBER.fullmatch(clean)
    if not found or not _is_plain_figure(found, share):
        return _report_unreadable_text(text)
    mark = next(iter(_list_marks(found)), "")
    if mark and not is_currency(mark.rstrip("."), currency):
        return _report_foreign_mark(text, mark, currency)
    value = _parse_digits(found["digits"], found["power"] or "", decimal)
    if isinstance(value, float):
        return _apply_marks(value, found)
    return _report_unreadable_text(text) if value is None else _report_two_readings(text, *value)


def _apply_marks(value: float, found: re.Match[str]) -> float:
    """Return a value with the sign that stands beside its digits; per cent as a fraction."""
    value = value / 100 if found["percent"] else value
    return -value if {"-", "("}.intersection(_list_signs(found)) else value


def _report_two_readings(text: str, small: str, large: str) -> Trouble:
    readings = {"small": _localize_digits(small), "large": large}
    return Trouble("C02", phrase("C02", "may_mean", text=quote_value(text), **readings))


def _is_plain_figure(found: re.Match[str], share: bool) -> bool:
    """Whether there is one sign and one currency at most beside a number, and per cent only of a ``share``."""
    marks = _list_marks(found)
    if bool(found["open"]) != bool(found["close"]) or len(_list_signs(found)) > 1 or len(marks) > 1:
        return False
    return not found["percent"] or (share and not marks)


def _list_marks(found: re.Match[str]) -> list[str]:
    """Return the currency marks beside a number, within its parentheses and around them."""
    return [mark for mark in found.group("before", "after", "ahead", "behind") if mark]


def _list_signs(found: re.Match[str]) -> list[str]:
    return [sign for sign in (found["sign"], found["inner"], found["trail"], found["open"]) if sign]


def _parse_digits(digits: str, power: str, decimal: str) -> float | tuple[str, str] | None:
    """Return the value of digits with separators; both readings where there are two, None for none."""
    marks = re.findall(r"[ .,'’]", digits)
    if power or not marks:
        plain = len(marks) <= 1 and set(marks) <= {".", ","}
        return float(digits.replace(",", ".") + power) if plain else None
    if len(set(marks)) > 1:
        return _parse_two_kinds(digits, marks)
    mark = marks[0]
    if len(marks) > 1 or mark not in ".,":
        return float(_keep_digits(digits)) if _is_grouped(digits, mark) else None
    whole, _, decimals = digits.rpartition(mark)
    return _parse_single_mark(whole, decimals, mark == decimal if decimal else None)


def _parse_two_kinds(digits: str, marks: list[str]) -> float | None:
    """Return the value of digits in which one mark parts thousands and the last one decimals; None for none."""
    last = marks[-1]
    if last not in ".," or marks.count(last) > 1 or len(set(marks)) > 2:
        return None
    whole, _, decimals = digits.rpartition(last)
    return float(f"{_keep_digits(whole)}.{decimals}") if _is_grouped(whole, marks[0]) else None


def _parse_single_mark(whole: str, decimals: str, parts: bool | None) -> float | tuple[str, str]:
    """Return the value of digits around one comma or dot; both readings where there are two.

    ``parts`` says whether it parts decimals, ``None`` that the column does not say.
    """
    small = f"{whole or '0'}.{decimals}"
    if len(decimals) != 3 or not 1 <= len(whole) <= 3 or whole[0] == "0":
        return float(small)
    if parts is None:
        return small, whole + decimals
    return float(small if parts else whole + decimals)


def _keep_digits(text: str) -> str:
    return re.sub(r"[^0-9]", "", text)


def _is_grouped(digits: str, mark: str) -> bool:
    """Whether the mark parts the digits into threes from the right, or a comma as in India: 1,23,456."""
    by_threes = rf"[0-9]{{1,3}}(?:{re.escape(mark)}[0-9]{{3}})+"
    indian = r"[0-9]{1,2}(?:,[0-9]{2})+,[0-9]{3}"
    return bool(re.fullmatch(f"{by_threes}|{indian}" if mark == "," else by_threes, digits))


def _report_foreign_mark(text: str, mark: str, currency: str) -> Trouble:
    """Return the trouble of a mark that is not the run's currency: another currency, or no number."""
    if parse_currency(mark):
        return Trouble("C14", phrase("C14", "not", text=quote_value(text), currency=currency))
    return _report_unreadable_text(text)


def _report_unreadable_text(text: str) -> Trouble:
    if text.strip().casefold() in NOTHING:
        return report_no_number(text, phrase("numbers", "write_if_nothing"))
    return report_no_number(text)


def report_no_number(value: object, fix: str | None = None) -> Trouble:
    """Return the trouble of a value that is no number."""
    return Trouble("C01", phrase("C01", "not_number", value=quote_value(value)), fix)


def _localize_digits(digits: str) -> str:
    """Return digits with a decimal point as a message."""
    return number_said(Decimal(digits), "f")
