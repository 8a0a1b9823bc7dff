"""The formulas through xlwings' real code for Windows, with arguments in the shapes that COM has."""

from __future__ import annotations

import doctest
import re
from typing import Any

import pytest

from tests.excel import stand_in
from xlprofit import formulas
from xlprofit.excel import errors
from xlprofit.excel.errors import MARK, format_marked_error
from xlprofit.formulas import REGISTRY, FormulaError

SETUP = """
from xlwings import udfs
from tests.excel.live_com import Excel
from xlprofit import formulas
from xlprofit.excel import functions
functions._kept.clear()
example = formulas.build_example()

def rows(stamp, factor=1.0):
    body = [[c * factor if isinstance(c, float) else c for c in row] for row in example.rows]
    return formulas.build_results_rows(stamp, "USD", example.columns, body)

live = {name: Excel("Report", formulas.SHEET, name=name) for name in ("a.xlsx", "b.xlsx")}
live["a.xlsx"][formulas.SHEET].fill(rows("one"))
live["b.xlsx"][formulas.SHEET].fill(rows("one", 2.0))
live["new.xlsx"] = Excel("Report", name="new.xlsx")

def refresh(rows):
    live["a.xlsx"][formulas.SHEET].fill(rows)

def times_read():
    return live["a.xlsx"].calls.get("Sheet.UsedRange", 0)

def call(name, *arguments, book="a.xlsx", refreshed=None):
    function = formulas.REGISTRY[name]
    given = [stand_in.MISSING] * len(function.arguments)
    given[:len(arguments)] = [tuple(map(tuple, a)) if isinstance(a, list) else a for a in arguments]
    if function.lookup:
        given += [None, refreshed]
    return udfs.call_udf("xlprofit.excel.functions", name, tuple(given), None, live[book]["Report"].block(1, 1, 1, 1))
"""


def _run(script: str, **given: object) -> Any:
    return stand_in.run(SETUP + script, **given)


def _shown(answer: object) -> list[list[object]]:
    """Return what a cell gets of an answer of the core: rows, errors marked, blanks as xlwings writes them."""
    rows = answer if isinstance(answer, list) else [[answer]]
    return [[format_marked_error(c) if isinstance(c, FormulaError) else c for c in row] for row in rows]


CALLS: dict[str, list[tuple[Any, ...]]] = {
    "CUSTOMER_PROFIT": [
        (),
        ("University",),
        ("  university ", "gross_margin"),
        ([["University"], ["Memorial"], [None], ["ZZ"]],),
        ([["University", "Memorial"]], [["profit"], ["net_revenue"]]),
        ("University", "nonsense"),
        ("University", None, "1999-01"),
    ],
    "COST_TO_SERVE": [("Memorial",), ("Memorial", "order"), ("ZZ",), (None,)],
    "CUSTOMER_STATE": [("Memorial",), ([["University"], ["Memorial"]],)],
    "CUSTOMER_DECISION": [("Memorial",), ("ZZ",)],
    "CUSTOMER_FORECAST": [("Memorial",), ("University", None, "low"), ("University", "retention", "low")],
    "REFERRAL_VALUE": [("Memorial",), (4711.0,)],
    "PROFIT_CHANGE": [("Memorial",), ([["University"], ["Memorial"]], "price"), ("Memorial", "weather")],
    "EXPLAIN_PROFIT": [
        ("Memorial",),
        ("Memorial", "cost_to_serve"),
        ("Memorial", "order", "drivers"),
        ([["University"], ["Memorial"]],),
    ],
    "WHALE_CURVE": [(), ([["A", -40.0], ["B", 100.0]],), ([[1.0], [None], [3.0]],), ("text",)],
    "CAPACITY_RATE": [(560000.0, 700000.0), (560000.0, 0.0), ([[100.0], [None], ["x"]], 100.0, 0.8)],
    "RECEIVABLE_COST": [(9000.0, 365.0, 0.10), (9000.0, "soon", 0.10)],
    "LIFETIME_VALUE": [
        (1.0, 0.8, 0.1),
        (1.0, 0.8, 0.1, None, "start"),
        (100.0, 1.0, 0.0),
        (100.0, 1.0, 0.0, 5.0),
        ([[30.0, 30.0, 40.0, 72.0, 110.0]], 0.8, 0.1, None, "arrears", 100.0),
    ],
    "PROSPECT_VALUE": [(0.012, 10.0, 1.0, 0.1, 0.8), (1.5, 10.0, 1.0, 0.1)],
}


