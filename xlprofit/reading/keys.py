"""Keys: rows that are there twice, alike or contradicting each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import pandas as pd

from xlprofit.findings import Finding, phrase
from xlprofit.messages import _, day, join_messages
from xlprofit.reading import cells
from xlprofit.reading.faults import (
    InputSheet,
    Mask,
    Places,
    Trouble,
    build_counted_fault,
    build_fault_by_row,
    exclude_faulty_rows,
    quote_value,
)

Codes = Callable[[Places], Places]
"""Gives, for some positions of a column, a number for each different content."""

MOST_NUMBERS = 16
"""Sets of rows bear numbers up to so many times the rows: past it they are numbered anew, without gaps."""


def exclude_repeated_keys(sheet: InputSheet) -> tuple[InputSheet, list[Finding]]:
    """Return the sheet with one row for each key, and a finding for each row left out.

    Of rows that contradict each other the one whose content sorts first is kept, so that the choice
    does not depend on the order of the rows.
    """
    key = sheet.place.table.key
    columns = [c for c in sheet.frame.columns if c != "row"]
    at, group = find_equal_rows([_encode_typed_column(sheet.frame[c]) for c in key], len(sheet))
    if not len(at):
        return sheet, []
    # Names with a blank in front cannot be those of a driver.
    marks = {" at": at, " group": group, " content": _number_contents(sheet.frame.iloc[at][columns])}
    some = sheet.frame.iloc[at].assign(**marks)
    some = some.sort_values([" group", *columns, "row"], kind="stable")
    kept = some.drop_duplicates(" group").set_index(" group")
    extra = some[some.duplicated(" group").to_numpy()].set_index(" at").sort_index()
    row = kept["row"].loc[extra[" group"]].to_numpy()
    same = kept[" content"].loc[extra[" group"]].to_numpy() == extra[" content"].to_numpy()
    places = extra.index.to_numpy()
    kept_row = dict(zip(places.tolist(), row.tolist(), strict=True))

    def tell_repeated(position: int) -> Trouble:
        return Trouble("K01", phrase("K01", "row_says_same", row=str(kept_row[position])))

    def tell_contrary(position: int) -> Trouble:
        name = _describe_key(sheet, position)
        what = phrase(
            "K02",
            "also_row_says",
            name=name,
            row=str(kept_row[position]),
        )
        return Trouble("K02", what)

    faults = [
        build_fault_by_row("K01", key[0], _build_mask(places[same], len(sheet)), tell_repeated),
        build_fault_by_row("K02", key[0], _build_mask(places[~same], len(sheet)), tell_contrary),
    ]
    return exclude_faulty_rows(sheet, faults)


def check_repeated_rows(sheet: InputSheet) -> list[Finding]:
    """Return the warning of rows that are exactly alike, in columns of the user's own too."""
    if not len(sheet) or sheet.place.lines is not None:
        return []  # rows that were summed are alike no more
    places = sheet.frame["row"].to_numpy() - sheet.first_row
    known = {at - sheet.first_column for at in sheet.place.cells.values()}
    own = [j for j in range(sheet.body.shape[1]) if j not in known]
    columns = [_encode_typed_column(sheet.frame[c]) for c in sheet.frame.columns if c != "row"]
    columns += [_encode_raw_column(sheet.body.iloc[:, j], places) for j in own]
    at, group = find_equal_rows(columns, len(sheet))
    first = np.zeros(len(at), dtype=bool)
    first[np.unique(group, return_index=True)[1]] = True
    again = at[~first]
    if not len(again):
        return []
    what = phrase(
        "K03",
        "rows_same_earlier",
        n=len(again),
    )
    column = min(sheet.place.cells, key=lambda c: sheet.place.cells[c])
    return exclude_faulty_rows(
        sheet, [build_counted_fault("K03", column, _build_mask(again, len(sheet)), what)]
    )[1]


def find_equal_rows(columns: Iterable[Codes], size: int) -> tuple[Places, Places]:
    """Return the positions of rows that some other row equals in all columns, and a number for each set."""
    at = np.arange(size, dtype=np.int64)
    group = np.zeros(size, dtype=np.int64)
    for codes in columns:
        if not len(at):
            break
        code = codes(at)
        group = group * (code.max() + 1) + code
        if group.max() > MOST_NUMBERS * len(group):
            group = pd.factorize(group)[0].astype(np.int64)
        several = np.bincount(group)[group] > 1
        at, group = at[several], group[several]
    return at, group


def _encode_typed_column(column: pd.Series) -> Codes:
    def codes(at: Places) -> Places:
        if isinstance(column.dtype, pd.CategoricalDtype):
            return column.cat.codes.to_numpy()[at].astype(np.int64) + 1
        return pd.factorize(column.to_numpy()[at])[0].astype(np.int64) + 1

    return codes


def _encode_raw_column(column: pd.Series, places: Places) -> Codes:
    def codes(at: Places) -> Places:
        found = np.zeros(len(at), dtype=np.int64)
        for part in cells.split_column_cells(column.iloc[places[at]]):
            found[part.at] = found.max() + 1 + part.distinct()[0]
        return found

    return codes


def _number_contents(frame: pd.DataFrame) -> Places:
    """Return a number for each different content of rows."""
    group = np.zeros(len(frame), dtype=np.int64)
    for column in frame.columns:
        code = _encode_typed_column(frame[column])(np.arange(len(frame)))
        group = pd.factorize(group * (code.max() + 1) + code)[0].astype(np.int64)
    return group


def _build_mask(places: Places, size: int) -> Mask:
    mask = np.zeros(size, dtype=bool)
    mask[places] = True
    return mask


def _describe_key(sheet: InputSheet, position: int) -> str:
    row = sheet.frame.iloc[position]
    values = [row[column] for column in sheet.place.table.key]
    return join_messages(
        _(" and "),
        (
            day(v) if isinstance(v, pd.Timestamp) else quote_value(v)
            for v in values
            if v != "" and not pd.isna(v)
        ),
    )
