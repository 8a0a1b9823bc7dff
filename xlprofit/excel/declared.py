"""A formula of the registry declared to xlwings: its name, its help, and how its cells come and go."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from inspect import Parameter, Signature
from types import MappingProxyType

import xlwings as xw

from xlprofit.excel import CATEGORY
from xlprofit.formulas import OMITTED, Function

Answered = Callable[..., list[list[object]]]
Options = Mapping[str, object]

NONE: Mapping[str, Options] = MappingProxyType({})


def declare_formula(
    function: Function,
    answered: Answered,
    *,
    cells: Options,
    answer: Options = NONE,
    added: Mapping[str, Options] = NONE,
) -> Answered:
    """Return what answers a formula's cells, as xlwings exposes it.

    Args:
        function: the formula.
        answered: gives rows of values for the cells of its arguments, :data:`OMITTED` for one that may be left out
            and is.
        cells: how xlwings hands over the cells of an argument, as the options of its converters.
        answer: the same for what the formula gives.
        added: parameters behind them that the host fills in (``caller`` is xlwings' word), with their options.
    """
    parameters = [
        Parameter(a.name, Parameter.POSITIONAL_OR_KEYWORD, default=OMITTED if a.optional else Parameter.empty)
        for a in function.arguments
    ]
    parameters += [Parameter(name, Parameter.POSITIONAL_OR_KEYWORD, default=None) for name in added]
    answered.__name__ = function.name
    answered.__doc__ = function.summary
    answered.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
    for argument in function.arguments:
        answered = xw.arg(argument.name, doc=argument.help, **cells)(answered)
    for name, options in added.items():
        answered = xw.arg(name, **options)(answered)
    return xw.func(category=CATEGORY)(xw.ret(**answer)(answered))
