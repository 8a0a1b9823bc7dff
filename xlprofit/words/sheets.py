"""Result sheets, said in a language: every text on them, and how their numbers and days are written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from xlprofit.languages import LANGUAGES, read_writing
from xlprofit.messages import Message, _
from xlprofit.sheets.parts import DIVISION, Column, Link, Notation, NumberCells, Sentence, Sentences, Sheet
from xlprofit.words.prospects import word_prospects
from xlprofit.words.reasons import word_decisions, word_hinges
from xlprofit.words.speech import get_spoken_language, say, speaking
from xlprofit.words.trends import word_time_left, word_trends

Part = TypeVar("Part")


def say_sheets(sheets: Iterable[Sheet], code: str, own: Mapping[str, str] | None = None) -> list[Sheet]:
    """Return sheets as :func:`say_sheet` says them.

    Args:
        sheets: the sheets.
        code: the language.
        own: what the workbook itself calls its tables and columns, as :func:`xlprofit.words.speech.speaking` has it.
    """
    with speaking(code, own):
        return [say_sheet(sheet, code) for sheet in sheets]


def say_sheet(sheet: Sheet, code: str) -> Sheet:
    """Return a sheet with its texts in the language spoken, of this code, and its notation that of the language.

    Names of sheets in links and charts are said with the rest, so that they still meet.
    """
    said = _say_part(sheet)
    return replace(said, currency=write_in(code, sheet.currency))


def write_in(code: str, currency: str | Notation) -> Notation:
    """Return how amounts and days are written in a language."""
    return Notation(
        currency.currency if isinstance(currency, Notation) else currency,
        LANGUAGES[code].symbol_behind,
        read_writing(code).day_in_cells,
        say(_(" d")),
        say(_("k")),
        say(_("M")),
    )


def _say_part(part: Part) -> Part:
    """Return a part of a sheet, or several, with every message in it said."""
    said: Any = part
    if isinstance(part, Message):
        said = say(part)
    elif isinstance(part, Sentences):  # a single one, which a formula comes to
        said = next((text or None for text in _WORDERS[part.about](part)), None)
    elif isinstance(part, Column):
        values = _say_values(part.values)
        values = [_divide_words(value) for value in values] if part.divided else values
        said = _say_fields(part, values=values, links=_say_links(part.links))
    elif is_dataclass(part) and not isinstance(part, type):
        said = _say_fields(part)
    elif isinstance(part, Mapping):
        said = {_say_part(key): _say_part(value) for key, value in part.items()}
    elif isinstance(part, tuple | list):
        said = _say_items(part)
    return said  # type: ignore[no-any-return]  # it is of the part's own type


def _say_items(items: Any) -> Any:
    """Return a tuple or a list with its items said; the same one where none of them changes."""
    said = [_say_part(item) for item in items]
    changed = any(new is not old for new, old in zip(said, items, strict=True))
    return type(items)(said) if changed else items


def _say_fields(part: Any, **said: object) -> Any:
    changes = {name: value for name, value in said.items() if value is not getattr(part, name)}
    for field in fields(part):
        if field.name not in said:
            old = getattr(part, field.name)
            new = _say_part(old)
            if new is not old:
                changes[field.name] = new
    return replace(part, **changes) if changes else part


def _say_values(values: Sequence[Any]) -> Sequence[Any]:
    """Return the cells of a column, each different message of them said once, and sentences worded row by row."""
    if isinstance(values, Sentences):
        return [text or None for text in _WORDERS[values.about](values)]
    if isinstance(values, NumberCells):
        above = _say_values(values.above)
        return values if above is values.above else replace(values, above=above)
    if Message not in set(map(type, values)):
        return values
    known = {id(value): say(value) for value in values if type(value) is Message}
    return [known.get(id(value), value) for value in values]


def _divide_words(text: Any) -> Any:
    """Return a text whose long words are divided, as the language spoken says; what is no text stays as it is."""
    if not isinstance(text, str):
        return text
    places = {word.replace("-", ""): word.index("-") for word in read_writing(get_spoken_language()).divided}
    found = ((word, places.get(word.lower(), 0)) for word in text.split(" "))
    return " ".join(word[:at] + DIVISION + word[at:] if at else word for word, at in found)


def _say_links(links: Sequence[Link | None]) -> Sequence[Link | None]:
    """Return links with the names of their sheets said; each row may have one, most often the same."""
    different = {id(link): link for link in links if link is not None}
    known = {id(link.sheet): say(link.sheet) for link in different.values() if type(link.sheet) is Message}
    if not known:
        return links
    said = {
        key: Link(known[id(link.sheet)], link.cell) if id(link.sheet) in known else link
        for key, link in different.items()
    }
    return [said.get(id(link)) for link in links]


_WORDERS: Mapping[Sentence, Callable[[Sentences], Iterable[str]]] = {
    Sentence.VERDICT: lambda of: word_decisions(of.frame, of.trends, of.settings),
    Sentence.HINGE: lambda of: word_hinges(of.frame),
    Sentence.TREND: lambda of: word_trends(of.frame, of.settings),
    Sentence.TIME_LEFT: lambda of: word_time_left(of.frame, of.settings.period),
    Sentence.SCREENING: lambda of: word_prospects(of.frame, of.settings),
}
"""How the sentences of each kind are worded, in the language spoken."""
