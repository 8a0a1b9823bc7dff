"""Names: customers, activities and other keys spelt alike over all tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit.findings import Finding, phrase
from xlprofit.folding import fold_customer, fold_name
from xlprofit.headings import word_meant
from xlprofit.reading.aliases import Joins
from xlprofit.reading.faults import Fault, Mask, Places, Trouble, quote_value, report_faults
from xlprofit.reading.rows import Draft
from xlprofit.tables import TABLES, header_key
from xlprofit.vocabulary.groups import GROUPS
from xlprofit.vocabulary.levels import UNSPREAD_LEVELS

DEFINED_IN = {
    column.name_kind: table.name for table in TABLES.values() for column in table.columns if column.defines
}
"""The table whose spelling of a kind of name is the right one."""

USUAL = {"group": (*GROUPS, "cogs", *UNSPREAD_LEVELS)}
"""Words of a kind that are spelt as the design spells them, however they are written."""


@dataclass(frozen=True)
class Name:
    """One column of names in one table: how each is written, clean, and how often."""

    draft: Draft
    column: str

    @property
    def written(self) -> list[str]:
        """The names as they stand in the cells."""
        return self.draft.readings[self.column].written

    @property
    def clean(self) -> list[str]:
        """The same names, cleaned of outer and double blanks."""
        return self.draft.readings[self.column].words

    @property
    def codes(self) -> Places:
        """For each row which of the names it has, −1 for none."""
        return self.draft.readings[self.column].codes.astype(np.int64)


Categoricals = dict[str, dict[str, pd.Categorical]]
"""Table → column → the column's names in all rows of the draft, spelt alike over all tables."""

Named = dict[str, frozenset[str]]
"""Kind of name → the names that the table which defines the kind has."""


def unify_names(drafts: Mapping[str, Draft], joins: Joins) -> tuple[Categoricals, list[Finding]]:
    """Return all columns of names, spelt alike over all tables, and the spellings that were changed.

    Names are matched by :func:`fold_name_of_kind`; a customer's other names are read as its own, as ``joins`` says.
    The right spelling is that of the table which defines the kind; without one the most frequent over all
    tables, and of equally frequent ones the first in alphabetical order. All columns of one kind share one
    list of categories, ``""`` first.
    """
    categoricals: Categoricals = {table: {} for table in drafts}
    findings: list[Finding] = []
    for kind, columns in _group_name_columns(drafts).items():
        of_kind = joins if kind == "customer" else {}
        spelling = _choose_spellings(kind, columns, of_kind)
        categories = pd.Index(sorted({*spelling.values(), ""}), dtype="str")
        unsaid = any(TABLES[n.draft.raw.name].column(n.column).unsaid for n in columns)
        for name in columns:
            keys = [fold_name_of_kind(kind, clean) for clean in name.clean]
            right = _spell_names(name, keys, spelling, of_kind)
            codes = categories.get_indexer(pd.Index([*right, ""], dtype="str"))[name.codes]
            spelt = pd.Categorical.from_codes(codes, categories=categories)
            categoricals[name.draft.raw.name][name.column] = spelt
            if not unsaid:
                other = np.array([*(key in of_kind for key in keys), False], dtype=bool)
                findings += _report_respelt_names(name, kind, right, other)
                findings += _report_joined_names(name, other)
    return categoricals, findings


def _spell_names(name: Name, keys: Sequence[str], spelling: Mapping[str, str], joins: Joins) -> list[str]:
    """Return the right spelling of each name of a column, whose keys are given; nothing for a blank."""
    pairs = zip(name.clean, keys, strict=True)
    return [spelling[joins.get(key, key)] if clean else "" for clean, key in pairs]


def _group_name_columns(drafts: Mapping[str, Draft]) -> dict[str, list[Name]]:
    """Return the columns of each kind of name, in the order of the tables."""
    found: dict[str, list[Name]] = {}
    for table in (name for name in TABLES if name in drafts):
        for column in TABLES[table].columns:
            if column.kind in ("customer", "name") and column.name in drafts[table].readings:
                found.setdefault(column.name_kind, []).append(Name(drafts[table], column.name))
    return found


def fold_name_of_kind(kind: str, clean: str) -> str:
    """Return the form in which clean names of a kind are compared."""
    if kind == "group":
        clean = word_meant(clean, USUAL["group"]) or clean
    if kind == "customer":
        return fold_customer(clean)
    return header_key(clean) if kind == "driver" else fold_name(clean)


def _choose_spellings(kind: str, columns: list[Name], joins: Joins) -> dict[str, str]:
    """Return the right spelling of each name, by its key; of several names of one customer, its own."""
    counts: dict[str, float] = {}
    defining: set[str] = set()
    for name in columns:
        lines = name.draft.place.lines_of(name.draft.rows)
        if name.draft.raw.name == "Aliases":  # a row there is about a customer and no mention of it
            lines = np.zeros_like(lines)
        of_column = np.bincount(name.codes + 1, weights=lines, minlength=len(name.clean) + 1)[1:].tolist()
        for clean, count in zip(name.clean, of_column, strict=True):
            counts[clean] = counts.get(clean, 0) + count
        if name.draft.raw.name == DEFINED_IN.get(kind) and name.column == kind:
            defining.update(name.clean)
    counts.pop("", None)
    # The worst spelling comes first, so that the best one is what is left in the end.
    ranked = sorted(counts, reverse=True)
    keys = {clean: fold_name_of_kind(kind, clean) for clean in ranked}
    ranked.sort(key=lambda clean: (keys[clean] not in joins, clean in defining, counts[clean]))
    spelling = {joins.get(keys[clean], keys[clean]): clean for clean in ranked}
    return spelling | {
        fold_name_of_kind(kind, w): w for w in USUAL.get(kind, ()) if fold_name_of_kind(kind, w) in spelling
    }