def test_every_function_is_tried() -> None:
    assert list(CALLS) == list(REGISTRY)


def test_each_formula_gives_what_the_core_gives() -> None:
    tried = [(name, arguments) for name, calls in CALLS.items() for arguments in calls]
    given = _run("result = [call(name, *arguments) for name, arguments in tried]", tried=tried)
    lookup = formulas.build_example()
    for (name, arguments), rows in zip(tried, given, strict=True):
        function = REGISTRY[name]
        answer = function.call(*([lookup] if function.lookup else []), *arguments)
        assert rows == _shown(answer), (name, arguments)


def test_published_figures_arrive_in_the_cell() -> None:
    """Golden case G03: the same gross margin, and 725 against -3,829."""
    assert _run('result = call("CUSTOMER_PROFIT", [["University"], ["Memorial"]])') == [[725.0], [-3829.0]]


def test_an_error_in_a_cell_goes_on_as_an_error() -> None:
    given = _run(
        'result = call("CUSTOMER_PROFIT", [[code] for code in stand_in.ERRORS.values()])'
        ' + call("CAPACITY_RATE", stand_in.ERRORS["#DIV/0!"], 5.0)'
    )
    numbers = [str(cell).removeprefix(MARK)[:4] for (cell,) in given]
    assert numbers == ["2007", "2042", "2015", "2036", "2007"]


@pytest.mark.parametrize("number", range(2043, 2060))
def test_an_error_that_no_formula_of_ours_gives_goes_on_as_a_value_error(number: int) -> None:
    """#SPILL! and its like, of which COM knows but the number."""
    error = stand_in.ERRORS["#N/A"] - 2042 + number
    given = _run('result = call("CUSTOMER_PROFIT", [[error], ["University"]])', error=error)
    assert re.match(re.escape(f"{MARK}2015:") + r"[^#]+ #", given[0][0])
    assert given[1] == [725.0]


def test_an_array_typed_into_a_formula_is_a_row() -> None:
    """``=CUSTOMER_PROFIT({"University","Memorial"})``."""
    given = _run(
        'result = [call("CUSTOMER_PROFIT", ("University", "Memorial")), call("CUSTOMER_PROFIT", ()),'
        ' call("WHALE_CURVE", (3.0, 1.0))[1]]'
    )
    assert given == [[[725.0, -3829.0]], [[""]], [1.0, 3.0, 3.0, 0.75]]


def test_an_error_in_the_results_sheet_is_no_figure() -> None:
    """Someone showed the very hidden sheet and changed it: COM has its errors as numbers."""
    given = _run(
        """
changed = rows("changed")
changed[-1][1:] = [stand_in.ERRORS["#N/A"]] * (len(changed[-1]) - 1)
refresh(changed)
result = [call(name, "Memorial")[0][0] for name in ("CUSTOMER_PROFIT", "COST_TO_SERVE", "REFERRAL_VALUE",
          "CUSTOMER_STATE", "EXPLAIN_PROFIT")] + [call("COST_TO_SERVE", "Memorial", "order")[0][0]]
"""
    )
    assert {str(cell)[: len(MARK) + 4] for cell in given} <= {f"{MARK}2042", f"{MARK}2015"}


