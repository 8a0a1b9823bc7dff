"""Each kind of cell where another belongs: it is told at its address, or read as what it plainly is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import xlprofit
from tests.bad_input.wrong_cells import KINDS, LONG, Place, made
from tests.lossless.books import change, packed
from tests.lossless.test_corpus import LISTS
from tests.needs import few
from xlprofit.findings import Finding
from xlprofit.ooxml.read import read_input_tables
from xlprofit.rules import check_tables
from xlprofit.tables import SETTINGS, TABLES, ColumnSpec, Inputs, SettingSpec

BLANK = ("nothing", "blanks", "a formula that gives nothing", "a text of nothing to be seen")
FAILED = ("an error", "a newer error", "a formula without a value")

TOLD: Mapping[str, Mapping[str, str]] = {
    "a word": {"number": "C01", "share": "C01", "date": "C06", "period": "C09", "flag": "C10"},
    "a number": {"share": "C13", "date": "C05", "period": "C09", "flag": "C10"},
    "a number below zero": {"share": "C13", "date": "C05", "period": "C09", "flag": "C10"},
    "a number beyond all bounds": {
        "number": "C13",
        "share": "C13",
        "date": "C05",
        "period": "C09",
        "flag": "C10",
    },
    "a truth value": {"number": "C01", "share": "C01", "date": "C06", "period": "C09"},
    "a day": {"number": "C01", "share": "C01", "flag": "C10"},
    "a day far in the future": {
        "number": "C01",
        "share": "C01",
        "date": "C06",
        "period": "C06",
        "flag": "C10",
    },
    "a number as text": {"number": "C03", "share": "C13", "date": "C06", "period": "C09", "flag": "C10"},
    "a number of two readings": {
        "number": "C02",
        "share": "C02",
        "date": "C06",
        "period": "C09",
        "flag": "C10",
    },
    "a day as text": {"number": "C01", "share": "C01", "date": "C08", "flag": "C10"},
    "a day of two readings": {
        "number": "C01",
        "share": "C01",
        "date": "C07",
        "period": "C09",
        "flag": "C10",
    },
}
"""The code of the finding, by the kind of the cell and the kind of its column; of other kinds, that of a word.

