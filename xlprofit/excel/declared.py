"""A formula of the registry declared to xlwings: its name, its help, and its arguments as rows of cells."""

from __future__ import annotations

from collections.abc import Callable
from inspect import Parameter, Signature

import xlwings as xw

from xlprofit.excel import CATEGORY
from xlprofit.formulas import Function

Answered = Callable[..., list[list[object]]]


def declared(function: Function, answered: Answered, added: tuple[str, ...] = ()) -> Answered:
    """Return what answers a formula's cells, as xlwings exposes it.

    Args:
        function: the formula.
        answered: gives rows of values for the cells of its arguments, ``None`` where one is not given.
        added: parameters behind them that the host fills in (``caller`` is xlwings' word).
    """
    parameters = [
        Parameter(a.name, Parameter.POSITIONAL_OR_KEYWORD, default=None if a.optional else Parameter.empty)
        for a in function.arguments
    ]
    parameters += [Parameter(name, Parameter.POSITIONAL_OR_KEYWORD, default=None) for name in added]
    answered.__name__ = function.name
    answered.__doc__ = function.summary
    answered.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
    for argument in function.arguments:
        answered = xw.arg(argument.name, doc=argument.help, ndim=2, err_to_str=True)(answered)
    if "refreshed" in added:
        answered = xw.arg("refreshed", vba="Empty")(answered)
    return xw.func(category=CATEGORY)(answered)
