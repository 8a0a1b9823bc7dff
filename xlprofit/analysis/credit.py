"""Credit risk: what customers owe, how late it is, what that costs, and a loss-rate table from the past.

Source: IFRS 9 (2014), B5.5.35 (the provision matrix) and illustrative example 12.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit.closed_form import DAYS_OF_YEAR
from xlprofit.ledger import allowance
from xlprofit.ledger.receivables import count_days_past_due, is_open, split_invoices
from xlprofit.vocabulary.groups import Group
from xlprofit.vocabulary.lines import Line

if TYPE_CHECKING:
    from xlprofit.tables import Inputs

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

BOUNDS = (0, 1, 31, 61, 91)
"""The usual buckets by days past due, each by its lower bound: not due, 1–30, 31–60, 61–90, over 90."""

LOST_AFTER = 180
"""Days past due from which an unpaid invoice passes for lost, where nobody says otherwise."""


def tabulate_credit(
    inputs: Inputs, ledger: pd.DataFrame, customers: pd.Index, movement: pd.DataFrame
) -> pd.DataFrame:
    """Return the credit risk of each customer, at ``as_of``.

    Args:
        inputs: the tables; Invoices, Balances and LossRates among them.
        ledger: the ledger.
        customers: the customers wanted, and in which order.
        movement: the allowance by customer and period, from :func:`xlprofit.ledger.allowance.tabulate_allowance`.

    Returns:
        A row a customer. All of it is blank where it is unknown: a customer without invoices has no more than its
        financing, and one without balances either not even that.

        - ``financing``, ``expected_loss``: money over the span, a cost and so negative, from the ledger; blank where
          Settings has no cost of capital, or where there is no LossRates table. The expected loss is the charge to
          the allowance, sign turned round; above 0 where the allowance was released.
        - ``opening``, ``charge``, ``written_off``, ``recovered``, ``closing``: the allowance over the whole span,
          *opening + charge − written_off + recovered = closing* (:mod:`xlprofit.ledger.allowance`); blank where
          expected_loss is.
        - ``open``: money owed, without what was written off; ``overdue``: what of it is past due; ``disputed``: what
          of it is disputed.
        - ``overdue_share``: overdue / open, a fraction; blank where nothing is open.
        - ``oldest_days_past_due``: days past due of the invoice that is latest, of those owed (credit notes are not);
          0 where none is late yet, blank where none is owed.
        - ``days_sales_outstanding``: open / invoiced × days, the invoiced amount being that of the last 365 days up
          to ``as_of``, or of the days since the customer's first invoice if those are fewer; blank where that
          amount is not above 0.
        - ``average_days_late``: the mean of paid − due over the invoices paid by ``as_of``, in days; negative where
          the customer pays early. Credit notes do not count.
        - a column for each bucket of LossRates (:func:`name_buckets`; the usual ones where there is none), in which
          ``open`` is cut up by the days past due.
        - ``deliver``, ``demand``: the cost of delivery and of special demands over the span, money, negative;
          ``demand_share``: demand / deliver, what the demands add to the cost of delivery, blank where nothing
          was delivered. Blank where the ledger has no such group.
    """
    settings = inputs.settings
    parts = split_invoices(inputs["Invoices"], settings)
    wanted = np.append(customers.get_indexer(pd.Index(parts["customer"].cat.categories)), -1)
    who = wanted[parts["customer"].cat.codes.to_numpy()].astype(np.int64)
    parts, who = parts[who >= 0], who[who >= 0]
    invoiced = np.bincount(who, minlength=len(customers)) > 0
    balanced = customers.isin(inputs["Balances"]["customer"].astype(str))
    financed = (invoiced | balanced) & (settings.cost_of_capital is not None)
    moved = allowance.sum_movement(movement, "customer").reindex(customers)
    deliver, demand = (
        _sum_costs(ledger, "group", group, customers) for group in (Group.DELIVER, Group.DEMAND)
    )
    losses = _sum_costs(ledger, "line", Line.EXPECTED_LOSS, customers, 0.0)
    frame = pd.DataFrame(
        {
            "financing": np.where(
                financed, _sum_costs(ledger, "line", Line.FINANCING, customers, 0.0), np.nan
            ),
            "expected_loss": np.where(moved["closing"].notna(), losses, np.nan),
        }
        | {name: moved[name].to_numpy() for name in allowance.MOVEMENT}
        | _sum_owed(parts, who, invoiced, settings.as_of)
        | _sum_ageing(parts, who, invoiced, list_lower_bounds(inputs["LossRates"]), settings.as_of)
        | {"deliver": deliver, "demand": demand, "demand_share": _divide_known(demand, deliver, deliver < 0)},
        index=customers.rename("customer"),
    )
    return frame.astype(np.float64)


def tabulate_credit_periods(
    credit: pd.DataFrame, ledger: pd.DataFrame, labels: pd.Index, movement: pd.DataFrame
) -> pd.DataFrame:
    """Return what credit cost and how the allowance moved, by customer and period.

    Args:
        credit: the credit risk of each customer, as :func:`tabulate_credit` gives it.
        ledger: the ledger.
        labels: the periods of the span, in order.
        movement: the allowance by customer and period, from :func:`xlprofit.ledger.allowance.tabulate_allowance`.

    Returns:
        A row for each customer whose financing or allowance is known and each period of the span, with
        ``financing``, ``expected_loss`` (money, a cost and so negative) and ``opening``, ``charge``,
        ``written_off``, ``recovered``, ``closing`` as the movement has them. What :func:`tabulate_credit` leaves
        blank of a customer is blank in all its periods. Over a customer's periods ``financing``, ``expected_loss``,
        ``charge``, ``written_off`` and ``recovered`` add up to those of ``credit``; its opening is that of the
        first, its closing that of the last.
    """
    known = credit[["financing", "closing"]].notna()
    names = credit.index[known.any(axis=1).to_numpy()]
    index = pd.MultiIndex.from_product([names, labels], names=["customer", "period"])
    columns = {}
    for line, given in ((Line.FINANCING, "financing"), (Line.EXPECTED_LOSS, "closing")):
        rows = ledger[(ledger["line"] == line).to_numpy()]
        sums = rows.groupby(["customer", "period"], observed=True)["amount"].sum()
        there = known.loc[index.get_level_values("customer"), given].to_numpy()
        columns[str(line)] = np.where(there, sums.reindex(index, fill_value=0.0), np.nan)
    return pd.DataFrame(columns, index=index).join(movement.reindex(index))


def _sum_costs(
    ledger: pd.DataFrame, column: str, name: str, customers: pd.Index, absent: float = np.nan
) -> Floats:
    """Return the sum of a line or group for each customer, ``absent`` where the ledger has no such row."""
    rows = ledger[(ledger[column] == name).to_numpy()]
    if not len(rows):
        return np.full(len(customers), absent)
    sums = rows.groupby("customer", observed=True)["amount"].sum()
    return sums.reindex(customers, fill_value=0.0).to_numpy(dtype=np.float64)


def _sum_owed(
    parts: pd.DataFrame, who: Integers, invoiced: npt.NDArray[np.bool_], as_of: pd.Timestamp
) -> dict[str, Floats]:
    """Return what each customer owes, and how fast it pays."""
    amount = parts["amount"].to_numpy(dtype=np.float64)
    unpaid = is_open(parts, as_of)
    days_late = count_days_past_due(parts, as_of)
    late = unpaid & (days_late > 0)
    count = len(invoiced)

    def total(values: Floats, chosen: npt.NDArray[np.bool_]) -> Floats:
        return np.where(invoiced, np.bincount(who[chosen], values[chosen], count), np.nan)

    owed, overdue = total(amount, unpaid), total(amount, late)
    age = (as_of - parts["issued"]).dt.days.to_numpy(dtype=np.float64)
    first = np.zeros(count)
    np.maximum.at(first, who, age + 1)
    lately = total(amount, (age >= 0) & (age < DAYS_OF_YEAR))
    days = np.minimum(first, DAYS_OF_YEAR)
    oldest = np.full(count, -1.0)
    bills = unpaid & (amount > 0)
    np.maximum.at(oldest, who[bills], days_late[bills])
    paid = ((parts["until"] <= as_of) & ~parts["lost"] & (parts["amount"] > 0)).to_numpy()
    lateness = np.asarray((parts["until"] - parts["due"]).dt.days, dtype=np.float64)
    times = total(np.ones(len(parts)), paid)
    return {
        "open": owed,
        "overdue": overdue,
        "overdue_share": _divide_known(overdue, owed, owed > 0),
        "oldest_days_past_due": np.where(oldest >= 0, oldest, np.nan),
        "days_sales_outstanding": _divide_known(owed * days, lately, lately > 0),
        "average_days_late": _divide_known(total(lateness, paid), times, times > 0),
        "disputed": total(amount, unpaid & parts["disputed"].to_numpy(dtype=bool)),
    }


def _sum_ageing(
    parts: pd.DataFrame,
    who: Integers,
    invoiced: npt.NDArray[np.bool_],
    lower: Integers,
    as_of: pd.Timestamp,
) -> dict[str, Floats]:
    """Return the open amount of each customer by bucket."""
    unpaid = is_open(parts, as_of)
    bucket = np.searchsorted(lower, count_days_past_due(parts, as_of)[unpaid], side="right") - 1
    amount = parts["amount"].to_numpy(dtype=np.float64)[unpaid]
    flat = who[unpaid] * len(lower) + bucket
    sums = np.bincount(flat, amount, len(invoiced) * len(lower)).reshape(len(invoiced), len(lower))
    known = np.where(invoiced[:, None], sums, np.nan)
    return dict(zip(name_buckets(lower.tolist()), known.T, strict=True))


def list_lower_bounds(loss_rates: pd.DataFrame) -> Integers:
    """Return the lower bounds of the ageing buckets: those of LossRates, else :data:`BOUNDS`.

    The lowest is always 0, so that every open invoice falls into a bucket.
    """
    given = np.ceil(loss_rates["days_past_due"].to_numpy(dtype=np.float64)) if len(loss_rates) else BOUNDS
    return np.unique(np.append(0, given)).astype(np.int64)


def name_buckets(lower: Sequence[int]) -> list[str]:
    """Return the names of the ageing buckets with these lower bounds, in days past due.

    >>> buckets([0, 1, 31, 61, 91])
    ['not_due', '1-30', '31-60', '61-90', 'over_90']
    """
    names = [f"{begin}-{after - 1}" for begin, after in pairwise(lower)]
    names.append(f"over_{lower[-1] - 1}" if lower[-1] > 0 else "all")
    if len(lower) > 1 and lower[1] == 1:
        names[0] = "not_due"
    return names


def loss_rates(
    invoices: pd.DataFrame,
    *,
    lost_after: int = LOST_AFTER,
    bounds: Sequence[int] = BOUNDS,
    as_of: pd.Timestamp | str | None = None,
) -> pd.DataFrame:
    """Return a provision matrix from the roll of past invoices, to be used as the LossRates table.

    The roll-rate method. An invoice *reaches* a bound where it is unpaid so many days after it fell due; all
    reach the bound 0. One that reaches ``lost_after`` is lost, whatever came in later; what was written off of one
    never came in, though the invoice may have been closed by it. *Roll of a bucket = amount
    that reached the next bound / amount that reached its own*, over the invoices whose next bound is
    not after ``as_of``, so that nobody counts as paying who has not had the time not to. *Loss rate
    = product of the rolls from the bucket to the loss.* Where all invoices are old enough that is simply the
    amount lost / the amount that reached the bucket.

    It is the past only: IFRS 9 (B5.5.52) asks for it to be adjusted for what is known of the future.

    Args:
        invoices: a row an invoice, with the columns ``issued``, ``due``, ``amount`` and ``paid`` (blank: unpaid), dates
            of any kind that pandas reads; ``written_off``, where there is such a column, is what of the amount was
            written off. Credit notes (amounts of 0 and below) do not count.
        lost_after: days past due from which an unpaid invoice is lost.
        bounds: the lower bounds of the buckets in days past due, ascending, the first 0.
        as_of: the day on which the books are looked at; the last date in the data where it is not given, due
            dates aside.

    Returns:
        ``days_past_due`` (the lower bound) and ``rate`` (a fraction), a row a bucket. A rate is blank where it is
        not known: no invoice came so far that is old enough to show what became of it, or some came to a bucket of
        which that holds. As the table LossRates, blanks are read cautiously, and it is said.

    Raises:
        ValueError: a column is missing, or the bounds do not ascend from 0 to below ``lost_after``.
    """
    steps = _check_roll_inputs(invoices, bounds, lost_after)
    invoices = _separate_write_offs(invoices)
    issued, due, paid = (pd.to_datetime(invoices[name]) for name in ("issued", "due", "paid"))
    day = max(issued.max(), paid.max()) if as_of is None and paid.notna().any() else as_of
    day = pd.Timestamp(issued.max() if day is None else day)
    amount = invoices["amount"].to_numpy(dtype=np.float64)
    counts = (amount > 0) & due.notna().to_numpy()
    # In order of size, so that sums over the rows do not depend on the rows' order.
    kept = np.flatnonzero(counts)[np.argsort(amount[counts], kind="stable")]
    held = np.asarray((paid - due).dt.days.fillna(np.inf), dtype=np.float64)[kept]
    aged = np.asarray((day - due).dt.days, dtype=np.float64)[kept]
    rates = _roll_to_loss(steps, amount[kept], held, aged)
    return pd.DataFrame({"days_past_due": steps[:-1].astype(np.float64), "rate": rates})


def _check_roll_inputs(invoices: pd.DataFrame, bounds: Sequence[int], lost_after: int) -> Integers:
    """Return the bounds with that of the loss behind them.

    Raises:
        ValueError: a column is missing, or the bounds do not ascend from 0 to below ``lost_after``.
    """
    missing = [name for name in ("issued", "due", "amount", "paid") if name not in invoices]
    if missing:
        raise ValueError(f"The invoices have no column {', '.join(missing)}.")
    steps = np.array([*bounds, lost_after], dtype=np.int64)
    if steps[0] != 0 or not (np.diff(steps) > 0).all():
        raise ValueError(
            f"The bounds {list(bounds)} should ascend from 0 and stay below lost_after, {lost_after}."
        )
    return steps


def _roll_to_loss(steps: Integers, amount: Floats, held: Floats, aged: Floats) -> list[float]:
    """Return the loss rate of each bucket, the product of the rolls from it to the loss.

    Each invoice has its amount, the days past due after which it was paid, and those that have passed by now.
    """
    rate = 1.0
    rates = []
    for step, following in zip(steps[:-1][::-1], steps[1:][::-1], strict=True):
        reached = (aged >= following) & ((held > step) | (step <= 0))
        base, rolled = float(amount[reached].sum()), float(amount[reached & (held > following)].sum())
        rate = (rolled / base * rate if rolled > 0 else 0.0) if base > 0 else np.nan
        rates.append(rate)
    return rates[::-1]


def _separate_write_offs(invoices: pd.DataFrame) -> pd.DataFrame:
    """Return the invoices with what was written off of each as one of its own that was never paid."""
    if "written_off" not in invoices:
        return invoices
    written_off = pd.to_numeric(invoices["written_off"]).fillna(0.0)
    rest = invoices.assign(amount=invoices["amount"] - written_off)
    lost = invoices.assign(amount=written_off, paid=None)[(written_off > 0).to_numpy()]
    return pd.concat([rest, lost], ignore_index=True)


def _divide_known(above: Floats, below: Floats, known: npt.NDArray[np.bool_]) -> Floats:
    """Return the quotient where it is known, blank elsewhere."""
    quotient = np.divide(above, below, out=np.full(len(above), np.nan), where=known)
    return np.asarray(quotient + 0.0)  # a nothing of the cost, which is negative, is not minus nothing
