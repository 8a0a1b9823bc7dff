"""The formulas: golden figures, their laws, the look-ups, and any value of a cell thrown at all of them."""

from __future__ import annotations

import ast
import datetime
import doctest
import inspect
import math
import subprocess
import sys
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils import FORMULAE

import xlprofit
from tests.needs import examples
from xlprofit import formulas
from xlprofit.analysis import lifetime, whale
from xlprofit.formulas import (
    OMITTED,
    REGISTRY,
    FormulaError,
    Lookup,
    ResultColumn,
    SourceRow,
    calculators,
    cells,
    chosen,
    explained,
    lookups,
    results_sheet,
    words,
)
from xlprofit.formulas import registry as registry_module
from xlprofit.sheets.results_sheet import build_results_lookup, describe_results_sheet

MODULES = (calculators, cells, chosen, explained, lookups, registry_module, results_sheet, words, formulas)

PNL = ("gross_margin", "operating_profit", "profit")
SERVE = ("cost_to_serve", "operating_profit", "profit")
LINES = (
    ResultColumn("amount", "gross_revenue", "revenue", ("gross_revenue", "net_revenue", *PNL)),
    ResultColumn("amount", "cogs", "cogs", ("cogs", *PNL)),
    ResultColumn("amount", "commission", "commission", ("cost_to_acquire", "operating_profit", "profit")),
    ResultColumn("amount", "Phone support", "service", SERVE),
    ResultColumn("amount", "Complaint", "complaint", SERVE),
    ResultColumn("amount", "Return handling", "complaint", SERVE),
    ResultColumn("amount", "direct: service", "service", SERVE),
)
AMOUNTS: dict[str, dict[str, tuple[float | None, ...]]] = {
    "ACME": {"2024-01": (600, -300, -6, -40, -10, -20, None), "2024-04": (400, -200, -4, -60, None, -20, -5)},
    "Beta Oy": {"2024-01": (100, -90, None, -30, None, None, None), "2024-04": (0, 0, 0, 0, 0, 0, 0)},
    "4711": {"2024-01": (0, 0, 0, 0, 0, 0, 0), "2024-04": (50, -40, -1, None, None, None, None)},
}
MEASURES = ("net_revenue", "cost_to_serve", "profit")


def _sheet(with_periods: bool = True) -> list[list[object]]:
    """Return the results sheet of three customers in January and April."""
    columns = [
        *(ResultColumn("measure", name) for name in MEASURES),
        ResultColumn("measure", "margin"),
        *LINES,
    ]
    columns += [ResultColumn("units", "Phone support", "service")]
    columns += [ResultColumn(kind) for kind in ("state", "decision", "referral")]
    periods = ("2024-01", "2024-04") if with_periods else ()
    columns += [ResultColumn("measure", name, period=label) for label in periods for name in MEASURES]
    columns += [line._replace(period=label) for label in periods for line in LINES]
    body: list[list[object]] = []
    for name, by_period in AMOUNTS.items():
        total = [sum(a[i] or 0 for a in by_period.values()) for i in range(len(LINES))]
        figures = _measures(total)
        margin = figures[2] / figures[0] if figures[0] > 0 else None
        row: list[object] = [name, *figures, margin, *(t or None for t in total), -total[3] * 2.0]
        row += ["Profitable", "keep", None] if name == "ACME" else ["", "end", 12.5]
        for label in periods:
            row += _measures([a or 0 for a in by_period[label]])
        for label in periods:
            row += list(by_period[label])
        body.append(row)
    return formulas.build_results_rows("2024-06-30 12:00", "EUR", columns, body)


def _measures(amounts: Sequence[float]) -> list[float]:
    return [amounts[0], sum(amounts[3:]), sum(amounts)]


LOOKUP = Lookup.from_rows(_sheet())


def _code(answer: object) -> str:
    assert isinstance(answer, FormulaError), answer
    assert answer.reason
    return answer.code


def _reason(answer: object) -> str:
    assert isinstance(answer, FormulaError), answer
    return answer.reason


# Calculators


