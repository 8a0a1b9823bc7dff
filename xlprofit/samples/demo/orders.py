"""What the demo company sells: orders, sales lines, invoices, balances and referrals."""

from __future__ import annotations

import numpy as np
import pandas as pd

from xlprofit.samples.demo.company import END, LINE_VALUE, MONTHS, PRODUCTS
from xlprofit.samples.demo.roster import Floats, Integers, Roster, spread

Dates = np.ndarray[tuple[int], np.dtype[np.datetime64]]


def cents(amounts: Floats) -> Floats:
    """Return amounts rounded to whole cents."""
    return np.round(amounts, 2)


def exact_total(amounts: pd.Series) -> float:
    """Return the sum of amounts in whole cents, free of the rounding of a long sum."""
    return float(np.rint(amounts.to_numpy() * 100).astype(np.int64).sum()) / 100


def month_of(dates: pd.Series) -> Integers:
    """Return the month of each date, counted from the first of the demo."""
    return np.asarray(dates.to_numpy().astype("datetime64[M]").astype(np.int64) - MONTHS[0].astype(np.int64))


def workday(month: Integers, rng: np.random.Generator) -> Dates:
    """Return a weekday of each month, at random."""
    first = np.busday_offset(MONTHS.astype("datetime64[D]"), 0, roll="forward")
    count = np.busday_count(MONTHS.astype("datetime64[D]"), (MONTHS + 1).astype("datetime64[D]"))
    step = np.floor(rng.random(len(month)) * count[month]).astype(np.int64)
    return np.asarray(np.busday_offset(first[month], step))


