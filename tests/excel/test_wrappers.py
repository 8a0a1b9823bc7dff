"""The formulas' VBA, run: what it asks of Python, and what a cell shows of the answer."""

from __future__ import annotations

from typing import Any

import pytest
from pyopenvba.interpreter._values import (  # type: ignore[import-untyped]  # typed, but it does not say so
    VBADate,
    VBAErrorValue,
    error,
)

from tests.excel.vba_host import MISSING_ARGUMENT, Answer, Bar, Excel
from xlprofit.excel import CATEGORY
from xlprofit.excel.addin.vba import PYTHON_MODULE, build_vba_sources
from xlprofit.excel.errors import NUMBERS, format_marked_error
from xlprofit.formulas import REGISTRY, FormulaError

NONE = MISSING_ARGUMENT
NEVER = "|"
"""What the wrapper tells Python where the workbook was never refreshed."""


def _excel(answer: Answer | object = 1.0) -> Excel:
    given: Any = answer if callable(answer) else lambda module, formula, arguments: answer
    excel = Excel(build_vba_sources(REGISTRY.values()), given)
    excel.add_workbook()
    return excel


def _run(excel: Excel, code: str) -> object:
    """Run a macro that sets a workbook up."""
    name = f"Setup{len(excel.interpreter.modules)}"
    excel.add_module(f"Sub {name}()\r\n{code}\r\nEnd Sub\r\n", name=f"Module{name}")
    return excel.run(name)


@pytest.mark.parametrize("function", REGISTRY.values(), ids=list(REGISTRY))
def test_a_wrapper_asks_python_for_its_function(function: Any) -> None:
    excel = _excel(12.5)
    given = [f"a{number}" for number in range(len(function.arguments))]
    assert excel.call(function.name, *given) == 12.5
    added = (None, NEVER) if function.lookup else ()
    assert excel.server.calls == [(PYTHON_MODULE, function.name, (*given, *added))]


def test_an_argument_left_out_arrives_as_com_has_it() -> None:
    excel = _excel()
    excel.call("CUSTOMER_PROFIT")
    excel.call("CUSTOMER_PROFIT", "ACME")
    assert [call[2][:3] for call in excel.server.calls] == [(NONE, NONE, NONE), ("ACME", NONE, NONE)]


def test_a_range_arrives_as_its_values() -> None:
    excel = _excel()
    sheet = excel.sheet(1)
    sheet.set_value("A1", "ACME")
    sheet.set_value("A2", 4711)
    sheet.set_value("B1", True)
    excel.call("CUSTOMER_PROFIT", excel.range("A1:B2"))
    assert excel.server.calls[-1][2][0] == (("ACME", True), (4711, None))


def test_a_cell_with_a_date_arrives_as_a_date() -> None:
    excel = _excel()
    _run(excel, 'Range("A1").Value = DateSerial(2024, 3, 31)')
    excel.call("CUSTOMER_PROFIT", "ACME", "profit", excel.range("A1"))
    given = excel.server.calls[-1][2][2]
    assert given.date() == VBADate(45382).to_datetime().date()


def test_a_cell_in_a_currency_format_arrives_in_full() -> None:
    """Excel's Value has four decimals of it: a minute that costs a third of a cent would cost 0.0033."""
    excel = _excel()
    _run(
        excel,
        'Range("A1:A2").NumberFormat = "$#,##0.00"\r\n'
        'Range("A1").Value2 = 0.0033333333\r\nRange("A2").Value2 = 12.5\r\n'
        'Range("A3").Value = DateSerial(2024, 3, 31)\r\nDebug.Print TypeName(Range("A1").Value)',
    )
    assert excel.console[-1].strip() == "Currency"
    excel.call("CAPACITY_RATE", excel.range("A1"), 1.0)
    assert excel.server.calls[-1][2][:2] == (0.0033333333, 1.0)
    excel.call("CAPACITY_RATE", excel.range("A1:A3"), 1.0)
    (first,), (second,), (third,) = excel.server.calls[-1][2][0]
    assert (first, second) == (0.0033333333, 12.5)
    assert third.date() == VBADate(45382).to_datetime().date()


def test_a_whole_column_arrives_as_far_as_the_sheet_is_used() -> None:
    excel = _excel()
    for row, name in enumerate(("A", "B", "C"), start=3):
        excel.sheet(1).set_value(f"A{row}", name)
    excel.call("CUSTOMER_PROFIT", excel.range("A:A"))
    assert excel.server.calls[-1][2][0] == ((None,), (None,), ("A",), ("B",), ("C",))
    excel.call("CUSTOMER_PROFIT", excel.range("3:3"))
    assert excel.server.calls[-1][2][0] in ("A", (("A",),))


