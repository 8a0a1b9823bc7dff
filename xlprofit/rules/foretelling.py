"""What the figures say of the forecast: no track record, none better than the average, sales after the end, counts.

And whether the period analysed goes on after the data stop: then everybody seems to have stopped buying.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from xlprofit.addresses import format_address
from xlprofit.findings import Finding, build_finding, phrase

if TYPE_CHECKING:
    from xlprofit.tables import Inputs

FEWEST = 10
"""Customers below which no track record is expected, and none is missed."""

GRACE = 31
"""Days after its end in which a customer may still be sent an invoice."""

FEWEST_DAYS, LONGEST_PAUSE, USUAL_PAUSES = 12, 45, 2
"""Days with sales that show how long nothing is sold as a rule; from how many days without, and how many times as long
as ever before, the data are taken to have stopped."""


@dataclass(frozen=True)
class Foretold:
    """What is known of the forecast: ``months`` of history that count, ``held_out`` of them, or too few to hold any.

    ``too_few`` says that too few customers were there before what would be held out, ``average_best`` that nothing did
    better on it than the average of each customer.
    """

    months: int
    held_out: int
    too_short: bool
    too_few: bool
    average_best: bool


def check_forecast(inputs: Inputs, foretold: Foretold, customers: int) -> list[Finding]:
    """Return the findings about the forecast.

    Args:
        inputs: the tables of the run.
        foretold: what is known of it.
        customers: how many customers there are.
    """
    sheet, found = inputs.sheets.get("Sales", "Sales"), []
    if foretold.too_short and customers >= FEWEST:
        found.append(build_finding("M11", sheet, "", phrase("M11", "too_short", n=foretold.months)))
    if foretold.too_few and customers >= FEWEST:
        found.append(build_finding("M11", sheet, "", phrase("M11", "too_few", n=customers)))
    if foretold.average_best:
        found.append(build_finding("M12", sheet, "", phrase("M12", "average_best", n=foretold.held_out)))
    return [*found, *_check_ends(inputs), *_check_counts(inputs, customers), *_check_last_sale(inputs)]


def _check_counts(inputs: Inputs, customers: int) -> list[Finding]:
    """Return the finding about customers said to have brought more than all others there are, at the first of them."""
    table = inputs["Customers"]
    many = table[(table["referrals"] > customers - 1).to_numpy(dtype=bool)].sort_values("row")
    if not len(many):
        return []
    first = many.iloc[0]
    what = phrase(
        "M16",
        "more_than_all",
        n=len(many),
        customer=str(first["customer"]),
        count=float(first["referrals"]),
        customers=customers,
    )
    place = inputs.cells.get("Customers", {}).get("referrals", 1)
    sheet = inputs.sheets.get("Customers", "Customers")
    return [build_finding("M16", sheet, format_address(int(first["row"]), place), what, count=len(many))]


def _check_ends(inputs: Inputs) -> list[Finding]:
    """Return the finding about customers that bought after they ended, at the first of them."""
    table, sales = inputs["Customers"], inputs["Sales"]
    ended = table[table["ended"].notna().to_numpy()]
    bought = sales[(sales["gross_revenue"] > 0).to_numpy()]
    if not len(ended) or not len(bought):
        return []
    last = bought.groupby("customer", observed=True)["date"].max()
    last.index = last.index.astype(str)
    came = last.reindex(ended["customer"].astype(str)).to_numpy()
    late = ended.assign(last=came)
    late = late[np.asarray((late["last"] - late["ended"]).dt.days > GRACE)].sort_values("row")
    if not len(late):
        return []
    first = late.iloc[0]
    place = inputs.cells.get("Customers", {}).get("ended", 1)
    what = phrase(
        "M13",
        "bought_after",
        n=len(late),
        customer=str(first["customer"]),
        day=pd.Timestamp(first["ended"]),
        last=pd.Timestamp(first["last"]),
    )
    sheet = inputs.sheets.get("Customers", "Customers")
    return [build_finding("M13", sheet, format_address(int(first["row"]), place), what, count=len(late))]


def _check_last_sale(inputs: Inputs) -> list[Finding]:
    """Return the finding that nothing was sold for long before the end of the period analysed."""
    sales, end = inputs["Sales"], inputs.settings.end
    sold = sales["date"][(sales["gross_revenue"] > 0).to_numpy()].drop_duplicates().sort_values()
    if len(sold) < FEWEST_DAYS:
        return []
    last = sold.iloc[-1]
    without, longest = (end - last).days, int(sold.diff().dt.days.max())
    if without <= max(LONGEST_PAUSE, USUAL_PAUSES * longest):
        return []
    what = phrase("M17", "data_stop", n=without, last=last, end=end)
    return [build_finding("M17", inputs.sheets.get("Sales", "Sales"), "", what)]