@pytest.mark.parametrize(
    ("retention", "multiples"),
    [
        (0.6, [1.2, 1.1538, 1.1111, 1.0714]),
        (0.7, [1.75, 1.6667, 1.5909, 1.5217]),
        (0.8, [2.6667, 2.5, 2.3529, 2.2222]),
        (0.9, [4.5, 4.0909, 3.75, 3.4615]),
    ],
)
def test_g22_clv(retention: float, multiples: list[float]) -> None:
    """G22 (Gupta and Lehmann): r / (1 + i − r), the first margin a year from now."""
    discount = [[0.10, 0.12, 0.14, 0.16]]
    for timing in ("end", 0, OMITTED, None, "a year from now"):
        found: Any = formulas.lifetime_value(1, retention, discount, OMITTED, timing)
        assert found[0] == pytest.approx(multiples, abs=5e-5)
    for timing in ("start", 1, "Now"):
        found = formulas.lifetime_value(1, retention, discount, None, timing)
        assert found[0] == pytest.approx([1 + m for m in multiples], abs=5e-5)
    limit: Any = formulas.lifetime_value(1, retention, discount, 10_000)
    assert limit[0] == pytest.approx(multiples, abs=5e-5)


def test_g24_prospect() -> None:
    """G24: 60,000 spent to reach 75,000, rate 0.012, margin 10, lifetime value 100 beside it: 0.52 each."""
    assert formulas.lifetime_value(10, 1, 0.1) == pytest.approx(100)
    each: Any = formulas.prospect_value(0.012, 10, 1, 0.1, 60_000 / 75_000)
    assert each == pytest.approx(0.52)
    assert each * 75_000 == pytest.approx(39_000)
    even = (60_000 / 75_000) / (10 + 100)
    assert even == pytest.approx(0.0072727, abs=1e-7)
    assert formulas.prospect_value(even, 10, 1, 0.1, 60_000 / 75_000) == pytest.approx(0)


def test_g13_capacity_rate() -> None:
    """G13 (Kaplan and Anderson 2004): 560,000 over 700,000 minutes is 0.80 a minute."""
    assert formulas.capacity_rate(560_000, 700_000) == pytest.approx(0.8)
    assert formulas.capacity_rate(560_000, 875_000, 0.8) == pytest.approx(0.8)


def test_g01_receivable_cost() -> None:
    """G01 (Dakota): 10 % a year on average receivables of 9,000 and 30,000 is 900 and 3,000."""
    assert formulas.receivable_cost([[9_000], [30_000]], 365, 0.1) == [[900.0], [3_000.0]]
    assert formulas.receivable_cost(1_000, -36.5, 0.1) == pytest.approx(-10)


def test_the_worth_of_a_margin_has_its_limits() -> None:
    assert formulas.lifetime_value(100, 1, 0, 5) == pytest.approx(500)
    assert formulas.lifetime_value(100, 1, 0, 5, "start") == pytest.approx(500)
    assert formulas.lifetime_value(100, 0, 0.1, 5) == pytest.approx(0)
    assert formulas.lifetime_value(100, 0, 0.1, 5, "start") == pytest.approx(100)
    assert formulas.lifetime_value(100, 0.9, 0.1, 0) == pytest.approx(0)
    assert formulas.lifetime_value(100, 0.8, 0, 1.5, "start") == pytest.approx(100 + 0.5 * 80)
    assert _code(formulas.lifetime_value(100, 1, 0)) == "#NUM!"
    assert _code(formulas.lifetime_value(100, 1, -0.1)) == "#NUM!"
    assert _code(formulas.lifetime_value(100, 1.2, 0.1)) == "#NUM!"
    assert _code(formulas.lifetime_value(100, 0.8, -1)) == "#NUM!"
    assert _code(formulas.lifetime_value(100, 0.8, 0.1, -1)) == "#NUM!"
    assert _code(formulas.lifetime_value(100, 0.8, 0.1, 3, "middle")) == "#VALUE!"
    assert "start" in _reason(formulas.lifetime_value(100, 0.8, 0.1, 3, "middle"))


@given(st.floats(0, 1), st.floats(-0.5, 1), st.floats(0, 60), st.sampled_from(["start", "end"]))
def test_the_closed_form_is_the_sum_and_that_of_the_model(
    retention: float, discount: float, horizon: float, timing: Any
) -> None:
    kept, whole = retention / (1 + discount), math.floor(horizon)
    terms = [kept**t for t in range(whole)] + [(horizon - whole) * kept**whole]
    expected = math.fsum(terms) * (1 if timing == "start" else kept)
    assert formulas.lifetime_value(1, retention, discount, horizon, timing) == pytest.approx(
        expected, rel=1e-9
    )
    assert float(lifetime.find_multiples(retention, discount, horizon, timing)) == pytest.approx(
        expected, rel=1e-9
    )


