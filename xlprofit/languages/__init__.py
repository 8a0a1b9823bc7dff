"""Languages as data: what each calls itself, how it writes numbers and days, and the words in which it is read.

A language is a file here, ``fi.toml``, and a catalogue of texts (``locale/fi/LC_MESSAGES/xlprofit.po``, compiled to
``.mo``). One without a catalogue is only read: its words are understood in the inputs, and nothing is told in it. Only
the standard library is used, and a file is read when something of it is first asked for.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from xlprofit.messages import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from gettext import NullTranslations
    from pathlib import Path

    LANGUAGES: dict[str, Language]

KEPT = 1_024
"""So many answers of a function are kept, more than there are: LibreOffice's Python has no ``functools.cache``."""


@lru_cache(1)
def find_folder() -> Path:
    """Return the folder with the files of the languages; ``pathlib`` is a fifth of the formulas' start."""
    from pathlib import Path

    return Path(__file__).parent


class Writing(NamedTuple):
    """How a language writes numbers and days in a sentence, and days in a cell.

    Attributes:
        marks: what stands for the thousands' comma, the decimal point and the minus sign of English.
        percent: what stands for a per cent sign right behind the digits.
        blank: what stands between a number and its unit.
        day: a day as ``format`` takes it, from ``day``, ``month`` and ``year``.
        day_in_cells: the number format of a day in a cell.
        symbol_behind: whether the symbol of every currency stands behind the amount.
        divided: long words, in lower case, with a hyphen where they are divided if there is little room.
    """

    marks: str = ",.-"
    percent: str = "%"
    blank: str = " "
    day: str = "{year:04d}-{month:02d}-{day:02d}"
    day_in_cells: str = "yyyy-mm-dd"
    symbol_behind: bool = False
    divided: Sequence[str] = ()


class Language(NamedTuple):
    """A language that texts are told in: its code, and what gives its texts (``None`` for English, as they stand)."""

    code: str
    catalogue: Callable[[], NullTranslations] | None = None

    @property
    def name(self) -> str:
        """What it calls itself."""
        return str(read_facts(self.code).get("name", self.code))

    @property
    def marks(self) -> str:
        """What stands for the thousands' comma, the decimal point and the minus sign of English."""
        return read_writing(self.code).marks

    @property
    def percent(self) -> str:
        """What stands for a per cent sign right behind the digits."""
        return read_writing(self.code).percent

    @property
    def blank(self) -> str:
        """What stands between a number and its unit."""
        return read_writing(self.code).blank

    @property
    def day(self) -> str:
        """A day as ``format`` takes it, from ``day``, ``month`` and ``year``."""
        return read_writing(self.code).day

    @property
    def symbol_behind(self) -> bool:
        """Whether the symbol of every currency stands behind the amount."""
        return read_writing(self.code).symbol_behind


@lru_cache(KEPT)
def read_facts(code: str) -> Mapping[str, Any]:
    """Return all that a language's file says; nothing where it has none.

    The extension for LibreOffice, whose own Python may be too old to read TOML, is built with the same as JSON.
    """
    path = find_folder() / f"{code}.toml"
    if path.exists():
        import tomllib

        return tomllib.loads(path.read_text(encoding="utf-8"))
    path = path.with_suffix(".json")
    if not path.exists():
        return {}
    import json

    facts: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return facts


@lru_cache(KEPT)
def read_writing(code: str) -> Writing:
    """Return how a language writes numbers and days; as English does where its file does not say."""
    return Writing(**read_facts(code).get("writing", {}))


@lru_cache(KEPT)
def list_codes() -> tuple[str, ...]:
    """Return the code of every language that inputs are read in, English first."""
    codes = {path.stem for path in find_folder().iterdir() if path.suffix in (".toml", ".json")}
    return (ENGLISH, *sorted(codes - {ENGLISH}))


def list_reading_words(kind: str) -> tuple[str, ...]:
    """Return the words of a kind (``yes``, ``totals``) by which inputs are read, in every language, English first."""
    found = (word for code in list_codes() for word in read_facts(code).get("reading", {}).get(kind, ()))
    return tuple(dict.fromkeys(found))


@lru_cache(KEPT)
def read_named_words(kind: str) -> Mapping[str, tuple[str, ...]]:
    """Return the words of a kind by what they mean (``currencies``: by code), in every language, English first."""
    found: dict[str, tuple[str, ...]] = {}
    for code in list_codes():
        for name, words in read_facts(code).get("reading", {}).get(kind, {}).items():
            found[name] = (*found.get(name, ()), *words)
    return found


@lru_cache(KEPT)
def read_numbered_words(kind: str) -> Mapping[str, int]:
    """Return the number, from 1, of each word of what comes in an order (``months``, ``weekdays``), in every language.

    A word that two languages have for two of them is the first of English, or of the first language.
    """
    found: dict[str, int] = {}
    for code in list_codes():
        for number, names in enumerate(read_facts(code).get("reading", {}).get(kind, ()), start=1):
            for name in names:
                found.setdefault(name, number)
    return found


def read_months() -> Mapping[str, int]:
    """Return the number of each month, 1 to 12, by its names in every language, in lower case."""
    return read_numbered_words("months")


@lru_cache(KEPT)
def list_headers(table: str, column: str) -> tuple[tuple[int, str], ...]:
    """Return the headers of a column that a language's file adds, each with its place in that file's list."""
    found: list[tuple[int, str]] = []
    for code in list_codes():
        found += enumerate(list_headers_of(code, table, column))
    return tuple(found)


def list_headers_of(code: str, table: str, column: str) -> tuple[str, ...]:
    """Return the headers of a column that the file of one language adds, the most specific first."""
    return tuple(read_facts(code).get("headers", {}).get(table, {}).get(column, ()))


def _load_catalogue(code: str) -> Callable[[], NullTranslations]:
    @lru_cache(1)
    def catalogue() -> NullTranslations:
        from gettext import translation

        return translation("xlprofit", str(find_folder().parent / "locale"), [code])

    return catalogue


@lru_cache(1)
def list_languages() -> dict[str, Language]:
    """Return every language that texts are told in, by its code (ISO 639-1), English first."""
    catalogues = (find_folder().parent / "locale").glob("*/LC_MESSAGES/xlprofit.mo")
    told = sorted(path.parts[-3] for path in catalogues)
    return {ENGLISH: Language(ENGLISH), **{code: Language(code, _load_catalogue(code)) for code in told}}


def __getattr__(name: str) -> dict[str, Language]:
    """Return ``LANGUAGES``, which is :func:`list_languages`: looked up when it is first asked for."""
    if name == "LANGUAGES":
        return list_languages()
    raise AttributeError(name)


def list_terms(kind: str, word: str) -> tuple[str, ...]:
    """Return a word of the product's own in every language, English first."""
    return tuple(dict.fromkeys(translate_term(code, kind, word) for code in list_languages()))


def translate_term(code: str, kind: str, word: str) -> str:
    """Return a word of the product's own in the language of this code; in English it is the word itself."""
    catalogue = list_languages()[code].catalogue
    return word if catalogue is None or not word else catalogue().pgettext(kind, word)


def wordings(text: str) -> tuple[str, ...]:
    """Return a text without figures in every language, English first."""
    catalogues = (language.catalogue for language in list_languages().values())
    return tuple(dict.fromkeys(text if one is None else one().gettext(text) for one in catalogues))
