"""Activities: the change of what they cost split into how often they were done, the time each took, and its price.

Source: Kaplan and Anderson, *Time-Driven Activity-Based Costing*, 2007: *cost = driver × rate of the equation ×
capacity cost rate*, so that its change is *(driver₁ − driver₀) × equation₀ × rate₀*, then the change of the equation at
the drivers of after, then that of the rate at both of after.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit import ledger as books
from xlprofit.comparison.names import match_names, rename_words
from xlprofit.comparison.side import Side
from xlprofit.vocabulary.effects import Effect

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]


def name_terms(before: pd.DataFrame, after: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the terms of both sides' time equations, with ``key`` and ``basis``.

    Terms of one key are the same: the same activity and driver and, where either side has several such terms, the
    same resource. ``basis`` says what prices a unit; where it differs, rates a unit cannot be compared.
    """
    sides = []
    several = {
        pair
        for terms in (before, after)
        for pair, count in terms.groupby(["activity", "driver"], observed=True).size().items()
        if count > 1
    }
    for terms in (before, after):
        basis = terms["resource"].astype(str).where(terms["unit_cost"].isna(), "=")
        keys, seen = [], dict[tuple[str, ...], int]()
        for activity, driver, priced in zip(
            terms["activity"].astype(str), terms["driver"].astype(str), basis, strict=True
        ):
            key = (activity, driver, priced if (activity, driver) in several else "")
            seen[key] = seen.get(key, 0) + 1
            keys.append("\n".join((*key, str(seen[key]))))
        sides.append(terms.assign(key=keys, basis=basis))
    return sides[0], sides[1]


