"""What it costs to add to xlprofit: the examples of docs/contributing.md, applied to a copy and used."""

from __future__ import annotations

from pathlib import Path

from tests.adding import copy_with, run_in

A_TABLE = """
import pandas as pd
from openpyxl import load_workbook
import xlprofit
from docs import generate
from xlprofit.checks import check
from xlprofit.headings import table_meant
from xlprofit.sources import spec
from xlprofit.tables import Raw
from xlprofit.workbook.read import read

days = pd.to_datetime(["2024-01-05", "2024-01-05", "2024-02-06", "2024-02-07"])
visits = pd.DataFrame(
    {"posting date": days, "kundennummer": ["A", "A", "B", "B"], "duration": [1.5, 1.5, -2.0, 0.5],
     "Fare (EUR)": ["10", "10", "5", "1,234.56"], "purpose": [None, None, None, "Service"]}
)
sales = pd.DataFrame({"date": days, "customer": ["A", "A", "B", "B"], "gross_revenue": [1.0, 2.0, 3.0, 4.0]})
raws = {"Visits": Raw("Visits", "Visits", visits), "Sales": Raw("Sales", "Sales", sales)}
inputs, findings = check(raws)
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
assert read(path)["Visits"].frame["customer"].tolist() == ["A"]

page = generate.tables()
assert "## Visits" in page and "travel cost" in page
assert [source.table for source in spec.given(["Visits=visits.csv"])] == ["Visits"]
assert table_meant("VISITS") == "Visits"
"""


def test_a_table_costs_two_files(tmp_path: Path) -> None:
    folder, files = copy_with("A table", tmp_path)
    assert files == ["xlprofit/tables/visits.py", "xlprofit/tables/__init__.py"]
    run_in(folder, A_TABLE)
