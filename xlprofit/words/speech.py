"""The language that is spoken: how messages are said in it, and how numbers stand in its sentences.

The language is that of the workbook (``language`` in Settings): whoever shows its texts speaks it
(:func:`speaking`) meanwhile. Nothing here asks the machine what its language is. What a host or a command says of
its own it may say at once, with :func:`_`, :func:`_n` and the others of the names that :mod:`xlprofit.messages` has.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import repeat
from string import Formatter
from typing import TYPE_CHECKING, Any

from xlprofit import messages
from xlprofit.languages import LANGUAGES, Language, translate_term
from xlprofit.messages import CHANGES, ENGLISH, N_, Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = [
    "N_",
    "_",
    "_n",
    "current",
    "day",
    "fill_column",
    "find_workbook_name",
    "from_environment",
    "get_spoken_language",
    "number",
    "say",
    "say_list",
    "speaking",
    "template",
    "term",
    "unbroken",
    "unbroken_column",
]

_MINUS = "\u2212"
_SIGN_OF_ZERO = re.compile("^-(?=[^1-9\n]*$)", re.MULTILINE)

_spoken: ContextVar[str] = ContextVar("xlprofit_language", default=ENGLISH)
_own: ContextVar[Mapping[str, str]] = ContextVar("xlprofit_own_names")


def get_spoken_language() -> str:
    """Return the code of the language that texts are told in."""
    return _spoken.get()


def current() -> Language:
    """Return the language that texts are told in."""
    return LANGUAGES[_spoken.get()]


@contextmanager
def speaking(code: str, own: Mapping[str, str] | None = None) -> Iterator[None]:
    """Tell texts in a language for a while.

    Args:
        code: its code; :class:`KeyError` where it is none of :data:`LANGUAGES`.
        own: what the workbook itself calls its tables (``Sales``), columns (``Sales.cogs``) and result sheets
            (``sheet/Dashboard``), where it is not as this language does.
    """
    LANGUAGES[code]
    tokens = _spoken.set(code), None if own is None else _own.set(own)
    try:
        yield
    finally:
        _spoken.reset(tokens[0])
        if tokens[1] is not None:
            _own.reset(tokens[1])


def from_environment(environment: Mapping[str, str]) -> str:
    """Return the language that a terminal asks for, as gettext finds it; English where it is not known.

    >>> from_environment({"LANG": "fi_FI.UTF-8"}), from_environment({"LC_ALL": "C", "LANG": "fi_FI.UTF-8"})
    ('fi', 'en')
    """
    for variable in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        asked = environment.get(variable, "")
        if asked:
            code = asked.split(":")[0].replace("-", "_").split("_")[0].split(".")[0].casefold()
            return code if code in LANGUAGES else ENGLISH
    return ENGLISH


# --- texts -------------------------------------------------------------------------------------------


def say(text: str) -> str:
    """Return a text in the language spoken: a message said, any other text as it is."""
    if not isinstance(text, Message):
        return text
    language = LANGUAGES[_spoken.get()]
    if text.parts:
        said = "".join(map(say, text.parts))
    elif text.context == "sheet":
        said = term("sheet", text.text)
    elif language.catalogue is None:
        said = str(text) if text.context else _fill_in(_choose_form(text), text.figures, language)
    elif text.context:
        said = _name(text)
    elif text.many:
        n = text.figures["n"]
        said = _fill_in(language.catalogue().ngettext(text.text, text.many, n), text.figures, language)
    else:
        found = language.catalogue().gettext(text.text) if text.text else ""
        said = _fill_in(found, text.figures, language)
    return CHANGES[text.change](said)


def _name(word: Message) -> str:
    """Return a word of the product's own, by the first of its kinds that the catalogue has it under."""
    known = (term(kind, word.text) for kind in word.context.split("/"))
    return next((found for found in known if found != word.text), word.text)


def _choose_form(message: Message) -> str:
    return message.many if message.many and message.figures["n"] != 1 else message.text


def _(message: str, **figures: Any) -> str:
    """Return a text in the language spoken, with figures in it, as :func:`xlprofit.messages._` has them.

    >>> _("{n:,} rows of {Sales}", n=1200)
    '1,200 rows of Sales'
    """
    return say(messages._(message, **figures))


def _n(one: str, many: str, n: int, **figures: Any) -> str:
    """Return a text about ``n`` things, in the singular or the plural; ``{n}`` is their number.

    >>> _n("{n:,} row", "{n:,} rows", 1), _n("{n:,} row", "{n:,} rows", 1200)
    ('1 row', '1,200 rows')
    """
    return say(messages._n(one, many, n, **figures))


def template(message: str) -> str:
    """Return a text in the language spoken as it is before figures are put in: for many rows at once."""
    catalogue = LANGUAGES[_spoken.get()].catalogue
    return message if catalogue is None else catalogue().gettext(message)