def test_two_blocks_of_cells_are_refused_in_words() -> None:
    excel = _excel()
    assert excel.call("CUSTOMER_PROFIT", excel.range("A1:A2,C1:C2")) == VBAErrorValue(NUMBERS["#VALUE!"])
    assert str(excel.run("XLPROFIT_LAST_ERROR")).startswith("Give one block of cells, not several")
    assert excel.server.calls == []


@pytest.mark.parametrize("code", list(NUMBERS))
def test_a_marked_text_becomes_the_error(code: str) -> None:
    excel = _excel(format_marked_error(FormulaError(code, "It is so")))
    assert excel.call("CUSTOMER_PROFIT", "ZZ") == VBAErrorValue(NUMBERS[code])
    assert excel.run("XLPROFIT_LAST_ERROR") == "It is so"


def test_errors_within_a_table_keep_their_places() -> None:
    na, number = (
        format_marked_error(FormulaError("#N/A", "no ZZ")),
        format_marked_error(FormulaError("#NUM!", "too large")),
    )
    excel = _excel([["customer", na], [number, 2.5], ["", "text"]])
    assert excel.call("CUSTOMER_PROFIT") == [
        ["customer", VBAErrorValue(2042)],
        [VBAErrorValue(2036), 2.5],
        ["", "text"],
    ]


def test_errors_within_a_row_keep_their_places() -> None:
    excel = _excel(["a", format_marked_error(FormulaError("#VALUE!", "no number")), 1.0])
    assert excel.call("CUSTOMER_PROFIT") == ["a", VBAErrorValue(2015), 1.0]


def test_a_text_that_only_looks_marked_stays() -> None:
    for text in ("#XLPROFIT", "#N/A", "XLPROFIT:2042:x", ""):
        assert _excel(text).call("CUSTOMER_STATE", "A") == text


def test_the_reason_is_kept_for_each_cell() -> None:
    excel = _excel([[1.0], [format_marked_error(FormulaError("#N/A", "ZZ is unknown"))]])
    excel.call("CUSTOMER_PROFIT", cell="B2")
    excel.application.caller = excel.range("D1")
    _run(excel, 'Range("B3").Value = CVErr(2042)\r\nRange("C9").Value = CVErr(2042)')
    assert excel.run("XLPROFIT_LAST_ERROR", excel.range("B3")) == "ZZ is unknown"
    assert excel.run("XLPROFIT_LAST_ERROR", excel.range("B2")) == ""
    assert excel.run("XLPROFIT_LAST_ERROR", excel.range("C9")) == (
        "No reason is known. Calculate that cell again: F2, Enter."
    )
    assert excel.application.volatile == 0
    excel.run("XLPROFIT_LAST_ERROR")
    assert excel.application.volatile == 1  # only where no cell says when it is due


def test_no_traceback_reaches_a_cell() -> None:
    text = "Unexpected Python Error: Traceback (most recent call last):\n  File x\nValueError: it broke\n"

    def broken(module: str, formula: str, arguments: tuple[Any, ...]) -> object:
        raise error(-2147221504, text)

    excel = _excel(broken)
    assert excel.call("CUSTOMER_PROFIT", "A") == VBAErrorValue(NUMBERS["#VALUE!"])
    assert excel.run("XLPROFIT_LAST_ERROR") == (
        "ValueError: it broke (xlprofit addin status looks for the cause)"
    )


def test_a_connection_that_broke_is_made_anew_once() -> None:
    failing = [False, True, False]

    def answer(module: str, formula: str, arguments: tuple[Any, ...]) -> object:
        if failing.pop(0):
            raise error(-2147023174, "The RPC server is unavailable.")
        return 7.0

    excel = _excel(answer)
    assert excel.call("CUSTOMER_PROFIT", "A") == 7.0
    assert excel.server.connections == 1
    assert excel.call("CUSTOMER_PROFIT", "A") == 7.0
    assert excel.server.connections == 2
    assert failing == []


def test_the_connection_is_kept() -> None:
    excel = _excel()
    for _ in range(5):
        excel.call("CUSTOMER_PROFIT", "A")
    assert excel.server.connections == 1


def test_a_formula_tells_which_refresh_its_own_workbook_shows() -> None:
    excel = _excel()
    _run(
        excel,
        'Worksheets.Add.Name = "xlprofit_results"\r\n'
        'Worksheets("xlprofit_results").Range("B1").Value = "stamp 1"',
    )
    own = excel.application.active_book
    excel.application.caller = excel.range("A1")
    excel.add_workbook()  # now another workbook is the active one, and it was never refreshed
    assert excel.application.active_book is not own
    excel.run("CUSTOMER_PROFIT", "A")
    assert excel.server.calls[-1][2][-1] == "Book1|stamp 1"