def orders(who: Roster, count: int, lines: int, rng: np.random.Generator) -> pd.DataFrame:
    """Return so many orders with so many lines in all, by date; ``customer`` is a place in the roster."""
    cells = spread(who.volume, count, rng).ravel()
    customer, month = np.divmod(np.repeat(np.arange(who.volume.size), cells), len(MONTHS))
    date = workday(month, rng)
    order = np.lexsort([customer, date])
    customer, month, date = customer[order], month[order], date[order]
    traits = who.frame.iloc[customer]
    more = np.maximum(traits["lines"].to_numpy() - 1, 0.2) * rng.gamma(4.0, 0.25, count)
    way = rng.random(count)
    phone, edi = traits["phone"].to_numpy(), traits["edi"].to_numpy()
    how = np.where(way < phone, "Phone order", np.where(way < phone + edi, "EDI order", "Web order"))
    day = (date - MONTHS[month].astype("datetime64[D]")).astype(np.int64)
    third = np.minimum(day // 10, 2)
    return pd.DataFrame(
        {
            "customer": customer,
            "month": month,
            "date": date,
            "bill": month * 3 + third,
            "how": how,
            "rush": (rng.random(count) < traits["rush"].to_numpy()).astype(float),
            "lines": 1 + spread(more, lines - count, rng),
        }
    )


def bills(who: Roster, ordered: pd.DataFrame) -> pd.DataFrame:
    """Return the collective invoices, three a month for each customer: customer, third of the month and number."""
    invoiced = who.frame["invoiced"].to_numpy()[ordered["customer"]]
    found = ordered.loc[invoiced, ["bill", "customer"]].drop_duplicates().sort_values(["bill", "customer"])
    year = (MONTHS[found["bill"].to_numpy() // 3].astype("datetime64[Y]").astype(np.int64) + 1970).astype(str)
    number = [f"{y}-{i:05d}" for i, y in enumerate(year, start=1)]
    return found.assign(invoice=number).reset_index(drop=True)


def sales(who: Roster, ordered: pd.DataFrame, billed: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return the sales lines of the orders."""
    line = np.repeat(np.arange(len(ordered)), ordered["lines"].to_numpy())
    count = len(line)
    customer = ordered["customer"].to_numpy()[line]
    traits = who.frame.iloc[customer]
    names, share, price, cost = (np.array(column) for column in zip(*PRODUCTS, strict=True))
    product = rng.choice(len(names), count, p=share / share.sum())
    gross = cents(LINE_VALUE * traits["ticket"].to_numpy() * rng.gamma(2.5, 0.4, count) + 4.0)
    discount = cents(gross * traits["discount"].to_numpy() * rng.uniform(0.7, 1.3, count))
    back = np.where(rng.random(count) < 0.025, rng.choice([0.1, 0.25, 0.5, 0.8], count), 0.0)
    # Half of what comes back can be sold again.
    cogs = cents(gross * cost[product] * rng.normal(1.0, 0.02, count) * (1 - back / 2))
    bill = ordered[["bill", "customer"]].merge(billed, how="left", on=["bill", "customer"])["invoice"]
    return pd.DataFrame(
        {
            "date": ordered["date"].to_numpy()[line],
            "customer": traits["name"].to_numpy(),
            "gross_revenue": gross,
            "discount": discount,
            "returns": cents((gross - discount) * back),
            "cogs": cogs,
            "invoice": bill.to_numpy()[line],
            "product": names[product],
            "quantity": np.maximum(np.round(gross / price[product]), 1.0),
        }
    )


def invoices(who: Roster, billed: pd.DataFrame, sold: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return the invoices of the sales lines: when they fell due, and when they were paid."""
    net = np.rint((sold["gross_revenue"] - sold["discount"] - sold["returns"]) * 100).astype("int64")
    amount = billed["invoice"].map(net.groupby(sold["invoice"]).sum()).to_numpy() / 100
    traits = who.frame.iloc[billed["customer"].to_numpy()]
    month, third = np.divmod(billed["bill"].to_numpy(), 3)
    within = MONTHS[month].astype("datetime64[D]") + (10 * third + 9).astype("timedelta64[D]")
    last = (MONTHS[month] + 1).astype("datetime64[D]") - np.timedelta64(1, "D")
    issued = np.where(third == 2, last, within)
    due = issued + traits["terms"].to_numpy().astype("timedelta64[D]")
    complaints = who.care["Complaint"][billed["customer"].to_numpy()]
    disputed = rng.random(len(billed)) < np.minimum(0.006 + 0.004 * complaints, 0.06)
    late = rng.gamma(1.2, traits["late"].to_numpy() / 1.2) - rng.integers(0, 5, len(billed)) + 50 * disputed
    paid = np.maximum(due + late.astype("timedelta64[D]"), issued + np.timedelta64(1, "D"))
    # Who pays in time leaves nothing open; the others forget one now and then.
    slips = np.where(traits["late"].to_numpy() > 5.0, 0.003, 0.0)
    never = (month >= traits["unpaid_from"].to_numpy()) | (rng.random(len(billed)) < slips)
    return pd.DataFrame(
        {
            "invoice": billed["invoice"],
            "customer": traits["name"].to_numpy(),
            "issued": issued,
            "due": due,
            "amount": amount,
            "paid": pd.Series(paid).where(~(never | (paid > END))),
            "disputed": disputed,
            "written_off": np.nan,
            "written_off_on": pd.NaT,
            "recovered": np.nan,
        }
    )


def balances(who: Roster, sold: pd.DataFrame) -> pd.DataFrame:
    """Return the average receivable, month by month, of the customers that are billed elsewhere."""
    elsewhere = who.frame[~who.frame["invoiced"]]
    rows = sold[sold["customer"].isin(elsewhere["name"])]
    net = rows["gross_revenue"] - rows["discount"] - rows["returns"]
    place = pd.Index(elsewhere["name"]).get_indexer(pd.Index(rows["customer"]))
    flow = np.zeros((len(elsewhere), len(MONTHS)))
    np.add.at(flow, (place, month_of(rows["date"])), net.to_numpy())
    turn = (elsewhere["terms"] + elsewhere["late"]).to_numpy()[:, None] / 30.4
    smooth = (flow + np.concatenate([flow[:, :1], flow[:, :-1]], axis=1)) / 2
    last = (MONTHS + 1).astype("datetime64[D]") - np.timedelta64(1, "D")
    frame = pd.DataFrame(
        {
            "date": np.tile(last, len(elsewhere)),
            "customer": np.repeat(elsewhere["name"].to_numpy(), len(MONTHS)),
            "balance": cents(smooth * turn).ravel(),
        }
    )
    return frame[frame["balance"] > 0].reset_index(drop=True)