def _report_joined_names(name: Name, other: Mask) -> list[Finding]:
    """Return the note on the cells of a column that have another name of their customer."""
    at = np.flatnonzero(other[name.codes])
    if not len(at) or name.draft.raw.name == "Aliases":
        return []
    what = phrase(
        "N02",
        "cells_another_name",
        n=int(name.draft.place.lines_of(name.draft.rows[at]).sum()),
    )
    trouble = Trouble("N02", what)
    fault = Fault("N02", name.column, at, lambda which: trouble, counted=True)
    return report_faults(name.draft.place, name.draft.rows, [fault])


def _report_respelt_names(name: Name, kind: str, right: list[str], other: Mask) -> list[Finding]:
    """Return a finding for each spelling in a column that was changed, but for those of ``other`` names."""
    usual = {fold_name(word) for word in USUAL.get(kind, ())}
    changed = np.array(
        [
            _is_respelt(was, now) and fold_name(now) not in usual
            for was, now in zip(name.written, right, strict=True)
        ]
        + [False],
        dtype=bool,
    )
    at = np.flatnonzero((changed & ~other)[name.codes])
    if not len(at):
        return []

    def tell(which: int) -> Trouble:
        fix = phrase("N01", "write_everywhere_give", name=right[which])
        what = phrase("N01", "read", written=quote_value(name.written[which]), name=quote_value(right[which]))
        return Trouble("N01", what, fix)

    fault = Fault("N01", name.column, at, tell, name.codes[at])
    return report_faults(name.draft.place, name.draft.rows, [fault])


def _is_respelt(written: str, right: str) -> bool:
    """Whether a name as written is not its right spelling (a missing cell is no name at all)."""
    return bool(right) and written != right


def prune_categories(frames: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return the frames with the categories of each kind that some table still has, ``""`` first."""
    kinds: dict[str, list[tuple[str, str]]] = {}
    for table in frames:
        for column in TABLES[table].columns:
            if column.kind in ("customer", "name"):
                kinds.setdefault(column.name_kind, []).append((table, column.name))
    new: dict[str, dict[str, pd.Categorical]] = {table: {} for table in frames}
    for kind, columns in kinds.items():
        categories = _list_shared_categories(frames, kind, columns)
        for table, name in columns:
            new[table][name] = _recode_column(_take_words(frames[table], name), categories)
    return {table: _replace_columns(frame, new[table]) for table, frame in frames.items()}


def _list_shared_categories(
    frames: Mapping[str, pd.DataFrame], kind: str, columns: list[tuple[str, str]]
) -> pd.CategoricalDtype:
    """Return the names that any of the columns of a kind has; ``""`` too where several share them."""
    present = {
        word for table, name in columns for word in _list_present_words(_take_words(frames[table], name))
    }
    shared = len(columns) > 1 or kind in DEFINED_IN
    return pd.CategoricalDtype(pd.Index(sorted(present | {""} if shared else present), dtype="str"))


def _take_words(frame: pd.DataFrame, name: str) -> pd.Categorical:
    """Return what a column of names holds, without the cost of going through ``.cat``."""
    held = frame[name].array
    assert isinstance(held, pd.Categorical)
    return held


def _list_present_words(column: pd.Categorical) -> npt.NDArray[np.object_]:
    if not len(column):
        return np.zeros(0, dtype=object)
    words = np.asarray(column.categories, dtype=object)
    codes = column.codes.astype(np.int64)
    return words[np.bincount(codes + 1, minlength=len(words) + 1)[1:] > 0]


def _recode_column(column: pd.Categorical, kind: pd.CategoricalDtype) -> pd.Categorical:
    if not len(column):
        return pd.Categorical.from_codes(np.zeros(0, dtype=np.int64), dtype=kind)
    places = kind.categories.get_indexer(column.categories)
    return pd.Categorical.from_codes(places[column.codes], dtype=kind)


def _replace_columns(frame: pd.DataFrame, new: Mapping[str, pd.Categorical]) -> pd.DataFrame:
    """Return the frame with these columns in the place of its own."""
    return frame.assign(**new) if new else frame


def list_defined_names(categoricals: Categoricals) -> Named:
    """Return the names of each kind that its defining table has, in rows that cannot be used too."""
    found: Named = {}
    for kind, table in DEFINED_IN.items():
        categorical = categoricals.get(table, {}).get(kind)
        present = frozenset[str]() if categorical is None else frozenset(_list_present_words(categorical))
        found[kind] = present - {""}
    return found
