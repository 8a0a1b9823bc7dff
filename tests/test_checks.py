from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.figures import read_figures, read_names
from tests.needs import examples
from xlprofit.catalogue import CATALOGUE
from xlprofit.errors import UnknownNameError
from xlprofit.findings import Finding, Findings
from xlprofit.results import compute_results
from xlprofit.rules import check_tables
from xlprofit.tables import DRIVER_TABLES, SETTINGS, TABLES, Inputs, Raw
from xlprofit.wordings import WORDINGS

CASES = Path(__file__).parent / "findings"
Rows = list[dict[str, Any]]


def base() -> dict[str, Rows]:
    return tomllib.loads((CASES / "base.toml").read_text(encoding="utf-8"))


def raw(name: str, rows: Rows) -> Raw:
    headers = list(dict.fromkeys(header for row in rows for header in row))
    frame = pd.DataFrame({h: pd.Series([row.get(h) for row in rows], dtype=object) for h in headers})
    return Raw(name, name, frame)


def with_all_settings(rows: Rows) -> Rows:
    given = {str(row.get("setting")).replace(" ", "_").lower() for row in rows}
    own = [row for row in base()["Settings"] if row["setting"] not in given]
    known = given | {row["setting"] for row in own}
    rest = [{"setting": n, "value": s.default} for n, s in SETTINGS.items() if n not in known]
    return [*rows, *own, *rest]


def with_cogs(rows: Rows) -> Rows:
    """Sales lines with a cost of goods of nothing on the last, where no line has any: it is not what is tested."""
    last = max((i for i, row in enumerate(rows) if any(row.values())), default=-1)
    if any("cogs" in row for row in rows):
        return rows
    return [{**row, "cogs": 0.0} if i == last else row for i, row in enumerate(rows)]


def sell_monthly(customers: int, months: int, amounts: list[float]) -> Rows:
    """Sales of customers who buy on the 15th of each month from January 2024 on, by amounts that come round again."""
    days = [
        day.date() for day in pd.date_range("2024-01-01", periods=months, freq="MS") + pd.Timedelta(days=14)
    ]
    return [
        {
            "date": day,
            "customer": f"C{who:02d}",
            "gross_revenue": amounts[(who * months + month) % len(amounts)],
            "cogs": 0.0,
        }
        for who in range(customers)
        for month, day in enumerate(days)
    ]


def company(case: Mapping[str, Any]) -> dict[str, Raw]:
    """The base company with a case's tables in the place of its own, all settings given."""
    without = case.get("without", ())
    tables = {name: case.get(name, rows) for name, rows in base().items() if name not in without}
    if "monthly" in case:
        tables["Sales"] = [*sell_monthly(**case["monthly"]), *case.get("Sales", [])]
    if "Sales" in tables and not case.get("without_cogs"):
        tables["Sales"] = with_cogs(tables["Sales"])
    if not case.get("bare"):
        tables["Settings"] = with_all_settings(case.get("Settings", []))
    raws = {name: raw(name, rows) for name, rows in tables.items()}
    for name, (row, count) in case.get("below", {}).items():
        raws[name] = replace(raws[name], below=count, below_row=row)
    for name, count in case.get("beside", {}).items():
        raws[name] = replace(raws[name], beside=count)
    for name in case.get("shuffled", ()):
        raws[name] = replace(raws[name], shuffled=True)
    for name, sheets in case.get("further", {}).items():
        raws[name] = replace(raws[name], further=tuple(sheets))
    return raws | {name: Raw(name, name, pd.DataFrame()) for name in case.get("empty", ())}


def findings_of(case: Mapping[str, Any]) -> tuple[Finding, ...]:
    return check_tables(company(case))[1]


@cache
def checked(name: str) -> tuple[Inputs | None, tuple[Finding, ...]]:
    return find_all(company(cases()[name]), cases()[name])


