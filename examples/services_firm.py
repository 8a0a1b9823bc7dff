"""Microsoft's "Customer Profitability Sample" of a services firm as xlprofit tables.

The data: revenue and cost by customer, product, business unit and month, 2013-08 to 2014-11
(microsoft/powerbi-desktop-samples, MIT), as a Parquet file; the actual figures are taken. Revenue becomes
Sales, each kind of cost a group of DirectCosts.

    uv run python examples/services_firm.py ms_customer_profitability.parquet services.xlsx
    uv run xlprofit refresh services.xlsx
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

import xlprofit

REVENUES = ("Revenue", "Rev for Exp Travel", "Subscription Revenue")
COSTS = {
    "Material Costs": "cogs",
    "Labor Costs Variable": "labour",
    "Taxes": "taxes",
    "Travel Expenses": "travel",
    "Cost Third Party": "third party",
}


def tables(facts: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return the input tables of the actual figures, with control totals of the data's own sums."""
    actual = facts[facts["Scenario"] == "Actual"]
    date = pd.to_datetime(actual["YearPeriod"].astype(str), format="%Y%m") + pd.offsets.MonthEnd(0)
    key = pd.DataFrame({"date": date, "customer": actual["Customer"].astype(object)})
    key["customer"] = key["customer"].where(key["customer"].notna(), None)
    revenue = actual[list(REVENUES)].sum(axis=1)
    costs = [
        key.assign(group=group, amount=actual[column], note=column)[actual[column].abs() > 0]
        for column, group in COSTS.items()
    ]
    direct = pd.concat(costs, ignore_index=True)
    totals = {"gross_revenue": revenue.sum()} | {g: actual[c].sum() for c, g in COSTS.items()}
    return {
        "Settings": pd.DataFrame({"setting": ["currency", "period"], "value": ["USD", "month"]}),
        "Sales": key.assign(gross_revenue=revenue),
        "DirectCosts": direct,
        "ControlTotals": pd.DataFrame({"line": list(totals), "amount": list(totals.values())}),
    }


def main() -> None:
    """Write the workbook named on the command line."""
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    print(xlprofit.new(target, tables(pd.read_parquet(source))))


if __name__ == "__main__":
    main()
