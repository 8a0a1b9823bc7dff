"""Changes of Sales: prices, volumes, discounts and cost of goods, and what follows the sales of a customer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit.comparison.discounts import NEAR, Places, move_discounts
from xlprofit.comparison.reach import describe_no_effect, find_reached_rows, list_first
from xlprofit.findings import phrase
from xlprofit.ledger.effort import list_drivers
from xlprofit.ledger.periods import list_labels, place_dates
from xlprofit.messages import number
from xlprofit.reading.faults import Trouble
from xlprofit.rules.changes import MOST_GROWTH, Change, say_amount
from xlprofit.tables.balances import BALANCES
from xlprofit.tables.invoices import INVOICES
from xlprofit.vocabulary.levels import Level
from xlprofit.vocabulary.what_if import Changed

if TYPE_CHECKING:
    from xlprofit.tables import Inputs

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Frames = dict[str, pd.DataFrame]
Told = list[tuple[Change, Trouble]]
"""What is said of changes."""

SALES_CHANGES = (
    *(Changed.PRICE, Changed.VOLUME, Changed.ELASTICITY),
    *(Changed.DISCOUNT, Changed.COST_OF_GOODS),
)
"""What is changed in Sales."""

SCALED_LEVELS = (str(Level.OUTPUT_UNIT), str(Level.BATCH))
"""The levels of the activities that follow the volume."""


@dataclass(frozen=True)
class _Factors:
    """By what the prices and volumes of each sale are multiplied, and how elastic its volume is."""

    price: Floats
    volume: Floats
    elasticity: Floats
    told: Told = field(default_factory=list)


def change_sales(inputs: Inputs, changes: Sequence[Change]) -> tuple[Frames, Told]:
    """Return Sales with these changes and the tables that follow it; and what is said of the changes.

    A change that would take the discount of all that it is of out of 0 to 100 % is not made.
    """
    sales = inputs["Sales"]
    factors = _find_factors(inputs, changes)
    price, volume = factors.price, factors.volume
    changed = sales.assign(
        **{c: sales[c].to_numpy() * price * volume for c in ("gross_revenue", "discount", "returns")},
        **{c: sales[c].to_numpy() * volume for c in ("cogs", "quantity")},
    )
    told = list(factors.told)
    for change in changes:
        mask = find_reached_rows(inputs, "Sales", change)
        if change.what is Changed.DISCOUNT:
            discount, said = _change_discount(changed, mask, change)
            changed = changed.assign(discount=discount)
            told += said
        elif change.what is Changed.COST_OF_GOODS:
            cogs = changed["cogs"].to_numpy()
            moved = np.where(mask, cogs * (1 + change.amount), cogs)
            told += [] if not _is_same(moved, cogs) else [(change, describe_no_effect(change))]
            changed = changed.assign(cogs=moved)
    return {"Sales": changed, **follow_volume(inputs, volume), **follow_revenue(inputs, changed)}, told


def _is_same(one: Floats, other: Floats) -> bool:
    return bool(np.array_equal(one, other, equal_nan=True))


def _find_factors(inputs: Inputs, changes: Sequence[Change]) -> _Factors:
    """Return by what prices and volumes are multiplied; a volume that an elasticity multiplies too much is not."""
    sales = inputs["Sales"]
    factors = _Factors(np.ones(len(sales)), np.ones(len(sales)), np.zeros(len(sales)))
    priced = (sales[["gross_revenue", "discount", "returns"]].fillna(0.0) != 0).any(axis=1).to_numpy()
    sold = priced | (sales[["cogs", "quantity"]].fillna(0.0) != 0).any(axis=1).to_numpy()
    for change in changes:
        mask = find_reached_rows(inputs, "Sales", change)
        if change.what is Changed.ELASTICITY:
            _set_elasticity(factors, mask, bool((factors.price[mask & sold] != 1).any()), change)
        elif change.what in (Changed.PRICE, Changed.VOLUME):
            is_price = change.what is Changed.PRICE
            (factors.price if is_price else factors.volume)[mask] *= 1 + change.amount
            if not change.amount or not (priced if is_price else sold)[mask].any():
                factors.told.append((change, describe_no_effect(change)))
    price, elasticity = factors.price, factors.elasticity
    moved = (price != 1) & (np.abs(elasticity) > 0)
    # A power may differ in its last digit from processor to processor: twelve decimals do not.
    power = np.where(moved, np.round(np.where(moved, price, 1.0) ** elasticity, 12), 1.0)
    return replace(factors, volume=factors.volume * power)


def _set_elasticity(factors: _Factors, mask: Mask, moves: bool, change: Change) -> None:
    """Set an elasticity, unless it multiplies volumes by too much; ``moves``: any price of its sales changes."""
    too_much = _find_excess(factors.price[mask], change)
    if too_much is not None:
        factors.told.append((change, too_much))
        return
    factors.elasticity[mask] = change.amount
    if not moves:
        factors.told.append((change, describe_no_effect(change)))
    elif change.amount > 0:
        fix = phrase("V13", "negative", amount=number(-change.amount, ",.1f"))
        what = phrase("V13", "rises_with_price", elasticity=say_amount(change))
        factors.told.append((change, Trouble("V13", what, fix)))


def _find_excess(price: Floats, change: Change) -> Trouble | None:
    """Return that an elasticity multiplies a volume by more than a volume can change; nothing where it does not."""
    with np.errstate(over="ignore"):
        most = float((price**change.amount).max(initial=1.0))
    if most <= 1 + MOST_GROWTH:
        return None
    return Trouble(
        "V05", phrase("V05", "explodes", elasticity=say_amount(change)), phrase("V05", "nearer_zero")
    )


def _change_discount(sales: pd.DataFrame, mask: Mask, change: Change) -> tuple[Floats, Told]:
    """Return the discounts of Sales with a change of them, and what is said of it."""
    gross, discount = sales["gross_revenue"].to_numpy(np.float64), sales["discount"].to_numpy(np.float64)
    if change.to:
        moved = np.where(mask, change.amount * gross, discount)
        return moved, [(change, describe_no_effect(change))] if _is_same(moved, discount) else []
    rows = np.flatnonzero(mask)
    who = sales["customer"].cat.codes.to_numpy()[rows].astype(np.int64)
    shares = _find_shares(gross[rows], discount[rows], who)
    refused = _refuse_discount(sales, shares, change)
    if refused is not None:
        return discount, [(change, refused)]
    moved = discount.copy()
    moved[rows], held = move_discounts(gross[rows], discount[rows], who, change.amount)
    if _is_same(moved, discount):
        return discount, [(change, describe_no_effect(change))]
    return moved, _warn_of_held_discounts(sales, shares, held, change)


def _find_shares(gross: Floats, discount: Floats, who: Places) -> pd.DataFrame:
    """Return what each customer, by its place, sold and the discount of it: ``gross``, ``discount``, ``share``."""
    order = np.lexsort([discount, gross, who])  # sums must not depend on the order of the rows
    sums = pd.DataFrame({"gross": gross[order], "discount": discount[order]}).groupby(who[order]).sum()
    return sums.assign(share=(sums["discount"] / sums["gross"]).where(sums["gross"] > 0))


def _refuse_discount(sales: pd.DataFrame, shares: pd.DataFrame, change: Change) -> Trouble | None:
    """Return that the discount of all that a change is of would be less than nothing, or more than is sold."""
    gross, discount = float(shares["gross"].sum()), float(shares["discount"].sum())
    share = discount / gross if gross > 0 else float("nan")
    if not share + change.amount < -NEAR and not share + change.amount > 1 + NEAR:
        return None
    known = shares["share"].dropna()
    lowest, highest = (
        sales["customer"].cat.categories[known.index[[int(at)]]][0] for at in (known.argmin(), known.argmax())
    )
    told = {
        "change": say_amount(change),
        "share": share,
        "least": known.min(),
        "least_of": str(lowest),
        "most": known.max(),
        "most_of": str(highest),
    }
    fix = phrase("V05", "from_to", low=number(-share, "+.1%"), high=number(1 - share, "+.1%"))
    where = "below" if change.amount < 0 else "beyond_gross"
    if len(known) == 1:
        return Trouble("V05", phrase("V05", f"{where}_one", **told), fix)
    return Trouble("V05", phrase("V05", where, **told), fix)


def _warn_of_held_discounts(sales: pd.DataFrame, shares: pd.DataFrame, held: Places, change: Change) -> Told:
    """Return the warning of the customers whose discount could not go as far, the furthest from it first."""
    if not len(held):
        return []
    own = shares.loc[held, "share"].sort_values(ascending=change.amount < 0, kind="stable")
    names = [str(name) or '""' for name in sales["customer"].cat.categories[own.index]]
    told = {
        "change": say_amount(change),
        "customers": list_first(names),
        "limit": 0.0 if change.amount < 0 else 1.0,
    }
    what = phrase("V13", "held", n=len(held), all=len(shares), **told)
    room = own.dropna() if change.amount < 0 else 1 - own.dropna()
    least = round(float(room.clip(lower=0.0).min()), 3) if len(room) else 0.0
    most = number(-least if change.amount < 0 else least, "+.1%")
    return [(change, Trouble("V13", what, phrase("V13", "up_to", most=most) if least else None))]


def find_ratios(inputs: Inputs, table: str, dated: str, before: Floats, after: Floats) -> Floats:
    """Return, for each row of a table, by how much its customer's sales of the period changed: after / before.

    Where the customer sold nothing in the period the ratio of all its sales counts, and 1 where it sold nothing at all.

    Args:
        inputs: the tables.
        table: the table whose rows follow.
        dated: its column of days.
        before: an amount of each row of Sales.
        after: the same, changed.
    """
    sales, rows = inputs["Sales"], inputs[table]
    count = len(list_labels(inputs.settings))
    names = pd.Index(
        sorted({*sales["customer"].cat.categories, *rows["customer"].cat.categories}), dtype=object
    )
    who = _place_words(names, sales["customer"])
    flat = who * count + place_dates(sales["date"], inputs.settings)
    order = np.lexsort([after, before, flat])  # sums must not depend on the order of the rows
    sums = [np.bincount(flat[order], weights=w[order], minlength=len(names) * count) for w in (before, after)]
    whole = [s.reshape(len(names), count).sum(axis=1) for s in sums]
    known = _place_words(names, rows["customer"])
    cell = known * count + place_dates(rows[dated].fillna(inputs.settings.end), inputs.settings)
    ratio = _divide(sums[1][cell], sums[0][cell], np.nan)
    return np.where(np.isnan(ratio), _divide(whole[1][known], whole[0][known], 1.0), ratio)


def _place_words(names: pd.Index, column: pd.Series) -> npt.NDArray[np.int64]:
    places = names.get_indexer(pd.Index(column.cat.categories))
    return np.asarray(places[column.cat.codes.to_numpy()], dtype=np.int64)


def _divide(part: Floats, whole: Floats, otherwise: float) -> Floats:
    some = whole > 0
    return np.where(some, part / np.where(some, whole, 1.0), otherwise)


def follow_volume(inputs: Inputs, volume: Floats) -> Frames:
    """Return the log with the activities of each unit and batch in step with what their customers buy."""
    log, terms = inputs["ActivityLog"], inputs["Activities"]
    if (volume == 1).all() or not len(log):
        return {}
    gross = np.maximum(inputs["Sales"]["gross_revenue"].to_numpy(np.float64), 0.0)
    ratio = find_ratios(inputs, "ActivityLog", "date", gross, gross * volume)
    scaled = set(terms.loc[terms["level"].isin(SCALED_LEVELS).to_numpy(), "activity"].astype(str))
    factor = np.where(log["activity"].isin(scaled).to_numpy(), ratio, 1.0)
    return {"ActivityLog": scale_log(log, factor)} if (factor != 1).any() else {}


def scale_log(log: pd.DataFrame, factor: Floats) -> pd.DataFrame:
    """Return the log with the drivers of each row multiplied by its factor."""
    return log.assign(**{c: log[c].to_numpy(np.float64) * factor for c in list_drivers(log)})


def follow_revenue(inputs: Inputs, changed: pd.DataFrame) -> Frames:
    """Return invoices and balances in step with the net revenue of their customers."""

    def net(sales: pd.DataFrame) -> Floats:
        return np.asarray(
            (sales["gross_revenue"] - sales["discount"] - sales["returns"]).to_numpy(np.float64)
        )

    found: Frames = {}
    for table, dated, columns in (
        (INVOICES.name, "issued", ("amount", "written_off", "recovered")),
        (BALANCES.name, "date", ("balance",)),
    ):
        rows = inputs[table]
        ratio = find_ratios(inputs, table, dated, net(inputs["Sales"]), net(changed))
        if (ratio != 1).any():
            found[table] = rows.assign(**{c: rows[c].to_numpy(np.float64) * ratio for c in columns})
    return found