def find_all(raws: Mapping[str, Raw], case: Mapping[str, Any]) -> tuple[Inputs | None, Findings]:
    """The findings about the tables and, where a case is ``computed``, about its figures."""
    inputs, findings = check_tables(raws)
    if inputs is not None and case.get("computed"):
        return inputs, compute_results(inputs, findings).findings
    return inputs, findings


def clean() -> Inputs:
    inputs, findings = check_tables(company({}))
    assert inputs is not None and findings == ()
    return inputs


def with_column(table: str, column: str, cells: list[object]) -> dict[str, Raw]:
    """The core of the company, in one table as many rows as there are cells, and those in one column."""
    rows = base()[table]
    needed = ["Sales"] if table in ("Sales", "Settings") else ["Sales", "Resources", "Activities"]
    tables = {name: base()[name] for name in needed}
    tables[table] = [{**rows[i % len(rows)], column: cell} for i, cell in enumerate(cells)]
    return {name: raw(name, given) for name, given in tables.items()}


# --- the catalogue: each code has a small faulty input and its exact words ----------------------------


@cache
def cases() -> dict[str, dict[str, Any]]:
    found = {p.stem: tomllib.loads(p.read_text(encoding="utf-8")) for p in sorted(CASES.glob("*.toml"))}
    return {name: case for name, case in found.items() if name != "base" and "export" not in case}


@pytest.mark.parametrize("name", list(cases()))
def test_a_faulty_input_says_what_is_wrong(name: str) -> None:
    findings = checked(name)[1]
    assert [str(f) for f in findings] == cases()[name]["says"]
    assert name.split("-")[0] in {f.code for f in findings}


@pytest.mark.parametrize("name", list(cases()))
def test_a_finding_is_worded_under_its_own_code_or_a_noun(name: str) -> None:
    for found in checked(name)[1]:
        owner = found.variant.partition(".")[0]
        # A setting that cannot be read says what is wrong with it in the words of any cell.
        assert owner == found.code or owner in WORDINGS.keys() - CATALOGUE.keys() or found.code == "S02"


def test_every_code_has_a_faulty_input() -> None:
    shown = {name.split("-")[0] for name in cases()}
    elsewhere = {code for code in CATALOGUE if code[0] == "D"}  # those of tests/sources and tests/importing
    elsewhere |= {"M07", "M08"}  # what minutes paid say of stated rates: tests/analysis/test_rate_check.py
    elsewhere |= {"M15"}  # shares so small that no number holds what passes: tests/ledger/test_allocation.py
    elsewhere |= {"M09", "M10"}  # closed periods, which are files: tests/comparison/test_closing.py
    assert shown - elsewhere == set(CATALOGUE) - elsewhere


def test_the_catalogue_is_in_sentences() -> None:
    for code, rule in CATALOGUE.items():
        assert rule.code == code
        assert rule.why.endswith(".") and not rule.title.endswith(".") and not rule.fix.endswith(".")


@pytest.mark.parametrize("name", list(cases()))
def test_findings_are_ordered_and_carry_their_rule(name: str) -> None:
    findings = checked(name)[1]
    severities = ["stop", "error", "warning", "note"]
    assert [f.severity for f in findings] == sorted((f.severity for f in findings), key=severities.index)
    for f in findings:
        assert (f.severity, f.why) == (CATALOGUE[f.code].severity, CATALOGUE[f.code].why)
        assert f.count >= 1


# --- clean input ---------------------------------------------------------------------------------------


