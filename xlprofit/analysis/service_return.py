"""Return on service: what each activity for customers costs, who uses it, and whether they pay for it.

Source: Kaplan and Narayanan, "Measuring and Managing Customer Profitability", Journal of Cost Management
2001 (the effort spent on a customer against the margin it leaves); the channels of a service compared by
the cost of a contact after Kaplan and Anderson, *Time-Driven Activity-Based Costing*, 2007.

A customer is *unprofitable* where its profit over the span is below zero. Its **return on service** from an
activity is *(profit + cost of the activity) / cost of the activity*: what the customer leaves before the
activity, for each unit of money spent on it. Above 1 the customer pays for the activity and leaves a profit,
below 1 it does not, and it is then unprofitable. An unprofitable customer need not owe its loss to every
activity that it uses. So its return **does not justify** an activity where both hold:

1. the customer is unprofitable (its return on service is below 1), and
2. its gross margin for each unit of money spent on the activity is below that of the activity's profitable
   users taken together; or the activity has no profitable user.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit import ledger as books
from xlprofit.analysis import avoidable
from xlprofit.ledger.costs.direct_costs import name_direct_line
from xlprofit.vocabulary.groups import Group
from xlprofit.vocabulary.measures import Measure

if TYPE_CHECKING:
    from xlprofit.ledger import capacity
    from xlprofit.tables import Inputs

SERVICE_GROUPS = (Group.SERVICE, Group.COMPLAINT, Group.LOYALTY)
"""The groups that are service in the sense of the question "does good service pay?"."""

CHANNEL_GROUPS = (Group.SERVICE, Group.ORDER)
"""The groups whose activities are channels for the same thing: self-service or a live voice, web or phone.