def test_no_capacity_has_no_rate() -> None:
    assert _code(formulas.capacity_rate(100, 0)) == "#DIV/0!"
    assert _code(formulas.capacity_rate(100, 10, 0)) == "#DIV/0!"
    assert _code(formulas.capacity_rate(100, -10)) == "#NUM!"
    assert _code(formulas.capacity_rate(100, 10, 80)) == "#NUM!"


def test_the_whale_curve_of_g06() -> None:
    """G06 (Horngren 14-20): ten customers, total 300, peak 424."""
    profits = {"Avery": 78, "Duran": -4, "Retail": -15, "Wizard": 97, "SantaClara": -73, "Grainger": 6}
    profits |= {"SoftwarePartners": 74, "ProblemSolvers": -32, "Business": 27, "Okie": 142}
    found: Any = formulas.whale_curve([[name, profit] for name, profit in profits.items()])
    assert found[0] == ["rank", "customer", "profit", "cumulative", "cumulative_share"]
    assert [row[3] for row in found[1:]] == [142, 239, 317, 391, 418, 424, 420, 405, 373, 300]
    model = whale.draw_curve(pd.Series(profits, dtype=float))
    assert [row[1] for row in found[1:]] == model.index.tolist()
    assert [row[4] for row in found[1:]] == pytest.approx(model["cumulative_share"].tolist())


def test_the_whale_curve_takes_a_row_or_a_column_and_passes_over_blanks() -> None:
    column: Any = formulas.whale_curve([[5.0], [None], [-7.0], [""]])
    assert column == [
        ["rank", "profit", "cumulative", "cumulative_share"], [1.0, 5.0, 5.0, ""], [2.0, -7.0, -2.0, ""],
    ]  # fmt: skip
    assert formulas.whale_curve([[5.0, -7.0]]) == column
    assert formulas.whale_curve([5.0, -7.0]) == column
    numbered: Any = formulas.whale_curve([[4711.0, 5.0], [12.0, 6.0]])
    assert [row[1] for row in numbered[1:]] == ["12", "4711"]
    assert _code(formulas.whale_curve([[1.0, 2.0, 3.0]] * 2)) == "#VALUE!"
    assert _code(formulas.whale_curve([])) == "#VALUE!"
    assert _code(formulas.whale_curve([[1.0], ["#DIV/0!"]])) == "#DIV/0!"
    assert _reason(formulas.whale_curve([["profit"], [1.0]])) == "A profit is “profit”, not a number"
    assert _code(formulas.whale_curve([[1e308], [1e308]])) == "#NUM!"


# Cells and ranges


def test_a_blank_where_a_figure_is_needed_gives_a_blank() -> None:
    for blank in (None, "", "  ", math.nan, OMITTED):
        assert formulas.capacity_rate(blank, 100) == ""
        assert formulas.capacity_rate(100, 100, blank) == 1.0
    assert _code(formulas.capacity_rate(None, "#REF!")) == "#REF!"


def test_ranges_are_spread_over_each_other() -> None:
    assert formulas.capacity_rate([[8.0], [4.0]], [[2.0, 4.0]]) == [[4.0, 2.0], [2.0, 1.0]]
    assert formulas.capacity_rate(((8.0,), (4.0,)), 2) == [[4.0], [2.0]]
    uneven: Any = formulas.capacity_rate([[8.0], [4.0], [2.0]], [[2.0], [2.0]])
    assert uneven[:2] == [[4.0], [2.0]]
    assert _code(uneven[2][0]) == "#N/A"
    assert formulas.capacity_rate([], 1) == [[""]]
    assert formulas.capacity_rate([[1.0, 2.0], [3.0]], 1) == [[1.0, 2.0], [3.0, ""]]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("12", "#VALUE!"),
        (True, "#VALUE!"),
        (datetime.datetime(2024, 1, 1), "#VALUE!"),
        (math.inf, "#NUM!"),
        (10**400, "#NUM!"),
        pytest.param(10**5000, "#NUM!", id="thousands of digits"),
        (Decimal("sNaN"), "#NUM!"),
        ("#N/A", "#N/A"),
        ("#SPILL!", "#VALUE!"),
        (FormulaError("#NAME?", "x"), "#NAME?"),
        ({"type": "Error", "basicValue": "#NUM!"}, "#NUM!"),
        (object(), "#VALUE!"),
        ([[["nested"]]], None),
    ],
)
def test_what_is_no_number_is_an_error_of_its_own(cell: object, code: str | None) -> None:
    answer: Any = formulas.receivable_cost(cell, 30, 0.1)
    assert _code(answer if code else answer[0][0]) == (code or "#VALUE!")


