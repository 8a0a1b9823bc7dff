"""Messages: texts that remember what they are made of, so that they can be said in any language later.

A text is written in English where it is used, marked by :func:`_`, and that sentence is its key in the
catalogues (``locale/*/LC_MESSAGES/xlprofit.po``). What it returns *is* the English sentence, a ``str``: it is
sorted, compared, measured and written as one, and nothing depends on a language. It also remembers the text and
its figures; :mod:`xlprofit.words.speech` says it in a language, at the edge.

A message that goes through an f-string, ``str.join``, ``str.format``, a slice or a method of ``str`` is English
for good: put messages into others as figures, add them, or use :func:`join_messages`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

__all__ = [
    "CHANGES",
    "ENGLISH",
    "N_",
    "Message",
    "_",
    "_n",
    "capitalize_message",
    "change_texts",
    "day",
    "join_as_list",
    "join_messages",
    "name_in_workbook",
    "number",
    "put_on_one_line",
    "quote_sheet",
    "space_words",
    "term",
    "uncapitalize_message",
]


ENGLISH = "en"
"""The code of the language that texts are written in."""


class Message(str):
    """An English sentence that remembers what it is made of.

    Attributes:
        text: the text that was marked, its figures in braces; of a number of things its singular.
        figures: what stands in the braces: numbers, days, texts and other messages.
        many: the plural of ``text``, empty where it has none; ``figures["n"]`` is the number then.
        context: what a word of the product's own is the name of (see :func:`term`); empty for a sentence.
        parts: what a message is joined of; empty where it is not. It has no text of its own then.
        change: which of :data:`CHANGES` is made when it is said.
        name: that of the wording of a finding which it is; empty for any other.
    """

    text: str
    figures: Mapping[str, Any]
    many: str
    context: str
    parts: tuple[str, ...]
    change: str
    name: str

    def __new__(
        cls,
        english: str,
        text: str = "",
        figures: Mapping[str, Any] | None = None,
        *,
        many: str = "",
        context: str = "",
        parts: tuple[str, ...] = (),
        change: str = "",
    ) -> Message:
        """Return the sentence with what it is made of."""
        made = super().__new__(cls, english)
        made.text = text
        made.figures = figures or {}
        made.many = many
        made.context = context
        made.parts = parts
        made.change = change
        made.name = ""
        return made

    def __add__(self, other: str) -> Message:
        """Return the message and what follows it, as one."""
        return _join((self, other)) if isinstance(other, str) else NotImplemented

    def __radd__(self, other: str) -> Message:
        """Return the message and what goes before it, as one."""
        return _join((other, self)) if isinstance(other, str) else NotImplemented


def _join(parts: tuple[str, ...], change: str = "") -> Message:
    english = "".join(map(str, parts))
    return Message(CHANGES[change](english), parts=parts, change=change)


def _keep(text: str) -> str:
    return text


def _capitalize(text: str) -> str:
    return text[:1].upper() + text[1:]


def _uncapitalize(text: str) -> str:
    return text[:1].lower() + text[1:]


def _flatten(text: str) -> str:
    return " ".join(text.split())


def _space_words(text: str) -> str:
    return text.replace("_", " ")


def _quote(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


CHANGES: dict[str, Callable[[str], str]] = {
    "": _keep,
    "capital": _capitalize,
    "small": _uncapitalize,
    "line": _flatten,
    "words": _space_words,
    "quoted": _quote,
}
"""What may be done to a message when it is said: its first letter large or small, its blanks single, no
underscores, in quotes as the name of a sheet in a formula."""


def N_(message: str) -> str:  # noqa: N802 -- gettext's name for a text that is marked here and used elsewhere
    """Mark a text for the catalogues; whoever shows it gives it to :func:`_`."""
    return message


def _(message: str, **figures: Any) -> Message:
    """Return a message, with figures in it.

    ``{n:,.2f}`` is said as the language writes numbers, ``{day:%Y-%m-%d}`` as it writes days. A name of
    a table or of one of its columns that is not among the figures, ``{Sales}`` or ``{Sales.cogs}``, is said as
    the workbook calls it.

    >>> _("{n:,} rows of {Sales}", n=1200)
    '1,200 rows of Sales'
    """
    return _make(message, figures)


def _make(text: str, figures: Mapping[str, Any]) -> Message:
    return Message(fill(text, figures), text, figures)


def _n(one: str, many: str, n: int, **figures: Any) -> Message:
    """Return a message about ``n`` things, in the singular or the plural; ``{n}`` is their number.

    >>> _n("{n:,} row", "{n:,} rows", 1), _n("{n:,} row", "{n:,} rows", 1200)
    ('1 row', '1,200 rows')
    """
    figures = {"n": n, **figures}
    return Message(fill(one if n == 1 else many, figures), one, figures, many=many)


def term(kind: str, word: str) -> Message:
    """Return a word of the product's own; in English it is the word itself.

    ``kind`` says what it is the name of: ``table``, ``setting``, ``sheet``, ``word``, or a table's name for
    one of its columns. What is in no catalogue, such as a word of the user's own, stays as it is. Of several kinds,
    ``line/word``, the first that the catalogue knows the word as counts.
    """
    return Message(word, word, context=kind)


def name_in_workbook(table: str, column: str = "") -> Message:
    """Return a table, or a column of it, as the workbook at hand calls it once it is said.

    >>> name_in_workbook("Sales", "cogs"), name_in_workbook("Sales")
    ('cogs', 'Sales')
    """
    return _make(f"{{{table}.{column}}}" if column else f"{{{table}}}", {})


def number(value: Any, form: str) -> Message:
    """Return a number as a message; ``form`` is as ``format`` takes it.

    >>> number(1234.5, ",.2f"), number(0.125, ".1%")
    ('1,234.50', '12.5%')
    """
    return _make(f"{{value:{form}}}", {"value": value})


def day(value: Any) -> Message:
    """Return a day as a message, from what has a year, a month and a day.

    >>> from datetime import date
    >>> day(date(2024, 1, 31))
    '2024-01-31'
    """
    return _make("{day:%Y-%m-%d}", {"day": value})


def join_messages(separator: str, parts: Iterable[str]) -> Message:
    """Return messages and other texts as one, the separator between them.

    >>> join_messages(", ", [_("one"), "two"])
    'one, two'
    """
    joined: list[str] = []
    for part in parts:
        joined += [separator, part] if joined else [part]
    return _join(tuple(joined))


def join_as_list(items: Iterable[str], last: str = " and ") -> Message:
    """Return some things as a sentence lists them: ``a, b and c``; ``last`` is marked by the caller.

    >>> join_as_list(["a", "b", "c"]), join_as_list(["a"])
    ('a, b and c', 'a')
    """
    items = list(items)
    if len(items) < 2:
        return join_messages("", items)
    return join_messages(_(last), [join_messages(", ", items[:-1]), items[-1]])


def change_texts(text: str, change: Callable[[str], str]) -> str:
    """Return a message with the texts changed that were put into it, in whatever message they stand.

    >>> change_texts(_("{path} is empty", path="key"), lambda given: "…")
    '… is empty'
    """
    if not isinstance(text, Message):
        return change(text)
    if text.parts:
        return _join(tuple(change_texts(part, change) for part in text.parts), text.change)
    if not text.figures:
        return text
    figures = {k: change_texts(v, change) if isinstance(v, str) else v for k, v in text.figures.items()}
    form = text.many if text.many and figures["n"] != 1 else text.text
    made = Message(fill(form, figures), text.text, figures, many=text.many, context=text.context)
    made.name = text.name
    return made


def capitalize_message(text: str) -> str:
    """Return a text with a large first letter.

    >>> capitalize_message(_("cost of goods"))
    'Cost of goods'
    """
    return _join((text,), "capital") if isinstance(text, Message) else _capitalize(text)


def uncapitalize_message(text: str) -> str:
    """Return a text with a small first letter.

    >>> uncapitalize_message(_("What it costs"))
    'what it costs'
    """
    return _join((text,), "small") if isinstance(text, Message) else _uncapitalize(text)


def put_on_one_line(text: str) -> str:
    r"""Return a text with single blanks and no line breaks.

    >>> put_on_one_line("a\n b")
    'a b'
    """
    flat = _flatten(text)
    if flat == text or not isinstance(text, Message):
        return text if flat == text else flat
    return _join((text,), "line")


def space_words(text: str) -> str:
    """Return a text with blanks for its underscores.

    >>> space_words("cost_to_serve")
    'cost to serve'
    """
    return _join((text,), "words") if isinstance(text, Message) else _space_words(text)


def quote_sheet(name: str) -> Message:
    """Return a sheet's name as a formula writes it.

    >>> quote_sheet(term("sheet", "Customer P&L"))
    "'Customer P&L'"
    """
    return _join((name,), "quoted")


def fill(text: str, figures: Mapping[str, Any]) -> str:
    """Return an English text with its figures put in, tables and columns by their English names."""
    return text.format_map(_Filled(figures)) if "{" in text or "}" in text else text


class _Filled(dict):  # type: ignore[type-arg]  # older Pythons (LibreOffice's own) cannot be asked for more
    """The figures of a text, and behind them the names of tables."""

    def __missing__(self, name: str) -> _TableName:
        return _TableName(name)


class _TableName:
    """A table's English name; its attributes are those of its columns."""

    def __init__(self, table: str) -> None:
        self._table = table

    def __getattr__(self, column: str) -> str:
        if column.startswith("_"):
            raise AttributeError(column)
        return column

    def __format__(self, form: str) -> str:
        return format(self._table, form)