A choice is told as C11 whatever stands there; a customer, a name or a text takes anything as a word.
"""

SAME_AS = {"a day and a time": "a day"}
READ_AS: Mapping[str, object] = {
    "a word": "soon",
    "a number": 12.5,
    "a number below zero": -3.0,
    "a number as text": 12.5,
    "a truth value": True,
    "a day": pd.Timestamp("2024-02-03"),
    "a day as text": pd.Timestamp("2024-02-03"),
    "a day and a time": pd.Timestamp("2024-02-03"),
    "a text like a formula": '=HYPERLINK("http://example.invalid","x")',
    "a text like a command": "@SUM(1+1)*cmd|' /C calc'!A0",
    "control characters": "ab c",
    "a return in its escape": "a b",
    "a text that looks like an escape": "a_x000D_b_x0041_",
    "right-to-left letters": "אבג ابجد",
    "an emoji": "👩‍👩‍👧‍👦🏳️‍🌈",
    "the longest text": LONG,
}
"""What a cell is read as where its column takes it."""

REFRESHED = (
    *("nothing", "a number", "a number below zero", "a number beyond all bounds", "a truth value", "a day"),
    *("a newer error", "a formula without a value", "a text like a formula", "control characters"),
    *("right-to-left letters", "an emoji", "the longest text", "a text of nothing to be seen"),
)
"""Kinds of cells of which no two are read alike."""

NAMED_ALIKE = {("Scenarios", "scenario"): "V14"}
"""What may be said of a name besides, since the same word is that of a plan here."""

REFERENCES = re.compile("R..|S06|N01|K0.")
"""Codes that a word may have besides, since it stands in no other table, or a day, since it is in no span."""


def expected(kind: str, spec: ColumnSpec | SettingSpec) -> str:
    """Return the code of the finding that a cell of this kind must have in a column; empty where it is taken."""
    if kind in FAILED:
        return "C04"
    if kind in BLANK:
        return "C12" if isinstance(spec, ColumnSpec) and spec.required else ""
    if spec.kind == "choice":
        return "C11"
    if spec.kind in ("customer", "name", "text"):
        return ""
    if kind == "a number below zero" and spec.kind in ("number", "share"):
        return "C13" if spec.minimum is not None else ""
    if kind == "a day far in the future" and spec.name in OPEN_ENDS and isinstance(spec, ColumnSpec):
        return ""  # an open end
    return TOLD.get(SAME_AS.get(kind, kind), TOLD["a word"]).get(spec.kind, "")


OPEN_ENDS = ("end", "ended", "until")

BLANK_TOLD = {
    ("Sales", "customer"): "M06",
    ("ActivityLog", "customer"): "C18",
    ("DirectCosts", "customer"): "C18",
    ("Activities", "resource"): "R04",
    ("Commissions", "value"): "R22",
    ("LossRates", "rate"): "R30",
}
"""Where a blank counts, or is told in words of its own."""

NAMED_TOLD = {
    **{(table, "version"): "V02" for table in ("Sales", "Resources", "ActivityLog", "DirectCosts")},
    ("Scenarios", "change"): "V05",
}
"""Columns of words in which not any word is right: no usual name of a plan, no change."""


@pytest.mark.parametrize("kind", KINDS)
def test_each_cell_is_told_or_read_as_what_it_is(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    places = made(path, kind)
    inputs, findings = check_tables(read_input_tables(path))
    assert inputs is not None
    for place in places:
        if place.table != "Settings":
            look_at(place, kind, inputs, findings)
    settings_told(places, kind, inputs, findings)


def look_at(place: Place, kind: str, inputs: Inputs, findings: tuple[Finding, ...]) -> None:
    """Assert that a cell is told at its address by the right code, and that its row is left out or rightly read."""
    spec = TABLES[place.table].column(place.column)
    code = expected(kind, spec)
    if kind not in (*BLANK, *FAILED):
        code = NAMED_TOLD.get((place.table, place.column), code)
    if kind in BLANK:
        code = BLANK_TOLD.get((place.table, place.column), code)
    if kind == "a number of two readings" and TABLES[place.table].column(place.column).unit == "currency":
        code = "C20"  # read as thousands, and said
    here = [f for f in findings if (f.sheet, f.cell) == (place.table, place.cell)]
    codes = {f.code for f in here}
    assert code in codes or not code, (place, [str(f) for f in here])
    alike = NAMED_ALIKE.get((place.table, place.column), "")
    others = {c for c in codes - {code, alike} if not REFERENCES.fullmatch(c)}
    if kind == "a number below zero" and not code:
        assert others <= {"C15", "C16", "C17", "C29"}, place
    elif code == "C20":
        assert others - {"C30"} == {"C03"}, place  # 1234 off a sale of less is told too
    else:
        assert not others, (place, [str(f) for f in here])
    number = re.sub(r"\D", "", place.cell)
    frame = inputs[place.table]
    rows = frame[frame["row"] == int(number)]
    failed = any(f.severity == "error" for f in here)
    if failed and not only_describes(place):
        assert rows.empty, place
        return
    if rows.empty:  # for another cell of the row, of which the same is wrong, or a day outside the span
        others = {f.code for f in findings if f.sheet == place.table and re.sub(r"\D", "", f.cell) == number}
        assert others or kind.startswith("a day") or place.table == "Sources", place
        return
    value = rows[place.column].iloc[0]
    if failed or kind in BLANK:
        assert pd.isna(value) or value == "" or value == spec.default, place
    elif code == "C20":
        assert value == 1234.0, place
    elif kind in READ_AS:
        assert value == meant(READ_AS[kind], spec), place


def only_describes(place: Place) -> bool:
    """Whether a column only describes its row, which counts without it."""
    spec = TABLES[place.table].column(place.column)
    known = {("Customers", name) for name in ("since", "ended", "parent", "from", "until")}
    known |= {("Referrals", "date"), ("Prospects", "resource"), ("Prospects", "closed")}
    known |= {("Sales", "product"), ("ActivityLog", "product")}
    return (place.table, place.column) in known or (
        spec.kind == "text" and spec.describes is not False and not spec.required
    )


def meant(value: object, spec: ColumnSpec) -> object:
    """Return what a value is in a column of this kind."""
    if spec.kind in ("customer", "name", "text"):
        if isinstance(value, pd.Timestamp):
            return f"{value:%Y-%m-%d}"
        return str(value).upper() if isinstance(value, bool) else str(value).removesuffix(".0")
    if spec.kind == "period":
        return "2024-02"
    return value


def settings_told(
    places: tuple[Place, ...], kind: str, inputs: Inputs, findings: tuple[Finding, ...]
) -> None:
    """Assert that each setting that cannot be read is told, and has its default."""
    specs = [SETTINGS[p.column] for p in places if p.table == "Settings"]
    wrong = [s for s in specs if expected(kind, s) not in ("", "C03", "C08")]
    if kind in FAILED:
        assert sum(f.count for f in findings if (f.sheet, f.code) == ("Settings", "C04")) == len(specs)
    else:
        told = [f for f in findings if f.sheet == "Settings" and f.code == "S02"]
        text = (
            kind not in BLANK
        )  # a currency is three letters; customers are grouped by a column that is there
        assert sum(f.count for f in told) == len(wrong) + text, [str(f) for f in told]
        groups = {p.cell for p in places if text and (p.table, p.column) == ("Settings", "group_by")}
        assert {f.cell for f in findings if (f.sheet, f.code) == ("Settings", "S07")} == groups
    for setting in wrong:
        if setting.default is not None:
            assert getattr(inputs.settings, setting.name) == setting.default, setting.name


@pytest.mark.parametrize("kind", few(REFRESHED, "a newer error", "control characters"))
def test_a_refresh_says_it_in_a_line_and_leaves_the_input_as_it_is(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    made(path, kind)
    change(path, {"xl/workbook.xml": lambda old: old.replace(b'name="Sources"', b'name="Elsewhere"')})
    before = packed(path)
    results: Any = xlprofit.refresh(path).results
    assert {n: p for n, p in packed(path).items() if n in before and n not in LISTS} == {
        n: p for n, p in before.items() if n not in LISTS
    }
    assert all("\n" not in str(finding) for finding in results.findings)
    assert results.ledger["amount"].abs().max() < 1e15
    assert results.ledger["amount"].notna().all()