def test_numbers_of_any_kind_are_numbers() -> None:
    for amount in (Decimal(100), 100, {"type": "FormattedNumber", "basicValue": 100.0}):
        assert formulas.receivable_cost(amount, 365, 0.1) == pytest.approx(10)


# Look-ups


def test_a_customer_is_found_whatever_its_case_and_blanks() -> None:
    assert formulas.customer_profit(LOOKUP, " acme ") == pytest.approx(335)
    assert formulas.customer_profit(LOOKUP, "BETA  OY") == pytest.approx(-20)
    assert formulas.customer_profit(LOOKUP, 4711.0) == pytest.approx(9)
    assert formulas.customer_profit(LOOKUP, None) == ""


def test_measures_and_periods() -> None:
    assert formulas.customer_profit(LOOKUP, "ACME", "Net revenue") == pytest.approx(1_000)
    assert formulas.customer_profit(LOOKUP, "ACME", "margin") == pytest.approx(0.335)
    for january in ("2024-01", "2024/1", datetime.date(2024, 1, 20), 45_310.0, 45_310):
        assert formulas.customer_profit(LOOKUP, "ACME", None, january) == pytest.approx(224)
    for quarter in ("2024-Q2", "2024q2", "2024 Q2"):
        assert formulas.customer_profit(LOOKUP, "ACME", "profit", quarter) == pytest.approx(111)
    for year in ("2024", 2024, 2024.0):
        assert formulas.customer_profit(LOOKUP, "ACME", "profit", year) == pytest.approx(335)
        assert formulas.customer_profit(LOOKUP, "ACME", "margin", year) == pytest.approx(0.335)
    assert formulas.customer_profit(LOOKUP, "ACME", "margin", "2024-01") == pytest.approx(224 / 600)
    assert formulas.customer_profit(LOOKUP, "Beta Oy", "margin", "2024-04") == ""


def test_dates_are_read_as_the_periods_of_the_workbook() -> None:
    for label, when in (("2024-Q2", datetime.datetime(2024, 5, 3)), ("2024", datetime.date(2024, 5, 3))):
        columns = [ResultColumn("measure", "profit"), ResultColumn("measure", "profit", period=label)]
        lookup = Lookup.from_rows(formulas.build_results_rows("s", "EUR", columns, [["A", 1.0, 2.0]]))
        assert formulas.customer_profit(lookup, "A", "profit", when) == pytest.approx(2)


def test_a_wrong_word_offers_the_nearest_right_one() -> None:
    assert _code(formulas.customer_profit(LOOKUP, "Acne")) == "#N/A"
    assert "“Acne”" in _reason(formulas.customer_profit(LOOKUP, "Acne"))
    assert _code(formulas.customer_profit(LOOKUP, "ACME", "net revenu")) == "#VALUE!"
    assert "“net_revenue”?" in _reason(formulas.customer_profit(LOOKUP, "ACME", "net revenu"))
    assert "there are net_revenue" in _reason(formulas.customer_profit(LOOKUP, "ACME", "zzz"))
    assert _code(formulas.customer_profit(LOOKUP, "ACME", None, "2031")) == "#VALUE!"
    assert "from 2024-01 to 2024-04" in _reason(formulas.customer_profit(LOOKUP, "ACME", None, "2031"))
    assert _code(formulas.cost_to_serve(LOOKUP, "ACME", "servce")) == "#VALUE!"
    assert "“service”" in _reason(formulas.cost_to_serve(LOOKUP, "ACME", "servce"))
    assert _code(formulas.cost_to_serve(LOOKUP, "ACME", "commission")) == "#VALUE!"