In any other group the activities differ in kind (a complaint is no cheap delivery), so that none of them
is offered in place of another.
"""

TABLE_COLUMNS = (
    "activity",
    "resource",
    "group",
    "is_service",
    "cost",
    "units",
    "users",
    "share_used_by_unprofitable",
    "users_gross_margin",
    "margin_per_cost",
    "unjustified_users",
    "unjustified_cost",
    "cost_per_contact",
    "cheaper_activity",
    "saving",
)
"""The columns of :func:`tabulate_service`."""

USER_COLUMNS = (
    "customer",
    "activity",
    "group",
    "is_service",
    "cost",
    "gross_margin",
    "profit",
    "margin_per_cost",
    "yardstick",
    "return_on_service",
    "cheaper_activity",
    "saving",
)
"""The columns of :func:`list_users`."""

_ACTIVITY = ["group", "activity"]
_USE = ["customer", *_ACTIVITY]


def judge_uses(
    inputs: Inputs,
    ledger: pd.DataFrame,
    customers: pd.DataFrame,
    equations: pd.DataFrame,
    supply: capacity.Supply,
) -> pd.DataFrame:
    """Return every use of the cost to serve, judged: a row a customer, activity and resource.

    Columns: ``customer``, ``group``, ``activity``, ``resource``; ``cost`` (money, negative) and ``units`` of the
    row; and of the customer and activity, whatever the resource: ``activity_cost``, ``contacts`` (how often
    it was done), ``gross_margin`` and ``profit`` (the customer's), ``margin_per_cost``, ``yardstick``,
    ``unjustified``, ``cost_per_contact``, ``cheaper_activity`` and ``saving``, as :func:`tabulate_service` and
    :func:`list_users` say. What is done for a channel or the whole company has no user and is left out.

    Args:
        inputs: the tables; the log for contacts.
        ledger: the ledger.
        customers: the P&L by customer.
        equations: the terms of the time equations, as :func:`xlprofit.ledger.effort.list_terms` gives them.
        supply: the resources, with the avoidable share of each.
    """
    uses = _sum_uses(inputs, ledger, customers.index, equations, supply)
    acts = uses.groupby(_USE, sort=True, observed=True)[["cost", "avoidable"]].sum().reset_index()
    who = acts["customer"].to_numpy()
    spent = -acts["cost"].where(acts["cost"] < 0)
    acts = acts.assign(
        contacts=_count_contacts(acts, inputs, customers.index),
        gross_margin=customers[Measure.GROSS_MARGIN].to_numpy()[who],
        profit=customers[Measure.PROFIT].to_numpy()[who],
    )
    acts["margin_per_cost"] = acts["gross_margin"] / spent
    acts = acts.merge(_find_yardstick(acts), on=_ACTIVITY, how="left").merge(
        _find_channels(acts), on=_ACTIVITY, how="left"
    )
    worse = (acts["margin_per_cost"] < acts["yardstick"]) | acts["yardstick"].isna()
    acts["unjustified"] = (acts["profit"] < 0) & spent.notna() & worse
    saving = -acts["avoidable"] - acts["contacts"] * acts["cheaper_cost"]
    acts["saving"] = saving.clip(lower=0).where(acts["cheaper_activity"] != "")
    acts = acts.rename(columns={"cost": "activity_cost"}).drop(columns=["avoidable", "cheaper_cost"])
    judged = uses.drop(columns="avoidable").merge(acts, on=_USE, how="left")
    return judged.assign(customer=customers.index.to_numpy()[judged["customer"].to_numpy()])


def tabulate_service(judged: pd.DataFrame) -> pd.DataFrame:
    """Return what each activity for customers costs by resource, who uses it and what they leave for it.

    A row for each activity and resource of the cost to serve, service first, then by cost, the dearest
    first. Direct costs are in it as ``direct: group``, with no resource.

    - ``resource``: empty where a unit cost prices the activity; ``is_service``: one of :data:`SERVICE_GROUPS`.
    - ``cost``: money, negative; ``units``: of the resource, blank for direct costs.
    - ``users``: customers with any of the cost; ``users_gross_margin``: their gross margin, money.
    - ``share_used_by_unprofitable``: the cost of users whose profit is below 0 / cost, a fraction.
    - ``margin_per_cost``: users' gross margin / −cost, money for each unit of money spent. Blank, as the
      share is, where nothing was spent (a cost of 0, or taken back on the whole).
    - ``unjustified_users``, ``unjustified_cost`` (money, negative): the users whose return does not justify
      the activity (see the module), and what they cost.
    - ``cost_per_contact``: money, positive: cost of the activity, all its resources, for each time it was done.
    - ``cheaper_activity``: the activity of the same group (one of :data:`CHANNEL_GROUPS`) with the lowest cost
      per contact; empty where there is none cheaper.
    - ``saving``: money over the span, positive: what moving the unjustified users there would save. It is
      the avoidable cost of their contacts here, less the avoidable cost of as many average contacts there,
      never below 0; blank where there is no cheaper activity. Of cost whose avoidable share is unknown, half counts.

    Args:
        judged: the uses, as :func:`judge_uses` gives them.
    """
    cost, flagged = judged["cost"], judged["unjustified"]
    summed: dict[str, pd.Series] = {
        "cost": cost,
        "units": judged["units"],
        "users": pd.Series(1, index=judged.index),
        "unprofitable_cost": cost.where(judged["profit"] < 0, 0.0),
        "users_gross_margin": judged["gross_margin"],
        "unjustified_users": flagged.astype(np.int64),
        "unjustified_cost": cost.where(flagged, 0.0),
        "saving": (judged["saving"] * cost / judged["activity_cost"]).where(flagged, 0.0),
    }
    same = ["cost_per_contact", "cheaper_activity"]
    grouped = judged.assign(**summed).groupby([*_ACTIVITY, "resource"], sort=True, observed=True)
    sums = grouped.agg(dict.fromkeys(summed, "sum") | dict.fromkeys(same, "first")).reset_index()
    spent = -sums["cost"].where(sums["cost"] < 0)
    sums = sums.assign(
        is_service=sums["group"].isin(SERVICE_GROUPS),
        units=sums["units"].where(sums["activity"] != sums["group"].map(name_direct_line)),
        share_used_by_unprofitable=-sums["unprofitable_cost"] / spent,
        margin_per_cost=sums["users_gross_margin"] / spent,
        saving=sums["saving"].where(sums["cheaper_activity"] != ""),
    )
    order = ["is_service", "cost", "activity", "resource"]
    sums = sums.sort_values(order, ascending=[False, True, True, True], kind="stable", ignore_index=True)
    return sums[list(TABLE_COLUMNS)]


def list_users(judged: pd.DataFrame) -> pd.DataFrame:
    """Return the customers whose return does not justify an activity: a row a customer and activity.

    The definition is the module's. Service comes first, then the greatest saving, then the greatest cost.
    ``cost`` (negative, all resources), ``gross_margin``, ``profit`` and ``saving`` (positive, blank where no
    activity of the group is cheaper) are money over the span; ``margin_per_cost`` is the customer's gross
    margin / −cost, ``yardstick`` the same of the activity's profitable users, blank where there is none;
    ``return_on_service`` = (profit − cost) / −cost, below 1 in every row.

    Args:
        judged: the uses, as :func:`judge_uses` gives them.
    """
    found = judged[judged["unjustified"].to_numpy()].drop_duplicates(_USE).drop(columns="cost")
    found = found.rename(columns={"activity_cost": "cost"})
    found = found.assign(
        is_service=found["group"].isin(SERVICE_GROUPS),
        return_on_service=(found["profit"] - found["cost"]) / -found["cost"],
    )
    order = ["is_service", "saving", "cost", "customer", "activity"]
    found = found.sort_values(
        order, ascending=[False, False, True, True, True], kind="stable", ignore_index=True
    )
    return found[list(USER_COLUMNS)]


def _sum_uses(
    inputs: Inputs, ledger: pd.DataFrame, names: pd.Index, equations: pd.DataFrame, supply: capacity.Supply
) -> pd.DataFrame:
    """Return the cost to serve by customer (its place), group, activity and resource.

    ``cost`` and ``avoidable`` (the part of it that goes if the demand goes) are negative.
    """
    done = avoidable.list_efforts(inputs, ledger, names, equations, supply)
    resource, share = np.zeros(len(ledger), dtype=np.int64), np.ones(len(ledger))
    resource[done.row] = np.where(done.price < done.resources, done.price + 1, 0)
    share[done.row] = done.expected
    customer = avoidable.find_word_places(ledger["customer"], names)
    kept = (customer >= 0) & (books.find_sections(ledger) == Measure.COST_TO_SERVE).to_numpy()
    words = [pd.Index(ledger[c].cat.categories) for c in ("group", "line")]
    words.append(pd.Index(["", *supply.resources], dtype=object))
    codes = [ledger[c].cat.codes.to_numpy().astype(np.int64)[kept] for c in ("group", "line")]
    amount, units = (ledger[c].to_numpy(dtype=np.float64)[kept] for c in ("amount", "units"))
    keys, sums = books.add_up_codes(
        [customer[kept], *codes, resource[kept]],
        [len(names), *(len(w) for w in words)],
        [amount, units, amount * share[kept]],
    )
    columns = [books.code_words(key, word).astype(object) for key, word in zip(keys[1:], words, strict=True)]
    uses = pd.DataFrame(
        {"customer": keys[0]}
        | dict(zip([*_ACTIVITY, "resource"], columns, strict=True))
        | dict(zip(["cost", "units", "avoidable"], sums, strict=True))
    )
    return uses[(uses["cost"].abs() > 0).to_numpy()].reset_index(drop=True)


def _count_contacts(acts: pd.DataFrame, inputs: Inputs, customers: pd.Index) -> npt.NDArray[np.float64]:
    """Return how often each activity was done for each customer; blank where the log does not have it."""
    log = inputs["ActivityLog"]
    what = pd.Index(log["activity"].cat.categories)
    who, done = (
        avoidable.find_word_places(log["customer"], customers),
        avoidable.find_word_places(log["activity"], what),
    )
    order = books.order_rows(log, ["customer", "activity", "quantity"])
    kept = order[((who >= 0) & (done >= 0))[order]]
    place = who[kept] * len(what) + done[kept]
    quantity = log["quantity"].to_numpy(dtype=np.float64)[kept]
    times = np.append(np.bincount(place, weights=quantity, minlength=len(customers) * len(what)), 0.0)
    activity = what.get_indexer(pd.Index(acts["activity"]))
    asked = np.where(activity >= 0, acts["customer"].to_numpy() * len(what) + activity, len(times) - 1)
    return np.where(times[asked] > 0, times[asked], np.nan)


def _find_yardstick(acts: pd.DataFrame) -> pd.DataFrame:
    """Return the gross margin for each unit of money spent of each activity's profitable users together."""
    good = acts[(acts["profit"] >= 0).to_numpy()].groupby(_ACTIVITY, sort=True, observed=True)
    sums = good[["gross_margin", "cost"]].sum()
    return (sums["gross_margin"] / -sums["cost"].where(sums["cost"] < 0)).rename("yardstick").reset_index()


def _find_channels(acts: pd.DataFrame) -> pd.DataFrame:
    """Return each activity's cost per contact, and the cheapest activity of its group where that is cheaper.

    ``cheaper_cost`` is the avoidable cost of a contact there.
    """
    known = acts[acts["contacts"].notna().to_numpy()].groupby(_ACTIVITY, sort=True, observed=True)
    each = known[["cost", "avoidable", "contacts"]].sum().reset_index()
    each["cost_per_contact"] = -each["cost"] / each["contacts"]
    each["cheaper_cost"] = -each["avoidable"] / each["contacts"]
    best = each[each["group"].isin(CHANNEL_GROUPS).to_numpy()]
    best = best.sort_values(["cost_per_contact", "activity"], kind="stable").drop_duplicates("group")
    best = best.rename(columns={"activity": "cheaper_activity", "cost_per_contact": "lowest"})
    best = best[["group", "cheaper_activity", "lowest", "cheaper_cost"]]
    each = (
        acts[_ACTIVITY]
        .drop_duplicates()
        .merge(each[[*_ACTIVITY, "cost_per_contact"]], on=_ACTIVITY, how="left")
    )
    each = each.merge(best, on="group", how="left")
    cheaper = each["lowest"] < each["cost_per_contact"]
    each["cheaper_activity"] = each["cheaper_activity"].astype(object).where(cheaper, "")
    return each[[*_ACTIVITY, "cost_per_contact", "cheaper_activity", "cheaper_cost"]]
