"""Arguments of public functions: of the kind that they take, and one in the place of several."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from xlprofit.errors import ArgumentError
from xlprofit.messages import _


def require_kind(value: object, kinds: type | tuple[type, ...], argument: str, wanted: str) -> None:
    """Refuse an argument of another kind.

    Args:
        value: what was given.
        kinds: what it must be an instance of.
        argument: what it is called.
        wanted: what to give, in words.

    Raises:
        ArgumentError: it is of another kind.

    >>> require_kind("x", int, "count", "a whole number")
    Traceback (most recent call last):
        ...
    xlprofit.errors.ArgumentError: count is str. Give a whole number.
    """
    if not isinstance(value, kinds):
        raise ArgumentError(
            _("{argument} is {kind}", argument=argument, kind=type(value).__name__),
            _("Give {wanted}", wanted=wanted),
        )


def list_given(values: object, kinds: type | tuple[type, ...], argument: str, wanted: str) -> Sequence[Any]:
    """Return what was given as several; one by itself is one of them, so that a text is not taken for its letters.

    Args:
        values: one, or several.
        kinds: what each must be an instance of.
        argument: what it is called.
        wanted: what to give, in words.

    Raises:
        ArgumentError: it is neither, or one of the several is of another kind.

    >>> list_given("price +3%", str, "changes", "texts")
    ('price +3%',)
    """
    if isinstance(values, kinds):
        return (values,)
    if not isinstance(values, Iterable) or isinstance(values, str | bytes | Mapping):
        require_kind(values, kinds, argument, wanted)
        return ()
    several = tuple(values)
    for one in several:
        require_kind(one, kinds, argument, wanted)
    return several