def test_ranges_of_customers_measures_and_periods() -> None:
    found: Any = formulas.customer_profit(LOOKUP, [["ACME"], ["nobody"], [None]], [["profit", "net_revenue"]])
    assert found[0] == [pytest.approx(335), pytest.approx(1_000)]
    assert [_code(cell) for cell in found[1]] == ["#N/A", "#N/A"]
    assert found[2] == ["", ""]
    by_period: Any = formulas.customer_profit(LOOKUP, "ACME", "profit", [["2024-01", "2024-04", "#REF!"]])
    assert by_period[0][:2] == [pytest.approx(224), pytest.approx(111)]
    assert _code(by_period[0][2]) == "#REF!"


def test_a_range_of_one_is_a_range() -> None:
    for measure in ("profit", ["profit"], [["profit"]]):
        assert formulas.customer_profit(LOOKUP, [["ACME"]], measure) == [[pytest.approx(335)]]
    assert formulas.customer_profit(LOOKUP, "ACME", [["profit"]]) == [[pytest.approx(335)]]
    assert formulas.customer_profit(LOOKUP, [["ACME"], ["4711"]], [[None]], (("2024-04",),)) == [
        [pytest.approx(111)],
        [pytest.approx(9)],
    ]
    assert formulas.capacity_rate([[560.0]], 700) == [[pytest.approx(0.8)]]


def test_with_no_argument_the_whole_table_spills_ranked() -> None:
    table: Any = formulas.customer_profit(LOOKUP)
    assert table[0] == ["customer", *MEASURES, "margin"]
    assert [row[0] for row in table[1:]] == ["ACME", "4711", "Beta Oy"]
    some: Any = formulas.customer_profit(LOOKUP, OMITTED, [["Cost to serve", "profit"]], "2024-01")
    assert some[0] == ["customer", "cost_to_serve", "profit"]
    assert [row[0] for row in some[1:]] == ["4711", "Beta Oy", "ACME"]
    assert some[3] == ["ACME", pytest.approx(-70), pytest.approx(224)]
    assert _code(formulas.customer_profit(LOOKUP, measure="profitt")) == "#VALUE!"
    assert _code(formulas.customer_profit(LOOKUP, period=[["2024-01", "2024-04"]])) == "#VALUE!"
    assert _code(formulas.customer_profit(LOOKUP, period="#N/A")) == "#N/A"


def test_cost_to_serve_by_group_and_activity() -> None:
    assert formulas.cost_to_serve(LOOKUP, "ACME") == pytest.approx(-155)
    assert formulas.cost_to_serve(LOOKUP, "ACME", "service") == pytest.approx(-105)
    assert formulas.cost_to_serve(LOOKUP, "ACME", "phone support") == pytest.approx(-100)
    assert formulas.cost_to_serve(LOOKUP, "ACME", "direct: service") == pytest.approx(-5)
    assert formulas.cost_to_serve(LOOKUP, "ACME", "service", "2024-04") == pytest.approx(-65)
    assert formulas.cost_to_serve(LOOKUP, "4711", "Phone support") == pytest.approx(0)
    # One word, two things: as it is spelt.
    assert formulas.cost_to_serve(LOOKUP, "ACME", "Complaint") == pytest.approx(-10)
    assert formulas.cost_to_serve(LOOKUP, "ACME", "complaint") == pytest.approx(-50)


def test_state_decision_and_referral_value() -> None:
    assert formulas.customer_state(LOOKUP, [["ACME"], ["4711"]]) == [["Profitable"], [""]]
    assert formulas.customer_decision(LOOKUP, "acme") == "keep"
    assert formulas.referral_value(LOOKUP, ["ACME", "4711"]) == [[""], [12.5]]
    bare = Lookup.from_rows(
        formulas.build_results_rows("s", "EUR", [ResultColumn("measure", "profit")], [["A", 1.0]])
    )
    assert _code(formulas.customer_state(bare, "A")) == "#N/A"


