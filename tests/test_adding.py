"""What it costs to add to xlprofit: the examples of docs/contributing.md, applied to a copy and used."""

from __future__ import annotations

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from tests.adding import copy_with, run_in
from tests.needs import takes_minutes

A_TABLE = """
import pandas as pd
from openpyxl import load_workbook
import xlprofit
from docs import generate
from xlprofit.rules import check_tables
from xlprofit.headings import table_meant
from xlprofit.sources import spec
from xlprofit.tables import Raw
from xlprofit.ooxml.read import read_input_tables

days = pd.to_datetime(["2024-01-05", "2024-01-05", "2024-02-06", "2024-02-07"])
visits = pd.DataFrame(
    {"posting date": days, "kundennummer": ["A", "A", "B", "B"], "duration": [1.5, 1.5, -2.0, 0.5],
     "Fare (EUR)": ["10", "10", "5", "1,234.56"], "purpose": [None, None, None, "Service"]}
)
sales = pd.DataFrame({"date": days, "customer": ["A", "A", "B", "B"], "gross_revenue": [1.0, 2.0, 3.0, 4.0]})
raws = {"Visits": Raw("Visits", "Visits", visits), "Sales": Raw("Sales", "Sales", sales)}
inputs, findings = check_tables(raws)
frame = inputs["Visits"]
assert frame["customer"].astype(str).tolist() == ["A", "B"], frame
assert frame["fare"].tolist() == [10.0, 1234.56], frame
assert frame["hours"].tolist() == [1.5, 0.5]
assert frame["purpose"].astype(str).tolist() == ["", "service"]
told = {(f.code, f.cell) for f in findings if f.sheet == "Visits"}
assert told >= {("C13", "C4"), ("K01", "A3")}, told

path = xlprofit.new("visits.xlsx", {"Visits": pd.DataFrame({"customer": ["A"], "date": days[:1]})})
book = load_workbook(path)
sheet = book["Visits"]
assert [cell.value for cell in sheet[1]] == ["date", "customer", "purpose", "hours", "fare"]
offered = {str(v.sqref).split(":")[0]: v.formula1 for v in sheet.data_validations.dataValidation}
assert offered == {"B2": "customer_list", "C2": '"sales,service"'}, offered
formats = [sheet.column_dimensions[at].number_format for at in ("A", "B", "D", "E")]
assert formats == ["yyyy-mm-dd", "@", "General", "#,##0.00"], formats
assert "duration" in sheet["D1"].comment.text
assert "How often a customer is called on" in {cell.value for row in book["Guide"] for cell in row}
assert read_input_tables(path)["Visits"].frame["customer"].tolist() == ["A"]

page = generate.tables()
assert "## Visits" in page and "travel cost" in page
assert [source.table for source in spec.read_given_sources(["Visits=visits.csv"])] == ["Visits"]
assert table_meant("VISITS") == "Visits"
"""


def test_a_table_costs_two_files(tmp_path: Path) -> None:
    folder, files = copy_with("A table", tmp_path)
    assert files == ["xlprofit/tables/visits.py", "xlprofit/tables/__init__.py"]
    run_in(folder, A_TABLE)


A_LANGUAGE = """
import pandas as pd
from openpyxl import load_workbook
import xlprofit
from xlprofit.cli import app
from xlprofit.headings import language_of, table_meant
from xlprofit.words.speech import say, speaking
from xlprofit.ooxml.read import read_input_tables
from typer.testing import CliRunner

path = xlprofit.new("bok.xlsx", language="sv")
sheets = load_workbook(path, read_only=True).sheetnames
assert sheets[:4] == ["Guide", "Settings", "Customers", "Aliases"] and "Försäljning" in sheets, sheets

sales = pd.DataFrame(
    {"date": ["1 maj 2024", "2 juni 2024", "30 juni 2024", "30 juni 2024"],
     "kundnr": ["A", "B", "B", "Delsumma B"], "Försäljningsintäkt": [1000.5, 200.0, 300.0, 500.0]}
)
invoices = pd.DataFrame(
    {"invoice": ["1", "2"], "customer": ["A", "B"], "issued": ["2024-05-01"] * 2, "due": ["2024-06-01"] * 2,
     "amount": [10.0, 20.0], "disputed": ["ja", "nej"]}
)
settings = pd.DataFrame({"setting": ["language"], "value": ["svenska"]})
path = xlprofit.new("book.xlsx", {"Sales": sales, "Invoices": invoices, "Settings": settings})
assert language_of(read_input_tables(path)["Settings"]) == "sv"
done = xlprofit.refresh(path)
book = load_workbook(path)
assert "Översikt" in book.sheetnames and "Decisions" in book.sheetnames, book.sheetnames
profits = book["Customer P&L"]
texts = {cell.value for row in profits for cell in row}
assert "Kund" in texts and "Net revenue" in texts, texts
assert "Customer" not in texts
results = xlprofit.analyze(path)
assert results.customers["gross_revenue"].to_dict() == {"A": 1000.5, "B": 500.0}
assert results.inputs["Invoices"]["disputed"].tolist() == [True, False]
with speaking("sv"):
    told = {finding.code: say(finding.what) for finding in results.findings}
assert told["T03"].startswith("utelämnat, eftersom tabellerna saknas: segments"), told["T03"]
assert "500,00\\u00a0EUR" in told["K04"].replace(" ", "\\u00a0"), told["K04"]
assert table_meant("försäljning") == "Sales"
asked = CliRunner().invoke(app, ["new", "mer.xlsx", "--language", "sv"])
assert asked.exit_code == 0, asked.output
"""