def test_a_macro_that_asks_is_answered_for_the_active_workbook() -> None:
    excel = _excel()
    assert isinstance(excel.application.caller, VBAErrorValue)
    assert excel.run("CUSTOMER_PROFIT", "A") == 1.0
    assert excel.server.calls[-1][2][-1] == NEVER


def test_the_function_wizard_does_not_wait_for_python_to_start() -> None:
    excel = _excel(7.0)
    excel.server.wizard = 42  # the wizard's window, or another of its kind, such as Replace's
    assert excel.call("CUSTOMER_PROFIT", "A") == 7.0  # its button is not grey: no wizard
    excel = _excel(7.0)
    excel.application.standard = Bar(enabled=False)  # grey without a window: a workbook is opening
    assert excel.call("CUSTOMER_PROFIT", "A") == 7.0
    excel = _excel(7.0)
    excel.server.wizard, excel.application.standard = 42, Bar(enabled=False)
    assert excel.call("CUSTOMER_PROFIT", "A") == VBAErrorValue(2043)
    assert (excel.server.connections, excel.server.calls) == (0, [])
    excel.server.wizard = 0
    assert excel.call("CUSTOMER_PROFIT", "A") == 7.0
    excel.server.wizard = 42
    assert excel.call("CUSTOMER_PROFIT", "A") == 7.0  # Python runs, so the wizard shows what it comes to


def _with_events(excel: Excel) -> Excel:
    """Add the module of the add-in's own events, each to be called by its name."""
    excel.application.in_addin = True
    (module,) = (s for s in build_vba_sources(REGISTRY.values()) if s.kind == "document")
    assert "Private WithEvents host As Application" in module.text
    text = module.text.replace("Private WithEvents host", "Private host")  # events are not the interpreter's
    excel.add_module(text.replace("Private Sub", "Public Sub"), name="Events")
    return excel


def _happen(excel: Excel, code: str) -> None:
    name = f"Happening{len(excel.interpreter.modules)}"
    excel.add_module(f"Sub {name}Now()\r\n    {code}\r\nEnd Sub\r\n", name=name)
    excel.run(f"{name}Now")


def test_help_is_registered_for_every_formula_though_the_add_in_is_hidden() -> None:
    excel = _with_events(_excel())
    _happen(excel, "Workbook_Open")
    host = excel.application
    described = {name.partition("!")[2]: rest for name, *rest in host.described}
    assert list(described) == [*REGISTRY, "XLPROFIT_LAST_ERROR"]
    for function in REGISTRY.values():
        summary, category, helps = described[function.name]
        assert summary == function.summary.replace("−", "-")
        assert category == CATEGORY
        assert helps == [a.help.replace("−", "-") for a in function.arguments]
    assert {name.partition("!")[0] for name, *_ in host.described} == {"'xlprofit.xlam'"}


def test_after_the_help_everything_is_as_it_was() -> None:
    excel = _with_events(_excel())
    host = excel.application
    front = host.ActiveWorkbook()
    _happen(excel, "Workbook_Open")
    assert host.quiet == [True] * (len(REGISTRY) + 1)
    assert host.addin.was == [False, True]
    assert (host.addin.is_addin, host.addin.saved) == (True, True)
    assert (host.EnableEvents(), host.ScreenUpdating()) == (True, True)
    assert host.ActiveWorkbook() is front


def test_where_no_add_in_can_be_a_workbook_everything_is_as_it_was() -> None:
    excel = _with_events(_excel())
    host = excel.application
    host.addin.stuck = True
    _happen(excel, "Workbook_Open")
    assert host.described == []
    assert (host.addin.is_addin, host.addin.saved) == (True, True)
    assert (host.EnableEvents(), host.ScreenUpdating()) == (True, True)


def test_help_waits_for_a_workbook_to_be_open_and_is_registered_once() -> None:
    excel = _with_events(Excel(build_vba_sources(REGISTRY.values())))
    host = excel.application
    _happen(excel, "Workbook_Open")
    assert (host.described, host.addin.was) == ([], [])
    excel.add_workbook()
    _happen(excel, "host_WorkbookActivate ActiveWorkbook")
    assert len(host.described) == len(REGISTRY) + 1
    _happen(excel, "host_WorkbookActivate ActiveWorkbook")
    assert len(host.described) == len(REGISTRY) + 1