def fold_terms(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Return the terms of before with activities, drivers and resources spelt as after, where they are the same."""
    found = before
    for column in ("activity", "driver", "resource"):
        spelt = match_names(sorted(set(before[column].astype(str))), sorted(set(after[column].astype(str))))
        found = found.assign(**{column: pd.Series(rename_words(before[column], spelt), index=before.index)})
    return found


def list_charges(side: Side, terms: pd.DataFrame, spelt: dict[str, str]) -> pd.DataFrame:
    """Return what activities were charged to customers on a side, a row of the ledger each.

    Columns ``customer``, ``key`` (of the term), ``amount`` (negative) and ``units``.
    """
    rows = side.spread[(side.spread["source_table"] == "Activities").to_numpy()]
    place = pd.Index(terms["row"].to_numpy(np.int64)).get_indexer(pd.Index(rows["source_row"].to_numpy()))
    keys = pd.Categorical(terms["key"].to_numpy(dtype=object))
    return pd.DataFrame(
        {
            "customer": rename_words(rows["customer"], spelt),
            "key": books.code_words(np.asarray(keys.codes)[place].astype(np.int64), keys.categories),
            "amount": rows["amount"].to_numpy(),
            "units": rows["units"].to_numpy(),
        }
    )


def pair_charges(
    before: Side, after: Side, sides: tuple[pd.DataFrame, pd.DataFrame], spelt: dict[str, str]
) -> pd.DataFrame:
    """Return what each customer was charged for each term on both sides, and what the effects are computed with.

    Columns ``customer``, ``key``, ``amount0``, ``units0``, ``amount1``, ``units1``; ``time0`` and ``time1``, units for
    a unit of the driver; ``rate``, money for a unit of before, negative; ``comparable``, whether both sides price the
    term by the same resource.

    Args:
        before: the side before.
        after: the side after.
        sides: the terms of both (:func:`name_terms`).
        spelt: how the customers of before are spelt after, where that differs.
    """
    charges = [list_charges(before, sides[0], spelt), list_charges(after, sides[1], {})]
    joined, codes = _join_charges(charges)
    terms = pd.DataFrame({"key": joined["key"].astype(str).to_numpy()})
    known = [t.drop_duplicates("key").set_index("key") for t in sides]
    times = [t["rate"].reindex(terms["key"]).to_numpy(np.float64) for t in known]
    basis = [t["basis"].reindex(terms["key"]).fillna("").to_numpy(dtype=object) for t in known]
    time0 = np.where(np.isnan(times[0]), times[1], times[0])
    time1 = np.where(np.isnan(times[1]), times[0], times[1])
    there = ~np.isnan(times[0]) & ~np.isnan(times[1])
    return joined.assign(
        time0=time0,
        time1=time1,
        rate=_find_unit_prices(joined, charges, codes),
        comparable=(basis[0] == basis[1]) | ~there,
    )


def _join_charges(charges: list[pd.DataFrame]) -> tuple[pd.DataFrame, list[pd.Index]]:
    """Return the charges of both sides added up by customer and term, side by side; and the words of both keys."""
    words = [
        pd.Index(sorted({str(w) for c in charges for w in c[key].cat.categories}), dtype=object)
        for key in ("customer", "key")
    ]
    codes = [
        np.concatenate([w.get_indexer(pd.Index(c[key].cat.categories))[c[key].cat.codes] for c in charges])
        for key, w in zip(("customer", "key"), words, strict=True)
    ]
    late = np.repeat([0.0, 1.0], [len(c) for c in charges])
    values = [np.concatenate([c[v].to_numpy() for c in charges]) for v in ("amount", "units")]
    keys, sums = books.add_up_codes(
        [c.astype(np.int64) for c in codes],
        [len(w) for w in words],
        [part for v in values for part in (v * (1 - late), v * late)],
    )
    data: dict[str, object] = {
        key: books.code_words(code, w) for key, code, w in zip(("customer", "key"), keys, words, strict=True)
    }
    names = ("amount0", "amount1", "units0", "units1")
    return pd.DataFrame(data | dict(zip(names, sums, strict=True))), words


def _find_unit_prices(joined: pd.DataFrame, charges: list[pd.DataFrame], words: list[pd.Index]) -> Floats:
    """Return the money for a unit of before, negative, of each customer and term.

    It is the customer's own average within the rates of the periods, else that of all customers, else of after.
    """
    term = joined["key"].cat.codes.to_numpy()
    rates = np.full(len(joined), np.nan)
    for n, charge in ((0, charges[0]), (1, charges[1])):
        low, high, average = _find_term_rates(charge, words[1])
        units, amount = joined[f"units{n}"].to_numpy(), joined[f"amount{n}"].to_numpy()
        some = np.abs(units) > 0
        own = np.clip(amount / np.where(some, units, 1.0), low[term], high[term])
        of_side = np.where(some, own, average[term]) if n == 0 else average[term]
        rates = np.where(np.isnan(rates), of_side, rates)
    return np.asarray(np.nan_to_num(rates))


def _find_term_rates(charges: pd.DataFrame, words: pd.Index) -> tuple[Floats, Floats, Floats]:
    """Return the lowest, the highest and the average money for a unit of each term on a side; blank where none."""
    places = words.get_indexer(pd.Index(charges["key"].cat.categories))
    term = places[charges["key"].cat.codes.to_numpy()] if len(charges) else np.zeros(0, dtype=np.int64)
    units, amounts = charges["units"].to_numpy(), charges["amount"].to_numpy()
    rate = amounts / np.where(np.abs(units) > 0, units, 1.0)
    low, high = np.full(len(words), np.inf), np.full(len(words), -np.inf)
    np.minimum.at(low, term, rate)
    np.maximum.at(high, term, rate)
    size = np.bincount(term, weights=np.abs(units), minlength=len(words))
    worth = np.bincount(term, weights=rate * np.abs(units), minlength=len(words))
    average = np.where(size > 0, worth / np.where(size > 0, size, 1.0), np.nan)
    return low, high, average


def split_charges(rows: pd.DataFrame, coefficients: pd.DataFrame, late: bool) -> dict[Effect, Floats]:
    """Return what each row adds to the effects of activities; the sums of both sides' rows are the effects.

    Args:
        rows: ``amount`` (negative) and ``units`` of rows of one side.
        coefficients: ``time0``, ``time1``, ``rate`` and ``comparable`` of each row's customer and term.
        late: whether they are rows of after.
    """
    time0, time1, rate = (coefficients[c].to_numpy() for c in ("time0", "time1", "rate"))
    amount, units = rows["amount"].to_numpy(np.float64), rows["units"].to_numpy(np.float64)
    sign, time = (1.0, time1) if late else (-1.0, time0)
    drivers = sign * units / np.where(np.abs(time) > 0, time, 1.0)
    volume, ended = drivers * time0 * rate, (time1 == 0) & (np.abs(time0) > 0)
    if (
        not late
    ):  # a term that takes no time after leaves no units to count the driver by: it was done all the same
        volume = np.where(ended, 0.0, volume)
    same = coefficients["comparable"].to_numpy()
    equation = drivers * (time1 - time0) * rate if late else np.where(ended, sign * amount, 0.0)
    efficiency = np.where(same, equation, sign * amount - volume)
    return {
        Effect.ACTIVITY_VOLUME: volume,
        Effect.EFFICIENCY: efficiency,
        Effect.CAPACITY_RATES: sign * amount - volume - efficiency,
    }
