"""Laws of names: however customers are written and whatever totals stand among them, nothing changes in silence."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import xlprofit
from xlprofit.folding import fold_customer
from xlprofit.results import Results

RANDOM = settings.get_profile("laws")
NUMBERS = ["101", "4711", "90210", "7"]
NAMES = ["O'Hara & Sons", "Coca-Cola Oy", "Tea House 12", "M\u00fcller GmbH"]

CHANGES = {
    "'": "\u2018\u2019\u02bc`\u00b4",
    "-": "\u2010\u2011\u2012\u2013\u2212",
    " ": "\u00a0\u2007\u202f",
}


def random_sales(rng: np.random.Generator, names: list[str]) -> pd.DataFrame:
    count = int(rng.integers(len(names) * 2, 40))
    gross = rng.integers(1, 10_000_000, count) / 100
    who = [*names, *rng.choice(names, count - len(names))]
    days = pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 91, count), unit="D")
    return pd.DataFrame(
        {"date": days, "customer": who, "gross_revenue": gross, "cogs": (gross * 0.6).round(2)}
    ).astype({"customer": object})


def rewrite(name: str, rng: np.random.Generator) -> object:
    """Return a name as another program may write it."""
    if name.isdigit():
        return rng.choice(
            np.array([name.zfill(10), name.zfill(6), f"{name}.0", f" {name}", name], dtype=object)
        )
    letters = [rng.choice(list(CHANGES.get(c, c))) if rng.random() < 0.5 else c for c in name]
    if rng.random() < 0.3:
        letters.insert(
            int(rng.integers(1, len(letters))), str(rng.choice(list("\u200b\u200c\u200d\ufeff\u00ad")))
        )
    if rng.random() < 0.3:
        letters = [chr(ord(c) + 0xFEE0) if "!" < c <= "~" else c for c in letters]
    written = "".join(letters)
    return written.upper() if rng.random() < 0.3 else written


def by_key(results: Results) -> dict[str, float]:
    return {fold_customer(str(name)): float(profit) for name, profit in results.customers["profit"].items()}


def aloud(results: Results) -> set[str]:
    return {f.code for f in results.findings if f.severity != "note"}


@RANDOM
@given(st.integers(0, 2**32 - 1))
def test_however_customers_are_written_they_are_the_same(seed: int) -> None:
    rng = np.random.default_rng(seed)
    sales = random_sales(rng, [*NUMBERS, *NAMES])
    right = by_key(xlprofit.analyze({"Sales": sales}))
    written = [rewrite(name, rng) for name in sales["customer"]]
    results = xlprofit.analyze({"Sales": sales.assign(customer=pd.Series(written, dtype=object))})
    assert by_key(results) == pytest.approx(right)
    assert ("N01" in aloud(results)) == (len({str(w).strip() for w in written}) > len(right))


def with_totals(sales: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return sales with totals among them, by name or without a customer, in any order."""
    amounts = ["gross_revenue", "cogs"]
    last = sales["date"].max()
    found = []
    named = rng.random() < 0.5
    if rng.random() < 0.6:
        for name, of in sales.groupby("customer")[amounts].sum().round(2).iterrows():
            found.append({"date": last, "customer": f"{name} total" if named else None} | of.to_dict())
    if rng.random() < 0.6:
        for month, of in sales.groupby(sales["date"].dt.to_period("M"))[amounts].sum().round(2).iterrows():
            day = sales["date"][sales["date"].dt.to_period("M") == month].max()
            found.append({"date": day, "customer": f"{month} total" if named else None} | of.to_dict())
    total = sales[amounts].sum().round(2).to_dict()
    found.append({"date": last, "customer": "Grand total" if named else None} | total)
    both = pd.concat([sales, pd.DataFrame(found)], ignore_index=True)
    return both.sample(frac=1.0, random_state=int(rng.integers(2**31)))


@RANDOM
@given(st.integers(0, 2**32 - 1))
def test_totals_among_the_rows_change_no_figure_in_silence(seed: int) -> None:
    rng = np.random.default_rng(seed)
    sales = random_sales(rng, [*NUMBERS, *NAMES])
    right = xlprofit.analyze({"Sales": sales})
    results = xlprofit.analyze({"Sales": with_totals(sales, rng)})
    assert by_key(results) == pytest.approx(by_key(right))
    same = results.company["total"].to_numpy() == pytest.approx(right.company["total"].to_numpy())
    assert aloud(results) & ({"K04", "K05"} if same else {"K06", "M06"})


@RANDOM
@given(st.integers(0, 2**32 - 1))
def test_what_aliases_join_is_what_one_name_would_be(seed: int) -> None:
    rng = np.random.default_rng(seed)
    sales = random_sales(rng, [*NUMBERS, *NAMES])
    owner = {name: str(rng.choice(NAMES[:2])) for name in NUMBERS}
    pairs = pd.DataFrame({"id": list(owner), "customer": list(owner.values())})
    joined = sales.assign(customer=sales["customer"].map(lambda name: owner.get(name, name)))
    results = xlprofit.analyze({"Sales": sales, "Aliases": pairs})
    assert by_key(results) == pytest.approx(by_key(xlprofit.analyze({"Sales": joined})))