def test_an_explanation_adds_up_to_the_figure() -> None:
    for line, figure in ((OMITTED, 335), ("cost_to_serve", -155), ("Complaint", -10), ("complaint", -50)):
        table: Any = formulas.explain_profit(LOOKUP, "ACME", line)
        assert table[0] == ["line", "group", "units", "rate", "amount", "share", "of_revenue"]
        assert sum(row[4] for row in table[1:]) == pytest.approx(figure)
        assert sum(row[5] for row in table[1:]) == pytest.approx(1.0)
        assert [abs(row[4]) for row in table[1:]] == sorted((abs(row[4]) for row in table[1:]), reverse=True)
    support: Any = formulas.explain_profit(LOOKUP, [["ACME"]], "Phone support")
    assert support[1][:5] == [
        "Phone support",
        "service",
        pytest.approx(200),
        pytest.approx(-0.5),
        pytest.approx(-100),
    ]
    assert formulas.explain_profit(LOOKUP, "4711", "service") == [table[0]]
    assert _code(formulas.explain_profit(LOOKUP, ["ACME", "4711"])) == "#VALUE!"
    assert _code(formulas.explain_profit(LOOKUP, "nobody")) == "#N/A"
    assert "“complaint”" in _reason(formulas.explain_profit(LOOKUP, "ACME", "complaintt")).casefold()
    assert formulas.explain_profit(LOOKUP, None) == ""


def _row(line: str, amount: float, row: int) -> SourceRow:
    return SourceRow(
        line, "service", f"ActivityLog!{row}", "2024-01", "quantity", 2.0, 4.0, amount / 4, amount, ""
    )


def test_the_drivers_of_a_line_stand_against_the_median_and_add_up_to_it() -> None:
    example = formulas.build_example()
    table: Any = formulas.explain_profit(example, "Memorial", "cost_to_serve", "drivers")
    assert [row[0] for row in table] == ["line", "Manual order", "Delivery", "Lines picked"]
    amount = table[0].index("amount")
    assert sum(row[amount] for row in table[1:]) == pytest.approx(-6_489.0)
    order = dict(zip(*table[:2], strict=True))
    assert order["usual_units"] == pytest.approx((18 + 49) / 2), "both have one revenue: the median is theirs"
    assert order["gap"] == pytest.approx((49 - 33.5) * -78)
    revenue: Any = formulas.explain_profit(example, "Memorial", "gross_revenue", "drivers")
    assert revenue[1][1:6] == [""] * 5, "nothing drives revenue: it stands as a whole"
    assert revenue[1][amount] == pytest.approx(40_660.0)
    assert "too many customers" in _reason(formulas.explain_profit(LOOKUP, "ACME", "service", "drivers"))
    assert "“drivers”" in _reason(formulas.explain_profit(example, "Memorial", None, "driver"))


def test_the_source_rows_are_those_of_the_last_refresh_or_an_error_says_so() -> None:
    assert "Explain" in _reason(formulas.explain_profit(LOOKUP, "ACME", "Phone support", "rows"))
    asked: list[bool] = []

    def read(customer: str, again: bool) -> list[SourceRow]:
        asked.append(again)
        assert customer == "ACME"
        rows = [_row("Phone support", -20.0, 3), _row("Phone support", -80.0, 2), _row("Other", -7.0, 4)]
        return rows if again else rows[1:]

    there = LOOKUP._replace(explain=read)
    table: Any = formulas.explain_profit(there, "acme", "Phone support", "rows")
    assert asked == [False, True], "rows that do not add up are read once more"
    assert [row[0] for row in table[1:]] == ["ActivityLog!2", "ActivityLog!3"]
    assert [row[table[0].index("amount")] for row in table[1:]] == [-80.0, -20.0]
    assert "changed since" in _reason(formulas.explain_profit(there, "ACME", "Complaint", "rows"))


def test_the_whale_curve_of_the_last_refresh() -> None:
    table: Any = formulas.look_up_whale_curve(LOOKUP)
    assert [row[1] for row in table[1:]] == ["ACME", "4711", "Beta Oy"]
    assert table[-1][3] == pytest.approx(324)
    assert formulas.look_up_whale_curve(None, [[1.0]]) == formulas.whale_curve([[1.0]])


def test_a_workbook_never_refreshed_says_so() -> None:
    unreadable: list[Any] = [None, [], [[]], [["something", "else"]], _sheet()[:3]]
    for rows in unreadable:
        with pytest.raises(FormulaError, match="never refreshed"):
            Lookup.from_rows(rows)
    other = _sheet()
    other[0][2] = 99
    with pytest.raises(FormulaError, match="another version"):
        Lookup.from_rows(other)
    for function in (f for f in REGISTRY.values() if f.lookup):
        required = ["ACME"] * sum(not a.optional for a in function.arguments)
        assert _code(function.call(None, *required)) == "#N/A"
        error = FormulaError("#N/A", "why")
        assert function.call(error, *required) is error


