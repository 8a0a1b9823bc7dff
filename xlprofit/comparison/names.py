"""Names of two runs brought together: what is spelt alike, or differs only as names may, is the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import numpy as np
import pandas as pd

from xlprofit.folding import fold_customer, fold_name


def match_names(
    before: Iterable[str], after: Iterable[str], fold: Callable[[str], str] = fold_name
) -> dict[str, str]:
    """Return how each name of *before* is spelt in *after*; a name that is not there stands for itself.

    Only names that are not spelt alike are folded.
    """
    known = dict.fromkeys(after)
    others = [name for name in before if name not in known]
    if not others:
        return {}
    folded = {fold(name): name for name in reversed(list(known))}
    return {name: folded.get(fold(name), name) for name in others}


def match_customers(before: Iterable[str], after: Iterable[str]) -> dict[str, str]:
    """Return how each customer of *before* is spelt in *after*, where it is not spelt alike."""
    return match_names(before, after, fold_customer)


def rename_words(column: pd.Series, spelt: Mapping[str, str]) -> pd.Categorical:
    """Return a column of words with those that are spelt otherwise replaced, worked out on the distinct words."""
    words = pd.Categorical(column)
    if not spelt:
        return words
    names = [spelt.get(str(name), str(name)) for name in words.categories]
    places, distinct = pd.factorize(pd.Index(names, dtype=object))
    codes = np.append(places, -1)[words.codes]
    return pd.Categorical.from_codes(codes, pd.Index(distinct, dtype=object))
