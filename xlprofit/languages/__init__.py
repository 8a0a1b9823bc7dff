"""Every language as data: what it calls itself, its catalogue, how it writes numbers and days.

The catalogues (``locale/*/LC_MESSAGES/xlprofit.po``, compiled to ``.mo`` by ``translations/update.py``) are read by
the standard library, and only where another language than English is asked for. Nothing here speaks a language:
see :mod:`xlprofit.words.speech`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from xlprofit.messages import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Callable
    from gettext import NullTranslations

HARD_BLANK = "\u00a0"


class Language(NamedTuple):
    """A language: its own name, its catalogue, and how it writes numbers and days in a sentence.

    Attributes:
        name: what it calls itself.
        catalogue: gives its messages; ``None`` for the language that they are written in.
        marks: what stands for the thousands' comma, the decimal point and the minus sign of English.
        percent: what stands for a per cent sign right behind the digits.
        blank: what stands between a number and its unit.
        day: a day as ``format`` takes it, from ``day``, ``month`` and ``year``.
        symbol_behind: whether the symbol of every currency stands behind the amount.
    """

    name: str
    catalogue: Callable[[], NullTranslations] | None = None
    marks: str = ",.-"
    percent: str = "%"
    blank: str = " "
    day: str = "{year:04d}-{month:02d}-{day:02d}"
    symbol_behind: bool = False


def _compiled(code: str) -> Callable[[], NullTranslations]:
    def catalogue() -> NullTranslations:
        if code not in _loaded:
            from gettext import translation
            from pathlib import Path

            folder = str(Path(__file__).parents[1] / "locale")
            _loaded[code] = translation("xlprofit", folder, [code])
        return _loaded[code]

    return catalogue


_loaded: dict[str, NullTranslations] = {}

LANGUAGES: dict[str, Language] = {
    ENGLISH: Language("English"),
    "fi": Language(
        "suomi",
        _compiled("fi"),
        marks=f"{HARD_BLANK},−",
        percent=f"{HARD_BLANK}%",
        blank=HARD_BLANK,
        day="{day}.{month}.{year}",
        symbol_behind=True,
    ),
}
"""Every language by its code (ISO 639-1), English first."""


def list_terms(kind: str, word: str) -> tuple[str, ...]:
    """Return a word of the product's own in every language, English first."""
    return tuple(dict.fromkeys(translate_term(code, kind, word) for code in LANGUAGES))


def translate_term(code: str, kind: str, word: str) -> str:
    """Return a word of the product's own in the language of this code; in English it is the word itself."""
    catalogue = LANGUAGES[code].catalogue
    return word if catalogue is None or not word else catalogue().pgettext(kind, word)


def wordings(text: str) -> tuple[str, ...]:
    """Return a text without figures in every language, English first."""
    catalogues = (language.catalogue for language in LANGUAGES.values())
    return tuple(dict.fromkeys(text if one is None else one().gettext(text) for one in catalogues))