def test_dates_and_money_as_com_has_them() -> None:
    given = _run(
        "from decimal import Decimal\n"
        "when = stand_in.TimeType(2024, 3, 31)\n"
        'result = [call("RECEIVABLE_COST", Decimal("9000"), 365, 0.1), call("CAPACITY_RATE", when, 5.0),'
        ' call("CUSTOMER_PROFIT", True)]'
    )
    assert given[0] == [[900.0]]
    assert given[1][0][0].startswith(f"{MARK}2015:")
    assert given[2][0][0].startswith(f"{MARK}2042:")


def test_the_results_are_read_once_for_each_refresh() -> None:
    given = _run(
        """
for _ in range(300):
    call("CUSTOMER_PROFIT", "University", refreshed="a.xlsx|one")
    call("COST_TO_SERVE", "Memorial", refreshed="a.xlsx|one")
first = times_read()
refresh(rows("two", 10.0))
after = [call("CUSTOMER_PROFIT", "University", refreshed="a.xlsx|two") for _ in range(50)]
result = [first, times_read(), after[0], after[-1]]
"""
    )
    assert given[:2] == [1, 2]
    assert given[2] == given[3] == [[7250.0]]


def test_each_cell_sees_its_own_workbook() -> None:
    given = _run(
        'result = [call("CUSTOMER_PROFIT", "University", book=book) for book in ("a.xlsx", "b.xlsx", "a.xlsx")]'
    )
    assert given == [[[725.0]], [[1450.0]], [[725.0]]]


def test_xlwings_own_wrapper_is_answered_too() -> None:
    """It passes no stamp, so the calling cell's workbook is asked for it."""
    given = _run('result = [[call("CUSTOMER_PROFIT", "University") for _ in range(20)][-1], times_read()]')
    assert given == [[[725.0]], 1]


@pytest.mark.parametrize("refreshed", [None, "new.xlsx|"])
def test_a_workbook_never_refreshed_says_so(refreshed: str | None) -> None:
    given = _run(
        'result = call("CUSTOMER_PROFIT", "A", book="new.xlsx", refreshed=refreshed)', refreshed=refreshed
    )
    assert given == [[format_marked_error(formulas.NEVER_REFRESHED)]]


def test_a_sheet_that_is_not_ours_is_no_result() -> None:
    given = _run(
        """
refresh([["notes", "x"], [1.0, 2.0]])
first = call("CUSTOMER_PROFIT", "University", refreshed="a.xlsx|x")
refresh([["xlprofit results"]])
result = [first, call("CUSTOMER_PROFIT", "University", refreshed="a.xlsx|y")]
"""
    )
    assert [rows[0][0][:15] for rows in given] == [f"{MARK}2042:"] * 2


def test_only_some_workbooks_are_kept() -> None:
    given = _run(
        """
for number in range(20):
    call("CUSTOMER_PROFIT", "University", refreshed=f"book{number}|one")
result = [len(functions._kept), list(functions._kept)[-1]]
"""
    )
    assert given == [8, "book19"]


def test_a_long_text_is_cut_as_excel_would_take_it() -> None:
    name = "x" * 400
    given = _run(
        """
refresh(rows("long") + [[name] + [1.0] * 20])
result = [row[0] for row in call("CUSTOMER_PROFIT")]
""",
        name=name,
    )
    assert f"{'x' * 254}…" in given


def test_no_value_of_a_cell_raises() -> None:
    given = _run(
        """
from decimal import Decimal
import random
random.seed(4711)
values = [None, "", " ", "University", "ZZ", 0, 1, -1.5, 1e308, 1e-308, True, False, "#N/A", "1,5", "=1", "é",
          stand_in.TimeType(2024, 1, 1), Decimal("12.50"), stand_in.MISSING, *stand_in.ERRORS.values()]

def cells():
    kind = random.random()
    if kind < 0.5:
        return random.choice(values)
    height, width = random.choice([(1, 1), (1, 3), (3, 1), (2, 2), (3, 2)])
    return tuple(tuple(random.choice(values[:-6]) for _ in range(width)) for _ in range(height))

kinds = set()
for name, function in formulas.REGISTRY.items():
    for _ in range(150):
        rows_ = call(name, *[cells() for _ in range(random.randint(0, len(function.arguments)))])
        assert rows_ and all(len(row) == len(rows_[0]) for row in rows_), name
        kinds |= {type(cell).__name__ for row in rows_ for cell in row}
result = sorted(kinds)
"""
    )
    assert set(given) <= {"float", "str"}


