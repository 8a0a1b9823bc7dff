"""Every argument of every formula, given what does not belong there, in the shapes that COM has."""

from __future__ import annotations

from typing import Any

import pytest

from tests.excel import stand_in
from xlprofit.excel.errors import MARK, NUMBERS
from xlprofit.formulas import REGISTRY

SETUP = """
from decimal import Decimal
from xlwings import udfs
from tests.excel.live_com import Excel
from xlprofit import formulas
from xlprofit.excel import functions
from xlprofit.formulas import ResultColumn
functions._kept.clear()
SERVE = ("cost_to_serve", "profit")
COLUMNS = [
    *(
        ResultColumn("measure", name, period=p)
        for p in ("", "2024-01", "2024-02")
        for name in ("cost_to_serve", "profit")
    ),
    *(ResultColumn("amount", "Delivery", "deliver", SERVE, p) for p in ("", "2024-01", "2024-02")),
    ResultColumn("units", "Delivery", "deliver"),
    *(ResultColumn(kind) for kind in ("state", "decision", "referral")),
    *(ResultColumn("forecast", name) for name in ("expected_profit", "expected_low", "expected_high")),
    *(ResultColumn("change", name) for name in ("", "price")),
    *(
        ResultColumn("scenario", name, "Dearer", (), p)
        for p in ("", "2024-01", "2024-02")
        for name in ("cost_to_serve", "profit")
    ),
    *(ResultColumn("served", "Delivery", "Dearer", ("deliver",), p) for p in ("", "2024-01", "2024-02")),
]
def body(names):
    return [[n, -5.0, 20.0 + i, -2.0, 15.0, -3.0, 5.0 + i, -5.0, -2.0, -3.0, 4.0, "New", "keep", 1.0,
             9.0, 4.0, 12.0, 3.0, 1.0, -4.0, 21.0 + i, -1.0, 16.0, -3.0, 6.0 + i, -4.0, -1.0, -3.0]
            for i, n in enumerate(names)]
def excel(names):
    sheet = formulas.build_results_rows("one", "EUR", COLUMNS, body(names))
    book = Excel("Report", formulas.SHEET, name="a.xlsx")
    book[formulas.SHEET].fill(sheet)
    return book
live = excel(["ACME", "Beta Oy", "Gamma"])
def call(name, *arguments):
    function = formulas.REGISTRY[name]
    given = [stand_in.MISSING] * len(function.arguments)
    given[:len(arguments)] = arguments
    if function.lookup:
        given += [None, "a.xlsx|one"]
    return udfs.call_udf("xlprofit.excel.functions", name, tuple(given), None, live["Report"].block(1, 1, 1, 1))
def kept(rows, most=40):
    return rows if len(rows) <= most else [len(rows), rows[0], rows[-1]]
DATE, MONEY = stand_in.TimeType(2024, 1, 31), Decimal("0.5")
"""

SOUND: dict[str, tuple[str, ...]] = {
    "CUSTOMER_PROFIT": ("'ACME'", "'profit'", "'2024-01'", "'dearer'"),
    "COST_TO_SERVE": ("'ACME'", "'Delivery'", "'2024-01'", "'Dearer'"),
    "CUSTOMER_STATE": ("'ACME'",),
    "CUSTOMER_DECISION": ("'ACME'",),
    "CUSTOMER_FORECAST": ("'ACME'", "'expected_profit'", "'low'"),
    "REFERRAL_VALUE": ("'ACME'",),
    "PROFIT_CHANGE": ("'ACME'", "'price'"),
    "EXPLAIN_PROFIT": ("'ACME'", "'deliver'", "'lines'"),
    "WHALE_CURVE": ("((3.0,), (1.0,))",),
    "CAPACITY_RATE": ("100.0", "50.0", "0.8"),
    "RECEIVABLE_COST": ("100.0", "30.0", "0.1"),
    "LIFETIME_VALUE": ("100.0", "0.8", "0.1", "3.0", "'end'", "5.0"),
    "PROSPECT_VALUE": ("0.5", "100.0", "0.8", "0.1", "10.0", "3.0", "'start'"),
}
"""Arguments that each formula can answer, as a script writes them."""

ANSWER, BLANK = "an answer", "a blank"

