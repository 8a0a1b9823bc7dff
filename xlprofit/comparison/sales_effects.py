"""Sales: the change of revenue and cost of goods split into price, volume, mix, discounts, returns and unit cost.

Source: Horngren, Datar and Rajan, *Cost Accounting: A Managerial Emphasis* (15th ed., 2015), chapters 7 and 14: the
selling-price variance is *(p₁ − p₀) × q₁*, the sales-quantity variance *(Q₁ − Q₀) × average margin₀*, and the sales-mix
variance what the sold units at the margins of before leave beside it. An *item* is what a customer buys of a product;
of a customer with no product, all that it buys. Prices are gross revenue a unit; discounts, returns and cost of goods
are a unit too, so that a larger volume is no larger discount: *margin₀ = p₀ − discount₀ − returns₀ − cost₀*.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit import ledger as books
from xlprofit.comparison.names import match_names, rename_words
from xlprofit.comparison.sold import KEYS, VALUES
from xlprofit.vocabulary.effects import Effect

if TYPE_CHECKING:
    from xlprofit.comparison.side import Side

Floats = npt.NDArray[np.float64]


def pair_items(before: Side, after: Side, spelt: dict[str, str]) -> pd.DataFrame:
    """Return what was sold on both sides, a row an item, and what the effects are computed with.

    Columns: :data:`KEYS`; each of :data:`VALUES` with 0 and 1 behind it for before and after; ``base0`` and ``base1``,
    what the coefficients are for a unit of; and of before ``price``, ``discount``, ``returns``, ``cogs`` (money a
    unit), ``margin`` (what is left of the price) and ``split`` (whether there are prices to compare).

    Args:
        before: the side before.
        after: the side after.
        spelt: how the customers of before are spelt after, where that differs.
    """
    first = before.items
    second = first if after.sells_the_same(before) else after.items
    early, late = match_products(before, after)
    first = first.assign(
        customer=rename_words(first["customer"], spelt), product=rename_words(first["product"], early)
    )
    second = second.assign(product=rename_words(second["product"], late))
    return _add_coefficients(_join_sides(first, second))


def match_products(before: Side, after: Side) -> tuple[dict[str, str], dict[str, str]]:
    """Return how the products of before and those of after are called among the items, where that differs.

    As those of after are spelt; where one side names none, there are none on the other either: what was sold is
    compared by customer.
    """
    first, second = (
        sorted({str(name) for name in side.results.inputs["Sales"]["product"].unique()})
        for side in (before, after)
    )
    if any(first) and any(second):
        return match_names(first, second), {}
    return dict.fromkeys(first, ""), dict.fromkeys(second, "")


def _place_both_sides(first: pd.Series, second: pd.Series) -> tuple[pd.Index, npt.NDArray[np.int64]]:
    """Return the words of both sides in order, and where each row's stands among them, those of the first first."""
    words = pd.Index(sorted({*first.cat.categories, *second.cat.categories}), dtype=object)
    both = [words.get_indexer(pd.Index(side.astype(object))) for side in (first, second)]
    return words, np.concatenate(both).astype(np.int64)