def test_xlwings_writes_its_vba_and_registers_the_help() -> None:
    vba, options = _run(
        """
import pathlib
from unittest.mock import MagicMock
workbook = MagicMock()
workbook.Name = "xlprofit.xlam"
workbook.Application.Version = "16.0"
written = []
workbook.VBProject.VBComponents.Import = lambda path: written.append(pathlib.Path(path).read_text())
udfs.import_udfs("xlprofit.excel.functions", workbook)
calls = workbook.Application.MacroOptions.call_args_list
result = [written[0], [[c.args[0], c.kwargs["Description"], c.kwargs["Category"], c.kwargs["ArgumentDescriptions"]]
                       for c in calls]]
"""
    )
    for function in REGISTRY.values():
        arguments = [("Optional " if a.optional else "") + a.name for a in function.arguments]
        assert f"Function {function.name}({', '.join(arguments)})" in vba.replace(" _\n", "").replace(
            "  ", ""
        )
    assert 'XLPy.CallUDF("xlprofit.excel.functions", "CUSTOMER_PROFIT"' in vba
    said = {name.partition("!")[2]: rest for name, *rest in options}
    assert sorted(said) == sorted(REGISTRY)
    for function in REGISTRY.values():
        helps = [a.help for a in function.arguments]
        assert said[function.name] == [function.summary, "Customer profit", helps]


def test_from_the_cell_through_vba_and_xlwings_to_the_core_and_back() -> None:
    """All but COM and the DLL: our wrapper in VBA, xlwings' server and call_udf, the core, a real Excel error."""
    given = _run(
        """
from xlwings.com_server import XLPython
from tests.excel import vba_host
from xlprofit.excel.addin.vba import build_vba_sources
server = XLPython()
excel = vba_host.Excel(
    build_vba_sources(formulas.REGISTRY.values()),
    lambda module, name, given: server.CallUDF(module, name, given, None, live["a.xlsx"]["Report"].block(1, 1, 1, 1)),
)
excel.add_workbook()
excel.add_module(
    'Sub Make()\\n Worksheets.Add.Name = "xlprofit_results"\\n Range("B1").Value = "one"\\n'
    ' Worksheets("Sheet1").Activate\\nEnd Sub', name="Setup")
excel.run("Make")
sheet = excel.sheet("Sheet1")
for row, name in enumerate(["Memorial", "ZZ"], 1):
    sheet.set_value(f"D{row}", name)
names = excel.application.vba_get("Range", ["Sheet1!D1:D2"])

def plain(value):
    return [plain(item) for item in value] if isinstance(value, list) else value if isinstance(
        value, (str, float, int)) else repr(value)

result = [plain(excel.call("CUSTOMER_PROFIT", "University")), plain(excel.call("CUSTOMER_PROFIT", names)),
          plain(excel.run("XLPROFIT_LAST_ERROR")), plain(excel.call("CAPACITY_RATE", 5, 0)),
          plain(excel.call("CUSTOMER_PROFIT"))[0], times_read()]
"""
    )
    assert given[:2] == [725.0, [[-3829.0], ["Error 2042"]]]
    assert "“ZZ”" in given[2]
    assert given[3] == "Error 2007"
    assert given[4][0] == "customer"
    assert given[5] == 1


def test_the_examples_run() -> None:
    found = doctest.testmod(errors)
    assert (found.failed, found.attempted) == (0, 2)