def assert_typed(inputs: Inputs) -> None:
    assert set(inputs.frames) == set(TABLES)
    dtypes = {
        "number": "float64",
        "share": "float64",
        "date": "datetime64[ns]",
        "flag": "bool",
        "customer": "category",
        "name": "category",
        "choice": "category",
        "text": "str",
        "period": "str",
    }
    shared = inputs["Sales"]["customer"].cat.categories
    for name, frame in inputs.frames.items():
        drivers = [d for d in inputs["Activities"]["driver"].unique() if d] if name in DRIVER_TABLES else []
        columns = TABLES[name].columns
        assert list(frame.columns) == [*(c.name for c in columns), *sorted(drivers), "row"]
        assert frame["row"].dtype == np.int64 and frame["row"].is_unique
        assert all(frame[d].dtype == np.float64 and frame[d].notna().all() for d in drivers)
        for column in columns:
            values = frame[column.name]
            assert values.dtype == dtypes[column.kind], (name, column.name, values.dtype)
            if column.kind in ("customer", "name", "choice"):
                words = list(values.cat.categories)
                assert words == sorted(words) and values.notna().all() and not values.cat.ordered
            if column.kind == "customer":
                assert values.cat.categories.equals(shared) and shared[0] == ""
            if column.kind in ("number", "share"):
                assert not np.isinf(values).any()
                assert column.default is None or values.notna().all()
                assert column.minimum is None or not (values < column.minimum).any()
                assert column.maximum is None or not (values > column.maximum).any()
            if column.kind == "date":
                assert (values.dropna() == values.dropna().dt.normalize()).all()


def test_a_clean_company_has_no_finding_and_is_typed() -> None:
    inputs = clean()
    assert_typed(inputs)
    assert inputs.sheets["Sales"] == "Sales"
    assert inputs.cells["Sales"] == {
        **{"date": 1, "customer": 2, "gross_revenue": 3, "discount": 4, "cogs": 5, "product": 6},
        "quantity": 7,
    }
    assert inputs.cells["ActivityLog"]["lines"] == 4
    sales = inputs["Sales"]
    assert list(sales["row"]) == [2, 3]
    assert list(sales["discount"]) == [50.0, 0.0]
    assert list(inputs["ActivityLog"]["quantity"]) == [1.0, 3.0]
    assert list(inputs["ActivityLog"]["lines"]) == [8.0, 0.0]
    assert list(inputs["Activities"]["level"]) == ["batch", "batch", "customer"]
    assert inputs.settings.cost_of_capital == 0.08
    assert inputs.settings.start == pd.Timestamp("2024-01-01")


def test_where_a_table_stands_is_where_its_findings_point() -> None:
    raws = company({"Sales": [*base()["Sales"], {"date": 7, "customer": "ACME", "gross_revenue": 1.0}]})
    raws["Sales"] = Raw("Sales", "Lines 2024", raws["Sales"].frame, row=5, column=27)
    inputs, findings = check_tables(raws)
    assert [(f.code, f.sheet, f.cell) for f in findings] == [("C05", "Lines 2024", "AA8")]
    assert read_figures(findings[0].what) == [7.0]
    assert inputs is not None and list(inputs["Sales"]["row"]) == [6, 7]
    assert inputs.cells["Sales"]["date"] == 27 and inputs.sheets["Sales"] == "Lines 2024"


def test_only_sales_is_enough() -> None:
    sales = pd.DataFrame({"date": ["2024-01-31"], "customer": ["ACME"], "gross_revenue": [100.0]})
    inputs, findings = check_tables({"Sales": Raw("Sales", "Sales", sales)})
    assert inputs is not None and {f.code for f in findings if f.severity != "note"} == {"H06"}
    assert_typed(inputs)
    assert inputs.settings.start == inputs.settings.end == inputs.settings.as_of == pd.Timestamp("2024-01-31")
    assert not inputs.has_rows("Customers")


def test_an_unknown_table_is_the_callers_mistake() -> None:
    with pytest.raises(UnknownNameError) as refused:
        check_tables({"Salse": Raw("Salse", "Salse", pd.DataFrame())})
    assert (refused.value.name, refused.value.near[0]) == ("Salse", "Sales")


# --- many cells ---------------------------------------------------------------------------------------