def test_the_sheet_comes_back_as_a_host_reads_it() -> None:
    """Tuples of one width, numbers as floats, blanks as None or empty, more rows and columns than there are."""
    width = max(map(len, _sheet())) + 3
    wide = tuple(
        (*(float(c) if isinstance(c, int) else c or None for c in row), *[None] * (width - len(row)))
        for row in _sheet()
    )
    again = Lookup.from_rows((*wide, (None,) * width))
    assert again.columns == LOOKUP.columns
    assert (again.stamp, again.currency) == ("2024-06-30 12:00", "EUR")
    assert formulas.customer_profit(again) == formulas.customer_profit(LOOKUP)
    assert again.periods == ("2024-01", "2024-04")


def test_what_had_no_room_is_said() -> None:
    small = Lookup.from_rows(_sheet(with_periods=False))
    assert formulas.customer_profit(small, "ACME") == pytest.approx(335)
    assert "too many customers" in _reason(formulas.customer_profit(small, "ACME", None, "2024-01"))
    assert _code(formulas.cost_to_serve(small, "ACME", "service", "2024-01")) == "#N/A"


def test_a_results_sheet_changed_by_hand_gives_an_error() -> None:
    rows = _sheet()
    rows[6][8] = "scribble"
    damaged = Lookup.from_rows(rows)
    assert "changed by hand" in _reason(formulas.cost_to_serve(damaged, "ACME", "Phone support"))
    assert "changed by hand" in _reason(formulas.explain_profit(damaged, "ACME"))


# Whatever a cell holds

CELL = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=12),
    st.datetimes(),
    st.dates(),
    st.decimals(),
    st.sampled_from([OMITTED, 10**400, 10**5000, b"bytes", object(), 1j, {}, {"basicValue": [1]}, {"a": 1}]),
    st.sampled_from(
        [*cells.CODES, *cells.OTHER_CODES, "start", "profit", "ACME", "4711", "2024-01", "2024-Q²"]
    ),
    st.sampled_from(["service", "2024", 45_310.0, 0.5, 0, 1, 1e308, -1e308, 5e-324, "Q", "-", "9-", "#"]),
)
ARGUMENT = st.one_of(CELL, st.lists(st.lists(CELL, max_size=3), max_size=3), st.lists(CELL, max_size=3))


def _is_cell(value: object) -> bool:
    if isinstance(value, FormulaError):
        return value.code in cells.CODES and "\n" not in value.reason and bool(value.reason)
    return isinstance(value, str) or (isinstance(value, (int, float)) and math.isfinite(value))


@settings(max_examples=examples(60), deadline=None)
@given(
    st.data(),
    st.sampled_from([None, LOOKUP, Lookup.from_rows(_sheet(with_periods=False)), formulas.build_example()]),
)
@pytest.mark.parametrize("name", REGISTRY)
def test_any_value_of_a_cell_gives_an_answer_or_an_error(name: str, data: st.DataObject, lookup: Any) -> None:
    function = REGISTRY[name]
    given = [data.draw(ARGUMENT) for _ in function.arguments]
    answer = function.call(*([lookup] if function.lookup else []), *given)
    if not isinstance(answer, list):
        assert _is_cell(answer)
        return
    assert answer
    assert len({len(row) for row in answer}) == 1
    assert all(_is_cell(cell) for row in answer for cell in row)


@settings(max_examples=examples(40), deadline=None)
@given(st.lists(st.lists(CELL, max_size=30), max_size=12))
def test_any_results_sheet_is_read_or_refused(rows: list[list[object]]) -> None:
    with pytest.raises(FormulaError) as refused:
        Lookup.from_rows(rows)
    assert refused.value.code == "#N/A"
    head = [[results_sheet.MARK, "s", results_sheet.LAYOUT, "EUR"], *_sheet()[1:6]]
    lookup = Lookup.from_rows(head + rows)
    for name in ("ACME", *(row[0] for row in rows if row)):
        for function in (f for f in REGISTRY.values() if f.lookup and f.name != "WHALE_CURVE"):
            answer = function.call(lookup, name)
            table = answer if isinstance(answer, list) else [[answer]]
            assert table and all(_is_cell(cell) for row in table for cell in row)
        assert _is_cell(formulas.cost_to_serve(lookup, name, "service", "2024"))


# The registry