@takes_minutes
def test_a_language_costs_two_data_files(tmp_path: Path) -> None:
    folder, files = copy_with("A language", tmp_path)
    assert files == ["xlprofit/languages/sv.toml", "xlprofit/locale/sv/LC_MESSAGES/xlprofit.po"]
    texts = folder / files[1]
    with texts.open("rb") as file:
        catalogue = read_po(file, locale="sv")
    with texts.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalogue)
    run_in(folder, A_LANGUAGE)


A_COST_RULE = """
import xlprofit
from xlprofit.samples import demo

results = xlprofit.analyze(demo.tables(customers=15, sales_lines=200, activity_rows=200))
posted = results.ledger[results.ledger["line"].astype(str) == "shipping surcharge"]
sold = results.inputs["Sales"]["quantity"].sum()
assert sold > 0 and round(posted["amount"].sum(), 6) == round(-0.25 * sold, 6), (posted["amount"].sum(), sold)
customer = str(posted["customer"].iloc[0])
own = posted.loc[(posted["customer"] == customer).to_numpy(), "amount"].sum()
rows = results.explain(customer, "shipping surcharge")
assert len(rows) > 1 and round(rows["amount"].sum(), 6) == round(own, 6), (rows, own)
assert (rows["sheet"].astype(str) == "Sales").all(), rows
"""


def test_a_cost_rule_costs_two_files(tmp_path: Path) -> None:
    folder, files = copy_with("A cost rule", tmp_path)
    assert files == ["xlprofit/ledger/costs/shipping_surcharge.py", "xlprofit/ledger/rules.py"]
    run_in(folder, A_COST_RULE)


A_RESULT_SHEET = """
from openpyxl import load_workbook
import xlprofit
from xlprofit.samples import demo
from xlprofit.sheets import names

path = xlprofit.new("book.xlsx", demo.tables(customers=15, sales_lines=200, activity_rows=200))
results = xlprofit.refresh(path).results
book = load_workbook(path)
assert book.sheetnames.index("Top ten") == book.sheetnames.index("Scenario results") + 1, book.sheetnames
rows = [[cell.value for cell in row[:2]] for row in book["Top ten"].iter_rows(min_row=6, max_row=16)]
assert rows[0] == ["Customer", "Customer profit"], rows
best = results.customers["profit"].sort_values(ascending=False).head(10)
assert [name for name, _ in rows[1:]] == list(best.index), rows
assert [round(value, 6) for _, value in rows[1:]] == best.round(6).tolist(), rows
once = len(book.sheetnames)
xlprofit.refresh(path)
assert len(load_workbook(path, read_only=True).sheetnames) == once
assert "Top ten" in names.list_all_sheet_names()
"""


@takes_minutes
def test_a_result_sheet_costs_two_files(tmp_path: Path) -> None:
    folder, files = copy_with("A result sheet", tmp_path)
    assert files == ["xlprofit/sheets/top_ten.py", "xlprofit/sheets/names.py"]
    run_in(folder, A_RESULT_SHEET)


A_FORMULA = """
import doctest
from docs import generate
from xlprofit.formulas import REGISTRY, BLANK, calculators

function = REGISTRY["BREAK_EVEN_REVENUE"]
assert function.call(2_000, 0.4) == 5_000.0
assert function.call([[2_000], [400]], 0.4) == [[5_000.0], [1_000.0]]
assert function.call(None, 0.4) == BLANK
assert [function.call(2_000, 0).code, function.call("x", 0.4).code, function.call(1, 2).code] == [
    "#DIV/0!", "#VALUE!", "#NUM!"
]
assert "## BREAK_EVEN_REVENUE" in generate.formulas()
tested = doctest.testmod(calculators)
assert tested.attempted and not tested.failed
"""


def test_a_formula_costs_one_file(tmp_path: Path) -> None:
    folder, files = copy_with("A formula", tmp_path)
    assert files == ["xlprofit/formulas/calculators.py"]
    run_in(folder, A_FORMULA)
