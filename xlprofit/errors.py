"""What a caller's mistake raises: one clear line that says what is wrong, where, and how to fix it.

What is wrong *inside* the tables is not an error but a finding (:mod:`xlprofit.findings`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from xlprofit.messages import ENGLISH, _, join_messages, put_on_one_line, term
from xlprofit.slips import list_alike_words

if TYPE_CHECKING:  # findings needs pandas; whoever only looks up a name should not wait for it
    from xlprofit.findings import Finding

NAMES_OFFERED = 3
"""How many near names are offered for one that is not known."""

NEAR = 0.5
"""How much of two names must be alike, as the share of the letters that need no change (optimal string alignment)."""


class XlprofitError(Exception):
    """A mistake that the caller can fix; every error of this package is one.

    ``what`` says what is wrong and where, ``fix`` what to do; ``str()`` puts them on one line.

    >>> str(XlprofitError("book.xlsx is empty (0 bytes)", "Fetch it again from where it came"))
    'book.xlsx is empty (0 bytes). Fetch it again from where it came.'
    """

    def __init__(self, what: str, fix: str = "") -> None:
        self.what = put_on_one_line(what)
        self.fix = put_on_one_line(fix)
        super().__init__(join_sentences(self.what, self.fix))


def join_sentences(*parts: str) -> str:
    """Return the parts of an error as one line, each with a mark at its end.

    >>> join_sentences("It is empty", "Is it the right one?", "")
    'It is empty. Is it the right one?'
    """
    return " ".join(f"{part}." if part[-1] not in ".?!" else part for part in parts if part)


def explain_stop(stops: Sequence[Finding], first: str) -> tuple[str, str]:
    """Return what is wrong where findings stop the work, and what to do; ``first`` is the first of them in words."""
    if not stops:
        return _("Nothing could be computed"), ""
    if len(stops) == 1:
        return first, ""
    return (
        _("{n} findings stop the work; the first is {finding}", n=len(stops), finding=first),
        _("{command} lists them all", command="xlprofit check"),
    )


class FileError(XlprofitError):
    """A file that is not there, is locked, is no workbook, is damaged, or cannot be written."""


class StoppedError(XlprofitError):
    """Findings stop the work: nothing was computed and nothing was written.

    ``findings`` has all of them, those that only warn included, in their fixed order, told in ``language``.
    """

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.language: str = getattr(findings, "language", ENGLISH)
        self.own: Mapping[str, str] = getattr(findings, "own", {})
        self.findings: tuple[Finding, ...] = tuple(findings)
        self.stops: tuple[Finding, ...] = tuple(f for f in self.findings if f.severity == "stop")
        super().__init__(*explain_stop(self.stops, str(self.stops[0]) if self.stops else ""))


class ArgumentError(XlprofitError, TypeError):
    """An argument of another kind than the function takes."""


class UnknownNameError(XlprofitError, KeyError):
    """A name that is not known; the nearest right ones are offered, or what else to do where none is near.

    ``name`` is what was asked for, ``near`` the known names nearest to it, the nearest first;
    ``kind`` is what it should have been, such as ``customer``.

    >>> str(UnknownNameError("profitt", ["profit", "margin"], "measure"))
    'There is no measure "profitt". Did you mean "profit"?'
    """

    def __init__(
        self, name: object, among: Iterable[object], kind: str = "name", *, otherwise: str = ""
    ) -> None:
        self.name = str(name)
        self.near = find_nearest_names(self.name, [str(known) for known in among])
        offered = join_messages(_(" or "), (f'"{near}"' for near in self.near))
        super().__init__(
            _('There is no {kind} "{name}"', kind=term("kind", kind), name=self.name),
            _("Did you mean {names}?", names=offered) if offered else otherwise,
        )

    def __str__(self) -> str:
        """Return the line itself; :class:`KeyError` would put it in quotes."""
        return str(self.args[0])


def build_attribute_error(asked: str, known: Sequence[str]) -> UnknownNameError:
    """Return the error of a word that is no attribute; where none is near it names those that there are."""
    empty = _("No column of {Customers} says what a customer is")
    told = _("Name one of {names}", names=join_messages(", ", known)) if known else empty
    return UnknownNameError(asked, known, "attribute", otherwise=told)


def find_nearest_names(name: str, among: Sequence[str], most: int = NAMES_OFFERED) -> tuple[str, ...]:
    """Return the known names nearest to ``name``, whatever their case; the nearest first.

    >>> find_nearest_names("acem", ["ACME", "Beta"])
    ('ACME',)
    """
    by_key: dict[str, str] = {}
    for known in among:
        by_key.setdefault(known.casefold().strip(), known)
    return tuple(by_key[key] for key in list_alike_words(name.casefold().strip(), list(by_key), NEAR, most))