LONG = "'x' * 32767"
STRANGE = ("'ZZ'", "'=1+1'", "'\\x07'", "'مرحبا'", LONG, "True", "-1e308", "MONEY * 7")
NO_NUMBERS = ("'ZZ'", "'12,5'", "'5 %'", "'=1+1'", LONG, "True", "DATE")
MEANT: dict[str, dict[str, str]] = {
    "customer": {
        **dict.fromkeys((*STRANGE, "DATE", "4711.0"), "#N/A"),
        **dict.fromkeys(("None", "'  '"), BLANK),
        **dict.fromkeys(("'  ACME '", "'aCme'", "'\\u00a0ACME'"), ANSWER),
    },
    "number": dict.fromkeys(NO_NUMBERS, "#VALUE!") | {"MONEY": ANSWER},
    "share": {
        **dict.fromkeys(NO_NUMBERS, "#VALUE!"),
        **dict.fromkeys(("1.5", "-0.1", "MONEY * 7"), "#NUM!"),
        "MONEY": ANSWER,
    },
    "profits": dict.fromkeys((*NO_NUMBERS, "None"), "#VALUE!") | {"-5.0": ANSWER, "MONEY": ANSWER},
    "period": dict.fromkeys((*STRANGE, "4711.0"), "#VALUE!") | {"DATE": ANSWER, "' 2024-01 '": ANSWER},
    "measure": dict.fromkeys((*STRANGE, "DATE", "4711.0"), "#VALUE!") | {"' Profit '": ANSWER},
    "bound": dict.fromkeys((*STRANGE, "DATE", "4711.0"), "#VALUE!") | {"' Low '": ANSWER},
    "effect": dict.fromkeys((*STRANGE, "DATE", "4711.0"), "#VALUE!") | {"' Price '": ANSWER},
    "scenario": dict.fromkeys((*STRANGE, "DATE", "4711.0"), "#VALUE!") | {"' DEARER '": ANSWER},
    "part": dict.fromkeys((*STRANGE, "DATE", "4711.0"), "#VALUE!") | {"'  deliver '": ANSWER},
    "line": dict.fromkeys((*STRANGE, "DATE", "4711.0"), "#VALUE!") | {"'  delivery '": ANSWER},
    "level": dict.fromkeys((*STRANGE, "DATE", "4711.0"), "#VALUE!") | {"' Lines '": ANSWER},
    "timing": dict.fromkeys((*STRANGE, "DATE", "3.0"), "#VALUE!")
    | dict.fromkeys(("' Start '", "' Arrears '", "1.0", "2.0"), ANSWER),
}
"""For each kind of argument what a cell that holds this shows: an error, a blank or an answer."""

ONE_CUSTOMER, WHOLE = ("EXPLAIN_PROFIT",), ("WHALE_CURVE",)
EACH = [name for name in REGISTRY if name not in ONE_CUSTOMER + WHOLE]
"""The formulas that answer each cell of a range by itself."""


def _run(script: str) -> Any:
    return stand_in.run(SETUP + script)


def _calls(calls: list[tuple[str, list[str]]]) -> list[Any]:
    asked = ", ".join(f"kept(call({name!r}, {', '.join(given)}))" for name, given in calls)
    found: list[Any] = _run(f"result = [{asked}]")
    return found


def _shown(cell: object) -> str:
    """Return what a cell shows: an error's code, a blank or an answer; an error must have a reason in a line."""
    if isinstance(cell, str) and cell.startswith(MARK):
        number, reason = cell.removeprefix(MARK).split(":", 1)
        assert reason
        assert "Traceback" not in reason
        assert len(reason) < 300
        return next(code for code, known in NUMBERS.items() if known == int(number))
    return BLANK if cell == "" else ANSWER


def test_every_formula_and_kind_of_argument_is_tried() -> None:
    assert list(SOUND) == list(REGISTRY)
    assert all(len(SOUND[name]) == len(f.arguments) for name, f in REGISTRY.items())
    assert {a.kind for f in REGISTRY.values() for a in f.arguments} == set(MEANT)
    for answer in _calls([(name, list(given)) for name, given in SOUND.items()]):
        assert _shown(answer[0][0]) == ANSWER


@pytest.mark.parametrize("name", REGISTRY)
def test_any_cell_gives_what_is_meant(name: str) -> None:
    calls, meant = [], []
    for place, argument in enumerate(REGISTRY[name].arguments):
        kinds = dict(MEANT[argument.kind])
        kinds.setdefault("None", ANSWER if argument.optional else BLANK)
        kinds |= {f"stand_in.ERRORS[{code!r}]": code for code in stand_in.ERRORS}
        for cell, wanted in kinds.items():
            given = list(SOUND[name])
            given[place] = cell
            if (name, argument.kind) == ("CUSTOMER_FORECAST", "measure") and "rofit" in cell:
                continue  # it has names of its own
            calls.append((name, given))
            meant.append(wanted)
    answers = _calls(calls)
    found = [_shown(answer[0][0]) for answer in answers]
    assert dict(zip(map(str, calls), found, strict=True)) == dict(zip(map(str, calls), meant, strict=True))


def _rows(*rows: tuple[str, ...]) -> str:
    return "(" + "".join(f"({', '.join(row)},)," for row in rows) + ")"


