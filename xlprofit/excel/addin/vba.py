"""The VBA of the add-in: a wrapper for each formula, the ribbon's callbacks, the function help.

A wrapper asks Python as xlwings' own wrapper does (``XLPy.CallUDF``), but turns a marked text that
comes back (:mod:`xlprofit.excel.errors`) into a real Excel error where xlwings would put the
traceback into the cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files
from typing import Literal

from xlprofit import formulas
from xlprofit.excel import CATEGORY, errors
from xlprofit.formulas import Function

PYTHON_MODULE = "xlprofit.excel.functions"
"""The module that a wrapper names to xlwings."""

HELP_LIMIT = 255
"""Characters that Excel keeps of a function's or an argument's description."""

LAST_ERROR = "Says why a formula of xlprofit shows an error: in the cell given, or the last time one did."
LAST_ERROR_CELL = "The cell that shows the error; blank: the last error of any formula"
"""The help of ``XLPROFIT_LAST_ERROR``, which needs no Python and so is not in the registry, and of its argument."""

_CODE_PAGE = "cp1252"
_RESERVED = frozenset(
    re.findall(
        r"\w+",
        """
        abs addressof and any array as attribute boolean byref byte byval call case cbool cbyte ccur cdate
        cdbl cdec circle cint clng close const csng cstr currency cvar cverr date debug declare dim do
        doevents double each else elseif empty end endif enum eqv erase event exit false fix for friend
        function get global gosub goto if imp implements in input int integer is lbound len lenb let like
        lock long longlong longptr loop lset me mod new next not nothing null on open option optional or
        paramarray preserve print private pset public put raiseevent redim rem resume return rset scale seek
        select set sgn shared single spc static stop string sub tab then to true type typeof ubound unlock
        until variant wend while with withevents write xor
        """,
    )
)
"""Words that no VBA parameter may be called: MS-VBAL, reserved identifiers."""


@dataclass(frozen=True)
class VbaSource:
    """One module of the VBA project: its name, its text, and what kind of module it is."""

    name: str
    text: str
    kind: Literal["standard", "class", "document"] = "standard"


def build_vba_sources(functions: Iterable[Function]) -> tuple[VbaSource, ...]:
    """Return the modules of our own: the workbook's events, the ribbon's callbacks and the formulas."""
    given = tuple(functions)
    return (
        VbaSource("ThisWorkbook", read_packaged_source("ThisWorkbook.cls"), "document"),
        VbaSource("RibbonXlprofit", read_packaged_source("RibbonXlprofit.bas")),
        VbaSource("XlprofitFunctions", build_function_module(given)),
    )


def read_packaged_source(name: str) -> str:
    """Return the text of one of the package's VBA sources."""
    return files("xlprofit.excel").joinpath("vba", name).read_text(encoding="ascii")


def build_function_module(functions: Iterable[Function]) -> str:
    """Return the module with a wrapper for each function and what all of them share."""
    given = tuple(functions)
    text = read_packaged_source("XlprofitFunctions.bas")
    for place, value in (
        ("{module}", PYTHON_MODULE),
        ("{mark}", errors.MARK),
        ("{sheet}", formulas.SHEET),
        ("{stamp}", formulas.STAMP_CELL),
        ("{category}", CATEGORY),
        ("{last_error}", quote_vba_text(LAST_ERROR)),
        ("'{functions}\n", "".join(build_function_wrapper(function) + "\n" for function in given)),
        (
            "'{help}\n",
            "".join(build_function_help(function) for function in given) + _build_last_error_help(),
        ),
    ):
        text = text.replace(place, value)
    return text


def build_function_wrapper(function: Function) -> str:
    """Return the VBA function that a cell calls."""
    name = function.name
    names = [name_vba_parameter(argument.name) for argument in function.arguments]
    declared = ", ".join(
        f"{'Optional ' if argument.optional else ''}ByVal {given} As Variant"
        for given, argument in zip(names, function.arguments, strict=True)
    )
    passed = [*names, "Nothing", "Refreshed()"] if function.lookup else names
    return (
        f"Public Function {name}({_wrap_vba_items(declared)}) As Variant\n"
        f'Attribute {name}.VB_Description = "{quote_vba_text(function.summary)}"\n'
        f'Attribute {name}.VB_ProcData.VB_Invoke_Func = " \\n14"\n'
        f'    {name} = Answer("{name}", Array({_wrap_vba_items(", ".join(passed))}))\n'
        f"End Function\n"
    )


def build_function_help(function: Function) -> str:
    """Return the VBA line that registers a function's help and its arguments' with the function wizard."""
    return _build_describe_call(function.name, function.summary, [a.help for a in function.arguments])


def name_vba_parameter(name: str) -> str:
    """Return the name of a VBA parameter for an argument: its own, unless VBA reserves it.

    >>> name_vba_parameter("measure"), name_vba_parameter("date")
    ('measure', 'date_')
    """
    return f"{name}_" if name.casefold() in _RESERVED else name


def quote_vba_text(text: str) -> str:
    """Return a text as it stands between the quotes of a VBA string: one line, as long as Excel keeps it.

    What the code page of the project does not know becomes ``?``, as the VBA editor would have it.
    """
    line = " ".join(text.split()).replace("−", "-")[:HELP_LIMIT]
    return line.encode(_CODE_PAGE, "replace").decode(_CODE_PAGE).replace('"', '""')


def _build_last_error_help() -> str:
    return _build_describe_call("XLPROFIT_LAST_ERROR", LAST_ERROR, [LAST_ERROR_CELL])


def _build_describe_call(name: str, summary: str, helps: list[str]) -> str:
    arguments = ", _\n        ".join(f'"{quote_vba_text(text)}"' for text in helps)
    return f'    Describe "{name}", "{quote_vba_text(summary)}", _\n        Array({arguments})\n'


def _wrap_vba_items(items: str) -> str:
    """Break a list of items over lines, since VBA takes no line of more than 1,023 characters."""
    lines, length = [""], 0
    for item in items.split(", "):
        if length + len(item) > 90:
            lines.append("")
            length = 0
        lines[-1] += f"{item}, "
        length += len(item) + 2
    return " _\n        ".join(line.rstrip() for line in lines).removesuffix(",")