def test_many_different_faults_are_folded_and_none_is_lost() -> None:
    cells: list[object] = [1.0, *(f"wrong {i}" for i in range(25)), "wrong 3"]
    findings = [f for f in check_tables(with_column("Sales", "gross_revenue", cells))[1] if f.code == "C01"]
    assert len(findings) == 21
    assert [f.cell for f in findings[:2]] == ["C3", "C4"]
    assert findings[3].count == 2 and read_names(findings[3].what) == ["wrong 3"]
    assert read_figures(findings[3].what) == [1] and read_figures(findings[20].what) == [5]
    assert findings[20].count == 5 and findings[20].cell == "C23"
    assert sum(f.count for f in findings) == 26


def test_the_spelling_of_customers_is_that_of_customers_or_the_most_frequent() -> None:
    spelt = ["acme", "acme", "Ácme", " ACME", "Acme\u00a0 Oy", "acme oy"]
    rows = [{"date": dt.date(2024, 1, 5), "customer": name, "gross_revenue": 1.0} for name in spelt]
    inputs, _ = check_tables(company({"Sales": rows}))
    assert inputs is not None
    assert list(inputs["Sales"]["customer"]) == ["ACME", "ACME", "Ácme", "ACME", "Acme Oy", "Acme Oy"]
    inputs, _ = check_tables(company({"Sales": rows, "without": ["Customers", *SATELLITES]}))
    assert inputs is not None
    assert list(inputs["Sales"]["customer"]) == ["acme", "acme", "Ácme", "acme", "Acme Oy", "Acme Oy"]


SATELLITES = ("ActivityLog", "DirectCosts", "Invoices", "Balances", "Referrals", "Commissions")


def test_a_number_is_a_name_without_its_decimals() -> None:
    rows = [{"date": dt.date(2024, 1, 5), "customer": c, "gross_revenue": 1.0} for c in (12345.0, "12345", 7)]
    inputs, findings = check_tables(company({"Sales": rows, "without": ["Customers", *SATELLITES]}))
    assert inputs is not None and list(inputs["Sales"]["customer"]) == ["12345", "12345", "7"]
    assert not [f for f in findings if f.code == "N01"]


def test_a_driver_may_bear_the_name_of_a_synonym() -> None:
    terms = [
        {"activity": "Call", "group": "service", "resource": "Service desk", "rate": 3.0, "driver": d}
        for d in (None, "Count")
    ]
    log = [{"date": dt.date(2024, 1, 5), "customer": "ACME", "activity": "Call", "count": 4}]
    inputs, findings = check_tables(
        company({"Activities": terms, "ActivityLog": log, "without": ["ProspectNeeds"]})
    )
    assert inputs is not None and [f.code for f in findings] == ["T03"]
    assert list(inputs["ActivityLog"]["quantity"]) == [1.0]
    assert list(inputs["ActivityLog"]["Count"]) == [4.0]


def test_the_driver_quantity_is_the_base_term() -> None:
    term = {
        "activity": "Pick",
        "group": "deliver",
        "resource": "Warehouse",
        "rate": 3.0,
        "driver": "Quantity",
    }
    inputs, findings = check_tables(company({"Activities": [term], "without": ["ActivityLog"]}))
    assert inputs is not None and [f.code for f in findings] == ["T03"]
    assert list(inputs["Activities"]["driver"]) == [""]


def test_a_balance_counts_where_its_period_does() -> None:
    rows = [{"setting": "end", "value": dt.date(2024, 3, 15)}]
    case = {
        "Settings": rows,
        "Balances": [{"date": dt.date(2024, 3, 31), "customer": "Beta", "balance": 5.0}],
    }
    inputs, findings = check_tables(company(case))
    assert inputs is not None and len(inputs["Balances"]) == 1 and findings == ()


def test_an_open_end_far_in_the_future_is_still() -> None:
    rule = {**base()["Commissions"][0], "end": dt.datetime(9999, 12, 31)}
    inputs, findings = check_tables(company({"Commissions": [rule]}))
    assert inputs is not None and findings == ()
    assert inputs["Commissions"]["end"].isna().all()