def _join_sides(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """Return the items of both sides side by side, by customer, product and whether they are counted."""
    joined: dict[str, object] = {}
    codes, sizes = [], []
    for key in KEYS[:2]:
        words, places = _place_both_sides(first[key], second[key])
        codes.append(places)
        sizes.append(len(words))
        joined[key] = words
    codes.append(np.concatenate([f["counted"].to_numpy() for f in (first, second)]).astype(np.int64))
    late = np.repeat([0.0, 1.0], [len(first), len(second)])
    values = [np.concatenate([f[v].to_numpy(np.float64) for f in (first, second)]) for v in VALUES]
    keys, sums = books.add_up_codes(
        codes, [*sizes, 2], [part for v in values for part in (v * (1 - late), v * late)]
    )
    data: dict[str, object] = {
        key: books.code_words(code, joined[key])  # type: ignore[arg-type]
        for key, code in zip(KEYS[:2], keys[:2], strict=True)
    }
    names = [f"{v}{n}" for v in VALUES for n in (0, 1)]
    return pd.DataFrame(data | {"counted": keys[2] > 0} | dict(zip(names, sums, strict=True)))


def _add_coefficients(table: pd.DataFrame) -> pd.DataFrame:
    """Return the items with the coefficients of before; of what was not sold before, those of after."""
    column = {name: table[name].to_numpy(np.float64) for name in table if str(name)[-1] in "01"}
    priced = [(column[f"quantity{n}"] > 0) & (column[f"gross_revenue{n}"] > 0) for n in (0, 1)]
    absent = [
        (column[f"quantity{n}"] == 0) & (column[f"gross_revenue{n}"] == 0) & (column[f"cogs{n}"] == 0)
        for n in (0, 1)
    ]
    split = table["counted"].to_numpy() & (priced[0] | absent[0]) & (priced[1] | absent[1])
    split &= ~_is_counted_on_one_side(table)
    # What has no price is measured in its revenue: then its price is 1 and never changes.
    bases = [np.where(split, column[f"quantity{n}"], column[f"gross_revenue{n}"]) for n in (0, 1)]
    from_before = np.where(split, priced[0], bases[0] > 0)
    from_after = ~from_before & np.where(split, priced[1], bases[1] > 0)
    found = table.assign(split=split, base0=bases[0], base1=bases[1])
    for name, value in (
        ("price", "gross_revenue"),
        ("discount", "discount"),
        ("returns", "returns"),
        ("cogs", "cogs"),
    ):
        sums = np.where(from_before, column[f"{value}0"], column[f"{value}1"])
        over = np.where(from_before, bases[0], bases[1])
        known = from_before | from_after
        found[name] = np.where(known, sums / np.where(known, over, 1.0), 0.0)
    found["price"] = np.where(split, found["price"], 1.0)
    found["cogs"] = np.where(split, found["cogs"], 0.0)
    found["margin"] = found["price"] - found["discount"] - found["returns"] - found["cogs"]
    return found


def _is_counted_on_one_side(table: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Return whether an item is of a customer whose sales have quantities on one side and none at all on the other.

    What was counted has then not gone, and what is not counted has not come: it is the same that nobody counts, so that
    volume and price cannot be told apart.
    """
    who, counted = table["customer"].cat.codes.to_numpy().astype(np.int64), table["counted"].to_numpy()
    count = len(table["customer"].cat.categories)
    sold = [np.abs(table[f"gross_revenue{n}"].to_numpy()) > 0 for n in (0, 1)]
    kinds = [
        [np.bincount(who, weights=some & kind, minlength=count) > 0 for kind in (counted, ~counted)]
        for some in sold
    ]
    (first, bare_first), (second, bare_second) = kinds
    one_side = (first & ~second & bare_second) | (second & ~first & bare_first)
    return np.asarray(one_side[who])


def find_average_margins(
    table: pd.DataFrame, codes: npt.NDArray[np.int64], count: int
) -> tuple[Floats, Floats, Floats]:
    """Return, for each of ``count`` groups of items, the average margin of before, and the units of both sides.

    Only items with prices count. The margin is blank where nothing was sold before.
    """
    split = table["split"].to_numpy()
    group, before, after = codes[split], table["base0"].to_numpy()[split], table["base1"].to_numpy()[split]
    units = [np.bincount(group, weights=w, minlength=count).astype(np.float64) for w in (before, after)]
    worth = np.bincount(group, weights=before * table["margin"].to_numpy()[split], minlength=count)
    margin = np.where(units[0] > 0, worth / np.where(units[0] > 0, units[0], 1.0), np.nan)
    return margin, units[0], units[1]


def split_sales(
    rows: pd.DataFrame, coefficients: pd.DataFrame, average: Floats, sign: float
) -> dict[Effect, Floats]:
    """Return what each row adds to the effects of sales; the sums of both sides' rows are the effects.

    Args:
        rows: rows of sales, or their sums: the columns :data:`VALUES`.
        coefficients: ``split``, ``price``, ``discount``, ``returns``, ``cogs`` and ``margin`` of each row's item.
        average: the average margin of before of each row's customer; blank where it sold nothing then.
        sign: 1 for rows of after, −1 for those of before.
    """
    split = coefficients["split"].to_numpy()
    value = {name: rows[name].to_numpy(np.float64) * sign for name in VALUES}
    factor = {
        name: coefficients[name].to_numpy() for name in ("price", "discount", "returns", "cogs", "margin")
    }
    base = np.where(split, value["quantity"], value["gross_revenue"])
    moved = base * factor["margin"]
    volume = base * np.where(np.isnan(average), factor["margin"], average)
    none = np.zeros(len(rows))
    unit_cost = base * factor["cogs"] - value["cogs"]
    return {
        Effect.PRICE: np.where(split, value["gross_revenue"] - base * factor["price"], none),
        Effect.VOLUME: np.where(split, volume, none),
        Effect.MIX: np.where(split, moved - volume, none),
        Effect.DISCOUNTS: base * factor["discount"] - value["discount"],
        Effect.RETURNS: base * factor["returns"] - value["returns"],
        Effect.UNIT_COST: np.where(split, unit_cost, none),
        Effect.OTHER: np.where(split, none, moved + unit_cost),
    }
