"""Microsoft's "Customer Profitability Sample" of a services firm as xlprofit tables.

The data: revenue and cost by customer, product, business unit and month, 2013-08 to 2014-11
(microsoft/powerbi-desktop-samples, MIT), as a Parquet file; the actual figures are taken. Revenue becomes
Sales, each kind of cost a group of DirectCosts. With --plan the budget stands beside them as a version, and the sheet
Changes compares the two.

    uv run python examples/services_firm.py ms_customer_profitability.parquet services.xlsx [--plan]
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


def tables(facts: pd.DataFrame, version: str = "Actual") -> dict[str, pd.DataFrame]:
    """Return the input tables of the figures of a version, with control totals of the data's own sums."""
    rows = facts[facts["Scenario"] == version]
    date = pd.to_datetime(rows["YearPeriod"].astype(str), format="%Y%m") + pd.offsets.MonthEnd(0)
    key = pd.DataFrame({"date": date, "customer": rows["Customer"].astype(object)})
    key["customer"] = key["customer"].where(key["customer"].notna(), None)
    revenue = rows[list(REVENUES)].sum(axis=1)
    costs = [
        key.assign(group=group, amount=rows[column], note=column)[rows[column].abs() > 0]
        for column, group in COSTS.items()
    ]
    direct = pd.concat(costs, ignore_index=True)
    totals = {"gross_revenue": revenue.sum()} | {g: rows[c].sum() for c, g in COSTS.items()}
    return {
        "Settings": pd.DataFrame({"setting": ["currency", "period"], "value": ["USD", "month"]}),
        "Sales": key.assign(gross_revenue=revenue),
        "DirectCosts": direct,
        "ControlTotals": pd.DataFrame({"line": list(totals), "amount": list(totals.values())}),
    }


def list_versions(facts: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return the input tables of the actual figures, with the rows of the budget beside them."""
    actual, budget = tables(facts), tables(facts, "Budget")
    both = {
        name: pd.concat(
            [actual[name].assign(version=""), budget[name].assign(version="Budget")], ignore_index=True
        )
        for name in ("Sales", "DirectCosts")
    }
    return actual | both


def main() -> None:
    """Write the workbook named on the command line."""
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    facts = pd.read_parquet(source)
    print(xlprofit.new(target, list_versions(facts) if "--plan" in sys.argv[3:] else tables(facts)))


if __name__ == "__main__":
    main()