# --- laws -----------------------------------------------------------------------------------------------


def contents(inputs: Inputs) -> dict[str, pd.DataFrame]:
    frames = {}
    for name, frame in inputs.frames.items():
        columns = [c for c in frame.columns if c != "row"]
        if len(frame):
            frames[name] = frame[columns].sort_values(columns, kind="stable", ignore_index=True)
    return frames


def assert_same(one: Inputs | None, other: Inputs | None) -> None:
    assert (one is None) == (other is None)
    if one is None or other is None:
        return
    assert one.settings == other.settings
    others = contents(other)
    assert set(contents(one)) == set(others)
    for name, frame in contents(one).items():
        pd.testing.assert_frame_equal(frame, others[name])


def reordered(raws: Mapping[str, Raw], seed: int) -> dict[str, Raw]:
    return {n: Raw(n, n, r.frame.sample(frac=1.0, random_state=seed)) for n, r in raws.items()}


CHOOSING = (
    "C01",
    "C12",
    "K01",
    "K02",
    "K03",
    "M06",
    "N01",
    "R07",
    "R12",
    "R13",
    "R16",
    "R23",
    "R41",
    "R43",
    "S06",
)
"""Cases in which one row is chosen before another, counted or named."""


@pytest.mark.parametrize("name", CHOOSING)
def test_the_order_of_rows_does_not_matter(name: str) -> None:
    inputs, findings = checked(name)
    other, found = check_tables(reordered(company(cases()[name]), seed=1))
    assert_same(inputs, other)
    assert sorted((f.code, f.count) for f in found) == sorted((f.code, f.count) for f in findings)


WORDS = st.one_of(
    st.sampled_from(["", " ", "ACME", "acme ", "Beta", "12,5O", "1,234", "1.3.2024", "n/a", "#N/A", "Pick"]),
    st.sampled_from(
        ["(5)", "5 %", "€ 3", "yes", "2024-Q1", "lines", "customer", "\ud800", "\u200b", "a\x00b"]
    ),
    st.text(max_size=6),
)
CELLS = st.one_of(
    st.none(),
    st.sampled_from(
        [np.nan, pd.NaT, pd.NA, np.inf, -np.inf, 10**400, np.float32(1.5), np.int8(3), np.bool_(True)]
    ),
    st.sampled_from([Decimal("1.5"), Decimal("sNaN"), 1j, [1], {}, object(), dt.time(1), dt.timedelta(1)]),
    st.sampled_from(
        [pd.Period("2024-03"), pd.Timestamp("2024-01-05", tz="Asia/Tokyo"), np.datetime64("NaT")]
    ),
    st.sampled_from([np.datetime64("2024-02-03T04"), dt.datetime.max, dt.date.min, b"x", np.str_("ACME")]),
    st.booleans(),
    st.integers(-(10**6), 10**6),
    st.floats(width=32),
    st.datetimes(),
    st.dates(),
    WORDS,
)
PLACES = st.sampled_from(
    [(t.name, c.name) for t in TABLES.values() for c in t.columns] + [("ActivityLog", "lines")]
)