def test_the_registry_has_every_formula_of_the_design() -> None:
    assert set(REGISTRY) == {
        "CUSTOMER_PROFIT",
        "COST_TO_SERVE",
        "CUSTOMER_STATE",
        "CUSTOMER_DECISION",
        "CUSTOMER_FORECAST",
        "REFERRAL_VALUE",
        "EXPLAIN_PROFIT",
        "WHALE_CURVE",
        "CAPACITY_RATE",
        "RECEIVABLE_COST",
        "LIFETIME_VALUE",
        "PROFIT_CHANGE",
        "PROSPECT_VALUE",
    }


@pytest.mark.parametrize("name", REGISTRY)
def test_a_formula_is_described_as_it_is_called(name: str) -> None:
    function = REGISTRY[name]
    parameters = list(inspect.signature(function.call).parameters.values())
    if function.lookup:
        assert parameters.pop(0).name == "lookup"
    assert [p.name for p in parameters] == [a.name for a in function.arguments]
    assert [p.default is OMITTED for p in parameters] == [a.optional for a in function.arguments]
    optional = [a.optional for a in function.arguments]
    assert optional == sorted(optional), "the optional arguments stand last"
    assert function.example.startswith(f"={name}(")
    assert name not in FORMULAE, "a built-in of that name would win silently"
    assert "_" in name
    assert {code for code, _ in function.errors} <= set(cells.CODES)
    for text in (function.summary, *(a.help for a in function.arguments)):
        assert 0 < len(text) <= 255
        assert "\n" not in text
    assert ">>>" in (inspect.getdoc(function.call) or "")


@pytest.mark.parametrize("module", MODULES, ids=lambda m: m.__name__)
def test_the_examples_run(module: Any) -> None:
    assert doctest.testmod(module).failed == 0


def test_it_starts_on_the_standard_library_alone() -> None:
    code = (
        "import sys; before = set(sys.modules); import xlprofit.formulas;"
        "print(*{m.split('.')[0] for m in set(sys.modules) - before})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert loaded - set(sys.stdlib_module_names) == {"xlprofit"}
    assert not loaded & {"dataclasses", "inspect", "difflib", "datetime", "decimal"}, "slow to start"


def test_older_pythons_can_read_it() -> None:
    """LibreOffice brings a Python of its own, which may be older than ours."""
    package = Path(formulas.__file__).parents[1]
    folders = [*package.glob("formulas/*.py"), *package.glob("vocabulary/*.py"), package / "closed_form.py"]
    texts = [path.read_text(encoding="utf-8") for path in folders]
    assert len([ast.parse(text, feature_version=(3, 8)) for text in texts]) > 5
    with pytest.raises(SyntaxError, match=r"3\.10"):
        ast.parse("match x:\n    case 1: ...", feature_version=(3, 8))


def test_the_drivers_of_a_formula_are_those_of_the_command(company: Mapping[str, pd.DataFrame]) -> None:
    results = xlprofit.analyze(dict(company))
    lookup = build_results_lookup(describe_results_sheet(results))
    customer = str(results.whale.index[-1])
    table: Any = formulas.explain_profit(lookup, customer, "cost_to_serve", "drivers")
    given = pd.DataFrame(table[1:], columns=table[0]).replace("", None)
    given = given[given["driver"].notna()].set_index(["line", "driver", "priced_by"])
    told = results.explain(customer, "cost_to_serve", level="drivers")
    told = told[told["driver"] != ""].set_index(["line", "driver", "priced_by"])
    numbers = ["driver_units", "usual_units", "each", "units", "rate", "amount", "gap"]
    assert len(given) == len(told) > 5
    pd.testing.assert_frame_equal(
        given[numbers].astype(float), told[numbers].loc[given.index].astype(float), rtol=1e-9
    )


WIDE = {place: place + 0xFEE0 for place in range(0x21, 0x7F)}
"""ASCII to the full-width letters of East Asian keyboards."""


@pytest.mark.parametrize("bound", ["low", "LOW", " Low ", "low".translate(WIDE), "l\u200bow", "alaraja"])
def test_a_bound_and_a_measure_are_met_in_any_spelling(bound: str) -> None:
    example = formulas.build_example()
    spelt = ("Expected profit", "expected_profit".translate(WIDE), "expected\u2011profit", "Odotettu tulos")
    for measure in ("expected_profit", *spelt, None):
        assert formulas.customer_forecast(example, "University", measure, bound) == 480.0
