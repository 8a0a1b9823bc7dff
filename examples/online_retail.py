"""The UCI "Online Retail" invoice lines as an xlprofit workbook.

The data: 541,909 invoice lines of a British gift wholesaler, 2010-12-01 to 2011-12-09 (UCI Machine
Learning Repository, CC BY 4.0), as a Parquet file. Sales are its lines, cancellations as returns; an
activity log is made from them: an order taken with its lines picked, a return handled. The resources
are this example's own, for the data says nothing about cost.

    uv run python examples/online_retail.py online_retail.parquet retail.xlsx
    uv run xlprofit refresh retail.xlsx
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

import xlprofit

TOTAL = 9_747_747.93
"""The data's own total, Σ quantity × price, in pounds."""


def tables(lines: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return the input tables of these invoice lines."""
    amount = (lines["Quantity"] * lines["UnitPrice"]).round(2)
    invoice, customer = lines["InvoiceNo"].astype(str), lines["CustomerID"].astype(object)
    day = lines["InvoiceDate"].dt.normalize()
    sales = pd.DataFrame(
        {
            "date": day,
            "customer": customer.where(customer.notna(), None),
            "gross_revenue": amount.clip(lower=0),
            "returns": (-amount).clip(lower=0),
            "invoice": invoice,
            "product": lines["StockCode"].astype(str),
            "quantity": lines["Quantity"].astype(float),
        }
    )
    return {
        "Settings": pd.DataFrame({"setting": ["currency", "period"], "value": ["GBP", "month"]}),
        "Sales": sales,
        "Resources": _RESOURCES,
        "Activities": _ACTIVITIES,
        "ActivityLog": _log(sales),
        "ControlTotals": pd.DataFrame({"line": ["net_revenue"], "amount": [TOTAL]}),
    }


_RESOURCES = pd.DataFrame(
    {
        "resource": ["Order desk", "Warehouse", "Returns desk"],
        "cost": [330_000.0, 900_000.0, 80_000.0],
        "capacity": [400_000.0, 1_100_000.0, 200_000.0],
        "unit": ["minutes"] * 3,
        "practical": [0.85, 0.85, 0.85],
    }
)

_ACTIVITIES = pd.DataFrame(
    [
        ("order taking", "order", "Order desk", "", 6.0),
        ("order taking", "order", "Order desk", "lines", 0.2),
        ("picking", "deliver", "Warehouse", "", 4.0),
        ("picking", "deliver", "Warehouse", "lines", 1.2),
        ("return", "complaint", "Returns desk", "", 20.0),
    ],
    columns=["activity", "group", "resource", "driver", "rate"],
)


def _log(sales: pd.DataFrame) -> pd.DataFrame:
    """Return an order taken and picked for each invoice, a return for each cancellation."""
    returned = sales["invoice"].str.startswith("C")
    rows = sales.assign(returned=returned).groupby(["invoice", "returned"], sort=True, as_index=False)
    invoices = rows.agg(date=("date", "first"), customer=("customer", "first"), lines=("product", "size"))
    orders, returns = invoices[~invoices["returned"]], invoices[invoices["returned"]]
    log = pd.concat(
        [
            orders.assign(activity="order taking"),
            orders.assign(activity="picking"),
            returns.assign(activity="return"),
        ],
        ignore_index=True,
    )
    return log.assign(quantity=1.0)[["date", "customer", "activity", "quantity", "lines"]]


def main() -> None:
    """Write the workbook named on the command line."""
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    print(xlprofit.new(target, tables(pd.read_parquet(source))))


if __name__ == "__main__":
    main()