@pytest.mark.parametrize("name", EACH)
def test_a_range_is_answered_cell_by_cell(name: str) -> None:
    """With an error in it, with blanks, two columns wide, in each argument."""
    error, rows = "stand_in.ERRORS['#DIV/0!']", []
    for place, argument in enumerate(REGISTRY[name].arguments):
        sound = SOUND[name][place]
        blank = ANSWER if argument.optional and argument.kind != "customer" else BLANK
        for cells, wanted in (
            (_rows((sound,), (error,), (sound,)), [[ANSWER], ["#DIV/0!"], [ANSWER]]),
            (_rows(("None",), ("None",)), [[blank], [blank]]),
            (_rows((sound, "None"), (error, sound)), [[ANSWER, blank], ["#DIV/0!", ANSWER]]),
        ):
            given = list(SOUND[name])
            given[place] = cells
            if (name, argument.name) == ("LIFETIME_VALUE", "margin"):  # a row of margins is that of the years
                wanted = [row[:1] for row in wanted]
            rows.append((name, given, wanted))
    for answer, (_, given, wanted) in zip(_calls([row[:2] for row in rows]), rows, strict=True):
        assert [list(map(_shown, row)) for row in answer] == wanted, given


@pytest.mark.parametrize("name", EACH)
def test_each_of_100_000_cells_has_its_answer(name: str) -> None:
    sound = SOUND[name][0]
    others = "".join(f", {cell}" for cell in SOUND[name][1:])
    count, first, last, alone = _run(
        f"rows = call({name!r}, ((({sound},),) * 99_999) + (('ZZ',),){others})\n"
        f"result = [len(rows), rows[0], rows[-1], call({name!r}, {', '.join(SOUND[name])})[0]]"
    )
    assert (count, first) == (100_000, alone)
    assert _shown(last[0]) == ("#N/A" if REGISTRY[name].arguments[0].kind == "customer" else "#VALUE!")


def test_100_000_different_names_are_found_and_ranked() -> None:
    found = _run(
        """
names = [f"Customer {number}" for number in range(100_000)]
live = excel(names)
functions._kept.clear()
rows = call("CUSTOMER_PROFIT", tuple((f" {name.upper()}  ",) for name in names))
table = call("CUSTOMER_PROFIT", stand_in.MISSING, "profit")
result = [len(rows), rows[0], rows[-1], len(table), table[1], table[-1]]
"""
    )
    assert found[:3] == [100_000, [20.0], [100_019.0]]
    assert found[3:] == [100_001, ["Customer 99999", 100_019.0], ["Customer 0", 20.0]]


def test_an_explanation_is_of_one_customer() -> None:
    error, name = "stand_in.ERRORS['#DIV/0!']", "EXPLAIN_PROFIT"
    wrong = _calls(
        [
            (name, [_rows(("'ACME'",), ("'Gamma'",))]),
            (name, [_rows(("'ACME'", "'Gamma'"))]),
            (name, ["(('ACME',),) * 100_000"]),
            (name, ["'ACME'", _rows(("'deliver'",), ("'profit'",))]),
            (name, [_rows((error,), ("'ACME'",))]),
            (name, [_rows(("None",), ("None",))]),
            (name, [_rows(("' ACME '",))]),
        ]
    )
    codes = [_shown(answer[0][0]) for answer in wrong]
    assert codes == ["#VALUE!", "#VALUE!", "#VALUE!", "#VALUE!", "#DIV/0!", "#VALUE!", ANSWER]
    assert "100000 cells" in wrong[2][0][0]


def test_a_whale_curve_is_of_one_column_or_of_names_and_profits() -> None:
    error, name = "stand_in.ERRORS['#DIV/0!']", "WHALE_CURVE"
    answers = _calls(
        [
            (name, [_rows(("3.0",), (error,), ("1.0",))]),
            (name, [_rows(("None",), ("None",))]),
            (name, [_rows(("3.0",), ("None",), ("1.0",))]),
            (name, [_rows(("' ACME '", "1.0"), ("None", "3.0"))]),
            (name, [_rows(("'a'", "1.0", "2.0"), ("'b'", "3.0", "4.0"))]),
            (name, [_rows(("'a'", "'b'"), ("'c'", "'d'"))]),
        ]
    )
    assert [_shown(answer[0][0]) for answer in answers] == [
        "#DIV/0!",
        "#VALUE!",
        ANSWER,
        ANSWER,
        "#VALUE!",
        "#VALUE!",
    ]
    assert answers[2][1:] == [[1.0, 3.0, 3.0, 0.75], [2.0, 1.0, 4.0, 1.0]]
    assert [row[1:] for row in answers[3][1:]] == [["", 3.0, 3.0, 0.75], [" ACME ", 1.0, 4.0, 1.0]]
    count, first, last = _calls([(name, ["tuple((float(n), ) for n in range(1, 100_001))"])])[0]
    assert (count, first[0], last[1:]) == (100_001, "rank", [1.0, 5_000_050_000.0, 1.0])
