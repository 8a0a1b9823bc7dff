"""Options: what the column options of Sources may say, each value one that can be meant."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from io import BytesIO, TextIOWrapper

from xlprofit.messages import N_, _
from xlprofit.sources.errors import SourceError

OPTIONS = ("delimiter", "decimal", "encoding", "date", "engine", "master", "memory")
"""What the column options may set."""

WORDS = {"tab": "\t", "semicolon": ";", "comma": ",", "pipe": "|"}
"""Words for delimiters that are hard to write."""

ENGINES = ("duckdb", "spark")

_A_DAY = datetime(2024, 3, 31)

_UNITS = {"": 1, "b": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}


def parse_options(text: str, label: str) -> dict[str, str]:
    """Return options such as ``delimiter=; decimal=,``, parted by blanks.

    Raises:
        SourceError: an option is not known, or its value is none that it can have.
    """
    found: dict[str, str] = {}
    for part in text.split():
        name, equals, value = part.partition("=")
        if not equals or not value or name.lower() not in OPTIONS:
            raise SourceError(
                _('{source}: there is no option "{part}"', source=label, part=part),
                _("Options are {names}, such as {example}", names=", ".join(OPTIONS), example="delimiter=;"),
            )
        add_given_value(found, name.lower(), WORDS.get(value.lower(), value), label)
    refuse_wrong_options(found, label)
    return found


def add_given_value(found: dict[str, str], name: str, value: str, label: str) -> None:
    """Add what an option, or a column of a mapping, is said to be.

    Raises:
        SourceError: it is said to be something else already: of two, nobody can tell which is meant.
    """
    if found.setdefault(name, value) != value:
        raise SourceError(
            _(
                '{source}: {name} is given twice, as "{one}" and as "{other}"',
                source=label,
                name=name,
                one=found[name],
                other=value,
            ),
            _("Keep the one that is meant"),
        )


def refuse_wrong_options(options: Mapping[str, str], label: str) -> None:
    """Refuse the value of an option that cannot be meant: it would stop the reading, or change figures in silence.

    Raises:
        SourceError: there is one.
    """
    if options.get("encoding"):
        find_encoding(options["encoding"], label)
    if options.get("memory"):
        parse_size(options["memory"], label)
    for name, (fits, fix) in _FITS.items():
        if options.get(name) and not fits(options[name]):
            raise SourceError(
                _('{source}: {option} cannot be "{text}"', source=label, option=name, text=options[name]),
                _(fix),
            )


def find_encoding(stated: str, label: str) -> str:
    """Return the name of an encoding of letters as Python has it.

    Raises:
        SourceError: there is none of that name, or it is no encoding of letters (``hex``).
    """
    try:
        with TextIOWrapper(BytesIO(), encoding=stated):
            return codecs.lookup(stated).name
    except (LookupError, ValueError) as error:  # a NUL within the name
        raise SourceError(
            _("{source}: there is no encoding {encoding}", source=label, encoding=stated),
            _("Write one such as utf-8, cp1252 or utf-16"),
        ) from error


def parse_size(text: str, label: str) -> int:
    """Return the bytes that a text such as ``800MB`` means.

    Raises:
        SourceError: it means none.
    """
    found = re.fullmatch(r"\s*([0-9]{1,9}(?:\.[0-9]{1,3})?)\s*(?:([kmgt]?)i?b?)\s*", text, re.IGNORECASE)
    size = int(float(found[1]) * _UNITS[found[2].lower()]) if found else 0
    if size <= 0:
        raise SourceError(
            _('{source}: "{text}" is no size of memory', source=label, text=text),
            _("Write one such as memory=2GB"),
        )
    return size


def is_delimiter(text: str) -> bool:
    """Whether a text can part the values of a record: one character that no value is made of."""
    return len(text) == 1 and not text.isalnum() and text not in '"\r\n\0'


def is_date_form(form: str) -> bool:
    """Whether a form such as ``%d.%m.%Y`` tells a day, or a month, or a year."""
    try:
        return datetime.strptime(_A_DAY.strftime(form), form).year == _A_DAY.year
    except (ValueError, re.error):  # the day twice
        return False


_FITS: Mapping[str, tuple[Callable[[str], bool], str]] = {
    "delimiter": (is_delimiter, N_("Write one character, or a word: tab, semicolon, comma or pipe")),
    "decimal": (lambda text: text in (",", "."), N_("Write decimal=, or decimal=.")),
    "date": (is_date_form, N_("Write a form such as date=%d.%m.%Y")),
    "engine": (lambda text: text.lower() in ENGINES, N_("Write engine=duckdb or engine=spark")),
}
"""Options whose values are of a kind: what tells that one is, and the fix of one that is not."""
