"""The formulas through xlwings' real code for Office.js: what Excel is told of them, and what a cell gets."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.excel.test_functions_in_excel import CALLS
from xlprofit import formulas
from xlprofit.excel import custom_functions
from xlprofit.formulas import REGISTRY, FormulaError

ROOT = Path(__file__).resolve().parents[2]
TYPES = {"#N/A": "NotAvailable", "#VALUE!": "Value", "#NUM!": "Num", "#DIV/0!": "Div0"}

DRIVER = """
import asyncio, json, sys
import xlwings as xw
from xlwings.server import custom_functions_call, custom_functions_meta
from xlprofit import formulas
from xlprofit.excel import custom_functions

asked = json.load(sys.stdin)
custom_functions.ONE_WORKBOOK = asked["alone"]
example = formulas.build_example()
if asked["refreshed"]:
    custom_functions.remember_results(formulas.build_results_rows("one", "USD", example.columns, example.rows))

def call(name, arguments):
    sent = {
        "func_name": name, "args": arguments, "caller_address": "[book.xlsx]Report!$B$2", "client": "Office.js",
        "version": xw.__version__, "runtime": "1.4", "date_format": "m/d/yyyy", "content_language": "en-US",
    }
    return asyncio.run(custom_functions_call(json.loads(json.dumps(sent)), custom_functions))

answers = [call(name, arguments) for name, arguments in asked["calls"]]
json.dump({"meta": custom_functions_meta(custom_functions), "answers": answers}, sys.stdout)
"""


def _served(
    calls: list[tuple[str, list[Any]]], *, refreshed: bool = True, alone: bool = True
) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-c", DRIVER],
        input=json.dumps({"calls": calls, "refreshed": refreshed, "alone": alone}),
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, "XLWINGS_ON_SERVER": "true", "XLWINGS_LICENSE_KEY": "noncommercial"},
    )
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _sent(name: str, arguments: tuple[Any, ...]) -> list[Any]:
    """Return the arguments as Office.js sends them: rows of cells, ``null`` for what is not given."""
    given = [a if a is None or isinstance(a, list) else [[a]] for a in arguments]
    return given + [None] * (len(REGISTRY[name].arguments) - len(given))


def _shown(answer: object) -> list[list[object]]:
    rows = answer if isinstance(answer, list) else [[answer]]
    return [
        [{"type": "Error", "errorType": TYPES[c.code]} if isinstance(c, FormulaError) else c for c in row]
        for row in rows
    ]


@pytest.fixture(scope="module")
def tried() -> list[tuple[str, tuple[Any, ...]]]:
    return [(name, arguments) for name, calls in CALLS.items() for arguments in calls]


@pytest.fixture(scope="module")
def served(tried: list[tuple[str, tuple[Any, ...]]]) -> dict[str, Any]:
    return _served([(name, _sent(name, arguments)) for name, arguments in tried])


def test_excel_is_told_of_every_function_what_the_registry_says(served: dict[str, Any]) -> None:
    told = {function["name"]: function for function in served["meta"]["functions"]}
    assert set(told) == {*REGISTRY, "XLPROFIT_LAST_ERROR"}
    for name, function in REGISTRY.items():
        assert told[name]["description"] == function.summary
        assert "volatile" not in told[name]["options"]
        assert told[name]["result"] == {"dimensionality": "matrix", "type": "any"}
        said = [(p["name"], p["description"], p.get("optional", False)) for p in told[name]["parameters"]]
        assert said == [(a.name, a.help, a.optional) for a in function.arguments]
        assert all(p["dimensionality"] == "matrix" for p in told[name]["parameters"])


def test_each_formula_gives_what_the_core_gives(
    served: dict[str, Any], tried: list[tuple[str, tuple[Any, ...]]]
) -> None:
    lookup = formulas.build_example()
    for (name, arguments), rows in zip(tried, served["answers"], strict=True):
        function = REGISTRY[name]
        answer = function.call(*([lookup] if function.lookup else []), *arguments)
        assert rows == _shown(answer), (name, arguments)


def test_an_error_in_a_range_goes_on_and_the_reason_of_the_last_one_is_told() -> None:
    wrong = {"type": "Error", "errorType": "Div0", "basicValue": "#DIV/0!"}
    answers = _served(
        [
            ("CUSTOMER_PROFIT", [[["University"], [wrong], ["ZZ"]], None, None]),
            ("XLPROFIT_LAST_ERROR", []),
        ]
    )["answers"]
    codes = [cell if isinstance(cell, float) else cell["errorType"] for (cell,) in answers[0]]
    assert codes == [725.0, "Div0", "NotAvailable"]
    assert "“ZZ”" in answers[1][0][0]


LOOKUPS = [(f.name, _sent(f.name, ("University",))) for f in REGISTRY.values() if f.lookup]


@pytest.mark.parametrize(
    ("alone", "reason"), [(True, custom_functions.NOT_YET), (False, custom_functions.NOT_SEEN)]
)
def test_a_look_up_that_cannot_know_says_so(alone: bool, reason: str) -> None:
    calls = [c for c in LOOKUPS if c[0] != "WHALE_CURVE"] + [("WHALE_CURVE", [None])]
    asked = [one for call in calls for one in (call, ("XLPROFIT_LAST_ERROR", []))]
    answers = _served(asked, refreshed=not alone, alone=alone)["answers"]
    for answer, said in zip(answers[::2], answers[1::2], strict=True):
        assert answer == [[{"type": "Error", "errorType": "NotAvailable"}]]
        assert said == [[reason]]


def test_a_calculator_works_without_a_workbook() -> None:
    call = ("RECEIVABLE_COST", [[[9000.0]], [[365.0]], [[0.1]]])
    assert _served([call], refreshed=False, alone=False)["answers"] == [[[900.0]]]