@settings(max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(place=PLACES, cells=st.lists(CELLS, min_size=1, max_size=6))
def test_whatever_stands_in_a_column_nothing_is_raised(place: tuple[str, str], cells: list[object]) -> None:
    raws = with_column(*place, cells)
    inputs, findings = check_tables(raws)
    assert (inputs is None) == any(f.severity == "stop" for f in findings)
    if inputs is not None:
        assert_typed(inputs)
        backwards = {n: Raw(n, n, r.frame.iloc[::-1]) for n, r in raws.items()}
        assert_same(inputs, check_tables(backwards)[0])


@settings(max_examples=examples(30), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_whatever_stands_in_all_columns_nothing_is_raised(data: st.DataObject) -> None:
    raws = {}
    for table in data.draw(st.lists(st.sampled_from(list(TABLES)), unique=True, min_size=1)):
        rows = data.draw(st.integers(0, 4))
        columns = {
            c.name: pd.Series(data.draw(st.lists(CELLS, min_size=rows, max_size=rows)), dtype=object)
            for c in TABLES[table].columns
        }
        raws[table] = Raw(table, table, pd.DataFrame(columns))
    inputs, findings = check_tables(raws)
    assert (inputs is None) == any(f.severity == "stop" for f in findings)
    if inputs is not None:
        assert_typed(inputs)


@settings(max_examples=examples(25), deadline=None)
@given(
    st.lists(st.sampled_from([None, "", " ", 0.0, 12.5, -3.0, "7", "1,234", "x"]), min_size=1, max_size=30)
)
def test_every_cell_is_counted_blank_or_a_finding(cells: list[object]) -> None:
    inputs, findings = check_tables(with_column("Sales", "gross_revenue", cells))
    left_out = sum(f.count for f in findings if f.code in ("C01", "C02", "C12"))
    usable = 0 if inputs is None else len(inputs["Sales"])
    assert left_out + usable == len(cells)


# --- frames of any dtype --------------------------------------------------------------------------------


def test_a_frame_may_have_any_dtype() -> None:
    plain = {
        "date": [dt.datetime(2024, 1, 15), dt.datetime(2024, 2, 15)],
        "customer": ["ACME", "Beta"],
        "gross_revenue": [1000, 2000],
        "invoice": ["17", "18"],
        "cogs": [600, 1200],
    }
    objects = pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in plain.items()})
    expected, _ = check_tables({"Sales": Raw("Sales", "Sales", objects)})
    variants: dict[str, list[Any]] = {
        "date": [
            pd.to_datetime(objects["date"]),
            pd.to_datetime(objects["date"]).dt.tz_localize("Europe/Helsinki"),
            pd.to_datetime(objects["date"]).astype("datetime64[s]"),
            pd.Series(["2024-01-15", "2024-02-15"], dtype="string"),
            objects["date"].astype("category"),
        ],
        "customer": [
            objects["customer"].astype("category"),
            objects["customer"].astype("string"),
            objects["customer"].astype("str"),
        ],
        "gross_revenue": [
            pd.Series([1000, 2000], dtype="int64"),
            pd.Series([1000.0, 2000.0], dtype="Float64"),
            pd.Series([1000, 2000], dtype="uint16"),
            pd.Series([1000, 2000], dtype="category"),
            pd.Series(["1000", "2000"], dtype="string"),
        ],
        "invoice": [pd.Series([17, 18]), pd.Series([17.0, 18.0]), pd.Series(["17 ", "18"], dtype="category")],
    }
    for column, kinds in variants.items():
        for values in kinds:
            frame = objects.assign(**{column: values}).set_index(pd.Index([7, 7]))
            before = frame.copy(deep=True)
            inputs, findings = check_tables({"Sales": Raw("Sales", "Sales", frame)})
            assert {f.severity for f in findings} <= {"note"}, (column, values.dtype)
            assert_same(inputs, expected)
            pd.testing.assert_frame_equal(frame, before)


def test_periods_may_be_dates_or_periods() -> None:
    rows = [{"resource": "Warehouse", "cost": 1.0}, {"resource": "Service desk", "cost": 1.0}]
    frame = pd.DataFrame([*rows, {"resource": "IT", "cost": 1.0}])
    for period in (pd.Period("2024-02"), dt.date(2024, 2, 9), "2024-02", "02/2024", "Feb 2024", "2024-2"):
        given = frame.assign(period=pd.Series([period] * 3))
        inputs, findings = check_tables(company({}) | {"Resources": Raw("Resources", "Resources", given)})
        assert inputs is not None and findings == (), period
        assert list(inputs["Resources"]["period"]) == ["2024-02"] * 3