def term(kind: str, word: str) -> str:
    """Return a word of the product's own in the language spoken; in English it is the word itself.

    ``kind`` says what it is the name of: ``table``, ``setting``, ``sheet``, ``word``, or a table's name for
    one of its columns. What is not in the catalogue, such as a word of the user's own, stays as it is.
    """
    own = _own.get({}).get(f"sheet/{word}") if kind == "sheet" else None
    return own or translate_term(_spoken.get(), kind, word)


def number(value: Any, form: str) -> str:
    """Return a number as the language spoken writes it in a sentence; ``form`` is as ``format`` takes it.

    >>> number(1234.5, ",.2f"), number(0.125, ".1%"), number(-0.2, ",.0f")
    ('1,234.50', '12.5%', '0')
    """
    return _number(format(value, form), LANGUAGES[_spoken.get()])


def unbroken(value: Any, form: str) -> str:
    """Return a number as :func:`number` does, with a minus sign behind which no line breaks, as a hyphen's may.

    >>> unbroken(-1234.5, ",.0f")
    '\u22121,234'
    """
    return number(value, form).replace("-", _MINUS)


def unbroken_column(values: Iterable[float], form: str) -> list[str]:
    """Return numbers as :func:`unbroken` does, a whole column at a time: many times as fast.

    >>> unbroken_column([-1234.5, 10.0], ",.0f")
    ['\u22121,234', '10']
    """
    language = LANGUAGES[_spoken.get()]
    text = _SIGN_OF_ZERO.sub("", "\n".join([format(value, form) for value in values]))
    if language.catalogue is not None:
        text = text.translate(str.maketrans(",.-", language.marks))
    return text.replace("-", _MINUS).split("\n") if text else []


def fill_column(message: str, **columns: Iterable[str]) -> list[str]:
    """Return a text in the language spoken for each row, with the row's own texts in it; many at a time.

    >>> fill_column("{n} of {all}", n=["1", "2"], all=["3", "4"])
    ['1 of 3', '2 of 4']
    """
    parts: list[Iterable[str]] = []
    for literal, name, _form, _conversion in Formatter().parse(template(message)):
        parts.append(repeat(literal))
        if name is not None:
            parts.append(columns[name])
    return list(map("".join, zip(*parts, strict=False)))


def day(value: Any) -> str:
    """Return a day as the language spoken writes it in a sentence, from what has a year, a month and a day."""
    return LANGUAGES[_spoken.get()].day.format(year=value.year, month=value.month, day=value.day)


def say_list(items: Iterable[str], last: str = " and ") -> str:
    """Return some things as a sentence lists them: ``a, b and c``; ``last`` is marked by the caller.

    >>> say_list(["a", "b", "c"]), say_list(["a"])
    ('a, b and c', 'a')
    """
    return say(messages.join_as_list(items, last))


def _drop_sign_of_zero(text: str) -> str:
    """Return a number without a minus before nothing but zeros, which rounding has left."""
    return _SIGN_OF_ZERO.sub("", text)


def _number(text: str, language: Language) -> str:
    text = _drop_sign_of_zero(text)
    if language.catalogue is None:
        return text
    if text.endswith("%") and text[-2:-1].isdigit():
        text = text[:-1] + language.percent
    return text.translate(str.maketrans(",.-", language.marks))


def _fill_in(text: str, figures: Mapping[str, Any], language: Language) -> str:
    if "{" not in text and "}" not in text:
        return text
    return text.format_map(_Spoken({name: _Figure(value, language) for name, value in figures.items()}))


class _Spoken(dict):  # type: ignore[type-arg]  # older Pythons (LibreOffice's own) cannot be asked for more
    """The figures of a text, and behind them the names of tables."""

    def __missing__(self, name: str) -> _SpokenTable:
        return _SpokenTable(name)


class _SpokenTable:
    """A table's name as the workbook or else the language has it; its attributes are those of its columns."""

    def __init__(self, table: str) -> None:
        self._table = table

    def __getattr__(self, column: str) -> str:
        if column.startswith("_"):
            raise AttributeError(column)
        return find_workbook_name(self._table, column)

    def __format__(self, form: str) -> str:
        return format(find_workbook_name(self._table), form)


def find_workbook_name(table: str, column: str = "") -> str:
    """Return what the workbook at hand calls a table, or a column of it; else what the language calls it."""
    own = _own.get({})
    if column:
        return own.get(f"{table}.{column}") or term(table, column)
    return own.get(table) or term("table", table)


class _Figure:
    """A value in a text, written as the language does."""

    def __init__(self, value: Any, language: Language) -> None:
        self._value, self._language = value, language

    def __format__(self, form: str) -> str:
        value = self._value
        if isinstance(value, str):
            return format(say(value), form)
        if self._language.catalogue is None:
            return _drop_sign_of_zero(format(value, form))
        if form == "%Y-%m-%d":
            return self._language.day.format(year=value.year, month=value.month, day=value.day)
        if isinstance(value, bool) or not hasattr(value, "__float__"):
            return format(value, form)
        return _number(format(value, form), self._language)
