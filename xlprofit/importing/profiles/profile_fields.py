"""Fields of a profile: each read from TOML as what it must be, or refused; and values as TOML writes them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast

from xlprofit.errors import XlprofitError
from xlprofit.importing.profiles.pattern_cost import bound_search_steps
from xlprofit.messages import _

MOST = 1e300
"""The number in a profile beyond which none is meant."""

LONGEST_SEARCHED = 1_000
"""So many letters of a cell, or of a line, are searched for the pattern of a profile."""

MOST_STEPS = 2e10
"""A pattern for which the bound of the steps through so many letters is higher is refused.

Of those below it none was found to take more than some tenths of a second for a cell; the next ones take minutes.
"""


class ProfileError(XlprofitError):
    """A profile that cannot be understood, or that does not fit the file it is for."""


def read_section(found: Mapping[str, object], name: str, label: str) -> Mapping[str, object]:
    """Return a table of a TOML text, empty where it is left out."""
    section = found.get(name, {})
    if not isinstance(section, dict):
        raise build_refusal(label, name)
    return cast(Mapping[str, object], section)


def read_text_field(found: Mapping[str, object], name: str, label: str) -> str:
    """Return a text, empty where it is left out."""
    value = found.get(name, "")
    if not isinstance(value, str):
        raise build_refusal(label, name)
    return value


def read_text_fields(found: object, name: str, label: str) -> tuple[str, ...]:
    """Return one text or a list of them."""
    several = [found] if isinstance(found, str) else found
    if not isinstance(several, list) or not all(isinstance(one, str) for one in several):
        raise build_refusal(label, name)
    return tuple(several)


def read_whole_field(found: Mapping[str, object], name: str, label: str) -> int:
    """Return a whole number, 0 where it is left out."""
    value = found.get(name, 0)
    if not isinstance(value, int):
        raise build_refusal(label, name)
    return value


def read_number_field(found: Mapping[str, object], name: str, label: str, default: float) -> float:
    """Return a finite number."""
    value = found.get(name, default)
    if not isinstance(value, int | float) or isinstance(value, bool) or not abs(value) < MOST:
        raise build_refusal(label, name)
    return float(value)


def read_list_field(found: Mapping[str, object], name: str, label: str) -> list[object]:
    """Return a list, empty where it is left out."""
    value = found.get(name, [])
    if not isinstance(value, list):
        raise build_refusal(label, name)
    return value


def refuse_pattern(pattern: str, label: str) -> None:
    """Refuse what is no regular expression, or one that may look for ever through a few letters."""
    try:
        re.compile(pattern)
        steps = bound_search_steps(pattern, LONGEST_SEARCHED)
    except (re.error, RecursionError, OverflowError) as error:
        raise ProfileError(
            _("{label}: {pattern} is no regular expression", label=label, pattern=pattern)
        ) from error
    if steps > MOST_STEPS:
        raise ProfileError(
            _("{label}: {pattern} may search a single cell for minutes", label=label, pattern=pattern),
            _(
                "What one of its repeats takes the next may take too: have something between them that neither takes, "
                "or write one with an end, such as {example}",
                example="{1,9}",
            ),
        )


def refuse_unknown_fields(found: Mapping[str, object], known: Any, label: str) -> None:
    """Refuse names that a profile does not know."""
    for name in found:
        if name not in known:
            raise ProfileError(
                _("{label}: a profile does not know {name}", label=label, name=name),
                _("It may have {words}", words=", ".join(sorted(known))),
            )


def build_refusal(label: str, name: str) -> ProfileError:
    """Return the refusal of a part that is missing or of another type."""
    return ProfileError(
        _("{label}: {name} is missing, or is not what it must be", label=label, name=name),
        _("See the section Profiles of docs/import.md"),
    )


def write_toml_key(name: str) -> str:
    """Return a name as TOML writes it before an equals sign."""
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else quote_toml(name)


def write_pairs(pairs: Mapping[str, object]) -> list[str]:
    """Return names with their values as TOML writes them; those without a value are left out."""
    return [f"{name} = {quote_toml(value)}" for name, value in pairs.items() if value]


def quote_toml(value: object) -> str:
    """Return a value as TOML writes it, a text with whichever quotes need the fewest escapes."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(quote_toml, value)) + "]"
    text = str(value)
    if "'" not in text and re.search(r'[\\"]', text) and text.isprintable():
        return f"'{text}'"
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in escaped) + '"'
